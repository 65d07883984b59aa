/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Door of the link room: devices that are attached to MYNET, the addresses on them, their
 * neighbours, and the way out and in.
 *
 * Upwards the room speaks through one struct mynet_link_ops, which the internet layer hands
 * over when it opens. RTNL guards every change of devices and addresses; packets see them
 * under RCU.
 */
#ifndef MYNET_LINK_H
#define MYNET_LINK_H

#include <linux/if.h>
#include <linux/list.h>
#include <linux/mynet.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "core/core.h"

struct mynet_dev;
struct mynet_ifaddr;
struct mynet_neigh;

/* The events of a device, in the order of its life. */
enum mynet_dev_event {
	MYNET_DEV_ATTACHED,	/* it is ours now; nothing of it is known above. May be refused */
	MYNET_DEV_UP,		/* it sends and receives; told after ATTACHED too if it is up */
	MYNET_DEV_CHANGE,	/* carrier or flags: see the net_device */
	MYNET_DEV_MTU,		/* dev->mtu is a new one */
	MYNET_DEV_NAME,		/* dev->name is a new one */
	MYNET_DEV_DOWN,		/* it stops; addresses stay. Told before GONE too if it was up */
	MYNET_DEV_GONE,		/* no address, no neighbour is left; packets may still see it. */
				/* stands for the ADDR_DEL of all its addresses */
};

enum mynet_addr_event {
	MYNET_ADDR_ADD,		/* the address is found by look-ups from now on */
	MYNET_ADDR_DEL,		/* it is no longer found and freed after a grace period; or it */
				/* stays, its network's primary address changes, and ADD follows */
};

/**
 * struct mynet_link_ops - what the layer above does for the link layer
 * @input: a packet came in. skb->data and the network header are at the IPv4 header, of which
 *	nothing is checked or pulled; skb is not shared, skb->dev is @mdev's; skb->pkt_type is
 *	HOST, BROADCAST or MULTICAST. Consumes @skb. RCU read section, bottom halves off.
 * @neigh_failed: the next hop of a packet of ours did not answer. skb->data is at the IPv4
 *	header, skb->dev is the device it was to leave by, its dst is as it was given to us.
 *	Consumes @skb: drops it, and tells whoever sent it. RCU read section, bottom halves off.
 * @dev_event: see enum mynet_dev_event. Only the answer to ATTACHED matters: -errno refuses
 *	the device. RTNL.
 * @addr_event: see enum mynet_addr_event. Comes for devices that are down as well. RTNL.
 * @proxy: may be NULL. Does this host forward what is sent to @addr out of another device than
 *	@mdev, so that it may answer ARP requests for it? RCU read section.
 */
struct mynet_link_ops {
	int	(*input)(struct sk_buff *skb, struct mynet_dev *mdev);
	void	(*neigh_failed)(struct sk_buff *skb);
	int	(*dev_event)(struct mynet_dev *mdev, enum mynet_dev_event event,
			     struct netlink_ext_ack *extack);
	void	(*addr_event)(struct mynet_ifaddr *ifa, enum mynet_addr_event event);
	bool	(*proxy)(struct mynet_dev *mdev, __be32 addr);
};

/**
 * struct mynet_dev - a device that is attached to MYNET
 * @dev: the device
 * @mnet: its namespace; a device that moves to another one is detached
 * @mode: MYNET_DEV_MODE_INET or MYNET_DEV_MODE_NATIVE; fixed
 * @ip_type: EtherType of its IPv4 packets on the wire and in skb->protocol on the way out
 * @arp_type: EtherType of its ARP packets
 * @addrs: its struct mynet_ifaddr, primary addresses before secondary ones of the same scope.
 *	Written under RTNL, read under RCU
 * @upper: the layer above keeps here what it knows of the device. Set by it under RTNL, not
 *	looked at by the link layer
 *
 * All but @addrs and @upper is fixed at birth.
 *
 * Lifetime: found under RCU, usable until the end of the RCU section or, under RTNL, until
 * MYNET_DEV_GONE was told. Whoever keeps a pointer for longer lets go of it at that event:
 * a grace period passes between the event and the end.
 */
struct mynet_dev {
	struct net_device	*dev;
	struct mynet_net	*mnet;
	u8			mode;
	__be16			ip_type;
	__be16			arp_type;
	struct list_head	addrs;
	void __rcu		*upper;
};

#define MYNET_LIFE_FOREVER	U32_MAX

/**
 * struct mynet_ifaddr - an address of this host
 * @mdev: device it is on; lives longer than the address
 * @list: in @mdev->addrs
 * @hash: ifaddr.c's
 * @local: the address
 * @mask: network mask of @prefixlen bits
 * @broadcast: broadcast address of its network, 0: it has none
 * @prefixlen: 0 to 32
 * @scope: RT_SCOPE_*
 * @flags: IFA_F_SECONDARY, IFA_F_PERMANENT, IFA_F_NOPREFIXROUTE, IFA_F_DEPRECATED; see
 *	linux/if_addr.h
 * @valid_until: when it goes, in seconds since the machine was started; MYNET_LIFE_FOREVER: never
 * @preferred_until: when it becomes deprecated: not to be chosen where there is another one
 * @label: name shown beside it
 * @defended: jiffies when it was last defended against another host's claim; no lock
 * @rcu: its end
 *
 * Read by everyone, written by ifaddr.c, its times by ifaddr_life.c. Only they, @flags and
 * @defended change after birth: when the primary address of a network goes, a secondary one takes
 * its place, which is told as DEL and ADD.
 */
struct mynet_ifaddr {
	struct mynet_dev	*mdev;
	struct list_head	list;
	struct hlist_node	hash;
	__be32			local;
	__be32			mask;
	__be32			broadcast;
	u8			prefixlen;
	u8			scope;
	u32			flags;
	u32			valid_until;
	u32			preferred_until;
	char			label[IFNAMSIZ];
	unsigned long		defended;
	struct rcu_head		rcu;
};

/**
 * mynet_link_output() - send a packet to the next host
 * @skb: packet, consumed; skb->data and the network header are at its IPv4 header. It may be
 *	a GSO packet, its checksum may be left to the device
 * @dev: device it leaves by; skb->dev need not be set
 * @nexthop: the host on that link it goes to. Multicast and broadcast addresses (255.255.255.255
 *	and those of the device's networks) go to the link's own; a device without addresses
 *	on the link (loopback, tun) does not look at it
 *
 * Waits in a bounded queue while the neighbour's address is asked for; if there is no answer it
 * comes back by mynet_link_ops.neigh_failed.
 *
 * Context: Any in which packets are sent; takes its own RCU section. Takes no lock of a socket.
 * Return: 0, NET_XMIT_* of the device's queue, or -errno: it was dropped.
 */
int mynet_link_output(struct sk_buff *skb, struct net_device *dev, __be32 nexthop);

/**
 * mynet_link_loopback() - receive what is being sent
 * @skb: packet to many, borrowed: as for mynet_link_output(), its dst is set
 * @dev: device it leaves by; a copy comes in there as PACKET_LOOPBACK
 *
 * Context: RCU read section.
 */
void mynet_link_loopback(struct sk_buff *skb, struct net_device *dev);

/**
 * mynet_dev_find() - the MYNET side of a device
 * @dev: any device
 *
 * Context: RCU read section or RTNL; borrows.
 * Return: NULL if it is not attached.
 */
struct mynet_dev *mynet_dev_find(const struct net_device *dev);

/* The network mask of so many bits. */
static inline __be32 mynet_mask(unsigned int prefixlen)
{
	return prefixlen ? htonl(~0U << (32 - prefixlen)) : 0;
}

/**
 * mynet_ifaddr_find() - is this an address of this host?
 * @net: namespace
 * @addr: address to look for
 *
 * Context: RCU read section or RTNL; borrows.
 * Return: an address with that value on any attached device, or NULL.
 */
struct mynet_ifaddr *mynet_ifaddr_find(struct net *net, __be32 addr);

/**
 * mynet_ifaddr_find_dev() - is this an address of this device?
 * @mdev: attached device
 * @addr: address to look for
 *
 * Context: RCU read section or RTNL; borrows.
 * Return: the address or NULL.
 */
struct mynet_ifaddr *mynet_ifaddr_find_dev(struct mynet_dev *mdev, __be32 addr);

/**
 * mynet_ifaddr_source() - the address to send from where one is named by a route
 * @net: namespace
 * @addr: the address named
 *
 * Context: RCU read section or RTNL.
 * Return: another one of its network and device if it is deprecated and there is one, else @addr.
 */
__be32 mynet_ifaddr_source(struct net *net, __be32 addr);

/* All addresses of a device; RCU read section or RTNL. */
#define mynet_ifaddr_for_each(ifa, mdev)					\
	list_for_each_entry_rcu(ifa, &(mdev)->addrs, list, lockdep_rtnl_is_held())

/* All attached devices of a namespace, by growing ifindex; RCU read section or RTNL. */
struct mynet_dev *mynet_dev_next(struct net *net, int after_ifindex);
#define mynet_dev_for_each(mdev, net)						\
	for (mdev = mynet_dev_next(net, 0); mdev;				\
	     mdev = mynet_dev_next(net, (mdev)->dev->ifindex))

/**
 * mynet_neigh_get() - the neighbour entry of a next hop, to be kept in a dst
 * @mdev: device
 * @nexthop: as for mynet_link_output()
 *
 * Makes the entry if there is none. The kept entry outlives its device; it merely stops
 * being valid.
 *
 * Context: RCU read section, bottom halves on or off.
 * Return: the entry, to be given back with mynet_neigh_put(); NULL if there is no room or the
 * device needs none (loopback, tun, multicast): then mynet_link_output() is the way.
 */
struct mynet_neigh *mynet_neigh_get(struct mynet_dev *mdev, __be32 nexthop);

/**
 * mynet_neigh_put() - give an entry back
 * @neigh: entry or NULL
 *
 * Context: Any.
 */
void mynet_neigh_put(struct mynet_neigh *neigh);

/**
 * mynet_neigh_valid() - is a kept entry still the one to use?
 * @neigh: kept entry
 *
 * Context: Any.
 * Return: false when it has left the table: give it back and get a new one.
 */
bool mynet_neigh_valid(const struct mynet_neigh *neigh);

/**
 * mynet_neigh_output() - mynet_link_output() with a kept entry
 * @skb: as there
 * @neigh: kept entry; if it is no longer valid the packet is dropped
 *
 * Context: Any in which packets are sent.
 * Return: as there.
 */
int mynet_neigh_output(struct sk_buff *skb, struct mynet_neigh *neigh);

/**
 * mynet_neigh_confirm() - a transport has heard from the other end: the next hop is alive
 * @neigh: kept entry
 *
 * Costs a store at most once a tick.
 *
 * Context: Any.
 */
void mynet_neigh_confirm(struct mynet_neigh *neigh);

/**
 * mynet_link_confirm() - the same without a kept entry
 * @dev: device
 * @nexthop: next hop
 *
 * Context: Any; takes its own RCU section.
 */
void mynet_link_confirm(struct net_device *dev, __be32 nexthop);

/**
 * mynet_neigh_state() - what is known about a next hop
 * @mdev: device
 * @nexthop: next hop
 *
 * Context: RCU read section.
 * Return: NUD_* of linux/neighbour.h; NUD_NONE if there is no entry, NUD_NOARP if none is needed.
 */
u8 mynet_neigh_state(struct mynet_dev *mdev, __be32 nexthop);

/**
 * mynet_link_init() - open the room
 *
 * No device is attached yet.
 *
 * Context: Process context.
 * Return: 0 or -errno.
 */
int mynet_link_init(void);

/**
 * mynet_link_exit() - close the room
 *
 * Context: Process context; after mynet_link_stop().
 */
void mynet_link_exit(void);

/**
 * mynet_link_start() - the layer above is ready
 * @ops: what it does for us; stays until mynet_link_stop() has returned
 *
 * Attaches the loopback device of each namespace, now and in the future, and lets others
 * be attached. The last step of the internet layer's init.
 *
 * Context: Process context, no RTNL.
 * Return: 0 or -errno.
 */
int mynet_link_start(const struct mynet_link_ops *ops);

/**
 * mynet_link_stop() - detach every device of every namespace
 *
 * When this returns no callback runs or will run. The first step of the internet layer's exit.
 *
 * Context: Process context, no RTNL.
 */
void mynet_link_stop(void);

#endif /* MYNET_LINK_H */
