/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Door of the internet room: routes, the way of IPv4 packets in, out and across, and ICMP.
 *
 * Transports stand in mynet_inet_protos[]; they send along a route that they looked up before.
 */
#ifndef MYNET_INTERNET_H
#define MYNET_INTERNET_H

#include <linux/ip.h>
#include <linux/skbuff.h>
#include <net/dst.h>

#include "core/core.h"

struct mynet_dev;

/**
 * struct mynet_inet_proto - what a transport does for the internet layer
 * @input: a packet for this host. skb->data is behind the IPv4 header, which stays at the network
 *	header; it is whole, trimmed to its length and routed. Consumes @skb. Returns 0
 * @error: an ICMP error about a packet that this host sent. skb->data is at the quoted IPv4
 *	header, of which at least its length and eight bytes more are there in one piece; the
 *	network header is that of the ICMP packet, the transport header is its ICMP header.
 *	@info is the next hop's MTU, or the ICMP header's second word. Borrows @skb. May be NULL
 * @early_demux: the conversation of a packet that was not routed yet, if one of its packets had
 *	this mynet_ip_route_key(). skb->data is at the IPv4 header, which has no options. Then @skb
 *	is not routed but delivered, and @input finds the answer in mynet_ip_early_conn().
 *	May be NULL
 * @congctl_key: a number for the name of a way of congestion control, 0: there is none of this
 *	name. May be NULL
 * @congctl_name: the name that has this number. May be NULL
 *
 * All run in an RCU read section with bottom halves off.
 */
struct mynet_inet_proto {
	int	(*input)(struct sk_buff *skb);
	void	(*error)(struct sk_buff *skb, u32 info);
	void	*(*early_demux)(struct sk_buff *skb, u64 pass);
	u32	(*congctl_key)(const char *name);
	const char *(*congctl_name)(u32 key);
};

/**
 * mynet_inet_proto_add() - take packets of an IP protocol
 * @proto: what to do with them; stays until mynet_inet_proto_del() has returned
 * @protocol: IPPROTO_*
 *
 * Context: Process context.
 * Return: 0, or -EBUSY if somebody has it.
 */
int mynet_inet_proto_add(const struct mynet_inet_proto *proto, u8 protocol);

/**
 * mynet_inet_proto_del() - take no more of them
 * @proto: as it was added
 * @protocol: IPPROTO_*
 *
 * Context: Process context, may sleep: when it returns nothing of @proto runs any more.
 */
void mynet_inet_proto_del(const struct mynet_inet_proto *proto, u8 protocol);

/**
 * struct mynet_raw_ops - who hears of packets beside their transports
 * @raw: a packet for this host, before its transport gets it: as mynet_inet_proto.input, but
 *	borrowed, and to be left as it is. Returns true if anybody here is meant by it
 * @raw_error: as mynet_inet_proto.error. Returns true if anybody is meant
 * @alert: a packet for another host with the router alert (RFC 2113), skb->data at its IPv4 header;
 *	borrowed. Returns true if anybody here wants it: then it goes no further. A fragment is only
 *	asked about
 * @ping: the answer to an echo request, skb->data at its ICMP header, which is right. Consumes
 *	@skb if it returns true: somebody asked
 * @ping_error: as mynet_inet_proto.error, about an ICMP message of this host
 *
 * All run in an RCU read section with bottom halves off.
 */
struct mynet_raw_ops {
	bool	(*raw)(struct sk_buff *skb);
	bool	(*raw_error)(struct sk_buff *skb, u32 info);
	bool	(*alert)(struct sk_buff *skb);
	bool	(*ping)(struct sk_buff *skb);
	void	(*ping_error)(struct sk_buff *skb, u32 info);
};

/**
 * mynet_raw_ops_set() - say who hears of packets
 * @upper: stays until somebody else was set; NULL: nobody
 *
 * Context: Process context, may sleep: when it returns nothing of the former one runs any more.
 */
void mynet_raw_ops_set(const struct mynet_raw_ops *upper);

/**
 * mynet_inet_raw_listen() - somebody wants a protocol's packets by mynet_raw_ops.raw, or no more
 * @protocol: IPPROTO_*
 * @n: how many more; negative: fewer
 *
 * Packets of protocols that nobody listens to, in any namespace, pay one test for it.
 *
 * Context: Any.
 */
void mynet_inet_raw_listen(u8 protocol, int n);

/**
 * mynet_icmp_count_out() - count an ICMP message that a program sends
 * @net: namespace
 * @type: its type
 *
 * Context: Any.
 */
void mynet_icmp_count_out(struct net *net, u8 type);

/**
 * struct mynet_flow - what a route is looked up for
 * @daddr: destination
 * @saddr: source, 0: to be chosen
 * @oif: device to leave by, 0: any
 * @iif: device it came from, 0: it is this host's own
 * @mark: skb->mark or the socket's
 * @tos: the DS field without its ECN bits
 * @scope: RT_SCOPE_*: routes of at least this scope; RT_SCOPE_UNIVERSE: any
 * @proto: IPPROTO_*
 * @sport: transport's ports, 0: none
 * @dport: see @sport
 * @owned: a socket sends it
 * @uid: whose that is
 */
struct mynet_flow {
	__be32	daddr;
	__be32	saddr;
	int	oif;
	int	iif;
	u32	mark;
	u8	tos;
	u8	scope;
	u8	proto;
	__be16	sport;
	__be16	dport;
	bool	owned;
	kuid_t	uid;
};

/* The metrics that a route gives to paths along it; 0: none. Compared as bytes: no holes. */
struct mynet_metrics {
	u32	mtu;
	u32	advmss;
	u32	window;
	u32	rtt;		/* in eighths of a millisecond, as RTAX_RTT is */
	u32	initcwnd;
	u32	initrwnd;
	u32	rto_min;	/* milliseconds */
	u32	quickack;
	u32	hoplimit;
	u32	ssthresh;
	u32	cwnd;		/* the largest window, if it is locked */
	u32	reordering;
	u32	congctl;	/* see mynet_inet_proto.congctl_key */
	u32	locks;		/* bits of RTAX_* */
};

static inline bool mynet_metric_locked(const struct mynet_metrics *metrics, unsigned int what)
{
	return metrics->locks & (1U << what);
}

/**
 * struct mynet_dst - where packets go: what a route was found to be
 * @dst: the kernel's part. @dst.dev is the device to leave by, the namespace's loopback device for
 *	addresses of this host
 * @gateway: next hop, 0: the destination itself
 * @prefsrc: source address that the route asks for, or 0
 * @outdated: generation of routes; a destination found before it has to be looked up again
 * @metrics: what the route says; its mtu may be one that was learnt for the destination
 * @mtu_locked: a router wanted less than min_pmtu, or the route locks its mtu: packets are not to
 *	say "do not fragment"
 * @type: RTN_*
 * @scope: RT_SCOPE_* of the route
 *
 * Made with a route and shared by all that use it; or made for one destination, of which more was
 * learnt, and then it ends at @dst.expires. All is fixed at birth but what dst_dev_put() does when
 * the route or the device goes.
 */
struct mynet_dst {
	struct dst_entry dst;
	__be32	gateway;
	__be32	prefsrc;
	u32	outdated;
	struct mynet_metrics metrics;
	bool	mtu_locked;
	u8	type;
	u8	scope;
};

static inline struct mynet_dst *mynet_dst(struct dst_entry *dst)
{
	return container_of(dst, struct mynet_dst, dst);
}

/* Has the knowledge about a path ended? */
static inline bool mynet_dst_ended(const struct dst_entry *dst)
{
	return dst->expires && time_after(jiffies, dst->expires);
}

/**
 * mynet_route_generation() - the age of a namespace's routes
 * @net: namespace
 *
 * Whoever keeps a dst keeps the generation it was found in as the cookie that
 * __sk_dst_check() wants: any change of the routes makes that answer NULL, and so does news of a
 * path over the dst's own route.
 *
 * Context: Any.
 * Return: a number, never 0.
 */
u32 mynet_route_generation(struct net *net);

/**
 * mynet_route_valid() - may a dst that was kept be used still?
 * @dst: the dst
 * @generation: in which it was found
 *
 * Context: RCU.
 * Return: false: look for another one.
 */
bool mynet_route_valid(const struct dst_entry *dst, u32 generation);

/**
 * mynet_route_output() - find the way for a packet of this host
 * @net: namespace
 * @flow: what is to be sent; @flow->saddr is filled in if it is 0
 *
 * Context: RCU read section: the answer is borrowed, dst_hold_safe() it to keep it.
 * Return: the route or ERR_PTR(): -ENETUNREACH, -EHOSTUNREACH, -EACCES, -EINVAL.
 */
struct mynet_dst *mynet_route_output(struct net *net, struct mynet_flow *flow);

/**
 * mynet_route_mtu() - how large packets on a route may be
 * @dst: route
 *
 * Context: Any.
 * Return: bytes, IPv4 header included.
 */
unsigned int mynet_route_mtu(const struct dst_entry *dst);

/**
 * mynet_route_update_mtu() - a router said that a packet was too large
 * @net: namespace
 * @flow: as for mynet_route_output(); the caller believes that the message is about its own packet
 * @mtu: what the router said (RFC 1191), 0: it did not say
 *
 * What was learnt holds for the destination for mtu_expires. The generation of the routes changes,
 * so that whoever keeps a dst to it looks again.
 *
 * Context: RCU read section, bottom halves on or off.
 * Return: true if packets to the destination have to be smaller from now on.
 */
bool mynet_route_update_mtu(struct net *net, const struct mynet_flow *flow, u32 mtu);

/**
 * mynet_addr_type() - what an address is to this host
 * @net: namespace
 * @addr: address
 *
 * Context: Any; takes its own RCU section.
 * Return: RTN_LOCAL, RTN_BROADCAST (0.0.0.0 too), RTN_MULTICAST, or RTN_UNICAST: somebody else's.
 */
u8 mynet_addr_type(struct net *net, __be32 addr);

/**
 * mynet_addr_device() - which device has an address?
 * @net: namespace
 * @addr: address
 *
 * Context: RCU read section.
 * Return: ifindex; 0 if the address is not this host's.
 */
int mynet_addr_device(struct net *net, __be32 addr);

/**
 * struct mynet_addr_info - an address of this host
 * @local: the address
 * @mask: of its network
 * @broadcast: of its network, 0: none
 */
struct mynet_addr_info {
	__be32	local;
	__be32	mask;
	__be32	broadcast;
};

/**
 * mynet_addr_by_label() - an address as old programs ask for it
 * @net: namespace
 * @label: a device's name, with a colon and more behind it or not; ends with a zero byte
 * @addr: if one with this label has this value it is meant; else the first one
 * @info: written
 *
 * Context: Process context.
 * Return: 0, -ENODEV (no such device), -EADDRNOTAVAIL (no address with that label).
 */
int mynet_addr_by_label(struct net *net, const char *label, __be32 addr,
			struct mynet_addr_info *info);

/**
 * mynet_ip_default_ttl() - how many hops this host's packets may live
 * @net: namespace
 *
 * Context: Any.
 * Return: 1 to 255.
 */
u8 mynet_ip_default_ttl(const struct net *net);

/**
 * mynet_ip_frag_max() - how large the largest fragment of a packet was
 * @skb: packet as mynet_inet_proto.input got it
 *
 * Context: Any.
 * Return: bytes, IPv4 header included; 0: it came whole.
 */
u16 mynet_ip_frag_max(const struct sk_buff *skb);

/**
 * mynet_frag_stat() - what waits for the rest of its fragments
 * @net: namespace
 * @packets: how many packets
 * @memory: what their fragments take, in bytes
 *
 * Context: Any.
 */
void mynet_frag_stat(struct net *net, unsigned int *packets, unsigned long *memory);

/**
 * mynet_ip_route_key() - by what a packet came to its transport
 * @skb: packet as mynet_inet_proto.input got it
 *
 * Packets of one conversation need not be routed one by one: what came by the same device while the
 * routes were the same has the same pass.
 *
 * Context: RCU read section.
 * Return: device and generation of the routes; 0: it is to be routed every time.
 */
u64 mynet_ip_route_key(const struct sk_buff *skb);

/**
 * mynet_ip_early_conn() - what mynet_inet_proto.early_demux answered
 * @skb: packet as mynet_inet_proto.input got it
 *
 * Context: RCU read section, that of the answer.
 * Return: the answer, or NULL: nobody was asked.
 */
void *mynet_ip_early_conn(const struct sk_buff *skb);

/* The IPv4 header that the sender of a packet wants. */
struct mynet_ip_head {
	__be32	saddr;
	__be32	daddr;
	u8	protocol;
	u8	tos;
	u8	ttl;	/* 0: the route's or the namespace's; a group's: it stays on this host */
	bool	df;	/* do not fragment */
	bool	noloop;	/* for a group or a broadcast: not for this host too */
	u8	optlen;	/* bytes of @options, a multiple of 4, at most 40 */
	const u8 *options;	/* see mynet_ip_options_make() */
};

/**
 * mynet_ip_output() - put the IPv4 header before a packet and send it
 * @net: namespace
 * @sk: socket that sends, or NULL
 * @skb: packet, consumed: skb->data is at the transport header, its dst is set. Room before
 *	the data is made if there is none
 * @head: header
 *
 * Context: Any in which packets are sent; RCU read section or a dst with a reference.
 * Return: 0, NET_XMIT_* or -errno.
 */
int mynet_ip_output(struct net *net, struct sock *sk, struct sk_buff *skb,
		    const struct mynet_ip_head *head);

/**
 * mynet_ip_local_output() - send a packet that has its IPv4 header
 * @net: namespace
 * @sk: socket that sends, or NULL
 * @skb: packet, consumed: skb->data and network header at the header, in which all but length
 *	and checksum is right; its dst is set. It gets an identification if it has none and may
 *	be cut
 *
 * Context: as mynet_ip_output().
 * Return: 0, NET_XMIT_* or -errno.
 */
int mynet_ip_local_output(struct net *net, struct sock *sk, struct sk_buff *skb);

/**
 * mynet_ip_options_make() - options that a user gave, for mynet_ip_head
 * @options: room for 40 bytes
 * @from: what was given
 * @len: its length
 * @trusted: he may send what nobody here understands, too
 *
 * Context: Any.
 * Return: length of @options, padded; -EINVAL if they are wrong or too long, -EPERM for a source
 * route: none is sent, as none is followed (RFC 7126 4.3, 4.4).
 */
int mynet_ip_options_make(u8 *options, const u8 *from, unsigned int len, bool trusted);

/**
 * mynet_ip_options_reply() - what an answer to a packet would have of its options
 * @options: room for 40 bytes
 * @iph: header of a packet that came in, with its options
 *
 * Context: Any.
 * Return: length of @options, padded.
 */
unsigned int mynet_ip_options_reply(u8 *options, const struct iphdr *iph);

/**
 * mynet_route_confirm() - a program has heard from the other end: the next hop is alive
 * @dst: route
 * @daddr: where it led
 *
 * Context: Any.
 */
void mynet_route_confirm(const struct dst_entry *dst, __be32 daddr);

/**
 * mynet_icmp_error() - tell the sender of a packet what became of it
 * @skb: the packet, borrowed: its network header is its IPv4 header. skb->dev is the device it
 *	came by or its dst is set
 * @type: ICMP_DEST_UNREACH, ICMP_TIME_EXCEEDED, ICMP_PARAMETERPROB or ICMP_REDIRECT
 * @code: RFC 792's
 * @info: second word of the ICMP header
 *
 * Says nothing where RFC 1122 3.2.2 and RFC 1812 4.3.2.7 want silence, and no more than the limits
 * allow.
 *
 * Context: RCU read section, bottom halves off or on.
 */
void mynet_icmp_error(struct sk_buff *skb, u8 type, u8 code, __be32 info);

/*
 * Groups (RFC 1112, RFC 3376). A socket has a list of memberships; what all lists want of a device
 * together is what IGMP says there. The calls that change a list take RTNL, which guards it:
 * no socket lock is needed, and none may be held.
 */

struct mynet_mc_member;

/**
 * struct mynet_mc_list - the memberships of a socket
 * @first: written under RTNL, read under RCU
 * @count: how many; RTNL
 *
 * All zero at birth; mynet_mc_close() ends it.
 */
struct mynet_mc_list {
	struct mynet_mc_member __rcu *first;
	unsigned int count;
};

/**
 * struct mynet_mc_where - a group on a device
 * @group: the group
 * @local: an address of the device, or 0; looked at if @ifindex is 0
 * @ifindex: the device, or 0. With neither: the one that the route to the group leads to
 *
 * The order of preference is that of struct ip_mreqn.
 */
struct mynet_mc_where {
	__be32	group;
	__be32	local;
	int	ifindex;
};

/* The operation on one source of a group: IP_ADD_SOURCE_MEMBERSHIP and its kin. */
enum mynet_mc_op {
	MYNET_MC_ADD,		/* from this one too; joins if need be */
	MYNET_MC_DROP,		/* from this one no more; leaves with the last one */
	MYNET_MC_BLOCK,		/* not from this one */
	MYNET_MC_UNBLOCK,	/* from this one again */
};

/**
 * mynet_mc_join() - be a member of a group, from all sources
 * @net: namespace
 * @list: the socket's memberships
 * @where: group and device; @where->ifindex is filled in
 *
 * Context: Process context; takes RTNL.
 * Return: 0; -EINVAL (no group), -ENODEV, -EADDRINUSE (is one), -ENOBUFS (too many), -ENOMEM.
 */
int mynet_mc_join(struct net *net, struct mynet_mc_list *list, struct mynet_mc_where *where);

/**
 * mynet_mc_leave() - be a member no more
 * @net: namespace
 * @list: the socket's memberships
 * @where: as it was joined; with neither device nor address: the first one of that group
 *
 * Context: Process context; takes RTNL.
 * Return: 0; -EINVAL, -ENODEV, -EADDRNOTAVAIL (is none).
 */
int mynet_mc_leave(struct net *net, struct mynet_mc_list *list, struct mynet_mc_where *where);

/**
 * mynet_mc_source() - one source more or less
 * @net: namespace
 * @list: the socket's memberships
 * @where: group and device
 * @source: the source
 * @op: what about it
 *
 * Context: Process context; takes RTNL.
 * Return: 0; -EINVAL (does not fit the mode of the membership), -EADDRNOTAVAIL (no such
 * membership, source is there already or is not), -ENODEV, -ENOBUFS, -ENOMEM.
 */
int mynet_mc_source(struct net *net, struct mynet_mc_list *list, struct mynet_mc_where *where,
		    __be32 source, enum mynet_mc_op op);

/**
 * mynet_mc_filter_set() - all sources of a membership at once
 * @net: namespace
 * @list: the socket's memberships
 * @where: group and device of a membership
 * @mode: MCAST_INCLUDE: from @sources only; none leaves the group. MCAST_EXCLUDE: from all others
 * @sources: in any order
 * @n: how many
 *
 * Context: Process context; takes RTNL.
 * Return: as mynet_mc_source().
 */
int mynet_mc_filter_set(struct net *net, struct mynet_mc_list *list, struct mynet_mc_where *where,
			unsigned int mode, const __be32 *sources, unsigned int n);

/**
 * mynet_mc_filter_get() - what was set
 * @net: namespace
 * @list: the socket's memberships
 * @where: group and device of a membership
 * @mode: filled in
 * @sources: filled in as far as there is room; may be NULL
 * @n: room in @sources; becomes the number of sources that there are
 *
 * Context: Process context; takes RTNL.
 * Return: 0; -EINVAL, -ENODEV, -EADDRNOTAVAIL.
 */
int mynet_mc_filter_get(struct net *net, struct mynet_mc_list *list, struct mynet_mc_where *where,
			unsigned int *mode, __be32 *sources, unsigned int *n);

/**
 * mynet_mc_close() - leave every group
 * @net: namespace
 * @list: memberships of a socket that is being closed
 *
 * Context: Process context; takes RTNL if there is anything to leave.
 */
void mynet_mc_close(struct net *net, struct mynet_mc_list *list);

/**
 * mynet_mc_wants() - does a socket want a packet that was sent to a group?
 * @list: the socket's memberships
 * @group: destination
 * @source: its sender
 * @ifindex: device it came by
 * @all: answer for groups that the socket is no member of (IP_MULTICAST_ALL)
 *
 * Context: RCU read section.
 * Return: true if it does.
 */
bool mynet_mc_wants(const struct mynet_mc_list *list, __be32 group, __be32 source, int ifindex,
		    bool all);

/**
 * mynet_internet_init() - open the room; attaches the loopback devices
 *
 * Context: Process context.
 * Return: 0 or -errno.
 */
int mynet_internet_init(void);

/**
 * mynet_internet_exit() - detach all devices and close the room
 *
 * Context: Process context; nobody sends any more.
 */
void mynet_internet_exit(void);

#endif /* MYNET_INTERNET_H */
