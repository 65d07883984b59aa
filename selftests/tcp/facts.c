// SPDX-License-Identifier: GPL-2.0
/*
 * TCP_INFO of AF_INET and of PF_MYNET in a dozen situations: each field is the same, or as near as
 * its row allows.
 */
#include <linux/tcp.h>
#include <stdlib.h>

#include "kselftest_harness.h"
#include "twin.h"

/* Place and size in struct tcp_info, and how far from INET's: so many percent, or so much. */
static const struct {
	const char *name;
	unsigned int place, size, percent, least;
} fields[] = {
	{ "state", 0, 1, 0, 0 }, { "ca_state", 1, 1, 0, 0 }, { "retransmits", 2, 1, 0, 0 },
	{ "probes", 3, 1, 0, 0 }, { "backoff", 4, 1, 0, 0 }, { "options", 5, 1, 0, 0 },
	{ "rto", 8, 4, 50, 100000 }, { "snd_mss", 16, 4, 5, 0 }, { "unacked", 24, 4, 0, 0 },
	{ "sacked", 28, 4, 0, 0 }, { "lost", 32, 4, 0, 0 }, { "retrans", 36, 4, 0, 0 },
	{ "fackets", 40, 4, 0, 0 }, { "last_data_sent", 44, 4, 0, 20000 },
	{ "last_data_recv", 52, 4, 0, 20000 }, { "last_ack_recv", 56, 4, 0, 20000 },
	{ "pmtu", 60, 4, 0, 0 }, { "rtt", 68, 4, 0, 200000 }, { "rttvar", 72, 4, 0, 200000 },
	{ "snd_ssthresh", 76, 4, 0, 0 }, { "snd_cwnd", 80, 4, 50, 10 }, { "advmss", 84, 4, 0, 0 },
	{ "reordering", 88, 4, 0, 0 }, { "total_retrans", 100, 4, 0, 0 },
	{ "bytes_acked", 120, 8, 0, 0 }, { "bytes_received", 128, 8, 0, 0 },
	{ "segs_out", 136, 4, 50, 3 }, { "segs_in", 140, 4, 50, 3 },
	{ "notsent_bytes", 144, 4, 0, 0 }, { "data_segs_in", 152, 4, 0, 0 },
	{ "data_segs_out", 156, 4, 0, 0 }, { "busy_time", 168, 8, 0, 20000000 },
	{ "rwnd_limited", 176, 8, 0, 20000000 }, { "sndbuf_limited", 184, 8, 0, 20000000 },
	{ "delivered", 192, 4, 0, 0 }, { "delivered_ce", 196, 4, 0, 0 },
	{ "bytes_sent", 200, 8, 0, 0 }, { "bytes_retrans", 208, 8, 0, 0 },
	{ "dsack_dups", 216, 4, 0, 0 }, { "reord_seen", 220, 4, 0, 0 },
	{ "rcv_ooopack", 224, 4, 0, 0 },
};

static int port = 4000;

/* Sockets that a situation leaves behind; the first one is looked at. */
struct place {
	int fd[3];
};

static void name_of(struct sockaddr_in *sin, int family)
{
	*sin = (struct sockaddr_in){ .sin_family = family, .sin_port = htons(port) };
	inet_aton("127.0.0.1", &sin->sin_addr);
}

static void connected(struct place *p, int family)
{
	struct sockaddr_in sin;
	int ear = socket(family, SOCK_STREAM, 0);

	name_of(&sin, family);
	on(ear, SOL_SOCKET, SO_REUSEADDR, 1);
	bind(ear, (struct sockaddr *)&sin, sizeof(sin));
	listen(ear, 1);
	p->fd[0] = socket(family, SOCK_STREAM, 0);
	connect(p->fd[0], (struct sockaddr *)&sin, sizeof(sin));
	p->fd[1] = accept(ear, NULL, NULL);
	p->fd[2] = ear;
}

static void fresh(struct place *p, int family)
{
	p->fd[0] = socket(family, SOCK_STREAM, 0);
}

static void listening(struct place *p, int family)
{
	struct sockaddr_in sin;

	name_of(&sin, family);
	p->fd[0] = socket(family, SOCK_STREAM, 0);
	bind(p->fd[0], (struct sockaddr *)&sin, sizeof(sin));
	listen(p->fd[0], 5);
	p->fd[1] = socket(family, SOCK_STREAM, 0);
	connect(p->fd[1], (struct sockaddr *)&sin, sizeof(sin));
}

static void accepted(struct place *p, int family)
{
	int fd;

	connected(p, family);
	fd = p->fd[0];
	p->fd[0] = p->fd[1];
	p->fd[1] = fd;
}

static void sent(struct place *p, int family)
{
	char data[1000] = {};

	connected(p, family);
	send(p->fd[0], data, sizeof(data), 0);
	recv(p->fd[1], data, sizeof(data), MSG_WAITALL);
	send(p->fd[1], data, 10, 0);
	recv(p->fd[0], data, 10, MSG_WAITALL);
}

static void received(struct place *p, int family)
{
	char data[3000] = {};

	connected(p, family);
	send(p->fd[1], data, sizeof(data), 0);
	recv(p->fd[0], data, 100, MSG_WAITALL);
}

static void corked(struct place *p, int family)
{
	connected(p, family);
	on(p->fd[0], IPPROTO_TCP, TCP_CORK, 1);
	send(p->fd[0], "unsent", 6, 0);
}

static void half_closed(struct place *p, int family)
{
	sent(p, family);
	shutdown(p->fd[0], SHUT_WR);
}

static void peer_closed(struct place *p, int family)
{
	sent(p, family);
	shutdown(p->fd[1], SHUT_WR);
}

static void closed_both(struct place *p, int family)
{
	sent(p, family);
	shutdown(p->fd[1], SHUT_WR);
	shutdown(p->fd[0], SHUT_WR);
}

static void reset(struct place *p, int family)
{
	struct linger at_once = { .l_onoff = 1 };
	char c;

	sent(p, family);
	setsockopt(p->fd[1], SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(p->fd[1]);
	p->fd[1] = -1;
	recv(p->fd[0], &c, 1, 0);
}

static void dissolved(struct place *p, int family)
{
	struct sockaddr none = { .sa_family = AF_UNSPEC };

	sent(p, family);
	connect(p->fd[0], &none, sizeof(none));
}

static const struct {
	const char *name;
	void (*make)(struct place *p, int family);
} situations[] = {
	{ "fresh", fresh }, { "listening", listening }, { "connected", connected },
	{ "accepted", accepted }, { "sent and received", sent }, { "unread", received },
	{ "corked", corked }, { "half closed", half_closed }, { "peer closed", peer_closed },
	{ "closed by both", closed_both }, { "reset", reset }, { "dissolved", dissolved },
};

/* Fields that mean nothing in a situation: times of sockets that have none, for instance. */
static bool left_out(const char *situation, const char *field)
{
	bool no_connection = !strcmp(situation, "fresh") || !strcmp(situation, "listening");

	/* INET's keeps what the connection before came to. */
	if (!strcmp(situation, "dissolved") &&
	    (!strcmp(field, "snd_mss") || !strcmp(field, "pmtu") || !strcmp(field, "advmss") ||
	     !strcmp(field, "notsent_bytes") || !strcmp(field, "last_data_recv")))
		return true;
	if (no_connection && (strstr(field, "last_") || !strcmp(field, "rto")))
		return true;
	return false;
}

static void look(const char *situation, void (*make)(struct place *p, int family), int family,
		 struct tcp_info *info)
{
	struct twin bell = { .bell = twin_bell() };
	struct place p = { { -1, -1, -1 } };
	socklen_t len = sizeof(*info);
	int i;

	memset(info, 0, sizeof(*info));
	make(&p, family);
	for (i = 0; i < 3; i++)
		twin_settle(&bell);
	usleep(300000);	/* waits for time itself: acknowledgments that are delayed */
	getsockopt(p.fd[0], IPPROTO_TCP, TCP_INFO, info, &len);
	for (i = 0; i < 3; i++)
		if (p.fd[i] >= 0)
			close(p.fd[i]);
	close(bell.bell);
}

static long long value(const struct tcp_info *info, unsigned int field)
{
	unsigned long long n = 0;

	memcpy(&n, (const char *)info + fields[field].place, fields[field].size);
	return n;
}

static int compare(const char *situation, const struct tcp_info *inet, const struct tcp_info *ours)
{
	long long a, b, room;
	unsigned int i;
	int n = 0;

	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		a = value(inet, i);
		b = value(ours, i);
		room = a * fields[i].percent / 100;
		if (room < fields[i].least)
			room = fields[i].least;
		if (llabs(a - b) <= room || left_out(situation, fields[i].name))
			continue;
		fprintf(stderr, "# %s: %s: INET %lld, MYNET %lld\n", situation,
			fields[i].name, a, b);
		n++;
	}
	return n;
}

FIXTURE(facts)
{
};

FIXTURE_SETUP(facts)
{
	ASSERT_EQ(0, twin_netns());
}

FIXTURE_TEARDOWN(facts)
{
}

TEST_F(facts, of_each_situation_are_inets)
{
	struct tcp_info inet, ours;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(situations); i++) {
		port++;
		look(situations[i].name, situations[i].make, AF_INET, &inet);
		look(situations[i].name, situations[i].make, AF_MYNET, &ours);
		EXPECT_EQ(0, compare(situations[i].name, &inet, &ours));
	}
}

TEST_HARNESS_MAIN
