// SPDX-License-Identifier: GPL-2.0
/*
 * Commands about attached devices: attach, detach, get.
 *
 * State: none.
 */
#include <linux/mynet.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>

#include "control/control.h"
#include "link/private.h"

static int mn_dev_attach_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *mode = info->attrs[MYNET_A_DEV_MODE];
	bool force = info->attrs[MYNET_A_DEV_FORCE];
	struct net_device *dev;
	int err;

	rtnl_lock();
	dev = mynet_control_dev(info, MYNET_A_DEV_IFINDEX);
	err = PTR_ERR_OR_ZERO(dev);
	if (!err)
		err = mn_dev_attach(dev, mode ? nla_get_u32(mode) : MYNET_DEV_MODE_INET, force,
				    info->extack);
	rtnl_unlock();
	return err;
}

static int mn_dev_detach_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct mynet_dev *mdev;
	struct net_device *dev;
	int err;

	rtnl_lock();
	dev = mynet_control_dev(info, MYNET_A_DEV_IFINDEX);
	err = PTR_ERR_OR_ZERO(dev);
	if (err)
		goto out;
	mdev = mynet_dev_find(dev);
	if (!mdev) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[MYNET_A_DEV_IFINDEX],
				    "Device is not attached");
		err = -ENOENT;
	} else if (dev->flags & IFF_LOOPBACK) {
		GENL_SET_ERR_MSG(info, "The loopback device stays attached");
		err = -EOPNOTSUPP;
	} else {
		mn_dev_detach(mn_dev(mdev));
	}
out:
	rtnl_unlock();
	return err;
}

static int mn_dev_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct mynet_dev *mdev = NULL;
	struct net_device *dev;
	struct sk_buff *msg;
	int err = -EMSGSIZE;
	void *hdr;

	msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	hdr = mynet_control_put(msg, info->snd_portid, info->snd_seq, 0, MYNET_CMD_DEV_GET);
	if (!hdr)
		goto err_msg;

	rtnl_lock();
	dev = mynet_control_dev(info, MYNET_A_DEV_IFINDEX);
	if (!IS_ERR(dev))
		mdev = mynet_dev_find(dev);
	if (mdev)
		err = mn_dev_fill(msg, mdev);
	else
		err = IS_ERR(dev) ? PTR_ERR(dev) : -ENOENT;
	rtnl_unlock();
	if (err == -ENOENT)
		GENL_SET_ERR_MSG(info, "Device is not attached");
	if (err)
		goto err_msg;

	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);

err_msg:
	nlmsg_free(msg);
	return err;
}

/* args[0]: ifindex of the last device that was shown. */
static int mn_dev_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct net *net = sock_net(skb->sk);
	struct mynet_dev *mdev;

	rcu_read_lock();
	cb->seq = READ_ONCE(mn_link_net(net)->dev.generation);
	while ((mdev = mynet_dev_next(net, cb->args[0]))) {
		if (mynet_control_show(skb, cb, MYNET_CMD_DEV_GET, mn_dev_fill, mdev))
			break;
		cb->args[0] = mdev->dev->ifindex;
	}
	rcu_read_unlock();
	return skb->len;
}

static const struct nla_policy mn_dev_attach_policy[] = {
	[MYNET_A_DEV_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[MYNET_A_DEV_MODE]	= NLA_POLICY_MAX(NLA_U32, MYNET_DEV_MODE_NATIVE),
	[MYNET_A_DEV_FORCE]	= { .type = NLA_FLAG },
};

static const struct nla_policy mn_dev_policy[] = {
	[MYNET_A_DEV_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
};

static const struct genl_ops mn_dev_ops[] = {
	{
		.cmd		= MYNET_CMD_DEV_GET,
		.doit		= mn_dev_get_doit,
		.dumpit		= mn_dev_get_dumpit,
		.policy		= mn_dev_policy,
		.maxattr	= ARRAY_SIZE(mn_dev_policy) - 1,
	}, {
		.cmd		= MYNET_CMD_DEV_ATTACH,
		.flags		= MYNET_CONTROL_ADMIN,
		.doit		= mn_dev_attach_doit,
		.policy		= mn_dev_attach_policy,
		.maxattr	= ARRAY_SIZE(mn_dev_attach_policy) - 1,
	}, {
		.cmd		= MYNET_CMD_DEV_DETACH,
		.flags		= MYNET_CONTROL_ADMIN,
		.doit		= mn_dev_detach_doit,
		.policy		= mn_dev_policy,
		.maxattr	= ARRAY_SIZE(mn_dev_policy) - 1,
	},
};

int __init mn_dev_genl_init(void)
{
	return mynet_control_add(mn_dev_ops, ARRAY_SIZE(mn_dev_ops));
}
