// SPDX-License-Identifier: GPL-2.0
/*
 * Module entry, and the platform driver that binds a netdev to a card.
 */
#include <linux/dma-mapping.h>
#include <linux/etherdevice.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "ftgmac100.h"

static bool pair;
module_param(pair, bool, 0444);
MODULE_PARM_DESC(pair, "begin with two cards, vft0 and vft1, joined by a cable");

/* The station address is where the boot loader of a real board leaves it: in the MAC. */
static void vft_probe_address(struct vft *vp)
{
	u32 hi = vft_read(vp, VFT_MAC_MADR), lo = vft_read(vp, VFT_MAC_LADR);
	u8 addr[ETH_ALEN] = { hi >> 8, hi, lo >> 24, lo >> 16, lo >> 8, lo };

	eth_hw_addr_set(vp->netdev, addr);
	memcpy(vp->netdev->perm_addr, addr, ETH_ALEN);
}

static int vft_probe_netdev(struct vft_card *card, struct device *dev, struct net_device *netdev)
{
	struct vft *vp = netdev_priv(netdev);
	int err;

	/*
	 * The card's own table translates (bus.h), so the DMA address itself never meets the
	 * card's 35 address lines: it may be as wide as the machine's.
	 */
	err = dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(64));
	if (err)
		return err;
	mynet_dev_set_coherent(dev);	/* the chip reads memory as this CPU sees it */
	vp->card = card;
	vp->dev = dev;
	SET_NETDEV_DEV(netdev, dev);
	vft_mac_reset(vp);
	vft_probe_address(vp);
	vft_phy_power(vp, false);
	netif_napi_add(netdev, &vp->napi, vft_poll);
	netif_carrier_off(netdev);
	rcu_assign_pointer(card->netdev, netdev);
	err = register_netdevice(netdev);
	if (err) {
		RCU_INIT_POINTER(card->netdev, NULL);
		netif_napi_del(&vp->napi);
		synchronize_rcu();
	}
	return err;
}

/* Bound by hand, or at insmod: nobody made a netdev for us. */
static int vft_probe_alone(struct vft_card *card, struct device *dev)
{
	struct net_device *netdev;
	int err;

	netdev = alloc_netdev(sizeof(struct vft), "vft%d", NET_NAME_ENUM, vft_netdev_setup);
	if (!netdev)
		return -ENOMEM;
	err = vft_probe_netdev(card, dev, netdev);
	if (err)
		free_netdev(netdev);
	return err;
}

static int vft_probe(struct platform_device *pdev)
{
	struct vft_card *card = vft_card_of(&pdev->dev);

	/* vft_card_add() holds RTNL while it adds the device, and then only. */
	if (card->adding) {
		card->err = card->given ? vft_probe_netdev(card, &pdev->dev, card->given)
					: vft_probe_alone(card, &pdev->dev);
	} else {
		rtnl_lock();
		card->err = vft_probe_alone(card, &pdev->dev);
		rtnl_unlock();
	}
	return card->err;
}

static void vft_remove(struct platform_device *pdev)
{
	struct vft_card *card = vft_card_of(&pdev->dev);
	struct net_device *netdev;

	rtnl_lock();
	netdev = rtnl_dereference(card->netdev);
	if (netdev) {
		card->unbinding = true;
		unregister_netdevice(netdev);
		card->unbinding = false;
	}
	rtnl_unlock();
}

MYNET_DEFINE_PLATFORM_REMOVE(vft_remove_op, vft_remove)

static struct platform_driver vft_driver = {
	.driver = {
		.name = KBUILD_MODNAME,
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
	.probe = vft_probe,
	.remove = vft_remove_op,
};

/* pair=1: two cards and a cable. A failure leaves fewer of them; the module still serves. */
static void __init vft_make_pair(void)
{
	struct vft_card *card[2];
	u8 addr[ETH_ALEN];
	int i;

	rtnl_lock();
	for (i = 0; i < 2; i++) {
		eth_random_addr(addr);
		card[i] = vft_card_add(NULL, addr);
		if (IS_ERR(card[i])) {
			pr_warn("no card %d: %ld\n", i, PTR_ERR(card[i]));
			goto out;
		}
	}
	vft_wire_plug(&card[0]->port, &card[1]->port);
out:
	rtnl_unlock();
}

static int __init vftgmac100_init(void)
{
	int err;

	err = vft_board_init();
	if (err)
		return err;
	err = platform_driver_register(&vft_driver);
	if (err)
		goto err_board;
	err = vft_nl_init();
	if (err)
		goto err_driver;
	err = rtnl_link_register(&vft_link_ops);
	if (err)
		goto err_nl;
	if (pair)
		vft_make_pair();
	return 0;

err_nl:
	vft_nl_exit();
err_driver:
	platform_driver_unregister(&vft_driver);
err_board:
	vft_board_exit();
	return err;
}

static void __exit vftgmac100_exit(void)
{
	vft_nl_exit();
	rtnl_link_unregister(&vft_link_ops);	/* deletes every link, which scraps its card */
	vft_board_exit();
	platform_driver_unregister(&vft_driver);
}

module_init(vftgmac100_init);
module_exit(vftgmac100_exit);

MODULE_DESCRIPTION("A virtual Faraday FTGMAC100 network card");
MODULE_LICENSE("GPL");
MODULE_ALIAS_RTNL_LINK("vftgmac100");
