// SPDX-License-Identifier: GPL-2.0
/*
 * One routing table: finding it, making it, looking into it; and the generation of all of them.
 *
 * State: mn_fib.tables, .generation and .changed. mn_fib.lock writes, RCU reads.
 */
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "internet/inet.h"

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

u8 mn_fib_local_type(struct mn_inet *inet, __be32 addr)
{
	struct mynet_flow flow = { .daddr = addr };
	struct mn_fib_result res;

	return mn_fib_table_lookup(inet->fib.local, &flow, &res) ? RTN_UNICAST : res.type;
}
