// SPDX-License-Identifier: GPL-2.0
/*
 * CUBIC (RFC 9438) with HyStart++ (RFC 9406) leaving slow start before the queue is full. [pure]
 *
 * Owns struct mn_cubic, in mn_cc.priv. Times are ms, windows segments; C is 0.4 and beta 0.7.
 */
#include <linux/build_bug.h>
#include <linux/math64.h>

#include "cc.h"
#include "seq.h"

struct mn_cubic {
	u32	epoch_ms;	/* when the curve began, 0: not yet */
	u32	k_ms;		/* from then to its plateau */
	u32	w_max;		/* the plateau */
	u32	w_last_max;	/* window at the last loss, for fast convergence */
	u32	w_est;		/* what Reno would have, in 1/1024 */
	u32	round_end;	/* HyStart++: the round ends when this is acknowledged */
	u32	round_min_us;
	u32	last_min_us;
	u8	samples;
	u8	css_rounds;	/* left of conservative slow start, 0: not in it */
	u32	css_base_us;
	u32	css_count;
};

#define MN_CUBIC_BETA	717		/* 0.7 in 1/1024 */
#define MN_HYSTART_MIN_SAMPLES	8
#define MN_HYSTART_CSS_ROUNDS	5
#define MN_HYSTART_CSS_DIVISOR	4

static struct mn_cubic *mn_cubic(struct mn_cc *cc)
{
	BUILD_BUG_ON(sizeof(struct mn_cubic) > sizeof(cc->priv));
	return (struct mn_cubic *)cc->priv;
}

static void mn_cubic_init(struct mn_cc *cc)
{
	*mn_cubic(cc) = (struct mn_cubic){};
}

/* Largest x with x^3 <= v: digit by digit, in base two. */
static u32 mn_cbrt(u64 v)
{
	u64 x = 0;
	int s;

	for (s = 63; s >= 0; s -= 3) {
		u64 b;

		x += x;
		b = 3 * x * (x + 1) + 1;
		if (v >> s >= b) {
			v -= b << s;
			x++;
		}
	}
	return x;
}

/* RFC 9438 4.2: K is the time to the plateau, cbrt((W_max - cwnd) / C) seconds. */
static void mn_cubic_begin(struct mn_cubic *c, u32 cwnd, u32 now_ms)
{
	c->epoch_ms = now_ms ? now_ms : 1;
	c->w_est = cwnd << 10 >> 10 == cwnd ? cwnd << 10 : 0xfffffc00;
	if (c->w_max <= cwnd) {
		c->k_ms = 0;
		c->w_max = cwnd;
		return;
	}
	c->k_ms = mn_cbrt((u64)(c->w_max - cwnd) * 2500000000ULL);
}

/* C * t^3 for t in ms */
static u32 mn_cubic_rise(u32 ms)
{
	u64 t = ms < 1000000 ? ms : 1000000;

	return div_u64(div_u64(4 * t * t * t, 100000), 100000);
}

/* RFC 9438 4.2: the window that the curve has a round trip from now, within [cwnd, 1.5 cwnd]. */
static u32 mn_cubic_target(const struct mn_cubic *c, u32 cwnd, u32 t_ms)
{
	u32 target, rise;

	if (t_ms < c->k_ms) {
		rise = mn_cubic_rise(c->k_ms - t_ms);
		target = c->w_max > rise ? c->w_max - rise : 0;
	} else {
		target = c->w_max + mn_cubic_rise(t_ms - c->k_ms);
	}
	if (target < cwnd)
		return cwnd;
	if (target > cwnd + (cwnd >> 1))
		return cwnd + (cwnd >> 1);
	return target;
}

/*
 * RFC 9438 4.3: never slower than Reno would be; alpha is 9/17 below the window of the last loss,
 * then 1.
 */
static void mn_cubic_est(struct mn_cubic *c, u32 cwnd, u32 acked)
{
	u64 step = div_u64((u64)acked << 10, cwnd ?: 1);

	if (c->w_est >> 10 < c->w_last_max)
		step = div_u64(step * 9, 17);
	if (c->w_est + step < 1U << 31)
		c->w_est += step;
}

static void mn_cubic_avoid(struct mn_cc *cc, const struct mn_cc_ack *ack, u32 acked)
{
	struct mn_cubic *c = mn_cubic(cc);
	u32 now_ms = div_u64(ack->now_us, 1000);
	u32 target, every;

	if (!c->epoch_ms)
		mn_cubic_begin(c, cc->cwnd, now_ms);
	mn_cubic_est(c, cc->cwnd, acked);
	target = mn_cubic_target(c, cc->cwnd, now_ms - c->epoch_ms + ack->srtt_us / 1000);
	if (c->w_est >> 10 > target)
		target = c->w_est >> 10;

	/* (target - cwnd) / cwnd for each segment; with nothing to gain, next to nothing. */
	every = target > cc->cwnd ? cc->cwnd / (target - cc->cwnd) : 100 * cc->cwnd;
	mn_cc_grow_linear(cc, every < 2 ? 2 : every, acked);
}

/* RFC 9406 4.2: the round trip grew by an eighth, within 4 to 16 ms. */
static bool mn_hystart_later(u32 before_us, u32 now_us)
{
	u32 more = before_us >> 3;

	if (more < 4000)
		more = 4000;
	if (more > 16000)
		more = 16000;
	return now_us >= before_us + more;
}

/* RFC 9406: a round is over. */
static void mn_hystart_round(struct mn_cc *cc, struct mn_cubic *c, u32 nxt)
{
	c->last_min_us = c->round_min_us;
	c->round_min_us = 0;
	c->samples = 0;
	c->round_end = nxt;
	if (c->css_rounds && !--c->css_rounds)
		cc->ssthresh = cc->cwnd;
}

static void mn_hystart(struct mn_cc *cc, const struct mn_cc_ack *ack)
{
	struct mn_cubic *c = mn_cubic(cc);

	if (!mn_before(ack->una, c->round_end) || !c->round_end)
		mn_hystart_round(cc, c, ack->nxt);
	if (!ack->rtt_us)
		return;
	if (!c->round_min_us || ack->rtt_us < c->round_min_us)
		c->round_min_us = ack->rtt_us;
	if (c->samples < MN_HYSTART_MIN_SAMPLES) {
		c->samples++;
		return;
	}
	if (c->css_rounds) {
		/* The longer round trip was but noise: full speed again. */
		if (c->round_min_us < c->css_base_us)
			c->css_rounds = 0;
	} else if (c->last_min_us && mn_hystart_later(c->last_min_us, c->round_min_us)) {
		c->css_base_us = c->round_min_us;
		c->css_rounds = MN_HYSTART_CSS_ROUNDS;
		c->css_count = 0;
	}
}

static void mn_cubic_grow(struct mn_cc *cc, const struct mn_cc_ack *ack)
{
	struct mn_cubic *c = mn_cubic(cc);
	u32 acked = ack->acked;

	if (mn_cc_slow_start(cc)) {
		mn_hystart(cc, ack);
		if (c->css_rounds) {
			c->css_count += acked;
			acked = c->css_count / MN_HYSTART_CSS_DIVISOR;
			c->css_count %= MN_HYSTART_CSS_DIVISOR;
		}
		acked = mn_cc_grow_slow(cc, acked);
		if (!acked)
			return;
	}
	mn_cubic_avoid(cc, ack, acked);
}

/* RFC 9438 4.6, 4.7 */
static u32 mn_cubic_ssthresh(struct mn_cc *cc)
{
	struct mn_cubic *c = mn_cubic(cc);
	u32 ssthresh = (u64)cc->cwnd * MN_CUBIC_BETA >> 10;

	c->epoch_ms = 0;
	c->css_rounds = 0;
	/* Fast convergence: others want a share, make room for them. */
	if (cc->cwnd < c->w_last_max)
		c->w_max = (u64)cc->cwnd * (1024 + MN_CUBIC_BETA) >> 11;
	else
		c->w_max = cc->cwnd;
	c->w_last_max = cc->cwnd;
	return ssthresh < 2 ? 2 : ssthresh;
}

/* RFC 9438 4.8: a curve of its own; the window before the timeout is not forgotten (4.3). */
static void mn_cubic_lost(struct mn_cc *cc)
{
	struct mn_cubic *c = mn_cubic(cc);

	*c = (struct mn_cubic){ .w_last_max = c->w_last_max };
}

/* RFC 9438 4.2: while nothing was sent, the clock of the curve stood still. */
static void mn_cubic_idle(struct mn_cc *cc, u64 us)
{
	struct mn_cubic *c = mn_cubic(cc);

	if (c->epoch_ms)
		c->epoch_ms += (u32)div_u64(us, 1000);
}

const struct mn_cc_ops mn_cc_cubic = {
	.name		= "cubic",
	.init		= mn_cubic_init,
	.grow		= mn_cubic_grow,
	.ssthresh	= mn_cubic_ssthresh,
	.lost		= mn_cubic_lost,
	.idle		= mn_cubic_idle,
};
