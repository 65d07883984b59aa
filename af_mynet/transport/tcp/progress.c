// SPDX-License-Identifier: GPL-2.0
/*
 * How a sender gets on. [pure]
 *
 * Owns struct mn_progress.
 */
#include <linux/math64.h>

#include "progress.h"

void mn_chrono_change(struct mn_progress *p, enum mn_held held, u64 now_us)
{
	p->spent_us[p->held] += now_us - p->since_us;
	p->since_us = now_us;
	p->held = held;
	if (held == MN_HELD_NOT)
		mn_delivery_idle(p);
}

u64 mn_chrono_spent(const struct mn_progress *p, enum mn_held held, u64 now_us)
{
	u64 spent = p->spent_us[held];

	return p->held == held ? spent + now_us - p->since_us : spent;
}

void mn_delivery_begin(struct mn_progress *p, u32 delivered, u64 now_us)
{
	p->from_us = now_us;
	p->from = delivered;
	p->idle = false;
}

/*
 * Does a sample count? A sender that had too little to send says nothing about the path, unless it
 * is more than was thought.
 */
static bool mn_delivery_counts(const struct mn_progress *p, u32 segs, u32 us)
{
	return !p->idle || !p->us || (u64)segs * p->us >= (u64)p->segs * us;
}

void mn_delivery_arrived(struct mn_progress *p, u32 delivered, u64 now_us, u32 least_us)
{
	u64 us = now_us - p->from_us;
	u32 segs = delivered - p->from;

	if (!us || us < least_us)
		return;
	/* A time of more than 32 bits of microseconds was no sending. */
	if (!(us >> 32) && mn_delivery_counts(p, segs, us)) {
		p->segs = segs;
		p->us = us;
		p->was_idle = p->idle;
	}
	mn_delivery_begin(p, delivered, now_us);
}

u64 mn_delivery_rate(const struct mn_progress *p, u32 mss)
{
	return p->us ? div_u64((u64)p->segs * mss * 1000000, p->us) : 0;
}
