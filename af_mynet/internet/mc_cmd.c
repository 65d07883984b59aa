// SPDX-License-Identifier: GPL-2.0
/*
 * Commands about groups: those of a device, and the memberships of the administrator.
 *
 * State: mn_inet.admin_mc, through mc.c only.
 */
#include <linux/in.h>
#include <linux/mynet.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>

#include "control/control.h"
#include "internet/inet.h"
#include "internet/mc.h"

/* --- showing ------------------------------------------------------------------------------ */

struct mn_shown_group {
	struct mn_indev		*indev;
	struct mn_mc_group	*group;
	bool			alone;	/* no message has room for all: as many sources as fit */
};

static int mn_maddr_fill_sources(struct sk_buff *skb, const struct mn_shown_group *shown)
{
	const struct mn_mc_group *group = shown->group;
	const struct mn_mc_source *source;
	struct nlattr *nest;

	nest = nla_reserve(skb, MYNET_A_MADDR_SOURCES, 0);
	if (!nest)
		return -EMSGSIZE;
	hlist_for_each_entry(source, &group->sources, list) {
		if (!mn_mc_in_set(group, source))
			continue;
		if (skb_tailroom(skb) < NLA_ALIGN(sizeof(__be32)))
			return shown->alone ? 0 : -EMSGSIZE;
		skb_put_data(skb, &source->addr, sizeof(source->addr));
		nest->nla_len += sizeof(__be32);
	}
	return 0;
}

/* Under mn_mc.lock. */
static int mn_maddr_fill(struct sk_buff *skb, const void *what)
{
	const struct mn_shown_group *shown = what;
	const struct mn_mc_group *group = shown->group;

	if (nla_put_u32(skb, MYNET_A_MADDR_IFINDEX, shown->indev->mdev->dev->ifindex) ||
	    nla_put_in_addr(skb, MYNET_A_MADDR_GROUP, group->addr) ||
	    nla_put_u32(skb, MYNET_A_MADDR_MODE,
			mn_mc_excludes(group) ? MCAST_EXCLUDE : MCAST_INCLUDE) ||
	    nla_put_u32(skb, MYNET_A_MADDR_USERS, group->users) ||
	    nla_put_u32(skb, MYNET_A_MADDR_VERSION, mn_igmp_version(&shown->indev->mc)) ||
	    (group->reporter && nla_put_flag(skb, MYNET_A_MADDR_REPORTER)))
		return -EMSGSIZE;
	return mn_maddr_fill_sources(skb, shown);
}

/* The place where a dump goes on: with this device, or the next one, after so many groups of it. */
struct mn_maddr_dump {
	int		ifindex;
	unsigned int	shown;
};

static int mn_maddr_dump_device(struct sk_buff *skb, struct netlink_callback *cb,
				struct mn_indev *indev, struct mn_maddr_dump *at)
{
	struct mn_shown_group shown = { .indev = indev };
	struct mn_mc *mc = &indev->mc;
	unsigned int i, n = 0;
	int err = 0;

	spin_lock_bh(&mc->lock);
	for (i = 0; i < ARRAY_SIZE(mc->hash) && !err; i++) {
		hlist_for_each_entry(shown.group, &mc->hash[i], hash) {
			if (!shown.group->users || n++ < at->shown)
				continue;
			err = mynet_control_show(skb, cb, MYNET_CMD_MADDR_GET, mn_maddr_fill,
						 &shown);
			shown.alone = err && !skb->len;
			if (shown.alone)
				err = mynet_control_show(skb, cb, MYNET_CMD_MADDR_GET,
							 mn_maddr_fill, &shown);
			if (err)
				break;
			at->shown++;
		}
	}
	spin_unlock_bh(&mc->lock);
	return err;
}

static int mn_maddr_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct mn_maddr_dump *at = (struct mn_maddr_dump *)cb->ctx;
	struct net *net = sock_net(skb->sk);
	struct mynet_dev *mdev;

	rcu_read_lock();
	while ((mdev = mynet_dev_next(net, at->ifindex - 1))) {
		struct mn_indev *indev = mn_indev(mdev);

		if (mdev->dev->ifindex != at->ifindex)
			*at = (struct mn_maddr_dump){ .ifindex = mdev->dev->ifindex };
		if (indev && mn_maddr_dump_device(skb, cb, indev, at))
			break;
		*at = (struct mn_maddr_dump){ .ifindex = mdev->dev->ifindex + 1 };
	}
	rcu_read_unlock();
	return skb->len;
}

/* --- changing ----------------------------------------------------------------------------- */

static int mn_maddr_where(struct genl_info *info, struct mynet_mc_where *where)
{
	int err = mynet_control_need(info, MYNET_A_MADDR_GROUP);

	if (err)
		return err;
	where->group = nla_get_in_addr(info->attrs[MYNET_A_MADDR_GROUP]);
	if (info->attrs[MYNET_A_MADDR_IFINDEX])
		where->ifindex = nla_get_u32(info->attrs[MYNET_A_MADDR_IFINDEX]);
	return 0;
}

static int mn_maddr_explain(struct genl_info *info, int err)
{
	switch (err) {
	case -EINVAL:
		GENL_SET_ERR_MSG(info, "Address is no group, or a source is one");
		break;
	case -ENODEV:
		GENL_SET_ERR_MSG(info, "Group needs a device that is attached");
		break;
	case -EADDRINUSE:
		GENL_SET_ERR_MSG(info, "Group is joined already");
		break;
	case -EADDRNOTAVAIL:
		GENL_SET_ERR_MSG(info, "Group is not joined");
		break;
	case -ENOBUFS:
		GENL_SET_ERR_MSG(info, "More than igmp_max_memberships or igmp_max_msf allow");
		break;
	}
	return err;
}

/* Sources of a group that is joined already take the place of those that it had. */
static int mn_maddr_join_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *sources = info->attrs[MYNET_A_MADDR_SOURCES];
	struct nlattr *mode = info->attrs[MYNET_A_MADDR_MODE];
	struct net *net = genl_info_net(info);
	struct mynet_mc_list *list = &mn_inet(net)->admin_mc;
	struct mynet_mc_where where = {};
	unsigned int n = sources ? nla_len(sources) / sizeof(__be32) : 0;
	const __be32 *source = sources ? nla_data(sources) : NULL;
	int err;

	err = mn_maddr_where(info, &where);
	if (err)
		return err;
	if (!n && !mode)
		return mn_maddr_explain(info, mynet_mc_join(net, list, &where));
	return mn_maddr_explain(info, mn_mc_replace(net, list, &where,
						    mode ? nla_get_u32(mode) : MCAST_EXCLUDE,
						    source, n));
}

static int mn_maddr_leave_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct mynet_mc_where where = {};
	int err;

	err = mn_maddr_where(info, &where);
	if (err)
		return err;
	return mn_maddr_explain(info, mynet_mc_leave(net, &mn_inet(net)->admin_mc, &where));
}

static const struct nla_policy mn_maddr_policy[] = {
	[MYNET_A_MADDR_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[MYNET_A_MADDR_GROUP]	= { .type = NLA_U32 },
	[MYNET_A_MADDR_MODE]	= NLA_POLICY_MAX(NLA_U32, MCAST_INCLUDE),
	[MYNET_A_MADDR_SOURCES]	= { .type = NLA_BINARY, .len = 4096 * sizeof(__be32) },
};

static const struct genl_ops mn_maddr_ops[] = {
	{
		.cmd		= MYNET_CMD_MADDR_GET,
		.dumpit		= mn_maddr_get_dumpit,
	}, {
		.cmd		= MYNET_CMD_MADDR_JOIN,
		.flags		= MYNET_CONTROL_ADMIN,
		.doit		= mn_maddr_join_doit,
		.policy		= mn_maddr_policy,
		.maxattr	= ARRAY_SIZE(mn_maddr_policy) - 1,
	}, {
		.cmd		= MYNET_CMD_MADDR_LEAVE,
		.flags		= MYNET_CONTROL_ADMIN,
		.doit		= mn_maddr_leave_doit,
		.policy		= mn_maddr_policy,
		.maxattr	= MYNET_A_MADDR_GROUP,
	},
};

int __init mn_mc_cmd_init(void)
{
	return mynet_control_add(mn_maddr_ops, ARRAY_SIZE(mn_maddr_ops));
}
