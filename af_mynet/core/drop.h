/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every packet has an end with a name: it is delivered, sent, or dropped for a reason.
 * mynet_drop() and mynet_sk_drop() are the only ways to discard one.
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
	X(SOCK_CLOSED,	QUEUE_PURGE,					\
	  "nobody had read it when its socket was closed")

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
