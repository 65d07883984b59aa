// SPDX-License-Identifier: GPL-2.0
/*
 * The round trip and the timeout.
 */
#include "kselftest_harness.h"

#include "af_mynet/transport/tcp/rtt.h"
#include "af_mynet/transport/tcp/rtt.c"

FIXTURE(rtt)
{
	struct mn_rtt r;
};

FIXTURE_SETUP(rtt)
{
	mn_rtt_init(&self->r, MN_RTO_MIN_US);
}

FIXTURE_TEARDOWN(rtt)
{
}

TEST_F(rtt, before_a_sample_the_timeout_is_a_second)
{
	EXPECT_EQ(1000000, mn_rtt_timeout(&self->r));
}

TEST_F(rtt, the_first_sample_is_the_round_trip)
{
	mn_rtt_sample(&self->r, 100000, 1);
	EXPECT_EQ(100000, mn_rtt_smoothed(&self->r));
	EXPECT_EQ(300000, mn_rtt_timeout(&self->r));
}

TEST_F(rtt, it_settles_where_the_samples_are)
{
	unsigned int i;

	mn_rtt_sample(&self->r, 500000, 1);
	for (i = 0; i < 100; i++)
		mn_rtt_sample(&self->r, 20000, i);
	EXPECT_LE(19000, mn_rtt_smoothed(&self->r));
	EXPECT_GE(21000, mn_rtt_smoothed(&self->r));
	EXPECT_GE(225000, mn_rtt_timeout(&self->r));
	EXPECT_LE(219000, mn_rtt_timeout(&self->r));
}

TEST_F(rtt, backoff_doubles_up_to_two_minutes_and_an_answer_ends_it)
{
	unsigned int i;

	mn_rtt_backoff(&self->r);
	EXPECT_EQ(2000000, mn_rtt_timeout(&self->r));
	for (i = 0; i < 100; i++)
		mn_rtt_backoff(&self->r);
	EXPECT_EQ(120000000, mn_rtt_timeout(&self->r));
	mn_rtt_answered(&self->r);
	EXPECT_EQ(1000000, mn_rtt_timeout(&self->r));
}

TEST_F(rtt, the_shortest_is_forgotten_after_two_periods)
{
	mn_rtt_sample(&self->r, 100, 1);
	mn_rtt_sample(&self->r, 5000, 2);
	EXPECT_EQ(100, self->r.min_us);
	mn_rtt_sample(&self->r, 5000, 301000000);
	mn_rtt_sample(&self->r, 5000, 602000000);
	EXPECT_EQ(5000, self->r.min_us);
}

TEST_F(rtt, a_longer_round_trip_that_others_know_of_is_believed)
{
	mn_rtt_sample(&self->r, 20000, 1);
	mn_rtt_expect(&self->r, 10000);
	EXPECT_GE(300000, mn_rtt_timeout(&self->r));
	mn_rtt_expect(&self->r, 500000);
	EXPECT_EQ(1500000, mn_rtt_timeout(&self->r));
	mn_rtt_expect(&self->r, 30000);
	EXPECT_EQ(230000, mn_rtt_timeout(&self->r));
	mn_rtt_expect(&self->r, 120000000);
	EXPECT_EQ(120000000, mn_rtt_timeout(&self->r));
}

TEST_F(rtt, handshake_that_measured_nothing_waits_three_seconds)
{
	mn_rtt_backoff(&self->r);
	mn_rtt_begin(&self->r);
	EXPECT_EQ(3000000, mn_rtt_timeout(&self->r));
	mn_rtt_sample(&self->r, 50000, 1000);
	mn_rtt_begin(&self->r);
	EXPECT_GE(300000, mn_rtt_timeout(&self->r));
}

TEST_HARNESS_MAIN
