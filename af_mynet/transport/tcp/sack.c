// SPDX-License-Identifier: GPL-2.0
/*
 * Arithmetic of selective acknowledgment and of what follows from it: RFC 2018, RFC 2883,
 * RFC 8985 (RACK), RFC 6937 (PRR). [pure]
 *
 * Owns struct mn_sack_report, mn_sack_heard's meaning, struct mn_rack and struct mn_prr.
 */
#include <linux/math64.h>

#include "sack.h"

/* --- the report --------------------------------------------------------------------------- */

static void mn_sack_remove(struct mn_sack_report *r, unsigned int i)
{
	for (; i + 1 < r->blocks; i++)
		r->block[i] = r->block[i + 1];
	r->blocks--;
}

/* RFC 2018 4: the block with the newest segment is first; those it touches become part of it. */
void mn_sack_report_add(struct mn_sack_report *r, u32 start, u32 end)
{
	unsigned int i = 0;

	while (i < r->blocks) {
		const struct mn_sack_block *b = &r->block[i];

		if (mn_after(b->start, end) || mn_before(b->end, start)) {
			i++;
			continue;
		}
		start = mn_seq_min(start, b->start);
		end = mn_seq_max(end, b->end);
		mn_sack_remove(r, i);
		i = 0;
	}
	if (r->blocks == MN_TCP_SACKS_MAX)
		r->blocks--;
	for (i = r->blocks++; i; i--)
		r->block[i] = r->block[i - 1];
	r->block[0].start = start;
	r->block[0].end = end;
}

void mn_sack_report_trim(struct mn_sack_report *r, u32 nxt)
{
	unsigned int i = 0;

	while (i < r->blocks) {
		if (mn_after(r->block[i].end, nxt)) {
			if (mn_before(r->block[i].start, nxt))
				r->block[i].start = nxt;
			i++;
		} else {
			mn_sack_remove(r, i);
		}
	}
}

void mn_sack_report_dup(struct mn_sack_report *r, u32 start, u32 end)
{
	if (!r->has_dsack) {
		r->dsack.start = start;
		r->dsack.end = end;
		r->has_dsack = true;
	} else if (!mn_after(start, r->dsack.end) && !mn_before(end, r->dsack.start)) {
		r->dsack.start = mn_seq_min(start, r->dsack.start);
		r->dsack.end = mn_seq_max(end, r->dsack.end);
	}
}

unsigned int mn_sack_report_take(struct mn_sack_report *r, struct mn_sack_block *to,
				 unsigned int max)
{
	unsigned int n = 0, i;

	if (r->has_dsack && n < max) {
		to[n++] = r->dsack;
		r->has_dsack = false;
	}
	for (i = 0; i < r->blocks && n < max; i++)
		to[n++] = r->block[i];
	return n;
}

/* --- blocks of the peer ------------------------------------------------------------------- */

bool mn_sack_is_dup(const struct mn_sack_block *b, const struct mn_sack_block *next, u32 ack)
{
	if (mn_before(b->start, ack))
		return true;
	return next && !mn_before(b->start, next->start) && !mn_after(b->end, next->end);
}

bool mn_sack_plausible(const struct mn_sack_block *b, u32 una, u32 nxt)
{
	return mn_before(b->start, b->end) && !mn_before(b->start, una) && !mn_after(b->end, nxt);
}

bool mn_sack_news(const struct mn_sack_heard *h, struct mn_sack_block *b)
{
	unsigned int i;

	for (i = 0; i < h->blocks; i++) {
		const struct mn_sack_block *old = &h->block[i];

		if (!mn_before(b->start, old->start) && mn_before(b->start, old->end))
			b->start = mn_seq_min(old->end, b->end);
		if (!mn_after(b->end, old->end) && mn_after(b->end, old->start))
			b->end = mn_seq_max(old->start, b->start);
	}
	return mn_before(b->start, b->end);
}

/* --- RACK --------------------------------------------------------------------------------- */

void mn_rack_init(struct mn_rack *r)
{
	*r = (struct mn_rack){ .steps = 1 };
}

static bool mn_sent_after(u64 a_us, u32 a_end, u64 b_us, u32 b_end)
{
	return a_us > b_us || (a_us == b_us && mn_after(a_end, b_end));
}

void mn_rack_arrived(struct mn_rack *r, u64 sent_us, u32 end, bool retrans, u64 now_us,
		     u32 min_rtt_us)
{
	u64 rtt = now_us - sent_us;

	/* Acknowledged too soon after a retransmission: it was the first copy that arrived. */
	if (retrans && rtt < min_rtt_us)
		return;
	r->rtt_us = rtt > 0xffffffffU ? 0xffffffffU : rtt;
	r->advanced = true;
	if (r->valid && !mn_sent_after(sent_us, end, r->sent_us, r->end))
		return;
	r->sent_us = sent_us;
	r->end = end;
	r->valid = true;
}

bool mn_rack_before(const struct mn_rack *r, u64 sent_us, u32 end)
{
	return r->valid && mn_sent_after(r->sent_us, r->end, sent_us, end);
}

u32 mn_rack_window(const struct mn_rack *r, u32 min_rtt_us, u32 srtt_us, bool reordering,
		   bool hurry)
{
	u64 us;

	if (!reordering && hurry)
		return 0;
	us = (u64)(min_rtt_us >> 2) * r->steps;
	return us < srtt_us ? us : srtt_us;
}

u32 mn_rack_wait(const struct mn_rack *r, u64 sent_us, u32 window_us, u64 now_us)
{
	u64 until = sent_us + r->rtt_us + window_us;

	return until > now_us ? until - now_us : 0;
}

void mn_rack_dsack(struct mn_rack *r, u32 una, u32 nxt)
{
	if (r->dsack_round && mn_before(una, r->dsack_round))
		return;
	r->dsack_round = nxt ? nxt : 1;
	if (r->steps < 255)
		r->steps++;
	r->persist = 16;
}

void mn_rack_recovered(struct mn_rack *r)
{
	if (r->persist && !--r->persist)
		r->steps = 1;
}

/* --- PRR ---------------------------------------------------------------------------------- */

u32 mn_prr_cwnd(struct mn_prr *p, u32 ssthresh, u32 in_flight, u32 acked, bool safe)
{
	s32 room = (s32)(ssthresh - in_flight), send;

	p->delivered += acked;
	if (room < 0) {
		/* In proportion: ssthresh / prior of what arrives. Windows stay far below 2^31. */
		u64 share = (u64)ssthresh * p->delivered + p->prior - 1;

		send = (s32)(u32)div_u64(share, p->prior ?: 1) - (s32)p->out;
	} else {
		/* At the target, or below it by losses: as slow start, but only if it is safe. */
		send = (s32)(p->delivered - p->out);
		if (send < (s32)acked)
			send = acked;
		if (safe)
			send++;
		if (send > room)
			send = room;
	}
	/* The first retransmission goes at once. */
	if (send < (p->out ? 0 : 1))
		send = p->out ? 0 : 1;
	return in_flight + send;
}
