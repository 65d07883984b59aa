/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The same calls on AF_INET and on PF_MYNET, side by side: INET is the oracle.
 *
 *	static void bind_twice(struct twin *t)
 *	{
 *		int fd = twin_socket(t, SOCK_DGRAM, 0);
 *
 *		SAY(t, bind(fd, twin_addr(t, "127.0.0.1", 4000), TWIN_LEN));
 *		SAY(t, bind(fd, twin_addr(t, "127.0.0.1", 4000), TWIN_LEN));
 *	}
 *
 *	TEST_F(udp, second_bind_is_refused) { TWINS(bind_twice); }
 *
 * Each SAY() writes down result and errno; what the twins wrote must be the same, line by line.
 * What a call that sends has caused on the loopback device is done when SAY() comes back.
 * What a run opens with twin_socket() is closed after it.
 */
#ifndef MYNET_TEST_TWIN_H
#define MYNET_TEST_TWIN_H

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/mynet.h>

#include "family.h"

#define TWIN_LINES	8192
#define TWIN_LEN	sizeof(struct sockaddr_in)

struct twin_line {
	long	result;
	int	error;
	char	what[72];
};

struct twin {
	int			family;
	int			n, fds;
	int			fd[64];
	struct sockaddr_in	addr[4];
	int			addrs;
	int			bell;
	struct twin_line	line[TWIN_LINES];
};

/* Old kernels know less; where MYNET answers on all, there is nothing to compare on those. */
static inline bool twin_inet_tells(int level, int name)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), n;
	socklen_t len = sizeof(n);
	bool tells = !getsockopt(fd, level, name, &n, &len) || errno != ENOPROTOOPT;

	close(fd);
	return tells;
}

/*
 * The loopback device hands packets to a softirq, and a busy machine leaves that to a thread: what
 * was sent may arrive after send() came back. A run keeps to one processor, whose packets arrive in
 * the order they were sent, so that a frame to oneself comes after all before it. The second one
 * comes after what answered those, the third after an answer to that.
 */
static inline void twin_settle(const struct twin *t)
{
	char c;
	int i;

	for (i = 0; i < 3 && send(t->bell, "", 1, 0) == 1; i++)
		recv(t->bell, &c, 1, 0);
}

/* A packet socket of the loopback device, for frames that no protocol family takes. */
static inline int twin_bell(void)
{
	struct sockaddr_ll lo = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_802_EX1),
		.sll_ifindex = if_nametoindex("lo"), .sll_halen = ETH_ALEN,
	};
	struct timeval limit = { .tv_sec = 5 };
	int fd = socket(AF_PACKET, SOCK_DGRAM, 0);
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof(one), &one);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	bind(fd, (struct sockaddr *)&lo, sizeof(lo));
	return fd;
}

/* Writes down a call by its text. A result below zero counts with its errno. */
static inline long twin_say(struct twin *t, long result, const char *what, ...)
{
	int error = result < 0 ? errno : 0;
	struct twin_line *line;
	va_list args;

	if (t->n == TWIN_LINES)
		abort();
	line = &t->line[t->n++];
	line->result = result;
	line->error = error;
	va_start(args, what);
	vsnprintf(line->what, sizeof(line->what), what, args);
	va_end(args);
	if (!strncmp(line->what, "send", 4))
		twin_settle(t);
	return result;
}

#define SAY(t, call)	(errno = 0, twin_say(t, (call), "%s", #call))

/*
 * A socket of the twin's family; -1 with errno. Reading from it waits for five seconds at most: a
 * busy machine takes its time even over the loopback device.
 */
static inline int twin_socket(struct twin *t, int type, int protocol)
{
	struct timeval limit = { .tv_sec = 5 };
	int fd = socket(t->family, type, protocol);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (fd >= 0 && t->fds < 64)
		t->fd[t->fds++] = fd;
	return fd;
}

/* Without that limit: with one, no call is ever restarted. */
static inline void twin_for_ever(int fd)
{
	struct timeval never = {};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &never, sizeof(never));
}

static inline int on(int fd, int level, int name, int val)
{
	return setsockopt(fd, level, name, &val, sizeof(val));
}

/* An address in the twin's family; up to four live at a time. */
static inline struct sockaddr *twin_addr(struct twin *t, const char *addr, int port)
{
	struct sockaddr_in *sin = &t->addr[t->addrs++ % 4];

	memset(sin, 0, sizeof(*sin));
	sin->sin_family = t->family;
	sin->sin_port = htons(port);
	inet_aton(addr, &sin->sin_addr);
	return (struct sockaddr *)sin;
}

/* A UDP socket of this name. */
static inline int twin_bound(struct twin *t, const char *addr, int port)
{
	int fd = twin_socket(t, SOCK_DGRAM, 0);

	SAY(t, bind(fd, twin_addr(t, addr, port), TWIN_LEN));
	return fd;
}

/* Port and address of a name, if the family is right; -1: it is not. */
static inline long twin_name(struct twin *t, const struct sockaddr_in *sin)
{
	if (sin->sin_family != t->family)
		return -1;
	return (long)ntohl(sin->sin_addr.s_addr) << 16 | ntohs(sin->sin_port);
}

/* A socket's own name or its peer's; without @port only whether there is one. */
static inline void twin_say_name(struct twin *t, int fd, const char *what, bool peer,
				 bool port)
{
	struct sockaddr_in sin = {};
	socklen_t len = sizeof(sin);
	int err = peer ? getpeername(fd, (struct sockaddr *)&sin, &len) :
			 getsockname(fd, (struct sockaddr *)&sin, &len);

	if (!port)
		sin.sin_port = !!sin.sin_port;
	twin_say(t, err ?: twin_name(t, &sin), "%s", what);
}

static inline bool twin_readable(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms) == 1;
}

/* A namespace in which the loopback device is up, for both. */
static inline int twin_netns(void)
{
	struct ifreq ifr = { .ifr_name = "lo" };
	int fd, err;

	if (unshare(CLONE_NEWNET) || family_load())
		return -1;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	ifr.ifr_flags = IFF_UP;
	err = ioctl(fd, SIOCSIFFLAGS, &ifr);
	close(fd);
	return err;
}

static inline struct twin *twin_run(void (*script)(struct twin *), int family)
{
	struct twin *t = calloc(1, sizeof(*t));

	t->family = family;
	t->bell = twin_bell();
	script(t);
	while (t->fds)
		close(t->fd[--t->fds]);
	close(t->bell);
	return t;
}

static inline bool twin_same(const struct twin_line *a, const struct twin_line *b)
{
	return a->result == b->result && a->error == b->error && !strcmp(a->what, b->what);
}

#define TWINS(script)								\
do {										\
	void (*script_)(struct twin *) = script;				\
	struct twin *inet = twin_run(script_, AF_INET);				\
	struct twin *ours = twin_run(script_, AF_MYNET);			\
	int at_, different_ = 0;						\
										\
	ASSERT_GT(inet->n, 0);							\
	for (at_ = 0; at_ < inet->n || at_ < ours->n; at_++) {			\
		const struct twin_line *a_ = &inet->line[at_];			\
		const struct twin_line *b_ = &ours->line[at_];			\
										\
		if (twin_same(a_, b_))						\
			continue;						\
		TH_LOG("%s: INET %ld (%s), MYNET %ld (%s)", b_->what, a_->result, \
		       strerror(a_->error), b_->result, strerror(b_->error));	\
		different_++;							\
		if (strcmp(a_->what, b_->what)) {				\
			TH_LOG("... where INET has '%s'", a_->what);		\
			break;							\
		}								\
	}									\
	EXPECT_EQ(0, different_);						\
	free(inet);								\
	free(ours);								\
} while (0)

#endif /* MYNET_TEST_TWIN_H */
