/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bus the card sits on, with the table through which every bus address passes: an IOMMU.
 * Whoever drives the card enters buffers here (map, unmap); the chip turns addresses into
 * memory here (pin, unpin) and in no other way. What is not in the table does not exist for
 * the chip: a wrong address is a bus error, never a wild access.
 *
 * A bus address has 35 bits, what the wide descriptors of the AST2700 hold:
 *
 *	 34     30 29    26 25          14 13            0
 *	| gener.  | window |    slot      |    offset     |
 *
 * A window is an array of slots; a ring of buffers opens one window with a slot for each of
 * its descriptors, so mapping allocates nothing and translating is two array look-ups. The
 * generation changes at each unmap: an address kept too long stops working.
 */
#ifndef VFT_BUS_H
#define VFT_BUS_H

#include <linux/types.h>

#define VFT_BUS_OFF_BITS	14
#define VFT_BUS_SLOT_BITS	12
#define VFT_BUS_WIN_BITS	4
#define VFT_BUS_GEN_BITS	5
#define VFT_BUS_PAGE		(1U << VFT_BUS_OFF_BITS)	/* bytes one slot can hold */
#define VFT_BUS_SLOTS		(1U << VFT_BUS_SLOT_BITS)	/* slots of a window */
#define VFT_BUS_WINDOWS		(1U << VFT_BUS_WIN_BITS)

/* The card's rights on a mapping. */
#define VFT_BUS_READ		BIT(0)
#define VFT_BUS_WRITE		BIT(1)

struct vft_bus;
struct vft_bus_slot;

/**
 * struct vft_pin - a translation in use: while it lives, unmapping it waits
 * @slot: entry of the table, NULL when nothing is pinned
 */
struct vft_pin {
	struct vft_bus_slot *slot;
};

struct vft_bus *vft_bus_alloc(void);
void vft_bus_free(struct vft_bus *bus);

int vft_bus_window_open(struct vft_bus *bus, unsigned int slots);
void vft_bus_window_close(struct vft_bus *bus, int window);

u64 vft_bus_map(struct vft_bus *bus, int window, unsigned int slot, void *mem,
		unsigned int len, unsigned int access);
void vft_bus_unmap(struct vft_bus *bus, u64 addr);

void *vft_bus_pin(struct vft_bus *bus, u64 addr, unsigned int len, unsigned int access,
		  struct vft_pin *pin);
void vft_bus_unpin(struct vft_pin *pin);
unsigned int vft_pin_len(const struct vft_pin *pin);

#endif
