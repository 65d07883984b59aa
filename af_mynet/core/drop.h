/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every packet has an end with a name: it is delivered, sent, or dropped for a reason.
 * mynet_drop(), mynet_sk_drop() and mynet_net_drop() are the only ways to discard one.
 *
 * A reason is one line in MYNET_DROP_LIST. From it come the enumerator, the text in the trace
 * event mynet:mynet_drop, a counter in each namespace, its column in /proc/net/mynet/drops,
 * the reason that the kernel's own drop tools (skb:kfree_skb, drop_monitor, dropwatch) see, and
 * its row in Documentation/counters.rst.
 */
#ifndef MYNET_CORE_DROP_H
#define MYNET_CORE_DROP_H

#include <linux/skbuff.h>

struct sock;

/* Reasons: name, the kernel's reason that comes nearest, what happened. */
#define MYNET_DROP_LIST(X)						\
	X(IP_TRUNC,	HDR_TRUNC,					\
	  "IPv4: shorter than its header says, or than a header")	\
	X(IP_HEADER,	IP_INHDR,					\
	  "IPv4: version, header length or total length is wrong")	\
	X(IP_CSUM,	IP_CSUM,					\
	  "IPv4: wrong header checksum")				\
	X(IP_OPTIONS,	IP_INHDR,					\
	  "IPv4: options that are wrong")		\
	X(IP_MARTIAN_SRC, IP_INADDRERRORS,				\
	  "IPv4: from an address that nobody out there can have")	\
	X(IP_MARTIAN_DST, IP_INADDRERRORS,				\
	  "IPv4: to an address that is not for a wire")			\
	X(IP_RPFILTER,	IP_RPFILTER,					\
	  "IPv4: an answer would leave by another device")		\
	X(IP_LINK_GROUP, UNICAST_IN_L2_MULTICAST,			\
	  "IPv4: for one host, but sent to all on the link")		\
	X(IP_GROUP,	IP_INADDRERRORS,				\
	  "IPv4: for a group this host has not joined")			\
	X(IP_NOT_HERE,	IP_INADDRERRORS,				\
	  "IPv4: for another host, and this one is no router")		\
	X(IP_NO_ROUTE,	IP_INNOROUTES,					\
	  "IPv4: no route to its destination")				\
	X(IP_BLACKHOLE,	IP_INNOROUTES,					\
	  "IPv4: the route is a blackhole")				\
	X(IP_UNREACHABLE, IP_INNOROUTES,				\
	  "IPv4: the route says unreachable")				\
	X(IP_PROHIBITED, IP_INNOROUTES,					\
	  "IPv4: the route says prohibited")				\
	X(IP_NO_PROTO,	IP_NOPROTO,					\
	  "IPv4: for a transport that this host has not")		\
	X(IP_TTL,	IP_INHDR,					\
	  "IPv4: no hop left to go")					\
	X(IP_TOO_BIG,	PKT_TOO_BIG,					\
	  "IPv4: larger than its way allows, and not to be cut")	\
	X(IP_LRO,	NOT_SPECIFIED,					\
	  "IPv4: put together by its device for good, so not to go on")	\
	X(IP_NOMEM,	NOMEM,						\
	  "IPv4: no memory to go on with it")				\
	X(IP_FRAG_TX,	QDISC_DROP,					\
	  "IPv4: another fragment of it could not be sent")		\
	X(IP_HOST_SILENT, NEIGH_FAILED,					\
	  "IPv4: its next hop did not answer")				\
	X(FRAG_BAD,	IP_INHDR,					\
	  "fragment: empty, or beyond what a packet can be")		\
	X(FRAG_DUP,	IP_INHDR,					\
	  "fragment: was there already")				\
	X(FRAG_LATE,	IP_INHDR,					\
	  "fragment: its packet is finished or given up")		\
	X(FRAG_SPOILED,	IP_INHDR,					\
	  "fragment: overlaps or contradicts another")			\
	X(FRAG_ECN,	IP_INHDR,					\
	  "fragments: do not agree about congestion")			\
	X(FRAG_TOO_LONG, PKT_TOO_BIG,					\
	  "fragments: together longer than a packet can be")		\
	X(FRAG_MEMORY,	PROTO_MEM,					\
	  "fragment: too much waits already")				\
	X(FRAG_TIMEOUT,	IP_INHDR,					\
	  "fragments: the rest did not come in time")			\
	X(ICMP_TRUNC,	HDR_TRUNC,					\
	  "ICMP: shorter than its kind is")				\
	X(ICMP_CSUM,	ICMP_CSUM,					\
	  "ICMP: wrong checksum")					\
	X(ICMP_TYPE,	INVALID_PROTO,					\
	  "ICMP: of a type that means nothing here")			\
	X(ICMP_IGNORED,	NOT_SPECIFIED,					\
	  "ICMP: this host is set to ignore it")			\
	X(ICMP_UNCLAIMED, NO_SOCKET,					\
	  "ICMP: nobody here asked for it")				\
	X(HOOK,	NETFILTER_DROP,						\
	  "a hook decided so")						\
	X(SOCK_CLOSED,	QUEUE_PURGE,					\
	  "nobody had read it when its socket was closed")		\
	X(UDP_BAD,	HDR_TRUNC,					\
	  "UDP: shorter than its header says, or than a header")	\
	X(UDP_CSUM,	UDP_CSUM,					\
	  "UDP: wrong checksum")					\
	X(UDP_NO_PORT,	NO_SOCKET,					\
	  "UDP: nobody has this port")					\
	X(UDP_GROUP,	NO_SOCKET,					\
	  "UDP: for many, none of whom is here")			\
	X(SOCK_REFUSED,	NOT_SPECIFIED,					\
	  "sent, but without a way, or too long for it")		\
	X(SOCK_MEMORY,	PROTO_MEM,					\
	  "all sockets of its transport have too much already")		\
	X(SOCK_FULL,	SOCKET_RCVBUFF,					\
	  "its socket's queue is full")					\
	X(SOCK_COPY,	NOT_SPECIFIED,					\
	  "it could not be copied to the program's memory")		\
	X(SOCK_FILTER,	SOCKET_FILTER,					\
	  "the socket's filter said no")				\
	X(TCP_TRUNC,	HDR_TRUNC,					\
	  "TCP: shorter than its header says, or than a header")	\
	X(TCP_HEADER,	TCP_FLAGS,					\
	  "TCP: header length is wrong")				\
	X(TCP_CSUM,	TCP_CSUM,					\
	  "TCP: wrong checksum")					\
	X(TCP_NO_SOCKET, NO_SOCKET,					\
	  "TCP: nobody here has or awaits that connection")		\
	X(TCP_CLOSED,	TCP_CLOSE,					\
	  "TCP: its connection has just ended")				\
	X(TCP_MIN_TTL,	NOT_SPECIFIED,					\
	  "TCP: came from too far away for its socket")			\
	X(TCP_WINDOW,	TCP_INVALID_SEQUENCE,				\
	  "TCP: outside of the window")					\
	X(TCP_PAWS,	TCP_RFC7323_PAWS,				\
	  "TCP: its timestamp is too old")				\
	X(TCP_RST,	TCP_RESET,					\
	  "TCP: a reset, believed or not")				\
	X(TCP_SYN,	TCP_INVALID_SYN,				\
	  "TCP: a SYN where there can be none")				\
	X(TCP_ACK,	TCP_TOO_OLD_ACK,				\
	  "TCP: acknowledges what it cannot")				\
	X(TCP_FLAGS,	TCP_FLAGS,					\
	  "TCP: flags that mean nothing here")				\
	X(TCP_DUP,	TCP_OLD_DATA,					\
	  "TCP: was there already")					\
	X(TCP_OFO_PRUNED, TCP_OFO_QUEUE_PRUNE,				\
	  "TCP: waited out of order, and memory was needed")		\
	X(TCP_MEMORY,	PROTO_MEM,					\
	  "TCP: no memory left for it")					\
	X(TCP_BACKLOG,	SOCKET_BACKLOG,					\
	  "TCP: its socket was busy, and too much waits for it already") \
	X(TCP_SYN_QUEUE, TCP_OVERWINDOW,				\
	  "TCP: too many handshakes are under way")			\
	X(TCP_ACCEPT_QUEUE, SOCKET_BACKLOG,				\
	  "TCP: too many connections wait to be accepted")		\
	X(TCP_DEFERRED,	NOT_SPECIFIED,					\
	  "TCP: a handshake that is complete when data comes")		\
	X(TCP_TIME_WAIT, TCP_CLOSE,				\
	  "TCP: its connection is over")				\
	X(LINK_OTHERHOST, OTHERHOST,					\
	  "its link address is another host's")				\
	X(LINK_OTHERMODE, UNHANDLED_PROTO,				\
	  "an EtherType of native mode, on a device in inet mode")	\
	X(LINK_UNATTACHED, DEV_READY,					\
	  "was to leave by a device that is not attached")		\
	X(LINK_DOWN,	DEV_READY,					\
	  "was to leave by a device that is down or without carrier")	\
	X(LINK_HEADER,	DEV_HDR,					\
	  "no link header could be put before it")			\
	X(LINK_NOMEM,	NOMEM,						\
	  "no memory to make it fit for its device")			\
	X(NEIGH_TABLE_FULL, NEIGH_CREATEFAIL,				\
	  "no room for another neighbour")				\
	X(NEIGH_QUEUE_FULL, NEIGH_QUEUEFULL,				\
	  "oldest of too many that wait for a neighbour's address")	\
	X(NEIGH_GONE,	NEIGH_DEAD,					\
	  "its neighbour entry went while it waited")			\
	X(ARP_TRUNC,	HDR_TRUNC,					\
	  "ARP: shorter than its header says")				\
	X(ARP_BAD,	INVALID_PROTO,					\
	  "ARP: not about IPv4 on this kind of link, or no such operation") \
	X(ARP_ADDR,	IP_INADDRERRORS,				\
	  "ARP: speaks of addresses that no host can have")		\
	X(IP_SOURCE_ROUTE, IP_INHDR,					\
	  "IPv4: asks for a way of its own")				\
	X(IGMP_TRUNC,	HDR_TRUNC,					\
	  "IGMP: shorter than its kind is")				\
	X(IGMP_CSUM,	IP_CSUM,					\
	  "IGMP: wrong checksum")					\
	X(IGMP_TYPE,	INVALID_PROTO,					\
	  "IGMP: of a type that means nothing here")		\
	X(FRAG_SOURCE,	PROTO_MEM,					\
	  "fragment: too much from its sender waits already")		\
	X(FRAG_GONE,	QUEUE_PURGE,					\
	  "fragments: their namespace ended before the rest came")

/*
 * enum mynet_drop_reason: why a packet was dropped. MYNET_DROP_NONE says that it was not: what a
 * check answers when it has nothing against a packet.
 */
#define MN_DROP_ID(name, core, what)	MYNET_DROP_##name,
enum mynet_drop_reason {
	MYNET_DROP_NONE,
	MYNET_DROP_LIST(MN_DROP_ID)
	MYNET_DROP_MAX
};
#undef MN_DROP_ID

/**
 * mynet_drop() - discard a packet that is on its way
 * @skb: packet, consumed; skb->dev is its device or NULL
 * @reason: why; not MYNET_DROP_NONE
 *
 * Counted in the namespace of the packet's device, else of the socket that sent it.
 *
 * Context: Any in which a packet may be freed.
 * Return: NET_RX_DROP, so that an input or output function can end with it.
 */
int mynet_drop(struct sk_buff *skb, enum mynet_drop_reason reason);

/**
 * mynet_sk_drop() - discard a packet that a socket has or was about to get
 * @sk: that socket; the drop is counted in its namespace
 * @skb: packet, consumed; nothing is asked of skb->dev
 * @reason: why; not MYNET_DROP_NONE
 *
 * Context: Any in which a packet may be freed.
 * Return: NET_RX_DROP.
 */
int mynet_sk_drop(struct sock *sk, struct sk_buff *skb, enum mynet_drop_reason reason);

/**
 * mynet_net_drop() - discard a packet that neither a device nor a socket has
 * @net: the namespace in which the drop is counted
 * @skb: packet, consumed; nothing is asked of skb->dev
 * @reason: why; not MYNET_DROP_NONE
 *
 * Context: Any in which a packet may be freed.
 * Return: NET_RX_DROP.
 */
int mynet_net_drop(struct net *net, struct sk_buff *skb, enum mynet_drop_reason reason);

#endif /* MYNET_CORE_DROP_H */
