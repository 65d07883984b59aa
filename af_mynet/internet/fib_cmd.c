// SPDX-License-Identifier: GPL-2.0
/*
 * Commands about routes: add, delete, the way to an address, all tables.
 *
 * State: none.
 */
#include <linux/mynet.h>
#include <linux/rculist.h>
#include <linux/rcupdate_wait.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "control/control.h"
#include "internet/fib_rules.h"
#include "internet/inet.h"

/* --- reading a command -------------------------------------------------------------------- */

static u8 mn_get_u8(struct nlattr *attr, u8 otherwise)
{
	return attr ? nla_get_u8(attr) : otherwise;
}

static __be16 mn_get_be16(struct nlattr *attr)
{
	return attr ? nla_get_be16(attr) : 0;
}

static u32 mn_get_u32(struct nlattr *attr, u32 otherwise)
{
	return attr ? nla_get_u32(attr) : otherwise;
}

static __be32 mn_get_addr(struct nlattr *attr)
{
	return attr ? nla_get_in_addr(attr) : 0;
}

/* The table where a route of this type is kept, if the request names none. */
static u32 mn_usual_table(u8 type)
{
	return type == RTN_LOCAL || type == RTN_BROADCAST ? RT_TABLE_LOCAL : RT_TABLE_MAIN;
}

static u8 mn_usual_scope(u8 type, bool gateway)
{
	switch (type) {
	case RTN_LOCAL:
		return RT_SCOPE_HOST;
	case RTN_BROADCAST:
	case RTN_MULTICAST:
		return RT_SCOPE_LINK;
	case RTN_UNICAST:
		return gateway ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
	default:
		return RT_SCOPE_UNIVERSE;
	}
}

static const unsigned int mn_how_flags[] = {
	[MYNET_ROUTE_NEW]	= NLM_F_CREATE | NLM_F_EXCL,
	[MYNET_ROUTE_CHANGE]	= NLM_F_REPLACE,
	[MYNET_ROUTE_REPLACE]	= NLM_F_CREATE | NLM_F_REPLACE,
	[MYNET_ROUTE_PREPEND]	= NLM_F_CREATE,
	[MYNET_ROUTE_APPEND]	= NLM_F_CREATE | NLM_F_APPEND,
};

/* Reads the attributes that adding and deleting have in common: MN_ROUTE_COMMON below. */
static void mn_route_parse(const struct genl_info *info, struct mn_fib_config *cfg)
{
	struct nlattr **attrs = info->attrs;

	*cfg = (struct mn_fib_config){
		.dst		= mn_get_addr(attrs[MYNET_A_ROUTE_DST]),
		.plen		= mn_get_u8(attrs[MYNET_A_ROUTE_PREFIXLEN],
					    attrs[MYNET_A_ROUTE_DST] ? 32 : 0),
		.tos		= mn_get_u8(attrs[MYNET_A_ROUTE_TOS], 0),
		.hop		= {
			.oif		= mn_get_u32(attrs[MYNET_A_ROUTE_OIF], 0),
			.gateway	= mn_get_addr(attrs[MYNET_A_ROUTE_GATEWAY]),
		},
		.scope_set	= attrs[MYNET_A_ROUTE_SCOPE],
		.metric_set	= attrs[MYNET_A_ROUTE_METRIC],
		.extack		= info->extack,
		.kind		= {
			.type		= mn_get_u8(attrs[MYNET_A_ROUTE_TYPE], 0),
			.scope		= mn_get_u8(attrs[MYNET_A_ROUTE_SCOPE], 0),
			.protocol	= mn_get_u8(attrs[MYNET_A_ROUTE_PROTOCOL], 0),
			.metric		= mn_get_u32(attrs[MYNET_A_ROUTE_METRIC], 0),
			.prefsrc	= mn_get_addr(attrs[MYNET_A_ROUTE_PREFSRC]),
		},
	};
	cfg->table = mn_get_u32(attrs[MYNET_A_ROUTE_TABLE], mn_usual_table(cfg->kind.type));
}

/* The policy has seen to it that each is what it says. */
static void mn_hop_parse(const struct nlattr *nest, struct mn_fib_hop *hop)
{
	const struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, nest, rem) {
		switch (nla_type(attr)) {
		case MYNET_A_HOP_OIF:
			hop->oif = nla_get_u32(attr);
			break;
		case MYNET_A_HOP_GATEWAY:
			hop->gateway = nla_get_in_addr(attr);
			break;
		case MYNET_A_HOP_WEIGHT:
			hop->weight = nla_get_u32(attr);
			break;
		case MYNET_A_HOP_FLAGS:
			hop->flags = nla_get_u32(attr);
			break;
		}
	}
}

/* @cfg->hops is to be freed. */
static int mn_hops_parse(const struct genl_info *info, struct mn_fib_config *cfg)
{
	const struct nlattr *attr, *nest = info->attrs[MYNET_A_ROUTE_HOPS];
	struct mn_fib_hop *hops;
	unsigned int n = 0;
	int rem;

	if (!nest)
		return 0;
	nla_for_each_nested(attr, nest, rem)
		n++;
	if (!n || n > MN_FIB_HOPS) {
		NL_SET_ERR_MSG_ATTR(info->extack, nest, "A route has 1 to 64 next hops");
		return -EINVAL;
	}
	hops = kcalloc(n, sizeof(*hops), GFP_KERNEL_ACCOUNT);
	if (!hops)
		return -ENOMEM;
	cfg->hops = hops;
	cfg->n_hops = n;
	nla_for_each_nested(attr, nest, rem)
		mn_hop_parse(attr, hops++);
	return 0;
}

static int mn_route_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct nlattr **attrs = info->attrs;
	struct mn_fib_config cfg;
	int err;

	mn_route_parse(info, &cfg);
	cfg.hop.flags = mn_get_u32(attrs[MYNET_A_ROUTE_FLAGS], 0);
	cfg.nlflags = mn_how_flags[mn_get_u32(attrs[MYNET_A_ROUTE_HOW], MYNET_ROUTE_NEW)];
	err = mn_metrics_parse(info, &cfg.kind.metrics);
	if (err)
		return err;
	if (!cfg.kind.type)
		cfg.kind.type = RTN_UNICAST;
	if (!cfg.kind.protocol)
		cfg.kind.protocol = RTPROT_BOOT;
	if (!cfg.scope_set)
		cfg.kind.scope = mn_usual_scope(cfg.kind.type, cfg.hop.gateway ||
						attrs[MYNET_A_ROUTE_HOPS]);
	err = mn_hops_parse(info, &cfg);
	if (err)
		return err;
	rtnl_lock();
	err = mn_fib_add(mn_inet(net), &cfg);
	rtnl_unlock();
	kfree(cfg.hops);
	return err;
}

static int mn_route_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct mn_fib_config cfg;
	int err;

	mn_route_parse(info, &cfg);
	err = mn_hops_parse(info, &cfg);
	if (err)
		return err;
	rtnl_lock();
	err = mn_fib_del(mn_inet(net), &cfg);
	rtnl_unlock();
	kfree(cfg.hops);
	return err;
}

/* --- the way to an address, as a packet of this host would take it ------------------------ */

/*
 * Tells the table and the rule that decided. A socket that names its device can do without a route:
 * then there is none.
 */
static int mn_route_fill_why(struct sk_buff *msg, const struct mn_fib_result *res)
{
	if (nla_put_u32(msg, MYNET_A_ROUTE_TABLE, res->table) ||
	    nla_put_u8(msg, MYNET_A_ROUTE_PROTOCOL, res->info->kind.protocol) ||
	    nla_put_u32(msg, MYNET_A_ROUTE_RULE, res->rule) ||
	    nla_put_in_addr(msg, MYNET_A_ROUTE_MATCH, htonl(res->entry->leaf.key)) ||
	    nla_put_u8(msg, MYNET_A_ROUTE_MATCH_LEN, res->entry->leaf.plen))
		return -EMSGSIZE;
	return 0;
}

static int mn_route_fill_way(struct sk_buff *msg, const struct mynet_flow *flow,
			     const struct mynet_dst *dst, u8 type, u8 scope)
{
	struct mynet_metrics metrics;

	if (nla_put_in_addr(msg, MYNET_A_ROUTE_DST, flow->daddr) ||
	    nla_put_u8(msg, MYNET_A_ROUTE_PREFIXLEN, 32) ||
	    nla_put_u8(msg, MYNET_A_ROUTE_TYPE, type) ||
	    nla_put_u8(msg, MYNET_A_ROUTE_SCOPE, scope) ||
	    nla_put_in_addr(msg, MYNET_A_ROUTE_PREFSRC, flow->saddr) ||
	    nla_put_u32(msg, MYNET_A_ROUTE_OIF, dst->dst.dev->ifindex) ||
	    nla_put_u32(msg, MYNET_A_ROUTE_MTU, mynet_route_mtu(&dst->dst)))
		return -EMSGSIZE;
	if (dst->gateway && nla_put_in_addr(msg, MYNET_A_ROUTE_GATEWAY, dst->gateway))
		return -EMSGSIZE;
	if (dst->dst.expires &&
	    nla_put_u32(msg, MYNET_A_ROUTE_EXPIRES, (dst->dst.expires - jiffies) / HZ))
		return -EMSGSIZE;
	metrics = dst->metrics;
	if (dst->mtu_locked)
		metrics.locks |= 1U << RTAX_MTU;
	return mn_metrics_fill(msg, &metrics);
}

static int mn_route_way(struct net *net, const struct genl_info *info, struct sk_buff *msg)
{
	struct nlattr **attrs = info->attrs;
	struct mynet_flow flow = {
		.daddr	= mn_get_addr(attrs[MYNET_A_ROUTE_DST]),
		.saddr	= mn_get_addr(attrs[MYNET_A_ROUTE_PREFSRC]),
		.oif	= mn_get_u32(attrs[MYNET_A_ROUTE_OIF], 0),
		.iif	= mn_get_u32(attrs[MYNET_A_ROUTE_IIF], 0),
		.mark	= mn_get_u32(attrs[MYNET_A_ROUTE_MARK], 0),
		.tos	= mn_get_u8(attrs[MYNET_A_ROUTE_TOS], 0),
		.proto	= mn_get_u8(attrs[MYNET_A_ROUTE_IPPROTO], 0),
		.sport	= mn_get_be16(attrs[MYNET_A_ROUTE_SPORT]),
		.dport	= mn_get_be16(attrs[MYNET_A_ROUTE_DPORT]),
		.owned	= !attrs[MYNET_A_ROUTE_IIF],
		.uid	= attrs[MYNET_A_ROUTE_UID] ?
			  make_kuid(current_user_ns(), nla_get_u32(attrs[MYNET_A_ROUTE_UID])) :
			  current_uid(),
	};
	struct mynet_flow asked = flow;
	struct mn_fib_result res;
	struct mynet_dst *dst;
	bool routed;
	int err;

	rcu_read_lock();
	dst = mynet_route_output(net, &flow);
	err = PTR_ERR_OR_ZERO(dst);
	if (err)
		goto out;
	/* Once more, by the rules: these know who they are. With the source that was asked for. */
	asked.daddr = flow.daddr;
	routed = !mn_rules_lookup(&mn_inet(net)->fib, &asked, &res);
	err = mn_route_fill_way(msg, &flow, dst, routed ? res.type : dst->type,
				routed ? res.scope : dst->scope);
	if (!err && routed)
		err = mn_route_fill_why(msg, &res);
out:
	rcu_read_unlock();
	return err;
}

static int mn_route_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = mynet_control_need(info, MYNET_A_ROUTE_DST);
	if (err)
		return err;
	msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	err = -EMSGSIZE;
	hdr = mynet_control_put(msg, info->snd_portid, info->snd_seq, 0, MYNET_CMD_ROUTE_GET);
	if (!hdr)
		goto err_msg;
	err = mn_route_way(genl_info_net(info), info, msg);
	if (err)
		goto err_msg;
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);

err_msg:
	nlmsg_free(msg);
	return err;
}

/* --- all tables, or one ------------------------------------------------------------------- */

/*
 * The place where a dump goes on: before the prefix of this table, key and length; some routes are
 * shown.
 */
struct mn_route_dump {
	u32		table;
	u32		key;
	unsigned int	plen;
	unsigned int	shown;
	bool		done;
};

/* The routes of a prefix from number @at->shown on. */
static int mn_route_dump_entry(struct sk_buff *skb, struct netlink_callback *cb,
			       struct mn_route_place *place, struct mn_fib_leaf *leaf,
			       struct mn_route_dump *at)
{
	const struct mn_fib_route *route;
	unsigned int n = 0;

	place->prefix = leaf;
	hlist_for_each_entry_rcu(route, &mn_fib_entry(leaf)->routes, list) {
		if (n++ < at->shown)
			continue;
		place->route = route;
		if (mynet_control_show(skb, cb, MYNET_CMD_ROUTE_GET, mn_route_fill, place))
			return -EMSGSIZE;
		at->shown++;
	}
	return 0;
}

static int mn_route_dump_table(struct sk_buff *skb, struct netlink_callback *cb,
			       const struct mn_fib_table *table, struct mn_route_dump *at)
{
	struct mn_route_place place = { .table = table->id };
	struct mn_fib_leaf *leaf;

	while ((leaf = mn_fib_trie_next(&table->trie, at->key, at->plen))) {
		/* A prefix that went meanwhile: the next one is shown from its first route. */
		if (leaf->key != at->key || leaf->plen != at->plen)
			at->shown = 0;
		at->key = leaf->key;
		at->plen = leaf->plen;
		if (mn_route_dump_entry(skb, cb, &place, leaf, at))
			return -EMSGSIZE;
		at->shown = 0;
		if (++at->plen <= 32)
			continue;
		at->plen = 0;
		if (++at->key == 0)
			break;
	}
	return 0;
}

static int mn_route_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr *only = genl_info_dump(cb)->attrs[MYNET_A_ROUTE_TABLE];
	struct mn_fib *fib = &mn_inet(sock_net(skb->sk))->fib;
	struct mn_route_dump *at = (struct mn_route_dump *)cb->ctx;
	struct mn_fib_table *table;

	BUILD_BUG_ON(sizeof(*at) > sizeof(cb->ctx));
	if (at->done)
		return 0;
	rcu_read_lock();
	cb->seq = atomic_read(&fib->generation);
	if (only && !at->table)
		at->table = nla_get_u32(only);
	while ((table = mn_fib_table_next(fib, at->table))) {
		if (only && table->id != nla_get_u32(only))
			break;
		if (table->id != at->table)
			*at = (struct mn_route_dump){};
		at->table = table->id;
		if (mn_route_dump_table(skb, cb, table, at))
			goto out;
		at->key = 0;
		at->plen = 0;
		if (++at->table == 0)
			break;
		cond_resched_rcu();
	}
	at->done = true;
out:
	rcu_read_unlock();
	return skb->len;
}

static struct netlink_range_validation mn_weight_range = { .min = 1, .max = 256 };

static const struct nla_policy mn_hop_policy[MYNET_A_HOP_MAX + 1] = {
	[MYNET_A_HOP_OIF]	= NLA_POLICY_MIN(NLA_U32, 1),
	[MYNET_A_HOP_GATEWAY]	= { .type = NLA_U32 },
	[MYNET_A_HOP_WEIGHT]	= NLA_POLICY_FULL_RANGE(NLA_U32, &mn_weight_range),
	[MYNET_A_HOP_FLAGS]	= NLA_POLICY_MASK(NLA_U32, RTNH_F_ONLINK),
};

#define MN_ROUTE_COMMON								\
	[MYNET_A_ROUTE_DST]		= { .type = NLA_U32 },			\
	[MYNET_A_ROUTE_PREFIXLEN]	= NLA_POLICY_MAX(NLA_U8, 32),		\
	[MYNET_A_ROUTE_TABLE]		= NLA_POLICY_MIN(NLA_U32, 1),		\
	[MYNET_A_ROUTE_TYPE]		= NLA_POLICY_RANGE(NLA_U8, RTN_UNICAST, RTN_THROW), \
	[MYNET_A_ROUTE_SCOPE]		= { .type = NLA_U8 },			\
	[MYNET_A_ROUTE_PROTOCOL]	= { .type = NLA_U8 },			\
	[MYNET_A_ROUTE_TOS]		= { .type = NLA_U8 },			\
	[MYNET_A_ROUTE_METRIC]		= { .type = NLA_U32 },			\
	[MYNET_A_ROUTE_PREFSRC]		= { .type = NLA_U32 },			\
	[MYNET_A_ROUTE_OIF]		= NLA_POLICY_MIN(NLA_U32, 1),		\
	[MYNET_A_ROUTE_GATEWAY]		= { .type = NLA_U32 },			\
	[MYNET_A_ROUTE_HOPS]		= NLA_POLICY_NESTED_ARRAY(mn_hop_policy)

/* RFC 791: what every link can carry, and what a packet can be. */
static struct netlink_range_validation mn_mtu_range = { .min = 68, .max = 65535 };
static struct netlink_range_validation mn_mss_range = { .min = 8, .max = 65495 };

static const struct nla_policy mn_route_add_policy[] = {
	MN_ROUTE_COMMON,
	[MYNET_A_ROUTE_FLAGS]	= NLA_POLICY_MASK(NLA_U32, RTNH_F_ONLINK),
	[MYNET_A_ROUTE_MTU]	= NLA_POLICY_FULL_RANGE(NLA_U32, &mn_mtu_range),
	[MYNET_A_ROUTE_HOW]	= NLA_POLICY_MAX(NLA_U32, MYNET_ROUTE_HOW_MAX),
	[MYNET_A_ROUTE_ADVMSS]	= NLA_POLICY_FULL_RANGE(NLA_U32, &mn_mss_range),
	[MYNET_A_ROUTE_WINDOW]	= { .type = NLA_U32 },
	[MYNET_A_ROUTE_RTT]	= { .type = NLA_U32 },
	[MYNET_A_ROUTE_INITCWND] = { .type = NLA_U32 },
	[MYNET_A_ROUTE_INITRWND] = { .type = NLA_U32 },
	[MYNET_A_ROUTE_RTO_MIN]	= { .type = NLA_U32 },
	[MYNET_A_ROUTE_QUICKACK] = { .type = NLA_U32 },
	[MYNET_A_ROUTE_HOPLIMIT] = NLA_POLICY_MAX(NLA_U32, 255),
	[MYNET_A_ROUTE_SSTHRESH] = { .type = NLA_U32 },
	[MYNET_A_ROUTE_CWND]	= { .type = NLA_U32 },
	[MYNET_A_ROUTE_REORDERING] = { .type = NLA_U32 },
	[MYNET_A_ROUTE_CONGCTL]	= { .type = NLA_NUL_STRING, .len = MN_CONGCTL_LEN },
	[MYNET_A_ROUTE_LOCKS]	= NLA_POLICY_MASK(NLA_U32, MN_LOCKS),
};

static const struct nla_policy mn_route_del_policy[] = {
	MN_ROUTE_COMMON,
};

static const struct nla_policy mn_route_get_policy[] = {
	[MYNET_A_ROUTE_DST]	= { .type = NLA_U32 },
	[MYNET_A_ROUTE_TABLE]	= NLA_POLICY_MIN(NLA_U32, 1),
	[MYNET_A_ROUTE_TOS]	= { .type = NLA_U8 },
	[MYNET_A_ROUTE_PREFSRC]	= { .type = NLA_U32 },
	[MYNET_A_ROUTE_OIF]	= NLA_POLICY_MIN(NLA_U32, 1),
	[MYNET_A_ROUTE_IIF]	= NLA_POLICY_MIN(NLA_U32, 1),
	[MYNET_A_ROUTE_MARK]	= { .type = NLA_U32 },
	[MYNET_A_ROUTE_IPPROTO]	= { .type = NLA_U8 },
	[MYNET_A_ROUTE_SPORT]	= { .type = NLA_U16 },
	[MYNET_A_ROUTE_DPORT]	= { .type = NLA_U16 },
	[MYNET_A_ROUTE_UID]	= { .type = NLA_U32 },
};

static const struct genl_ops mn_route_ops[] = {
	{
		.cmd		= MYNET_CMD_ROUTE_GET,
		.doit		= mn_route_get_doit,
		.dumpit		= mn_route_get_dumpit,
		.policy		= mn_route_get_policy,
		.maxattr	= ARRAY_SIZE(mn_route_get_policy) - 1,
	}, {
		.cmd		= MYNET_CMD_ROUTE_ADD,
		.flags		= MYNET_CONTROL_ADMIN,
		.doit		= mn_route_add_doit,
		.policy		= mn_route_add_policy,
		.maxattr	= ARRAY_SIZE(mn_route_add_policy) - 1,
	}, {
		.cmd		= MYNET_CMD_ROUTE_DEL,
		.flags		= MYNET_CONTROL_ADMIN,
		.doit		= mn_route_del_doit,
		.policy		= mn_route_del_policy,
		.maxattr	= ARRAY_SIZE(mn_route_del_policy) - 1,
	},
};

int __init mn_fib_cmd_init(void)
{
	return mynet_control_add(mn_route_ops, ARRAY_SIZE(mn_route_ops));
}
