// SPDX-License-Identifier: GPL-2.0
/*
 * Things told beside the data of a stream, on AF_INET and on PF_MYNET: how much is left, when and
 * on which processor it came, when it went, how the connection began.
 */
#include <netinet/tcp.h>
#include <sys/uio.h>

#include "kselftest_harness.h"
#include "stamps.h"

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

/* A connection over the loopback device: [0] connected, [1] was accepted. */
static void connection(struct twin *t, int fd[2])
{
	int ear = twin_socket(t, SOCK_STREAM, 0), port = 4000 + t->fds;

	SAY(t, bind(ear, twin_addr(t, "127.0.0.1", port), TWIN_LEN));
	SAY(t, listen(ear, 1));
	fd[0] = twin_socket(t, SOCK_STREAM, 0);
	SAY(t, connect(fd[0], twin_addr(t, "127.0.0.1", port), TWIN_LEN));
	fd[1] = accept(ear, NULL, NULL);
	if (t->fds < 64)
		t->fd[t->fds++] = fd[1];
}

/* Reads up to @len bytes. *@msg has the control messages. */
static long reads(int fd, struct msghdr *msg, long *control, size_t room, size_t len)
{
	static char data[4096];
	static struct iovec iov;

	iov = (struct iovec){ data, len };
	*msg = (struct msghdr){
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = room,
	};
	return recvmsg(fd, msg, 0);
}

static void no_stamps(struct twin *t)
{
	long control[32];
	struct msghdr msg;
	int fd[2];

	connection(t, fd);
	SAY(t, write(fd[0], "data", 4));
	SAY(t, reads(fd[1], &msg, control, sizeof(control), 100));
	twin_say(t, msg.msg_controllen, "nothing is told");
}

static void say_left(struct twin *t, int fd, size_t len)
{
	long control[8];
	struct cmsghdr *cmsg;
	struct msghdr msg;

	twin_say(t, reads(fd, &msg, control, sizeof(control), len), "read %d", (int)len);
	cmsg = CMSG_FIRSTHDR(&msg);
	twin_say(t, cmsg ? cmsg->cmsg_level : -1, "level");
	twin_say(t, cmsg ? cmsg->cmsg_type : -1, "type");
	twin_say(t, cmsg ? *(int *)CMSG_DATA(cmsg) : -1, "left");
}

static void left(struct twin *t)
{
	char data[100] = {};
	int fd[2];

	connection(t, fd);
	SAY(t, on(fd[1], IPPROTO_TCP, TCP_INQ, 2));
	SAY(t, on(fd[1], IPPROTO_TCP, TCP_INQ, 1));
	SAY(t, send(fd[0], data, 100, 0));
	say_left(t, fd[1], 30);
	say_left(t, fd[1], 70);
	SAY(t, send(fd[0], data, 1, 0));
	SAY(t, shutdown(fd[0], SHUT_WR));
	twin_settle(t);
	say_left(t, fd[1], 1);
	say_left(t, fd[1], 1);
}

static void names(struct twin *t)
{
	int fd = twin_socket(t, SOCK_STREAM, 0);

	SAY(t, connect(fd, twin_addr(t, "127.0.0.1", 4001), TWIN_LEN));
	twin_say_name(t, fd, "the name of a refused socket", false, false);
	SAY(t, connect(fd, twin_addr(t, "127.0.0.1", 4001), TWIN_LEN));
	twin_say_name(t, fd, "and again", false, false);
}

static void processors(struct twin *t)
{
	char data[16];
	int fd[2], i, cpu = -1;
	socklen_t len = sizeof(cpu);

	connection(t, fd);
	SAY(t, send(fd[0], "data", 4, 0));
	SAY(t, recv(fd[1], data, sizeof(data), 0));
	for (i = 0; i < 2; i++) {
		SAY(t, getsockopt(fd[i], SOL_SOCKET, SO_INCOMING_CPU, &cpu, &len));
		twin_say(t, cpu >= 0, "a processor is told");
	}
}

static void control_messages(struct twin *t)
{
	long control[CMSG_SPACE(sizeof(int)) / sizeof(long)] = {};
	struct iovec iov = { "data", 4 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	static const int types[] = { SO_TIMESTAMPING_OLD, SO_MARK, SO_RCVBUF, SCM_RIGHTS, 200 };
	unsigned int i;
	int fd[2];

	connection(t, fd);
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		*cmsg = (struct cmsghdr){
			.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET,
			.cmsg_type = types[i],
		};
		/* Descriptors are the core's, and there is none of this number. */
		memset(CMSG_DATA(cmsg), types[i] == SCM_RIGHTS ? 0xff : 0, sizeof(int));
		errno = 0;
		twin_say(t, sendmsg(fd[0], &msg, 0), "sendmsg with %d", types[i]);
	}
	cmsg->cmsg_len = 3;
	SAY(t, sendmsg(fd[0], &msg, 0));
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	cmsg->cmsg_level = SOL_IP;
	SAY(t, sendmsg(fd[0], &msg, 0));
}

/* When the data came, of the last packet that the call read from. */
static void arrivals(struct twin *t)
{
	static const int kinds[] = {
		SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE,
		SOF_TIMESTAMPING_RX_SOFTWARE,
		SOF_TIMESTAMPING_SOFTWARE,
		SOF_TIMESTAMPING_RX_HARDWARE | SOF_TIMESTAMPING_RAW_HARDWARE,
	};
	static const int names[] = {
		SO_TIMESTAMP_OLD, SO_TIMESTAMPNS_OLD, SO_TIMESTAMP_NEW, SO_TIMESTAMPNS_NEW,
	};
	int keeper = stamping(), i, fd[2];

	/* Not the same of both, so that it is seen. */
	twin_say(t, keeper < 0 ? t->family : 0, "the core stamps");
	connection(t, fd);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		SAY(t, on(fd[1], SOL_SOCKET, SO_TIMESTAMPING_OLD, kinds[i]));
		SAY(t, send(fd[0], "data", 4, 0));
		say_stamps(t, fd[1], 0, "SO_TIMESTAMPING");
	}
	SAY(t, on(fd[1], SOL_SOCKET, SO_TIMESTAMPING_NEW, kinds[0]));
	SAY(t, send(fd[0], "data", 4, 0));
	say_stamps(t, fd[1], 0, "SO_TIMESTAMPING_NEW");
	SAY(t, on(fd[1], SOL_SOCKET, SO_TIMESTAMPING_OLD, 0));
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		SAY(t, on(fd[1], SOL_SOCKET, names[i], 1));
		SAY(t, send(fd[0], "data", 4, 0));
		say_stamps(t, fd[1], MSG_PEEK, "peeked");
		say_stamps(t, fd[1], 0, "read");
	}
	SAY(t, shutdown(fd[0], SHUT_WR));
	say_stamps(t, fd[1], 0, "the end");
	close(keeper);
}

static void say_departures(struct twin *t, int fd, int n)
{
	struct pollfd ready = { .fd = fd };

	for (; n; n--) {
		poll(&ready, 1, 1000);
		say_stamps(t, fd, MSG_ERRQUEUE, "sent");
	}
	say_stamps(t, fd, MSG_ERRQUEUE, "no more of it");
}

/* When it was given to the device, left it, and was acknowledged. */
static void departures(struct twin *t)
{
	static const struct {
		int flags, told;
	} kinds[] = {
		{ SOF_TIMESTAMPING_TX_SOFTWARE, 1 },
		{ SOF_TIMESTAMPING_TX_ACK, 1 },
		{ SOF_TIMESTAMPING_TX_SCHED, 1 },
		{ SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_TX_ACK |
		  SOF_TIMESTAMPING_TX_SCHED | SOF_TIMESTAMPING_OPT_ID, 3 },
		{ SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_TX_ACK |
		  SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY, 2 },
		{ SOF_TIMESTAMPING_TX_HARDWARE, 0 },
		{ SOF_TIMESTAMPING_RX_SOFTWARE, 0 },
		{ SOF_TIMESTAMPING_TX_ACK | SOF_TIMESTAMPING_OPT_TSONLY, 1 },
		{ SOF_TIMESTAMPING_TX_ACK | SOF_TIMESTAMPING_OPT_TSONLY |
		  SOF_TIMESTAMPING_OPT_ID, 1 },
	};
	char data[3000] = {};
	int fd[2], i, size;

	connection(t, fd);
	SAY(t, on(fd[0], IPPROTO_TCP, TCP_NODELAY, 1));
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		SAY(t, on(fd[0], SOL_SOCKET, SO_TIMESTAMPING_OLD,
			  kinds[i].flags | SOF_TIMESTAMPING_SOFTWARE));
		for (size = 10; size <= (int)sizeof(data); size *= 10) {
			SAY(t, send(fd[0], data, size, 0));
			SAY(t, recv(fd[1], data, size, MSG_WAITALL));
			say_departures(t, fd[0], kinds[i].told);
		}
	}
}

/* One call asks, the others do not. */
static void one_departure(struct twin *t)
{
	long control[CMSG_SPACE(sizeof(int)) / sizeof(long)] = {};
	struct iovec iov = { "data", 4 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	char data[100];
	int fd[2];

	connection(t, fd);
	SAY(t, on(fd[0], SOL_SOCKET, SO_TIMESTAMPING_OLD, SOF_TIMESTAMPING_SOFTWARE |
		  SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY));
	SAY(t, send(fd[0], data, 50, 0));
	say_departures(t, fd[0], 0);
	*cmsg = (struct cmsghdr){
		.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET,
		.cmsg_type = SO_TIMESTAMPING_OLD,
	};
	*(int *)CMSG_DATA(cmsg) = SOF_TIMESTAMPING_TX_ACK;
	twin_say(t, sendmsg(fd[0], &msg, 0), "send with a control message");
	say_departures(t, fd[0], 1);
	SAY(t, send(fd[0], data, 50, 0));
	say_departures(t, fd[0], 0);
}

/* The headers of a SYN, but for what no two have in common. */
static void say_syn(struct twin *t, const uint8_t *syn, unsigned int at, socklen_t len)
{
	const uint8_t *ip = syn + at, *tcp = ip + 20;
	unsigned int i;

	twin_say(t, len, "length");
	if (len < at + 40)
		return;
	for (i = 0; i < at; i++)
		twin_say(t, i < 12 ? syn[i] : 0, "link %d", (int)i);
	for (i = 0; i < 20; i++)
		twin_say(t, i == 4 || i == 5 || i == 10 || i == 11 ? 0 : ip[i], "IP %d", (int)i);
	for (i = 12; i < 16; i++)
		twin_say(t, tcp[i], "TCP %d", (int)i);
	for (i = 20; i < len - at - 20; i++)
		twin_say(t, i >= 28 && i < 32 ? 0 : tcp[i], "option %d", (int)i);
}

static void first_words(struct twin *t)
{
	int ear = twin_socket(t, SOCK_STREAM, 0), how, fd, other, value;
	uint8_t syn[200];
	socklen_t len;

	SAY(t, bind(ear, twin_addr(t, "127.0.0.1", 4400), TWIN_LEN));
	SAY(t, listen(ear, 4));
	for (how = 0; how < 4; how++) {
		SAY(t, on(ear, IPPROTO_TCP, TCP_SAVE_SYN, how));
		len = sizeof(value);
		SAY(t, getsockopt(ear, IPPROTO_TCP, TCP_SAVE_SYN, &value, &len));
		twin_say(t, value, "what is set");
		fd = twin_socket(t, SOCK_STREAM, 0);
		SAY(t, connect(fd, twin_addr(t, "127.0.0.1", 4400), TWIN_LEN));
		other = accept(ear, NULL, NULL);
		len = 20;
		SAY(t, getsockopt(other, IPPROTO_TCP, TCP_SAVED_SYN, syn, &len));
		twin_say(t, len, "length, if there is too little room");
		len = sizeof(syn);
		SAY(t, getsockopt(other, IPPROTO_TCP, TCP_SAVED_SYN, syn, &len));
		say_syn(t, syn, how >= 2 ? 14 : 0, len);
		len = sizeof(syn);
		SAY(t, getsockopt(other, IPPROTO_TCP, TCP_SAVED_SYN, syn, &len));
		twin_say(t, len, "length the second time");
		len = sizeof(syn);
		SAY(t, getsockopt(fd, IPPROTO_TCP, TCP_SAVED_SYN, syn, &len));
		twin_say(t, len, "of who connected");
		close(other);
		close(fd);
	}
	len = sizeof(syn);
	SAY(t, getsockopt(ear, IPPROTO_TCP, TCP_SAVED_SYN, syn, &len));
	twin_say(t, len, "of a listener");
}

TEST_F(told, nothing_that_nobody_asked_for) { TWINS(no_stamps); }
TEST_F(told, how_much_is_left_to_read) { TWINS(left); }
TEST_F(told, when_data_came) { TWINS(arrivals); }
TEST_F(told, when_data_went) { TWINS(departures); }
TEST_F(told, when_the_data_of_one_call_went) { TWINS(one_departure); }
TEST_F(told, how_a_connection_began) { TWINS(first_words); }
TEST_F(told, the_port_of_a_refused_connection) { TWINS(names); }
TEST_F(told, the_processor_that_segments_come_to) { TWINS(processors); }
TEST_F(told, control_messages_of_a_sender) { TWINS(control_messages); }

TEST_HARNESS_MAIN
