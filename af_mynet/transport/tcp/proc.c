// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/mynet/tcp, line by line as /proc/net/tcp is.
 *
 * State: none. A reader sees each connection as it is when its line is made; a table that changes
 * meanwhile may miss one or show one twice, as the kernel's own does.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

#include "tcp.h"
#include "transport/sk.h"

struct mn_tcp_proc {
	struct seq_net_private	p;
	unsigned int		bucket;
	unsigned int		at;
	int			line;
};

int mn_tcp_timer_shown(const struct mn_tcp_sock *tp, unsigned long *expires)
{
	switch (tp->timers.what) {
	case MN_TIMER_RTO:
	case MN_TIMER_TLP:
	case MN_TIMER_REO:
		*expires = tp->timers.rtx_at;
		return 1;
	case MN_TIMER_PROBE:
		*expires = tp->timers.rtx_at;
		return 4;
	default:
		if (timer_pending(&tp->timers.keep)) {
			*expires = tp->timers.keep.expires;
			return 2;
		}
		*expires = jiffies;
		return 0;
	}
}

static void mn_proc_line(struct seq_file *seq, int line, const struct mn_tuple *t, int state,
			 u32 tx, u32 rx, int timer, u32 left, u32 retries, u32 uid, u32 probes,
			 u64 ino)
{
	seq_printf(seq, "%4d: %08X:%04X %08X:%04X %02X %08X:%08X %02X:%08lX %08X %5u %8d %llu",
		   line, (__force u32)t->laddr, ntohs(t->lport), (__force u32)t->raddr,
		   ntohs(t->rport), state, tx, rx, timer,
		   (unsigned long)jiffies_to_clock_t(msecs_to_jiffies(left)), retries, uid, probes,
		   ino);
}

static void mn_proc_sock(struct seq_file *seq, int line, struct sock *sk)
{
	const struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_tuple t = {
		.laddr = sk->sk_rcv_saddr, .lport = htons(sk->sk_num),
		.raddr = sk->sk_daddr, .rport = sk->sk_dport,
	};
	struct user_namespace *user = seq_user_ns(seq);
	unsigned long expires;
	int timer = mn_tcp_timer_shown(tp, &expires), state = READ_ONCE(sk->sk_state);
	u32 tx = tp->snd.write - tp->snd.una;
	s32 rx = READ_ONCE(tp->rcv.nxt) - READ_ONCE(tp->rcv.copied);
	s64 left = expires - jiffies;

	if (state == TCP_LISTEN) {
		tx = 0;
		rx = READ_ONCE(sk->sk_ack_backlog);
	}
	mn_proc_line(seq, line, &t, state, tx, max(rx, 0), timer,
		     left > 0 ? jiffies_to_msecs(left) : 0, tp->loss.retries,
		     from_kuid_munged(user, sk->sk_uid), tp->loss.probes, mn_sock_ino(sk));
	seq_printf(seq, " %d %pK %lu %lu %u %u %d", refcount_read(&sk->sk_refcnt), sk,
		   jiffies_to_clock_t(usecs_to_jiffies(mn_rtt_timeout(&tp->rtt))),
		   jiffies_to_clock_t(tp->delack.ato),
		   (tp->delack.quick << 1) + !tp->delack.pingpong, tp->cc.cwnd,
		   tp->cc.ssthresh >= MN_SSTHRESH_INF ? -1 : (int)tp->cc.ssthresh);
}

static void mn_proc_conn(struct seq_file *seq, int line, struct mn_conn *c)
{
	struct mn_req_info info;

	switch (c->kind) {
	case MN_CONN_SOCK:
		mn_proc_sock(seq, line, (struct sock *)container_of(c, struct mn_tcp_sock, conn));
		return;
	case MN_CONN_REQ:
		mn_req_info_get(c, &info);
		mn_proc_line(seq, line, &c->tuple, TCP_SYN_RECV, 0, 0, 1, info.left_ms,
			     info.retries, from_kuid_munged(seq_user_ns(seq), info.uid), 0, 0);
		seq_printf(seq, " %d %pK", 0, c);
		return;
	default:
		mn_proc_line(seq, line, &c->tuple, TCP_TIME_WAIT, 0, 0, 3, mn_tw_left_ms(c), 0, 0,
			     0, 0);
		seq_printf(seq, " %d %pK", 0, c);
	}
}

/* The entry at (bucket, at) or the next one; listeners come first. Context: RCU. */
static void *mn_proc_get(struct seq_file *seq)
{
	struct mn_tcp_proc *s = seq->private;

	return mn_demux_walk(seq_file_net(seq), &s->bucket, &s->at);
}

static void *mn_proc_start(struct seq_file *seq, loff_t *pos)
	__acquires(RCU)
{
	struct mn_tcp_proc *s = seq->private;

	rcu_read_lock();
	if (!*pos) {
		s->bucket = 0;
		s->at = 0;
		s->line = 0;
		return SEQ_START_TOKEN;
	}
	return mn_proc_get(seq);
}

static void *mn_proc_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct mn_tcp_proc *s = seq->private;

	++*pos;
	if (v != SEQ_START_TOKEN) {
		s->at++;
		s->line++;
	}
	return mn_proc_get(seq);
}

static void mn_proc_stop(struct seq_file *seq, void *v)
	__releases(RCU)
{
	rcu_read_unlock();
}

static int mn_proc_show(struct seq_file *seq, void *v)
{
	struct mn_tcp_proc *s = seq->private;

	seq_setwidth(seq, 149);
	if (v == SEQ_START_TOKEN)
		seq_puts(seq, "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode");
	else if (mn_demux_is_listener(s->bucket))
		mn_proc_sock(seq, s->line, v);
	else
		mn_proc_conn(seq, s->line, v);
	seq_pad(seq, '\n');
	return 0;
}

static const struct seq_operations mn_proc_ops = {
	.start	= mn_proc_start,
	.next	= mn_proc_next,
	.stop	= mn_proc_stop,
	.show	= mn_proc_show,
};

int mn_tcp_proc_init(struct net *net)
{
	return proc_create_net("tcp", 0444, mynet_net(net)->proc, &mn_proc_ops,
			       sizeof(struct mn_tcp_proc)) ? 0 : -ENOMEM;
}

void mn_tcp_proc_exit(struct net *net)
{
	remove_proc_entry("tcp", mynet_net(net)->proc);
}
