// SPDX-License-Identifier: GPL-2.0
/*
 * Sockets that share a port: SO_REUSEADDR, SO_REUSEPORT and groups with a filter. The same on
 * AF_INET and on PF_MYNET over the loopback device.
 */
#include <fcntl.h>
#include <linux/filter.h>

#include "kselftest_harness.h"
#include "twin.h"

FIXTURE(group)
{
};

FIXTURE_SETUP(group)
{
	ASSERT_EQ(0, twin_netns());
}

FIXTURE_TEARDOWN(group)
{
}

/* The kernel takes SO_REUSEPORT for its own families only; old ones do. */
static int with(struct twin *t, int option)
{
	int fd = twin_socket(t, SOCK_DGRAM, 0), one = 1, level = SOL_SOCKET, name = option;

	if (option == SO_REUSEPORT && t->family != AF_INET) {
		level = SOL_MYNET;
		name = MYNET_REUSEPORT;
	}
	if (option)
		twin_say(t, setsockopt(fd, level, name, &one, sizeof(one)), "option %d", option);
	return fd;
}

/* Datagrams go to the member that the first byte names. */
static void filter(struct twin *t, int fd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};
	struct sock_fprog prog = { 2, code };

	SAY(t, setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &prog, sizeof(prog)));
}

static void filters(struct twin *t)
{
	int first = with(t, SO_REUSEPORT), second = with(t, SO_REUSEPORT);
	int third = with(t, SO_REUSEPORT);

	filter(t, first);
	SAY(t, bind(first, twin_addr(t, "127.0.0.1", 7000), TWIN_LEN));
	filter(t, second);
	SAY(t, bind(second, twin_addr(t, "127.0.0.1", 7000), TWIN_LEN));
	SAY(t, bind(second, twin_addr(t, "127.0.0.2", 7000), TWIN_LEN));
	SAY(t, bind(third, twin_addr(t, "127.0.0.1", 7000), TWIN_LEN));
	close(first);
	close(second);
	close(third);
}

TEST_F(group, a_filter_of_its_own_joins_nobody)
{
	TWINS(filters);
}

/* Leaves one port for everybody. */
static void scarce(int low, int high)
{
	static const char * const files[] = { "/proc/sys/net/ipv4/ip_local_port_range",
				"/proc/sys/net/mynet/ip_local_port_range" };
	char range[32];
	unsigned int i;
	int fd;

	snprintf(range, sizeof(range), "%d %d", low, high);
	for (i = 0; i < 2; i++) {
		fd = open(files[i], O_WRONLY);
		if (fd < 0 || write(fd, range, strlen(range)) < 0)
			abort();
		close(fd);
	}
}

static void any_port(struct twin *t)
{
	int options[] = { 0, SO_REUSEADDR, SO_REUSEPORT };
	int i, j, first, second;

	for (i = 0; i < 3; i++)
		for (j = 0; j < 3; j++) {
			first = with(t, options[i]);
			SAY(t, bind(first, twin_addr(t, "0.0.0.0", 0), TWIN_LEN));
			second = with(t, options[j]);
			twin_say(t, bind(second, twin_addr(t, "0.0.0.0", 0), TWIN_LEN),
				 "the one port for option %d, then %d", options[i], options[j]);
			close(first);
			close(second);
		}
}

TEST_F(group, any_port_when_there_is_one)
{
	scarce(40000, 40000);
	TWINS(any_port);
}

/* Each of many members gets something, and all of it is told to one of them. */
#define MEMBERS	200

static void members(struct twin *t)
{
	int fds[MEMBERS], got[MEMBERS] = {}, from, i, n, sum = 0, some = 0;
	char byte;

	for (i = 0; i < MEMBERS; i++) {
		fds[i] = with(t, SO_REUSEPORT);
		SAY(t, bind(fds[i], twin_addr(t, "127.0.0.1", 7000), TWIN_LEN));
		fcntl(fds[i], F_SETFL, O_NONBLOCK);
	}
	for (i = 0; i < 1000; i++) {
		from = twin_socket(t, SOCK_DGRAM, 0);
		sendto(from, "x", 1, 0, twin_addr(t, "127.0.0.1", 7000), TWIN_LEN);
		close(from);
	}
	for (i = 0; i < MEMBERS; i++) {
		while (recv(fds[i], &byte, 1, 0) == 1)
			got[i]++;
		close(fds[i]);
	}
	for (i = 0, n = 0; i < MEMBERS; i++) {
		sum += got[i];
		some += got[i] > 0;
		n = got[i] > n ? got[i] : n;
	}
	twin_say(t, sum, "datagrams that one of the members got");
	twin_say(t, some > MEMBERS / 2 && n < 50, "they are spread");
}

TEST_F(group, many_members_share)
{
	TWINS(members);
}

/* A member that is connected gets what is its own, the others the rest. */
static void one_connected(struct twin *t)
{
	int a = with(t, SO_REUSEPORT), b = with(t, SO_REUSEPORT), c = with(t, SO_REUSEPORT);
	int from = with(t, 0), fds[] = { a, b, c }, i, to_b = 0, all = 0;
	char byte;

	SAY(t, bind(from, twin_addr(t, "127.0.0.1", 7001), TWIN_LEN));
	for (i = 0; i < 3; i++)
		SAY(t, bind(fds[i], twin_addr(t, "127.0.0.1", 7000), TWIN_LEN));
	SAY(t, connect(b, twin_addr(t, "127.0.0.1", 7001), TWIN_LEN));
	for (i = 0; i < 20; i++)
		sendto(from, "x", 1, 0, twin_addr(t, "127.0.0.1", 7000), TWIN_LEN);
	for (i = 0; i < 3; i++)
		while (recv(fds[i], &byte, 1, MSG_DONTWAIT) == 1) {
			all++;
			to_b += fds[i] == b;
		}
	twin_say(t, all, "all");
	twin_say(t, to_b, "of them to the one that is connected");
	for (i = 0; i < 3; i++)
		close(fds[i]);
	close(from);
}

TEST_F(group, one_of_it_is_connected)
{
	TWINS(one_connected);
}

/* To all on the loopback device, which asks for leave as any broadcast. */
static void everybody(struct twin *t)
{
	int a = with(t, SO_REUSEADDR), b = with(t, SO_REUSEADDR), from = with(t, 0), one = 1;
	char byte;

	SAY(t, bind(a, twin_addr(t, "0.0.0.0", 7000), TWIN_LEN));
	SAY(t, bind(b, twin_addr(t, "0.0.0.0", 7000), TWIN_LEN));
	SAY(t, sendto(from, "x", 1, 0, twin_addr(t, "127.255.255.255", 7000), TWIN_LEN));
	SAY(t, setsockopt(from, SOL_SOCKET, SO_BROADCAST, &one, sizeof(one)));
	SAY(t, sendto(from, "x", 1, 0, twin_addr(t, "127.255.255.255", 7000), TWIN_LEN));
	SAY(t, recv(a, &byte, 1, MSG_DONTWAIT));
	SAY(t, recv(b, &byte, 1, MSG_DONTWAIT));
	SAY(t, recv(b, &byte, 1, MSG_DONTWAIT));
	close(a);
	close(b);
	close(from);
}

TEST_F(group, everybody_on_loopback)
{
	TWINS(everybody);
}

TEST_HARNESS_MAIN
