// SPDX-License-Identifier: GPL-2.0
/*
 * Commands about addresses: add, delete, get.
 *
 * State: none.
 */
#include <linux/if_addr.h>
#include <linux/mynet.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>

#include "control/control.h"
#include "link/private.h"

/* The attached device that a command is about. RTNL. */
static struct mynet_dev *mn_ifaddr_mdev(struct genl_info *info)
{
	struct net_device *dev = mynet_control_dev(info, MYNET_A_ADDR_IFINDEX);
	struct mynet_dev *mdev;

	if (IS_ERR(dev))
		return ERR_CAST(dev);
	mdev = mynet_dev_find(dev);
	if (mdev)
		return mdev;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[MYNET_A_ADDR_IFINDEX],
			    "Device is not attached");
	return ERR_PTR(-ENODEV);
}

static void mn_ifaddr_parse(const struct genl_info *info, struct mynet_ifaddr *wanted)
{
	struct nlattr **attrs = info->attrs;

	memset(wanted, 0, sizeof(*wanted));
	wanted->local = nla_get_in_addr(attrs[MYNET_A_ADDR_LOCAL]);
	wanted->prefixlen = 32;
	if (attrs[MYNET_A_ADDR_PREFIXLEN])
		wanted->prefixlen = nla_get_u8(attrs[MYNET_A_ADDR_PREFIXLEN]);
	wanted->mask = mynet_mask(wanted->prefixlen);

	wanted->scope = ipv4_is_loopback(wanted->local) ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE;
	if (attrs[MYNET_A_ADDR_SCOPE])
		wanted->scope = nla_get_u8(attrs[MYNET_A_ADDR_SCOPE]);

	/* RFC 3021: a network of two has no broadcast address. */
	if (wanted->prefixlen < 31 && wanted->scope < RT_SCOPE_HOST)
		wanted->broadcast = wanted->local | ~wanted->mask;
	if (attrs[MYNET_A_ADDR_BROADCAST])
		wanted->broadcast = nla_get_in_addr(attrs[MYNET_A_ADDR_BROADCAST]);

	wanted->valid_until = MYNET_LIFE_FOREVER;
	if (attrs[MYNET_A_ADDR_VALID])
		wanted->valid_until = nla_get_u32(attrs[MYNET_A_ADDR_VALID]);
	/* Not said: as long as it is valid. */
	wanted->preferred_until = wanted->valid_until;
	if (attrs[MYNET_A_ADDR_PREFERRED])
		wanted->preferred_until = nla_get_u32(attrs[MYNET_A_ADDR_PREFERRED]);

	if (attrs[MYNET_A_ADDR_FLAGS])
		wanted->flags = nla_get_u32(attrs[MYNET_A_ADDR_FLAGS]);
	if (attrs[MYNET_A_ADDR_LABEL])
		nla_strscpy(wanted->label, attrs[MYNET_A_ADDR_LABEL], sizeof(wanted->label));
}

static int mn_ifaddr_put_on(struct mynet_dev *mdev, const struct mynet_ifaddr *wanted, u8 cmd,
			    struct netlink_ext_ack *extack)
{
	bool there = mynet_ifaddr_find_dev(mdev, wanted->local);

	if (cmd == MYNET_CMD_ADDR_CHANGE || (cmd == MYNET_CMD_ADDR_REPLACE && there))
		return mn_ifaddr_change(mdev, wanted, extack);
	if (cmd == MYNET_CMD_ADDR_REPLACE)
		mn_probe_stop(mdev, wanted->local, -1);
	if (mn_probe_wanted(mdev, wanted))
		return mn_probe_start(mdev, wanted, extack);
	return mn_ifaddr_add(mdev, wanted, extack);
}

static int mn_ifaddr_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct mynet_ifaddr wanted;
	struct mynet_dev *mdev;
	int err;

	err = mynet_control_need(info, MYNET_A_ADDR_LOCAL);
	if (err)
		return err;
	mn_ifaddr_parse(info, &wanted);

	rtnl_lock();
	mdev = mn_ifaddr_mdev(info);
	err = IS_ERR(mdev) ? PTR_ERR(mdev) :
	      mn_ifaddr_put_on(mdev, &wanted, info->genlhdr->cmd, info->extack);
	rtnl_unlock();
	return err;
}

static int mn_ifaddr_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *prefixlen = info->attrs[MYNET_A_ADDR_PREFIXLEN];
	struct mynet_dev *mdev;
	__be32 local;
	int err;

	err = mynet_control_need(info, MYNET_A_ADDR_LOCAL);
	if (err)
		return err;
	local = nla_get_in_addr(info->attrs[MYNET_A_ADDR_LOCAL]);

	rtnl_lock();
	mdev = mn_ifaddr_mdev(info);
	if (IS_ERR(mdev))
		err = PTR_ERR(mdev);
	else
		err = mn_ifaddr_del(mdev, local, prefixlen ? nla_get_u8(prefixlen) : -1,
				    info->extack);
	rtnl_unlock();
	return err;
}

/* A dump of a device's addresses; @n of them were looked at. */
struct mn_ifaddr_dump {
	struct sk_buff		*skb;
	struct netlink_callback	*cb;
	long			n;
};

/* args[1]: how many addresses of the device were shown already. */
static int mn_ifaddr_dump_one(const struct mynet_ifaddr *ifa, void *arg)
{
	struct mn_ifaddr_dump *dump = arg;

	if (dump->n++ < dump->cb->args[1])
		return 0;
	if (mynet_control_show(dump->skb, dump->cb, MYNET_CMD_ADDR_GET, mn_ifaddr_fill, ifa))
		return -EMSGSIZE;
	dump->cb->args[1]++;
	return 0;
}

static int mn_ifaddr_dump_dev(struct sk_buff *skb, struct netlink_callback *cb,
			      struct mynet_dev *mdev)
{
	struct mn_ifaddr_dump dump = { .skb = skb, .cb = cb };
	const struct mynet_ifaddr *ifa;

	mynet_ifaddr_for_each(ifa, mdev)
		if (mn_ifaddr_dump_one(ifa, &dump))
			return -EMSGSIZE;
	return mn_probe_show(mdev, mn_ifaddr_dump_one, &dump);
}

/* args[0]: ifindex of the last device that was shown completely. */
static int mn_ifaddr_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr *only = genl_info_dump(cb)->attrs[MYNET_A_ADDR_IFINDEX];
	struct net *net = sock_net(skb->sk);
	struct mynet_dev *mdev;

	rcu_read_lock();
	cb->seq = READ_ONCE(mn_link_net(net)->ifaddr.generation);
	while ((mdev = mynet_dev_next(net, cb->args[0]))) {
		if (!only || nla_get_u32(only) == mdev->dev->ifindex)
			if (mn_ifaddr_dump_dev(skb, cb, mdev))
				break;
		cb->args[0] = mdev->dev->ifindex;
		cb->args[1] = 0;
	}
	rcu_read_unlock();
	return skb->len;
}

static const struct nla_policy mn_ifaddr_add_policy[] = {
	[MYNET_A_ADDR_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[MYNET_A_ADDR_LOCAL]	= { .type = NLA_U32 },
	[MYNET_A_ADDR_PREFIXLEN] = NLA_POLICY_MAX(NLA_U8, 32),
	[MYNET_A_ADDR_BROADCAST] = { .type = NLA_U32 },
	[MYNET_A_ADDR_SCOPE]	= NLA_POLICY_MAX(NLA_U8, RT_SCOPE_HOST),
	[MYNET_A_ADDR_FLAGS]	= NLA_POLICY_MASK(NLA_U32, IFA_F_NOPREFIXROUTE),
	[MYNET_A_ADDR_LABEL]	= { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[MYNET_A_ADDR_VALID]	= { .type = NLA_U32 },
	[MYNET_A_ADDR_PREFERRED] = { .type = NLA_U32 },
};

static const struct nla_policy mn_ifaddr_del_policy[] = {
	[MYNET_A_ADDR_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[MYNET_A_ADDR_LOCAL]	= { .type = NLA_U32 },
	[MYNET_A_ADDR_PREFIXLEN] = NLA_POLICY_MAX(NLA_U8, 32),
};

static const struct nla_policy mn_ifaddr_get_policy[] = {
	[MYNET_A_ADDR_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
};

static const struct genl_ops mn_ifaddr_ops[] = {
	{
		.cmd		= MYNET_CMD_ADDR_GET,
		.dumpit		= mn_ifaddr_get_dumpit,
		.policy		= mn_ifaddr_get_policy,
		.maxattr	= ARRAY_SIZE(mn_ifaddr_get_policy) - 1,
	}, {
		.cmd		= MYNET_CMD_ADDR_ADD,
		.flags		= MYNET_CONTROL_ADMIN,
		.doit		= mn_ifaddr_add_doit,
		.policy		= mn_ifaddr_add_policy,
		.maxattr	= ARRAY_SIZE(mn_ifaddr_add_policy) - 1,
	}, {
		.cmd		= MYNET_CMD_ADDR_CHANGE,
		.flags		= MYNET_CONTROL_ADMIN,
		.doit		= mn_ifaddr_add_doit,
		.policy		= mn_ifaddr_add_policy,
		.maxattr	= ARRAY_SIZE(mn_ifaddr_add_policy) - 1,
	}, {
		.cmd		= MYNET_CMD_ADDR_REPLACE,
		.flags		= MYNET_CONTROL_ADMIN,
		.doit		= mn_ifaddr_add_doit,
		.policy		= mn_ifaddr_add_policy,
		.maxattr	= ARRAY_SIZE(mn_ifaddr_add_policy) - 1,
	}, {
		.cmd		= MYNET_CMD_ADDR_DEL,
		.flags		= MYNET_CONTROL_ADMIN,
		.doit		= mn_ifaddr_del_doit,
		.policy		= mn_ifaddr_del_policy,
		.maxattr	= ARRAY_SIZE(mn_ifaddr_del_policy) - 1,
	},
};

int __init mn_ifaddr_genl_init(void)
{
	return mynet_control_add(mn_ifaddr_ops, ARRAY_SIZE(mn_ifaddr_ops));
}
