// SPDX-License-Identifier: GPL-2.0
/*
 * Policy rules come and go: which tables a packet asks, in the order of their priorities, until one
 * has an answer (fib_lookup.c).
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
