// SPDX-License-Identifier: GPL-2.0
/*
 * Reno's congestion control (RFC 5681, RFC 6582), and the two ways of growing that others
 * use too. [pure]
 */
#include "cc.h"

static u32 mn_cwnd_limit(u32 cwnd)
{
	return cwnd > MN_CWND_MAX ? MN_CWND_MAX : cwnd;
}

u32 mn_cc_grow_slow(struct mn_cc *cc, u32 acked)
{
	u32 cwnd = cc->cwnd + acked;

	if (cwnd > cc->ssthresh)
		cwnd = cc->ssthresh;
	acked -= cwnd - cc->cwnd;
	cc->cwnd = mn_cwnd_limit(cwnd);
	return acked;
}

void mn_cc_grow_linear(struct mn_cc *cc, u32 every, u32 acked)
{
	if (!every)
		every = 1;
	/* The count towards a slower growth is worth one segment at the most. */
	if (cc->count >= every) {
		cc->count = 0;
		cc->cwnd++;
	}
	cc->count += acked;
	if (cc->count >= every) {
		u32 more = cc->count / every;

		cc->count -= more * every;
		cc->cwnd += more;
	}
	cc->cwnd = mn_cwnd_limit(cc->cwnd);
}

static void mn_reno_grow(struct mn_cc *cc, const struct mn_cc_ack *ack)
{
	u32 acked = ack->acked;

	if (mn_cc_slow_start(cc)) {
		acked = mn_cc_grow_slow(cc, acked);
		if (!acked)
			return;
	}
	mn_cc_grow_linear(cc, cc->cwnd, acked);
}

/* RFC 5681 3.1, equation 4 */
static u32 mn_reno_ssthresh(struct mn_cc *cc)
{
	u32 half = cc->cwnd >> 1;

	return half < 2 ? 2 : half;
}

const struct mn_cc_ops mn_cc_reno = {
	.name		= "reno",
	.grow		= mn_reno_grow,
	.ssthresh	= mn_reno_ssthresh,
};
