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
	  "IPv4: malformed options")					\
	X(IP_MARTIAN_SRC, IP_INADDRERRORS,				\
	  "IPv4: source address that no other host can have")		\
	X(IP_MARTIAN_DST, IP_INADDRERRORS,				\
	  "IPv4: destination address that is not valid on a link")	\
	X(IP_RPFILTER,	IP_RPFILTER,					\
	  "IPv4: refused by the reverse path filter")			\
	X(IP_LINK_GROUP, UNICAST_IN_L2_MULTICAST,			\
	  "IPv4: unicast packet in a broadcast or multicast frame")	\
	X(IP_GROUP,	IP_INADDRERRORS,				\
	  "IPv4: multicast group that this host has not joined")	\
	X(IP_NOT_HERE,	IP_INADDRERRORS,				\
	  "IPv4: for another host, and forwarding is off")		\
	X(IP_NO_ROUTE,	IP_INNOROUTES,					\
	  "IPv4: no route to its destination")				\
	X(IP_BLACKHOLE,	IP_INNOROUTES,					\
	  "IPv4: the route is a blackhole")				\
	X(IP_UNREACHABLE, IP_INNOROUTES,				\
	  "IPv4: the route says unreachable")				\
	X(IP_PROHIBITED, IP_INNOROUTES,					\
	  "IPv4: the route says prohibited")				\
	X(IP_NO_PROTO,	IP_NOPROTO,					\
	  "IPv4: protocol that is not supported")			\
	X(IP_TTL,	IP_INHDR,					\
	  "IPv4: TTL exceeded")						\
	X(IP_TOO_BIG,	PKT_TOO_BIG,					\
	  "IPv4: larger than the MTU, with DF set")			\
	X(IP_LRO,	NOT_SPECIFIED,					\
	  "IPv4: merged by LRO, which cannot be forwarded")		\
	X(IP_NOMEM,	NOMEM,						\
	  "IPv4: out of memory")					\
	X(IP_FRAG_TX,	QDISC_DROP,					\
	  "IPv4: another fragment of the packet could not be sent")	\
	X(IP_HOST_SILENT, NEIGH_FAILED,					\
	  "IPv4: the next hop does not answer")				\
	X(FRAG_BAD,	IP_INHDR,					\
	  "fragment: empty, or beyond the largest packet")		\
	X(FRAG_DUP,	IP_INHDR,					\
	  "fragment: duplicate")					\
	X(FRAG_LATE,	IP_INHDR,					\
	  "fragment: its packet was completed or given up meanwhile")	\
	X(FRAG_SPOILED,	IP_INHDR,					\
	  "fragment: overlaps or contradicts another")			\
	X(FRAG_ECN,	IP_INHDR,					\
	  "fragments: contradicting ECN marks")				\
	X(FRAG_TOO_LONG, PKT_TOO_BIG,					\
	  "fragments: together longer than the largest packet")		\
	X(FRAG_MEMORY,	PROTO_MEM,					\
	  "fragment: the memory for reassembly is used up")		\
	X(FRAG_TIMEOUT,	IP_INHDR,					\
	  "fragments: reassembly timed out")				\
	X(ICMP_TRUNC,	HDR_TRUNC,					\
	  "ICMP: shorter than its type needs")				\
	X(ICMP_CSUM,	ICMP_CSUM,					\
	  "ICMP: wrong checksum")					\
	X(ICMP_TYPE,	INVALID_PROTO,					\
	  "ICMP: unknown type")						\
	X(ICMP_IGNORED,	NOT_SPECIFIED,					\
	  "ICMP: ignored by a sysctl")					\
	X(ICMP_UNCLAIMED, NO_SOCKET,					\
	  "ICMP: reply without a request")				\
	X(HOOK,	NETFILTER_DROP,						\
	  "dropped by a hook")						\
	X(SOCK_CLOSED,	QUEUE_PURGE,					\
	  "unread when its socket was closed")				\
	X(UDP_BAD,	HDR_TRUNC,					\
	  "UDP: shorter than its header says, or than a header")	\
	X(UDP_CSUM,	UDP_CSUM,					\
	  "UDP: wrong checksum")					\
	X(UDP_NO_PORT,	NO_SOCKET,					\
	  "UDP: no socket on this port")				\
	X(UDP_GROUP,	NO_SOCKET,					\
	  "UDP: multicast or broadcast without a socket")		\
	X(SOCK_REFUSED,	NOT_SPECIFIED,					\
	  "not sent: no route, or longer than the route allows")	\
	X(SOCK_MEMORY,	PROTO_MEM,					\
	  "the memory of all sockets of its protocol is used up")	\
	X(SOCK_FULL,	SOCKET_RCVBUFF,					\
	  "the socket's receive queue is full")				\
	X(SOCK_COPY,	NOT_SPECIFIED,					\
	  "could not be copied to the program's memory")		\
	X(SOCK_FILTER,	SOCKET_FILTER,					\
	  "refused by the socket's filter")				\
	X(TCP_TRUNC,	HDR_TRUNC,					\
	  "TCP: shorter than its header says, or than a header")	\
	X(TCP_HEADER,	TCP_FLAGS,					\
	  "TCP: header length is wrong")				\
	X(TCP_CSUM,	TCP_CSUM,					\
	  "TCP: wrong checksum")					\
	X(TCP_NO_SOCKET, NO_SOCKET,					\
	  "TCP: no connection and no listener")				\
	X(TCP_CLOSED,	TCP_CLOSE,					\
	  "TCP: the connection ended meanwhile")			\
	X(TCP_MIN_TTL,	NOT_SPECIFIED,					\
	  "TCP: TTL below the socket's IP_MINTTL")			\
	X(TCP_WINDOW,	TCP_INVALID_SEQUENCE,				\
	  "TCP: outside the window")					\
	X(TCP_PAWS,	TCP_RFC7323_PAWS,				\
	  "TCP: old timestamp (PAWS)")					\
	X(TCP_RST,	TCP_RESET,					\
	  "TCP: RST, valid or not")					\
	X(TCP_SYN,	TCP_INVALID_SYN,				\
	  "TCP: unexpected SYN")					\
	X(TCP_ACK,	TCP_TOO_OLD_ACK,				\
	  "TCP: invalid acknowledgment number")				\
	X(TCP_FLAGS,	TCP_FLAGS,					\
	  "TCP: invalid flags for this state")				\
	X(TCP_DUP,	TCP_OLD_DATA,					\
	  "TCP: duplicate data")					\
	X(TCP_OFO_PRUNED, TCP_OFO_QUEUE_PRUNE,				\
	  "TCP: pruned from the out-of-order queue")			\
	X(TCP_MEMORY,	PROTO_MEM,					\
	  "TCP: out of receive memory")					\
	X(TCP_BACKLOG,	SOCKET_BACKLOG,					\
	  "TCP: the socket's backlog is full")				\
	X(TCP_SYN_QUEUE, TCP_OVERWINDOW,				\
	  "TCP: the SYN queue is full")					\
	X(TCP_ACCEPT_QUEUE, SOCKET_BACKLOG,				\
	  "TCP: the accept queue is full")				\
	X(TCP_DEFERRED,	NOT_SPECIFIED,					\
	  "TCP: ACK of a handshake that waits for data (TCP_DEFER_ACCEPT)") \
	X(TCP_TIME_WAIT, TCP_CLOSE,				\
	  "TCP: the connection is closed")				\
	X(LINK_OTHERHOST, OTHERHOST,					\
	  "link: frame for another host")				\
	X(LINK_OTHERMODE, UNHANDLED_PROTO,				\
	  "link: EtherType of native mode on a device in inet mode")	\
	X(LINK_UNATTACHED, DEV_READY,					\
	  "link: the device is not attached")				\
	X(LINK_DOWN,	DEV_READY,					\
	  "link: the device is down or has no carrier")			\
	X(LINK_HEADER,	DEV_HDR,					\
	  "link: no link header could be made")				\
	X(LINK_NOMEM,	NOMEM,						\
	  "link: out of memory for the link header")			\
	X(NEIGH_TABLE_FULL, NEIGH_CREATEFAIL,				\
	  "neighbour: the table is full")				\
	X(NEIGH_QUEUE_FULL, NEIGH_QUEUEFULL,				\
	  "neighbour: oldest of too many packets that wait for an address") \
	X(NEIGH_GONE,	NEIGH_DEAD,					\
	  "neighbour: the entry was removed while the packet waited")	\
	X(ARP_TRUNC,	HDR_TRUNC,					\
	  "ARP: shorter than its header says")				\
	X(ARP_BAD,	INVALID_PROTO,					\
	  "ARP: not IPv4 over Ethernet, or an unknown operation")	\
	X(ARP_ADDR,	IP_INADDRERRORS,				\
	  "ARP: invalid address")					\
	X(IP_SOURCE_ROUTE, IP_INHDR,					\
	  "IPv4: source route refused")					\
	X(IGMP_TRUNC,	HDR_TRUNC,					\
	  "IGMP: shorter than its type needs")				\
	X(IGMP_CSUM,	IP_CSUM,					\
	  "IGMP: wrong checksum")					\
	X(IGMP_TYPE,	INVALID_PROTO,					\
	  "IGMP: unknown type")						\
	X(FRAG_SOURCE,	PROTO_MEM,					\
	  "fragment: the sender has too much in reassembly")		\
	X(FRAG_GONE,	QUEUE_PURGE,					\
	  "fragments: the namespace ended during reassembly")

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
