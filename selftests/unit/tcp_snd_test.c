// SPDX-License-Identifier: GPL-2.0
/*
 * The sending side's sequence variables, at the place where numbers wrap.
 */
#include "kselftest_harness.h"

#include "af_mynet/transport/tcp/snd.h"
#include "af_mynet/transport/tcp/snd.c"

FIXTURE(snd)
{
	struct mn_snd s;
};

FIXTURE_SETUP(snd)
{
	mn_snd_init(&self->s, 0xfffffff0);
	mn_snd_window_first(&self->s, 100, 7, 0xfffffff0);
	mn_snd_written(&self->s, 64);
	mn_snd_sent(&self->s, 0xfffffff0 + 32, false);
}

FIXTURE_TEARDOWN(snd)
{
}

TEST_F(snd, acknowledgments_are_told_apart_across_the_wrap)
{
	EXPECT_EQ(MN_ACK_DUP, mn_snd_judge(&self->s, 0xfffffff0));
	EXPECT_EQ(MN_ACK_NEW, mn_snd_judge(&self->s, 0xfffffff1));
	EXPECT_EQ(MN_ACK_NEW, mn_snd_judge(&self->s, 16));
	EXPECT_EQ(MN_ACK_FUTURE, mn_snd_judge(&self->s, 17));
	EXPECT_EQ(MN_ACK_TOO_OLD, mn_snd_judge(&self->s, 0xffffffef));
}

TEST_F(snd, an_old_acknowledgment_is_of_what_was_sent_and_within_a_window)
{
	mn_snd_acked(&self->s, 0xfffffff0 + 21);
	EXPECT_EQ(MN_ACK_OLD, mn_snd_judge(&self->s, 0xfffffff1));
	EXPECT_EQ(MN_ACK_TOO_OLD, mn_snd_judge(&self->s, 0xfffffff0));
	mn_snd_written(&self->s, 200);
	mn_snd_sent(&self->s, 0xfffffff0 + 221, false);
	mn_snd_acked(&self->s, 0xfffffff0 + 221);
	EXPECT_EQ(MN_ACK_OLD, mn_snd_judge(&self->s, 0xfffffff0 + 121));
	EXPECT_EQ(MN_ACK_TOO_OLD, mn_snd_judge(&self->s, 0xfffffff0 + 120));
}

TEST_F(snd, the_windows_end_stays_when_bytes_are_acknowledged)
{
	u32 end = mn_snd_window_end(&self->s);

	mn_snd_acked(&self->s, 5);
	EXPECT_EQ(end, mn_snd_window_end(&self->s));
}

TEST_F(snd, an_older_segment_does_not_set_the_window)
{
	EXPECT_FALSE(mn_snd_window(&self->s, 50, 6, 0xfffffff5));
	EXPECT_EQ(100, self->s.wnd);
	EXPECT_TRUE(mn_snd_window(&self->s, 50, 7, 0xfffffff5));
	EXPECT_FALSE(mn_snd_window(&self->s, 60, 7, 0xfffffff4));
	EXPECT_TRUE(mn_snd_window(&self->s, 200, 8, 0xfffffff0));
	EXPECT_EQ(200, self->s.max_wnd);
}

TEST(of_a_window_that_does_not_come_again_half_counts)
{
	struct mn_snd s = {};

	mn_snd_window_first(&s, 8000, 1, 1);
	EXPECT_TRUE(mn_snd_window(&s, 100, 2, 1));
	mn_snd_window_shrunk(&s);
	EXPECT_EQ(4000, s.max_wnd);
	EXPECT_TRUE(mn_snd_window(&s, 3000, 3, 1));
	mn_snd_window_shrunk(&s);
	EXPECT_EQ(3000, s.max_wnd);
}

TEST_HARNESS_MAIN
