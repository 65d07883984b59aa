// SPDX-License-Identifier: GPL-2.0
/*
 * Large packets in native mode: what the kernel does for EtherType 0x0800 is done for ours.
 *
 * State: mn_offload, registered with the kernel while the room is open.
 *
 * Behind the EtherType our packets are IPv4, so whoever cuts and joins IPv4 is asked to: found in
 * the kernel's table of offloads by type, as encapsulations find it.
 */
#include <linux/netdevice.h>
#include <net/gro.h>

#include "link/private.h"

/*
 * The header before the data is not to be pulled a second time: while it is cut, mac_len says
 * that there is none. Each piece gets a copy of it all the same, by its place.
 */
static struct sk_buff *mn_gso_segment(struct sk_buff *skb, netdev_features_t features)
{
	u16 mac_len = skb->mac_len;
	struct sk_buff *segs, *seg;

	skb->protocol = htons(ETH_P_IP);
	skb->mac_len = 0;
	segs = skb_mac_gso_segment(skb, features);
	skb->protocol = htons(MYNET_ETH_P_IP);
	skb->mac_len = mac_len;

	if (IS_ERR(segs))
		return segs;
	for (seg = segs; seg; seg = seg->next)
		seg->protocol = htons(MYNET_ETH_P_IP);
	return segs;
}

static struct sk_buff *mn_gro_receive(struct list_head *head, struct sk_buff *skb)
{
	const struct packet_offload *ip = gro_find_receive_by_type(htons(ETH_P_IP));

	if (!ip) {
		NAPI_GRO_CB(skb)->flush = 1;
		return NULL;
	}
	return call_gro_receive(ip->callbacks.gro_receive, head, skb);
}

static int mn_gro_complete(struct sk_buff *skb, int nhoff)
{
	const struct packet_offload *ip = gro_find_complete_by_type(htons(ETH_P_IP));

	return ip ? ip->callbacks.gro_complete(skb, nhoff) : -ENOENT;
}

static struct packet_offload mn_offload __read_mostly = {
	.type = htons(MYNET_ETH_P_IP),
	.callbacks = {
		.gso_segment	= mn_gso_segment,
		.gro_receive	= mn_gro_receive,
		.gro_complete	= mn_gro_complete,
	},
};

void mn_offload_init(void)
{
	dev_add_offload(&mn_offload);
}

void mn_offload_exit(void)
{
	dev_remove_offload(&mn_offload);
}
