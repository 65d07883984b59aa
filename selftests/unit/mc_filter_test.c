// SPDX-License-Identifier: GPL-2.0
/*
 * Sets of sources, against a plain list of yes and no.
 */
#include "kselftest_harness.h"

#include "af_mynet/internet/mc_filter.h"
#include "af_mynet/internet/mc_filter.c"

#define UNIVERSE	40

static struct mn_mc_filter *new_filter(unsigned int n)
{
	return calloc(1, sizeof(struct mn_mc_filter) + n * sizeof(__be32));
}

/* Spread over the whole range, so that no order is there by chance. */
static __be32 source(unsigned int i)
{
	return i * 2654435761U;
}

TEST(a_filter_filled_in_any_order_has_each_source_once)
{
	__be32 twice[] = { source(3), source(1), source(3), source(2), source(1) };
	struct mn_mc_filter *filter = new_filter(5);

	mn_mc_filter_fill(filter, MN_MC_INCLUDE, twice, 5);
	EXPECT_EQ(3, filter->n);
	EXPECT_TRUE(mn_mc_filter_has(filter, source(1)));
	EXPECT_TRUE(mn_mc_filter_has(filter, source(2)));
	EXPECT_TRUE(mn_mc_filter_has(filter, source(3)));
	EXPECT_FALSE(mn_mc_filter_has(filter, source(4)));
	free(filter);
}

TEST(include_wants_its_sources_and_exclude_all_others)
{
	__be32 one = source(7);
	struct mn_mc_filter *filter = new_filter(1);

	mn_mc_filter_fill(filter, MN_MC_INCLUDE, &one, 1);
	EXPECT_TRUE(mn_mc_filter_wants(filter, one));
	EXPECT_FALSE(mn_mc_filter_wants(filter, source(8)));
	mn_mc_filter_fill(filter, MN_MC_EXCLUDE, &one, 1);
	EXPECT_FALSE(mn_mc_filter_wants(filter, one));
	EXPECT_TRUE(mn_mc_filter_wants(filter, source(8)));
	free(filter);
}

TEST(an_empty_filter_of_mode_exclude_wants_all)
{
	struct mn_mc_filter *filter = new_filter(0);

	mn_mc_filter_fill(filter, MN_MC_EXCLUDE, NULL, 0);
	EXPECT_TRUE(mn_mc_filter_wants(filter, source(0)));
	free(filter);
}

TEST(sources_come_and_go_as_in_a_plain_list)
{
	struct mn_mc_filter *filter = new_filter(0), *next;
	bool there[UNIVERSE] = { false };
	unsigned int round, i;

	srandom(1);
	filter->mode = MN_MC_INCLUDE;
	for (round = 0; round < 20000; round++) {
		i = random() % UNIVERSE;
		next = new_filter(filter->n + !there[i]);
		if (there[i])
			mn_mc_filter_without(next, filter, source(i));
		else
			mn_mc_filter_with(next, filter, source(i));
		there[i] = !there[i];
		free(filter);
		filter = next;
		for (i = 0; i < UNIVERSE; i++)
			ASSERT_EQ(there[i], mn_mc_filter_has(filter, source(i)));
	}
	free(filter);
}

TEST_HARNESS_MAIN
