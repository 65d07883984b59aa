// SPDX-License-Identifier: GPL-2.0
/*
 * Routes with several next hops: which one a flow takes (RFC 2992: each has its share of the
 * values of a hash), and which are left out because their link is down.
 *
 * State: mn_nexthop.flags and .upper, written under mn_fib.lock, read under RCU. A reader may see
 * some of them before and some after a change: each is a way that leads there.
 */
#include <linux/icmp.h>
#include <linux/jhash.h>
#include <linux/math64.h>
#include <linux/rtnetlink.h>
#include <linux/tcp.h>

#include "internet/inet.h"

/* --- shares ------------------------------------------------------------------------------- */

static u32 mn_hops_weight(const struct mn_fib_info *info, unsigned int without)
{
	unsigned int i;
	u32 weight = 0;

	for (i = 0; i < info->nhs; i++)
		if (!(info->nh[i].flags & without))
			weight += info->nh[i].weight;
	return weight;
}

/* One without carrier gets nothing, unless all are so. */
void mn_hops_share(struct mn_fib_info *info)
{
	unsigned int without = RTNH_F_DEAD | RTNH_F_LINKDOWN, i;
	u32 total = mn_hops_weight(info, without);
	u64 sum = 0;

	if (!total) {
		without = RTNH_F_DEAD;
		total = mn_hops_weight(info, without);
	}
	for (i = 0; i < info->nhs; i++) {
		struct mn_nexthop *nh = &info->nh[i];

		if (nh->flags & without) {
			WRITE_ONCE(nh->upper, -1);
			continue;
		}
		sum += nh->weight;
		WRITE_ONCE(nh->upper, (s32)(div_u64(sum << 31, total) - 1));
	}
}

/* --- choosing ----------------------------------------------------------------------------- */

/*
 * Both directions of a conversation have the same value, as with INET: a packet that is asked
 * about by its answer goes the same way.
 */
static s32 mn_flow_hash(const struct mn_inet *inet, const struct mynet_flow *flow)
{
	u32 low = ntohl(flow->saddr), high = ntohl(flow->daddr);
	u16 low_port = ntohs(flow->sport), high_port = ntohs(flow->dport);

	if (high < low || (high == low && high_port < low_port)) {
		swap(low, high);
		swap(low_port, high_port);
	}
	if (!READ_ONCE(inet->conf.multipath_hash_policy))
		return jhash_2words(low, high, inet->fib.seed) >> 1;
	return jhash_3words(low, high, low_port << 16 | high_port,
			    inet->fib.seed ^ flow->proto) >> 1;
}

/* An address of ours that is chosen already is on the device to leave by, if a hop has it. */
static const struct net_device *mn_flow_home(const struct mn_inet *inet,
					     const struct mynet_flow *flow)
{
	const struct mynet_ifaddr *ifa;

	if (flow->iif || !flow->saddr)
		return NULL;
	ifa = mynet_ifaddr_find(inet->mnet->net, flow->saddr);
	return ifa ? ifa->mdev->dev : NULL;
}

static struct mn_nexthop *mn_hops_choose(struct mn_fib_info *info, const struct mynet_flow *flow,
					 const struct net_device *home, s32 hash)
{
	struct mn_nexthop *first = NULL, *hashed = NULL, *at_home = NULL;
	unsigned int i;

	for (i = 0; i < info->nhs; i++) {
		struct mn_nexthop *nh = &info->nh[i];
		s32 upper = READ_ONCE(nh->upper);

		if (upper < 0 || (flow->oif && flow->oif != nh->dev->ifindex))
			continue;
		if (hash <= upper && (!home || nh->dev == home))
			return nh;
		if (!first)
			first = nh;
		if (!hashed && hash <= upper)
			hashed = nh;
		if (!at_home && nh->dev == home)
			at_home = nh;
	}
	return at_home ?: hashed ?: first;
}

/* The look-up has found a hop that will do if none of the others will. */
static void mn_hops_take(struct mn_inet *inet, const struct mynet_flow *flow,
			 const struct mynet_flow *hashed, struct mn_fib_result *res)
{
	struct mn_nexthop *nh = mn_hops_choose(res->info, flow, mn_flow_home(inet, flow),
					       mn_flow_hash(inet, hashed));

	if (nh)
		res->nh = nh;
}

void mn_hops_output(struct mn_inet *inet, const struct mynet_flow *flow,
		    struct mn_fib_result *res)
{
	mn_hops_take(inet, flow, flow, res);
}

/* --- a packet for others says by itself whose it is --------------------------------------- */

static bool mn_proto_has_ports(u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP ||
	       protocol == IPPROTO_UDPLITE || protocol == IPPROTO_DCCP;
}

/* The fragments of a packet go one way: the ports that only the first one has do not count. */
static void mn_flow_ports(struct mynet_flow *flow, const struct sk_buff *skb, int at,
			  const struct iphdr *iph)
{
	__be16 room[2];
	const __be16 *ports;

	if (mn_ip_fragment_of(iph) || !mn_proto_has_ports(iph->protocol))
		return;
	ports = skb_header_pointer(skb, at + iph->ihl * 4, sizeof(room), room);
	if (!ports)
		return;
	flow->sport = ports[0];
	flow->dport = ports[1];
}

static bool mn_icmp_quotes(u8 type)
{
	return type == ICMP_DEST_UNREACH || type == ICMP_SOURCE_QUENCH || type == ICMP_REDIRECT ||
	       type == ICMP_TIME_EXCEEDED || type == ICMP_PARAMETERPROB;
}

/* An ICMP error goes where the conversation goes that it is about. *@at follows. */
static const struct iphdr *mn_flow_quoted(const struct sk_buff *skb, int *at, struct iphdr *room)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct icmphdr icmp_room;
	const struct icmphdr *icmp;
	const struct iphdr *quoted;
	int inside = *at + iph->ihl * 4;

	if (iph->protocol != IPPROTO_ICMP || mn_ip_offset(iph))
		return iph;
	icmp = skb_header_pointer(skb, inside, sizeof(icmp_room), &icmp_room);
	if (!icmp || !mn_icmp_quotes(icmp->type))
		return iph;
	inside += sizeof(icmp_room);
	quoted = skb_header_pointer(skb, inside, sizeof(*room), room);
	if (!quoted || quoted->ihl < 5)
		return iph;
	*at = inside;
	return quoted;
}

void mn_hops_input(struct mn_inet *inet, const struct mynet_flow *flow,
		   const struct sk_buff *skb, struct mn_fib_result *res)
{
	int at = skb_network_offset(skb);
	struct iphdr room;
	const struct iphdr *iph = mn_flow_quoted(skb, &at, &room);
	struct mynet_flow hashed = {
		.saddr	= iph->saddr,
		.daddr	= iph->daddr,
		.proto	= iph->protocol,
	};

	if (READ_ONCE(inet->conf.multipath_hash_policy))
		mn_flow_ports(&hashed, skb, at, iph);
	mn_hops_take(inet, flow, &hashed, res);
}

/* --- links that come and go --------------------------------------------------------------- */

bool mn_fib_info_uses_dev(const struct mn_fib_info *info, const struct net_device *dev)
{
	unsigned int i;

	for (i = 0; i < info->nhs; i++)
		if (info->nh[i].dev == dev)
			return true;
	return false;
}

bool mn_hops_dead(const struct mn_fib_info *info)
{
	return !mn_hops_weight(info, RTNH_F_DEAD);
}

static bool mn_info_mark(struct mn_fib_info *info, const struct net_device *dev,
			 unsigned int set, unsigned int clear)
{
	bool changed = false;
	unsigned int i;

	for (i = 0; i < info->nhs; i++) {
		struct mn_nexthop *nh = &info->nh[i];
		unsigned int flags = (nh->flags | set) & ~clear;

		/* This host is behind no link; a route of a single hop goes with its device. */
		if (nh->dev != dev || nh->scope == RT_SCOPE_NOWHERE || flags == nh->flags ||
		    (info->nhs == 1 && set & RTNH_F_DEAD))
			continue;
		WRITE_ONCE(nh->flags, flags);
		changed = true;
	}
	if (changed && info->nhs > 1)
		mn_hops_share(info);
	return changed;
}

void mn_hops_mark(struct mn_inet *inet, const struct net_device *dev, unsigned int set,
		  unsigned int clear)
{
	struct mn_fib *fib = &inet->fib;
	struct mn_fib_info *info;
	bool changed = false;
	unsigned int i;

	ASSERT_RTNL();
	mutex_lock(&fib->lock);
	for (i = 0; i < 1U << fib->info_bits; i++)
		hlist_for_each_entry(info, &fib->infos[i], hash)
			changed |= mn_info_mark(info, dev, set, clear);
	if (changed)
		mn_fib_changed(fib);
	mutex_unlock(&fib->lock);
}
