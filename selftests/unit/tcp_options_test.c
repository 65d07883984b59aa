// SPDX-License-Identifier: GPL-2.0
/*
 * TCP options: what is written is read again, and nothing that the wire can say is read beyond
 * its end (the address checker watches).
 */
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"

#include "af_mynet/transport/tcp/options.h"
#include "af_mynet/transport/tcp/options.c"

static struct mn_tcp_opts parse(const void *bytes, unsigned int len, bool syn)
{
	struct mn_tcp_opts o;
	u8 *copy = malloc(len ?: 1);

	memcpy(copy, bytes, len);
	mn_tcp_opts_parse(&o, copy, len, syn);
	free(copy);
	return o;
}

TEST(all_options_of_a_syn_are_read_as_written)
{
	struct mn_tcp_opts in = {
		.has_mss = true, .mss = 1460, .has_wscale = true, .wscale = 7,
		.has_ts = true, .tsval = 0x12345678, .tsecr = 0x9abcdef0, .sack_ok = true,
	}, out;
	u8 bytes[MN_TCP_OPTS_MAX];

	ASSERT_EQ(20, mn_tcp_opts_size(&in));
	ASSERT_EQ(20, mn_tcp_opts_write(&in, bytes));
	out = parse(bytes, 20, true);
	EXPECT_EQ(0, memcmp(&in, &out, sizeof(in)));
}

TEST(a_segment_with_timestamps_has_room_for_three_blocks)
{
	struct mn_tcp_opts in = { .has_ts = true, .tsval = 1, .sacks = 4,
		.sack = { { 1, 2 }, { 3, 4 }, { 5, 6 }, { 0xfffffff0, 8 } } }, out;
	u8 bytes[MN_TCP_OPTS_MAX];

	ASSERT_EQ(40, mn_tcp_opts_write(&in, bytes));
	out = parse(bytes, 40, false);
	EXPECT_EQ(3, out.sacks);
	EXPECT_EQ(5, out.sack[2].start);
	in.has_ts = false;
	ASSERT_EQ(36, mn_tcp_opts_size(&in));
	ASSERT_EQ(36, mn_tcp_opts_write(&in, bytes));
	out = parse(bytes, 36, false);
	EXPECT_EQ(4, out.sacks);
	EXPECT_EQ(0xfffffff0, out.sack[3].start);
}

TEST(unknown_options_are_passed_over)
{
	static const u8 bytes[] = { 253, 4, 1, 2, 1, 2, 4, 5, 0xb4 };

	EXPECT_EQ(1460, parse(bytes, sizeof(bytes), true).mss);
}

TEST(a_length_that_cannot_be_ends_the_reading)
{
	static const u8 zero[] = { 253, 0, 2, 4, 5, 0xb4 };
	static const u8 beyond[] = { 2, 5, 5, 0xb4 };
	static const u8 cut[] = { 1, 1, 8 };

	EXPECT_FALSE(parse(zero, sizeof(zero), true).has_mss);
	EXPECT_FALSE(parse(beyond, sizeof(beyond), true).has_mss);
	EXPECT_FALSE(parse(cut, sizeof(cut), true).has_ts);
}

TEST(what_belongs_to_a_syn_means_nothing_elsewhere)
{
	static const u8 bytes[] = { 2, 4, 5, 0xb4, 3, 3, 7, 4, 2 };
	struct mn_tcp_opts o = parse(bytes, sizeof(bytes), false);

	EXPECT_FALSE(o.has_mss || o.has_wscale || o.sack_ok);
}

TEST(a_scale_above_fourteen_is_fourteen)
{
	static const u8 bytes[] = { 3, 3, 255 };

	EXPECT_EQ(14, parse(bytes, sizeof(bytes), true).wscale);
}

TEST(random_bytes_do_no_harm)
{
	u8 bytes[MN_TCP_OPTS_MAX];
	unsigned int i, j, len;

	srandom(1);
	for (i = 0; i < 200000; i++) {
		len = random() % (MN_TCP_OPTS_MAX + 1);
		for (j = 0; j < len; j++)
			bytes[j] = random() % 3 ? random() % 12 : random();
		EXPECT_GE(MN_TCP_SACKS_MAX, parse(bytes, len, i & 1).sacks);
	}
}

TEST_HARNESS_MAIN
