// SPDX-License-Identifier: GPL-2.0
/*
 * The way out: which link address a packet goes to.
 *
 * State: none.
 */
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/netdevice.h>

#include "core/drop.h"
#include "core/hop.h"
#include "link/private.h"

/* RFC 1112 6.4: the low 23 bits of the group, behind a fixed prefix. */
static void mn_multicast_ha(__be32 group, u8 *ha)
{
	u32 addr = ntohl(group);

	ha[0] = 0x01;
	ha[1] = 0x00;
	ha[2] = 0x5e;
	ha[3] = (addr >> 16) & 0x7f;
	ha[4] = addr >> 8;
	ha[5] = addr;
}

/* A stream got on since its last packet: its neighbour needs no asking (RFC 1122 2.3.2.1). */
static void mn_link_alive(struct sk_buff *skb, struct mynet_neigh *neigh)
{
	struct sock *sk = skb->sk;

	skb_set_dst_pending_confirm(skb, 0);
	mynet_neigh_confirm(neigh);
	if (sk && READ_ONCE(sk->sk_dst_pending_confirm))
		WRITE_ONCE(sk->sk_dst_pending_confirm, 0);
}

static int mn_link_output(struct sk_buff *skb, struct mynet_dev *mdev, __be32 nexthop)
{
	struct net_device *dev = mdev->dev;
	struct mynet_neigh *neigh;
	u8 ha[ETH_ALEN];

	if (unlikely(!(dev->flags & IFF_UP))) {
		mynet_drop(skb, MYNET_DROP_LINK_DOWN);
		return -ENETDOWN;
	}
	if (!mn_link_has_addresses(dev))
		return mn_link_xmit_to(skb, mdev, dev->dev_addr);
	if (ipv4_is_multicast(nexthop)) {
		mn_multicast_ha(nexthop, ha);
		return mn_link_xmit_to(skb, mdev, ha);
	}
	if (ipv4_is_lbcast(nexthop))
		return mn_link_xmit_to(skb, mdev, dev->broadcast);

	neigh = mn_neigh_find_or_make(mdev, nexthop);
	if (unlikely(!neigh)) {
		mynet_drop(skb, MYNET_DROP_NEIGH_TABLE_FULL);
		return -ENOBUFS;
	}
	if (unlikely(skb_get_dst_pending_confirm(skb)))
		mn_link_alive(skb, neigh);
	return mn_neigh_output(skb, neigh);
}

int mynet_link_output(struct sk_buff *skb, struct net_device *dev, __be32 nexthop)
{
	struct mynet_dev *mdev;
	int err = -ENETDOWN;

	skb->dev = dev;
	mynet_hop(skb, MYNET_HOP_LINK_OUT);

	rcu_read_lock();
	mdev = mynet_dev_find(dev);
	if (likely(mdev))
		err = mn_link_output(skb, mdev, nexthop);
	else
		mynet_drop(skb, MYNET_DROP_LINK_UNATTACHED);
	rcu_read_unlock();
	return err;
}

/* Taps have seen the packet on its way out or will; the copy takes the way of one that came. */
void mynet_link_loopback(struct sk_buff *skb, struct net_device *dev)
{
	struct mynet_dev *mdev = mynet_dev_find(dev);
	struct sk_buff *copy;

	if (!mdev)
		return;
	copy = skb_clone(skb, GFP_ATOMIC);
	if (!copy)
		return;
	copy->dev = dev;
	copy->protocol = mdev->ip_type;
	dev_loopback_xmit(dev_net(dev), NULL, copy);
}
