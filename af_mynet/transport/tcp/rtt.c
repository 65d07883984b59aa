// SPDX-License-Identifier: GPL-2.0
/*
 * The round trip and the timeout made from it (RFC 6298). [pure]
 *
 * Owns struct mn_rtt. The deviation never makes the timeout come earlier than floor_us after the
 * smoothed round trip: a peer may wait that long with its acknowledgment.
 */
#include "rtt.h"

#define MN_MIN_PERIOD_US	(300ULL * 1000 * 1000)

void mn_rtt_init(struct mn_rtt *r, u32 floor_us)
{
	*r = (struct mn_rtt){ .rto_us = MN_RTO_INIT_US, .floor_us = floor_us };
}

/* The shortest of between one and two periods. */
static void mn_rtt_min(struct mn_rtt *r, u32 us, u64 now_us)
{
	if (now_us - r->period_us > MN_MIN_PERIOD_US) {
		r->min_us = r->next_min_us;
		r->next_min_us = 0;
		r->period_us = now_us;
	}
	if (!r->next_min_us || us < r->next_min_us)
		r->next_min_us = us;
	if (!r->min_us || us < r->min_us)
		r->min_us = us;
}

static void mn_rtt_set_rto(struct mn_rtt *r)
{
	u32 spread = r->var4 < r->floor_us ? r->floor_us : r->var4;
	u32 rto = (r->srtt8 >> 3) + spread;

	r->rto_us = rto > MN_RTO_MAX_US ? MN_RTO_MAX_US : rto;
}

void mn_rtt_sample(struct mn_rtt *r, u32 us, u64 now_us)
{
	s32 err;

	/* A trip of less than a tick of the clock took some time all the same. */
	if (!us)
		us = 1;
	if (us > MN_RTO_MAX_US)
		us = MN_RTO_MAX_US;
	mn_rtt_min(r, us, now_us);
	if (!r->srtt8) {
		/* RFC 6298 2.2 */
		r->srtt8 = us << 3;
		r->var4 = us << 1;
	} else {
		/* RFC 6298 2.3: alpha 1/8, beta 1/4 */
		err = us - (r->srtt8 >> 3);
		r->srtt8 += err;
		if (err < 0)
			err = -err;
		r->var4 += err - (r->var4 >> 2);
	}
	mn_rtt_set_rto(r);
}

void mn_rtt_begin(struct mn_rtt *r)
{
	r->backoff = 0;
	if (!r->srtt8)
		r->rto_us = MN_RTO_BLIND_US;
}

void mn_rtt_expect(struct mn_rtt *r, u32 us)
{
	u64 rto = us + (u64)(2ULL * us > r->floor_us ? 2ULL * us : r->floor_us);

	if (us > r->srtt8 >> 3)
		r->rto_us = rto > MN_RTO_MAX_US ? MN_RTO_MAX_US : rto;
}

void mn_rtt_backoff(struct mn_rtt *r)
{
	if (r->backoff < MN_BACKOFF_MAX)
		r->backoff++;
}

void mn_rtt_answered(struct mn_rtt *r)
{
	r->backoff = 0;
}

u32 mn_rtt_timeout(const struct mn_rtt *r)
{
	u64 us = (u64)r->rto_us << r->backoff;

	return us > MN_RTO_MAX_US ? MN_RTO_MAX_US : us;
}
