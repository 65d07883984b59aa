// SPDX-License-Identifier: GPL-2.0
/* TCP and UDP ports and the sockets they are given to, on AF_INET and on PF_MYNET: the same. */
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/tcp.h>

#include "kselftest_harness.h"
#include "twin.h"

#define LO	"127.0.0.1"
#define ANY	"0.0.0.0"

FIXTURE(ports)
{
};

FIXTURE_SETUP(ports)
{
	ASSERT_EQ(0, twin_netns());
}

FIXTURE_TEARDOWN(ports)
{
}

/* The ports that are given to who asks for none. */
static int range(struct twin *t, int low, int high)
{
	const char *path = t->family == AF_INET ? "/proc/sys/net/ipv4/ip_local_port_range" :
						  "/proc/sys/net/mynet/ip_local_port_range";
	int fd = open(path, O_WRONLY), n;
	char text[32];

	n = snprintf(text, sizeof(text), "%d %d", low, high);
	n = write(fd, text, n) == n ? 0 : -1;
	close(fd);
	return n;
}

/* How a socket is to share: as the letters of SO_REUSEADDR and SO_REUSEPORT. */
static int with(struct twin *t, int type, const char *how)
{
	int fd = twin_socket(t, type, 0);

	if (strchr(how, 'A'))
		on(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (strchr(how, 'P') && t->family == AF_INET)
		on(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	else if (strchr(how, 'P'))
		on(fd, SOL_MYNET, MYNET_REUSEPORT, 1);
	return fd;
}

/* A program of its own that chooses the socket. */
static int choose(int fd)
{
	struct sock_filter f[] = { BPF_STMT(BPF_RET | BPF_K, 0) };
	struct sock_fprog prog = { 1, f };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &prog, sizeof(prog));
}

static const char * const hows[] = { "", "A", "P", "AP" };

#define hows_for_each(i) for (unsigned int i = 0; i < ARRAY_SIZE(hows); i++)

static int any(struct twin *t, int type, const char *how, const char *addr)
{
	int fd = with(t, type, how);

	twin_say(t, bind(fd, twin_addr(t, addr, 0), TWIN_LEN), "bind %s:0 as '%s'", addr, how);
	twin_say_name(t, fd, "its name", false, true);
	return fd;
}

/* One port left, and it has somebody. */
static void one_port(struct twin *t, int type)
{
	SAY(t, range(t, 40000, 40000));
	hows_for_each(i)
		hows_for_each(k) {
			int a = any(t, type, hows[i], LO);

			any(t, type, hows[k], LO);
			any(t, type, hows[k], ANY);
			any(t, type, hows[k], "127.0.0.2");
			if (type == SOCK_STREAM) {
				SAY(t, listen(a, 1));
				any(t, type, hows[k], "127.0.0.3");
			}
			while (t->fds)
				close(t->fd[--t->fds]);
		}
	SAY(t, range(t, 32768, 60999));
}

static void one_port_tcp(struct twin *t)
{
	one_port(t, SOCK_STREAM);
}

TEST_F(ports, who_asks_for_none_gets_none_that_another_tcp_socket_has)
{
	TWINS(one_port_tcp);
}

static void one_port_udp(struct twin *t)
{
	one_port(t, SOCK_DGRAM);
}

TEST_F(ports, nor_one_of_udp_but_as_inet_gives_it)
{
	TWINS(one_port_udp);
}

/* A port that is asked for by name is shared as ever. */
static void by_name(struct twin *t)
{
	hows_for_each(i)
		hows_for_each(k) {
			int a = with(t, SOCK_STREAM, hows[i]), b = with(t, SOCK_STREAM, hows[k]);
			int c = with(t, SOCK_STREAM, hows[k]);

			SAY(t, bind(a, twin_addr(t, LO, 4000), TWIN_LEN));
			SAY(t, bind(b, twin_addr(t, LO, 4000), TWIN_LEN));
			SAY(t, bind(c, twin_addr(t, ANY, 4000), TWIN_LEN));
			SAY(t, listen(a, 1));
			SAY(t, listen(b, 1));
			SAY(t, listen(c, 1));
			while (t->fds)
				close(t->fd[--t->fds]);
		}
}

TEST_F(ports, a_port_that_is_named_is_shared_by_who_agrees)
{
	TWINS(by_name);
}

/* SO_REUSEPORT with a program: its socket joins nobody, others may join it. */
static void own_program(struct twin *t, int type)
{
	int a = with(t, type, "P"), b = with(t, type, "P"), c = with(t, type, "P");

	SAY(t, choose(b));
	SAY(t, bind(a, twin_addr(t, LO, 4000), TWIN_LEN));
	SAY(t, bind(b, twin_addr(t, LO, 4000), TWIN_LEN));
	SAY(t, bind(b, twin_addr(t, LO, 4001), TWIN_LEN));
	SAY(t, bind(c, twin_addr(t, LO, 4001), TWIN_LEN));
	if (type != SOCK_STREAM)
		return;
	SAY(t, listen(b, 5));
	SAY(t, listen(c, 5));
	SAY(t, listen(a, 5));
}

static void own_program_tcp(struct twin *t)
{
	own_program(t, SOCK_STREAM);
}

static void own_program_udp(struct twin *t)
{
	own_program(t, SOCK_DGRAM);
}

TEST_F(ports, a_tcp_socket_with_a_program_of_its_own_joins_nobody)
{
	TWINS(own_program_tcp);
}

TEST_F(ports, nor_does_a_udp_socket)
{
	TWINS(own_program_udp);
}

/* A server that begins again while its connections are there, or their TIME_WAITs. */
static void restart(struct twin *t)
{
	static const char * const addrs[] = { ANY, LO, "127.0.0.2" };

	hows_for_each(i)
		hows_for_each(k) {
			int l = with(t, SOCK_STREAM, hows[i]), c = with(t, SOCK_STREAM, ""), s, n;
			int port = 4100 + 4 * i + k;	/* its TIME_WAITs are of this round alone */
			unsigned int j;

			SAY(t, bind(l, twin_addr(t, ANY, port), TWIN_LEN));
			SAY(t, listen(l, 5));
			SAY(t, connect(c, twin_addr(t, LO, port), TWIN_LEN));
			s = accept(l, NULL, NULL);
			close(l);
			for (j = 0; j < 6; j++) {
				if (j == 3) {
					close(s);
					twin_settle(t);
					close(c);
					twin_settle(t);
				}
				n = with(t, SOCK_STREAM, hows[k]);
				twin_say(t, bind(n, twin_addr(t, addrs[j % 3], port), TWIN_LEN),
					 "%s as '%s' after '%s', %u", addrs[j % 3], hows[k],
					 hows[i], j / 3);
				SAY(t, listen(n, 5));
				close(n);
			}
			while (t->fds)
				close(t->fd[--t->fds]);
		}
}

TEST_F(ports, a_server_begins_again_where_inet_lets_it)
{
	TWINS(restart);
}

/* Many of an address do not hide the one that is in the way, nor does he who leaves. */
static void many(struct twin *t)
{
	int fd[20], i, l;

	for (i = 0; i < 20; i++) {
		fd[i] = with(t, SOCK_STREAM, i == 7 ? "P" : "AP");
		SAY(t, bind(fd[i], twin_addr(t, LO, 4000), TWIN_LEN));
	}
	l = with(t, SOCK_STREAM, "A");
	SAY(t, bind(l, twin_addr(t, LO, 4000), TWIN_LEN));
	SAY(t, bind(l, twin_addr(t, "127.0.0.2", 4000), TWIN_LEN));
	close(fd[7]);
	l = with(t, SOCK_STREAM, "A");
	SAY(t, bind(l, twin_addr(t, ANY, 4000), TWIN_LEN));
	SAY(t, listen(l, 5));
	SAY(t, listen(fd[3], 5));
	l = with(t, SOCK_STREAM, "A");
	SAY(t, bind(l, twin_addr(t, LO, 4000), TWIN_LEN));
	l = with(t, SOCK_STREAM, "");
	SAY(t, bind(l, twin_addr(t, "127.0.0.3", 4000), TWIN_LEN));
}

TEST_F(ports, many_of_a_port_are_judged_as_one_by_one)
{
	TWINS(many);
}

static void refused(struct twin *t)
{
	const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	int fd = with(t, SOCK_STREAM, "");

	SAY(t, connect(fd, twin_addr(t, LO, 4999), TWIN_LEN));
	twin_say_name(t, fd, "its name", false, false);
	SAY(t, connect(fd, twin_addr(t, LO, 4999), TWIN_LEN));
	SAY(t, connect(fd, &nobody, sizeof(nobody)));
	twin_say_name(t, fd, "its name then", false, false);
	SAY(t, listen(fd, 1));
}

TEST_F(ports, a_failed_connection_leaves_the_port_that_was_chosen)
{
	TWINS(refused);
}

/*
 * The best listener, by address and device. Where an address has both a listener of a device and
 * one of all, INET takes the one that began last, MYNET that of the device: here both are one.
 */
static int came_to(struct twin *t, const int *fd, int n, const char *addr)
{
	int c = twin_socket(t, SOCK_STREAM, 0), i, child;

	twin_say(t, connect(c, twin_addr(t, addr, 4000), TWIN_LEN), "connect %s", addr);
	for (i = 0; i < n; i++)
		if (twin_readable(fd[i], 0)) {
			child = accept(fd[i], NULL, NULL);
			close(child);
			return i;
		}
	return -1;
}

static void best(struct twin *t)
{
	static const struct {
		const char *addr;
		bool dev;
	} all[] = { { ANY, false }, { LO, false }, { ANY, true } };
	int fd[3];
	unsigned int i;

	for (i = 0; i < 3; i++) {
		fd[i] = with(t, SOCK_STREAM, "P");
		if (all[i].dev)
			SAY(t, setsockopt(fd[i], SOL_SOCKET, SO_BINDTODEVICE, "lo", 3));
		SAY(t, bind(fd[i], twin_addr(t, all[i].addr, 4000), TWIN_LEN));
		SAY(t, listen(fd[i], 5));
		twin_say(t, came_to(t, fd, i + 1, LO), "its own address");
		twin_say(t, came_to(t, fd, i + 1, "127.0.0.9"), "any other");
	}
	for (i = 0; i < 3; i++) {
		close(fd[i]);
		fd[i] = -1;
		twin_say(t, came_to(t, fd, 3, LO), "its own address, without %u", i);
		twin_say(t, came_to(t, fd, 3, "127.0.0.9"), "any other, without %u", i);
	}
}

TEST_F(ports, the_listener_that_fits_best_gets_the_connection)
{
	TWINS(best);
}

TEST_HARNESS_MAIN
