// SPDX-License-Identifier: GPL-2.0
/*
 * ethtool: information, rings, coalescing, register dump, private flags. No state of its own.
 */
#include <linux/bitfield.h>
#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <linux/log2.h>
#include <linux/mii.h>

#include "ftgmac100.h"

static const char priv_flag_name[][ETH_GSTRING_LEN] = { "napi" };
#define PRIV_FLAG_NAPI	BIT(0)

static void vft_get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	struct vft *vp = netdev_priv(dev);

	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->bus_info, dev_name(vp->dev), sizeof(info->bus_info));
	snprintf(info->fw_version, sizeof(info->fw_version), "rev %x", vft_read(vp, VFT_REVR));
	info->n_priv_flags = ARRAY_SIZE(priv_flag_name);
}

static int vft_get_regs_len(struct net_device *dev)
{
	return VFT_REG_SPACE;
}

static void vft_get_regs(struct net_device *dev, struct ethtool_regs *regs, void *buf)
{
	const struct vft *vp = netdev_priv(dev);
	u32 *word = buf;
	unsigned int off;

	regs->version = vft_read(vp, VFT_REVR);
	for (off = 0; off < VFT_REG_SPACE; off += 4)
		word[off / 4] = vft_read(vp, off);
}

static u32 vft_get_msglevel(struct net_device *dev)
{
	return ((struct vft *)netdev_priv(dev))->msg_enable;
}

static void vft_set_msglevel(struct net_device *dev, u32 value)
{
	((struct vft *)netdev_priv(dev))->msg_enable = value;
}

static int vft_nway_reset(struct net_device *dev)
{
	struct vft *vp = netdev_priv(dev);
	int bmcr = vft_mdio_read(vp, MII_BMCR);

	if (bmcr < 0 || !(bmcr & BMCR_ANENABLE))
		return -EINVAL;
	vft_mdio_write(vp, MII_BMCR, bmcr | BMCR_ANRESTART);
	return 0;
}

static void vft_get_ringparam(struct net_device *dev, struct ethtool_ringparam *ring,
			      struct kernel_ethtool_ringparam *kernel_ring,
			      struct netlink_ext_ack *extack)
{
	const struct vft *vp = netdev_priv(dev);

	ring->rx_max_pending = VFT_RING_MAX;
	ring->tx_max_pending = VFT_RING_MAX;
	ring->rx_pending = vp->rx_size;
	ring->tx_pending = vp->tx_size;
}

static int vft_set_ringparam(struct net_device *dev, struct ethtool_ringparam *ring,
			     struct kernel_ethtool_ringparam *kernel_ring,
			     struct netlink_ext_ack *extack)
{
	struct vft *vp = netdev_priv(dev);
	unsigned int rx, tx;

	if (ring->rx_mini_pending || ring->rx_jumbo_pending)
		return -EINVAL;
	if (ring->rx_pending < VFT_RING_MIN || ring->tx_pending < VFT_RING_MIN) {
		NL_SET_ERR_MSG(extack, "a ring has at least 16 descriptors");
		return -EINVAL;
	}
	rx = roundup_pow_of_two(ring->rx_pending);
	tx = roundup_pow_of_two(ring->tx_pending);
	if (rx == vp->rx_size && tx == vp->tx_size)
		return 0;
	return vft_reconfigure(vp, rx, tx, dev->mtu, vp->no_napi);
}

/* Microseconds as one half of ITC has them, and back. */
static unsigned int vft_itc_usecs(u32 cnt, bool coarse)
{
	return DIV_ROUND_CLOSEST(cnt * (coarse ? VFT_TIME_UNIT1_NS : VFT_TIME_UNIT0_NS), 1000);
}

static int vft_itc_encode(unsigned int usecs, u32 *cnt, bool *coarse)
{
	unsigned int ns = usecs * 1000;

	if (usecs > vft_itc_usecs(15, true))
		return -EINVAL;
	*coarse = usecs > vft_itc_usecs(15, false);
	*cnt = DIV_ROUND_CLOSEST(ns, *coarse ? VFT_TIME_UNIT1_NS : VFT_TIME_UNIT0_NS);
	if (usecs && !*cnt)
		*cnt = 1;
	return 0;
}

static int vft_get_coalesce(struct net_device *dev, struct ethtool_coalesce *ec,
			    struct kernel_ethtool_coalesce *kernel_ec,
			    struct netlink_ext_ack *extack)
{
	const struct vft *vp = netdev_priv(dev);
	u32 rx = vp->rx_itc;

	ec->use_adaptive_rx_coalesce = vp->adaptive;
	if (vp->adaptive)
		rx = vft_dim_itc(vp);
	ec->rx_coalesce_usecs =
		vft_itc_usecs(FIELD_GET(VFT_ITC_RX_CNT, rx), rx & VFT_ITC_RX_TIME_SEL);
	ec->rx_max_coalesced_frames = FIELD_GET(VFT_ITC_RX_THR, rx);
	ec->tx_coalesce_usecs = vft_itc_usecs(FIELD_GET(VFT_ITC_TX_CNT, vp->tx_itc),
					      vp->tx_itc & VFT_ITC_TX_TIME_SEL);
	ec->tx_max_coalesced_frames = vp->tx_frames;
	return 0;
}

static int vft_coalesce_rx(const struct ethtool_coalesce *ec, u32 *itc,
			   struct netlink_ext_ack *extack)
{
	bool coarse;
	u32 cnt;

	if (vft_itc_encode(ec->rx_coalesce_usecs, &cnt, &coarse)) {
		NL_SET_ERR_MSG(extack, "ITC holds an interrupt back for 1229 us at most");
		return -EINVAL;
	}
	if (ec->rx_max_coalesced_frames > 7) {
		NL_SET_ERR_MSG(extack, "ITC counts 7 received frames at most");
		return -EINVAL;
	}
	if (ec->rx_max_coalesced_frames > 1 && !cnt) {
		NL_SET_ERR_MSG(extack, "rx-frames without rx-usecs would strand the last frames");
		return -EINVAL;
	}
	*itc = FIELD_PREP(VFT_ITC_RX_CNT, cnt) |
	       FIELD_PREP(VFT_ITC_RX_THR, ec->rx_max_coalesced_frames) |
	       (coarse ? VFT_ITC_RX_TIME_SEL : 0);
	return 0;
}

/* The chip counts frames that ask for it (TXIC), so the driver can count much further. */
static int vft_coalesce_tx(const struct ethtool_coalesce *ec, u32 *itc, unsigned int *frames,
			   struct netlink_ext_ack *extack)
{
	bool coarse;
	u32 cnt;

	if (vft_itc_encode(ec->tx_coalesce_usecs, &cnt, &coarse)) {
		NL_SET_ERR_MSG(extack, "ITC holds an interrupt back for 1229 us at most");
		return -EINVAL;
	}
	if (ec->tx_max_coalesced_frames > VFT_RING_MAX ||
	    (ec->tx_max_coalesced_frames > 1 && !cnt)) {
		NL_SET_ERR_MSG(extack, "tx-frames needs tx-usecs, and is 4096 at most");
		return -EINVAL;
	}
	*frames = ec->tx_max_coalesced_frames;
	*itc = FIELD_PREP(VFT_ITC_TX_CNT, cnt) | (coarse ? VFT_ITC_TX_TIME_SEL : 0) |
	       (*frames ? FIELD_PREP(VFT_ITC_TX_THR, 1) : 0);
	return 0;
}

static int vft_set_coalesce(struct net_device *dev, struct ethtool_coalesce *ec,
			    struct kernel_ethtool_coalesce *kernel_ec,
			    struct netlink_ext_ack *extack)
{
	struct vft *vp = netdev_priv(dev);
	u32 rx_itc = vp->rx_itc, tx_itc;
	unsigned int tx_frames;
	int err;

	/* While adapting, what was read back as rx-usecs is not a wish. */
	if (!ec->use_adaptive_rx_coalesce) {
		err = vft_coalesce_rx(ec, &rx_itc, extack);
		if (err)
			return err;
	}
	err = vft_coalesce_tx(ec, &tx_itc, &tx_frames, extack);
	if (err)
		return err;
	vp->rx_itc = rx_itc;
	vp->tx_itc = tx_itc;
	vp->tx_frames = tx_frames;
	WRITE_ONCE(vp->adaptive, ec->use_adaptive_rx_coalesce);
	if (netif_running(dev))
		vft_mac_coalesce(vp);
	return 0;
}

static int vft_get_tunable(struct net_device *dev, const struct ethtool_tunable *tuna, void *data)
{
	const struct vft *vp = netdev_priv(dev);

	if (tuna->id != ETHTOOL_RX_COPYBREAK)
		return -EOPNOTSUPP;
	*(u32 *)data = vp->copybreak;
	return 0;
}

static int vft_set_tunable(struct net_device *dev, const struct ethtool_tunable *tuna,
			   const void *data)
{
	struct vft *vp = netdev_priv(dev);

	if (tuna->id != ETHTOOL_RX_COPYBREAK)
		return -EOPNOTSUPP;
	WRITE_ONCE(vp->copybreak, *(u32 *)data);
	return 0;
}

static int vft_get_sset_count(struct net_device *dev, int set)
{
	switch (set) {
	case ETH_SS_STATS:
		return vft_stats_count();
	case ETH_SS_TEST:
		return vft_selftest_count();
	case ETH_SS_PRIV_FLAGS:
		return ARRAY_SIZE(priv_flag_name);
	default:
		return -EOPNOTSUPP;
	}
}

static void vft_get_strings(struct net_device *dev, u32 set, u8 *data)
{
	switch (set) {
	case ETH_SS_STATS:
		vft_stats_strings(data);
		break;
	case ETH_SS_TEST:
		vft_selftest_strings(data);
		break;
	case ETH_SS_PRIV_FLAGS:
		memcpy(data, priv_flag_name, sizeof(priv_flag_name));
		break;
	}
}

static void vft_get_ethtool_stats(struct net_device *dev, struct ethtool_stats *stats, u64 *data)
{
	vft_stats_values(netdev_priv(dev), data);
}

static u32 vft_get_priv_flags(struct net_device *dev)
{
	const struct vft *vp = netdev_priv(dev);

	return vp->no_napi ? 0 : PRIV_FLAG_NAPI;
}

static int vft_set_priv_flags(struct net_device *dev, u32 flags)
{
	struct vft *vp = netdev_priv(dev);
	bool no_napi = !(flags & PRIV_FLAG_NAPI);

	if (no_napi == vp->no_napi)
		return 0;
	return vft_reconfigure(vp, vp->rx_size, vp->tx_size, dev->mtu, no_napi);
}

const struct ethtool_ops vft_ethtool_ops = {
	.supported_coalesce_params = ETHTOOL_COALESCE_USECS | ETHTOOL_COALESCE_MAX_FRAMES |
				     ETHTOOL_COALESCE_USE_ADAPTIVE_RX,
	.get_drvinfo = vft_get_drvinfo,
	.get_regs_len = vft_get_regs_len,
	.get_regs = vft_get_regs,
	.get_msglevel = vft_get_msglevel,
	.set_msglevel = vft_set_msglevel,
	.nway_reset = vft_nway_reset,
	.get_link = ethtool_op_get_link,
	.get_ringparam = vft_get_ringparam,
	.set_ringparam = vft_set_ringparam,
	.get_coalesce = vft_get_coalesce,
	.set_coalesce = vft_set_coalesce,
	.get_tunable = vft_get_tunable,
	.set_tunable = vft_set_tunable,
	.get_sset_count = vft_get_sset_count,
	.get_strings = vft_get_strings,
	.get_ethtool_stats = vft_get_ethtool_stats,
	.get_priv_flags = vft_get_priv_flags,
	.set_priv_flags = vft_set_priv_flags,
	.get_ts_info = ethtool_op_get_ts_info,
	.self_test = vft_selftest,
	.get_link_ksettings = vft_get_link_ksettings,
	.set_link_ksettings = vft_set_link_ksettings,
};
