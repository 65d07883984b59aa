// SPDX-License-Identifier: GPL-2.0
/*
 * Answers of socket() to a wrong (type, protocol). PF_INET is the oracle wherever it answers with
 * an error and the answer does not depend on which transports there are.
 *
 * Nothing is loaded on demand meanwhile: PF_INET would call modprobe twice for each wrong pair,
 * and might find SCTP or DCCP.
 */
#include <netinet/in.h>
#include <sched.h>

#include "kselftest_harness.h"
#include "family.h"

FIXTURE(errors)
{
	char modprobe[256];
};

FIXTURE_SETUP(errors)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, family_load());
	autoload_off(self->modprobe);
}

FIXTURE_TEARDOWN(errors)
{
	autoload_on(self->modprobe);
}

/* 0 if it makes a socket, else the error. */
static int answer(int family, int type, int protocol)
{
	int fd = socket(family, type, protocol);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static const int types[] = {
	SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_RDM, SOCK_SEQPACKET, SOCK_DCCP
};

static const int protocols[] = {
	IPPROTO_IP, IPPROTO_ICMP, IPPROTO_IGMP, IPPROTO_TCP, IPPROTO_UDP, 33, 47, 77, 132, 136,
	253, IPPROTO_RAW, 256, 261
};

/* Does any transport of ours serve this type? */
static bool served(int type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(protocols); i++)
		if (answer(PF_MYNET, type, protocols[i]) != ESOCKTNOSUPPORT)
			return true;
	return false;
}

TEST_F(errors, type_out_of_range_is_what_inet_says)
{
	static const int wrong[] = { -1, 0, 11, 15 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		EXPECT_NE(0, answer(PF_MYNET, wrong[i], 0));
		EXPECT_EQ(answer(PF_INET, wrong[i], 0), answer(PF_MYNET, wrong[i], 0))
			TH_LOG("type %d", wrong[i]);
	}
}

TEST_F(errors, unknown_flags_are_what_inet_says)
{
	EXPECT_EQ(EINVAL, answer(PF_MYNET, SOCK_STREAM | 0x10000, 0));
	EXPECT_EQ(answer(PF_INET, SOCK_STREAM | 0x10000, 0),
		  answer(PF_MYNET, SOCK_STREAM | 0x10000, 0));
}

TEST_F(errors, protocol_out_of_range_is_what_inet_says)
{
	static const int wrong[] = { -1, 263, 1000, 65536, 65536 + IPPROTO_TCP, 0x7fffffff };
	size_t t, i;

	for (t = 0; t < ARRAY_SIZE(types); t++)
		for (i = 0; i < ARRAY_SIZE(wrong); i++) {
			EXPECT_EQ(EINVAL, answer(PF_MYNET, types[t], wrong[i]));
			EXPECT_EQ(answer(PF_INET, types[t], wrong[i]),
				  answer(PF_MYNET, types[t], wrong[i]))
				TH_LOG("type %d protocol %d", types[t], wrong[i]);
		}
}

TEST_F(errors, type_that_nothing_serves_is_what_inet_says_of_its_own)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(protocols); i++) {
		EXPECT_EQ(ESOCKTNOSUPPORT, answer(PF_MYNET, SOCK_RDM, protocols[i]));
		EXPECT_EQ(answer(PF_INET, SOCK_RDM, protocols[i]),
			  answer(PF_MYNET, SOCK_RDM, protocols[i]));
	}
}

TEST_F(errors, wrong_protocol_of_a_served_type_is_what_inet_says)
{
	size_t t, i;

	for (t = 0; t < ARRAY_SIZE(types); t++) {
		bool ours = served(types[t]);

		for (i = 0; i < ARRAY_SIZE(protocols); i++) {
			int inet = answer(PF_INET, types[t], protocols[i]);
			int mynet = answer(PF_MYNET, types[t], protocols[i]);
			int wanted = !ours ? ESOCKTNOSUPPORT : inet ? inet : mynet;

			/* Depends on which groups may ping; selftests/ping has it. */
			if (types[t] == SOCK_DGRAM && protocols[i] == IPPROTO_ICMP)
				continue;
			EXPECT_EQ(wanted, mynet)
				TH_LOG("type %d protocol %d", types[t], protocols[i]);
		}
	}
}

TEST_F(errors, every_refusal_is_counted)
{
	long long before = read_counter("/proc/self/net/mynet/netstat", "SockRefused");
	size_t i;

	ASSERT_GE(before, 0);
	for (i = 0; i < ARRAY_SIZE(protocols); i++)
		answer(PF_MYNET, SOCK_RDM, protocols[i]);
	EXPECT_EQ(before + (long long)ARRAY_SIZE(protocols),
		  read_counter("/proc/self/net/mynet/netstat", "SockRefused"));
}

TEST_HARNESS_MAIN
