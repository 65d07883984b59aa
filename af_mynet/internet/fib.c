// SPDX-License-Identifier: GPL-2.0
/*
 * Routing tables: adding, taking away and finding routes.
 *
 * State: struct mn_fib but its infos, the tables and their entries. Changes are made under
 * RTNL (no device comes or goes meanwhile) and mn_fib.lock; look-ups are RCU only.
 */
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "internet/inet.h"

/* Tables. */

struct mn_fib_table *mn_fib_table_find(struct mn_fib *fib, u32 id)
{
	return xa_load(&fib->tables, id);
}

struct mn_fib_table *mn_fib_table_next(struct mn_fib *fib, u64 id)
{
	unsigned long at = id;

	if (id > U32_MAX)
		return NULL;
	return xa_find(&fib->tables, &at, U32_MAX, XA_PRESENT);
}

struct mn_fib_table *mn_fib_table_make(struct mn_fib *fib, u32 id)
{
	struct mn_fib_table *table = mn_fib_table_find(fib, id);

	if (table)
		return table;
	table = kzalloc(sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!table)
		return NULL;
	table->id = id;
	mn_fib_trie_init(&table->trie, &fib->lock);
	if (xa_is_err(xa_store(&fib->tables, id, table, GFP_KERNEL_ACCOUNT))) {
		kfree(table);
		return NULL;
	}
	return table;
}

void mn_fib_table_settle(struct mn_fib *fib, struct mn_fib_table *table)
{
	lockdep_assert_held(&fib->lock);
	if (table->routes || table->users)
		return;
	xa_erase(&fib->tables, table->id);
	kfree_rcu(table, rcu);
}

/* Generations. */

/* Two of them are compared by their difference: the last change of routes is never too long ago. */
#define MN_FIB_AGES	BIT(30)

u32 mn_fib_tick(struct mn_fib *fib)
{
	/* Pairs with mynet_route_generation(): who sees the number sees the routes and paths. */
	u32 now = atomic_inc_return_release(&fib->generation);

	/* 0 stands for none. */
	if (unlikely(!now))
		now = atomic_inc_return_release(&fib->generation);
	if (unlikely(now - READ_ONCE(fib->changed) > MN_FIB_AGES))
		WRITE_ONCE(fib->changed, now);
	return now;
}

/* Makes everybody who kept a dst look again. */
void mn_fib_changed(struct mn_fib *fib)
{
	lockdep_assert_held(&fib->lock);
	/* Pairs with mn_fib_age(). */
	smp_store_release(&fib->changed, mn_fib_tick(fib));
}

u32 mynet_route_generation(struct net *net)
{
	/* Pairs with mn_fib_tick(). */
	return (u32)atomic_read_acquire(&mn_inet(net)->fib.generation) ?: 1;
}

/* Looking up. */

/* The error that a route of this type answers with; 0: it leads somewhere. */
int mn_fib_type_error(u8 type)
{
	switch (type) {
	case RTN_BLACKHOLE:	return -EINVAL;
	case RTN_UNREACHABLE:	return -EHOSTUNREACH;
	case RTN_PROHIBIT:	return -EACCES;
	case RTN_THROW:		return -EAGAIN;
	default:		return 0;
	}
}

static struct mn_nexthop *mn_info_nexthop(struct mn_fib_info *info, const struct mynet_flow *flow)
{
	unsigned int i;

	for (i = 0; i < info->nhs; i++) {
		struct mn_nexthop *nh = &info->nh[i];

		if (READ_ONCE(nh->flags) & RTNH_F_DEAD)
			continue;
		if (flow->oif && flow->oif != nh->dev->ifindex)
			continue;
		return nh;
	}
	return NULL;
}

/* Return: 1 if the entry has no route for this flow; else as mn_fib_lookup(). */
static int mn_entry_select(const struct mn_fib_entry *entry, const struct mynet_flow *flow,
			   struct mn_fib_result *res)
{
	const struct mn_fib_route *route;

	hlist_for_each_entry_rcu(route, &entry->routes, list) {
		struct mn_fib_info *info = route->info;
		int err;

		if (route->tos && route->tos != flow->tos)
			continue;
		if (info->kind.scope < flow->scope)
			continue;
		err = mn_fib_type_error(info->kind.type);
		if (err)
			return err;
		res->nh = mn_info_nexthop(info, flow);
		if (!res->nh)
			continue;
		res->entry = entry;
		res->info = info;
		res->type = info->kind.type;
		res->scope = info->kind.scope;
		return 0;
	}
	return 1;
}

int mn_fib_table_lookup(const struct mn_fib_table *table, const struct mynet_flow *flow,
			struct mn_fib_result *res)
{
	struct mn_fib_leaf *leaf = mn_fib_trie_lookup(&table->trie, ntohl(flow->daddr));

	for (; leaf; leaf = mn_fib_leaf_up(leaf)) {
		int err = mn_entry_select(mn_fib_entry(leaf), flow, res);

		if (err <= 0) {
			res->table = table->id;
			return err;
		}
	}
	return -EAGAIN;
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

u8 mn_fib_local_type(struct mn_inet *inet, __be32 addr)
{
	struct mynet_flow flow = { .daddr = addr };
	struct mn_fib_result res;

	return mn_fib_table_lookup(inet->fib.local, &flow, &res) ? RTN_UNICAST : res.type;
}

/* Changing. */

static int mn_cfg_check(const struct mn_fib_config *cfg)
{
	if (cfg->plen > 32) {
		NL_SET_ERR_MSG(cfg->extack, "Prefix is longer than 32 bits");
		return -EINVAL;
	}
	if (ntohl(cfg->dst) & ~mn_fib_mask(cfg->plen)) {
		NL_SET_ERR_MSG(cfg->extack, "Destination has bits set behind its prefix");
		return -EINVAL;
	}
	if (cfg->tos & 3) {
		NL_SET_ERR_MSG(cfg->extack, "No such tos to route by");
		return -EINVAL;
	}
	return 0;
}

static struct mn_fib_entry *mn_table_entry(struct mn_fib_table *table,
					   const struct mn_fib_config *cfg)
{
	struct mn_fib_leaf *leaf = mn_fib_trie_find(&table->trie, ntohl(cfg->dst), cfg->plen);

	return leaf ? mn_fib_entry(leaf) : NULL;
}

static int mn_table_put(struct mn_inet *inet, struct mn_fib_table *table,
			const struct mn_fib_config *cfg, struct mn_fib_info *info)
{
	struct mn_fib_entry *entry = mn_table_entry(table, cfg);
	struct mn_fib_route *same = entry ? mn_fib_entry_rank(entry, cfg) : NULL;
	struct mn_fib_info *gone;
	int err;

	/* A route that is there already takes its own place. */
	if (same && cfg->nlflags & NLM_F_REPLACE && same->info == info) {
		mn_fib_info_put(&inet->fib, info);
		return 0;
	}
	if ((same && cfg->nlflags & NLM_F_EXCL) ||
	    (entry && mn_fib_entry_has(entry, cfg->tos, info))) {
		NL_SET_ERR_MSG(cfg->extack, "Route is there already");
		return -EEXIST;
	}
	if (same && cfg->nlflags & NLM_F_REPLACE) {
		gone = same->info;
		err = mn_fib_entry_swap(entry, same, info);
		if (!err)
			mn_fib_info_put(&inet->fib, gone);
		return err;
	}
	if (!(cfg->nlflags & NLM_F_CREATE)) {
		NL_SET_ERR_MSG(cfg->extack, "No such route to change");
		return -ENOENT;
	}
	return mn_fib_entry_add(table, entry, cfg, info);
}

static int mn_table_add(struct mn_inet *inet, struct mn_fib_table *table,
			const struct mn_fib_config *cfg, struct mn_fib_info *info)
{
	const struct mn_fib_route route = { .info = info, .tos = cfg->tos };
	int err = mn_table_put(inet, table, cfg, info);
	struct mn_fib_leaf prefix;

	if (err)
		return err;
	mn_fib_leaf_init(&prefix, ntohl(cfg->dst), cfg->plen);
	mn_fib_notify(inet->mnet->net, table->id, &prefix, &route, MYNET_CMD_ROUTE_ADD);
	return 0;
}

int mn_fib_add(struct mn_inet *inet, const struct mn_fib_config *cfg)
{
	struct mn_fib *fib = &inet->fib;
	struct mn_fib_table *table;
	struct mn_fib_info *info;
	int err;

	ASSERT_RTNL();
	err = mn_cfg_check(cfg);
	if (err)
		return err;

	mutex_lock(&fib->lock);
	info = mn_fib_info_get(inet, cfg);
	err = PTR_ERR_OR_ZERO(info);
	if (err)
		goto out;
	/* Last: what is refused leaves no table behind. */
	table = mn_fib_table_make(fib, cfg->table);
	err = table ? mn_table_add(inet, table, cfg, info) : -ENOMEM;
	if (err)
		mn_fib_info_put(fib, info);
	else
		mn_fib_changed(fib);
	if (table)
		mn_fib_table_settle(fib, table);
out:
	mutex_unlock(&fib->lock);
	return err;
}

static int mn_table_del(struct mn_fib *fib, struct mn_fib_table *table,
			const struct mn_fib_config *cfg)
{
	struct mn_fib_entry *entry = mn_table_entry(table, cfg);
	struct mn_fib_route *route;

	if (entry) {
		hlist_for_each_entry(route, &entry->routes, list) {
			if (route->tos != cfg->tos || !mn_fib_info_matches(route->info, cfg))
				continue;
			mn_fib_entry_remove(fib, table, entry, route);
			mn_fib_table_settle(fib, table);
			return 0;
		}
	}
	NL_SET_ERR_MSG(cfg->extack, "No such route");
	return -ESRCH;
}

int mn_fib_del(struct mn_inet *inet, const struct mn_fib_config *cfg)
{
	struct mn_fib *fib = &inet->fib;
	struct mn_fib_table *table;
	int err;

	ASSERT_RTNL();
	err = mn_cfg_check(cfg);
	if (err)
		return err;

	mutex_lock(&fib->lock);
	table = mn_fib_table_find(fib, cfg->table);
	err = -ESRCH;
	if (table)
		err = mn_table_del(fib, table, cfg);
	else
		NL_SET_ERR_MSG(cfg->extack, "No such table");
	if (!err)
		mn_fib_changed(fib);
	mutex_unlock(&fib->lock);
	return err;
}

static bool mn_table_flush(struct mn_fib *fib, struct mn_fib_table *table,
			   mn_fib_doomed_t doomed, const void *what)
{
	struct mn_fib_leaf *leaf = mn_fib_trie_next(&table->trie, 0, 0);
	bool changed = false;

	while (leaf) {
		u32 key = leaf->key;
		u8 plen = leaf->plen;

		changed |= mn_fib_entry_flush(fib, table, mn_fib_entry(leaf), doomed, what);
		cond_resched();
		if (plen < 32)
			leaf = mn_fib_trie_next(&table->trie, key, plen + 1);
		else
			leaf = key == ~0U ? NULL : mn_fib_trie_next(&table->trie, key + 1, 0);
	}
	return changed;
}

void mn_fib_flush(struct mn_inet *inet, mn_fib_doomed_t doomed, const void *what)
{
	struct mn_fib *fib = &inet->fib;
	struct mn_fib_table *table;
	bool changed = false;
	unsigned long id;

	mutex_lock(&fib->lock);
	xa_for_each(&fib->tables, id, table) {
		changed |= mn_table_flush(fib, table, doomed, what);
		mn_fib_table_settle(fib, table);
	}
	if (changed)
		mn_fib_changed(fib);
	mutex_unlock(&fib->lock);
}

/* Namespaces. */

static bool mn_doomed_all(const struct mn_fib_route *route, const void *what)
{
	return true;
}

/* Frees the tables. Context: no reader is left. */
static void mn_tables_free(struct mn_fib *fib)
{
	struct mn_fib_table *table;
	unsigned long id;

	xa_for_each(&fib->tables, id, table) {
		mn_fib_trie_free(&table->trie);
		kfree(table);
	}
	xa_destroy(&fib->tables);
}

/* A table of the namespace's own: it stays when it is empty. */
static struct mn_fib_table *mn_table_born(struct mn_fib *fib, u32 id)
{
	struct mn_fib_table *table = mn_fib_table_make(fib, id);

	if (table)
		table->users++;
	return table;
}

int mn_fib_net_init(struct mn_inet *inet)
{
	struct mn_fib *fib = &inet->fib;
	int err;

	mutex_init(&fib->lock);
	xa_init_flags(&fib->tables, XA_FLAGS_ACCOUNT);
	fib->net = inet->mnet->net;
	fib->seed = get_random_u32();
	atomic_set(&fib->generation, 1);
	fib->changed = 1;
	err = mn_fib_info_net_init(fib);
	if (err)
		return err;

	mutex_lock(&fib->lock);
	fib->local = mn_table_born(fib, RT_TABLE_LOCAL);
	fib->main = mn_table_born(fib, RT_TABLE_MAIN);
	fib->fallback = mn_table_born(fib, RT_TABLE_DEFAULT);
	mutex_unlock(&fib->lock);
	err = -ENOMEM;
	if (fib->local && fib->main && fib->fallback)
		err = mn_rules_net_init(fib);
	if (err)
		goto err_tables;
	return 0;

err_tables:
	mn_tables_free(fib);
	mn_fib_info_net_exit(fib);
	return err;
}

void mn_fib_net_exit(struct mn_inet *inet)
{
	mn_fib_flush(inet, mn_doomed_all, NULL);
	mn_rules_net_exit(&inet->fib);
	mn_tables_free(&inet->fib);
	mn_fib_info_net_exit(&inet->fib);
}
