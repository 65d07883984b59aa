// SPDX-License-Identifier: GPL-2.0
/*
 * Commands about neighbours: add, change, replace, delete, get.
 *
 * State: none.
 */
#include <linux/etherdevice.h>
#include <linux/mynet.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/neighbour.h>

#include "control/control.h"
#include "link/private.h"

/* The attached device and the address that a command is about. RTNL. */
static struct mynet_dev *mn_neigh_target(struct genl_info *info, __be32 *dst)
{
	struct mynet_dev *mdev;
	struct net_device *dev;
	int err;

	err = mynet_control_need(info, MYNET_A_NEIGH_DST);
	if (err)
		return ERR_PTR(err);
	*dst = nla_get_in_addr(info->attrs[MYNET_A_NEIGH_DST]);
	dev = mynet_control_dev(info, MYNET_A_NEIGH_IFINDEX);
	if (IS_ERR(dev))
		return ERR_CAST(dev);

	mdev = mynet_dev_find(dev);
	if (!mdev) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[MYNET_A_NEIGH_IFINDEX],
				    "Device is not attached");
		return ERR_PTR(-ENODEV);
	}
	if (!mn_link_has_addresses(dev)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[MYNET_A_NEIGH_IFINDEX],
				    "Device has no link addresses");
		return ERR_PTR(-EOPNOTSUPP);
	}
	return mdev;
}

/* The state that was asked for, or -EINVAL. */
static int mn_neigh_state_wanted(struct genl_info *info)
{
	struct nlattr *attr = info->attrs[MYNET_A_NEIGH_STATE];

	switch (attr ? nla_get_u32(attr) : NUD_PERMANENT) {
	case NUD_PERMANENT:
		return MN_ARP_PERMANENT;
	case NUD_NOARP:
		return MN_ARP_NOARP;
	case NUD_REACHABLE:
		return MN_ARP_REACHABLE;
	case NUD_STALE:
		return MN_ARP_STALE;
	case NUD_DELAY:
		return MN_ARP_DELAY;
	case NUD_PROBE:
		return MN_ARP_PROBE;
	default:
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "Neighbour cannot be put into this state");
		return -EINVAL;
	}
}

static int mn_neigh_add(struct mynet_dev *mdev, __be32 dst, int state, const u8 *ha, u8 flags,
			struct genl_info *info)
{
	struct mynet_neigh *neigh = mn_neigh_find(mdev, dst);
	bool known = neigh && mn_arp_usable(READ_ONCE(neigh->state.state));

	if (neigh && info->genlhdr->cmd == MYNET_CMD_NEIGH_ADD) {
		GENL_SET_ERR_MSG(info, "Neighbour exists");
		return -EEXIST;
	}
	if (!neigh && info->genlhdr->cmd == MYNET_CMD_NEIGH_CHANGE) {
		GENL_SET_ERR_MSG(info, "No such neighbour");
		return -ENOENT;
	}
	if (!ha && !known && !(flags & NTF_PROXY)) {
		GENL_SET_ERR_MSG(info, "A link address is needed");
		return -EINVAL;
	}
	if (!neigh)
		neigh = mn_neigh_find_or_make(mdev, dst);
	if (!neigh) {
		GENL_SET_ERR_MSG(info, "No room for another neighbour");
		return -ENOBUFS;
	}
	mn_neigh_set(neigh, state, ha, flags);
	return 0;
}

static int mn_neigh_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *lladdr = info->attrs[MYNET_A_NEIGH_LLADDR];
	struct nlattr *flags = info->attrs[MYNET_A_NEIGH_FLAGS];
	struct mynet_dev *mdev;
	int state, err;
	__be32 dst;

	state = mn_neigh_state_wanted(info);
	if (state < 0)
		return state;

	rtnl_lock();
	mdev = mn_neigh_target(info, &dst);
	err = PTR_ERR_OR_ZERO(mdev);
	if (!err) {
		rcu_read_lock();
		err = mn_neigh_add(mdev, dst, state, lladdr ? nla_data(lladdr) : NULL,
				   flags ? nla_get_u32(flags) : 0, info);
		rcu_read_unlock();
	}
	rtnl_unlock();
	return err;
}

static int mn_neigh_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct mynet_neigh *neigh;
	struct mynet_dev *mdev;
	__be32 dst;
	int err;

	rtnl_lock();
	mdev = mn_neigh_target(info, &dst);
	err = PTR_ERR_OR_ZERO(mdev);
	if (!err) {
		rcu_read_lock();
		neigh = mn_neigh_find(mdev, dst);
		if (neigh)
			mn_neigh_kill(neigh);
		else
			err = -ENOENT;
		rcu_read_unlock();
	}
	rtnl_unlock();
	if (err == -ENOENT)
		GENL_SET_ERR_MSG(info, "No such neighbour");
	return err;
}

/* args[0]: how many entries were passed already. */
static int mn_neigh_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr *only = genl_info_dump(cb)->attrs[MYNET_A_NEIGH_IFINDEX];
	struct mn_neigh_net *nn = &mn_link_net(sock_net(skb->sk))->neigh;
	struct mynet_neigh *neigh;
	long n = 0;

	spin_lock_bh(&nn->lock);
	cb->seq = nn->generation;
	list_for_each_entry(neigh, &nn->list, net_list) {
		if (n++ < cb->args[0])
			continue;
		if (only && nla_get_u32(only) != neigh->key.ifindex)
			continue;
		if (mynet_control_show(skb, cb, MYNET_CMD_NEIGH_GET, mn_neigh_fill, neigh)) {
			n--;
			break;
		}
	}
	cb->args[0] = n;
	spin_unlock_bh(&nn->lock);
	return skb->len;
}

static const struct nla_policy mn_neigh_add_policy[] = {
	[MYNET_A_NEIGH_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[MYNET_A_NEIGH_DST]	= { .type = NLA_U32 },
	[MYNET_A_NEIGH_LLADDR]	= NLA_POLICY_EXACT_LEN(ETH_ALEN),
	[MYNET_A_NEIGH_STATE]	= { .type = NLA_U32 },
	[MYNET_A_NEIGH_FLAGS]	= NLA_POLICY_MASK(NLA_U32, NTF_PROXY),
};

static const struct nla_policy mn_neigh_del_policy[] = {
	[MYNET_A_NEIGH_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[MYNET_A_NEIGH_DST]	= { .type = NLA_U32 },
};

static const struct nla_policy mn_neigh_get_policy[] = {
	[MYNET_A_NEIGH_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
};

static const struct genl_ops mn_neigh_ops[] = {
	{
		.cmd		= MYNET_CMD_NEIGH_GET,
		.dumpit		= mn_neigh_get_dumpit,
		.policy		= mn_neigh_get_policy,
		.maxattr	= ARRAY_SIZE(mn_neigh_get_policy) - 1,
	}, {
		.cmd		= MYNET_CMD_NEIGH_ADD,
		.flags		= MYNET_CONTROL_ADMIN,
		.doit		= mn_neigh_add_doit,
		.policy		= mn_neigh_add_policy,
		.maxattr	= ARRAY_SIZE(mn_neigh_add_policy) - 1,
	}, {
		.cmd		= MYNET_CMD_NEIGH_CHANGE,
		.flags		= MYNET_CONTROL_ADMIN,
		.doit		= mn_neigh_add_doit,
		.policy		= mn_neigh_add_policy,
		.maxattr	= ARRAY_SIZE(mn_neigh_add_policy) - 1,
	}, {
		.cmd		= MYNET_CMD_NEIGH_REPLACE,
		.flags		= MYNET_CONTROL_ADMIN,
		.doit		= mn_neigh_add_doit,
		.policy		= mn_neigh_add_policy,
		.maxattr	= ARRAY_SIZE(mn_neigh_add_policy) - 1,
	}, {
		.cmd		= MYNET_CMD_NEIGH_DEL,
		.flags		= MYNET_CONTROL_ADMIN,
		.doit		= mn_neigh_del_doit,
		.policy		= mn_neigh_del_policy,
		.maxattr	= ARRAY_SIZE(mn_neigh_del_policy) - 1,
	},
};

int __init mn_neigh_genl_init(void)
{
	return mynet_control_add(mn_neigh_ops, ARRAY_SIZE(mn_neigh_ops));
}
