// SPDX-License-Identifier: GPL-2.0
/*
 * The link room's knobs: net.mynet.neigh.* in each namespace.
 *
 * State: struct mn_neigh_knobs, written through /proc/sys only, read wherever it matters.
 *
 * Names and values are those of net.ipv4.neigh.* and net.ipv4.conf.*, where there are such.
 */
#include <linux/slab.h>
#include <linux/sysctl.h>

#include "link/private.h"

static const struct mn_neigh_knobs mn_neigh_defaults = {
	.base_reachable_ms	= 30000,
	.delay_first_probe_ms	= 5000,
	.retrans_ms		= 1000,
	.ucast_probes		= 3,
	.bcast_probes		= 3,
	.locktime_ms		= 1000,
	.gc_stale_ms		= 60000,
	.gc_interval_ms		= 30000,
	.gc_thresh1		= 128,
	.gc_thresh2		= 512,
	.gc_thresh3		= 1024,
	.unres_qlen_bytes	= 212992,
};

static int mn_neigh_one = 1;
static int mn_neigh_ignore_max = 8;
static int mn_neigh_probes_max = 100;
static int mn_neigh_ms_min = 10;
static int mn_neigh_ms_max = 24 * 60 * 60 * 1000;

/* @data is the place within the knobs; the copy of each namespace points to its own. */
#define MN_NEIGH_KNOB(name, min, max)						\
	{									\
		.procname	= #name,					\
		.data		= (void *)offsetof(struct mn_neigh_knobs, name), \
		.maxlen		= sizeof(int),					\
		.mode		= 0644,						\
		.proc_handler	= proc_dointvec_minmax,				\
		.extra1		= min,						\
		.extra2		= max,						\
	}

static const struct ctl_table mn_neigh_table[] = {
	MN_NEIGH_KNOB(base_reachable_ms, &mn_neigh_ms_min, &mn_neigh_ms_max),
	MN_NEIGH_KNOB(delay_first_probe_ms, &mn_neigh_ms_min, &mn_neigh_ms_max),
	MN_NEIGH_KNOB(retrans_ms, &mn_neigh_ms_min, &mn_neigh_ms_max),
	MN_NEIGH_KNOB(ucast_probes, SYSCTL_ZERO, &mn_neigh_probes_max),
	MN_NEIGH_KNOB(bcast_probes, SYSCTL_ZERO, &mn_neigh_probes_max),
	MN_NEIGH_KNOB(locktime_ms, SYSCTL_ZERO, &mn_neigh_ms_max),
	MN_NEIGH_KNOB(gc_stale_ms, SYSCTL_ZERO, &mn_neigh_ms_max),
	MN_NEIGH_KNOB(gc_interval_ms, &mn_neigh_ms_min, &mn_neigh_ms_max),
	MN_NEIGH_KNOB(gc_thresh1, SYSCTL_ZERO, SYSCTL_INT_MAX),
	MN_NEIGH_KNOB(gc_thresh2, SYSCTL_ZERO, SYSCTL_INT_MAX),
	MN_NEIGH_KNOB(gc_thresh3, SYSCTL_ZERO, SYSCTL_INT_MAX),
	MN_NEIGH_KNOB(unres_qlen_bytes, SYSCTL_ZERO, SYSCTL_INT_MAX),
	MN_NEIGH_KNOB(arp_ignore, SYSCTL_ZERO, &mn_neigh_ignore_max),
	MN_NEIGH_KNOB(arp_announce, SYSCTL_ZERO, SYSCTL_TWO),
	MN_NEIGH_KNOB(arp_accept, SYSCTL_ZERO, &mn_neigh_one),
	MN_NEIGH_KNOB(proxy_arp, SYSCTL_ZERO, &mn_neigh_one),
};

int mn_neigh_sysctl_init(struct net *net, struct mn_neigh_net *nn)
{
	size_t n = ARRAY_SIZE(mn_neigh_table), i;
	struct ctl_table *table;

	nn->knobs = mn_neigh_defaults;

	/* One more, empty: older kernels look for the end, not at the number. */
	table = kcalloc(n + 1, sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	memcpy(table, mn_neigh_table, sizeof(mn_neigh_table));
	for (i = 0; i < n; i++)
		table[i].data = (u8 *)&nn->knobs + (size_t)table[i].data;

	nn->sysctl = register_net_sysctl_sz(net, "net/mynet/neigh", table, n);
	if (!nn->sysctl) {
		kfree(table);
		return -ENOMEM;
	}
	return 0;
}

void mn_neigh_sysctl_exit(struct mn_neigh_net *nn)
{
	const struct ctl_table *table = nn->sysctl->ctl_table_arg;

	unregister_net_sysctl_table(nn->sysctl);
	kfree(table);
}
