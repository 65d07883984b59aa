// SPDX-License-Identifier: GPL-2.0
/*
 * A segment of a connection (RFC 9293 3.10.7): handled under the socket's lock step by step as the
 * RFC has it, one function for each step.
 *
 * State: none of its own.
 */
#include <net/busy_poll.h>

#include "tcp.h"
#include "transport/sk.h"

/* --- challenges (RFC 5961) ---------------------------------------------------------------- */

/*
 * RFC 5961 7: so many a second, a number that nobody can count on, for each connection its own;
 * and not soon after another answer.
 */
void mn_tcp_challenge(struct sock *sk, const struct mn_seg *seg)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	u32 now = mn_tcp_seconds(), limit = READ_ONCE(mn_tcp_sk_net(sk)->challenge_ack_limit);

	if (mn_tcp_paused(sock_net(sk), &tp->challenges.answered, MYNET_MIB_TCP_CHALLENGE_SKIPPED))
		return;
	if (now != tp->challenges.second) {
		tp->challenges.second = now;
		tp->challenges.left = limit / 2 + get_random_u32_below(limit + 1);
	}
	if (!tp->challenges.left) {
		mn_tcp_count(sk, MYNET_MIB_TCP_CHALLENGE_SKIPPED);
		return;
	}
	tp->challenges.left--;
	mn_tcp_count(sk, MYNET_MIB_TCP_CHALLENGE_ACK);
	mn_tcp_send_ack(sk);
}

/* The segment has what was there: our acknowledgment was lost, or it came twice. */
static void mn_tcp_came_twice(struct sock *sk, const struct mn_seg *seg)
{
	mn_tcp_count(sk, MYNET_MIB_TCP_DELAYED_ACK_LOST);
	mn_delack_quick(sk);
	mn_rcv_dsack(sk, seg->seq, mn_seq_min(seg->end, mn_tcp(sk)->rcv.nxt));
}

/*
 * The segment is not acceptable: the peer is told where the stream is (MUST-59), and that what was
 * there already came twice (RFC 2883).
 */
static void mn_tcp_answer_where(struct sock *sk, const struct mn_seg *seg)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (!mn_tcp_may_answer(sock_net(sk), seg, &tp->challenges.answered,
			       MYNET_MIB_TCP_SEQ_SKIPPED))
		return;
	if (seg->end != seg->seq && mn_before(seg->seq, tp->rcv.nxt))
		mn_tcp_came_twice(sk, seg);
	mn_tcp_send_ack(sk);
}

/* --- first step: sequence number ---------------------------------------------------------- */

static bool mn_seq_acceptable(const struct mn_tcp_sock *tp, const struct mn_seg *seg)
{
	return !mn_before(seg->end, tp->rcv.wup) &&
	       !mn_after(seg->seq, tp->rcv.nxt + mn_rcv_window_left(&tp->rcv));
}

/*
 * RFC 9293 3.8.4, 3.8.6.1: a probe of the connection or of a closed window has no data and a number
 * that is acknowledged. The answer is all that it asks for.
 */
static bool mn_seg_is_probe(const struct mn_tcp_sock *tp, const struct mn_seg *seg)
{
	return seg->end == seg->seq && seg->seq == tp->rcv.nxt - 1 &&
	       !(seg->flags & (MN_SYN | MN_RST));
}

/* RFC 9293 3.5, figure 7: the SYN that we know comes again with the acknowledgment of ours. */
static bool mn_syn_ack_crossed(const struct sock *sk, const struct mn_seg *seg)
{
	const struct mn_tcp_sock *tp = mn_tcp(sk);

	return sk->sk_state == TCP_SYN_RECV && seg->flags & MN_ACK && !seg->len &&
	       seg->seq == tp->rcv.irs && seg->end == tp->rcv.nxt && seg->ack == tp->snd.nxt;
}

/* Some hosts reset with the number of the FIN that they sent before. */
static bool mn_rst_at_fin(const struct sock *sk, const struct mn_seg *seg)
{
	return seg->flags & MN_RST && seg->seq == mn_tcp(sk)->rcv.nxt - 1 &&
	       mn_state_in(sk, TCPF_CLOSE_WAIT | TCPF_CLOSING | TCPF_LAST_ACK);
}

/*
 * RFC 5961 3.2: only the very number counts. The peer's own next one may be behind a hole: we told
 * of it in a selective acknowledgment.
 */
static bool mn_rst_exact(const struct sock *sk, const struct mn_seg *seg)
{
	const struct mn_tcp_sock *tp = mn_tcp(sk);

	return seg->seq == tp->rcv.nxt || mn_rst_at_fin(sk, seg) ||
	       (tp->neg.sack && tp->rcv.ooo_last && seg->seq == mn_cb(tp->rcv.ooo_last)->end);
}

/*
 * RFC 7323 5.3 drops what is older than the newest. Spared are what was sent a tick of the clock
 * before, and an acknowledgment without any news that others overtook on their way: it is one more
 * duplicate, and as late as a timeout allows no copy of a former life of the numbers.
 */
static bool mn_paws_overtaken(const struct mn_tcp_sock *tp, const struct mn_seg *seg)
{
	u32 late = tp->neg.ts_recent - seg->opts.tsval;

	if (late <= 1)
		return true;
	return seg->flags & MN_ACK && seg->end == seg->seq && seg->seq == tp->rcv.nxt &&
	       seg->ack == tp->snd.una && seg->seq == tp->snd.wl1 &&
	       seg->wnd << tp->neg.snd_scale <= tp->snd.wnd && seg->wnd &&
	       late <= tp->rtt.rto_us / 1000;
}

/*
 * First to fourth step: sequence number, RST, SYN. Return: NONE, or why the segment ends here;
 * what it asks for is done.
 */
static enum mynet_drop_reason mn_tcp_step_check(struct sock *sk, const struct mn_seg *seg)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (unlikely(mn_tcp_paws_old(&tp->neg, seg)) && !(seg->flags & MN_RST) &&
	    !mn_paws_overtaken(tp, seg)) {
		mn_tcp_count(sk, MYNET_MIB_TCP_PAWS_ESTAB);
		if (seg->flags & MN_SYN)
			mn_tcp_challenge(sk, seg);
		else
			mn_tcp_answer_where(sk, seg);
		return MYNET_DROP_TCP_PAWS;
	}
	if (unlikely(!mn_seq_acceptable(tp, seg)) && !mn_rst_at_fin(sk, seg)) {
		if (seg->flags & MN_RST)
			return MYNET_DROP_TCP_WINDOW;
		if (seg->flags & MN_SYN) {
			mn_tcp_challenge(sk, seg);
			return MYNET_DROP_TCP_SYN;
		}
		mn_tcp_answer_where(sk, seg);
		return MYNET_DROP_TCP_WINDOW;
	}
	if (unlikely(seg->flags & MN_RST)) {
		if (!mn_rst_exact(sk, seg)) {
			mn_tcp_challenge(sk, seg);
			return MYNET_DROP_TCP_RST;
		}
		mn_tcp_count(sk, MYNET_MIB_TCP_IN_RSTS);
		mn_tcp_reset(sk);
		return MYNET_DROP_TCP_RST;
	}
	if (unlikely(seg->flags & MN_SYN) && !mn_syn_ack_crossed(sk, seg)) {
		/* RFC 5961 4.2 */
		mn_tcp_challenge(sk, seg);
		return MYNET_DROP_TCP_SYN;
	}
	return MYNET_DROP_NONE;
}

/* A connection is there. */
void mn_tcp_established(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	mn_tcp_set_state(sk, TCP_ESTABLISHED);
	mn_tcp_mtu_sync(sk);
	mn_tcp_route_start(sk);
	mn_cwv_sent(&tp->cwv);
	mn_delack_start(&tp->delack);
	if (sock_flag(sk, SOCK_KEEPOPEN))
		mn_timer_keep(sk, mn_tcp_keep_idle(sk) * HZ);
	if (!sock_flag(sk, SOCK_DEAD)) {
		sk->sk_state_change(sk);
		sk_wake_async(sk, SOCK_WAKE_IO, POLL_OUT);
	}
}

/* RFC 9293 3.10.7.4, fifth step in states other than ESTABLISHED. False: the connection is gone. */
static bool mn_tcp_step_state(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (sk->sk_state == TCP_SYN_RECV) {
		/* Simultaneous open: our SYN is acknowledged now. */
		mn_tcp_established(sk);
		return true;
	}
	if (!mn_state_in(sk, TCPF_FIN_WAIT1 | TCPF_CLOSING | TCPF_LAST_ACK) ||
	    tp->snd.una != tp->snd.write)
		return true;
	mn_tcp_fin_acked(sk);
	return sk->sk_state != TCP_CLOSE;
}

/* RFC 9293 3.6.1: data is reset that no program will read: it is gone, or has shut both sides. */
static bool mn_tcp_data_after_close(const struct sock *sk, const struct mn_seg *seg)
{
	return mn_state_in(sk, TCPF_FIN_WAIT1 | TCPF_FIN_WAIT2) &&
	       sk->sk_shutdown & RCV_SHUTDOWN && seg->end != seg->seq &&
	       mn_after(seg->end - !!(seg->flags & MN_FIN), mn_tcp(sk)->rcv.nxt);
}

/* Sixth to eighth step: urgent, data, FIN. Consumes the packet. */
static void mn_tcp_step_data(struct sock *sk, struct sk_buff *skb, struct mn_seg *seg)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (mn_tcp_data_after_close(sk, seg)) {
		mn_tcp_count(sk, MYNET_MIB_TCP_ABORT_ON_DATA);
		mn_tcp_answer_rst(sock_net(sk), skb, seg);
		mynet_sk_drop(sk, skb, MYNET_DROP_SOCK_CLOSED);
		mn_tcp_done(sk, ECONNRESET);
		return;
	}
	if (!mn_state_in(sk, TCPF_ESTABLISHED | TCPF_FIN_WAIT1 | TCPF_FIN_WAIT2)) {
		/* The peer has sent its FIN: nothing can come after it, but an old one again. */
		if (mn_before(seg->seq, tp->rcv.nxt) && seg->end != seg->seq) {
			mn_delack_now(&tp->delack);
			mn_tcp_came_twice(sk, seg);
		}
		if (seg->end == seg->seq)
			consume_skb(skb);
		else
			mynet_sk_drop(sk, skb, MYNET_DROP_TCP_DUP);
		return;
	}
	mn_seg_strip_header(skb, seg);
	if (unlikely(seg->flags & MN_URG || tp->rcv.urg_data == MN_URG_NOTYET))
		mn_urg_input(sk, skb, seg);
	mn_rcv_rtt_ts(sk, seg);
	mn_rcv_data(sk, skb, seg);
}

/* Simultaneous open: only an acknowledgment of our SYN makes it a connection. */
static bool mn_syn_unanswered(const struct sock *sk, const struct mn_seg *seg)
{
	return sk->sk_state == TCP_SYN_RECV && !mn_after(seg->ack, mn_tcp(sk)->snd.iss);
}

/* States with a SYN of both sides (RFC 9293 3.10.7.4). */
static void mn_tcp_sync_input(struct sock *sk, struct sk_buff *skb, struct mn_seg *seg)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	enum mynet_drop_reason why = mn_tcp_step_check(sk, seg);
	u32 una = tp->snd.una;
	bool answer = false;

	if (unlikely(why)) {
		if (why == MYNET_DROP_TCP_WINDOW && mn_seg_is_probe(tp, seg))
			consume_skb(skb);
		else
			mynet_sk_drop(sk, skb, why);
		return;
	}
	if (unlikely(!(seg->flags & MN_ACK))) {
		mynet_sk_drop(sk, skb, MYNET_DROP_TCP_FLAGS);
		return;
	}
	if (unlikely(mn_syn_unanswered(sk, seg) || !mn_tcp_ack(sk, seg, &answer))) {
		if (sk->sk_state == TCP_SYN_RECV)
			mn_tcp_answer_rst(sock_net(sk), skb, seg);
		else if (answer)
			mn_tcp_challenge(sk, seg);
		mynet_sk_drop(sk, skb, MYNET_DROP_TCP_ACK);
		return;
	}
	if (unlikely(sk->sk_state != TCP_ESTABLISHED) && !mn_tcp_step_state(sk)) {
		consume_skb(skb);
		return;
	}
	if (seg->end != seg->seq)
		mn_tcp_step_data(sk, skb, seg);
	else
		consume_skb(skb);
	if (sk->sk_state == TCP_CLOSE)
		return;
	mn_tcp_push(sk, 0);
	if (tp->snd.una != una)
		mn_ack_check_space(sk);
	mn_delack_check(sk, !RB_EMPTY_ROOT(&tp->rcv.ooo));
}

/* --- SYN_SENT (RFC 9293 3.10.7.3) --------------------------------------------------------- */

/* Takes over what the peer's SYN says. */
static void mn_tcp_syn_learn(struct sock *sk, const struct mn_seg *seg)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	const struct mn_tcp_opts *o = &seg->opts;

	tp->neg.ts = tp->neg.ts && o->has_ts;
	tp->neg.sack = tp->neg.sack && o->sack_ok;
	tp->neg.wscale = tp->neg.wscale && o->has_wscale;
	tp->neg.snd_scale = tp->neg.wscale ? o->wscale : 0;
	if (!tp->neg.wscale)
		tp->neg.rcv_scale = 0;
	tp->neg.mss_peer = o->has_mss ? o->mss : MN_TCP_MSS_DEF;
	if (tp->neg.ts) {
		tp->neg.ts_recent = o->tsval;
		tp->neg.ts_recent_s = mn_tcp_seconds();
	}
	mn_rcv_start(sk, seg->seq);
	mn_snd_window_first(&tp->snd, seg->wnd, seg->seq, seg->ack);
	mn_mtu_set_stale(&tp->mtu);
	mn_tcp_mtu_sync(sk);
}

/* The peer answers our SYN. */
static void mn_tcp_syn_answered(struct sock *sk, const struct mn_seg *seg)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	bool answer;

	mn_tcp_syn_learn(sk, seg);
	tp->neg.snd_scale = 0;
	mn_tcp_ack(sk, seg, &answer);
	tp->neg.snd_scale = tp->neg.wscale ? seg->opts.wscale : 0;
	/* A SYN that was lost says nothing about the window (RFC 6298 5.7, RFC 6928). */
	mn_cc_begin(&tp->cc, tp->rtxq.total_retrans > 1 ? 1 : mn_tcp_init_cwnd(sk));
	mn_loss_init(tp);
	mn_timer_rtx_stop(sk);
	mn_rcv_space_begin(&tp->rcv, tp->now_us);
	mn_tcp_established(sk);
}

/* Simultaneous open (RFC 9293 3.5, figure 8). */
static void mn_tcp_syn_crossed(struct sock *sk, const struct mn_seg *seg)
{
	struct sk_buff *skb = mn_rtxq_first(sk);
	struct mn_tcp_sock *tp = mn_tcp(sk);

	mn_tcp_syn_learn(sk, seg);
	mn_tcp_set_state(sk, TCP_SYN_RECV);
	if (!skb)
		return;
	mn_cb(skb)->flags |= MN_ACK;
	mn_loss_retry_anew(&tp->loss);
	mn_tcp_transmit(sk, skb, true);
}

static enum mynet_drop_reason mn_tcp_syn_sent(struct sock *sk, struct sk_buff *skb,
					      struct mn_seg *seg)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	bool acked = seg->flags & MN_ACK;

	if (acked && (!mn_after(seg->ack, tp->snd.iss) || mn_after(seg->ack, tp->snd.nxt))) {
		/* An answer to an old connection: it is reset, and the SYN goes again soon. */
		if (!tp->loss.retries)
			mn_timer_rtx(sk, MN_TIMER_RTO, MN_TCP_AGAIN_SOON);
		mn_tcp_answer_rst(sock_net(sk), skb, seg);
		return MYNET_DROP_TCP_ACK;
	}
	/* RFC 7323 3.2: it answers a SYN of another connection. */
	if (acked && tp->neg.ts && seg->opts.has_ts && seg->opts.tsecr &&
	    !mn_between(seg->opts.tsecr, tp->active.syn_ts, mn_tcp_ts_now(tp))) {
		mn_tcp_count(sk, MYNET_MIB_TCP_PAWS_ACTIVE);
		mn_tcp_answer_rst(sock_net(sk), skb, seg);
		return MYNET_DROP_TCP_PAWS;
	}
	if (seg->flags & MN_RST) {
		if (acked) {
			mn_tcp_count(sk, MYNET_MIB_TCP_IN_RSTS);
			mn_tcp_reset(sk);
		}
		return MYNET_DROP_TCP_RST;
	}
	if (!(seg->flags & MN_SYN))
		return MYNET_DROP_TCP_FLAGS;
	if (!acked) {
		mn_tcp_syn_crossed(sk, seg);
		return MYNET_DROP_NONE;
	}
	mn_tcp_syn_answered(sk, seg);
	if (mn_tcp_send_head(sk))
		mn_tcp_push(sk, 0);
	mn_tcp_send_ack(sk);
	return MYNET_DROP_NONE;
}

/* --- connections -------------------------------------------------------------------------- */

/*
 * Consumes @skb, which is of this connection (mn_tcp_is_of()); the socket's lock is held. skb->data
 * is at the header.
 */
void mn_tcp_sock_input(struct sock *sk, struct sk_buff *skb, struct mn_seg *seg)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	enum mynet_drop_reason why;

	mn_tcp_tick(tp);
	tp->counts.segs_in += max_t(u16, skb_shinfo(skb)->gso_segs, 1);
	switch (sk->sk_state) {
	case TCP_CLOSE:
	case TCP_LISTEN:
		/* A closed or listening socket is not in the table of connections. */
		WARN_ON_ONCE(1);
		mynet_sk_drop(sk, skb, MYNET_DROP_TCP_CLOSED);
		return;
	case TCP_SYN_SENT:
		why = mn_tcp_syn_sent(sk, skb, seg);
		if (why)
			mynet_sk_drop(sk, skb, why);
		else
			consume_skb(skb);
		return;
	default:
		if (likely(sk->sk_state == TCP_ESTABLISHED))
			sock_rps_save_rxhash(sk, skb);
		mn_tcp_sync_input(sk, skb, seg);
	}
}

/* Consumes @skb, which waited in the backlog. Context: the socket's lock. */
int mn_tcp_backlog_rcv(struct sock *sk, struct sk_buff *skb)
{
	struct mn_seg seg;

	/* The program that had the socket may have made another connection of it, or a listener. */
	if (unlikely(!mn_tcp_is_of(&mn_tcp(sk)->conn, skb)))
		return mynet_sk_drop(sk, skb, MYNET_DROP_TCP_CLOSED);
	mn_seg_read(&seg, skb);
	rcu_read_lock();
	mn_tcp_sock_input(sk, skb, &seg);
	rcu_read_unlock();
	return 0;
}

/* Consumes @skb, for a socket in the table of connections. RCU read section, bottom half. */
int mn_tcp_to_sock(struct mn_conn *c, struct sk_buff *skb, struct mn_seg *seg)
{
	struct sock *sk = (struct sock *)container_of(c, struct mn_tcp_sock, conn);
	enum mynet_drop_reason why;
	u64 pass = mynet_ip_route_key(skb);

	why = mn_tcp_admit(sk, skb, seg);
	if (unlikely(why))
		return mynet_sk_drop(sk, skb, why);
	sk_mark_napi_id(sk, skb);
	sk_incoming_cpu_update(sk);

	bh_lock_sock_nested(sk);
	/* The filter may have taken its time. The peer sends again what still matters. */
	if (unlikely(!mn_tcp_is_of(c, skb))) {
		bh_unlock_sock(sk);
		return mynet_sk_drop(sk, skb, MYNET_DROP_TCP_CLOSED);
	}
	if (unlikely(READ_ONCE(c->pass) != pass))
		WRITE_ONCE(c->pass, pass);
	if (likely(!sock_owned_by_user(sk)))
		mn_tcp_sock_input(sk, skb, seg);
	else
		mn_tcp_backlog_add(sk, skb, seg);
	bh_unlock_sock(sk);
	return 0;
}

/* The handshake it was for is a connection by now. */
int mn_tcp_again(struct sk_buff *skb, struct mn_seg *seg)
{
	struct mn_conn *c;
	struct mn_tuple t;

	mn_tcp_tuple_of(skb, &t);
	c = mn_conn_find(dev_net(skb->dev), &t, skb->dev->ifindex);
	if (c && c->kind == MN_CONN_SOCK)
		return mn_tcp_to_sock(c, skb, seg);
	return mynet_drop(skb, MYNET_DROP_TCP_CLOSED);
}
