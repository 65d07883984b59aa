// SPDX-License-Identifier: GPL-2.0
/*
 * Events of the link room: devices, addresses and neighbours as attributes of a message, for those
 * who listen and for the answers to commands (dev_genl.c, ifaddr_genl.c, neigh_genl.c).
 *
 * State: none.
 */
#include <linux/if_addr.h>
#include <linux/mynet.h>
#include <net/genetlink.h>
#include <net/neighbour.h>

#include "control/control.h"
#include "link/private.h"

int mn_dev_fill(struct sk_buff *skb, const void *what)
{
	const struct mynet_dev *mdev = what;

	if (nla_put_u32(skb, MYNET_A_DEV_IFINDEX, mdev->dev->ifindex) ||
	    nla_put_string(skb, MYNET_A_DEV_NAME, mdev->dev->name) ||
	    nla_put_u32(skb, MYNET_A_DEV_MODE, mdev->mode))
		return -EMSGSIZE;
	return 0;
}

void mn_dev_notify(struct mynet_dev *mdev, u8 cmd)
{
	mynet_control_event(dev_net(mdev->dev), MYNET_CMD_DEV_NTF, mn_dev_fill, mdev,
			    MYNET_A_DEV_EVENT, cmd);
}

/* One that is not used yet has its times still before it. */
static u32 mn_ifaddr_left(const struct mynet_ifaddr *ifa, u32 until)
{
	return READ_ONCE(ifa->flags) & IFA_F_TENTATIVE ? until : mn_life_left(until);
}

int mn_ifaddr_fill(struct sk_buff *skb, const void *what)
{
	const struct mynet_ifaddr *ifa = what;

	if (nla_put_u32(skb, MYNET_A_ADDR_IFINDEX, ifa->mdev->dev->ifindex) ||
	    nla_put_in_addr(skb, MYNET_A_ADDR_LOCAL, ifa->local) ||
	    nla_put_u8(skb, MYNET_A_ADDR_PREFIXLEN, ifa->prefixlen) ||
	    nla_put_u8(skb, MYNET_A_ADDR_SCOPE, ifa->scope) ||
	    nla_put_u32(skb, MYNET_A_ADDR_FLAGS, READ_ONCE(ifa->flags)) ||
	    nla_put_string(skb, MYNET_A_ADDR_LABEL, ifa->label))
		return -EMSGSIZE;
	if (nla_put_u32(skb, MYNET_A_ADDR_VALID,
			mn_ifaddr_left(ifa, READ_ONCE(ifa->valid_until))) ||
	    nla_put_u32(skb, MYNET_A_ADDR_PREFERRED,
			mn_ifaddr_left(ifa, READ_ONCE(ifa->preferred_until))))
		return -EMSGSIZE;
	if (ifa->broadcast && nla_put_in_addr(skb, MYNET_A_ADDR_BROADCAST, ifa->broadcast))
		return -EMSGSIZE;
	return 0;
}

void mn_ifaddr_notify(const struct mynet_ifaddr *ifa, u8 cmd)
{
	mynet_control_event(dev_net(ifa->mdev->dev), MYNET_CMD_ADDR_NTF, mn_ifaddr_fill, ifa,
			    MYNET_A_ADDR_EVENT, cmd);
}

/* A conflict: an address that another host claims, and the packet that says so. */
struct mn_ifaddr_claim {
	struct mynet_dev	*mdev;
	__be32			addr;
	const u8		*ha;
};

static int mn_ifaddr_fill_claim(struct sk_buff *skb, const void *what)
{
	const struct mn_ifaddr_claim *claim = what;

	if (nla_put_u32(skb, MYNET_A_ADDR_IFINDEX, claim->mdev->dev->ifindex) ||
	    nla_put_in_addr(skb, MYNET_A_ADDR_LOCAL, claim->addr) ||
	    nla_put(skb, MYNET_A_ADDR_LLADDR, ETH_ALEN, claim->ha))
		return -EMSGSIZE;
	return 0;
}

/* RCU read section, bottom halves off. */
void mn_ifaddr_notify_conflict(struct mynet_dev *mdev, __be32 addr, const u8 *ha)
{
	const struct mn_ifaddr_claim claim = { .mdev = mdev, .addr = addr, .ha = ha };

	mynet_control_event(mdev->mnet->net, MYNET_CMD_ADDR_CONFLICT, mn_ifaddr_fill_claim, &claim,
			    0, 0);
}

u16 mn_neigh_nud(const struct mynet_neigh *neigh)
{
	static const u16 nud[] = {
		[MN_ARP_NONE]		= NUD_NONE,
		[MN_ARP_INCOMPLETE]	= NUD_INCOMPLETE,
		[MN_ARP_FAILED]		= NUD_FAILED,
		[MN_ARP_STALE]		= NUD_STALE,
		[MN_ARP_DELAY]		= NUD_DELAY,
		[MN_ARP_PROBE]		= NUD_PROBE,
		[MN_ARP_REACHABLE]	= NUD_REACHABLE,
		[MN_ARP_PERMANENT]	= NUD_PERMANENT,
		[MN_ARP_NOARP]		= NUD_NOARP,
	};

	return nud[READ_ONCE(neigh->state.state)];
}

static u32 mn_neigh_age(unsigned long then)
{
	long age = jiffies - then;

	return age > 0 ? jiffies_to_msecs(age) : 0;
}

int mn_neigh_fill(struct sk_buff *skb, const void *what)
{
	struct mynet_neigh *neigh = (struct mynet_neigh *)what;	/* not const: its lock */
	struct mn_arp_state state;
	u8 ha[ETH_ALEN];
	u16 nud;

	spin_lock_bh(&neigh->lock);
	state = neigh->state;
	nud = mn_neigh_nud(neigh);
	memcpy(ha, neigh->header.ha, ETH_ALEN);
	spin_unlock_bh(&neigh->lock);

	if (nla_put_u32(skb, MYNET_A_NEIGH_IFINDEX, neigh->key.ifindex) ||
	    nla_put_in_addr(skb, MYNET_A_NEIGH_DST, neigh->key.addr) ||
	    nla_put_u32(skb, MYNET_A_NEIGH_STATE, nud) ||
	    nla_put_u32(skb, MYNET_A_NEIGH_FLAGS, neigh->flags) ||
	    nla_put_u32(skb, MYNET_A_NEIGH_PROBES, state.probes) ||
	    nla_put_u32(skb, MYNET_A_NEIGH_REFS, refcount_read(&neigh->refs)) ||
	    nla_put_u32(skb, MYNET_A_NEIGH_USED, mn_neigh_age(READ_ONCE(neigh->used))) ||
	    nla_put_u32(skb, MYNET_A_NEIGH_CONFIRMED, mn_neigh_age(state.confirmed)) ||
	    nla_put_u32(skb, MYNET_A_NEIGH_UPDATED, mn_neigh_age(state.updated)))
		return -EMSGSIZE;
	if (mn_arp_usable(state.state) && nla_put(skb, MYNET_A_NEIGH_LLADDR, ETH_ALEN, ha))
		return -EMSGSIZE;
	return 0;
}

/* No lock; the device is there. */
void mn_neigh_notify(struct mynet_neigh *neigh, u8 cmd)
{
	mynet_control_event(dev_net(neigh->mdev->dev), MYNET_CMD_NEIGH_NTF, mn_neigh_fill, neigh,
			    MYNET_A_NEIGH_EVENT, cmd);
}
