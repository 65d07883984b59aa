// SPDX-License-Identifier: GPL-2.0
/*
 * Events of routing: routes and rules as attributes of a message, for those who listen and for the
 * answers to commands (fib_cmd.c, fib_rules_cmd.c).
 *
 * State: none.
 */
#include <linux/mynet.h>
#include <linux/rculist.h>
#include <net/genetlink.h>

#include "control/control.h"
#include "internet/fib_rules.h"
#include "internet/inet.h"

static int mn_hop_fill(struct sk_buff *skb, const struct mn_nexthop *nh)
{
	struct nlattr *nest = nla_nest_start(skb, 1);

	if (!nest || nla_put_u32(skb, MYNET_A_HOP_OIF, nh->dev->ifindex) ||
	    (nh->gateway && nla_put_in_addr(skb, MYNET_A_HOP_GATEWAY, nh->gateway)) ||
	    nla_put_u32(skb, MYNET_A_HOP_WEIGHT, nh->weight) ||
	    nla_put_u32(skb, MYNET_A_HOP_FLAGS, READ_ONCE(nh->flags)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int mn_route_fill_hops(struct sk_buff *skb, const struct mn_fib_info *info)
{
	struct nlattr *nest = nla_nest_start(skb, MYNET_A_ROUTE_HOPS);
	unsigned int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < info->nhs; i++)
		if (mn_hop_fill(skb, &info->nh[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int mn_route_fill(struct sk_buff *skb, const void *what)
{
	const struct mn_route_place *place = what;
	const struct mn_fib_route *route = place->route;
	const struct mn_fib_info *info = route->info;
	const struct mn_fib_kind *kind = &info->kind;

	if (nla_put_in_addr(skb, MYNET_A_ROUTE_DST, htonl(place->prefix->key)) ||
	    nla_put_u8(skb, MYNET_A_ROUTE_PREFIXLEN, place->prefix->plen) ||
	    nla_put_u32(skb, MYNET_A_ROUTE_TABLE, place->table) ||
	    nla_put_u8(skb, MYNET_A_ROUTE_TYPE, kind->type) ||
	    nla_put_u8(skb, MYNET_A_ROUTE_SCOPE, kind->scope) ||
	    nla_put_u8(skb, MYNET_A_ROUTE_PROTOCOL, kind->protocol))
		return -EMSGSIZE;
	if ((route->tos && nla_put_u8(skb, MYNET_A_ROUTE_TOS, route->tos)) ||
	    (kind->metric && nla_put_u32(skb, MYNET_A_ROUTE_METRIC, kind->metric)) ||
	    (kind->metrics.mtu && nla_put_u32(skb, MYNET_A_ROUTE_MTU, kind->metrics.mtu)) ||
	    mn_metrics_fill(skb, &kind->metrics) ||
	    (kind->prefsrc && nla_put_in_addr(skb, MYNET_A_ROUTE_PREFSRC, kind->prefsrc)))
		return -EMSGSIZE;
	if (!info->nhs)
		return 0;
	if (info->nhs > 1)
		return mn_route_fill_hops(skb, info);
	if (nla_put_u32(skb, MYNET_A_ROUTE_OIF, info->nh->dev->ifindex) ||
	    (info->nh->gateway &&
	     nla_put_in_addr(skb, MYNET_A_ROUTE_GATEWAY, info->nh->gateway)) ||
	    nla_put_u32(skb, MYNET_A_ROUTE_FLAGS, READ_ONCE(info->nh->flags)))
		return -EMSGSIZE;
	return 0;
}

void mn_fib_notify(struct net *net, u32 table, const struct mn_fib_leaf *prefix,
		   const struct mn_fib_route *route, u8 cmd)
{
	const struct mn_route_place place = { .table = table, .prefix = prefix, .route = route };

	mynet_control_event(net, MYNET_CMD_ROUTE_NTF, mn_route_fill, &place,
			    MYNET_A_ROUTE_EVENT, cmd);
}

/* A range of ports, if there is one. */
static int mn_rule_fill_ports(struct sk_buff *skb, int attr, u16 min, u16 max)
{
	if (!min)
		return 0;
	return nla_put_be16(skb, attr, htons(min)) ?: nla_put_be16(skb, attr + 1, htons(max));
}

static int mn_rule_fill_more(struct sk_buff *skb, const struct mn_rule_match *match)
{
	struct user_namespace *user = current_user_ns();

	if ((match->proto && nla_put_u8(skb, MYNET_A_RULE_IPPROTO, match->proto)) ||
	    mn_rule_fill_ports(skb, MYNET_A_RULE_SPORT, match->sport_min, match->sport_max) ||
	    mn_rule_fill_ports(skb, MYNET_A_RULE_DPORT, match->dport_min, match->dport_max))
		return -EMSGSIZE;
	if (match->by_uid &&
	    (nla_put_u32(skb, MYNET_A_RULE_UID, from_kuid_munged(user, match->uid_min)) ||
	     nla_put_u32(skb, MYNET_A_RULE_UID_MAX, from_kuid_munged(user, match->uid_max))))
		return -EMSGSIZE;
	return 0;
}

int mn_rule_fill(struct sk_buff *skb, const void *what)
{
	const struct mn_rule *rule = what;
	const struct mn_rule_match *match = &rule->match;

	if (nla_put_u32(skb, MYNET_A_RULE_PRIORITY, rule->priority) ||
	    nla_put_u8(skb, MYNET_A_RULE_TYPE, rule->type) ||
	    (rule->table && nla_put_u32(skb, MYNET_A_RULE_TABLE, rule->table)) ||
	    (match->invert && nla_put_flag(skb, MYNET_A_RULE_INVERT)))
		return -EMSGSIZE;
	if (match->src_mask &&
	    (nla_put_in_addr(skb, MYNET_A_RULE_SRC, match->src) ||
	     nla_put_u8(skb, MYNET_A_RULE_SRC_LEN, hweight32((__force u32)match->src_mask))))
		return -EMSGSIZE;
	if (match->dst_mask &&
	    (nla_put_in_addr(skb, MYNET_A_RULE_DST, match->dst) ||
	     nla_put_u8(skb, MYNET_A_RULE_DST_LEN, hweight32((__force u32)match->dst_mask))))
		return -EMSGSIZE;
	if (match->mark_mask &&
	    (nla_put_u32(skb, MYNET_A_RULE_MARK, match->mark) ||
	     nla_put_u32(skb, MYNET_A_RULE_MARK_MASK, match->mark_mask)))
		return -EMSGSIZE;
	if ((match->tos && nla_put_u8(skb, MYNET_A_RULE_TOS, match->tos)) ||
	    (match->iif[0] && nla_put_string(skb, MYNET_A_RULE_IIF, match->iif)) ||
	    (match->oif[0] && nla_put_string(skb, MYNET_A_RULE_OIF, match->oif)))
		return -EMSGSIZE;
	return mn_rule_fill_more(skb, match);
}

void mn_rules_notify(struct net *net, const struct mn_rule *rule, u8 cmd)
{
	mynet_control_event(net, MYNET_CMD_RULE_NTF, mn_rule_fill, rule, MYNET_A_RULE_EVENT, cmd);
}
