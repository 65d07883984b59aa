// SPDX-License-Identifier: GPL-2.0
/*
 * The card's IOMMU: owns the table from bus addresses to memory.
 *
 * One word per slot, the tag, holds generation, validity and the number of pins, so that
 * entering, leaving and looking up are one atomic operation each. Unmapping first makes the
 * entry invalid and then waits for pins to go: the moment it returns the chip has let go of
 * the memory, even when a faulty driver unmaps a buffer the chip is copying.
 *
 * Locking: opening and closing windows is the caller's to serialise (a driver does it under
 * RTNL); slots need none. A window's array is freed after an RCU grace period and the chip
 * pins inside a read-side section.
 */
#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/overflow.h>
#include <linux/processor.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "bus.h"

#define TAG_PINS	GENMASK(15, 0)
#define TAG_VALID	BIT(16)
#define TAG_GEN_SHIFT	17
#define TAG_GEN_ONE	BIT(TAG_GEN_SHIFT)
#define TAG_GEN		GENMASK(TAG_GEN_SHIFT + VFT_BUS_GEN_BITS - 1, TAG_GEN_SHIFT)

#define ADDR_SLOT_SHIFT	VFT_BUS_OFF_BITS
#define ADDR_WIN_SHIFT	(ADDR_SLOT_SHIFT + VFT_BUS_SLOT_BITS)
#define ADDR_GEN_SHIFT	(ADDR_WIN_SHIFT + VFT_BUS_WIN_BITS)
#define ADDR_BITS	(ADDR_GEN_SHIFT + VFT_BUS_GEN_BITS)

/**
 * struct vft_bus_slot - one mapped buffer
 * @tag: generation, TAG_VALID, pins
 * @len: bytes mapped; written only while the tag is invalid and unpinned, like the rest
 * @access: VFT_BUS_READ, VFT_BUS_WRITE
 * @mem: the memory
 */
struct vft_bus_slot {
	atomic_t tag;
	u16 len;
	u16 access;
	u8 *mem;
};

struct vft_bus_window {
	struct rcu_head rcu;
	unsigned int slots;
	struct vft_bus_slot slot[];
};

/**
 * struct vft_bus - the table
 * @window: open windows
 * @opened: how often each was opened: the generation its slots start with, the same for all
 *	of them, so that neighbouring slots have neighbouring addresses (a ring needs that)
 */
struct vft_bus {
	struct vft_bus_window __rcu *window[VFT_BUS_WINDOWS];
	u8 opened[VFT_BUS_WINDOWS];
};

/**
 * vft_bus_alloc() - a bus with nothing mapped
 *
 * Return: the bus, or NULL.
 */
struct vft_bus *vft_bus_alloc(void)
{
	return kzalloc(sizeof(struct vft_bus), GFP_KERNEL_ACCOUNT);
}

/**
 * vft_bus_free() - the end of the bus; every window must be closed
 * @bus: from vft_bus_alloc(), or NULL
 */
void vft_bus_free(struct vft_bus *bus)
{
	int w;

	if (!bus)
		return;
	for (w = 0; w < VFT_BUS_WINDOWS; w++)
		WARN_ON_ONCE(rcu_access_pointer(bus->window[w]));
	kfree(bus);
}

/**
 * vft_bus_window_open() - reserve a range of bus addresses
 * @bus: the bus
 * @slots: how many buffers it must hold at once, at most VFT_BUS_SLOTS
 *
 * Context: may sleep; callers serialise opening and closing.
 * Return: window number, or -EINVAL, -ENOMEM, -ENOSPC.
 */
int vft_bus_window_open(struct vft_bus *bus, unsigned int slots)
{
	struct vft_bus_window *win;
	unsigned int i;
	int w;

	if (!slots || slots > VFT_BUS_SLOTS)
		return -EINVAL;
	for (w = 0; w < VFT_BUS_WINDOWS; w++)
		if (!rcu_access_pointer(bus->window[w]))
			break;
	if (w == VFT_BUS_WINDOWS)
		return -ENOSPC;
	win = kvzalloc(struct_size(win, slot, slots), GFP_KERNEL_ACCOUNT);
	if (!win)
		return -ENOMEM;
	win->slots = slots;
	bus->opened[w]++;
	for (i = 0; i < slots; i++)
		atomic_set(&win->slot[i].tag, (bus->opened[w] << TAG_GEN_SHIFT) & TAG_GEN);
	rcu_assign_pointer(bus->window[w], win);
	return w;
}

/**
 * vft_bus_window_close() - give a range back; every slot must be unmapped
 * @bus: the bus
 * @window: from vft_bus_window_open(); negative is ignored
 */
void vft_bus_window_close(struct vft_bus *bus, int window)
{
	struct vft_bus_window *win;
	unsigned int i;

	if (window < 0)
		return;
	win = rcu_dereference_protected(bus->window[window], true);
	for (i = 0; i < win->slots; i++)
		WARN_ON_ONCE(atomic_read(&win->slot[i].tag) & (TAG_VALID | TAG_PINS));
	RCU_INIT_POINTER(bus->window[window], NULL);
	kvfree_rcu(win, rcu);
}

static struct vft_bus_slot *vft_bus_slot(struct vft_bus *bus, u64 addr)
{
	unsigned int s = (addr >> ADDR_SLOT_SHIFT) & (VFT_BUS_SLOTS - 1);
	unsigned int w = (addr >> ADDR_WIN_SHIFT) & (VFT_BUS_WINDOWS - 1);
	struct vft_bus_window *win = rcu_dereference_check(bus->window[w], true);

	if (!win || s >= win->slots)
		return NULL;
	return &win->slot[s];
}

static unsigned int vft_addr_gen(u64 addr)
{
	return (addr >> ADDR_GEN_SHIFT) << TAG_GEN_SHIFT;
}

/**
 * vft_bus_map() - let the card reach a buffer
 * @bus: the bus
 * @window: window number
 * @slot: slot in it, not in use
 * @mem: the buffer
 * @len: its length, at most VFT_BUS_PAGE
 * @access: what the card may do
 *
 * Context: any.
 * Return: the buffer's bus address.
 */
u64 vft_bus_map(struct vft_bus *bus, int window, unsigned int slot, void *mem,
		unsigned int len, unsigned int access)
{
	u64 addr = ((u64)window << ADDR_WIN_SHIFT) | ((u64)slot << ADDR_SLOT_SHIFT);
	struct vft_bus_slot *e = vft_bus_slot(bus, addr);
	unsigned int tag = atomic_read(&e->tag);

	WARN_ON_ONCE(tag & (TAG_VALID | TAG_PINS));
	e->mem = mem;
	e->len = len;
	e->access = access;
	/* Pairs with the acquire of the pin: who sees the tag sees the fields. */
	atomic_set_release(&e->tag, (tag & TAG_GEN) | TAG_VALID);
	return addr | ((u64)((tag & TAG_GEN) >> TAG_GEN_SHIFT) << ADDR_GEN_SHIFT);
}

/**
 * vft_bus_unmap() - take a buffer away from the card
 * @bus: the bus
 * @addr: what vft_bus_map() returned
 *
 * When it returns, the card neither touches the buffer nor ever will.
 *
 * Context: any in which the chip's engines cannot have been interrupted in the middle of
 *          this very buffer: they keep interrupts off while they hold one.
 */
void vft_bus_unmap(struct vft_bus *bus, u64 addr)
{
	struct vft_bus_slot *e = vft_bus_slot(bus, addr);
	unsigned int old, new;

	do {
		old = atomic_read(&e->tag);
		new = (old & TAG_PINS) | ((old + TAG_GEN_ONE) & TAG_GEN);
	} while (atomic_cmpxchg(&e->tag, old, new) != old);
	WARN_ON_ONCE(!(old & TAG_VALID));
	while (atomic_read(&e->tag) & TAG_PINS)
		cpu_relax();
	smp_mb();	/* the chip's last access comes before the caller's next */
}

/**
 * vft_bus_pin() - translate a bus address and hold the translation
 * @bus: the bus
 * @addr: address the chip read from a register or descriptor
 * @len: bytes it wants to reach from there
 * @access: what it wants to do
 * @pin: filled in when the translation exists
 *
 * Context: RCU read side; interrupts off until unpinned, for data buffers.
 * Return: the memory, or NULL for what the bus answers with an error.
 */
void *vft_bus_pin(struct vft_bus *bus, u64 addr, unsigned int len, unsigned int access,
		  struct vft_pin *pin)
{
	unsigned int off = addr & (VFT_BUS_PAGE - 1);
	struct vft_bus_slot *e;
	unsigned int tag;

	if (addr >> ADDR_BITS)
		return NULL;
	e = vft_bus_slot(bus, addr);
	if (!e)
		return NULL;
	do {
		tag = atomic_read(&e->tag);
		if ((tag & ~TAG_PINS) != (vft_addr_gen(addr) | TAG_VALID))
			return NULL;
	} while (atomic_cmpxchg(&e->tag, tag, tag + 1) != tag);
	pin->slot = e;
	if (off + len <= e->len && (e->access & access) == access)
		return e->mem + off;
	vft_bus_unpin(pin);
	return NULL;
}

/**
 * vft_bus_unpin() - let a translation go
 * @pin: pinned; empty afterwards
 */
void vft_bus_unpin(struct vft_pin *pin)
{
	smp_mb__before_atomic();	/* our accesses end before the unmapper may go on */
	atomic_dec(&pin->slot->tag);
	pin->slot = NULL;
}

/**
 * vft_pin_len() - how much is mapped in the slot that is pinned
 * @pin: pinned
 *
 * Return: bytes, counted from the start of the slot.
 */
unsigned int vft_pin_len(const struct vft_pin *pin)
{
	return pin->slot->len;
}
