// SPDX-License-Identifier: GPL-2.0
/*
 * Looking up a route: in the tables that the rules name, in the order of their priorities, or in
 * the usual three.
 *
 * State: none; RCU reads.
 */
#include <linux/ip.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>

#include "internet/fib_rules.h"
#include "internet/inet.h"

static bool mn_rule_has_port(__be16 port, u16 min, u16 max)
{
	return !min || (ntohs(port) >= min && ntohs(port) <= max);
}

/* Packets of no socket count as sent by the namespace's root, as in INET. */
static bool mn_rule_has_user(const struct net *net, const struct mn_rule_match *match,
			     const struct mynet_flow *flow)
{
	kuid_t uid = flow->owned ? flow->uid : make_kuid(net->user_ns, 0);

	return uid_gte(uid, match->uid_min) && uid_lte(uid, match->uid_max);
}

static bool mn_rule_has_transport(const struct mn_rule_match *match, const struct mynet_flow *flow)
{
	return (!match->proto || match->proto == flow->proto) &&
	       mn_rule_has_port(flow->sport, match->sport_min, match->sport_max) &&
	       mn_rule_has_port(flow->dport, match->dport_min, match->dport_max);
}

static bool mn_rule_has(const struct net *net, const struct mn_rule *rule,
			const struct mynet_flow *flow)
{
	const struct mn_rule_match *match = &rule->match;

	if ((flow->saddr ^ match->src) & match->src_mask ||
	    (flow->daddr ^ match->dst) & match->dst_mask ||
	    (flow->mark ^ match->mark) & match->mark_mask)
		return false;
	if (match->tos && match->tos != flow->tos)
		return false;
	if (!mn_rule_has_transport(match, flow))
		return false;
	if (match->by_uid && !mn_rule_has_user(net, match, flow))
		return false;
	if (match->iif[0] && READ_ONCE(rule->iif) != (flow->iif ?: LOOPBACK_IFINDEX))
		return false;
	return !match->oif[0] || READ_ONCE(rule->oif) == flow->oif;
}

int mn_rules_lookup(struct mn_fib *fib, const struct mynet_flow *flow, struct mn_fib_result *res)
{
	const struct mn_rule *rule;
	int err;

	list_for_each_entry_rcu(rule, &fib->rules, list) {
		if (mn_rule_has(fib->net, rule, flow) == rule->match.invert)
			continue;
		err = rule->table ? mn_fib_table_lookup(rule->tables, flow, res) :
				    mn_fib_type_error(rule->type);
		if (err != -EAGAIN) {
			res->rule = rule->priority;
			return err;
		}
	}
	return -ENETUNREACH;
}

void mn_rules_dissect(const struct sk_buff *skb, struct mynet_flow *flow)
{
	const struct iphdr *iph = ip_hdr(skb);
	const __be16 *ports;
	__be16 room[2];

	flow->proto = iph->protocol;
	if (iph->frag_off & htons(MN_IP_MF | 0x1fff))
		return;
	if (iph->protocol != IPPROTO_TCP && iph->protocol != IPPROTO_UDP &&
	    iph->protocol != IPPROTO_UDPLITE && iph->protocol != IPPROTO_SCTP &&
	    iph->protocol != IPPROTO_DCCP)
		return;
	ports = skb_header_pointer(skb, skb_network_offset(skb) + iph->ihl * 4, sizeof(room), room);
	if (!ports)
		return;
	flow->sport = ports[0];
	flow->dport = ports[1];
}

int mn_fib_lookup(struct mn_inet *inet, const struct mynet_flow *flow, struct mn_fib_result *res)
{
	int err;

	if (unlikely(READ_ONCE(inet->fib.has_custom_rules)))
		return mn_rules_lookup(&inet->fib, flow, res);
	err = mn_fib_table_lookup(inet->fib.local, flow, res);
	if (err == -EAGAIN)
		err = mn_fib_table_lookup(inet->fib.main, flow, res);
	if (err != -EAGAIN)
		return err;
	err = mn_fib_table_lookup(inet->fib.fallback, flow, res);
	return err == -EAGAIN ? -ENETUNREACH : err;
}
