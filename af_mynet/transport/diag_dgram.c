// SPDX-License-Identifier: GPL-2.0
/*
 * UDP, raw and ping sockets as the administrator sees them.
 *
 * State: none.
 */
#include <net/tcp_states.h>

#include "transport/diag.h"
#include "transport/ping.h"
#include "transport/raw.h"
#include "transport/udp.h"

static int mn_diag_chain(const struct net *net, const struct hlist_head *head,
			 mn_diag_visit_t visit, void *arg)
{
	struct sock *sk;
	int stop;

	hlist_for_each_entry_rcu(sk, head, sk_node) {
		struct mn_diag d = {
			.sk = sk, .entry = sk, .state = READ_ONCE(sk->sk_state),
			.laddr = READ_ONCE(sk->sk_rcv_saddr), .lport = htons(sk->sk_num),
			.raddr = READ_ONCE(sk->sk_daddr), .rport = READ_ONCE(sk->sk_dport),
			.dev = READ_ONCE(sk->sk_bound_dev_if),
		};

		if (!net_eq(sock_net(sk), net))
			continue;
		/* The port that connect() was told means nothing without ports. */
		if (sk->sk_type == SOCK_RAW)
			d.rport = 0;
		stop = visit(&d, arg);
		if (stop)
			return stop;
	}
	return 0;
}

static void mn_diag_dgram_fill(const struct mn_diag *d, struct mn_diag_more *more)
{
	more->recvq = sk_rmem_alloc_get(d->sk);
	more->sendq = sk_wmem_alloc_get(d->sk);
	more->uid = d->sk->sk_uid;
}

static void mn_diag_dgram_abort(struct sock *sk)
{
	lock_sock(sk);
	/* A close sets SOCK_DEAD under this lock, before the socket leaves its table. */
	if (!sock_flag(sk, SOCK_DEAD)) {
		WRITE_ONCE(sk->sk_err, ECONNABORTED);
		sk_error_report(sk);
		mn_dgram_disconnect_locked(sk);
	}
	release_sock(sk);
}

/* --- UDP ---------------------------------------------------------------------------------- */

static unsigned int mn_diag_udp_slot_of(const struct net *net, const struct mn_diag *d)
{
	return mn_udp_slot_of(net, ntohs(d->lport));
}

static int mn_diag_udp_walk(const struct net *net, unsigned int slot, mn_diag_visit_t visit,
			    void *arg)
{
	return mn_diag_chain(net, mn_udp_slot_head(slot), visit, arg);
}

const struct mn_diag_table mn_diag_udp = {
	.slots		= mn_udp_slots,
	.slot_of	= mn_diag_udp_slot_of,
	.walk		= mn_diag_udp_walk,
	.fill		= mn_diag_dgram_fill,
	.abort		= mn_diag_dgram_abort,
};

/* --- raw and ping sockets ----------------------------------------------------------------- */

static unsigned int mn_diag_dgram_slots(void)
{
	return MN_DGRAM_SLOTS;
}

static unsigned int mn_diag_raw_slot_of(const struct net *net, const struct mn_diag *d)
{
	return mn_dgram_slot(&mn_raw_table, net, ntohs(d->lport)) - mn_raw_table.slot;
}

static int mn_diag_raw_walk(const struct net *net, unsigned int slot, mn_diag_visit_t visit,
			    void *arg)
{
	return mn_diag_chain(net, &mn_raw_table.slot[slot], visit, arg);
}

const struct mn_diag_table mn_diag_raw = {
	.slots		= mn_diag_dgram_slots,
	.slot_of	= mn_diag_raw_slot_of,
	.walk		= mn_diag_raw_walk,
	.fill		= mn_diag_dgram_fill,
	.abort		= mn_diag_dgram_abort,
};

static unsigned int mn_diag_ping_slot_of(const struct net *net, const struct mn_diag *d)
{
	return mn_dgram_slot(&mn_ping_table, net, ntohs(d->lport)) - mn_ping_table.slot;
}

static int mn_diag_ping_walk(const struct net *net, unsigned int slot, mn_diag_visit_t visit,
			     void *arg)
{
	return mn_diag_chain(net, &mn_ping_table.slot[slot], visit, arg);
}

const struct mn_diag_table mn_diag_ping = {
	.slots		= mn_diag_dgram_slots,
	.slot_of	= mn_diag_ping_slot_of,
	.walk		= mn_diag_ping_walk,
	.fill		= mn_diag_dgram_fill,
	.abort		= mn_diag_dgram_abort,
};
