// SPDX-License-Identifier: GPL-2.0
/*
 * An open socket holds the module; with the last one closed it can go at once.
 */
#include "kselftest_harness.h"
#include "family.h"

/* Any socket that the family has to give, or -1. */
static int any_socket(void)
{
	static const int types[] = { SOCK_DGRAM, SOCK_STREAM, SOCK_RAW };
	size_t i;
	int fd = -1;

	for (i = 0; i < ARRAY_SIZE(types) && fd < 0; i++)
		fd = socket(PF_MYNET, types[i], types[i] == SOCK_RAW ? 253 : 0);
	return fd;
}

TEST(open_socket_holds_the_module)
{
	int fd;

	ASSERT_EQ(0, family_load());
	fd = any_socket();
	if (fd < 0)
		SKIP(return, "the family has no transport yet; KUnit's mynet_create covers it");

	EXPECT_EQ(-1, family_unload());
	EXPECT_EQ(EWOULDBLOCK, errno);
	EXPECT_TRUE(family_loaded());
	close(fd);
	EXPECT_EQ(0, family_unload());
	EXPECT_EQ(0, family_load());
}

TEST_HARNESS_MAIN
