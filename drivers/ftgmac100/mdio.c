// SPDX-License-Identifier: GPL-2.0
/*
 * Talking to the PHY through the MAC's MDIO registers, and what its state means for the
 * netdev: carrier, speed, duplex. Owns speed, full and autoneg of struct vft.
 */
#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/ethtool.h>
#include <linux/mii.h>

#include "ftgmac100.h"

#define PHY_ADDR	0
#define PHYCR_DEFAULT	0x34	/* MDC cycle, as the datasheet recommends */
#define MDIO_TRIES	100

static u32 vft_phycr(unsigned int phy, unsigned int reg)
{
	return PHYCR_DEFAULT | FIELD_PREP(VFT_PHYCR_PHYAD, phy) |
	       FIELD_PREP(VFT_PHYCR_REGAD, reg);
}

static int vft_mdio_wait(struct vft *vp, u32 bit)
{
	unsigned int i;

	for (i = 0; i < MDIO_TRIES; i++) {
		if (!(vft_read(vp, VFT_PHYCR) & bit))
			return 0;
		usleep_range(10, 20);
	}
	return -ETIMEDOUT;
}

static int vft_mdio_frame_read(struct vft *vp, unsigned int phy, unsigned int reg)
{
	int val;

	mutex_lock(&vp->mdio);
	vft_write(vp, VFT_PHYCR, vft_phycr(phy, reg) | VFT_PHYCR_MIIRD);
	val = vft_mdio_wait(vp, VFT_PHYCR_MIIRD);
	if (!val)
		val = vft_read(vp, VFT_PHYDATA) >> 16;
	mutex_unlock(&vp->mdio);
	return val;
}

static void vft_mdio_frame_write(struct vft *vp, unsigned int phy, unsigned int reg, u16 val)
{
	mutex_lock(&vp->mdio);
	vft_write(vp, VFT_PHYDATA, val);
	vft_write(vp, VFT_PHYCR, vft_phycr(phy, reg) | VFT_PHYCR_MIIWR);
	if (vft_mdio_wait(vp, VFT_PHYCR_MIIWR))
		netif_err(vp, link, vp->netdev, "MDIO write timed out\n");
	mutex_unlock(&vp->mdio);
}

/**
 * vft_mdio_read() - read a register of our PHY
 * @vp: the device
 * @reg: MII_*
 *
 * Context: may sleep.
 * Return: the value, or -ETIMEDOUT.
 */
int vft_mdio_read(struct vft *vp, unsigned int reg)
{
	return vft_mdio_frame_read(vp, PHY_ADDR, reg);
}

/**
 * vft_mdio_write() - write a register of our PHY
 * @vp: the device
 * @reg: MII_*
 * @val: the value
 *
 * Context: may sleep.
 */
void vft_mdio_write(struct vft *vp, unsigned int reg, u16 val)
{
	vft_mdio_frame_write(vp, PHY_ADDR, reg, val);
}

/**
 * vft_phy_power() - power the PHY up or down
 * @vp: the device
 * @on: up
 *
 * Context: may sleep.
 */
void vft_phy_power(struct vft *vp, bool on)
{
	int bmcr = vft_mdio_read(vp, MII_BMCR);

	if (bmcr < 0)
		return;
	if (on)
		bmcr &= ~BMCR_PDOWN;
	else
		bmcr |= BMCR_PDOWN;
	vft_mdio_write(vp, MII_BMCR, bmcr);
}

/* Speed and duplex of a link that is up, from the registers. */
static void vft_link_mode(struct vft *vp, int bmcr)
{
	int giga = vft_mdio_read(vp, MII_CTRL1000) & (vft_mdio_read(vp, MII_STAT1000) >> 2);
	int both = vft_mdio_read(vp, MII_ADVERTISE) & vft_mdio_read(vp, MII_LPA);

	if (!(bmcr & BMCR_ANENABLE)) {
		vp->speed = bmcr & BMCR_SPEED1000 ? 1000 : bmcr & BMCR_SPEED100 ? 100 : 10;
		vp->full = bmcr & BMCR_FULLDPLX;
	} else if (giga & (ADVERTISE_1000FULL | ADVERTISE_1000HALF)) {
		vp->speed = 1000;
		vp->full = giga & ADVERTISE_1000FULL;
	} else {
		vp->speed = both & (ADVERTISE_100FULL | ADVERTISE_100HALF) ? 100 : 10;
		vp->full = mii_nway_result(both) & (ADVERTISE_100FULL | ADVERTISE_10FULL);
	}
}

static void vft_link_up(struct vft *vp)
{
	u32 mode = 0;

	if (vp->full)
		mode |= VFT_MACCR_FULLDUP;
	if (vp->speed == 1000)
		mode |= VFT_MACCR_GIGA_MODE;
	else if (vp->speed == 100)
		mode |= VFT_MACCR_FAST_MODE;
	vp->mac_mode = mode;
	netif_addr_lock_bh(vp->netdev);
	vft_mac_update(vp);
	netif_addr_unlock_bh(vp->netdev);
	netif_info(vp, link, vp->netdev, "link up, %u Mbit/s, %s duplex\n", vp->speed,
		   vp->full ? "full" : "half");
	netif_carrier_on(vp->netdev);
}

/**
 * vft_link_work() - the PHY said that something changed
 * @work: link_work of the device
 */
void vft_link_work(struct work_struct *work)
{
	struct vft *vp = container_of(work, struct vft, link_work);
	unsigned int speed = vp->speed;
	bool full = vp->full;
	int bmsr;

	/* The link bit latches low: the first read tells the past, the second the present. */
	vft_mdio_read(vp, MII_BMSR);
	bmsr = vft_mdio_read(vp, MII_BMSR);
	if (bmsr < 0 || !(bmsr & BMSR_LSTATUS)) {
		if (!netif_carrier_ok(vp->netdev))
			return;
		vp->ev.link_changes++;
		vp->speed = 0;
		netif_info(vp, link, vp->netdev, "link down\n");
		netif_carrier_off(vp->netdev);
		return;
	}
	vft_link_mode(vp, vft_mdio_read(vp, MII_BMCR));
	if (netif_carrier_ok(vp->netdev) && vp->speed == speed && vp->full == full)
		return;
	vp->ev.link_changes++;
	vft_link_up(vp);
}

/**
 * vft_ioctl() - ndo_eth_ioctl: the MII requests of mii-tool
 * @dev: the netdev
 * @ifr: holds a struct mii_ioctl_data
 * @cmd: SIOC*
 *
 * Return: 0 or a negative error.
 */
int vft_ioctl(struct net_device *dev, struct ifreq *ifr, int cmd)
{
	struct mii_ioctl_data *mii = if_mii(ifr);
	struct vft *vp = netdev_priv(dev);
	int val;

	if (!netif_running(dev))
		return -EINVAL;
	switch (cmd) {
	case SIOCGMIIPHY:
		mii->phy_id = PHY_ADDR;
		fallthrough;
	case SIOCGMIIREG:
		val = vft_mdio_frame_read(vp, mii->phy_id & 0x1f, mii->reg_num & 0x1f);
		if (val < 0)
			return val;
		mii->val_out = val;
		return 0;
	case SIOCSMIIREG:
		vft_mdio_frame_write(vp, mii->phy_id & 0x1f, mii->reg_num & 0x1f, mii->val_in);
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

/**
 * vft_get_link_ksettings() - ethtool DEV
 * @dev: the netdev
 * @ks: filled in
 *
 * Return: 0.
 */
int vft_get_link_ksettings(struct net_device *dev, struct ethtool_link_ksettings *ks)
{
	struct vft *vp = netdev_priv(dev);
	int adv = vft_mdio_read(vp, MII_ADVERTISE);
	int ctrl = vft_mdio_read(vp, MII_CTRL1000);
	u32 modes;

	modes = mii_adv_to_ethtool_adv_t(adv) | mii_ctrl1000_to_ethtool_adv_t(ctrl);
	if (vp->autoneg)
		modes |= ADVERTISED_Autoneg;
	ethtool_convert_legacy_u32_to_link_mode(ks->link_modes.advertising,
						modes | ADVERTISED_TP | ADVERTISED_MII);
	ethtool_convert_legacy_u32_to_link_mode(ks->link_modes.supported,
						SUPPORTED_10baseT_Half | SUPPORTED_10baseT_Full |
						SUPPORTED_100baseT_Half |
						SUPPORTED_100baseT_Full |
						SUPPORTED_1000baseT_Half |
						SUPPORTED_1000baseT_Full | SUPPORTED_Autoneg |
						SUPPORTED_TP | SUPPORTED_MII);
	if (netif_carrier_ok(dev) && vp->autoneg) {
		modes = mii_lpa_to_ethtool_lpa_t(vft_mdio_read(vp, MII_LPA)) |
			mii_stat1000_to_ethtool_lpa_t(vft_mdio_read(vp, MII_STAT1000));
		ethtool_convert_legacy_u32_to_link_mode(ks->link_modes.lp_advertising, modes);
	}
	ks->base.port = PORT_TP;
	ks->base.phy_address = PHY_ADDR;
	ks->base.autoneg = vp->autoneg;
	ks->base.speed = netif_carrier_ok(dev) ? vp->speed : SPEED_UNKNOWN;
	ks->base.duplex = !netif_carrier_ok(dev) ? DUPLEX_UNKNOWN :
			  vp->full ? DUPLEX_FULL : DUPLEX_HALF;
	return 0;
}

static int vft_link_force(struct vft *vp, const struct ethtool_link_ksettings *ks)
{
	u16 bmcr = ks->base.duplex == DUPLEX_FULL ? BMCR_FULLDPLX : 0;

	switch (ks->base.speed) {
	case SPEED_10:
		break;
	case SPEED_100:
		bmcr |= BMCR_SPEED100;
		break;
	default:
		return -EINVAL;	/* 1000BASE-T has to negotiate (clause 40) */
	}
	vp->autoneg = false;
	if (!netif_running(vp->netdev))
		bmcr |= BMCR_PDOWN;
	vft_mdio_write(vp, MII_BMCR, bmcr);
	return 0;
}

/**
 * vft_set_link_ksettings() - ethtool -s DEV speed N duplex D autoneg on|off advertise M
 * @dev: the netdev
 * @ks: what is asked for
 *
 * Return: 0 or -EINVAL.
 */
int vft_set_link_ksettings(struct net_device *dev, const struct ethtool_link_ksettings *ks)
{
	struct vft *vp = netdev_priv(dev);
	u32 modes;

	if (ks->base.port != PORT_TP || ks->base.phy_address != PHY_ADDR)
		return -EINVAL;
	if (ks->base.autoneg != AUTONEG_ENABLE)
		return vft_link_force(vp, ks);
	ethtool_convert_link_mode_to_legacy_u32(&modes, ks->link_modes.advertising);
	if (!(modes & (ADVERTISED_10baseT_Half | ADVERTISED_10baseT_Full |
		       ADVERTISED_100baseT_Half | ADVERTISED_100baseT_Full |
		       ADVERTISED_1000baseT_Half | ADVERTISED_1000baseT_Full)))
		return -EINVAL;
	vp->autoneg = true;
	vft_mdio_write(vp, MII_ADVERTISE, ethtool_adv_to_mii_adv_t(modes));
	vft_mdio_write(vp, MII_CTRL1000, ethtool_adv_to_mii_ctrl1000_t(modes));
	vft_mdio_write(vp, MII_BMCR, BMCR_ANENABLE | BMCR_ANRESTART |
		       (netif_running(dev) ? 0 : BMCR_PDOWN));
	return 0;
}
