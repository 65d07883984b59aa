// SPDX-License-Identifier: GPL-2.0
/*
 * The link header before a packet, cached or made by the device, and the device's queue.
 *
 * State: struct mn_header, which each neighbour has; the neighbour's lock keeps writers apart.
 *
 * skb->protocol is what the device and the qdiscs believe a packet to be. On a device in inet
 * mode that is IPv4, so segmentation, checksum offload and classifiers do their work as
 * ever.
 */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>

#include "core/drop.h"
#include "core/hop.h"
#include "core/mib.h"
#include "link/private.h"

/*
 * Can the header be cached? Only what eth_header() writes is known to depend on nothing but
 * addresses and type; other makers (VLANs) are asked for each packet.
 */
static bool mn_header_cacheable(const struct net_device *dev)
{
	return dev->header_ops && dev->header_ops->create == eth_header;
}

/* The neighbour's lock keeps other writers out. @ha NULL: it has no address any more. */
void mn_header_set(struct mn_header *header, const struct mynet_dev *mdev, const u8 *ha)
{
	u8 *end = (u8 *)(header->data + ARRAY_SIZE(header->data));
	struct ethhdr *eth = (struct ethhdr *)(end - ETH_HLEN);

	BUILD_BUG_ON(sizeof(header->data) < ETH_HLEN);

	write_seqlock_bh(&header->lock);
	if (ha) {
		ether_addr_copy(header->ha, ha);
		memcpy(eth->h_dest, ha, ETH_ALEN);
		memcpy(eth->h_source, mdev->dev->dev_addr, ETH_ALEN);
		eth->h_proto = mdev->ip_type;
	}
	WRITE_ONCE(header->ready, ha && mn_header_cacheable(mdev->dev));
	write_sequnlock_bh(&header->lock);
}

/* The header ends at skb->data; what comes before it in the two words is no one's. */
static void mn_header_copy(struct sk_buff *skb, const struct mn_header *header)
{
	u64 words[ARRAY_SIZE(header->data)];
	unsigned int seq;

	do {
		seq = read_seqbegin(&header->lock);
		words[0] = READ_ONCE(header->data[0]);
		words[1] = READ_ONCE(header->data[1]);
	} while (read_seqretry(&header->lock, seq));

	memcpy(skb->data - sizeof(words), words, sizeof(words));
	__skb_push(skb, ETH_HLEN);
}

static void mn_header_ha(const struct mn_header *header, u8 *ha)
{
	unsigned int seq;

	do {
		seq = read_seqbegin(&header->lock);
		ether_addr_copy(ha, header->ha);
	} while (read_seqretry(&header->lock, seq));
}

/* The copy of a cached header is two words wide, so there must be room for those. */
static unsigned int mn_link_room(const struct net_device *dev)
{
	return max_t(unsigned int, LL_RESERVED_SPACE(dev), 2 * sizeof(u64));
}

static int mn_link_queue(struct sk_buff *skb, struct mynet_dev *mdev, unsigned int len)
{
	mynet_hop(skb, MYNET_HOP_DEV_OUT);
	mynet_mib_inc(mdev->mnet, MYNET_MIB_LINK_OUT);
	mynet_mib_add(mdev->mnet, MYNET_MIB_LINK_OUT_BYTES, len);
	return dev_queue_xmit(skb);
}

/* 0, or the packet was dropped. */
static int mn_link_prepare(struct sk_buff *skb, struct mynet_dev *mdev)
{
	skb->dev = mdev->dev;
	skb->protocol = mdev->ip_type;
	if (likely(skb_headroom(skb) >= mn_link_room(mdev->dev)))
		return 0;
	if (!skb_cow_head(skb, mn_link_room(mdev->dev)))
		return 0;
	mynet_drop(skb, MYNET_DROP_LINK_NOMEM);
	return -ENOMEM;
}

/* To a link address, NULL where the link has none. */
int mn_link_xmit_to(struct sk_buff *skb, struct mynet_dev *mdev, const u8 *ha)
{
	unsigned int len = skb->len;
	int err;

	err = mn_link_prepare(skb, mdev);
	if (err)
		return err;
	if (dev_hard_header(skb, mdev->dev, ntohs(mdev->ip_type), ha, NULL, len) < 0) {
		mynet_drop(skb, MYNET_DROP_LINK_HEADER);
		return -EINVAL;
	}
	return mn_link_queue(skb, mdev, len);
}

/* To a neighbour. */
int mn_link_xmit(struct sk_buff *skb, struct mynet_dev *mdev, const struct mn_header *header)
{
	unsigned int len = skb->len;
	u8 ha[ETH_ALEN] __aligned(4);
	int err;

	if (unlikely(!READ_ONCE(header->ready))) {
		mn_header_ha(header, ha);
		return mn_link_xmit_to(skb, mdev, ha);
	}
	err = mn_link_prepare(skb, mdev);
	if (err)
		return err;
	mn_header_copy(skb, header);
	return mn_link_queue(skb, mdev, len);
}

/* Are hosts on this link told apart by link addresses? */
bool mn_link_has_addresses(const struct net_device *dev)
{
	return dev->header_ops && dev->header_ops->create && !(dev->flags & IFF_LOOPBACK);
}
