// SPDX-License-Identifier: GPL-2.0
/*
 * Every flag and every option that has a number, on AF_INET and on PF_MYNET side by side: what
 * this kernel's INET takes, refuses and tells is the judge. INET runs with Fast Open off. What may
 * differ stands in the table below with its reason.
 */
#include <fcntl.h>
#include <limits.h>
#include <linux/tcp.h>
#include <signal.h>

#include "family.h"
#include "kselftest_harness.h"
#include "names.h"
#include "twin.h"

#define NUMBERS		128
#define ANY		(-1)

/* The state of a socket when it is asked. */
enum state { FRESH, BOUND, LISTENING, CONNECTED, SHUT, REFUSED, STATES };

static const char * const state_names[STATES] = {
	"fresh", "bound", "listening", "connected", "shut", "refused"
};

/* How a difference looks. */
enum how {
	VALUE,		/* the same calls succeed, and the values are different */
	NOT_HERE,	/* MYNET does not know it: ENOPROTOOPT */
	NO_RIGHT,	/* MYNET allows it to nobody: EPERM */
	FREE,		/* see the reason */
};

static const struct {
	int level, first, last, type;
	enum how how;
	const char *why;
} differences[] = {
	{ SOL_SOCKET, SO_DOMAIN, SO_DOMAIN, ANY, VALUE, "the family's own number" },
	{ SOL_SOCKET, SO_COOKIE, SO_COOKIE, ANY, VALUE, "each socket has its own" },
	{ SOL_SOCKET, SO_NETNS_COOKIE, SO_NETNS_COOKIE, ANY, VALUE, "64 bits" },
	{ SOL_SOCKET, SO_MEMINFO, SO_MEMINFO, ANY, VALUE, "memory at this moment" },
	{ SOL_SOCKET, SO_INCOMING_NAPI_ID, SO_INCOMING_NAPI_ID, ANY, VALUE, "of the last packet" },
	{ SOL_SOCKET, SO_ZEROCOPY, SO_ZEROCOPY, ANY, FREE, "what is sent is copied: EOPNOTSUPP" },
	{ SOL_SOCKET, SO_REUSEPORT, SO_REUSEPORT, ANY, FREE,
	  "older kernels refuse it to families they do not know: MYNET_REUSEPORT" },
	{ SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, SO_ATTACH_REUSEPORT_EBPF, ANY, FREE,
	  "the same kernels" },
	{ SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, SO_DETACH_REUSEPORT_BPF, ANY, FREE, "the same" },
	{ SOL_SOCKET, SO_PEEK_OFF, SO_PEEK_OFF, ANY, FREE,
	  "streams have it on every kernel; others tell that it was never set" },
	{ SOL_SOCKET, SO_PEERNAME, SO_PEERNAME, ANY, VALUE, "the family's own number" },
	{ SOL_SOCKET, SO_INCOMING_CPU, SO_INCOMING_CPU, ANY, VALUE, "where its packets came" },
	{ SOL_SOCKET, SO_SNDBUF, SO_SNDBUF, SOCK_STREAM, VALUE, "grows when it is full" },
	{ SOL_SOCKET, SO_RCVBUF, SO_RCVBUF, SOCK_STREAM, VALUE, "grows when it is read" },
	{ SOL_SOCKET, SO_TIMESTAMPING_OLD, SO_TIMESTAMPING_OLD, SOCK_STREAM, FREE,
	  "the core counts bytes of its own streams only (OPT_ID)" },
	{ SOL_SOCKET, SO_TIMESTAMPING_NEW, SO_TIMESTAMPING_NEW, SOCK_STREAM, FREE, "the same" },
	{ SOL_SOCKET, SO_PEERSEC, SO_PEERSEC, ANY, FREE, "what a security module says of INET" },
	{ SOL_IP, IP_OPTIONS, IP_OPTIONS, ANY, FREE, "none on streams, no source routes" },
	{ SOL_IP, IP_ROUTER_ALERT, IP_ROUTER_ALERT, ANY, FREE, "is told on every kernel" },
	{ SOL_IP, 16, 17, ANY, FREE, "IPsec" },
	{ SOL_IP, 52, 52, ANY, VALUE, "IP_PROTOCOL is the port, which was chosen" },
	{ SOL_IP, IP_DROP_MEMBERSHIP, IP_DROP_MEMBERSHIP, ANY, FREE,
	  "of no group, and no way to it: which of both is said" },
	{ SOL_IP, IP_PASSSEC, IP_PASSSEC, ANY, NOT_HERE, "security labels" },
	{ SOL_IP, 64, 127, ANY, FREE, "netfilter" },
	{ IPPROTO_TCP, TCP_MD5SIG, TCP_MD5SIG, ANY, NOT_HERE, "signed segments" },
	{ IPPROTO_TCP, TCP_MD5SIG_EXT, TCP_MD5SIG_EXT, ANY, NOT_HERE, "the same" },
	{ IPPROTO_TCP, 38, 42, ANY, NOT_HERE, "TCP_AO" },
	{ IPPROTO_TCP, TCP_REPAIR, TCP_REPAIR, ANY, NO_RIGHT, "connections that move" },
	{ IPPROTO_TCP, TCP_REPAIR, TCP_REPAIR, ANY, VALUE, "the same" },
	{ IPPROTO_TCP, TCP_MAXSEG, TCP_MAXSEG, ANY, VALUE, "follows from the window on offer" },
	{ IPPROTO_TCP, TCP_WINDOW_CLAMP, TCP_WINDOW_CLAMP, ANY, VALUE,
	  "what was set; INET's says what a connection's buffer came to" },
	{ IPPROTO_TCP, TCP_TIMESTAMP, TCP_TIMESTAMP, ANY, VALUE, "a clock" },
	{ IPPROTO_TCP, TCP_INFO, TCP_INFO, ANY, VALUE, "the state: the answer to a FIN may wait" },
	{ IPPROTO_TCP, TCP_FASTOPEN, TCP_FASTOPEN, ANY, NOT_HERE, "Fast Open" },
	{ IPPROTO_TCP, TCP_FASTOPEN_KEY, TCP_FASTOPEN_KEY, ANY, NOT_HERE, "the same" },
	{ IPPROTO_TCP, TCP_FASTOPEN_NO_COOKIE, TCP_FASTOPEN_NO_COOKIE, ANY, NOT_HERE, "the same" },
	{ IPPROTO_TCP, TCP_TX_DELAY, TCP_TX_DELAY, ANY, NOT_HERE, "a delay for each socket" },
	{ IPPROTO_TCP, TCP_ZEROCOPY_RECEIVE, TCP_ZEROCOPY_RECEIVE, ANY, NOT_HERE,
	  "mapped receiving" },
	{ IPPROTO_TCP, 43, 43, ANY, FREE, "TCP_IS_MPTCP is told on every kernel" },
	{ IPPROTO_TCP, 44, 46, ANY, NOT_HERE, "limits of timers, on newer kernels" },
	{ IPPROTO_UDP, 101, 102, ANY, NOT_HERE, "of IPv6" },
	{ MSG_LEVEL, MSG_MORE, MSG_MORE, SOCK_RAW, FREE, "each call is a packet" },
	{ IPPROTO_UDP, 10, 11, ANY, FREE, "UDP-Lite, which newer kernels know no more" },
	{ IPPROTO_UDP, 100, 100, ANY, FREE, "UDP_ENCAP" },
};

/* A pair of sockets that went the same way. */
struct pair {
	int type, protocol;
	enum state state;
	int fd[2];		/* INET's and MYNET's */
	int peer[2];
};

static int port = 2000;

/* One of the pair in its state. Return: -1: there is no such state. */
static int make(struct pair *p, int side)
{
	int family = side ? AF_MYNET : AF_INET, fd, other;
	struct sockaddr_in sin = { .sin_family = family, .sin_port = htons(port) };
	const struct sockaddr *name = (struct sockaddr *)&sin;

	inet_aton("127.0.0.1", &sin.sin_addr);
	p->peer[side] = -1;
	fd = socket(family, p->type | SOCK_NONBLOCK, p->protocol);
	p->fd[side] = fd;
	if (fd < 0)
		return -1;
	switch (p->state) {
	case BOUND:
		return bind(fd, name, sizeof(sin));
	case LISTENING:
		if (p->type != SOCK_STREAM)
			return -1;
		return bind(fd, name, sizeof(sin)) ?: listen(fd, 2);
	case REFUSED:
		if (p->type != SOCK_STREAM)
			return -1;
		fcntl(fd, F_SETFL, 0);
		connect(fd, name, sizeof(sin));
		return fcntl(fd, F_SETFL, O_NONBLOCK);
	case CONNECTED:
	case SHUT:
		if (p->type != SOCK_STREAM)
			return p->state == SHUT ? -1 : connect(fd, name, sizeof(sin));
		other = socket(family, SOCK_STREAM, 0);
		if (bind(other, name, sizeof(sin)) || listen(other, 1))
			return -1;
		fcntl(fd, F_SETFL, 0);
		if (connect(fd, name, sizeof(sin)))
			return -1;
		fcntl(fd, F_SETFL, O_NONBLOCK);
		p->peer[side] = accept4(other, NULL, NULL, SOCK_NONBLOCK);
		close(other);
		return p->state == SHUT ? shutdown(fd, SHUT_RDWR) : 0;
	default:
		return 0;
	}
}

static void unmake(struct pair *p)
{
	struct linger at_once = { .l_onoff = 1 };
	int side;

	for (side = 0; side < 2; side++) {
		if (p->fd[side] >= 0) {
			setsockopt(p->fd[side], SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
			close(p->fd[side]);
		}
		if (p->peer[side] >= 0)
			close(p->peer[side]);
	}
}

static bool make_pair(struct pair *p)
{
	port = port % 30000 + 1000;
	if (!make(p, 0) && !make(p, 1))
		return true;
	unmake(p);
	return false;
}

/* The answer of a call. */
struct said {
	int result, error, len;
	unsigned char value[64];
};

static const char *name_of(int level, int number)
{
	static char buf[32];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].level == level && names[i].number == number)
			return names[i].name;
	snprintf(buf, sizeof(buf), "%d:%d", level, number);
	return buf;
}

static bool allowed(const struct pair *p, int level, int name, const struct said *inet,
		    const struct said *ours)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(differences); i++) {
		if (differences[i].level != level || name < differences[i].first ||
		    name > differences[i].last ||
		    (differences[i].type != ANY && differences[i].type != p->type))
			continue;
		switch (differences[i].how) {
		case FREE:
			return true;
		case VALUE:
			if (inet->result == ours->result && inet->error == ours->error)
				return true;
			break;
		case NOT_HERE:
			if (ours->result < 0 && ours->error == ENOPROTOOPT)
				return true;
			break;
		case NO_RIGHT:
			if (ours->result < 0 && ours->error == EPERM)
				return true;
			break;
		}
	}
	return false;
}

/* Return: they differ, and may not. */
static int judge(const struct pair *p, int level, int name, const char *what,
		 const struct said *said)
{
	const struct said *a = &said[0], *b = &said[1];

	if (a->result == b->result && a->error == b->error && a->len == b->len &&
	    !memcmp(a->value, b->value, sizeof(a->value)))
		return 0;
	if (allowed(p, level, name, a, b))
		return 0;
	printf("# %s of type %d, %s: %s:", name_of(level, name), p->type, state_names[p->state],
	       what);
	printf(" INET %d (%s) length %d value %d,", a->result, strerror(a->error), a->len,
	       *(int *)a->value);
	printf(" MYNET %d (%s) length %d value %d\n", b->result, strerror(b->error), b->len,
	       *(int *)b->value);
	fflush(stdout);		/* the case ends without */
	return 1;
}

static int get_both(struct pair *p, int level, int name, socklen_t room, bool *known,
		    const char *what)
{
	struct said said[2] = {};
	socklen_t len;
	int side;

	for (side = 0; side < 2; side++) {
		struct said *s = &said[side];

		len = room;
		errno = 0;
		s->result = getsockopt(p->fd[side], level, name, s->value, &len);
		s->error = errno;
		s->len = len;
		/* A value that is longer than a number is a clock, or counts. */
		if (len > sizeof(int))
			memset(s->value, 0, sizeof(s->value));
		*known |= !s->result || (errno != ENOPROTOOPT && errno != EOPNOTSUPP);
	}
	return judge(p, level, name, what, said);
}

static int set_both(struct pair *p, int level, int name, int val, socklen_t len, bool *known)
{
	unsigned char buf[64] = {};
	struct said said[2] = {};
	char what[48];
	int side;

	memcpy(buf, &val, sizeof(val));
	snprintf(what, sizeof(what), "set to %d (%d bytes)", val, (int)len);
	for (side = 0; side < 2; side++) {
		errno = 0;
		said[side].result = setsockopt(p->fd[side], level, name, buf, len);
		said[side].error = errno;
		*known |= !said[side].result || (errno != ENOPROTOOPT && errno != EOPNOTSUPP);
	}
	return judge(p, level, name, what, said);
}

/* Return: how many differences there are. */
static int one_option(struct pair *p, int level, int name)
{
	static const int values[] = { -1, 0, 1, 2, 3, 70, 255, 70000, INT_MAX };
	static const socklen_t lens[] = { 0, 1, 3, 8, 40 };
	bool known = false;
	unsigned int i;
	int n = 0;

	n += get_both(p, level, name, 4, &known, "get (4 bytes)");
	n += set_both(p, level, name, 1, 4, &known);
	if (!known)
		return n;
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		n += get_both(p, level, name, lens[i], &known, "get (other length)");
		n += set_both(p, level, name, 1, lens[i], &known);
	}
	n += get_both(p, level, name, -1, &known, "get (-1 bytes)");
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		n += set_both(p, level, name, values[i], 4, &known);
		n += get_both(p, level, name, 4, &known, "get after set");
	}
	/* The pair was used: the next call begins with sockets of its own. */
	unmake(p);
	if (make_pair(p))
		return n;
	printf("# %s of type %d, %s: no new pair: %s\n", name_of(level, name), p->type,
	       state_names[p->state], strerror(errno));
	fflush(stdout);
	return n + 1;
}

static int every_option(int type, int protocol)
{
	static const int levels[] = {
		SOL_SOCKET, SOL_IP, IPPROTO_TCP, IPPROTO_UDP, -1, 2, 41, 132, 255, 263, 1000,
	};
	struct pair p = { .type = type, .protocol = protocol };
	int n = 0, state, name;
	unsigned int i;

	for (state = FRESH; state < STATES; state++) {
		p.state = state;
		if (!make_pair(&p))
			continue;
		for (i = 0; i < ARRAY_SIZE(levels); i++)
			for (name = 0; name < (i < 4 ? NUMBERS : 2); name++)
				n += one_option(&p, levels[i], name);
		unmake(&p);
	}
	return n;
}

static sig_atomic_t pipes;

static void on_pipe(int sig)
{
	pipes++;
}

/* A message to send or to receive with one flag. */
static void message(struct pair *p, int side, int flag, bool send, bool to, struct said *s)
{
	struct sockaddr_in sin = { .sin_family = side ? AF_MYNET : AF_INET, .sin_port = htons(9) };
	char data[16] = "\x08", control[64];
	struct iovec iov = { data, sizeof(data) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	inet_aton("127.0.0.1", &sin.sin_addr);
	if (to) {
		msg.msg_name = &sin;
		msg.msg_namelen = sizeof(sin);
	}
	if (!send) {
		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
	}
	pipes = 0;
	errno = 0;
	s->result = send ? sendmsg(p->fd[side], &msg, flag | MSG_DONTWAIT) :
		    recvmsg(p->fd[side], &msg, flag | MSG_DONTWAIT);
	s->error = errno;
	s->len = send ? 0 : msg.msg_flags;
	s->value[0] = pipes;
	if (to)
		s->value[4] = msg.msg_namelen;
}

static int one_flag(struct pair *p, int flag)
{
	struct said said[2];
	int n = 0, how, side;
	char what[64];

	for (how = 0; how < 4; how++) {
		memset(said, 0, sizeof(said));
		for (side = 0; side < 2; side++)
			message(p, side, flag, how & 1, how & 2, &said[side]);
		snprintf(what, sizeof(what), "%smsg%s with flag %#x", how & 1 ? "send" : "recv",
			 how & 2 ? " with a name" : "", flag);
		n += judge(p, MSG_LEVEL, flag, what, said);
	}
	return n;
}

static int every_flag(int type, int protocol)
{
	struct pair p = { .type = type, .protocol = protocol };
	int n = 0, state, bit;

	signal(SIGPIPE, on_pipe);
	for (state = FRESH; state < STATES; state++) {
		p.state = state;
		for (bit = -1; bit < 32; bit++) {
			/* In user space bit 31 is the kernel's own word for 32-bit programs. */
			if (bit == 31)
				continue;
			if (!make_pair(&p))
				break;
			n += one_flag(&p, bit < 0 ? 0 : 1U << bit);
			unmake(&p);
		}
	}
	return n;
}

FIXTURE(names)
{
};

FIXTURE_SETUP(names)
{
	ASSERT_EQ(0, twin_netns());
	ASSERT_EQ(0, write_line("/proc/sys/net/ipv4/tcp_fastopen", "0"));
	ASSERT_EQ(0, write_line("/proc/sys/net/ipv4/ping_group_range", "0 0"));
	ASSERT_EQ(0, write_line("/proc/sys/net/mynet/ping_group_range", "0 0"));
}

FIXTURE_TEARDOWN(names)
{
}

TEST_F_TIMEOUT(names, options_of_streams, 200)
{
	EXPECT_EQ(0, every_option(SOCK_STREAM, 0));
}

TEST_F_TIMEOUT(names, options_of_datagrams, 200)
{
	EXPECT_EQ(0, every_option(SOCK_DGRAM, 0));
}

TEST_F_TIMEOUT(names, options_of_raw_sockets, 200)
{
	EXPECT_EQ(0, every_option(SOCK_RAW, IPPROTO_ICMP));
}

TEST_F_TIMEOUT(names, options_of_ping_sockets, 200)
{
	EXPECT_EQ(0, every_option(SOCK_DGRAM, IPPROTO_ICMP));
}

TEST_F_TIMEOUT(names, flags_of_streams, 60)
{
	EXPECT_EQ(0, every_flag(SOCK_STREAM, 0));
}

TEST_F_TIMEOUT(names, flags_of_datagrams, 60)
{
	EXPECT_EQ(0, every_flag(SOCK_DGRAM, 0));
}

TEST_F_TIMEOUT(names, flags_of_raw_sockets, 60)
{
	EXPECT_EQ(0, every_flag(SOCK_RAW, IPPROTO_ICMP));
}

TEST_F_TIMEOUT(names, flags_of_ping_sockets, 60)
{
	EXPECT_EQ(0, every_flag(SOCK_DGRAM, IPPROTO_ICMP));
}

TEST_HARNESS_MAIN
