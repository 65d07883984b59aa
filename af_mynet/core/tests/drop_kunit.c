// SPDX-License-Identifier: GPL-2.0
/*
 * Drops: the packet is gone, once, and the reason shows everywhere it should.
 */
#include <kunit/test.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include <trace/events/skb.h>

#include "core/core.h"
#include "core/drop.h"
#include "core/mib.h"
#include "core/trace.h"

/* The events that the listeners of one test have seen. */
struct mn_drop_seen {
	const struct sk_buff	*skb;		/* the packet that is looked for */
	unsigned int		frees;		/* its memory was given back */
	unsigned int		traces;		/* our event */
	enum mynet_drop_reason	reason;
	const struct net_device	*dev;
	unsigned long		caller;
	enum skb_drop_reason	core;		/* the kernel's event */
};

static void mn_drop_see_free(struct sk_buff *skb)
{
	struct mn_drop_seen *seen = *(struct mn_drop_seen **)skb->cb;

	seen->frees++;
}

static void mn_drop_see(void *data, const struct net *net, const struct sk_buff *skb,
			const struct net_device *dev, enum mynet_drop_reason reason, void *caller)
{
	struct mn_drop_seen *seen = data;

	if (skb != seen->skb)
		return;
	seen->traces++;
	seen->reason = reason;
	seen->dev = dev;
	seen->caller = (unsigned long)caller;
}

static void mn_drop_see_core(void *data, struct sk_buff *skb, void *location,
			     MYNET_KFREE_SKB_WHY)
{
	struct mn_drop_seen *seen = data;

	if (skb == seen->skb)
		seen->core = reason;
}

static struct sk_buff *mn_drop_packet(struct kunit *test)
{
	struct mn_drop_seen *seen = test->priv;
	struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	*(struct mn_drop_seen **)skb->cb = seen;
	skb->destructor = mn_drop_see_free;
	seen->skb = skb;
	return skb;
}

static u64 mn_drop_count(enum mynet_drop_reason reason)
{
	return mynet_mib_read(mynet_net(&init_net), MYNET_MIB_DROP(reason));
}

static int mn_drop_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct mn_drop_seen), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, test->priv);
	return 0;
}

static void dropped_packet_is_freed_once(struct kunit *test)
{
	struct mn_drop_seen *seen = test->priv;

	mynet_drop(mn_drop_packet(test), MYNET_DROP_SOCK_CLOSED);
	KUNIT_EXPECT_EQ(test, seen->frees, 1);
}

static void drop_takes_one_reference_of_several(struct kunit *test)
{
	struct mn_drop_seen *seen = test->priv;
	struct sk_buff *skb = mn_drop_packet(test);

	skb_get(skb);
	mynet_drop(skb, MYNET_DROP_SOCK_CLOSED);
	KUNIT_EXPECT_EQ(test, seen->frees, 0);
	KUNIT_EXPECT_EQ(test, refcount_read(&skb->users), 1);
	kfree_skb(skb);
	KUNIT_EXPECT_EQ(test, seen->frees, 1);
}

static void drop_answers_what_an_input_function_returns(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, NET_RX_DROP,
			mynet_drop(mn_drop_packet(test), MYNET_DROP_SOCK_CLOSED));
	KUNIT_EXPECT_EQ(test, NET_RX_DROP, NET_XMIT_DROP);
}

static void drop_is_counted_under_its_reason_only(struct kunit *test)
{
	struct mynet_net *mnet = mynet_net(&init_net);
	u64 *before = kunit_kcalloc(test, MYNET_MIB_MAX, sizeof(*before), GFP_KERNEL);
	unsigned int id;

	KUNIT_ASSERT_NOT_NULL(test, before);
	for (id = 0; id < MYNET_MIB_MAX; id++)
		before[id] = mynet_mib_read(mnet, id);
	mynet_drop(mn_drop_packet(test), MYNET_DROP_SOCK_CLOSED);
	for (id = 0; id < MYNET_MIB_MAX; id++)
		KUNIT_EXPECT_EQ(test, mynet_mib_read(mnet, id),
				before[id] + (id == MYNET_MIB_DROP(MYNET_DROP_SOCK_CLOSED)));
}

static void socket_drop_asks_nothing_of_a_stale_device_pointer(struct kunit *test)
{
	struct sock *sk = kunit_kzalloc(test, sizeof(*sk), GFP_KERNEL);
	struct sk_buff *skb = mn_drop_packet(test);
	struct mn_drop_seen *seen = test->priv;
	u64 before = mn_drop_count(MYNET_DROP_SOCK_CLOSED);

	sock_net_set(sk, &init_net);
	skb->dev = (struct net_device *)0xdead;
	mynet_sk_drop(sk, skb, MYNET_DROP_SOCK_CLOSED);
	KUNIT_EXPECT_EQ(test, seen->frees, 1);
	KUNIT_EXPECT_EQ(test, mn_drop_count(MYNET_DROP_SOCK_CLOSED), before + 1);
}

static void drop_is_traced_with_device_reason_and_caller(struct kunit *test)
{
	struct mn_drop_seen *seen = test->priv;
	struct sk_buff *skb = mn_drop_packet(test);
	unsigned long here = (unsigned long)drop_is_traced_with_device_reason_and_caller;

	KUNIT_ASSERT_EQ(test, register_trace_mynet_drop(mn_drop_see, seen), 0);
	skb->dev = init_net.loopback_dev;
	mynet_drop(skb, MYNET_DROP_SOCK_CLOSED);
	unregister_trace_mynet_drop(mn_drop_see, seen);
	tracepoint_synchronize_unregister();

	KUNIT_EXPECT_EQ(test, seen->traces, 1);
	KUNIT_EXPECT_EQ(test, seen->reason, MYNET_DROP_SOCK_CLOSED);
	KUNIT_EXPECT_PTR_EQ(test, seen->dev, (const struct net_device *)init_net.loopback_dev);
	KUNIT_EXPECT_GT(test, seen->caller, here);
	KUNIT_EXPECT_LT(test, seen->caller, here + SZ_16K);
}

/* Each reason of the list, one after the other. */
#define MN_DROP_CASE(name, core, what)	\
	{ #name, MYNET_DROP_##name, SKB_DROP_REASON_##core },
static const struct mn_drop_case {
	const char *name;
	enum mynet_drop_reason reason;
	enum skb_drop_reason core;
} mn_drop_cases[] = {
	MYNET_DROP_LIST(MN_DROP_CASE)
};

static void mn_drop_case_name(const struct mn_drop_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(mn_drop, mn_drop_cases, mn_drop_case_name);

static void reason_shows_in_counter_and_in_the_kernels_own_event(struct kunit *test)
{
	const struct mn_drop_case *c = test->param_value;
	struct mn_drop_seen *seen = test->priv;
	struct sk_buff *skb = mn_drop_packet(test);
	u64 before = mn_drop_count(c->reason);

	KUNIT_ASSERT_EQ(test, register_trace_kfree_skb(mn_drop_see_core, seen), 0);
	mynet_drop(skb, c->reason);
	unregister_trace_kfree_skb(mn_drop_see_core, seen);
	tracepoint_synchronize_unregister();

	KUNIT_EXPECT_EQ(test, seen->core, c->core);
	KUNIT_EXPECT_EQ(test, mn_drop_count(c->reason), before + 1);
}

static struct kunit_case mn_drop_tests[] = {
	KUNIT_CASE(dropped_packet_is_freed_once),
	KUNIT_CASE(drop_takes_one_reference_of_several),
	KUNIT_CASE(drop_answers_what_an_input_function_returns),
	KUNIT_CASE(drop_is_counted_under_its_reason_only),
	KUNIT_CASE(socket_drop_asks_nothing_of_a_stale_device_pointer),
	KUNIT_CASE(drop_is_traced_with_device_reason_and_caller),
	KUNIT_CASE_PARAM(reason_shows_in_counter_and_in_the_kernels_own_event, mn_drop_gen_params),
	{}
};

static struct kunit_suite mn_drop_suite = {
	.name = "mynet_drop",
	.init = mn_drop_test_init,
	.test_cases = mn_drop_tests,
};
kunit_test_suite(mn_drop_suite);
