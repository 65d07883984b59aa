// SPDX-License-Identifier: GPL-2.0
/*
 * Acts on an acknowledgment (RFC 9293 3.10.7.4, fifth step): what it covers leaves the queue, the
 * round trip is measured, the window moves, recovery and congestion control are told.
 *
 * State: none of its own.
 */
#include <linux/math64.h>

#include "tcp.h"

/* The findings about the packets that an acknowledgment took from the queue. */
struct mn_cleaned {
	u64	first_us;	/* when the oldest of them was sent that was sent once, 0: none */
	u32	segs;
	bool	retrans;
	bool	syn;
};

static void mn_ack_packet(struct sock *sk, const struct mn_tcp_cb *cb, u32 segs, u32 end,
			  const struct mn_ack_news *news, struct mn_cleaned *c)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	c->segs += segs;
	if (cb->flags & MN_SYN)
		c->syn = true;
	if (cb->mark & MN_MARK_EVER)
		c->retrans = true;
	else if (!c->first_us && !(cb->mark & MN_MARK_SACKED))
		c->first_us = cb->sent_us;
	if (cb->mark & MN_MARK_SACKED)
		return;
	mn_rtxq_delivered(&tp->rtxq, segs);
	if (tp->rtxq.sacked)
		mn_loss_check_reordering(&tp->loss, cb);
	if (!mn_sent_in_vain(tp, cb, news))
		mn_rack_arrived(&tp->loss.rack, cb->sent_us, end, cb->mark & MN_MARK_EVER,
				tp->now_us, tp->rtt.min_us);
}

/* Takes out of the queue what is acknowledged. */
static void mn_ack_clean(struct sock *sk, const struct mn_ack_news *news, struct mn_cleaned *c)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	u32 una = tp->snd.una;
	struct sk_buff *skb;

	while ((skb = mn_rtxq_first(sk))) {
		const struct mn_tcp_cb *cb = mn_cb(skb);

		if (mn_after(cb->end, una)) {
			/* A part of it: but a SYN's or a FIN's own number has no parts. */
			if (!mn_after(una, cb->seq))
				break;
			mn_ack_packet(sk, cb, mn_rtxq_trim(sk, skb, una), una, news, c);
			break;
		}
		mn_ack_packet(sk, cb, cb->segs, cb->end, news, c);
		mn_rtxq_remove(sk, skb);
	}
}

/* RFC 6298 3 (Karn), RFC 7323 4.1: what is measured, 0: nothing can be. */
static u32 mn_ack_rtt(const struct mn_tcp_sock *tp, const struct mn_seg *seg,
		      const struct mn_cleaned *c)
{
	u32 ms;

	if (c->first_us && !c->retrans)
		return max_t(u64, min_t(u64, tp->now_us - c->first_us, MN_RTO_MAX_US), 1);
	if (c->retrans && tp->neg.ts && seg->opts.has_ts && seg->opts.tsecr) {
		ms = mn_tcp_ts_now(tp) - seg->opts.tsecr;
		if (ms < MN_RTO_MAX_US / 1000)
			return max_t(u32, ms * 1000, 1000);
	}
	return 0;
}

/* Room for two windows, so that the next one can be written while this one is on its way. */
static void mn_ack_grow_sndbuf(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	u64 per_seg = tp->mtu.mss + MN_TCP_HEADROOM + SKB_TRUESIZE(0);
	int most = READ_ONCE(mn_tcp_sk_net(sk)->wmem[2]);
	u64 want;

	if (sk->sk_userlocks & SOCK_SNDBUF_LOCK || sk_under_memory_pressure(sk) ||
	    sk_memory_allocated(sk) >= sk_prot_mem_limits(sk, 0))
		return;
	want = 2 * per_seg * max_t(u32, max_t(u32, tp->cc.cwnd, MN_CWND_INIT), tp->loss.dupacks);
	if (want > READ_ONCE(sk->sk_sndbuf))
		WRITE_ONCE(sk->sk_sndbuf, (int)min_t(u64, want, most));
}

/* For the queue of the device, and for a qdisc that paces. */
static void mn_ack_pace(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	u64 rate = (u64)tp->mtu.mss * (max(tp->cc.cwnd, tp->rtxq.packets));

	rate *= mn_cc_slow_start(&tp->cc) ? 2000000 : 1200000;
	rate = div_u64(rate, mn_rtt_smoothed(&tp->rtt) ?: 1);
	WRITE_ONCE(sk->sk_pacing_rate, min_t(u64, rate, sk->sk_max_pacing_rate));
}

static void mn_ack_new(struct sock *sk, const struct mn_seg *seg, struct mn_ack_news *news)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_cleaned c = {};

	mn_rtxq_acked(&tp->rtxq, seg->ack - tp->snd.una);
	mn_snd_acked(&tp->snd, seg->ack);
	news->flags |= MN_NEWS_UNA;
	mn_loss_retry_anew(&tp->loss);
	mn_loss_answered(&tp->loss);
	mn_ack_clean(sk, news, &c);
	/* Without SACK, duplicates have told of all but the hole. */
	if (!tp->neg.sack && c.segs)
		mn_rtxq_uncount_dups(&tp->rtxq, c.segs);

	news->acked = c.segs;
	if (c.retrans)
		news->flags |= MN_NEWS_RETRANS;
	if (c.syn)
		news->flags |= MN_NEWS_SYN;
	news->rtt_us = mn_ack_rtt(tp, seg, &c);
	/* RFC 6298 3, 5: what was sent twice tells nothing, and the timeout stays so long. */
	if (news->rtt_us) {
		mn_rtt_sample(&tp->rtt, news->rtt_us, tp->now_us);
		mn_rtt_answered(&tp->rtt);
	}
	mn_urg_acked(&tp->urg, seg->ack);
}

/* Window of a segment that is not a SYN. */
static void mn_ack_window(struct mn_tcp_sock *tp, const struct mn_seg *seg,
			  struct mn_ack_news *news)
{
	if (mn_snd_window(&tp->snd, seg->wnd << tp->neg.snd_scale, seg->seq, seg->ack))
		news->flags |= MN_NEWS_WINDOW;
}

/* An old acknowledgment may still tell what arrived behind it. */
static void mn_ack_old(struct sock *sk, const struct mn_seg *seg, struct mn_ack_news *news)
{
	if (!seg->opts.sacks || !mn_tcp(sk)->neg.sack)
		return;
	mn_loss_sacks(sk, seg, news);
	mn_loss_ack(sk, news);
	mn_tcp_retransmit_lost(sk);
}

/* Does the next packet fit into the window? */
static bool mn_ack_opened(const struct sock *sk)
{
	return !mn_after(mn_cb(mn_tcp_send_head(sk))->end, mn_snd_window_end(&mn_tcp(sk)->snd));
}

bool mn_tcp_ack(struct sock *sk, const struct mn_seg *seg, bool *answer)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_ack_news news = {
		.prior_una = tp->snd.una,
		.prior_packets = tp->rtxq.packets,
		.prior_in_flight = mn_in_flight(tp),
		.prior_delivered = tp->rtxq.delivered,
		.flags = seg->len ? MN_NEWS_DATA : 0,
	};

	if (tp->neg.ts && seg->opts.has_ts && seg->opts.tsecr) {
		news.undo_echo = seg->opts.tsecr;
		news.flags |= MN_NEWS_ECHO;
	}
	switch (mn_snd_judge(&tp->snd, seg->ack)) {
	case MN_ACK_FUTURE:
	case MN_ACK_TOO_OLD:
		*answer = true;
		return false;
	case MN_ACK_OLD:
		/* The data of such a segment may be new all the same. */
		mn_tcp_ts_update(tp, seg);
		mn_ack_old(sk, seg, &news);
		return true;
	case MN_ACK_NEW:
		mn_tcp_ts_update(tp, seg);
		/* una before the window, which is counted from it. */
		mn_ack_new(sk, seg, &news);
		mn_ack_window(tp, seg, &news);
		break;
	case MN_ACK_DUP:
		mn_tcp_ts_update(tp, seg);
		mn_ack_window(tp, seg, &news);
		break;
	}
	/* The peer is there (RFC 9293 3.8.6.1, RFC 1122 4.2.3.6). */
	mn_loss_forget_probes(&tp->loss);
	sk->sk_err_soft = 0;
	mn_delack_heard(&tp->delack);

	if (tp->neg.sack && seg->opts.sacks)
		mn_loss_sacks(sk, seg, &news);
	if (!news.prior_packets) {
		/* With nothing on its way only the window can be news, or a D-SACK. */
		if (news.flags & MN_NEWS_WINDOW && mn_tcp_send_head(sk)) {
			if (tp->timers.what == MN_TIMER_PROBE && mn_ack_opened(sk)) {
				mn_timer_rtx_stop(sk);
				mn_loss_answered(&tp->loss);
			}
			mn_rtt_answered(&tp->rtt);
		}
		if (unlikely(tp->loss.tlp_high))
			mn_loss_tlp_acked(sk, &news);
		if (unlikely(news.flags & MN_NEWS_DSACK))
			mn_loss_undo_dsack(sk);
		return true;
	}
	if (!news.rtt_us && news.first_sack_us && !(news.flags & MN_NEWS_RETRANS)) {
		mn_rtt_sample(&tp->rtt, tp->now_us - news.first_sack_us, tp->now_us);
		mn_rtt_answered(&tp->rtt);
	}
	mn_loss_ack(sk, &news);
	if (news.flags & (MN_NEWS_UNA | MN_NEWS_SACK)) {
		/* RFC 1122 2.3.2.1: what arrives shows that the next hop is alive. */
		sk_dst_confirm(sk);
		mn_delivery_arrived(&tp->progress, tp->rtxq.delivered, tp->now_us, tp->rtt.min_us);
		if (!tp->rtxq.packets && !mn_tcp_send_head(sk))
			mn_chrono_switch(&tp->progress, MN_HELD_NOT, tp->now_us);
		mn_ack_pace(sk);
		mn_timer_rearm(sk);
	}
	mn_tcp_retransmit_lost(sk);
	return true;
}

/* Something was acknowledged, and what may be sent now is: only for who was found to want room. */
void mn_ack_check_space(struct sock *sk)
{
	if (sk->sk_socket && test_bit(SOCK_NOSPACE, &sk->sk_socket->flags)) {
		mn_ack_grow_sndbuf(sk);
		mn_tcp_check_space(sk);
		/* The program may write again: from here on it is not the buffer. */
		if (mn_tcp(sk)->progress.held == MN_HELD_BUFFER &&
		    !test_bit(SOCK_NOSPACE, &sk->sk_socket->flags))
			mn_chrono_switch(&mn_tcp(sk)->progress, MN_HELD_NETWORK,
					 mn_tcp(sk)->now_us);
	}
}
