// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/mynet/arp: the neighbours of a namespace, in the form of /proc/net/arp.
 *
 * State: none. The table's lock is held while a reader's buffer is filled.
 */
#include <linux/if_arp.h>
#include <linux/proc_fs.h>
#include <linux/rtnetlink.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>

#include "link/private.h"

static struct mn_neigh_net *mn_arp_seq_table(struct seq_file *seq)
{
	return &mn_link_net(seq_file_net(seq))->neigh;
}

static void *mn_arp_seq_start(struct seq_file *seq, loff_t *pos)
	__acquires(&mn_arp_seq_table(seq)->lock)
{
	struct mn_neigh_net *nn = mn_arp_seq_table(seq);

	spin_lock_bh(&nn->lock);
	return seq_list_start_head(&nn->list, *pos);
}

static void *mn_arp_seq_next(struct seq_file *seq, void *v, loff_t *pos)
{
	return seq_list_next(v, &mn_arp_seq_table(seq)->list, pos);
}

static void mn_arp_seq_stop(struct seq_file *seq, void *v)
	__releases(&mn_arp_seq_table(seq)->lock)
{
	spin_unlock_bh(&mn_arp_seq_table(seq)->lock);
}

static int mn_arp_flags(u16 nud, u8 flags)
{
	if (flags & NTF_PROXY)
		return ATF_PUBL | ATF_PERM;
	if (nud & NUD_PERMANENT)
		return ATF_PERM | ATF_COM;
	return nud & (NUD_REACHABLE | NUD_PROBE | NUD_STALE | NUD_DELAY | NUD_NOARP) ? ATF_COM : 0;
}

static int mn_arp_seq_show(struct seq_file *seq, void *v)
{
	struct mynet_neigh *neigh = list_entry(v, struct mynet_neigh, net_list);
	u8 ha[ETH_ALEN] = {};
	char addr[16];
	int flags;

	if (v == &mn_arp_seq_table(seq)->list) {
		seq_puts(seq, "IP address       HW type     Flags       HW address            Mask     Device\n");
		return 0;
	}
	spin_lock(&neigh->lock);
	flags = mn_arp_flags(mn_neigh_nud(neigh), neigh->flags);
	if (mn_arp_usable(neigh->state.state))
		memcpy(ha, neigh->header.ha, sizeof(ha));
	spin_unlock(&neigh->lock);
	snprintf(addr, sizeof(addr), "%pI4", &neigh->key.addr);
	seq_printf(seq, "%-16s 0x%-10x0x%-10x%-17pM     *        %s\n", addr,
		   neigh->mdev->dev->type, flags, ha, neigh->mdev->dev->name);
	return 0;
}

static const struct seq_operations mn_arp_seq_ops = {
	.start	= mn_arp_seq_start,
	.next	= mn_arp_seq_next,
	.stop	= mn_arp_seq_stop,
	.show	= mn_arp_seq_show,
};

int mn_arp_proc_init(struct net *net)
{
	return proc_create_net("arp", 0444, mynet_net(net)->proc, &mn_arp_seq_ops,
			       sizeof(struct seq_net_private)) ? 0 : -ENOMEM;
}

void mn_arp_proc_exit(struct net *net)
{
	remove_proc_entry("arp", mynet_net(net)->proc);
}
