// SPDX-License-Identifier: GPL-2.0
/*
 * Counters, the chip's and the driver's own, as they appear in "ip -s link" and "ethtool -S".
 */
#include <linux/ethtool.h>

#include "ftgmac100.h"

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
	return VFT_HW_COUNT + ARRAY_SIZE(soft_name);
}

/**
 * vft_stats_strings() - their names
 * @data: room for vft_stats_count() names
 */
void vft_stats_strings(u8 *data)
{
	unsigned int i;

	for (i = 0; i < VFT_HW_COUNT; i++)
		ethtool_puts(&data, vft_hwstat_name(i));
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
