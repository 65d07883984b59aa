// SPDX-License-Identifier: GPL-2.0
/*
 * mynet-scale: what an operation costs when there are N of a kind already, in microseconds.
 *
 * Both families take turns in one process, on the loopback device of the namespace it is started
 * in; each line is an operation, a number, and what it cost INET and MYNET.
 */
#define _GNU_SOURCE
#include <err.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "words.h"

#define PORT		5000
#define PROTOCOL	253	/* RFC 3692: for experiments */
#define SAMPLE		200	/* operations that are measured, beside the N that are there */
#define MOST		100000

static int fds[MOST + SAMPLE];

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

/* 127.1.0.1 and so on: each address of 127/8 is this host's. */
static struct sockaddr_in name_of(int family, unsigned int n, int port)
{
	return (struct sockaddr_in){
		.sin_family = family, .sin_port = htons(port),
		.sin_addr.s_addr = htonl(0x7f010001 + n),
	};
}

static void set(int fd, int level, int name)
{
	int yes = 1;

	if (setsockopt(fd, level, name, &yes, sizeof(yes)))
		err(1, "setsockopt");
}

static int sock(int family, int type)
{
	int fd = socket(family, type, 0);

	if (fd < 0)
		err(1, "socket");
	return fd;
}

static void share(int fd, int family)
{
	if (family == AF_INET)
		set(fd, SOL_SOCKET, SO_REUSEPORT);
	else
		set(fd, SOL_MYNET, MYNET_REUSEPORT);
}

/* One more socket of the kind that is measured; it is to be left open. */

static int own_address(int family, unsigned int n)
{
	struct sockaddr_in name = name_of(family, n, PORT);
	int fd = sock(family, SOCK_STREAM);

	if (bind(fd, (struct sockaddr *)&name, sizeof(name)) || listen(fd, 1000))
		err(1, "listener %u", n);
	return fd;
}

static int one_group(int family, unsigned int n)
{
	struct sockaddr_in name = name_of(family, 0, PORT);
	int fd = sock(family, SOCK_STREAM);

	share(fd, family);
	if (bind(fd, (struct sockaddr *)&name, sizeof(name)) || listen(fd, 1000))
		err(1, "listener %u", n);
	return fd;
}

static int one_port(int family, unsigned int n)
{
	struct sockaddr_in name = name_of(family, 0, PORT);
	int fd = sock(family, SOCK_STREAM);

	set(fd, SOL_SOCKET, SO_REUSEADDR);
	if (bind(fd, (struct sockaddr *)&name, sizeof(name)))
		err(1, "socket %u", n);
	return fd;
}

static int udp_own_address(int family, unsigned int n)
{
	struct sockaddr_in name = name_of(family, n, PORT);
	int fd = sock(family, SOCK_DGRAM);

	if (bind(fd, (struct sockaddr *)&name, sizeof(name)))
		err(1, "socket %u", n);
	return fd;
}

static int udp_one_group(int family, unsigned int n)
{
	struct sockaddr_in name = name_of(family, 0, PORT);
	int fd = sock(family, SOCK_DGRAM);

	share(fd, family);
	if (bind(fd, (struct sockaddr *)&name, sizeof(name)))
		err(1, "socket %u", n);
	return fd;
}

static int raw_own_address(int family, unsigned int n)
{
	struct sockaddr_in name = name_of(family, n, 0);
	int fd = socket(family, SOCK_RAW, PROTOCOL);

	if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof(name)))
		err(1, "raw socket %u", n);
	return fd;
}

/* 239.1.0.1 and so on, on the loopback device. */
static int own_group(int family, unsigned int n)
{
	struct ip_mreqn group = {
		.imr_multiaddr.s_addr = htonl(0xef010001 + n), .imr_ifindex = if_nametoindex("lo"),
	};
	int fd = sock(family, SOCK_DGRAM);

	if (setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof(group)))
		err(1, "membership %u", n);
	return fd;
}

/* --- calls on the sockets that are there -------------------------------------------------- */

static void connect_to(int family, unsigned int n)
{
	const struct linger at_once = { 1, 0 };
	struct sockaddr_in name = name_of(family, n, PORT);
	int fd = sock(family, SOCK_STREAM);

	if (connect(fd, (struct sockaddr *)&name, sizeof(name)))
		err(1, "connect");
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(fd);
}

static void send_to(int family, unsigned int n)
{
	static int from[2];
	struct sockaddr_in name = name_of(family, n, PORT);
	int *fd = &from[family == AF_INET];

	if (!*fd)
		*fd = sock(family, SOCK_DGRAM);
	if (sendto(*fd, "", 1, 0, (struct sockaddr *)&name, sizeof(name)) != 1)
		err(1, "sendto");
}

static void send_raw_to(int family, unsigned int n)
{
	static int from[2];
	struct sockaddr_in name = name_of(family, n, 0);
	int *fd = &from[family == AF_INET];

	if (!*fd)
		*fd = socket(family, SOCK_RAW, PROTOCOL);
	if (sendto(*fd, "", 1, 0, (struct sockaddr *)&name, sizeof(name)) != 1)
		err(1, "sendto");
}

static const struct {
	const char *name;
	int (*one)(int family, unsigned int n);
	const char *use_name;
	void (*use)(int family, unsigned int n);
	bool spread;
} kinds[] = {
	{ "tcp-own-address", own_address, "connect", connect_to, true },
	{ "tcp-group", one_group, "connect", connect_to, false },
	{ "tcp-bound", one_port, NULL, NULL, false },
	{ "udp-own-address", udp_own_address, "sendto", send_to, true },
	{ "udp-group", udp_one_group, "sendto", send_to, false },
	{ "raw-own-address", raw_own_address, "sendto", send_raw_to, true },
	{ "membership", own_group, NULL, NULL, false },
};

#define KINDS	(sizeof(kinds) / sizeof(kinds[0]))

struct cost {
	double make, use, end;
};

static struct cost measure(unsigned int kind, int family, unsigned int n)
{
	struct cost cost = {};
	unsigned int i;
	double begun;

	for (i = 0; i < n; i++)
		fds[i] = kinds[kind].one(family, i);
	begun = now();
	for (i = n; i < n + SAMPLE; i++)
		fds[i] = kinds[kind].one(family, i);
	cost.make = (now() - begun) / SAMPLE;
	begun = now();
	for (i = 0; kinds[kind].use && i < SAMPLE; i++)
		kinds[kind].use(family, kinds[kind].spread ? i * (n / SAMPLE + 1) % n : 0);
	cost.use = (now() - begun) / SAMPLE;
	begun = now();
	for (i = n; i < n + SAMPLE; i++)
		close(fds[i]);
	cost.end = (now() - begun) / SAMPLE;
	for (i = 0; i < n; i++)
		close(fds[i]);
	return cost;
}

static void row(const char *kind, const char *what, unsigned int n, double inet, double mynet)
{
	printf("%-16s %-10s %7u %9.1f %9.1f %6.2f\n", kind, what, n, inet, mynet, mynet / inet);
}

static void compare(unsigned int kind, unsigned int n)
{
	struct cost inet = measure(kind, AF_INET, n), mynet = measure(kind, PF_MYNET, n);

	row(kinds[kind].name, "make", n, inet.make, mynet.make);
	if (kinds[kind].use)
		row(kinds[kind].name, kinds[kind].use_name, n, inet.use, mynet.use);
	row(kinds[kind].name, "close", n, inet.end, mynet.end);
	fflush(stdout);
}

static void lo_up(void)
{
	struct ifreq ifr = { .ifr_name = "lo" };
	int fd = sock(AF_INET, SOCK_DGRAM);

	ifr.ifr_flags = IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &ifr))
		err(1, "lo");
	close(fd);
}

static void usage(FILE *to)
{
	unsigned int i;

	fputs("Usage: mynet-scale KIND|all N...\n\n"
	      "Has N sockets of a kind, and prints what one more costs, what it costs to reach one,\n"
	      "and to close one: microseconds of INET and MYNET, and their ratio. Root, in a network\n"
	      "namespace of its own (unshare -n). KIND is one of\n", to);
	for (i = 0; i < KINDS; i++)
		fprintf(to, "  %s\n", kinds[i].name);
}

int main(int argc, char **argv)
{
	struct rlimit files = { MOST + SAMPLE + 100, MOST + SAMPLE + 100 };
	unsigned int i;
	int k;

	if (wants_help(argc, argv)) {
		usage(stdout);
		return 0;
	}
	if (argc < 3) {
		usage(stderr);
		return 2;
	}
	if (setrlimit(RLIMIT_NOFILE, &files))
		err(1, "setrlimit");
	lo_up();
	printf("%-16s %-10s %7s %9s %9s %6s\n", "kind", "operation", "N", "INET us", "MYNET us",
	       "ratio");
	for (i = 0; i < KINDS; i++)
		for (k = 2; k < argc; k++)
			if (!strcmp(argv[1], "all") || !strcmp(argv[1], kinds[i].name))
				compare(i, parse_number("N", argv[k], 1, MOST));
	return 0;
}
