// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/mynet/igmp and /proc/net/mynet/mcfilter: the groups of each device and the sources
 * that their members speak of, in the form of /proc/net/igmp and /proc/net/mcfilter.
 *
 * State: none. A device's groups are locked while they are shown.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>

#include "internet/inet.h"
#include "link/link.h"

/* The place of a reader: the next device after this one. */
struct mn_mc_walk {
	struct seq_net_private	p;
	int			ifindex;
};

/* The next device that has groups. */
static struct mn_indev *mn_mc_seq_find(struct seq_file *seq)
{
	struct mn_mc_walk *walk = seq->private;
	struct mynet_dev *mdev;

	while ((mdev = mynet_dev_next(seq_file_net(seq), walk->ifindex))) {
		struct mn_indev *indev = mn_indev(mdev);

		walk->ifindex = mdev->dev->ifindex;
		if (indev)
			return indev;
	}
	return NULL;
}

/* Position 0 is the headline, position N + 1 all of the device with ifindex N or a later one. */
static void *mn_mc_seq_start(struct seq_file *seq, loff_t *pos)
	__acquires(RCU)
{
	struct mn_mc_walk *walk = seq->private;

	rcu_read_lock();
	if (!*pos)
		return SEQ_START_TOKEN;
	walk->ifindex = *pos - 2;
	return mn_mc_seq_find(seq);
}

static void *mn_mc_seq_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct mn_mc_walk *walk = seq->private;
	struct mn_indev *indev;

	if (v == SEQ_START_TOKEN)
		walk->ifindex = 0;
	indev = mn_mc_seq_find(seq);
	*pos = indev ? walk->ifindex + 1 : *pos + 1;
	return indev;
}

static void mn_mc_seq_stop(struct seq_file *seq, void *v)
	__releases(RCU)
{
	rcu_read_unlock();
}

static void mn_igmp_show_group(struct seq_file *seq, const struct mn_mc_group *group)
{
	long left = group->answer ? (long)(group->answer_at - jiffies) : 0;

	seq_printf(seq, "\t\t\t\t%08X %5d %d:%08lX\t\t%d\n", (__force u32)group->addr,
		   group->users, group->answer, jiffies_to_clock_t(max(left, 0L)),
		   group->reporter);
}

static int mn_igmp_seq_show(struct seq_file *seq, void *v)
{
	static const char * const querier[] = { "NONE", "V1", "V2", "V3" };
	const struct mn_mc_group *group;
	struct mn_indev *indev = v;
	struct net_device *dev;
	unsigned int i;

	if (v == SEQ_START_TOKEN) {
		seq_puts(seq, "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n");
		return 0;
	}
	dev = indev->mdev->dev;
	spin_lock_bh(&indev->mc.lock);
	/* The group of all hosts is joined on each device, and kept nowhere. */
	seq_printf(seq, "%d\t%-10s: %5d %7s\n", dev->ifindex, dev->name, indev->mc.count + 1,
		   querier[min(mn_igmp_version(&indev->mc), 3U)]);
	seq_printf(seq, "\t\t\t\t%08X %5d %d:%08lX\t\t%d\n", (__force u32)MN_MC_ALL_HOSTS,
		   1, 0, 0UL, 0);
	for (i = 0; i < ARRAY_SIZE(indev->mc.hash); i++)
		hlist_for_each_entry(group, &indev->mc.hash[i], hash)
			mn_igmp_show_group(seq, group);
	spin_unlock_bh(&indev->mc.lock);
	return 0;
}

static int mn_mcfilter_seq_show(struct seq_file *seq, void *v)
{
	const struct mn_mc_source *source;
	const struct mn_mc_group *group;
	struct mn_indev *indev = v;
	struct net_device *dev;
	unsigned int i;

	if (v == SEQ_START_TOKEN) {
		seq_puts(seq, "Idx Device        MCA        SRC    INC    EXC\n");
		return 0;
	}
	dev = indev->mdev->dev;
	spin_lock_bh(&indev->mc.lock);
	for (i = 0; i < ARRAY_SIZE(indev->mc.hash); i++)
		hlist_for_each_entry(group, &indev->mc.hash[i], hash)
			hlist_for_each_entry(source, &group->sources, list)
				if (source->in || source->ex)
					seq_printf(seq, "%3d %6.6s 0x%08x 0x%08x %6u %6u\n",
						   dev->ifindex, dev->name, ntohl(group->addr),
						   ntohl(source->addr), source->in, source->ex);
	spin_unlock_bh(&indev->mc.lock);
	return 0;
}

static const struct seq_operations mn_igmp_seq_ops = {
	.start	= mn_mc_seq_start,
	.next	= mn_mc_seq_next,
	.stop	= mn_mc_seq_stop,
	.show	= mn_igmp_seq_show,
};

static const struct seq_operations mn_mcfilter_seq_ops = {
	.start	= mn_mc_seq_start,
	.next	= mn_mc_seq_next,
	.stop	= mn_mc_seq_stop,
	.show	= mn_mcfilter_seq_show,
};

int mn_mc_proc_init(struct mynet_net *mnet)
{
	if (!proc_create_net("igmp", 0444, mnet->proc, &mn_igmp_seq_ops,
			     sizeof(struct mn_mc_walk)))
		return -ENOMEM;
	if (proc_create_net("mcfilter", 0444, mnet->proc, &mn_mcfilter_seq_ops,
			    sizeof(struct mn_mc_walk)))
		return 0;
	remove_proc_entry("igmp", mnet->proc);
	return -ENOMEM;
}

void mn_mc_proc_exit(struct mynet_net *mnet)
{
	remove_proc_entry("mcfilter", mnet->proc);
	remove_proc_entry("igmp", mnet->proc);
}
