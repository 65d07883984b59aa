// SPDX-License-Identifier: GPL-2.0
/*
 * The part of a route that several share: their kind and next hops, checked, made once, with the
 * dst_entry that packets get.
 *
 * State: the infos of struct mn_fib and their hash, under mn_fib.lock. An info lives as long as
 * a route has it, and a grace period more. Its devices stay until then: RTNL is held while
 * one is made, and fib_addr.c takes the routes away when a device goes.
 */
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "internet/inet.h"

#define MN_INFO_BITS_MIN	4
#define MN_INFO_BITS_MAX	16

static u32 mn_info_hash(const struct mn_fib_kind *kind, int oif, __be32 gateway)
{
	return jhash_3words((__force u32)gateway ^ oif, (__force u32)kind->prefsrc,
			    kind->metric ^ kind->type << 24 ^ kind->scope << 16 ^ kind->protocol,
			    0);
}

static struct hlist_head *mn_info_bucket(struct hlist_head *infos, unsigned int bits,
					 const struct mn_fib_info *info)
{
	const struct mn_nexthop *nh = info->nh;
	u32 hash = info->nhs ? mn_info_hash(&info->kind, nh->dev->ifindex, nh->gateway) :
			       mn_info_hash(&info->kind, 0, 0);

	return &infos[hash >> (32 - bits)];
}

static struct hlist_head *mn_source_bucket(struct hlist_head *sources, unsigned int bits,
					   __be32 addr)
{
	return &sources[hash_32((__force u32)addr, bits)];
}

/* Both hashes are one block of memory. */
static struct hlist_head *mn_infos_alloc(unsigned int bits)
{
	return kvcalloc(2U << bits, sizeof(struct hlist_head), GFP_KERNEL_ACCOUNT);
}

static void mn_info_file(struct mn_fib_info *info, struct hlist_head *infos, unsigned int bits)
{
	hlist_add_head(&info->hash, mn_info_bucket(infos, bits, info));
	if (info->kind.prefsrc)
		hlist_add_head(&info->source, mn_source_bucket(infos + (1U << bits), bits,
							       info->kind.prefsrc));
}

static void mn_info_unfile(struct mn_fib_info *info)
{
	hlist_del(&info->hash);
	if (info->kind.prefsrc)
		hlist_del(&info->source);
}

/* As many buckets as infos; if there is no memory the chains grow instead. */
static void mn_infos_grow(struct mn_fib *fib)
{
	unsigned int bits = fib->info_bits + 1, i;
	struct hlist_head *infos;
	struct mn_fib_info *info;
	struct hlist_node *next;

	if (fib->info_count < 1U << fib->info_bits || bits > MN_INFO_BITS_MAX)
		return;
	infos = mn_infos_alloc(bits);
	if (!infos)
		return;
	for (i = 0; i < 1U << fib->info_bits; i++) {
		hlist_for_each_entry_safe(info, next, &fib->infos[i], hash) {
			mn_info_unfile(info);
			mn_info_file(info, infos, bits);
		}
	}
	kvfree(fib->infos);
	fib->infos = infos;
	fib->sources = infos + (1U << bits);
	fib->info_bits = bits;
}

static bool mn_kind_same(const struct mn_fib_kind *a, const struct mn_fib_kind *b)
{
	return a->prefsrc == b->prefsrc && a->metric == b->metric &&
	       !memcmp(&a->metrics, &b->metrics, sizeof(a->metrics)) &&
	       a->type == b->type && a->scope == b->scope && a->protocol == b->protocol;
}

static bool mn_nexthops_same(const struct mn_fib_info *a, const struct mn_fib_info *b)
{
	unsigned int i;

	for (i = 0; i < a->nhs; i++)
		if (a->nh[i].dev != b->nh[i].dev || a->nh[i].gateway != b->nh[i].gateway ||
		    a->nh[i].weight != b->nh[i].weight ||
		    (a->nh[i].flags ^ b->nh[i].flags) & RTNH_F_ONLINK)
			return false;
	return true;
}

static struct mn_fib_info *mn_info_find(struct mn_fib *fib, const struct mn_fib_info *like)
{
	struct mn_fib_info *info;

	hlist_for_each_entry(info, mn_info_bucket(fib->infos, fib->info_bits, like), hash) {
		if (!mn_kind_same(&info->kind, &like->kind) || info->nhs != like->nhs)
			continue;
		if (mn_nexthops_same(info, like))
			return info;
	}
	return NULL;
}

/* --- next hops ---------------------------------------------------------------------------- */

static int mn_refuse(const struct mn_fib_config *cfg, int err, const char *why)
{
	if (cfg->extack)
		cfg->extack->_msg = why;
	return err;
}

static int mn_nexthop_device(struct mn_inet *inet, const struct mn_fib_config *cfg,
			     const struct mn_fib_hop *hop, struct mn_nexthop *nh)
{
	if (!hop->oif)
		return 0;
	nh->dev = __dev_get_by_index(inet->mnet->net, hop->oif);
	if (!nh->dev)
		return mn_refuse(cfg, -ENODEV, "No such device");
	if (!mynet_dev_find(nh->dev))
		return mn_refuse(cfg, -ENODEV, "Device is not attached");
	return 0;
}

/* The gateway must be a neighbour: reached by a route of a scope nearer than the new one's. */
static int mn_nexthop_gateway(struct mn_inet *inet, const struct mn_fib_config *cfg,
			      const struct mn_fib_hop *hop, struct mn_nexthop *nh)
{
	struct mynet_flow flow = {
		.daddr	= hop->gateway,
		.oif	= hop->oif,
		.scope	= max_t(u8, cfg->kind.scope + 1, RT_SCOPE_LINK),
	};
	struct mn_fib_result res;
	int err;

	nh->gateway = hop->gateway;
	nh->scope = RT_SCOPE_LINK;
	if (cfg->kind.scope >= RT_SCOPE_LINK)
		return mn_refuse(cfg, -EINVAL, "A route of this scope has no gateway");
	if (mynet_ifaddr_find(inet->mnet->net, hop->gateway))
		return mn_refuse(cfg, -EINVAL, "Gateway is this host");
	if (hop->flags & RTNH_F_ONLINK) {
		if (!nh->dev)
			return mn_refuse(cfg, -EINVAL, "onlink needs a device");
		return nh->dev->flags & IFF_UP ? 0 :
		       mn_refuse(cfg, -ENETDOWN, "Device is down");
	}

	rcu_read_lock();
	err = mn_fib_lookup(inet, &flow, &res);
	if (!err && res.type != RTN_UNICAST && res.type != RTN_LOCAL)
		err = -EINVAL;
	if (!err && nh->dev && nh->dev != res.nh->dev)
		err = -EINVAL;
	if (!err)
		nh->dev = res.nh->dev;
	rcu_read_unlock();
	if (err)
		return mn_refuse(cfg, err, "Gateway is out of reach: add a route to it first");
	return nh->dev->flags & IFF_UP ? 0 : mn_refuse(cfg, -ENETDOWN, "Device is down");
}

/* Addresses of this host are there whether their device is up or not. */
static int mn_nexthop_direct(const struct mn_fib_config *cfg, struct mn_nexthop *nh)
{
	if (!nh->dev)
		return mn_refuse(cfg, -EINVAL, "A route needs a device or a gateway");
	if (cfg->kind.scope == RT_SCOPE_HOST) {
		nh->scope = RT_SCOPE_NOWHERE;
		return 0;
	}
	nh->scope = RT_SCOPE_HOST;
	return nh->dev->flags & IFF_UP ? 0 : mn_refuse(cfg, -ENETDOWN, "Device is down");
}

static int mn_nexthop_init(struct mn_inet *inet, const struct mn_fib_config *cfg,
			   const struct mn_fib_hop *hop, struct mn_nexthop *nh)
{
	int err;

	nh->flags = hop->flags & RTNH_F_ONLINK;
	nh->weight = hop->weight ?: 1;
	err = mn_nexthop_device(inet, cfg, hop, nh);
	if (err)
		return err;
	err = hop->gateway ? mn_nexthop_gateway(inet, cfg, hop, nh) : mn_nexthop_direct(cfg, nh);
	if (!err && nh->scope != RT_SCOPE_NOWHERE && !netif_carrier_ok(nh->dev))
		nh->flags |= RTNH_F_LINKDOWN;
	return err;
}

static int mn_nexthops_init(struct mn_inet *inet, const struct mn_fib_config *cfg,
			    struct mn_fib_info *info)
{
	const struct mn_fib_hop *hops = cfg->n_hops ? cfg->hops : &cfg->hop;
	unsigned int i;
	int err;

	for (i = 0; i < info->nhs; i++) {
		err = mn_nexthop_init(inet, cfg, &hops[i], &info->nh[i]);
		if (err)
			return err;
	}
	mn_hops_share(info);
	return 0;
}

static bool mn_route_type_has_nexthop(u8 type)
{
	return type == RTN_UNICAST || type == RTN_LOCAL || type == RTN_BROADCAST ||
	       type == RTN_MULTICAST;
}

static int mn_kind_check(struct mn_inet *inet, const struct mn_fib_config *cfg)
{
	const struct mn_fib_kind *kind = &cfg->kind;

	if (kind->type < RTN_UNICAST || kind->type > RTN_THROW || kind->type == RTN_ANYCAST)
		return mn_refuse(cfg, -EINVAL, "No such type of route");
	if (kind->scope == RT_SCOPE_NOWHERE)
		return mn_refuse(cfg, -EINVAL, "A route to nowhere");
	if (!mn_route_type_has_nexthop(kind->type) &&
	    (cfg->hop.oif || cfg->hop.gateway || cfg->n_hops))
		return mn_refuse(cfg, -EINVAL, "A route of this type has no next hop");
	if (cfg->n_hops > 1 && kind->type != RTN_UNICAST)
		return mn_refuse(cfg, -EINVAL, "A route of this type has one next hop");
	if (cfg->n_hops && (cfg->hop.oif || cfg->hop.gateway))
		return mn_refuse(cfg, -EINVAL, "Next hops are given, and another one beside them");
	/* An address that is just being added counts: it is found already. */
	if (kind->prefsrc && !mynet_ifaddr_find(inet->mnet->net, kind->prefsrc))
		return mn_refuse(cfg, -EINVAL, "Preferred source is not an address of this host");
	return 0;
}

/* --- infos -------------------------------------------------------------------------------- */

static void mn_info_free_nexthops(struct mn_fib_info *info)
{
	unsigned int i;

	for (i = 0; i < info->nhs; i++)
		if (info->nh[i].dst)
			mn_dst_kill(info->nh[i].dst);
}

static int mn_info_make_dsts(struct mn_inet *inet, struct mn_fib_info *info)
{
	unsigned int i;

	for (i = 0; i < info->nhs; i++) {
		struct mn_nexthop *nh = &info->nh[i];
		struct net_device *dev = nh->dev;

		/* Packets from this host to itself go by way of the loopback device. */
		if (info->kind.type == RTN_LOCAL)
			dev = inet->mnet->net->loopback_dev;
		nh->dst = mn_dst_alloc(dev, nh->gateway, &info->kind);
		if (!nh->dst)
			return -ENOBUFS;
	}
	return 0;
}

static void mn_info_publish(struct mn_fib *fib, struct mn_fib_info *info)
{
	unsigned int i;

	for (i = 0; i < info->nhs; i++)
		netdev_hold(info->nh[i].dev, &info->nh[i].tracker, GFP_KERNEL);
	mn_infos_grow(fib);
	mn_info_file(info, fib->infos, fib->info_bits);
	fib->info_count++;
}

struct mn_fib_info *mn_fib_info_get(struct mn_inet *inet, const struct mn_fib_config *cfg)
{
	struct mn_fib *fib = &inet->fib;
	struct mn_fib_info *info, *same;
	unsigned int nhs = cfg->n_hops ?: 1;
	int err;

	lockdep_assert_held(&fib->lock);
	err = mn_kind_check(inet, cfg);
	if (err)
		return ERR_PTR(err);
	if (!mn_route_type_has_nexthop(cfg->kind.type))
		nhs = 0;
	info = kzalloc(struct_size(info, nh, nhs), GFP_KERNEL_ACCOUNT);
	if (!info)
		return ERR_PTR(-ENOMEM);
	info->kind = cfg->kind;
	info->nhs = nhs;
	err = mn_nexthops_init(inet, cfg, info);
	if (err)
		goto err_free;

	same = mn_info_find(fib, info);
	if (same) {
		kfree(info);
		same->users++;
		return same;
	}
	err = mn_info_make_dsts(inet, info);
	if (err)
		goto err_dsts;
	info->users = 1;
	mn_info_publish(fib, info);
	return info;

err_dsts:
	mn_info_free_nexthops(info);
err_free:
	kfree(info);
	return ERR_PTR(err);
}

void mn_fib_info_put(struct mn_fib *fib, struct mn_fib_info *info)
{
	unsigned int i;

	lockdep_assert_held(&fib->lock);
	if (--info->users)
		return;
	mn_info_unfile(info);
	fib->info_count--;
	for (i = 0; i < info->nhs; i++) {
		WRITE_ONCE(info->nh[i].flags, info->nh[i].flags | RTNH_F_DEAD);
		mn_dst_kill(info->nh[i].dst);
		netdev_put(info->nh[i].dev, &info->nh[i].tracker);
	}
	/* Unregistering a device waits for readers once more after all have let go of it. */
	kfree_rcu(info, rcu);
}

/* The first of several next hops stands for a route that is asked for by one. */
static bool mn_nexthop_matches(const struct mn_nexthop *nh, const struct mn_fib_hop *hop)
{
	return (!hop->oif || nh->dev->ifindex == hop->oif) &&
	       (!hop->gateway || nh->gateway == hop->gateway) &&
	       (!hop->weight || nh->weight == hop->weight);
}

static bool mn_nexthops_match(const struct mn_fib_info *info, const struct mn_fib_config *cfg)
{
	unsigned int i;

	if (!cfg->n_hops)
		return !(cfg->hop.oif || cfg->hop.gateway) ||
		       (info->nhs && mn_nexthop_matches(info->nh, &cfg->hop));
	if (info->nhs != cfg->n_hops)
		return false;
	for (i = 0; i < info->nhs; i++)
		if (!mn_nexthop_matches(&info->nh[i], &cfg->hops[i]))
			return false;
	return true;
}

bool mn_fib_info_has_source(struct mn_fib *fib, __be32 addr)
{
	struct mn_fib_info *info;
	bool found = false;

	mutex_lock(&fib->lock);
	hlist_for_each_entry(info, mn_source_bucket(fib->sources, fib->info_bits, addr), source)
		found = found || info->kind.prefsrc == addr;
	mutex_unlock(&fib->lock);
	return found;
}

/* Deleting: what is not said matches anything. */
bool mn_fib_info_matches(const struct mn_fib_info *info, const struct mn_fib_config *cfg)
{
	const struct mn_fib_kind *kind = &info->kind;

	if (cfg->kind.type && cfg->kind.type != kind->type)
		return false;
	if (cfg->scope_set && cfg->kind.scope != kind->scope)
		return false;
	if (cfg->metric_set && cfg->kind.metric != kind->metric)
		return false;
	if (cfg->kind.protocol && cfg->kind.protocol != kind->protocol)
		return false;
	if (cfg->kind.prefsrc && cfg->kind.prefsrc != kind->prefsrc)
		return false;
	return mn_nexthops_match(info, cfg);
}

int mn_fib_info_net_init(struct mn_fib *fib)
{
	fib->info_bits = MN_INFO_BITS_MIN;
	fib->infos = mn_infos_alloc(fib->info_bits);
	if (!fib->infos)
		return -ENOMEM;
	fib->sources = fib->infos + (1U << fib->info_bits);
	return 0;
}

void mn_fib_info_net_exit(struct mn_fib *fib)
{
	WARN_ON(fib->info_count);
	kvfree(fib->infos);
}
