// SPDX-License-Identifier: GPL-2.0
/*
 * Packets for other hosts (RFC 1812 5.3): one hop on, if they live that long and fit.
 *
 * State: none.
 */
#include <linux/icmp.h>
#include <linux/rtnetlink.h>
#include <net/dst.h>

#include "internet/hooks.h"
#include "internet/inet.h"

/* A verdict: may it go on? RFC 1812 5.3.1, 4.2.3.3. */
static enum mynet_drop_reason mn_forward_check(struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	unsigned int mtu = mynet_route_mtu(skb_dst(skb));

	if (skb->pkt_type != PACKET_HOST)
		return MYNET_DROP_IP_LINK_GROUP;
	if (iph->ttl <= 1)
		return MYNET_DROP_IP_TTL;
	if (skb->len <= mtu || !(iph->frag_off & htons(MN_IP_DF)))
		return MYNET_DROP_NONE;
	if (skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu))
		return MYNET_DROP_NONE;
	return MYNET_DROP_IP_TOO_BIG;
}

static int mn_forward_refuse(struct sk_buff *skb, struct mynet_net *mnet,
			     enum mynet_drop_reason why)
{
	if (why == MYNET_DROP_IP_TTL) {
		mynet_mib_inc(mnet, MYNET_MIB_IP_IN_HDR_ERRORS);
		mynet_icmp_error(skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
	} else if (why == MYNET_DROP_IP_TOO_BIG) {
		mynet_mib_inc(mnet, MYNET_MIB_IP_FRAG_FAILS);
		/* RFC 1191 4: the next hop's MTU */
		mynet_icmp_error(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED,
				 htonl(mynet_route_mtu(skb_dst(skb))));
	} else {
		mynet_mib_inc(mnet, MYNET_MIB_IP_IN_ADDR_ERRORS);
	}
	return mynet_drop(skb, why);
}

/*
 * One less to live, the checksum follows (RFC 1624 eqn. 3). The word that has the ttl in its
 * upper half becomes 0x0100 smaller, so the checksum becomes that much larger.
 */
static void mn_ttl_decrease(struct iphdr *iph)
{
	u32 check = (__force u32)iph->check + (__force u32)htons(0x0100);

	iph->check = (__force __sum16)(check + (check >= 0xffff));
	iph->ttl--;
}

/* Do both stand on one network of the device? Then the one can reach the other without us. */
static bool mn_on_one_network(struct mynet_dev *mdev, __be32 one, __be32 other)
{
	const struct mynet_ifaddr *ifa;

	mynet_ifaddr_for_each(ifa, mdev)
		if (!((ifa->local ^ one) & ifa->mask) && !((ifa->local ^ other) & ifa->mask))
			return true;
	return false;
}

/* RFC 1812 5.2.7.2: it goes back where it came from, and its sender could do without us. */
static void mn_forward_redirect(struct sk_buff *skb)
{
	struct mynet_dev *mdev = mynet_dev_find(skb->dev);
	struct mn_indev *indev = mdev ? mn_indev(mdev) : NULL;
	const struct iphdr *iph = ip_hdr(skb);
	__be32 nexthop = mynet_dst(skb_dst(skb))->gateway ?: iph->daddr;

	if (indev && READ_ONCE(indev->conf.send_redirects) &&
	    mn_on_one_network(mdev, iph->saddr, nexthop))
		mynet_icmp_error(skb, ICMP_REDIRECT, ICMP_REDIR_HOST, nexthop);
}

/* RFC 1027: who asks on one link for a host on another may send to us. */
bool mn_forward_proxy(struct mynet_dev *mdev, __be32 addr)
{
	struct mn_indev *indev = mn_indev(mdev);
	struct mynet_flow flow = { .daddr = addr, .iif = mdev->dev->ifindex };
	struct mn_fib_result res;

	if (!indev || !READ_ONCE(indev->conf.forwarding))
		return false;
	return !mn_fib_lookup(indev->inet, &flow, &res) && res.type == RTN_UNICAST &&
	       res.nh->dev != mdev->dev;
}

/* RFC 2113: it is for the programs here that asked, if there are any. Return: true: consumed. */
static bool mn_forward_alert(struct sk_buff *skb)
{
	const struct mynet_raw_ops *upper = mn_raw_ops();

	if (skb->pkt_type != PACKET_HOST || !upper || !upper->alert(skb))
		return false;
	if (mn_ip_fragment_of(ip_hdr(skb))) {
		skb = mn_ip_reassemble(skb);
		if (!skb)
			return true;
		upper->alert(skb);
	}
	consume_skb(skb);
	return true;
}

int mn_ip_forward(struct sk_buff *skb)
{
	struct dst_entry *dst = skb_dst(skb);
	struct mynet_net *mnet = mynet_net(dev_net(skb->dev));
	enum mynet_drop_reason why;

	mynet_hop(skb, MYNET_HOP_IP_FORWARD);
	/* Cut again, its pieces would not be those that were sent. */
	if (skb_warn_if_lro(skb))
		return mynet_drop(skb, MYNET_DROP_IP_LRO);
	if (unlikely(mn_ip_cb(skb)->flags & MN_IP_ALERT) && mn_forward_alert(skb))
		return NET_RX_SUCCESS;
	why = mn_forward_check(skb);
	if (unlikely(why))
		return mn_forward_refuse(skb, mnet, why);
	if (!mynet_hook_run(mnet->net, skb, MYNET_HOOK_FORWARD))
		return NET_RX_DROP;

	if (unlikely(dst->dev == skb->dev))
		mn_forward_redirect(skb);
	/* The header is ours to write, and the next link header finds room before it. */
	if (skb_cow(skb, LL_RESERVED_SPACE(dst->dev) + dst->header_len)) {
		mynet_mib_inc(mnet, MYNET_MIB_IP_IN_DISCARDS);
		return mynet_drop(skb, MYNET_DROP_IP_NOMEM);
	}
	mn_ttl_decrease(ip_hdr(skb));
	if (unlikely(mn_ip_cb(skb)->flags & MN_IP_RECORD))
		mn_ip_options_forward(skb);
	mn_ip_cb(skb)->flags |= MN_IP_FORWARDED;
	skb_forward_csum(skb);
	skb_clear_tstamp(skb);

	mynet_mib_inc(mnet, MYNET_MIB_IP_OUT_FORW_DATAGRAMS);
	mynet_mib_add(mnet, MYNET_MIB_IP_OUT_OCTETS, skb->len);
	return dst->output(mnet->net, skb->sk, skb);
}
