/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a sender gets on: how fast what it sends arrives, and what held it up for how long. [pure]
 *
 * The rate is measured over about a round trip at a time, without a note in each packet (as the
 * kernel has it): from when nothing was on its way, or from the measurement before.
 */
#ifndef MN_TCP_PROGRESS_H
#define MN_TCP_PROGRESS_H

#include <linux/types.h>

/* The thing that a sender waits for, with data on its way or waiting. */
enum mn_held {
	MN_HELD_NOT,		/* there is nothing to send */
	MN_HELD_NETWORK,
	MN_HELD_WINDOW,		/* the peer's */
	MN_HELD_BUFFER,		/* its own: the program may not write more */
	MN_HELD_KINDS,
};

/**
 * struct mn_progress - written by what is here only
 * @since_us: when @held began
 * @spent_us: how long it was held up before, by what
 * @from_us: when this measurement began
 * @from: what had arrived by then: segments
 * @segs: the last measurement: segments that arrived in
 * @us: so much time, 0: nothing was measured yet
 * @held: what holds it up now
 * @idle: there was a time in this measurement when there was nothing to send
 * @was_idle: the same of the last one: the path may carry more
 */
struct mn_progress {
	u64	since_us;
	u64	spent_us[MN_HELD_KINDS];
	u64	from_us;
	u32	from;
	u32	segs;
	u32	us;
	u8	held;
	bool	idle;
	bool	was_idle;
};

void mn_chrono_change(struct mn_progress *p, enum mn_held held, u64 now_us);

static inline void mn_chrono_switch(struct mn_progress *p, enum mn_held held, u64 now_us)
{
	if (p->held != held)
		mn_chrono_change(p, held, now_us);
}

/* All was sent, and more could have been. */
static inline void mn_delivery_idle(struct mn_progress *p)
{
	p->idle = true;
}

/* How long it was held up by that, up to now. */
u64 mn_chrono_spent(const struct mn_progress *p, enum mn_held held, u64 now_us);

/* The first packet goes when nothing was on its way. @delivered: segments that arrived, ever. */
void mn_delivery_begin(struct mn_progress *p, u32 delivered, u64 now_us);

/* More has arrived. @least_us: in less time nothing can be measured. */
void mn_delivery_arrived(struct mn_progress *p, u32 delivered, u64 now_us, u32 least_us);

/* Bytes in a second, 0: not known. */
u64 mn_delivery_rate(const struct mn_progress *p, u32 mss);

#endif /* MN_TCP_PROGRESS_H */
