// SPDX-License-Identifier: GPL-2.0
/*
 * Routes that nobody asked for: an address brings its own, its network's and the broadcast
 * route, and takes them with it; a device takes all that lead out of it.
 *
 * State: none; the routes are fib.c's. Everything here runs under RTNL.
 */
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include "internet/inet.h"

/* One of the routes of an address: where it is kept and what it is like. */
static void mn_addr_route(struct mn_inet *inet, const struct mynet_ifaddr *ifa, u8 type,
			  __be32 dst, u8 plen, bool add)
{
	struct mn_fib_config cfg = {
		.table	= type == RTN_UNICAST ? RT_TABLE_MAIN : RT_TABLE_LOCAL,
		.dst	= dst,
		.plen	= plen,
		.kind	= {
			.prefsrc	= ifa->local,
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

/* Does the address have a network beside itself, with a route? */
static bool mn_addr_has_network(const struct mynet_ifaddr *ifa)
{
	return ifa->prefixlen < 32 && !(ifa->flags & (IFA_F_SECONDARY | IFA_F_NOPREFIXROUTE)) &&
	       !mn_addr_zeronet(ifa->local & ifa->mask);
}

/* RFC 3021: a network of two has no broadcast address. */
static bool mn_addr_has_broadcast(const struct mynet_ifaddr *ifa)
{
	return ifa->mdev->dev->flags & IFF_BROADCAST && ifa->prefixlen < 31 && ifa->broadcast &&
	       !mn_addr_broadcast(ifa->broadcast);
}

/* The address itself; its device may be down. */
static void mn_addr_own_route(struct mn_inet *inet, const struct mynet_ifaddr *ifa, bool add)
{
	mn_addr_route(inet, ifa, RTN_LOCAL, ifa->local, 32, add);
}

/* What needs the device to be up. On loopback the whole network is this host. */
static void mn_addr_network_routes(struct mn_inet *inet, const struct mynet_ifaddr *ifa, bool add)
{
	bool loopback = ifa->mdev->dev->flags & IFF_LOOPBACK;

	if (mn_addr_has_network(ifa))
		mn_addr_route(inet, ifa, loopback ? RTN_LOCAL : RTN_UNICAST,
			      ifa->local & ifa->mask, ifa->prefixlen, add);
	if (mn_addr_has_broadcast(ifa)) {
		mn_addr_route(inet, ifa, RTN_BROADCAST, ifa->broadcast, 32, add);
		if (ifa->broadcast != (ifa->local | ~ifa->mask))
			mn_addr_route(inet, ifa, RTN_BROADCAST, ifa->local | ~ifa->mask, 32, add);
	} else if (loopback && ifa->prefixlen < 31) {
		mn_addr_route(inet, ifa, RTN_BROADCAST, ifa->local | ~ifa->mask, 32, add);
	}
}

static void mn_addr_add(struct mn_inet *inet, const struct mynet_ifaddr *ifa)
{
	mn_addr_own_route(inet, ifa, true);
	if (ifa->mdev->dev->flags & IFF_UP)
		mn_addr_network_routes(inet, ifa, true);
}

static bool mn_doomed_prefsrc(const struct mn_fib_route *route, const void *what)
{
	const __be32 *addr = what;

	return route->info->kind.prefsrc == *addr;
}

/*
 * What the leaving address had is taken away, then what the remaining ones need too is
 * given back: secondary addresses share the network's routes.
 */
static void mn_addr_del(struct mn_inet *inet, const struct mynet_ifaddr *ifa)
{
	struct mynet_ifaddr *other = mynet_ifaddr_find(inet->mnet->net, ifa->local);
	struct mynet_ifaddr *it;

	mn_addr_own_route(inet, ifa, false);
	mn_addr_network_routes(inet, ifa, false);
	if (other)
		mn_addr_add(inet, other);
	else
		mn_fib_flush(inet, mn_doomed_prefsrc, &ifa->local);

	mynet_ifaddr_for_each(it, ifa->mdev)
		if (it != ifa && it->mask == ifa->mask &&
		    !((it->local ^ ifa->local) & ifa->mask) && ifa->mdev->dev->flags & IFF_UP)
			mn_addr_network_routes(inet, it, true);
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
	bool gone;
};

/*
 * Addresses stay when their device is down, and so do their routes; of several next hops the last
 * takes the route along. A device that is gone takes all.
 */
static bool mn_doomed_dev(const struct mn_fib_route *route, const void *what)
{
	const struct mn_doomed_dev *doomed = what;
	const struct mn_fib_info *info = route->info;

	if (!mn_hops_lead_by(info, doomed->dev))
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
	mn_fib_flush(inet, mn_doomed_dev,
		     &(struct mn_doomed_dev){ .dev = mdev->dev, .gone = gone });
}
