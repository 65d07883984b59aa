// SPDX-License-Identifier: GPL-2.0
/*
 * Attached devices: how a device's packets become MYNET's, and what happens to it afterwards.
 *
 * State: struct mn_dev, written under RTNL; dev_table.c has the table of them.
 *
 * In inet mode an rx_handler renames the EtherTypes of IPv4 and ARP when taps and GRO have
 * seen them and before the kernel's protocols have, and lets the packet pass: the kernel's
 * IPv4 does not know the new names, ours are waiting for them.
 */
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "core/drop.h"
#include "core/hop.h"
#include "core/mib.h"
#include "link/private.h"

/* --- input ------------------------------------------------------------------------------- */

/*
 * Packet sockets of this device and the old EtherType, as DHCP clients and arping have them, come
 * after the renaming in the kernel's order and would see nothing.
 */
static void mn_dev_deliver_taps(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	struct packet_type *pt;
	struct sk_buff *copy;

	list_for_each_entry_rcu(pt, &dev->ptype_specific, list) {
		if (pt->type != skb->protocol)
			continue;
		copy = skb_clone(skb, GFP_ATOMIC);
		if (copy)
			pt->func(copy, dev, pt, dev);
	}
}

static rx_handler_result_t mn_dev_claim(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	__be16 type;

	switch (skb->protocol) {
	case htons(ETH_P_IP):
		type = htons(MYNET_ETH_P_IP);
		break;
	case htons(ETH_P_ARP):
		type = htons(MYNET_ETH_P_ARP);
		break;
	case htons(MYNET_ETH_P_IP):
	case htons(MYNET_ETH_P_ARP):
		/* The new names are ours to give, not a sender's. */
		mynet_drop(skb, MYNET_DROP_LINK_OTHERMODE);
		return RX_HANDLER_CONSUMED;
	default:
		return RX_HANDLER_PASS;
	}

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return RX_HANDLER_CONSUMED;
	mn_dev_deliver_taps(skb);
	skb->protocol = type;
	*pskb = skb;
	return RX_HANDLER_PASS;
}

static int mn_dev_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		      struct net_device *orig_dev)
{
	struct mn_dev *m = container_of(pt, struct mn_dev, ip_pt);

	/* A copy for the device under a VLAN: the packet itself goes to the VLAN's. */
	if (dev != m->pub.dev) {
		consume_skb(skb);
		return NET_RX_SUCCESS;
	}
	if (skb->pkt_type == PACKET_OTHERHOST)
		return mynet_drop(skb, MYNET_DROP_LINK_OTHERHOST);
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NET_RX_DROP;

	mynet_hop(skb, MYNET_HOP_DEV_IN);
	mynet_mib_inc(m->pub.mnet, MYNET_MIB_LINK_IN);
	mynet_mib_add(m->pub.mnet, MYNET_MIB_LINK_IN_BYTES, skb->len);
	return mn_link_ops->input(skb, &m->pub);
}

/* --- attachment -------------------------------------------------------------------------- */

static bool mn_dev_has_kernel_addr(const struct net_device *dev)
{
	const struct in_device *in_dev = __in_dev_get_rtnl(dev);

	return in_dev && rtnl_dereference(in_dev->ifa_list);
}

static int mn_dev_check_claim(struct net_device *dev, bool force, struct netlink_ext_ack *extack)
{
	if (netif_is_bridge_port(dev)) {
		NL_SET_ERR_MSG(extack, "Device is a port of a bridge: take it out first");
		return -EBUSY;
	}
	if (netdev_is_rx_handler_busy(dev)) {
		NL_SET_ERR_MSG(extack, "Another user takes the device's packets");
		return -EBUSY;
	}
	if (!force && mn_dev_has_kernel_addr(dev)) {
		NL_SET_ERR_MSG(extack, "The kernel has IPv4 addresses on the device");
		return -EADDRINUSE;
	}
	return 0;
}

static int mn_dev_check(struct net_device *dev, u8 mode, bool force,
			struct netlink_ext_ack *extack)
{
	if (mynet_dev_find(dev)) {
		NL_SET_ERR_MSG(extack, "Device is attached already");
		return -EEXIST;
	}
	if (dev->reg_state != NETREG_REGISTERED) {
		NL_SET_ERR_MSG(extack, "Device is being unregistered");
		return -ENODEV;
	}

	switch (dev->type) {
	case ARPHRD_ETHER:
		break;
	case ARPHRD_LOOPBACK:
		if (mode == MYNET_DEV_MODE_NATIVE)
			return 0;
		NL_SET_ERR_MSG(extack, "The loopback device can be attached in native mode only");
		return -EOPNOTSUPP;
	case ARPHRD_NONE:
		if (mode == MYNET_DEV_MODE_INET)
			break;
		NL_SET_ERR_MSG(extack, "Device has no EtherTypes, which native mode needs");
		return -EOPNOTSUPP;
	default:
		NL_SET_ERR_MSG(extack, "Only Ethernet, loopback and IP devices can be attached");
		return -EOPNOTSUPP;
	}
	return mode == MYNET_DEV_MODE_INET ? mn_dev_check_claim(dev, force, extack) : 0;
}

static void mn_dev_init(struct mn_dev *m, struct net_device *dev, u8 mode)
{
	bool inet = mode == MYNET_DEV_MODE_INET;

	m->pub.dev = dev;
	m->pub.mnet = mynet_net(dev_net(dev));
	m->pub.mode = mode;
	m->pub.ip_type = inet ? htons(ETH_P_IP) : htons(MYNET_ETH_P_IP);
	m->pub.arp_type = inet ? htons(ETH_P_ARP) : htons(MYNET_ETH_P_ARP);
	INIT_LIST_HEAD(&m->pub.addrs);
	INIT_LIST_HEAD(&m->neighs);
	INIT_LIST_HEAD(&m->probing);

	m->ip_pt.type = htons(MYNET_ETH_P_IP);
	m->ip_pt.func = mn_dev_rcv;
	m->ip_pt.dev = dev;
	m->arp_pt.type = htons(MYNET_ETH_P_ARP);
	m->arp_pt.func = mn_arp_rcv;
	m->arp_pt.dev = dev;
}

static void mn_dev_up(struct mn_dev *m)
{
	ASSERT_RTNL();

	if (m->up)
		return;
	m->up = true;
	mn_link_ops->dev_event(&m->pub, MYNET_DEV_UP, NULL);
	mn_ifaddr_loopback(&m->pub);
	mn_ifaddr_announce(&m->pub);
}

static void mn_dev_down(struct mn_dev *m)
{
	ASSERT_RTNL();

	if (!m->up)
		return;
	m->up = false;
	mn_neigh_flush(&m->pub, true);
	mn_link_ops->dev_event(&m->pub, MYNET_DEV_DOWN, NULL);
}

int mn_dev_attach(struct net_device *dev, u8 mode, bool force, struct netlink_ext_ack *extack)
{
	struct mn_dev *m;
	int err;

	ASSERT_RTNL();

	err = mn_dev_check(dev, mode, force, extack);
	if (err)
		return err;
	m = kzalloc(sizeof(*m), GFP_KERNEL_ACCOUNT);
	if (!m)
		return -ENOMEM;
	mn_dev_init(m, dev, mode);

	err = mn_dev_sysctl_init(m);
	if (err)
		goto err_free;
	err = mn_link_ops->dev_event(&m->pub, MYNET_DEV_ATTACHED, extack);
	if (err)
		goto err_sysctl;
	if (mode == MYNET_DEV_MODE_INET) {
		err = netdev_rx_handler_register(dev, mn_dev_claim, m);
		if (err)
			goto err_event;
	}
	err = mn_dev_publish(m);
	if (err)
		goto err_handler;
	netdev_hold(dev, &m->tracker, GFP_KERNEL);
	dev_add_pack(&m->ip_pt);
	dev_add_pack(&m->arp_pt);

	mn_dev_notify(&m->pub, MYNET_CMD_DEV_ATTACH);
	if (dev->flags & IFF_UP)
		mn_dev_up(m);
	return 0;

err_handler:
	if (mode == MYNET_DEV_MODE_INET)
		netdev_rx_handler_unregister(dev);
err_event:
	mn_link_ops->dev_event(&m->pub, MYNET_DEV_GONE, NULL);
	synchronize_net();
err_sysctl:
	mn_dev_sysctl_exit(m);
err_free:
	kfree(m);
	return err;
}

void mn_dev_detach(struct mn_dev *m)
{
	struct net_device *dev = m->pub.dev;

	ASSERT_RTNL();

	/* First nothing comes in any more, then what is left is taken apart from above. */
	if (m->pub.mode == MYNET_DEV_MODE_INET)
		netdev_rx_handler_unregister(dev);
	__dev_remove_pack(&m->arp_pt);
	__dev_remove_pack(&m->ip_pt);
	synchronize_net();

	mn_dev_down(m);
	mn_ifaddr_flush(&m->pub);
	m->dying = true;
	mn_neigh_flush(&m->pub, true);
	mn_link_ops->dev_event(&m->pub, MYNET_DEV_GONE, NULL);
	mn_dev_notify(&m->pub, MYNET_CMD_DEV_DETACH);

	mn_dev_unpublish(m);
	mn_dev_sysctl_exit(m);
	synchronize_net();
	netdev_put(dev, &m->tracker);
	kfree(m);
}

/* --- what happens to devices ------------------------------------------------------------- */

static int mn_dev_registered(struct net_device *dev)
{
	if (dev->type != ARPHRD_LOOPBACK || !(dev->flags & IFF_LOOPBACK))
		return 0;
	return mn_dev_attach(dev, MYNET_DEV_MODE_NATIVE, false, NULL);
}

static void mn_dev_netdev_event(struct mn_dev *m, unsigned long event)
{
	struct net_device *dev = m->pub.dev;

	switch (event) {
	case NETDEV_UP:
		mn_dev_up(m);
		break;
	case NETDEV_DOWN:
		mn_dev_down(m);
		break;
	case NETDEV_CHANGE:
		if (!netif_carrier_ok(dev))
			mn_neigh_flush(&m->pub, false);
		mn_link_ops->dev_event(&m->pub, MYNET_DEV_CHANGE, NULL);
		break;
	case NETDEV_CHANGEMTU:
		mn_link_ops->dev_event(&m->pub, MYNET_DEV_MTU, NULL);
		break;
	case NETDEV_CHANGENAME:
		mn_dev_sysctl_rename(m);
		mn_link_ops->dev_event(&m->pub, MYNET_DEV_NAME, NULL);
		break;
	case NETDEV_CHANGEADDR:
		mn_neigh_renew_headers(&m->pub);
		fallthrough;
	case NETDEV_NOTIFY_PEERS:
		mn_ifaddr_announce(&m->pub);
		break;
	case NETDEV_PRE_TYPE_CHANGE:
	case NETDEV_UNREGISTER:
		mn_dev_detach(m);
		break;
	}
}

static int mn_dev_notifier_call(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct mynet_dev *mdev;

	ASSERT_RTNL();

	if (event == NETDEV_REGISTER)
		return notifier_from_errno(mn_dev_registered(dev));
	mdev = mynet_dev_find(dev);
	if (mdev)
		mn_dev_netdev_event(mn_dev(mdev), event);
	return NOTIFY_DONE;
}

static struct notifier_block mn_dev_notifier = {
	.notifier_call = mn_dev_notifier_call,
};

int mn_dev_start(void)
{
	return register_netdevice_notifier(&mn_dev_notifier);
}

/* Taking the notifier away plays the end of every device to it. */
void mn_dev_stop(void)
{
	unregister_netdevice_notifier(&mn_dev_notifier);
}
