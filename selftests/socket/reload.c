// SPDX-License-Identifier: GPL-2.0
/*
 * Loading and unloading again and again. What a single round leaves behind, a thousand make
 * visible: to the leak checker, or as an error here. MYNET_RELOADS says how often (1000).
 */
#include <sched.h>
#include <time.h>

#include "kselftest_harness.h"
#include "family.h"

FIXTURE(reload)
{
	int file;
	int rounds;
};

FIXTURE_SETUP(reload)
{
	const char *rounds = getenv("MYNET_RELOADS");

	self->rounds = rounds ? atoi(rounds) : 1000;
	ASSERT_GT(self->rounds, 0);
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	self->file = family_file();
	ASSERT_GE(self->file, 0);
	if (family_loaded())
		ASSERT_EQ(0, family_unload());
	/* A grace period is waited for several times in each round: no need for long ones. */
	write_line("/sys/kernel/rcu_expedited", "1");
}

FIXTURE_TEARDOWN(reload)
{
	write_line("/sys/kernel/rcu_expedited", "0");
	family_load_from(self->file);
	close(self->file);
}

TEST_F_TIMEOUT(reload, module_comes_and_goes_a_thousand_times, 900)
{
	struct timespec start, end;
	int i;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (i = 0; i < self->rounds; i++) {
		ASSERT_EQ(0, family_load_from(self->file)) TH_LOG("round %d: %m", i);
		ASSERT_EQ(0, family_unload()) TH_LOG("round %d: %m", i);
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	TH_LOG("%d rounds in %ld s", i, (long)(end.tv_sec - start.tv_sec));
}

/* A call that comes in between gets one of two answers, and never holds the module up for long. */
TEST_F_TIMEOUT(reload, module_comes_and_goes_while_programs_ask_for_sockets, 300)
{
	int i, tries, rounds = self->rounds < 50 ? self->rounds : 50;
	char modprobe[256];
	pid_t asker;

	autoload_off(modprobe);
	asker = fork();
	ASSERT_GE(asker, 0);
	if (!asker)
		for (;;)
			if (socket(PF_MYNET, SOCK_RDM, 0) >= 0 ||
			    (errno != EAFNOSUPPORT && errno != ESOCKTNOSUPPORT))
				_exit(1);

	for (i = 0; i < rounds; i++) {
		EXPECT_EQ(0, family_load_from(self->file));
		for (tries = 0; family_unload() && tries < 100000; tries++)
			ASSERT_EQ(EWOULDBLOCK, errno);
		EXPECT_FALSE(family_loaded());
	}
	autoload_on(modprobe);
	EXPECT_EQ(0, waitpid(asker, NULL, WNOHANG));
	kill(asker, SIGKILL);
	waitpid(asker, NULL, 0);
}

TEST_HARNESS_MAIN
