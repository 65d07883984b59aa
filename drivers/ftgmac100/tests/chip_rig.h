/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A test bench for the chip: two of them on a cable, each with a bus, rings and buffers that
 * the test fills by hand. No driver, no netdev.
 */
#ifndef VFT_CHIP_RIG_H
#define VFT_CHIP_RIG_H

#include <kunit/test.h>

#include "../bus.h"
#include "../chip.h"
#include "../frame.h"
#include "../regs.h"
#include "../wire.h"

#define RIG_RING	16
#define RIG_BUF		2048

/**
 * struct rig_side - one chip and what software would have around it
 * @port: its jack
 * @bus: its bus
 * @chip: the chip
 * @irq_high: level of its interrupt line
 * @irqs: how often the line rose
 * @win: bus window: slots 0 and 1 the rings, then transmit buffers, then receive buffers
 * @tx: transmit ring
 * @rx: receive ring
 * @tx_addr: its bus address
 * @rx_addr: its bus address
 * @buf: buffers, transmit first
 * @buf_addr: their bus addresses
 */
struct rig_side {
	struct vft_port port;
	struct vft_bus *bus;
	struct vft_chip *chip;
	bool irq_high;
	unsigned int irqs;
	int win;
	struct vft_txdes *tx;
	struct vft_rxdes *rx;
	u64 tx_addr;
	u64 rx_addr;
	u8 *buf[2 * RIG_RING];
	u64 buf_addr[2 * RIG_RING];
};

struct rig {
	struct rig_side a;
	struct rig_side b;
};

struct rig *rig_build(struct kunit *test);
void rig_break(struct rig *rig);
void rig_start(struct rig_side *s, u32 maccr);
void rig_map_buf(struct rig_side *s, unsigned int i, unsigned int len);
void rig_unmap_buf(struct rig_side *s, unsigned int i);
void rig_tx(struct rig_side *s, unsigned int i, unsigned int buf, u32 des0, u32 des1);
void rig_frame(u8 *p, unsigned int len, const u8 *dst);

static inline u32 rig_read(struct rig_side *s, unsigned int off)
{
	return vft_chip_read(s->chip, off);
}

static inline void rig_write(struct rig_side *s, unsigned int off, u32 val)
{
	vft_chip_write(s->chip, off, val);
}

extern const u8 rig_addr_a[6], rig_addr_b[6];

#define RIG_MACCR (VFT_MACCR_TXDMA_EN | VFT_MACCR_RXDMA_EN | VFT_MACCR_TXMAC_EN | \
		   VFT_MACCR_RXMAC_EN | VFT_MACCR_CRC_APD | VFT_MACCR_RX_BROADPKT)
#define RIG_WHOLE (VFT_TXD0_OWN | VFT_TXD0_FTS | VFT_TXD0_LTS)

#endif
