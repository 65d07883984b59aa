// SPDX-License-Identifier: GPL-2.0
/*
 * Routing tables: adding, taking away and finding routes.
 *
 * State: struct mn_fib but its infos, the tables and their entries. Changes are made under
 * RTNL (no device comes or goes meanwhile) and mn_fib.lock; look-ups are RCU only.
 */
#include <linux/hash.h>
#include <linux/slab.h>

#include "internet/inet.h"

static struct hlist_head *mn_table_bucket(struct mn_fib *fib, u32 id)
{
	return &fib->tables[hash_32(id, MN_FIB_TABLE_BITS)];
}

struct mn_fib_table *mn_fib_table_find(struct mn_fib *fib, u32 id)
{
	struct mn_fib_table *table;

	hlist_for_each_entry_rcu(table, mn_table_bucket(fib, id), hash,
				 lockdep_is_held(&fib->lock))
		if (table->id == id)
			return table;
	return NULL;
}

struct mn_fib_table *mn_fib_table_next(struct mn_fib *fib, u32 id)
{
	struct mn_fib_table *table, *next = NULL;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fib->tables); i++)
		hlist_for_each_entry_rcu(table, &fib->tables[i], hash,
					 lockdep_is_held(&fib->lock))
			if (table->id >= id && (!next || table->id < next->id))
				next = table;
	return next;
}

/* A table that was made once stays: readers may be anywhere in it. */
struct mn_fib_table *mn_fib_table_make(struct mn_fib *fib, u32 id)
{
	struct mn_fib_table *table = mn_fib_table_find(fib, id);

	if (table)
		return table;
	table = kzalloc(sizeof(*table), GFP_KERNEL);
	if (!table)
		return NULL;
	table->id = id;
	mn_fib_trie_init(&table->trie, &fib->lock);
	hlist_add_head_rcu(&table->hash, mn_table_bucket(fib, id));
	return table;
}

/* Whoever kept a dst has to look again. */
void mn_fib_changed(struct mn_fib *fib)
{
	/* Pairs with mynet_route_generation(): who sees the number sees the routes. */
	atomic_inc_return_release(&fib->generation);
}

u32 mynet_route_generation(struct net *net)
{
	/* Pairs with mn_fib_changed(). */
	return (u32)atomic_read_acquire(&mn_inet(net)->fib.generation) ?: 1;
}

/* Looking up. */

/* What the routes of these types answer; 0: they lead somewhere. */
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
	unsigned int i;

	for (i = 0; i < entry->count; i++) {
		struct mn_fib_info *info = entry->route[i].info;
		int err;

		if (entry->route[i].tos && entry->route[i].tos != flow->tos)
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

	if (unlikely(READ_ONCE(inet->fib.ruled)))
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

static struct mn_fib_entry *mn_entry_alloc(u32 key, u8 plen, unsigned int count, gfp_t gfp)
{
	struct mn_fib_entry *entry;

	entry = kzalloc(struct_size(entry, route, count), gfp);
	if (!entry)
		return NULL;
	mn_fib_leaf_init(&entry->leaf, key, plen);
	entry->count = count;
	return entry;
}

/* What belongs before @route: a larger tos, or the same and a smaller metric. */
static unsigned int mn_entry_place(const struct mn_fib_entry *entry,
				   const struct mn_fib_config *cfg)
{
	unsigned int i;

	for (i = 0; entry && i < entry->count; i++) {
		const struct mn_fib_route *route = &entry->route[i];

		if (route->tos < cfg->tos)
			break;
		if (route->tos == cfg->tos && route->info->kind.metric > cfg->kind.metric)
			break;
		/* Of the same rank a new one goes first, unless it is to be appended. */
		if (route->tos == cfg->tos && route->info->kind.metric == cfg->kind.metric &&
		    !(cfg->nlflags & NLM_F_APPEND))
			break;
	}
	return i;
}

static bool mn_route_same_rank(const struct mn_fib_route *route, const struct mn_fib_config *cfg)
{
	return route->tos == cfg->tos && route->info->kind.metric == cfg->kind.metric;
}

/* Puts @made where @old was, or into the trie if there was none. */
static int mn_entry_publish(struct mn_fib_table *table, struct mn_fib_entry *old,
			    struct mn_fib_entry *made)
{
	if (!old)
		return mn_fib_trie_insert(&table->trie, &made->leaf);
	mn_fib_trie_replace(&table->trie, &old->leaf, &made->leaf);
	kfree_rcu(old, rcu);
	return 0;
}

static int mn_entry_add(struct mn_fib_table *table, struct mn_fib_entry *old,
			const struct mn_fib_config *cfg, struct mn_fib_info *info)
{
	unsigned int place = mn_entry_place(old, cfg), count = old ? old->count : 0;
	struct mn_fib_entry *made;
	int err;

	made = mn_entry_alloc(ntohl(cfg->dst), cfg->plen, count + 1, GFP_KERNEL);
	if (!made)
		return -ENOMEM;
	if (old) {
		memcpy(made->route, old->route, place * sizeof(*made->route));
		memcpy(made->route + place + 1, old->route + place,
		       (count - place) * sizeof(*made->route));
	}
	made->route[place] = (struct mn_fib_route){ .info = info, .tos = cfg->tos };
	err = mn_entry_publish(table, old, made);
	if (err)
		kfree(made);
	else
		table->routes++;
	return err;
}

static int mn_entry_swap(struct mn_fib_table *table, struct mn_fib_entry *old, unsigned int place,
			 struct mn_fib_info *info)
{
	struct mn_fib_entry *made;

	made = mn_entry_alloc(old->leaf.key, old->leaf.plen, old->count, GFP_KERNEL);
	if (!made)
		return -ENOMEM;
	memcpy(made->route, old->route, old->count * sizeof(*made->route));
	made->route[place].info = info;
	return mn_entry_publish(table, old, made);
}

/* Takes the doomed routes out of an entry. It has no way to fail: their devices may be going. */
static bool mn_entry_remove(struct mn_fib *fib, struct mn_fib_table *table,
			    struct mn_fib_entry *old, mn_fib_doomed_t doomed, const void *what)
{
	struct mn_fib_entry *made;
	unsigned int i, kept = 0;

	for (i = 0; i < old->count; i++)
		kept += !doomed(&old->route[i], what);
	if (kept == old->count)
		return false;
	if (kept) {
		made = mn_entry_alloc(old->leaf.key, old->leaf.plen, kept,
				      GFP_KERNEL | __GFP_NOFAIL);
		kept = 0;
		for (i = 0; i < old->count; i++)
			if (!doomed(&old->route[i], what))
				made->route[kept++] = old->route[i];
		mn_fib_trie_replace(&table->trie, &old->leaf, &made->leaf);
	} else {
		mn_fib_trie_remove(&table->trie, &old->leaf);
	}

	table->routes -= old->count - kept;
	for (i = 0; i < old->count; i++) {
		if (!doomed(&old->route[i], what))
			continue;
		mn_fib_tell(fib->net, table->id, &old->leaf, &old->route[i], MYNET_CMD_ROUTE_DEL);
		mn_fib_info_put(fib, old->route[i].info);
	}
	kfree_rcu(old, rcu);
	return true;
}

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

/* The first route of an entry that has the rank the new one will have. */
static int mn_entry_same_rank(const struct mn_fib_entry *entry, const struct mn_fib_config *cfg)
{
	unsigned int i;

	for (i = 0; entry && i < entry->count; i++)
		if (mn_route_same_rank(&entry->route[i], cfg))
			return i;
	return -1;
}

static bool mn_entry_has(const struct mn_fib_entry *entry, u8 tos, const struct mn_fib_info *info)
{
	unsigned int i;

	for (i = 0; entry && i < entry->count; i++)
		if (entry->route[i].tos == tos && entry->route[i].info == info)
			return true;
	return false;
}

static int mn_table_put(struct mn_inet *inet, struct mn_fib_table *table,
			const struct mn_fib_config *cfg, struct mn_fib_info *info)
{
	struct mn_fib_leaf *leaf = mn_fib_trie_find(&table->trie, ntohl(cfg->dst), cfg->plen);
	struct mn_fib_entry *old = leaf ? mn_fib_entry(leaf) : NULL;
	int same = mn_entry_same_rank(old, cfg);
	struct mn_fib_info *gone;
	int err;

	/* What is there already takes its own place. */
	if (same >= 0 && cfg->nlflags & NLM_F_REPLACE && old->route[same].info == info) {
		mn_fib_info_put(&inet->fib, info);
		return 0;
	}
	if (mn_entry_has(old, cfg->tos, info) ||
	    (same >= 0 && cfg->nlflags & NLM_F_EXCL)) {
		NL_SET_ERR_MSG(cfg->extack, "Route is there already");
		return -EEXIST;
	}
	if (same >= 0 && cfg->nlflags & NLM_F_REPLACE) {
		gone = old->route[same].info;
		err = mn_entry_swap(table, old, same, info);
		if (!err)
			mn_fib_info_put(&inet->fib, gone);
		return err;
	}
	if (!(cfg->nlflags & NLM_F_CREATE)) {
		NL_SET_ERR_MSG(cfg->extack, "No such route to change");
		return -ENOENT;
	}
	return mn_entry_add(table, old, cfg, info);
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
	mn_fib_tell(inet->mnet->net, table->id, &prefix, &route, MYNET_CMD_ROUTE_ADD);
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
	err = -ENOMEM;
	table = mn_fib_table_make(fib, cfg->table);
	if (!table)
		goto out;
	info = mn_fib_info_get(inet, cfg);
	err = PTR_ERR_OR_ZERO(info);
	if (err)
		goto out;
	err = mn_table_add(inet, table, cfg, info);
	if (err)
		mn_fib_info_put(fib, info);
	else
		mn_fib_changed(fib);
out:
	mutex_unlock(&fib->lock);
	return err;
}

static bool mn_doomed_one(const struct mn_fib_route *route, const void *what)
{
	return route == what;
}

static int mn_table_del(struct mn_fib *fib, struct mn_fib_table *table,
			const struct mn_fib_config *cfg)
{
	struct mn_fib_leaf *leaf = mn_fib_trie_find(&table->trie, ntohl(cfg->dst), cfg->plen);
	struct mn_fib_entry *entry = leaf ? mn_fib_entry(leaf) : NULL;
	unsigned int i;

	for (i = 0; entry && i < entry->count; i++) {
		if (entry->route[i].tos != cfg->tos ||
		    !mn_fib_info_matches(entry->route[i].info, cfg))
			continue;
		mn_entry_remove(fib, table, entry, mn_doomed_one, &entry->route[i]);
		return 0;
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

		changed |= mn_entry_remove(fib, table, mn_fib_entry(leaf), doomed, what);
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
	unsigned int i;

	mutex_lock(&fib->lock);
	for (i = 0; i < ARRAY_SIZE(fib->tables); i++)
		hlist_for_each_entry(table, &fib->tables[i], hash)
			changed |= mn_table_flush(fib, table, doomed, what);
	if (changed)
		mn_fib_changed(fib);
	mutex_unlock(&fib->lock);
}

/* Namespaces. */

static bool mn_doomed_all(const struct mn_fib_route *route, const void *what)
{
	return true;
}

/* Nobody looks into the tables any more. */
static void mn_tables_free(struct mn_fib *fib)
{
	struct mn_fib_table *table;
	struct hlist_node *next;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fib->tables); i++) {
		hlist_for_each_entry_safe(table, next, &fib->tables[i], hash) {
			mn_fib_trie_free(&table->trie);
			kfree(table);
		}
	}
}

int mn_fib_net_init(struct mn_inet *inet)
{
	struct mn_fib *fib = &inet->fib;
	int err;

	mutex_init(&fib->lock);
	fib->net = inet->mnet->net;
	fib->seed = get_random_u32();
	atomic_set(&fib->generation, 1);
	err = mn_fib_info_net_init(fib);
	if (err)
		return err;

	mutex_lock(&fib->lock);
	fib->local = mn_fib_table_make(fib, RT_TABLE_LOCAL);
	fib->main = mn_fib_table_make(fib, RT_TABLE_MAIN);
	fib->fallback = mn_fib_table_make(fib, RT_TABLE_DEFAULT);
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
