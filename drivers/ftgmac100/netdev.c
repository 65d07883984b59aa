// SPDX-License-Identifier: GPL-2.0
/*
 * The netdev: open, stop, and everything that has to take the device down for a moment and up
 * again (other rings, other MTU, reset). All of that is under RTNL.
 */
#include <linux/etherdevice.h>
#include <linux/interrupt.h>
#include <linux/log2.h>
#include <linux/rtnetlink.h>

#include "ftgmac100.h"

/* From reset to traffic. The rings are empty (tx) and full of buffers (rx). */
static void vft_dev_up(struct vft *vp)
{
	vp->use_napi = !vp->no_napi;
	vft_dim_reset(vp);
	vft_mac_start(vp);
	napi_enable(&vp->napi);
	vft_write(vp, VFT_IER, VFT_INT_ALL);
	netif_trans_update(vp->netdev);
	netif_tx_wake_all_queues(vp->netdev);
}

/*
 * From traffic to reset: when it returns, nobody but us touches the rings. The queue stops after
 * those who wake it (reclaiming, in NAPI or the handler) have.
 */
static void vft_dev_down(struct vft *vp)
{
	vft_write(vp, VFT_IER, 0);
	synchronize_irq(vp->card->irq);
	napi_disable(&vp->napi);
	netif_tx_disable(vp->netdev);
	vft_mac_reset(vp);
	synchronize_irq(vp->card->irq);
	vft_tx_drop_all(vp);
}

static int vft_open(struct net_device *dev)
{
	struct vft *vp = netdev_priv(dev);
	int err = -ENOMEM;

	vp->tx = vft_tx_alloc(vp, vp->tx_size);
	if (!vp->tx)
		return err;
	vp->rx = vft_rx_alloc(vp, vp->rx_size, dev->mtu);
	if (!vp->rx)
		goto err_tx;
	vft_mac_reset(vp);
	err = request_irq(vp->card->irq, vft_interrupt, 0, dev->name, vp);
	if (err)
		goto err_rx;
	netif_carrier_off(dev);
	vft_dev_up(vp);
	schedule_delayed_work(&vp->service, HZ);
	vft_phy_power(vp, true);	/* the interrupt that follows finds the link */
	schedule_work(&vp->link_work);
	return 0;

err_rx:
	vft_rx_free(vp, vp->rx);
	vp->rx = NULL;
err_tx:
	vft_tx_free(vp, vp->tx);
	vp->tx = NULL;
	return err;
}

static int vft_stop(struct net_device *dev)
{
	struct vft *vp = netdev_priv(dev);

	vft_phy_power(vp, false);	/* the other end sees the carrier go */
	vft_dev_down(vp);
	free_irq(vp->card->irq, vp);
	cancel_work_sync(&vp->link_work);
	cancel_delayed_work_sync(&vp->service);
	netif_carrier_off(dev);
	vp->speed = 0;
	vft_rx_free(vp, vp->rx);
	vft_tx_free(vp, vp->tx);
	vp->rx = NULL;
	vp->tx = NULL;
	return 0;
}

/**
 * vft_reconfigure() - other rings, under traffic
 * @vp: the device, up or down
 * @rx_size: receive descriptors, a power of two
 * @tx_size: transmit descriptors, a power of two
 * @mtu: MTU
 * @no_napi: old-fashioned mode
 *
 * New rings are allocated before the old ones stop, so a failure changes nothing; frames in
 * the old transmit ring are lost, as they are in hardware.
 *
 * Context: RTNL.
 * Return: 0 or -ENOMEM.
 */
int vft_reconfigure(struct vft *vp, unsigned int rx_size, unsigned int tx_size, int mtu,
		    bool no_napi)
{
	struct vft_rx *rx, *old_rx = vp->rx;
	struct vft_tx *tx, *old_tx = vp->tx;

	ASSERT_RTNL();
	if (netif_running(vp->netdev)) {
		rx = vft_rx_alloc(vp, rx_size, mtu);
		if (!rx)
			return -ENOMEM;
		tx = vft_tx_alloc(vp, tx_size);
		if (!tx) {
			vft_rx_free(vp, rx);
			return -ENOMEM;
		}
		vft_dev_down(vp);
		vp->rx = rx;
		vp->tx = tx;
	}
	vp->rx_size = rx_size;
	vp->tx_size = tx_size;
	vp->no_napi = no_napi;
	WRITE_ONCE(vp->netdev->mtu, mtu);
	if (netif_running(vp->netdev)) {
		vft_dev_up(vp);
		vft_rx_free(vp, old_rx);
		vft_tx_free(vp, old_tx);
	}
	return 0;
}

/* Bus error or hang: the same rings from the beginning. */
static void vft_reset_work(struct work_struct *work)
{
	struct vft *vp = container_of(work, struct vft, reset_work);

	rtnl_lock();
	if (netif_running(vp->netdev) && vp->tx) {
		netif_info(vp, drv, vp->netdev, "resetting the MAC\n");
		vp->ev.resets++;
		vft_dev_down(vp);
		vft_rx_rewind(vp);
		vft_dev_up(vp);
	}
	rtnl_unlock();
	dev_put(vp->netdev);
}

static void vft_service(struct work_struct *work)
{
	struct vft *vp = container_of(to_delayed_work(work), struct vft, service);

	vft_hwstats_update(vp);
	schedule_delayed_work(&vp->service, HZ);
}

static void vft_tx_timeout(struct net_device *dev, unsigned int queue)
{
	struct vft *vp = netdev_priv(dev);

	vp->ev.tx_timeouts++;
	vft_reset_soon(vp);
}

static void vft_set_rx_mode(struct net_device *dev)
{
	vft_mac_filter(netdev_priv(dev));
}

static int vft_set_mac_address(struct net_device *dev, void *addr)
{
	int err = eth_mac_addr(dev, addr);

	if (!err && netif_running(dev))
		vft_mac_address(netdev_priv(dev));
	return err;
}

static int vft_change_mtu(struct net_device *dev, int mtu)
{
	struct vft *vp = netdev_priv(dev);

	return vft_reconfigure(vp, vp->rx_size, vp->tx_size, mtu, vp->no_napi);
}

static int vft_set_features(struct net_device *dev, netdev_features_t features)
{
	dev->features = features;	/* MACCR is computed from what is in force */
	if (netif_running(dev))
		vft_mac_update(netdev_priv(dev));
	return 0;
}

#ifdef CONFIG_NET_POLL_CONTROLLER
static void vft_poll_controller(struct net_device *dev)
{
	struct vft *vp = netdev_priv(dev);

	disable_hardirq(vp->card->irq);
	vft_interrupt(vp->card->irq, vp);
	enable_irq(vp->card->irq);
}
#endif

/* The netdev is being unregistered: by "ip link del", or because its driver is unbound. */
static void vft_uninit(struct net_device *dev)
{
	struct vft *vp = netdev_priv(dev);
	struct vft_card *card = vp->card;

	if (!card || rtnl_dereference(card->netdev) != dev)
		return;		/* it never got so far */
	RCU_INIT_POINTER(card->netdev, NULL);
	if (!card->unbinding)
		vft_card_scrap(card);
}

static int vft_get_iflink(const struct net_device *dev)
{
	const struct vft *vp = netdev_priv(dev);
	struct net_device *peer;
	int iflink;

	rcu_read_lock();
	peer = vft_card_peer_rcu(vp->card);
	iflink = peer ? READ_ONCE(peer->ifindex) : 0;
	rcu_read_unlock();
	return iflink;
}

const struct net_device_ops vft_netdev_ops = {
	.ndo_open = vft_open,
	.ndo_stop = vft_stop,
	.ndo_uninit = vft_uninit,
	.ndo_start_xmit = vft_start_xmit,
	.ndo_set_rx_mode = vft_set_rx_mode,
	.ndo_set_mac_address = vft_set_mac_address,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_change_mtu = vft_change_mtu,
	.ndo_tx_timeout = vft_tx_timeout,
	.ndo_get_stats64 = vft_get_stats64,
	.ndo_set_features = vft_set_features,
	.ndo_eth_ioctl = vft_ioctl,
	.ndo_get_iflink = vft_get_iflink,
#ifdef CONFIG_NET_POLL_CONTROLLER
	.ndo_poll_controller = vft_poll_controller,
#endif
};

/**
 * vft_netdev_init() - set up what the netdev's own work needs
 * @vp: the device
 */
void vft_netdev_init(struct vft *vp)
{
	INIT_WORK(&vp->reset_work, vft_reset_work);
	INIT_DELAYED_WORK(&vp->service, vft_service);
}
