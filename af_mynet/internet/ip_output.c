// SPDX-License-Identifier: GPL-2.0
/*
 * IPv4 packets that leave, with their header before them (RFC 791, RFC 1122 3.3.1): the way down.
 *
 * State: none.
 */
#include <linux/rtnetlink.h>
#include <net/dst.h>

#include "internet/hooks.h"
#include "internet/inet.h"

static bool mn_ip_for_many(struct sk_buff *skb)
{
	return mn_addr_many(ip_hdr(skb)->daddr) ||
	       mynet_dst(skb_dst(skb))->type == RTN_BROADCAST;
}

static void mn_ip_count_many_out(const struct net *net, const struct sk_buff *skb)
{
	bool group = mn_addr_multicast(ip_hdr(skb)->daddr);
	struct mynet_net *mnet = mynet_net(net);

	mynet_mib_inc(mnet, group ? MYNET_MIB_IP_OUT_MCAST_PKTS : MYNET_MIB_IP_OUT_BCAST_PKTS);
	mynet_mib_add(mnet, group ? MYNET_MIB_IP_OUT_MCAST_OCTETS : MYNET_MIB_IP_OUT_BCAST_OCTETS,
		      skb->len);
}

/* Down to the link layer. */
static int mn_ip_output_link(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	__be32 nexthop = ip_hdr(skb)->daddr;

	if (unlikely(mn_ip_for_many(skb)))
		mn_ip_count_many_out(net, skb);
	/* Groups are reached on the link itself, whatever route led there. */
	if (!mn_addr_many(nexthop))
		nexthop = mynet_dst(skb_dst(skb))->gateway ?: nexthop;
	return mynet_link_output(skb, skb->dev, nexthop);
}

/*
 * Sends a packet; one that is larger than its way allows goes in pieces, a GSO packet is cut later.
 */
static int mn_ip_output_fit(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	unsigned int mtu = mynet_route_mtu(skb_dst(skb));

	if (likely(skb->len <= mtu))
		return mn_ip_output_link(net, sk, skb);
	if (skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu))
		return mn_ip_output_link(net, sk, skb);
	return mn_ip_fragment(net, sk, skb, mtu, mn_ip_output_link);
}

static bool mn_ip_listened(struct sk_buff *skb, const struct net_device *dev)
{
	struct mynet_dev *mdev = mynet_dev_find(dev);
	struct mn_indev *indev = mdev ? mn_indev(mdev) : NULL;
	const struct iphdr *iph = ip_hdr(skb);

	if (!indev || dev->flags & IFF_LOOPBACK || mn_ip_cb(skb)->flags & MN_IP_NOLOOP)
		return false;
	if (!mn_addr_multicast(iph->daddr))
		return true;
	return mn_mc_accepts(indev, iph->daddr, iph->saddr, iph->protocol);
}

/*
 * A packet to many goes to this host too, if it listens (RFC 1112 6.1); one that has no hop to live
 * goes nowhere else. Return: false: consumed.
 */
static bool mn_ip_output_many(struct sk_buff *skb)
{
	struct net_device *dev = skb_dst(skb)->dev;
	const struct iphdr *iph = ip_hdr(skb);

	rcu_read_lock();
	if (mn_ip_listened(skb, dev))
		mynet_link_loopback(skb, dev);
	rcu_read_unlock();
	if (iph->ttl || dev->flags & IFF_LOOPBACK)
		return true;
	consume_skb(skb);
	return false;
}

int mn_ip_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct net_device *dev = skb_dst(skb)->dev;

	mynet_hop(skb, MYNET_HOP_IP_OUT);
	skb->dev = dev;
	skb->protocol = htons(ETH_P_IP);
	if (!mynet_hook_run(net, skb, MYNET_HOOK_POST_ROUTING))
		return -EPERM;
	if (unlikely(mn_ip_for_many(skb)) && !mn_ip_output_many(skb))
		return 0;
	return mn_ip_output_fit(net, sk, skb);
}
