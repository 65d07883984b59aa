// SPDX-License-Identifier: GPL-2.0
/*
 * Adaptive receive moderation: how long the chip is asked to hold interrupts back. It decides,
 * its caller acts. Owns struct vft_dim.
 */
#include <linux/bitfield.h>

#include "ftgmac100.h"

/*
 * Delays the adaptive moderation tries, as ITC's receive half: none, then doubling.
 * 41, 82, 164, 328, 655 us.
 */
static const u32 dim_itc[] = {
	0,
	FIELD_PREP_CONST(VFT_ITC_RX_CNT, 8),
	FIELD_PREP_CONST(VFT_ITC_RX_CNT, 1) | VFT_ITC_RX_TIME_SEL,
	FIELD_PREP_CONST(VFT_ITC_RX_CNT, 2) | VFT_ITC_RX_TIME_SEL,
	FIELD_PREP_CONST(VFT_ITC_RX_CNT, 4) | VFT_ITC_RX_TIME_SEL,
	FIELD_PREP_CONST(VFT_ITC_RX_CNT, 8) | VFT_ITC_RX_TIME_SEL,
};

#define DIM_TOP		(ARRAY_SIZE(dim_itc) - 1)
#define DIM_POLLS	16	/* polls a decision looks back on */
#define DIM_TRIAL	4	/* ... while trying: a vain trial shall not last */
#define DIM_ENOUGH	24	/* frames a poll shall find */
#define DIM_BUSY_NS	(250 * NSEC_PER_USEC)	/* rarer interrupts are no burden */
#define DIM_BACKOFF_MIN	8
#define DIM_BACKOFF_MAX	4096

/**
 * vft_dim_reset() - begin without delay
 * @vp: the device
 */
void vft_dim_reset(struct vft *vp)
{
	memset(&vp->dim, 0, sizeof(vp->dim));
	vp->dim.backoff = DIM_BACKOFF_MIN;
}

/**
 * vft_dim_itc() - receive half of ITC that adaptive moderation wants now
 * @vp: the device
 *
 * Return: ITC bits.
 */
u32 vft_dim_itc(const struct vft *vp)
{
	return dim_itc[vp->dim.level];
}

/*
 * Does delaying interrupts gather more frames? A stream of frames that come anyway does; a
 * conversation, where the next frame is the answer to our answer, does not, and only gets
 * slower. Nothing in a single frame tells them apart, so it is tried: the longest delay for a few
 * polls. If they find no more frames than before, there is none again for a good while.
 */
static void vft_dim_trial_over(struct vft_dim *d)
{
	d->trial = false;
	if (d->frames >= DIM_TRIAL * 2 && d->frames * 2 >= d->before * 3) {
		d->backoff = DIM_BACKOFF_MIN;
		return;
	}
	d->level = 0;
	d->rest = d->backoff;
	d->backoff = min(d->backoff * 4, (unsigned int)DIM_BACKOFF_MAX);
}

/* Looks back on DIM_POLLS polls: as short a delay as still finds enough frames. */
static void vft_dim_decide(struct vft_dim *d, bool busy)
{
	if (!busy || (d->level && d->frames < 2 * DIM_POLLS)) {
		d->level = 0;
	} else if (d->level && d->frames >= 2 * DIM_ENOUGH * DIM_POLLS) {
		d->level--;
	} else if (d->level && d->level < DIM_TOP && d->frames < DIM_ENOUGH * DIM_POLLS) {
		d->level++;
	} else if (!d->level && d->rest) {
		d->rest--;
	} else if (!d->level && d->frames < DIM_ENOUGH * DIM_POLLS) {
		d->before = d->frames * DIM_TRIAL / DIM_POLLS;
		d->trial = true;
		d->level = DIM_TOP;
	}
}

/**
 * vft_dim_poll_done() - a poll has found all that there was
 * @vp: the device
 * @frames: so many
 *
 * Return: whether vft_dim_itc() has changed.
 */
bool vft_dim_poll_done(struct vft *vp, unsigned int frames)
{
	struct vft_dim *d = &vp->dim;
	unsigned int level = d->level;
	ktime_t now;

	if (!frames)
		return false;	/* transmit completions say nothing about reception */
	d->frames += frames;
	if (++d->polls < (d->trial ? DIM_TRIAL : DIM_POLLS))
		return false;
	now = ktime_get();
	if (d->trial)
		vft_dim_trial_over(d);
	else	/* busy: without delay there would be many interrupts */
		vft_dim_decide(d, ktime_to_ns(ktime_sub(now, d->since)) <
					  (d->level ? d->frames : DIM_POLLS) * DIM_BUSY_NS);
	d->since = now;
	d->polls = 0;
	d->frames = 0;
	return d->level != level;
}
