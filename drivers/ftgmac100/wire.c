// SPDX-License-Identifier: GPL-2.0
/*
 * The cable: who is plugged into whom, and the link that makes. Owns the topology (one lock
 * for all cables: plugging is rare) and the PHYs, whose link depends on both ends.
 *
 * An untroubled frame passes straight from the sender's transmit engine into the receiver's
 * receive engine, on the sender's CPU. Everything else is in wire_faults.c.
 */
#include <linux/mii.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "chip.h"
#include "frame.h"
#include "wire.h"

/* Guards peer pointers and all PHY registers. Inside: only the chips' interrupt locks. */
static DEFINE_SPINLOCK(topology);

static struct vft_port *vft_port_peer(struct vft_port *port)
{
	return rcu_dereference_protected(port->peer, lockdep_is_held(&topology));
}

/* Both ends of a cable look at each other again. */
static void vft_wire_resolve(struct vft_port *port)
{
	struct vft_port *peer = vft_port_peer(port);

	lockdep_assert_held(&topology);
	if (vft_phy_resolve(&port->phy, peer ? &peer->phy : NULL)) {
		WRITE_ONCE(port->up, port->phy.link);
		vft_chip_link_changed(port->chip);
	}
	if (!peer || peer == port || !vft_phy_resolve(&peer->phy, &port->phy))
		return;
	WRITE_ONCE(peer->up, peer->phy.link);
	vft_chip_link_changed(peer->chip);
}

/**
 * vft_wire_plug() - a cable between two jacks
 * @a: one end
 * @b: the other; may be @a, which loops it back
 *
 * Return: 0, or -EBUSY when either has a cable.
 */
int vft_wire_plug(struct vft_port *a, struct vft_port *b)
{
	unsigned long flags;
	int err = -EBUSY;

	spin_lock_irqsave(&topology, flags);
	if (vft_port_peer(a) || vft_port_peer(b))
		goto out;
	rcu_assign_pointer(a->peer, b);
	rcu_assign_pointer(b->peer, a);
	vft_wire_resolve(a);
	err = 0;
out:
	spin_unlock_irqrestore(&topology, flags);
	return err;
}

/**
 * vft_wire_unplug() - pull the cable; frames under way are lost
 * @port: either end; nothing happens when it has no cable
 *
 * When it returns, no frame from either end is being received by the other.
 *
 * Context: may sleep.
 */
void vft_wire_unplug(struct vft_port *port)
{
	struct vft_port *peer;
	unsigned long flags;

	spin_lock_irqsave(&topology, flags);
	peer = vft_port_peer(port);
	if (peer) {
		RCU_INIT_POINTER(peer->peer, NULL);
		RCU_INIT_POINTER(port->peer, NULL);
		vft_wire_resolve(port);
		if (peer != port)
			vft_wire_resolve(peer);
	}
	spin_unlock_irqrestore(&topology, flags);
	if (!peer)
		return;
	vft_wire_flush(port);
	if (peer != port)
		vft_wire_flush(peer);
	synchronize_rcu();
}

/**
 * vft_wire_mdio_read() - the chip reads a PHY register
 * @port: the jack
 * @reg: register number
 *
 * Return: its value.
 */
u16 vft_wire_mdio_read(struct vft_port *port, unsigned int reg)
{
	unsigned long flags;
	u16 val;

	spin_lock_irqsave(&topology, flags);
	val = vft_phy_read(&port->phy, reg);
	spin_unlock_irqrestore(&topology, flags);
	return val;
}

/**
 * vft_wire_mdio_write() - the chip writes a PHY register
 * @port: the jack
 * @reg: register number
 * @val: the value; it may change the link of both ends
 */
void vft_wire_mdio_write(struct vft_port *port, unsigned int reg, u16 val)
{
	unsigned long flags;

	spin_lock_irqsave(&topology, flags);
	if (vft_phy_write(&port->phy, reg, val))
		vft_wire_resolve(port);
	spin_unlock_irqrestore(&topology, flags);
}

/**
 * vft_wire_send() - a frame leaves the MAC
 * @port: its jack
 * @f: the frame; not needed after the return
 *
 * Context: the transmit engine: RCU read side, interrupts off.
 */
void vft_wire_send(struct vft_port *port, const struct vft_frame *f)
{
	struct vft_port *peer;

	if (unlikely(READ_ONCE(port->impaired))) {
		vft_wire_impaired_send(port, f);
		return;
	}
	peer = rcu_dereference(port->peer);
	if (READ_ONCE(port->phy.bmcr) & BMCR_LOOPBACK)
		peer = port;	/* the PHY turns it round before the jack */
	if (likely(peer && READ_ONCE(port->up)))
		vft_chip_receive(peer->chip, f);
	else
		port->stats.unplugged++;
}

/**
 * vft_port_init() - a jack with nothing in it
 * @port: the jack; its chip and kick are set before the first cable
 */
void vft_port_init(struct vft_port *port)
{
	memset(port, 0, sizeof(*port));
	spin_lock_init(&port->lock);
	INIT_LIST_HEAD(&port->flying);
	vft_phy_reset(&port->phy);
	vft_wire_faults_init(port);
}

/**
 * vft_port_exit() - the jack goes; its cable is pulled and its chip is in reset
 * @port: the jack
 *
 * Context: may sleep.
 */
void vft_port_exit(struct vft_port *port)
{
	hrtimer_cancel(&port->arrive);
	hrtimer_cancel(&port->idle);
	vft_wire_flush(port);
}
