// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses of this host come and go, are announced and defended.
 *
 * State: struct mynet_ifaddr, in the table of ifaddr_table.c. RTNL writes, RCU reads.
 *
 * The first address of a network on a device is its primary one, the others are secondary. When
 * the primary one goes, the oldest secondary takes its place.
 */
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/in.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "core/mib.h"
#include "link/private.h"

static void mn_ifaddr_count_broadcast(const struct mynet_ifaddr *ifa, int by)
{
	struct mn_dev *m = mn_dev(ifa->mdev);

	if (ifa->broadcast && ifa->broadcast != mn_ifaddr_last(ifa))
		WRITE_ONCE(m->own_broadcasts, m->own_broadcasts + by);
}

/* --- announcing, and being contradicted --------------------------------------------------- */

/* RFC 5227 2.3: a request for our own address, from it. */
static void mn_ifaddr_announce_one(const struct mynet_ifaddr *ifa)
{
	struct net_device *dev = ifa->mdev->dev;

	if (dev->flags & IFF_UP && ifa->scope < RT_SCOPE_HOST)
		mn_arp_send(ifa->mdev, ARPOP_REQUEST, ifa->local, ifa->local, NULL,
			    dev->broadcast);
}

/* RTNL. */
void mn_ifaddr_announce(struct mynet_dev *mdev)
{
	const struct mynet_ifaddr *ifa;

	ASSERT_RTNL();
	mynet_ifaddr_for_each(ifa, mdev)
		mn_ifaddr_announce_one(ifa);
}

/*
 * Another host uses an address of ours. RFC 5227 2.4 (b): defend it, but not more than
 * once in ten seconds, so that two defenders do not fill the link. RCU read section.
 */
void mn_ifaddr_conflict(struct mynet_dev *mdev, __be32 addr, const u8 *ha)
{
	struct mynet_ifaddr *ifa = mynet_ifaddr_find_dev(mdev, addr);
	unsigned long last;

	mynet_mib_inc(mdev->mnet, MYNET_MIB_ARP_CONFLICTS);
	if (!ifa)
		return;
	last = READ_ONCE(ifa->defended);
	if (last && time_before(jiffies, last + 10 * HZ))
		return;
	WRITE_ONCE(ifa->defended, jiffies ?: 1);
	net_warn_ratelimited("%s: %pI4 is also used by %pM\n", mdev->dev->name, &addr, ha);
	mynet_mib_inc(mdev->mnet, MYNET_MIB_ARP_DEFENCES);
	mn_ifaddr_announce_one(ifa);
	mn_ifaddr_notify_conflict(mdev, addr, ha);
}

/* --- adding and removing ------------------------------------------------------------------ */

static void mn_ifaddr_forget(struct mynet_dev *mdev, __be32 broadcast)
{
	struct mynet_neigh *neigh;

	rcu_read_lock();
	neigh = broadcast ? mn_neigh_find(mdev, broadcast) : NULL;
	if (neigh)
		mn_neigh_kill(neigh);
	rcu_read_unlock();
}

/* A neighbour that is a broadcast address by the device's networks may be none any more. */
static void mn_ifaddr_forget_broadcast(const struct mynet_ifaddr *ifa)
{
	mn_ifaddr_forget(ifa->mdev, ifa->broadcast);
	mn_ifaddr_forget(ifa->mdev, mn_ifaddr_last(ifa));
}

static bool mn_ifaddr_same_network(const struct mynet_ifaddr *a, const struct mynet_ifaddr *b)
{
	return a->mask == b->mask && a->scope == b->scope && mn_ifaddr_same_net(a, b->local);
}

static bool mn_ifaddr_is_secondary(struct mynet_dev *mdev, const struct mynet_ifaddr *wanted)
{
	const struct mynet_ifaddr *ifa;

	mynet_ifaddr_for_each(ifa, mdev) {
		if (ifa->flags & IFA_F_SECONDARY)
			break;
		if (mn_ifaddr_same_network(ifa, wanted))
			return true;
	}
	return false;
}

/*
 * Adds an address. @wanted has local, mask, prefixlen, broadcast, scope, flags, label; its times
 * are in seconds from now.
 */
int mn_ifaddr_add(struct mynet_dev *mdev, const struct mynet_ifaddr *wanted,
		  struct netlink_ext_ack *extack)
{
	struct mynet_ifaddr *ifa;
	int err;

	ASSERT_RTNL();

	err = mn_ifaddr_check(mdev, wanted, extack);
	if (err)
		return err;
	ifa = kmemdup(wanted, sizeof(*ifa), GFP_KERNEL_ACCOUNT);
	if (!ifa)
		return -ENOMEM;
	ifa->mdev = mdev;
	ifa->flags = wanted->flags & IFA_F_NOPREFIXROUTE;
	if (mn_ifaddr_is_secondary(mdev, ifa))
		ifa->flags |= IFA_F_SECONDARY;
	if (!ifa->label[0])
		strscpy(ifa->label, mdev->dev->name, sizeof(ifa->label));

	mn_ifaddr_forget_broadcast(ifa);
	mn_life_set(ifa, wanted->valid_until, wanted->preferred_until);
	mn_ifaddr_count_broadcast(ifa, 1);
	mn_ifaddr_publish(ifa);
	mn_link_ops->addr_event(ifa, MYNET_ADDR_ADD);
	mn_ifaddr_notify(ifa, MYNET_CMD_ADDR_ADD);
	mn_ifaddr_announce_one(ifa);
	return 0;
}

/* Changes the times of an address. @wanted has local, prefixlen and the times. */
int mn_ifaddr_change(struct mynet_dev *mdev, const struct mynet_ifaddr *wanted,
		     struct netlink_ext_ack *extack)
{
	struct mynet_ifaddr *ifa = mynet_ifaddr_find_dev(mdev, wanted->local);
	int err;

	ASSERT_RTNL();

	if (!ifa || ifa->prefixlen != wanted->prefixlen) {
		NL_SET_ERR_MSG(extack, "Address is not on this device");
		return -EADDRNOTAVAIL;
	}
	err = mn_life_check(wanted->valid_until, wanted->preferred_until, extack);
	if (err)
		return err;
	mn_life_set(ifa, wanted->valid_until, wanted->preferred_until);
	mn_ifaddr_notify(ifa, MYNET_CMD_ADDR_CHANGE);
	return 0;
}

static void mn_ifaddr_remove(struct mynet_ifaddr *ifa)
{
	mn_ifaddr_unpublish(ifa);
	mn_ifaddr_count_broadcast(ifa, -1);
	mn_life_end(ifa);
	mn_ifaddr_notify(ifa, MYNET_CMD_ADDR_DEL);
	mn_ifaddr_forget_broadcast(ifa);
}

/* The oldest secondary address of the network of @primary. */
static struct mynet_ifaddr *mn_ifaddr_heir(const struct mynet_ifaddr *primary)
{
	struct mynet_ifaddr *ifa;

	if (primary->flags & IFA_F_SECONDARY)
		return NULL;
	list_for_each_entry(ifa, &primary->mdev->addrs, list)
		if (ifa->flags & IFA_F_SECONDARY && mn_ifaddr_same_network(ifa, primary))
			return ifa;
	return NULL;
}

static void mn_ifaddr_notify_network(struct mynet_ifaddr *first, enum mynet_addr_event event)
{
	struct mynet_ifaddr *ifa = first;

	list_for_each_entry_from(ifa, &first->mdev->addrs, list) {
		if (ifa->flags & IFA_F_SECONDARY && mn_ifaddr_same_network(ifa, first))
			mn_link_ops->addr_event(ifa, event);
		cond_resched();
	}
}

/* A reader of the list may meanwhile see the address twice, or not at all. */
static void mn_ifaddr_promote(struct mynet_ifaddr *ifa)
{
	WRITE_ONCE(ifa->flags, ifa->flags & ~IFA_F_SECONDARY);
	list_del_rcu(&ifa->list);
	mn_ifaddr_place(ifa);
	mn_link_ops->addr_event(ifa, MYNET_ADDR_ADD);
	mn_ifaddr_notify(ifa, MYNET_CMD_ADDR_ADD);
}

/*
 * Takes an address away. The secondary addresses of a network share the routes of the primary one:
 * these go while it is still there, and come back under the next one.
 */
static void mn_ifaddr_take(struct mynet_ifaddr *ifa)
{
	struct mynet_ifaddr *heir = mn_ifaddr_heir(ifa), *second;

	if (heir)
		mn_ifaddr_notify_network(heir, MYNET_ADDR_DEL);
	mn_ifaddr_remove(ifa);
	mn_link_ops->addr_event(ifa, MYNET_ADDR_DEL);
	if (!heir)
		return;
	mn_ifaddr_promote(heir);
	second = mn_ifaddr_heir(heir);
	if (second)
		mn_ifaddr_notify_network(second, MYNET_ADDR_ADD);
}

/* @prefixlen -1: whatever it has. */
int mn_ifaddr_del(struct mynet_dev *mdev, __be32 local, int prefixlen,
		  struct netlink_ext_ack *extack)
{
	struct mynet_ifaddr *ifa;

	ASSERT_RTNL();

	if (mn_probe_stop(mdev, local, prefixlen))
		return 0;
	ifa = mynet_ifaddr_find_dev(mdev, local);
	if (!ifa || (prefixlen >= 0 && ifa->prefixlen != prefixlen)) {
		NL_SET_ERR_MSG(extack, "Address is not on this device");
		return -EADDRNOTAVAIL;
	}
	mn_ifaddr_take(ifa);
	kfree_rcu(ifa, rcu);
	return 0;
}

/* The device goes; MYNET_DEV_GONE tells of all that its addresses brought. */
void mn_ifaddr_flush(struct mynet_dev *mdev)
{
	struct mynet_ifaddr *ifa, *next;

	ASSERT_RTNL();

	mn_probe_flush(mdev);
	list_for_each_entry_safe_reverse(ifa, next, &mdev->addrs, list) {
		mn_ifaddr_remove(ifa);
		kfree_rcu(ifa, rcu);
		cond_resched();
	}
}

/* A loopback device that comes up has 127.0.0.1. */
void mn_ifaddr_loopback(struct mynet_dev *mdev)
{
	struct mynet_ifaddr wanted = {
		.local		= htonl(INADDR_LOOPBACK),
		.mask		= mynet_mask(8),
		.prefixlen	= 8,
		.scope		= RT_SCOPE_HOST,
		.valid_until	= MYNET_LIFE_FOREVER,
		.preferred_until = MYNET_LIFE_FOREVER,
	};

	if (mdev->dev->type == ARPHRD_LOOPBACK && list_empty(&mdev->addrs) &&
	    mn_ifaddr_add(mdev, &wanted, NULL))
		netdev_warn(mdev->dev, "no memory for 127.0.0.1\n");
}
