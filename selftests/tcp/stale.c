// SPDX-License-Identifier: GPL-2.0
/*
 * A segment found its socket, and the socket becomes another before its lock is there. The
 * socket's own filter takes long enough: it searches a large segment hundreds of times, on one
 * processor, while the other dissolves the connection and makes a listener of the socket.
 */
#include <linux/filter.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>

#include "kselftest_harness.h"
#include "twin.h"

#define LO		"127.0.0.1"
#define SEARCHES	380
#define PAYLOAD		60000
#define ATTEMPTS	20

struct late {
	unsigned char	packet[40 + PAYLOAD];
	int		raw;
	struct sockaddr_in to;
	atomic_bool	begun, done;
};

FIXTURE(stale)
{
	struct twin	*t;
	struct late	*late;
	int		s, helper;
};

static void keep_to(int cpu)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

FIXTURE_SETUP(stale)
{
	int yes = 1;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		SKIP(return, "it takes two processors");
	ASSERT_EQ(0, twin_netns());
	keep_to(0);
	self->t = calloc(1, sizeof(*self->t));
	self->t->family = AF_MYNET;
	self->late = calloc(1, sizeof(*self->late));
	self->late->raw = twin_socket(self->t, SOCK_RAW, IPPROTO_RAW);
	ASSERT_LE(0, self->late->raw);
	ASSERT_EQ(0, setsockopt(self->late->raw, SOL_IP, IP_HDRINCL, &yes, sizeof(yes)));
}

FIXTURE_TEARDOWN(stale)
{
	while (self->t && self->t->fds)
		close(self->t->fd[--self->t->fds]);
	free(self->t);
	free(self->late);
}

static unsigned int sum(const void *data, int len, unsigned int so_far)
{
	const unsigned char *b = data;
	int i;

	for (i = 0; i < len; i += 2)
		so_far += b[i] << 8 | b[i + 1];
	return so_far;
}

static unsigned short fold(unsigned int so_far)
{
	while (so_far >> 16)
		so_far = (so_far & 0xffff) + (so_far >> 16);
	return htons(~so_far);
}

/* A segment with these flags, from @from to @to of this host, with sequence number 0. */
static void make(struct late *late, int from, int to, bool rst)
{
	struct iphdr *ip = (struct iphdr *)late->packet;
	struct tcphdr *th = (struct tcphdr *)(ip + 1);
	unsigned char *data = (unsigned char *)(th + 1);
	const int len = sizeof(*th) + PAYLOAD;
	int i;

	memset(late->packet, 0, sizeof(late->packet));
	ip->version = 4;
	ip->ihl = 5;
	ip->tot_len = htons(20 + len);
	ip->ttl = 64;
	ip->protocol = IPPROTO_TCP;
	ip->saddr = htonl(INADDR_LOOPBACK);
	ip->daddr = htonl(INADDR_LOOPBACK);
	th->source = htons(from);
	th->dest = htons(to);
	th->doff = 5;
	th->rst = rst;
	th->ack = !rst;
	/* As netlink attributes: each of four bytes. */
	for (i = 0; i < PAYLOAD; i += 4)
		data[i] = 4;
	th->check = fold(sum(th, len, sum(&ip->saddr, 8, IPPROTO_TCP + len)));
	ip->check = fold(sum(ip, 20, 0));
	late->to = (struct sockaddr_in){
		.sin_family = AF_MYNET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

static int slow_down(int fd)
{
	struct sock_filter f[2 * SEARCHES + 2];
	struct sock_fprog prog = { .len = 2 * SEARCHES + 2, .filter = f };
	int i;

	f[0] = (struct sock_filter)BPF_STMT(BPF_LDX | BPF_IMM, 1);
	for (i = 0; i < SEARCHES; i++) {
		f[2 * i + 1] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_IMM, 20);
		f[2 * i + 2] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_B | BPF_ABS,
							    SKF_AD_OFF + SKF_AD_NLATTR);
	}
	f[2 * SEARCHES + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0xffffffff);
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog));
}

static void *send_late(void *arg)
{
	struct late *late = arg;

	keep_to(1);
	atomic_store(&late->begun, true);
	sendto(late->raw, late->packet, sizeof(late->packet), 0, (struct sockaddr *)&late->to,
	       sizeof(late->to));
	atomic_store(&late->done, true);
	return NULL;
}

static int state(int fd)
{
	struct tcp_info info = {};
	socklen_t len = sizeof(info);

	return getsockopt(fd, SOL_TCP, TCP_INFO, &info, &len) ? -errno : info.tcpi_state;
}

/* A listener, and a socket that is connected to it and has the slow filter. */
static void connect_slowly(struct __test_metadata *_metadata, struct _test_data_stale *self,
			   int port)
{
	int defer = 30;

	self->helper = twin_socket(self->t, SOCK_STREAM, 0);
	on(self->helper, SOL_SOCKET, SO_REUSEADDR, 1);
	ASSERT_EQ(0, bind(self->helper, twin_addr(self->t, LO, port + 1000), TWIN_LEN));
	ASSERT_EQ(0, listen(self->helper, 5));
	self->s = twin_socket(self->t, SOCK_STREAM, 0);
	on(self->s, SOL_SOCKET, SO_REUSEADDR, 1);
	ASSERT_EQ(0, bind(self->s, twin_addr(self->t, LO, port), TWIN_LEN));
	ASSERT_EQ(0, connect(self->s, twin_addr(self->t, LO, port + 1000), TWIN_LEN));
	/* The handshakes of the listener that it is to be wait for data. */
	ASSERT_EQ(0, on(self->s, SOL_TCP, TCP_DEFER_ACCEPT, defer));
	ASSERT_EQ(0, slow_down(self->s));
}

/*
 * Sends a late segment to the connection and makes a listener of its socket meanwhile, with a
 * handshake under way. Return: the segment was later.
 */
static bool overtake(struct __test_metadata *_metadata, struct _test_data_stale *self, int port,
		     bool rst, int us)
{
	const struct timespec pause = { 0, us * 1000L };
	const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	pthread_t thread;
	bool late;
	int c;

	connect_slowly(_metadata, self, port);
	make(self->late, port + 1000, port, rst);
	atomic_store(&self->late->begun, false);
	atomic_store(&self->late->done, false);
	ASSERT_EQ(0, pthread_create(&thread, NULL, send_late, self->late));
	while (!atomic_load(&self->late->begun))
		sched_yield();
	/* waits for time itself: the segment is to be in the filter */
	nanosleep(&pause, NULL);
	ASSERT_EQ(0, connect(self->s, &nobody, sizeof(nobody)));
	ASSERT_EQ(0, listen(self->s, 5));
	c = twin_socket(self->t, SOCK_STREAM | SOCK_NONBLOCK, 0);
	connect(c, twin_addr(self->t, LO, port), TWIN_LEN);
	late = !atomic_load(&self->late->done) && state(self->s) == TCP_LISTEN;
	pthread_join(thread, NULL);
	return late;
}

static void one_kind(struct __test_metadata *_metadata, struct _test_data_stale *self, bool rst)
{
	int i, n = 0;

	for (i = 0; i < ATTEMPTS && n < 3; i++) {
		n += overtake(_metadata, self, 5600 + i, rst, 300 * i);
		ASSERT_EQ(TCP_LISTEN, state(self->s));
		while (self->t->fds > 1)
			close(self->t->fd[--self->t->fds]);
	}
	if (!n)
		SKIP(return, "the segment was never late");
}

TEST_F(stale, a_reset_of_the_connection_before_does_not_end_a_listener)
{
	one_kind(_metadata, self, true);
}

TEST_F(stale, nor_does_its_data_make_anything_of_it)
{
	one_kind(_metadata, self, false);
}

TEST_HARNESS_MAIN
