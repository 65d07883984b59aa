// SPDX-License-Identifier: GPL-2.0
/*
 * Arithmetic of the window that is offered to the peer (RFC 9293 3.8.6, RFC 7323 2). [pure]
 *
 * A window once offered is never taken back: what is chosen here is at least what is left of the
 * last one.
 */
#include "options.h"
#include "window.h"

u8 mn_win_scale(u32 space)
{
	u8 scale = 0;

	while (space >> scale > 65535 && scale < MN_TCP_WSCALE_MAX)
		scale++;
	return scale;
}

u32 mn_win_of_space(int space, u8 ratio)
{
	if (space <= 0)
		return 0;
	return ((u64)(u32)space * ratio) >> 8;
}

u32 mn_win_first(u32 space, u32 mss)
{
	if (mss && space > mss)
		space -= space % mss;
	return space < 65535 ? space : 65535;
}

int mn_win_to_space(u32 win, u8 ratio)
{
	u64 space = ((u64)win << 8);
	u32 r = ratio ? ratio : 1;

	/* A division of 64 bits by few, done by shifts where a CPU has none: win is below 2^31. */
	if (win < 1U << 23)
		space = (win << 8) / r;
	else
		space = (u64)(win / r) << 8;
	return space > 0x7fffffff ? 0x7fffffff : (int)space;
}

u8 mn_win_ratio(u32 data, u32 truesize)
{
	u32 ratio;

	while (data >= 1U << 24) {
		data >>= 1;
		truesize >>= 1;
	}
	if (!truesize)
		return 128;
	ratio = (data << 8) / truesize;
	return ratio > 240 ? 240 : ratio < 4 ? 4 : ratio;
}

/* Down to what the header can say. */
static u32 mn_win_sayable(u32 win, u8 scale)
{
	u32 max = 65535U << scale;

	if (win > max)
		win = max;
	return win >> scale << scale;
}

/* ... or up to it: a little more is better than nothing. */
static u32 mn_win_up(u32 win, u8 scale)
{
	u32 max = 65535U << scale;

	return win < max ? (win + (1U << scale) - 1) >> scale << scale : max;
}

u32 mn_win_select(const struct mn_win *w)
{
	u32 limit = mn_win_up(w->limit, w->scale);
	u32 free = w->free < limit ? w->free : limit;
	u32 most = w->full < limit ? w->full : limit;
	/* Half of the buffer is always worth offering, however large segments are. */
	u32 mss = w->mss < most >> 1 ? w->mss : most >> 1;
	u32 win;

	/* Nearly full: an opening would be a silly one; what is open stays so. */
	if (w->free < w->full >> 4 || free < mss)
		free = free < w->old ? free : w->old;
	if (free < mss && free <= w->old)
		win = 0;
	else
		win = mn_win_sayable(free, w->scale);

	/*
	 * Small changes are not worth the peer's attention. A quarter of the buffer is none: a peer
	 * that knew a larger buffer waits for half of that.
	 */
	if (win > w->old && win - w->old < mss && win - w->old < most >> 2)
		win = mn_win_sayable(w->old, w->scale);

	/* A window that was offered stays offered: rounded up where it cannot be said exactly. */
	if (win < w->old)
		win = mn_win_up(w->old, w->scale);
	return win;
}
