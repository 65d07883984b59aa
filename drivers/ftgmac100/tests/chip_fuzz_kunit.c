// SPDX-License-Identifier: GPL-2.0
/*
 * The chip under a driver that has lost its mind: random registers, rings, lengths, addresses,
 * buffers that go while they are in the rings, faults on the wire. It may do with the buffers it
 * is given what it likes, must touch nothing else (KASAN watches) and must work after SW_RST.
 *
 * Module parameters seed and ops; the same seed is the same run.
 */
#include <linux/bitfield.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "chip_rig.h"

static ulong seed = 1;
module_param(seed, ulong, 0444);
MODULE_PARM_DESC(seed, "start of the random sequence");

static ulong ops = 20000;
module_param(ops, ulong, 0444);
MODULE_PARM_DESC(ops, "operations of the fuzz run");

static struct rnd_state rnd;

static u32 any(void)
{
	return prandom_u32_state(&rnd);
}

static u32 below(u32 limit)
{
	return reciprocal_scale(any(), limit);
}

/* A number that is often near an edge. */
static u32 odd_u32(void)
{
	switch (below(5)) {
	case 0:
		return any();
	case 1:
		return BIT(below(32));
	case 2:
		return ~BIT(below(32));
	case 3:
		return below(128);
	default:
		return any() & any() & any();
	}
}

/* A bus address: right, shifted, of the other side, or nonsense. */
static u64 odd_addr(struct rig *rig, struct rig_side *s)
{
	struct rig_side *other = s == &rig->a ? &rig->b : &rig->a;

	switch (below(8)) {
	case 0:
		return any() | (u64)any() << 32;
	case 1:
		return s->buf_addr[below(2 * RIG_RING)] + below(2 * RIG_BUF);
	case 2:
		return s->buf_addr[below(2 * RIG_RING)] ^ BIT_ULL(below(35));
	case 3:
		return other->buf_addr[below(2 * RIG_RING)];
	case 4:
		return below(2) ? s->tx_addr : s->rx_addr;
	default:
		return s->buf_addr[below(2 * RIG_RING)];
	}
}

static void fuzz_descriptor(struct rig *rig, struct rig_side *s)
{
	unsigned int i = below(RIG_RING);
	u64 addr = odd_addr(rig, s);
	__le32 *d = below(2) ? &s->tx[i].des0 : &s->rx[i].des0;
	u32 des0 = odd_u32();

	/* Make most of them look like something the engine can work on. */
	if (d == &s->tx[i].des0 && below(4))
		des0 = RIG_WHOLE | below(below(8) ? RIG_BUF : 16384);
	if (d == &s->rx[i].des0 && below(4))
		des0 = 0;
	if (i == RIG_RING - 1 && below(32))
		des0 |= BIT(30);
	d[1] = cpu_to_le32(odd_u32());
	d[2] = cpu_to_le32(FIELD_PREP(VFT_DES2_ADDR_HI, upper_32_bits(addr)) |
			   (odd_u32() & ~VFT_DES2_ADDR_HI));
	d[3] = cpu_to_le32(lower_32_bits(addr));
	WRITE_ONCE(d[0], cpu_to_le32(des0));
}

static void fuzz_register(struct rig_side *s)
{
	static const u16 reg[] = {
		VFT_ISR, VFT_IER, VFT_MAC_MADR, VFT_MAC_LADR, VFT_MAHT0, VFT_MAHT1, VFT_NPTXPD,
		VFT_RXPD, VFT_NPTXR_BADR, VFT_RXR_BADR, VFT_HPTXPD, VFT_HPTXR_BADR, VFT_ITC,
		VFT_APTC, VFT_DBLAC, VFT_RBSR, VFT_PHYCR, VFT_PHYDATA, VFT_NPTXR_BADR_HI,
		VFT_HPTXR_BADR_HI, VFT_RXR_BADR_HI, VFT_FCR, VFT_STAT_TX,
	};
	unsigned int off = below(4) ? reg[below(ARRAY_SIZE(reg))] : below(below(2) ? 1024 : ~0U);

	vft_chip_write(s->chip, off, odd_u32());
	if ((off & ~3U) != VFT_MACCR && !below(8))
		vft_chip_write(s->chip, VFT_MACCR, RIG_MACCR | (odd_u32() & VFT_MACCR_MASK));
	vft_chip_read(s->chip, odd_u32());
}

/* Fills a transmit buffer: often with something that almost is an IP packet. */
static void fuzz_data(struct rig_side *s)
{
	unsigned int i = below(RIG_RING);
	u8 *p = s->buf[i];

	if (!p || ksize(p) < 64)
		return;
	prandom_bytes_state(&rnd, p, 64);
	memcpy(p, below(2) ? rig_addr_a : rig_addr_b, 6);
	if (below(3))
		return;
	if (below(2)) {
		p[12] = 0x81;
		p[13] = 0;
		p += 4;
	}
	p[12] = 8;
	p[13] = 0;
	p[14] = 0x40 | below(16);
	p[16] = below(3) ? 0 : any();
	p[23] = below(2) ? 6 : 17;
}

static void fuzz_mapping(struct rig_side *s)
{
	unsigned int i = below(2 * RIG_RING);

	if (s->buf[i])
		rig_unmap_buf(s, i);
	else
		rig_map_buf(s, i, below(4) ? RIG_BUF : 64 + below(RIG_BUF));
}

static void fuzz_wire(struct rig_side *s)
{
	struct vft_faults f = {
		.loss = below(4) ? 0 : below(500000), .dup = below(4) ? 0 : below(500000),
		.reorder = below(4) ? 0 : below(500000), .corrupt = below(4) ? 0 : below(500000),
		.truncate = below(4) ? 0 : below(500000), .overlong = below(4) ? 0 : below(500000),
		.delay_us = below(4) ? 0 : below(300), .jitter_us = below(4) ? 0 : below(300),
		.paced = !below(4), .seed = any(),
	};

	if (below(2))
		memset(&f, 0, sizeof(f));
	vft_wire_set_faults(&s->port, &f, below(2));
}

/* A frame from nowhere, in pieces. */
static void fuzz_receive(struct rig_side *s)
{
	struct vft_frame *f = kzalloc(sizeof(*f), GFP_KERNEL);
	u8 *mem = kmalloc(VFT_FIFO_MAX, GFP_KERNEL);
	unsigned int n = 1 + below(below(4) ? 1600 : VFT_FIFO_MAX - 1), off = 0, len;

	if (!f || !mem)
		goto out;
	prandom_bytes_state(&rnd, mem, min(n, 128U));
	if (below(2))
		memcpy(mem, below(2) ? rig_addr_b : rig_addr_a, min(n, 6U));
	while (off < n) {
		len = f->nseg == VFT_FRAME_SEGS - 4 ? n - off : 1 + below(n - off);
		f->seg[f->nseg].iov_base = mem + off;
		f->seg[f->nseg++].iov_len = len;
		off += len;
	}
	f->len = n;
	f->fcs_given = below(2);
	f->fcs = any();
	rcu_read_lock();
	vft_chip_receive(s->chip, f);
	rcu_read_unlock();
out:
	kfree(mem);
	kfree(f);
}

static void fuzz_cable(struct rig *rig)
{
	vft_wire_unplug(&rig->a.port);
	vft_wire_plug(&rig->a.port, below(4) ? &rig->b.port : &rig->a.port);
}

static void fuzz_op(struct rig *rig)
{
	struct rig_side *s = below(2) ? &rig->a : &rig->b;

	switch (below(32)) {
	case 0 ... 9:
		fuzz_descriptor(rig, s);
		break;
	case 10 ... 15:
		fuzz_register(s);
		break;
	case 16 ... 21:
		vft_chip_write(s->chip, VFT_NPTXPD, 1);
		break;
	case 22 ... 24:
		fuzz_data(s);
		break;
	case 25 ... 26:
		fuzz_mapping(s);
		break;
	case 27 ... 28:
		fuzz_receive(s);
		break;
	case 29:
		if (!below(8))
			fuzz_wire(s);
		break;
	case 30:
		if (!below(8))
			vft_chip_fail(s->chip, below(2) ? VFT_CHIP_FAULT_HANG :
				      VFT_CHIP_FAULT_AHB);
		if (!below(2000))
			fuzz_cable(rig);
		break;
	default:
		rig_start(s, RIG_MACCR | (below(2) ? 0 : odd_u32() & VFT_MACCR_MASK));
	}
}

/* After all that, SW_RST and a clean start, one frame must go from A to B. */
static bool works(struct rig *rig)
{
	static const struct vft_faults none;
	unsigned int i;

	vft_wire_set_faults(&rig->a.port, &none, true);
	vft_wire_unplug(&rig->a.port);
	vft_wire_unplug(&rig->b.port);
	for (i = 0; i < 2 * RIG_RING; i++) {
		rig_unmap_buf(&rig->a, i);
		rig_unmap_buf(&rig->b, i);
		rig_map_buf(&rig->a, i, RIG_BUF);
		rig_map_buf(&rig->b, i, RIG_BUF);
	}
	rig_start(&rig->a, RIG_MACCR);
	rig_start(&rig->b, RIG_MACCR);
	/* BMCR: reset of both PHYs */
	for (i = 0; i < 2; i++) {
		struct rig_side *s = i ? &rig->b : &rig->a;

		rig_write(s, VFT_PHYDATA, 0x8000);
		rig_write(s, VFT_PHYCR, VFT_PHYCR_MIIWR);
	}
	vft_wire_plug(&rig->a.port, &rig->b.port);
	rig_frame(rig->a.buf[0], 100, rig_addr_b);
	rig_tx(&rig->a, 0, 0, RIG_WHOLE | 100, 0);
	rig_write(&rig->a, VFT_NPTXPD, 1);
	return le32_to_cpu(rig->b.rx[0].des0) & VFT_RXD0_RDY &&
	       !memcmp(rig->a.buf[0], rig->b.buf[RIG_RING], 100);
}

static void the_chip_survives_a_mad_driver(struct kunit *test)
{
	struct rig *rig = rig_build(test);
	unsigned long n;
	bool ok = true;

	kunit_info(test, "seed=%lu ops=%lu\n", seed, ops);
	prandom_seed_state(&rnd, seed);
	for (n = 1; n <= ops && ok; n++) {
		fuzz_op(rig);
		if (n % 4096 == 0) {
			ok = works(rig);
			cond_resched();
		}
	}
	KUNIT_EXPECT_TRUE_MSG(test, ok, "dead after %lu operations of seed %lu", n, seed);
	KUNIT_EXPECT_TRUE(test, works(rig));
	rig_break(rig);
}

static struct kunit_case fuzz_cases[] = {
	KUNIT_CASE(the_chip_survives_a_mad_driver),
	{}
};

static struct kunit_suite fuzz_suite = {
	.name = "vft_fuzz",
	.test_cases = fuzz_cases,
};

static struct kunit_suite *fuzz_suites[] = { &fuzz_suite };

/*
 * KUnit runs the suites of a module before the module's parameters are read. This one needs
 * them, so it runs from the init function.
 */
static int __init fuzz_init(void)
{
	return mynet_kunit_suites_init(fuzz_suites, ARRAY_SIZE(fuzz_suites));
}

static void __exit fuzz_exit(void)
{
	__kunit_test_suites_exit(fuzz_suites, ARRAY_SIZE(fuzz_suites));
}

module_init(fuzz_init);
module_exit(fuzz_exit);
