// SPDX-License-Identifier: GPL-2.0
/*
 * The sequence variables of the sending side (RFC 9293 3.3.1) and the peer's window. [pure]
 *
 * Owns struct mn_snd: una <= nxt <= write, modulo 2^32.
 */
#include "snd.h"

void mn_snd_init(struct mn_snd *s, u32 iss)
{
	*s = (struct mn_snd){
		.una = iss, .nxt = iss, .iss = iss, .write = iss, .push = iss + 1, .small = iss,
	};
}

enum mn_ack_kind mn_snd_judge(const struct mn_snd *s, u32 ack)
{
	if (mn_after(ack, s->nxt))
		return MN_ACK_FUTURE;
	if (mn_after(ack, s->una))
		return MN_ACK_NEW;
	if (ack == s->una)
		return MN_ACK_DUP;
	/*
	 * An old acknowledgment is neither further back than a window reaches nor before the first
	 * byte.
	 */
	if (mn_before(ack, s->una - (s->max_wnd < s->acked ? s->max_wnd : s->acked)))
		return MN_ACK_TOO_OLD;
	return MN_ACK_OLD;
}

void mn_snd_acked(struct mn_snd *s, u32 ack)
{
	u32 len = ack - s->una, data = len - (s->una == s->iss);

	s->acked = data < MN_WND_MAX - s->acked ? s->acked + data : MN_WND_MAX;
	/* The window is counted from una; its end stays where it is until a segment moves it. */
	s->wnd = s->wnd > len ? s->wnd - len : 0;
	s->una = ack;
}

void mn_snd_sent(struct mn_snd *s, u32 end, bool small)
{
	s->nxt = end;
	if (small)
		s->small = end;
}

void mn_snd_written(struct mn_snd *s, u32 len)
{
	s->write += len;
}

void mn_snd_pushed(struct mn_snd *s)
{
	s->push = s->write;
}

void mn_snd_flush(struct mn_snd *s)
{
	s->flush = s->write;
}

void mn_snd_window_shrunk(struct mn_snd *s)
{
	s->max_wnd = s->wnd > s->max_wnd >> 1 ? s->wnd : s->max_wnd >> 1;
}

void mn_snd_window_first(struct mn_snd *s, u32 wnd, u32 seq, u32 ack)
{
	s->wnd = wnd;
	s->max_wnd = wnd;
	s->wl1 = seq;
	s->wl2 = ack;
}

bool mn_snd_window(struct mn_snd *s, u32 wnd, u32 seq, u32 ack)
{
	bool changed;

	if (!mn_before(s->wl1, seq) && !(s->wl1 == seq && !mn_after(s->wl2, ack)))
		return false;
	changed = s->wnd != wnd;
	s->wl1 = seq;
	s->wl2 = ack;
	s->wnd = wnd;
	if (wnd > s->max_wnd)
		s->max_wnd = wnd;
	return changed;
}
