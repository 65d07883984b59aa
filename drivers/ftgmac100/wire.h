/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The network jack of a card, the cable between two jacks, and everything that can go wrong
 * on it.
 */
#ifndef VFT_WIRE_H
#define VFT_WIRE_H

#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/prandom.h>
#include <linux/spinlock.h>

#include "frame.h"
#include "phy.h"

struct vft_chip;

/**
 * struct vft_faults - what happens to frames that leave a port
 * @loss: chance that a frame is lost, in parts per million, like all chances
 * @dup: chance that it arrives twice
 * @reorder: chance that it is held back while others pass
 * @corrupt: chance that one bit of it (or of its FCS) is flipped
 * @truncate: chance that it is cut off
 * @overlong: chance that it grows beyond what a MAC accepts; its FCS stays right
 * @delay_us: time on the wire
 * @jitter_us: up to this much more, drawn for each frame; order is kept
 * @paced: frames take the time they take at the link's speed
 * @seed: start of the random sequence: the same seed and the same frames give the same faults
 */
struct vft_faults {
	u32 loss;
	u32 dup;
	u32 reorder;
	u32 corrupt;
	u32 truncate;
	u32 overlong;
	u32 delay_us;
	u32 jitter_us;
	bool paced;
	u64 seed;
};

/**
 * struct vft_wire_stats - frames that met a fault on their way out of a port
 * @unplugged: there was no link
 * @lost: lost
 * @duplicated: sent twice
 * @reordered: held back
 * @corrupted: bit flipped
 * @truncated: cut off
 * @overlong: made too long
 * @overflow: more frames were under way than the wire keeps
 */
struct vft_wire_stats {
	u64 unplugged;
	u64 lost;
	u64 duplicated;
	u64 reordered;
	u64 corrupted;
	u64 truncated;
	u64 overlong;
	u64 overflow;
};

/**
 * struct vft_port - a network jack; part of the card
 * @peer: jack at the other end of the cable, RCU; changed under the topology lock
 * @chip: the MAC behind the jack
 * @kick: tells @chip that the wire is idle
 * @phy: the PHY behind the jack, under the topology lock
 * @up: copy of the PHY's link for the data path
 * @impaired: some fault or pacing is set: frames take the long way
 * @lock: guards all that follows; taken inside the chip's transmit lock
 * @faults: what to do to frames
 * @stats: what was done
 * @rnd: where the random sequence stands
 * @flying: frames under way, ordered by time of arrival
 * @nflying: how many
 * @last_due: arrival of the last frame that kept its place
 * @idle_at: when the transmitter has put its last bit on the wire
 * @landing: the frame that is being delivered
 * @arrive: fires when the first of @flying is due
 * @idle: fires at @idle_at when the transmitter waits for it
 */
struct vft_port {
	struct vft_port __rcu *peer;
	struct vft_chip *chip;
	void (*kick)(struct vft_chip *chip);
	struct vft_phy phy;
	bool up;
	bool impaired;
	spinlock_t lock;
	struct vft_faults faults;
	struct vft_wire_stats stats;
	struct rnd_state rnd;
	struct list_head flying;
	unsigned int nflying;
	ktime_t last_due;
	ktime_t idle_at;
	struct vft_frame landing;
	struct hrtimer arrive;
	struct hrtimer idle;
};

void vft_port_init(struct vft_port *port);
void vft_port_exit(struct vft_port *port);

int vft_wire_plug(struct vft_port *a, struct vft_port *b);
void vft_wire_unplug(struct vft_port *port);
void vft_wire_set_faults(struct vft_port *port, const struct vft_faults *faults, bool reseed);
void vft_wire_get(struct vft_port *port, struct vft_faults *faults, struct vft_wire_stats *stats);

/* the chip's side */
void vft_wire_send(struct vft_port *port, const struct vft_frame *f);
bool vft_wire_busy(struct vft_port *port);
u16 vft_wire_mdio_read(struct vft_port *port, unsigned int reg);
void vft_wire_mdio_write(struct vft_port *port, unsigned int reg, u16 val);

/* wire_faults.c, for wire.c */
void vft_wire_faults_init(struct vft_port *port);
void vft_wire_impaired_send(struct vft_port *port, const struct vft_frame *f);
void vft_wire_land(struct vft_port *port);
void vft_wire_flush(struct vft_port *port);

#endif
