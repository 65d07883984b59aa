// SPDX-License-Identifier: GPL-2.0
/*
 * The table of addresses: which there are, and which one to speak in the name of.
 *
 * State: struct mn_ifaddr_net's hash and generation, mynet_dev.addrs. RTNL writes, RCU reads.
 */
#include <linux/if_addr.h>
#include <linux/in.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "link/private.h"

void mn_ifaddr_net_init(struct mn_ifaddr_net *net)
{
	hash_init(net->hash);
}

static struct mn_ifaddr_net *mn_ifaddr_net(const struct mynet_dev *mdev)
{
	return &mn_link_net(mdev->mnet->net)->ifaddr;
}

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
__be32 mn_ifaddr_last(const struct mynet_ifaddr *ifa)
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

bool mn_ifaddr_same_net(const struct mynet_ifaddr *ifa, __be32 addr)
{
	return !((ifa->local ^ addr) & ifa->mask);
}

__be32 mynet_ifaddr_source(struct net *net, __be32 addr)
{
	struct mynet_ifaddr *ifa, *other;

	if (likely(!READ_ONCE(mn_link_net(net)->ifaddr.deprecated)))
		return addr;
	ifa = mynet_ifaddr_find(net, addr);
	if (!ifa || !(READ_ONCE(ifa->flags) & IFA_F_DEPRECATED))
		return addr;
	mynet_ifaddr_for_each(other, ifa->mdev)
		if (!(READ_ONCE(other->flags) & IFA_F_DEPRECATED) && other->scope <= ifa->scope &&
		    other->mask == ifa->mask && !((other->local ^ addr) & ifa->mask))
			return other->local;
	return addr;
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

/* Primary ones before secondary ones, each in the order in which they came. */
void mn_ifaddr_place(struct mynet_ifaddr *ifa)
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

void mn_ifaddr_publish(struct mynet_ifaddr *ifa)
{
	mn_ifaddr_place(ifa);
	hash_add_rcu(mn_ifaddr_net(ifa->mdev)->hash, &ifa->hash, (__force u32)ifa->local);
}

void mn_ifaddr_unpublish(struct mynet_ifaddr *ifa)
{
	ASSERT_RTNL();

	hash_del_rcu(&ifa->hash);
	list_del_rcu(&ifa->list);
	mn_ifaddr_net(ifa->mdev)->generation++;
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
