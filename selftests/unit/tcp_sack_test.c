// SPDX-License-Identifier: GPL-2.0
/*
 * Blocks that are reported and heard, packets that count as lost, the window in recovery.
 */
#include <stdlib.h>

#include "kselftest_harness.h"

#include "af_mynet/transport/tcp/sack.h"
#include "af_mynet/transport/tcp/sack.c"

FIXTURE(report)
{
	struct mn_sack_report r;
};

FIXTURE_SETUP(report)
{
	self->r = (struct mn_sack_report){};
}

FIXTURE_TEARDOWN(report)
{
}

TEST_F(report, the_newest_block_is_first)
{
	mn_sack_report_add(&self->r, 10, 20);
	mn_sack_report_add(&self->r, 40, 50);
	EXPECT_EQ(40, self->r.block[0].start);
	mn_sack_report_add(&self->r, 20, 25);
	EXPECT_EQ(10, self->r.block[0].start);
	EXPECT_EQ(25, self->r.block[0].end);
	EXPECT_EQ(2, self->r.blocks);
}

TEST_F(report, a_bridge_makes_one_of_two)
{
	mn_sack_report_add(&self->r, 10, 20);
	mn_sack_report_add(&self->r, 30, 40);
	mn_sack_report_add(&self->r, 20, 30);
	EXPECT_EQ(1, self->r.blocks);
	EXPECT_EQ(10, self->r.block[0].start);
	EXPECT_EQ(40, self->r.block[0].end);
}

TEST_F(report, the_fifth_drives_out_the_oldest)
{
	u32 i;

	for (i = 1; i <= 5; i++)
		mn_sack_report_add(&self->r, i * 10, i * 10 + 5);
	EXPECT_EQ(4, self->r.blocks);
	EXPECT_EQ(20, self->r.block[3].start);
}

TEST_F(report, what_is_in_order_is_reported_no_more)
{
	mn_sack_report_add(&self->r, 0xfffffff0, 5);
	mn_sack_report_add(&self->r, 10, 20);
	mn_sack_report_trim(&self->r, 5);
	EXPECT_EQ(1, self->r.blocks);
	EXPECT_EQ(10, self->r.block[0].start);
}

TEST_F(report, a_duplicate_is_told_once_and_first)
{
	struct mn_sack_block b[4];

	mn_sack_report_add(&self->r, 10, 20);
	mn_sack_report_dup(&self->r, 1, 2);
	EXPECT_EQ(2, mn_sack_report_take(&self->r, b, 4));
	EXPECT_EQ(1, b[0].start);
	EXPECT_EQ(1, mn_sack_report_take(&self->r, b, 4));
	EXPECT_EQ(10, b[0].start);
}

TEST_F(report, duplicates_that_touch_are_one_and_others_are_not_said)
{
	struct mn_sack_block b[4];

	mn_sack_report_dup(&self->r, 10, 20);
	mn_sack_report_dup(&self->r, 20, 30);
	mn_sack_report_dup(&self->r, 5, 10);
	mn_sack_report_dup(&self->r, 40, 50);
	EXPECT_EQ(1, mn_sack_report_take(&self->r, b, 4));
	EXPECT_EQ(5, b[0].start);
	EXPECT_EQ(30, b[0].end);
}

/* Against a naive twin: a map of bytes. */
TEST_F(report, random_arrivals_are_reported_as_they_are)
{
	unsigned int i, j;

	srandom(3);
	for (i = 0; i < 2000; i++) {
		bool there[64] = {};

		self->r = (struct mn_sack_report){};
		for (j = 0; j < 4; j++) {
			u32 start = random() % 60, end = start + 1 + random() % 4, k;

			for (k = start; k < end; k++)
				there[k] = true;
			mn_sack_report_add(&self->r, start, end);
			for (k = 0; k < self->r.blocks; k++) {
				u32 s = self->r.block[k].start, e = self->r.block[k].end, m;

				for (m = s; m < e; m++)
					ASSERT_TRUE(there[m]);
				ASSERT_FALSE(s && there[s - 1]);
				ASSERT_FALSE(there[e]);
			}
		}
	}
}

TEST(a_block_below_the_ack_or_within_the_next_is_a_dsack)
{
	struct mn_sack_block a = { 10, 20 }, b = { 5, 30 };

	EXPECT_TRUE(mn_sack_is_dup(&a, NULL, 11));
	EXPECT_FALSE(mn_sack_is_dup(&a, NULL, 10));
	EXPECT_TRUE(mn_sack_is_dup(&a, &b, 1));
	EXPECT_FALSE(mn_sack_is_dup(&b, &a, 1));
}

TEST(only_what_is_on_its_way_can_be_acknowledged)
{
	EXPECT_TRUE(mn_sack_plausible(&(struct mn_sack_block){ 10, 20 }, 10, 20));
	EXPECT_FALSE(mn_sack_plausible(&(struct mn_sack_block){ 9, 20 }, 10, 20));
	EXPECT_FALSE(mn_sack_plausible(&(struct mn_sack_block){ 10, 21 }, 10, 20));
	EXPECT_FALSE(mn_sack_plausible(&(struct mn_sack_block){ 20, 10 }, 10, 20));
}

TEST(what_was_heard_before_is_not_walked_again)
{
	struct mn_sack_heard h = { .block = { { 10, 20 }, { 30, 40 } }, .blocks = 2 };
	struct mn_sack_block same = { 10, 20 }, more = { 10, 25 };
	struct mn_sack_block below = { 5, 20 }, new = { 50, 60 };

	EXPECT_FALSE(mn_sack_news(&h, &same));
	EXPECT_TRUE(mn_sack_news(&h, &more));
	EXPECT_EQ(20, more.start);
	EXPECT_TRUE(mn_sack_news(&h, &below));
	EXPECT_EQ(10, below.end);
	EXPECT_TRUE(mn_sack_news(&h, &new));
	EXPECT_EQ(50, new.start);
}

TEST(a_packet_sent_before_one_that_arrived_is_lost_after_the_window)
{
	struct mn_rack r;

	mn_rack_init(&r);
	EXPECT_FALSE(mn_rack_before(&r, 0, 0));
	mn_rack_arrived(&r, 1000, 50, false, 3000, 2000);
	EXPECT_TRUE(mn_rack_before(&r, 999, 60));
	EXPECT_TRUE(mn_rack_before(&r, 1000, 40));
	EXPECT_FALSE(mn_rack_before(&r, 1000, 60));
	EXPECT_EQ(0, mn_rack_window(&r, 2000, 2000, false, true));
	EXPECT_EQ(500, mn_rack_window(&r, 2000, 2000, true, true));
	EXPECT_EQ(500, mn_rack_wait(&r, 1000, 500, 3000));
	EXPECT_EQ(0, mn_rack_wait(&r, 1000, 500, 3500));
}

TEST(a_retransmission_answered_too_soon_says_nothing)
{
	struct mn_rack r;

	mn_rack_init(&r);
	mn_rack_arrived(&r, 1000, 50, true, 1500, 2000);
	EXPECT_FALSE(r.valid);
}

TEST(in_recovery_the_window_comes_down_in_proportion)
{
	struct mn_prr p = { .prior = 100 };
	u32 in_flight = 100, i, sent = 0;

	for (i = 0; i < 50; i++) {
		u32 cwnd;

		in_flight--;
		cwnd = mn_prr_cwnd(&p, 70, in_flight, 1, false);
		if (cwnd > in_flight) {
			sent += cwnd - in_flight;
			p.out += cwnd - in_flight;
			in_flight = cwnd;
		}
	}
	EXPECT_LE(34, sent);
	EXPECT_GE(36, sent);
}

TEST_HARNESS_MAIN
