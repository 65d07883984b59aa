// SPDX-License-Identifier: GPL-2.0
/*
 * The long way over the wire: faults, delay, pacing. Owns the frames under way and the random
 * sequence. A frame that goes this way is copied into a buffer with a real FCS behind it, so
 * that what the wire does to its bits is found by the receiver as in life, by its FCS.
 */
#include <linux/crc32.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "chip.h"
#include "frame.h"
#include "regs.h"
#include "wire.h"

#define FLYING_MAX	4096	/* frames the wire keeps; one more is lost */
#define FLYING_SHARE	64	/* frames that a wire may keep when all wires together are full */
#define LAND_MAX	16	/* frames that are delivered in one go */
#define OVERLONG	(VFT_JUMBO_MAX + 64)
#define HOLD_BACK	3	/* a reordered frame lets so many others pass ... */
#define HOLD_BACK_US	20000	/* ... and comes this much later if there are none */

/**
 * struct flying - a frame under way
 * @node: in the port's list
 * @due: when it arrives
 * @size: bytes of memory
 * @len: bytes, FCS included
 * @behind: how many frames are still to pass it
 * @data: the bytes
 */
struct flying {
	struct list_head node;
	ktime_t due;
	unsigned int size;
	unsigned int len;
	unsigned int behind;
	u8 data[];
};

static atomic_long_t flying_bytes;	/* of all wires */

/* Frames under way may take a sixty-fourth of the memory. */
static bool vft_wires_full(void)
{
	return atomic_long_read(&flying_bytes) >= totalram_pages() << (PAGE_SHIFT - 6);
}

static void vft_flying_free(struct flying *fly)
{
	atomic_long_sub(fly->size, &flying_bytes);
	kfree(fly);
}

static bool vft_chance(struct vft_port *port, u32 ppm)
{
	lockdep_assert_held(&port->lock);
	return ppm && reciprocal_scale(prandom_u32_state(&port->rnd), 1000000) < ppm;
}

static u32 vft_below(struct vft_port *port, u32 limit)
{
	return reciprocal_scale(prandom_u32_state(&port->rnd), limit);
}

/* Copies the frame and appends its FCS; @len is at least the frame's: the rest is filled. */
static struct flying *vft_flying_new(const struct vft_frame *f, unsigned int len)
{
	struct flying *fly = kmalloc(struct_size(fly, data, len + 4), GFP_ATOMIC | __GFP_ACCOUNT);
	unsigned int i, n = 0;

	if (!fly)
		return NULL;
	fly->size = struct_size(fly, data, len + 4);
	atomic_long_add(fly->size, &flying_bytes);
	for (i = 0; i < f->nseg; n += f->seg[i++].iov_len)
		memcpy(fly->data + n, f->seg[i].iov_base, f->seg[i].iov_len);
	memset(fly->data + n, 0x55, len - n);
	fly->len = len + 4;
	put_unaligned_le32(f->fcs_given ? f->fcs : ~crc32_le(~0, fly->data, len),
			   fly->data + len);
	return fly;
}

/* When the frame arrives, without having been held back. */
static ktime_t vft_wire_due(struct vft_port *port, unsigned int bytes, ktime_t now)
{
	const struct vft_faults *w = &port->faults;
	ktime_t due = now;

	if (w->paced && port->phy.speed) {
		/* preamble and gap are 20 bytes of time; Mbit/s is bits per us */
		u64 ns = div_u64((u64)(bytes + 20) * 8 * 1000, port->phy.speed);

		if (ktime_after(port->idle_at, due))
			due = port->idle_at;
		due = ktime_add_ns(due, ns);
		port->idle_at = due;
	}
	due = ktime_add_us(due, w->delay_us);
	if (w->jitter_us)
		due = ktime_add_us(due, vft_below(port, w->jitter_us + 1));
	return due;
}

/* Cuts or breaks the copy. The order of the draws is part of the seed's promise. */
static void vft_wire_damage(struct vft_port *port, struct flying *fly)
{
	const struct vft_faults *w = &port->faults;
	u32 bit;

	if (vft_chance(port, w->truncate)) {
		fly->len = 5 + vft_below(port, fly->len - 5);
		port->stats.truncated++;
	}
	if (vft_chance(port, w->corrupt)) {
		bit = vft_below(port, fly->len * 8);
		fly->data[bit / 8] ^= BIT(bit % 8);
		port->stats.corrupted++;
	}
}

/* @fly passes those that are held back, all of them behind it. The first was held back first. */
static void vft_wire_pass(struct vft_port *port, struct flying *fly)
{
	struct flying *held = fly, *next;

	list_for_each_entry_safe_continue(held, next, &port->flying, node) {
		if (!held->behind || --held->behind)
			continue;
		held->due = fly->due;
		list_move(&held->node, &fly->node);
	}
}

/* Puts the frame among the flying ones; behind all that are due no later. */
static void vft_wire_launch(struct vft_port *port, struct flying *fly, ktime_t due, bool held_back)
{
	struct flying *pos;

	lockdep_assert_held(&port->lock);
	if (port->nflying >= FLYING_MAX || (port->nflying >= FLYING_SHARE && vft_wires_full())) {
		port->stats.overflow++;
		vft_flying_free(fly);
		return;
	}
	if (held_back) {
		due = ktime_add_us(due, HOLD_BACK_US);
		port->stats.reordered++;
	} else {
		if (ktime_before(due, port->last_due))
			due = port->last_due;
		port->last_due = due;
	}
	fly->due = due;
	fly->behind = held_back ? HOLD_BACK : 0;
	list_for_each_entry_reverse(pos, &port->flying, node)
		if (!ktime_after(pos->due, due))
			break;
	list_add(&fly->node, &pos->node);
	port->nflying++;
	if (!held_back)
		vft_wire_pass(port, fly);
}

static void vft_wire_impair_one(struct vft_port *port, const struct vft_frame *f, ktime_t now)
{
	const struct vft_faults *w = &port->faults;
	unsigned int len = f->len;
	struct flying *fly;

	if (vft_chance(port, w->overlong) && len < OVERLONG) {
		len = OVERLONG;
		port->stats.overlong++;
	}
	fly = vft_flying_new(f, len);
	if (!fly) {
		port->stats.overflow++;
		return;
	}
	vft_wire_damage(port, fly);
	vft_wire_launch(port, fly, vft_wire_due(port, fly->len, now), vft_chance(port, w->reorder));
}

/**
 * vft_wire_impaired_send() - a frame leaves over a wire with faults
 * @port: its jack
 * @f: the frame
 *
 * Context: RCU read side, interrupts off.
 */
void vft_wire_impaired_send(struct vft_port *port, const struct vft_frame *f)
{
	const struct vft_faults *w = &port->faults;
	ktime_t now = ktime_get();

	spin_lock(&port->lock);
	if (!rcu_access_pointer(port->peer) || !port->up) {
		port->stats.unplugged++;
	} else if (vft_chance(port, w->loss)) {
		port->stats.lost++;
	} else {
		vft_wire_impair_one(port, f, now);
		if (vft_chance(port, w->dup)) {
			port->stats.duplicated++;
			vft_wire_impair_one(port, f, now);
		}
	}
	spin_unlock(&port->lock);
	vft_wire_land(port);
}

static void vft_wire_deliver(struct vft_port *port, struct flying *fly)
{
	struct vft_port *peer = rcu_dereference(port->peer);
	struct vft_frame *f = &port->landing;

	if (peer && READ_ONCE(port->up) && fly->len > 4) {
		f->len = fly->len - 4;
		f->nseg = 1;
		f->seg[0].iov_base = fly->data;
		f->seg[0].iov_len = f->len;
		f->fcs_given = true;
		f->l4_right = false;
		f->fcs = get_unaligned_le32(fly->data + f->len);
		vft_chip_receive(peer->chip, f);
	}
	vft_flying_free(fly);
}

/**
 * vft_wire_land() - deliver the frames that are due, arm the timer for the next
 * @port: the jack they left from
 *
 * Context: RCU read side.
 */
void vft_wire_land(struct vft_port *port)
{
	unsigned int landed = 0;
	struct flying *fly;
	unsigned long flags;
	ktime_t now = ktime_get();

	spin_lock_irqsave(&port->lock, flags);
	while ((fly = list_first_entry_or_null(&port->flying, struct flying, node))) {
		/* Interrupts are off: after a few frames the timer goes on, at once. */
		if (ktime_after(fly->due, now) || landed++ == LAND_MAX) {
			hrtimer_start(&port->arrive, fly->due, HRTIMER_MODE_ABS_SOFT);
			break;
		}
		list_del(&fly->node);
		port->nflying--;
		/* Under the lock, so that two that land at once keep their order. */
		vft_wire_deliver(port, fly);
	}
	spin_unlock_irqrestore(&port->lock, flags);
}

static enum hrtimer_restart vft_wire_arrive(struct hrtimer *timer)
{
	rcu_read_lock();
	vft_wire_land(container_of(timer, struct vft_port, arrive));
	rcu_read_unlock();
	return HRTIMER_NORESTART;
}

static enum hrtimer_restart vft_wire_idle(struct hrtimer *timer)
{
	struct vft_port *port = container_of(timer, struct vft_port, idle);

	port->kick(port->chip);
	return HRTIMER_NORESTART;
}

/**
 * vft_wire_busy() - is the wire still busy with our last frames?
 * @port: the jack
 *
 * If so, the transmit engine is kicked when it is not any more.
 *
 * Context: interrupts off.
 * Return: whether to wait.
 */
bool vft_wire_busy(struct vft_port *port)
{
	bool busy = false;

	if (likely(!READ_ONCE(port->impaired)))
		return false;
	spin_lock(&port->lock);
	if (port->faults.paced && ktime_after(port->idle_at, ktime_get())) {
		busy = true;
		hrtimer_start(&port->idle, port->idle_at, HRTIMER_MODE_ABS_SOFT);
	}
	spin_unlock(&port->lock);
	return busy;
}

/**
 * vft_wire_flush() - forget the frames under way
 * @port: the jack they left from
 */
void vft_wire_flush(struct vft_port *port)
{
	struct flying *fly, *tmp;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	list_for_each_entry_safe(fly, tmp, &port->flying, node) {
		list_del(&fly->node);
		vft_flying_free(fly);
	}
	port->nflying = 0;
	port->last_due = 0;
	port->idle_at = 0;
	spin_unlock_irqrestore(&port->lock, flags);
}

/**
 * vft_wire_set_faults() - set what happens to frames that leave a port
 * @port: the jack
 * @faults: all of it
 * @reseed: start the random sequence again, from faults->seed
 */
void vft_wire_set_faults(struct vft_port *port, const struct vft_faults *faults, bool reseed)
{
	const struct vft_faults *w = faults;
	unsigned long flags;
	bool paced;

	spin_lock_irqsave(&port->lock, flags);
	port->faults = *faults;
	if (reseed)
		prandom_seed_state(&port->rnd, faults->seed);
	paced = faults->paced;
	WRITE_ONCE(port->impaired, w->loss || w->dup || w->reorder || w->corrupt ||
		   w->truncate || w->overlong || w->delay_us || w->jitter_us || paced);
	spin_unlock_irqrestore(&port->lock, flags);
	port->kick(port->chip);	/* it may have waited for a pace that is no more */
}

/**
 * vft_wire_get() - what is set and what it did
 * @port: the jack
 * @faults: filled in
 * @stats: filled in
 */
void vft_wire_get(struct vft_port *port, struct vft_faults *faults, struct vft_wire_stats *stats)
{
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	*faults = port->faults;
	*stats = port->stats;
	spin_unlock_irqrestore(&port->lock, flags);
}

/**
 * vft_wire_faults_init() - set up for a new jack
 * @port: the jack
 */
void vft_wire_faults_init(struct vft_port *port)
{
	prandom_seed_state(&port->rnd, 0);
	hrtimer_setup(&port->arrive, vft_wire_arrive, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_SOFT);
	hrtimer_setup(&port->idle, vft_wire_idle, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_SOFT);
}
