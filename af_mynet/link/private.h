/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The link room's own header: what its files share and no other room sees.
 *
 * Locks, outermost first: RTNL (devices, addresses), mn_neigh_net.lock (which entries the
 * table has), mynet_neigh.lock (what is known of one), mn_header.lock (readers spin). None of
 * them but RTNL is held while a packet is sent or given up.
 */
#ifndef MYNET_LINK_PRIVATE_H
#define MYNET_LINK_PRIVATE_H

#include <linux/hashtable.h>
#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/rhashtable.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "core/core.h"
#include "link/arp_state.h"
#include "link/link.h"

struct ctl_table_header;

/* The ARP knobs that a namespace has and each of its devices. */
enum mn_arp_knob {
	MN_ARP_IGNORE,
	MN_ARP_ANNOUNCE,
	MN_ARP_ACCEPT,
	MN_ARP_PROXY,
	MN_ARP_KNOBS
};

/* sysctl net.mynet.conf.DEVICE, the link room's part. */
struct mn_dev_knobs {
	int arp[MN_ARP_KNOBS];
	int arp_probes;
	int arp_probe_ms;
};

/**
 * struct mn_dev - an attached device as the link room sees it
 * @pub: what everyone sees
 * @ip_pt: takes its IPv4 packets from the kernel
 * @arp_pt: takes its ARP packets from the kernel
 * @neighs: its neighbour entries; mn_neigh_net.lock
 * @up: MYNET_DEV_UP was told; RTNL
 * @dying: takes no new neighbour entry; written under RTNL and mn_neigh_net.lock
 * @own_broadcasts: addresses with another broadcast address than their network's; ifaddr.c
 * @probing: addresses that are asked about; arp_probe.c
 * @knobs: see there
 * @sysctl: their files; NULL if there was no memory for a new name's
 * @tracker: our reference to the net_device
 *
 * Lifetime: made by attachment; at detachment it leaves the table, then a grace period
 * passes, then it is freed and the net_device is let go.
 */
struct mn_dev {
	struct mynet_dev	pub;
	struct packet_type	ip_pt;
	struct packet_type	arp_pt;
	struct list_head	neighs;
	bool			up;
	bool			dying;
	unsigned int		own_broadcasts;
	struct list_head	probing;
	struct mn_dev_knobs	knobs;
	struct ctl_table_header	*sysctl;
	netdevice_tracker	tracker;
};

/**
 * struct mn_dev_net - a namespace's attached devices; dev_table.c
 * @devs: struct mn_dev by ifindex; RTNL writes, RCU reads
 * @generation: changes with every attachment and detachment; RTNL writes
 */
struct mn_dev_net {
	struct xarray		devs;
	unsigned int		generation;
};

/**
 * struct mn_ifaddr_net - a namespace's addresses; ifaddr_table.c
 * @hash: struct mynet_ifaddr by address; RTNL writes, RCU reads
 * @generation: changes with every address; RTNL writes
 * @deprecated: how many are; RTNL writes; ifaddr_life.c
 * @life: looks whose time is over; ifaddr_timers.c
 * @probe: asks about those that are not used yet; ifaddr_timers.c
 */
struct mn_ifaddr_net {
	DECLARE_HASHTABLE(hash, 8);
	unsigned int		generation;
	unsigned int		deprecated;
	struct delayed_work	life;
	struct delayed_work	probe;
};

/**
 * struct mn_neigh_net - a namespace's neighbours; arp_table.c
 * @table: struct mynet_neigh by device and address; @lock writes, RCU reads
 * @list: the same, oldest first; @lock
 * @lock: which entries there are; bottom halves off
 * @count: how many; @lock writes
 * @generation: changes with every entry; @lock writes
 * @collected: when room was last made in a hurry; @lock
 * @collector: takes entries out that nobody uses
 * @knobs: sysctl net.mynet.neigh
 * @sysctl: its table
 * @dev_knobs: knobs of the devices that come
 * @dev_sysctl: their table
 */
struct mn_neigh_net {
	struct rhashtable	table;
	struct list_head	list;
	spinlock_t		lock;	/* which entries there are */
	unsigned int		count;
	unsigned int		generation;
	unsigned long		collected;
	struct delayed_work	collector;
	struct mn_neigh_knobs {
		int base_reachable_ms;
		int delay_first_probe_ms;
		int retrans_ms;
		int ucast_probes;
		int bcast_probes;
		int locktime_ms;
		int gc_stale_ms;
		int gc_interval_ms;
		int gc_thresh1;
		int gc_thresh2;
		int gc_thresh3;
		int unres_qlen_bytes;
		int arp[MN_ARP_KNOBS];
	} knobs;
	struct ctl_table_header	*sysctl;
	struct mn_dev_knobs	dev_knobs;
	struct ctl_table_header	*dev_sysctl;
};

/**
 * struct mn_link_net - the link room's part of a namespace
 * @mnet: core's part
 * @dev: dev_table.c's
 * @ifaddr: ifaddr_table.c's
 * @neigh: arp_table.c's
 */
struct mn_link_net {
	struct mynet_net	*mnet;
	struct mn_dev_net	dev;
	struct mn_ifaddr_net	ifaddr;
	struct mn_neigh_net	neigh;
};

extern unsigned int mn_link_net_id;

static inline struct mn_link_net *mn_link_net(const struct net *net)
{
	return net_generic(net, mn_link_net_id);
}

static inline struct mn_dev *mn_dev(struct mynet_dev *mdev)
{
	return container_of(mdev, struct mn_dev, pub);
}

/* main.c: the layer above; set before the first device is attached, till after the last. */
extern const struct mynet_link_ops *mn_link_ops;

/*
 * struct mn_header - how packets to one neighbour are addressed
 * @lock: readers try again if it was being written
 * @ready: @data is an Ethernet header as it goes before each packet
 * @ha: the neighbour's hardware address
 * @data: the header, at the end of two words
 */
struct mn_header {
	seqlock_t	lock;
	bool		ready;
	u8		ha[ETH_ALEN] __aligned(4);
	u64		data[2];
};

/* dev_table.c; RTNL */
void mn_dev_net_init(struct mn_dev_net *net);
int mn_dev_publish(struct mn_dev *m);
void mn_dev_unpublish(struct mn_dev *m);

/* dev.c */
int mn_dev_attach(struct net_device *dev, u8 mode, bool force, struct netlink_ext_ack *extack);
void mn_dev_detach(struct mn_dev *m);
int mn_dev_start(void);
void mn_dev_stop(void);

/* ifaddr_table.c; RTNL writes. */
void mn_ifaddr_net_init(struct mn_ifaddr_net *net);
void mn_ifaddr_publish(struct mynet_ifaddr *ifa);
void mn_ifaddr_unpublish(struct mynet_ifaddr *ifa);
void mn_ifaddr_place(struct mynet_ifaddr *ifa);
int mn_ifaddr_check(struct mynet_dev *mdev, const struct mynet_ifaddr *wanted,
		    struct netlink_ext_ack *extack);
__be32 mn_ifaddr_last(const struct mynet_ifaddr *ifa);
bool mn_ifaddr_same_net(const struct mynet_ifaddr *ifa, __be32 addr);
bool mn_ifaddr_is_broadcast(struct mynet_dev *mdev, __be32 addr);
__be32 mn_ifaddr_source(struct mynet_dev *mdev, __be32 target);

/* ifaddr.c */
int mn_ifaddr_add(struct mynet_dev *mdev, const struct mynet_ifaddr *wanted,
		  struct netlink_ext_ack *extack);
int mn_ifaddr_change(struct mynet_dev *mdev, const struct mynet_ifaddr *wanted,
		     struct netlink_ext_ack *extack);
int mn_ifaddr_del(struct mynet_dev *mdev, __be32 local, int prefixlen,
		  struct netlink_ext_ack *extack);
void mn_ifaddr_flush(struct mynet_dev *mdev);
void mn_ifaddr_announce(struct mynet_dev *mdev);
void mn_ifaddr_conflict(struct mynet_dev *mdev, __be32 addr, const u8 *ha);
void mn_ifaddr_loopback(struct mynet_dev *mdev);

/* arp.c */
int mn_arp_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
	       struct net_device *orig_dev);

/* The rest of an ARP packet behind struct arphdr, for IPv4 on Ethernet. */
struct mn_arp_body {
	u8	sha[ETH_ALEN];
	__be32	sip;
	u8	tha[ETH_ALEN];
	__be32	tip;
} __packed;

#define MN_ARP_LEN	(sizeof(struct arphdr) + sizeof(struct mn_arp_body))

/* arp_send.c */
void mn_arp_send(struct mynet_dev *mdev, u16 op, __be32 sip, __be32 tip, const u8 *tha,
		 const u8 *dest);

/* link_header.c */
void mn_header_set(struct mn_header *header, const struct mynet_dev *mdev, const u8 *ha);
bool mn_link_has_addresses(const struct net_device *dev);
int mn_link_xmit_to(struct sk_buff *skb, struct mynet_dev *mdev, const u8 *ha);
int mn_link_xmit(struct sk_buff *skb, struct mynet_dev *mdev, const struct mn_header *header);

/**
 * struct mynet_neigh - a neighbour: what a host on a link is called there
 * @key: device and address, as the table wants them
 * @hash: in mn_neigh_net.table
 * @net_list: in mn_neigh_net.list; mn_neigh_net.lock
 * @dev_list: in mn_dev.neighs; mn_neigh_net.lock
 * @mdev: its device
 * @refs: the table has one, an armed timer has one, and each dst that keeps the entry
 * @used: jiffies when a packet was last sent to it; no lock
 * @header: its hardware address, if @state says that there is one; written under @lock
 * @lock: guards what follows; bottom halves off
 * @state: the state machine
 * @dead: is not in the table any more; no lock to read
 * @flags: NTF_*
 * @pending: packets that wait for an address
 * @pending_bytes: their truesize
 * @timer: drives @state
 * @rcu: its end
 *
 * Lifetime: leaves the table by mn_neigh_kill(), which ends timer and queue; the memory goes a
 * grace period after the last reference. @mdev may be used by whoever has seen !@dead
 * in the same RCU section.
 */
struct mynet_neigh {
	struct mn_neigh_key {
		u32	ifindex;
		__be32	addr;
	} key;
	struct rhash_head	hash;
	struct list_head	net_list;
	struct list_head	dev_list;
	struct mynet_dev	*mdev;
	refcount_t		refs;
	unsigned long		used;
	struct mn_header	header;

	spinlock_t		lock;	/* the members from here on */
	struct mn_arp_state	state;
	bool			dead;
	u8			flags;
	struct sk_buff_head	pending;
	unsigned int		pending_bytes;
	struct timer_list	timer;
	struct rcu_head		rcu;
};

/* arp_table.c */
int mn_neigh_net_init(struct net *net, struct mn_neigh_net *nn);
void mn_neigh_net_exit(struct mn_neigh_net *nn);
struct mynet_neigh *mn_neigh_find(struct mynet_dev *mdev, __be32 addr);
struct mynet_neigh *mn_neigh_find_or_make(struct mynet_dev *mdev, __be32 addr);
void mn_neigh_kill(struct mynet_neigh *neigh);
void mn_neigh_flush(struct mynet_dev *mdev, bool forever);
void mn_neigh_renew_headers(struct mynet_dev *mdev);

/* arp_proc.c */
int mn_arp_proc_init(struct net *net);
void mn_arp_proc_exit(struct net *net);

/* arp_entry.c */
int mn_neigh_output(struct sk_buff *skb, struct mynet_neigh *neigh);
void mn_neigh_init(struct mynet_neigh *neigh);
void mn_neigh_renew_header(struct mynet_neigh *neigh);
void mn_neigh_wait_for_all(void);
unsigned int mn_neigh_count_alive(void);	/* of all namespaces */
void mn_neigh_end(struct mynet_neigh *neigh);
void mn_neigh_heard(struct mynet_neigh *neigh, const u8 *ha, bool solicited, bool override);
void mn_neigh_set(struct mynet_neigh *neigh, u8 state, const u8 *ha, u8 flags);

/**
 * struct mn_probe - an address that is asked about, or was and is to be announced once more
 * @list: in mn_dev.probing
 * @ifa: what is to be added; its times count from then on
 * @due: when to go on
 * @sent: how many requests were
 * @added: it is in use
 * @claimed: another host has it; written by whoever hears so, after @ha
 * @ha: that host
 * @rcu: its end
 */
struct mn_probe {
	struct list_head	list;
	struct mynet_ifaddr	ifa;
	unsigned long		due;
	unsigned int		sent;
	bool			added;
	bool			claimed;
	u8			ha[ETH_ALEN];
	struct rcu_head		rcu;
};

/* arp_probe.c; RTNL, but for hearing and showing: RCU. */
unsigned long mn_probe_interval(const struct mn_dev *m);
void mn_probe_end(struct mn_probe *probe);
bool mn_probe_wanted(struct mynet_dev *mdev, const struct mynet_ifaddr *wanted);
int mn_probe_start(struct mynet_dev *mdev, const struct mynet_ifaddr *wanted,
		   struct netlink_ext_ack *extack);
bool mn_probe_stop(struct mynet_dev *mdev, __be32 addr, int prefixlen);
void mn_probe_flush(struct mynet_dev *mdev);
void mn_probe_hear(struct mynet_dev *mdev, __be32 sip, __be32 tip, bool request, const u8 *ha);
int mn_probe_show(struct mynet_dev *mdev, int (*show)(const struct mynet_ifaddr *ifa, void *arg),
		  void *arg);

/* ifaddr_life.c; RTNL but for the seconds that are left until a time. */
int mn_life_check(u32 valid, u32 preferred, struct netlink_ext_ack *extack);
void mn_life_set(struct mynet_ifaddr *ifa, u32 valid, u32 preferred);
void mn_life_end(struct mynet_ifaddr *ifa);
void mn_life_deprecate(struct mynet_ifaddr *ifa, bool deprecated);
bool mn_life_over(u32 until);
u32 mn_life_left(u32 until);

/* ifaddr_timers.c */
void mn_life_net_init(struct mn_ifaddr_net *in);
void mn_life_net_exit(struct mn_ifaddr_net *in);
void mn_probe_net_init(struct mn_ifaddr_net *in);
void mn_probe_net_exit(struct mn_ifaddr_net *in);

/* offload.c */
void mn_offload_init(void);
void mn_offload_exit(void);

/* sysctl.c */
int mn_neigh_sysctl_init(struct net *net, struct mn_neigh_net *nn);
void mn_neigh_sysctl_exit(struct mn_neigh_net *nn);
int mn_dev_sysctl_init(struct mn_dev *m);
void mn_dev_sysctl_rename(struct mn_dev *m);
void mn_dev_sysctl_exit(struct mn_dev *m);

/* The value of a knob: the namespace's or the device's, the larger one. */
static inline int mn_arp_knob(struct mynet_dev *mdev, enum mn_arp_knob which)
{
	return max(READ_ONCE(mn_link_net(mdev->mnet->net)->neigh.knobs.arp[which]),
		   READ_ONCE(mn_dev(mdev)->knobs.arp[which]));
}

/* The rooms' commands. */
int mn_dev_genl_init(void);
int mn_ifaddr_genl_init(void);
int mn_neigh_genl_init(void);

/* events.c: attributes of an event or an answer, and the event. */
u16 mn_neigh_nud(const struct mynet_neigh *neigh);
int mn_dev_fill(struct sk_buff *skb, const void *what);
int mn_ifaddr_fill(struct sk_buff *skb, const void *what);
int mn_neigh_fill(struct sk_buff *skb, const void *what);
void mn_dev_notify(struct mynet_dev *mdev, u8 cmd);
void mn_ifaddr_notify(const struct mynet_ifaddr *ifa, u8 cmd);
void mn_ifaddr_notify_conflict(struct mynet_dev *mdev, __be32 addr, const u8 *ha);
void mn_neigh_notify(struct mynet_neigh *neigh, u8 cmd);

#endif /* MYNET_LINK_PRIVATE_H */
