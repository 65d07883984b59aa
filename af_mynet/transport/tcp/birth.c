// SPDX-License-Identifier: GPL-2.0
/*
 * A socket's state as it is at birth: for a new socket, for a listener's child, and again after a
 * disconnect.
 *
 * State: none of its own; the first values of struct mn_tcp_sock.
 */
#include "tcp.h"

/* Once in a socket's life: a packet may hold the lock of a listener that is none any more. */
static void mn_listen_init(struct mn_listen *l)
{
	spin_lock_init(&l->lock);
	INIT_LIST_HEAD(&l->accept);
	INIT_LIST_HEAD(&l->reqs);
	l->req_count = 0;
	l->accept_count = 0;
}

/* A connection that knows nothing yet. What the program has set, and its port, stay. */
void mn_tcp_sock_reinit(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_tcp_net *tn = mn_tcp_sk_net(sk);

	tp->now_us = mn_tcp_clock_us();	/* a new socket needs no lock yet */
	mn_rtxq_init(&tp->rtxq);
	mn_delack_init(&tp->delack);
	mn_rtt_init(&tp->rtt, READ_ONCE(tn->rto_min_us));
	mn_loss_init(tp);
	tp->neg = (struct mn_tcp_neg){
		.ts = READ_ONCE(tn->timestamps), .sack = READ_ONCE(tn->sack),
		.wscale = READ_ONCE(tn->window_scaling),
	};
	tp->mtu = (struct mn_tcp_mtu){};
	tp->snd = (struct mn_snd){};
	mn_rcv_init(sk);
	tp->cwv = (struct mn_cwv){ .last_sent = jiffies };
	tp->cc.cwnd = MN_CWND_INIT;
	tp->cc.ssthresh = MN_SSTHRESH_INF;
	tp->cc.most = MN_CWND_MAX;
	tp->cc.count = 0;
	mn_cc_start(tp, tp->cc.ops);
	tp->urg = (struct mn_urg){};
	tp->counts = (struct mn_tcp_counts){};
	tp->challenges = (struct mn_challenges){};
	tp->active = (struct mn_active){};
	tp->cc.locked = false;
	sk->sk_pacing_rate = READ_ONCE(sk->sk_max_pacing_rate);
}

/* A socket that nobody has seen yet: a new one, or the clone of a listener. */
void mn_tcp_sock_reset(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	mn_timers_init(sk);
	tp->bind = (struct mn_bind){};
	tp->conn = (struct mn_conn){};
	mn_listen_init(&tp->listen);
	tp->child.listener = NULL;
	INIT_LIST_HEAD(&tp->child.node);
	INIT_LIST_HEAD(&tp->tsq_node);
	tp->child.saved_syn = NULL;
	mn_tcp_sock_reinit(sk);
}
