// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family "mynet": the commands that the rooms have put on the desk, and
 * one multicast group for what happens.
 *
 * State: mn_ops, filled while the module is opened and fixed when the family is registered.
 */
#include <linux/module.h>
#include <linux/mynet.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>

#include "control/control.h"

static struct genl_ops mn_ops[48];

static const struct genl_multicast_group mn_groups[] = {
	{ .name = MYNET_GENL_GROUP_EVENTS, },
};

static struct genl_family mn_family __ro_after_init = {
	.name		= MYNET_GENL_NAME,
	.version	= MYNET_GENL_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= mn_ops,
	.mcgrps		= mn_groups,
	.n_mcgrps	= ARRAY_SIZE(mn_groups),
};

int __init mynet_control_add(const struct genl_ops *ops, unsigned int n)
{
	if (WARN_ON(mn_family.n_ops + n > ARRAY_SIZE(mn_ops)))
		return -ENOSPC;
	memcpy(mn_ops + mn_family.n_ops, ops, n * sizeof(*ops));
	mn_family.n_ops += n;
	return 0;
}

int mynet_control_need(struct genl_info *info, int attr)
{
	if (!GENL_REQ_ATTR_CHECK(info, attr))
		return 0;
	GENL_SET_ERR_MSG(info, "An attribute is missing");
	return -EINVAL;
}

struct net_device *mynet_control_dev(struct genl_info *info, int attr)
{
	struct net_device *dev;
	int err;

	ASSERT_RTNL();

	err = mynet_control_need(info, attr);
	if (err)
		return ERR_PTR(err);
	dev = __dev_get_by_index(genl_info_net(info), nla_get_u32(info->attrs[attr]));
	if (dev)
		return dev;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[attr], "No such device");
	return ERR_PTR(-ENODEV);
}

void *mynet_control_put(struct sk_buff *skb, u32 portid, u32 seq, int flags, u8 cmd)
{
	return genlmsg_put(skb, portid, seq, &mn_family, flags, cmd);
}

void mynet_control_event(struct net *net, u8 ntf, mynet_control_fill_t fill, const void *what,
			 int attr, u8 event)
{
	struct sk_buff *msg;
	void *hdr;

	if (!genl_has_listeners(&mn_family, net, 0))
		return;
	msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_ATOMIC);
	if (!msg)
		goto lost;
	hdr = mynet_control_put(msg, 0, 0, 0, ntf);
	if (!hdr || fill(msg, what) || (attr && nla_put_u32(msg, attr, event)))
		goto lost;
	genlmsg_end(msg, hdr);
	genlmsg_multicast_netns(&mn_family, net, msg, 0, 0, GFP_ATOMIC);
	return;
lost:
	nlmsg_free(msg);
	genl_set_err(&mn_family, net, 0, 0, -ENOBUFS);
}

int mynet_control_show(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd,
		       mynet_control_fill_t fill, const void *what)
{
	void *hdr = mynet_control_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				      NLM_F_MULTI, cmd);

	if (!hdr)
		return -EMSGSIZE;
	if (fill(skb, what)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genl_dump_check_consistent(cb, hdr);
	genlmsg_end(skb, hdr);
	return 0;
}

int __init mynet_control_open(void)
{
	return genl_register_family(&mn_family);
}

void mynet_control_close(void)
{
	genl_unregister_family(&mn_family);
}
