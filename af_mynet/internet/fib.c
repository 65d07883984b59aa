// SPDX-License-Identifier: GPL-2.0
/*
 * Routing tables: adding and taking away routes.
 *
 * State: struct mn_fib but its infos and what fib_table.c has. Changes are made under RTNL (no
 * device comes or goes meanwhile) and mn_fib.lock.
 */
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "internet/inet.h"

/* --- changing ----------------------------------------------------------------------------- */

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

/* --- namespaces --------------------------------------------------------------------------- */

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
