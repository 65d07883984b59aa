// SPDX-License-Identifier: GPL-2.0
/*
 * The receive engine. Owns struct vft_rxengine: the ring pointer.
 *
 * A frame that arrives is judged (FCS, length, address filter), given as many descriptors as
 * its length needs, copied into their buffers, summed on the way, and announced. The frame
 * either gets all its descriptors or none: the FIFO holds it until then, and drops it when
 * the ring has no room (NO_RXBUF, RPKT_LOST).
 */
#include <linux/bitfield.h>
#include <linux/crc32.h>
#include <linux/if_ether.h>
#include <linux/kasan-checks.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <net/checksum.h>

#include "chip_priv.h"

/**
 * struct rx_cursor - reads a frame from front to back
 * @f: the frame
 * @seg: current segment
 * @off: offset in it
 */
struct rx_cursor {
	const struct vft_frame *f;
	unsigned int seg;
	unsigned int off;
};

/**
 * struct rx_dma - one frame on its way into memory
 * @cur: source: the frame, or the frame without its tag
 * @whole: the frame as it came
 * @des0: error and address bits for RXDES0
 * @left: bytes still to be moved
 * @moved: bytes moved
 * @sum: sum over the bytes moved
 */
struct rx_dma {
	struct rx_cursor cur;
	const struct vft_frame *whole;
	u32 des0;
	unsigned int left;
	unsigned int moved;
	__wsum sum;
};

/* Address filter: returns whether the frame is for us, and its RXDES0 address bits. */
static bool vft_rx_filter(const struct vft_chip *chip, const u8 *dst, u32 maccr, u32 *des0)
{
	unsigned int bucket;

	if (get_unaligned_be16(dst) == 0xffff && get_unaligned_be32(dst + 2) == ~0U) {
		*des0 = VFT_RXD0_BROADCAST;
		return maccr & (VFT_MACCR_RX_BROADPKT | VFT_MACCR_RX_ALL);
	}
	if (!(dst[0] & 1)) {	/* the group bit */
		*des0 = 0;
		return maccr & VFT_MACCR_RX_ALL ||
		       (get_unaligned_be16(dst) == vft_reg(chip, VFT_MAC_MADR) &&
			get_unaligned_be32(dst + 2) == vft_reg(chip, VFT_MAC_LADR));
	}
	*des0 = VFT_RXD0_MULTICAST;
	if (maccr & (VFT_MACCR_RX_MULTIPKT | VFT_MACCR_RX_ALL))
		return true;
	if (!(maccr & VFT_MACCR_HT_MULTI_EN))
		return false;
	bucket = vft_hash_bucket(ether_crc_le(ETH_ALEN, dst));
	return vft_reg(chip, bucket < 32 ? VFT_MAHT0 : VFT_MAHT1) & BIT(bucket & 31);
}

/* Length and FCS: returns RXDES0 error bits, counts them. */
static u32 vft_rx_errors(struct vft_chip *chip, const struct vft_frame *f, u32 maccr)
{
	unsigned int max = VFT_FRAME_MAX;
	u8 buf[2];
	u32 des0 = 0;

	if (maccr & VFT_MACCR_JUMBO_LF)
		max = VFT_JUMBO_MAX;
	else if (f->len > max &&
		 get_unaligned_be16(vft_frame_peek(f, 12, 2, buf)) == ETH_P_8021Q)
		max += 4;
	if (f->fcs_given && f->fcs != vft_frame_fcs(f)) {
		des0 |= VFT_RXD0_CRC_ERR;
		vft_count_hi(chip, VFT_STAT_RX_CRCER_FTL);
	}
	if (f->len > max) {
		des0 |= VFT_RXD0_FTL;
		vft_count_lo(chip, VFT_STAT_RX_CRCER_FTL);
	}
	if (f->len < VFT_FRAME_MIN) {
		des0 |= VFT_RXD0_RUNT;
		vft_count_lo(chip, VFT_STAT_RX_RUNT);
	}
	return des0;
}

/* Whether the MAC lets a faulty frame through to DMA. */
static bool vft_rx_tolerated(u32 des0, u32 maccr)
{
	if (des0 & VFT_RXD0_CRC_ERR && maccr & VFT_MACCR_DISCARD_CRC)
		return false;
	if (des0 & VFT_RXD0_FTL)
		return false;
	return !(des0 & VFT_RXD0_RUNT) || maccr & VFT_MACCR_RX_RUNT;
}

static void vft_rx_halt(struct vft_chip *chip)
{
	WRITE_ONCE(chip->rx.halted, true);
	vft_irq_raise(chip, VFT_INT_AHB_ERR);
}

static void vft_rx_lost(struct vft_chip *chip)
{
	vft_count_lo(chip, VFT_STAT_RX_COL_LOST);
	vft_irq_raise(chip, VFT_INT_RPKT_LOST | VFT_INT_NO_RXBUF);
}

/*
 * Moves @len bytes and returns their sum: the DMA engine sums as it goes, unless the verdict
 * is known. The copy is done by a routine KASAN does not see, so it is told.
 */
static __wsum vft_rx_move(struct rx_cursor *cur, u8 *dst, unsigned int len, bool sum_known)
{
	unsigned int n, done = 0;
	__wsum sum = 0, part;
	const u8 *src;

	kasan_check_write(dst, len);
	while (done < len) {
		const struct kvec *v = &cur->f->seg[cur->seg];

		n = min_t(unsigned int, len - done, v->iov_len - cur->off);
		src = v->iov_base + cur->off;
		kasan_check_read(src, n);
		if (sum_known) {
			memcpy(dst + done, src, n);
		} else {
			part = csum_partial_copy_nocheck(src, dst + done, n);
			sum = done ? csum_block_add(sum, part, done) : part;
		}
		done += n;
		cur->off += n;
		if (cur->off == v->iov_len) {
			cur->seg++;
			cur->off = 0;
		}
	}
	return sum;
}

/* Does the ring have free descriptors for @need buffers? 0 no, 1 yes, -1 bus error. */
static int vft_rx_room(struct vft_chip *chip, unsigned int need)
{
	struct vft_rxengine *rx = &chip->rx;
	u64 addr = rx->ring.ptr;
	__le32 *d;
	u32 des0;

	while (need--) {
		d = vft_desc(chip, &rx->tlb, addr);
		if (!d)
			return -1;
		/* software wrote the buffer address before it cleared RXPKT_RDY */
		des0 = le32_to_cpu(smp_load_acquire(&d[0]));
		if (des0 & VFT_RXD0_RDY)
			return 0;
		addr = vft_desc_next(chip, &rx->ring, addr, des0 & VFT_RXD0_EDORR,
				     VFT_DBLAC_RXDES_SIZE);
		if (addr == rx->ring.ptr && need)
			return 0;	/* once round: the frame needs more than the ring */
	}
	return 1;
}

/* Fills the buffer of the descriptor at @d. Returns bytes, or -1 for a bus error. */
static int vft_chip_rx_fill(struct vft_chip *chip, struct rx_dma *dma, const __le32 *d,
			    unsigned int size)
{
	u64 addr = (u64)FIELD_GET(VFT_DES2_ADDR_HI, le32_to_cpu(d[2])) << 32 | le32_to_cpu(d[3]);
	unsigned int n = min(size, dma->left);
	struct vft_pin pin;
	__wsum part;
	void *mem;

	mem = vft_bus_pin(chip->pins.bus, addr, n, VFT_BUS_WRITE, &pin);
	if (!mem)
		return -1;
	part = vft_rx_move(&dma->cur, mem, n, dma->whole->l4_right);
	vft_bus_unpin(&pin);
	dma->sum = dma->moved ? csum_block_add(dma->sum, part, dma->moved) : part;
	dma->moved += n;
	dma->left -= n;
	return n;
}

/* The verdict of vft_csum_verify(), which belongs to the last segment, like the errors. */
static u32 vft_chip_rx_verdict(const struct rx_dma *dma)
{
	const struct vft_frame *f = dma->whole;
	u32 des1 = vft_csum_verify(f, dma->sum, f->len - dma->moved);
	u8 buf[4];
	const u8 *tag = vft_frame_peek(f, 12, 4, buf);

	if (get_unaligned_be16(tag) == ETH_P_8021Q)
		des1 |= VFT_RXD1_VLAN_AVAIL | get_unaligned_be16(tag + 2);
	return des1;
}

/*
 * DMA of one frame into @need descriptors that are known to be free. All of them are written
 * back when everything is in memory, the first one last: software looks at it first.
 */
static bool vft_rx_dma(struct vft_chip *chip, struct rx_dma *dma, unsigned int need,
		       unsigned int size)
{
	struct vft_rxengine *rx = &chip->rx;
	u64 addr = rx->ring.ptr;
	__le32 *d, *first = NULL;
	u32 des0, first0 = 0;
	unsigned int i;
	int n;

	for (i = 0; i < need; i++) {
		d = vft_desc(chip, &rx->tlb, addr);
		if (!d)
			return false;
		n = vft_chip_rx_fill(chip, dma, d, size);
		if (n < 0)
			return false;
		des0 = (le32_to_cpu(READ_ONCE(d[0])) & VFT_RXD0_EDORR) | VFT_RXD0_RDY | n |
		       dma->des0;
		addr = vft_desc_next(chip, &rx->ring, addr, des0 & VFT_RXD0_EDORR,
				     VFT_DBLAC_RXDES_SIZE);
		if (i == need - 1) {
			des0 |= VFT_RXD0_LRS;
			d[1] = cpu_to_le32(vft_chip_rx_verdict(dma));
		}
		if (!i) {
			first = d;
			first0 = des0 | VFT_RXD0_FRS;
		} else {
			/* RXPKT_RDY after the data it announces, here and below */
			smp_store_release(&d[0], cpu_to_le32(des0));
		}
		if (i + 1 < need && first && (addr ^ rx->ring.ptr) >> VFT_BUS_OFF_BITS) {
			/* The next is on another page, whose translation replaces this one's. */
			/* RXPKT_RDY after the data. */
			smp_store_release(&first[0], cpu_to_le32(first0));
			first = NULL;
		}
	}
	if (first)	/* after everything else of the frame */
		smp_store_release(&first[0], cpu_to_le32(first0));
	WRITE_ONCE(rx->ring.ptr, addr);
	return true;
}

/*
 * RM_VLAN: the same frame without bytes 12..15. The parts stay where they are; only the
 * addresses are copied, for they may be scattered.
 */
static const struct vft_frame *vft_rx_strip(struct vft_rxengine *rx, const struct vft_frame *f)
{
	struct vft_frame *s = &rx->stripped;
	unsigned int i = 0, skip = 16;

	memcpy(rx->addrs, vft_frame_peek(f, 0, 12, rx->addrs), 12);
	s->seg[0].iov_base = rx->addrs;
	s->seg[0].iov_len = 12;
	s->nseg = 1;
	s->len = f->len - 4;
	while (skip >= f->seg[i].iov_len)
		skip -= f->seg[i++].iov_len;
	for (; i < f->nseg; i++, skip = 0) {
		s->seg[s->nseg].iov_base = f->seg[i].iov_base + skip;
		s->seg[s->nseg++].iov_len = f->seg[i].iov_len - skip;
	}
	return s;
}

/* The frame is good or tolerated: into memory with it. rx.lock is held. */
static void vft_rx_store(struct vft_chip *chip, const struct vft_frame *f, u32 des0, u32 maccr)
{
	struct rx_dma dma = { .cur = { .f = f }, .whole = f, .des0 = des0 };
	unsigned int size = vft_reg(chip, VFT_RBSR) & VFT_RBSR_SIZE;
	unsigned int need;
	u8 buf[2];
	int room;

	if (maccr & VFT_MACCR_RM_VLAN && f->len >= VFT_FRAME_MIN &&
	    get_unaligned_be16(vft_frame_peek(f, 12, 2, buf)) == ETH_P_8021Q)
		dma.cur.f = vft_rx_strip(&chip->rx, f);
	dma.left = dma.cur.f->len;
	need = size ? DIV_ROUND_UP(dma.left, size) : 0;
	room = need ? vft_rx_room(chip, need) : 0;
	if (!room) {
		vft_rx_lost(chip);
		return;
	}
	if (room < 0 || !vft_rx_dma(chip, &dma, need, size)) {
		vft_rx_halt(chip);
		return;
	}
	if (!(des0 & VFT_RXD0_ERRORS)) {
		vft_count(chip, VFT_STAT_RX);
		if (des0 & VFT_RXD0_BROADCAST)
			vft_count(chip, VFT_STAT_RX_BC);
		if (des0 & VFT_RXD0_MULTICAST)
			vft_count(chip, VFT_STAT_RX_MC);
	}
	vft_irq_rx_frame(chip);
}

/**
 * vft_chip_receive() - a frame arrives from the wire
 * @chip: the chip
 * @f: the frame; untouched, and not needed after the return
 *
 * Context: any in which rx.lock is not held; RCU read side.
 */
void vft_chip_receive(struct vft_chip *chip, const struct vft_frame *f)
{
	u32 maccr, des0, errors;
	unsigned long flags;
	u8 buf[ETH_ALEN];

	spin_lock_irqsave(&chip->rx.lock, flags);
	maccr = vft_reg(chip, VFT_MACCR);
	if (!(maccr & VFT_MACCR_RXMAC_EN) || !f->len)
		goto out;
	errors = vft_rx_errors(chip, f, maccr);
	/* Less than a header is noise whatever is tolerated: there is no address to filter. */
	if (!vft_rx_tolerated(errors, maccr) || f->len < ETH_HLEN + 2)
		goto out;
	if (!vft_rx_filter(chip, vft_frame_peek(f, 0, ETH_ALEN, buf), maccr, &des0)) {
		chip->rx.filtered++;
		goto out;
	}
	if (!(maccr & VFT_MACCR_RXDMA_EN) || READ_ONCE(chip->rx.halted))
		vft_rx_lost(chip);
	else
		vft_rx_store(chip, f, des0 | errors, maccr);
	vft_tlb_drop(&chip->rx.tlb);
out:
	spin_unlock_irqrestore(&chip->rx.lock, flags);
}

/**
 * vft_chip_filtered() - frames that the address filter has refused
 * @chip: the chip
 *
 * No register tells it: it is seen from outside, as on a logic analyser.
 *
 * Return: the number since the chip was made.
 */
u64 vft_chip_filtered(struct vft_chip *chip)
{
	unsigned long flags;
	u64 n;

	spin_lock_irqsave(&chip->rx.lock, flags);
	n = chip->rx.filtered;
	spin_unlock_irqrestore(&chip->rx.lock, flags);
	return n;
}

/**
 * vft_rx_base() - the ring base was written: the engine starts there
 * @chip: the chip
 * @addr: bus address
 */
void vft_rx_base(struct vft_chip *chip, u64 addr)
{
	unsigned long flags;

	spin_lock_irqsave(&chip->rx.lock, flags);
	chip->rx.ring.base = addr;
	WRITE_ONCE(chip->rx.ring.ptr, addr);
	spin_unlock_irqrestore(&chip->rx.lock, flags);
}

/**
 * vft_rx_reset() - SW_RST: forget the ring and every failure
 * @chip: the chip
 */
void vft_rx_reset(struct vft_chip *chip)
{
	unsigned long flags;

	spin_lock_irqsave(&chip->rx.lock, flags);
	memset(&chip->rx.ring, 0, sizeof(chip->rx.ring));
	WRITE_ONCE(chip->rx.halted, false);
	spin_unlock_irqrestore(&chip->rx.lock, flags);
}

/**
 * vft_rx_init() - set up before the first reset
 * @chip: the chip
 */
void vft_rx_init(struct vft_chip *chip)
{
	spin_lock_init(&chip->rx.lock);
}
