// SPDX-License-Identifier: GPL-2.0
/*
 * mynet-dgram: what datagrams cost, one step of their way at a time.
 *
 * One process has both ends, so that nothing is measured but the calls: a burst is sent, then it is
 * read, and each of the two has a clock of its own. What is sent arrives within send(): the
 * devices that are used hand it over at once, or wait_for_some() sees to it.
 *
 * Prints one number: calls per second, or bytes for each socket.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/mynet.h>

#include "words.h"

#define NSEC_PER_SEC	1000000000ULL
#define WARM		4	/* bursts before the clock counts */
#define PATIENCE_SEC	10
#define SEGMENT		1400
#define PER_ADDRESS	30000	/* ports of one address for sockets that only stand about */
#define PORT		9	/* the server's */

static struct {
	int family;
	struct in_addr server;
	const char *server_netns, *client_netns;
	unsigned long count;		/* operations */
	unsigned int burst, size, others;
} want = {
	.family = AF_INET,
	.count = 10000,
	.burst = 64,
	.size = 64,
};

static char buffer[65536];
static struct sockaddr_in server_name;

static int udp(void)
{
	int fd = socket(want.family, SOCK_DGRAM, 0);

	if (fd < 0)
		err(1, "socket");
	return fd;
}

static void on(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)))
		err(1, "option %d of level %d", name, level);
}

static void bind_to(int fd, struct in_addr addr, uint16_t port)
{
	struct sockaddr_in name = {
		.sin_family = want.family, .sin_port = htons(port), .sin_addr = addr,
	};

	if (bind(fd, (void *)&name, sizeof(name)))
		err(1, "bind to port %u", port);
}

/* The server's socket, with room for a burst of anything. */
static int server(void)
{
	struct timeval patience = { .tv_sec = PATIENCE_SEC };
	socklen_t len = sizeof(server_name);
	int fd;

	enter_netns(want.server_netns);
	fd = udp();
	on(fd, SOL_SOCKET, SO_RCVBUFFORCE, 32 << 20);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	bind_to(fd, want.server, PORT);
	if (getsockname(fd, (void *)&server_name, &len))
		err(1, "getsockname");
	return fd;
}

static int client(void)
{
	int fd;

	enter_netns(want.client_netns);
	fd = udp();
	on(fd, SOL_SOCKET, SO_SNDBUFFORCE, 32 << 20);
	if (connect(fd, (void *)&server_name, sizeof(server_name)))
		err(1, "connect");
	return fd;
}

/* Sockets that nobody talks to, in the server's namespace: on its port and on others. */
static void stand_about(unsigned int n)
{
	struct rlimit files = { n + 64, n + 64 };
	struct in_addr addr;
	unsigned int i;

	if (n && setrlimit(RLIMIT_NOFILE, &files))
		err(1, "so many files");
	enter_netns(want.server_netns);
	for (i = 0; i < n; i++) {
		addr.s_addr = htonl(INADDR_LOOPBACK + 1 + i / PER_ADDRESS);
		bind_to(udp(), addr, 1024 + i % PER_ADDRESS);
	}
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NSEC_PER_SEC + t.tv_nsec;
}

static void send_burst(int fd, unsigned int n)
{
	while (n--)
		if (send(fd, buffer, want.size, 0) != want.size)
			err(1, "send");
}

/* Reads until @bytes have come. */
static void recv_burst(int fd, unsigned long bytes)
{
	ssize_t n;

	for (; bytes; bytes -= n) {
		n = recv(fd, buffer, sizeof(buffer), 0);
		if (n < 0)
			err(1, "recv: something was lost");
		if ((unsigned long)n > bytes)
			errx(1, "too much came");
	}
}

/* A datagram that a soft interrupt still works on is not the reader's to wait for. */
static void wait_for_some(int fd)
{
	int n = 0;

	while (!ioctl(fd, FIONREAD, &n) && !n)
		sched_yield();
}

struct spent {
	uint64_t sending, receiving;
};

static double per_second(uint64_t ns)
{
	return (double)want.count * NSEC_PER_SEC / ns;
}

static struct spent measure(int from, int to)
{
	struct spent spent = {};
	uint64_t start, sent, done;
	unsigned long i;

	for (i = 0; i < want.count / want.burst + WARM; i++) {
		start = now();
		send_burst(from, want.burst);
		sent = now();
		wait_for_some(to);
		done = now();
		recv_burst(to, (unsigned long)want.burst * want.size);
		if (i < WARM)
			continue;
		spent.sending += sent - start;
		spent.receiving += now() - done;
	}
	return spent;
}

static double test_send(void)
{
	int to, from;

	stand_about(want.others);
	to = server();
	from = client();
	return per_second(measure(from, to).sending);
}

static double test_recv(void)
{
	int to = server(), from = client();

	return per_second(measure(from, to).receiving);
}

static double gso(bool gro)
{
	int to = server(), from = client();
	struct spent spent;

	on(from, SOL_UDP, UDP_SEGMENT, SEGMENT);
	if (gro)
		on(to, SOL_UDP, UDP_GRO, 1);
	want.size = 65507 / SEGMENT * SEGMENT;
	spent = measure(from, to);
	return per_second(spent.sending + spent.receiving);
}

static double test_gso(void)
{
	return gso(false);
}

static double test_gso_gro(void)
{
	return gso(true);
}

static double test_connect(void)
{
	uint64_t spent = 0, start;
	int to = server(), fd;
	unsigned long i;

	enter_netns(want.client_netns);
	for (i = 0; i < want.count + WARM; i++) {
		start = now();
		fd = udp();
		if (connect(fd, (void *)&server_name, sizeof(server_name)))
			err(1, "connect");
		send_burst(fd, 1);
		close(fd);
		if (i >= WARM)
			spent += now() - start;
		recv_burst(to, want.size);
	}
	return per_second(spent);
}

/* Bytes of all objects that are in use; pages that hold none any more come and go as they like. */
static double used_bytes(void)
{
	FILE *file = fopen("/proc/slabinfo", "r");
	unsigned long active, all, size;
	double used = 0;
	char line[512];

	if (!file)
		err(1, "/proc/slabinfo");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%*s %lu %lu %lu", &active, &all, &size) == 3)
			used += (double)active * size;
	fclose(file);
	return used;
}

/* The memory in use once that of closed sockets is freed, which takes a while. */
static double settled_bytes(void)
{
	double last, used = used_bytes();
	int same = 0, tries;

	for (tries = 0; tries < 200 && same < 5; tries++) {
		usleep(100000);
		last = used;
		used = used_bytes();
		same = used == last ? same + 1 : 0;
	}
	return used;
}

static double test_memory(void)
{
	double before;

	bind_to(udp(), want.server, PORT);
	before = settled_bytes();
	stand_about(want.count);
	return (used_bytes() - before) / want.count;
}

static const struct {
	const char *name, *help;
	double (*run)(void);
} tests[] = {
	{ "send", "send() of -l bytes, all the way into the other socket; per second", test_send },
	{ "recv", "recv() of what waits already; calls per second", test_recv },
	{ "gso", "64 KiB with UDP_SEGMENT, sent and read one by one; per second", test_gso },
	{ "gso-gro", "the same read whole with UDP_GRO", test_gso_gro },
	{ "connect", "socket, connect, send, close; per second", test_connect },
	{ "memory", "bytes that a socket takes which is bound to a port", test_memory },
};

static void usage(FILE *out)
{
	size_t i;

	fprintf(out, "Usage: mynet-dgram TEST [-f inet|mynet] [-s ADDR] [-S NETNS] [-C NETNS]\n"
		"                       [-n COUNT] [-b BURST] [-l BYTES] [-o OTHERS]\n\n");
	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		fprintf(out, "  %-9s %s\n", tests[i].name, tests[i].help);
	fprintf(out, "\nOTHERS are sockets that are bound, too, while send measures.\n");
	exit(out == stderr ? 2 : 0);
}

static void parse(int argc, char **argv)
{
	int opt;

	if (wants_help(argc, argv))
		usage(stdout);
	want.server.s_addr = htonl(INADDR_LOOPBACK);
	while ((opt = getopt(argc, argv, "f:s:S:C:n:b:l:o:")) != -1) {
		if (opt == 'f')
			want.family = parse_family(optarg);
		else if (opt == 's')
			want.server = parse_address(optarg);
		else if (opt == 'S')
			want.server_netns = optarg;
		else if (opt == 'C')
			want.client_netns = optarg;
		else if (opt == 'n')
			want.count = parse_number("count", optarg, 1, 100000000);
		else if (opt == 'b')
			want.burst = parse_number("burst", optarg, 1, 4096);
		else if (opt == 'l')
			want.size = parse_number("size", optarg, 1, 65507);
		else if (opt == 'o')
			want.others = parse_number("others", optarg, 0, 500000);
		else if (opt == '?')
			usage(stderr);
	}
	if (optind != argc - 1 || want.count < want.burst)
		usage(stderr);
	want.count -= want.count % want.burst;
}

int main(int argc, char **argv)
{
	size_t i;

	parse(argc, argv);
	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		if (!strcmp(argv[optind], tests[i].name)) {
			printf("%.1f\n", tests[i].run());
			return 0;
		}
	usage(stderr);
}
