// SPDX-License-Identifier: GPL-2.0
/*
 * Discards packets: trace event, counter, and the kernel's own free-with-a-reason.
 *
 * State: none; the counters are mib.c's.
 */
#include <net/sock.h>

#include "core/core.h"
#include "core/drop.h"
#include "core/mib.h"
#include "core/trace.h"

#define MN_DROP_CORE(name, core, what)	\
	[MYNET_DROP_##name] = SKB_DROP_REASON_##core,
static const enum skb_drop_reason mn_drop_core[MYNET_DROP_MAX] = {
	[MYNET_DROP_NONE] = SKB_DROP_REASON_NOT_SPECIFIED,
	MYNET_DROP_LIST(MN_DROP_CORE)
};

static int mn_drop(struct net *net, struct sock *sk, struct sk_buff *skb,
		   const struct net_device *dev, enum mynet_drop_reason reason,
		   unsigned long caller)
{
	DEBUG_NET_WARN_ON_ONCE(reason == MYNET_DROP_NONE);

	trace_mynet_drop(net, skb, dev, reason, (void *)caller);
	mynet_mib_inc(mynet_net(net), MYNET_MIB_DROP(reason));
	sk_skb_reason_drop(sk, skb, mn_drop_core[reason]);
	return NET_RX_DROP;
}

int mynet_drop(struct sk_buff *skb, enum mynet_drop_reason reason)
{
	return mn_drop(mynet_skb_net(skb), NULL, skb, skb->dev, reason, _RET_IP_);
}
MYNET_EXPORT_TO_TESTS(mynet_drop);

int mynet_sk_drop(struct sock *sk, struct sk_buff *skb, enum mynet_drop_reason reason)
{
	return mn_drop(sock_net(sk), sk, skb, NULL, reason, _RET_IP_);
}
MYNET_EXPORT_TO_TESTS(mynet_sk_drop);

int mynet_net_drop(struct net *net, struct sk_buff *skb, enum mynet_drop_reason reason)
{
	return mn_drop(net, NULL, skb, NULL, reason, _RET_IP_);
}
