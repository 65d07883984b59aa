// SPDX-License-Identifier: GPL-2.0
/*
 * Commands about policy rules: add, delete, list.
 *
 * State: none.
 */
#include <linux/mynet.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>

#include "control/control.h"
#include "internet/inet.h"

/* args[0]: how many were shown. */
static int mn_rule_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct mn_fib *fib = &mn_inet(sock_net(skb->sk))->fib;
	const struct mn_rule *rule;
	long n = 0;

	rcu_read_lock();
	cb->seq = atomic_read(&fib->generation);
	list_for_each_entry_rcu(rule, &fib->rules, list) {
		if (n++ < cb->args[0])
			continue;
		if (mynet_control_show(skb, cb, MYNET_CMD_RULE_GET, mn_rule_fill, rule))
			break;
		cb->args[0]++;
	}
	rcu_read_unlock();
	return skb->len;
}

/* A prefix of a packet's addresses. */
static int mn_rule_prefix(struct genl_info *info, int addr_attr, int len_attr, __be32 *addr,
			  __be32 *mask)
{
	struct nlattr *attr = info->attrs[addr_attr], *len = info->attrs[len_attr];

	if (!attr)
		return 0;
	*addr = nla_get_in_addr(attr);
	*mask = mynet_mask(len ? nla_get_u8(len) : 32);
	if (!(*addr & ~*mask))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, attr, "Address has bits set behind its prefix");
	return -EINVAL;
}

/* The first and, behind it, the last of a range of ports. */
static int mn_rule_ports(struct genl_info *info, int attr, u16 *min, u16 *max)
{
	struct nlattr *first = info->attrs[attr], *last = info->attrs[attr + 1];

	if (!first)
		return 0;
	*min = ntohs(nla_get_be16(first));
	*max = last ? ntohs(nla_get_be16(last)) : *min;
	if (*min && *min <= *max)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, first, "Ports are 1 to 65535, the smaller one first");
	return -EINVAL;
}

static int mn_rule_users(struct genl_info *info, struct mn_rule_match *match)
{
	struct nlattr *first = info->attrs[MYNET_A_RULE_UID];
	struct nlattr *last = info->attrs[MYNET_A_RULE_UID_MAX];

	if (!first)
		return 0;
	match->by_uid = true;
	match->uid_min = make_kuid(current_user_ns(), nla_get_u32(first));
	match->uid_max = last ? make_kuid(current_user_ns(), nla_get_u32(last)) : match->uid_min;
	if (uid_valid(match->uid_min) && uid_valid(match->uid_max) &&
	    uid_lte(match->uid_min, match->uid_max))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, first, "Users are unknown here, or in the wrong order");
	return -EINVAL;
}

static int mn_rule_parse_transport(struct genl_info *info, struct mn_rule_match *match)
{
	if (info->attrs[MYNET_A_RULE_IPPROTO])
		match->proto = nla_get_u8(info->attrs[MYNET_A_RULE_IPPROTO]);
	return mn_rule_ports(info, MYNET_A_RULE_SPORT, &match->sport_min, &match->sport_max) ?:
	       mn_rule_ports(info, MYNET_A_RULE_DPORT, &match->dport_min, &match->dport_max) ?:
	       mn_rule_users(info, match);
}

static int mn_rule_parse_match(struct genl_info *info, struct mn_rule_match *match)
{
	struct nlattr **attrs = info->attrs;

	if (attrs[MYNET_A_RULE_MARK]) {
		match->mark_mask = attrs[MYNET_A_RULE_MARK_MASK] ?
				   nla_get_u32(attrs[MYNET_A_RULE_MARK_MASK]) : ~0U;
		match->mark = nla_get_u32(attrs[MYNET_A_RULE_MARK]) & match->mark_mask;
	}
	if (attrs[MYNET_A_RULE_TOS])
		match->tos = nla_get_u8(attrs[MYNET_A_RULE_TOS]);
	if (match->tos & 3) {
		NL_SET_ERR_MSG_ATTR(info->extack, attrs[MYNET_A_RULE_TOS],
				    "No such tos to route by");
		return -EINVAL;
	}
	match->invert = attrs[MYNET_A_RULE_INVERT];
	if (attrs[MYNET_A_RULE_IIF])
		nla_strscpy(match->iif, attrs[MYNET_A_RULE_IIF], sizeof(match->iif));
	if (attrs[MYNET_A_RULE_OIF])
		nla_strscpy(match->oif, attrs[MYNET_A_RULE_OIF], sizeof(match->oif));
	return mn_rule_prefix(info, MYNET_A_RULE_SRC, MYNET_A_RULE_SRC_LEN, &match->src,
			      &match->src_mask) ?:
	       mn_rule_prefix(info, MYNET_A_RULE_DST, MYNET_A_RULE_DST_LEN, &match->dst,
			      &match->dst_mask) ?:
	       mn_rule_parse_transport(info, match);
}

static int mn_rule_parse(struct genl_info *info, struct mn_rule_config *cfg)
{
	struct nlattr **attrs = info->attrs;
	struct mn_rule *rule = &cfg->rule;

	*cfg = (struct mn_rule_config){ .extack = info->extack };
	cfg->priority_set = attrs[MYNET_A_RULE_PRIORITY];
	cfg->type_set = attrs[MYNET_A_RULE_TYPE];
	if (cfg->priority_set)
		rule->priority = nla_get_u32(attrs[MYNET_A_RULE_PRIORITY]);
	rule->type = cfg->type_set ? nla_get_u8(attrs[MYNET_A_RULE_TYPE]) : RTN_UNICAST;
	if (attrs[MYNET_A_RULE_TABLE])
		rule->table = nla_get_u32(attrs[MYNET_A_RULE_TABLE]);
	return mn_rule_parse_match(info, &rule->match);
}

static int mn_rule_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct mn_rule_config cfg;
	int err = mn_rule_parse(info, &cfg);
	bool answers;

	if (err)
		return err;
	answers = cfg.rule.type != RTN_UNICAST;
	if (answers && !mn_fib_type_error(cfg.rule.type)) {
		GENL_SET_ERR_MSG(info, "No rule answers that");
		return -EINVAL;
	}
	if (answers != !cfg.rule.table) {
		GENL_SET_ERR_MSG(info, "A rule names a table or what to answer");
		return -EINVAL;
	}
	rtnl_lock();
	err = mn_rule_add(&mn_inet(genl_info_net(info))->fib, &cfg);
	rtnl_unlock();
	return err;
}

static int mn_rule_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct mn_rule_config cfg;
	int err = mn_rule_parse(info, &cfg);

	if (err)
		return err;
	rtnl_lock();
	err = mn_rule_del(&mn_inet(genl_info_net(info))->fib, &cfg);
	rtnl_unlock();
	return err;
}

static const struct nla_policy mn_rule_policy[] = {
	[MYNET_A_RULE_PRIORITY]	= { .type = NLA_U32 },
	[MYNET_A_RULE_TYPE]	= NLA_POLICY_RANGE(NLA_U8, RTN_UNICAST, RTN_THROW),
	[MYNET_A_RULE_TABLE]	= NLA_POLICY_MIN(NLA_U32, 1),
	[MYNET_A_RULE_SRC]	= { .type = NLA_U32 },
	[MYNET_A_RULE_SRC_LEN]	= NLA_POLICY_MAX(NLA_U8, 32),
	[MYNET_A_RULE_DST]	= { .type = NLA_U32 },
	[MYNET_A_RULE_DST_LEN]	= NLA_POLICY_MAX(NLA_U8, 32),
	[MYNET_A_RULE_TOS]	= { .type = NLA_U8 },
	[MYNET_A_RULE_MARK]	= { .type = NLA_U32 },
	[MYNET_A_RULE_MARK_MASK] = { .type = NLA_U32 },
	[MYNET_A_RULE_IIF]	= { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[MYNET_A_RULE_OIF]	= { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[MYNET_A_RULE_INVERT]	= { .type = NLA_FLAG },
	[MYNET_A_RULE_IPPROTO]	= { .type = NLA_U8 },
	[MYNET_A_RULE_SPORT]	= { .type = NLA_U16 },
	[MYNET_A_RULE_SPORT_MAX] = { .type = NLA_U16 },
	[MYNET_A_RULE_DPORT]	= { .type = NLA_U16 },
	[MYNET_A_RULE_DPORT_MAX] = { .type = NLA_U16 },
	[MYNET_A_RULE_UID]	= { .type = NLA_U32 },
	[MYNET_A_RULE_UID_MAX]	= { .type = NLA_U32 },
};

static const struct genl_ops mn_rule_ops[] = {
	{
		.cmd		= MYNET_CMD_RULE_GET,
		.dumpit		= mn_rule_get_dumpit,
	}, {
		.cmd		= MYNET_CMD_RULE_ADD,
		.flags		= MYNET_CONTROL_ADMIN,
		.doit		= mn_rule_add_doit,
		.policy		= mn_rule_policy,
		.maxattr	= ARRAY_SIZE(mn_rule_policy) - 1,
	}, {
		.cmd		= MYNET_CMD_RULE_DEL,
		.flags		= MYNET_CONTROL_ADMIN,
		.doit		= mn_rule_del_doit,
		.policy		= mn_rule_policy,
		.maxattr	= ARRAY_SIZE(mn_rule_policy) - 1,
	},
};

int __init mn_rules_cmd_init(void)
{
	return mynet_control_add(mn_rule_ops, ARRAY_SIZE(mn_rule_ops));
}
