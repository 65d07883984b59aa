// SPDX-License-Identifier: GPL-2.0
/*
 * Routes that nobody asked for: an address brings its own, its network's and the broadcast
 * route, and takes them with it; a device takes all that lead out of it. Secondary addresses share
 * the routes of their network, and the primary address is what all of them are sent from.
 *
 * State: none; the routes are fib.c's. Everything here runs under RTNL.
 */
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include "internet/inet.h"

/* One of the routes of an address: @source is the primary one of its network. */
static void mn_addr_route(struct mn_inet *inet, const struct mynet_ifaddr *ifa, __be32 source,
			  u8 type, __be32 dst, u8 plen, bool add)
{
	struct mn_fib_config cfg = {
		.table	= type == RTN_UNICAST ? RT_TABLE_MAIN : RT_TABLE_LOCAL,
		.dst	= dst,
		.plen	= plen,
		.kind	= {
			.prefsrc	= source,
			.type		= type,
			.scope		= type == RTN_LOCAL ? RT_SCOPE_HOST : RT_SCOPE_LINK,
			.protocol	= RTPROT_KERNEL,
		},
		.scope_set = true,
		.hop	= { .oif = ifa->mdev->dev->ifindex },
		.nlflags = NLM_F_CREATE | NLM_F_APPEND,
	};
	int err;

	err = add ? mn_fib_add(inet, &cfg) : mn_fib_del(inet, &cfg);
	if (err == -ENOMEM || err == -ENOBUFS)
		net_warn_ratelimited("no memory for a route of address %pI4 on %s\n",
				     &ifa->local, ifa->mdev->dev->name);
}

static bool mn_addr_same_net(const struct mynet_ifaddr *a, const struct mynet_ifaddr *b)
{
	return a->mask == b->mask && a->scope == b->scope && !((a->local ^ b->local) & a->mask);
}

/* The primary address whose routes @ifa shares; primary ones come first in the list. */
static const struct mynet_ifaddr *mn_addr_primary(const struct mynet_ifaddr *ifa)
{
	const struct mynet_ifaddr *it;

	if (!(ifa->flags & IFA_F_SECONDARY))
		return ifa;
	mynet_ifaddr_for_each(it, ifa->mdev) {
		if (it->flags & IFA_F_SECONDARY)
			break;
		if (mn_addr_same_net(it, ifa))
			return it;
	}
	return ifa;
}

/* The last address of a network; 0: it has no broadcast address (RFC 3021: so has one of two). */
static __be32 mn_addr_last(const struct mynet_ifaddr *ifa)
{
	bool none = ifa->prefixlen > 30 || mn_addr_zeronet(ifa->local & ifa->mask);

	return none ? 0 : ifa->local | ~ifa->mask;
}

/* A broadcast address that was given to the address, beside that of its network. */
static bool mn_addr_own_broadcast(const struct mynet_ifaddr *ifa,
				  const struct mynet_ifaddr *primary)
{
	return ifa->broadcast && !mn_addr_broadcast(ifa->broadcast) &&
	       ifa->broadcast != mn_addr_last(primary);
}

/* Does another address of the network bring the same broadcast route? */
static bool mn_addr_broadcast_shared(const struct mynet_ifaddr *ifa)
{
	const struct mynet_ifaddr *it;

	mynet_ifaddr_for_each(it, ifa->mdev)
		if (it != ifa && it->broadcast == ifa->broadcast && mn_addr_same_net(it, ifa))
			return true;
	return false;
}

/* The network and the last address of it. On loopback the whole network is this host. */
static void mn_addr_network_routes(struct mn_inet *inet, const struct mynet_ifaddr *ifa, bool add)
{
	u8 type = ifa->mdev->dev->flags & IFF_LOOPBACK ? RTN_LOCAL : RTN_UNICAST;
	__be32 net = ifa->local & ifa->mask;

	if (ifa->prefixlen > 31 || mn_addr_zeronet(net))
		return;
	if (!(ifa->flags & IFA_F_NOPREFIXROUTE))
		mn_addr_route(inet, ifa, ifa->local, type, net, ifa->prefixlen, add);
	if (mn_addr_last(ifa))
		mn_addr_route(inet, ifa, ifa->local, RTN_BROADCAST, mn_addr_last(ifa), 32, add);
}

/* The address itself is routed whether its device is up or not. */
static void mn_addr_add(struct mn_inet *inet, const struct mynet_ifaddr *ifa)
{
	const struct mynet_ifaddr *primary = mn_addr_primary(ifa);

	mn_addr_route(inet, ifa, primary->local, RTN_LOCAL, ifa->local, 32, true);
	if (!(ifa->mdev->dev->flags & IFF_UP))
		return;
	if (primary == ifa)
		mn_addr_network_routes(inet, ifa, true);
	if (mn_addr_own_broadcast(ifa, primary))
		mn_addr_route(inet, ifa, primary->local, RTN_BROADCAST, ifa->broadcast, 32, true);
}

static bool mn_doomed_prefsrc(const struct mn_fib_route *route, const void *what)
{
	const __be32 *addr = what;

	return route->info->kind.prefsrc == *addr;
}

/* Routes that anybody else made to send from the address go with its last occurrence. */
static void mn_addr_del(struct mn_inet *inet, const struct mynet_ifaddr *ifa)
{
	const struct mynet_ifaddr *primary = mn_addr_primary(ifa);

	mn_addr_route(inet, ifa, primary->local, RTN_LOCAL, ifa->local, 32, false);
	if (primary == ifa)
		mn_addr_network_routes(inet, ifa, false);
	if (mn_addr_own_broadcast(ifa, primary) && !mn_addr_broadcast_shared(ifa))
		mn_addr_route(inet, ifa, primary->local, RTN_BROADCAST, ifa->broadcast, 32, false);
	if (!mynet_ifaddr_find(inet->mnet->net, ifa->local) &&
	    mn_fib_info_has_source(&inet->fib, ifa->local))
		mn_fib_flush(inet, mn_doomed_prefsrc, &ifa->local);
}

void mn_fib_addr_event(struct mynet_ifaddr *ifa, enum mynet_addr_event event)
{
	struct mn_inet *inet = mn_inet(ifa->mdev->mnet->net);

	ASSERT_RTNL();
	switch (event) {
	case MYNET_ADDR_ADD:
		mn_addr_add(inet, ifa);
		break;
	case MYNET_ADDR_DEL:
		mn_addr_del(inet, ifa);
		break;
	}
}

void mn_fib_dev_up(struct mn_inet *inet, struct mynet_dev *mdev)
{
	struct mynet_ifaddr *ifa;

	ASSERT_RTNL();
	mynet_ifaddr_for_each(ifa, mdev)
		mn_addr_add(inet, ifa);
	mn_hops_mark(inet, mdev->dev, 0, RTNH_F_DEAD);
	mn_fib_dev_carrier(inet, mdev);
}

void mn_fib_dev_carrier(struct mn_inet *inet, struct mynet_dev *mdev)
{
	if (netif_carrier_ok(mdev->dev))
		mn_hops_mark(inet, mdev->dev, 0, RTNH_F_LINKDOWN);
	else
		mn_hops_mark(inet, mdev->dev, RTNH_F_LINKDOWN, 0);
}

struct mn_doomed_dev {
	const struct net_device *dev;
	struct net *net;
	bool gone;
};

/*
 * Addresses stay when their device is down, and so do their routes; of several next hops the last
 * takes the route along. A device that is gone takes all, and what was to be sent from one of its
 * addresses: all at once, so that a device of many addresses costs one walk.
 */
static bool mn_route_by_dev(const struct mn_fib_route *route, const void *what)
{
	const struct mn_doomed_dev *doomed = what;
	const struct mn_fib_info *info = route->info;

	if (doomed->gone && info->kind.prefsrc &&
	    !mynet_ifaddr_find(doomed->net, info->kind.prefsrc))
		return true;
	if (!mn_fib_info_uses_dev(info, doomed->dev))
		return false;
	if (doomed->gone)
		return true;
	return info->nhs > 1 ? mn_hops_dead(info) : info->nh->scope != RT_SCOPE_NOWHERE;
}

void mn_fib_dev_down(struct mn_inet *inet, struct mynet_dev *mdev, bool gone)
{
	ASSERT_RTNL();
	if (!gone)
		mn_hops_mark(inet, mdev->dev, RTNH_F_DEAD, 0);
	mn_fib_flush(inet, mn_route_by_dev,
		     &(struct mn_doomed_dev){ .dev = mdev->dev, .net = inet->mnet->net,
					      .gone = gone });
}
