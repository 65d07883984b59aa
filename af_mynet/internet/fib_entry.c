// SPDX-License-Identifier: GPL-2.0
/*
 * Prefixes of a routing table with their routes: a list for each prefix, in the order in which
 * the routes are tried.
 *
 * State: struct mn_fib_entry and struct mn_fib_route, written under mn_fib.lock, read under RCU.
 * A prefix has its first route in itself, the others have memory of their own: a removal needs no
 * memory, however many there are.
 */
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "internet/inet.h"

static struct kmem_cache *mn_entry_cache __read_mostly;
static struct kmem_cache *mn_route_cache __read_mostly;

static void mn_entry_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(mn_entry_cache, container_of(rcu, struct mn_fib_entry, first.rcu));
}

static void mn_route_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(mn_route_cache, container_of(rcu, struct mn_fib_route, rcu));
}

/* Readers may still be at the route. That of a prefix's birth ends with the prefix. */
static void mn_route_free(struct mn_fib_entry *entry, struct mn_fib_route *route)
{
	if (route != &entry->first)
		call_rcu(&route->rcu, mn_route_free_rcu);
}

static bool mn_route_same_rank(const struct mn_fib_route *route, const struct mn_fib_config *cfg)
{
	return route->tos == cfg->tos && route->info->kind.metric == cfg->kind.metric;
}

/* Is @route behind all of a rank? So are those that come after it in the list. */
static bool mn_route_past(const struct mn_fib_route *route, u8 tos, u32 metric)
{
	if (route->tos != tos)
		return route->tos < tos;
	return route->info->kind.metric > metric;
}

struct mn_fib_route *mn_fib_entry_rank(struct mn_fib_entry *entry, const struct mn_fib_config *cfg)
{
	struct mn_fib_route *route;

	hlist_for_each_entry(route, &entry->routes, list) {
		if (mn_route_past(route, cfg->tos, cfg->kind.metric))
			break;
		if (mn_route_same_rank(route, cfg))
			return route;
	}
	return NULL;
}

bool mn_fib_entry_has(const struct mn_fib_entry *entry, u8 tos, const struct mn_fib_info *info)
{
	const struct mn_fib_route *route;

	hlist_for_each_entry(route, &entry->routes, list) {
		if (mn_route_past(route, tos, info->kind.metric))
			break;
		if (route->tos == tos && route->info == info)
			return true;
	}
	return false;
}

/* Does @route stay before a new one? A larger tos does, then a smaller metric. */
static bool mn_route_before(const struct mn_fib_route *route, const struct mn_fib_config *cfg)
{
	if (route->tos != cfg->tos)
		return route->tos > cfg->tos;
	if (route->info->kind.metric != cfg->kind.metric)
		return route->info->kind.metric < cfg->kind.metric;
	/* A new route goes before those of its rank, unless it is to be appended. */
	return cfg->nlflags & NLM_F_APPEND;
}

/* The last route that stays before the new one, NULL: none does. */
static struct mn_fib_route *mn_entry_place(struct mn_fib_entry *entry,
					   const struct mn_fib_config *cfg)
{
	struct mn_fib_route *route, *last = NULL;

	hlist_for_each_entry(route, &entry->routes, list) {
		if (!mn_route_before(route, cfg))
			break;
		last = route;
	}
	return last;
}

static int mn_entry_make(struct mn_fib_table *table, const struct mn_fib_config *cfg,
			 struct mn_fib_info *info)
{
	struct mn_fib_entry *entry = kmem_cache_zalloc(mn_entry_cache, GFP_KERNEL_ACCOUNT);
	int err;

	if (!entry)
		return -ENOMEM;
	mn_fib_leaf_init(&entry->leaf, ntohl(cfg->dst), cfg->plen);
	entry->first.info = info;
	entry->first.tos = cfg->tos;
	hlist_add_head(&entry->first.list, &entry->routes);
	err = mn_fib_trie_insert(&table->trie, &entry->leaf);
	if (err)
		kmem_cache_free(mn_entry_cache, entry);
	else
		table->routes++;
	return err;
}

int mn_fib_entry_add(struct mn_fib_table *table, struct mn_fib_entry *entry,
		     const struct mn_fib_config *cfg, struct mn_fib_info *info)
{
	struct mn_fib_route *route, *before;

	if (!entry)
		return mn_entry_make(table, cfg, info);
	route = kmem_cache_zalloc(mn_route_cache, GFP_KERNEL_ACCOUNT);
	if (!route)
		return -ENOMEM;
	route->info = info;
	route->tos = cfg->tos;
	before = mn_entry_place(entry, cfg);
	if (before)
		hlist_add_behind_rcu(&route->list, &before->list);
	else
		hlist_add_head_rcu(&route->list, &entry->routes);
	table->routes++;
	return 0;
}

int mn_fib_entry_swap(struct mn_fib_entry *entry, struct mn_fib_route *old,
		      struct mn_fib_info *info)
{
	struct mn_fib_route *route = kmem_cache_zalloc(mn_route_cache, GFP_KERNEL_ACCOUNT);

	if (!route)
		return -ENOMEM;
	route->info = info;
	route->tos = old->tos;
	hlist_replace_rcu(&old->list, &route->list);
	mn_route_free(entry, old);
	return 0;
}

/* Removal cannot fail: devices that routes lead by may be going. */
static void mn_entry_drop(struct mn_fib *fib, struct mn_fib_table *table,
			  struct mn_fib_entry *entry, struct mn_fib_route *route)
{
	hlist_del_rcu(&route->list);
	table->routes--;
	mn_fib_notify(fib->net, table->id, &entry->leaf, route, MYNET_CMD_ROUTE_DEL);
	mn_fib_info_put(fib, route->info);
	mn_route_free(entry, route);
}

static void mn_entry_settle(struct mn_fib_table *table, struct mn_fib_entry *entry)
{
	if (!hlist_empty(&entry->routes))
		return;
	mn_fib_trie_remove(&table->trie, &entry->leaf);
	call_rcu(&entry->first.rcu, mn_entry_free_rcu);
}

void mn_fib_entry_remove(struct mn_fib *fib, struct mn_fib_table *table,
			 struct mn_fib_entry *entry, struct mn_fib_route *route)
{
	mn_entry_drop(fib, table, entry, route);
	mn_entry_settle(table, entry);
}

bool mn_fib_entry_flush(struct mn_fib *fib, struct mn_fib_table *table, struct mn_fib_entry *entry,
			mn_fib_doomed_t doomed, const void *what)
{
	struct mn_fib_route *route;
	struct hlist_node *next;
	unsigned int looked = 0;
	bool changed = false;

	hlist_for_each_entry_safe(route, next, &entry->routes, list) {
		if (++looked % 256 == 0)
			cond_resched();
		if (!doomed(route, what))
			continue;
		mn_entry_drop(fib, table, entry, route);
		changed = true;
	}
	if (changed)
		mn_entry_settle(table, entry);
	return changed;
}

int __init mn_fib_entry_init(void)
{
	mn_entry_cache = KMEM_CACHE(mn_fib_entry, SLAB_ACCOUNT);
	mn_route_cache = KMEM_CACHE(mn_fib_route, SLAB_ACCOUNT);
	if (mn_entry_cache && mn_route_cache)
		return 0;
	kmem_cache_destroy(mn_route_cache);
	kmem_cache_destroy(mn_entry_cache);
	return -ENOMEM;
}

/* The last routes wait for their readers. */
void mn_fib_entry_exit(void)
{
	rcu_barrier();
	kmem_cache_destroy(mn_route_cache);
	kmem_cache_destroy(mn_entry_cache);
}
