/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The chip as its board sees it: registers on one side, the wire on the other, an interrupt
 * line, and the bus it masters. Whoever drives it uses vft_chip_read() and vft_chip_write()
 * and descriptor rings, nothing else.
 */
#ifndef VFT_CHIP_H
#define VFT_CHIP_H

#include <linux/types.h>

struct vft_bus;
struct vft_chip;
struct vft_frame;
struct vft_port;

/**
 * struct vft_chip_pins - what the chip's pins are soldered to
 * @bus: the bus it reads descriptors and buffers from
 * @port: the network jack
 * @irq: drives the interrupt line; called in any context, with the chip's lock held
 * @irq_ctx: handed to @irq
 */
struct vft_chip_pins {
	struct vft_bus *bus;
	struct vft_port *port;
	void (*irq)(void *ctx, bool high);
	void *irq_ctx;
};

/**
 * enum vft_chip_fault - ways in which the silicon can be told to fail
 * @VFT_CHIP_FAULT_HANG: the transmit engine ignores its doorbell until SW_RST
 * @VFT_CHIP_FAULT_AHB: the next bus access of the transmit engine fails
 */
enum vft_chip_fault {
	VFT_CHIP_FAULT_HANG,
	VFT_CHIP_FAULT_AHB,
};

struct vft_chip *vft_chip_alloc(const struct vft_chip_pins *pins, const u8 *addr);
void vft_chip_stop(struct vft_chip *chip);
void vft_chip_free(struct vft_chip *chip);

u32 vft_chip_read(struct vft_chip *chip, unsigned int off);
void vft_chip_write(struct vft_chip *chip, unsigned int off, u32 val);

/* from the wire */
void vft_chip_receive(struct vft_chip *chip, const struct vft_frame *f);
void vft_chip_tx_kick(struct vft_chip *chip);
void vft_chip_link_changed(struct vft_chip *chip);
u64 vft_chip_filtered(struct vft_chip *chip);

void vft_chip_fail(struct vft_chip *chip, enum vft_chip_fault fault);

#endif
