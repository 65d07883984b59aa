// SPDX-License-Identifier: GPL-2.0
/*
 * Policy rules: a packet asks the tables that the rules name, in the order of their priorities,
 * until one has an answer.
 *
 * State: mn_fib.rules and mn_fib.has_custom_rules, written under RTNL and mn_fib.lock, read under
 * RCU. While the rules are the three that a namespace is born with, nobody reads them: a look-up
 * asks their tables.
 */
#include <linux/ip.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "internet/inet.h"

/* The rules of every namespace, as INET has them. */
static const struct {
	u32 priority;
	u32 table;
} mn_usual_rules[] = {
	{ 0, RT_TABLE_LOCAL },
	{ 32766, RT_TABLE_MAIN },
	{ 32767, RT_TABLE_DEFAULT },
};

/* Looking up. */

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

/* Changing. */

static bool mn_rule_asks_transport(const struct mn_rule *rule)
{
	return rule->match.proto || rule->match.sport_min || rule->match.dport_min;
}

static bool mn_rule_usual(const struct mn_rule *rule, unsigned int i)
{
	static const struct mn_rule_match any;

	return rule->priority == mn_usual_rules[i].priority &&
	       rule->table == mn_usual_rules[i].table &&
	       !memcmp(&rule->match, &any, sizeof(any));
}

static void mn_rules_update_custom(struct mn_fib *fib)
{
	const struct mn_rule *rule;
	bool usual = true, by_ports = false;
	unsigned int i = 0;

	list_for_each_entry(rule, &fib->rules, list) {
		usual = usual && i < ARRAY_SIZE(mn_usual_rules) && mn_rule_usual(rule, i++);
		by_ports |= mn_rule_asks_transport(rule);
	}
	WRITE_ONCE(fib->ruled_by_ports, by_ports);
	WRITE_ONCE(fib->has_custom_rules, !usual || i < ARRAY_SIZE(mn_usual_rules));
}

/* If none is given: just before the second rule, so that the local table stays the first. */
static u32 mn_rules_next_priority(const struct mn_fib *fib)
{
	const struct mn_rule *rule;
	unsigned int i = 0;

	list_for_each_entry(rule, &fib->rules, list)
		if (i++)
			return rule->priority ? rule->priority - 1 : 0;
	return 0;
}

static int mn_dev_number(struct net *net, const char *name)
{
	struct net_device *dev = name[0] ? __dev_get_by_name(net, name) : NULL;

	return dev && mynet_dev_find(dev) ? dev->ifindex : -1;
}

/* Behind those of the same priority. */
static void mn_rule_publish(struct mn_fib *fib, struct mn_rule *rule)
{
	struct list_head *place = &fib->rules;
	struct mn_rule *other;

	list_for_each_entry(other, &fib->rules, list) {
		if (other->priority > rule->priority)
			break;
		place = &other->list;
	}
	list_add_rcu(&rule->list, place);
	mn_rules_update_custom(fib);
	mn_fib_changed(fib);
}

/* Under mn_fib.lock. */
static int mn_rule_make(struct mn_fib *fib, const struct mn_rule *like)
{
	struct mn_rule *rule = kmemdup(like, sizeof(*rule), GFP_KERNEL_ACCOUNT);

	if (!rule)
		return -ENOMEM;
	if (rule->table) {
		rule->tables = mn_fib_table_make(fib, rule->table);
		if (!rule->tables) {
			kfree(rule);
			return -ENOMEM;
		}
		rule->tables->users++;
	}
	rule->iif = mn_dev_number(fib->net, rule->match.iif);
	rule->oif = mn_dev_number(fib->net, rule->match.oif);
	mn_rule_publish(fib, rule);
	mn_rules_notify(fib->net, rule, MYNET_CMD_RULE_ADD);
	return 0;
}

static bool mn_rule_same(const struct mn_rule *a, const struct mn_rule *b)
{
	return a->priority == b->priority && a->table == b->table && a->type == b->type &&
	       !memcmp(&a->match, &b->match, sizeof(a->match));
}

int mn_rule_add(struct mn_fib *fib, const struct mn_rule_config *cfg)
{
	struct mn_rule wanted = cfg->rule;
	const struct mn_rule *rule;
	int err = 0;

	ASSERT_RTNL();
	mutex_lock(&fib->lock);
	if (!cfg->priority_set)
		wanted.priority = mn_rules_next_priority(fib);
	list_for_each_entry(rule, &fib->rules, list)
		if (mn_rule_same(rule, &wanted))
			err = -EEXIST;
	if (err)
		NL_SET_ERR_MSG(cfg->extack, "Rule is there already");
	else
		err = mn_rule_make(fib, &wanted);
	mutex_unlock(&fib->lock);
	return err;
}

/*
 * Does the request mean this rule? A field that it does not set matches anything; the fields about
 * packets count together.
 */
static bool mn_rule_meant(const struct mn_rule *rule, const struct mn_rule_config *cfg)
{
	static const struct mn_rule_match any;

	if (cfg->priority_set && cfg->rule.priority != rule->priority)
		return false;
	if (cfg->rule.table && cfg->rule.table != rule->table)
		return false;
	if (cfg->type_set && cfg->rule.type != rule->type)
		return false;
	if (!memcmp(&cfg->rule.match, &any, sizeof(any)) && cfg->priority_set)
		return true;
	return !memcmp(&cfg->rule.match, &rule->match, sizeof(rule->match));
}

static void mn_rule_end(struct mn_fib *fib, struct mn_rule *rule)
{
	list_del_rcu(&rule->list);
	mn_rules_update_custom(fib);
	mn_fib_changed(fib);
	mn_rules_notify(fib->net, rule, MYNET_CMD_RULE_DEL);
	if (rule->table) {
		rule->tables->users--;
		mn_fib_table_settle(fib, rule->tables);
	}
	kfree_rcu(rule, rcu);
}

int mn_rule_del(struct mn_fib *fib, const struct mn_rule_config *cfg)
{
	struct mn_rule *rule;
	int err = -ENOENT;

	ASSERT_RTNL();
	mutex_lock(&fib->lock);
	list_for_each_entry(rule, &fib->rules, list) {
		if (!mn_rule_meant(rule, cfg))
			continue;
		err = 0;
		mn_rule_end(fib, rule);
		break;
	}
	mutex_unlock(&fib->lock);
	if (err)
		NL_SET_ERR_MSG(cfg->extack, "No such rule");
	return err;
}

/* The number of the device that a rule means now, which names @name and meant device @number. */
static int mn_rule_dev(const char *name, int number, const struct net_device *dev, bool attached)
{
	if (attached && !strcmp(name, dev->name))
		return dev->ifindex;
	return number == dev->ifindex ? -1 : number;
}

/* The device is attached, has another name, or goes. */
void mn_rules_dev(struct mn_fib *fib, const struct net_device *dev, bool attached)
{
	struct mn_rule *rule;

	ASSERT_RTNL();
	mutex_lock(&fib->lock);
	list_for_each_entry(rule, &fib->rules, list) {
		WRITE_ONCE(rule->iif, mn_rule_dev(rule->match.iif, rule->iif, dev, attached));
		WRITE_ONCE(rule->oif, mn_rule_dev(rule->match.oif, rule->oif, dev, attached));
	}
	mn_fib_changed(fib);
	mutex_unlock(&fib->lock);
}

int mn_rules_net_init(struct mn_fib *fib)
{
	struct mn_rule rule = { .type = RTN_UNICAST };
	unsigned int i;
	int err = 0;

	INIT_LIST_HEAD(&fib->rules);
	mutex_lock(&fib->lock);
	for (i = 0; i < ARRAY_SIZE(mn_usual_rules) && !err; i++) {
		rule.priority = mn_usual_rules[i].priority;
		rule.table = mn_usual_rules[i].table;
		err = mn_rule_make(fib, &rule);
	}
	mutex_unlock(&fib->lock);
	if (err)
		mn_rules_net_exit(fib);
	return err;
}

/* Frees the rules. Context: no reader is left. */
void mn_rules_net_exit(struct mn_fib *fib)
{
	struct mn_rule *rule, *next;

	list_for_each_entry_safe(rule, next, &fib->rules, list)
		kfree(rule);
	INIT_LIST_HEAD(&fib->rules);
}
