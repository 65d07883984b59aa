/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every packet has an end with a name: it is delivered, sent, or dropped for a reason.
 * mynet_drop() and mynet_sk_drop() are the only ways to discard one.
 *
 * A reason is one line in MYNET_DROP_LIST. From it come the enumerator, the text in the trace
 * event mynet:mynet_drop, a counter in each namespace, its column in /proc/net/mynet/drops,
 * the reason that the kernel's own drop tools (skb:kfree_skb, drop_monitor, dropwatch) see, and
 * its row in Documentation/drops.rst.
 */
#ifndef MYNET_CORE_DROP_H
#define MYNET_CORE_DROP_H

#include <linux/skbuff.h>

struct sock;

/* Reasons: name, the kernel's reason that comes nearest, what happened. */
#define MYNET_DROP_LIST(X)						\
	X(SOCK_CLOSED,	QUEUE_PURGE,					\
	  "nobody had read it when its socket was closed")		\
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
	  "ARP: speaks of addresses that no host can have")

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

#endif /* MYNET_CORE_DROP_H */
