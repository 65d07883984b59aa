// SPDX-License-Identifier: GPL-2.0
/*
 * The chip as the datasheet has it, driven by registers and rings alone.
 */
#include <linux/bitfield.h>
#include <linux/crc32.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <net/checksum.h>

#include "chip_rig.h"

static int chip_init(struct kunit *test)
{
	test->priv = rig_build(test);
	return 0;
}

static void chip_exit(struct kunit *test)
{
	if (test->priv)
		rig_break(test->priv);
}

static u32 des0_of(const struct vft_rxdes *d)
{
	return le32_to_cpu(d->des0);
}

/* Sends what is in transmit buffer 0 of A, one descriptor. */
static void send_one(struct rig *rig, unsigned int len, u32 des1)
{
	rig_tx(&rig->a, 0, 0, RIG_WHOLE | len, des1);
	rig_write(&rig->a, VFT_NPTXPD, 1);
}

static void start_both(struct rig *rig, u32 maccr)
{
	rig_start(&rig->a, RIG_MACCR);
	rig_start(&rig->b, RIG_MACCR | maccr);
}

static void reset_loads_address_and_clears_registers(struct kunit *test)
{
	struct rig_side *a = &((struct rig *)test->priv)->a;

	rig_write(a, VFT_MAC_LADR, 0x12345678);
	rig_write(a, VFT_IER, ~0U);
	rig_write(a, VFT_MACCR, VFT_MACCR_SW_RST);
	KUNIT_EXPECT_EQ(test, rig_read(a, VFT_MAC_MADR), 0x0200U);
	KUNIT_EXPECT_EQ(test, rig_read(a, VFT_MAC_LADR), 0x0000000aU);
	KUNIT_EXPECT_EQ(test, rig_read(a, VFT_IER), 0U);
	KUNIT_EXPECT_EQ(test, rig_read(a, VFT_MACCR), 0U);
}

static void status_bits_clear_by_writing_one(struct kunit *test)
{
	struct rig_side *a = &((struct rig *)test->priv)->a;

	rig_start(a, RIG_MACCR);
	rig_write(a, VFT_NPTXPD, 1);		/* finds nothing to send */
	KUNIT_EXPECT_TRUE(test, rig_read(a, VFT_ISR) & VFT_INT_NO_NPTXBUF);
	rig_write(a, VFT_ISR, ~(u32)VFT_INT_NO_NPTXBUF);
	KUNIT_EXPECT_TRUE(test, rig_read(a, VFT_ISR) & VFT_INT_NO_NPTXBUF);
	rig_write(a, VFT_ISR, VFT_INT_NO_NPTXBUF);
	KUNIT_EXPECT_FALSE(test, rig_read(a, VFT_ISR) & VFT_INT_NO_NPTXBUF);
}

static void the_line_follows_status_and_enable(struct kunit *test)
{
	struct rig_side *a = &((struct rig *)test->priv)->a;

	rig_start(a, RIG_MACCR);
	rig_write(a, VFT_NPTXPD, 1);
	KUNIT_EXPECT_FALSE(test, a->irq_high);
	rig_write(a, VFT_IER, VFT_INT_NO_NPTXBUF);
	KUNIT_EXPECT_TRUE(test, a->irq_high);
	rig_write(a, VFT_ISR, VFT_INT_NO_NPTXBUF);
	KUNIT_EXPECT_FALSE(test, a->irq_high);
}

static void read_only_registers_do_not_change(struct kunit *test)
{
	struct rig_side *a = &((struct rig *)test->priv)->a;
	static const u16 reg[] = { VFT_REVR, VFT_FEAR, VFT_STAT_TX, VFT_RXR_PTR, 0x1fc, 0xffc };
	unsigned int i;
	u32 old;

	for (i = 0; i < ARRAY_SIZE(reg); i++) {
		old = rig_read(a, reg[i]);
		rig_write(a, reg[i], ~old);
		KUNIT_EXPECT_EQ(test, rig_read(a, reg[i]), old);
	}
}

static void a_frame_arrives_whole(struct kunit *test)
{
	struct rig *rig = test->priv;

	start_both(rig, 0);
	rig_frame(rig->a.buf[0], 777, rig_addr_b);
	send_one(rig, 777, VFT_TXD1_TXIC);
	KUNIT_EXPECT_FALSE(test, le32_to_cpu(rig->a.tx[0].des0) & VFT_TXD0_OWN);
	KUNIT_EXPECT_EQ(test, des0_of(&rig->b.rx[0]),
			(u32)(VFT_RXD0_RDY | VFT_RXD0_FRS | VFT_RXD0_LRS | 777));
	KUNIT_EXPECT_EQ(test, 0, memcmp(rig->a.buf[0], rig->b.buf[RIG_RING], 777));
	KUNIT_EXPECT_TRUE(test, rig_read(&rig->a, VFT_ISR) & VFT_INT_XPKT_ETH);
	KUNIT_EXPECT_TRUE(test, rig_read(&rig->b, VFT_ISR) & VFT_INT_RPKT_BUF);
	KUNIT_EXPECT_EQ(test, rig_read(&rig->a, VFT_STAT_TX), 1U);
	KUNIT_EXPECT_EQ(test, rig_read(&rig->b, VFT_STAT_RX), 1U);
}

static void a_short_frame_is_padded_with_zeros(struct kunit *test)
{
	struct rig *rig = test->priv;

	start_both(rig, 0);
	rig_frame(rig->a.buf[0], 20, rig_addr_b);
	memset(rig->b.buf[RIG_RING], 0xff, RIG_BUF);
	send_one(rig, 20, 0);
	KUNIT_EXPECT_EQ(test, des0_of(&rig->b.rx[0]) & VFT_RXD0_VDBC, 60U);
	KUNIT_EXPECT_NULL(test, memchr_inv(rig->b.buf[RIG_RING] + 20, 0, 40));
	KUNIT_EXPECT_EQ(test, rig->b.buf[RIG_RING][60], 0xff);
}

static void segments_are_gathered(struct kunit *test)
{
	struct rig *rig = test->priv;

	start_both(rig, 0);
	rig_frame(rig->a.buf[0], 300, rig_addr_b);
	memcpy(rig->a.buf[1], rig->a.buf[0] + 15, 1);
	memcpy(rig->a.buf[2], rig->a.buf[0] + 16, 284);
	rig_tx(&rig->a, 3, 2, VFT_TXD0_OWN | VFT_TXD0_LTS | 284, 0);
	rig_tx(&rig->a, 2, 3, VFT_TXD0_OWN | 0, 0);	/* an empty one is no harm */
	rig_tx(&rig->a, 1, 1, VFT_TXD0_OWN | 1, 0);
	rig_tx(&rig->a, 0, 0, VFT_TXD0_OWN | VFT_TXD0_FTS | 15, 0);
	rig_write(&rig->a, VFT_NPTXPD, 1);
	KUNIT_EXPECT_EQ(test, des0_of(&rig->b.rx[0]) & VFT_RXD0_VDBC, 300U);
	KUNIT_EXPECT_EQ(test, 0, memcmp(rig->a.buf[0], rig->b.buf[RIG_RING], 300));
}

static void a_frame_waits_for_its_last_segment(struct kunit *test)
{
	struct rig *rig = test->priv;

	start_both(rig, 0);
	rig_frame(rig->a.buf[0], 100, rig_addr_b);
	rig_tx(&rig->a, 0, 0, VFT_TXD0_OWN | VFT_TXD0_FTS | 100, 0);
	rig_write(&rig->a, VFT_NPTXPD, 1);
	KUNIT_EXPECT_TRUE(test, le32_to_cpu(rig->a.tx[0].des0) & VFT_TXD0_OWN);
	rig_tx(&rig->a, 1, 1, VFT_TXD0_OWN | VFT_TXD0_LTS | 100, 0);
	rig_write(&rig->a, VFT_NPTXPD, 1);
	KUNIT_EXPECT_EQ(test, des0_of(&rig->b.rx[0]) & VFT_RXD0_VDBC, 200U);
}

static void segments_without_first_or_last_are_given_back(struct kunit *test)
{
	struct rig *rig = test->priv;

	start_both(rig, 0);
	rig_frame(rig->a.buf[2], 100, rig_addr_b);
	rig_tx(&rig->a, 0, 0, VFT_TXD0_OWN | VFT_TXD0_LTS | 100, 0);	/* no FTS */
	rig_tx(&rig->a, 1, 1, VFT_TXD0_OWN | VFT_TXD0_FTS | 100, 0);	/* no LTS */
	rig_tx(&rig->a, 2, 2, RIG_WHOLE | 100, 0);
	rig_write(&rig->a, VFT_NPTXPD, 1);
	KUNIT_EXPECT_FALSE(test, le32_to_cpu(rig->a.tx[0].des0) & VFT_TXD0_OWN);
	KUNIT_EXPECT_FALSE(test, le32_to_cpu(rig->a.tx[1].des0) & VFT_TXD0_OWN);
	KUNIT_EXPECT_TRUE(test, rig_read(&rig->a, VFT_ISR) & VFT_INT_XPKT_LOST);
	KUNIT_EXPECT_EQ(test, rig_read(&rig->a, VFT_STAT_TX), 1U);
	KUNIT_EXPECT_EQ(test, des0_of(&rig->b.rx[0]) & VFT_RXD0_VDBC, 100U);
}

/* After a bus error nothing moves until SW_RST, after which everything does. */
static void expect_bus_error(struct kunit *test, struct rig_side *s)
{
	struct rig *rig = test->priv;

	KUNIT_EXPECT_TRUE(test, rig_read(s, VFT_ISR) & VFT_INT_AHB_ERR);
	rig_tx(&rig->a, 0, 0, RIG_WHOLE | 100, 0);
	rig_write(s, VFT_NPTXPD, 1);
	start_both(rig, 0);
	rig_frame(rig->a.buf[0], 100, rig_addr_b);
	send_one(rig, 100, 0);
	KUNIT_EXPECT_EQ(test, rig_read(&rig->b, VFT_STAT_RX), 1U);
}

static void an_unmapped_buffer_is_a_bus_error(struct kunit *test)
{
	struct rig *rig = test->priv;

	start_both(rig, 0);
	rig_unmap_buf(&rig->a, 0);
	send_one(rig, 100, 0);
	KUNIT_EXPECT_EQ(test, rig_read(&rig->b, VFT_STAT_RX), 0U);
	rig_map_buf(&rig->a, 0, RIG_BUF);
	expect_bus_error(test, &rig->a);
}

static void a_length_beyond_the_mapping_is_a_bus_error(struct kunit *test)
{
	struct rig *rig = test->priv;

	start_both(rig, 0);
	send_one(rig, RIG_BUF + 1, 0);
	expect_bus_error(test, &rig->a);
}

static void a_ring_without_end_is_a_bus_error(struct kunit *test)
{
	struct rig *rig = test->priv;
	unsigned int i;

	start_both(rig, 0);
	for (i = 0; i < RIG_RING; i++) {
		rig_frame(rig->a.buf[i], 60, rig_addr_a);	/* filtered by B */
		rig_tx(&rig->a, i, i, RIG_WHOLE | 60, 0);
	}
	rig->a.tx[RIG_RING - 1].des0 &= ~cpu_to_le32(VFT_TXD0_EDOTR);
	rig_write(&rig->a, VFT_NPTXPD, 1);
	KUNIT_EXPECT_EQ(test, rig_read(&rig->a, VFT_STAT_TX), (u32)RIG_RING);
	expect_bus_error(test, &rig->a);
}

static void a_receive_buffer_the_card_may_not_write_is_a_bus_error(struct kunit *test)
{
	struct rig *rig = test->priv;

	start_both(rig, 0);
	rig->b.rx[0].des2 = cpu_to_le32(FIELD_PREP(VFT_DES2_ADDR_HI,
						   upper_32_bits(rig->b.buf_addr[0])));
	rig->b.rx[0].des3 = cpu_to_le32(lower_32_bits(rig->b.buf_addr[0]));
	rig_frame(rig->a.buf[0], 100, rig_addr_b);
	send_one(rig, 100, 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(rig->b.buf[0], 0, RIG_BUF));
	expect_bus_error(test, &rig->b);
}

static void a_stale_address_does_not_reach_the_next_buffer(struct kunit *test)
{
	struct rig_side *a = &((struct rig *)test->priv)->a;
	u64 stale = a->buf_addr[0];
	struct vft_pin pin;

	rig_unmap_buf(a, 0);
	rig_map_buf(a, 0, RIG_BUF);
	rcu_read_lock();
	KUNIT_EXPECT_NULL(test, vft_bus_pin(a->bus, stale, 1, VFT_BUS_READ, &pin));
	KUNIT_EXPECT_PTR_EQ(test, (u8 *)vft_bus_pin(a->bus, a->buf_addr[0] + 5, 1, VFT_BUS_READ,
						    &pin), a->buf[0] + 5);
	rcu_read_unlock();
	vft_bus_unpin(&pin);
}

static void a_full_ring_loses_frames_and_says_so(struct kunit *test)
{
	struct rig *rig = test->priv;
	unsigned int i;

	start_both(rig, 0);
	rig_frame(rig->a.buf[0], 100, rig_addr_b);
	for (i = 0; i < RIG_RING; i++) {
		rig_tx(&rig->a, i, 0, RIG_WHOLE | 100, 0);
		rig_write(&rig->a, VFT_NPTXPD, 1);
	}
	KUNIT_EXPECT_FALSE(test, rig_read(&rig->b, VFT_ISR) & VFT_INT_NO_RXBUF);
	send_one(rig, 100, 0);
	KUNIT_EXPECT_TRUE(test, rig_read(&rig->b, VFT_ISR) & VFT_INT_NO_RXBUF);
	KUNIT_EXPECT_TRUE(test, rig_read(&rig->b, VFT_ISR) & VFT_INT_RPKT_LOST);
	KUNIT_EXPECT_EQ(test, rig_read(&rig->b, VFT_STAT_RX_COL_LOST), 1U);
}

static void a_frame_larger_than_a_buffer_spans_descriptors(struct kunit *test)
{
	struct rig *rig = test->priv;
	unsigned int i;

	start_both(rig, 0);
	rig_write(&rig->b, VFT_RBSR, 64);
	rig_frame(rig->a.buf[0], 200, rig_addr_b);
	send_one(rig, 200, 0);
	KUNIT_EXPECT_TRUE(test, des0_of(&rig->b.rx[0]) & VFT_RXD0_FRS);
	KUNIT_EXPECT_TRUE(test, des0_of(&rig->b.rx[3]) & VFT_RXD0_LRS);
	KUNIT_EXPECT_EQ(test, des0_of(&rig->b.rx[3]) & VFT_RXD0_VDBC, 8U);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, 0, memcmp(rig->a.buf[0] + 64 * i, rig->b.buf[RIG_RING + i],
						min(64U, 200 - 64 * i)));
}

static void a_wrong_fcs_is_counted_and_dropped(struct kunit *test)
{
	struct rig *rig = test->priv;

	start_both(rig, VFT_MACCR_DISCARD_CRC);
	rig_write(&rig->a, VFT_MACCR, RIG_MACCR & ~VFT_MACCR_CRC_APD);
	rig_frame(rig->a.buf[0], 104, rig_addr_b);
	send_one(rig, 104, 0);
	KUNIT_EXPECT_EQ(test, rig_read(&rig->b, VFT_STAT_RX_CRCER_FTL), 0x10000U);
	KUNIT_EXPECT_EQ(test, rig_read(&rig->b, VFT_STAT_RX), 0U);
}

static void a_right_fcs_from_software_is_accepted(struct kunit *test)
{
	struct rig *rig = test->priv;

	start_both(rig, VFT_MACCR_DISCARD_CRC);
	rig_write(&rig->a, VFT_MACCR, RIG_MACCR & ~VFT_MACCR_CRC_APD);
	rig_frame(rig->a.buf[0], 100, rig_addr_b);
	*(__le32 *)(rig->a.buf[0] + 100) = cpu_to_le32(~crc32_le(~0, rig->a.buf[0], 100));
	send_one(rig, 104, 0);
	KUNIT_EXPECT_EQ(test, rig_read(&rig->b, VFT_STAT_RX_CRCER_FTL), 0U);
	KUNIT_EXPECT_EQ(test, des0_of(&rig->b.rx[0]) & VFT_RXD0_VDBC, 100U);
}

static void the_multicast_hash_lets_its_bucket_pass(struct kunit *test)
{
	static const u8 group[6] = { 1, 0, 0x5e, 1, 2, 3 };
	unsigned int bucket = vft_hash_bucket(ether_crc_le(6, group));
	struct rig *rig = test->priv;

	start_both(rig, VFT_MACCR_HT_MULTI_EN);
	rig_frame(rig->a.buf[0], 100, group);
	send_one(rig, 100, 0);
	KUNIT_EXPECT_EQ(test, rig_read(&rig->b, VFT_STAT_RX), 0U);
	rig_write(&rig->b, bucket < 32 ? VFT_MAHT0 : VFT_MAHT1, BIT(bucket % 32));
	rig_tx(&rig->a, 1, 0, RIG_WHOLE | 100, 0);
	rig_write(&rig->a, VFT_NPTXPD, 1);
	KUNIT_EXPECT_EQ(test, rig_read(&rig->b, VFT_STAT_RX_MC), 1U);
}

/* A UDP datagram with @data bytes behind its header; the pseudo header's sum is in place. */
static unsigned int udp_frame(u8 *p, unsigned int data)
{
	unsigned int ip = 28 + data;

	rig_frame(p, 14 + ip, rig_addr_b);
	p[12] = 8;
	p[13] = 0;
	memset(p + 14, 0, 20);
	p[14] = 0x45;
	p[16] = ip >> 8;
	p[17] = ip;
	p[22] = 64;
	p[23] = 17;
	p[26] = 10;
	p[30] = 10;
	p[33] = 2;
	p[38] = (8 + data) >> 8;
	p[39] = 8 + data;
	*(__sum16 *)(p + 40) = ~csum_tcpudp_magic(*(__be32 *)(p + 26), *(__be32 *)(p + 30),
						  8 + data, 17, 0);
	return 14 + ip;
}

static void checksums_are_inserted_and_verified(struct kunit *test)
{
	static const u16 sizes[] = { 0, 1, 17, 18, 19, 100, 1001 };
	struct rig *rig = test->priv;
	unsigned int i, len;
	u32 want;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		start_both(rig, 0);
		len = udp_frame(rig->a.buf[0], sizes[i]);
		send_one(rig, len, VFT_TXD1_UDP_CSUM | VFT_TXD1_IP_CSUM);
		want = FIELD_PREP(VFT_RXD1_PROT, VFT_RXD1_PROT_UDP);
		KUNIT_EXPECT_EQ(test, le32_to_cpu(rig->b.rx[0].des1), want);
		/* And without insertion the same frame is found wrong. */
		rig_tx(&rig->a, 1, 0, RIG_WHOLE | len, 0);
		rig_write(&rig->a, VFT_NPTXPD, 1);
		want |= VFT_RXD1_UDP_CSUM_ERR | VFT_RXD1_IP_CSUM_ERR;
		KUNIT_EXPECT_EQ(test, le32_to_cpu(rig->b.rx[1].des1), want);
	}
}

static void a_tag_is_inserted_and_taken_out(struct kunit *test)
{
	struct rig *rig = test->priv;

	start_both(rig, VFT_MACCR_RM_VLAN);
	rig_frame(rig->a.buf[0], 100, rig_addr_b);
	send_one(rig, 100, VFT_TXD1_INS_VLAN | 0x2005);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(rig->b.rx[0].des1), (u32)(VFT_RXD1_VLAN_AVAIL | 0x2005));
	KUNIT_EXPECT_EQ(test, des0_of(&rig->b.rx[0]) & VFT_RXD0_VDBC, 100U);
	KUNIT_EXPECT_EQ(test, 0, memcmp(rig->a.buf[0], rig->b.buf[RIG_RING], 100));
	rig_write(&rig->b, VFT_MACCR, RIG_MACCR);
	rig_tx(&rig->a, 1, 0, RIG_WHOLE | 100, VFT_TXD1_INS_VLAN | 0x2005);
	rig_write(&rig->a, VFT_NPTXPD, 1);
	KUNIT_EXPECT_EQ(test, des0_of(&rig->b.rx[1]) & VFT_RXD0_VDBC, 104U);
	KUNIT_EXPECT_EQ(test, 0, memcmp(rig->a.buf[0] + 12, rig->b.buf[RIG_RING + 1] + 16, 88));
}

static void frames_wait_for_the_threshold(struct kunit *test)
{
	struct rig *rig = test->priv;
	unsigned int i;

	start_both(rig, 0);
	rig_write(&rig->b, VFT_ITC, FIELD_PREP(VFT_ITC_RX_THR, 4));
	rig_frame(rig->a.buf[0], 100, rig_addr_b);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_FALSE(test, rig_read(&rig->b, VFT_ISR) & VFT_INT_RPKT_BUF);
		rig_tx(&rig->a, i, 0, RIG_WHOLE | 100, 0);
		rig_write(&rig->a, VFT_NPTXPD, 1);
	}
	KUNIT_EXPECT_TRUE(test, rig_read(&rig->b, VFT_ISR) & VFT_INT_RPKT_BUF);
}

static void loopback_needs_no_cable(struct kunit *test)
{
	struct rig *rig = test->priv;

	vft_wire_unplug(&rig->a.port);
	rig_start(&rig->a, RIG_MACCR | VFT_MACCR_LOOP_EN);
	rig_frame(rig->a.buf[0], 100, rig_addr_a);
	send_one(rig, 100, 0);
	KUNIT_EXPECT_EQ(test, 0, memcmp(rig->a.buf[0], rig->a.buf[RIG_RING], 100));
}

static u16 mdio_read(struct rig_side *s, unsigned int phy, unsigned int reg)
{
	rig_write(s, VFT_PHYCR, FIELD_PREP(VFT_PHYCR_PHYAD, phy) |
		  FIELD_PREP(VFT_PHYCR_REGAD, reg) | VFT_PHYCR_MIIRD);
	return rig_read(s, VFT_PHYDATA) >> 16;
}

static void the_link_bit_latches_low(struct kunit *test)
{
	struct rig *rig = test->priv;

	mdio_read(&rig->a, 0, 1);
	KUNIT_EXPECT_TRUE(test, mdio_read(&rig->a, 0, 1) & 4);
	vft_wire_unplug(&rig->a.port);
	KUNIT_EXPECT_TRUE(test, rig_read(&rig->a, VFT_ISR) & VFT_INT_PHYSTS_CHG);
	KUNIT_ASSERT_EQ(test, 0, vft_wire_plug(&rig->a.port, &rig->b.port));
	KUNIT_EXPECT_FALSE(test, mdio_read(&rig->a, 0, 1) & 4);
	KUNIT_EXPECT_TRUE(test, mdio_read(&rig->a, 0, 1) & 4);
	KUNIT_EXPECT_EQ(test, mdio_read(&rig->a, 5, 1), 0xffff);
}

static struct kunit_case chip_cases[] = {
	KUNIT_CASE(reset_loads_address_and_clears_registers),
	KUNIT_CASE(status_bits_clear_by_writing_one),
	KUNIT_CASE(the_line_follows_status_and_enable),
	KUNIT_CASE(read_only_registers_do_not_change),
	KUNIT_CASE(a_frame_arrives_whole),
	KUNIT_CASE(a_short_frame_is_padded_with_zeros),
	KUNIT_CASE(segments_are_gathered),
	KUNIT_CASE(a_frame_waits_for_its_last_segment),
	KUNIT_CASE(segments_without_first_or_last_are_given_back),
	KUNIT_CASE(an_unmapped_buffer_is_a_bus_error),
	KUNIT_CASE(a_length_beyond_the_mapping_is_a_bus_error),
	KUNIT_CASE(a_ring_without_end_is_a_bus_error),
	KUNIT_CASE(a_receive_buffer_the_card_may_not_write_is_a_bus_error),
	KUNIT_CASE(a_stale_address_does_not_reach_the_next_buffer),
	KUNIT_CASE(a_full_ring_loses_frames_and_says_so),
	KUNIT_CASE(a_frame_larger_than_a_buffer_spans_descriptors),
	KUNIT_CASE(a_wrong_fcs_is_counted_and_dropped),
	KUNIT_CASE(a_right_fcs_from_software_is_accepted),
	KUNIT_CASE(the_multicast_hash_lets_its_bucket_pass),
	KUNIT_CASE(checksums_are_inserted_and_verified),
	KUNIT_CASE(a_tag_is_inserted_and_taken_out),
	KUNIT_CASE(frames_wait_for_the_threshold),
	KUNIT_CASE(loopback_needs_no_cable),
	KUNIT_CASE(the_link_bit_latches_low),
	{}
};

static struct kunit_suite chip_suite = {
	.name = "vft_chip",
	.init = chip_init,
	.exit = chip_exit,
	.test_cases = chip_cases,
};

kunit_test_suites(&chip_suite);

MODULE_DESCRIPTION("Unit tests of the virtual FTGMAC100");
MODULE_LICENSE("GPL");
