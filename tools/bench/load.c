// SPDX-License-Identifier: GPL-2.0
/*
 * mynet-load: both ends of one network load, and what it cost.
 *
 * One process is the client, a child of it the server; each has a socket in a network namespace
 * of its own choice. The client's clock runs from its first operation after the warm-up until
 * the server has confirmed the last one, so a result counts only what has really arrived.
 *
 * A load is a row of tests[]: what the server does, what the client does once (a step), and how
 * the client learns that all its steps have arrived (settle).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/mynet.h>

#include "words.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#define NSEC_PER_SEC	1000000000ULL
#define PATIENCE_SEC	10	/* an answer that takes longer is not coming */
#define BURSTS_ON_WAY	2	/* bursts of datagrams that may be unconfirmed */
#define SIZE_MAX_BYTES	1048576

/* The figures that a run prints, in this order. */
enum result { SIZE, COUNT, BYTES, ELAPSED_NS, CPU_NS, PER_S, BYTES_PER_S, USEC, CPU_USEC, RESULTS };

static const struct {
	const char *key;
	int decimals;
} results[RESULTS] = {
	[SIZE]		= { "size", 0 },
	[COUNT]		= { "count", 0 },
	[BYTES]		= { "bytes", 0 },
	[ELAPSED_NS]	= { "elapsed_ns", 0 },
	[CPU_NS]	= { "cpu_ns", 0 },
	[PER_S]		= { "per_s", 1 },
	[BYTES_PER_S]	= { "bytes_per_s", 0 },
	[USEC]		= { "usec", 3 },
	[CPU_USEC]	= { "cpu_usec", 3 },
};

/* The words of the command line. */
static struct {
	int family;
	const char *family_name;
	struct in_addr server, client;
	const char *server_netns, *client_netns;
	uint16_t port;
	uint64_t count;		/* operations; 0: until seconds are over */
	double seconds;
	int64_t warm;		/* operations before the clock starts; negative: the test's */
	size_t size;		/* bytes of one operation, each way */
	unsigned int burst;
	int key;		/* the only result to print; RESULTS: all */
} want = {
	.family = AF_INET,
	.family_name = "inet",
	.count = 10000,
	.warm = -1,
	.burst = 32,
	.key = RESULTS,
};

struct test {
	const char *name, *help;
	int type;
	size_t size;				/* unless -l says otherwise */
	unsigned int warm;			/* unless -w says otherwise */
	void (*serve)(int fd);			/* never returns, or at the end of a stream */
	void (*step)(int fd);
	void (*settle)(int fd, bool last);	/* NULL: a step is confirmed when it returns */
	bool bursts;				/* a step is want.burst operations */
	bool connects;				/* a step is a connection of its own */
};

static char *buffer;
static pid_t server_pid;
static struct sockaddr_in server_name;

/* However this process ends, its server ends too. */
static void end_server(void)
{
	if (server_pid > 0) {
		kill(server_pid, SIGKILL);
		waitpid(server_pid, NULL, 0);
	}
}

/* --- sending and receiving, whole or not at all ------------------------------------------- */

static noreturn void give_up(void)
{
	errx(1, "no answer for %d seconds: something was lost", PATIENCE_SEC);
}

static void send_all(int fd, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = send(fd, buffer + done, len - done, MSG_NOSIGNAL);
		if (n < 0 && errno == EAGAIN)
			give_up();
		if (n < 0)
			err(1, "send");
		done += n;
	}
}

/* False at the end of a stream that ends where a message may. */
static bool recv_all(int fd, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = recv(fd, buffer + done, len - done, 0);
		if (n < 0 && errno == EAGAIN)
			give_up();
		if (n < 0)
			err(1, "recv");
		if (n == 0) {
			if (done == 0)
				return false;
			errx(1, "the stream ended inside a message");
		}
		done += n;
	}
	return true;
}

static void recv_answer(int fd, size_t len)
{
	if (!recv_all(fd, len))
		errx(1, "the server has gone away");
}

/* --- udp: datagrams one way, a receipt for each burst ------------------------------------- */

/*
 * Datagrams on their way have to fit into the receiver's buffer: nothing else keeps them from loss.
 */

static unsigned int unconfirmed;

static void udp_serve(int fd)
{
	struct sockaddr_in from;
	socklen_t len;
	unsigned int got;

	for (;;) {
		for (got = 0; got < want.burst; got++) {
			len = sizeof(from);
			if (recvfrom(fd, buffer, want.size, 0, (void *)&from, &len) < 0)
				err(1, "server: recvfrom");
		}
		if (sendto(fd, buffer, 1, 0, (void *)&from, len) < 0)
			err(1, "server: sendto");
	}
}

static void udp_receipt(int fd)
{
	recv_answer(fd, 1);
	unconfirmed--;
}

static void udp_step(int fd)
{
	unsigned int i;

	for (i = 0; i < want.burst; i++)
		send_all(fd, want.size);
	if (++unconfirmed == BURSTS_ON_WAY)
		udp_receipt(fd);
}

static void udp_settle(int fd, bool last)
{
	(void)last;
	while (unconfirmed)
		udp_receipt(fd);
}

/* --- udp-rr: one datagram there, one back ------------------------------------------------- */

static void udp_rr_serve(int fd)
{
	struct sockaddr_in from;
	socklen_t len;
	ssize_t n;

	for (;;) {
		len = sizeof(from);
		n = recvfrom(fd, buffer, want.size, 0, (void *)&from, &len);
		if (n < 0)
			err(1, "server: recvfrom");
		if (sendto(fd, buffer, n, 0, (void *)&from, len) < 0)
			err(1, "server: sendto");
	}
}

static void rr_step(int fd)
{
	send_all(fd, want.size);
	recv_answer(fd, want.size);
}

/* --- tcp: a stream one way, a receipt after the warm-up and at the end -------------------- */

static void tcp_serve(int fd)
{
	uint64_t warm = want.warm * want.size, got = 0;	/* bytes */
	ssize_t n;

	while ((n = recv(fd, buffer, want.size, 0)) > 0) {
		got += n;
		if (warm && got >= warm) {
			send_all(fd, 1);
			warm = 0;
		}
	}
	if (n < 0)
		err(1, "server: recv");
	send_all(fd, 1);
}

static void tcp_step(int fd)
{
	send_all(fd, want.size);
}

static void tcp_settle(int fd, bool last)
{
	if (last && shutdown(fd, SHUT_WR))
		err(1, "shutdown");
	recv_answer(fd, 1);
}

/* --- sendfile: the same stream, from the pages of a file ---------------------------------- */

static void sendfile_step(int fd)
{
	static int file = -1;
	off_t at = 0;
	ssize_t n;

	if (file < 0) {
		file = memfd_create("load", MFD_CLOEXEC);
		if (file < 0 || write(file, buffer, want.size) != (ssize_t)want.size)
			err(1, "a file of %zu bytes", want.size);
	}
	while ((size_t)at < want.size) {
		n = sendfile(fd, file, &at, want.size - at);
		if (n < 0 && errno == EAGAIN)
			give_up();
		if (n <= 0)
			err(1, "sendfile");
	}
}

/* --- sendfile-rr: a file there, one byte back: the other end has read it all ---------------- */

static void sendfile_rr_serve(int fd)
{
	while (recv_all(fd, want.size))
		send_all(fd, 1);
}

static void sendfile_rr_step(int fd)
{
	sendfile_step(fd);
	recv_answer(fd, 1);
}

/* --- tcp-rr: one message there, one back, over one connection ----------------------------- */

static void tcp_rr_serve(int fd)
{
	while (recv_all(fd, want.size))
		send_all(fd, want.size);
}

/* --- tcp-crr: a connection for one message there and one back ------------------------------ */

static void tcp_crr_serve(int listener)
{
	int fd;

	for (;;) {
		fd = accept(listener, NULL, NULL);
		if (fd < 0)
			err(1, "server: accept");
		tcp_rr_serve(fd);
		close(fd);
	}
}

static void tcp_crr_step(int unused)
{
	int fd = socket(want.family, SOCK_STREAM, 0);

	(void)unused;
	if (fd < 0)
		err(1, "socket");
	if (connect(fd, (void *)&server_name, sizeof(server_name)))
		err(1, "connect");
	rr_step(fd);
	close(fd);
}

static const struct test tests[] = {
	{
		.name = "udp", .help = "datagrams one way",
		.type = SOCK_DGRAM, .warm = 100, .size = 64, .bursts = true,
		.serve = udp_serve, .step = udp_step, .settle = udp_settle,
	}, {
		.name = "udp-rr", .help = "one datagram there, one back",
		.type = SOCK_DGRAM, .warm = 100, .size = 1,
		.serve = udp_rr_serve, .step = rr_step,
	}, {
		.name = "tcp", .help = "a stream one way",
		/* buffers grow to their final size in about 400 writes */
		.type = SOCK_STREAM, .warm = 500, .size = 131072,
		.serve = tcp_serve, .step = tcp_step, .settle = tcp_settle,
	}, {
		.name = "sendfile", .help = "a stream one way out of a file",
		.type = SOCK_STREAM, .warm = 500, .size = 131072,
		.serve = tcp_serve, .step = sendfile_step, .settle = tcp_settle,
	}, {
		.name = "sendfile-rr", .help = "a file there, one byte back",
		.type = SOCK_STREAM, .warm = 100, .size = 16384,
		.serve = sendfile_rr_serve, .step = sendfile_rr_step,
	}, {
		.name = "tcp-rr", .help = "one message there, one back",
		.type = SOCK_STREAM, .warm = 100, .size = 1,
		.serve = tcp_rr_serve, .step = rr_step,
	}, {
		.name = "tcp-crr", .help = "connect, one message there, one back, close",
		.type = SOCK_STREAM, .warm = 20, .size = 1, .connects = true,
		.serve = tcp_crr_serve, .step = tcp_crr_step,
	},
};

/* --- sockets ------------------------------------------------------------------------------ */

static int bound_socket(const struct test *test, struct in_addr addr, uint16_t port)
{
	struct sockaddr_in sin = {
		.sin_family = want.family,
		.sin_port = htons(port),
		.sin_addr = addr,
	};
	int fd = socket(want.family, test->type, 0), one = 1;

	if (fd < 0)
		err(1, "socket of family %s", want.family_name);
	if (port)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if ((port || addr.s_addr != htonl(INADDR_ANY)) && bind(fd, (void *)&sin, sizeof(sin))) {
		char text[INET_ADDRSTRLEN];

		inet_ntop(AF_INET, &addr, text, sizeof(text));
		err(1, "bind to %s port %u", text, port);
	}
	return fd;
}

static void no_delay(const struct test *test, int fd)
{
	int one = 1;

	if (test->type == SOCK_STREAM && test->step == rr_step &&
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)))
		err(1, "TCP_NODELAY");
}

static noreturn void be_server(const struct test *test, int fd)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (test->type == SOCK_STREAM && !test->connects) {
		fd = accept(fd, NULL, NULL);
		if (fd < 0)
			err(1, "server: accept");
		no_delay(test, fd);
	}
	test->serve(fd);
	pause();	/* the parent reads this process's clock before it ends it */
	exit(0);
}

/*
 * Makes both ends and starts the server; returns the client's connected socket. A socket stays
 * in the namespace it was made in.
 */
static int make_ends(const struct test *test)
{
	struct timeval patience = { .tv_sec = PATIENCE_SEC };
	socklen_t len = sizeof(server_name);
	int home = -1, server, fd;

	if (want.server_netns || want.client_netns) {
		home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
		if (home < 0)
			err(1, "/proc/self/ns/net");
	}
	enter_netns(want.server_netns);
	server = bound_socket(test, want.server, want.port);
	if (test->type == SOCK_STREAM && listen(server, 16))
		err(1, "listen");
	if (getsockname(server, (void *)&server_name, &len))
		err(1, "getsockname");

	if (home >= 0 && setns(home, CLONE_NEWNET))
		err(1, "network namespace of the beginning");
	enter_netns(want.client_netns);
	fd = bound_socket(test, want.client, 0);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)))
		err(1, "SO_RCVTIMEO");

	server_pid = fork();
	if (server_pid < 0)
		err(1, "fork");
	if (server_pid == 0) {
		close(fd);
		be_server(test, server);
	}
	close(server);
	if (test->connects)
		return fd;
	if (connect(fd, (void *)&server_name, sizeof(server_name)))
		err(1, "connect");
	no_delay(test, fd);
	return fd;
}

/* --- measuring ---------------------------------------------------------------------------- */

static uint64_t read_clock(clockid_t id)
{
	struct timespec now;

	if (clock_gettime(id, &now))
		err(1, "clock_gettime");
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

/* Processor time of both ends. */
static uint64_t read_cpu(void)
{
	clockid_t server;

	errno = clock_getcpuclockid(server_pid, &server);
	if (errno)
		err(1, "the server's clock");
	return read_clock(CLOCK_PROCESS_CPUTIME_ID) + read_clock(server);
}

static void print_result(const struct test *test, uint64_t done, uint64_t elapsed, uint64_t cpu)
{
	double seconds = (double)elapsed / NSEC_PER_SEC;
	const double value[RESULTS] = {
		[SIZE]		= want.size,
		[COUNT]		= done,
		[BYTES]		= (double)done * want.size,
		[ELAPSED_NS]	= elapsed,
		[CPU_NS]	= cpu,
		[PER_S]		= done / seconds,
		[BYTES_PER_S]	= done * want.size / seconds,
		[USEC]		= 1e6 * seconds / done,
		[CPU_USEC]	= cpu / 1e3 / done,
	};
	int i;

	if (want.key < RESULTS) {
		printf("%.*f\n", results[want.key].decimals, value[want.key]);
		return;
	}
	printf("%s family=%s", test->name, want.family_name);
	for (i = 0; i < RESULTS; i++)
		printf(" %s=%.*f", results[i].key, results[i].decimals, value[i]);
	putchar('\n');
}

static void run(const struct test *test)
{
	uint64_t per_step = test->bursts ? want.burst : 1, done, start, end, cpu;
	int fd = make_ends(test);

	for (done = 0; done < (uint64_t)want.warm; done += per_step)
		test->step(fd);
	if (test->settle && want.warm)
		test->settle(fd, false);

	done = 0;
	cpu = read_cpu();
	start = read_clock(CLOCK_MONOTONIC);
	end = start + (uint64_t)(want.seconds * NSEC_PER_SEC);
	do {
		test->step(fd);
		done += per_step;
	} while (want.count ? done < want.count : read_clock(CLOCK_MONOTONIC) < end);
	if (test->settle)
		test->settle(fd, true);
	end = read_clock(CLOCK_MONOTONIC);
	cpu = read_cpu() - cpu;

	print_result(test, done, end - start, cpu);
}

/* --- the command line --------------------------------------------------------------------- */

static void usage(FILE *out)
{
	size_t i;

	fprintf(out, "Usage: mynet-load TEST [OPTION...]\n\n"
		"Runs one network load with both of its ends and prints what it took.\n\n");
	for (i = 0; i < ARRAY_SIZE(tests); i++)
		fprintf(out, "  %-10s %s, %zu byte%s each\n", tests[i].name, tests[i].help,
			tests[i].size, tests[i].size == 1 ? "" : "s");
	fprintf(out, "\n"
		"  -f FAMILY  inet (default), mynet, or the number of any family that has the\n"
		"             addresses of inet\n"
		"  -s ADDR    the server's address (default 127.0.0.1)\n"
		"  -p PORT    the server's port (default: any)\n"
		"  -c ADDR    the client's address (default: what the route says)\n"
		"  -S NETNS   the server's network namespace, by the name ip-netns(8) gave it\n"
		"  -C NETNS   the client's\n"
		"  -n COUNT   operations: datagrams, messages or writes (default 10000)\n"
		"  -t SECONDS go on for so long, instead\n"
		"  -l BYTES   size of one operation\n"
		"  -b COUNT   udp: datagrams in a burst (default 32); %d bursts may be on their way\n"
		"  -w COUNT   operations before the clock starts (default 100; streams: 500)\n"
		"  -k KEY     print the value of this result alone\n"
		"  -h, --help\n\n"
		"Results: count of operations, bytes one way, elapsed_ns by the monotonic clock, cpu_ns\n"
		"of both processes; per_s, bytes_per_s, and usec and cpu_usec of one operation.\n",
		BURSTS_ON_WAY);
}

static int parse_result(const char *text)
{
	int i;

	for (i = 0; i < RESULTS; i++)
		if (!strcmp(text, results[i].key))
			return i;
	errx(2, "no result is called '%s'", text);
}

int main(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const struct test *test = NULL;
	size_t i;
	int opt;

	atexit(end_server);
	want.server.s_addr = htonl(INADDR_LOOPBACK);
	while ((opt = getopt_long(argc, argv, "f:s:p:c:S:C:n:t:l:b:w:k:h", long_options,
				  NULL)) != -1) {
		switch (opt) {
		case 'f':
			want.family = parse_family(optarg);
			want.family_name = optarg;
			break;
		case 's':
			want.server = parse_address(optarg);
			break;
		case 'p':
			want.port = parse_number("port", optarg, 1, UINT16_MAX);
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
		case 'n':
			want.count = parse_number("count", optarg, 1, UINT64_MAX / SIZE_MAX_BYTES);
			break;
		case 't':
			want.seconds = parse_duration(optarg);
			want.count = 0;
			break;
		case 'l':
			want.size = parse_number("size", optarg, 1, SIZE_MAX_BYTES);
			break;
		case 'b':
			want.burst = parse_number("burst", optarg, 1, SIZE_MAX_BYTES);
			break;
		case 'w':
			want.warm = parse_number("warm-up", optarg, 0, UINT32_MAX);
			break;
		case 'k':
			want.key = parse_result(optarg);
			break;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	}
	if (optind != argc - 1)
		errx(2, "one test has to be named");
	for (i = 0; i < ARRAY_SIZE(tests); i++)
		if (!strcmp(argv[optind], tests[i].name))
			test = &tests[i];
	if (!test)
		errx(2, "no test is called '%s'", argv[optind]);
	if (!want.size)
		want.size = test->size;
	if (want.warm < 0)
		want.warm = test->warm;
	if (test->type == SOCK_DGRAM && want.size > 65507)
		errx(2, "a datagram holds at most 65507 bytes");

	buffer = calloc(1, want.size);
	if (!buffer)
		err(1, "memory");
	run(test);
	return 0;
}
