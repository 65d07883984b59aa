// SPDX-License-Identifier: GPL-2.0
/*
 * From a look-up to a dst_entry that leads a packet: in for this host, across, or out.
 *
 * State: none.
 */
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/dst.h>

#include "internet/inet.h"

/* --- source addresses --------------------------------------------------------------------- */

__be32 mn_addr_select(struct mn_inet *inet, const struct net_device *dev, __be32 daddr, u8 scope)
{
	struct mynet_dev *mdev = mynet_dev_find(dev);
	struct net *net = inet->mnet->net;
	struct mynet_ifaddr *ifa;
	__be32 addr = 0, last = 0;

	if (mdev) {
		mynet_ifaddr_for_each(ifa, mdev) {
			/* Primary ones come first. */
			if (READ_ONCE(ifa->flags) & IFA_F_SECONDARY)
				break;
			if (ifa->scope > scope)
				continue;
			if (!daddr || !((daddr ^ ifa->local) & ifa->mask))
				return mynet_ifaddr_source(net, ifa->local);
			if (!addr && !(ifa->flags & IFA_F_DEPRECATED))
				addr = ifa->local;
			if (!last)
				last = ifa->local;
		}
	}
	if (addr || last)
		return addr ?: mynet_ifaddr_source(net, last);

	/* A device without one borrows another's (RFC 1812 2.2.7). */
	mynet_dev_for_each(mdev, inet->mnet->net)
		mynet_ifaddr_for_each(ifa, mdev)
			if (!(ifa->flags & IFA_F_SECONDARY) && ifa->scope != RT_SCOPE_LINK &&
			    ifa->scope <= scope)
				return ifa->local;
	return 0;
}

u8 mynet_addr_type(struct net *net, __be32 addr)
{
	u8 type;

	if (!addr || mn_addr_broadcast(addr))
		return RTN_BROADCAST;
	if (mn_addr_multicast(addr))
		return RTN_MULTICAST;
	rcu_read_lock();
	type = mn_fib_local_type(mn_inet(net), addr);
	rcu_read_unlock();
	return type;
}

int mynet_addr_device(struct net *net, __be32 addr)
{
	struct mynet_flow flow = { .daddr = addr };
	struct mn_fib_result res;
	struct mynet_ifaddr *ifa = mynet_ifaddr_find(net, addr);

	if (ifa)
		return ifa->mdev->dev->ifindex;
	if (mn_fib_lookup(mn_inet(net), &flow, &res) || res.type != RTN_LOCAL)
		return 0;
	return res.nh->dev->ifindex;
}

static const struct mynet_ifaddr *mn_addr_labelled(struct mynet_dev *mdev, const char *label,
						   __be32 addr)
{
	const struct mynet_ifaddr *ifa, *found = NULL;

	mynet_ifaddr_for_each(ifa, mdev) {
		if (strcmp(ifa->label, label))
			continue;
		if (ifa->local == addr)
			return ifa;
		found = found ?: ifa;
	}
	return found;
}

int mynet_addr_by_label(struct net *net, const char *label, __be32 addr,
			struct mynet_addr_info *info)
{
	const struct mynet_ifaddr *ifa = NULL;
	struct mynet_dev *mdev = NULL;
	struct net_device *dev;
	char name[IFNAMSIZ];

	strscpy(name, label, sizeof(name));
	name[strcspn(name, ":")] = '\0';

	rcu_read_lock();
	dev = dev_get_by_name_rcu(net, name);
	if (dev)
		mdev = mynet_dev_find(dev);
	if (mdev)
		ifa = mn_addr_labelled(mdev, label, addr);
	if (ifa)
		*info = (struct mynet_addr_info){ ifa->local, ifa->mask, ifa->broadcast };
	rcu_read_unlock();
	if (!dev)
		return -ENODEV;
	return ifa ? 0 : -EADDRNOTAVAIL;
}

/* --- out ---------------------------------------------------------------------------------- */

/* The device that an address of this host is on; RCU. */
static struct mn_indev *mn_route_indev(struct net *net, int oif, __be32 saddr)
{
	struct net_device *dev = oif ? dev_get_by_index_rcu(net, oif) : NULL;
	struct mynet_dev *mdev = dev ? mynet_dev_find(dev) : NULL;
	struct mynet_ifaddr *ifa;

	if (!oif && saddr) {
		ifa = mynet_ifaddr_find(net, saddr);
		mdev = ifa ? ifa->mdev : NULL;
	}
	return mdev ? mn_indev(mdev) : NULL;
}

/*
 * To a group or to everybody on the link: where the device is known, by name or by the source
 * address, no route is needed (RFC 1112 6.1).
 */
static struct mynet_dst *mn_route_group(struct mn_inet *inet, struct mynet_flow *flow)
{
	struct net *net = inet->mnet->net;
	struct mn_indev *indev = mn_route_indev(net, flow->oif, flow->saddr);
	struct mn_fib_result res;
	struct mynet_dst *dst;
	int err;

	if (indev && flow->oif && !(indev->mdev->dev->flags & IFF_UP))
		return ERR_PTR(-ENETUNREACH);
	if (indev) {
		dst = indev->group;
	} else {
		err = mn_fib_lookup(inet, flow, &res);
		if (err)
			return ERR_PTR(err);
		if (unlikely(res.info->nhs > 1))
			mn_hops_output(inet, flow, &res);
		dst = res.nh->dst;
	}
	if (!flow->saddr)
		flow->saddr = mynet_ifaddr_source(net, dst->prefsrc) ?:
			      mn_addr_select(inet, dst->dst.dev, 0, RT_SCOPE_LINK);
	return dst;
}

/*
 * A program that names the device needs no route: the destination is taken to be on the link, as
 * with INET.
 */
static struct mynet_dst *mn_route_on_link(struct mn_inet *inet, struct mynet_flow *flow, int err)
{
	struct mn_indev *indev = flow->oif ? mn_route_indev(inet->mnet->net, flow->oif, 0) : NULL;

	if (!indev || !(indev->mdev->dev->flags & IFF_UP))
		return ERR_PTR(err);
	if (!flow->saddr)
		flow->saddr = mn_addr_select(inet, indev->mdev->dev, 0, RT_SCOPE_LINK);
	return indev->link;
}

struct mynet_dst *mn_route_base(struct mn_inet *inet, struct mynet_flow *flow)
{
	struct mn_fib_result res;
	int err;

	if (mn_addr_many(flow->daddr))
		return mn_route_group(inet, flow);
	err = mn_fib_lookup(inet, flow, &res);
	if (err)
		return mn_route_on_link(inet, flow, err);
	if (unlikely(res.info->nhs > 1))
		mn_hops_output(inet, flow, &res);
	if (!flow->saddr && res.type == RTN_LOCAL)
		flow->saddr = res.nh->dst->prefsrc ?: flow->daddr;
	if (!flow->saddr)
		flow->saddr = mynet_ifaddr_source(inet->mnet->net, res.nh->dst->prefsrc) ?:
			      mn_addr_select(inet, res.nh->dev, res.nh->gateway ?: flow->daddr,
					     res.scope);
	return res.nh->dst;
}

struct mynet_dst *mynet_route_output(struct net *net, struct mynet_flow *flow)
{
	struct mn_inet *inet = mn_inet(net);
	struct mynet_dst *dst = mn_route_base(inet, flow);

	if (likely(!READ_ONCE(inet->paths.count)) || IS_ERR(dst))
		return dst;
	return mn_path_lookup(inet, dst, flow->daddr);
}

/* --- in ----------------------------------------------------------------------------------- */

/* RFC 1812 5.3.7, RFC 1122 3.2.1.3: addresses that no packet from a wire may have. */
static enum mynet_drop_reason mn_route_martian(const struct iphdr *iph,
					       const struct net_device *dev)
{
	if (mn_addr_multicast(iph->saddr) || mn_addr_broadcast(iph->saddr))
		return MYNET_DROP_IP_MARTIAN_SRC;
	if (mn_addr_zeronet(iph->saddr) &&
	    (iph->saddr || !(mn_addr_broadcast(iph->daddr) || mn_addr_multicast(iph->daddr))))
		return MYNET_DROP_IP_MARTIAN_SRC;
	if (mn_addr_zeronet(iph->daddr))
		return MYNET_DROP_IP_MARTIAN_DST;
	if (dev->flags & IFF_LOOPBACK)
		return MYNET_DROP_NONE;
	if (mn_addr_loopback(iph->saddr))
		return MYNET_DROP_IP_MARTIAN_SRC;
	if (mn_addr_loopback(iph->daddr))
		return MYNET_DROP_IP_MARTIAN_DST;
	return MYNET_DROP_NONE;
}

/* RFC 3704: would an answer leave by the device that the packet came by? */
static enum mynet_drop_reason mn_source_check(struct sk_buff *skb, struct mn_indev *indev)
{
	struct net_device *dev = indev->mdev->dev;
	const struct iphdr *iph = ip_hdr(skb);
	int rp_filter = READ_ONCE(indev->conf.rp_filter);
	struct mynet_flow flow = {
		.daddr	= iph->saddr,
		.saddr	= iph->daddr,
		.mark	= skb->mark,
		.tos	= iph->tos & ~3,
	};
	struct mn_fib_result res;

	/* A packet to a group or to all comes back to the sender's host, from its own address. */
	if (dev->flags & IFF_LOOPBACK || !iph->saddr || skb->pkt_type == PACKET_LOOPBACK)
		return MYNET_DROP_NONE;
	if (!READ_ONCE(indev->conf.accept_local) && mynet_ifaddr_find(dev_net(dev), iph->saddr))
		return MYNET_DROP_IP_MARTIAN_SRC;
	if (!rp_filter)
		return MYNET_DROP_NONE;
	if (unlikely(READ_ONCE(indev->inet->fib.ruled_by_ports))) {
		mn_rules_dissect(skb, &flow);
		swap(flow.sport, flow.dport);	/* of an answer */
	}
	if (mn_fib_lookup(indev->inet, &flow, &res) || res.type != RTN_UNICAST)
		return MYNET_DROP_IP_RPFILTER;
	if (rp_filter == 1 && !mn_fib_info_uses_dev(res.info, dev))
		return MYNET_DROP_IP_RPFILTER;
	return MYNET_DROP_NONE;
}

/* RFC 1122 3.3.6: what came to everyone on the link must be meant for everyone. */
static bool mn_l2_l3_dest_match(const struct sk_buff *skb, u8 type)
{
	return skb->pkt_type == PACKET_HOST || skb->pkt_type == PACKET_LOOPBACK ||
	       type == RTN_BROADCAST || type == RTN_MULTICAST;
}

/* A host that is no router does not care why there is no way on. */
static enum mynet_drop_reason mn_route_refusal(int err, bool forwarding)
{
	if (!forwarding)
		return MYNET_DROP_IP_NOT_HERE;
	switch (err) {
	case -EINVAL:		return MYNET_DROP_IP_BLACKHOLE;
	case -EHOSTUNREACH:	return MYNET_DROP_IP_UNREACHABLE;
	case -EACCES:		return MYNET_DROP_IP_PROHIBITED;
	default:		return MYNET_DROP_IP_NO_ROUTE;
	}
}

enum mynet_drop_reason mn_route_input(struct sk_buff *skb, struct mn_indev *indev)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct mynet_flow flow = {
		.daddr	= iph->daddr,
		.saddr	= iph->saddr,
		.iif	= skb->dev->ifindex,
		.mark	= skb->mark,
		.tos	= iph->tos & ~3,
		.proto	= iph->protocol,
	};
	bool forwarding = READ_ONCE(indev->conf.forwarding);
	enum mynet_drop_reason why;
	struct mn_fib_result res;
	int err;

	why = mn_route_martian(iph, skb->dev);
	if (!why)
		why = mn_source_check(skb, indev);
	if (why)
		return why;
	if (mn_addr_broadcast(iph->daddr)) {
		skb_dst_set_noref(skb, &indev->group->dst);
		return MYNET_DROP_NONE;
	}
	if (mn_addr_multicast(iph->daddr)) {
		if (!mn_mc_accepts(indev, iph->daddr, iph->saddr, iph->protocol))
			return MYNET_DROP_IP_GROUP;
		skb_dst_set_noref(skb, &indev->group->dst);
		return MYNET_DROP_NONE;
	}

	if (unlikely(READ_ONCE(indev->inet->fib.ruled_by_ports)))
		mn_rules_dissect(skb, &flow);
	err = mn_fib_lookup(indev->inet, &flow, &res);
	if (err)
		return mn_route_refusal(err, forwarding);
	if (!mn_l2_l3_dest_match(skb, res.type))
		return MYNET_DROP_IP_LINK_GROUP;
	if (res.type == RTN_UNICAST && !forwarding)
		return MYNET_DROP_IP_NOT_HERE;
	if (unlikely(res.info->nhs > 1))
		mn_hops_input(indev->inet, &flow, skb, &res);
	skb_dst_set_noref(skb, &res.nh->dst->dst);
	return MYNET_DROP_NONE;
}

void mynet_route_confirm(const struct dst_entry *dst, __be32 daddr)
{
	mynet_link_confirm(dst->dev, mynet_dst((struct dst_entry *)dst)->gateway ?: daddr);
}
