// SPDX-License-Identifier: GPL-2.0
/*
 * "ip link add NAME type vftgmac100": each link is a card put into the machine, and deleting
 * it takes the card out. "ip link add link OTHER NAME ..." cables it to OTHER at once.
 */
#include <linux/etherdevice.h>
#include <net/rtnetlink.h>

#include "ftgmac100.h"

static int vft_validate(struct nlattr *tb[], struct nlattr *data[], struct netlink_ext_ack *extack)
{
	if ((tb[IFLA_NUM_TX_QUEUES] && nla_get_u32(tb[IFLA_NUM_TX_QUEUES]) != 1) ||
	    (tb[IFLA_NUM_RX_QUEUES] && nla_get_u32(tb[IFLA_NUM_RX_QUEUES]) != 1)) {
		NL_SET_ERR_MSG(extack, "the FTGMAC100 has one queue in each direction");
		return -EINVAL;
	}
	if (!tb[IFLA_ADDRESS])
		return 0;
	if (nla_len(tb[IFLA_ADDRESS]) != ETH_ALEN ||
	    !is_valid_ether_addr(nla_data(tb[IFLA_ADDRESS]))) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_ADDRESS], "not a station address");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

/* IFLA_LINK: the card at the other end of the cable. */
static struct vft_card *vft_link_other(struct net *net, struct nlattr *tb[],
				       struct netlink_ext_ack *extack)
{
	struct net_device *dev;

	if (!tb[IFLA_LINK])
		return NULL;
	dev = __dev_get_by_index(net, nla_get_u32(tb[IFLA_LINK]));
	if (!dev) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_LINK], "no such device");
		return ERR_PTR(-ENODEV);
	}
	if (dev->rtnl_link_ops != &vft_link_ops) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_LINK], "the other end is no vftgmac100 card");
		return ERR_PTR(-EINVAL);
	}
	return ((struct vft *)netdev_priv(dev))->card;
}

static int vft_newlink(struct net *link_net, struct net_device *dev, struct nlattr *tb[],
		       struct netlink_ext_ack *extack)
{
	struct vft_card *other = vft_link_other(link_net, tb, extack);
	struct vft_card *card;
	u8 addr[ETH_ALEN];

	if (IS_ERR(other))
		return PTR_ERR(other);
	if (other && rtnl_dereference(other->port.peer)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_LINK], "the other end has a cable already");
		return -EBUSY;
	}
	if (tb[IFLA_ADDRESS])
		memcpy(addr, nla_data(tb[IFLA_ADDRESS]), ETH_ALEN);
	else
		eth_random_addr(addr);
	card = vft_card_add(dev, addr);
	if (IS_ERR(card)) {
		if (PTR_ERR(card) == -ENOSPC)
			NL_SET_ERR_MSG(extack, "the machine has as many cards as it can have");
		return PTR_ERR(card);
	}
	if (other)
		vft_wire_plug(&other->port, &card->port);
	return 0;
}

MYNET_DEFINE_NEWLINK(vft_newlink_op, vft_newlink)

static void vft_dellink(struct net_device *dev, struct list_head *head)
{
	unregister_netdevice_queue(dev, head);	/* ndo_uninit scraps the card */
}

static struct net *vft_get_link_net(const struct net_device *dev)
{
	const struct vft *vp = netdev_priv(dev);
	struct net_device *peer = vft_card_peer_rcu(vp->card);

	return peer ? dev_net(peer) : dev_net(dev);
}

/**
 * vft_netdev_setup() - what a netdev of this driver is, before it has a card
 * @dev: the netdev
 */
void vft_netdev_setup(struct net_device *dev)
{
	struct vft *vp = netdev_priv(dev);

	ether_setup(dev);
	dev->netdev_ops = &vft_netdev_ops;
	dev->ethtool_ops = &vft_ethtool_ops;
	dev->rtnl_link_ops = &vft_link_ops;
	dev->needs_free_netdev = true;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = VFT_MTU_MAX;
	dev->watchdog_timeo = 2 * HZ;
	dev->hw_features = NETIF_F_SG | NETIF_F_IP_CSUM | NETIF_F_RXCSUM |
			   NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_CTAG_RX;
	dev->features = dev->hw_features;
	dev->vlan_features = NETIF_F_SG | NETIF_F_IP_CSUM;
	dev->hw_features |= NETIF_F_RXALL;

	vp->netdev = dev;
	vp->rx_size = VFT_RX_DEFAULT;
	vp->tx_size = VFT_TX_DEFAULT;
	vp->copybreak = VFT_COPYBREAK;
	vp->adaptive = true;
	vp->autoneg = true;
	vp->tx_frames = VFT_TX_FRAMES;
	vp->tx_itc = VFT_TX_ITC;
	vp->msg_enable = NETIF_MSG_DRV | NETIF_MSG_LINK;
	spin_lock_init(&vp->hw_lock);
	spin_lock_init(&vp->mac_lock);
	mutex_init(&vp->mdio);
	u64_stats_init(&vp->rxc.sync);
	u64_stats_init(&vp->txc.sync);
	u64_stats_init(&vp->txq.sync);
	INIT_WORK(&vp->link_work, vft_link_work);
	vft_netdev_init(vp);
}

struct rtnl_link_ops vft_link_ops = {
	.kind = "vftgmac100",
	.priv_size = sizeof(struct vft),
	.setup = vft_netdev_setup,
	.validate = vft_validate,
	.newlink = vft_newlink_op,
	.dellink = vft_dellink,
	.get_link_net = vft_get_link_net,
};
