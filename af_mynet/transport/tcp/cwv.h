/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the congestion window is used (RFC 7661 in spirit). output.c owns it.
 */
#ifndef MN_TCP_CWV_H
#define MN_TCP_CWV_H

#include <linux/jiffies.h>
#include <linux/types.h>

struct mn_cwv {
	u32		max_out;
	u32		max_seq;
	unsigned long	last_sent;	/* jiffies of the last data */
	u64		sent_us;	/* the same, more exactly */
	bool		limited;
};

/* A connection is made, or data went: a pause begins. */
static inline void mn_cwv_sent(struct mn_cwv *u)
{
	u->last_sent = jiffies;
}

/* A packet left at @now_us. */
static inline void mn_cwv_left(struct mn_cwv *u, u64 now_us)
{
	u->sent_us = now_us;
}

#endif /* MN_TCP_CWV_H */
