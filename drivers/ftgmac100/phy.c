// SPDX-License-Identifier: GPL-2.0
/*
 * The PHY: owns its MDIO registers and the rule by which two PHYs agree on a link
 * (IEEE 802.3 clause 28: best common mode; parallel detection when one end is forced).
 * Callers hold the wire's topology lock.
 */
#include <linux/mii.h>

#include "phy.h"

/* An identifier nobody owns: a real OUI would make phylib bind a real PHY's driver. */
#define PHY_ID1		0x5646
#define PHY_ID2		0x5401

#define PHY_ADV_ALL	(ADVERTISE_CSMA | ADVERTISE_10HALF | ADVERTISE_10FULL | \
			 ADVERTISE_100HALF | ADVERTISE_100FULL)

/**
 * vft_phy_reset() - power-on state: autonegotiation on, everything offered
 * @phy: the PHY
 */
void vft_phy_reset(struct vft_phy *phy)
{
	phy->bmcr = BMCR_ANENABLE;
	phy->adv = PHY_ADV_ALL;
	phy->ctrl1000 = ADVERTISE_1000FULL | ADVERTISE_1000HALF;
	phy->lpa = 0;
	phy->stat1000 = 0;
}

static u16 vft_phy_bmsr(struct vft_phy *phy)
{
	u16 val = BMSR_ANEGCAPABLE | BMSR_10HALF | BMSR_10FULL | BMSR_100HALF | BMSR_100FULL |
		  BMSR_ESTATEN | BMSR_ERCAP;

	if (phy->link && (phy->bmcr & BMCR_ANENABLE))
		val |= BMSR_ANEGCOMPLETE;
	if (phy->link && !phy->latched_down)
		val |= BMSR_LSTATUS;
	phy->latched_down = !phy->link;
	return val;
}

/**
 * vft_phy_read() - one MDIO read
 * @phy: the PHY
 * @reg: register number, 0..31
 *
 * Return: the value; unimplemented registers read as zero.
 */
u16 vft_phy_read(struct vft_phy *phy, unsigned int reg)
{
	switch (reg) {
	case MII_BMCR:
		return phy->bmcr;
	case MII_BMSR:
		return vft_phy_bmsr(phy);
	case MII_PHYSID1:
		return PHY_ID1;
	case MII_PHYSID2:
		return PHY_ID2;
	case MII_ADVERTISE:
		return phy->adv;
	case MII_LPA:
		return phy->link ? phy->lpa : 0;
	case MII_EXPANSION:
		return phy->link && phy->lpa ? EXPANSION_NWAY : 0;
	case MII_CTRL1000:
		return phy->ctrl1000;
	case MII_STAT1000:
		return phy->link ? phy->stat1000 : 0;
	case MII_ESTATUS:
		return ESTATUS_1000_TFULL | ESTATUS_1000_THALF;
	default:
		return 0;
	}
}

/**
 * vft_phy_write() - one MDIO write
 * @phy: the PHY
 * @reg: register number, 0..31
 * @val: new value
 *
 * Return: whether the link has to be resolved again.
 */
bool vft_phy_write(struct vft_phy *phy, unsigned int reg, u16 val)
{
	switch (reg) {
	case MII_BMCR:
		if (val & BMCR_RESET)
			vft_phy_reset(phy);
		else
			phy->bmcr = val & ~(BMCR_ANRESTART | BMCR_RESV);
		return true;
	case MII_ADVERTISE:
		phy->adv = (val & ADVERTISE_ALL) | ADVERTISE_CSMA;
		return false;	/* offered at the next ANRESTART */
	case MII_CTRL1000:
		phy->ctrl1000 = val & (ADVERTISE_1000FULL | ADVERTISE_1000HALF);
		return false;
	default:
		return false;
	}
}

static bool vft_phy_silent(const struct vft_phy *phy)
{
	return phy->bmcr & (BMCR_PDOWN | BMCR_ISOLATE);
}

static unsigned int vft_phy_forced_speed(const struct vft_phy *phy)
{
	if (phy->bmcr & BMCR_SPEED1000)
		return 1000;
	return phy->bmcr & BMCR_SPEED100 ? 100 : 10;
}

/* Clause 28 priority table: the first mode both offer. */
static void vft_phy_best_common(struct vft_phy *phy, const struct vft_phy *partner)
{
	u16 giga = phy->ctrl1000 & partner->ctrl1000;
	u16 both = phy->adv & partner->adv;

	phy->link = true;
	phy->full = true;
	if (giga & ADVERTISE_1000FULL) {
		phy->speed = 1000;
	} else if (giga & ADVERTISE_1000HALF) {
		phy->speed = 1000;
		phy->full = false;
	} else if (both & ADVERTISE_100FULL) {
		phy->speed = 100;
	} else if (both & ADVERTISE_100HALF) {
		phy->speed = 100;
		phy->full = false;
	} else if (both & ADVERTISE_10FULL) {
		phy->speed = 10;
	} else if (both & ADVERTISE_10HALF) {
		phy->speed = 10;
		phy->full = false;
	} else {
		phy->link = false;
	}
}

/* The partner does not negotiate: its speed can be heard, its duplex cannot. */
static void vft_phy_parallel(struct vft_phy *phy, const struct vft_phy *partner)
{
	phy->speed = vft_phy_forced_speed(partner);
	phy->link = phy->speed != 1000;	/* 1000BASE-T needs negotiation */
	phy->full = false;
}

static void vft_phy_forced(struct vft_phy *phy, const struct vft_phy *partner)
{
	phy->speed = vft_phy_forced_speed(phy);
	phy->full = phy->bmcr & BMCR_FULLDPLX;
	if (partner->bmcr & BMCR_ANENABLE)
		phy->link = phy->speed != 1000;
	else
		phy->link = phy->speed == vft_phy_forced_speed(partner);
}

/* The partner's offer as our LPA and STAT1000 show it. */
static void vft_phy_hear(struct vft_phy *phy, const struct vft_phy *partner)
{
	phy->lpa = 0;
	phy->stat1000 = 0;
	if (!(phy->bmcr & partner->bmcr & BMCR_ANENABLE))
		return;
	phy->lpa = partner->adv | LPA_LPACK;
	if (partner->ctrl1000 & ADVERTISE_1000FULL)
		phy->stat1000 |= LPA_1000FULL;
	if (partner->ctrl1000 & ADVERTISE_1000HALF)
		phy->stat1000 |= LPA_1000HALF;
}

/**
 * vft_phy_resolve() - find out what link the two ends make
 * @phy: the PHY whose link is to be set
 * @partner: the other end of the cable (may be @phy itself), NULL when nothing is plugged in
 *
 * Return: whether link, speed or duplex changed.
 */
bool vft_phy_resolve(struct vft_phy *phy, const struct vft_phy *partner)
{
	struct vft_phy old = *phy;

	if (phy->bmcr & BMCR_LOOPBACK && !vft_phy_silent(phy))
		partner = phy;
	if (!partner || vft_phy_silent(phy) || vft_phy_silent(partner)) {
		phy->link = false;
	} else {
		vft_phy_hear(phy, partner);
		if (!(phy->bmcr & BMCR_ANENABLE))
			vft_phy_forced(phy, partner);
		else if (!(partner->bmcr & BMCR_ANENABLE))
			vft_phy_parallel(phy, partner);
		else
			vft_phy_best_common(phy, partner);
	}
	if (!phy->link)
		phy->latched_down = true;
	return old.link != phy->link ||
	       (phy->link && (old.speed != phy->speed || old.full != phy->full));
}
