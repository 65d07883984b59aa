/* SPDX-License-Identifier: GPL-2.0 */
/*
 * RCV.* of a connection and what came (RFC 9293 3.3.1). rcvq.c owns it.
 */
#ifndef MN_TCP_RCV_H
#define MN_TCP_RCV_H

#include <linux/rbtree.h>
#include <linux/skbuff.h>

#include "sack.h"

struct mn_rcv {
	u32			nxt;
	u32			wup;	/* nxt when the last acknowledgment was sent */
	u32			wnd;	/* what was offered then */
	u32			copied;	/* next byte that the program reads */
	u32			irs;
	u32			urg;	/* RFC 9293 3.8.5: the urgent byte */
	u16			urg_data; /* MN_URG_* and the byte */
	u16			mss;	/* of the peer's segments, as seen */
	u32			clamp;	/* never offer more */
	u32			opening; /* nor more than this; 0: the window is open */
	u8			ratio;	/* see mn_win_ratio() */
	u32			ooo_segs; /* that came out of order, ever */
	struct rb_root		ooo;
	struct sk_buff		*ooo_last;
	struct mn_sack_report	report;
	/* Buffer's size, found by watching (dynamic right-sizing). */
	u32			rtt_us;
	u32			rtt_seq;
	u64			rtt_start_us;
	u32			space;
	u32			space_seq;
	u64			space_us;
};

#define MN_URG_VALID	0x100
#define MN_URG_NOTYET	0x200
#define MN_URG_READ	0x400

/* The urgent byte is at @at; readers without the lock see it. */
static inline void mn_rcv_urg_at(struct mn_rcv *rcv, u32 at)
{
	WRITE_ONCE(rcv->urg, at);
	WRITE_ONCE(rcv->urg_data, MN_URG_NOTYET);
}

/* @data: MN_URG_* and the byte; 0: there is none any more. */
static inline void mn_rcv_urg_set(struct mn_rcv *rcv, u16 data)
{
	WRITE_ONCE(rcv->urg_data, data);
}

/* How much of the window that was offered is left. */
static inline u32 mn_rcv_window_left(const struct mn_rcv *rcv)
{
	s32 left = rcv->wup + rcv->wnd - rcv->nxt;

	return left > 0 ? left : 0;
}

/* The program has read up to @seq; readers without the lock see it: mn_rcv_readable(). */
static inline void mn_rcv_read_to(struct mn_rcv *rcv, u32 seq)
{
	WRITE_ONCE(rcv->copied, seq);
}

/* A window of @wnd goes to the peer, with the acknowledgment of all that came. */
static inline void mn_rcv_offered(struct mn_rcv *rcv, u32 wnd)
{
	rcv->wnd = wnd;
	rcv->wup = rcv->nxt;
}

/* A SYN-ACK offered @wnd; @opening: see struct mn_rcv. */
static inline void mn_rcv_offered_first(struct mn_rcv *rcv, u32 wnd, u32 opening)
{
	rcv->wnd = wnd;
	rcv->opening = opening;
}

static inline void mn_rcv_set_clamp(struct mn_rcv *rcv, u32 clamp)
{
	rcv->clamp = clamp;
}

/* The size of the peer's segments, as seen. */
static inline void mn_rcv_set_mss(struct mn_rcv *rcv, u16 mss)
{
	rcv->mss = mss;
}

/* The buffer's size is measured from @now_us on. */
static inline void mn_rcv_space_begin(struct mn_rcv *rcv, u64 now_us)
{
	rcv->space_us = now_us;
}

#endif /* MN_TCP_RCV_H */
