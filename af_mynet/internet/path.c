// SPDX-License-Identifier: GPL-2.0
/*
 * Knowledge about the path to one destination beyond its route: that it carries less (RFC 1191),
 * that another gateway is nearer (RFC 1122 3.2.2.2).
 *
 * State: struct mn_paths, and mn_paths_all, how many there are in all namespaces. Written under the
 * lock of struct mn_paths, read under RCU. A path never changes: another takes its place. There are
 * at most so many, the oldest goes first; each ends by itself. News that no socket has vouched for
 * can come from anybody: such paths have a quarter of the places and drive out none of the others.
 */
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <net/dst.h>

#include "internet/inet.h"

#define MN_PATHS_SHARE		256	/* that any namespace may have */
#define MN_PATHS_TRIM		8	/* that end for one that is learnt */
#define MN_PATHS_BATCH		64	/* that end before others may have the lock */

static atomic_t mn_paths_all = ATOMIC_INIT(0);

/**
 * struct mn_path - a destination that is not reached as its route says
 * @hash: in mn_paths.hash
 * @age: in mn_paths.age[@sure]
 * @sure: a socket's conversation is what the news were about
 * @daddr: destination
 * @base: dst of the route, held: when another route leads there, all this means nothing
 * @dst: what packets get, held; its MTU, gateway and end are the path's
 * @rcu: its end
 */
struct mn_path {
	struct hlist_node	hash;
	struct list_head	age;
	bool			sure;
	__be32			daddr;
	struct mynet_dst	*base;
	struct mynet_dst	*dst;
	struct rcu_head		rcu;
};

static struct hlist_head *mn_path_bucket(struct mn_paths *paths, __be32 daddr)
{
	u32 hash = siphash_1u32((__force u32)daddr, &paths->key);

	return &paths->hash[hash >> (32 - MN_PATHS_BITS)];
}

static struct mn_path *mn_path_find(struct mn_paths *paths, const struct mynet_dst *base,
				    __be32 daddr)
{
	struct mn_path *path;

	hlist_for_each_entry_rcu(path, mn_path_bucket(paths, daddr), hash,
				 lockdep_is_held(&paths->lock))
		if (path->daddr == daddr && path->base == base)
			return path;
	return NULL;
}

static bool mn_path_ended(const struct mn_path *path)
{
	return mynet_dst_ended(&path->dst->dst);
}

struct mynet_dst *mn_path_lookup(struct mn_inet *inet, struct mynet_dst *base, __be32 daddr)
{
	struct mn_path *path = mn_path_find(&inet->paths, base, daddr);

	return path && !mn_path_ended(path) ? path->dst : base;
}

/* --- changing ----------------------------------------------------------------------------- */

static void mn_path_end(struct mn_paths *paths, struct mn_path *path)
{
	lockdep_assert_held(&paths->lock);
	hlist_del_rcu(&path->hash);
	list_del(&path->age);
	WRITE_ONCE(paths->count, paths->count - 1);
	paths->unsure -= !path->sure;
	atomic_dec(&mn_paths_all);
	mn_dst_kill(path->dst);
	dst_release(&path->base->dst);
	kfree_rcu(path, rcu);
}

/* @like: what was known so far. */
static struct mn_path *mn_path_make(struct mynet_dst *base, const struct mynet_dst *like,
				    __be32 daddr)
{
	struct mn_path *path = kzalloc(sizeof(*path), GFP_ATOMIC | __GFP_ACCOUNT);

	if (!path)
		return NULL;
	path->dst = mn_dst_clone(like);
	if (!path->dst || !dst_hold_safe(&base->dst)) {
		if (path->dst)
			mn_dst_kill(path->dst);
		kfree(path);
		return NULL;
	}
	path->daddr = daddr;
	path->base = base;
	return path;
}

/*
 * How many a namespace may have. All together take no more than about a four-hundredth of the
 * memory; the first namespace, where the administrator is, has what it asks for.
 */
static unsigned int mn_paths_most(const struct mn_inet *inet)
{
	unsigned int most = READ_ONCE(inet->conf.max_paths);
	bool full = atomic_read(&mn_paths_all) >= totalram_pages() >> 5;

	if (full && !net_eq(inet->mnet->net, &init_net))
		most = min_t(unsigned int, most, MN_PATHS_SHARE);
	return most;
}

/* The path that is to go so that one more may come; NULL: there is room. */
static struct mn_path *mn_path_surplus(struct mn_paths *paths, bool sure, unsigned int most)
{
	bool unsure_full = !sure && paths->unsure >= max(most / 4, 1U);

	if (paths->unsure && (unsure_full || paths->count >= most))
		return list_first_entry(&paths->age[false], struct mn_path, age);
	if (paths->count && paths->count >= most)
		return list_first_entry(&paths->age[true], struct mn_path, age);
	return NULL;
}

/* After a limit was lowered there are many too many: they go a few at a time. */
static void mn_path_publish(struct mn_paths *paths, struct mn_path *path, unsigned int most)
{
	unsigned int trimmed = 0;
	struct mn_path *gone;

	while (trimmed++ < MN_PATHS_TRIM && (gone = mn_path_surplus(paths, path->sure, most)))
		mn_path_end(paths, gone);
	hlist_add_head_rcu(&path->hash, mn_path_bucket(paths, path->daddr));
	list_add_tail(&path->age, &paths->age[path->sure]);
	WRITE_ONCE(paths->count, paths->count + 1);
	paths->unsure += !path->sure;
	atomic_inc(&mn_paths_all);
}

static void mn_path_apply(struct mynet_dst *dst, const struct mn_path_news *news)
{
	if (news->mtu) {
		dst->metrics.mtu = news->mtu;
		dst->mtu_locked = news->mtu_locked;
	}
	if (news->gateway)
		dst->gateway = news->gateway;
	dst->dst.expires = news->expires;
}

/* Return: whether it was learnt: there is memory, and the route is still there. */
bool mn_path_learn(struct mn_inet *inet, struct mynet_dst *base, __be32 daddr,
		   const struct mn_path_news *news)
{
	struct mn_paths *paths = &inet->paths;
	unsigned int most = mn_paths_most(inet);
	struct mn_path *path = NULL, *old;

	spin_lock_bh(&paths->lock);
	/* A route that has gone: its device is flushed here after that, and may be going too. */
	if (base->dst.obsolete == DST_OBSOLETE_DEAD)
		goto out;
	old = mn_path_find(paths, base, daddr);
	if (!most)
		goto out;
	path = mn_path_make(base, old && !mn_path_ended(old) ? old->dst : base, daddr);
	if (!path)
		goto out;
	mn_path_apply(path->dst, news);
	path->sure = news->sure || (old && old->sure);
	if (old)
		mn_path_end(paths, old);
	mn_path_publish(paths, path, most);
out:
	spin_unlock_bh(&paths->lock);
	/* Sockets that keep the route's dst, and no others, are to look again. */
	if (path)
		mn_dst_outdate(inet, base);
	return path;
}

/* --- forgetting --------------------------------------------------------------------------- */

/* Return: how many ended, at most MN_PATHS_BATCH. */
static unsigned int mn_paths_end_some(struct mn_paths *paths, struct list_head *age,
				      const struct net_device *dev)
{
	struct mn_path *path, *next;
	unsigned int ended = 0;

	spin_lock_bh(&paths->lock);
	list_for_each_entry_safe(path, next, age, age) {
		if (dev && path->dst->dst.dev != dev)
			continue;
		mn_path_end(paths, path);
		if (++ended == MN_PATHS_BATCH)
			break;
	}
	spin_unlock_bh(&paths->lock);
	return ended;
}

/* After the routes: no path to the device can be learnt any more. @dev NULL: all. */
void mn_paths_flush(struct mn_inet *inet, const struct net_device *dev)
{
	struct mn_paths *paths = &inet->paths;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(paths->age); i++)
		while (mn_paths_end_some(paths, &paths->age[i], dev) == MN_PATHS_BATCH)
			cond_resched();
}

void mn_paths_net_init(struct mn_inet *inet)
{
	struct mn_paths *paths = &inet->paths;

	spin_lock_init(&paths->lock);
	INIT_LIST_HEAD(&paths->age[false]);
	INIT_LIST_HEAD(&paths->age[true]);
	get_random_bytes(&paths->key, sizeof(paths->key));
}
