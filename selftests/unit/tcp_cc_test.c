// SPDX-License-Identifier: GPL-2.0
/*
 * Reno and CUBIC: the numbers of their RFCs, and CUBIC's curve against floating point.
 */
#include "kselftest_harness.h"

#include "af_mynet/transport/tcp/cc.h"
#include "af_mynet/transport/tcp/cc_reno.c"
#include "af_mynet/transport/tcp/cc_cubic.c"

static double cube(double x)
{
	return x * x * x;
}

static double cube_root(double v)
{
	double x = 1;
	int i;

	for (i = 0; i < 100; i++)
		x -= (cube(x) - v) / (3 * x * x);
	return x;
}

static void take(struct mn_cc *cc, const struct mn_cc_ops *ops)
{
	*cc = (struct mn_cc){ .ops = ops, .cwnd = 10, .ssthresh = MN_SSTHRESH_INF };
	if (ops->init)
		ops->init(cc);
}

TEST(slow_start_doubles_in_a_round)
{
	struct mn_cc cc;

	take(&cc, &mn_cc_reno);
	mn_cc_reno.grow(&cc, &(struct mn_cc_ack){ .acked = 10 });
	EXPECT_EQ(20, cc.cwnd);
}

TEST(reno_halves_and_then_grows_by_one_in_a_round)
{
	struct mn_cc cc;
	u32 i;

	take(&cc, &mn_cc_reno);
	cc.cwnd = 100;
	cc.ssthresh = mn_cc_reno.ssthresh(&cc);
	cc.cwnd = cc.ssthresh;
	EXPECT_EQ(50, cc.cwnd);
	for (i = 0; i < 50; i++)
		mn_cc_reno.grow(&cc, &(struct mn_cc_ack){ .acked = 1 });
	EXPECT_EQ(51, cc.cwnd);
}

TEST(cube_roots_are_exact)
{
	u64 v, x;

	for (v = 0; v < 100000; v++) {
		x = mn_cbrt(v);
		ASSERT_LE(x * x * x, v);
		ASSERT_GT((x + 1) * (x + 1) * (x + 1), v);
	}
	EXPECT_EQ(2642245, mn_cbrt(~0ULL));
}

TEST(cubic_takes_seven_tenths_and_follows_its_curve)
{
	struct mn_cc cc;
	double k, w;
	u64 now = 1000000;
	u32 i, ms;

	take(&cc, &mn_cc_cubic);
	cc.cwnd = 1000;
	cc.ssthresh = mn_cc_cubic.ssthresh(&cc);
	cc.cwnd = cc.ssthresh;
	EXPECT_LE(699, cc.cwnd);
	EXPECT_GE(701, cc.cwnd);

	k = cube_root((1000 - cc.cwnd) / 0.4);
	for (ms = 0; ms < 15000; ms += 100) {	/* a round trip of 100 ms: Reno is slower */
		u32 left = cc.cwnd;

		for (i = 0; left; i++) {
			u32 acked = left < 10 ? left : 10;

			mn_cc_cubic.grow(&cc, &(struct mn_cc_ack){ .acked = acked,
					.now_us = now + ms * 1000, .srtt_us = 100000 });
			left -= acked;
		}
		w = 0.4 * cube(ms / 1000.0 - k) + 1000;
		if (ms > 500) {
			ASSERT_GT(w * 1.08, cc.cwnd);
			ASSERT_LT(w * 0.92, cc.cwnd);
		}
	}
}

TEST(cubic_makes_room_for_others)
{
	struct mn_cc cc;

	take(&cc, &mn_cc_cubic);
	cc.cwnd = 1000;
	mn_cc_cubic.ssthresh(&cc);
	cc.cwnd = 800;
	mn_cc_cubic.ssthresh(&cc);
	EXPECT_EQ(680, mn_cubic(&cc)->w_max);
}

/* RFC 9438 4.3, 4.8: alpha is 9/17 until the window before the timeout is there again. */
TEST(after_a_timeout_cubic_grows_like_reno_does)
{
	struct mn_cc cc;

	take(&cc, &mn_cc_cubic);
	cc.cwnd = 100;
	cc.ssthresh = mn_cc_cubic.ssthresh(&cc);
	mn_cc_cubic.lost(&cc);
	cc.cwnd = cc.ssthresh;
	EXPECT_EQ(70, cc.cwnd);
	mn_cc_cubic.grow(&cc, &(struct mn_cc_ack){ .acked = 70, .now_us = 1000 });
	EXPECT_EQ(70 * 1024 + 1024 * 9 / 17, mn_cubic(&cc)->w_est);
}

TEST(a_growing_round_trip_ends_slow_start)
{
	struct mn_cc cc;
	u32 round, i, una = 1;

	take(&cc, &mn_cc_cubic);
	for (round = 0; round < 12 && mn_cc_slow_start(&cc); round++)
		for (i = 0; i < 20; i++)
			mn_cc_cubic.grow(&cc, &(struct mn_cc_ack){ .acked = 1, .una = ++una,
					.nxt = una + 20, .rtt_us = 20000 + round * 6000,
					.now_us = 1000 });
	EXPECT_FALSE(mn_cc_slow_start(&cc));
}

TEST_HARNESS_MAIN
