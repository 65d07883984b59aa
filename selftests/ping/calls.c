// SPDX-License-Identifier: GPL-2.0
/*
 * Ping sockets on AF_INET and on PF_MYNET over the loopback device: the same calls, results, errors
 * and answers.
 */
#include <grp.h>
#include <netinet/ip_icmp.h>

#include "kselftest_harness.h"
#include "ring.h"
#include "stamps.h"
#include "twin.h"

#define NOWHERE	((void *)8)

FIXTURE(ping)
{
};

static int allow(int family, const char *range)
{
	return write_line(family == AF_INET ? "/proc/sys/net/ipv4/ping_group_range" :
					      "/proc/sys/net/mynet/ping_group_range", range);
}

FIXTURE_SETUP(ping)
{
	ASSERT_EQ(0, twin_netns());
	ASSERT_EQ(0, allow(AF_INET, "0 1000"));
	ASSERT_EQ(0, allow(AF_MYNET, "0 1000"));
}

FIXTURE_TEARDOWN(ping)
{
}

static int ping(struct twin *t)
{
	return twin_socket(t, SOCK_DGRAM, IPPROTO_ICMP);
}

struct echo {
	struct icmphdr	icmp;
	char		data[56];
};

static struct echo *request(void)
{
	static struct echo e;

	memset(&e, 'e', sizeof(e));
	e.icmp = (struct icmphdr){ .type = ICMP_ECHO, .checksum = 1, .un.echo.id = 2,
				   .un.echo.sequence = htons(3) };
	return &e;
}

static void say_reply(struct twin *t, int fd, const char *what)
{
	struct sockaddr_in from = {};
	socklen_t len = sizeof(from);
	struct echo e = {};
	long n = recvfrom(fd, &e, sizeof(e), 0, (struct sockaddr *)&from, &len);
	int i, data = 0;

	for (i = 0; i < n - (int)sizeof(e.icmp); i++)
		data = data * 31 + e.data[i];
	twin_say(t, n, "%s: length", what);
	twin_say(t, twin_name(t, &from), "%s: from", what);
	twin_say(t, e.icmp.type << 8 | e.icmp.code, "%s: type", what);
	twin_say(t, ntohs(e.icmp.un.echo.sequence), "%s: sequence", what);
	twin_say(t, data, "%s: data", what);
}

static void groups(struct twin *t)
{
	gid_t more[] = { 2000, 3000 };

	SAY(t, ping(t) < 0 ? -1 : 0);
	SAY(t, allow(t->family, "3000 2000"));
	SAY(t, ping(t) < 0 ? -1 : 0);
	SAY(t, allow(t->family, "3000 3000"));
	SAY(t, ping(t) < 0 ? -1 : 0);
	SAY(t, setgroups(2, more));
	SAY(t, ping(t) < 0 ? -1 : 0);
	SAY(t, setgroups(0, more));
	SAY(t, setegid(3000));
	SAY(t, ping(t) < 0 ? -1 : 0);
	SAY(t, setegid(0));
	SAY(t, allow(t->family, "-1 2"));
	SAY(t, allow(t->family, "0 4294967295"));
	SAY(t, allow(t->family, "0 4294967294"));
	SAY(t, allow(t->family, "nobody"));
	SAY(t, ping(t) < 0 ? -1 : 0);
}

TEST_F(ping, sockets_are_for_the_groups_that_may) { TWINS(groups); }

TEST_F(ping, nobody_may_by_default)
{
	char line[64];

	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	EXPECT_STREQ("1\t0", read_line("/proc/sys/net/mynet/ping_group_range", line, sizeof(line)));
	EXPECT_EQ(-1, socket(AF_MYNET, SOCK_DGRAM, IPPROTO_ICMP));
	EXPECT_EQ(EACCES, errno);
}

static void binds(struct twin *t)
{
	struct sockaddr_in other = { .sin_family = AF_UNIX }, none = { .sin_family = AF_UNSPEC };
	int fd = ping(t), two = ping(t);

	twin_say_name(t, fd, "born", false, true);
	SAY(t, bind(fd, twin_addr(t, "127.0.0.1", 5), TWIN_LEN - 1));
	SAY(t, bind(fd, NOWHERE, TWIN_LEN));
	SAY(t, bind(fd, (struct sockaddr *)&other, sizeof(other)));
	SAY(t, bind(fd, twin_addr(t, "192.0.2.77", 5), TWIN_LEN));
	SAY(t, bind(fd, twin_addr(t, "224.0.0.1", 5), TWIN_LEN));
	SAY(t, bind(fd, twin_addr(t, "255.255.255.255", 5), TWIN_LEN));
	SAY(t, bind(fd, twin_addr(t, "127.0.0.1", 5), TWIN_LEN));
	twin_say_name(t, fd, "bound", false, true);
	SAY(t, bind(fd, twin_addr(t, "127.0.0.1", 6), TWIN_LEN));
	SAY(t, on(two, SOL_SOCKET, SO_REUSEADDR, 0));
	SAY(t, bind(two, twin_addr(t, "127.0.0.1", 5), TWIN_LEN));
	SAY(t, on(two, SOL_SOCKET, SO_REUSEADDR, 1));
	SAY(t, bind(two, twin_addr(t, "127.0.0.1", 5), TWIN_LEN));
	two = ping(t);
	SAY(t, bind(two, (struct sockaddr *)&none, sizeof(none)));
	twin_say_name(t, two, "anything", false, false);
	SAY(t, connect(two, twin_addr(t, "127.0.0.4", 9), 3));
	SAY(t, connect(two, (struct sockaddr *)&other, sizeof(other)));
	SAY(t, connect(two, twin_addr(t, "198.51.100.1", 9), TWIN_LEN));
	SAY(t, connect(two, twin_addr(t, "127.0.0.4", 9), TWIN_LEN));
	twin_say_name(t, two, "connected", false, false);
	twin_say_name(t, two, "peer", true, true);
	SAY(t, connect(two, (struct sockaddr *)&none, sizeof(none)));
	twin_say_name(t, two, "dissolved", false, false);
	SAY(t, listen(two, 1));
}

TEST_F(ping, identifiers_are_bound_like_ports) { TWINS(binds); }

static void echoes(struct twin *t)
{
	int fd = ping(t), other = ping(t), n = 0;
	struct echo *e = request();

	SAY(t, sendto(fd, e, sizeof(*e), 0, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	say_reply(t, fd, "echo");
	twin_say_name(t, fd, "name", false, false);
	SAY(t, recv(other, NULL, 0, MSG_DONTWAIT));
	SAY(t, bind(other, twin_addr(t, "127.0.0.3", 0x1234), TWIN_LEN));
	SAY(t, sendto(other, e, sizeof(e->icmp), 0, twin_addr(t, "127.0.0.2", 0), TWIN_LEN));
	say_reply(t, other, "without data");
	SAY(t, connect(other, twin_addr(t, "127.0.0.7", 0), TWIN_LEN));
	SAY(t, send(other, e, sizeof(*e), 0));
	say_reply(t, other, "connected");
	SAY(t, on(other, SOL_IP, IP_RECVTTL, 1));
	SAY(t, send(other, e, 20, 0));
	SAY(t, recv(other, e, 3, MSG_PEEK | MSG_TRUNC));
	SAY(t, recv(other, e, 3, MSG_PEEK));
	SAY(t, recv(other, NOWHERE, 3, MSG_PEEK));
	SAY(t, recv(other, e, 3, MSG_OOB));
	SAY(t, ioctl(other, FIONREAD, &n));
	say_reply(t, other, "short");
	SAY(t, send(fd, e, sizeof(*e), 0));
}

TEST_F(ping, echoes_come_back_to_who_asked) { TWINS(echoes); }

/* RFC 8335: nobody here answers to these requests; others do. */
static void extended(struct twin *t)
{
	int fd = ping(t), raw = twin_socket(t, SOCK_RAW, IPPROTO_ICMP);
	struct icmphdr reply = {
		.type = ICMP_EXT_ECHOREPLY, .un.echo.id = htons(0x1235),
		.un.echo.sequence = htons(0x301),
	};

	SAY(t, bind(fd, twin_addr(t, "127.0.0.1", 0x1235), TWIN_LEN));
	reply.checksum = ~(htons(ICMP_EXT_ECHOREPLY << 8) + reply.un.echo.id +
			   reply.un.echo.sequence);
	SAY(t, sendto(raw, &reply, sizeof(reply), 0, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	say_reply(t, fd, "extended");
	reply.type++;
	reply.checksum -= htons(1 << 8);
	SAY(t, sendto(raw, &reply, sizeof(reply), 0, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	SAY(t, recv(fd, NULL, 0, MSG_DONTWAIT));
}

TEST_F(ping, extended_replies_come_to_who_asked) { TWINS(extended); }

static void wrong(struct twin *t)
{
	struct sockaddr_in other = { .sin_family = AF_UNSPEC };
	static char big[70000];
	struct echo *e = request();
	int fd = ping(t), type;

	memset(big, 0, sizeof(big));
	big[0] = ICMP_ECHO;
	SAY(t, send(fd, e, sizeof(*e), 0));
	SAY(t, sendto(fd, e, 7, 0, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	SAY(t, sendto(fd, NOWHERE, 8, 0, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	SAY(t, sendto(fd, e, sizeof(*e), MSG_OOB, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	SAY(t, sendto(fd, e, sizeof(*e), 0, twin_addr(t, "127.0.0.1", 0), TWIN_LEN - 1));
	SAY(t, sendto(fd, e, sizeof(*e), 0, (struct sockaddr *)&other, sizeof(other)));
	SAY(t, sendto(fd, e, sizeof(*e), 0, twin_addr(t, "198.51.100.1", 0), TWIN_LEN));
	SAY(t, sendto(fd, e, sizeof(*e), 0, twin_addr(t, "255.255.255.255", 0), TWIN_LEN));
	SAY(t, sendto(fd, big, 65536, 0, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	SAY(t, sendto(fd, big, 65516, 0, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	SAY(t, sendto(fd, big, 65515, 0, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	SAY(t, recv(fd, big, sizeof(big), 0));
	for (type = 0; type < 50; type++) {
		e->icmp.type = type;
		twin_say(t, sendto(fd, e, sizeof(*e), 0, twin_addr(t, "127.0.0.1", 0), TWIN_LEN),
			 "type %d", type);
	}
	e->icmp.type = ICMP_ECHO;
	e->icmp.code = 1;
	SAY(t, sendto(fd, e, sizeof(*e), 0, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
}

TEST_F(ping, nothing_but_echo_requests_is_sent) { TWINS(wrong); }

static void stamped(struct twin *t)
{
	int fd = ping(t);

	SAY(t, connect(fd, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	stamps(t, fd, fd, request(), sizeof(struct echo));
}

TEST_F(ping, time_stamps_are_what_inet_gives) { TWINS(stamped); }

static void uring_ping(struct twin *t)
{
	int fd = ping(t);

	SAY(t, connect(fd, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	uring(t, fd, fd, request(), sizeof(struct echo));
}

TEST_F(ping, io_uring_sends_receives_and_polls) { TWINS(uring_ping); }

TEST_F(ping, sockets_are_in_proc)
{
	struct sockaddr_mynet name = { .smn_family = AF_MYNET, .smn_port = htons(0x4321) };
	int fd = socket(AF_MYNET, SOCK_DGRAM, IPPROTO_ICMP);
	char line[256] = "";
	FILE *file;

	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, bind(fd, (struct sockaddr *)&name, sizeof(name)));
	file = fopen("/proc/net/mynet/icmp", "re");
	ASSERT_NE(NULL, file);
	while (!strstr(line, " 00000000:4321 00000000:0000 07 "))
		ASSERT_NE(NULL, fgets(line, sizeof(line), file));
	fclose(file);
	close(fd);
}

TEST_HARNESS_MAIN
