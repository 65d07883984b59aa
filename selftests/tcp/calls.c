// SPDX-License-Identifier: GPL-2.0
/*
 * The calls of a TCP socket on AF_INET and on PF_MYNET over the loopback device: the same results
 * and the same errors, in every state.
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

#include "kselftest_harness.h"
#include "twin.h"

#define LO	"127.0.0.1"

FIXTURE(calls)
{
};

FIXTURE_SETUP(calls)
{
	ASSERT_EQ(0, twin_netns());
}

FIXTURE_TEARDOWN(calls)
{
}

static int tcp(struct twin *t)
{
	return twin_socket(t, SOCK_STREAM, 0);
}

static int get(int fd, int level, int name)
{
	socklen_t len = sizeof(int);
	int val = -12345;

	return getsockopt(fd, level, name, &val, &len) ? -1 : val;
}

static int listener(struct twin *t, int port, int backlog)
{
	int fd = tcp(t);

	on(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	SAY(t, bind(fd, twin_addr(t, LO, port), TWIN_LEN));
	SAY(t, listen(fd, backlog));
	return fd;
}

/* accept(), and one more socket to close at the end. */
static int taken(struct twin *t, int fd)
{
	int child = accept(fd, NULL, NULL);

	if (child >= 0)
		t->fd[t->fds++] = child;
	return child;
}

struct pair {
	int l, c, s;
};

static struct pair pair(struct twin *t)
{
	struct pair p;

	p.l = listener(t, 7000, 5);
	p.c = tcp(t);
	SAY(t, connect(p.c, twin_addr(t, LO, 7000), TWIN_LEN));
	p.s = taken(t, p.l);
	SAY(t, p.s >= 0);
	return p;
}

/* Events, once those wanted are there. */
static int events(int fd, int wanted)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT | POLLRDHUP | POLLPRI };
	int i;

	for (i = 0; i < 500; i++) {
		if (poll(&p, 1, 0) < 0)
			return -1;
		if ((p.revents & wanted) == wanted)
			return p.revents;
		poll(NULL, 0, 10);
	}
	return -2;
}

static int error_of(int fd)
{
	return get(fd, SOL_SOCKET, SO_ERROR);
}

static void set_timeout(int fd, int ms)
{
	struct timeval tv = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
}

static void nobody_listens(struct twin *t)
{
	int fd = tcp(t);

	SAY(t, connect(fd, twin_addr(t, LO, 7001), TWIN_LEN));
	SAY(t, connect(fd, twin_addr(t, LO, 7001), TWIN_LEN));
	SAY(t, send(fd, "x", 1, MSG_NOSIGNAL));
	SAY(t, recv(fd, &fd, 1, 0));
}

TEST_F(calls, a_port_without_listener_refuses) { TWINS(nobody_listens); }

static void refused_without_waiting(struct twin *t)
{
	int fd = tcp(t);

	fcntl(fd, F_SETFL, O_NONBLOCK);
	SAY(t, connect(fd, twin_addr(t, LO, 7001), TWIN_LEN));
	SAY(t, events(fd, POLLERR | POLLHUP));
	SAY(t, error_of(fd));
	SAY(t, error_of(fd));
}

TEST_F(calls, a_refusal_is_found_later_by_who_does_not_wait) { TWINS(refused_without_waiting); }

static void connects_without_waiting(struct twin *t)
{
	int l = listener(t, 7000, 5), fd = tcp(t);

	fcntl(fd, F_SETFL, O_NONBLOCK);
	SAY(t, connect(fd, twin_addr(t, LO, 7000), TWIN_LEN) == 0 || errno == EINPROGRESS);
	SAY(t, events(fd, POLLOUT));
	SAY(t, error_of(fd));
	SAY(t, connect(fd, twin_addr(t, LO, 7000), TWIN_LEN));
	SAY(t, connect(fd, twin_addr(t, LO, 7000), TWIN_LEN));
	SAY(t, taken(t, l) >= 0);
}

TEST_F(calls, a_connection_is_found_later_by_who_does_not_wait) { TWINS(connects_without_waiting); }

static void not_connected(struct twin *t)
{
	int fd = tcp(t);
	char c;

	SAY(t, send(fd, "x", 1, MSG_NOSIGNAL));
	SAY(t, recv(fd, &c, 1, 0));
	SAY(t, recv(fd, &c, 1, MSG_OOB));
	SAY(t, shutdown(fd, SHUT_RDWR));
	SAY(t, accept(fd, NULL, NULL));
	SAY(t, getpeername(fd, (struct sockaddr *)&c, &(socklen_t){ 0 }));
	SAY(t, events(fd, 0));
	SAY(t, get(fd, SOL_SOCKET, SO_ACCEPTCONN));
}

TEST_F(calls, a_new_socket_can_do_little) { TWINS(not_connected); }

static void a_listener_is_no_connection(struct twin *t)
{
	int l = listener(t, 7000, 1);
	char c;

	SAY(t, send(l, "x", 1, MSG_NOSIGNAL));
	SAY(t, recv(l, &c, 1, 0));
	SAY(t, connect(l, twin_addr(t, LO, 7000), TWIN_LEN));
	SAY(t, get(l, SOL_SOCKET, SO_ACCEPTCONN));
	SAY(t, listen(l, 3));
	SAY(t, ioctl(l, SIOCINQ, &c));
	SAY(t, events(l, 0));
	fcntl(l, F_SETFL, O_NONBLOCK);
	SAY(t, accept(l, NULL, NULL));
	SAY(t, shutdown(l, SHUT_WR));
	SAY(t, shutdown(l, SHUT_RD));
	SAY(t, accept(l, NULL, NULL));
	SAY(t, listen(l, 3));
}

TEST_F(calls, a_listener_listens) { TWINS(a_listener_is_no_connection); }

static void bind_rules(struct twin *t)
{
	int a = tcp(t), b = tcp(t), c = tcp(t), d = tcp(t);
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);

	SAY(t, bind(a, twin_addr(t, LO, 7000), TWIN_LEN));
	SAY(t, bind(a, twin_addr(t, LO, 7001), TWIN_LEN));
	SAY(t, bind(b, twin_addr(t, LO, 7000), TWIN_LEN));
	SAY(t, bind(b, twin_addr(t, "0.0.0.0", 7000), TWIN_LEN));
	SAY(t, bind(b, twin_addr(t, "192.0.2.77", 7000), TWIN_LEN));
	on(a, SOL_SOCKET, SO_REUSEADDR, 1);
	on(c, SOL_SOCKET, SO_REUSEADDR, 1);
	on(d, SOL_SOCKET, SO_REUSEADDR, 1);
	SAY(t, bind(c, twin_addr(t, LO, 7002), TWIN_LEN));
	SAY(t, bind(d, twin_addr(t, LO, 7002), TWIN_LEN));
	SAY(t, listen(c, 1));
	SAY(t, listen(d, 1));
	SAY(t, getsockname(d, (struct sockaddr *)&sin, &len));
	SAY(t, twin_name(t, &sin));
	SAY(t, shutdown(c, SHUT_RD));
	SAY(t, listen(d, 1));
	SAY(t, listen(c, 1));
	SAY(t, bind(b, twin_addr(t, LO, 7003), TWIN_LEN));
	SAY(t, bind(tcp(t), twin_addr(t, "0.0.0.0", 7003), TWIN_LEN));
}

TEST_F(calls, ports_are_shared_as_inet_shares_them) { TWINS(bind_rules); }

static void listens_again(struct twin *t, bool reuse)
{
	int l = tcp(t), c = tcp(t);

	on(l, SOL_SOCKET, SO_REUSEADDR, reuse);
	SAY(t, bind(l, twin_addr(t, LO, 7000), TWIN_LEN));
	SAY(t, listen(l, 1));
	SAY(t, connect(c, twin_addr(t, LO, 7000), TWIN_LEN));
	SAY(t, taken(t, l) >= 0);
	SAY(t, shutdown(l, SHUT_RD));
	SAY(t, listen(l, 1));
	SAY(t, connect(tcp(t), twin_addr(t, LO, 7000), TWIN_LEN));
}

static void listens_again_alone(struct twin *t)
{
	listens_again(t, false);
}

static void listens_again_sharing(struct twin *t)
{
	listens_again(t, true);
}

TEST_F(calls, connections_may_keep_a_listener_from_coming_back)
{
	TWINS(listens_again_alone);
	TWINS(listens_again_sharing);
}

static void listens_by_ttl(struct twin *t)
{
	int l = listener(t, 7000, 5), c = tcp(t), d = tcp(t);

	SAY(t, on(l, SOL_IP, IP_MINTTL, 255));
	set_timeout(c, 300);
	SAY(t, connect(c, twin_addr(t, LO, 7000), TWIN_LEN));
	SAY(t, on(d, SOL_IP, IP_TTL, 255));
	SAY(t, connect(d, twin_addr(t, LO, 7000), TWIN_LEN));
	SAY(t, taken(t, l) >= 0);
}

TEST_F(calls, a_listener_hears_nobody_from_too_far) { TWINS(listens_by_ttl); }

/* Data that comes with the end of the handshake is cut like all else, and comes again. */
static void listens_with_filter(struct twin *t)
{
	struct sock_filter first[] = { { BPF_RET | BPF_K, 0, 0, 40 } };
	struct sock_fprog filter = { .len = 1, .filter = first };
	int l = listener(t, 7000, 5), c = tcp(t), s;
	char buf[16];

	SAY(t, on(l, SOL_TCP, TCP_DEFER_ACCEPT, 3));
	SAY(t, setsockopt(l, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)));
	SAY(t, connect(c, twin_addr(t, LO, 7000), TWIN_LEN));
	SAY(t, send(c, "0123456789abcdef", 16, 0));
	s = taken(t, l);
	SAY(t, s >= 0);
	SAY(t, recv(s, buf, 16, MSG_WAITALL));
	SAY(t, memcmp(buf, "0123456789abcdef", 16));
}

TEST_F(calls, a_filter_may_cut_the_first_data) { TWINS(listens_with_filter); }

static void names(struct twin *t)
{
	struct pair p = pair(t);
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);

	SAY(t, getpeername(p.c, (struct sockaddr *)&sin, &len));
	SAY(t, twin_name(t, &sin));
	SAY(t, len);
	SAY(t, getsockname(p.s, (struct sockaddr *)&sin, &len));
	SAY(t, twin_name(t, &sin));
	SAY(t, getpeername(p.s, (struct sockaddr *)&sin, &len));
	SAY(t, twin_name(t, &sin) >> 16);
}

TEST_F(calls, both_ends_have_names) { TWINS(names); }

static void data_both_ways(struct twin *t)
{
	struct pair p = pair(t);
	char buf[64] = {};
	int n;

	SAY(t, send(p.c, "hello", 5, 0));
	SAY(t, twin_readable(p.s, 5000));
	SAY(t, (ioctl(p.s, SIOCINQ, &n), n));
	SAY(t, recv(p.s, buf, 3, MSG_PEEK));
	SAY(t, recv(p.s, buf, 3, 0));
	SAY(t, memcmp(buf, "hel", 3));
	SAY(t, recv(p.s, buf, sizeof(buf), 0));
	SAY(t, memcmp(buf, "lo", 2));
	SAY(t, recv(p.s, buf, sizeof(buf), MSG_DONTWAIT));
	SAY(t, send(p.s, "back", 4, 0));
	SAY(t, recv(p.c, buf, 4, MSG_WAITALL));
	SAY(t, send(p.s, "dropped", 7, 0));
	SAY(t, recv(p.c, NULL, 7, MSG_TRUNC | MSG_WAITALL));
	SAY(t, (ioctl(p.c, SIOCOUTQ, &n), n));
	SAY(t, events(p.c, POLLOUT));
	SAY(t, send(p.c, "", 0, 0));
	SAY(t, recv(p.c, buf, 0, MSG_DONTWAIT));
}

TEST_F(calls, data_goes_both_ways) { TWINS(data_both_ways); }

static void half_close(struct twin *t)
{
	struct pair p = pair(t);
	char buf[64];

	SAY(t, shutdown(p.c, SHUT_WR));
	SAY(t, send(p.c, "x", 1, MSG_NOSIGNAL));
	SAY(t, events(p.s, POLLRDHUP));
	SAY(t, recv(p.s, buf, sizeof(buf), 0));
	SAY(t, recv(p.s, buf, sizeof(buf), 0));
	SAY(t, send(p.s, "still", 5, 0));
	SAY(t, recv(p.c, buf, 5, MSG_WAITALL));
	SAY(t, shutdown(p.s, SHUT_WR));
	SAY(t, recv(p.c, buf, sizeof(buf), 0));
	SAY(t, events(p.s, POLLHUP));
	SAY(t, recv(p.s, buf, sizeof(buf), 0));
	SAY(t, send(p.s, "x", 1, MSG_NOSIGNAL));
	SAY(t, shutdown(p.s, SHUT_WR));
}

TEST_F(calls, one_side_may_end_before_the_other) { TWINS(half_close); }

static void shut_for_reading(struct twin *t)
{
	struct pair p = pair(t);
	char buf[64];

	SAY(t, shutdown(p.c, SHUT_RD));
	SAY(t, recv(p.c, buf, sizeof(buf), 0));
	SAY(t, events(p.c, POLLIN | POLLRDHUP));
	SAY(t, send(p.s, "abc", 3, MSG_NOSIGNAL));
	SAY(t, twin_readable(p.c, 1000));
	SAY(t, send(p.c, "x", 1, 0));
	SAY(t, recv(p.s, buf, 1, 0));
}

TEST_F(calls, who_reads_no_more_may_still_write) { TWINS(shut_for_reading); }

static void unread_data_resets(struct twin *t)
{
	struct pair p = pair(t);
	char buf[8];

	SAY(t, send(p.c, "unread", 6, 0));
	SAY(t, twin_readable(p.s, 5000));
	SAY(t, close(p.s));
	t->fds--;
	SAY(t, events(p.c, POLLERR | POLLHUP));
	SAY(t, recv(p.c, buf, 1, 0));
	SAY(t, recv(p.c, buf, 1, 0));
	SAY(t, send(p.c, "x", 1, MSG_NOSIGNAL));
}

TEST_F(calls, who_leaves_data_unread_resets) { TWINS(unread_data_resets); }

static void linger_zero_resets(struct twin *t)
{
	struct linger l = { .l_onoff = 1 };
	struct pair p = pair(t);
	char buf[8];

	SAY(t, setsockopt(p.s, SOL_SOCKET, SO_LINGER, &l, sizeof(l)));
	SAY(t, close(p.s));
	t->fds--;
	SAY(t, events(p.c, POLLERR));
	SAY(t, error_of(p.c));
	SAY(t, recv(p.c, buf, 1, 0));
}

TEST_F(calls, linger_of_nothing_resets) { TWINS(linger_zero_resets); }

static void written_to_who_is_gone(struct twin *t)
{
	struct pair p = pair(t);
	char buf[8];

	SAY(t, close(p.s));
	t->fds--;
	SAY(t, recv(p.c, buf, 1, 0));
	SAY(t, events(p.c, POLLRDHUP));
	SAY(t, send(p.c, "x", 1, MSG_NOSIGNAL));
	SAY(t, events(p.c, POLLHUP));
	SAY(t, send(p.c, "x", 1, MSG_NOSIGNAL));
	SAY(t, recv(p.c, buf, 1, 0));
}

TEST_F(calls, who_writes_to_the_gone_is_told) { TWINS(written_to_who_is_gone); }

static void listener_gone(struct twin *t)
{
	int l = listener(t, 7000, 5), c = tcp(t);
	char buf[8];

	SAY(t, connect(c, twin_addr(t, LO, 7000), TWIN_LEN));
	t->fd[0] = dup(0);
	SAY(t, close(l));
	SAY(t, events(c, POLLHUP));
	SAY(t, recv(c, buf, 1, 0));
}

TEST_F(calls, connections_nobody_accepted_end_with_the_listener) { TWINS(listener_gone); }

static void again_after_unspec(struct twin *t)
{
	struct sockaddr unspec = { .sa_family = AF_UNSPEC };
	struct pair p = pair(t);
	char buf[8];

	SAY(t, connect(p.c, &unspec, sizeof(unspec)));
	SAY(t, recv(p.c, buf, 1, MSG_DONTWAIT));
	SAY(t, recv(p.s, buf, 1, 0));
	SAY(t, error_of(p.c));
	SAY(t, connect(p.c, twin_addr(t, LO, 7000), TWIN_LEN));
	SAY(t, taken(t, p.l) >= 0);
	SAY(t, send(p.c, "x", 1, 0));
}

TEST_F(calls, a_socket_can_be_used_again) { TWINS(again_after_unspec); }

/* The error of the connection before is none of the next one's. */
static void again_without_asking(struct twin *t)
{
	struct sockaddr unspec = { .sa_family = AF_UNSPEC };
	struct pair p = pair(t);
	char buf[8];
	int s;

	SAY(t, send(p.c, "x", 1, 0));
	SAY(t, shutdown(p.s, SHUT_WR));
	SAY(t, events(p.c, POLLRDHUP));
	SAY(t, connect(p.c, &unspec, sizeof(unspec)));
	SAY(t, events(p.c, 0));
	SAY(t, connect(p.c, twin_addr(t, LO, 7000), TWIN_LEN));
	s = taken(t, p.l);
	SAY(t, s >= 0);
	SAY(t, events(p.c, 0));
	SAY(t, send(p.c, "x", 1, 0));
	SAY(t, recv(s, buf, 1, 0));
	SAY(t, recv(p.c, buf, 1, MSG_DONTWAIT));
}

TEST_F(calls, a_new_connection_has_no_old_error) { TWINS(again_without_asking); }

/* One that ends here first, so that TIME_WAIT is at @fd. */
static void comes_and_goes(struct twin *t, int fd, int l, int port)
{
	char c;
	int s;

	SAY(t, connect(fd, twin_addr(t, LO, port), TWIN_LEN));
	s = accept(l, NULL, NULL);
	SAY(t, shutdown(fd, SHUT_WR));
	SAY(t, recv(s, &c, 1, 0));
	close(s);
	SAY(t, recv(fd, &c, 1, 0));
	SAY(t, events(fd, POLLHUP));
}

static void again_from_the_port(struct twin *t)
{
	struct sockaddr unspec = { .sa_family = AF_UNSPEC };
	int l = listener(t, 7000, 5), m = listener(t, 7001, 5), fd = tcp(t);

	SAY(t, bind(fd, twin_addr(t, LO, 7002), TWIN_LEN));
	comes_and_goes(t, fd, l, 7000);
	SAY(t, connect(fd, &unspec, sizeof(unspec)));
	comes_and_goes(t, fd, m, 7001);
	SAY(t, connect(fd, &unspec, sizeof(unspec)));
	SAY(t, bind(tcp(t), twin_addr(t, LO, 7002), TWIN_LEN));
	SAY(t, listen(fd, 1));
}

TEST_F(calls, a_port_that_was_asked_for_stays) { TWINS(again_from_the_port); }

struct sleeper {
	int	fd, tid;
	ssize_t	got;
	int	error;
};

static void *sleeps(void *arg)
{
	struct sleeper *me = arg;
	char c;

	__atomic_store_n(&me->tid, gettid(), __ATOMIC_RELEASE);
	me->got = recv(me->fd, &c, 1, 0);
	me->error = errno;
	return NULL;
}

/* Until it sleeps in its call. */
static void until_asleep(const struct sleeper *s)
{
	char path[64], state = 0;
	FILE *f;
	int i;

	for (i = 0; i < 1000 && state != 'S'; i++) {
		poll(NULL, 0, 5);
		snprintf(path, sizeof(path), "/proc/self/task/%d/stat",
			 __atomic_load_n(&s->tid, __ATOMIC_ACQUIRE));
		f = fopen(path, "r");
		if (!f)
			continue;
		if (fscanf(f, "%*d %*s %c", &state) != 1)
			state = 0;
		fclose(f);
	}
}

static void disconnected_asleep(struct twin *t)
{
	struct sockaddr unspec = { .sa_family = AF_UNSPEC };
	struct pair p = pair(t);
	struct sleeper s = { .fd = p.c };
	pthread_t thread;

	pthread_create(&thread, NULL, sleeps, &s);
	until_asleep(&s);
	SAY(t, connect(p.c, &unspec, sizeof(unspec)));
	SAY(t, connect(p.c, twin_addr(t, LO, 7000), TWIN_LEN));
	pthread_join(thread, NULL);
	SAY(t, (errno = s.error, s.got));
}

TEST_F(calls, who_sleeps_does_not_wake_in_another_connection) { TWINS(disconnected_asleep); }

static void options(struct twin *t)
{
	static const struct { int level, name; } all[] = {
		{ SOL_TCP, TCP_NODELAY }, { SOL_TCP, TCP_CORK }, { SOL_TCP, TCP_KEEPIDLE },
		{ SOL_TCP, TCP_KEEPINTVL }, { SOL_TCP, TCP_KEEPCNT }, { SOL_TCP, TCP_SYNCNT },
		{ SOL_TCP, TCP_LINGER2 }, { SOL_TCP, TCP_DEFER_ACCEPT }, { SOL_TCP, TCP_MAXSEG },
		{ SOL_TCP, TCP_USER_TIMEOUT }, { SOL_TCP, TCP_WINDOW_CLAMP },
		{ SOL_SOCKET, SO_KEEPALIVE }, { SOL_SOCKET, SO_RCVLOWAT },
		{ SOL_SOCKET, SO_TYPE }, { SOL_SOCKET, SO_PROTOCOL }, { SOL_SOCKET, SO_RCVBUF },
		{ SOL_TCP, 99 },
	};
	static const int values[] = { 0, 1, 7, 120, 200, -1, 40000 };
	int fd = tcp(t);
	size_t i, j;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		errno = 0;
		twin_say(t, get(fd, all[i].level, all[i].name), "get %d %d", all[i].level,
			 all[i].name);
		for (j = 0; j < 7 && all[i].level == SOL_TCP; j++) {
			/* 7.2 takes it for the least, older kernels for the most. */
			if (all[i].name == TCP_WINDOW_CLAMP && values[j] < 0)
				continue;
			errno = 0;
			twin_say(t, on(fd, all[i].level, all[i].name, values[j]), "set %d to %d",
				 all[i].name, values[j]);
			errno = 0;
			twin_say(t, get(fd, all[i].level, all[i].name), "get %d", all[i].name);
		}
	}
	SAY(t, setsockopt(fd, SOL_TCP, TCP_NODELAY, &i, 1));
	SAY(t, setsockopt(fd, SOL_TCP, TCP_CONGESTION, "reno", 4));
	SAY(t, setsockopt(fd, SOL_TCP, TCP_CONGESTION, "nonsense", 8));
}

TEST_F(calls, options_take_the_same_values) { TWINS(options); }

/* Notices do not exist yet: a program that hears no sends as if it had never asked. */
TEST_F(calls, nothing_is_sent_without_a_copy)
{
	int fd = socket(AF_MYNET, SOCK_STREAM, 0);

	EXPECT_EQ(-1, on(fd, SOL_MYNET, MYNET_ZEROCOPY, 1));
	EXPECT_EQ(EOPNOTSUPP, errno);
	EXPECT_EQ(0, get(fd, SOL_MYNET, MYNET_ZEROCOPY));
	close(fd);
}

static void backlog(struct twin *t)
{
	int l = listener(t, 7000, 1), c[3], i;

	for (i = 0; i < 3; i++) {
		c[i] = tcp(t);
		set_timeout(c[i], 300);
		errno = 0;
		twin_say(t, connect(c[i], twin_addr(t, LO, 7000), TWIN_LEN), "connect %d", i);
	}
	SAY(t, taken(t, l) >= 0);
	SAY(t, taken(t, l) >= 0);
}

TEST_F(calls, an_accept_queue_has_an_end) { TWINS(backlog); }

static void urgent(struct twin *t)
{
	struct pair p = pair(t);
	char buf[16] = {};
	int n;

	SAY(t, recv(p.s, buf, 1, MSG_OOB));
	SAY(t, send(p.c, "ab", 2, 0));
	SAY(t, send(p.c, "c", 1, MSG_OOB));
	SAY(t, send(p.c, "de", 2, 0));
	SAY(t, events(p.s, POLLPRI));
	SAY(t, recv(p.s, buf, sizeof(buf), 0));
	SAY(t, memcmp(buf, "ab", 2));
	SAY(t, (ioctl(p.s, SIOCATMARK, &n), n));
	SAY(t, recv(p.s, buf, 1, MSG_OOB));
	SAY(t, buf[0]);
	SAY(t, recv(p.s, buf, 1, MSG_OOB));
	SAY(t, recv(p.s, buf, 2, MSG_WAITALL));
	SAY(t, memcmp(buf, "de", 2));
}

TEST_F(calls, an_urgent_byte_is_read_apart) { TWINS(urgent); }

static void full(struct twin *t)
{
	static char block[65536];
	struct pair p = pair(t);
	int i, n = 0;

	fcntl(p.c, F_SETFL, O_NONBLOCK);
	for (i = 0; i < 100000; i++) {
		if (send(p.c, block, sizeof(block), 0) < 0)
			break;
		n++;
	}
	SAY(t, errno);
	SAY(t, n > 2);
	SAY(t, events(p.c, 0) & POLLOUT);
	fcntl(p.s, F_SETFL, O_NONBLOCK);
	for (i = 0; i < 3000; i++) {
		if (recv(p.s, block, sizeof(block), 0) < 0 && events(p.c, 0) & POLLOUT)
			break;
		twin_readable(p.s, 1);
	}
	SAY(t, events(p.c, POLLOUT));
}

TEST_F(calls, a_full_buffer_says_so_and_empties) { TWINS(full); }

static void times_out(struct twin *t)
{
	struct pair p = pair(t);
	char buf[8];

	set_timeout(p.s, 50);
	SAY(t, recv(p.s, buf, 1, 0));
	SAY(t, send(p.c, "ab", 2, 0));
	SAY(t, recv(p.s, buf, 3, MSG_WAITALL));
	SAY(t, on(p.s, SOL_SOCKET, SO_RCVLOWAT, 4));
	SAY(t, send(p.c, "abc", 3, 0));
	SAY(t, twin_readable(p.s, 100));
	SAY(t, send(p.c, "d", 1, 0));
	SAY(t, twin_readable(p.s, 5000));
	SAY(t, recv(p.s, buf, 8, 0));
}

TEST_F(calls, waiting_ends_when_it_should) { TWINS(times_out); }

static void self_connect(struct twin *t)
{
	int fd = tcp(t);
	char c = 0;

	SAY(t, bind(fd, twin_addr(t, LO, 7000), TWIN_LEN));
	SAY(t, connect(fd, twin_addr(t, LO, 7000), TWIN_LEN));
	SAY(t, send(fd, "x", 1, 0));
	SAY(t, recv(fd, &c, 1, 0));
	SAY(t, c);
	SAY(t, shutdown(fd, SHUT_WR));
	SAY(t, recv(fd, &c, 1, 0));
}

TEST_F(calls, a_socket_can_connect_to_itself) { TWINS(self_connect); }

static void cork(struct twin *t)
{
	struct pair p = pair(t);
	char buf[64];

	SAY(t, on(p.c, SOL_TCP, TCP_CORK, 1));
	SAY(t, send(p.c, "ab", 2, 0));
	SAY(t, twin_readable(p.s, 50));
	SAY(t, on(p.c, SOL_TCP, TCP_CORK, 0));
	SAY(t, twin_readable(p.s, 5000));
	SAY(t, recv(p.s, buf, sizeof(buf), 0));
	SAY(t, send(p.c, "ab", 2, MSG_MORE));
	SAY(t, twin_readable(p.s, 50));
	SAY(t, send(p.c, "cd", 2, 0));
	SAY(t, recv(p.s, buf, 4, MSG_WAITALL));
}

TEST_F(calls, a_cork_holds_back) { TWINS(cork); }

static void spliced(struct twin *t)
{
	struct pair p = pair(t);
	char buf[16] = {};
	int fds[2], f;

	SAY(t, pipe(fds));
	SAY(t, send(p.c, "through a pipe", 14, 0));
	SAY(t, twin_readable(p.s, 5000));
	SAY(t, splice(p.s, NULL, fds[1], NULL, 100, 0));
	SAY(t, read(fds[0], buf, sizeof(buf)));
	SAY(t, strcmp(buf, "through a pipe"));
	f = open("/proc/self/exe", O_RDONLY);
	SAY(t, sendfile(p.s, f, NULL, 4096));
	close(f);
	f = open("/bin/sh", O_RDONLY);
	SAY(t, sendfile(p.s, f, NULL, 16));
	SAY(t, recv(p.c, buf, 4, MSG_WAITALL));
	SAY(t, memcmp(buf, "\177ELF", 4));
	close(f);
	close(fds[0]);
	close(fds[1]);
}

TEST_F(calls, pages_go_through_pipes) { TWINS(spliced); }

/* More was asked for than the file has: its end does not wait for more. */
static void file_ends(struct twin *t)
{
	struct pair p = pair(t);
	char buf[16] = {};
	int f = memfd_create("short", MFD_CLOEXEC);

	SAY(t, write(f, "short", 5));
	SAY(t, sendfile(p.c, f, &(off_t){ 0 }, 100000));
	SAY(t, twin_readable(p.s, 150));
	SAY(t, recv(p.s, buf, sizeof(buf), 0));
	SAY(t, strcmp(buf, "short"));
	close(f);
}

TEST_F(calls, a_file_that_ends_early_is_sent_at_once) { TWINS(file_ends); }

/* Pages are written to after they were sent: what arrives is either, and the stream goes on. */
static void file_changes(struct twin *t)
{
	static char page[65536], got[65536];
	struct pair p = pair(t);
	int f = memfd_create("changes", MFD_CLOEXEC), i;
	ssize_t n, sum = 0;

	memset(page, 'a', sizeof(page));
	SAY(t, write(f, page, sizeof(page)));
	memset(page, 'b', sizeof(page));
	for (i = 0; i < 2; i++) {
		SAY(t, sendfile(p.c, f, &(off_t){ 0 }, 30000));
		SAY(t, pwrite(f, page, sizeof(page), 0));
	}
	while (sum < 2 * 30000) {
		n = recv(p.s, got, sizeof(got), 0);
		if (n <= 0)
			break;
		sum += n;
	}
	SAY(t, sum);
	close(f);
}

TEST_F(calls, pages_may_change_after_they_were_sent) { TWINS(file_changes); }

TEST_HARNESS_MAIN
