// SPDX-License-Identifier: GPL-2.0
/*
 * The calls of a UDP socket, right and wrong, on AF_INET and on PF_MYNET over the loopback device:
 * the same results and the same errors.
 */
#include <fcntl.h>
#include <netinet/udp.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

#include "kselftest_harness.h"
#include "twin.h"

#define NOWHERE	((void *)8)

FIXTURE(calls)
{
};

FIXTURE_SETUP(calls)
{
	ASSERT_EQ(0, twin_netns());
}

FIXTURE_TEARDOWN(calls)
{
}

static int udp(struct twin *t)
{
	return twin_socket(t, SOCK_DGRAM, 0);
}

static int connected(struct twin *t, const char *addr, int port)
{
	int fd = udp(t);

	SAY(t, connect(fd, twin_addr(t, addr, port), TWIN_LEN));
	return fd;
}

static void bad_binds(struct twin *t)
{
	struct sockaddr_in other = { .sin_family = AF_UNIX };
	int fd = udp(t);

	SAY(t, bind(fd, twin_addr(t, "127.0.0.1", 5000), 0));
	SAY(t, bind(fd, twin_addr(t, "127.0.0.1", 5000), 1));
	SAY(t, bind(fd, twin_addr(t, "127.0.0.1", 5000), TWIN_LEN - 1));
	SAY(t, bind(fd, twin_addr(t, "127.0.0.1", 5000), 129));
	SAY(t, bind(fd, twin_addr(t, "127.0.0.1", 5000), -1));
	SAY(t, bind(fd, NOWHERE, TWIN_LEN));
	SAY(t, bind(fd, (struct sockaddr *)&other, sizeof(other)));
	other.sin_family = AF_UNSPEC;
	other.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	SAY(t, bind(fd, (struct sockaddr *)&other, sizeof(other)));
	SAY(t, bind(fd, twin_addr(t, "192.0.2.77", 5000), TWIN_LEN));
	SAY(t, bind(fd, twin_addr(t, "0.1.2.3", 5000), TWIN_LEN));
	SAY(t, bind(fd, twin_addr(t, "127.0.0.1", 5000), TWIN_LEN));
	SAY(t, bind(fd, twin_addr(t, "127.0.0.1", 5001), TWIN_LEN));
	twin_say_name(t, fd, "name", false, true);
}

TEST_F(calls, wrong_addresses_are_refused_by_bind)
{
	TWINS(bad_binds);
}

static void good_binds(struct twin *t)
{
	struct sockaddr_in any = { .sin_family = AF_UNSPEC, .sin_port = htons(5100) };
	int fd = udp(t);

	SAY(t, bind(fd, (struct sockaddr *)&any, sizeof(any)));
	twin_say_name(t, fd, "unspecified family", false, true);
	twin_say_name(t, twin_bound(t, "0.0.0.0", 0), "any port", false, false);
	twin_say_name(t, twin_bound(t, "127.1.2.3", 5101), "another loopback address", false, true);
	twin_say_name(t, twin_bound(t, "224.0.0.1", 5102), "group", false, true);
	twin_say_name(t, twin_bound(t, "255.255.255.255", 5103), "broadcast", false, true);
	fd = udp(t);
	SAY(t, on(fd, SOL_IP, IP_FREEBIND, 1));
	SAY(t, bind(fd, twin_addr(t, "192.0.2.77", 5104), TWIN_LEN));
	twin_say_name(t, fd, "free", false, true);
	fd = udp(t);
	SAY(t, on(fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, 1));
	SAY(t, bind(fd, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	twin_say_name(t, fd, "without port", false, true);
	twin_say_name(t, udp(t), "unbound", false, true);
	twin_say_name(t, udp(t), "unbound peer", true, true);
}

TEST_F(calls, bind_takes_what_it_should)
{
	TWINS(good_binds);
}

/* Binds two sockets after setting options on each; the addresses and options are the case. */
static void bind_pair(struct twin *t, const char *a, const char *b, int reuse_a, int reuse_b)
{
	int one = udp(t), two = udp(t);

	on(one, SOL_SOCKET, SO_REUSEADDR, reuse_a);
	on(two, SOL_SOCKET, SO_REUSEADDR, reuse_b);
	twin_say(t, bind(one, twin_addr(t, a, 5200), TWIN_LEN), "first %s %d", a, reuse_a);
	twin_say(t, bind(two, twin_addr(t, b, 5200), TWIN_LEN), "then %s %d", b, reuse_b);
	close(one);
	close(two);
	t->fds -= 2;
}

static void bind_pairs(struct twin *t)
{
	static const char *const addrs[] = { "0.0.0.0", "127.0.0.1", "127.0.0.2" };
	int a, b, reuse;

	for (a = 0; a < 3; a++)
		for (b = 0; b < 3; b++)
			for (reuse = 0; reuse < 4; reuse++)
				bind_pair(t, addrs[a], addrs[b], reuse & 1, reuse >> 1);
}

TEST_F(calls, ports_conflict_as_they_do_with_inet)
{
	TWINS(bind_pairs);
}

static void privileged(struct twin *t)
{
	int fd = udp(t);

	seteuid(65534);
	SAY(t, bind(fd, twin_addr(t, "0.0.0.0", 1023), TWIN_LEN));
	SAY(t, bind(fd, twin_addr(t, "0.0.0.0", 1024), TWIN_LEN));
	seteuid(0);
	fd = udp(t);
	SAY(t, bind(fd, twin_addr(t, "0.0.0.0", 1023), TWIN_LEN));
}

TEST_F(calls, privileged_ports_need_the_privilege)
{
	TWINS(privileged);
}

static void connects(struct twin *t)
{
	struct sockaddr_in none = { .sin_family = AF_UNSPEC }, other = { .sin_family = AF_UNIX };
	int fd = udp(t);

	SAY(t, connect(fd, twin_addr(t, "127.0.0.1", 5300), 1));
	SAY(t, connect(fd, twin_addr(t, "127.0.0.1", 5300), TWIN_LEN - 1));
	SAY(t, connect(fd, NOWHERE, TWIN_LEN));
	SAY(t, connect(fd, (struct sockaddr *)&other, sizeof(other)));
	SAY(t, connect(fd, twin_addr(t, "198.51.100.1", 5300), TWIN_LEN));
	SAY(t, connect(fd, twin_addr(t, "127.0.0.9", 5301), TWIN_LEN));
	twin_say_name(t, fd, "own name", false, false);
	twin_say_name(t, fd, "peer name", true, true);
	SAY(t, connect(fd, (struct sockaddr *)&none, sizeof(none)));
	twin_say_name(t, fd, "name after", false, true);
	twin_say_name(t, fd, "peer after", true, true);
	SAY(t, connect(fd, (struct sockaddr *)&none, sizeof(none.sin_family)));
	fd = connected(t, "0.0.0.0", 5302);
	twin_say_name(t, fd, "nobody's peer", true, true);
	twin_say_name(t, fd, "nobody's name", false, false);
	fd = connected(t, "127.0.0.1", 0);
	twin_say_name(t, fd, "peer without port", true, true);
	SAY(t, send(fd, "x", 1, 0));
	fd = twin_bound(t, "127.0.0.3", 5303);
	SAY(t, connect(fd, twin_addr(t, "127.0.0.1", 5304), TWIN_LEN));
	SAY(t, connect(fd, (struct sockaddr *)&none, sizeof(none)));
	twin_say_name(t, fd, "still bound", false, true);
}

TEST_F(calls, connect_and_dissolve)
{
	TWINS(connects);
}

static void what_datagrams_cannot(struct twin *t)
{
	int fd = udp(t), pair[2];

	SAY(t, listen(fd, 1));
	SAY(t, accept(fd, NULL, NULL));
	SAY(t, socketpair(t->family, SOCK_DGRAM, 0, pair));
	SAY(t, shutdown(fd, SHUT_RDWR));
	SAY(t, shutdown(fd, 3));
	SAY(t, shutdown(fd, -1));
	SAY(t, ioctl(fd, 0x1234, 0));
	SAY(t, lseek(fd, 0, SEEK_SET));
}

TEST_F(calls, what_a_datagram_socket_cannot_do)
{
	TWINS(what_datagrams_cannot);
}

static void bad_sends(struct twin *t)
{
	static char big[70000];
	struct sockaddr_in other = { .sin_family = AF_UNIX, .sin_port = 1 };
	int fd = udp(t);

	SAY(t, send(fd, "x", 1, 0));
	SAY(t, sendto(fd, "x", 1, 0, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	SAY(t, sendto(fd, "x", 1, 0, twin_addr(t, "127.0.0.1", 9), 1));
	SAY(t, sendto(fd, "x", 1, 0, (struct sockaddr *)&other, sizeof(other)));
	other.sin_family = AF_UNSPEC;
	SAY(t, sendto(fd, "x", 1, 0, (struct sockaddr *)&other, sizeof(other)));
	SAY(t, sendto(fd, "x", 1, MSG_OOB, twin_addr(t, "127.0.0.1", 9), TWIN_LEN));
	SAY(t, sendto(fd, NOWHERE, 1, 0, twin_addr(t, "127.0.0.1", 9), TWIN_LEN));
	SAY(t, sendto(fd, "x", 1, 0, NOWHERE, TWIN_LEN));
	SAY(t, sendto(fd, big, 65508, 0, twin_addr(t, "127.0.0.1", 9), TWIN_LEN));
	SAY(t, sendto(fd, big, 65536, 0, twin_addr(t, "127.0.0.1", 9), TWIN_LEN));
	SAY(t, sendto(fd, big, 65507, 0, twin_addr(t, "127.0.0.1", 9), TWIN_LEN));
	SAY(t, sendto(fd, "x", 1, 0, twin_addr(t, "198.51.100.1", 9), TWIN_LEN));
	SAY(t, sendto(fd, "x", 1, 0, twin_addr(t, "255.255.255.255", 9), TWIN_LEN));
	SAY(t, sendto(fd, "", 0, 0, twin_addr(t, "127.0.0.1", 9), TWIN_LEN));
	SAY(t, on(fd, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO));
	SAY(t, sendto(fd, big, 65507, 0, twin_addr(t, "127.0.0.1", 9), TWIN_LEN));
	SAY(t, shutdown(fd, SHUT_WR));
	SAY(t, sendto(fd, "x", 1, MSG_NOSIGNAL, twin_addr(t, "127.0.0.1", 9), TWIN_LEN));
}

TEST_F(calls, wrong_sends_are_refused)
{
	TWINS(bad_sends);
}

static void receives(struct twin *t)
{
	char buf[64] = "";
	int to = twin_bound(t, "127.0.0.1", 5400), fd = connected(t, "127.0.0.1", 5400);

	SAY(t, recv(to, buf, sizeof(buf), MSG_DONTWAIT));
	SAY(t, send(fd, "first", 5, 0));
	SAY(t, send(fd, "", 0, 0));
	SAY(t, send(fd, "third message", 13, 0));
	SAY(t, twin_readable(to, 1000));
	SAY(t, recv(to, buf, sizeof(buf), MSG_PEEK));
	SAY(t, recv(to, buf, 2, MSG_PEEK));
	SAY(t, recv(to, buf, 2, MSG_PEEK | MSG_TRUNC));
	SAY(t, recv(to, buf, 2, MSG_TRUNC));
	SAY(t, memcmp(buf, "first", 5));
	SAY(t, recv(to, buf, sizeof(buf), 0));
	SAY(t, recv(to, buf, sizeof(buf), MSG_OOB));
	SAY(t, memcmp(buf, "third", 5));
	SAY(t, recv(to, buf, sizeof(buf), MSG_DONTWAIT));
	SAY(t, recv(to, buf, sizeof(buf), MSG_ERRQUEUE));
	SAY(t, send(fd, "lost", 4, 0));
	SAY(t, twin_readable(to, 1000));
	SAY(t, recv(to, NOWHERE, 4, 0));
	SAY(t, recv(to, buf, sizeof(buf), MSG_DONTWAIT));
	SAY(t, send(fd, "", 0, 0));
	SAY(t, twin_readable(to, 1000));
	SAY(t, read(to, buf, sizeof(buf)));
	SAY(t, shutdown(to, SHUT_RD));
	SAY(t, recv(to, buf, sizeof(buf), 0));
}

TEST_F(calls, receiving_with_every_flag)
{
	TWINS(receives);
}

static void truncated(struct twin *t)
{
	char buf[4], control[8];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct sockaddr_in name = {};
	int to = twin_bound(t, "127.0.0.1", 5410), fd = twin_bound(t, "127.0.0.1", 5411);

	SAY(t, on(to, SOL_IP, IP_PKTINFO, 1));
	SAY(t, sendto(fd, "much too long", 13, 0, twin_addr(t, "127.0.0.1", 5410), TWIN_LEN));
	SAY(t, twin_readable(to, 1000));
	msg.msg_name = &name;
	msg.msg_namelen = sizeof(name);
	msg.msg_control = control;
	msg.msg_controllen = sizeof(control);
	SAY(t, recvmsg(to, &msg, MSG_PEEK));
	SAY(t, msg.msg_flags);
	SAY(t, msg.msg_namelen);
	SAY(t, twin_name(t, &name));
	msg.msg_namelen = 3;
	msg.msg_controllen = 0;
	SAY(t, recvmsg(to, &msg, 0));
	SAY(t, msg.msg_flags);
	SAY(t, msg.msg_namelen);
}

TEST_F(calls, what_does_not_fit_is_said_to_be_cut)
{
	TWINS(truncated);
}

static void refused(struct twin *t)
{
	char buf[8];
	int fd = connected(t, "127.0.0.1", 5420), none = udp(t), err = -1;
	socklen_t len = sizeof(err);
	struct pollfd p = { .fd = fd, .events = POLLIN };

	SAY(t, send(fd, "x", 1, 0));
	SAY(t, poll(&p, 1, 1000));
	SAY(t, p.revents);
	SAY(t, recv(fd, buf, sizeof(buf), MSG_DONTWAIT));
	SAY(t, recv(fd, buf, sizeof(buf), MSG_DONTWAIT));
	SAY(t, send(fd, "x", 1, 0));
	SAY(t, poll(&p, 1, 1000));
	SAY(t, send(fd, "x", 1, 0));
	SAY(t, send(fd, "x", 1, 0));
	SAY(t, poll(&p, 1, 1000));
	SAY(t, getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len));
	SAY(t, err);
	/* A socket that is not connected hears nothing. */
	SAY(t, sendto(none, "x", 1, 0, twin_addr(t, "127.0.0.1", 5420), TWIN_LEN));
	SAY(t, sendto(none, "x", 1, 0, twin_addr(t, "127.0.0.1", 5420), TWIN_LEN));
	SAY(t, recv(none, buf, sizeof(buf), MSG_DONTWAIT));
}

TEST_F(calls, a_port_without_socket_refuses)
{
	TWINS(refused);
}

static void send_control(struct twin *t, int type, const void *data, size_t len)
{
	char control[64] = "", buf[8];
	struct iovec iov = { (char *)"x", 1 };
	struct msghdr msg = {
		.msg_name = twin_addr(t, "127.0.0.1", 5450), .msg_namelen = TWIN_LEN,
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = CMSG_SPACE(len),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	struct sockaddr_in from = {};
	socklen_t fromlen = sizeof(from);
	int to = twin_bound(t, "127.0.0.1", 5450), fd = udp(t), sent;

	cmsg->cmsg_level = SOL_IP;
	cmsg->cmsg_type = type;
	cmsg->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(cmsg), data, len);
	sent = sendmsg(fd, &msg, 0);
	twin_say(t, sent, "type %d len %zu", type, len);
	SAY(t, recvfrom(to, buf, sizeof(buf), sent < 0 ? MSG_DONTWAIT : 0,
			(struct sockaddr *)&from, &fromlen));
	from.sin_port = 0;
	SAY(t, twin_name(t, &from));
	close(to);
	close(fd);
	t->fds -= 2;
}

static void send_controls(struct twin *t)
{
	struct in_pktinfo info = {};
	int n;

	inet_aton("127.0.0.7", &info.ipi_spec_dst);
	send_control(t, IP_PKTINFO, &info, sizeof(info));
	send_control(t, IP_PKTINFO, &info, sizeof(info) - 4);
	info.ipi_ifindex = 999;
	send_control(t, IP_PKTINFO, &info, sizeof(info));
	for (n = -1; n < 258; n += 43) {
		send_control(t, IP_TTL, &n, sizeof(n));
		send_control(t, IP_TOS, &n, sizeof(n));
	}
	send_control(t, IP_TOS, &n, 1);
	send_control(t, IP_TTL, &n, 1);
	send_control(t, 99, &n, sizeof(n));
}

TEST_F(calls, control_messages_say_how_to_send)
{
	TWINS(send_controls);
}

static void corked(struct twin *t)
{
	char buf[64] = "";
	int to = twin_bound(t, "127.0.0.1", 5460), fd = connected(t, "127.0.0.1", 5460);

	SAY(t, send(fd, "one ", 4, MSG_MORE));
	SAY(t, send(fd, "two ", 4, MSG_MORE));
	SAY(t, recv(to, buf, sizeof(buf), MSG_DONTWAIT));
	SAY(t, send(fd, "three", 5, 0));
	SAY(t, recv(to, buf, sizeof(buf), 0));
	SAY(t, strcmp(buf, "one two three"));
	SAY(t, on(fd, SOL_UDP, UDP_CORK, 1));
	SAY(t, send(fd, "four ", 5, 0));
	SAY(t, send(fd, "five", 4, 0));
	SAY(t, recv(to, buf, sizeof(buf), MSG_DONTWAIT));
	SAY(t, on(fd, SOL_UDP, UDP_CORK, 0));
	SAY(t, recv(to, buf, sizeof(buf), 0));
	SAY(t, strncmp(buf, "four five", 9));
	SAY(t, send(fd, "dropped", 7, MSG_MORE));
}

TEST_F(calls, messages_that_grow)
{
	TWINS(corked);
}

static void segmented(struct twin *t)
{
	static char data[20000];
	char buf[2000];
	int to = twin_bound(t, "127.0.0.1", 5470), fd = connected(t, "127.0.0.1", 5470);
	int whole = twin_bound(t, "127.0.0.1", 5471), n;

	SAY(t, on(fd, SOL_UDP, UDP_SEGMENT, 1000));
	SAY(t, send(fd, data, 3500, 0));
	for (n = 0; n < 4; n++)
		SAY(t, recv(to, buf, sizeof(buf), 0));
	SAY(t, recv(to, buf, sizeof(buf), MSG_DONTWAIT));
	SAY(t, send(fd, data, 1000, 0));
	SAY(t, send(fd, data, 999, 0));
	SAY(t, recv(to, buf, sizeof(buf), 0));
	SAY(t, recv(to, buf, sizeof(buf), 0));
	SAY(t, on(fd, SOL_UDP, UDP_SEGMENT, 10));
	SAY(t, send(fd, data, 641, 0));
	SAY(t, send(fd, data, 640, 0));
	SAY(t, on(fd, SOL_UDP, UDP_SEGMENT, -1));
	SAY(t, on(fd, SOL_UDP, UDP_SEGMENT, 65536));
	SAY(t, on(fd, SOL_UDP, UDP_SEGMENT, 65535));
	SAY(t, send(fd, data, 100, 0));
	SAY(t, on(fd, SOL_UDP, UDP_SEGMENT, 1000));
	SAY(t, on(whole, SOL_UDP, UDP_GRO, 1));
	SAY(t, sendto(fd, data, 5000, 0, twin_addr(t, "127.0.0.1", 5471), TWIN_LEN));
	SAY(t, recv(whole, data, sizeof(data), 0));
}

TEST_F(calls, one_send_many_datagrams)
{
	TWINS(segmented);
}

static void full_buffer(struct twin *t)
{
	static char data[1000];
	int to = twin_bound(t, "127.0.0.1", 5480), fd = connected(t, "127.0.0.1", 5480), i, n = 0;

	SAY(t, on(to, SOL_SOCKET, SO_RCVBUF, 20000));
	for (i = 0; i < 200; i++)
		if (send(fd, data, sizeof(data), 0) != sizeof(data))
			SAY(t, -1);
	SAY(t, twin_readable(to, 1000));
	while (recv(to, data, sizeof(data), MSG_DONTWAIT) > 0)
		n++;
	/* How many fit depends on how much memory a packet takes. */
	SAY(t, n > 2 && n < 100);
	SAY(t, send(fd, data, sizeof(data), 0));
	SAY(t, recv(to, data, sizeof(data), 0));
}

TEST_F(calls, a_full_buffer_loses_and_recovers)
{
	TWINS(full_buffer);
}

static void sizes(struct twin *t)
{
	static char out[65507], in[65507];
	static const int size[] = {
		1, 7, 8, 1471, 1472, 1473, 2000, 4096, 8191, 16385, 40000, 65507
	};
	int to = twin_bound(t, "127.0.0.1", 5490), fd = connected(t, "127.0.0.1", 5490);
	unsigned int i;

	for (i = 0; i < sizeof(out); i++)
		out[i] = i * 7 + i / 251;
	for (i = 0; i < ARRAY_SIZE(size); i++) {
		SAY(t, send(fd, out, size[i], 0));
		SAY(t, recv(to, in, sizeof(in), 0));
		SAY(t, memcmp(in, out, size[i]));
	}
}

TEST_F(calls, every_size_arrives_whole)
{
	TWINS(sizes);
}

static void queued(struct twin *t)
{
	char buf[8];
	int to = twin_bound(t, "127.0.0.1", 5500), fd = connected(t, "127.0.0.1", 5500), n;

	SAY(t, ioctl(to, FIONREAD, &n));
	SAY(t, n);
	SAY(t, send(fd, "abc", 3, 0));
	SAY(t, send(fd, "defgh", 5, 0));
	SAY(t, twin_readable(to, 1000));
	SAY(t, ioctl(to, FIONREAD, &n));
	SAY(t, n);
	SAY(t, recv(to, buf, sizeof(buf), 0));
	SAY(t, ioctl(to, FIONREAD, &n));
	SAY(t, n);
	SAY(t, ioctl(to, FIONREAD, NOWHERE));
	SAY(t, ioctl(fd, TIOCOUTQ, &n));
	SAY(t, n);
}

TEST_F(calls, queues_tell_how_long_they_are)
{
	TWINS(queued);
}

static void peek_offset(struct twin *t)
{
	char buf[32];
	int to = twin_bound(t, "127.0.0.1", 5510), fd = connected(t, "127.0.0.1", 5510), i;

	SAY(t, on(to, SOL_SOCKET, SO_PEEK_OFF, 2));
	SAY(t, send(fd, "0123456789", 10, 0));
	SAY(t, send(fd, "abc", 3, 0));
	for (i = 0; i < 3; i++)
		SAY(t, recv(to, buf, 4, MSG_PEEK));
	SAY(t, recv(to, buf, 4, MSG_PEEK | MSG_DONTWAIT));
	SAY(t, recv(to, buf, 4, 0));
	SAY(t, recv(to, buf, 4, MSG_PEEK | MSG_DONTWAIT));
	SAY(t, recv(to, buf, 4, MSG_DONTWAIT));
}

TEST_F(calls, peeking_at_an_offset)
{
	TWINS(peek_offset);
}

static void edges(struct twin *t)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET }, got;
	char buf[8];
	int to = twin_bound(t, "127.0.0.1", 5520), fd = connected(t, "127.0.0.1", 5520);
	int ep = epoll_create1(0);

	SAY(t, epoll_ctl(ep, EPOLL_CTL_ADD, to, &ev));
	SAY(t, epoll_wait(ep, &got, 1, 0));
	SAY(t, send(fd, "a", 1, 0));
	SAY(t, epoll_wait(ep, &got, 1, 1000));
	SAY(t, epoll_wait(ep, &got, 1, 0));
	SAY(t, send(fd, "b", 1, 0));
	SAY(t, epoll_wait(ep, &got, 1, 1000));
	SAY(t, recv(to, buf, sizeof(buf), 0));
	SAY(t, recv(to, buf, sizeof(buf), 0));
	SAY(t, epoll_wait(ep, &got, 1, 0));
	close(ep);
}

TEST_F(calls, epoll_sees_edges)
{
	TWINS(edges);
}

static void files(struct twin *t)
{
	char buf[64] = "";
	int to = twin_bound(t, "127.0.0.1", 5530), fd = connected(t, "127.0.0.1", 5530);
	int file = open("/proc/self/exe", O_RDONLY), pipes[2];
	off_t at = 0;

	SAY(t, sendfile(fd, file, &at, 1000));
	SAY(t, twin_readable(to, 1000));
	SAY(t, recv(to, buf, sizeof(buf), MSG_TRUNC));
	SAY(t, memcmp(buf, "\177ELF", 4));
	SAY(t, pipe(pipes));
	SAY(t, send(fd, "through a pipe", 14, 0));
	SAY(t, splice(to, NULL, pipes[1], NULL, 64, 0));
	SAY(t, read(pipes[0], buf, sizeof(buf)));
	close(file);
	close(pipes[0]);
	close(pipes[1]);
}

TEST_F(calls, sendfile_and_splice)
{
	TWINS(files);
}

static void many_messages(struct twin *t)
{
	struct mmsghdr msgs[8] = {};
	struct iovec iov[8];
	char buf[8][16];
	int to = twin_bound(t, "127.0.0.1", 5540), fd = connected(t, "127.0.0.1", 5540), i;

	for (i = 0; i < 8; i++) {
		iov[i] = (struct iovec){ buf[i], i };
		msgs[i].msg_hdr.msg_iov = &iov[i];
		msgs[i].msg_hdr.msg_iovlen = 1;
	}
	SAY(t, sendmmsg(fd, msgs, 8, 0));
	for (i = 0; i < 8; i++)
		iov[i].iov_len = 16;
	SAY(t, recvmmsg(to, msgs, 8, 0, NULL));
	for (i = 0; i < 8; i++)
		twin_say(t, msgs[i].msg_len, "message %d", i);
}

TEST_F(calls, many_messages_in_one_call)
{
	TWINS(many_messages);
}

/* An exact address beats any address, the other end's address beats both. */
static void best_match(struct twin *t)
{
	char buf[8];
	int any = twin_bound(t, "0.0.0.0", 5550), exact, conn;
	int fd = twin_bound(t, "127.0.0.1", 5551);

	SAY(t, sendto(fd, "1", 1, 0, twin_addr(t, "127.0.0.1", 5550), TWIN_LEN));
	exact = udp(t);
	SAY(t, on(any, SOL_SOCKET, SO_REUSEADDR, 1));
	SAY(t, on(exact, SOL_SOCKET, SO_REUSEADDR, 1));
	SAY(t, bind(exact, twin_addr(t, "127.0.0.1", 5550), TWIN_LEN));
	SAY(t, sendto(fd, "22", 2, 0, twin_addr(t, "127.0.0.1", 5550), TWIN_LEN));
	conn = udp(t);
	SAY(t, on(conn, SOL_SOCKET, SO_REUSEADDR, 1));
	SAY(t, bind(conn, twin_addr(t, "127.0.0.1", 5550), TWIN_LEN));
	SAY(t, connect(conn, twin_addr(t, "127.0.0.1", 5551), TWIN_LEN));
	SAY(t, sendto(fd, "333", 3, 0, twin_addr(t, "127.0.0.1", 5550), TWIN_LEN));
	SAY(t, recv(any, buf, sizeof(buf), 0));
	SAY(t, recv(exact, buf, sizeof(buf), 0));
	SAY(t, recv(conn, buf, sizeof(buf), 0));
	SAY(t, recv(any, buf, sizeof(buf), MSG_DONTWAIT));
}

TEST_F(calls, the_best_match_gets_the_datagram)
{
	TWINS(best_match);
}

/* The loopback device has the same address with both. */
static void say_ifreq(struct twin *t, int fd, unsigned long cmd, const char *what, const char *dev,
		      const char *addr)
{
	struct ifreq ifr = {};

	strcpy(ifr.ifr_name, dev);
	if (addr)
		ifr.ifr_addr = *twin_addr(t, addr, 0);
	twin_say(t, ioctl(fd, cmd, &ifr), "%s of %s", what, dev);
	twin_say(t, twin_name(t, (void *)&ifr.ifr_addr), "%s", what);
}

static void ifreqs(struct twin *t)
{
	static const struct {
		unsigned long	cmd;
		const char	*what;
	} cmds[] = {
		{ SIOCGIFADDR, "address" }, { SIOCGIFNETMASK, "mask" },
		{ SIOCGIFBRDADDR, "broadcast" }, { SIOCGIFDSTADDR, "other end" },
	};
	int fd = udp(t), raw = twin_socket(t, SOCK_RAW, IPPROTO_ICMP);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		say_ifreq(t, fd, cmds[i].cmd, cmds[i].what, "lo", NULL);
		say_ifreq(t, raw, cmds[i].cmd, cmds[i].what, "lo", "127.0.0.1");
		say_ifreq(t, fd, cmds[i].cmd, cmds[i].what, "lo", "192.0.2.1");
		say_ifreq(t, fd, cmds[i].cmd, cmds[i].what, "lo:1", NULL);
		say_ifreq(t, fd, cmds[i].cmd, cmds[i].what, "nosuchdev", NULL);
		SAY(t, ioctl(fd, cmds[i].cmd, NOWHERE));
	}
}

TEST_F(calls, programs_ask_a_socket_for_addresses)
{
	TWINS(ifreqs);
}

TEST_HARNESS_MAIN
