// SPDX-License-Identifier: GPL-2.0
/*
 * Counters: the chip's statistics registers widened to 64 bits, the driver's own, and how
 * both appear in "ip -s link" and "ethtool -S". Owns hw and hw_last of struct vft.
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

static const char soft_name[][ETH_GSTRING_LEN] = {
	"rx_copied", "rx_csum_errors", "rx_no_memory", "rx_error_frames", "tx_stops",
	"tx_busy", "tx_dropped", "interrupts", "rx_interrupts", "tx_interrupts", "napi_polls",
	"napi_full_polls", "int_rx_lost", "int_no_rxbuf", "int_tx_lost", "ahb_errors",
	"link_changes", "resets", "tx_timeouts", "rx_delay_level", "rx_ring_waiting",
	"tx_ring_used",
};

/* Indices of a copy of struct vft_counters. */
enum {
	C_PACKETS, C_BYTES, C_MULTICAST, C_DROPPED, C_ERRORS, C_CSUM_BAD, C_COPIED, C_STOPS,
	C_BUSY, C_COUNT
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

/* A consistent copy of counters that others are writing. */
static void vft_counters_read(const struct vft_counters *c, u64 *v)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&c->sync);
		v[C_PACKETS] = u64_stats_read(&c->packets);
		v[C_BYTES] = u64_stats_read(&c->bytes);
		v[C_MULTICAST] = u64_stats_read(&c->multicast);
		v[C_DROPPED] = u64_stats_read(&c->dropped);
		v[C_ERRORS] = u64_stats_read(&c->errors);
		v[C_CSUM_BAD] = u64_stats_read(&c->csum_bad);
		v[C_COPIED] = u64_stats_read(&c->copied);
		v[C_STOPS] = u64_stats_read(&c->stops);
		v[C_BUSY] = u64_stats_read(&c->busy);
	} while (u64_stats_fetch_retry(&c->sync, start));
}

/**
 * vft_get_stats64() - ndo_get_stats64
 * @dev: the netdev
 * @s: filled in
 */
void vft_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *s)
{
	struct vft *vp = netdev_priv(dev);
	u64 rx[C_COUNT], tx[C_COUNT], txq[C_COUNT];

	vft_counters_read(&vp->rxc, rx);
	vft_counters_read(&vp->txc, tx);
	vft_counters_read(&vp->txq, txq);
	vft_hwstats_update(vp);
	spin_lock_bh(&vp->hw_lock);
	s->rx_crc_errors = vp->hw[VFT_HW_RX_CRC];
	s->rx_length_errors = vp->hw[VFT_HW_RX_RUNT] + vp->hw[VFT_HW_RX_FTL];
	s->rx_frame_errors = vp->hw[VFT_HW_RX_AEP];
	s->rx_missed_errors = vp->hw[VFT_HW_RX_LOST];
	s->tx_errors = vp->hw[VFT_HW_TX_FAIL] + vp->hw[VFT_HW_TX_ECOL] + vp->hw[VFT_HW_TX_UND];
	s->collisions = vp->hw[VFT_HW_TX_MCOL] + vp->hw[VFT_HW_TX_SCOL];
	spin_unlock_bh(&vp->hw_lock);
	s->rx_errors = s->rx_crc_errors + s->rx_length_errors + s->rx_frame_errors;
	s->rx_packets = rx[C_PACKETS];
	s->rx_bytes = rx[C_BYTES];
	s->multicast = rx[C_MULTICAST];
	s->rx_dropped = rx[C_DROPPED];
	s->tx_packets = tx[C_PACKETS];
	s->tx_bytes = tx[C_BYTES];
	s->tx_dropped = txq[C_DROPPED];
}

/**
 * vft_stats_count() - how many "ethtool -S" shows
 *
 * Return: number of counters.
 */
int vft_stats_count(void)
{
	return ARRAY_SIZE(hwstat_reg) + ARRAY_SIZE(soft_name);
}

/**
 * vft_stats_strings() - their names
 * @data: room for vft_stats_count() names
 */
void vft_stats_strings(u8 *data)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hwstat_reg); i++)
		ethtool_puts(&data, hwstat_reg[i].name);
	for (i = 0; i < ARRAY_SIZE(soft_name); i++)
		ethtool_puts(&data, soft_name[i]);
}

/**
 * vft_stats_values() - their values, in the order of the names
 * @vp: the device
 * @data: room for vft_stats_count() values
 *
 * Context: RTNL, which keeps the rings.
 */
void vft_stats_values(struct vft *vp, u64 *data)
{
	const struct vft_events *ev = &vp->ev;
	u64 rx[C_COUNT], txq[C_COUNT];

	vft_hwstats_update(vp);
	spin_lock_bh(&vp->hw_lock);
	memcpy(data, vp->hw, sizeof(vp->hw));
	spin_unlock_bh(&vp->hw_lock);
	data += VFT_HW_COUNT;
	vft_counters_read(&vp->rxc, rx);
	vft_counters_read(&vp->txq, txq);
	*data++ = rx[C_COPIED];
	*data++ = rx[C_CSUM_BAD];
	*data++ = rx[C_DROPPED];
	*data++ = rx[C_ERRORS];
	*data++ = txq[C_STOPS];
	*data++ = txq[C_BUSY];
	*data++ = txq[C_DROPPED];
	*data++ = ev->irqs;
	*data++ = ev->rx_irqs;
	*data++ = ev->tx_irqs;
	*data++ = ev->polls;
	*data++ = ev->full_polls;
	*data++ = ev->rx_lost_ints;
	*data++ = ev->no_rxbuf_ints;
	*data++ = ev->tx_lost_ints;
	*data++ = ev->ahb_errors;
	*data++ = ev->link_changes;
	*data++ = ev->resets;
	*data++ = ev->tx_timeouts;
	*data++ = vp->dim.level;
	*data++ = vp->rx ? vft_rx_waiting(vp->rx) : 0;
	*data++ = vp->tx ? vft_tx_used(vp->tx) : 0;
}
