// SPDX-License-Identifier: GPL-2.0
/*
 * The transports by protocol, and who hears of packets beside them.
 *
 * State: mynet_inet_protos and mynet_raw_ops, under RCU; mynet_inet_raw.
 */
#include <linux/rcupdate.h>
#include <linux/skbuff.h>

#include "internet/inet.h"

static const struct mynet_inet_proto __rcu *mynet_inet_protos[256] __read_mostly;

int mynet_inet_proto_add(const struct mynet_inet_proto *proto, u8 protocol)
{
	const struct mynet_inet_proto *old;

	old = cmpxchg((__force const struct mynet_inet_proto **)&mynet_inet_protos[protocol],
		      NULL, proto);
	return old ? -EBUSY : 0;
}

void mynet_inet_proto_del(const struct mynet_inet_proto *proto, u8 protocol)
{
	const struct mynet_inet_proto *old;

	old = cmpxchg((__force const struct mynet_inet_proto **)&mynet_inet_protos[protocol],
		      proto, NULL);
	WARN_ON(old != proto);
	synchronize_rcu();
}

const struct mynet_inet_proto *mn_inet_proto(u8 protocol)
{
	return rcu_dereference(mynet_inet_protos[protocol]);
}

static const struct mynet_raw_ops __rcu *mynet_raw_ops __read_mostly;
/* How many listen to a protocol, in all namespaces: all that most packets look at. */
static atomic_t mynet_inet_raw[256] __read_mostly;

void mynet_raw_ops_set(const struct mynet_raw_ops *upper)
{
	rcu_assign_pointer(mynet_raw_ops, upper);
	synchronize_rcu();
}

void mynet_inet_raw_listen(u8 protocol, int n)
{
	atomic_add(n, &mynet_inet_raw[protocol]);
}

const struct mynet_raw_ops *mn_raw_ops(void)
{
	return rcu_dereference(mynet_raw_ops);
}

/* Copies for those who listen. Return: true if anybody is meant. */
bool mn_ip_deliver_raw(struct sk_buff *skb, u8 protocol)
{
	const struct mynet_raw_ops *upper;

	if (likely(!atomic_read(&mynet_inet_raw[protocol])))
		return false;
	upper = mn_raw_ops();
	return upper && upper->raw(skb);
}

bool mn_inet_raw_error(struct sk_buff *skb, u8 protocol, u32 info)
{
	const struct mynet_raw_ops *upper;

	if (!atomic_read(&mynet_inet_raw[protocol]))
		return false;
	upper = mn_raw_ops();
	return upper && upper->raw_error(skb, info);
}
