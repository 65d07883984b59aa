// SPDX-License-Identifier: GPL-2.0
/*
 * Programming the MAC: reset, ring bases, MACCR, address filter, ITC. Owns the value of MACCR,
 * which many events want to change: it is always computed whole from the device's state.
 */
#include <linux/bitfield.h>
#include <linux/crc32.h>
#include <linux/etherdevice.h>

#include "ftgmac100.h"

static u32 vft_mac_maccr(const struct vft *vp)
{
	const struct net_device *dev = vp->netdev;
	u32 maccr = VFT_MACCR_TXDMA_EN | VFT_MACCR_RXDMA_EN | VFT_MACCR_TXMAC_EN |
		    VFT_MACCR_RXMAC_EN | VFT_MACCR_CRC_APD | VFT_MACCR_RX_BROADPKT |
		    VFT_MACCR_HT_MULTI_EN | vp->mac_mode;

	if (dev->mtu > ETH_DATA_LEN)
		maccr |= VFT_MACCR_JUMBO_LF;
	if (dev->features & NETIF_F_HW_VLAN_CTAG_RX)
		maccr |= VFT_MACCR_RM_VLAN;
	if (dev->features & NETIF_F_RXALL)
		maccr |= VFT_MACCR_RX_RUNT;
	else
		maccr |= VFT_MACCR_DISCARD_CRC;
	if (dev->flags & IFF_PROMISC)
		maccr |= VFT_MACCR_RX_ALL;
	if (dev->flags & IFF_ALLMULTI)
		maccr |= VFT_MACCR_RX_MULTIPKT;
	if (vp->loop)
		maccr |= VFT_MACCR_LOOP_EN;
	return maccr;
}

/* MAHT0/1: one of 64 buckets for each multicast address. */
static void vft_mac_hash(struct vft *vp)
{
	struct netdev_hw_addr *ha;
	u64 hash = 0;

	netdev_for_each_mc_addr(ha, vp->netdev)
		hash |= BIT_ULL(vft_hash_bucket(ether_crc_le(ETH_ALEN, ha->addr)));
	vft_write(vp, VFT_MAHT0, lower_32_bits(hash));
	vft_write(vp, VFT_MAHT1, upper_32_bits(hash));
}

/**
 * vft_mac_update() - something that MACCR or the filter depends on changed
 * @vp: the device, up
 *
 * Context: any but hard interrupt; the multicast list is held still by who changes it, or by
 *	    netif_addr_lock_bh() taken by the caller.
 */
void vft_mac_update(struct vft *vp)
{
	spin_lock_bh(&vp->mac_lock);
	vft_write(vp, VFT_MACCR, vft_mac_maccr(vp));
	spin_unlock_bh(&vp->mac_lock);
}

/**
 * vft_mac_address() - load the station address
 * @vp: the device
 */
void vft_mac_address(struct vft *vp)
{
	const u8 *a = vp->netdev->dev_addr;

	vft_write(vp, VFT_MAC_MADR, a[0] << 8 | a[1]);
	vft_write(vp, VFT_MAC_LADR, (u32)a[2] << 24 | a[3] << 16 | a[4] << 8 | a[5]);
}

/**
 * vft_mac_filter() - load the multicast filter
 * @vp: the device
 *
 * Context: the netdev's address lock is held.
 */
void vft_mac_filter(struct vft *vp)
{
	vft_mac_hash(vp);
	vft_mac_update(vp);
}

/**
 * vft_mac_coalesce() - load ITC
 * @vp: the device
 */
void vft_mac_coalesce(struct vft *vp)
{
	u32 itc = 0;

	/* Old-fashioned: every frame interrupts. */
	if (vp->use_napi)
		itc = vp->tx_itc | (vp->adaptive ? vft_dim_itc(vp) : vp->rx_itc);
	vft_write(vp, VFT_ITC, itc);
}

/**
 * vft_mac_reset() - stop everything (SW_RST); when it returns, DMA has ended
 * @vp: the device
 */
void vft_mac_reset(struct vft *vp)
{
	vft_hwstats_update(vp);		/* they clear with the reset */
	spin_lock_bh(&vp->mac_lock);
	vft_write(vp, VFT_MACCR, VFT_MACCR_SW_RST);
	spin_unlock_bh(&vp->mac_lock);
	vft_hwstats_restart(vp);
}

static void vft_mac_base(struct vft *vp, const struct vft_ring *ring, unsigned int lo,
			 unsigned int hi)
{
	vft_write(vp, hi, upper_32_bits(ring->area.addr));
	vft_write(vp, lo, lower_32_bits(ring->area.addr));	/* the engine takes over both now */
}

/**
 * vft_mac_start() - from reset to running, interrupts still off
 * @vp: the device, with rings
 */
void vft_mac_start(struct vft *vp)
{
	const unsigned int des = sizeof(struct vft_txdes) / 8;

	vft_write(vp, VFT_DBLAC, (vft_read(vp, VFT_DBLAC) &
				  ~(VFT_DBLAC_TXDES_SIZE | VFT_DBLAC_RXDES_SIZE)) |
		  FIELD_PREP(VFT_DBLAC_TXDES_SIZE, des) | FIELD_PREP(VFT_DBLAC_RXDES_SIZE, des));
	vft_mac_base(vp, &vp->tx->ring, VFT_NPTXR_BADR, VFT_NPTXR_BADR_HI);
	vft_mac_base(vp, &vp->rx->ring, VFT_RXR_BADR, VFT_RXR_BADR_HI);
	vft_write(vp, VFT_RBSR, vp->rx->room);
	vft_mac_address(vp);
	vft_mac_coalesce(vp);
	netif_addr_lock_bh(vp->netdev);
	vft_mac_filter(vp);
	netif_addr_unlock_bh(vp->netdev);
}

/**
 * vft_reset_soon() - have the MAC reset, the netdev staying up
 * @vp: the device
 *
 * The work needs RTNL, so nobody who holds RTNL can wait for it: it holds the netdev instead.
 *
 * Context: any.
 */
void vft_reset_soon(struct vft *vp)
{
	dev_hold(vp->netdev);
	if (!vft_board_queue(&vp->reset_work))
		dev_put(vp->netdev);
}
