// SPDX-License-Identifier: GPL-2.0
/*
 * How a sender gets on.
 */
#include "kselftest_harness.h"

#include "af_mynet/transport/tcp/progress.h"
#include "af_mynet/transport/tcp/progress.c"

#define MSS	1000

FIXTURE(progress)
{
	struct mn_progress p;
};

FIXTURE_SETUP(progress)
{
	self->p = (struct mn_progress){};
}

FIXTURE_TEARDOWN(progress)
{
}

TEST_F(progress, before_anything_arrived_there_is_no_rate)
{
	EXPECT_EQ(0, mn_delivery_rate(&self->p, MSS));
	mn_delivery_begin(&self->p, 0, 5);
	EXPECT_EQ(0, mn_delivery_rate(&self->p, MSS));
}

TEST_F(progress, the_rate_is_what_arrived_in_a_round_trip)
{
	mn_delivery_begin(&self->p, 100, 1000);
	mn_delivery_arrived(&self->p, 110, 1000 + 20000, 20000);
	EXPECT_EQ(500000, mn_delivery_rate(&self->p, MSS));
	EXPECT_FALSE(self->p.was_idle);
}

TEST_F(progress, in_less_than_a_round_trip_nothing_is_measured)
{
	mn_delivery_begin(&self->p, 0, 0);
	mn_delivery_arrived(&self->p, 10, 19999, 20000);
	EXPECT_EQ(0, mn_delivery_rate(&self->p, MSS));
	mn_delivery_arrived(&self->p, 20, 40000, 20000);
	EXPECT_EQ(500000, mn_delivery_rate(&self->p, MSS));
	mn_delivery_arrived(&self->p, 30, 40000, 0);
	EXPECT_EQ(500000, mn_delivery_rate(&self->p, MSS));
}

TEST_F(progress, the_next_measurement_begins_where_one_ends)
{
	mn_delivery_begin(&self->p, 0, 0);
	mn_delivery_arrived(&self->p, 10, 10000, 10000);
	mn_delivery_arrived(&self->p, 30, 20000, 10000);
	EXPECT_EQ(2000000, mn_delivery_rate(&self->p, MSS));
}

TEST_F(progress, who_had_little_to_send_does_not_lower_it)
{
	mn_delivery_begin(&self->p, 0, 0);
	mn_delivery_arrived(&self->p, 10, 10000, 10000);
	mn_delivery_idle(&self->p);
	mn_delivery_arrived(&self->p, 11, 20000, 10000);
	EXPECT_EQ(1000000, mn_delivery_rate(&self->p, MSS));
	EXPECT_FALSE(self->p.was_idle);
	mn_delivery_idle(&self->p);
	mn_delivery_arrived(&self->p, 51, 30000, 10000);
	EXPECT_EQ(4000000, mn_delivery_rate(&self->p, MSS));
	EXPECT_TRUE(self->p.was_idle);
	mn_delivery_arrived(&self->p, 52, 40000, 10000);
	EXPECT_EQ(100000, mn_delivery_rate(&self->p, MSS));
}

TEST_F(progress, numbers_wrap_and_long_times_are_left_out)
{
	mn_delivery_begin(&self->p, -5U, 0);
	mn_delivery_arrived(&self->p, 5, 10000, 10000);
	EXPECT_EQ(1000000, mn_delivery_rate(&self->p, MSS));
	mn_delivery_arrived(&self->p, 6, 10000 + (1ULL << 33), 10000);
	EXPECT_EQ(1000000, mn_delivery_rate(&self->p, MSS));
}

TEST_F(progress, time_counts_for_what_held_it_up)
{
	mn_chrono_switch(&self->p, MN_HELD_NETWORK, 100);
	mn_chrono_switch(&self->p, MN_HELD_NETWORK, 150);
	EXPECT_EQ(100, mn_chrono_spent(&self->p, MN_HELD_NETWORK, 200));
	mn_chrono_switch(&self->p, MN_HELD_WINDOW, 300);
	mn_chrono_switch(&self->p, MN_HELD_BUFFER, 350);
	mn_chrono_switch(&self->p, MN_HELD_WINDOW, 450);
	EXPECT_EQ(200, mn_chrono_spent(&self->p, MN_HELD_NETWORK, 500));
	EXPECT_EQ(100, mn_chrono_spent(&self->p, MN_HELD_WINDOW, 500));
	EXPECT_EQ(100, mn_chrono_spent(&self->p, MN_HELD_BUFFER, 500));
	EXPECT_FALSE(self->p.idle);
	mn_chrono_switch(&self->p, MN_HELD_NOT, 500);
	EXPECT_TRUE(self->p.idle);
	EXPECT_EQ(100, mn_chrono_spent(&self->p, MN_HELD_WINDOW, 900));
}

TEST_HARNESS_MAIN
