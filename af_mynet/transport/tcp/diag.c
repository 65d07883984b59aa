// SPDX-License-Identifier: GPL-2.0
/*
 * TCP as the administrator sees it: listeners, connections, handshakes under way and what is in
 * TIME_WAIT, in the order of demux.c's tables.
 *
 * State: none. Sockets are looked at without their lock: each number is one that was true.
 */
#include "tcp.h"
#include "transport/diag.h"
#include "transport/sk.h"

/* --- names -------------------------------------------------------------------------------- */

static void mn_diag_of_sock(struct mn_diag *d, struct sock *sk)
{
	*d = (struct mn_diag){
		.sk = sk, .entry = sk, .state = READ_ONCE(sk->sk_state),
		.laddr = sk->sk_rcv_saddr, .lport = htons(sk->sk_num),
		.raddr = sk->sk_daddr, .rport = sk->sk_dport,
		.dev = READ_ONCE(sk->sk_bound_dev_if),
	};
}

static void mn_diag_of_conn(struct mn_diag *d, struct mn_conn *c)
{
	if (c->kind == MN_CONN_SOCK) {
		mn_diag_of_sock(d, (struct sock *)container_of(c, struct mn_tcp_sock, conn));
		return;
	}
	*d = (struct mn_diag){
		.entry = c, .state = c->kind == MN_CONN_REQ ? TCP_SYN_RECV : TCP_TIME_WAIT,
		.laddr = c->tuple.laddr, .lport = c->tuple.lport,
		.raddr = c->tuple.raddr, .rport = c->tuple.rport, .dev = c->dev,
	};
}

static int mn_diag_tcp_walk(const struct net *net, unsigned int slot, mn_diag_visit_t visit,
			    void *arg)
{
	const struct hlist_head *head = mn_demux_slot(slot);
	bool listeners = mn_demux_is_listener(slot);
	struct hlist_node *node;
	struct mn_diag d;
	int stop;

	for (node = rcu_dereference(hlist_first_rcu(head)); node;
	     node = rcu_dereference(hlist_next_rcu(node))) {
		struct sock *sk = hlist_entry(node, struct sock, sk_node);
		struct mn_conn *c = hlist_entry(node, struct mn_conn, node);

		if ((listeners ? sock_net(sk) : c->net) != net)
			continue;
		if (listeners)
			mn_diag_of_sock(&d, sk);
		else
			mn_diag_of_conn(&d, c);
		/* The connection is over, and about to leave the table. */
		if (d.state == TCP_CLOSE)
			continue;
		stop = visit(&d, arg);
		if (stop)
			return stop;
	}
	return 0;
}

static unsigned int mn_diag_tcp_slot_of(const struct net *net, const struct mn_diag *d)
{
	struct mn_tuple t = {
		.laddr = d->laddr, .lport = d->lport, .raddr = d->raddr, .rport = d->rport,
	};

	return mn_demux_slot_of(net, &t);
}

/* --- looking ------------------------------------------------------------------------------ */

static void mn_diag_sock_timer(const struct mn_tcp_sock *tp, struct mn_diag_more *more)
{
	unsigned long expires;
	long left;

	more->timer = mn_tcp_timer_shown(tp, &expires);
	left = expires - jiffies;
	if (more->timer && left > 0)
		more->expires = jiffies_to_msecs(left);
	more->retries = more->timer == MYNET_SOCK_TIMER_ON ? tp->loss.retries : tp->loss.probes;
}

static void mn_diag_tcp_fill(const struct mn_diag *d, struct mn_diag_more *more)
{
	struct sock *sk = d->sk;
	struct mn_req_info req;

	if (!sk && d->state == TCP_SYN_RECV) {
		mn_req_info_get(d->entry, &req);
		more->timer = MYNET_SOCK_TIMER_ON;
		more->expires = req.left_ms;
		more->retries = req.retries;
		more->uid = req.uid;
	} else if (!sk) {
		more->timer = MYNET_SOCK_TIMER_TIMEWAIT;
		more->expires = mn_tw_left_ms(d->entry);
		more->uid = GLOBAL_ROOT_UID;
	} else if (d->state == TCP_LISTEN) {
		more->recvq = READ_ONCE(sk->sk_ack_backlog);
		more->sendq = READ_ONCE(sk->sk_max_ack_backlog);
		more->uid = sk->sk_uid;
	} else {
		const struct mn_tcp_sock *tp = mn_tcp(sk);
		s32 unread = READ_ONCE(tp->rcv.nxt) - READ_ONCE(tp->rcv.copied);

		more->recvq = max(unread, 0);
		more->sendq = READ_ONCE(tp->snd.write) - READ_ONCE(tp->snd.una);
		more->uid = sk->sk_uid;
		mn_diag_sock_timer(tp, more);
	}
}

static int mn_diag_tcp_info(const struct mn_diag *d, struct sk_buff *skb)
{
	struct tcp_info info;

	if (!d->sk)
		return 0;
	mn_tcp_info(d->sk, &info);
	if (nla_put(skb, MYNET_A_SOCK_INFO, sizeof(info), &info) ||
	    nla_put_string(skb, MYNET_A_SOCK_CC, READ_ONCE(mn_tcp(d->sk)->cc.ops)->name))
		return -EMSGSIZE;
	return 0;
}

/* --- ending ------------------------------------------------------------------------------- */

static void mn_diag_tcp_end(const struct mn_diag *d)
{
	if (d->state == TCP_SYN_RECV)
		mn_req_cancel(d->entry);
	else
		mn_tw_cancel(d->entry);
}

static void mn_diag_tcp_abort(struct sock *sk)
{
	lock_sock(sk);
	mn_tcp_tick(mn_tcp(sk));
	if (sk->sk_state == TCP_LISTEN)
		mn_tcp_listen_abort(sk, ECONNABORTED);
	else
		mn_tcp_abort(sk, ECONNABORTED);
	release_sock(sk);
}

const struct mn_diag_table mn_diag_tcp = {
	.slots		= mn_demux_slots,
	.slot_of	= mn_diag_tcp_slot_of,
	.walk		= mn_diag_tcp_walk,
	.fill		= mn_diag_tcp_fill,
	.info		= mn_diag_tcp_info,
	.end		= mn_diag_tcp_end,
	.abort		= mn_diag_tcp_abort,
};
