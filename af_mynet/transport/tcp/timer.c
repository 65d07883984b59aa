// SPDX-License-Identifier: GPL-2.0
/*
 * Timers are set: one for all that repairs sending (RFC 6298 5, RFC 8985 7, RFC 9293 3.8.6.1), one
 * for acknowledgments, one for keeping alive (RFC 9293 3.8.4) and for FIN_WAIT_2. expiry.c has what
 * happens when they run out.
 *
 * Owns struct mn_timers. A running timer holds its socket.
 */
#include "tcp.h"

/* --- repairing ---------------------------------------------------------------------------- */

/* Not longer than TCP_USER_TIMEOUT has left, if that runs. */
unsigned long mn_rto_jiffies(const struct mn_tcp_sock *tp)
{
	u32 us = mn_rtt_timeout(&tp->rtt);
	u64 end = tp->loss.first_us + (u64)tp->user.timeout_ms * USEC_PER_MSEC;

	/* A jiffy more, for it has begun: what fires too early would send once more. */
	if (tp->user.timeout_ms && tp->loss.first_us && tp->now_us + us > end)
		return end > tp->now_us ? usecs_to_jiffies(end - tp->now_us) + 1 : 1;
	return max_t(unsigned long, usecs_to_jiffies(us), 1);
}

/* One that fires too early finds that and goes on: cheaper than to move it with every segment. */
static void mn_timer_no_later_than(struct sock *sk, struct timer_list *t, unsigned long at)
{
	if (!timer_pending(t) || time_after(READ_ONCE(t->expires), at))
		sk_reset_timer(sk, t, at);
}

static void mn_timer_at(struct sock *sk, enum mn_rtx_timer what, unsigned long at)
{
	struct mn_timers *t = &mn_tcp(sk)->timers;

	t->what = what;
	t->rtx_at = at;
	mn_timer_no_later_than(sk, &t->rtx, at);
}

void mn_timer_rtx(struct sock *sk, enum mn_rtx_timer what, unsigned long wait)
{
	mn_timer_at(sk, what, jiffies + wait);
}

/* Stops the timer by name only: it may fire once more and finds nothing to do, which is cheaper. */
void mn_timer_rtx_stop(struct sock *sk)
{
	mn_tcp(sk)->timers.what = MN_TIMER_OFF;
}

/* RFC 6298 5.3: a timeout from now on. */
static void mn_timer_rto_begin(struct mn_tcp_sock *tp)
{
	tp->timers.rto_at = jiffies + mn_rto_jiffies(tp);
}

void mn_timer_rto(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (!tp->rtxq.packets) {
		mn_timer_rearm(sk);
		return;
	}
	mn_timer_rto_begin(tp);
	mn_timer_at(sk, MN_TIMER_RTO, tp->timers.rto_at);
}

/* RFC 8985 7.2: how long until a probe tells whether the tail was lost; 0: no probe. */
static unsigned long mn_tlp_wait(const struct sock *sk)
{
	const struct mn_tcp_sock *tp = mn_tcp(sk);
	u32 us = 2 * mn_rtt_smoothed(&tp->rtt);

	if (!tp->neg.sack || !us || tp->rtt.backoff || tp->loss.tlp_high ||
	    tp->loss.state != TCP_CA_Open || tp->rtxq.sacked ||
	    !READ_ONCE(mn_tcp_sk_net(sk)->early_retrans))
		return 0;
	/* A lone segment's acknowledgment may be delayed. */
	if (tp->rtxq.packets == 1)
		us += tp->rtt.floor_us;
	return max_t(unsigned long, usecs_to_jiffies(us), 2);
}

/*
 * Sets the timer to what comes first: the timeout that runs, or, instead of it at the latest, a
 * tail loss probe.
 */
static void mn_timer_repair(struct sock *sk)
{
	unsigned long tlp = mn_tlp_wait(sk), at = mn_tcp(sk)->timers.rto_at;

	if (tlp && time_before(jiffies + tlp, at))
		at = jiffies + tlp;
	mn_timer_at(sk, tlp ? MN_TIMER_TLP : MN_TIMER_RTO, at);
}

/* RFC 6298 5.1: the timeout of what is on its way already goes on; else one begins. */
void mn_timer_sent(struct sock *sk)
{
	enum mn_rtx_timer what = mn_tcp(sk)->timers.what;

	if (what == MN_TIMER_RTO || what == MN_TIMER_TLP)
		mn_timer_repair(sk);
	else if (what != MN_TIMER_REO)
		mn_timer_rearm(sk);
}

/* Something was acknowledged, or is the first on its way: a time begins for what comes next. */
void mn_timer_rearm(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (tp->rtxq.packets) {
		if (tp->timers.what == MN_TIMER_REO)
			return;
		mn_timer_rto_begin(tp);
		mn_timer_repair(sk);
	} else if (mn_tcp_send_head(sk) && !mn_state_in(sk, TCPF_CLOSE | TCPF_LISTEN)) {
		mn_timer_rtx(sk, MN_TIMER_PROBE, mn_rto_jiffies(tp));
	} else {
		mn_timer_rtx_stop(sk);
	}
}

/* --- acknowledging ------------------------------------------------------------------------ */

void mn_timer_delack(struct sock *sk, unsigned long at)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	mn_delack_timed(&tp->delack, at);
	mn_timer_no_later_than(sk, &tp->timers.delack, at);
}

/* --- keeping alive ------------------------------------------------------------------------ */

u32 mn_tcp_keep_idle(const struct sock *sk)
{
	return mn_tcp(sk)->user.keep_idle ?: READ_ONCE(mn_tcp_sk_net(sk)->keepalive_time);
}

u32 mn_tcp_keep_intvl(const struct sock *sk)
{
	return mn_tcp(sk)->user.keep_intvl ?: READ_ONCE(mn_tcp_sk_net(sk)->keepalive_intvl);
}

void mn_timer_keep(struct sock *sk, unsigned long wait)
{
	sk_reset_timer(sk, &mn_tcp(sk)->timers.keep, jiffies + wait);
}

void mn_timer_keep_stop(struct sock *sk)
{
	sk_stop_timer(sk, &mn_tcp(sk)->timers.keep);
}

/* SO_KEEPALIVE; the core calls it with the socket lock. */
void mn_tcp_keepalive(struct sock *sk, int on)
{
	if (mn_state_in(sk, TCPF_CLOSE | TCPF_LISTEN))
		return;
	if (on && !sock_flag(sk, SOCK_KEEPOPEN))
		mn_timer_keep(sk, mn_tcp_keep_idle(sk) * HZ);
	else if (!on)
		mn_timer_keep_stop(sk);
}

/* --- all of them -------------------------------------------------------------------------- */

void mn_timers_stop(struct sock *sk)
{
	struct mn_timers *t = &mn_tcp(sk)->timers;

	t->what = MN_TIMER_OFF;
	mn_pace_stop(sk);
	sk_stop_timer(sk, &t->rtx);
	sk_stop_timer(sk, &t->delack);
	sk_stop_timer(sk, &t->keep);
}
