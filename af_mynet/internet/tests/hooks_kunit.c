// SPDX-License-Identifier: GPL-2.0
/*
 * Hooks: who is asked, in which order, and what becomes of the packet.
 */
#include <kunit/test.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>

#include "core/core.h"
#include "core/drop.h"
#include "core/mib.h"
#include "internet/hooks.h"

/* One hook of a test; it remembers when it was asked. */
struct mn_asked {
	struct mynet_hook	hook;
	enum mynet_hook_verdict	verdict;
	unsigned int		times;
	unsigned int		turn;
};

static struct mn_asked mn_asked[3];
static unsigned int mn_turns;
static struct sk_buff *mn_packet;

/* Other packets may pass while the tests run: they are let go. */
static enum mynet_hook_verdict mn_ask(struct sk_buff *skb, struct mn_asked *asked)
{
	if (skb != mn_packet)
		return MYNET_HOOK_ACCEPT;
	asked->times++;
	asked->turn = ++mn_turns;
	return asked->verdict;
}

static enum mynet_hook_verdict mn_ask_0(struct net *net, struct sk_buff *skb,
					enum mynet_hook_point point)
{
	return mn_ask(skb, &mn_asked[0]);
}

static enum mynet_hook_verdict mn_ask_1(struct net *net, struct sk_buff *skb,
					enum mynet_hook_point point)
{
	return mn_ask(skb, &mn_asked[1]);
}

static enum mynet_hook_verdict mn_ask_2(struct net *net, struct sk_buff *skb,
					enum mynet_hook_point point)
{
	return mn_ask(skb, &mn_asked[2]);
}

static int mn_hooks_init(struct kunit *test)
{
	memset(mn_asked, 0, sizeof(mn_asked));
	mn_asked[0].hook.fn = mn_ask_0;
	mn_asked[1].hook.fn = mn_ask_1;
	mn_asked[2].hook.fn = mn_ask_2;
	mn_turns = 0;
	mn_packet = alloc_skb(64, GFP_KERNEL);
	return mn_packet ? 0 : -ENOMEM;
}

static void mn_hooks_exit(struct kunit *test)
{
	kfree_skb(mn_packet);
}

static void mn_hooks_add(struct kunit *test, const int priorities[3])
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		mn_asked[i].hook.point = MYNET_HOOK_FORWARD;
		mn_asked[i].hook.priority = priorities[i];
		KUNIT_ASSERT_EQ(test, mynet_hook_add(&mn_asked[i].hook), 0);
	}
}

static void mn_hooks_del(void)
{
	unsigned int i;

	for (i = 0; i < 3; i++)
		mynet_hook_del(&mn_asked[i].hook);
}

static bool mn_hooks_pass(enum mynet_hook_point point)
{
	bool pass;

	rcu_read_lock();
	pass = mynet_hook_run(&init_net, mn_packet, point);
	rcu_read_unlock();
	return pass;
}

static void they_are_asked_by_priority_and_then_by_age(struct kunit *test)
{
	mn_hooks_add(test, (const int[]){ 5, -5, 5 });
	KUNIT_EXPECT_TRUE(test, mn_hooks_pass(MYNET_HOOK_FORWARD));
	mn_hooks_del();
	KUNIT_EXPECT_EQ(test, mn_asked[1].turn, 1);
	KUNIT_EXPECT_EQ(test, mn_asked[0].turn, 2);
	KUNIT_EXPECT_EQ(test, mn_asked[2].turn, 3);
}

static void they_are_asked_at_their_own_point_only(struct kunit *test)
{
	mn_hooks_add(test, (const int[]){ 0, 0, 0 });
	KUNIT_EXPECT_TRUE(test, mn_hooks_pass(MYNET_HOOK_LOCAL_IN));
	mn_hooks_del();
	KUNIT_EXPECT_EQ(test, mn_turns, 0);
}

static void what_one_drops_is_gone_and_the_next_are_not_asked(struct kunit *test)
{
	struct mynet_net *mnet = mynet_net(&init_net);
	u64 before = mynet_mib_read(mnet, MYNET_MIB_DROP(MYNET_DROP_HOOK));

	mn_asked[1].verdict = MYNET_HOOK_DROP;
	mn_hooks_add(test, (const int[]){ 0, 1, 2 });
	skb_get(mn_packet);	/* to be looked at afterwards */
	KUNIT_EXPECT_FALSE(test, mn_hooks_pass(MYNET_HOOK_FORWARD));
	mn_hooks_del();
	KUNIT_EXPECT_EQ(test, refcount_read(&mn_packet->users), 1);
	KUNIT_EXPECT_EQ(test, mn_asked[0].times, 1);
	KUNIT_EXPECT_EQ(test, mn_asked[2].times, 0);
	KUNIT_EXPECT_GE(test, mynet_mib_read(mnet, MYNET_MIB_DROP(MYNET_DROP_HOOK)), before + 1);
}

static void what_one_takes_stays_and_the_next_are_not_asked(struct kunit *test)
{
	mn_asked[0].verdict = MYNET_HOOK_STOLEN;
	mn_hooks_add(test, (const int[]){ 0, 1, 2 });
	KUNIT_EXPECT_FALSE(test, mn_hooks_pass(MYNET_HOOK_FORWARD));
	mn_hooks_del();
	KUNIT_EXPECT_EQ(test, refcount_read(&mn_packet->users), 1);
	KUNIT_EXPECT_EQ(test, mn_asked[1].times, 0);
}

static void one_that_was_taken_away_is_not_asked(struct kunit *test)
{
	mn_hooks_add(test, (const int[]){ 0, 0, 0 });
	mn_hooks_del();
	KUNIT_EXPECT_TRUE(test, mn_hooks_pass(MYNET_HOOK_FORWARD));
	KUNIT_EXPECT_EQ(test, mn_turns, 0);
}

static void a_point_that_is_none_is_refused(struct kunit *test)
{
	mn_asked[0].hook.point = MYNET_HOOK_POINTS;
	KUNIT_EXPECT_EQ(test, mynet_hook_add(&mn_asked[0].hook), -EINVAL);
}

static struct kunit_case mn_hooks_tests[] = {
	KUNIT_CASE(they_are_asked_by_priority_and_then_by_age),
	KUNIT_CASE(they_are_asked_at_their_own_point_only),
	KUNIT_CASE(what_one_drops_is_gone_and_the_next_are_not_asked),
	KUNIT_CASE(what_one_takes_stays_and_the_next_are_not_asked),
	KUNIT_CASE(one_that_was_taken_away_is_not_asked),
	KUNIT_CASE(a_point_that_is_none_is_refused),
	{}
};

static struct kunit_suite mn_hooks_suite = {
	.name = "mynet_hooks",
	.init = mn_hooks_init,
	.exit = mn_hooks_exit,
	.test_cases = mn_hooks_tests,
};
kunit_test_suite(mn_hooks_suite);
