// SPDX-License-Identifier: GPL-2.0
/*
 * Connections come and go at random, from eight threads that use each other's sockets: many are
 * aborted, most with data on the way. Nothing hangs, nothing is left over, and the kernel has
 * nothing to say about it. MYNET_SEED repeats what each thread does, MYNET_SOAK=y makes a hundred
 * thousand connections.
 */
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <time.h>

#include "kselftest_harness.h"
#include "churn.h"
#include "twin.h"

#define CONNECTIONS	1200
#define SOAK		100000
#define STEPS		12	/* calls between two connections, on average */

enum { OPENED, ACCEPTED, SENT, RECEIVED, ENDED, KINDS };

struct worker {
	pthread_t	thread;
	struct churn	random;
	int		listener;
	struct sockaddr_mynet name;
	unsigned int	connections, done[KINDS];
};

static unsigned int rnd(struct worker *w, unsigned int below)
{
	return churn_below(&w->random, below);
}

static int any_fd(struct worker *w)
{
	return churn_any_fd(&w->random);
}

/* In the place of another, which is closed with whatever it has. */
static void place(struct worker *w, int fd)
{
	const struct linger at_once = { 1, 0 };

	if (!rnd(w, 3))
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	dup2(fd, any_fd(w));
	close(fd);
}

static void open_one(struct worker *w)
{
	int fd = socket(AF_MYNET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return;
	if (!connect(fd, (struct sockaddr *)&w->name, sizeof(w->name)) || errno == EINPROGRESS)
		w->done[OPENED]++;
	place(w, fd);
}

static void accept_one(struct worker *w)
{
	int fd = accept4(w->listener, NULL, NULL, SOCK_NONBLOCK);

	if (fd < 0)
		return;
	w->done[ACCEPTED]++;
	place(w, fd);
}

static void transmit(struct worker *w)
{
	static const int flags[] = { 0, 0, 0, MSG_MORE, MSG_OOB, MSG_EOR };
	static char data[70000];

	size_t len = rnd(w, rnd(w, 3) ? 3000 : sizeof(data));

	w->done[SENT] += send(any_fd(w), rnd(w, 50) ? data : NOWHERE, len, MSG_DONTWAIT |
			      MSG_NOSIGNAL | flags[rnd(w, ARRAY_SIZE(flags))]) > 0;
}

static void receive(struct worker *w)
{
	static const int flags[] = {
		0, 0, 0, MSG_PEEK, MSG_TRUNC, MSG_OOB, MSG_ERRQUEUE, MSG_WAITALL,
	};
	char data[16384];

	w->done[RECEIVED] += recv(any_fd(w), rnd(w, 50) ? data : NOWHERE, rnd(w, sizeof(data)),
				  MSG_DONTWAIT | flags[rnd(w, ARRAY_SIZE(flags))]) > 0;
}

static void set(struct worker *w)
{
	static const int levels[] = { SOL_TCP, SOL_TCP, SOL_IP, SOL_SOCKET, SOL_MYNET };
	int level = levels[rnd(w, ARRAY_SIZE(levels))], value[64] = {}, fd = any_fd(w);
	int name = rnd(w, level == SOL_TCP ? 45 : 70);
	socklen_t len = rnd(w, 4) ? sizeof(int) : rnd(w, sizeof(value));

	value[0] = rnd(w, 2) ? rnd(w, 2) : (int)rnd(w, 70000) - 1;
	/* A lingering close() waits, and buffers without bound are nobody's to test here. */
	if (rnd(w, 2) || (level == SOL_SOCKET && (name == SO_LINGER || name == SO_RCVBUFFORCE ||
						  name == SO_SNDBUFFORCE || name == SO_BUSY_POLL)))
		getsockopt(fd, level, name, rnd(w, 30) ? (void *)value : NOWHERE, &len);
	else
		setsockopt(fd, level, name, rnd(w, 30) ? (void *)value : NOWHERE, len);
}

static void end(struct worker *w)
{
	const struct sockaddr dissolve = { .sa_family = AF_UNSPEC };
	int fd = any_fd(w);

	switch (rnd(w, 4)) {
	case 0:
		w->done[ENDED] += !connect(fd, &dissolve, sizeof(dissolve));
		break;
	case 1:
		w->done[ENDED] += !close(fd);
		break;
	default:
		w->done[ENDED] += !shutdown(fd, rnd(w, 3));
	}
}

static void look(struct worker *w)
{
	static const unsigned long requests[] = { FIONREAD, TIOCOUTQ, SIOCATMARK };
	struct pollfd poller = { .fd = any_fd(w), .events = POLLIN | POLLOUT | POLLRDHUP };
	struct sockaddr_mynet name;
	socklen_t len = sizeof(name);
	int n;

	switch (rnd(w, 4)) {
	case 0:
		ioctl(any_fd(w), requests[rnd(w, ARRAY_SIZE(requests))], &n);
		break;
	case 1:
		getpeername(any_fd(w), (struct sockaddr *)&name, &len);
		break;
	case 2:
		listen(any_fd(w), 1);
		break;
	default:
		poll(&poller, 1, 0);
	}
}

static void *work(void *arg)
{
	static void (*const what[])(struct worker *) = {
		transmit, transmit, transmit, receive, receive, receive, set, end, look,
	};
	struct worker *w = arg;
	unsigned int i;

	for (i = 0; i < w->connections * STEPS; i++) {
		if (i % STEPS == 0)
			open_one(w);
		else if (i % STEPS < 3)
			accept_one(w);
		else
			what[rnd(w, ARRAY_SIZE(what))](w);
	}
	close(w->listener);
	return NULL;
}

/* Lines of the table that do not show a connection that only waits for its ports to be free. */
static int alive(bool tell)
{
	char line[512];
	unsigned int state;
	FILE *file = fopen("/proc/net/mynet/tcp", "r");
	int n = 0;

	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%*[^:]: %*[^ ] %*[^ ] %x", &state) != 1 || state == TCP_TIME_WAIT)
			continue;
		if (tell)
			fprintf(stderr, "# %s", line);
		n++;
	}
	fclose(file);
	return n;
}

FIXTURE(churn)
{
	unsigned long	seed;
	unsigned int	connections;
};

FIXTURE_SETUP(churn)
{
	struct rlimit files = { 1024, 1024 };

	ASSERT_EQ(0, twin_netns());
	/* A random SO_BINDTOIFINDEX or IP_MINTTL makes connections deaf or dumb: let them end. */
	write_line("/proc/sys/net/mynet/tcp_orphan_retries", "3");
	write_line("/proc/sys/net/mynet/tcp_fin_timeout", "3");
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &files));
	self->seed = churn_seed();
	self->connections = churn_soak() ? SOAK : CONNECTIONS;
	printf("# MYNET_SEED=%lu, %u connections\n", self->seed, self->connections);
	fflush(stdout);
}

FIXTURE_TEARDOWN(churn)
{
}

static void start(struct __test_metadata *_metadata, struct worker *w, unsigned int nr)
{
	w->name = (struct sockaddr_mynet){ .smn_family = AF_MYNET, .smn_port = htons(5000 + nr) };
	w->name.smn_addr = htonl(INADDR_LOOPBACK + nr);
	w->listener = socket(AF_MYNET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	ASSERT_EQ(0, bind(w->listener, (struct sockaddr *)&w->name, sizeof(w->name)));
	ASSERT_EQ(0, listen(w->listener, 4));
	ASSERT_EQ(0, pthread_create(&w->thread, NULL, work, w));
}

TEST_F_TIMEOUT(churn, of_connections_leaves_nothing_behind, 7200)
{
	struct worker workers[CHURN_THREADS] = {};
	unsigned int i, kind, done;
	time_t end;

	for (i = 0; i < CHURN_THREADS; i++) {
		workers[i].random.state = self->seed * CHURN_THREADS + i;
		workers[i].connections = self->connections / CHURN_THREADS;
		start(_metadata, &workers[i], i);
	}
	for (i = 0; i < CHURN_THREADS; i++)
		ASSERT_EQ(0, pthread_join(workers[i].thread, NULL));
	for (i = 0; i < CHURN_SOCKETS; i++) {
		const struct linger at_once = { 1, 0 };

		setsockopt(CHURN_FIRST_FD + i, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		close(CHURN_FIRST_FD + i);
	}
	/*
	 * Connections that were closed before with data on the way end by themselves, as their
	 * peers are gone.
	 */
	for (end = time(NULL) + 60; alive(false) && time(NULL) < end;)
		sched_yield();
	EXPECT_EQ(0, alive(true));
	/* Random calls that all fail would show nothing. */
	for (kind = 0; kind < KINDS; kind++) {
		for (i = 0, done = 0; i < CHURN_THREADS; i++)
			done += workers[i].done[kind];
		EXPECT_GT(done, self->connections / 100) TH_LOG("kind %u: %u", kind, done);
	}
}

TEST_HARNESS_MAIN
