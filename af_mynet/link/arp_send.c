// SPDX-License-Identifier: GPL-2.0
/*
 * ARP packets that go out (RFC 826): builds requests and replies.
 *
 * State: none.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>

#include "core/drop.h"
#include "core/hop.h"
#include "core/mib.h"
#include "link/private.h"

static struct sk_buff *mn_arp_build(struct mynet_dev *mdev, u16 op, __be32 sip, __be32 tip,
				    const u8 *tha)
{
	struct net_device *dev = mdev->dev;
	struct mn_arp_body *body;
	struct sk_buff *skb;
	struct arphdr *arp;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + MN_ARP_LEN + dev->needed_tailroom, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	skb_reset_network_header(skb);
	skb->dev = dev;
	skb->protocol = mdev->arp_type;
	skb->priority = TC_PRIO_CONTROL;

	arp = skb_put(skb, sizeof(*arp));
	arp->ar_hrd = htons(ARPHRD_ETHER);
	arp->ar_pro = htons(ETH_P_IP);
	arp->ar_hln = ETH_ALEN;
	arp->ar_pln = sizeof(__be32);
	arp->ar_op = htons(op);

	body = skb_put(skb, sizeof(*body));
	ether_addr_copy(body->sha, dev->dev_addr);
	body->sip = sip;
	if (tha)
		memcpy(body->tha, tha, ETH_ALEN);
	else
		eth_zero_addr(body->tha);
	body->tip = tip;
	return skb;
}

/*
 * Sends @op from @sip about @tip to the link address @dest. @tha is the target's hardware
 * address, NULL where it is not known.
 */
void mn_arp_send(struct mynet_dev *mdev, u16 op, __be32 sip, __be32 tip, const u8 *tha,
		 const u8 *dest)
{
	struct net_device *dev = mdev->dev;
	struct sk_buff *skb;

	if (!mn_link_has_addresses(dev) || dev->flags & IFF_NOARP)
		return;
	skb = mn_arp_build(mdev, op, sip, tip, tha);
	if (!skb)
		return;
	if (dev_hard_header(skb, dev, ntohs(mdev->arp_type), dest, NULL, skb->len) < 0) {
		mynet_drop(skb, MYNET_DROP_LINK_HEADER);
		return;
	}
	mynet_mib_inc(mdev->mnet, op == ARPOP_REQUEST ? MYNET_MIB_ARP_OUT_REQUESTS :
							MYNET_MIB_ARP_OUT_REPLIES);
	mynet_hop(skb, MYNET_HOP_DEV_OUT);
	dev_queue_xmit(skb);
}
