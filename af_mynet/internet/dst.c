// SPDX-License-Identifier: GPL-2.0
/*
 * The dst_entry, which leads a packet: in for this host, across, or out.
 *
 * State: the dst_entries. Each belongs to a next hop of a route, made and killed with it; what
 * holds a reference longer (sockets, packets in queues) can then only drop. Validated by
 * mynet_route_generation() as the cookie. mn_dst_ways, where they lead: set once, by main.c.
 */
#include <linux/delay.h>
#include <linux/rtnetlink.h>
#include <net/dst.h>

#include "internet/inet.h"

static struct mn_dst_ways mn_dst_ways __read_mostly;

/*
 * A change of routes outdates every dst that was found before, news of a path only those of the
 * path's route: anybody can send such news.
 */
bool mynet_route_valid(const struct dst_entry *dst, u32 generation)
{
	const struct mynet_dst *mdst = container_of(dst, const struct mynet_dst, dst);
	const struct mn_fib *fib = &mn_inet(dev_net(dst->dev))->fib;

	return dst->obsolete <= 0 && (s32)(generation - READ_ONCE(fib->changed)) >= 0 &&
	       (s32)(generation - READ_ONCE(mdst->outdated)) >= 0 && !mynet_dst_ended(dst);
}

static struct dst_entry *mn_dst_check(struct dst_entry *dst, u32 cookie)
{
	return mynet_route_valid(dst, cookie) ? dst : NULL;
}

void mn_dst_outdate(struct mn_inet *inet, struct mynet_dst *dst)
{
	WRITE_ONCE(dst->outdated, mn_fib_tick(&inet->fib));
}

unsigned int mynet_route_mtu(const struct dst_entry *dst)
{
	const struct mynet_dst *mdst = container_of(dst, const struct mynet_dst, dst);

	return mdst->metrics.mtu ?: min_t(unsigned int, READ_ONCE(dst->dev->mtu), 65535);
}

/* RFC 9293 3.7.1 */
static unsigned int mn_dst_advmss(const struct dst_entry *dst)
{
	const struct mynet_dst *mdst = container_of(dst, const struct mynet_dst, dst);
	unsigned int heads = sizeof(struct iphdr) + 20;

	if (mdst->metrics.advmss)
		return mdst->metrics.advmss;
	return max_t(unsigned int, mynet_route_mtu(dst), heads + 8) - heads;
}

static struct neighbour *mn_dst_neigh_lookup(const struct dst_entry *dst, struct sk_buff *skb,
					     const void *daddr)
{
	return NULL;
}

/* May be shared by all destinations of a route: see mynet_route_update_mtu(). */
static void mn_dst_update_pmtu(struct dst_entry *dst, struct sock *sk, struct sk_buff *skb,
			       u32 mtu, bool confirm)
{
}

static struct dst_ops mn_dst_ops __read_mostly = {
	.family		= AF_MYNET,
	.check		= mn_dst_check,
	.default_advmss	= mn_dst_advmss,
	.mtu		= mynet_route_mtu,
	.neigh_lookup	= mn_dst_neigh_lookup,
	.update_pmtu	= mn_dst_update_pmtu,
};

struct mynet_dst *mn_dst_alloc(struct net_device *dev, __be32 gateway,
			       const struct mn_fib_kind *kind)
{
	struct mynet_dst *dst;

	dst = dst_alloc(&mn_dst_ops, dev, DST_OBSOLETE_FORCE_CHK, DST_NOXFRM | DST_NOPOLICY);
	if (!dst)
		return NULL;
	dst->gateway = gateway;
	dst->prefsrc = kind->prefsrc;
	dst->metrics = kind->metrics;
	dst->mtu_locked = mynet_metric_locked(&kind->metrics, RTAX_MTU);
	dst->outdated = mynet_route_generation(dev_net(dev));
	dst->type = kind->type;
	dst->scope = kind->scope;
	dst->dst.output = mn_dst_ways.output;
	dst->dst.input = kind->type == RTN_UNICAST ? mn_dst_ways.forward : mn_dst_ways.deliver;
	return dst;
}

struct mynet_dst *mn_dst_clone(const struct mynet_dst *dst)
{
	const struct mn_fib_kind kind = {
		.prefsrc	= dst->prefsrc,
		.metrics	= dst->metrics,
		.type		= dst->type,
		.scope		= dst->scope,
	};
	struct mynet_dst *copy = mn_dst_alloc(dst->dst.dev, dst->gateway, &kind);

	if (copy)
		copy->mtu_locked = dst->mtu_locked;
	return copy;
}

void mn_dst_kill(struct mynet_dst *dst)
{
	dst_dev_put(&dst->dst);
	dst_release(&dst->dst);
}

int __init mn_dst_init(const struct mn_dst_ways *ways)
{
	int err;

	mn_dst_ways = *ways;
	mn_dst_ops.kmem_cachep = KMEM_CACHE(mynet_dst, SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT);
	if (!mn_dst_ops.kmem_cachep)
		return -ENOMEM;
	err = dst_entries_init(&mn_dst_ops);
	if (err)
		kmem_cache_destroy(mn_dst_ops.kmem_cachep);
	return err;
}

/* Packets of ours may still wait in a device's queue; there is no way but to wait too. */
void mn_dst_exit(void)
{
	unsigned int waited = 0;

	while (dst_entries_get_slow(&mn_dst_ops)) {
		if (++waited % 500 == 0)
			pr_warn("waiting for %d routes in use\n",
				dst_entries_get_slow(&mn_dst_ops));
		msleep(20);
	}
	/* A dst is counted until it is let go of; a grace period later it is freed. */
	rcu_barrier();
	kmem_cache_destroy(mn_dst_ops.kmem_cachep);
	dst_entries_destroy(&mn_dst_ops);
}
