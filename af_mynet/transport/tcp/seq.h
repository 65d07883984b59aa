/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Arithmetic of sequence numbers: modulo 2^32, compared by the sign of their distance
 * (RFC 9293 3.4). [pure]
 */
#ifndef MN_TCP_SEQ_H
#define MN_TCP_SEQ_H

#include <linux/types.h>

static inline bool mn_before(u32 a, u32 b)
{
	return (s32)(a - b) < 0;
}

static inline bool mn_after(u32 a, u32 b)
{
	return (s32)(b - a) < 0;
}

/* low <= seq <= high */
static inline bool mn_between(u32 seq, u32 low, u32 high)
{
	return high - low >= seq - low;
}

static inline u32 mn_seq_max(u32 a, u32 b)
{
	return mn_after(a, b) ? a : b;
}

static inline u32 mn_seq_min(u32 a, u32 b)
{
	return mn_before(a, b) ? a : b;
}

/* Bytes that have sequence numbers from start to end, end not included. */
struct mn_sack_block {
	u32	start;
	u32	end;
};

#endif /* MN_TCP_SEQ_H */
