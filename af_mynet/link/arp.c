// SPDX-License-Identifier: GPL-2.0
/*
 * ARP packets that come in (RFC 826, RFC 1122 2.3.2, RFC 5227): takes them apart and
 * decides whether to answer.
 *
 * State: none; what is learnt goes into the neighbours' entries.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/in.h>
#include <linux/netdevice.h>

#include "core/drop.h"
#include "core/hop.h"
#include "core/mib.h"
#include "link/private.h"

/* An ARP packet that came in, taken apart. */
struct mn_arp_msg {
	u16			op;
	bool			to_us;		/* by its link address */
	__be32			sip;
	__be32			tip;
	const u8		*sha;
};

static bool mn_arp_for_ethernet(const struct arphdr *arp)
{
	return arp->ar_hrd == htons(ARPHRD_ETHER) || arp->ar_hrd == htons(ARPHRD_IEEE802);
}

static enum mynet_drop_reason mn_arp_parse(struct sk_buff *skb, const struct mynet_dev *mdev,
					   struct mn_arp_msg *heard)
{
	const struct mn_arp_body *body;
	const struct arphdr *arp;

	if (!mn_link_has_addresses(mdev->dev) || mdev->dev->flags & IFF_NOARP)
		return MYNET_DROP_ARP_BAD;
	if (!pskb_may_pull(skb, MN_ARP_LEN))
		return MYNET_DROP_ARP_TRUNC;

	arp = (const struct arphdr *)skb->data;
	body = (const struct mn_arp_body *)(arp + 1);
	if (!mn_arp_for_ethernet(arp) || arp->ar_pro != htons(ETH_P_IP) ||
	    arp->ar_hln != ETH_ALEN || arp->ar_pln != sizeof(__be32))
		return MYNET_DROP_ARP_BAD;

	heard->op = ntohs(arp->ar_op);
	heard->to_us = skb->pkt_type == PACKET_HOST;
	heard->sip = get_unaligned(&body->sip);
	heard->tip = get_unaligned(&body->tip);
	heard->sha = body->sha;

	if (heard->op != ARPOP_REQUEST && heard->op != ARPOP_REPLY)
		return MYNET_DROP_ARP_BAD;
	if (ipv4_is_multicast(heard->tip) || ipv4_is_loopback(heard->tip) ||
	    ipv4_is_multicast(heard->sip) || ipv4_is_loopback(heard->sip) ||
	    ipv4_is_lbcast(heard->sip) || !is_valid_ether_addr(heard->sha))
		return MYNET_DROP_ARP_ADDR;
	return MYNET_DROP_NONE;
}

/*
 * Is the address asked for one of ours that this device may answer for? What the knob says
 * is what net.ipv4.conf.*.arp_ignore says with the same value.
 */
static bool mn_arp_is_ours(struct mynet_dev *mdev, __be32 tip, __be32 sip)
{
	int ignore = mn_arp_knob(mdev, MN_ARP_IGNORE);
	const struct mynet_ifaddr *ifa;

	if (ignore == 8)
		return false;
	if (ignore == 0)
		return mynet_ifaddr_find(mdev->mnet->net, tip);
	ifa = mynet_ifaddr_find_dev(mdev, tip);
	if (!ifa || ignore == 1)
		return ifa;
	return !sip || !((sip ^ ifa->local) & ifa->mask);
}

static bool mn_arp_is_proxied(struct mynet_dev *mdev, __be32 tip)
{
	struct mynet_neigh *neigh = mn_neigh_find(mdev, tip);

	if (neigh && READ_ONCE(neigh->flags) & NTF_PROXY)
		return true;
	return mn_arp_knob(mdev, MN_ARP_PROXY) && mn_link_ops->proxy &&
	       mn_link_ops->proxy(mdev, tip);
}

/*
 * Answers a request. Its sender is going to hear from us soon: an entry is made even if there was
 * none.
 */
static void mn_arp_request(struct mynet_dev *mdev, const struct mn_arp_msg *heard)
{
	struct mynet_neigh *neigh;

	if (!mn_arp_is_ours(mdev, heard->tip, heard->sip) && !mn_arp_is_proxied(mdev, heard->tip))
		return;
	if (heard->sip) {
		neigh = mn_neigh_find_or_make(mdev, heard->sip);
		if (neigh)
			mn_neigh_heard(neigh, heard->sha, false, false);
	}
	mn_arp_send(mdev, ARPOP_REPLY, heard->tip, heard->sip, heard->sha, heard->sha);
}

/*
 * Takes note of a host that says what it is called without being asked, or that answers us. A host
 * without an entry gets none by this.
 */
static void mn_arp_update(struct mynet_dev *mdev, const struct mn_arp_msg *heard)
{
	bool accept = mn_arp_knob(mdev, MN_ARP_ACCEPT);
	bool gratuitous = heard->sip == heard->tip;
	struct mynet_neigh *neigh;

	if (accept && gratuitous)
		neigh = mn_neigh_find_or_make(mdev, heard->sip);
	else
		neigh = mn_neigh_find(mdev, heard->sip);
	if (!neigh)
		return;
	mn_neigh_heard(neigh, heard->sha, heard->op == ARPOP_REPLY && heard->to_us && !gratuitous,
		       gratuitous);
}

static void mn_arp_input(struct mynet_dev *mdev, const struct mn_arp_msg *heard)
{
	mynet_mib_inc(mdev->mnet, heard->op == ARPOP_REQUEST ? MYNET_MIB_ARP_IN_REQUESTS :
							       MYNET_MIB_ARP_IN_REPLIES);
	/* Our own voice, come back through a loop or a bridge. */
	if (ether_addr_equal(heard->sha, mdev->dev->dev_addr))
		return;
	if (unlikely(!list_empty(&mn_dev(mdev)->probing)))
		mn_probe_hear(mdev, heard->sip, heard->tip, heard->op == ARPOP_REQUEST,
			      heard->sha);
	if (heard->sip && mynet_ifaddr_find_dev(mdev, heard->sip)) {
		mn_ifaddr_conflict(mdev, heard->sip, heard->sha);
		return;
	}
	if (heard->op == ARPOP_REQUEST && heard->sip != heard->tip)
		mn_arp_request(mdev, heard);
	else if (heard->sip)
		mn_arp_update(mdev, heard);
}

int mn_arp_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
	       struct net_device *orig_dev)
{
	struct mn_dev *m = container_of(pt, struct mn_dev, arp_pt);
	enum mynet_drop_reason reason;
	struct mn_arp_msg heard;

	if (dev != m->pub.dev) {
		consume_skb(skb);
		return NET_RX_SUCCESS;
	}
	if (skb->pkt_type == PACKET_OTHERHOST || skb->pkt_type == PACKET_LOOPBACK)
		return mynet_drop(skb, MYNET_DROP_LINK_OTHERHOST);
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NET_RX_DROP;

	mynet_hop(skb, MYNET_HOP_DEV_IN);
	reason = mn_arp_parse(skb, &m->pub, &heard);
	if (reason)
		return mynet_drop(skb, reason);
	mn_arp_input(&m->pub, &heard);
	consume_skb(skb);
	return NET_RX_SUCCESS;
}
