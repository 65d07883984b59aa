// SPDX-License-Identifier: GPL-2.0
/*
 * The congestion window is reduced (RFC 5681 3.1, RFC 6937): the begin of a reduction, its end, and
 * what is kept in case it was a false alarm. loss.c decides when.
 *
 * Owns, with loss.c, struct mn_loss.
 */
#include "tcp.h"

void mn_loss_init(struct mn_tcp_sock *tp)
{
	tp->loss = (struct mn_loss){ .state = TCP_CA_Open, .thresh = MN_DUPTHRESH };
	mn_rack_init(&tp->loss.rack);
}

/* The last state of calm, should the alarm be false. */
void mn_undo_mark(struct mn_tcp_sock *tp)
{
	struct mn_loss *l = &tp->loss;

	l->undo_marker = tp->snd.una ?: 1;
	/* A D-SACK may come for each that is on its way, and for a probe. */
	l->undo_retrans = tp->rtxq.retrans + (l->tlp_high && l->tlp_retrans) ?: -1;
	l->undo_ts = 0;
	l->prior_ssthresh = mn_cc_slow_start(&tp->cc) ? MN_SSTHRESH_INF : tp->cc.ssthresh;
	l->prior_cwnd = tp->cc.cwnd;
}

void mn_reduce_begin(struct sock *sk, u8 state)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_loss *l = &tp->loss;

	l->high = tp->snd.nxt;
	l->prr = (struct mn_prr){ .prior = max_t(u32, tp->cc.cwnd, 1) };
	mn_cc_reduce(&tp->cc);
	mn_cc_forget_count(&tp->cc);
	l->tlp_high = 0;
	l->state = state;
}

void mn_reduce_end(struct mn_tcp_sock *tp)
{
	struct mn_loss *l = &tp->loss;

	if (tp->cc.ssthresh < MN_SSTHRESH_INF &&
	    (l->undo_marker || l->state == TCP_CA_CWR))
		mn_cc_set_cwnd(&tp->cc, max_t(u32, tp->cc.ssthresh, 1));
	mn_rack_recovered(&l->rack);
	/* Until each of what went again is told of, D-SACKs may show that it was a false alarm. */
	if (l->undo_retrans <= 0)
		l->undo_marker = 0;
	l->state = TCP_CA_Open;
}

/* The device's queue, or a tail loss probe: a reduction without a loss to repair. */
void mn_loss_congested(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (tp->loss.state >= TCP_CA_CWR || !mn_state_in(sk, MN_STATES_SYNC))
		return;
	tp->loss.undo_marker = 0;
	mn_reduce_begin(sk, TCP_CA_CWR);
}
