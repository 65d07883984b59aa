/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Acknowledgments that wait (RFC 9293 3.8.6.3). delack.c owns them.
 */
#ifndef MN_TCP_DELACK_H
#define MN_TCP_DELACK_H

#include <linux/jiffies.h>
#include <linux/types.h>

#define MN_ACKP_SCHED	0x01	/* something is to be acknowledged */
#define MN_ACKP_TIMER	0x02	/* the timer runs */
#define MN_ACKP_NOW	0x04
#define MN_ACKP_PUSHED	0x08	/* a PSH came, or the end of a message */
#define MN_ACKP_PUSHED2	0x10	/* ... and one more */

struct mn_delack {
	u8		pending;	/* MN_ACKP_* */
	u8		quick;		/* so many more at once */
	u16		size;		/* of the last segment that was smaller than rcv.mss */
	bool		pingpong;	/* answers will carry them */
	bool		always;		/* the route wants each at once */
	u32		ato;		/* jiffies between segments, as seen */
	unsigned long	last;		/* jiffies of the last data */
	unsigned long	heard;		/* of the last segment that could be believed */
	unsigned long	at;
};

/* A connection is made. */
static inline void mn_delack_start(struct mn_delack *a)
{
	a->heard = jiffies;
	a->last = jiffies;
}

/* A segment came that can be believed. */
static inline void mn_delack_heard(struct mn_delack *a)
{
	a->heard = jiffies;
}

/* Something is to be acknowledged, and at once. */
static inline void mn_delack_now(struct mn_delack *a)
{
	a->pending |= MN_ACKP_SCHED | MN_ACKP_NOW;
}

/* If something is to be acknowledged, then at once. */
static inline void mn_delack_hurry(struct mn_delack *a)
{
	a->pending |= MN_ACKP_NOW;
}

/* @pingpong: both sides speak in turn, so that answers will carry acknowledgments. */
static inline void mn_delack_set_pingpong(struct mn_delack *a, bool pingpong)
{
	a->pingpong = pingpong;
}

/* @always: the route wants each acknowledgment at once. */
static inline void mn_delack_set_always(struct mn_delack *a, bool always)
{
	a->always = always;
}

/* The timer runs, until @at. */
static inline void mn_delack_timed(struct mn_delack *a, unsigned long at)
{
	a->pending |= MN_ACKP_SCHED | MN_ACKP_TIMER;
	a->at = at;
}

/* An acknowledgment is on its way, alone or with data. */
static inline void mn_delack_sent(struct mn_delack *a, bool data)
{
	/* Data so soon after data: questions and answers. */
	if (data && a->ato && (u32)(jiffies - a->last) < a->ato)
		a->pingpong = true;
	if (a->quick)
		a->quick--;
	/* A timer that runs finds nothing to do, or is early: cheaper than to stop it. */
	a->pending = 0;
}

#endif /* MN_TCP_DELACK_H */
