// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses of this host: on each device a list, over all of them a hash.
 *
 * State: struct mynet_ifaddr. RTNL writes, RCU reads.
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

void mn_ifaddr_net_init(struct mn_ifaddr_net *net)
{
	hash_init(net->hash);
}

static struct mn_ifaddr_net *mn_ifaddr_net(const struct mynet_dev *mdev)
{
	return &mn_link_net(mdev->mnet->net)->ifaddr;
}

/* --- look-up ------------------------------------------------------------------------------ */

struct mynet_ifaddr *mynet_ifaddr_find(struct net *net, __be32 addr)
{
	struct mn_ifaddr_net *in = &mn_link_net(net)->ifaddr;
	struct mynet_ifaddr *ifa;

	hash_for_each_possible_rcu(in->hash, ifa, hash, (__force u32)addr, lockdep_rtnl_is_held())
		if (ifa->local == addr)
			return ifa;
	return NULL;
}

struct mynet_ifaddr *mynet_ifaddr_find_dev(struct mynet_dev *mdev, __be32 addr)
{
	struct mn_ifaddr_net *in = mn_ifaddr_net(mdev);
	struct mynet_ifaddr *ifa;

	hash_for_each_possible_rcu(in->hash, ifa, hash, (__force u32)addr, lockdep_rtnl_is_held())
		if (ifa->local == addr && ifa->mdev == mdev)
			return ifa;
	return NULL;
}

/* The last address of its network is for all there (RFC 922 7); 0: a network of two or one. */
static __be32 mn_ifaddr_last(const struct mynet_ifaddr *ifa)
{
	return ifa->prefixlen < 31 ? ifa->local | ~ifa->mask : 0;
}

/* RCU read section. */
bool mn_ifaddr_is_broadcast(struct mynet_dev *mdev, __be32 addr)
{
	const struct mynet_ifaddr *ifa;

	if (!addr)
		return false;
	mynet_ifaddr_for_each(ifa, mdev) {
		/* Secondary ones share their network's, unless they were given another. */
		if (READ_ONCE(ifa->flags) & IFA_F_SECONDARY &&
		    !READ_ONCE(mn_dev(mdev)->own_broadcasts))
			break;
		if (ifa->broadcast == addr || mn_ifaddr_last(ifa) == addr)
			return true;
	}
	return false;
}

static void mn_ifaddr_count_broadcast(const struct mynet_ifaddr *ifa, int by)
{
	struct mn_dev *m = mn_dev(ifa->mdev);

	if (ifa->broadcast && ifa->broadcast != mn_ifaddr_last(ifa))
		WRITE_ONCE(m->own_broadcasts, m->own_broadcasts + by);
}

static bool mn_ifaddr_same_net(const struct mynet_ifaddr *ifa, __be32 addr)
{
	return !((ifa->local ^ addr) & ifa->mask);
}

/*
 * In whose name to ask for @target if nobody's packet says so: an address of its network, else
 * any that is not for this host alone; a device without one borrows another's. RCU read section.
 */
__be32 mn_ifaddr_source(struct mynet_dev *mdev, __be32 target)
{
	const struct mynet_ifaddr *ifa;
	struct mynet_dev *other;
	__be32 source = 0;

	mynet_ifaddr_for_each(ifa, mdev) {
		/* Primary ones come first, and each network has one. */
		if (READ_ONCE(ifa->flags) & IFA_F_SECONDARY)
			break;
		if (ifa->scope > RT_SCOPE_LINK)
			continue;
		if (mn_ifaddr_same_net(ifa, target))
			return mynet_ifaddr_source(mdev->mnet->net, ifa->local);
		if (!source)
			source = ifa->local;
	}
	if (source)
		return source;

	mynet_dev_for_each(other, mdev->mnet->net)
		mynet_ifaddr_for_each(ifa, other)
			if (ifa->scope < RT_SCOPE_LINK)
				return ifa->local;
	return 0;
}

/* --- announcing, and being contradicted --------------------------------------------------- */

/* RFC 5227 section 2.3: a request for our own address, from it. */
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
 * Another host uses an address of ours. RFC 5227 section 2.4 (b): defend it, but not more than
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

/* Primary ones before secondary ones, each in the order in which they came. */
static void mn_ifaddr_place(struct mynet_ifaddr *ifa)
{
	struct mynet_dev *mdev = ifa->mdev;
	struct list_head *place = &mdev->addrs;
	struct mynet_ifaddr *other;

	ASSERT_RTNL();

	if (ifa->flags & IFA_F_SECONDARY) {
		place = mdev->addrs.prev;
	} else {
		list_for_each_entry(other, &mdev->addrs, list) {
			if (other->flags & IFA_F_SECONDARY)
				break;
			place = &other->list;
		}
	}
	list_add_rcu(&ifa->list, place);
	mn_ifaddr_net(mdev)->generation++;
}

static void mn_ifaddr_publish(struct mynet_ifaddr *ifa)
{
	mn_ifaddr_place(ifa);
	hash_add_rcu(mn_ifaddr_net(ifa->mdev)->hash, &ifa->hash, (__force u32)ifa->local);
}

static void mn_ifaddr_unpublish(struct mynet_ifaddr *ifa)
{
	ASSERT_RTNL();

	hash_del_rcu(&ifa->hash);
	list_del_rcu(&ifa->list);
	mn_ifaddr_net(ifa->mdev)->generation++;
}

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

int mn_ifaddr_check(struct mynet_dev *mdev, const struct mynet_ifaddr *wanted,
		    struct netlink_ext_ack *extack)
{
	if (ipv4_is_multicast(wanted->local) || ipv4_is_lbcast(wanted->local) ||
	    ipv4_is_zeronet(wanted->local)) {
		NL_SET_ERR_MSG(extack, "No host can have this address");
		return -EINVAL;
	}
	if (wanted->prefixlen < 31 &&
	    (wanted->local & ~wanted->mask) == ~wanted->mask) {
		NL_SET_ERR_MSG(extack, "This is the broadcast address of its network");
		return -EINVAL;
	}
	if (mynet_ifaddr_find_dev(mdev, wanted->local)) {
		NL_SET_ERR_MSG(extack, "Address is already on this device");
		return -EEXIST;
	}
	return mn_life_check(wanted->valid_until, wanted->preferred_until, extack);
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
