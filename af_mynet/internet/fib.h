/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Routing tables. Private to the internet room.
 *
 * A table is a trie of prefixes (struct mn_fib_entry), each with its routes in the order they
 * are to be tried. What routes have in common, all but prefix and tos, is a struct
 * mn_fib_info, kept once however many routes share it.
 */
#ifndef MN_FIB_H
#define MN_FIB_H

#include <linux/hashtable.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/refcount.h>
#include <linux/rtnetlink.h>
#include <linux/xarray.h>

#include "internet/fib_rules.h"
#include "internet/fib_trie.h"
#include "internet/internet.h"
#include "link/link.h"

struct genl_info;
struct mn_indev;
struct mn_inet;

/*
 * A next hop. Fixed at birth but for @flags (RTNH_F_DEAD, RTNH_F_LINKDOWN, RTNH_F_ONLINK) and
 * @upper, the last of the hash values that are its, -1: none is; both are fib_hops.c's.
 */
struct mn_nexthop {
	struct net_device	*dev;
	netdevice_tracker	tracker;
	struct mynet_dst	*dst;
	__be32			gateway;
	u8			scope;
	u16			weight;
	s32			upper;
	unsigned int		flags;
};

/* The fields by which one struct mn_fib_info differs from another, beside its next hops. */
struct mn_fib_kind {
	__be32	prefsrc;
	u32	metric;
	struct mynet_metrics metrics;
	u8	type;
	u8	scope;
	u8	protocol;
};

/**
 * struct mn_fib_info - what routes share
 * @hash: in mn_fib.infos, under mn_fib.lock
 * @source: in mn_fib.sources if it names an address to send from, under mn_fib.lock
 * @users: routes that have it, under mn_fib.lock
 * @kind: see there
 * @rcu: its end: when the last route left
 * @nhs: how many next hops; 0 for types that lead nowhere
 * @nh: next hops
 */
struct mn_fib_info {
	struct hlist_node	hash;
	struct hlist_node	source;
	unsigned int		users;
	struct mn_fib_kind	kind;
	struct rcu_head		rcu;
	unsigned int		nhs;
	struct mn_nexthop	nh[];
};

/* A route to the prefix it is listed at. Fixed but for its place in the list. */
struct mn_fib_route {
	struct hlist_node	list;	/* in mn_fib_entry.routes; mn_fib.lock writes, RCU reads */
	struct mn_fib_info	*info;
	struct rcu_head		rcu;
	u8			tos;
};

/**
 * struct mn_fib_entry - a prefix that has routes
 * @leaf: in the table's trie
 * @routes: routes by tos, largest first, then by metric, smallest first
 * @first: the route it was made for, listed there unless it was removed; its @rcu is the entry's
 */
struct mn_fib_entry {
	struct mn_fib_leaf	leaf;
	struct hlist_head	routes;
	struct mn_fib_route	first;
};

/**
 * struct mn_fib_table - a routing table
 * @id: its number
 * @users: rules that name it, and the namespace if it was born with it; under mn_fib.lock
 * @trie: its prefixes
 * @routes: how many routes; under mn_fib.lock
 * @rcu: its end: when it has neither routes nor users
 */
struct mn_fib_table {
	u32			id;
	unsigned int		users;
	struct mn_fib_trie	trie;
	size_t			routes;
	struct rcu_head		rcu;
};

/**
 * struct mn_fib - the routes of a namespace
 * @lock: guards every change below
 * @net: the namespace
 * @generation: grows with each change of them and with news of paths; read by anyone
 * @changed: the generation of the last change of routes; read by anyone
 * @local: table RT_TABLE_LOCAL, made with the namespace
 * @main: table RT_TABLE_MAIN, made with the namespace
 * @fallback: table RT_TABLE_DEFAULT, made with the namespace
 * @tables: struct mn_fib_table by number; @lock writes, RCU reads
 * @rules: struct mn_rule by priority; fib_rules.c's
 * @has_custom_rules: they are others than the usual ones; fib_rules.c's
 * @ruled_by_ports: one of them asks for the transport of a packet; fib_rules.c's
 * @infos: hash of all infos; grows with them
 * @sources: those of them that name an address to send from, by it; as large
 * @info_bits: its size
 * @info_count: how many are in it
 * @seed: of the hash that chooses a next hop
 */
struct mn_fib {
	struct mutex		lock;
	struct net		*net;
	atomic_t		generation;
	u32			changed;
	struct mn_fib_table	*local;
	struct mn_fib_table	*main;
	struct mn_fib_table	*fallback;
	struct xarray		tables;
	struct list_head	rules;
	bool			has_custom_rules;
	bool			ruled_by_ports;
	struct hlist_head	*infos;
	struct hlist_head	*sources;
	unsigned int		info_bits;
	unsigned int		info_count;
	u32			seed;
};

/* Most next hops that a route can have. */
#define MN_FIB_HOPS	64

/* A next hop as it is asked for. */
struct mn_fib_hop {
	int			oif;
	__be32			gateway;
	unsigned int		flags;
	u16			weight;		/* 0: 1 */
};

/* A request to add or to delete a route; 0: the caller did not say, or wants the usual. */
struct mn_fib_config {
	u32			table;
	__be32			dst;
	u8			plen;
	u8			tos;
	struct mn_fib_kind	kind;
	bool			scope_set;
	bool			metric_set;
	struct mn_fib_hop	hop;
	const struct mn_fib_hop	*hops;		/* instead of @hop, if it is to have several */
	unsigned int		n_hops;
	unsigned int		nlflags;	/* NLM_F_CREATE, _EXCL, _REPLACE, _APPEND */
	struct netlink_ext_ack	*extack;
};

/* The result of a look-up: borrowed under RCU. */
struct mn_fib_result {
	const struct mn_fib_entry	*entry;
	struct mn_fib_info		*info;
	struct mn_nexthop		*nh;
	u32				table;
	u32				rule;	/* its priority; mn_rules_lookup()'s */
	u8				type;
	u8				scope;
};

static inline struct mn_fib_entry *mn_fib_entry(struct mn_fib_leaf *leaf)
{
	return container_of(leaf, struct mn_fib_entry, leaf);
}

/* fib.c */
int mn_fib_net_init(struct mn_inet *inet);
void mn_fib_net_exit(struct mn_inet *inet);

/*
 * fib_lookup.c. Context: RCU. Return: 0 and @res; -ENETUNREACH, or what the type of the route found
 * says: -EINVAL (blackhole), -EHOSTUNREACH, -EACCES.
 */
int mn_fib_lookup(struct mn_inet *inet, const struct mynet_flow *flow, struct mn_fib_result *res);

/* fib_table.c: the same of one table; -EAGAIN: it has no answer, the next one is to be asked. */
int mn_fib_table_lookup(const struct mn_fib_table *table, const struct mynet_flow *flow,
			struct mn_fib_result *res);

/* The error that routes of a type answer with; 0: they lead somewhere. */
int mn_fib_type_error(u8 type);

/* Context: RCU. Return: RTN_* of an address in table local, RTN_UNICAST if it is not there. */
u8 mn_fib_local_type(struct mn_inet *inet, __be32 addr);

/* fib.c. Context: RTNL. Return: 0 or -errno with extack. */
int mn_fib_add(struct mn_inet *inet, const struct mn_fib_config *cfg);
int mn_fib_del(struct mn_inet *inet, const struct mn_fib_config *cfg);

/* Context: RTNL. Removes every route that @doomed says; mn_fib.lock is held while it is asked. */
typedef bool (*mn_fib_doomed_t)(const struct mn_fib_route *route, const void *what);
void mn_fib_flush(struct mn_inet *inet, mn_fib_doomed_t doomed, const void *what);

/* fib_table.c. Context: mn_fib.lock. The table, made if there is none; NULL: no memory. */
struct mn_fib_table *mn_fib_table_make(struct mn_fib *fib, u32 id);
/* Context: mn_fib.lock. Frees the table unless it has routes or users. */
void mn_fib_table_settle(struct mn_fib *fib, struct mn_fib_table *table);

/* Context: mn_fib.lock. Whoever kept a dst has to look again. */
void mn_fib_changed(struct mn_fib *fib);
/* Context: any. Return: the generation of the last change of routes, whatever paths did since. */
static inline u32 mn_fib_age(const struct mn_fib *fib)
{
	/* Pairs with mn_fib_changed(): who sees the number sees the routes. */
	return smp_load_acquire(&fib->changed);
}

/* Context: any. Return: a new generation. */
u32 mn_fib_tick(struct mn_fib *fib);

struct mn_fib_table *mn_fib_table_find(struct mn_fib *fib, u32 id);

/* Context: RCU or mn_fib.lock. Return: the table with the smallest id of at least @id, or NULL. */
struct mn_fib_table *mn_fib_table_next(struct mn_fib *fib, u64 id);

/*
 * fib_entry.c: the routes of a prefix, under mn_fib.lock. Rank: the first route of @cfg's tos and
 * metric, or NULL. Add: @entry NULL makes the prefix. Swap: @info takes the place of @old's, which
 * is the caller's to put. Remove and flush put the infos; the prefix goes with its last route.
 */
int mn_fib_entry_init(void);
void mn_fib_entry_exit(void);
struct mn_fib_route *mn_fib_entry_rank(struct mn_fib_entry *entry, const struct mn_fib_config *cfg);
bool mn_fib_entry_has(const struct mn_fib_entry *entry, u8 tos, const struct mn_fib_info *info);
int mn_fib_entry_add(struct mn_fib_table *table, struct mn_fib_entry *entry,
		     const struct mn_fib_config *cfg, struct mn_fib_info *info);
int mn_fib_entry_swap(struct mn_fib_entry *entry, struct mn_fib_route *old,
		      struct mn_fib_info *info);
void mn_fib_entry_remove(struct mn_fib *fib, struct mn_fib_table *table,
			 struct mn_fib_entry *entry, struct mn_fib_route *route);
bool mn_fib_entry_flush(struct mn_fib *fib, struct mn_fib_table *table, struct mn_fib_entry *entry,
			mn_fib_doomed_t doomed, const void *what);

/* fib_info.c: infos, under mn_fib.lock and RTNL. */
int mn_fib_info_net_init(struct mn_fib *fib);
void mn_fib_info_net_exit(struct mn_fib *fib);
struct mn_fib_info *mn_fib_info_get(struct mn_inet *inet, const struct mn_fib_config *cfg);
void mn_fib_info_put(struct mn_fib *fib, struct mn_fib_info *info);
/* Context: RTNL. Does any route name @addr to send from? */
bool mn_fib_info_has_source(struct mn_fib *fib, __be32 addr);
bool mn_fib_info_matches(const struct mn_fib_info *info, const struct mn_fib_config *cfg);

/*
 * fib_hops.c: routes with several next hops. Share: under mn_fib.lock or not published yet. Output,
 * input: under RCU, of several next hops the one for this flow; @res is what was looked up.
 */
void mn_hops_share(struct mn_fib_info *info);
void mn_hops_output(struct mn_inet *inet, const struct mynet_flow *flow,
		    struct mn_fib_result *res);
void mn_hops_input(struct mn_inet *inet, const struct mynet_flow *flow,
		   const struct sk_buff *skb, struct mn_fib_result *res);
bool mn_fib_info_uses_dev(const struct mn_fib_info *info, const struct net_device *dev);
/* Context: mn_fib.lock. */
bool mn_hops_dead(const struct mn_fib_info *info);
/* Context: RTNL. Flags of the next hops that lead by a device. */
void mn_hops_mark(struct mn_inet *inet, const struct net_device *dev, unsigned int set,
		  unsigned int clear);

/* fib_addr.c: routes that addresses and devices bring; under RTNL. */
void mn_fib_addr_event(struct mynet_ifaddr *ifa, enum mynet_addr_event event);
void mn_fib_dev_up(struct mn_inet *inet, struct mynet_dev *mdev);
void mn_fib_dev_down(struct mn_inet *inet, struct mynet_dev *mdev, bool gone);
void mn_fib_dev_carrier(struct mn_inet *inet, struct mynet_dev *mdev);

/* fib_cmd.c */
int mn_fib_cmd_init(void);

/* A route as it is told: where it stands, and it. */
struct mn_route_place {
	u32				table;
	const struct mn_fib_leaf	*prefix;
	const struct mn_fib_route	*route;
};

/* fib_events.c: a struct mn_route_place as attributes; tells that a route came or went. */
int mn_route_fill(struct sk_buff *skb, const void *what);
/* Context: mn_fib.lock. */
void mn_fib_notify(struct net *net, u32 table, const struct mn_fib_leaf *prefix,
		   const struct mn_fib_route *route, u8 cmd);

/* fib_metrics.c */
#define MN_CONGCTL_LEN	15
#define MN_LOCKS	GENMASK(RTAX_CC_ALGO, RTAX_MTU)
int mn_metrics_fill(struct sk_buff *skb, const struct mynet_metrics *metrics);
int mn_metrics_parse(const struct genl_info *info, struct mynet_metrics *metrics);

/* fib_proc.c: the tables in /proc/net/mynet. */
int mn_fib_proc_init(struct mynet_net *mnet);
void mn_fib_proc_exit(struct mynet_net *mnet);

/* Functions that a dst leads to: out, across, or to this host. */
struct mn_dst_ways {
	int (*output)(struct net *net, struct sock *sk, struct sk_buff *skb);
	int (*forward)(struct sk_buff *skb);
	int (*deliver)(struct sk_buff *skb);
};

/* dst.c */
int mn_dst_init(const struct mn_dst_ways *ways);
void mn_dst_exit(void);
struct mynet_dst *mn_dst_alloc(struct net_device *dev, __be32 gateway,
			       const struct mn_fib_kind *kind);
/* Context: any. Whoever kept this one has to look again. */
void mn_dst_outdate(struct mn_inet *inet, struct mynet_dst *dst);
/* A copy. */
struct mynet_dst *mn_dst_clone(const struct mynet_dst *dst);
/* Ends the dst of an unlinked route: its holders can only drop packets from now on. */
void mn_dst_kill(struct mynet_dst *dst);

/* route.c */
/* Context: RCU. Return: MYNET_DROP_NONE with skb's dst set, or why not. */
enum mynet_drop_reason mn_route_input(struct sk_buff *skb, struct mn_indev *indev);
/* Context: RCU. As mynet_route_output(), whatever else is known about the destination. */
struct mynet_dst *mn_route_base(struct mn_inet *inet, struct mynet_flow *flow);
/* Context: RCU. Return: an address of at most @scope for packets to @daddr by @dev, or 0. */
__be32 mn_addr_select(struct mn_inet *inet, const struct net_device *dev, __be32 daddr, u8 scope);

#endif /* MN_FIB_H */
