// SPDX-License-Identifier: GPL-2.0
/*
 * The chip's statistics registers, widened to 64 bits. Owns hw and hw_last of struct vft.
 */
#include <linux/ethtool.h>

#include "ftgmac100.h"

/**
 * struct hwstat_reg - where a chip counter is
 * @off: register
 * @shift: 16 for the upper half
 * @bits: width, after which it wraps
 * @name: for ethtool -S
 */
struct hwstat_reg {
	u16 off;
	u8 shift;
	u8 bits;
	const char name[ETH_GSTRING_LEN];
};

static const struct hwstat_reg hwstat_reg[VFT_HW_COUNT] = {
	[VFT_HW_TX]	 = { VFT_STAT_TX, 0, 32, "hw_tx_frames" },
	[VFT_HW_TX_MCOL] = { VFT_STAT_TX_MCOL_SCOL, 16, 16, "hw_tx_multi_collisions" },
	[VFT_HW_TX_SCOL] = { VFT_STAT_TX_MCOL_SCOL, 0, 16, "hw_tx_single_collisions" },
	[VFT_HW_TX_ECOL] = { VFT_STAT_TX_ECOL_FAIL, 16, 16, "hw_tx_excess_collisions" },
	[VFT_HW_TX_FAIL] = { VFT_STAT_TX_ECOL_FAIL, 0, 16, "hw_tx_failed" },
	[VFT_HW_TX_LCOL] = { VFT_STAT_TX_LCOL_UND, 16, 16, "hw_tx_late_collisions" },
	[VFT_HW_TX_UND]	 = { VFT_STAT_TX_LCOL_UND, 0, 16, "hw_tx_underruns" },
	[VFT_HW_RX]	 = { VFT_STAT_RX, 0, 32, "hw_rx_frames" },
	[VFT_HW_RX_BC]	 = { VFT_STAT_RX_BC, 0, 32, "hw_rx_broadcast" },
	[VFT_HW_RX_MC]	 = { VFT_STAT_RX_MC, 0, 32, "hw_rx_multicast" },
	[VFT_HW_RX_PF]	 = { VFT_STAT_RX_PF_AEP, 16, 16, "hw_rx_pause" },
	[VFT_HW_RX_AEP]	 = { VFT_STAT_RX_PF_AEP, 0, 16, "hw_rx_align_errors" },
	[VFT_HW_RX_RUNT] = { VFT_STAT_RX_RUNT, 0, 16, "hw_rx_runts" },
	[VFT_HW_RX_CRC]	 = { VFT_STAT_RX_CRCER_FTL, 16, 16, "hw_rx_crc_errors" },
	[VFT_HW_RX_FTL]	 = { VFT_STAT_RX_CRCER_FTL, 0, 16, "hw_rx_too_long" },
	[VFT_HW_RX_COL]	 = { VFT_STAT_RX_COL_LOST, 16, 16, "hw_rx_collisions" },
	[VFT_HW_RX_LOST] = { VFT_STAT_RX_COL_LOST, 0, 16, "hw_rx_lost" },
};

static u32 vft_hwstat_read(const struct vft *vp, const struct hwstat_reg *r)
{
	return (vft_read(vp, r->off) >> r->shift) & GENMASK(r->bits - 1, 0);
}

/**
 * vft_hwstats_update() - add what the registers counted since last time
 * @vp: the device
 *
 * Context: any but hard interrupt; at least every 65536 events of a kind.
 */
void vft_hwstats_update(struct vft *vp)
{
	unsigned int i;
	u32 now;

	spin_lock_bh(&vp->hw_lock);
	for (i = 0; i < VFT_HW_COUNT; i++) {
		now = vft_hwstat_read(vp, &hwstat_reg[i]);
		vp->hw[i] += (now - vp->hw_last[i]) & GENMASK(hwstat_reg[i].bits - 1, 0);
		vp->hw_last[i] = now;
	}
	spin_unlock_bh(&vp->hw_lock);
}

/**
 * vft_hwstats_restart() - SW_RST cleared the registers
 * @vp: the device
 */
void vft_hwstats_restart(struct vft *vp)
{
	spin_lock_bh(&vp->hw_lock);
	memset(vp->hw_last, 0, sizeof(vp->hw_last));
	spin_unlock_bh(&vp->hw_lock);
}

/**
 * vft_hwstat_name() - name of a chip counter
 * @i: which
 *
 * Return: the name, of ETH_GSTRING_LEN bytes at most.
 */
const char *vft_hwstat_name(enum vft_hwstat i)
{
	return hwstat_reg[i].name;
}
