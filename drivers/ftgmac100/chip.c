// SPDX-License-Identifier: GPL-2.0
/*
 * The register file: what a read returns and what a write sets off. Owns the registers that
 * no engine owns. No value a driver can write harms anything but that driver's traffic.
 */
#include <linux/bitfield.h>
#include <linux/slab.h>

#include "chip_priv.h"
#include "phy.h"
#include "wire.h"

#define VFT_REVISION	0x00000601	/* neither the old nor the new MDIO interface bit */
#define VFT_FEATURES	0x0000001b	/* transmit and receive FIFO sizes, as the AST2500 says */

/* The statistics registers; they clear with SW_RST. */
static bool vft_reg_is_stat(unsigned int off)
{
	return off >= VFT_STAT_TX && off <= VFT_STAT_RX_COL_LOST;
}

static void vft_chip_load_addr(struct vft_chip *chip)
{
	const u8 *a = chip->eeprom;

	vft_reg_set(chip, VFT_MAC_MADR, a[0] << 8 | a[1]);
	vft_reg_set(chip, VFT_MAC_LADR, (u32)a[2] << 24 | a[3] << 16 | a[4] << 8 | a[5]);
}

/* SW_RST: engines first, so that nothing moves while the registers go back. */
static void vft_chip_reset(struct vft_chip *chip)
{
	vft_reg_set(chip, VFT_MACCR, 0);
	vft_tx_reset(chip);
	vft_rx_reset(chip);
	vft_irq_reset(chip);
	memset(chip->reg, 0, sizeof(chip->reg));
	vft_reg_set(chip, VFT_DBLAC, VFT_DBLAC_RESET);
	vft_reg_set(chip, VFT_REVR, VFT_REVISION);
	vft_reg_set(chip, VFT_FEAR, VFT_FEATURES);
	vft_reg_set(chip, VFT_RBSR, 0x640);
	vft_reg_set(chip, VFT_TPAFCR, 0x000000f1);
	vft_chip_load_addr(chip);
	vft_tx_poll_set(chip);
}

/* MDIO takes no time here: MIIRD/MIIWR are clear again when the write returns. */
static void vft_chip_mdio(struct vft_chip *chip, u32 val)
{
	unsigned int addr = FIELD_GET(VFT_PHYCR_PHYAD, val);
	unsigned int reg = FIELD_GET(VFT_PHYCR_REGAD, val);
	u32 data = vft_reg(chip, VFT_PHYDATA) & 0xffff;

	if (val & VFT_PHYCR_MIIWR && addr == VFT_PHY_ADDR)
		vft_wire_mdio_write(chip->pins.port, reg, data);
	if (val & VFT_PHYCR_MIIRD)
		/* The other addresses have no device: the pull-up reads as ones. */
		data |= (addr == VFT_PHY_ADDR ?
			 vft_wire_mdio_read(chip->pins.port, reg) : 0xffffU) << 16;
	vft_reg_set(chip, VFT_PHYDATA, data);
	vft_reg_set(chip, VFT_PHYCR, val & ~(VFT_PHYCR_MIIRD | VFT_PHYCR_MIIWR));
}

static u64 vft_chip_base(const struct vft_chip *chip, unsigned int lo, unsigned int hi)
{
	return (((u64)vft_reg(chip, hi) << 32) | vft_reg(chip, lo)) & VFT_ADDR_MASK;
}

/* Ring bases: writing the low word loads the pointer; the high word is written first. */
static void vft_chip_write_base(struct vft_chip *chip, unsigned int off, u32 val)
{
	vft_reg_set(chip, off, val & ~15U);
	switch (off) {
	case VFT_NPTXR_BADR:
		vft_tx_base(chip, 0, vft_chip_base(chip, off, VFT_NPTXR_BADR_HI));
		break;
	case VFT_HPTXR_BADR:
		vft_tx_base(chip, 1, vft_chip_base(chip, off, VFT_HPTXR_BADR_HI));
		break;
	case VFT_RXR_BADR:
		vft_rx_base(chip, vft_chip_base(chip, off, VFT_RXR_BADR_HI));
		break;
	}
}

/* Bits of the plain registers that exist in silicon; 0 for read-only and absent ones. */
static u32 vft_reg_writable(unsigned int off)
{
	switch (off) {
	case VFT_MAC_MADR:
		return 0xffff;
	case VFT_MAC_LADR:
	case VFT_MAHT0:
	case VFT_MAHT1:
	case VFT_DBLAC:
	case VFT_TPAFCR:
	case VFT_TM:
	case VFT_FCR:
	case VFT_BPR:
	case VFT_WOLCR:
		return ~0U;
	case VFT_ITC:
		return VFT_ITC_MASK;
	case VFT_RBSR:
		return VFT_RBSR_SIZE;
	case VFT_PHYDATA:
		return 0xffff;
	case VFT_NPTXR_BADR_HI:
	case VFT_HPTXR_BADR_HI:
	case VFT_RXR_BADR_HI:
		return 0x7;
	default:
		return 0;
	}
}

/**
 * vft_chip_read() - a bus read of a register
 * @chip: the chip
 * @off: byte offset; low two bits are ignored
 *
 * Context: any.
 * Return: the value; zero where there is no register.
 */
u32 vft_chip_read(struct vft_chip *chip, unsigned int off)
{
	off &= ~3U;
	switch (off) {
	case VFT_ISR:
		return READ_ONCE(chip->isr);
	case VFT_IER:
		return READ_ONCE(chip->ier);
	case VFT_NPTXR_PTR:
		return READ_ONCE(chip->tx.ring[0].ptr);
	case VFT_HPTXR_PTR:
		return READ_ONCE(chip->tx.ring[1].ptr);
	case VFT_RXR_PTR:
		return READ_ONCE(chip->rx.ring.ptr);
	default:
		return off < VFT_REG_SPACE ? vft_reg(chip, off) : 0;
	}
}

/**
 * vft_chip_write() - a bus write of a register
 * @chip: the chip
 * @off: byte offset; low two bits are ignored
 * @val: the value
 *
 * A doorbell (NPTXPD) is served before the write returns, unless another CPU serves one.
 *
 * Context: any; SW_RST, the ring bases and MDIO not from hard interrupt.
 */
void vft_chip_write(struct vft_chip *chip, unsigned int off, u32 val)
{
	u32 mask;

	off &= ~3U;
	switch (off) {
	case VFT_ISR:
		vft_irq_ack(chip, val);
		break;
	case VFT_IER:
		vft_irq_enable(chip, val);
		break;
	case VFT_NPTXPD:
	case VFT_HPTXPD:
		vft_chip_tx_kick(chip);
		break;
	case VFT_NPTXR_BADR:
	case VFT_HPTXR_BADR:
	case VFT_RXR_BADR:
		vft_chip_write_base(chip, off, val);
		break;
	case VFT_APTC:
		vft_reg_set(chip, off, val);
		vft_tx_poll_set(chip);
		break;
	case VFT_MACCR:
		if (val & VFT_MACCR_SW_RST)
			vft_chip_reset(chip);
		else
			vft_reg_set(chip, off, val & VFT_MACCR_MASK);
		break;
	case VFT_PHYCR:
		vft_chip_mdio(chip, val);
		break;
	default:
		if (off >= VFT_REG_SPACE || vft_reg_is_stat(off))
			break;
		mask = vft_reg_writable(off);
		if (mask)
			vft_reg_set(chip, off, val & mask);
	}
}

/**
 * vft_chip_fail() - make the silicon fail
 * @chip: the chip
 * @fault: how
 */
void vft_chip_fail(struct vft_chip *chip, enum vft_chip_fault fault)
{
	if (fault == VFT_CHIP_FAULT_HANG)
		WRITE_ONCE(chip->tx.hung, true);
	else
		WRITE_ONCE(chip->tx.fail_next, true);
}

/**
 * vft_chip_alloc() - a chip in reset
 * @pins: what it is soldered to; copied
 * @addr: six bytes of EEPROM, the station address it wakes up with
 *
 * Return: the chip, or NULL.
 */
struct vft_chip *vft_chip_alloc(const struct vft_chip_pins *pins, const u8 *addr)
{
	struct vft_chip *chip = kzalloc(sizeof(*chip), GFP_KERNEL_ACCOUNT);

	if (!chip)
		return NULL;
	chip->pins = *pins;
	memcpy(chip->eeprom, addr, sizeof(chip->eeprom));
	vft_irq_init(chip);
	vft_tx_init(chip);
	vft_rx_init(chip);
	vft_chip_reset(chip);
	return chip;
}

/**
 * vft_chip_stop() - hold the chip in reset for good
 * @chip: the chip; its port is unplugged, so no frame arrives any more
 *
 * Context: may sleep.
 */
void vft_chip_stop(struct vft_chip *chip)
{
	vft_chip_reset(chip);
	vft_tx_stop(chip);
	vft_irq_stop(chip);
}

/**
 * vft_chip_free() - the end of a stopped chip
 * @chip: the chip, or NULL
 */
void vft_chip_free(struct vft_chip *chip)
{
	kfree(chip);
}
