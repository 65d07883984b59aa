/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A gigabit copper PHY as its MDIO registers show it (IEEE 802.3 clause 22). It sees its
 * partner only through vft_phy_resolve(), which the wire calls when anything changed.
 */
#ifndef VFT_PHY_H
#define VFT_PHY_H

#include <linux/types.h>

#define VFT_PHY_ADDR	0	/* where it answers on the MDIO bus */

/**
 * struct vft_phy - registers and the link they add up to; written by phy.c only
 * @bmcr: control register as written
 * @adv: what we offer, 10/100
 * @ctrl1000: what we offer, 1000
 * @lpa: what the partner offers
 * @stat1000: what the partner offers, 1000
 * @link: the link is up
 * @latched_down: the link was down since BMSR was last read (its link bit latches low)
 * @full: the link is full duplex
 * @speed: 10, 100 or 1000 while @link
 *
 * All under the wire's topology lock.
 */
struct vft_phy {
	u16 bmcr;
	u16 adv;
	u16 ctrl1000;
	u16 lpa;
	u16 stat1000;
	bool link;
	bool latched_down;
	bool full;
	unsigned int speed;
};

void vft_phy_reset(struct vft_phy *phy);
u16 vft_phy_read(struct vft_phy *phy, unsigned int reg);
bool vft_phy_write(struct vft_phy *phy, unsigned int reg, u16 val);
bool vft_phy_resolve(struct vft_phy *phy, const struct vft_phy *partner);

#endif
