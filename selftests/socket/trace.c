// SPDX-License-Identifier: GPL-2.0
/*
 * The trace events mynet:mynet_hop and mynet:mynet_drop: there for every tool that reads
 * tracefs, and no reason for the module to stay.
 */
#include <sys/stat.h>

#include "kselftest_harness.h"
#include "family.h"

#define TRACING	"/sys/kernel/tracing"

FIXTURE(trace)
{
	char instance[128];	/* a trace buffer of our own */
	char format[8192];
};

FIXTURE_SETUP(trace)
{
	if (access(TRACING "/events", F_OK))
		SKIP(return, "this kernel has no tracefs");
	ASSERT_EQ(0, family_load());
	snprintf(self->instance, sizeof(self->instance), TRACING "/instances/mynet-%d", getpid());
	ASSERT_EQ(0, mkdir(self->instance, 0700));
}

FIXTURE_TEARDOWN(trace)
{
	rmdir(self->instance);
	family_load();
}

static bool read_format(const char *event, char *buf, size_t size)
{
	char path[256];
	size_t n;
	FILE *file;

	snprintf(path, sizeof(path), TRACING "/events/mynet/%s/format", event);
	file = fopen(path, "re");
	if (!file)
		return false;
	n = fread(buf, 1, size - 1, file);
	buf[n] = '\0';
	fclose(file);
	return n > 0;
}

/* The first of these words that the format does not have, or "" if it has them all. */
static const char *missing(const char *format, const char *const *words, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strstr(format, words[i]))
			return words[i];
	return "";
}

static char *enable_file(const char *instance, char *path, size_t size)
{
	snprintf(path, size, "%s/events/mynet/enable", instance);
	return path;
}

TEST_F(trace, hop_tells_packet_place_device_and_size)
{
	static const char *const fields[] = {
		"const void * skbaddr;", "const void * skaddr;", "unsigned char hop;",
		"char dev[16];", "unsigned int len;", "unsigned short protocol;",
		"unsigned int netns;",
	};

	ASSERT_TRUE(read_format("mynet_hop", self->format, sizeof(self->format)));
	EXPECT_STREQ("", missing(self->format, fields, ARRAY_SIZE(fields)));
}

/* Tools that print names read the numbers behind them here; scripts have written them down. */
TEST_F(trace, hops_have_their_numbers)
{
	static const char *const names[] = {
		"{ 0, \"TRANSPORT_OUT\" }", "{ 1, \"IP_OUT\" }", "{ 2, \"LINK_OUT\" }",
		"{ 3, \"DEV_OUT\" }", "{ 4, \"DEV_IN\" }", "{ 5, \"IP_IN\" }",
		"{ 6, \"IP_FORWARD\" }", "{ 7, \"TRANSPORT_IN\" }", "{ 8, \"SOCK_IN\" }",
		"{ 9, \"SOCK_READ\" }",
	};

	ASSERT_TRUE(read_format("mynet_hop", self->format, sizeof(self->format)));
	EXPECT_STREQ("", missing(self->format, names, ARRAY_SIZE(names)));
}

/* Each column of the drops file is a reason that the event can name. */
TEST_F(trace, drop_names_every_reason_that_is_counted)
{
	char names[4096], quoted[128], *in, *name;
	size_t reasons = 0;

	ASSERT_TRUE(read_format("mynet_drop", self->format, sizeof(self->format)));
	ASSERT_NE(NULL, read_line("/proc/self/net/mynet/drops", names, sizeof(names)));
	strtok_r(names, " ", &in);
	while ((name = strtok_r(NULL, " ", &in))) {
		snprintf(quoted, sizeof(quoted), "\"%s\" }", name);
		EXPECT_NE(NULL, strstr(self->format, quoted)) TH_LOG("%s", name);
		reasons++;
	}
	EXPECT_GT(reasons, 0);
}

TEST_F(trace, listening_is_off_until_asked_for)
{
	char path[256], state[16];

	enable_file(self->instance, path, sizeof(path));
	EXPECT_STREQ("0", read_line(path, state, sizeof(state)));
	EXPECT_EQ(0, write_line(path, "1"));
	EXPECT_STREQ("1", read_line(path, state, sizeof(state)));
	EXPECT_EQ(0, write_line(path, "0"));
}

TEST_F(trace, listening_does_not_hold_the_module)
{
	char path[256], state[16];

	enable_file(self->instance, path, sizeof(path));
	ASSERT_EQ(0, write_line(path, "1"));
	EXPECT_EQ(0, family_unload());
	EXPECT_EQ(-1, access(path, F_OK));
	EXPECT_EQ(0, family_load());
	EXPECT_STREQ("0", read_line(path, state, sizeof(state)));
}

TEST_HARNESS_MAIN
