/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The trie of a routing table: which prefixes contain an address, the longest first.
 * Private to the internet room. fib_trie.c tells how it is built.
 *
 * Keys are addresses in host byte order. The prefixes belong to the caller, who embeds them
 * in what he keeps for each; the trie allocates only its own nodes.
 */
#ifndef MN_FIB_TRIE_H
#define MN_FIB_TRIE_H

#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

/**
 * struct mn_fib_leaf - a prefix in a trie
 * @up: longest other prefix of the trie that contains this one, NULL if none does
 * @key: first address of the prefix
 * @mask: netmask
 * @plen: length of the prefix, 0 to 32
 *
 * Whoever reads holds the RCU read lock or the trie's writer lock; @up is changed under the
 * writer lock, the rest never while the leaf is in a trie. After mn_fib_trie_remove() the
 * owner frees it with a grace period between.
 */
struct mn_fib_leaf {
	struct mn_fib_leaf __rcu *up;
	u32	key;
	u32	mask;
	u8	plen;
};

/**
 * struct mn_fib_trie - the trie
 * @root: NULL, the only leaf, or the topmost node; written under @lock
 * @lock: the owner's mutex that every change is made under
 * @leaves: how many prefixes it has
 * @nodes: how many nodes
 * @bytes: memory of the nodes
 */
struct mn_fib_trie {
	void __rcu	*root;
	struct mutex	*lock;
	size_t		leaves;
	size_t		nodes;
	size_t		bytes;
};

static inline u32 mn_fib_mask(u8 plen)
{
	return plen ? ~0U << (32 - plen) : 0;
}

static inline void mn_fib_leaf_init(struct mn_fib_leaf *leaf, u32 key, u8 plen)
{
	RCU_INIT_POINTER(leaf->up, NULL);
	leaf->mask = mn_fib_mask(plen);
	leaf->key = key & leaf->mask;
	leaf->plen = plen;
}

static inline bool mn_fib_leaf_has(const struct mn_fib_leaf *leaf, u32 addr)
{
	return !((addr ^ leaf->key) & leaf->mask);
}

/* Context: process context, as the owner sets its table up. */
void mn_fib_trie_init(struct mn_fib_trie *trie, struct mutex *lock);

/* Frees the nodes of a trie that nobody looks into any more; the leaves are the owner's. */
void mn_fib_trie_free(struct mn_fib_trie *trie);

/* Context: writer lock. Return: 0, -EEXIST or -ENOMEM; then the trie is as before. */
int mn_fib_trie_insert(struct mn_fib_trie *trie, struct mn_fib_leaf *leaf);

/* Context: writer lock. @leaf is in the trie; readers may see it for a grace period more. */
void mn_fib_trie_remove(struct mn_fib_trie *trie, struct mn_fib_leaf *leaf);

/*
 * Context: RCU. Return: longest prefix that contains @addr, NULL if none; the others
 * that do, ever shorter, are mn_fib_leaf_up() of it, and so on.
 */
struct mn_fib_leaf *mn_fib_trie_lookup(const struct mn_fib_trie *trie, u32 addr);

static inline struct mn_fib_leaf *mn_fib_leaf_up(const struct mn_fib_leaf *leaf)
{
	return rcu_dereference(leaf->up);
}

/* Context: RCU or writer lock. Return: exactly this prefix, or NULL. */
struct mn_fib_leaf *mn_fib_trie_find(const struct mn_fib_trie *trie, u32 key, u8 plen);

/*
 * Context: RCU or writer lock. Return: the first prefix of the trie at or after (@key, @plen),
 * in the order of keys, then lengths; NULL after the last. Needs no state between two calls.
 */
struct mn_fib_leaf *mn_fib_trie_next(const struct mn_fib_trie *trie, u32 key, u8 plen);

#define MN_FIB_LEAF_START	33

/**
 * struct mn_fib_item - a node of a trie, or a key in it, to be shown
 * @key: its first key
 * @start: bits before those that the node looks at; MN_FIB_LEAF_START: it is a key
 * @bits: how many the node looks at
 * @depth: how many nodes are above
 * @full: slots with a node that looks at the very next bits
 * @empty: slots without a key
 * @leaf: of a key, its longest prefix; borrowed under RCU
 */
struct mn_fib_item {
	u32	key;
	u8	start;
	u8	bits;
	unsigned int depth;
	u32	full;
	u32	empty;
	struct mn_fib_leaf *leaf;
};

/*
 * Context: RCU. The first one at or after (@key, @start), in the order in which a trie is drawn:
 * nodes before what is below them. Return: false after the last.
 */
bool mn_fib_trie_item(const struct mn_fib_trie *trie, u32 key, u8 start,
		      struct mn_fib_item *item);

/* The size of a node without its slots. */
size_t mn_fib_trie_node_size(void);

#endif /* MN_FIB_TRIE_H */
