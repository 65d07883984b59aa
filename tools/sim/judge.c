// SPDX-License-Identifier: GPL-2.0
/*
 * Judges TCP by its frames alone: what a host may send follows from what it sent before and what
 * was delivered to it. Numbers are relative to the initial sequence number of the end that counts.
 */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/tcp.h>

#include "judge.h"
#include "sim.h"

#define DEFAULT_MSS	536	/* RFC 9293, 3.7.1 */
#define INITIAL_WINDOW	10	/* segments, RFC 6928; one more is a probe, RFC 8985, 7 */
#define RANGES		256
#define FAULTS_TOLD	8

struct range {
	uint32_t	from, to;
};

struct segment {
	unsigned int	conn, host;
	uint32_t	seq, ack, payload, length;	/* length: with SYN and FIN */
	uint32_t	tsval, tsecr;
	unsigned int	window, mss, options, sacks;
	int		scale;				/* -1: no such option */
	bool		syn, fin, rst, has_ack, ts, sack_ok;
	struct range	sack[4];
};

/* An end of a connection: what it sent, and what was delivered to it. */
struct end {
	bool		syn, acks, ts, sack_ok, fin, reset;
	int		scale;
	uint32_t	isn, next, fin_at;	/* next: behind all that it sent */
	uint32_t	acked;			/* the highest that it acknowledged */
	uint32_t	edge;			/* right edge of its window */
	uint32_t	tsval;
	unsigned int	mss;
	/* delivered to it */
	uint32_t	una, may_send;		/* acknowledged; right edge of the window */
	uint32_t	ts_seen;
	unsigned int	heard;			/* segments behind the handshake's */
	uint32_t	whole;			/* all below has been delivered */
	struct range	later[RANGES];		/* behind a hole, in order */
	unsigned int	laters;
	bool		ts_seen_any;
};

static struct end ends[SIM_CONNS][SIM_HOSTS];
/* An old segment may have begun the connection anew: only form is judged. */
static bool loose[SIM_CONNS];
static unsigned int faults;

void judge_start(void)
{
	memset(ends, 0, sizeof(ends));
	memset(loose, 0, sizeof(loose));
	faults = 0;
}

unsigned int judge_faults(void)
{
	return faults;
}

void judge_fault(const char *what, ...)
{
	va_list args;

	if (faults++ >= FAULTS_TOLD)
		return;
	printf("FAULT seed %llu at %.6f: ", (unsigned long long)world.seed, sim_now() / 1e9);
	va_start(args, what);
	vprintf(what, args);
	va_end(args);
	putchar('\n');
}

/* A fault of this segment. */
__attribute__((format(printf, 2, 3)))
static void fault(const struct segment *s, const char *what, ...)
{
	char text[160];
	va_list args;

	va_start(args, what);
	vsnprintf(text, sizeof(text), what, args);
	va_end(args);
	judge_fault("%s host %c connection %u %s", world.mynet[s->host] ? "MYNET" : "INET",
		    'a' + s->host, s->conn, text);
}

static uint32_t sum(const uint8_t *data, unsigned int len, uint32_t s)
{
	unsigned int i;

	for (i = 0; i + 1 < len; i += 2)
		s += data[i] << 8 | data[i + 1];
	if (len & 1)
		s += data[len - 1] << 8;
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return s;
}

static uint32_t word(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

static bool after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

/* --- a frame taken apart ------------------------------------------------------------------ */

static bool parse_option(struct segment *s, const uint8_t *o, unsigned int len)
{
	unsigned int i;

	switch (o[0]) {
	case 2:
		s->mss = o[2] << 8 | o[3];
		return len == 4;
	case 3:
		s->scale = o[2];
		return len == 3;
	case 4:
		s->sack_ok = true;
		return len == 2;
	case 5:
		s->sacks = (len - 2) / 8;
		for (i = 0; i < s->sacks && i < 4; i++)
			s->sack[i] = (struct range) { word(o + 2 + 8 * i), word(o + 6 + 8 * i) };
		return len >= 10 && len <= 34 && (len - 2) % 8 == 0;
	case 8:
		s->ts = true;
		s->tsval = word(o + 2);
		s->tsecr = word(o + 6);
		return len == 10;
	}
	return true;
}

/* False if the options are no list of options. */
static bool parse_options(struct segment *s, const uint8_t *o, unsigned int len)
{
	unsigned int at = 0;

	while (at < len && o[at]) {
		if (o[at] == 1) {
			at++;
			continue;
		}
		if (at + 1 >= len || o[at + 1] < 2 || at + o[at + 1] > len ||
		    !parse_option(s, o + at, o[at + 1]))
			return false;
		at += o[at + 1];
	}
	return true;
}

/* False if it is no TCP of this world. */
static bool parse(struct segment *s, unsigned int sender, const uint8_t *frame, unsigned int len)
{
	const struct iphdr *ip = (const void *)(frame + JUDGE_IP);
	const struct tcphdr *tcp = (const void *)(frame + JUDGE_IP + ip->ihl * 4);
	unsigned int total, head, port;

	if (len < JUDGE_IP + 40 || word(frame + 12) >> 16 != ETH_P_IP ||
	    ip->protocol != IPPROTO_TCP)
		return false;
	total = ntohs(ip->tot_len);
	head = tcp->doff * 4;
	memset(s, 0, sizeof(*s));
	s->host = sender;
	s->scale = -1;
	port = ntohs(tcp->source);
	if (port < SIM_PORT || port >= SIM_PORT + SIM_CONNS)
		port = ntohs(tcp->dest);
	if (port < SIM_PORT || port >= SIM_PORT + world.conns || total + JUDGE_IP > len)
		return false;
	s->conn = port - SIM_PORT;
	s->seq = ntohl(tcp->seq);
	s->ack = ntohl(tcp->ack_seq);
	s->syn = tcp->syn;
	s->fin = tcp->fin;
	s->rst = tcp->rst;
	s->has_ack = tcp->ack;
	s->window = ntohs(tcp->window);
	s->options = head - 20;
	s->payload = total - ip->ihl * 4 - head;
	s->length = s->payload + s->syn + s->fin;
	if (!parse_options(s, (const uint8_t *)(tcp + 1), s->options))
		fault(s, "its options are malformed");
	return true;
}

/* Numbers become relative to what their end began with. */
static void make_relative(struct segment *s)
{
	const struct end *me = &ends[s->conn][s->host], *peer = &ends[s->conn][!s->host];
	unsigned int i;

	if (me->syn)
		s->seq -= me->isn;
	if (peer->syn && s->has_ack)
		s->ack -= peer->isn;
	for (i = 0; i < s->sacks; i++) {
		s->sack[i].from -= peer->isn;
		s->sack[i].to -= peer->isn;
	}
}

static uint32_t window_of(const struct segment *s)
{
	const struct end *me = &ends[s->conn][s->host], *peer = &ends[s->conn][!s->host];

	if (s->syn || me->scale < 0 || peer->scale < 0)
		return s->window;
	return s->window << me->scale;
}

/* --- what was delivered ------------------------------------------------------------------- */

static void add_range(struct end *e, uint32_t from, uint32_t to)
{
	unsigned int i = 0, j;

	while (i < e->laters && e->later[i].to < from)
		i++;
	for (j = i; j < e->laters && e->later[j].from <= to; j++) {
		from = from < e->later[j].from ? from : e->later[j].from;
		to = to > e->later[j].to ? to : e->later[j].to;
	}
	if (i == j && e->laters == RANGES)
		return;
	memmove(e->later + i + 1, e->later + j, (e->laters - j) * sizeof(*e->later));
	e->laters += 1 - (j - i);
	e->later[i] = (struct range) { from, to };
	if (e->later[0].from <= e->whole) {
		if (e->later[0].to > e->whole)
			e->whole = e->later[0].to;
		memmove(e->later, e->later + 1, --e->laters * sizeof(*e->later));
	}
}

static bool has_range(const struct end *e, const struct range *r)
{
	unsigned int i;

	if (!after(r->to, e->whole))
		return true;
	for (i = 0; i < e->laters; i++)
		if (r->from >= e->later[i].from && r->to <= e->later[i].to)
			return true;
	return false;
}

void judge_delivered(unsigned int host, const uint8_t *frame, unsigned int len)
{
	struct end *me;
	struct segment s;

	if (!parse(&s, !host, frame, len) || loose[s.conn] || !ends[s.conn][!host].syn)
		return;
	make_relative(&s);
	me = &ends[s.conn][host];
	if (s.rst) {
		me->reset = true;
		return;
	}
	me->heard += me->next > 1 && !s.syn && (s.payload || s.sacks || s.ack > 1);
	if (s.length)
		add_range(me, s.seq, s.seq + s.length);
	if (s.has_ack && me->syn && !after(s.ack, me->next)) {
		if (after(s.ack, me->una))
			me->una = s.ack;
		if (after(s.ack + window_of(&s), me->may_send))
			me->may_send = s.ack + window_of(&s);
	}
	if (s.ts && (!me->ts_seen_any || after(s.tsval, me->ts_seen))) {
		me->ts_seen = s.tsval;
		me->ts_seen_any = true;
	}
}

/* --- what a host sends -------------------------------------------------------------------- */

static void judge_form(const struct segment *s, const uint8_t *frame)
{
	const uint8_t *ip = frame + JUDGE_IP;
	unsigned int head = (ip[0] & 15) * 4, total = ip[2] << 8 | ip[3];

	if (sum(ip, head, 0) != 0xffff)
		fault(s, "wrong checksum of IP");
	if (sum(ip + head, total - head, sum(ip + 12, 8, 0) + IPPROTO_TCP + total - head) != 0xffff)
		fault(s, "wrong checksum of TCP");
	if (total > world.mtu[s->host])
		fault(s, "%u bytes are longer than the MTU of %u", total, world.mtu[s->host]);
}

static void judge_syn(const struct segment *s, struct end *me, const struct end *peer)
{
	if (me->syn && s->seq) {
		if (!me->reset && !peer->reset && !me->fin)
			fault(s, "a SYN with another initial sequence number");
		loose[s->conn] = true;
		return;
	}
	if (s->has_ack && ((s->ts && !peer->ts) || (s->scale >= 0 && peer->scale < 0) ||
			   (s->sack_ok && !peer->sack_ok)))
		fault(s, "a SYN-ACK has an option that the SYN did not have");
	if (me->syn)
		return;
	me->syn = true;
	me->isn = s->seq;
	me->next = 1;
	me->mss = s->mss ? s->mss : DEFAULT_MSS;
	me->scale = s->scale;
	me->ts = s->ts;
	me->sack_ok = s->sack_ok;
}

static void judge_ack(const struct segment *s, struct end *me)
{
	int rounding = me->scale > 0 ? 1 << me->scale : 1;
	uint32_t edge = s->ack + window_of(s);

	if (after(s->ack, me->whole))
		fault(s, "acknowledges %u, only %u were delivered", s->ack, me->whole);
	if (me->acks && after(me->acked, s->ack))
		fault(s, "acknowledges %u after %u", s->ack, me->acked);
	if (s->window && me->acks && !s->syn && (int32_t)(edge - me->edge) < -rounding)
		fault(s, "takes back its window: from %u to %u", me->edge, edge);
	if (!me->acks || after(edge, me->edge))
		me->edge = edge;
	me->acked = s->ack;
	me->acks = true;
}

static void judge_data(const struct segment *s, struct end *me, const struct end *peer)
{
	uint32_t end = s->seq + s->payload + s->fin;
	unsigned int mss = peer->syn ? peer->mss : DEFAULT_MSS;

	if (s->payload + s->options > mss)
		fault(s, "%u bytes and %u of options are more than the MSS of %u", s->payload,
		      s->options, mss);
	if (after(s->seq, me->next))
		fault(s, "leaves a hole: sends %u, before that up to %u", s->seq, me->next);
	if (me->fin && after(end, me->fin_at + 1))
		fault(s, "sends %u, behind its FIN at %u", end, me->fin_at);
	if (s->fin && me->fin && s->seq + s->payload != me->fin_at)
		fault(s, "its FIN moved from %u to %u", me->fin_at, s->seq + s->payload);
	if (s->payload > 1 && after(s->seq + s->payload, me->may_send))
		fault(s, "sends up to %u, the window ends at %u", s->seq + s->payload,
		      me->may_send);
	if (s->payload > 1 && !after(s->seq + s->payload, me->una))
		fault(s, "sends %u to %u again, acknowledged is %u", s->seq, s->seq + s->payload,
		      me->una);
	if (!me->heard && s->payload && end > 1 + (INITIAL_WINDOW + 1) * mss)
		fault(s, "sends %u bytes at once, the MSS is %u", end - 1, mss);
	if (s->fin) {
		me->fin = true;
		me->fin_at = s->seq + s->payload;
	}
	if (after(end, me->next))
		me->next = end;
}

static void judge_options(const struct segment *s, struct end *me, const struct end *peer)
{
	bool ts = me->ts && peer->ts;
	unsigned int i;

	if (!s->syn && ts != s->ts)
		fault(s, "a timestamp is %s", ts ? "missing" : "there although not agreed");
	if (s->ts && me->ts && me->tsval && after(me->tsval, s->tsval))
		fault(s, "its timestamp goes back by %u", me->tsval - s->tsval);
	if (s->ts && s->has_ack && me->ts_seen_any && after(s->tsecr, me->ts_seen))
		fault(s, "echoes a timestamp that it never got");
	if (s->ts)
		me->tsval = s->tsval;
	if (s->sacks && !(me->sack_ok && peer->sack_ok))
		fault(s, "SACK although not agreed");
	for (i = 0; i < s->sacks; i++) {
		const struct range *r = &s->sack[i];

		if (!after(r->to, r->from))
			fault(s, "SACK of nothing: %u to %u", r->from, r->to);
		else if (!has_range(me, r))
			fault(s, "SACK of %u to %u, which was not delivered", r->from, r->to);
		else if (i && !after(r->to, s->ack))
			fault(s, "SACK of %u to %u, acknowledged is %u", r->from, r->to, s->ack);
	}
}

static void judge_reset(const struct segment *s, struct end *me)
{
	if (me->syn && !s->has_ack && after(s->seq, me->next + 1))
		fault(s, "resets at %u, sent are %u", s->seq, me->next);
	if (s->has_ack && me->syn && after(s->ack, me->whole + 1))
		fault(s, "resets and acknowledges %u, delivered are %u", s->ack, me->whole);
	me->reset = true;
}

static void note(const struct segment *s, unsigned int len)
{
	unsigned int flags = s->syn << 3 | s->fin << 2 | s->rst << 1 | s->has_ack;
	static const char * const names[] = {
		"-", "ack", "rst", "rst-ack", "fin", "fin-ack", "?", "?", "syn", "syn-ack",
	};

	sim_hash(sim_now());
	sim_hash((uint64_t)len << 32 | s->host << 16 | s->conn << 8 | flags);
	sim_hash((uint64_t)s->seq << 32 | s->ack);
	sim_hash((uint64_t)s->window << 32 | s->sacks << 16 | s->options);
	if (shared->trace)
		printf("%12.6f  %c%u > %s seq %u ack %u len %u win %u sacks %u\n", sim_now() / 1e9,
		       'a' + s->host, s->conn, flags < 10 ? names[flags] : "?", s->seq, s->ack,
		       s->payload, window_of(s), s->sacks);
}

void judge_sent(unsigned int host, const uint8_t *frame, unsigned int len)
{
	struct end *me, *peer;
	struct segment s;

	if (!parse(&s, host, frame, len))
		return;
	me = &ends[s.conn][host];
	peer = &ends[s.conn][!host];
	judge_form(&s, frame);
	make_relative(&s);
	if (!loose[s.conn] && s.syn)
		judge_syn(&s, me, peer);
	if (s.syn && !loose[s.conn])
		s.seq = 0;
	note(&s, len);
	if (loose[s.conn])
		return;
	if (s.rst) {
		judge_reset(&s, me);
		return;
	}
	if (!me->syn) {
		fault(&s, "sends before its SYN");
		return;
	}
	if (me->reset && !s.syn)
		return;
	if (s.has_ack && peer->syn)
		judge_ack(&s, me);
	judge_options(&s, me, peer);
	if (!s.syn)
		judge_data(&s, me, peer);
}
