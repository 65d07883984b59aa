// SPDX-License-Identifier: GPL-2.0
/*
 * Hops: seen by whoever listens, by nobody else, and never felt by the packet.
 */
#include <kunit/test.h>
#include <linux/skbuff.h>

#include "core/hop.h"
#include "core/trace.h"

/* The events that a listener has seen of one packet. */
struct mn_hop_seen {
	const struct sk_buff	*skb;
	unsigned int		hops;
	enum mynet_hop		last;
};

static void mn_hop_see(void *data, const struct sk_buff *skb, enum mynet_hop hop)
{
	struct mn_hop_seen *seen = data;

	if (skb != seen->skb)
		return;
	seen->hops++;
	seen->last = hop;
}

static int mn_hop_test_init(struct kunit *test)
{
	struct mn_hop_seen *seen = kunit_kzalloc(test, sizeof(*seen), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, seen);
	seen->skb = alloc_skb(64, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, seen->skb);
	test->priv = seen;
	return 0;
}

static void mn_hop_test_exit(struct kunit *test)
{
	struct mn_hop_seen *seen = test->priv;

	kfree_skb((struct sk_buff *)seen->skb);
}

static void mn_hop_listen(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, register_trace_mynet_hop(mn_hop_see, test->priv), 0);
}

static void mn_hop_stop_listening(struct kunit *test)
{
	unregister_trace_mynet_hop(mn_hop_see, test->priv);
	tracepoint_synchronize_unregister();
}

#define MN_HOP_CASE(name, where)	{ #name, MYNET_HOP_##name },
static const struct mn_hop_case {
	const char *name;
	enum mynet_hop hop;
} mn_hop_cases[] = {
	MYNET_HOP_LIST(MN_HOP_CASE)
};

static void mn_hop_case_name(const struct mn_hop_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(mn_hop, mn_hop_cases, mn_hop_case_name);

static void listener_sees_the_hop_once(struct kunit *test)
{
	const struct mn_hop_case *c = test->param_value;
	struct mn_hop_seen *seen = test->priv;

	mn_hop_listen(test);
	mynet_hop(seen->skb, c->hop);
	mn_hop_stop_listening(test);
	KUNIT_EXPECT_EQ(test, seen->hops, 1);
	KUNIT_EXPECT_EQ(test, seen->last, c->hop);
}

static void nobody_is_called_when_nobody_listens(struct kunit *test)
{
	struct mn_hop_seen *seen = test->priv;
	bool others = tracepoint_enabled(mynet_hop);

	mn_hop_listen(test);
	KUNIT_EXPECT_TRUE(test, tracepoint_enabled(mynet_hop));
	mn_hop_stop_listening(test);
	mynet_hop(seen->skb, MYNET_HOP_DEV_IN);
	KUNIT_EXPECT_EQ(test, seen->hops, 0);
	KUNIT_EXPECT_EQ(test, tracepoint_enabled(mynet_hop), others);
}

static void packet_is_only_borrowed(struct kunit *test)
{
	struct mn_hop_seen *seen = test->priv;
	struct sk_buff before = *seen->skb;

	mn_hop_listen(test);
	mynet_hop(seen->skb, MYNET_HOP_DEV_IN);
	mn_hop_stop_listening(test);
	KUNIT_EXPECT_EQ(test, refcount_read(&seen->skb->users), 1);
	KUNIT_EXPECT_EQ(test, memcmp(&before, seen->skb, sizeof(before)), 0);
}

static struct kunit_case mn_hop_tests[] = {
	KUNIT_CASE_PARAM(listener_sees_the_hop_once, mn_hop_gen_params),
	KUNIT_CASE(nobody_is_called_when_nobody_listens),
	KUNIT_CASE(packet_is_only_borrowed),
	{}
};

static struct kunit_suite mn_hop_suite = {
	.name = "mynet_hop",
	.init = mn_hop_test_init,
	.exit = mn_hop_test_exit,
	.test_cases = mn_hop_tests,
};
kunit_test_suite(mn_hop_suite);
