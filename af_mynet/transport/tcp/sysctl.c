// SPDX-License-Identifier: GPL-2.0
/*
 * TCP's knobs: net.mynet.tcp_*, names and meanings as net.ipv4.tcp_*.
 *
 * State: struct mn_tcp_net of each namespace, written through /proc/sys only; mn_tcp_mem and the
 * limit of orphans, which all namespaces share and the first one shows.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/sysctl.h>

#include "tcp.h"

long mn_tcp_mem[3] __read_mostly;
int mn_tcp_rmem_min[1] = { 4096 };
int mn_tcp_wmem_min[1] = { 4096 };
int mn_tcp_max_orphans __read_mostly;

static const struct mn_tcp_net mn_tcp_defaults = {
	.rmem			= { 4096, 131072, 6 << 20 },
	.wmem			= { 4096, 16384, 4 << 20 },
	.timestamps		= 1,
	.sack			= 1,
	.dsack			= 1,
	.window_scaling		= 1,
	.fin_timeout		= 60,
	.keepalive_time		= 7200,
	.keepalive_intvl	= 75,
	.keepalive_probes	= 9,
	.retries1		= 3,
	.retries2		= 15,
	.orphan_retries		= 0,
	.syn_retries		= 6,
	.synack_retries		= 5,
	.max_syn_backlog	= 1024,
	.max_tw_buckets		= 65536,
	.reuse_tw		= 1,
	.slow_start_after_idle	= 1,
	.challenge_ack_limit	= 100,
	.invalid_ratelimit	= 500,
	.moderate_rcvbuf	= 1,
	.min_snd_mss		= 48,
	.rto_min_us		= MN_RTO_MIN_US,
	.early_retrans		= 3,
	.tso_win_divisor	= 3,
	.notsent_lowat		= UINT_MAX,
	.cc			= "cubic",
};

static int mn_one = 1, mn_byte = 255, mn_retries_syn = 127, mn_buffer_min = 4096;
static int mn_mss_min = 48, mn_mss_max = 65535, mn_seconds_max = 32767;
static int mn_rto_max = MN_RTO_MAX_US, mn_early_max = 4;

/* TCP_CONGESTION of new sockets: only what there is. */
static int mn_cc_handler(mynet_ctl_table *table, int write, void *buffer, size_t *len, loff_t *pos)
{
	char name[16];
	struct ctl_table copy = { .data = name, .maxlen = sizeof(name), .mode = table->mode };
	int err;

	strscpy(name, table->data, sizeof(name));
	err = proc_dostring(&copy, write, buffer, len, pos);
	if (err || !write)
		return err;
	if (!mn_cc_find(name))
		return -ENOENT;
	strscpy(table->data, name, sizeof(name));
	return 0;
}

static int mn_cc_names_handler(mynet_ctl_table *table, int write, void *buffer, size_t *len,
			       loff_t *pos)
{
	char names[64];
	struct ctl_table copy = { .data = names, .maxlen = sizeof(names), .mode = table->mode };

	strscpy(names, mn_cc_names(), sizeof(names));
	return proc_dostring(&copy, write, buffer, len, pos);
}

/* @data is the place within struct mn_tcp_net; the copy of each namespace points to its own. */
#define MN_TCP_KNOB(name, count, min, max)					\
	{									\
		.procname	= "tcp_" #name,					\
		.data		= (void *)offsetof(struct mn_tcp_net, name),	\
		.maxlen		= (count) * sizeof(int),			\
		.mode		= 0644,						\
		.proc_handler	= proc_dointvec_minmax,				\
		.extra1		= min,						\
		.extra2		= max,						\
	}

static const struct ctl_table mn_tcp_table[] = {
	MN_TCP_KNOB(rmem, 3, &mn_buffer_min, SYSCTL_INT_MAX),
	MN_TCP_KNOB(wmem, 3, &mn_buffer_min, SYSCTL_INT_MAX),
	MN_TCP_KNOB(timestamps, 1, SYSCTL_ZERO, &mn_one),
	MN_TCP_KNOB(sack, 1, SYSCTL_ZERO, &mn_one),
	MN_TCP_KNOB(dsack, 1, SYSCTL_ZERO, &mn_one),
	MN_TCP_KNOB(window_scaling, 1, SYSCTL_ZERO, &mn_one),
	MN_TCP_KNOB(fin_timeout, 1, SYSCTL_ONE, &mn_seconds_max),
	MN_TCP_KNOB(keepalive_time, 1, SYSCTL_ONE, &mn_seconds_max),
	MN_TCP_KNOB(keepalive_intvl, 1, SYSCTL_ONE, &mn_seconds_max),
	MN_TCP_KNOB(keepalive_probes, 1, SYSCTL_ONE, &mn_byte),
	MN_TCP_KNOB(retries1, 1, SYSCTL_ZERO, &mn_byte),
	MN_TCP_KNOB(retries2, 1, SYSCTL_ZERO, &mn_byte),
	MN_TCP_KNOB(orphan_retries, 1, SYSCTL_ZERO, &mn_byte),
	MN_TCP_KNOB(syn_retries, 1, SYSCTL_ONE, &mn_retries_syn),
	MN_TCP_KNOB(synack_retries, 1, SYSCTL_ZERO, &mn_byte),
	MN_TCP_KNOB(max_syn_backlog, 1, SYSCTL_ZERO, SYSCTL_INT_MAX),
	MN_TCP_KNOB(max_tw_buckets, 1, SYSCTL_ZERO, SYSCTL_INT_MAX),
	MN_TCP_KNOB(abort_on_overflow, 1, SYSCTL_ZERO, &mn_one),
	MN_TCP_KNOB(rfc1337, 1, SYSCTL_ZERO, &mn_one),
	MN_TCP_KNOB(slow_start_after_idle, 1, SYSCTL_ZERO, &mn_one),
	MN_TCP_KNOB(challenge_ack_limit, 1, SYSCTL_ZERO, SYSCTL_INT_MAX),
	MN_TCP_KNOB(invalid_ratelimit, 1, SYSCTL_ZERO, SYSCTL_INT_MAX),
	MN_TCP_KNOB(moderate_rcvbuf, 1, SYSCTL_ZERO, &mn_one),
	MN_TCP_KNOB(min_snd_mss, 1, &mn_mss_min, &mn_mss_max),
	MN_TCP_KNOB(rto_min_us, 1, SYSCTL_ONE, &mn_rto_max),
	MN_TCP_KNOB(early_retrans, 1, SYSCTL_ZERO, &mn_early_max),
	MN_TCP_KNOB(tso_win_divisor, 1, SYSCTL_ZERO, SYSCTL_INT_MAX),
	{
		.procname	= "tcp_notsent_lowat",
		.data		= (void *)offsetof(struct mn_tcp_net, notsent_lowat),
		.maxlen		= sizeof(unsigned int),
		.mode		= 0644,
		.proc_handler	= proc_douintvec,
	}, {
		/* The field cannot have the name: the kernel's own headers define it. */
		.procname	= "tcp_tw_reuse",
		.data		= (void *)offsetof(struct mn_tcp_net, reuse_tw),
		.maxlen		= sizeof(int),
		.mode		= 0644,
		.proc_handler	= proc_dointvec_minmax,
		.extra1		= SYSCTL_ZERO,
		.extra2		= &mn_one,
	}, {
		.procname	= "tcp_congestion_control",
		.data		= (void *)offsetof(struct mn_tcp_net, cc),
		.maxlen		= 16,
		.mode		= 0644,
		.proc_handler	= mn_cc_handler,
	}, {
		.procname	= "tcp_available_congestion_control",
		.data		= (void *)offsetof(struct mn_tcp_net, cc),
		.maxlen		= 64,
		.mode		= 0444,
		.proc_handler	= mn_cc_names_handler,
	},
};

/* Knobs of the whole machine; the first namespace shows them. */
static const struct ctl_table mn_tcp_shared[] = {
	{
		.procname	= "tcp_mem",
		.data		= mn_tcp_mem,
		.maxlen		= sizeof(mn_tcp_mem),
		.mode		= 0644,
		.proc_handler	= proc_doulongvec_minmax,
	}, {
		.procname	= "tcp_max_orphans",
		.data		= &mn_tcp_max_orphans,
		.maxlen		= sizeof(int),
		.mode		= 0644,
		.proc_handler	= proc_dointvec_minmax,
		.extra1		= SYSCTL_ZERO,
		.extra2		= SYSCTL_INT_MAX,
	},
};

int mn_tcp_sysctl_init(struct net *net)
{
	struct mn_tcp_net *tn = mn_tcp_net(net);
	size_t own = ARRAY_SIZE(mn_tcp_table), n = own, i;
	struct ctl_table *table;

	memcpy(tn, &mn_tcp_defaults, sizeof(*tn));

	/* One more, empty: older kernels look for the end, not at the number. */
	table = kcalloc(own + ARRAY_SIZE(mn_tcp_shared) + 1, sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!table)
		return -ENOMEM;
	memcpy(table, mn_tcp_table, sizeof(mn_tcp_table));
	for (i = 0; i < own; i++)
		table[i].data = (u8 *)tn + (size_t)table[i].data;
	if (net_eq(net, &init_net)) {
		memcpy(table + own, mn_tcp_shared, sizeof(mn_tcp_shared));
		n += ARRAY_SIZE(mn_tcp_shared);
	}
	tn->sysctl = register_net_sysctl_sz(net, "net/mynet", table, n);
	if (!tn->sysctl)
		kfree(table);
	return tn->sysctl ? 0 : -ENOMEM;
}

void mn_tcp_sysctl_exit(struct net *net)
{
	struct ctl_table_header *header = mn_tcp_net(net)->sysctl;
	const struct ctl_table *table = header->ctl_table_arg;

	unregister_net_sysctl_table(header);
	kfree(table);
}

/*
 * As INET: an eighth of what is free, in pages; not less than is of use. An orphan for each 256 KiB
 * of memory.
 */
void __init mn_tcp_mem_init(void)
{
	unsigned long limit = max(nr_free_buffer_pages() / 16, 128UL);

	mn_tcp_max_orphans = clamp(totalram_pages() >> (18 - PAGE_SHIFT), 512UL, 262144UL);
	mn_tcp_mem[0] = limit / 4 * 3;
	mn_tcp_mem[1] = limit;
	mn_tcp_mem[2] = mn_tcp_mem[0] * 2;
}
