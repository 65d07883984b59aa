// SPDX-License-Identifier: GPL-2.0
/*
 * The window that is offered: by hand, then at random.
 */
#include <stdlib.h>

#include "kselftest_harness.h"

#include "af_mynet/transport/tcp/window.h"
#include "af_mynet/transport/tcp/window.c"

TEST(a_scale_is_chosen_that_can_say_the_space)
{
	EXPECT_EQ(0, mn_win_scale(65535));
	EXPECT_EQ(1, mn_win_scale(65536));
	EXPECT_EQ(7, mn_win_scale(6 << 20));
	EXPECT_EQ(14, mn_win_scale(0xffffffff));
}

TEST(an_opening_smaller_than_a_segment_is_not_offered)
{
	struct mn_win w = { .free = 1000, .full = 65536, .limit = 65536, .mss = 1460 };

	EXPECT_EQ(0, mn_win_select(&w));
	w.free = 8192;
	EXPECT_EQ(8192, mn_win_select(&w));
}

TEST(a_limit_far_below_the_buffer_is_a_window_all_the_same)
{
	struct mn_win w = { .free = 65536, .full = 65536, .limit = 1152, .mss = 1460 };

	/* TCP_WINDOW_CLAMP; then scarce memory, with a large buffer */
	EXPECT_EQ(1152, mn_win_select(&w));
	w = (struct mn_win){ .free = 1 << 20, .full = 1 << 20, .limit = 5840, .mss = 1460 };
	EXPECT_EQ(5840, mn_win_select(&w));
	w.scale = 13;
	EXPECT_EQ(8192, mn_win_select(&w));
	w.scale = 0;
	w.old = 1000;
	EXPECT_EQ(5840, mn_win_select(&w));
	w.free = 60000;
	w.old = 0;
	EXPECT_EQ(0, mn_win_select(&w));
}

/* Segments of 64 KiB, as on the loopback device. */
TEST(a_peer_with_large_segments_is_not_kept_waiting)
{
	struct mn_win w = { .free = 40000, .full = 65536, .limit = 1 << 30, .mss = 65483,
			    .old = 10000 };

	EXPECT_EQ(40000, mn_win_select(&w));
	/* all was read, and the buffer is smaller than the peer knew it */
	w = (struct mn_win){ .free = 104064, .full = 104064, .limit = 1 << 30, .mss = 65483,
			     .old = 466 << 7, .scale = 7 };
	EXPECT_EQ(104064, mn_win_select(&w));
}

TEST(a_window_never_shrinks)
{
	struct mn_win w = { .mss = 1460 };
	unsigned int i;

	srandom(2);
	for (i = 0; i < 500000; i++) {
		u32 win;

		w.scale = random() % 15;
		w.full = random() % (16 << 20) + 1;
		w.free = random() % (w.full + 1);
		w.limit = random() % (16 << 20);
		w.old = random() % (w.full + 1);
		if (w.old > 65535U << w.scale)
			w.old = 65535U << w.scale;
		win = mn_win_select(&w);
		ASSERT_LE(w.old, win);
		ASSERT_EQ(0, win & ((1U << w.scale) - 1));
		ASSERT_GE(65535, win >> w.scale);
	}
}

TEST(space_and_window_are_each_others_inverse)
{
	u32 win;

	for (win = 1; win < 1U << 28; win = win * 3 + 1) {
		u32 back = mn_win_of_space(mn_win_to_space(win, 128), 128);

		EXPECT_GE(win, back);
		EXPECT_LE(win, back + win / 64 + 3);
	}
}

TEST(the_ratio_is_within_its_bounds)
{
	EXPECT_EQ(128, mn_win_ratio(1000, 2000));
	EXPECT_EQ(4, mn_win_ratio(1, 2000));
	EXPECT_EQ(240, mn_win_ratio(1U << 30, 1U << 30));
}

TEST_HARNESS_MAIN
