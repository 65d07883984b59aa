/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The chip's own header, shared by its files. Each part of struct vft_chip has one file that writes
 * it.
 *
 * Lock order: tx.lock -> (the wire's port lock) -> rx.lock of the chip at the other end ->
 * lock. All are taken with interrupts off; none is held while the interrupt handler runs, for
 * the line only queues an interrupt. Two cabled chips that answer each other cannot recurse:
 * an engine starts from a doorbell or a timer, never from a frame that arrives.
 */
#ifndef VFT_CHIP_PRIV_H
#define VFT_CHIP_PRIV_H

#include <linux/atomic.h>
#include <linux/hrtimer.h>
#include <linux/spinlock.h>

#include "bus.h"
#include "chip.h"
#include "frame.h"
#include "regs.h"

#define VFT_HDR_MAX	96	/* a tagged header with all options, to the checksum of TCP */
/* Segments the transmitter gathers: padding, a new head and a stripped tag need three more. */
#define VFT_TX_SEGS	(VFT_FRAME_SEGS - 3)

/**
 * struct vft_tlb - translation of the ring page an engine works in
 * @base: bus address of the descriptor page
 * @mem: its memory, NULL when nothing is held
 * @end: bytes of it that are mapped
 * @pin: keeps it mapped
 */
struct vft_tlb {
	u64 base;
	u8 *mem;
	unsigned int end;
	struct vft_pin pin;
};

/**
 * struct vft_ring_ptr - where an engine stands in a ring
 * @base: first descriptor
 * @ptr: next descriptor to look at
 */
struct vft_ring_ptr {
	u64 base;
	u64 ptr;
};

/**
 * struct vft_txengine - chip_tx.c
 * @kicks: doorbells not yet worked off; who raises it from 0 runs the engine
 * @lock: one frame at a time; also taken to move the ring pointers
 * @halted: AHB_ERR stopped DMA
 * @hung: told to fail
 * @fail_next: told to fail once
 * @ring: normal [0] and high [1] priority ring
 * @tlb: translation of the current ring page
 * @poll: automatic polling (APTC)
 * @pins: buffers of the frame in work
 * @frame: the frame in work
 * @ndesc: descriptors it takes
 * @addr: their bus addresses
 * @desc: the descriptors, NULL once the translation has moved on
 * @hdr: the frame's head when it has to differ from what is in memory
 */
struct vft_txengine {
	atomic_t kicks;
	spinlock_t lock;
	bool halted;
	bool hung;
	bool fail_next;
	struct vft_ring_ptr ring[2];
	struct vft_tlb tlb;
	struct hrtimer poll;
	struct vft_pin pins[VFT_TX_SEGS];
	struct vft_frame frame;
	unsigned int ndesc;
	u64 addr[VFT_TX_SEGS];
	__le32 *desc[VFT_TX_SEGS];
	u8 hdr[VFT_HDR_MAX + 4];
};

/**
 * struct vft_rxengine - chip_rx.c
 * @lock: one frame at a time; also taken to move the ring pointer
 * @halted: AHB_ERR stopped DMA
 * @filtered: frames that the address filter refused
 * @ring: the receive ring
 * @tlb: translation of the current ring page
 * @stripped: the frame in work without its VLAN tag
 * @addrs: its first twelve bytes
 */
struct vft_rxengine {
	spinlock_t lock;
	bool halted;
	u64 filtered;
	struct vft_ring_ptr ring;
	struct vft_tlb tlb;
	struct vft_frame stripped;
	u8 addrs[12];
};

/**
 * struct vft_mitigation - one direction of ITC, chip_irq.c
 * @waiting: there are frames that no interrupt has announced
 * @counted: of these, frames that count for the threshold
 * @armed: the timer runs
 * @timer: raises the interrupt when frames waited long enough
 */
struct vft_mitigation {
	bool waiting;
	unsigned int counted;
	bool armed;
	struct hrtimer timer;
};

/**
 * struct vft_chip - the chip
 * @pins: what it is soldered to
 * @lock: guards @isr, @ier, @rx_mit, @tx_mit and the interrupt line
 * @isr: interrupt status
 * @ier: interrupt enable
 * @rx_mit: receive interrupts held back
 * @tx_mit: transmit interrupts held back
 * @tx: transmit engine
 * @rx: receive engine
 * @eeprom: station address after reset
 * @reg: every other register, by offset / 4. Written under @lock or by its engine, under the
 *	engine's lock; read without.
 */
struct vft_chip {
	struct vft_chip_pins pins;
	spinlock_t lock;
	u32 isr;
	u32 ier;
	struct vft_mitigation rx_mit;
	struct vft_mitigation tx_mit;
	struct vft_txengine tx;
	struct vft_rxengine rx;
	u8 eeprom[6];
	u32 reg[VFT_REG_SPACE / 4];
};

static inline u32 vft_reg(const struct vft_chip *chip, unsigned int off)
{
	return READ_ONCE(chip->reg[off / 4]);
}

static inline void vft_reg_set(struct vft_chip *chip, unsigned int off, u32 val)
{
	WRITE_ONCE(chip->reg[off / 4], val);
}

/* Statistics registers that pair two 16-bit counters: each half wraps alone. */
static inline void vft_count_lo(struct vft_chip *chip, unsigned int off)
{
	u32 v = vft_reg(chip, off);

	vft_reg_set(chip, off, (v & 0xffff0000) | ((v + 1) & 0xffff));
}

static inline void vft_count_hi(struct vft_chip *chip, unsigned int off)
{
	vft_reg_set(chip, off, vft_reg(chip, off) + 0x10000);
}

static inline void vft_count(struct vft_chip *chip, unsigned int off)
{
	vft_reg_set(chip, off, vft_reg(chip, off) + 1);
}

/* chip.c */
__le32 *vft_desc_miss(struct vft_chip *chip, struct vft_tlb *tlb, u64 addr);
void vft_tlb_drop(struct vft_tlb *tlb);
u64 vft_desc_next(const struct vft_chip *chip, const struct vft_ring_ptr *ring, u64 addr,
		  bool last, u32 size_mask);

/**
 * vft_desc() - reach a descriptor
 * @chip: the chip
 * @tlb: translation cache of the engine
 * @addr: bus address of the descriptor
 *
 * Return: its four words, or NULL for a bus error.
 */
static inline __le32 *vft_desc(struct vft_chip *chip, struct vft_tlb *tlb, u64 addr)
{
	u64 off = addr - tlb->base;	/* 16-byte steps; less than tlb->end when it is a hit */

	if (likely(tlb->mem && off + sizeof(struct vft_txdes) <= tlb->end && !(addr & 15)))
		return (__le32 *)(tlb->mem + off);
	return vft_desc_miss(chip, tlb, addr);
}

/* chip_irq.c */
void vft_irq_init(struct vft_chip *chip);
void vft_irq_stop(struct vft_chip *chip);
void vft_irq_reset(struct vft_chip *chip);
void vft_irq_raise(struct vft_chip *chip, u32 bits);
void vft_irq_ack(struct vft_chip *chip, u32 bits);
void vft_irq_enable(struct vft_chip *chip, u32 mask);
void vft_irq_rx_frame(struct vft_chip *chip);
void vft_irq_tx_frame(struct vft_chip *chip, bool wanted);

/* chip_tx.c */
void vft_tx_init(struct vft_chip *chip);
void vft_tx_stop(struct vft_chip *chip);
void vft_tx_reset(struct vft_chip *chip);
void vft_tx_base(struct vft_chip *chip, unsigned int prio, u64 addr);
void vft_tx_poll_set(struct vft_chip *chip);

/* chip_rx.c */
void vft_rx_init(struct vft_chip *chip);
void vft_rx_reset(struct vft_chip *chip);
void vft_rx_base(struct vft_chip *chip, u64 addr);

/* chip_csum.c */
bool vft_csum_head_fits(const u8 *hdr, unsigned int len);
void vft_csum_insert(u8 *hdr, unsigned int hdr_len, struct vft_frame *f, u32 want);
u32 vft_csum_verify(const struct vft_frame *f, __wsum sum, unsigned int cut);

#endif
