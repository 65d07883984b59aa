// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupt status, enable and mitigation. Owns ISR, IER, the pending counts of ITC and the
 * interrupt line, whose level is "ISR & IER is not zero".
 *
 * A frame is announced at once when ITC asks for nothing. Otherwise it waits until THR frames
 * are pending or the time CNT has passed; the timer is not cancelled when the frames
 * are seen earlier (by a poll, say) but fires and finds nothing, which is cheaper than
 * cancelling it for each batch.
 */
#include <linux/bitfield.h>

#include "chip_priv.h"

static void vft_irq_line_update(struct vft_chip *chip)
{
	lockdep_assert_held(&chip->lock);
	chip->pins.irq(chip->pins.irq_ctx, chip->isr & chip->ier);
}

static void vft_irq_raise_locked(struct vft_chip *chip, u32 bits)
{
	lockdep_assert_held(&chip->lock);
	WRITE_ONCE(chip->isr, chip->isr | bits);
	if (bits & chip->ier)
		vft_irq_line_update(chip);
}

/**
 * vft_irq_raise() - set status bits, and interrupt if they are enabled
 * @chip: the chip
 * @bits: VFT_INT_*
 *
 * Context: any.
 */
void vft_irq_raise(struct vft_chip *chip, u32 bits)
{
	unsigned long flags;

	spin_lock_irqsave(&chip->lock, flags);
	vft_irq_raise_locked(chip, bits);
	spin_unlock_irqrestore(&chip->lock, flags);
}

static void vft_mit_forget(struct vft_mitigation *m)
{
	WRITE_ONCE(m->waiting, false);
	m->counted = 0;
}

/**
 * vft_irq_ack() - a write to ISR
 * @chip: the chip
 * @bits: status bits to clear; frames held back for them are forgotten with them
 */
void vft_irq_ack(struct vft_chip *chip, u32 bits)
{
	unsigned long flags;

	spin_lock_irqsave(&chip->lock, flags);
	WRITE_ONCE(chip->isr, chip->isr & ~bits);
	if (bits & VFT_INT_RPKT_BUF)
		vft_mit_forget(&chip->rx_mit);
	if (bits & VFT_INT_XPKT_ETH)
		vft_mit_forget(&chip->tx_mit);
	vft_irq_line_update(chip);
	spin_unlock_irqrestore(&chip->lock, flags);
}

/**
 * vft_irq_enable() - a write to IER
 * @chip: the chip
 * @mask: which status bits interrupt
 */
void vft_irq_enable(struct vft_chip *chip, u32 mask)
{
	unsigned long flags;

	spin_lock_irqsave(&chip->lock, flags);
	WRITE_ONCE(chip->ier, mask & VFT_INT_MASK);
	vft_irq_line_update(chip);
	spin_unlock_irqrestore(&chip->lock, flags);
}

/* Returns nanoseconds, 0 for no delay. */
static u64 vft_itc_time(u32 cnt, bool coarse)
{
	return (u64)cnt * (coarse ? VFT_TIME_UNIT1_NS : VFT_TIME_UNIT0_NS);
}

static void vft_mit_raise(struct vft_chip *chip, struct vft_mitigation *m, u32 bit)
{
	vft_mit_forget(m);
	vft_irq_raise_locked(chip, bit);
}

static void vft_mit_frame(struct vft_chip *chip, struct vft_mitigation *m, u32 bit, u32 count,
			  u32 thr, u64 time)
{
	unsigned long flags;

	spin_lock_irqsave(&chip->lock, flags);
	WRITE_ONCE(m->waiting, true);
	m->counted += count;
	if (thr ? m->counted >= thr : !time) {
		vft_mit_raise(chip, m, bit);
	} else if (time && !m->armed) {
		WRITE_ONCE(m->armed, true);
		hrtimer_start(&m->timer, ns_to_ktime(time), HRTIMER_MODE_REL);
	}
	spin_unlock_irqrestore(&chip->lock, flags);
}

/**
 * vft_irq_rx_frame() - a frame was moved into receive buffers
 * @chip: the chip; the frame's descriptors are already software's
 */
void vft_irq_rx_frame(struct vft_chip *chip)
{
	u32 itc = vft_reg(chip, VFT_ITC);
	u32 thr = FIELD_GET(VFT_ITC_RX_THR, itc);

	/*
	 * Software clears ISR first and then looks at the ring; we gave the descriptor away
	 * first and then look at ISR. So a bit that is still set will be followed by a look.
	 */
	smp_mb();
	if (READ_ONCE(chip->isr) & VFT_INT_RPKT_BUF)
		return;
	if (!thr && READ_ONCE(chip->rx_mit.armed) && READ_ONCE(chip->rx_mit.waiting))
		return;
	vft_mit_frame(chip, &chip->rx_mit, VFT_INT_RPKT_BUF, 1, thr,
		      vft_itc_time(FIELD_GET(VFT_ITC_RX_CNT, itc), itc & VFT_ITC_RX_TIME_SEL));
}

/**
 * vft_irq_tx_frame() - a frame was sent
 * @chip: the chip; the frame's descriptors are already software's
 * @wanted: its descriptor has TXIC: it counts for the threshold. Others only start the time.
 */
void vft_irq_tx_frame(struct vft_chip *chip, bool wanted)
{
	u32 itc = vft_reg(chip, VFT_ITC);
	u64 time = vft_itc_time(FIELD_GET(VFT_ITC_TX_CNT, itc), itc & VFT_ITC_TX_TIME_SEL);

	if (!wanted && !time)
		return;
	smp_mb();	/* as in vft_irq_rx_frame() */
	if (READ_ONCE(chip->isr) & VFT_INT_XPKT_ETH)
		return;
	if (!wanted && READ_ONCE(chip->tx_mit.armed) && READ_ONCE(chip->tx_mit.waiting))
		return;
	vft_mit_frame(chip, &chip->tx_mit, VFT_INT_XPKT_ETH, wanted, FIELD_GET(VFT_ITC_TX_THR, itc),
		      time);
}

static enum hrtimer_restart vft_mit_expire(struct vft_chip *chip, struct vft_mitigation *m, u32 bit)
{
	unsigned long flags;

	spin_lock_irqsave(&chip->lock, flags);
	WRITE_ONCE(m->armed, false);
	if (m->waiting)
		vft_mit_raise(chip, m, bit);
	spin_unlock_irqrestore(&chip->lock, flags);
	return HRTIMER_NORESTART;
}

static enum hrtimer_restart vft_rx_expire(struct hrtimer *timer)
{
	struct vft_chip *chip = container_of(timer, struct vft_chip, rx_mit.timer);

	return vft_mit_expire(chip, &chip->rx_mit, VFT_INT_RPKT_BUF);
}

static enum hrtimer_restart vft_tx_expire(struct hrtimer *timer)
{
	struct vft_chip *chip = container_of(timer, struct vft_chip, tx_mit.timer);

	return vft_mit_expire(chip, &chip->tx_mit, VFT_INT_XPKT_ETH);
}

/**
 * vft_irq_init() - set up before the first reset
 * @chip: the chip
 */
void vft_irq_init(struct vft_chip *chip)
{
	spin_lock_init(&chip->lock);
	hrtimer_setup(&chip->rx_mit.timer, vft_rx_expire, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer_setup(&chip->tx_mit.timer, vft_tx_expire, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
}

/**
 * vft_irq_stop() - no interrupt and no timer any more
 * @chip: the chip, reset, its engines idle
 *
 * Context: may sleep.
 */
void vft_irq_stop(struct vft_chip *chip)
{
	hrtimer_cancel(&chip->rx_mit.timer);
	hrtimer_cancel(&chip->tx_mit.timer);
}

/**
 * vft_irq_reset() - SW_RST: nothing pending, nothing enabled, line low
 * @chip: the chip
 */
void vft_irq_reset(struct vft_chip *chip)
{
	vft_irq_enable(chip, 0);
	vft_irq_ack(chip, ~0U);
}

/**
 * vft_chip_link_changed() - the PHY's interrupt pin
 * @chip: the chip
 *
 * Context: any.
 */
void vft_chip_link_changed(struct vft_chip *chip)
{
	vft_irq_raise(chip, VFT_INT_PHYSTS_CHG);
}
