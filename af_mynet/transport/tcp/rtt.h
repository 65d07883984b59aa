/* SPDX-License-Identifier: GPL-2.0 */
/* The round trip and how long to wait for an answer (RFC 6298). [pure] */
#ifndef MN_TCP_RTT_H
#define MN_TCP_RTT_H

#include <linux/types.h>

#define MN_RTO_MIN_US	(200 * 1000U)
#define MN_RTO_MAX_US	(120 * 1000 * 1000U)
#define MN_RTO_INIT_US	(1000 * 1000U)
#define MN_RTO_BLIND_US	(3 * 1000 * 1000U)
#define MN_BACKOFF_MAX	30

/**
 * struct mn_rtt - the round trip; written by rtt.c only
 * @srtt8: smoothed round trip in 1/8 us, 0: not measured yet
 * @var4: its mean deviation in 1/4 us
 * @rto_us: timeout, without backoff
 * @floor_us: the timeout is at least so much longer than the round trip
 * @backoff: times that it was doubled since the last answer
 * @min_us: shortest round trip of this and the last period, 0: none
 * @next_min_us: of this period
 * @period_us: when this period began
 */
struct mn_rtt {
	u32	srtt8;
	u32	var4;
	u32	rto_us;
	u32	floor_us;
	u32	min_us;
	u32	next_min_us;
	u64	period_us;
	u8	backoff;
};

void mn_rtt_init(struct mn_rtt *r, u32 floor_us);

/* The route, or the namespace, knows what the timeout is longer by than the round trip. */
static inline void mn_rtt_set_floor(struct mn_rtt *r, u32 floor_us)
{
	r->floor_us = floor_us;
}

/* A packet that was sent once came back after @us. @now_us: any clock that never turns back. */
void mn_rtt_sample(struct mn_rtt *r, u32 us, u64 now_us);

/* The connection is made: has its handshake measured anything (RFC 6298 5.7)? */
void mn_rtt_begin(struct mn_rtt *r);

/* The route knows a round trip of @us before anything was sent: the first timeout regards it. */
void mn_rtt_expect(struct mn_rtt *r, u32 us);

/* The timer fired: wait twice as long next time (RFC 6298 5.5). */
void mn_rtt_backoff(struct mn_rtt *r);

/* Ends the backoff: a round trip was measured again. */
void mn_rtt_answered(struct mn_rtt *r);

/* How long to wait now. */
u32 mn_rtt_timeout(const struct mn_rtt *r);

static inline u32 mn_rtt_smoothed(const struct mn_rtt *r)
{
	return r->srtt8 >> 3;
}

#endif /* MN_TCP_RTT_H */
