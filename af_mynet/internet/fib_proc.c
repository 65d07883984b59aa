// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/mynet/route, fib_trie and fib_triestat, in the forms of the kernel's own files.
 *
 * State: none. A reader holds the RCU lock for one buffer at a time and keeps, between two, only
 * where it was; what is changed meanwhile may or may not be in what it reads.
 */
#include <linux/proc_fs.h>
#include <linux/rculist.h>
#include <linux/rcupdate_wait.h>
#include <linux/route.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>

#include "internet/inet.h"

/* The place of a reader: the item with this number, in this table, at this key and level. */
struct mn_fib_walk {
	struct seq_net_private	p;
	loff_t			pos;
	u64			table;	/* beyond the last number: it was at the end */
	u32			key;
	unsigned int		level;	/* length of a prefix; start of a node, or a leaf's */
	unsigned int		place;	/* of a route in its prefix */
	struct mn_fib_item	item;
};

static void mn_walk_rewind(struct mn_fib_walk *walk, loff_t pos)
{
	walk->pos = pos;
	walk->table = 0;
	walk->key = 0;
	walk->level = 0;
	walk->place = 0;
}

/* Behind the last level of a key is the first of the next. Return: false behind the last key. */
static bool mn_walk_step(struct mn_fib_walk *walk, unsigned int last)
{
	if (walk->level == last && walk->key == U32_MAX) {
		walk->place = UINT_MAX;	/* behind all routes, and whoever reads on stays there */
		return false;
	}
	walk->place = 0;
	if (walk->level++ == last) {
		walk->level = 0;
		walk->key++;
	}
	return true;
}

static struct mn_fib *mn_seq_fib(struct seq_file *seq)
{
	return &mn_inet(seq_file_net(seq))->fib;
}

/* --- the routes of table main ------------------------------------------------------------- */

/* The route that the walk is at, or the first one behind. */
static const struct mn_fib_route *mn_walk_route(const struct mn_fib_table *table,
						struct mn_fib_walk *walk)
{
	const struct mn_fib_route *route;
	struct mn_fib_leaf *leaf;
	unsigned int n;

	while ((leaf = mn_fib_trie_next(&table->trie, walk->key, walk->level))) {
		if (leaf->key != walk->key || leaf->plen != walk->level)
			walk->place = 0;
		walk->key = leaf->key;
		walk->level = leaf->plen;
		n = 0;
		hlist_for_each_entry_rcu(route, &mn_fib_entry(leaf)->routes, list)
			if (n++ == walk->place)
				return route;
		if (!mn_walk_step(walk, 32))
			return NULL;
	}
	return NULL;
}

/* The route behind @route, which the walk is at. */
static const struct mn_fib_route *mn_walk_route_next(const struct mn_fib_table *table,
						     struct mn_fib_walk *walk,
						     const struct mn_fib_route *route)
{
	struct hlist_node *next = rcu_dereference(hlist_next_rcu(&route->list));

	walk->place++;
	if (next)
		return hlist_entry(next, struct mn_fib_route, list);
	return mn_walk_step(walk, 32) ? mn_walk_route(table, walk) : NULL;
}

static void *mn_route_seq_start(struct seq_file *seq, loff_t *pos)
	__acquires(RCU)
{
	const struct mn_fib_table *table = mn_seq_fib(seq)->main;
	struct mn_fib_walk *walk = seq->private;
	const struct mn_fib_route *route;

	rcu_read_lock();
	if (!*pos)
		return SEQ_START_TOKEN;
	if (*pos != walk->pos)
		mn_walk_rewind(walk, 1);
	route = mn_walk_route(table, walk);
	while (route && walk->pos < *pos) {
		walk->pos++;
		route = mn_walk_route_next(table, walk, route);
	}
	return (void *)route;
}

static void *mn_route_seq_next(struct seq_file *seq, void *v, loff_t *pos)
{
	const struct mn_fib_table *table = mn_seq_fib(seq)->main;
	struct mn_fib_walk *walk = seq->private;

	if (v == SEQ_START_TOKEN)
		mn_walk_rewind(walk, 0);
	walk->pos = ++*pos;
	return (void *)(v == SEQ_START_TOKEN ? mn_walk_route(table, walk) :
					       mn_walk_route_next(table, walk, v));
}

static void mn_fib_seq_stop(struct seq_file *seq, void *v)
	__releases(RCU)
{
	rcu_read_unlock();
}

static unsigned int mn_route_rtf(const struct mn_fib_info *info, unsigned int plen)
{
	unsigned int flags = RTF_UP;

	if (info->kind.type == RTN_UNREACHABLE || info->kind.type == RTN_PROHIBIT)
		flags |= RTF_REJECT;
	if (info->nhs && info->nh->gateway)
		flags |= RTF_GATEWAY;
	return plen == 32 ? flags | RTF_HOST : flags;
}

static int mn_route_seq_show(struct seq_file *seq, void *v)
{
	const struct mn_fib_walk *walk = seq->private;
	const struct mn_fib_route *route = v;
	const struct mynet_metrics *metrics;
	const struct mn_fib_info *info;

	if (v == SEQ_START_TOKEN) {
		seq_printf(seq, "%-127s\n",
			   "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\t"
			   "Metric\tMask\t\tMTU\tWindow\tIRTT");
		return 0;
	}
	info = route->info;
	if (info->kind.type == RTN_BROADCAST || info->kind.type == RTN_MULTICAST)
		return SEQ_SKIP;
	metrics = &info->kind.metrics;
	seq_setwidth(seq, 127);
	seq_printf(seq, "%s\t%08X\t%08X\t%04X\t%d\t%u\t%d\t%08X\t%d\t%u\t%u",
		   info->nhs ? info->nh->dev->name : "*", (__force u32)htonl(walk->key),
		   info->nhs ? (__force u32)info->nh->gateway : 0,
		   mn_route_rtf(info, walk->level), 0, 0, info->kind.metric,
		   (__force u32)mynet_mask(walk->level),
		   metrics->advmss ? metrics->advmss + 40 : 0, metrics->window,
		   metrics->rtt >> 3);
	seq_pad(seq, '\n');
	return 0;
}

static const struct seq_operations mn_route_seq_ops = {
	.start	= mn_route_seq_start,
	.next	= mn_route_seq_next,
	.stop	= mn_fib_seq_stop,
	.show	= mn_route_seq_show,
};

/* --- the tries of all tables -------------------------------------------------------------- */

/* The item that the walk is at, or the first one behind. */
static struct mn_fib_item *mn_walk_item(struct mn_fib *fib, struct mn_fib_walk *walk)
{
	const struct mn_fib_table *table;

	while ((table = mn_fib_table_next(fib, walk->table))) {
		if (table->id != walk->table) {
			walk->table = table->id;
			walk->key = 0;
			walk->level = 0;
		}
		if (mn_fib_trie_item(&table->trie, walk->key, walk->level, &walk->item)) {
			walk->key = walk->item.key;
			walk->level = walk->item.start;
			return &walk->item;
		}
		walk->table++;
		walk->key = 0;
		walk->level = 0;
	}
	return NULL;
}

static struct mn_fib_item *mn_walk_item_next(struct mn_fib *fib, struct mn_fib_walk *walk)
{
	if (!mn_walk_step(walk, MN_FIB_LEAF_START)) {
		walk->table++;
		walk->key = 0;
		walk->level = 0;
	}
	return mn_walk_item(fib, walk);
}

static void *mn_trie_seq_start(struct seq_file *seq, loff_t *pos)
	__acquires(RCU)
{
	struct mn_fib *fib = mn_seq_fib(seq);
	struct mn_fib_walk *walk = seq->private;
	struct mn_fib_item *item;

	rcu_read_lock();
	if (!*pos || *pos != walk->pos)
		mn_walk_rewind(walk, 0);
	item = mn_walk_item(fib, walk);
	while (item && walk->pos < *pos) {
		walk->pos++;
		item = mn_walk_item_next(fib, walk);
	}
	return item;
}

static void *mn_trie_seq_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct mn_fib_walk *walk = seq->private;

	walk->pos = ++*pos;
	return mn_walk_item_next(mn_seq_fib(seq), walk);
}

static void mn_trie_seq_table(struct seq_file *seq, u32 id)
{
	if (id == RT_TABLE_LOCAL)
		seq_puts(seq, "Local:\n");
	else if (id == RT_TABLE_MAIN)
		seq_puts(seq, "Main:\n");
	else
		seq_printf(seq, "Id %u:\n", id);
}

static void mn_seq_indent(struct seq_file *seq, unsigned int depth)
{
	while (depth--)
		seq_puts(seq, "   ");
}

static const char *const mn_type_names[] = {
	[RTN_UNICAST]		= "UNICAST",
	[RTN_LOCAL]		= "LOCAL",
	[RTN_BROADCAST]		= "BROADCAST",
	[RTN_MULTICAST]		= "MULTICAST",
	[RTN_BLACKHOLE]		= "BLACKHOLE",
	[RTN_UNREACHABLE]	= "UNREACHABLE",
	[RTN_PROHIBIT]		= "PROHIBIT",
	[RTN_THROW]		= "THROW",
};

static void mn_seq_scope(struct seq_file *seq, u8 scope)
{
	switch (scope) {
	case RT_SCOPE_UNIVERSE:
		seq_puts(seq, "universe");
		break;
	case RT_SCOPE_SITE:
		seq_puts(seq, "site");
		break;
	case RT_SCOPE_LINK:
		seq_puts(seq, "link");
		break;
	case RT_SCOPE_HOST:
		seq_puts(seq, "host");
		break;
	case RT_SCOPE_NOWHERE:
		seq_puts(seq, "nowhere");
		break;
	default:
		seq_printf(seq, "scope=%u", scope);
	}
}

static void mn_trie_seq_routes(struct seq_file *seq, const struct mn_fib_leaf *leaf,
			       unsigned int depth)
{
	const struct mn_fib_entry *entry = container_of(leaf, const struct mn_fib_entry, leaf);
	const struct mn_fib_route *route;

	hlist_for_each_entry_rcu(route, &entry->routes, list) {
		const struct mn_fib_kind *kind = &route->info->kind;

		mn_seq_indent(seq, depth);
		seq_printf(seq, "  /%u ", leaf->plen);
		mn_seq_scope(seq, kind->scope);
		seq_printf(seq, " %s", mn_type_names[kind->type]);
		if (route->tos)
			seq_printf(seq, " tos=%d", route->tos);
		seq_putc(seq, '\n');
	}
}

/* A node, or a key with all prefixes that have it, the longest first. */
static int mn_trie_seq_show(struct seq_file *seq, void *v)
{
	const struct mn_fib_walk *walk = seq->private;
	const struct mn_fib_item *item = v;
	const struct mn_fib_leaf *leaf = item->leaf;
	__be32 key = htonl(item->key);

	if (!item->depth)
		mn_trie_seq_table(seq, walk->table);
	mn_seq_indent(seq, item->depth);
	if (!leaf) {
		seq_printf(seq, "  +-- %pI4/%u %u %u %u\n", &key, item->start, item->bits,
			   item->full, item->empty);
		return 0;
	}
	seq_printf(seq, "  |-- %pI4\n", &key);
	for (; leaf && leaf->key == item->key; leaf = mn_fib_leaf_up(leaf))
		mn_trie_seq_routes(seq, leaf, item->depth + 1);
	return 0;
}

static const struct seq_operations mn_trie_seq_ops = {
	.start	= mn_trie_seq_start,
	.next	= mn_trie_seq_next,
	.stop	= mn_fib_seq_stop,
	.show	= mn_trie_seq_show,
};

/* --- figures ------------------------------------------------------------------------------ */

#define MN_STAT_BITS	32

struct mn_trie_stat {
	size_t	keys;
	size_t	routes;
	size_t	bytes;		/* of prefixes and routes */
	size_t	nodes;
	size_t	empty;
	u64	depths;		/* of all keys together */
	unsigned int deepest;
	size_t	sizes[MN_STAT_BITS];
};

static void mn_stat_add_prefix(struct mn_trie_stat *stat, const struct mn_fib_entry *entry)
{
	const struct mn_fib_route *route;

	stat->bytes += sizeof(*entry);
	hlist_for_each_entry_rcu(route, &entry->routes, list) {
		stat->routes++;
		if (route != &entry->first)
			stat->bytes += sizeof(*route);
	}
}

static void mn_stat_add(struct mn_trie_stat *stat, const struct mn_fib_item *item)
{
	const struct mn_fib_leaf *leaf = item->leaf;

	if (!leaf) {
		stat->nodes++;
		stat->empty += item->empty;
		stat->sizes[item->bits % MN_STAT_BITS]++;
		return;
	}
	stat->keys++;
	stat->depths += item->depth;
	stat->deepest = max(stat->deepest, item->depth);
	for (; leaf && leaf->key == item->key; leaf = mn_fib_leaf_up(leaf))
		mn_stat_add_prefix(stat, container_of(leaf, const struct mn_fib_entry, leaf));
}

/*
 * Under RCU, of which it lets go now and then: the trie may be large. The table may be gone then;
 * what was seen of it counts.
 */
static void mn_stat_take(struct mn_fib *fib, const struct mn_fib_table *table,
			 struct mn_trie_stat *stat)
{
	struct mn_fib_walk walk = { .table = table->id };

	while (table && mn_fib_trie_item(&table->trie, walk.key, walk.level, &walk.item)) {
		mn_stat_add(stat, &walk.item);
		walk.key = walk.item.key;
		walk.level = walk.item.start;
		if (!mn_walk_step(&walk, MN_FIB_LEAF_START))
			return;
		if (++walk.pos % 1024)
			continue;
		cond_resched_rcu();
		table = mn_fib_table_find(fib, walk.table);
	}
}

static void mn_stat_show(struct seq_file *seq, const struct mn_trie_stat *stat)
{
	u64 average = stat->keys ? div64_u64(stat->depths * 100, stat->keys) : 0;
	size_t bytes, pointers = 0;
	unsigned int bits, hundredths;
	u64 whole = div_u64_rem(average, 100, &hundredths);

	seq_printf(seq, "\tAver depth:     %llu.%02u\n\tMax depth:      %u\n", whole, hundredths,
		   stat->deepest);
	seq_printf(seq, "\tLeaves:         %zu\n\tPrefixes:       %zu\n\tInternal nodes: %zu\n\t",
		   stat->keys, stat->routes, stat->nodes);
	for (bits = 1; bits < MN_STAT_BITS; bits++) {
		if (!stat->sizes[bits])
			continue;
		seq_printf(seq, "  %u: %zu", bits, stat->sizes[bits]);
		pointers += stat->sizes[bits] << bits;
	}
	bytes = stat->bytes + stat->nodes * mn_fib_trie_node_size() + pointers * sizeof(void *);
	seq_printf(seq, "\n\tPointers: %zu\nNull ptrs: %zu\nTotal size: %zu  kB\n", pointers,
		   stat->empty, (bytes + 1023) / 1024);
}

/* A reader is at a table, whose number it keeps; before the first there is a headline. */
static void *mn_stat_seq_at(struct seq_file *seq, u64 id)
{
	const struct mn_fib_table *table = mn_fib_table_next(mn_seq_fib(seq), id);
	struct mn_fib_walk *walk = seq->private;

	/* At the end it stays there: whoever reads on must not get the last table again. */
	walk->table = table ? table->id : (u64)U32_MAX + 1;
	return table ? walk : NULL;
}

static void *mn_stat_seq_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct mn_fib_walk *walk = seq->private;

	walk->pos = ++*pos;
	if (v == SEQ_START_TOKEN)
		return mn_stat_seq_at(seq, 0);
	return mn_stat_seq_at(seq, walk->table + 1);
}

static void *mn_stat_seq_start(struct seq_file *seq, loff_t *pos)
	__acquires(RCU)
{
	struct mn_fib_walk *walk = seq->private;
	loff_t n = 0;
	void *v = SEQ_START_TOKEN;

	rcu_read_lock();
	if (*pos && *pos == walk->pos)
		return mn_stat_seq_at(seq, walk->table);
	while (v && n < *pos)
		v = mn_stat_seq_next(seq, v, &n);
	return v;
}

static int mn_stat_seq_show(struct seq_file *seq, void *v)
{
	const struct mn_fib_walk *walk = seq->private;
	struct mn_fib *fib = mn_seq_fib(seq);
	const struct mn_fib_table *table;
	struct mn_trie_stat stat = { };

	if (v == SEQ_START_TOKEN) {
		seq_printf(seq, "Basic info: size of leaf: %zu bytes, size of tnode: %zu bytes.\n",
			   sizeof(struct mn_fib_entry), mn_fib_trie_node_size());
		return 0;
	}
	cond_resched_rcu();
	table = mn_fib_table_find(fib, walk->table);
	if (!table)
		return SEQ_SKIP;
	mn_trie_seq_table(seq, table->id);
	mn_stat_take(fib, table, &stat);
	mn_stat_show(seq, &stat);
	return 0;
}

static const struct seq_operations mn_stat_seq_ops = {
	.start	= mn_stat_seq_start,
	.next	= mn_stat_seq_next,
	.stop	= mn_fib_seq_stop,
	.show	= mn_stat_seq_show,
};

/* --- the files ---------------------------------------------------------------------------- */

int mn_fib_proc_init(struct mynet_net *mnet)
{
	if (!proc_create_net("route", 0444, mnet->proc, &mn_route_seq_ops,
			     sizeof(struct mn_fib_walk)))
		return -ENOMEM;
	if (!proc_create_net("fib_trie", 0444, mnet->proc, &mn_trie_seq_ops,
			     sizeof(struct mn_fib_walk)))
		goto err_route;
	if (!proc_create_net("fib_triestat", 0444, mnet->proc, &mn_stat_seq_ops,
			     sizeof(struct mn_fib_walk)))
		goto err_trie;
	return 0;

err_trie:
	remove_proc_entry("fib_trie", mnet->proc);
err_route:
	remove_proc_entry("route", mnet->proc);
	return -ENOMEM;
}

void mn_fib_proc_exit(struct mynet_net *mnet)
{
	remove_proc_entry("fib_triestat", mnet->proc);
	remove_proc_entry("fib_trie", mnet->proc);
	remove_proc_entry("route", mnet->proc);
}
