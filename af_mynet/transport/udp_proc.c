// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/mynet/udp: every UDP socket of a namespace, in the form of /proc/net/udp.
 *
 * State: none.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>

#include "transport/udp.h"

/* The place of a reader: the slot of a port whose lock it holds. */
struct mn_udp_walk {
	struct seq_net_private	p;
	unsigned int		slot;
	bool			locked;
};

static struct sock *mn_walk_here(struct net *net, struct hlist_node *node)
{
	for (; node; node = node->next) {
		struct sock *sk = hlist_entry(node, struct sock, sk_node);

		if (net_eq(sock_net(sk), net))
			return sk;
	}
	return NULL;
}

static void mn_walk_unlock(struct mn_udp_walk *walk)
{
	if (walk->locked)
		mn_udp_slot_unlock(walk->slot);
	walk->locked = false;
}

/* The first socket from slot @walk->slot on; its slot stays locked. */
static struct sock *mn_walk_slots(struct seq_file *seq)
{
	struct mn_udp_walk *walk = seq->private;
	struct sock *sk;

	for (; walk->slot < mn_udp_slots(); walk->slot++) {
		struct hlist_head *head = mn_udp_slot_lock(walk->slot);

		walk->locked = true;
		sk = mn_walk_here(seq_file_net(seq), head->first);
		if (sk)
			return sk;
		mn_walk_unlock(walk);
	}
	return NULL;
}

static struct sock *mn_walk_next(struct seq_file *seq, struct sock *sk)
{
	struct mn_udp_walk *walk = seq->private;

	sk = mn_walk_here(seq_file_net(seq), sk->sk_node.next);
	if (sk)
		return sk;
	mn_walk_unlock(walk);
	walk->slot++;
	return mn_walk_slots(seq);
}

static void *mn_udp_seq_start(struct seq_file *seq, loff_t *pos)
{
	struct mn_udp_walk *walk = seq->private;
	loff_t skip = *pos;
	struct sock *sk;

	walk->slot = 0;
	if (!skip)
		return SEQ_START_TOKEN;
	for (sk = mn_walk_slots(seq); sk && --skip; )
		sk = mn_walk_next(seq, sk);
	return sk;
}

static void *mn_udp_seq_next(struct seq_file *seq, void *v, loff_t *pos)
{
	++*pos;
	return v == SEQ_START_TOKEN ? mn_walk_slots(seq) : mn_walk_next(seq, v);
}

static void mn_udp_seq_stop(struct seq_file *seq, void *v)
{
	mn_walk_unlock(seq->private);
}

static int mn_udp_seq_show(struct seq_file *seq, void *v)
{
	struct mn_udp_walk *walk = seq->private;
	struct sock *sk = v;

	if (v == SEQ_START_TOKEN) {
		seq_puts(seq, "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n");
		return 0;
	}
	seq_printf(seq, "%5u: %08X:%04X %08X:%04X %02X %08X:%08X %02X:%08lX %08X %5u %8d %lu %d %pK %u\n",
		   walk->slot, (__force u32)sk->sk_rcv_saddr, sk->sk_num,
		   (__force u32)sk->sk_daddr, ntohs(sk->sk_dport), sk->sk_state,
		   sk_wmem_alloc_get(sk), sk_rmem_alloc_get(sk), 0, 0UL, 0,
		   from_kuid_munged(seq_user_ns(seq), sk->sk_uid), 0, mn_sock_ino(sk),
		   refcount_read(&sk->sk_refcnt), sk, mynet_sk_drops(sk));
	return 0;
}

static const struct seq_operations mn_udp_seq_ops = {
	.start	= mn_udp_seq_start,
	.next	= mn_udp_seq_next,
	.stop	= mn_udp_seq_stop,
	.show	= mn_udp_seq_show,
};

int mn_udp_proc_init(struct net *net)
{
	return proc_create_net("udp", 0444, mynet_net(net)->proc, &mn_udp_seq_ops,
			       sizeof(struct mn_udp_walk)) ? 0 : -ENOMEM;
}

void mn_udp_proc_exit(struct net *net)
{
	remove_proc_entry("udp", mynet_net(net)->proc);
}
