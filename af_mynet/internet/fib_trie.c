// SPDX-License-Identifier: GPL-2.0
/*
 * An LC-trie: path and level compressed (Nilsson and Karlsson, IP-address lookup using LC-tries,
 * 1999; their dynamic LC-trie grows and shrinks its nodes).
 *
 * State: struct mn_fib_trie and its nodes, changed under the owner's mutex, read under RCU.
 *
 * A node looks at @bits bits of an address and has a slot for each of their values. All keys
 * below it agree in the bits before ("start"), those it does not look at ("pos") follow. A slot
 * holds a node (lowest bit of the pointer set) or a leaf:
 *
 *  - a leaf whose key lies in the slot is really there: the longest prefix of that key. The
 *    shorter ones of the same key hang on its chain of containing prefixes.
 *  - if no key lies in the slot, it is filled with the longest prefix that contains all
 *    of it, or NULL.
 *
 * So a look-up walks down by the address's bits without a look at the keys, and whatever leaf
 * it ends at, all prefixes that contain the address are on that leaf's chain: no way back up.
 * It pays for every look-up what the writer does once: when a prefix comes or goes, the leaves,
 * slots and nodes directly below it are pointed to it or past it (mn_trie_repaint()).
 */
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "internet/fib_trie_node.h"

/*
 * A node is doubled if then at least GROW percent of its slots are in use and halved if
 * fewer than SHRINK percent are. The root, which every look-up meets, may be emptier.
 */
#define MN_TRIE_GROW		50
#define MN_TRIE_SHRINK		25
#define MN_TRIE_ROOT_GROW	30
#define MN_TRIE_ROOT_SHRINK	15
#define MN_TRIE_MAX_BITS	20
/* How often one change may double a node on its way. */
#define MN_TRIE_STEPS		8

/* The nodes from the root towards a key, and the slot taken in each. */
struct mn_trie_path {
	unsigned int depth;
	struct {
		struct mn_trie_node *node;
		u32 index;
	} step[32];
};

static void *mn_node_entry(struct mn_trie_node *node)
{
	return (void *)((unsigned long)node + 1);
}

static size_t mn_node_bytes(u8 bits)
{
	return sizeof(struct mn_trie_node) + (sizeof(void *) << bits);
}

static void *mn_deref(const struct mn_fib_trie *trie, void __rcu * const *slot)
{
	return rcu_dereference_protected(*slot, lockdep_is_held(trie->lock));
}

static struct mn_fib_leaf *mn_trie_parent(const struct mn_fib_trie *trie,
					  const struct mn_fib_leaf *leaf)
{
	return rcu_dereference_protected(leaf->up, lockdep_is_held(trie->lock));
}

static bool mn_slot_full(const struct mn_trie_node *node, void *entry)
{
	const struct mn_trie_node *child;

	if (!mn_is_node(entry))
		return false;
	child = mn_to_node(entry);
	return child->pos + child->bits == node->pos;
}

/*
 * From what a slot holds: the longest prefix of at most @len bits that contains it. That @len
 * does not reach beyond the slot is the caller's promise.
 */
static struct mn_fib_leaf *mn_entry_cover(const struct mn_fib_trie *trie, void *entry, u8 len)
{
	struct mn_fib_leaf *leaf = mn_is_node(entry) ? mn_to_node(entry)->cover : entry;

	while (leaf && leaf->plen > len)
		leaf = mn_trie_parent(trie, leaf);
	return leaf;
}

/* --- nodes: born, counted, freed ---------------------------------------------------------- */

static struct mn_trie_node *mn_node_alloc(struct mn_fib_trie *trie, u32 key, u8 start, u8 bits)
{
	struct mn_trie_node *node = kvzalloc(mn_node_bytes(bits), GFP_KERNEL_ACCOUNT);

	if (!node)
		return NULL;
	node->key = key & mn_fib_mask(start);
	node->bits = bits;
	node->pos = 32 - start - bits;
	node->fresh = 1;
	trie->nodes++;
	trie->bytes += mn_node_bytes(bits);
	return node;
}

static void mn_node_uncount(struct mn_fib_trie *trie, const struct mn_trie_node *node)
{
	trie->nodes--;
	trie->bytes -= mn_node_bytes(node->bits);
}

static void mn_node_free_rcu(struct mn_fib_trie *trie, struct mn_trie_node *node)
{
	mn_node_uncount(trie, node);
	kvfree_rcu(node, rcu);
}

/* A node that was never published; its fresh children go with it. */
static void mn_node_discard(struct mn_fib_trie *trie, struct mn_trie_node *node)
{
	u32 i;

	for (i = 0; i < mn_node_size(node); i++) {
		void *entry = mn_deref(trie, &node->slot[i]);

		if (mn_is_node(entry) && mn_to_node(entry)->fresh)
			mn_node_discard(trie, mn_to_node(entry));
	}
	mn_node_uncount(trie, node);
	kvfree(node);
}

/* After its slots were filled: counts them. */
static void mn_node_count(struct mn_fib_trie *trie, struct mn_trie_node *node)
{
	u32 i;

	node->used = 0;
	node->full = 0;
	for (i = 0; i < mn_node_size(node); i++) {
		void *entry = mn_deref(trie, &node->slot[i]);

		node->used += mn_slot_real(node, i, entry);
		node->full += mn_slot_full(node, entry);
	}
}

static void mn_node_settle(struct mn_fib_trie *trie, struct mn_trie_node *node)
{
	u32 i;

	node->fresh = 0;
	for (i = 0; i < mn_node_size(node); i++) {
		void *entry = mn_deref(trie, &node->slot[i]);

		if (mn_is_node(entry))
			mn_to_node(entry)->fresh = 0;
	}
}

/* Publishes what takes the place of the path's last but @depth-th slot. */
static void mn_path_replace(struct mn_fib_trie *trie, struct mn_trie_path *path, void *entry)
{
	struct mn_trie_node *node;
	void *old;
	u32 i;

	if (!path->depth) {
		rcu_assign_pointer(trie->root, entry);
		return;
	}
	node = path->step[path->depth - 1].node;
	i = path->step[path->depth - 1].index;
	old = mn_deref(trie, &node->slot[i]);
	node->used += mn_slot_real(node, i, entry) - mn_slot_real(node, i, old);
	node->full += mn_slot_full(node, entry) - mn_slot_full(node, old);
	rcu_assign_pointer(node->slot[i], entry);
}

/*
 * Walks towards a key as far as nodes agree with it. Return: what the last slot holds: a node
 * that does not agree, a leaf, or NULL.
 */
static void *mn_trie_path_find(struct mn_fib_trie *trie, struct mn_trie_path *path, u32 key)
{
	void *entry = mn_deref(trie, &trie->root);

	path->depth = 0;
	while (mn_is_node(entry)) {
		struct mn_trie_node *node = mn_to_node(entry);
		u32 i = mn_node_index(node, key);

		if (!mn_key_agrees(key, node->key, mn_node_start(node)))
			break;
		path->step[path->depth].node = node;
		path->step[path->depth].index = i;
		path->depth++;
		entry = mn_deref(trie, &node->slot[i]);
	}
	return entry;
}

/* --- growing and shrinking ---------------------------------------------------------------- */

/* Half of a node whose slots lie one bit deeper: a node again, or what alone is in it. */
static int mn_node_half(struct mn_fib_trie *trie, struct mn_trie_node *node, u32 half, void **out)
{
	u8 start = mn_node_start(node) + 1;
	u32 i, n = mn_node_size(node) / 2;
	void __rcu **slot = node->slot + half * n;
	void *entry, *only = mn_deref(trie, &slot[0]);
	struct mn_trie_node *made;
	u32 used = 0;

	for (i = 0; i < n && used < 2; i++) {
		entry = mn_deref(trie, &slot[i]);
		if (!mn_slot_real(node, half * n + i, entry))
			continue;
		only = entry;
		used++;
	}
	*out = only;
	if (used < 2)
		return 0;

	made = mn_node_alloc(trie, node->key | half << (32 - start), start, node->bits - 1);
	if (!made)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		RCU_INIT_POINTER(made->slot[i], mn_deref(trie, &slot[i]));
	made->cover = mn_entry_cover(trie, only, start);
	mn_node_count(trie, made);
	*out = mn_node_entry(made);
	return 0;
}

/* Makes the two slots that take the place of one when the node is doubled. */
static int mn_slot_divide(struct mn_fib_trie *trie, struct mn_trie_node *node, u32 index,
			  void *pair[2])
{
	void *entry = mn_deref(trie, &node->slot[index]);
	u32 half, key;
	int err;

	if (mn_slot_full(node, entry)) {
		err = mn_node_half(trie, mn_to_node(entry), 0, &pair[0]);
		pair[1] = NULL;
		return err ?: mn_node_half(trie, mn_to_node(entry), 1, &pair[1]);
	}

	pair[0] = entry;
	pair[1] = entry;
	if (!mn_slot_real(node, index, entry))
		return 0;
	key = mn_is_node(entry) ? mn_to_node(entry)->key : ((struct mn_fib_leaf *)entry)->key;
	half = (key >> (node->pos - 1)) & 1;
	pair[!half] = mn_entry_cover(trie, entry, 32 - node->pos);
	return 0;
}

static struct mn_trie_node *mn_node_double(struct mn_fib_trie *trie, struct mn_trie_node *old)
{
	struct mn_trie_node *node;
	void *pair[2] = { NULL, NULL };
	int err;
	u32 i;

	node = mn_node_alloc(trie, old->key, mn_node_start(old), old->bits + 1);
	if (!node)
		return NULL;
	for (i = 0; i < mn_node_size(old); i++) {
		err = mn_slot_divide(trie, old, i, pair);
		RCU_INIT_POINTER(node->slot[2 * i], pair[0]);
		RCU_INIT_POINTER(node->slot[2 * i + 1], pair[1]);
		if (err) {
			mn_node_discard(trie, node);
			return NULL;
		}
	}
	node->cover = old->cover;
	mn_node_count(trie, node);
	mn_node_settle(trie, node);
	return node;
}

/* Makes the one slot that takes the place of two neighbours when the node is halved. */
static int mn_slot_unite(struct mn_fib_trie *trie, struct mn_trie_node *node, u32 index,
			 void **out)
{
	void *left = mn_deref(trie, &node->slot[index]);
	void *right = mn_deref(trie, &node->slot[index + 1]);
	struct mn_trie_node *made;

	*out = mn_slot_real(node, index, left) ? left : right;
	if (!mn_slot_real(node, index, left) || !mn_slot_real(node, index + 1, right))
		return 0;

	made = mn_node_alloc(trie, node->key | index << node->pos, 31 - node->pos, 1);
	if (!made)
		return -ENOMEM;
	RCU_INIT_POINTER(made->slot[0], left);
	RCU_INIT_POINTER(made->slot[1], right);
	made->cover = mn_entry_cover(trie, left, 31 - node->pos);
	mn_node_count(trie, made);
	*out = mn_node_entry(made);
	return 0;
}

static struct mn_trie_node *mn_node_halve(struct mn_fib_trie *trie, struct mn_trie_node *old)
{
	struct mn_trie_node *node;
	void *entry;
	u32 i;

	node = mn_node_alloc(trie, old->key, mn_node_start(old), old->bits - 1);
	if (!node)
		return NULL;
	for (i = 0; i < mn_node_size(node); i++) {
		if (mn_slot_unite(trie, old, 2 * i, &entry)) {
			mn_node_discard(trie, node);
			return NULL;
		}
		RCU_INIT_POINTER(node->slot[i], entry);
	}
	node->cover = old->cover;
	mn_node_count(trie, node);
	mn_node_settle(trie, node);
	return node;
}

/* Doubled, each full child gives two used slots: its halves. */
static bool mn_node_wants_double(const struct mn_trie_node *node, bool root)
{
	u64 used = (u64)node->used + node->full;
	unsigned int percent = root ? MN_TRIE_ROOT_GROW : MN_TRIE_GROW;

	return node->pos && node->bits < MN_TRIE_MAX_BITS &&
	       used * 100 >= (u64)percent * 2 * mn_node_size(node);
}

static bool mn_node_wants_halve(const struct mn_trie_node *node, bool root)
{
	unsigned int percent = root ? MN_TRIE_ROOT_SHRINK : MN_TRIE_SHRINK;

	return node->bits > 1 && (u64)node->used * 100 < (u64)percent * mn_node_size(node);
}

/* A node with one key below it is no node: the key moves up. */
static void *mn_node_only(struct mn_fib_trie *trie, struct mn_trie_node *node)
{
	u32 i;

	for (i = 0; i < mn_node_size(node); i++) {
		void *entry = mn_deref(trie, &node->slot[i]);

		if (mn_slot_real(node, i, entry))
			return entry;
	}
	return node->cover;
}

/* The old node's full children were divided as well. */
static void mn_node_free_doubled(struct mn_fib_trie *trie, struct mn_trie_node *old)
{
	u32 i;

	for (i = 0; i < mn_node_size(old); i++) {
		void *entry = mn_deref(trie, &old->slot[i]);

		if (mn_slot_full(old, entry))
			mn_node_free_rcu(trie, mn_to_node(entry));
	}
	mn_node_free_rcu(trie, old);
}

/* Brings the path's last node to its right size and takes it off the path. */
static void mn_path_resize_last(struct mn_fib_trie *trie, struct mn_trie_path *path)
{
	struct mn_trie_node *made, *node = path->step[--path->depth].node;
	bool root = !path->depth;
	int steps;

	for (steps = 0; steps < MN_TRIE_STEPS && mn_node_wants_double(node, root); steps++) {
		made = mn_node_double(trie, node);
		if (!made)
			return;
		mn_path_replace(trie, path, mn_node_entry(made));
		mn_node_free_doubled(trie, node);
		node = made;
	}
	while (!steps && mn_node_wants_halve(node, root)) {
		made = mn_node_halve(trie, node);
		if (!made)
			return;
		mn_path_replace(trie, path, mn_node_entry(made));
		mn_node_free_rcu(trie, node);
		node = made;
	}
	if (node->used < 2) {
		mn_path_replace(trie, path, mn_node_only(trie, node));
		mn_node_free_rcu(trie, node);
	}
}

static void mn_path_resize(struct mn_fib_trie *trie, struct mn_trie_path *path)
{
	while (path->depth)
		mn_path_resize_last(trie, path);
}

/*
 * Painting: whatever lies in prefix @in and has @from as the longest other prefix that contains
 * it, gets @to instead.
 */
struct mn_trie_paint {
	const struct mn_fib_leaf *in;
	struct mn_fib_leaf *from;
	struct mn_fib_leaf *to;
};

/* A leaf and the chain behind it, as far as that lies in the prefix. */
static void mn_paint_leaf(struct mn_fib_trie *trie, struct mn_fib_leaf *leaf,
			  const struct mn_trie_paint *paint)
{
	struct mn_fib_leaf *up;

	if (!leaf || leaf->plen <= paint->in->plen)
		return;
	for (up = mn_trie_parent(trie, leaf); up && up->plen > paint->in->plen;
	     up = mn_trie_parent(trie, leaf))
		leaf = up;
	if (up == paint->from)
		rcu_assign_pointer(leaf->up, paint->to);
}

static void mn_paint_slots(struct mn_fib_trie *trie, struct mn_trie_node *node, u32 first,
			   u32 count, const struct mn_trie_paint *paint);

/* If a longer prefix contains the whole node, only that one's chain is meant. */
static void mn_paint_node(struct mn_fib_trie *trie, struct mn_trie_node *node,
			  const struct mn_trie_paint *paint)
{
	if (node->cover != paint->from) {
		mn_paint_leaf(trie, node->cover, paint);
		return;
	}
	node->cover = paint->to;
	mn_paint_slots(trie, node, 0, mn_node_size(node), paint);
}

/* Recursion ends: each level looks at one bit of 32 at least. */
static void mn_paint_slots(struct mn_fib_trie *trie, struct mn_trie_node *node, u32 first,
			   u32 count, const struct mn_trie_paint *paint)
{
	u32 i;

	cond_resched();
	for (i = first; i < first + count; i++) {
		void *entry = mn_deref(trie, &node->slot[i]);

		if (mn_is_node(entry))
			mn_paint_node(trie, mn_to_node(entry), paint);
		else if (mn_slot_real(node, i, entry))
			mn_paint_leaf(trie, entry, paint);
		else if (entry == paint->from)
			rcu_assign_pointer(node->slot[i], paint->to);
	}
}

static void mn_trie_repaint(struct mn_fib_trie *trie, const struct mn_trie_paint *paint)
{
	const struct mn_fib_leaf *in = paint->in;
	void *entry = mn_deref(trie, &trie->root);

	while (mn_is_node(entry)) {
		struct mn_trie_node *node = mn_to_node(entry);
		u8 start = mn_node_start(node);
		u8 end = start + node->bits;

		if (!mn_key_agrees(in->key, node->key, min(start, in->plen)))
			return;
		if (in->plen <= start) {
			mn_paint_node(trie, node, paint);
			return;
		}
		if (in->plen < end) {
			mn_paint_slots(trie, node, mn_node_index(node, in->key),
				       1U << (end - in->plen), paint);
			return;
		}
		entry = mn_deref(trie, &node->slot[mn_node_index(node, in->key)]);
	}
	if (entry && mn_fib_leaf_has(in, ((struct mn_fib_leaf *)entry)->key))
		mn_paint_leaf(trie, entry, paint);
}

/* Puts a leaf that has no slot of its own yet beside @entry, under a new node. */
static int mn_trie_fork(struct mn_fib_trie *trie, struct mn_trie_path *path, void *entry,
			struct mn_fib_leaf *leaf, struct mn_fib_leaf *up)
{
	u32 key = mn_is_node(entry) ? mn_to_node(entry)->key : ((struct mn_fib_leaf *)entry)->key;
	u8 start = 32 - fls(key ^ leaf->key);
	struct mn_trie_node *node;
	u32 bit;

	node = mn_node_alloc(trie, key, start, 1);
	if (!node)
		return -ENOMEM;
	bit = mn_node_index(node, leaf->key);
	RCU_INIT_POINTER(node->slot[bit], leaf);
	RCU_INIT_POINTER(node->slot[!bit], entry);
	node->cover = mn_entry_cover(trie, up, start);
	node->fresh = 0;
	mn_node_count(trie, node);
	mn_path_replace(trie, path, mn_node_entry(node));
	return 0;
}

static bool mn_path_ends_real(const struct mn_trie_path *path, void *entry)
{
	unsigned int last = path->depth - 1;

	if (!path->depth)
		return entry;
	return mn_slot_real(path->step[last].node, path->step[last].index, entry);
}

int mn_fib_trie_insert(struct mn_fib_trie *trie, struct mn_fib_leaf *leaf)
{
	struct mn_trie_path path;
	struct mn_fib_leaf *up, *same;
	void *entry;

	lockdep_assert_held(trie->lock);

	entry = mn_trie_path_find(trie, &path, leaf->key);
	up = mn_entry_cover(trie, entry, leaf->plen);
	while (up && !mn_fib_leaf_has(up, leaf->key))
		up = mn_trie_parent(trie, up);
	if (up && up->plen == leaf->plen)
		return -EEXIST;
	RCU_INIT_POINTER(leaf->up, up);

	same = mn_is_node(entry) ? NULL : entry;
	if (!mn_path_ends_real(&path, entry)) {
		mn_path_replace(trie, &path, leaf);
	} else if (!same || same->key != leaf->key) {
		if (mn_trie_fork(trie, &path, entry, leaf, up))
			return -ENOMEM;
	} else if (same->plen < leaf->plen) {
		mn_path_replace(trie, &path, leaf);
	}

	trie->leaves++;
	mn_trie_repaint(trie, &(struct mn_trie_paint){ .in = leaf, .from = up, .to = leaf });
	mn_path_resize(trie, &path);
	return 0;
}

void mn_fib_trie_remove(struct mn_fib_trie *trie, struct mn_fib_leaf *leaf)
{
	struct mn_fib_leaf *up = mn_trie_parent(trie, leaf);
	struct mn_trie_path path;
	void *entry;

	lockdep_assert_held(trie->lock);

	mn_trie_repaint(trie, &(struct mn_trie_paint){ .in = leaf, .from = leaf, .to = up });
	entry = mn_trie_path_find(trie, &path, leaf->key);
	if (entry == leaf)
		mn_path_replace(trie, &path, up);
	trie->leaves--;
	mn_path_resize(trie, &path);
}

void mn_fib_trie_init(struct mn_fib_trie *trie, struct mutex *lock)
{
	*trie = (struct mn_fib_trie){ .lock = lock };
}

static void mn_node_free_all(struct mn_fib_trie *trie, struct mn_trie_node *node)
{
	u32 i;

	for (i = 0; i < mn_node_size(node); i++) {
		void *entry = rcu_dereference_protected(node->slot[i], 1);

		if (mn_is_node(entry))
			mn_node_free_all(trie, mn_to_node(entry));
	}
	mn_node_uncount(trie, node);
	kvfree(node);
}

void mn_fib_trie_free(struct mn_fib_trie *trie)
{
	void *entry = rcu_dereference_protected(trie->root, 1);

	RCU_INIT_POINTER(trie->root, NULL);
	if (mn_is_node(entry))
		mn_node_free_all(trie, mn_to_node(entry));
	trie->leaves = 0;
}

/* --- reading ------------------------------------------------------------------------------ */

struct mn_fib_leaf *mn_fib_trie_lookup(const struct mn_fib_trie *trie, u32 addr)
{
	struct mn_fib_leaf *leaf;
	void *entry = rcu_dereference(trie->root);

	while (mn_is_node(entry)) {
		const struct mn_trie_node *node = mn_to_node(entry);

		entry = rcu_dereference(node->slot[mn_node_index(node, addr)]);
	}
	for (leaf = entry; leaf; leaf = rcu_dereference(leaf->up))
		if (mn_fib_leaf_has(leaf, addr))
			return leaf;
	return NULL;
}
