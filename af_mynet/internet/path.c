// SPDX-License-Identifier: GPL-2.0
/*
 * What is known about the path to one destination beyond its route: that it carries less (RFC
 * 1191), that another gateway is nearer (RFC 1122 3.2.2.2).
 *
 * State: struct mn_paths. Written under its lock, read under RCU. A path never changes: another
 * takes its place. There are at most so many, the oldest goes first; each ends by itself.
 */
#include <linux/hash.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <net/dst.h>

#include "internet/inet.h"

#define MN_REDIRECT_EXPIRES	(300 * HZ)

/**
 * struct mn_path - a destination that is not reached as its route says
 * @hash: in mn_paths.hash
 * @age: in mn_paths.age
 * @daddr: destination
 * @base: dst of the route, held: when another route leads there, all this means nothing
 * @dst: what packets get, held; its MTU, gateway and end are the path's
 * @rcu: its end
 */
struct mn_path {
	struct hlist_node	hash;
	struct list_head	age;
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

/* Changing. */

static void mn_path_end(struct mn_paths *paths, struct mn_path *path)
{
	lockdep_assert_held(&paths->lock);
	hlist_del_rcu(&path->hash);
	list_del(&path->age);
	WRITE_ONCE(paths->count, paths->count - 1);
	mn_dst_kill(path->dst);
	dst_release(&path->base->dst);
	kfree_rcu(path, rcu);
}

/* @like: what was known so far. */
static struct mn_path *mn_path_make(struct mynet_dst *base, const struct mynet_dst *like,
				    __be32 daddr)
{
	struct mn_path *path = kzalloc(sizeof(*path), GFP_ATOMIC);

	if (!path)
		return NULL;
	path->dst = mn_dst_like(like);
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

static void mn_path_publish(struct mn_paths *paths, struct mn_path *path, unsigned int most)
{
	while (paths->count && paths->count >= most)
		mn_path_end(paths, list_first_entry(&paths->age, struct mn_path, age));
	hlist_add_head_rcu(&path->hash, mn_path_bucket(paths, path->daddr));
	list_add_tail(&path->age, &paths->age);
	WRITE_ONCE(paths->count, paths->count + 1);
}

/* What is learnt about a path; 0: nothing. */
struct mn_path_news {
	u32	mtu;
	bool	mtu_locked;
	__be32	gateway;
	unsigned long expires;
};

static void mn_path_tell(struct mynet_dst *dst, const struct mn_path_news *news)
{
	if (news->mtu) {
		dst->metrics.mtu = news->mtu;
		dst->mtu_locked = news->mtu_locked;
	}
	if (news->gateway)
		dst->gateway = news->gateway;
	dst->dst.expires = news->expires;
}

static bool mn_path_learn(struct mn_inet *inet, struct mynet_dst *base, __be32 daddr,
			  const struct mn_path_news *news)
{
	struct mn_paths *paths = &inet->paths;
	unsigned int most = READ_ONCE(inet->conf.max_paths);
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
	mn_path_tell(path->dst, news);
	if (old)
		mn_path_end(paths, old);
	mn_path_publish(paths, path, most);
out:
	spin_unlock_bh(&paths->lock);
	/* Whoever keeps a dst finds the new one when it looks again. */
	if (path)
		mn_fib_changed(&inet->fib);
	return path;
}

bool mynet_route_update_mtu(struct net *net, const struct mynet_flow *flow, u32 mtu)
{
	struct mn_inet *inet = mn_inet(net);
	u32 least = READ_ONCE(inet->conf.min_pmtu);
	struct mynet_flow copy = *flow;
	struct mn_path_news news = {
		.mtu_locked	= mtu < least,
		.expires	= jiffies + READ_ONCE(inet->conf.mtu_expires),
	};
	struct mynet_dst *base, *now;

	base = mn_route_base(inet, &copy);
	if (IS_ERR(base) || base->type != RTN_UNICAST)
		return false;
	now = mn_path_lookup(inet, base, flow->daddr);
	/* RFC 1191 6.3: only what is smaller is believed. */
	news.mtu = mtu < least ? min(least, mynet_route_mtu(&now->dst)) : mtu;
	if (news.mtu > mynet_route_mtu(&now->dst) ||
	    (news.mtu == mynet_route_mtu(&now->dst) && news.mtu_locked == now->mtu_locked))
		return false;
	return mn_path_learn(inet, base, flow->daddr, &news);
}

/* RFC 1122 3.2.2.2: from the gateway in use, to a host on the same link. */
static bool mn_redirect_right(struct mn_inet *inet, const struct mynet_dst *now, __be32 from,
			      __be32 gateway, const struct net_device *dev)
{
	struct mynet_flow flow = {
		.daddr	= gateway,
		.oif	= dev->ifindex,
		.scope	= RT_SCOPE_LINK,
	};
	struct mn_fib_result res;

	if (now->dst.dev != dev || now->gateway != from || gateway == from)
		return false;
	return !mn_fib_lookup(inet, &flow, &res) && res.type == RTN_UNICAST &&
	       res.nh->dev == dev && !res.nh->gateway;
}

bool mn_path_redirect(struct mn_inet *inet, const struct mynet_flow *flow, __be32 from,
		      __be32 gateway, const struct net_device *dev)
{
	struct mn_path_news news = {
		.gateway	= gateway,
		.expires	= jiffies + MN_REDIRECT_EXPIRES,
	};
	struct mynet_flow copy = *flow;
	struct mynet_dst *base, *now;

	base = mn_route_base(inet, &copy);
	if (IS_ERR(base) || base->type != RTN_UNICAST)
		return false;
	now = mn_path_lookup(inet, base, flow->daddr);
	if (!mn_redirect_right(inet, now, from, gateway, dev))
		return false;
	return mn_path_learn(inet, base, flow->daddr, &news);
}

/* Forgetting. */

/* After the routes: no path to the device can be learnt any more. @dev NULL: all. */
void mn_paths_flush(struct mn_inet *inet, const struct net_device *dev)
{
	struct mn_paths *paths = &inet->paths;
	struct mn_path *path, *next;

	spin_lock_bh(&paths->lock);
	list_for_each_entry_safe(path, next, &paths->age, age)
		if (!dev || path->dst->dst.dev == dev)
			mn_path_end(paths, path);
	spin_unlock_bh(&paths->lock);
}

void mn_paths_net_init(struct mn_inet *inet)
{
	struct mn_paths *paths = &inet->paths;

	spin_lock_init(&paths->lock);
	INIT_LIST_HEAD(&paths->age);
	get_random_bytes(&paths->key, sizeof(paths->key));
}
