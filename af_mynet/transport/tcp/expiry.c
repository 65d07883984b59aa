// SPDX-License-Identifier: GPL-2.0
/*
 * A timer of a socket has run out, or the queue of its device has room again: what the socket does
 * then. timer.c, pace.c and tsq.c set these alarms.
 *
 * If a program has the socket at that moment it is done when the program lets go
 * (mn_tcp_release_cb()).
 *
 * State: none of its own.
 */
#include "tcp.h"

/* --- giving up ---------------------------------------------------------------------------- */

/* How many times to try before giving up. */
static unsigned int mn_retries(const struct sock *sk)
{
	const struct mn_tcp_net *tn = mn_tcp_sk_net(sk);
	const struct mn_rtt *rtt = &mn_tcp(sk)->rtt;
	int most = READ_ONCE(tn->retries2);

	if (mn_state_in(sk, TCPF_SYN_SENT | TCPF_SYN_RECV))
		return mn_tcp(sk)->user.syn_cnt ?: READ_ONCE(tn->syn_retries);
	if (sock_flag(sk, SOCK_DEAD)) {
		bool full = mn_rtt_timeout(rtt) >= MN_RTO_MAX_US;

		most = READ_ONCE(tn->orphan_retries) ?: full ? 0 : 8;
		/* One that only ever answers probes of its closed window is not worth a buffer. */
		if (full && rtt->backoff >= min(most, MN_BACKOFF_MAX))
			most = 0;
	}
	return most;
}

/* Silently: a peer that has not answered for so long gets no RST either. */
static void mn_timer_abort_conn(struct sock *sk)
{
	mn_tcp_count(sk, MYNET_MIB_TCP_ABORT_ON_TIMEOUT);
	mn_tcp_done(sk, sk->sk_err_soft ?: ETIMEDOUT);
}

static bool mn_user_timeout(const struct mn_tcp_sock *tp)
{
	return tp->user.timeout_ms && tp->loss.first_us &&
	       tp->now_us - tp->loss.first_us >= (u64)tp->user.timeout_ms * 1000;
}

/* RFC 5461, RFC 9293 3.8.3: too long without an answer. True: the connection is over. */
static bool mn_timer_over(struct sock *sk, unsigned int tries)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (sock_flag(sk, SOCK_DEAD) && mn_tcp_too_many_orphans(sk)) {
		mn_tcp_count(sk, MYNET_MIB_TCP_ABORT_ON_MEMORY);
		mn_tcp_abort(sk, ETIMEDOUT);
		return true;
	}
	if (mn_user_timeout(tp) || (!tp->user.timeout_ms && tries >= mn_retries(sk)) ||
	    (mn_state_in(sk, TCPF_SYN_SENT | TCPF_SYN_RECV) && tries >= mn_retries(sk))) {
		mn_timer_abort_conn(sk);
		return true;
	}
	/* RFC 1122 4.2.3.5: ask for another way while there is time. */
	if (tries >= READ_ONCE(mn_tcp_sk_net(sk)->retries1))
		sk_dst_reset(sk);
	return false;
}

/* --- repairing (RFC 6298, RFC 8985, RFC 9293 3.8.6.1) ------------------------------------- */

static void mn_timer_probe(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (tp->rtxq.packets || !mn_tcp_send_head(sk)) {
		mn_loss_forget_probes(&tp->loss);
		return;
	}
	mn_loss_wait_from(&tp->loss, tp->now_us);
	if (mn_timer_over(sk, tp->loss.probes))
		return;
	mn_loss_probed(&tp->loss);
	mn_tcp_probe(sk, false);
	if (tp->rtxq.packets) {
		/* The probe carried data, which is repaired like any other. */
		mn_loss_forget_probes(&tp->loss);
		mn_rtt_answered(&tp->rtt);
		mn_timer_rto(sk);
		return;
	}
	mn_rtt_backoff(&tp->rtt);
	mn_timer_rtx(sk, MN_TIMER_PROBE, mn_rto_jiffies(tp));
}

static void mn_timer_rtx_run(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	enum mn_rtx_timer what = tp->timers.what;

	if (mn_state_in(sk, TCPF_CLOSE | TCPF_LISTEN) || what == MN_TIMER_OFF)
		return;
	if (time_after(tp->timers.rtx_at, jiffies)) {
		sk_reset_timer(sk, &tp->timers.rtx, tp->timers.rtx_at);
		return;
	}
	mn_tcp_tick(tp);
	tp->timers.what = MN_TIMER_OFF;
	switch (what) {
	case MN_TIMER_REO:
		mn_loss_reo_timeout(sk);
		break;
	case MN_TIMER_TLP:
		mn_loss_tlp_timeout(sk);
		break;
	case MN_TIMER_RTO:
		if (tp->rtxq.packets && !mn_timer_over(sk, tp->loss.retries))
			mn_loss_timeout(sk);
		break;
	case MN_TIMER_PROBE:
		mn_timer_probe(sk);
		break;
	case MN_TIMER_OFF:
		break;
	}
}

/* --- keeping alive (RFC 9293 3.8.4), and FIN WAIT 2 --------------------------------------- */

static bool mn_keep_over(const struct sock *sk, u32 silent)
{
	const struct mn_tcp_sock *tp = mn_tcp(sk);
	u8 most = tp->user.keep_cnt ?: READ_ONCE(mn_tcp_sk_net(sk)->keepalive_probes);

	if (tp->user.timeout_ms)
		return tp->loss.probes && silent >= msecs_to_jiffies(tp->user.timeout_ms);
	return tp->loss.probes >= most;
}

static void mn_keep_probe(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	unsigned long idle = mn_tcp_keep_idle(sk) * HZ;
	u32 silent = jiffies - tp->delack.heard;

	/* Data that is on its way, or waits for a window, is probe enough. */
	if (tp->rtxq.packets || mn_tcp_send_head(sk)) {
		mn_timer_keep(sk, idle);
		return;
	}
	if (silent < idle) {
		mn_timer_keep(sk, idle - silent);
		return;
	}
	if (mn_keep_over(sk, silent)) {
		mn_tcp_count(sk, MYNET_MIB_TCP_ABORT_ON_TIMEOUT);
		mn_tcp_abort(sk, ETIMEDOUT);
		return;
	}
	mn_loss_probed(&tp->loss);
	mn_tcp_count(sk, MYNET_MIB_TCP_KEEP_ALIVE);
	mn_tcp_probe(sk, false);
	mn_timer_keep(sk, mn_tcp_keep_intvl(sk) * HZ);
}

static void mn_timer_keep_run(struct sock *sk)
{
	mn_tcp_tick(mn_tcp(sk));
	if (sk->sk_state == TCP_FIN_WAIT2 && sock_flag(sk, SOCK_DEAD)) {
		mn_tcp_done(sk, 0);
		return;
	}
	if (!sock_flag(sk, SOCK_KEEPOPEN) || mn_state_in(sk, TCPF_CLOSE | TCPF_LISTEN |
							     TCPF_SYN_SENT))
		return;
	mn_keep_probe(sk);
}

/* --- sending goes on ---------------------------------------------------------------------- */

/* Lets a socket go on: the queue of the device has room, or it is time. Context: softirq. */
void mn_tcp_resume(struct sock *sk)
{
	bh_lock_sock(sk);
	if (sock_owned_by_user(sk)) {
		if (!test_and_set_bit(MN_DEFER_TSQ, &mn_tcp(sk)->timers.deferred))
			sock_hold(sk);
	} else if (sk->sk_state != TCP_CLOSE) {
		mn_tcp_tick(mn_tcp(sk));
		mn_tcp_retransmit_lost(sk);
		mn_tcp_push(sk, 0);
	}
	bh_unlock_sock(sk);
}

/* --- alarms ------------------------------------------------------------------------------- */

static struct mn_tcp_sock *mn_timer_sock(struct timer_list *t, size_t offset)
{
	return (struct mn_tcp_sock *)((u8 *)t - offset);
}

/* Runs @run now, or when the program lets go of the socket. */
static void mn_timer_fire(struct sock *sk, enum mn_deferred bit, void (*run)(struct sock *sk))
{
	bh_lock_sock(sk);
	if (!sock_owned_by_user(sk))
		run(sk);
	else if (!test_and_set_bit(bit, &mn_tcp(sk)->timers.deferred))
		sock_hold(sk);
	bh_unlock_sock(sk);
	sock_put(sk);
}

static void mn_timer_rtx_fire(struct timer_list *t)
{
	struct mn_tcp_sock *tp = mn_timer_sock(t, offsetof(struct mn_tcp_sock, timers.rtx));

	mn_timer_fire((struct sock *)tp, MN_DEFER_RTX, mn_timer_rtx_run);
}

static void mn_timer_delack_fire(struct timer_list *t)
{
	struct mn_tcp_sock *tp = mn_timer_sock(t, offsetof(struct mn_tcp_sock, timers.delack));

	mn_timer_fire((struct sock *)tp, MN_DEFER_DELACK, mn_delack_fire);
}

static void mn_timer_keep_fire(struct timer_list *t)
{
	struct mn_tcp_sock *tp = mn_timer_sock(t, offsetof(struct mn_tcp_sock, timers.keep));
	struct sock *sk = (struct sock *)tp;

	bh_lock_sock(sk);
	if (sock_owned_by_user(sk))
		mn_timer_keep(sk, HZ / 20);
	else
		mn_timer_keep_run(sk);
	bh_unlock_sock(sk);
	sock_put(sk);
}

static enum hrtimer_restart mn_pace_fire(struct hrtimer *t)
{
	struct mn_tcp_sock *tp = container_of(t, struct mn_tcp_sock, pace.timer);
	struct sock *sk = (struct sock *)tp;

	mn_tcp_resume(sk);
	sock_put(sk);
	return HRTIMER_NORESTART;
}

/* The program lets go of the socket: what fired meanwhile is done now. */
void mn_tcp_release_cb(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	unsigned long *deferred = &tp->timers.deferred;

	if (likely(!(READ_ONCE(*deferred) & (BIT(MN_DEFER_RTX) | BIT(MN_DEFER_DELACK) |
					     BIT(MN_DEFER_MTU) | BIT(MN_DEFER_TSQ)))))
		return;
	if (test_and_clear_bit(MN_DEFER_TSQ, deferred)) {
		if (sk->sk_state != TCP_CLOSE) {
			mn_tcp_tick(tp);
			mn_tcp_retransmit_lost(sk);
			mn_tcp_push(sk, 0);
		}
		__sock_put(sk);
	}
	if (test_and_clear_bit(MN_DEFER_RTX, deferred)) {
		mn_timer_rtx_run(sk);
		__sock_put(sk);
	}
	if (test_and_clear_bit(MN_DEFER_DELACK, deferred)) {
		mn_delack_fire(sk);
		__sock_put(sk);
	}
	if (test_and_clear_bit(MN_DEFER_MTU, deferred)) {
		mn_tcp_tick(tp);
		if (mn_state_in(sk, MN_STATES_SYNC))
			mn_tcp_mtu_lower(sk, READ_ONCE(tp->mtu.heard));
		__sock_put(sk);
	}
}

void mn_timers_init(struct sock *sk)
{
	struct mn_timers *t = &mn_tcp(sk)->timers;

	timer_setup(&t->rtx, mn_timer_rtx_fire, 0);
	timer_setup(&t->delack, mn_timer_delack_fire, 0);
	timer_setup(&t->keep, mn_timer_keep_fire, 0);
	t->what = MN_TIMER_OFF;
	t->deferred = 0;
	mn_pace_init(sk, mn_pace_fire);
}
