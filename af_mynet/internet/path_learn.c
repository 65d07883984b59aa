// SPDX-License-Identifier: GPL-2.0
/*
 * News about the path to one destination: whether to believe them (RFC 1191, RFC 1122 3.2.2.2).
 *
 * State: none; path.c keeps what is believed.
 */
#include <linux/jiffies.h>
#include <linux/rtnetlink.h>
#include <net/dst.h>

#include "internet/inet.h"

#define MN_REDIRECT_EXPIRES	(300 * HZ)

bool mn_path_update_mtu(struct mn_inet *inet, const struct mynet_flow *flow, u32 mtu, bool sure)
{
	u32 least = READ_ONCE(inet->conf.min_pmtu);
	struct mynet_flow copy = *flow;
	struct mn_path_news news = {
		.mtu_locked	= mtu < least,
		.sure		= sure,
		.expires	= jiffies + READ_ONCE(inet->conf.mtu_expires),
	};
	struct mynet_dst *base, *now;

	base = mn_route_base(inet, &copy);
	/* The administrator knows better than any router what a locked route carries. */
	if (IS_ERR(base) || base->type != RTN_UNICAST || base->mtu_locked)
		return false;
	now = mn_path_lookup(inet, base, flow->daddr);
	/* RFC 1191 6.3: only what is smaller is believed. */
	news.mtu = mtu < least ? min(least, mynet_route_mtu(&now->dst)) : mtu;
	if (news.mtu > mynet_route_mtu(&now->dst) ||
	    (news.mtu == mynet_route_mtu(&now->dst) && news.mtu_locked == now->mtu_locked))
		return false;
	return mn_path_learn(inet, base, flow->daddr, &news);
}

bool mynet_route_update_mtu(struct net *net, const struct mynet_flow *flow, u32 mtu)
{
	return mn_path_update_mtu(mn_inet(net), flow, mtu, true);
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
