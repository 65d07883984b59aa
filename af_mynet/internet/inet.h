/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The internet room's own header, shared by its files: the state of a namespace as a list of what
 * each file owns, the state of a device, the room's part of a packet.
 */
#ifndef MN_INET_H
#define MN_INET_H

#include <linux/ip.h>
#include <linux/mynet.h>
#include <linux/netdevice.h>
#include <linux/siphash.h>
#include <linux/skbuff.h>

#include "core/core.h"
#include "core/drop.h"
#include "core/hop.h"
#include "core/mib.h"
#include "internet/fib.h"
#include "internet/internet.h"
#include "internet/ip_options.h"
#include "internet/mc.h"
#include "link/link.h"

/*
 * Destinations that errors are sent to. Those that a secret number brings to one place share what
 * it has: a place that began anew with each of them would limit nobody who has two addresses.
 */
struct mn_icmp_peers {
	u32		credit;		/* jiffies */
	u32		filled;
};

#define MN_ICMP_PEERS_BITS	10

/* icmp_error.c's: buckets of errors that may be sent, to all and to each. */
struct mn_icmp_limit {
	spinlock_t	lock;	/* guards the others; any context below hard interrupts */
	unsigned long	filled;
	unsigned int	tokens;
	siphash_key_t	key;
	struct mn_icmp_peers peers[1 << MN_ICMP_PEERS_BITS];
};

/* sysctl.c's: written by the administrator at any time, read with READ_ONCE(). */
struct mn_inet_conf {
	int	ttl;
	int	echo_ignore_all;
	int	echo_ignore_broadcasts;
	int	error_rate;
	int	error_burst;
	int	error_interval;	/* ms, to one destination */
	int	mc_memberships;
	int	mc_sources;
	int	min_pmtu;
	int	max_paths;
	int	mtu_expires;	/* jiffies */
	int	multipath_hash_policy;
};

/* The knobs of a device; the namespace has a set for devices to come. */
struct mn_indev_conf {
	struct net_device *dev;		/* whose it is, or NULL */
	int	forwarding;
	int	rp_filter;
	int	accept_local;
	int	accept_redirects;
	int	send_redirects;
};

#define MN_PATHS_BITS	8

/**
 * struct mn_paths - destinations that are not reached as their routes say; path.c
 * @lock: guards all changes; bottom halves off
 * @count: how many
 * @unsure: how many of them no socket has vouched for
 * @age: struct mn_path, oldest first: those that no socket has vouched for, and the others
 * @key: of the hash
 * @hash: struct mn_path by destination; RCU reads
 */
struct mn_paths {
	spinlock_t		lock;	/* all that follows */
	unsigned int		count;
	unsigned int		unsure;
	struct list_head	age[2];
	siphash_key_t		key;
	struct hlist_head	hash[1 << MN_PATHS_BITS];
};

/**
 * struct mn_hook_example - what the example of a hook does in a namespace
 * @points: where it is asked, a bit for each
 * @drop_tos: what it drops; -1: nothing
 * @sysctl: /proc/sys/net/mynet/hook_example
 */
struct mn_hook_example {
	int			points;
	int			drop_tos;
	struct ctl_table_header	*sysctl;
};

/**
 * struct mn_inet - the internet layer of a namespace
 * @mnet: the namespace
 * @conf: knobs
 * @dev_conf: knobs of the devices that come
 * @fib: routes
 * @paths: destinations of which more is known than their routes say
 * @icmp_limit: errors sent
 * @frags: packets of which fragments came
 * @admin_mc: the administrator's memberships, RTNL
 * @example: hook_example.c's
 * @sysctl: /proc/sys/net/mynet
 * @frag_sysctl: what of it is the reassembly's
 * @dev_sysctl: /proc/sys/net/mynet/conf/default
 *
 * Born with the namespace, dead with it; each member is written by its owner only.
 */
struct mn_inet {
	struct mynet_net	*mnet;
	struct mn_inet_conf	conf;
	struct mn_indev_conf	dev_conf;
	struct mn_fib		fib;
	struct mn_paths		paths;
	struct mn_icmp_limit	icmp_limit;
	struct fqdir		*frags;
	struct mynet_mc_list	admin_mc;
	struct mn_hook_example	example;
	struct ctl_table_header	*sysctl;
	struct ctl_table_header	*frag_sysctl;
	struct ctl_table_header	*dev_sysctl;
};

extern unsigned int mn_inet_id;

static inline struct mn_inet *mn_inet(const struct net *net)
{
	return net_generic(net, mn_inet_id);
}

/**
 * struct mn_indev - the internet layer of an attached device
 * @mdev: the device
 * @inet: its namespace
 * @group: where packets lead that came to a group of hosts: to this one; and by which this
 *	host's own leave for a group on the device
 * @link: by which packets leave that a socket sends by this device though no route leads there
 * @serial: no other device has or had it
 * @mc: groups that are listened to
 * @conf: its knobs
 * @sysctl: /proc/sys/net/mynet/conf/DEVICE; NULL if there was no memory for a new name's
 * @rcu: its end
 *
 * In mdev->upper from MYNET_DEV_ATTACHED to MYNET_DEV_GONE, freed a grace period later.
 */
struct mn_indev {
	struct mynet_dev	*mdev;
	struct mn_inet		*inet;
	struct mynet_dst	*group;
	struct mynet_dst	*link;
	u64			serial;
	struct mn_mc		mc;
	struct mn_indev_conf	conf;
	struct ctl_table_header	*sysctl;
	struct rcu_head		rcu;
};

static inline struct mn_indev *mn_indev(const struct mynet_dev *mdev)
{
	return rcu_dereference_rtnl(mdev->upper);
}

/* A packet's part of this layer, from its input or output to the link layer. */
struct mn_ip_cb {
	u16	frag_max;	/* largest fragment it came in, 0: it came whole */
	u8	flags;
	struct mn_options options;	/* where they are, if MN_IP_RECORD is set */
	u64	pass;		/* by which it came in, 0: not by one that others may use */
	void	*conn;		/* its conversation, if that had the pass already */
};

#define MN_IP_FORWARDED	BIT(0)	/* not this host's */
#define MN_IP_REASM	BIT(1)	/* it was glued together here */
#define MN_IP_NOLOOP	BIT(2)	/* for a group, but not for this host's members */
#define MN_IP_RECORD	BIT(3)	/* has options that are written to on the way */
#define MN_IP_ALERT	BIT(4)	/* RFC 2113: routers on the way are to look at it */
#define MN_IP_HEARD	BIT(5)	/* raw sockets have a copy */

static inline struct mn_ip_cb *mn_ip_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct mn_ip_cb) > sizeof(skb->cb));
	return (struct mn_ip_cb *)skb->cb;
}

static inline struct mn_inet *mn_skb_inet(const struct sk_buff *skb)
{
	return mn_inet(mynet_skb_net(skb));
}

static inline unsigned int mn_ip_hdrlen(const struct sk_buff *skb)
{
	return ip_hdr(skb)->ihl * 4;
}

static inline void mn_ip_checksum(struct iphdr *iph)
{
	iph->check = 0;
	iph->check = ip_fast_csum(iph, iph->ihl);
}

static inline bool mn_ip_fragment_of(const struct iphdr *iph)
{
	return iph->frag_off & htons(0x3fff);
}

static inline unsigned int mn_ip_offset(const struct iphdr *iph)
{
	return (ntohs(iph->frag_off) & 0x1fff) * 8;
}

#define MN_IP_DF	0x4000
#define MN_IP_MF	0x2000

/* Addresses: RFC 1122 3.2.1.3, RFC 6890. */
static inline bool mn_addr_loopback(__be32 addr)
{
	return (addr & htonl(0xff000000)) == htonl(0x7f000000);
}

static inline bool mn_addr_multicast(__be32 addr)
{
	return (addr & htonl(0xf0000000)) == htonl(0xe0000000);
}

static inline bool mn_addr_zeronet(__be32 addr)
{
	return !(addr & htonl(0xff000000));
}

static inline bool mn_addr_broadcast(__be32 addr)
{
	return addr == htonl(0xffffffff);
}

/* A group, or everybody on the link. */
static inline bool mn_addr_many(__be32 addr)
{
	return mn_addr_multicast(addr) || mn_addr_broadcast(addr);
}

/* ip_input.c: mynet_link_ops.input, and where routes lead. All consume the packet. */
int mn_ip_input(struct sk_buff *skb, struct mynet_dev *mdev);
int mn_ip_deliver(struct sk_buff *skb);

/* proto.c; RCU. */
const struct mynet_inet_proto *mn_inet_proto(u8 protocol);
/* The listeners beside the transports, or NULL. */
const struct mynet_raw_ops *mn_raw_ops(void);
/* Copies for those who listen. Return: true if anybody is meant. */
bool mn_ip_deliver_raw(struct sk_buff *skb, u8 protocol);
bool mn_inet_raw_error(struct sk_buff *skb, u8 protocol, u32 info);

/* ip_record.c: options; deliver returns false if there is no memory. */
__be32 mn_icmp_clock(void);
void mn_ip_options_forward(struct sk_buff *skb);
bool mn_ip_options_deliver(struct sk_buff *skb);
void mn_ip_options_output(struct net *net, struct iphdr *iph);

/* ip_forward.c */
int mn_ip_forward(struct sk_buff *skb);
bool mn_forward_proxy(struct mynet_dev *mdev, __be32 addr);

/* ip_output.c: dst_entry.output, and what a router sends on. */
int mn_ip_output(struct net *net, struct sock *sk, struct sk_buff *skb);

/* ip_header.c */
void mn_ip_select_id(struct net *net, struct iphdr *iph, unsigned int segments);
void mn_ip_ident_init(void);

/* ip_fragment.c: sends @skb, consumed, by @output in pieces that fit into @mtu. */
typedef int (*mn_ip_output_t)(struct net *net, struct sock *sk, struct sk_buff *skb);
int mn_ip_fragment(struct net *net, struct sock *sk, struct sk_buff *skb, unsigned int mtu,
		   mn_ip_output_t output);

/* ip_reasm.c: consumes a fragment. Return: the packet if it is whole now, else NULL. */
struct sk_buff *mn_ip_reassemble(struct sk_buff *skb);
int mn_frag_net_init(struct mn_inet *inet);
void mn_frag_net_pre_exit(struct mn_inet *inet);
void mn_frag_net_exit(struct mn_inet *inet);
int mn_frag_init(void);
void mn_frag_exit(void);

/* News about a path; 0: none. */
struct mn_path_news {
	u32	mtu;
	bool	mtu_locked;
	bool	sure;
	__be32	gateway;
	unsigned long expires;
};

/* path.c; RCU. Look-up: the dst of what is known about the destination, else @base. */
struct mynet_dst *mn_path_lookup(struct mn_inet *inet, struct mynet_dst *base, __be32 daddr);
bool mn_path_learn(struct mn_inet *inet, struct mynet_dst *base, __be32 daddr,
		   const struct mn_path_news *news);
void mn_paths_flush(struct mn_inet *inet, const struct net_device *dev);
void mn_paths_net_init(struct mn_inet *inet);

/*
 * path_learn.c; RCU. Redirect: the host @from, on @dev, says that packets like @flow are to go to
 * @gateway.
 */
/* As mynet_route_update_mtu(); @sure: a socket has vouched for it. */
bool mn_path_update_mtu(struct mn_inet *inet, const struct mynet_flow *flow, u32 mtu, bool sure);
bool mn_path_redirect(struct mn_inet *inet, const struct mynet_flow *flow, __be32 from,
		      __be32 gateway, const struct net_device *dev);

/* icmp.c */
int mn_icmp_init(void);
void mn_icmp_exit(void);

/* icmp_error.c */
void mn_icmp_error_net_init(struct mn_inet *inet);
void mn_icmp_unreachable(struct sk_buff *skb);

/* sysctl.c; the limits of the reassembly are there before it. */
void mn_inet_conf_init(struct mn_inet *inet);
int mn_inet_sysctl_init(struct mn_inet *inet);
void mn_inet_sysctl_exit(struct mn_inet *inet);
int mn_indev_sysctl_init(struct mn_indev *indev);
void mn_indev_sysctl_rename(struct mn_indev *indev);
void mn_indev_sysctl_exit(struct mn_indev *indev);

/* hook_example.c */
int mn_hook_example_net_init(struct mn_inet *inet);
void mn_hook_example_net_exit(struct mn_inet *inet);

#endif /* MN_INET_H */
