// SPDX-License-Identifier: GPL-2.0
/*
 * The interrupt handler and the NAPI poll.
 */
#include <linux/interrupt.h>

#include "ftgmac100.h"

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
	if (vp->adaptive && vft_dim_poll_done(vp, done))
		vft_mac_coalesce(vp);
	vft_write(vp, VFT_IER, VFT_INT_ALL);
	return done;
}
