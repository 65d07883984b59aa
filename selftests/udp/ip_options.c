// SPDX-License-Identifier: GPL-2.0
/*
 * Options of IPv4 headers that programs set (IP_OPTIONS), send (IP_RETOPTS) and are told of
 * (IP_RECVOPTS, IP_RETOPTS): UDP, raw and ping sockets of AF_INET and PF_MYNET, side by side.
 */
#include <time.h>
#include <linux/errqueue.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>

#include "kselftest_harness.h"
#include "twin.h"

#define PORT	5000
#define PROTO	253
#define KIND(text)			{ text, sizeof(text) - 1 }
#define SET(t, fd, text)		set(t, fd, text, sizeof(text) - 1)
#define SEND_WITH(t, fd, text)	send_with(t, fd, text, sizeof(text) - 1)

FIXTURE(ip_options)
{
};

FIXTURE_SETUP(ip_options)
{
	FILE *range;

	ASSERT_EQ(0, twin_netns());
	range = fopen("/proc/sys/net/ipv4/ping_group_range", "w");
	ASSERT_NE(NULL, range);
	fputs("0 0", range);
	fclose(range);
	range = fopen("/proc/sys/net/mynet/ping_group_range", "w");
	ASSERT_NE(NULL, range);
	fputs("0 0", range);
	fclose(range);
}

FIXTURE_TEARDOWN(ip_options)
{
}

static void say_bytes(struct twin *t, const unsigned char *p, int n, const char *what)
{
	int i;

	for (i = 0; i < n; i++)
		twin_say(t, p[i], "%s: byte %d", what, i);
}

static void set(struct twin *t, int fd, const char *bytes, int len)
{
	unsigned char buf[64];
	socklen_t room = sizeof(buf);

	errno = 0;
	twin_say(t, setsockopt(fd, SOL_IP, IP_OPTIONS, bytes, len), "set %d bytes", len);
	twin_say(t, getsockopt(fd, SOL_IP, IP_OPTIONS, buf, &room), "get");
	twin_say(t, room, "length");
	say_bytes(t, buf, room, "got");
	room = 3;
	twin_say(t, getsockopt(fd, SOL_IP, IP_OPTIONS, buf, &room), "get with little room");
	twin_say(t, room, "length with little room");
	room = -1;
	twin_say(t, getsockopt(fd, SOL_IP, IP_OPTIONS, buf, &room), "get with no room");
}

static void sets(struct twin *t)
{
	char most[41];
	int fd = twin_socket(t, SOCK_DGRAM, 0);

	memset(most, 1, sizeof(most));
	set(t, fd, "", 0);
	SET(t, fd, "\1");
	SET(t, fd, "\1\1\1\1");
	set(t, fd, most, 40);
	set(t, fd, most, 41);
	set(t, fd, most, -1);
	SET(t, fd, "\x94\4\0\0");
	SET(t, fd, "\x94\4\0\1");
	SET(t, fd, "\x94\3\0");
	SET(t, fd, "\7\7\4\0\0\0\0");
	SET(t, fd, "\7\13\4\1\2\3\4\5\6\7\7");
	SET(t, fd, "\7\13\10\1\2\3\4\5\6\7\7");
	SET(t, fd, "\7\13\14\1\2\3\4\5\6\7\7");
	SET(t, fd, "\7\13\3\1\2\3\4\5\6\7\7");
	SET(t, fd, "\7\13\6\1\2\3\4\5\6\7\7");
	SET(t, fd, "\7\7\4\0\0\0\0\7\7\4\0\0\0\0");
	SET(t, fd, "\7\2");
	SET(t, fd, "\7");
	SET(t, fd, "\7\x50\4");
	SET(t, fd, "\x44\14\5\0\1\2\3\4\5\6\7\7");
	SET(t, fd, "\x44\14\5\1\1\2\3\4\5\6\7\7");
	SET(t, fd, "\x44\14\5\3\x7f\0\0\1\5\6\7\7");
	SET(t, fd, "\x44\14\15\xf0\1\2\3\4\5\6\7\7");
	SET(t, fd, "\x44\3\5");
	SET(t, fd, "\0\1\2\3\4");
	SET(t, fd, "\x88\4\1\2");
	SET(t, fd, "\x99\4\1\2");
	SAY(t, setsockopt(fd, SOL_IP, IP_OPTIONS, (void *)8, 4));
	SAY(t, setsockopt(fd, SOL_IP, IP_OPTIONS, (void *)8, 0));
	seteuid(65534);
	SET(t, fd, "\x99\4\1\2");
	SET(t, fd, "\x88\4\1\2");
	SET(t, fd, "\x83\7\4\x7f\0\0\1");
	SET(t, fd, "\7\7\4\0\0\0\0");
	SET(t, fd, "\x94\4\0\0");
	set(t, fd, "", 0);
	seteuid(0);
}

TEST_F(ip_options, are_set_and_read_as_with_inet) { TWINS(sets); }

/* Many datagrams of one send are one packet on their way down, and that no longer than others. */
static void segmented(struct twin *t)
{
	static char data[65507], most[40], control[256];
	struct iovec iov = { data, sizeof(data) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct sock_extended_err *ee;
	int fd = twin_socket(t, SOCK_DGRAM, 0), size;

	memset(most, 1, sizeof(most));
	SAY(t, setsockopt(fd, SOL_IP, IP_OPTIONS, most, sizeof(most)));
	SAY(t, on(fd, SOL_IP, IP_RECVERR, 1));
	for (size = 0; size <= 2000; size += 2000) {
		SAY(t, on(fd, SOL_UDP, UDP_SEGMENT, size));
		SAY(t, sendto(fd, data, 65468, 0, twin_addr(t, "127.0.0.1", PORT), TWIN_LEN));
		msg.msg_controllen = sizeof(control);
		SAY(t, recvmsg(fd, &msg, MSG_ERRQUEUE));
		ee = (struct sock_extended_err *)CMSG_DATA(CMSG_FIRSTHDR(&msg));
		SAY(t, ee->ee_errno);
		SAY(t, ee->ee_origin);
		SAY(t, ee->ee_info);
	}
	SAY(t, sendto(fd, data, 65467, 0, twin_addr(t, "127.0.0.1", PORT), TWIN_LEN));
}

TEST_F(ip_options, many_datagrams_with_them_are_no_longer_than_one) { TWINS(segmented); }

/* Times are not what they were: of one that stands alone only whether it is there is told. */
static void mask_times(unsigned char *p, int n)
{
	int at, i, size;

	for (at = 0; at < n && p[at]; at += p[at] == 1 ? 1 : p[at + 1]) {
		if (p[at] != 0x44)
			continue;
		size = p[at + 3] & 15 ? 8 : 4;
		for (i = at + 4; i + 4 <= at + p[at + 1]; i += 4)
			if (size == 4)
				memset(p + i, memcmp(p + i, "\0\0\0", 4) ? 0xee : 0, 4);
			else if ((i - at) % 8 < 4)
				memset(p + i, 0, 4);
	}
}

static void say_message(struct twin *t, int fd, const char *what)
{
	char buf[2048];
	long control[64];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg;
	int n, len;

	n = recvmsg(fd, &msg, 0);
	twin_say(t, n, "%s: received", what);
	if (n < 0)
		return;
	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
		len = cmsg->cmsg_len - CMSG_LEN(0);
		twin_say(t, cmsg->cmsg_type, "%s: type", what);
		twin_say(t, len, "%s: length", what);
		mask_times(CMSG_DATA(cmsg), len);
		say_bytes(t, CMSG_DATA(cmsg), len, what);
	}
}

/* Options that everybody understands and options that nobody does. */
static const struct {
	const char	*bytes;
	int		len;
} kinds[] = {
	KIND("\1"),
	KIND("\x94\4\0\0"),
	KIND("\7\7\4\0\0\0\0"),
	KIND("\7\17\4\0\0\0\0\0\0\0\0\0\0\0\0"),
	KIND("\1\7\x17\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
	KIND("\x44\14\5\0\0\0\0\0\0\0\0\0"),
	KIND("\x44\24\5\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
	KIND("\7\13\4\0\0\0\0\0\0\0\0\x44\14\5\0\0\0\0\0\0\0\0\0"),
	KIND("\x99\4\1\2\7\7\4\0\0\0\0"),
};

static int receiver(struct twin *t, int type, int protocol)
{
	int fd = twin_socket(t, type, protocol);

	on(fd, SOL_IP, IP_RECVOPTS, 1);
	on(fd, SOL_IP, IP_RETOPTS, 1);
	if (type != SOCK_RAW)
		SAY(t, bind(fd, twin_addr(t, "127.0.0.1", PORT), TWIN_LEN));
	return fd;
}

static void udp_kinds(struct twin *t)
{
	int to = receiver(t, SOCK_DGRAM, 0), fd = twin_socket(t, SOCK_DGRAM, 0);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		SAY(t, setsockopt(fd, SOL_IP, IP_OPTIONS, kinds[i].bytes, kinds[i].len));
		SAY(t, sendto(fd, "abc", 3, 0, twin_addr(t, "127.0.0.1", PORT), TWIN_LEN));
		say_message(t, to, "not connected");
	}
	SAY(t, connect(fd, twin_addr(t, "127.0.0.1", PORT), TWIN_LEN));
	SAY(t, send(fd, "abc", 3, 0));
	say_message(t, to, "connected");
	SAY(t, send(fd, "abc", 3, MSG_MORE));
	SAY(t, send(fd, "def", 3, 0));
	say_message(t, to, "corked");
	SAY(t, setsockopt(fd, SOL_IP, IP_OPTIONS, NULL, 0));
	SAY(t, send(fd, "abc", 3, 0));
	say_message(t, to, "without");
}

TEST_F(ip_options, of_a_socket_are_in_its_datagrams) { TWINS(udp_kinds); }

static void raw_kinds(struct twin *t)
{
	int to = receiver(t, SOCK_RAW, PROTO), fd = twin_socket(t, SOCK_RAW, PROTO);
	char whole[20] = "E";
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		SAY(t, setsockopt(fd, SOL_IP, IP_OPTIONS, kinds[i].bytes, kinds[i].len));
		SAY(t, sendto(fd, "abc", 3, 0, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
		say_message(t, to, "raw");
	}
	on(fd, SOL_IP, IP_HDRINCL, 1);
	SAY(t, sendto(fd, whole, sizeof(whole), 0, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
}

TEST_F(ip_options, of_a_raw_socket_are_in_its_packets) { TWINS(raw_kinds); }

/* A request, and the answer of this host, which has the options that RFC 1122 3.2.2.6 wants. */
static void ping_kinds(struct twin *t)
{
	struct icmphdr icmph = { .type = ICMP_ECHO };
	int fd = receiver(t, SOCK_DGRAM, IPPROTO_ICMP);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds) - 1; i++) {
		SAY(t, setsockopt(fd, SOL_IP, IP_OPTIONS, kinds[i].bytes, kinds[i].len));
		SAY(t, sendto(fd, &icmph, sizeof(icmph), 0, twin_addr(t, "127.0.0.1", 0),
			      TWIN_LEN));
		say_message(t, fd, "answer");
	}
}

TEST_F(ip_options, of_a_ping_socket_are_in_its_requests) { TWINS(ping_kinds); }

static void send_with(struct twin *t, int fd, const char *bytes, int len)
{
	long control[16] = {};
	struct iovec iov = { (char *)"abc", 3 };
	struct msghdr msg = {
		.msg_name = twin_addr(t, "127.0.0.1", PORT), .msg_namelen = TWIN_LEN,
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = CMSG_SPACE(len),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_IP;
	cmsg->cmsg_type = IP_RETOPTS;
	cmsg->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(cmsg), bytes, len);
	errno = 0;
	twin_say(t, sendmsg(fd, &msg, 0), "with %d bytes", len);
}

static void messages(struct twin *t)
{
	int to = receiver(t, SOCK_DGRAM, 0), fd = twin_socket(t, SOCK_DGRAM, 0);
	char most[48];
	unsigned int i;

	memset(most, 1, sizeof(most));
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		send_with(t, fd, kinds[i].bytes, kinds[i].len);
		say_message(t, to, "its own");
	}
	SAY(t, setsockopt(fd, SOL_IP, IP_OPTIONS, "\x94\4\0\0", 4));
	SEND_WITH(t, fd, "\7\7\4\0\0\0\0");
	say_message(t, to, "its own before the socket's");
	send_with(t, fd, "", 0);
	say_message(t, to, "none before the socket's");
	send_with(t, fd, most, 48);
	say_message(t, to, "as many as there is room for");
	SEND_WITH(t, fd, "\7\2");
	SEND_WITH(t, fd, "\7\7\3\0\0\0\0");
	seteuid(65534);
	SEND_WITH(t, fd, "\x99\4\1\2");
	SEND_WITH(t, fd, "\x94\4\0\0");
	seteuid(0);
	say_message(t, to, "of nobody");
}

TEST_F(ip_options, of_one_message_go_before_the_sockets) { TWINS(messages); }

static void room(struct twin *t)
{
	static char big[65507];
	int fd = twin_socket(t, SOCK_DGRAM, 0), size = 1400, n, discover = IP_PMTUDISC_DO;
	char most[40];

	memset(most, 1, sizeof(most));
	SAY(t, connect(fd, twin_addr(t, "127.0.0.1", PORT + 1), TWIN_LEN));
	SAY(t, setsockopt(fd, SOL_IP, IP_OPTIONS, most, 40));
	for (n = 65507 - 41; n <= 65507 - 39; n++) {
		twin_say(t, send(fd, big, n, 0) < 0 && errno == EMSGSIZE, "%d bytes", n);
		getsockopt(fd, SOL_SOCKET, SO_ERROR, big, &(socklen_t){ 4 });
	}
	SAY(t, setsockopt(fd, SOL_UDP, UDP_SEGMENT, &size, sizeof(size)));
	SAY(t, setsockopt(fd, SOL_IP, IP_MTU_DISCOVER, &discover, sizeof(discover)));
	twin_say(t, send(fd, big, 28000, 0) < 0 && errno == EMSGSIZE, "segments");
	getsockopt(fd, SOL_SOCKET, SO_ERROR, big, &(socklen_t){ 4 });
	size = 65535;
	SAY(t, setsockopt(fd, SOL_UDP, UDP_SEGMENT, &size, sizeof(size)));
	twin_say(t, send(fd, big, 65507 - 39, 0) < 0 && errno == EMSGSIZE, "a large segment");
}

TEST_F(ip_options, take_their_room_from_the_data) { TWINS(room); }

static void pieces(struct twin *t)
{
	static char data[40000];
	int to = receiver(t, SOCK_DGRAM, 0), fd = twin_socket(t, SOCK_DGRAM, 0);
	struct ifreq ifr = { .ifr_name = "lo", .ifr_mtu = 1500 };

	SAY(t, ioctl(fd, SIOCSIFMTU, &ifr));
	SAY(t, setsockopt(fd, SOL_IP, IP_OPTIONS, kinds[7].bytes, kinds[7].len));
	SAY(t, sendto(fd, data, sizeof(data), 0, twin_addr(t, "127.0.0.1", PORT), TWIN_LEN));
	say_message(t, to, "fragmented");
}

TEST_F(ip_options, are_told_of_a_datagram_that_came_in_fragments) { TWINS(pieces); }

TEST_F(ip_options, with_a_source_route_are_not_sent)
{
	static const char *const routes[] = { "\x83\7\4\x7f\0\0\1", "\x89\7\4\x7f\0\0\1" };
	int fd = socket(AF_MYNET, SOCK_DGRAM, 0), i;

	for (i = 0; i < 2; i++) {
		EXPECT_EQ(-1, setsockopt(fd, SOL_IP, IP_OPTIONS, routes[i], 7));
		EXPECT_EQ(EPERM, errno);
	}
	close(fd);
}

TEST_HARNESS_MAIN
