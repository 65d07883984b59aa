// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink: cables, wire faults, broken silicon (uapi/linux/vftgmac100.h).
 */
#include <linux/netdevice.h>
#include <linux/vftgmac100.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "ftgmac100.h"

static struct netlink_range_validation nl_chance = { .max = 1000000 };
static struct netlink_range_validation nl_delay = { .max = 10 * USEC_PER_SEC };

static const struct nla_policy nl_policy[VFT_A_MAX + 1] = {
	[VFT_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VFT_A_PEER_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VFT_A_PEER_NETNS_FD] = { .type = NLA_U32 },
	[VFT_A_LOSS] = NLA_POLICY_FULL_RANGE(NLA_U32, &nl_chance),
	[VFT_A_DUP] = NLA_POLICY_FULL_RANGE(NLA_U32, &nl_chance),
	[VFT_A_REORDER] = NLA_POLICY_FULL_RANGE(NLA_U32, &nl_chance),
	[VFT_A_CORRUPT] = NLA_POLICY_FULL_RANGE(NLA_U32, &nl_chance),
	[VFT_A_TRUNCATE] = NLA_POLICY_FULL_RANGE(NLA_U32, &nl_chance),
	[VFT_A_OVERLONG] = NLA_POLICY_FULL_RANGE(NLA_U32, &nl_chance),
	[VFT_A_DELAY] = NLA_POLICY_FULL_RANGE(NLA_U32, &nl_delay),
	[VFT_A_JITTER] = NLA_POLICY_FULL_RANGE(NLA_U32, &nl_delay),
	[VFT_A_PACED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VFT_A_SEED] = { .type = NLA_U64 },
	[VFT_A_FAIL] = NLA_POLICY_MAX(NLA_U8, __VFT_FAIL_MAX - 1),
};

static struct genl_family nl_family;

static struct vft_card *vft_nl_card(struct net *net, struct nlattr *attr,
				    struct netlink_ext_ack *extack)
{
	struct net_device *dev;

	if (!attr) {
		NL_SET_ERR_MSG(extack, "which card?");
		return ERR_PTR(-EINVAL);
	}
	dev = __dev_get_by_index(net, nla_get_u32(attr));
	if (!dev || dev->rtnl_link_ops != &vft_link_ops) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "no such vftgmac100 card");
		return ERR_PTR(-ENODEV);
	}
	return ((struct vft *)netdev_priv(dev))->card;
}

static struct vft_card *vft_nl_info_card(struct genl_info *info)
{
	return vft_nl_card(genl_info_net(info), info->attrs[VFT_A_IFINDEX], info->extack);
}

static int vft_nl_put_wire(struct sk_buff *msg, struct vft_port *port)
{
	struct vft_wire_stats s;
	struct vft_faults f;

	vft_wire_get(port, &f, &s);
	if (nla_put_u8(msg, VFT_A_LINK, READ_ONCE(port->up)) ||
	    nla_put_u32(msg, VFT_A_LOSS, f.loss) ||
	    nla_put_u32(msg, VFT_A_DUP, f.dup) ||
	    nla_put_u32(msg, VFT_A_REORDER, f.reorder) ||
	    nla_put_u32(msg, VFT_A_CORRUPT, f.corrupt) ||
	    nla_put_u32(msg, VFT_A_TRUNCATE, f.truncate) ||
	    nla_put_u32(msg, VFT_A_OVERLONG, f.overlong) ||
	    nla_put_u32(msg, VFT_A_DELAY, f.delay_us) ||
	    nla_put_u32(msg, VFT_A_JITTER, f.jitter_us) ||
	    nla_put_u8(msg, VFT_A_PACED, f.paced) ||
	    nla_put_u64_64bit(msg, VFT_A_SEED, f.seed, VFT_A_PAD) ||
	    nla_put_u64_64bit(msg, VFT_A_UNPLUGGED, s.unplugged, VFT_A_PAD) ||
	    nla_put_u64_64bit(msg, VFT_A_LOST, s.lost, VFT_A_PAD) ||
	    nla_put_u64_64bit(msg, VFT_A_DUPLICATED, s.duplicated, VFT_A_PAD) ||
	    nla_put_u64_64bit(msg, VFT_A_REORDERED, s.reordered, VFT_A_PAD) ||
	    nla_put_u64_64bit(msg, VFT_A_CORRUPTED, s.corrupted, VFT_A_PAD) ||
	    nla_put_u64_64bit(msg, VFT_A_TRUNCATED, s.truncated, VFT_A_PAD) ||
	    nla_put_u64_64bit(msg, VFT_A_LENGTHENED, s.overlong, VFT_A_PAD) ||
	    nla_put_u64_64bit(msg, VFT_A_OVERFLOW, s.overflow, VFT_A_PAD) ||
	    nla_put_u64_64bit(msg, VFT_A_FILTERED, vft_chip_filtered(port->chip), VFT_A_PAD))
		return -EMSGSIZE;
	return 0;
}

static int vft_nl_fill(struct sk_buff *msg, struct vft_card *card, u32 portid, u32 seq, int flags)
{
	struct net_device *dev = rtnl_dereference(card->netdev);
	struct net_device *peer = vft_card_peer_rcu(card);
	void *hdr;
	int id;

	hdr = genlmsg_put(msg, portid, seq, &nl_family, flags, VFT_CMD_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(msg, VFT_A_IFINDEX, dev->ifindex) ||
	    nla_put_string(msg, VFT_A_IFNAME, dev->name) || vft_nl_put_wire(msg, &card->port))
		goto err_cancel;
	if (peer && nla_put_u32(msg, VFT_A_PEER_IFINDEX, peer->ifindex))
		goto err_cancel;
	if (peer && !net_eq(dev_net(peer), dev_net(dev))) {
		id = peernet2id_alloc(dev_net(dev), dev_net(peer), GFP_KERNEL);
		if (nla_put_s32(msg, VFT_A_PEER_NETNSID, id))
			goto err_cancel;
	}
	genlmsg_end(msg, hdr);
	return 0;

err_cancel:
	genlmsg_cancel(msg, hdr);
	return -EMSGSIZE;
}

static int vft_nl_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	struct vft_card *card;
	int err;

	if (!msg)
		return -ENOMEM;
	rtnl_lock();
	card = vft_nl_info_card(info);
	err = PTR_ERR_OR_ZERO(card);
	if (!err)
		err = vft_nl_fill(msg, card, info->snd_portid, info->snd_seq, 0);
	rtnl_unlock();
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

static int vft_nl_dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	struct net *net = sock_net(msg->sk);
	struct vft_card *card = NULL;
	struct net_device *dev;
	long n = 0;

	rtnl_lock();
	while ((card = vft_card_next(card))) {
		dev = rtnl_dereference(card->netdev);
		if (!dev || !net_eq(dev_net(dev), net) || n++ < cb->args[0])
			continue;
		if (vft_nl_fill(msg, card, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				NLM_F_MULTI)) {
			n--;
			break;
		}
	}
	rtnl_unlock();
	cb->args[0] = n;
	return msg->len;
}

static void vft_nl_u32(const struct genl_info *info, int attr, u32 *val)
{
	if (info->attrs[attr])
		*val = nla_get_u32(info->attrs[attr]);
}

static int vft_nl_set(struct sk_buff *skb, struct genl_info *info)
{
	struct vft_wire_stats s;
	struct vft_card *card;
	struct vft_faults f;
	int err;

	rtnl_lock();
	card = vft_nl_info_card(info);
	err = PTR_ERR_OR_ZERO(card);
	if (err)
		goto out;
	vft_wire_get(&card->port, &f, &s);
	vft_nl_u32(info, VFT_A_LOSS, &f.loss);
	vft_nl_u32(info, VFT_A_DUP, &f.dup);
	vft_nl_u32(info, VFT_A_REORDER, &f.reorder);
	vft_nl_u32(info, VFT_A_CORRUPT, &f.corrupt);
	vft_nl_u32(info, VFT_A_TRUNCATE, &f.truncate);
	vft_nl_u32(info, VFT_A_OVERLONG, &f.overlong);
	vft_nl_u32(info, VFT_A_DELAY, &f.delay_us);
	vft_nl_u32(info, VFT_A_JITTER, &f.jitter_us);
	if (info->attrs[VFT_A_PACED])
		f.paced = nla_get_u8(info->attrs[VFT_A_PACED]);
	if (info->attrs[VFT_A_SEED])
		f.seed = nla_get_u64(info->attrs[VFT_A_SEED]);
	vft_wire_set_faults(&card->port, &f, info->attrs[VFT_A_SEED]);
out:
	rtnl_unlock();
	return err;
}

/* The namespace of the other end; who plugs a cable in must be master of both. */
static struct net *vft_nl_peer_net(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *fd = info->attrs[VFT_A_PEER_NETNS_FD];
	struct net *net;

	if (!fd)
		return get_net(genl_info_net(info));
	net = get_net_ns_by_fd(nla_get_u32(fd));
	if (IS_ERR(net))
		return net;
	if (netlink_ns_capable(skb, net->user_ns, CAP_NET_ADMIN))
		return net;
	put_net(net);
	return ERR_PTR(-EPERM);
}

static int vft_nl_plug(struct sk_buff *skb, struct genl_info *info)
{
	struct net *net = vft_nl_peer_net(skb, info);
	struct vft_card *card, *peer;
	int err;

	if (IS_ERR(net))
		return PTR_ERR(net);
	rtnl_lock();
	card = vft_nl_info_card(info);
	peer = vft_nl_card(net, info->attrs[VFT_A_PEER_IFINDEX], info->extack);
	err = PTR_ERR_OR_ZERO(card) ?: PTR_ERR_OR_ZERO(peer);
	if (!err)
		err = vft_wire_plug(&card->port, &peer->port);
	if (err == -EBUSY)
		NL_SET_ERR_MSG(info->extack, "there is a cable in one of them already");
	rtnl_unlock();
	put_net(net);
	return err;
}

static int vft_nl_pull(struct sk_buff *skb, struct genl_info *info)
{
	struct vft_card *card;
	int err;

	rtnl_lock();
	card = vft_nl_info_card(info);
	err = PTR_ERR_OR_ZERO(card);
	if (!err && !rtnl_dereference(card->port.peer)) {
		NL_SET_ERR_MSG(info->extack, "there is no cable");
		err = -ENOTCONN;
	}
	if (!err)
		vft_wire_unplug(&card->port);
	rtnl_unlock();
	return err;
}

static int vft_nl_fail(struct sk_buff *skb, struct genl_info *info)
{
	struct vft_card *card;
	int err;

	if (!info->attrs[VFT_A_FAIL])
		return -EINVAL;
	rtnl_lock();
	card = vft_nl_info_card(info);
	err = PTR_ERR_OR_ZERO(card);
	if (!err)
		vft_chip_fail(card->chip, nla_get_u8(info->attrs[VFT_A_FAIL]) == VFT_FAIL_HANG ?
			      VFT_CHIP_FAULT_HANG : VFT_CHIP_FAULT_AHB);
	rtnl_unlock();
	return err;
}

static const struct genl_small_ops nl_ops[] = {
	{.cmd = VFT_CMD_GET, .doit = vft_nl_get, .dumpit = vft_nl_dump},
	{.cmd = VFT_CMD_SET, .doit = vft_nl_set, .flags = GENL_UNS_ADMIN_PERM},
	{.cmd = VFT_CMD_PLUG, .doit = vft_nl_plug, .flags = GENL_UNS_ADMIN_PERM},
	{.cmd = VFT_CMD_PULL, .doit = vft_nl_pull, .flags = GENL_UNS_ADMIN_PERM},
	{.cmd = VFT_CMD_FAIL, .doit = vft_nl_fail, .flags = GENL_UNS_ADMIN_PERM},
};

static struct genl_family nl_family __ro_after_init = {
	.name = VFT_GENL_NAME,
	.version = VFT_GENL_VERSION,
	.maxattr = VFT_A_MAX,
	.policy = nl_policy,
	.netnsok = true,
	.module = THIS_MODULE,
	.small_ops = nl_ops,
	.n_small_ops = ARRAY_SIZE(nl_ops),
	.resv_start_op = __VFT_CMD_MAX,
};

/**
 * vft_nl_init() - register the family
 *
 * Return: 0 or a negative error.
 */
int vft_nl_init(void)
{
	return genl_register_family(&nl_family);
}

/**
 * vft_nl_exit() - unregister it
 */
void vft_nl_exit(void)
{
	genl_unregister_family(&nl_family);
}
