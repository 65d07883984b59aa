// SPDX-License-Identifier: GPL-2.0
/*
 * Knobs of ports and of TCP by what they do, on AF_INET and on PF_MYNET: the same.
 */
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "twin.h"

#define LO	"127.0.0.1"

FIXTURE(knobs)
{
};

FIXTURE_SETUP(knobs)
{
	ASSERT_EQ(0, twin_netns());
}

FIXTURE_TEARDOWN(knobs)
{
}

/* Return: 0, or -1: it cannot be set so. */
static int knob(struct twin *t, const char *name, const char *value)
{
	char path[100];
	int fd, n;

	snprintf(path, sizeof(path), "/proc/sys/net/%s/%s",
		 t->family == AF_INET ? "ipv4" : "mynet", name);
	fd = open(path, O_WRONLY);
	n = write(fd, value, strlen(value));
	close(fd);
	return n < 0 ? -1 : 0;
}

static bool shows(struct twin *t, const char *name, const char *word)
{
	char path[100], text[200] = " ";
	int fd, n;

	snprintf(path, sizeof(path), "/proc/sys/net/%s/%s",
		 t->family == AF_INET ? "ipv4" : "mynet", name);
	fd = open(path, O_RDONLY);
	n = read(fd, text + 1, sizeof(text) - 2);
	close(fd);
	return n > 0 && strstr(text, word);
}

/* A bind() to port 0, and to which it came. */
static void any(struct twin *t, int type)
{
	int fd = twin_socket(t, type, 0);

	twin_say(t, bind(fd, twin_addr(t, LO, 0), TWIN_LEN), "bind to any port");
	twin_say_name(t, fd, "its name", false, true);
}

static void reserved(struct twin *t)
{
	int fd = twin_socket(t, SOCK_STREAM, 0);

	SAY(t, knob(t, "ip_local_port_range", "40000 40002"));
	SAY(t, knob(t, "ip_local_reserved_ports", "40000,40002"));
	any(t, SOCK_STREAM);
	any(t, SOCK_STREAM);
	any(t, SOCK_DGRAM);
	any(t, SOCK_DGRAM);
	/* A program that names a reserved port gets it. */
	SAY(t, bind(fd, twin_addr(t, LO, 40002), TWIN_LEN));
	SAY(t, knob(t, "ip_local_reserved_ports", "40002"));
	any(t, SOCK_DGRAM);
	any(t, SOCK_DGRAM);
}

TEST_F(knobs, ip_local_reserved_ports_are_given_to_who_names_them_alone)
{
	TWINS(reserved);
}

static void low_ports(struct twin *t)
{
	int type, n = 0;

	SAY(t, knob(t, "ip_unprivileged_port_start", "500"));
	SAY(t, seteuid(65534));
	for (type = SOCK_STREAM; type <= SOCK_DGRAM; type++) {
		SAY(t, bind(twin_socket(t, type, 0), twin_addr(t, LO, 499), TWIN_LEN));
		n += !SAY(t, bind(twin_socket(t, type, 0), twin_addr(t, LO, 500), TWIN_LEN));
	}
	twin_say(t, n, "two got the first port that is anybody's");
	SAY(t, seteuid(0));
}

TEST_F(knobs, ip_unprivileged_port_start_is_the_first_port_that_is_anybodys)
{
	TWINS(low_ports);
}

static void algorithms(struct twin *t)
{
	int fd = twin_socket(t, SOCK_STREAM, 0);
	char name[16] = "";
	socklen_t len = sizeof(name);

	SAY(t, shows(t, "tcp_available_congestion_control", " reno"));
	SAY(t, shows(t, "tcp_available_congestion_control", " cubic"));
	SAY(t, shows(t, "tcp_available_congestion_control", " nosuch"));
	SAY(t, setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "reno", 4));
	SAY(t, setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "nosuch", 6));
	SAY(t, knob(t, "tcp_congestion_control", "nosuch"));
	SAY(t, knob(t, "tcp_congestion_control", "reno"));
	SAY(t, getsockopt(twin_socket(t, SOCK_STREAM, 0), IPPROTO_TCP, TCP_CONGESTION, name, &len));
	twin_say(t, strcmp(name, "reno"), "the new socket has it");
}

TEST_F(knobs, tcp_available_congestion_control_names_those_that_can_be_had)
{
	TWINS(algorithms);
}

/*
 * A stream of four megabytes. Return: by how much the buffer of its reader has grown. It grows by
 * what is read in a round trip, which lasts a tick of the timestamps' clock at least.
 */
static int grows(struct twin *t, int port)
{
	int l = twin_socket(t, SOCK_STREAM, 0), c = twin_socket(t, SOCK_STREAM, 0), s, begin, end;
	static char data[65536];
	struct tcp_info info = {};
	socklen_t len = sizeof(int), info_len = sizeof(info);
	int left = 4 << 20, n;
	pid_t writer;

	bind(l, twin_addr(t, LO, port), TWIN_LEN);
	listen(l, 1);
	connect(c, twin_addr(t, LO, port), TWIN_LEN);
	s = accept(l, NULL, NULL);
	getsockopt(s, SOL_SOCKET, SO_RCVBUF, &begin, &len);
	writer = fork();
	if (!writer) {
		while (left > 0 && (n = write(c, data, sizeof(data))) > 0)
			left -= n;
		_exit(0);
	}
	while (left > 0 && (n = read(s, data, sizeof(data))) > 0)
		left -= n;
	waitpid(writer, NULL, 0);
	getsockopt(s, SOL_SOCKET, SO_RCVBUF, &end, &len);
	getsockopt(s, IPPROTO_TCP, TCP_INFO, &info, &info_len);
	/* INET of 7.2 measures it otherwise. */
	twin_say(t, t->family == AF_INET || info.tcpi_rcv_rtt >= 1000,
		 "its round trip is a millisecond at least");
	close(s);
	return end - begin;
}

static void moderate(struct twin *t)
{
	SAY(t, knob(t, "tcp_rmem", "4096 131072 6291456"));
	SAY(t, grows(t, 4000) > 0);
	SAY(t, knob(t, "tcp_moderate_rcvbuf", "0"));
	SAY(t, grows(t, 4001));
}

TEST_F(knobs, tcp_moderate_rcvbuf_lets_a_buffer_grow)
{
	TWINS(moderate);
}

/* One port to connect from, and its connection is in TIME_WAIT here. */
static int connects_again(struct twin *t, int l)
{
	int c = twin_socket(t, SOCK_STREAM, 0), err, s;
	char byte;

	err = connect(c, twin_addr(t, LO, 4000), TWIN_LEN);
	if (err)
		return err;
	s = accept(l, NULL, NULL);
	shutdown(c, SHUT_WR);
	read(s, &byte, 1);
	close(s);
	read(c, &byte, 1);
	close(c);
	twin_settle(t);
	return 0;
}

static void follow(struct twin *t)
{
	int l = twin_socket(t, SOCK_STREAM, 0);

	SAY(t, bind(l, twin_addr(t, LO, 4000), TWIN_LEN));
	SAY(t, listen(l, 5));
	SAY(t, knob(t, "ip_local_port_range", "40000 40000"));
	SAY(t, knob(t, "tcp_tw_reuse", "0"));
	SAY(t, connects_again(t, l));
	usleep(2100000);	/* waits for time itself: a second tells connections apart */
	SAY(t, connects_again(t, l));
	SAY(t, knob(t, "tcp_tw_reuse", "1"));
	SAY(t, connects_again(t, l));
}

TEST_F(knobs, tcp_tw_reuse_lets_a_connection_follow_another)
{
	TWINS(follow);
}

TEST_HARNESS_MAIN
