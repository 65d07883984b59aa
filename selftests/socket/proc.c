// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/mynet: there in every namespace, each with its own numbers, readable by whatever
 * reads /proc/net/netstat, and gone with the module.
 */
#include <sched.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "family.h"

#define DIR	"/proc/self/net/mynet"
static const char *const files[] = { DIR "/snmp", DIR "/netstat", DIR "/drops" };

FIXTURE(proc)
{
	int first;	/* the namespace that the test began in */
	int own;	/* and its own */
};

FIXTURE_SETUP(proc)
{
	ASSERT_EQ(0, family_load());
	self->first = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	self->own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	ASSERT_GE(self->own, 0);
}

FIXTURE_TEARDOWN(proc)
{
	close(self->first);
	close(self->own);
}

static long long refused(void)
{
	return read_counter(DIR "/netstat", "SockRefused");
}

TEST_F(proc, every_namespace_has_the_files)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		EXPECT_EQ(0, access(files[i], R_OK));
}

TEST_F(proc, nobody_can_write_the_files)
{
	size_t i;

	ASSERT_EQ(0, setgid(65534));
	ASSERT_EQ(0, setuid(65534));
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		EXPECT_EQ(0, access(files[i], R_OK));
		EXPECT_EQ(-1, access(files[i], W_OK));
	}
}

static int count_words(char *line)
{
	char *in;
	int words = 0;

	for (line = strtok_r(line, " \n", &in); line; line = strtok_r(NULL, " \n", &in))
		words++;
	return words;
}

/* Lines come in twos that begin with the same word and have the same number of words. */
TEST_F(proc, names_and_values_come_in_pairs)
{
	char names[4096], values[4096];
	size_t i, groups = 0;
	FILE *file;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		file = fopen(files[i], "re");
		ASSERT_NE(NULL, file);
		while (fgets(names, sizeof(names), file)) {
			ASSERT_NE(NULL, fgets(values, sizeof(values), file));
			ASSERT_NE(NULL, strchr(names, ':'));
			EXPECT_EQ(0, strncmp(names, values, strcspn(names, ":") + 1));
			EXPECT_EQ(count_words(names), count_words(values));
			groups++;
		}
		fclose(file);
	}
	EXPECT_GE(groups, 2);
}

TEST_F(proc, namespaces_count_for_themselves)
{
	long long before;

	EXPECT_EQ(0, refused());
	EXPECT_EQ(-1, socket(PF_MYNET, SOCK_RDM, 0));
	EXPECT_EQ(1, refused());

	ASSERT_EQ(0, setns(self->first, CLONE_NEWNET));
	before = refused();
	EXPECT_EQ(-1, socket(PF_MYNET, SOCK_RDM, 0));
	EXPECT_EQ(-1, socket(PF_MYNET, SOCK_RDM, 0));
	EXPECT_EQ(before + 2, refused());

	ASSERT_EQ(0, setns(self->own, CLONE_NEWNET));
	EXPECT_EQ(1, refused());
}

TEST_F(proc, module_takes_the_files_along_and_brings_them_back_empty)
{
	EXPECT_EQ(-1, socket(PF_MYNET, SOCK_RDM, 0));
	ASSERT_EQ(0, family_unload());
	EXPECT_EQ(-1, access(DIR, F_OK));
	EXPECT_EQ(ENOENT, errno);
	ASSERT_EQ(0, family_load());
	EXPECT_EQ(0, refused());
}

TEST_F(proc, file_that_is_open_does_not_hold_the_module)
{
	int fd = open(DIR "/netstat", O_RDONLY);
	char byte;

	ASSERT_GE(fd, 0);
	EXPECT_EQ(1, read(fd, &byte, 1));
	EXPECT_EQ(0, family_unload());
	EXPECT_EQ(-1, pread(fd, &byte, 1, 0));
	close(fd);
	EXPECT_EQ(0, family_load());
}

/* The last holder of each of these namespaces is the child that made it. */
TEST_F(proc, namespaces_come_and_go)
{
	int i, status;

	for (i = 0; i < 50; i++) {
		pid_t child = fork();

		ASSERT_GE(child, 0);
		if (!child)
			_exit(unshare(CLONE_NEWNET) || socket(PF_MYNET, SOCK_RDM, 0) >= 0 ||
			      refused() != 1);
		ASSERT_EQ(child, waitpid(child, &status, 0));
		EXPECT_EQ(0, status);
	}
}

TEST_HARNESS_MAIN
