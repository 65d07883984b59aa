// SPDX-License-Identifier: GPL-2.0
/*
 * Random system calls on sockets of all kinds of datagrams, from eight threads at once: nothing
 * hangs, nothing is left over, and the kernel has nothing to say about it. MYNET_SEED repeats what
 * each thread does, MYNET_SOAK=y makes a million of them.
 */
#include <fcntl.h>
#include <net/if.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>

#include "kselftest_harness.h"
#include "churn.h"
#include "twin.h"

#define CALLS_SOAK	1000000
#define CALLS		24000
#define PORTS		16

enum { SENT, RECEIVED, BOUND, CONNECTED, SET, GOT, KINDS };

struct worker {
	pthread_t	thread;
	struct churn	random;
	int		epoll;
	unsigned int	calls, done[KINDS];
};

static unsigned int rnd(struct worker *w, unsigned int below)
{
	return churn_below(&w->random, below);
}

static int any_fd(struct worker *w)
{
	return churn_any_fd(&w->random);
}

static void any_name(struct worker *w, struct sockaddr_in *sin)
{
	static const char *const addrs[] = {
		"127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.2", "0.0.0.0", "224.1.2.3",
		"255.255.255.255", "192.0.2.1", "240.0.0.1",
	};
	static const unsigned short families[] = {
		AF_MYNET, AF_MYNET, AF_MYNET, AF_INET, AF_UNSPEC,
	};

	memset(sin, 0, sizeof(*sin));
	sin->sin_family = families[rnd(w, rnd(w, 4) ? 3 : ARRAY_SIZE(families))];
	sin->sin_port = htons(rnd(w, 8) ? 5000 + rnd(w, PORTS) : rnd(w, 65536));
	inet_aton(addrs[rnd(w, ARRAY_SIZE(addrs))], &sin->sin_addr);
}

static void make(struct worker *w)
{
	static const struct {
		int type, protocol;
	} kinds[] = {
		{ SOCK_DGRAM, 0 }, { SOCK_DGRAM, 0 }, { SOCK_DGRAM, IPPROTO_ICMP },
		{ SOCK_RAW, IPPROTO_UDP }, { SOCK_RAW, IPPROTO_ICMP }, { SOCK_RAW, 253 },
		{ SOCK_RAW, IPPROTO_RAW },
	};
	unsigned int kind = rnd(w, ARRAY_SIZE(kinds));
	int fd = socket(AF_MYNET, kinds[kind].type | SOCK_NONBLOCK, kinds[kind].protocol);

	if (fd < 0)
		return;
	dup2(fd, any_fd(w));
	close(fd);
}

/* Control messages that are right, and others. */
static size_t any_control(struct worker *w, char *control)
{
	static const struct {
		int level, type, len;
	} kinds[] = {
		{ SOL_IP, IP_TTL, 4 }, { SOL_IP, IP_TOS, 1 }, { SOL_IP, IP_RETOPTS, 8 },
		{ SOL_IP, IP_PKTINFO, 12 }, { SOL_UDP, UDP_SEGMENT, 2 }, { SOL_SOCKET, SO_MARK, 4 },
		{ SOL_SOCKET, SO_TIMESTAMPING, 4 }, { SOL_IP, 99, 4 },
	};
	static const unsigned char options[] = { 7, 7, 4, 0, 0, 0, 0, 1 };
	struct cmsghdr *cmsg = (struct cmsghdr *)control;
	unsigned int kind = rnd(w, ARRAY_SIZE(kinds));
	int value = rnd(w, 300);

	if (rnd(w, 3))
		return 0;
	memset(control, 0, CMSG_SPACE(16));
	cmsg->cmsg_level = kinds[kind].level;
	cmsg->cmsg_type = kinds[kind].type;
	cmsg->cmsg_len = CMSG_LEN(kinds[kind].len) - !rnd(w, 8);
	memcpy(CMSG_DATA(cmsg), kind == 2 ? (void *)options : &value, kind == 2 ? 8 : 4);
	return CMSG_SPACE(kinds[kind].len);
}

static void transmit(struct worker *w)
{
	static const int flags[] = {
		0, 0, 0, 0, MSG_MORE, MSG_CONFIRM, MSG_DONTROUTE, MSG_PROXY, MSG_OOB, MSG_NOSIGNAL,
	};
	char data[4000] = { [0] = ICMP_ECHO };
	long control[8];
	struct sockaddr_in sin;
	struct iovec iov = {
		rnd(w, 50) ? data : NOWHERE, rnd(w, 20) ? rnd(w, sizeof(data)) : 65000,
	};
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control };

	if (iov.iov_len > sizeof(data))
		iov.iov_base = NOWHERE;
	if (!rnd(w, 5))
		data[0] = 0x45;
	any_name(w, &sin);
	if (rnd(w, 2)) {
		msg.msg_name = &sin;
		msg.msg_namelen = sizeof(sin) - !rnd(w, 16);
	}
	msg.msg_controllen = any_control(w, (char *)control);
	w->done[SENT] += sendmsg(any_fd(w), &msg, MSG_DONTWAIT |
				 flags[rnd(w, ARRAY_SIZE(flags))]) >= 0;
}

static void receive(struct worker *w)
{
	static const int flags[] = {
		0, 0, 0, MSG_PEEK, MSG_TRUNC, MSG_ERRQUEUE, MSG_PEEK | MSG_TRUNC,
	};
	long control[64];
	char data[4000];
	struct sockaddr_in sin;
	struct iovec iov = { rnd(w, 50) ? data : NOWHERE, rnd(w, sizeof(data)) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_name = &sin, .msg_namelen = sizeof(sin),
		.msg_control = control, .msg_controllen = rnd(w, sizeof(control)),
	};

	w->done[RECEIVED] += recvmsg(any_fd(w), &msg, MSG_DONTWAIT |
				     flags[rnd(w, ARRAY_SIZE(flags))]) >= 0;
}

/* Would the option make the machine wait or run out of memory? That is not tested here. */
static bool harmful(int level, int name)
{
	return level == SOL_SOCKET && (name == SO_BUSY_POLL || name == SO_RCVBUFFORCE ||
				       name == SO_SNDBUFFORCE || name == SO_PREFER_BUSY_POLL ||
				       name == SO_BUSY_POLL_BUDGET);
}

static void options(struct worker *w)
{
	static const int levels[] = { SOL_IP, SOL_IP, SOL_SOCKET, SOL_UDP, SOL_MYNET, 255 };
	int level = levels[rnd(w, ARRAY_SIZE(levels))], value[16] = {};
	int name = rnd(w, level == SOL_UDP ? 110 : 75), fd = any_fd(w);
	socklen_t len = rnd(w, 3) ? sizeof(int) : rnd(w, sizeof(value));

	if (rnd(w, 2)) {
		w->done[GOT] += !getsockopt(fd, level, name, rnd(w, 30) ? (void *)value : NOWHERE,
					    &len);
		return;
	}
	if (harmful(level, name))
		return;
	value[0] = rnd(w, 2) ? rnd(w, 2) : (int)rnd(w, 70000) - 1;
	if (name == IP_OPTIONS && level == SOL_IP)
		memcpy(value, "\7\13\4\0\0\0\0\0\0\0\0\1", 12);
	if (!rnd(w, 4)) {	/* a group, by some device */
		value[0] = htonl(0xe0010203 + rnd(w, 4));
		value[2] = rnd(w, 3);
		len = 12;
	}
	w->done[SET] += !setsockopt(fd, level, name, rnd(w, 30) ? (void *)value : NOWHERE, len);
}

static void names(struct worker *w)
{
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);

	any_name(w, &sin);
	switch (rnd(w, 4)) {
	case 0:
		w->done[BOUND] += !bind(any_fd(w), (struct sockaddr *)&sin, sizeof(sin));
		break;
	case 1:
		w->done[CONNECTED] += !connect(any_fd(w), (struct sockaddr *)&sin, sizeof(sin));
		break;
	case 2:
		getsockname(any_fd(w), (struct sockaddr *)&sin, &len);
		break;
	default:
		getpeername(any_fd(w), (struct sockaddr *)&sin, &len);
	}
}

static void others(struct worker *w)
{
	static const unsigned long requests[] = { FIONREAD, TIOCOUTQ, SIOCGIFADDR, SIOCGIFINDEX };
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | (rnd(w, 2) ? EPOLLET : 0) };
	struct ifreq ifr = { .ifr_name = "lo" };
	struct pollfd poller;

	switch (rnd(w, 8)) {
	case 0:
		shutdown(any_fd(w), rnd(w, 4));
		break;
	case 1:
		ioctl(any_fd(w), requests[rnd(w, ARRAY_SIZE(requests))], &ifr);
		break;
	case 2:
		dup2(any_fd(w), any_fd(w));
		break;
	case 3:
		close(any_fd(w));
		break;
	case 4:
		epoll_ctl(w->epoll, rnd(w, 2) ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, any_fd(w), &event);
		break;
	case 5:
		epoll_wait(w->epoll, &event, 1, 0);
		break;
	case 6:
		listen(any_fd(w), 1);
		break;
	default:
		poller = (struct pollfd){ .fd = any_fd(w), .events = POLLIN | POLLOUT };
		poll(&poller, 1, 0);
	}
}

static void *work(void *arg)
{
	static void (*const what[])(struct worker *) = {
		make, names, names, transmit, transmit, transmit, transmit, receive, receive,
		receive, receive, options, options, others,
	};
	struct worker *w = arg;
	unsigned int i;

	for (i = 0; i < w->calls; i++)
		what[rnd(w, ARRAY_SIZE(what))](w);
	return NULL;
}

/* Sockets of this namespace, in a table of /proc/net/mynet. */
static int listed(const char *table)
{
	char path[64], line[512];
	FILE *file;
	int n = -1;

	snprintf(path, sizeof(path), "/proc/net/mynet/%s", table);
	file = fopen(path, "r");
	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file))
		n++;
	fclose(file);
	return n;
}

FIXTURE(churn)
{
	unsigned long	seed;
	unsigned int	calls;
};

FIXTURE_SETUP(churn)
{
	struct rlimit files = { 1024, 1024 };
	FILE *range;

	ASSERT_EQ(0, twin_netns());
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &files));
	range = fopen("/proc/sys/net/mynet/ping_group_range", "w");
	ASSERT_NE(NULL, range);
	fputs("0 0", range);
	fclose(range);
	self->seed = churn_seed();
	self->calls = churn_soak() ? CALLS_SOAK : CALLS;
	printf("# MYNET_SEED=%lu, %u calls\n", self->seed, self->calls);
	fflush(stdout);
}

FIXTURE_TEARDOWN(churn)
{
}

TEST_F_TIMEOUT(churn, of_random_calls_leaves_nothing_behind, 7200)
{
	static const char *const tables[] = { "udp", "raw", "icmp" };
	struct worker workers[CHURN_THREADS] = {};
	unsigned int i, kind, done;
	char back[4];
	int fd;

	for (i = 0; i < CHURN_THREADS; i++) {
		workers[i].random.state = self->seed * CHURN_THREADS + i;
		workers[i].calls = self->calls / CHURN_THREADS;
		workers[i].epoll = epoll_create1(0);
		ASSERT_EQ(0, pthread_create(&workers[i].thread, NULL, work, &workers[i]));
	}
	for (i = 0; i < CHURN_THREADS; i++) {
		ASSERT_EQ(0, pthread_join(workers[i].thread, NULL));
		close(workers[i].epoll);
	}
	for (i = 0; i < CHURN_SOCKETS; i++)
		close(CHURN_FIRST_FD + i);
	for (i = 0; i < ARRAY_SIZE(tables); i++)
		EXPECT_EQ(0, listed(tables[i]));
	/* Random calls that all fail would show nothing. */
	for (kind = 0; kind < KINDS; kind++) {
		for (i = 0, done = 0; i < CHURN_THREADS; i++)
			done += workers[i].done[kind];
		EXPECT_GT(done, self->calls / 4000) TH_LOG("kind %u: %u", kind, done);
	}

	/* And it is still a network. */
	fd = socket(AF_MYNET, SOCK_DGRAM, 0);
	struct sockaddr_mynet name = { .smn_family = AF_MYNET, .smn_port = htons(6000) };

	name.smn_addr = htonl(INADDR_LOOPBACK);
	ASSERT_EQ(0, bind(fd, (struct sockaddr *)&name, sizeof(name)));
	ASSERT_EQ(4, sendto(fd, "here", 4, 0, (struct sockaddr *)&name, sizeof(name)));
	ASSERT_EQ(4, recv(fd, back, sizeof(back), 0));
	close(fd);
}

TEST_HARNESS_MAIN
