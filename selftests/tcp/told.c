// SPDX-License-Identifier: GPL-2.0
/*
 * The control messages of a stream, on AF_INET and on PF_MYNET: how much is left, on which
 * processor it came.
 */
#include <netinet/tcp.h>
#include <sys/uio.h>

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

TEST_F(told, nothing_that_nobody_asked_for) { TWINS(no_stamps); }
TEST_F(told, how_much_is_left_to_read) { TWINS(left); }
TEST_F(told, the_port_of_a_refused_connection) { TWINS(names); }
TEST_F(told, the_processor_that_segments_come_to) { TWINS(processors); }
TEST_F(told, control_messages_of_a_sender) { TWINS(control_messages); }

TEST_HARNESS_MAIN
