// SPDX-License-Identifier: GPL-2.0
/*
 * Descriptors as the engines read them: through a translation that is held, one after the other.
 * Owns struct vft_tlb.
 */
#include <linux/bitfield.h>

#include "chip_priv.h"

/**
 * vft_desc_miss() - vft_desc() when the translation held is for another page
 * @chip: the chip
 * @tlb: translation cache of the engine
 * @addr: bus address of the descriptor
 *
 * Return: its four words, or NULL for a bus error.
 */
__le32 *vft_desc_miss(struct vft_chip *chip, struct vft_tlb *tlb, u64 addr)
{
	unsigned int off = addr & (VFT_BUS_PAGE - 1);
	u8 *mem;

	if (addr & 15)		/* bits [3:0] of a descriptor address do not exist */
		return NULL;
	vft_tlb_drop(tlb);
	mem = vft_bus_pin(chip->pins.bus, addr, sizeof(struct vft_txdes),
			  VFT_BUS_READ | VFT_BUS_WRITE, &tlb->pin);
	if (!mem)
		return NULL;
	tlb->mem = mem - off;
	tlb->base = addr - off;
	tlb->end = vft_pin_len(&tlb->pin);	/* the last page of a ring may not be full */
	return (__le32 *)mem;
}

/**
 * vft_tlb_drop() - forget the translation, so that the ring can be unmapped
 * @tlb: the translation
 */
void vft_tlb_drop(struct vft_tlb *tlb)
{
	if (!tlb->mem)
		return;
	vft_bus_unpin(&tlb->pin);
	tlb->mem = NULL;
}

/**
 * vft_desc_next() - the descriptor after this one
 * @chip: the chip
 * @ring: the ring
 * @addr: this one
 * @last: this one carries the end-of-ring bit
 * @size_mask: field of DBLAC that holds the descriptor size, in units of 8 bytes
 *
 * A ring without the end bit walks out of its memory and ends in a bus error.
 *
 * Return: bus address of the next.
 */
u64 vft_desc_next(const struct vft_chip *chip, const struct vft_ring_ptr *ring, u64 addr,
		  bool last, u32 size_mask)
{
	unsigned int size = ((vft_reg(chip, VFT_DBLAC) & size_mask) >> __ffs(size_mask)) * 8;

	if (last)
		return ring->base;
	/* Less than a descriptor cannot be stepped by. */
	return (addr + max_t(unsigned int, size, sizeof(struct vft_txdes))) & VFT_ADDR_MASK;
}
