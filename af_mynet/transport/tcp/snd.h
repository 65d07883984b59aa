/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sequence variables of the sending side (RFC 9293 3.3.1) and the peer's window. [pure]
 */
#ifndef MN_TCP_SND_H
#define MN_TCP_SND_H

#include <linux/types.h>

#include "seq.h"

#define MN_WND_MAX	(65535U << 14)	/* RFC 7323 2.3 */

/**
 * struct mn_snd - SND.*; written by snd.c only
 * @una: oldest byte that is not acknowledged
 * @nxt: next one to send. una <= nxt
 * @wnd: bytes from @una that the peer takes, scaled
 * @wl1: sequence number of the segment that said so
 * @wl2: its acknowledgment
 * @max_wnd: largest window ever seen
 * @acked: bytes of data that were acknowledged; it stops at MN_WND_MAX
 * @iss: where it began
 * @write: next byte that the program writes. nxt <= write
 * @push: last byte that was marked with PSH
 * @flush: data up to here waits for no more (TCP_NODELAY)
 * @small: end of the last segment that was not full (Minshall's variant of Nagle)
 */
struct mn_snd {
	u32	una;
	u32	nxt;
	u32	wnd;
	u32	wl1;
	u32	wl2;
	u32	max_wnd;
	u32	acked;
	u32	iss;
	u32	write;
	u32	push;
	u32	flush;
	u32	small;
};

enum mn_ack_kind {
	MN_ACK_OLD,		/* before una: nothing new in it */
	MN_ACK_TOO_OLD,		/* and so far before that nobody honest sends it (RFC 5961 5.2) */
	MN_ACK_DUP,		/* una itself */
	MN_ACK_NEW,		/* in (una, nxt] */
	MN_ACK_FUTURE,		/* of what was never sent */
};

void mn_snd_init(struct mn_snd *s, u32 iss);
enum mn_ack_kind mn_snd_judge(const struct mn_snd *s, u32 ack);
void mn_snd_acked(struct mn_snd *s, u32 ack);
void mn_snd_sent(struct mn_snd *s, u32 end, bool small);
void mn_snd_written(struct mn_snd *s, u32 len);
void mn_snd_pushed(struct mn_snd *s);
void mn_snd_flush(struct mn_snd *s);

/* First window, of the SYN or its answer: never scaled. */
void mn_snd_window_first(struct mn_snd *s, u32 wnd, u32 seq, u32 ack);

/* RFC 9293 3.10.7.4, ESTABLISHED: is the segment newer than the one that said the window? */
bool mn_snd_window(struct mn_snd *s, u32 wnd, u32 seq, u32 ack);

/* The largest window ever seen does not seem to come again: half of it counts from now on. */
void mn_snd_window_shrunk(struct mn_snd *s);

static inline u32 mn_snd_window_end(const struct mn_snd *s)
{
	return s->una + s->wnd;
}

#endif /* MN_TCP_SND_H */
