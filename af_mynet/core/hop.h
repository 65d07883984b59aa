/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hops of a packet's way: places where it enters or leaves a layer.
 *
 * mynet_hop() at each of them is the trace event mynet:mynet_hop; while nobody listens it is one
 * instruction that does nothing. Whoever listens (perf, trace-cmd, bpftrace) follows a packet
 * through the stack by its skb address and takes times between hops.
 *
 * A hop is one line in MYNET_HOP_LIST. Numbers are what scripts have written down: new
 * lines go to the end.
 */
#ifndef MYNET_CORE_HOP_H
#define MYNET_CORE_HOP_H

#include <linux/tracepoint-defs.h>

struct sk_buff;

/* Hops: name, where it is. */
#define MYNET_HOP_LIST(X)						\
	X(TRANSPORT_OUT, "down: a transport has built the packet")	\
	X(IP_OUT,	 "down: the internet layer takes it to route it") \
	X(LINK_OUT,	 "down: routed; the link layer takes it to address it") \
	X(DEV_OUT,	 "down: leaves the family for its device's queue") \
	X(DEV_IN,	 "up: enters the family from its device")	\
	X(IP_IN,	 "up: the internet layer takes it to check it")	\
	X(IP_FORWARD,	 "across: not for this host; goes on to IP_OUT") \
	X(TRANSPORT_IN,	 "up: for this host; a transport takes it")	\
	X(SOCK_IN,	 "up: queued to its socket")			\
	X(SOCK_READ,	 "up: leaves the family to the program that reads it")

/* enum mynet_hop: a place on a packet's way. */
#define MN_HOP_ID(name, where)	MYNET_HOP_##name,
enum mynet_hop {
	MYNET_HOP_LIST(MN_HOP_ID)
	MYNET_HOP_MAX
};
#undef MN_HOP_ID

DECLARE_TRACEPOINT(mynet_hop);

/* The slow half of mynet_hop(): somebody listens. */
void mynet_hop_traced(const struct sk_buff *skb, enum mynet_hop hop);

/**
 * mynet_hop() - a packet passes
 * @skb: packet, borrowed; skb->dev is its device or NULL
 * @hop: where it is
 *
 * Context: Any.
 */
static inline void mynet_hop(const struct sk_buff *skb, enum mynet_hop hop)
{
	if (tracepoint_enabled(mynet_hop))
		mynet_hop_traced(skb, hop);
}

#endif /* MYNET_CORE_HOP_H */
