/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trace events of the system "mynet". Included by the files that fire them only: what others
 * need is in hop.h and drop.h.
 *
 * Device names are stored as an array, not as a string of variable length: that costs
 * nothing here and is read alike by every tool.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM mynet

#if !defined(MYNET_CORE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define MYNET_CORE_TRACE_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tracepoint.h>

#include "core/core.h"
#include "core/drop.h"
#include "core/hop.h"

/* Lets tools that parse the format know the numbers behind the names. */
#define MN_TRACE_HOP(name, where)		TRACE_DEFINE_ENUM(MYNET_HOP_##name);
#define MN_TRACE_DROP(name, core, what)		TRACE_DEFINE_ENUM(MYNET_DROP_##name);
MYNET_HOP_LIST(MN_TRACE_HOP)
MYNET_DROP_LIST(MN_TRACE_DROP)
TRACE_DEFINE_ENUM(MYNET_HOP_MAX);
TRACE_DEFINE_ENUM(MYNET_DROP_NONE);
#undef MN_TRACE_HOP
#undef MN_TRACE_DROP

#define MN_TRACE_HOP_NAME(name, where)		{ MYNET_HOP_##name, #name },
#define MN_TRACE_DROP_NAME(name, core, what)	{ MYNET_DROP_##name, #name },
#define MN_TRACE_HOP_NAMES	MYNET_HOP_LIST(MN_TRACE_HOP_NAME) { MYNET_HOP_MAX, "?" }
#define MN_TRACE_DROP_NAMES	MYNET_DROP_LIST(MN_TRACE_DROP_NAME) { MYNET_DROP_NONE, "NONE" }

TRACE_EVENT(mynet_hop,

	TP_PROTO(const struct sk_buff *skb, enum mynet_hop hop),

	TP_ARGS(skb, hop),

	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(const void *, skaddr)
		__field(unsigned int, netns)
		__field(unsigned int, len)
		__field(unsigned short, gso_size)
		__field(unsigned short, protocol)
		__field(unsigned char, hop)
		__array(char, dev, IFNAMSIZ)
	),

	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->skaddr = skb->sk;
		__entry->netns = mynet_skb_net(skb)->ns.inum;
		__entry->len = skb->len;
		__entry->gso_size = skb_shinfo(skb)->gso_size;
		__entry->protocol = ntohs(skb->protocol);
		__entry->hop = hop;
		strscpy(__entry->dev, skb->dev ? skb->dev->name : "", IFNAMSIZ);
	),

	TP_printk("hop=%s dev=%s skbaddr=%p len=%u protocol=0x%04x gso_size=%u skaddr=%p netns=%u",
		  __print_symbolic(__entry->hop, MN_TRACE_HOP_NAMES),
		  __entry->dev, __entry->skbaddr, __entry->len, __entry->protocol,
		  __entry->gso_size, __entry->skaddr, __entry->netns)
);

TRACE_EVENT(mynet_drop,

	TP_PROTO(const struct net *net, const struct sk_buff *skb,
		 const struct net_device *dev, enum mynet_drop_reason reason, void *caller),

	TP_ARGS(net, skb, dev, reason, caller),

	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(const void *, skaddr)
		__field(void *, caller)
		__field(unsigned int, netns)
		__field(unsigned int, len)
		__field(unsigned short, protocol)
		__field(unsigned short, reason)
		__array(char, dev, IFNAMSIZ)
	),

	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->skaddr = skb->sk;
		__entry->caller = caller;
		__entry->netns = net->ns.inum;
		__entry->len = skb->len;
		__entry->protocol = ntohs(skb->protocol);
		__entry->reason = reason;
		strscpy(__entry->dev, dev ? dev->name : "", IFNAMSIZ);
	),

	TP_printk("reason=%s dev=%s skbaddr=%p len=%u protocol=0x%04x caller=%pS skaddr=%p netns=%u",
		  __print_symbolic(__entry->reason, MN_TRACE_DROP_NAMES),
		  __entry->dev, __entry->skbaddr, __entry->len, __entry->protocol,
		  __entry->caller, __entry->skaddr, __entry->netns)
);

#endif /* MYNET_CORE_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH core
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
