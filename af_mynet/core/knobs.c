// SPDX-License-Identifier: GPL-2.0
/*
 * Knobs: a room's table of them becomes files for one struct of the room's.
 *
 * No state: the owner of the struct keeps the header.
 */
#include <linux/slab.h>

#include "core/core.h"
#include "core/knobs.h"

/**
 * mynet_knobs_register() - make files of knobs
 * @net: the namespace that sees them
 * @dir: directory within /proc/sys/net/mynet, "" for itself; rooms may share one
 * @from: table whose entries have their places within a struct as data
 * @n: how many they are
 * @owner: the struct; outlives the files
 *
 * Context: Process context.
 * Return: for mynet_knobs_unregister(); NULL if there is no memory or one of them is there.
 */
struct ctl_table_header *mynet_knobs_register(struct net *net, const char *dir,
					      const struct ctl_table *from, size_t n,
					      void *owner)
{
	struct ctl_table_header *header = NULL;
	struct ctl_table *table;
	char *path;
	size_t i;

	path = kasprintf(GFP_KERNEL_ACCOUNT, "net/mynet%s%s", *dir ? "/" : "", dir);
	/* One more, empty: older kernels look for the end, not at the number. */
	table = kcalloc(n + 1, sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!path || !table)
		goto out;
	for (i = 0; i < n; i++) {
		table[i] = from[i];
		table[i].data = (u8 *)owner + (size_t)from[i].data;
	}
	header = register_net_sysctl_sz(net, path, table, n);
out:
	/* The path is looked at now, the table for as long as the files are there. */
	kfree(path);
	if (!header)
		kfree(table);
	return header;
}

/**
 * mynet_knobs_unregister() - take files of knobs away
 * @header: what registering them gave; may be NULL
 *
 * Waits for whoever is in one of them.
 */
void mynet_knobs_unregister(struct ctl_table_header *header)
{
	const struct ctl_table *table = header ? header->ctl_table_arg : NULL;

	if (header)
		unregister_net_sysctl_table(header);
	kfree(table);
}
