// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/mynet/raw and /proc/net/mynet/icmp: every socket of a struct mn_dgram_table, in the
 * form of /proc/net/raw.
 *
 * State: none. The table's lock is held while a reader's buffer is filled.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>

#include "transport/dgram.h"

/* The place of a reader. */
struct mn_dgram_walk {
	struct seq_net_private	p;
	unsigned int		slot;
};

static struct mn_dgram_table *mn_seq_table(const struct seq_file *seq)
{
	return pde_data(file_inode(seq->file));
}

/* From @node in walk->slot on: the first one of the namespace. */
static struct sock *mn_dgram_seq_find(struct seq_file *seq, struct hlist_node *node)
{
	struct mn_dgram_table *table = mn_seq_table(seq);
	struct mn_dgram_walk *walk = seq->private;

	for (;;) {
		for (; node; node = node->next) {
			struct sock *sk = hlist_entry(node, struct sock, sk_node);

			if (net_eq(sock_net(sk), seq_file_net(seq)))
				return sk;
		}
		if (++walk->slot >= MN_DGRAM_SLOTS)
			return NULL;
		node = table->slot[walk->slot].first;
	}
}

static struct sock *mn_dgram_seq_first(struct seq_file *seq)
{
	struct mn_dgram_walk *walk = seq->private;

	walk->slot = 0;
	return mn_dgram_seq_find(seq, mn_seq_table(seq)->slot[0].first);
}

static void *mn_dgram_seq_start(struct seq_file *seq, loff_t *pos)
	__acquires(&mn_seq_table(seq)->lock)
{
	loff_t skip = *pos;
	struct sock *sk;

	spin_lock_bh(&mn_seq_table(seq)->lock);
	if (!skip)
		return SEQ_START_TOKEN;
	for (sk = mn_dgram_seq_first(seq); sk && --skip; )
		sk = mn_dgram_seq_find(seq, sk->sk_node.next);
	return sk;
}

static void *mn_dgram_seq_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct sock *sk = v;

	++*pos;
	return v == SEQ_START_TOKEN ? mn_dgram_seq_first(seq) :
				      mn_dgram_seq_find(seq, sk->sk_node.next);
}

static void mn_dgram_seq_stop(struct seq_file *seq, void *v)
	__releases(&mn_seq_table(seq)->lock)
{
	spin_unlock_bh(&mn_seq_table(seq)->lock);
}

static int mn_dgram_seq_show(struct seq_file *seq, void *v)
{
	struct mn_dgram_walk *walk = seq->private;
	struct sock *sk = v;

	if (v == SEQ_START_TOKEN) {
		seq_puts(seq, "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n");
		return 0;
	}
	seq_printf(seq, "%4u: %08X:%04X %08X:%04X %02X %08X:%08X %02X:%08lX %08X %5u %8d %lu %d %pK %u\n",
		   walk->slot, (__force u32)sk->sk_rcv_saddr, sk->sk_num,
		   (__force u32)sk->sk_daddr,
		   sk->sk_type == SOCK_RAW ? 0 : ntohs(sk->sk_dport), sk->sk_state,
		   sk_wmem_alloc_get(sk), sk_rmem_alloc_get(sk), 0, 0UL, 0,
		   from_kuid_munged(seq_user_ns(seq), sk->sk_uid), 0, mn_sock_ino(sk),
		   refcount_read(&sk->sk_refcnt), sk, mynet_sk_drops(sk));
	return 0;
}

static const struct seq_operations mn_dgram_seq_ops = {
	.start	= mn_dgram_seq_start,
	.next	= mn_dgram_seq_next,
	.stop	= mn_dgram_seq_stop,
	.show	= mn_dgram_seq_show,
};

int mn_dgram_proc_init(struct net *net, const char *name, struct mn_dgram_table *table)
{
	return proc_create_net_data(name, 0444, mynet_net(net)->proc, &mn_dgram_seq_ops,
				    sizeof(struct mn_dgram_walk), table) ? 0 : -ENOMEM;
}

void mn_dgram_proc_exit(struct net *net, const char *name)
{
	remove_proc_entry(name, mynet_net(net)->proc);
}
