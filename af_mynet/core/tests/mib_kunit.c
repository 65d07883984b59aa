// SPDX-License-Identifier: GPL-2.0
/*
 * Counters: nothing is lost, whatever the CPU, the context and the size of the number.
 */
#include <kunit/test.h>
#include <linux/hrtimer.h>
#include <linux/smp.h>
#include <net/net_namespace.h>

#include "core/core.h"
#include "core/mib.h"

/* The counter that the tests borrow and put back. */
#define MN_MIB_TEST	MYNET_MIB_SOCK_REFUSED

static u64 mn_mib_now(void)
{
	return mynet_mib_read(mynet_net(&init_net), MN_MIB_TEST);
}

static int mn_mib_test_init(struct kunit *test)
{
	u64 *before = kunit_kmalloc(test, sizeof(*before), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, before);
	*before = mn_mib_now();
	test->priv = before;
	return 0;
}

static void mn_mib_test_exit(struct kunit *test)
{
	u64 *before = test->priv;

	mynet_mib_add(mynet_net(&init_net), MN_MIB_TEST, *before - mn_mib_now());
}

static void inc_adds_one(struct kunit *test)
{
	u64 *before = test->priv;

	mynet_mib_inc(mynet_net(&init_net), MN_MIB_TEST);
	KUNIT_EXPECT_EQ(test, mn_mib_now(), *before + 1);
}

static void neighbours_in_the_list_are_not_touched(struct kunit *test)
{
	struct mynet_net *mnet = mynet_net(&init_net);
	u64 below = mynet_mib_read(mnet, MN_MIB_TEST - 1);
	u64 above = mynet_mib_read(mnet, MN_MIB_TEST + 1);

	mynet_mib_add(mnet, MN_MIB_TEST, U64_MAX / 3);
	KUNIT_EXPECT_EQ(test, mynet_mib_read(mnet, MN_MIB_TEST - 1), below);
	KUNIT_EXPECT_EQ(test, mynet_mib_read(mnet, MN_MIB_TEST + 1), above);
}

static void count_goes_on_beyond_32_bits(struct kunit *test)
{
	struct mynet_net *mnet = mynet_net(&init_net);
	u64 *before = test->priv;

	mynet_mib_add(mnet, MN_MIB_TEST, U32_MAX);
	mynet_mib_add(mnet, MN_MIB_TEST, U32_MAX);
	KUNIT_EXPECT_EQ(test, mn_mib_now(), *before + 2ULL * U32_MAX);
}

static void mn_mib_count_here(void *mnet)
{
	mynet_mib_inc(mnet, MN_MIB_TEST);
}

static void sum_has_the_share_of_every_cpu(struct kunit *test)
{
	struct mynet_net *mnet = mynet_net(&init_net);
	u64 *before = test->priv;
	u64 told = 0;
	int cpu;

	for_each_online_cpu(cpu) {
		smp_call_function_single(cpu, mn_mib_count_here, mnet, 1);
		told++;
	}
	KUNIT_EXPECT_EQ(test, mn_mib_now(), *before + told);
}

/* A timer in hard interrupt context that counts as often as it can. */
struct mn_mib_ticker {
	struct hrtimer	timer;
	u64		told;
};

static enum hrtimer_restart mn_mib_tick(struct hrtimer *timer)
{
	struct mn_mib_ticker *ticker = container_of(timer, struct mn_mib_ticker, timer);

	mynet_mib_inc(mynet_net(&init_net), MN_MIB_TEST);
	ticker->told++;
	hrtimer_forward_now(timer, ns_to_ktime(20 * NSEC_PER_USEC));
	return HRTIMER_RESTART;
}

static void nothing_is_lost_when_an_interrupt_counts_too(struct kunit *test)
{
	struct mn_mib_ticker *ticker = kunit_kzalloc(test, sizeof(*ticker), GFP_KERNEL);
	struct mynet_net *mnet = mynet_net(&init_net);
	u64 *before = test->priv;
	u64 told = 0;

	KUNIT_ASSERT_NOT_NULL(test, ticker);
	hrtimer_setup(&ticker->timer, mn_mib_tick, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	hrtimer_start(&ticker->timer, ns_to_ktime(1), HRTIMER_MODE_REL_HARD);
	while (READ_ONCE(ticker->told) < 100 || told < 10000) {
		mynet_mib_inc(mnet, MN_MIB_TEST);
		told++;
		cond_resched();
	}
	hrtimer_cancel(&ticker->timer);

	KUNIT_EXPECT_EQ(test, mn_mib_now(), *before + told + ticker->told);
}

static struct kunit_case mn_mib_tests[] = {
	KUNIT_CASE(inc_adds_one),
	KUNIT_CASE(neighbours_in_the_list_are_not_touched),
	KUNIT_CASE(count_goes_on_beyond_32_bits),
	KUNIT_CASE(sum_has_the_share_of_every_cpu),
	KUNIT_CASE(nothing_is_lost_when_an_interrupt_counts_too),
	{}
};

static struct kunit_suite mn_mib_suite = {
	.name = "mynet_mib",
	.init = mn_mib_test_init,
	.exit = mn_mib_test_exit,
	.test_cases = mn_mib_tests,
};
kunit_test_suite(mn_mib_suite);
