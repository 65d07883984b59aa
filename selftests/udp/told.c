// SPDX-License-Identifier: GPL-2.0
/*
 * News that a UDP socket gets beside the data, on AF_INET and on PF_MYNET: errors, control
 * messages.
 */
#include "kselftest_harness.h"
#include "twin.h"

FIXTURE(told)
{
};

FIXTURE_SETUP(told)
{
	ASSERT_EQ(0, twin_netns());
}

FIXTURE_TEARDOWN(told)
{
}

static void error_queue(struct twin *t)
{
	char buf[64], control[256];
	struct sockaddr_in name = {};
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = {
		.msg_name = &name, .msg_namelen = sizeof(name), .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct { struct { unsigned int err; unsigned char origin, type, code, pad;
			  unsigned int info, data; } ee; struct sockaddr_in from; } *said;
	struct cmsghdr *cmsg;
	static char big[65508];
	int fd = twin_socket(t, SOCK_DGRAM, 0), more;
	struct pollfd p = { .fd = fd };

	SAY(t, on(fd, SOL_IP, IP_RECVERR, 1));
	SAY(t, sendto(fd, "payload", 7, 0, twin_addr(t, "127.0.0.1", 5430), TWIN_LEN));
	SAY(t, poll(&p, 1, 1000));
	SAY(t, p.revents);
	SAY(t, recvmsg(fd, &msg, MSG_ERRQUEUE));
	SAY(t, memcmp(buf, "payload", 7));
	SAY(t, msg.msg_flags);
	SAY(t, twin_name(t, &name));
	cmsg = CMSG_FIRSTHDR(&msg);
	SAY(t, cmsg ? 0 : -1);
	if (!cmsg)
		return;
	said = (void *)CMSG_DATA(cmsg);
	SAY(t, cmsg->cmsg_level);
	SAY(t, cmsg->cmsg_type);
	SAY(t, cmsg->cmsg_len);
	SAY(t, said->ee.err);
	SAY(t, said->ee.origin);
	SAY(t, said->ee.type);
	SAY(t, said->ee.code);
	SAY(t, twin_name(t, &said->from));
	SAY(t, recvmsg(fd, &msg, MSG_ERRQUEUE));
	/* Too long for any header, in one piece and in two. */
	for (more = 0; more < 2; more++) {
		SAY(t, sendto(fd, big, more ? 60000 : 0, more ? MSG_MORE : 0,
			      twin_addr(t, "127.0.0.1", 5430), TWIN_LEN));
		SAY(t, recvmsg(fd, &msg, MSG_ERRQUEUE));
		SAY(t, sendto(fd, big, more ? 5508 : 65508, 0, twin_addr(t, "127.0.0.1", 5430),
			      TWIN_LEN));
		msg.msg_controllen = sizeof(control);
		if (SAY(t, recvmsg(fd, &msg, MSG_ERRQUEUE)) < 0)
			continue;
		said = (void *)CMSG_DATA(CMSG_FIRSTHDR(&msg));
		SAY(t, twin_name(t, &name));
		SAY(t, said->ee.err);
		SAY(t, said->ee.origin);
		SAY(t, said->ee.info);
	}
}

TEST_F(told, the_error_queue_tells_who_refused_what)
{
	TWINS(error_queue);
}

static void say_controls(struct twin *t, struct msghdr *msg)
{
	struct cmsghdr *cmsg;
	unsigned int i;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg)) {
		twin_say(t, cmsg->cmsg_level << 16 | cmsg->cmsg_type, "type");
		twin_say(t, cmsg->cmsg_len, "len");
		/* The others have an address in them, whose family is each twin's own. */
		for (i = 0; cmsg->cmsg_type == IP_PKTINFO && i < sizeof(struct in_pktinfo); i++)
			twin_say(t, CMSG_DATA(cmsg)[i], "byte %u", i);
	}
}

/* With an error comes what is asked for of the packet that told it. */
static void error_controls(struct twin *t)
{
	static const int wanted[] = { IP_RECVERR, IP_PKTINFO, IP_RECVTTL, IP_RECVFRAGSIZE };
	char buf[64], control[256];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	int fd = twin_socket(t, SOCK_DGRAM, 0);
	unsigned int i;

	for (i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		SAY(t, on(fd, SOL_IP, wanted[i], 1));
	SAY(t, sendto(fd, "payload", 7, 0, twin_addr(t, "127.0.0.1", 5431), TWIN_LEN));
	SAY(t, recvmsg(fd, &msg, MSG_ERRQUEUE));
	say_controls(t, &msg);
}

TEST_F(told, errors_come_with_what_is_asked_for)
{
	TWINS(error_controls);
}

static void late_pktinfo(struct twin *t)
{
	char buf[64], control[256];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	int to = twin_bound(t, "127.0.0.1", 5432), fd = twin_socket(t, SOCK_DGRAM, 0);

	/* A record of the route is what a packet has most to remember of. */
	SAY(t, setsockopt(fd, SOL_IP, IP_OPTIONS, "\7\7\4\0\0\0\0", 8));
	SAY(t, sendto(fd, "x", 1, 0, twin_addr(t, "127.0.0.1", 5432), TWIN_LEN));
	SAY(t, on(to, SOL_IP, IP_PKTINFO, 1));
	SAY(t, recvmsg(to, &msg, 0));
	say_controls(t, &msg);
}

TEST_F(told, who_asks_too_late_where_a_packet_came_by_is_not_told)
{
	TWINS(late_pktinfo);
}

static void control_messages(struct twin *t)
{
	static const int wanted[] = { IP_PKTINFO, IP_RECVTTL, IP_RECVTOS, IP_RECVORIGDSTADDR };
	char buf[64], control[512];
	struct sockaddr_in name;
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = {
		.msg_name = &name, .msg_namelen = sizeof(name), .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	int to = twin_bound(t, "0.0.0.0", 5440), fd = twin_socket(t, SOCK_DGRAM, 0), i;
	struct cmsghdr *cmsg;
	unsigned char *p;

	for (i = 0; i < 4; i++)
		SAY(t, on(to, SOL_IP, wanted[i], 1));
	SAY(t, on(fd, SOL_IP, IP_TTL, 77));
	SAY(t, on(fd, SOL_IP, IP_TOS, 0x28));
	SAY(t, sendto(fd, "x", 1, 0, twin_addr(t, "127.0.0.5", 5440), TWIN_LEN));
	SAY(t, twin_readable(to, 1000));
	SAY(t, recvmsg(to, &msg, 0));
	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
		twin_say(t, cmsg->cmsg_level << 16 | cmsg->cmsg_type, "type");
		twin_say(t, cmsg->cmsg_len, "len");
		p = CMSG_DATA(cmsg);
		/* The family of an address is what it should be. */
		if (cmsg->cmsg_type == IP_ORIGDSTADDR) {
			twin_say(t, twin_name(t, (struct sockaddr_in *)p), "original");
			continue;
		}
		for (i = 0; i < (int)(cmsg->cmsg_len - CMSG_LEN(0)); i++)
			twin_say(t, p[i], "byte %d of %d", i, cmsg->cmsg_type);
	}
}

TEST_F(told, control_messages_tell_what_inet_tells)
{
	TWINS(control_messages);
}

/* An error about a datagram of ours, with objects behind it (RFC 4884). */
struct extended {
	unsigned char	type, code;
	unsigned short	sum;
	unsigned char	unused, words;
	unsigned short	mtu;
	unsigned char	ip[20], udp[8], data[100];
	unsigned char	version, reserved;
	unsigned short	extension_sum, object;
	unsigned char	class, kind, said[4];
};

static unsigned short sum_of(const void *data, int len)
{
	const unsigned short *p = data;
	unsigned int sum = 0;

	for (; len > 1; len -= 2)
		sum += *p++;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static void say_extension(struct twin *t, int fd, int raw, int words, int object, int wrong)
{
	struct extended e = {
		.type = 3, .code = 3, .words = words, .version = 2 << 4, .object = htons(object),
		.class = 1, .kind = 1, .ip = { 0x45, 0, 0, 136, 0, 0, 0, 0, 64, 17, 0, 0,
					       127, 0, 0, 1, 127, 0, 0, 1 },
		.udp = { 5450 >> 8, 5450 & 255, 5451 >> 8, 5451 & 255, 0, 116 },
	};
	struct { unsigned int err; unsigned char kind[4]; unsigned int info, data; } *said;
	char buf[256], control[256];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };

	e.extension_sum = sum_of(&e.version, 12) + wrong;
	e.sum = sum_of(&e, sizeof(e));
	SAY(t, sendto(raw, &e, sizeof(e), 0, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	if (SAY(t, recvmsg(fd, &msg, MSG_ERRQUEUE)) < 0)
		return;
	said = (void *)CMSG_DATA(CMSG_FIRSTHDR(&msg));
	twin_say(t, said->data, "%d words, object of %d, sum wrong by %d", words, object, wrong);
}

static void extensions(struct twin *t)
{
	int fd = twin_bound(t, "127.0.0.1", 5450), raw = twin_socket(t, SOCK_RAW, IPPROTO_ICMP);

	SAY(t, on(fd, SOL_IP, IP_RECVERR, 1));
	say_extension(t, fd, raw, 32, 8, 0);
	SAY(t, on(fd, SOL_IP, IP_RECVERR_RFC4884, 1));
	say_extension(t, fd, raw, 32, 8, 0);
	say_extension(t, fd, raw, 32, 8, 1);
	say_extension(t, fd, raw, 32, 3, 0);
	say_extension(t, fd, raw, 32, 9, 0);
	say_extension(t, fd, raw, 0, 8, 0);
	say_extension(t, fd, raw, 31, 8, 0);
	say_extension(t, fd, raw, 34, 8, 0);
	say_extension(t, fd, raw, 255, 8, 0);
}

TEST_F(told, where_the_objects_of_an_error_begin)
{
	TWINS(extensions);
}

TEST_HARNESS_MAIN
