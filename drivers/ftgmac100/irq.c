// SPDX-License-Identifier: GPL-2.0
/*
 * The interrupt handler, the NAPI poll, and how long the chip is asked to hold interrupts
 * back. Owns struct vft_dim.
 */
#include <linux/bitfield.h>
#include <linux/interrupt.h>

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

static void vft_dim_poll_done(struct vft *vp, unsigned int frames)
{
	struct vft_dim *d = &vp->dim;
	unsigned int level = d->level;
	ktime_t now;

	if (!frames)
		return;		/* transmit completions say nothing about reception */
	d->frames += frames;
	if (++d->polls < (d->trial ? DIM_TRIAL : DIM_POLLS))
		return;
	now = ktime_get();
	if (d->trial)
		vft_dim_trial_over(d);
	else	/* busy: without delay there would be many interrupts */
		vft_dim_decide(d, ktime_to_ns(ktime_sub(now, d->since)) <
					  (d->level ? d->frames : DIM_POLLS) * DIM_BUSY_NS);
	d->since = now;
	d->polls = 0;
	d->frames = 0;
	if (d->level != level)
		vft_mac_coalesce(vp);
}

static void vft_irq_rare(struct vft *vp, u32 isr)
{
	vft_write(vp, VFT_ISR, isr & VFT_INT_RARE);
	if (isr & VFT_INT_PHYSTS_CHG)
		schedule_work(&vp->link_work);
	if (isr & VFT_INT_AHB_ERR) {
		vp->ev.ahb_errors++;
		vft_reset_soon(vp);
	}
}

static void vft_irq_seen(struct vft *vp, u32 isr)
{
	if (isr & VFT_INT_RPKT_LOST)
		vp->ev.rx_lost_ints++;
	if (isr & VFT_INT_NO_RXBUF)
		vp->ev.no_rxbuf_ints++;
	if (isr & VFT_INT_XPKT_LOST)
		vp->ev.tx_lost_ints++;
}

/* The old-fashioned mode: everything here and now. */
static void vft_irq_nonapi(struct vft *vp, u32 isr)
{
	vft_write(vp, VFT_ISR, isr & (VFT_INT_POLL | VFT_INT_SEEN));
	vft_irq_seen(vp, isr);
	vft_tx_reclaim(vp, -1);
	vft_rx_nonapi(vp);
}

/**
 * vft_interrupt() - the card's interrupt
 * @irq: its number
 * @arg: the device
 *
 * Return: whether it was ours.
 */
irqreturn_t vft_interrupt(int irq, void *arg)
{
	struct vft *vp = arg;
	u32 isr = vft_read(vp, VFT_ISR) & (vft_read(vp, VFT_IER) | VFT_INT_SEEN);

	if (!(isr & VFT_INT_ALL))
		return IRQ_NONE;
	vp->ev.irqs++;
	vp->ev.rx_irqs += !!(isr & VFT_INT_RPKT_BUF);
	vp->ev.tx_irqs += !!(isr & VFT_INT_XPKT_ETH);
	if (unlikely(isr & VFT_INT_RARE))
		vft_irq_rare(vp, isr);
	if (!(isr & VFT_INT_POLL))
		return IRQ_HANDLED;
	if (!vp->use_napi) {
		vft_irq_nonapi(vp, isr);
		return IRQ_HANDLED;
	}
	/*
	 * Masked also when NAPI cannot be had: who is polling unmasks at the end, and one that is
	 * being disabled will not take the cause away, so the line would fire for ever.
	 */
	vft_write(vp, VFT_IER, VFT_INT_RARE);
	if (napi_schedule_prep(&vp->napi))
		__napi_schedule_irqoff(&vp->napi);
	return IRQ_HANDLED;
}

/**
 * vft_poll() - NAPI poll: reclaim, receive, and when all is done, interrupts again
 * @napi: the context
 * @budget: frames at most
 *
 * ISR is cleared before the rings are looked at: what comes later sets it again, and then
 * the interrupt comes as soon as it is enabled.
 *
 * Return: frames received.
 */
int vft_poll(struct napi_struct *napi, int budget)
{
	struct vft *vp = container_of(napi, struct vft, napi);
	u32 isr = vft_read(vp, VFT_ISR) & (VFT_INT_POLL | VFT_INT_SEEN);
	int done;

	if (unlikely(!vp->use_napi)) {
		napi_complete_done(napi, 0);	/* netpoll; the rings are the handler's */
		return 0;
	}
	vp->ev.polls++;
	if (isr)
		vft_write(vp, VFT_ISR, isr);
	vft_irq_seen(vp, isr);
	vft_tx_reclaim(vp, budget);
	done = vft_rx_poll(vp, budget);
	if (done >= budget) {
		vp->ev.full_polls++;
		return budget;
	}
	if (!napi_complete_done(napi, done))
		return done;
	if (vp->adaptive)
		vft_dim_poll_done(vp, done);
	vft_write(vp, VFT_IER, VFT_INT_ALL);
	return done;
}
