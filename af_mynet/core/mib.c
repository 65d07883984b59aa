// SPDX-License-Identifier: GPL-2.0
/*
 * Counters: storage, sums, and the files snmp, netstat and drops in /proc/net/mynet.
 *
 * State: struct mynet_mib of each namespace. Each CPU writes its own share without a lock;
 * readers add the shares up.
 *
 * A file has two lines for each of its groups, as /proc/net/snmp has: the group's word and
 * the names of its counters, then the word again and the values in the same order.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>

#include "core/mib.h"

enum mn_mib_file {
	MN_MIB_FILE_SNMP,
	MN_MIB_FILE_NETSTAT,
	MN_MIB_FILE_DROPS,
};

#define MN_MIB_GROUP(group, file, word)		MN_MIB_GROUP_##group,
enum mn_mib_group {
	MYNET_MIB_GROUP_LIST(MN_MIB_GROUP)
};

#define MN_MIB_GROUP_ROW(group, file, word)	\
	[MN_MIB_GROUP_##group] = { MN_MIB_FILE_##file, word },
static const struct {
	enum mn_mib_file file;
	const char *word;
} mn_mib_groups[] = {
	MYNET_MIB_GROUP_LIST(MN_MIB_GROUP_ROW)
};

#define MN_MIB_ROW(name, group, shown, what)	\
	[MYNET_MIB_##name] = { MN_MIB_GROUP_##group, shown },
#define MN_MIB_DROP_ROW(name, core, what)	\
	[MYNET_MIB_DROP(MYNET_DROP_##name)] = { MN_MIB_GROUP_DROP, #name },
static const struct {
	enum mn_mib_group group;
	const char *name;
} mn_mibs[MYNET_MIB_MAX] = {
	MYNET_MIB_LIST(MN_MIB_ROW)
	MYNET_DROP_LIST(MN_MIB_DROP_ROW)
};

u64 mynet_mib_read(const struct mynet_net *mnet, enum mynet_mib_id id)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct mynet_mib *mib = per_cpu_ptr(mnet->mib, cpu);
		unsigned int seq;
		u64 n;

		do {
			seq = u64_stats_fetch_begin(&mib->sync);
			n = READ_ONCE(mib->count[id]);
		} while (u64_stats_fetch_retry(&mib->sync, seq));
		sum += n;
	}
	return sum;
}
MYNET_EXPORT_TO_TESTS(mynet_mib_read);

/* Not a drop for no reason: that one has a number but no name. */
static bool mn_mib_shown(unsigned int id, enum mn_mib_group group)
{
	return mn_mibs[id].name && mn_mibs[id].group == group;
}

static void mn_mib_show_group(struct seq_file *seq, enum mn_mib_group group)
{
	const struct mynet_net *mnet = mynet_net(seq_file_single_net(seq));
	unsigned int id;

	seq_printf(seq, "%s:", mn_mib_groups[group].word);
	for (id = 0; id < MYNET_MIB_MAX; id++)
		if (mn_mib_shown(id, group))
			seq_printf(seq, " %s", mn_mibs[id].name);

	seq_printf(seq, "\n%s:", mn_mib_groups[group].word);
	for (id = 0; id < MYNET_MIB_MAX; id++)
		if (mn_mib_shown(id, group))
			seq_printf(seq, " %llu", mynet_mib_read(mnet, id));
	seq_putc(seq, '\n');
}

static int mn_mib_show(struct seq_file *seq, enum mn_mib_file file)
{
	unsigned int group;

	for (group = 0; group < ARRAY_SIZE(mn_mib_groups); group++)
		if (mn_mib_groups[group].file == file)
			mn_mib_show_group(seq, group);
	return 0;
}

static int mn_mib_snmp_show(struct seq_file *seq, void *v)
{
	return mn_mib_show(seq, MN_MIB_FILE_SNMP);
}

static int mn_mib_netstat_show(struct seq_file *seq, void *v)
{
	return mn_mib_show(seq, MN_MIB_FILE_NETSTAT);
}

static int mn_mib_drops_show(struct seq_file *seq, void *v)
{
	return mn_mib_show(seq, MN_MIB_FILE_DROPS);
}

static const struct {
	const char *name;
	int (*show)(struct seq_file *seq, void *v);
} mn_mib_files[] = {
	[MN_MIB_FILE_SNMP]	= { "snmp", mn_mib_snmp_show },
	[MN_MIB_FILE_NETSTAT]	= { "netstat", mn_mib_netstat_show },
	[MN_MIB_FILE_DROPS]	= { "drops", mn_mib_drops_show },
};

static int mn_mib_proc_init(struct mynet_net *mnet)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mn_mib_files); i++)
		if (!proc_create_net_single(mn_mib_files[i].name, 0444, mnet->proc,
					    mn_mib_files[i].show, NULL))
			goto err_files;
	return 0;

err_files:
	while (i--)
		remove_proc_entry(mn_mib_files[i].name, mnet->proc);
	return -ENOMEM;
}

static void mn_mib_proc_exit(struct mynet_net *mnet)
{
	unsigned int i = ARRAY_SIZE(mn_mib_files);

	while (i--)
		remove_proc_entry(mn_mib_files[i].name, mnet->proc);
}

int mynet_mib_net_init(struct mynet_net *mnet)
{
	int cpu, err;

	mnet->mib = alloc_percpu_gfp(struct mynet_mib, GFP_KERNEL_ACCOUNT);
	if (!mnet->mib)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(mnet->mib, cpu)->sync);

	err = mn_mib_proc_init(mnet);
	if (err)
		goto err_mib;
	return 0;

err_mib:
	free_percpu(mnet->mib);
	return err;
}

void mynet_mib_net_exit(struct mynet_net *mnet)
{
	mn_mib_proc_exit(mnet);
	free_percpu(mnet->mib);
}
