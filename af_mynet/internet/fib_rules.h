/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Policy rules: which tables are asked for a packet. Private to the internet room.
 */
#ifndef MN_FIB_RULES_H
#define MN_FIB_RULES_H

#include <linux/if.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include <linux/uidgid.h>

struct mn_fib;
struct mn_fib_result;
struct mn_fib_table;
struct mn_inet;
struct mynet_flow;
struct net_device;
struct netlink_ext_ack;
struct sk_buff;

/**
 * struct mn_rule_match - what a packet has to be like; 0: does not matter
 * @src: source
 * @src_mask: of how much of it
 * @dst: destination
 * @dst_mask: of how much of it
 * @mark: skb->mark or the socket's
 * @mark_mask: of how much of it
 * @uid_min: first of the users whose sockets send
 * @uid_max: last of them
 * @sport_min: first of the source ports
 * @sport_max: last of them
 * @dport_min: first of the destination ports
 * @dport_max: last of them
 * @tos: the DS field without its ECN bits
 * @proto: IPPROTO_*
 * @by_uid: the users matter
 * @invert: it must not be like that
 * @iif: device it came by; lo: this host's own
 * @oif: device it is bound to
 */
struct mn_rule_match {
	__be32	src;
	__be32	src_mask;
	__be32	dst;
	__be32	dst_mask;
	u32	mark;
	u32	mark_mask;
	kuid_t	uid_min;
	kuid_t	uid_max;
	u16	sport_min;
	u16	sport_max;
	u16	dport_min;
	u16	dport_max;
	u8	tos;
	u8	proto;
	bool	by_uid;
	bool	invert;
	char	iif[IFNAMSIZ];
	char	oif[IFNAMSIZ];
};

/**
 * struct mn_rule - one rule
 * @list: in mn_fib.rules, by priority
 * @priority: smaller ones are asked first
 * @type: RTN_UNICAST: the table is asked; else what a route of that type answers
 * @table: number of the table, 0 if there is none to ask
 * @tables: that table
 * @match: which packets
 * @iif: number of @match.iif, -1 while that is not attached; RTNL writes
 * @oif: the same of @match.oif
 * @rcu: its end
 *
 * Fixed at birth but for the numbers of its devices.
 */
struct mn_rule {
	struct list_head	list;
	u32			priority;
	u8			type;
	u32			table;
	struct mn_fib_table	*tables;
	struct mn_rule_match	match;
	int			iif;
	int			oif;
	struct rcu_head		rcu;
};

/* A request to add or to delete a rule. */
struct mn_rule_config {
	struct mn_rule		rule;		/* its priority, type, table and match */
	bool			priority_set;
	bool			type_set;
	struct netlink_ext_ack	*extack;
};

int mn_rules_net_init(struct mn_fib *fib);
void mn_rules_net_exit(struct mn_fib *fib);

/*
 * fib_lookup.c. Context: RCU. Return: as mn_fib_lookup(), which asks it only while
 * mn_fib.has_custom_rules.
 */
int mn_rules_lookup(struct mn_fib *fib, const struct mynet_flow *flow, struct mn_fib_result *res);

/*
 * Reads the ports of a packet that came in into @flow, for rules that ask for them. Fragments are
 * left out: only the first one has ports. Called while mn_fib.ruled_by_ports is set. Context: RCU.
 */
void mn_rules_dissect(const struct sk_buff *skb, struct mynet_flow *flow);

/* Context: RTNL. Return: 0 or -errno with extack. */
int mn_rule_add(struct mn_fib *fib, const struct mn_rule_config *cfg);
int mn_rule_del(struct mn_fib *fib, const struct mn_rule_config *cfg);

/* Context: RTNL. A device was attached, or is no more. */
void mn_rules_dev(struct mn_fib *fib, const struct net_device *dev, bool attached);

/* fib_rules_cmd.c */
int mn_rules_cmd_init(void);

/* fib_events.c */
int mn_rule_fill(struct sk_buff *skb, const void *what);
void mn_rules_notify(struct net *net, const struct mn_rule *rule, u8 cmd);

#endif /* MN_FIB_RULES_H */
