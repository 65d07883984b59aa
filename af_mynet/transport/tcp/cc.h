/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Congestion control as values: what an algorithm knows and what it is told. [pure]
 *
 * A window is counted in segments of full size.
 */
#ifndef MN_TCP_CC_H
#define MN_TCP_CC_H

#include <linux/types.h>

#define MN_CWND_INIT	10		/* RFC 6928 */
#define MN_CWND_MAX	0x1000000U
#define MN_SSTHRESH_INF	0x7fffffffU

struct mn_cc_ops;

/**
 * struct mn_cc - the congestion window of a connection
 * @ops: the algorithm
 * @cwnd: window
 * @ssthresh: slow start below it
 * @locked: the route has chosen @ops for good
 * @most: the window never becomes larger; whoever calls an algorithm sees to it
 * @count: acknowledged since the window last grew by one
 * @priv: the algorithm's own
 */
struct mn_cc {
	const struct mn_cc_ops *ops;
	u32	cwnd;
	u32	ssthresh;
	u32	most;
	u32	count;
	bool	locked;
	u64	priv[8];
};

/* The news of an acknowledgment for the algorithm. */
struct mn_cc_ack {
	u64	now_us;
	u32	acked;		/* segments */
	u32	srtt_us;
	u32	rtt_us;		/* sample, 0: none */
	u32	una;
	u32	nxt;
};

/**
 * struct mn_cc_ops - an algorithm
 * @name: as TCP_CONGESTION has it
 * @init: a connection takes it up
 * @grow: segments were acknowledged while the window was in use and nothing is wrong
 * @ssthresh: something was lost: what the window becomes
 * @lost: the retransmission timer fired: start anew
 * @idle: nothing was on its way for @us
 */
struct mn_cc_ops {
	const char	*name;
	void		(*init)(struct mn_cc *cc);
	void		(*grow)(struct mn_cc *cc, const struct mn_cc_ack *ack);
	u32		(*ssthresh)(struct mn_cc *cc);
	void		(*lost)(struct mn_cc *cc);
	void		(*idle)(struct mn_cc *cc, u64 us);
};

extern const struct mn_cc_ops mn_cc_reno;
extern const struct mn_cc_ops mn_cc_cubic;

static inline bool mn_cc_slow_start(const struct mn_cc *cc)
{
	return cc->cwnd < cc->ssthresh;
}

static inline void mn_cc_choose(struct mn_cc *cc, const struct mn_cc_ops *ops)
{
	cc->ops = ops;
}

static inline void mn_cc_set_cwnd(struct mn_cc *cc, u32 cwnd)
{
	cc->cwnd = cwnd;
}

/* The first window of a connection; where slow start ends is not known. */
static inline void mn_cc_begin(struct mn_cc *cc, u32 cwnd)
{
	cc->cwnd = cwnd;
	cc->ssthresh = MN_SSTHRESH_INF;
}

/* The route has chosen the algorithm, and @locked: for good. */
static inline void mn_cc_lock(struct mn_cc *cc, bool locked)
{
	cc->locked = locked;
}

/* The route allows no more than @most. */
static inline void mn_cc_limit(struct mn_cc *cc, u32 most)
{
	cc->most = most < MN_CWND_MAX ? most : MN_CWND_MAX;
}

/* The route knows where slow start has to end. */
static inline void mn_cc_expect(struct mn_cc *cc, u32 ssthresh)
{
	cc->ssthresh = ssthresh < cc->most ? ssthresh : cc->most;
}

static inline void mn_cc_cap(struct mn_cc *cc)
{
	cc->cwnd = cc->cwnd < cc->most ? cc->cwnd : cc->most;
}

/* Segments were acknowledged while the window was in use. */
static inline void mn_cc_grow(struct mn_cc *cc, const struct mn_cc_ack *ack)
{
	cc->ops->grow(cc, ack);
	mn_cc_cap(cc);
}

/* A loss or a full queue: what the window is to become (RFC 5681 3.1). */
static inline void mn_cc_reduce(struct mn_cc *cc)
{
	cc->ssthresh = cc->ops->ssthresh(cc);
}

/* All may be lost: the algorithm starts anew. */
static inline void mn_cc_lost(struct mn_cc *cc)
{
	mn_cc_reduce(cc);
	if (cc->ops->lost)
		cc->ops->lost(cc);
}

/* Segments that were acknowledged count no more for the next step of growth. */
static inline void mn_cc_forget_count(struct mn_cc *cc)
{
	cc->count = 0;
}

/* A false alarm: the window and the threshold become no lower than before it. */
static inline void mn_cc_restore(struct mn_cc *cc, u32 cwnd, u32 ssthresh)
{
	if (cwnd > cc->cwnd)
		cc->cwnd = cwnd;
	if (ssthresh > cc->ssthresh)
		cc->ssthresh = ssthresh;
}

/* A pause of @us ends, in which nothing was on its way. */
static inline void mn_cc_idle(struct mn_cc *cc, u64 us)
{
	if (cc->ops->idle)
		cc->ops->idle(cc, us);
}

/* After a pause the window is @cwnd; slow start may bring it near to where it was (RFC 7661). */
static inline void mn_cc_decay(struct mn_cc *cc, u32 cwnd)
{
	u32 near = cc->cwnd / 4 * 3;

	if (near > cc->ssthresh)
		cc->ssthresh = near;
	cc->cwnd = cwnd;
}

/* Slow start (RFC 5681 3.1) with @acked segments; returns those that are left when it ends. */
u32 mn_cc_grow_slow(struct mn_cc *cc, u32 acked);

/* One more for each @every that are acknowledged. */
void mn_cc_grow_linear(struct mn_cc *cc, u32 every, u32 acked);

#endif /* MN_TCP_CC_H */
