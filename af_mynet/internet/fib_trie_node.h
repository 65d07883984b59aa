/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The nodes of a trie, as those see them who change it (fib_trie.c) and walk through it
 * (fib_trie_walk.c).
 */
#ifndef MN_FIB_TRIE_NODE_H
#define MN_FIB_TRIE_NODE_H

#include <linux/types.h>

#include "internet/fib_trie.h"

/*
 * The fields that readers need come last, beside the slots; nodes of up to four slots fit into one
 * cache line. @cover: longest prefix that contains the whole node. @used: slots with a key in them;
 * @full: those of them with a node that looks at the very next bits. @fresh: not published yet.
 */
struct mn_trie_node {
	union {
		struct {
			struct mn_fib_leaf *cover;
			u32	used;
			u32	full;
		};
		struct rcu_head	rcu;
	};
	u32		key;
	u8		fresh;
	u8		bits;
	u8		pos;
	void __rcu	*slot[];
};

static inline bool mn_is_node(const void *entry)
{
	return (unsigned long)entry & 1;
}

static inline struct mn_trie_node *mn_to_node(void *entry)
{
	return (struct mn_trie_node *)((unsigned long)entry - 1);
}

static inline u32 mn_node_size(const struct mn_trie_node *node)
{
	return 1U << node->bits;
}

static inline u8 mn_node_start(const struct mn_trie_node *node)
{
	return 32 - node->pos - node->bits;
}

static inline u32 mn_node_index(const struct mn_trie_node *node, u32 key)
{
	return (key >> node->pos) & (mn_node_size(node) - 1);
}

/* Do two keys agree in their first bits? */
static inline bool mn_key_agrees(u32 a, u32 b, u8 bits)
{
	return !((a ^ b) & mn_fib_mask(bits));
}

/* Is there a key in the slot, or only a prefix that contains it? */
static inline bool mn_slot_real(const struct mn_trie_node *node, u32 index, void *entry)
{
	const struct mn_fib_leaf *leaf = entry;

	if (!entry || mn_is_node(entry))
		return entry;
	return mn_key_agrees(leaf->key, node->key | index << node->pos, 32 - node->pos);
}

#endif /* MN_FIB_TRIE_NODE_H */
