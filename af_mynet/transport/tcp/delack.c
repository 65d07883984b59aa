// SPDX-License-Identifier: GPL-2.0
/*
 * When to acknowledge: at once, with the next answer, or after a while (RFC 9293 3.8.6.3,
 * RFC 5681 4.2).
 *
 * Owns struct mn_delack. Every second full segment is acknowledged at once if it helps the peer; at
 * the start, and after a hole, every one.
 */
#include "tcp.h"

#define MN_QUICK_MAX	16
#define MN_SEGS_MIN	88		/* smaller ones are ends of messages */
#define MN_ENDS		(MN_PSH | MN_FIN | MN_URG)

void mn_delack_init(struct mn_delack *a)
{
	*a = (struct mn_delack){ .heard = jiffies, .last = jiffies };
}

/* The next segments are acknowledged at once: so many as the peer may have been allowed to send. */
void mn_delack_quick(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	u32 quick = tp->rcv.wnd / (2 * max_t(u32, tp->rcv.mss, 1));

	quick = clamp_t(u32, quick, 2, MN_QUICK_MAX);
	if (quick > tp->delack.quick)
		tp->delack.quick = quick;
}

/* Data came: how far apart does it come? */
static void mn_delack_measure(struct sock *sk, unsigned long now)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_delack *a = &tp->delack;
	u32 gap = now - a->last, rto = usecs_to_jiffies(tp->rtt.rto_us);

	if (!a->ato) {
		mn_delack_quick(sk);
		a->ato = MN_TCP_ATO_MIN;
	} else if (gap <= MN_TCP_ATO_MIN / 2) {
		a->ato = (a->ato >> 1) + MN_TCP_ATO_MIN / 2;
	} else if (gap < a->ato) {
		a->ato = min((a->ato >> 1) + gap, rto);
	} else if (gap > rto) {
		/* The peer began anew, and its window may be small again. */
		mn_delack_quick(sk);
	}
	a->last = now;
}

/*
 * The size of the peer's segments: the largest seen, or that of two in a row that are no ends of
 * messages. False: it is the end of one.
 */
static bool mn_delack_size(struct mn_tcp_sock *tp, const struct mn_seg *seg, u32 len)
{
	u32 full = len + (tp->neg.ts ? MN_TCP_OPT_TS_LEN : 0), last = tp->delack.size;

	tp->delack.size = 0;
	if (len < tp->rcv.mss) {
		if (full < MN_SEGS_MIN || (full < MN_TCP_MSS_DEF && seg->flags & MN_ENDS))
			return false;
		tp->delack.size = len;
		if (len != last)
			return false;
	}
	mn_rcv_set_mss(&tp->rcv, clamp_t(u32, len, MN_TCP_MSS_MIN,
					 max_t(u32, tp->mtu.advmss, 64)));
	return true;
}

void mn_delack_got(struct sock *sk, const struct sk_buff *skb, const struct mn_seg *seg)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_delack *a = &tp->delack;
	u32 len = skb_is_gso(skb) ? skb_shinfo(skb)->gso_size : seg->len;
	bool largest = len >= tp->rcv.mss;

	a->pending |= MN_ACKP_SCHED;
	if (!mn_delack_size(tp, seg, len))
		a->pending |= a->pending & MN_ACKP_PUSHED ? MN_ACKP_PUSHED2 : MN_ACKP_PUSHED;
	else if (largest && seg->flags & MN_PSH)
		a->pending |= MN_ACKP_PUSHED;
	mn_delack_measure(sk, jiffies);
}

static void mn_delack_wait(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_delack *a = &tp->delack;
	u32 ato = a->ato, srtt = usecs_to_jiffies(mn_rtt_smoothed(&tp->rtt));

	if (ato > MN_TCP_ATO_MIN) {
		u32 most = a->pingpong || a->pending & MN_ACKP_PUSHED ? MN_TCP_DELACK_MAX : HZ / 2;

		if (srtt)
			most = min_t(u32, most, max_t(u32, srtt, MN_TCP_ATO_MIN));
		ato = min(ato, most);
	}
	ato = max_t(u32, ato, MN_TCP_ATO_MIN);
	if (a->pending & MN_ACKP_TIMER && !time_after(a->at, jiffies + ato)) {
		/* The timer is about to fire: spare it that. */
		if (!time_after(a->at, jiffies + ato / 4))
			mn_tcp_send_ack(sk);
		return;
	}
	mn_timer_delack(sk, jiffies + ato);
}

/* After a segment was handled: acknowledge it now or later? */
void mn_delack_check(struct sock *sk, bool ooo)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_delack *a = &tp->delack;

	if (!(a->pending & (MN_ACKP_SCHED | MN_ACKP_NOW)))
		return;
	if (a->pending & MN_ACKP_NOW || (a->quick && !a->pingpong) || a->always || ooo ||
	    (tp->rcv.nxt - tp->rcv.wup > tp->rcv.mss &&
	     (tp->rcv.nxt - tp->rcv.copied < (u32)READ_ONCE(sk->sk_rcvlowat) ||
	      mn_tcp_window_now(sk) >= tp->rcv.wnd))) {
		mn_tcp_send_ack(sk);
		return;
	}
	mn_delack_wait(sk);
}

/* The program has read: is it time to say that there is room? */
void mn_delack_read(struct sock *sk, int copied)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_delack *a = &tp->delack;
	u32 left, now;

	if (a->pending & MN_ACKP_SCHED &&
	    (tp->rcv.nxt - tp->rcv.wup > tp->rcv.mss ||
	     (copied > 0 && !atomic_read(&sk->sk_rmem_alloc) &&
	      (a->pending & MN_ACKP_PUSHED2 ||
	       (a->pending & MN_ACKP_PUSHED && !a->pingpong))))) {
		mn_tcp_send_ack(sk);
		return;
	}
	if (copied <= 0 || sk->sk_shutdown & RCV_SHUTDOWN)
		return;
	left = mn_rcv_window_left(&tp->rcv);
	if (2 * left > tp->rcv.clamp)
		return;
	now = mn_tcp_window_now(sk);
	/* RFC 9293 3.8.6.2.2: a peer that may wait for room for a segment hears of all there is. */
	if (now && (now >= 2 * left || (left < tp->mtu.advmss && now > left)))
		mn_tcp_send_ack(sk);
}

void mn_delack_fire(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_delack *a = &tp->delack;

	a->pending &= ~MN_ACKP_TIMER;
	if (!(a->pending & MN_ACKP_SCHED) || mn_state_in(sk, TCPF_CLOSE | TCPF_LISTEN))
		return;
	if (time_after(a->at, jiffies)) {
		mn_timer_delack(sk, a->at);
		return;
	}
	if (a->pingpong) {
		/* The answer did not come in time: it is no conversation. */
		a->pingpong = false;
		a->ato = MN_TCP_ATO_MIN;
	} else {
		a->ato = min_t(u32, a->ato << 1, usecs_to_jiffies(tp->rtt.rto_us));
	}
	mn_tcp_count(sk, MYNET_MIB_TCP_DELAYED_ACKS);
	mn_tcp_send_ack(sk);
}
