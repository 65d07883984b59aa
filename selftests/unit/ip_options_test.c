// SPDX-License-Identifier: GPL-2.0
/*
 * IPv4 options: by hand, and at random in memory that ends where they end.
 */
#include <arpa/inet.h>

#include "kselftest_harness.h"

#include "af_mynet/internet/ip_options.h"
#include "af_mynet/internet/ip_options.c"

static int check(const char *bytes, unsigned int len, struct mn_options *found)
{
	u8 *exact = malloc(len);
	int wrong;

	memcpy(exact, bytes, len);
	wrong = mn_options_check(exact, len, found);
	free(exact);
	return wrong;
}

#define CHECK(bytes)	check(bytes, sizeof(bytes) - 1, &found)

TEST(what_is_right_is_found)
{
	struct mn_options found;

	EXPECT_EQ(-1, CHECK("\x01\x07\x07\x04\x00\x00\x00\x00"));
	EXPECT_EQ(1, found.rr);
	EXPECT_EQ(MN_OPT_NONE, found.ts);
	EXPECT_EQ(-1, CHECK("\x44\x08\x05\x00\x00\x00\x00\x00\x94\x04\x00\x00"));
	EXPECT_EQ(0, found.ts);
	EXPECT_EQ(8, found.ra);
	EXPECT_EQ(-1, CHECK("\x83\x07\x04\x00\x00\x00\x00\x00"));
	EXPECT_EQ(0, found.srr);
	EXPECT_EQ(-1, CHECK("\x00\x07\x01\x00"));
	EXPECT_EQ(MN_OPT_NONE, found.rr);
	EXPECT_EQ(-1, CHECK("\x99\x04\x12\x34"));
}

TEST(what_is_wrong_is_pointed_at)
{
	struct mn_options found;

	EXPECT_EQ(3, CHECK("\x01\x01\x01\x07"));		/* no length */
	EXPECT_EQ(1, CHECK("\x07\x01\x04\x00"));		/* length of one */
	EXPECT_EQ(1, CHECK("\x07\x08\x04\x00"));		/* beyond the end */
	EXPECT_EQ(1, CHECK("\x07\x02\x00\x00"));		/* no room for its pointer */
	EXPECT_EQ(2, CHECK("\x07\x07\x03\x00\x00\x00\x00\x00"));	/* points to itself */
	EXPECT_EQ(2, CHECK("\x07\x07\x06\x00\x00\x00\x00\x00"));	/* no room there */
	EXPECT_EQ(8, CHECK("\x07\x07\x04\x00\x00\x00\x00\x01\x07\x03\x04\x00"));	/* twice */
	EXPECT_EQ(3, CHECK("\x44\x08\x05\x02\x00\x00\x00\x00"));	/* unknown kind */
	EXPECT_EQ(3, CHECK("\x44\x08\x09\xf0\x00\x00\x00\x00"));	/* overflow full */
	EXPECT_EQ(2, CHECK("\x44\x08\x05\x01\x00\x00\x00\x00"));	/* half an entry */
}

TEST(a_route_is_recorded_until_there_is_no_room)
{
	u8 opt[] = { 7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
	struct mn_options found;

	ASSERT_EQ(-1, mn_options_check(opt, sizeof(opt), &found));
	mn_options_record(opt, &found, htonl(0x0a000001));
	mn_options_record(opt, &found, htonl(0x0a000002));
	EXPECT_FALSE(mn_options_wants_route(opt, &found));
	mn_options_record(opt, &found, htonl(0x0a000003));
	EXPECT_EQ(0, memcmp(opt, "\x07\x0b\x0c\x0a\0\0\x01\x0a\0\0\x02", 12));
}

TEST(a_timestamp_that_is_full_counts)
{
	u8 opt[] = { 68, 8, 5, 0, 0, 0, 0, 0 };
	struct mn_options found;

	ASSERT_EQ(-1, mn_options_check(opt, sizeof(opt), &found));
	mn_options_stamp(opt, &found, 0, htonl(0x01020304));
	mn_options_stamp(opt, &found, 0, htonl(0x05060708));
	EXPECT_EQ(0, memcmp(opt, "\x44\x08\x09\x10\x01\x02\x03\x04", 8));
}

TEST(a_timestamp_for_one_address_says_whose)
{
	u8 opt[] = { 68, 12, 5, 3, 10, 0, 0, 9, 0, 0, 0, 0 };
	struct mn_options found;

	ASSERT_EQ(-1, mn_options_check(opt, sizeof(opt), &found));
	EXPECT_EQ(htonl(0x0a000009), mn_options_stamper(opt, &found));
	mn_options_stamp(opt, &found, htonl(0x0a000001), htonl(0x01020304));
	EXPECT_EQ(0, memcmp(opt, "\x44\x0c\x0d\x03\x0a\0\0\x09\x01\x02\x03\x04", 12));
	EXPECT_EQ(0, mn_options_stamper(opt, &found));
}

TEST(only_what_is_to_be_copied_is_in_later_fragments)
{
	u8 opt[] = { 7, 7, 4, 0, 0, 0, 0, 148, 4, 0, 0, 0 };

	mn_options_drop_uncopied(opt, sizeof(opt));
	EXPECT_EQ(0, memcmp(opt, "\1\1\1\1\1\1\1\x94\4\0\0\0", 12));
}

TEST(an_answer_has_the_record_and_the_timestamp_alone)
{
	u8 opt[] = { 148, 4, 0, 0, 7, 3, 4, 68, 4, 5, 0, 0 }, to[MN_OPT_MAX];
	struct mn_options found;

	ASSERT_EQ(-1, mn_options_check(opt, sizeof(opt), &found));
	EXPECT_EQ(8, mn_options_echo(to, opt, &found));
	EXPECT_EQ(0, memcmp(to, "\7\3\4\x44\4\5\0\0", 8));
}

TEST(what_is_not_known_is_found_and_what_is_unused_cleared)
{
	u8 opt[] = { 1, 7, 7, 4, 9, 9, 9, 9 }, known[] = { 148, 4, 0, 0, 1, 0, 153, 4 };
	u8 unknown[] = { 153, 4, 0, 0 }, asked[] = { 68, 12, 5, 3, 127, 0, 0, 1, 9, 9, 9, 9 };
	struct mn_options found;

	ASSERT_EQ(-1, mn_options_check(opt, sizeof(opt), &found));
	mn_options_tidy(opt, sizeof(opt), &found);
	EXPECT_EQ(0, memcmp(opt, "\1\7\7\4\0\0\0\0", sizeof(opt)));
	EXPECT_TRUE(mn_options_known(opt, sizeof(opt)));

	ASSERT_EQ(-1, mn_options_check(known, sizeof(known), &found));
	EXPECT_TRUE(mn_options_known(known, sizeof(known)));
	mn_options_tidy(known, sizeof(known), &found);
	EXPECT_EQ(0, memcmp(known, "\224\4\0\0\1\0\0\0", sizeof(known)));

	ASSERT_EQ(-1, mn_options_check(unknown, sizeof(unknown), &found));
	EXPECT_FALSE(mn_options_known(unknown, sizeof(unknown)));
	ASSERT_EQ(-1, mn_options_check(asked, sizeof(asked), &found));
	mn_options_tidy(asked, sizeof(asked), &found);
	EXPECT_EQ(0, memcmp(asked, "\104\14\5\3\177\0\0\1\0\0\0\0", sizeof(asked)));
}

/* Bytes that often look like options. */
static void babble(u8 *opt, unsigned int len)
{
	static const u8 likely[] = { 0, 1, 7, 68, 131, 137, 148, 3, 4, 5, 8, 9, 12, 40, 240 };
	unsigned int i;

	for (i = 0; i < len; i++)
		opt[i] = random() % 4 ? likely[random() % sizeof(likely)] : random();
}

TEST(nothing_is_read_or_written_beyond_the_end)
{
	unsigned int round, right = 0, len;
	struct mn_options found;
	u8 *opt, to[MN_OPT_MAX];

	srandom(1);
	for (round = 0; round < 300000; round++) {
		len = random() % (MN_OPT_MAX / 4 + 1) * 4;
		opt = malloc(len);
		babble(opt, len);
		if (mn_options_check(opt, len, &found) < 0) {
			right++;
			mn_options_known(opt, len);
			mn_options_tidy(opt, len, &found);
			ASSERT_LE(mn_options_echo(to, opt, &found), MN_OPT_MAX);
			mn_options_record(opt, &found, 1);
			mn_options_stamper(opt, &found);
			mn_options_stamp(opt, &found, 1, 2);
		}
		mn_options_drop_uncopied(opt, len);
		free(opt);
	}
	EXPECT_GT(right, 1000);
}

TEST_HARNESS_MAIN
