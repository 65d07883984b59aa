// SPDX-License-Identifier: GPL-2.0
/*
 * The worlds of the simulation: a seed decides all of one, and the draws reach what they shall.
 */
#include "kselftest_harness.h"

#include "tools/sim/draw.h"
#include "tools/sim/draw.c"

#define WORLDS	5000

static uint64_t digest(uint64_t seed)
{
	struct sim_world w;
	uint64_t sum = 14695981039346656037UL;
	size_t i;

	memset(&w, 0xa5, sizeof(w));
	sim_draw(&w, seed);
	for (i = 0; i < sizeof(w); i++)
		sum = (sum ^ ((unsigned char *)&w)[i]) * 1099511628211;
	return sum;
}

TEST(a_seed_is_a_world)
{
	uint64_t seed;

	for (seed = 0; seed < WORLDS; seed++) {
		ASSERT_EQ(digest(seed), digest(seed));
		EXPECT_NE(digest(seed), digest(seed + 1));
	}
}

TEST(streams_are_apart)
{
	struct sim_random a = sim_stream(1, SIM_STREAM_CABLE);
	struct sim_random b = sim_stream(1, SIM_STREAM_CABLE + 1);
	struct sim_random again = sim_stream(1, SIM_STREAM_CABLE);
	unsigned int i, same = 0;

	for (i = 0; i < WORLDS; i++) {
		uint64_t n = sim_next(&a);

		ASSERT_EQ(n, sim_next(&again));
		same += n == sim_next(&b);
	}
	EXPECT_EQ(0, same);
}

TEST(numbers_stay_in_their_bounds)
{
	struct sim_random r = sim_stream(7, SIM_STREAM_WORLD);
	unsigned int max, i, n, top;

	for (max = 1; max < 100000; max = max * 3 + 1) {
		for (top = 0, i = 0; i < WORLDS; i++) {
			n = sim_size(&r, max);
			ASSERT_GE(n, 1);
			ASSERT_LE(n, max);
			top = n > top ? n : top;
			ASSERT_LT(sim_below(&r, max), max);
		}
		EXPECT_GT(top, max / 2);
	}
}

TEST(nobody_waits_for_ever)
{
	unsigned int pairs[4] = {}, ends[SIM_ENDS] = {}, i, c;
	struct sim_world w;
	uint64_t seed;

	for (seed = 0; seed < WORLDS; seed++) {
		sim_draw(&w, seed);
		pairs[w.mynet[0] * 2 + w.mynet[1]]++;
		ASSERT_GE(w.conns, 1);
		ASSERT_LE(w.conns, SIM_CONNS);
		for (c = 0; c < w.conns; c++) {
			ASSERT_FALSE(w.conn[c].side[0].end == SIM_END_LAST &&
				     w.conn[c].side[1].end == SIM_END_LAST);
			ASSERT_TRUE(!w.dark_for || w.conn[c].side[0].keepalive);
			ends[w.conn[c].side[0].end]++;
		}
	}
	for (i = 0; i < 4; i++)
		EXPECT_GT(pairs[i], WORLDS / 20);
	for (i = 0; i < SIM_ENDS; i++)
		EXPECT_GT(ends[i], WORLDS / 20);
}

TEST(data_differs_by_stream_and_place)
{
	unsigned int same = 0, shifted = 0, i;

	for (i = 0; i < WORLDS; i++) {
		same += sim_byte(0, i) == sim_byte(1, i);
		shifted += sim_byte(0, i) == sim_byte(0, i + 8);
	}
	EXPECT_LT(same, WORLDS / 64);
	EXPECT_LT(shifted, WORLDS / 64);
}

TEST_HARNESS_MAIN
