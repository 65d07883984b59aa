/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Arithmetic of the window that is offered to the peer (RFC 9293 3.8.6, RFC 7323 2). [pure]
 */
#ifndef MN_TCP_WINDOW_H
#define MN_TCP_WINDOW_H

#include <linux/types.h>

/* The scale with which a window of @space bytes can be said. */
u8 mn_win_scale(u32 space);

/* The bytes that the peer may send at all into buffers of @space bytes; @ratio is in 1/256. */
u32 mn_win_of_space(int space, u8 ratio);

/* The window of a SYN, which has no scale: whole segments of @mss out of @space. */
u32 mn_win_first(u32 space, u32 mss);

/* Buffers that a window of @win bytes needs. */
int mn_win_to_space(u32 win, u8 ratio);

/*
 * The part of the buffers of a packet that is its data, in 1/256: the less the smaller the packets
 * of this peer are.
 */
u8 mn_win_ratio(u32 data, u32 truesize);

/**
 * struct mn_win - what is known when a window is chosen
 * @free: bytes that there is room for
 * @full: of how many
 * @old: what was offered last and is not used up yet
 * @limit: never more
 * @mss: size of the peer's segments
 * @scale: RFC 7323's shift
 */
struct mn_win {
	u32	free;
	u32	full;
	u32	old;
	u32	limit;
	u32	mss;
	u8	scale;
};

/*
 * The window to offer: never less than before, no silly little one (RFC 9293 3.8.6.2.2,
 * RFC 1122 4.2.3.3), and one that can be said in the header.
 */
u32 mn_win_select(const struct mn_win *w);

#endif /* MN_TCP_WINDOW_H */
