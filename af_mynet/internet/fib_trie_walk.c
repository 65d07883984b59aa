// SPDX-License-Identifier: GPL-2.0
/*
 * Walking through a trie in the order of keys, for those who show it or go through all of it.
 *
 * State: none. Between two steps a walk needs no more than where it is: the trie may be changed
 * meanwhile.
 */
#include "internet/fib_trie_node.h"

/* For readers that may be writers. */
#define mn_deref_check(trie, p)	rcu_dereference_check(p, lockdep_is_held((trie)->lock))

/* The way down to an entry: the nodes above it and the slot to look at next in each. */
struct mn_trie_stack {
	unsigned int depth;
	struct {
		const struct mn_trie_node *node;
		u32 index;
	} step[33];
};

/* On to the next slot that has a key in it. Return: what it holds, NULL after the last. */
static void *mn_stack_next(const struct mn_fib_trie *trie, struct mn_trie_stack *stack)
{
	while (stack->depth) {
		const struct mn_trie_node *node = stack->step[stack->depth - 1].node;
		u32 i = stack->step[stack->depth - 1].index;
		void *entry;

		if (i == mn_node_size(node)) {
			stack->depth--;
			continue;
		}
		stack->step[stack->depth - 1].index++;
		entry = mn_deref_check(trie, node->slot[i]);
		if (mn_slot_real(node, i, entry))
			return entry;
	}
	return NULL;
}

/* Down into a node, to where keys of at least @key are. All of it may be before them. */
static void mn_stack_push(struct mn_trie_stack *stack, const struct mn_trie_node *node, u32 key)
{
	u32 index = 0;

	if (mn_key_agrees(key, node->key, mn_node_start(node)))
		index = mn_node_index(node, key);
	else if (key > node->key)
		return;
	stack->step[stack->depth].node = node;
	stack->step[stack->depth++].index = index;
}

/* The first node or leaf at or after (@key, @start); a leaf is behind all nodes of its key. */
static void *mn_entry_from(const struct mn_fib_trie *trie, u32 key, u8 start,
			   struct mn_trie_stack *stack)
{
	void *entry = mn_deref_check(trie, trie->root);

	stack->depth = 0;
	while (entry) {
		const struct mn_fib_leaf *leaf = entry;
		const struct mn_trie_node *node;

		if (!mn_is_node(entry)) {
			if (leaf->key > key || (leaf->key == key && start <= MN_FIB_LEAF_START))
				return entry;
		} else {
			node = mn_to_node(entry);
			if (node->key > key ||
			    (node->key == key && mn_node_start(node) >= start))
				return entry;
			mn_stack_push(stack, node, key);
		}
		entry = mn_stack_next(trie, stack);
	}
	return NULL;
}

/* The leaf with the lowest key of at least @key. */
static struct mn_fib_leaf *mn_leaf_from(const struct mn_fib_trie *trie, u32 key)
{
	struct mn_trie_stack stack;
	u8 start = MN_FIB_LEAF_START;
	void *entry = mn_entry_from(trie, key, start, &stack);

	/* A node whose first key lies behind: go on below it. */
	while (mn_is_node(entry)) {
		mn_stack_push(&stack, mn_to_node(entry), key);
		entry = mn_stack_next(trie, &stack);
	}
	return entry;
}

struct mn_fib_leaf *mn_fib_trie_find(const struct mn_fib_trie *trie, u32 key, u8 plen)
{
	struct mn_fib_leaf *leaf;
	void *entry = mn_deref_check(trie, trie->root);

	while (mn_is_node(entry)) {
		const struct mn_trie_node *node = mn_to_node(entry);

		entry = mn_deref_check(trie, node->slot[mn_node_index(node, key)]);
	}
	for (leaf = entry; leaf; leaf = mn_deref_check(trie, leaf->up))
		if (leaf->plen == plen && leaf->key == key)
			return leaf;
	return NULL;
}

/* Finds the shortest prefix of at least @plen bits among those that have the leaf's key. */
static struct mn_fib_leaf *mn_leaf_at_least(const struct mn_fib_trie *trie,
					    struct mn_fib_leaf *leaf, u8 plen)
{
	struct mn_fib_leaf *up, *found = NULL;

	for (up = leaf; up && up->key == leaf->key && up->plen >= plen;
	     up = mn_deref_check(trie, up->up))
		found = up;
	return found;
}

struct mn_fib_leaf *mn_fib_trie_next(const struct mn_fib_trie *trie, u32 key, u8 plen)
{
	struct mn_fib_leaf *leaf, *found;

	leaf = mn_leaf_from(trie, key);
	if (leaf && leaf->key == key) {
		found = mn_leaf_at_least(trie, leaf, plen);
		if (found || key == ~0U)
			return found;
		leaf = mn_leaf_from(trie, key + 1);
	}
	return leaf ? mn_leaf_at_least(trie, leaf, 0) : NULL;
}

bool mn_fib_trie_item(const struct mn_fib_trie *trie, u32 key, u8 start,
		      struct mn_fib_item *item)
{
	struct mn_trie_stack stack;
	void *entry = mn_entry_from(trie, key, start, &stack);
	const struct mn_trie_node *node;

	if (!entry)
		return false;
	*item = (struct mn_fib_item){ .depth = stack.depth, .start = MN_FIB_LEAF_START };
	if (!mn_is_node(entry)) {
		item->leaf = entry;
		item->key = item->leaf->key;
		return true;
	}
	node = mn_to_node(entry);
	item->key = node->key;
	item->start = mn_node_start(node);
	item->bits = node->bits;
	/*
	 * The numbers are those of a moment: a node that is being replaced counts other things
	 * there.
	 */
	item->full = min(READ_ONCE(node->full), mn_node_size(node));
	item->empty = mn_node_size(node) - min(READ_ONCE(node->used), mn_node_size(node));
	return true;
}

size_t mn_fib_trie_node_size(void)
{
	return sizeof(struct mn_trie_node);
}
