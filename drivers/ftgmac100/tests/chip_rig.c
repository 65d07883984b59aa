// SPDX-License-Identifier: GPL-2.0
/*
 * The test bench (chip_rig.h). Every buffer is an allocation of its own with exactly the mapped
 * length, so that KASAN sees the first byte too many.
 */
#include <linux/bitfield.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "chip_rig.h"

const u8 rig_addr_a[6] = { 2, 0, 0, 0, 0, 0xa };
const u8 rig_addr_b[6] = { 2, 0, 0, 0, 0, 0xb };

static void rig_irq(void *ctx, bool high)
{
	struct rig_side *s = ctx;

	s->irqs += high && !s->irq_high;
	s->irq_high = high;
}

/**
 * rig_map_buf() - give the chip a buffer
 * @s: the side
 * @i: number of the buffer, without one now
 * @len: its length
 */
void rig_map_buf(struct rig_side *s, unsigned int i, unsigned int len)
{
	s->buf[i] = kzalloc(len, GFP_KERNEL);
	if (!s->buf[i])
		return;
	s->buf_addr[i] = vft_bus_map(s->bus, s->win, 2 + i, s->buf[i], len,
				     i < RIG_RING ? VFT_BUS_READ : VFT_BUS_WRITE);
}

/**
 * rig_unmap_buf() - take it away again
 * @s: the side
 * @i: number of the buffer
 */
void rig_unmap_buf(struct rig_side *s, unsigned int i)
{
	if (!s->buf[i])
		return;
	vft_bus_unmap(s->bus, s->buf_addr[i]);
	kfree(s->buf[i]);
	s->buf[i] = NULL;
}

static int side_build(struct rig_side *s, const u8 *addr)
{
	struct vft_chip_pins pins = { .port = &s->port, .irq = rig_irq, .irq_ctx = s };
	const unsigned int bytes = RIG_RING * sizeof(struct vft_txdes);
	unsigned int i;

	s->bus = vft_bus_alloc();
	if (!s->bus)
		return -ENOMEM;
	s->win = vft_bus_window_open(s->bus, 2 + 2 * RIG_RING);
	if (s->win < 0)
		return s->win;
	s->tx = kzalloc(bytes, GFP_KERNEL);
	s->rx = kzalloc(bytes, GFP_KERNEL);
	if (!s->tx || !s->rx)
		return -ENOMEM;
	s->tx_addr = vft_bus_map(s->bus, s->win, 0, s->tx, bytes, VFT_BUS_READ | VFT_BUS_WRITE);
	s->rx_addr = vft_bus_map(s->bus, s->win, 1, s->rx, bytes, VFT_BUS_READ | VFT_BUS_WRITE);
	for (i = 0; i < 2 * RIG_RING; i++)
		rig_map_buf(s, i, RIG_BUF);
	vft_port_init(&s->port);
	pins.bus = s->bus;
	s->chip = vft_chip_alloc(&pins, addr);
	if (!s->chip)
		return -ENOMEM;
	s->port.chip = s->chip;
	s->port.kick = vft_chip_tx_kick;
	return 0;
}

static void side_break(struct rig_side *s)
{
	unsigned int i;

	if (s->chip) {
		vft_wire_unplug(&s->port);
		vft_chip_stop(s->chip);
		vft_port_exit(&s->port);
		vft_chip_free(s->chip);
	}
	for (i = 0; i < 2 * RIG_RING; i++)
		rig_unmap_buf(s, i);
	if (s->tx_addr)
		vft_bus_unmap(s->bus, s->tx_addr);
	if (s->rx_addr)
		vft_bus_unmap(s->bus, s->rx_addr);
	kfree(s->tx);
	kfree(s->rx);
	if (s->bus)
		vft_bus_window_close(s->bus, s->win);
	vft_bus_free(s->bus);
}

/**
 * rig_build() - two chips in reset, cabled
 * @test: fails if there is no memory
 *
 * Return: the bench.
 */
struct rig *rig_build(struct kunit *test)
{
	struct rig *rig = kzalloc(sizeof(*rig), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, rig);
	KUNIT_ASSERT_EQ(test, 0, side_build(&rig->a, rig_addr_a));
	KUNIT_ASSERT_EQ(test, 0, side_build(&rig->b, rig_addr_b));
	KUNIT_ASSERT_EQ(test, 0, vft_wire_plug(&rig->a.port, &rig->b.port));
	return rig;
}

/**
 * rig_break() - take it apart
 * @rig: the bench
 */
void rig_break(struct rig *rig)
{
	side_break(&rig->a);
	side_break(&rig->b);
	kfree(rig);
}

/**
 * rig_start() - what a driver does between reset and traffic
 * @s: the side
 * @maccr: how to run
 */
void rig_start(struct rig_side *s, u32 maccr)
{
	unsigned int i;
	u64 addr;

	memset(s->tx, 0, RIG_RING * sizeof(*s->tx));
	s->tx[RIG_RING - 1].des0 = cpu_to_le32(VFT_TXD0_EDOTR);
	for (i = 0; i < RIG_RING; i++) {
		addr = s->buf_addr[RIG_RING + i];
		s->rx[i].des0 = cpu_to_le32(i == RIG_RING - 1 ? VFT_RXD0_EDORR : 0);
		s->rx[i].des2 = cpu_to_le32(FIELD_PREP(VFT_DES2_ADDR_HI, upper_32_bits(addr)));
		s->rx[i].des3 = cpu_to_le32(lower_32_bits(addr));
	}
	rig_write(s, VFT_MACCR, VFT_MACCR_SW_RST);
	rig_write(s, VFT_NPTXR_BADR_HI, upper_32_bits(s->tx_addr));
	rig_write(s, VFT_NPTXR_BADR, lower_32_bits(s->tx_addr));
	rig_write(s, VFT_RXR_BADR_HI, upper_32_bits(s->rx_addr));
	rig_write(s, VFT_RXR_BADR, lower_32_bits(s->rx_addr));
	rig_write(s, VFT_RBSR, RIG_BUF);
	rig_write(s, VFT_MACCR, maccr);
}

/**
 * rig_tx() - write a transmit descriptor
 * @s: the side
 * @i: which
 * @buf: the buffer it points at
 * @des0: all of des0 but the ring's end
 * @des1: des1
 */
void rig_tx(struct rig_side *s, unsigned int i, unsigned int buf, u32 des0, u32 des1)
{
	u64 addr = s->buf_addr[buf];

	s->tx[i].des1 = cpu_to_le32(des1);
	s->tx[i].des2 = cpu_to_le32(FIELD_PREP(VFT_DES2_ADDR_HI, upper_32_bits(addr)));
	s->tx[i].des3 = cpu_to_le32(lower_32_bits(addr));
	s->tx[i].des0 = cpu_to_le32(des0 | (i == RIG_RING - 1 ? VFT_TXD0_EDOTR : 0));
}

/**
 * rig_frame() - fill in a frame that is no IP
 * @p: room
 * @len: bytes
 * @dst: station it is for
 */
void rig_frame(u8 *p, unsigned int len, const u8 *dst)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		p[i] = i * 3 + (i >> 8);
	memcpy(p, dst, 6);
	p[12] = 0x88;
	p[13] = 0xb5;
}
