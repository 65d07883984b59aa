// SPDX-License-Identifier: GPL-2.0
/*
 * mynet-many: many connections at once between two network namespaces, and what they cost.
 *
 * The child is the server: it accepts all, answers bytes, and counts what it reads of each
 * connection in memory that both share. The parent is the client; it measures.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/mynet.h>

#include "words.h"

#define PORT		5000
#define PER_ADDRESS	5000	/* connections: the more, the longer a free port is looked for */
#define CHUNK		16384
#define WARM_SECONDS	0.3
#define ROUNDS		2000	/* questions and answers of a sample */
#define READY		128
#define SETTLED_SECONDS	3	/* until handshakes have left no timer behind */

static struct {
	int family;
	struct in_addr server, client;
	const char *server_netns, *client_netns;
	unsigned int connections;
	double seconds;
} want = { .family = AF_INET, .connections = 64, .seconds = 0.5 };

static uint64_t *got;		/* bytes that the server read of each connection */
static pid_t server;
static char chunk[CHUNK];

static void end_server(void)
{
	if (server > 0) {
		kill(server, SIGKILL);
		waitpid(server, NULL, 0);
	}
}

static struct sockaddr_in name_of(struct in_addr addr, uint16_t port)
{
	return (struct sockaddr_in){ want.family, htons(port), addr, {} };
}

/* The local address of a connection: each has ports for so many. */
static struct sockaddr_in client_name(unsigned int nr)
{
	struct in_addr addr = { htonl(ntohl(want.client.s_addr) + nr / PER_ADDRESS) };

	return name_of(addr, 0);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* --- the server --------------------------------------------------------------------------- */

static void watch(int epoll, int fd, uint32_t nr, uint32_t what)
{
	struct epoll_event event = {
		.events = what,
		.data.u64 = (uint64_t)nr << 32 | (uint32_t)fd,
	};

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		err(1, "epoll_ctl");
}

/* A single byte is a question. */
static void serve_one(int fd, uint32_t nr)
{
	ssize_t n = recv(fd, chunk, CHUNK, 0);

	if (n < 0)
		err(1, "server: recv");
	if (n == 1 && send(fd, chunk, 1, MSG_NOSIGNAL) != 1)
		err(1, "server: send");
	__atomic_fetch_add(&got[nr], n, __ATOMIC_RELAXED);
	if (!n)
		close(fd);
}

static void serve(int listener)
{
	int epoll = epoll_create1(0), i, n, fd;
	struct epoll_event ready[READY];
	unsigned int accepted = 0;

	watch(epoll, listener, UINT32_MAX, EPOLLIN);
	for (;;) {
		n = epoll_wait(epoll, ready, READY, -1);
		for (i = 0; i < n; i++) {
			if (ready[i].data.u64 >> 32 != UINT32_MAX) {
				serve_one((int)ready[i].data.u64, ready[i].data.u64 >> 32);
				continue;
			}
			fd = accept(listener, NULL, NULL);
			if (fd < 0)
				err(1, "server: accept");
			watch(epoll, fd, accepted++, EPOLLIN);
		}
	}
}

static void start_server(void)
{
	struct sockaddr_in name = name_of(want.server, PORT);
	int go[2], fd, one = 1;
	char ready;

	if (pipe(go))
		err(1, "pipe");
	server = fork();
	if (server < 0)
		err(1, "fork");
	if (!server) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		enter_netns(want.server_netns);
		fd = socket(want.family, SOCK_STREAM, 0);
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
		if (fd < 0 || bind(fd, (void *)&name, sizeof(name)) || listen(fd, 128))
			err(1, "server");
		close(go[0]);
		close(go[1]);
		serve(fd);
	}
	close(go[1]);
	atexit(end_server);
	if (read(go[0], &ready, 1) < 0)	/* its end, which comes when the server listens */
		err(1, "server");
	close(go[0]);
}

/* --- the client --------------------------------------------------------------------------- */

static int connect_one(unsigned int nr)
{
	struct sockaddr_in name = name_of(want.server, PORT), self = client_name(nr);
	int fd = socket(want.family, SOCK_STREAM, 0), one = 1;

	if (fd < 0)
		err(1, "socket %u", nr);
	if (want.client.s_addr) {
		setsockopt(fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
		if (bind(fd, (void *)&self, sizeof(self)))
			err(1, "bind of connection %u", nr);
	}
	if (connect(fd, (void *)&name, sizeof(name)))
		err(1, "connection %u", nr);
	return fd;
}

static void ask(int fd)
{
	if (send(fd, chunk, 1, MSG_NOSIGNAL) != 1 || recv(fd, chunk, 1, 0) != 1)
		err(1, "no answer");
}

static void write_until(int epoll, double end)
{
	struct epoll_event ready[READY];
	int i, n;

	while (now() < end) {
		n = epoll_wait(epoll, ready, READY, 10);
		for (i = 0; i < n; i++)
			if (send((int)ready[i].data.u64, chunk, CHUNK,
				 MSG_DONTWAIT | MSG_NOSIGNAL) < 0 && errno != EAGAIN)
				err(1, "send");
	}
}

struct streams {
	double bytes_per_s;
	double fairness;	/* Jain's index: 1 if all got the same, 1/n if one got all */
};

static struct streams measure_streams(void)
{
	double start, sum = 0, squares = 0, each, seconds;
	uint64_t before[want.connections];
	int epoll = epoll_create1(0);
	unsigned int i;

	for (i = 0; i < want.connections; i++)
		watch(epoll, connect_one(i), i, EPOLLOUT);
	write_until(epoll, now() + WARM_SECONDS);
	memcpy(before, got, sizeof(before));
	start = now();
	write_until(epoll, start + want.seconds);
	seconds = now() - start;
	for (i = 0; i < want.connections; i++) {
		each = (double)(__atomic_load_n(&got[i], __ATOMIC_RELAXED) - before[i]);
		sum += each;
		squares += each * each;
	}
	return (struct streams){ sum / seconds, sum * sum / (want.connections * squares) };
}

/* All of the kernel's memory and every program's, but what holds a file's pages. */
static double used_bytes(void)
{
	FILE *meminfo = fopen("/proc/meminfo", "r");
	double used = 0;
	char line[128];
	long long kib;

	while (meminfo && fgets(line, sizeof(line), meminfo)) {
		if (sscanf(line, "MemTotal: %lld", &kib) == 1)
			used += kib;
		else if (sscanf(line, "MemFree: %lld", &kib) == 1 ||
			 sscanf(line, "Buffers: %lld", &kib) == 1 ||
			 sscanf(line, "Cached: %lld", &kib) == 1)
			used -= kib;
	}
	if (meminfo)
		fclose(meminfo);
	return used * 1024;
}

struct idle {
	double bytes_each;
	double per_s;		/* questions and answers beside them */
};

static struct idle measure_idle(void)
{
	double before, start;
	struct idle idle = {};
	int fd = connect_one(0);
	unsigned int i;

	ask(fd);
	before = used_bytes();
	for (i = 0; i < want.connections; i++)
		connect_one(i + 1);
	if (want.connections)
		idle.bytes_each = (used_bytes() - before) / want.connections;
	sleep(SETTLED_SECONDS);
	for (i = 0; i < ROUNDS / 10; i++)
		ask(fd);
	start = now();
	for (i = 0; i < ROUNDS; i++)
		ask(fd);
	idle.per_s = ROUNDS / (now() - start);
	return idle;
}

static void usage(FILE *out)
{
	fputs("Usage: mynet-many RESULT [OPTION...]\n\n"
	      "Makes many connections at once and prints one number.\n\n"
	      "  streams    bytes a second of all, each writing as fast as it can\n"
	      "  fairness   Jain's index of the same: 1 if all got as much\n"
	      "  memory     bytes of memory for an idle connection, both ends\n"
	      "  beside     questions and answers a second on one while the others are idle\n\n"
	      "  -f FAMILY  inet (default) or mynet\n"
	      "  -n COUNT   connections (default 64)\n"
	      "  -t SECONDS how long to write (default 0.5)\n"
	      "  -s ADDR    the server's address (default 127.0.0.1)\n"
	      "  -c ADDR    the client's; more than 5,000 connections take the next ones too\n"
	      "  -S NETNS   the server's network namespace, by the name ip-netns(8) gave it\n"
	      "  -C NETNS   the client's\n", out);
	exit(out == stderr ? 2 : 0);
}

static void parse_options(int argc, char **argv)
{
	int opt;

	if (wants_help(argc, argv))
		usage(stdout);
	want.server.s_addr = htonl(INADDR_LOOPBACK);
	while ((opt = getopt(argc, argv, "f:n:t:s:c:S:C:")) != -1) {
		switch (opt) {
		case 'f':
			want.family = parse_family(optarg);
			break;
		case 'n':
			want.connections = parse_number("count", optarg, 0, 1000000);
			break;
		case 't':
			want.seconds = parse_duration(optarg);
			break;
		case 's':
			want.server = parse_address(optarg);
			break;
		case 'c':
			want.client = parse_address(optarg);
			break;
		case 'S':
			want.server_netns = optarg;
			break;
		case 'C':
			want.client_netns = optarg;
			break;
		default:
			usage(stderr);
		}
	}
}

int main(int argc, char **argv)
{
	struct rlimit files;
	const char *result;

	parse_options(argc, argv);
	result = optind < argc ? argv[optind] : "";
	files = (struct rlimit){ want.connections + 1000, want.connections + 1000 };
	if (setrlimit(RLIMIT_NOFILE, &files))
		err(1, "limit of open files (are you root?)");
	got = mmap(NULL, (want.connections + 1) * sizeof(*got), PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (got == MAP_FAILED)
		err(1, "memory");
	start_server();
	enter_netns(want.client_netns);
	if (!strcmp(result, "streams"))
		printf("%.0f\n", measure_streams().bytes_per_s);
	else if (!strcmp(result, "fairness"))
		printf("%.4f\n", measure_streams().fairness);
	else if (!strcmp(result, "memory"))
		printf("%.0f\n", measure_idle().bytes_each);
	else if (!strcmp(result, "beside"))
		printf("%.1f\n", measure_idle().per_s);
	else
		usage(stderr);
	return 0;
}
