// SPDX-License-Identifier: GPL-2.0
/*
 * The transmit engine. Owns struct vft_txengine: the ring pointers, the frame in work.
 *
 * It runs in the context of who rang the doorbell, so an idle card answers without delay, or
 * of the timer that ended a pause (automatic polling, a paced wire). Only one CPU runs it:
 * others leave a note in tx.kicks and go. It never spins for a resource it does not get;
 * it stops, and is kicked again.
 *
 * One frame: collect its descriptors (FTS .. LTS), pin its buffers, rewrite the head if a
 * checksum, a VLAN tag or padding is asked for, put it on the wire, give the descriptors
 * back by clearing OWN, count, interrupt. Interrupts are off for that long, since a pinned
 * buffer must not be waited for by a softirq on top of us.
 */
#include <linux/bitfield.h>
#include <linux/if_ether.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>

#include "chip_priv.h"
#include "wire.h"

/* Enough for the largest ring; then others get a turn. */
#define TX_RUN_FRAMES	4096

static const u8 tx_zero[VFT_FRAME_MIN];

/**
 * enum tx_step - how far the engine came with the descriptors at its pointer
 * @TX_SENT: one frame done
 * @TX_SKIPPED: descriptors that make no frame were given back
 * @TX_EMPTY: nothing (more) is ours yet
 * @TX_ERROR: bus error
 */
enum tx_step {
	TX_SENT,
	TX_SKIPPED,
	TX_EMPTY,
	TX_ERROR,
};

static void vft_tx_halt(struct vft_chip *chip)
{
	WRITE_ONCE(chip->tx.halted, true);
	vft_irq_raise(chip, VFT_INT_AHB_ERR);
}

static void vft_tx_unpin(struct vft_txengine *tx, unsigned int n)
{
	while (n--)
		if (tx->pins[n].slot)
			vft_bus_unpin(&tx->pins[n]);
}

/* The @i-th descriptor of the frame in work; NULL for a bus error. */
static __le32 *vft_chip_tx_desc(struct vft_chip *chip, unsigned int i)
{
	struct vft_txengine *tx = &chip->tx;

	/* Another page of the ring has taken the translation's place: look it up again. */
	if (unlikely(!tx->desc[i]))
		return vft_desc(chip, &tx->tlb, tx->addr[i]);
	return tx->desc[i];
}

/* Gives the collected descriptors back to software, in ring order. */
static void vft_tx_give_back(struct vft_chip *chip, u32 error)
{
	unsigned int i;
	__le32 *d;
	u32 des0;

	for (i = 0; i < chip->tx.ndesc; i++) {
		d = vft_chip_tx_desc(chip, i);
		if (!d)
			return;
		des0 = le32_to_cpu(READ_ONCE(d[0])) & ~VFT_TXD0_OWN;
		/* Our reads of the buffer come before software may reuse it. */
		smp_store_release(&d[0], cpu_to_le32(des0 | error));
	}
}

/*
 * Collects the descriptors of one frame from @addr on. On TX_SKIPPED the frame is malformed:
 * tx->ndesc descriptors are to be given back. *next is the descriptor behind.
 */
static enum tx_step vft_tx_collect(struct vft_chip *chip, struct vft_ring_ptr *ring, u64 *next,
				   u32 *des1)
{
	struct vft_txengine *tx = &chip->tx;
	u64 addr = ring->ptr;
	__le32 *d;
	u32 des0;

	for (tx->ndesc = 0; tx->ndesc < VFT_TX_SEGS; ) {
		d = vft_desc(chip, &tx->tlb, addr);
		if (!d)
			return TX_ERROR;
		/* software wrote the rest of the descriptor before OWN */
		des0 = le32_to_cpu(smp_load_acquire(&d[0]));
		if (!(des0 & VFT_TXD0_OWN))
			return TX_EMPTY;
		if (tx->ndesc && (des0 & VFT_TXD0_FTS))
			return TX_SKIPPED;	/* LTS missing: the next frame begins here */
		if (!tx->ndesc)
			*des1 = le32_to_cpu(d[1]);
		if (tx->ndesc && (addr ^ tx->addr[tx->ndesc - 1]) >> VFT_BUS_OFF_BITS)
			memset(tx->desc, 0, tx->ndesc * sizeof(tx->desc[0]));
		tx->desc[tx->ndesc] = d;
		tx->addr[tx->ndesc++] = addr;
		addr = vft_desc_next(chip, ring, addr, des0 & VFT_TXD0_EDOTR,
				     VFT_DBLAC_TXDES_SIZE);
		*next = addr;
		if (tx->ndesc == 1 && !(des0 & VFT_TXD0_FTS))
			return TX_SKIPPED;	/* the middle of a frame: nothing to begin with */
		if (des0 & VFT_TXD0_LTS)
			return TX_SENT;
	}
	return TX_SKIPPED;	/* more segments than the gather logic can hold */
}

/* Pins the buffers of the collected descriptors. Returns false on a bus error. */
static bool vft_tx_gather(struct vft_chip *chip)
{
	struct vft_txengine *tx = &chip->tx;
	struct vft_frame *f = &tx->frame;
	unsigned int i, len;
	__le32 *d;
	void *mem;
	u64 addr;

	f->len = 0;
	f->nseg = 0;
	f->fcs_given = false;
	f->l4_right = false;
	for (i = 0; i < tx->ndesc; i++) {
		d = vft_chip_tx_desc(chip, i);
		if (!d)
			goto err_unpin;
		len = le32_to_cpu(d[0]) & VFT_TXD0_SIZE;
		if (!len)
			continue;
		addr = (u64)FIELD_GET(VFT_DES2_ADDR_HI, le32_to_cpu(d[2])) << 32 |
		       le32_to_cpu(d[3]);
		mem = vft_bus_pin(chip->pins.bus, addr, len, VFT_BUS_READ, &tx->pins[f->nseg]);
		if (!mem)
			goto err_unpin;
		f->seg[f->nseg].iov_base = mem;
		f->seg[f->nseg].iov_len = len;
		f->nseg++;
		f->len += len;
	}
	return true;

err_unpin:
	vft_tx_unpin(tx, f->nseg);
	return false;
}

/* Takes @n bytes off the front of the frame; the rest stays where it is. */
static void vft_frame_pull(struct vft_frame *f, unsigned int n)
{
	unsigned int i = 0, k;

	f->len -= n;
	while (i < f->nseg && n >= f->seg[i].iov_len)
		n -= f->seg[i++].iov_len;
	for (k = 0; i < f->nseg; i++, k++) {
		f->seg[k].iov_base = f->seg[i].iov_base + n;
		f->seg[k].iov_len = f->seg[i].iov_len - n;
		n = 0;
	}
	f->nseg = k;
}

/* Puts @len bytes of the engine's scratch in front of it again. */
static void vft_frame_push(struct vft_frame *f, void *buf, unsigned int len)
{
	unsigned int i;

	for (i = f->nseg++; i; i--)
		f->seg[i] = f->seg[i - 1];
	f->seg[0].iov_base = buf;
	f->seg[0].iov_len = len;
	f->len += len;
}

/* How much of the frame to copy out: the first segment, if the headers are all in it. */
static unsigned int vft_tx_head_len(const struct vft_frame *f)
{
	unsigned int n = min_t(unsigned int, f->len, VFT_HDR_MAX);

	if (f->seg[0].iov_len < n && vft_csum_head_fits(f->seg[0].iov_base, f->seg[0].iov_len))
		n = f->seg[0].iov_len;
	return n;
}

/*
 * Checksums (TXDES1 [19:17]) and the VLAN tag (TXDES1 [16:0]) change the frame's head, and
 * software's buffer is not ours to write: the head moves into the scratch first.
 */
static void vft_tx_edit(struct vft_txengine *tx, u32 des1)
{
	struct vft_frame *f = &tx->frame;
	unsigned int n;
	const u8 *head;

	if (f->len < ETH_HLEN)
		return;
	n = vft_tx_head_len(f);
	head = vft_frame_peek(f, 0, n, tx->hdr);
	if (head != tx->hdr)
		memcpy(tx->hdr, head, n);
	/* A head that is no IP packet is sent as it is: the MAC cannot sum what it cannot parse. */
	vft_csum_insert(tx->hdr, n, f, des1);
	if (n == f->seg[0].iov_len) {
		f->seg[0].iov_base = tx->hdr;
	} else {
		vft_frame_pull(f, n);
		vft_frame_push(f, tx->hdr, n);
	}
	if (!(des1 & VFT_TXD1_INS_VLAN))
		return;
	memmove(tx->hdr + 16, tx->hdr + 12, n - 12);
	tx->hdr[12] = ETH_P_8021Q >> 8;
	tx->hdr[13] = ETH_P_8021Q & 0xff;
	tx->hdr[14] = des1 >> 8;
	tx->hdr[15] = des1;
	f->seg[0].iov_len += 4;
	f->len += 4;
}

/* CRC_APD off: the last four bytes are the FCS, right or wrong. */
static void vft_tx_take_fcs(struct vft_frame *f)
{
	unsigned int left = 4;
	u8 buf[4];
	const u8 *p = vft_frame_peek(f, f->len - 4, 4, buf);

	f->fcs_given = true;
	f->fcs = p[0] | p[1] << 8 | p[2] << 16 | (u32)p[3] << 24;
	f->len -= 4;
	while (left) {
		struct kvec *last = &f->seg[f->nseg - 1];
		unsigned int n = min_t(unsigned int, left, last->iov_len);

		last->iov_len -= n;
		left -= n;
		if (!last->iov_len)
			f->nseg--;
	}
}

/* Brings the gathered bytes into the form they have on the wire. */
static bool vft_tx_finish(struct vft_chip *chip, u32 des1)
{
	struct vft_frame *f = &chip->tx.frame;

	if (!f->len || f->len > VFT_FIFO_MAX)
		return false;
	if (des1 & (VFT_TXD1_INS_VLAN | VFT_TXD1_TCP_CSUM | VFT_TXD1_UDP_CSUM |
		    VFT_TXD1_IP_CSUM))
		vft_tx_edit(&chip->tx, des1);
	if (!(vft_reg(chip, VFT_MACCR) & VFT_MACCR_CRC_APD)) {
		if (f->len <= 4)
			return false;
		vft_tx_take_fcs(f);
	} else if (f->len < VFT_FRAME_MIN) {
		f->seg[f->nseg].iov_base = (void *)tx_zero;
		f->seg[f->nseg++].iov_len = VFT_FRAME_MIN - f->len;
		f->len = VFT_FRAME_MIN;
	}
	return true;
}

static void vft_tx_put_on_wire(struct vft_chip *chip)
{
	if (vft_reg(chip, VFT_MACCR) & VFT_MACCR_LOOP_EN)
		vft_chip_receive(chip, &chip->tx.frame);
	else
		vft_wire_send(chip->pins.port, &chip->tx.frame);
}

/* Works on the frame at the ring's pointer. Interrupts are off, tx.lock is held. */
static enum tx_step vft_tx_frame(struct vft_chip *chip, struct vft_ring_ptr *ring)
{
	struct vft_txengine *tx = &chip->tx;
	enum tx_step step;
	unsigned int pinned;
	u64 next = 0;
	u32 des1 = 0;

	if (READ_ONCE(tx->fail_next)) {
		WRITE_ONCE(tx->fail_next, false);
		return TX_ERROR;
	}
	step = vft_tx_collect(chip, ring, &next, &des1);
	if (step == TX_EMPTY || step == TX_ERROR)
		return step;
	if (step == TX_SENT) {
		if (!vft_tx_gather(chip))
			return TX_ERROR;
		pinned = tx->frame.nseg;
		if (vft_tx_finish(chip, des1))
			vft_tx_put_on_wire(chip);
		else
			step = TX_SKIPPED;
		vft_tx_unpin(tx, pinned);
	}
	WRITE_ONCE(ring->ptr, next);
	if (step == TX_SKIPPED) {
		vft_tx_give_back(chip, VFT_TXD0_CRC_ERR);
		vft_count_lo(chip, VFT_STAT_TX_ECOL_FAIL);
		vft_irq_raise(chip, VFT_INT_XPKT_LOST);
		return step;
	}
	vft_tx_give_back(chip, 0);
	vft_count(chip, VFT_STAT_TX);
	if (des1 & VFT_TXD1_TX2FIC)
		vft_irq_raise(chip, VFT_INT_XPKT_FIFO);
	vft_irq_tx_frame(chip, des1 & VFT_TXD1_TXIC);
	return step;
}

static bool vft_tx_enabled(const struct vft_chip *chip)
{
	const u32 need = VFT_MACCR_TXDMA_EN | VFT_MACCR_TXMAC_EN;

	return (vft_reg(chip, VFT_MACCR) & need) == need && !READ_ONCE(chip->tx.halted) &&
	       !READ_ONCE(chip->tx.hung);
}

/* One frame from either ring, high priority first. Returns whether to go on. */
static bool vft_tx_once(struct vft_chip *chip)
{
	struct vft_txengine *tx = &chip->tx;
	enum tx_step step = TX_EMPTY;
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	if (!vft_tx_enabled(chip) || vft_wire_busy(chip->pins.port))
		goto out;
	if (vft_reg(chip, VFT_MACCR) & VFT_MACCR_HPTXR_EN) {
		step = vft_tx_frame(chip, &tx->ring[1]);
		if (step == TX_EMPTY)
			vft_irq_raise(chip, VFT_INT_NO_HPTXBUF);
	}
	if (step == TX_EMPTY) {
		step = vft_tx_frame(chip, &tx->ring[0]);
		if (step == TX_EMPTY && !(READ_ONCE(chip->isr) & VFT_INT_NO_NPTXBUF))
			vft_irq_raise(chip, VFT_INT_NO_NPTXBUF);
	}
	if (step == TX_ERROR)
		vft_tx_halt(chip);
out:
	spin_unlock_irqrestore(&tx->lock, flags);
	return step == TX_SENT || step == TX_SKIPPED;
}

/* Sends until nothing is left or the wire is busy. */
static void vft_tx_run(struct vft_chip *chip)
{
	unsigned int n = TX_RUN_FRAMES;

	/*
	 * The translation of the ring page is held from frame to frame; who unmaps the ring
	 * waits for us, so we must not be scheduled away.
	 */
	preempt_disable();
	rcu_read_lock();
	while (n-- && vft_tx_once(chip))
		;
	vft_tlb_drop(&chip->tx.tlb);
	rcu_read_unlock();
	preempt_enable();
}

/**
 * vft_chip_tx_kick() - doorbell: look at the transmit rings
 * @chip: the chip
 *
 * Context: any.
 */
void vft_chip_tx_kick(struct vft_chip *chip)
{
	int n;

	/* A caller that finds the engine running leaves its kick to the runner. */
	if (atomic_inc_return(&chip->tx.kicks) != 1)
		return;
	do {
		n = atomic_read(&chip->tx.kicks);
		vft_tx_run(chip);
	} while (atomic_sub_return(n, &chip->tx.kicks));
}

/* Automatic polling (APTC): a doorbell that rings by itself. */
static enum hrtimer_restart vft_tx_poll_fire(struct hrtimer *timer)
{
	struct vft_chip *chip = container_of(timer, struct vft_chip, tx.poll);
	u32 aptc = vft_reg(chip, VFT_APTC);
	u64 cnt = FIELD_GET(VFT_APTC_TXPOLL_CNT, aptc);

	if (!cnt)
		return HRTIMER_NORESTART;
	vft_chip_tx_kick(chip);
	cnt *= aptc & VFT_APTC_TXPOLL_SEL ? VFT_TIME_UNIT1_NS : VFT_TIME_UNIT0_NS;
	/* Started, not forwarded: a write to APTC may be starting it at the same time. */
	hrtimer_start(timer, ns_to_ktime(cnt), HRTIMER_MODE_REL_SOFT);
	return HRTIMER_NORESTART;
}

/**
 * vft_tx_poll_set() - APTC was written
 * @chip: the chip
 */
void vft_tx_poll_set(struct vft_chip *chip)
{
	if (vft_reg(chip, VFT_APTC) & VFT_APTC_TXPOLL_CNT)
		hrtimer_start(&chip->tx.poll, ns_to_ktime(VFT_TIME_UNIT0_NS),
			      HRTIMER_MODE_REL_SOFT);
}

/**
 * vft_tx_base() - a ring base was written: the engine starts there
 * @chip: the chip
 * @prio: 0 normal, 1 high
 * @addr: bus address
 */
void vft_tx_base(struct vft_chip *chip, unsigned int prio, u64 addr)
{
	unsigned long flags;

	spin_lock_irqsave(&chip->tx.lock, flags);
	chip->tx.ring[prio].base = addr;
	WRITE_ONCE(chip->tx.ring[prio].ptr, addr);
	spin_unlock_irqrestore(&chip->tx.lock, flags);
}

/**
 * vft_tx_reset() - SW_RST: forget the rings and every failure
 * @chip: the chip; MACCR is zero already, so the engine does not start anew
 */
void vft_tx_reset(struct vft_chip *chip)
{
	unsigned long flags;

	spin_lock_irqsave(&chip->tx.lock, flags);
	memset(chip->tx.ring, 0, sizeof(chip->tx.ring));
	WRITE_ONCE(chip->tx.halted, false);
	WRITE_ONCE(chip->tx.hung, false);
	WRITE_ONCE(chip->tx.fail_next, false);
	spin_unlock_irqrestore(&chip->tx.lock, flags);
}

/**
 * vft_tx_init() - set up before the first reset
 * @chip: the chip
 */
void vft_tx_init(struct vft_chip *chip)
{
	spin_lock_init(&chip->tx.lock);
	hrtimer_setup(&chip->tx.poll, vft_tx_poll_fire, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
}

/**
 * vft_tx_stop() - no timer any more
 * @chip: the chip, reset
 *
 * Context: may sleep.
 */
void vft_tx_stop(struct vft_chip *chip)
{
	hrtimer_cancel(&chip->tx.poll);
}
