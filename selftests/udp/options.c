// SPDX-License-Identifier: GPL-2.0
/*
 * Every option of a datagram socket with every kind of value and length, on AF_INET and on
 * PF_MYNET: accepted or refused alike, and read back alike.
 */
#include <netinet/udp.h>

#include "kselftest_harness.h"
#include "twin.h"

FIXTURE(options)
{
};

FIXTURE_SETUP(options)
{
	ASSERT_EQ(0, twin_netns());
}

FIXTURE_TEARDOWN(options)
{
}

static void get_option(struct twin *t, int fd, int level, int name, socklen_t len)
{
	unsigned char buf[64];
	int first = 0, ret;

	if (level == SOL_IP && name == IP_ROUTER_ALERT && !twin_inet_tells(level, name))
		return;
	memset(buf, 0xaa, sizeof(buf));
	errno = 0;
	ret = getsockopt(fd, level, name, buf, &len);
	twin_say(t, ret, "get %d", name);
	if (ret)
		return;
	memcpy(&first, buf, len < sizeof(first) ? len : sizeof(first));
	twin_say(t, len, "get %d: length", name);
	twin_say(t, first, "get %d: value", name);
}

static void set_option(struct twin *t, int fd, int level, int name, int val, socklen_t len)
{
	errno = 0;
	twin_say(t, setsockopt(fd, level, name, &val, len), "set %d to %d (%d)", name, val,
		 (int)len);
	get_option(t, fd, level, name, sizeof(int));
}

/* Options that the twins need not agree about; each has its reason in Documentation/sockets.rst. */
static bool left_out(int level, int name)
{
	static const int ip[] = {
		IP_OPTIONS, IP_PASSSEC, 16 /* IPSEC_POLICY */,
		17 /* XFRM_POLICY */, 64, 65, 66, 67, /* netfilter's */
	};
	static const int sock[] = {
		SO_DOMAIN, SO_ZEROCOPY, SO_REUSEPORT, SO_COOKIE, SO_INCOMING_NAPI_ID,
		SO_BPF_EXTENSIONS,
		SO_ATTACH_FILTER, SO_DETACH_FILTER, SO_ATTACH_BPF, SO_ATTACH_REUSEPORT_CBPF,
		SO_ATTACH_REUSEPORT_EBPF, SO_PEERGROUPS, SO_MEMINFO, SO_NETNS_COOKIE,
	};
	unsigned int i;

	for (i = 0; level == SOL_IP && i < ARRAY_SIZE(ip); i++)
		if (ip[i] == name)
			return true;
	for (i = 0; level == SOL_SOCKET && i < ARRAY_SIZE(sock); i++)
		if (sock[i] == name)
			return true;
	return false;
}

static void every_option(struct twin *t, int level, int first, int last)
{
	static const int values[] = { -2, -1, 0, 1, 2, 3, 5, 6, 64, 255, 256, 0x7fffffff };
	static const socklen_t lens[] = { 0, 1, 3, 4, 8 };
	unsigned int i;
	int fd, name;

	for (name = first; name <= last; name++) {
		if (left_out(level, name))
			continue;
		fd = socket(t->family, SOCK_DGRAM, 0);
		get_option(t, fd, level, name, 4);
		get_option(t, fd, level, name, 1);
		get_option(t, fd, level, name, 0);
		for (i = 0; i < ARRAY_SIZE(values); i++)
			set_option(t, fd, level, name, values[i], 4);
		for (i = 0; i < ARRAY_SIZE(lens); i++)
			set_option(t, fd, level, name, 1, lens[i]);
		errno = 0;
		twin_say(t, setsockopt(fd, level, name, (void *)8, 4), "set %d from nowhere", name);
		close(fd);
	}
}

static void ip_first(struct twin *t)
{
	every_option(t, SOL_IP, 0, 31);
}

static void ip_second(struct twin *t)
{
	every_option(t, SOL_IP, 49, 60);
}

static void groups(struct twin *t)
{
	every_option(t, SOL_IP, 32, 48);
}

static void udp(struct twin *t)
{
	every_option(t, SOL_UDP, 0, 9);	/* 10, 11: UDP-Lite's, which 7.2 knows no more */
	every_option(t, SOL_UDP, 103, 110);
}

static void sock(struct twin *t)
{
	every_option(t, SOL_SOCKET, 0, 80);
}

static void strange_levels(struct twin *t)
{
	static const int levels[] = { -1, 2, 3, 6, 41, 132, 255, 263, 1000 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(levels); i++)
		every_option(t, levels[i], 1, 2);
}

TEST_F(options, of_level_ip) { TWINS(ip_first); }
TEST_F(options, of_level_ip_newer_ones) { TWINS(ip_second); }
TEST_F(options, of_level_ip_about_groups) { TWINS(groups); }
TEST_F(options, of_level_udp) { TWINS(udp); }
TEST_F(options, of_level_socket) { TWINS(sock); }
TEST_F(options, of_levels_that_are_not_there) { TWINS(strange_levels); }

TEST_F(options, names_are_inets_if_asked_for)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int fd = socket(AF_MYNET, SOCK_DGRAM, 0), on = 1, off = 0, two = 2;
	socklen_t len = sizeof(sin);

	ASSERT_GE(fd, 0);
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	EXPECT_EQ(-1, bind(fd, (struct sockaddr *)&sin, len));
	EXPECT_EQ(EAFNOSUPPORT, errno);
	EXPECT_EQ(-1, setsockopt(fd, SOL_MYNET, MYNET_INET_NAMES, &two, sizeof(two)));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(0, setsockopt(fd, SOL_MYNET, MYNET_INET_NAMES, &on, sizeof(on)));
	EXPECT_EQ(0, bind(fd, (struct sockaddr *)&sin, len));
	EXPECT_EQ(0, getsockname(fd, (struct sockaddr *)&sin, &len));
	EXPECT_EQ(AF_INET, sin.sin_family);
	EXPECT_EQ(0, setsockopt(fd, SOL_MYNET, MYNET_INET_NAMES, &off, sizeof(off)));
	EXPECT_EQ(0, getsockname(fd, (struct sockaddr *)&sin, &len));
	EXPECT_EQ(AF_MYNET, sin.sin_family);
	len = sizeof(on);
	EXPECT_EQ(0, getsockopt(fd, SOL_MYNET, MYNET_INET_NAMES, &on, &len));
	EXPECT_EQ(0, on);
	close(fd);
}

TEST_F(options, reuseport_shares_the_load)
{
	struct sockaddr_mynet name = { .smn_family = AF_MYNET, .smn_port = htons(6000) };
	struct sockaddr_mynet to = name;
	int fd[4], i, n, on = 1, got[4] = {}, sum = 0;
	char buf[4];

	to.smn_addr = htonl(INADDR_LOOPBACK);
	for (i = 0; i < 4; i++) {
		fd[i] = socket(AF_MYNET, SOCK_DGRAM, 0);
		ASSERT_GE(fd[i], 0);
		ASSERT_EQ(0, setsockopt(fd[i], SOL_MYNET, MYNET_REUSEPORT, &on, sizeof(on)));
		ASSERT_EQ(0, bind(fd[i], (struct sockaddr *)&name, sizeof(name)));
	}
	for (i = 0; i < 256; i++) {
		int from = socket(AF_MYNET, SOCK_DGRAM, 0);

		ASSERT_EQ(1, sendto(from, "x", 1, 0, (struct sockaddr *)&to, sizeof(to)));
		close(from);
	}
	for (i = 0; i < 4; i++) {
		while (twin_readable(fd[i], 300) &&
		       (n = recv(fd[i], buf, sizeof(buf), MSG_DONTWAIT)) == 1)
			got[i]++;
		EXPECT_GT(got[i], 20);
		sum += got[i];
		close(fd[i]);
	}
	EXPECT_EQ(256, sum);
}

TEST_HARNESS_MAIN
