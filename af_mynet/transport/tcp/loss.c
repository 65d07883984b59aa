// SPDX-License-Identifier: GPL-2.0
/*
 * Losses and what follows from them: RACK and tail loss probes (RFC 8985), SACK (RFC 6675), NewReno
 * (RFC 6582), PRR (RFC 6937), false alarms (RFC 3522, RFC 3708), timeouts (RFC 5681 3.1, RFC 6298).
 *
 * Owns, with reduce.c, struct mn_loss. Recovery lasts until all is acknowledged that was sent when
 * it began.
 */
#include "tcp.h"
#include "transport/sk.h"

#define MN_THIN_PACKETS	4	/* fewer on their way are a thin stream */
#define MN_THIN_RETRIES	6

/* --- reduction ---------------------------------------------------------------------------- */

static void mn_recovery_begin(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	mn_tcp_count(sk, tp->neg.sack ? MYNET_MIB_TCP_SACK_RECOVERY : MYNET_MIB_TCP_RENO_RECOVERY);
	mn_undo_mark(tp);
	if (tp->loss.state != TCP_CA_CWR) {
		mn_reduce_begin(sk, TCP_CA_Recovery);
	} else {
		/* Reduced already in this window, for a reason that no false alarm takes away. */
		tp->loss.prior_cwnd = 0;
		tp->loss.prior_ssthresh = 0;
		tp->loss.state = TCP_CA_Recovery;
	}
	mn_rtxq_rewind(&tp->rtxq);
}

/* --- false alarms ------------------------------------------------------------------------- */

/* RFC 3522: the peer echoes what we sent before the first retransmission. */
static bool mn_echo_is_older(const struct mn_tcp_sock *tp, const struct mn_ack_news *news)
{
	return news->flags & MN_NEWS_ECHO && tp->loss.undo_ts &&
	       mn_before(news->undo_echo, tp->loss.undo_ts);
}

static bool mn_undo_possible(const struct mn_tcp_sock *tp, const struct mn_ack_news *news)
{
	return tp->loss.undo_marker &&
	       (!tp->loss.undo_retrans || mn_echo_is_older(tp, news));
}

/* @found: what counts as lost, and did not go again, was not lost either. */
static void mn_loss_undo(struct sock *sk, bool found)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct sk_buff *skb;

	if (found) {
		for (skb = mn_rtxq_first(sk); skb; skb = mn_rtxq_next(skb))
			mn_rtxq_found(sk, skb);
		mn_rtxq_rewind(&tp->rtxq);
	}
	mn_cc_restore(&tp->cc, tp->loss.prior_cwnd, tp->loss.prior_ssthresh);
	tp->loss.undo_marker = 0;
	mn_tcp_count(sk, MYNET_MIB_TCP_UNDO);
}

/* --- SACK --------------------------------------------------------------------------------- */

/*
 * RFC 2883. False: a block that is larger than any window, or tells of more than went again, is no
 * answer to what we did, and nothing follows from it.
 */
static bool mn_sack_dup(struct sock *sk, const struct mn_sack_block *b, struct mn_ack_news *news)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_loss *l = &tp->loss;
	u32 len = b->end - b->start, segs = DIV_ROUND_UP(len, tp->mtu.mss);
	bool probe = l->tlp_high && b->end == l->tlp_high && segs == 1;

	mn_tcp_count(sk, MYNET_MIB_TCP_DSACK_RECV);
	if (!len || len > tp->snd.max_wnd)
		return false;
	l->dsacks += segs;
	if (l->dsacks > tp->rtxq.total_retrans)
		return false;
	news->flags |= probe ? MN_NEWS_DSACK | MN_NEWS_DSACK_TLP : MN_NEWS_DSACK;
	mn_rtxq_delivered(&tp->rtxq, segs);
	/* A probe that a timer sent says nothing about the order of arrival. */
	if (l->reordering && !probe)
		mn_rack_dsack(&l->rack, tp->snd.una, tp->snd.nxt);
	if (l->undo_marker && l->undo_retrans > 0 && mn_after(b->end, l->undo_marker) &&
	    !mn_after(b->end, tp->snd.nxt))
		l->undo_retrans -= min_t(s32, l->undo_retrans, segs);
	return true;
}

/* RFC 3708: all that went again had arrived before, as D-SACKs say, now or after the recovery. */
void mn_loss_undo_dsack(struct sock *sk)
{
	struct mn_loss *l = &mn_tcp(sk)->loss;

	if (l->state == TCP_CA_CWR || l->state == TCP_CA_Loss || !l->undo_marker ||
	    l->undo_retrans)
		return;
	mn_loss_undo(sk, false);
	l->state = TCP_CA_Open;
}

/* Cuts a packet so that its borders are those of a block, at whole segments only. */
static struct sk_buff *mn_sack_cut(struct sock *sk, struct sk_buff *skb,
				   const struct mn_sack_block *b)
{
	const struct mn_tcp_cb *cb = mn_cb(skb);
	u32 len;

	if (mn_before(cb->seq, b->start)) {
		len = b->start - cb->seq;
		if (cb->segs <= 1)
			return NULL;
		len += cb->mss - 1;
		len -= len % cb->mss;
		if (len >= mn_cb_data(cb) || mn_rtxq_split(sk, skb, len))
			return NULL;
		skb = mn_rtxq_next(skb);
		cb = mn_cb(skb);
	}
	if (mn_after(cb->end, b->end)) {
		if (!mn_after(b->end, cb->seq) || cb->segs <= 1)
			return NULL;
		len = b->end - cb->seq;
		len -= len % cb->mss;
		if (!len || len >= mn_cb_data(cb) || mn_rtxq_split(sk, skb, len))
			return NULL;
	}
	return skb;
}

/* RFC 8985 6.2 step 3: something sent later arrived before, and it was not sent again. */
void mn_loss_check_reordering(struct mn_loss *l, const struct mn_tcp_cb *cb)
{
	if (cb->mark & MN_MARK_EVER || !mn_before(cb->seq, l->fack))
		return;
	l->reordering = true;
	l->reorderings++;
	l->reach = max_t(u32, l->reach, DIV_ROUND_UP(l->fack - cb->seq, max_t(u16, cb->mss, 1)));
}

static void mn_sack_packet(struct sock *sk, struct sk_buff *skb, struct mn_ack_news *news)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	const struct mn_tcp_cb *cb = mn_cb(skb);

	if (cb->mark & MN_MARK_SACKED)
		return;
	mn_loss_check_reordering(&tp->loss, cb);
	if (!(cb->mark & MN_MARK_EVER))
		news->first_sack_us = news->first_sack_us ?: cb->sent_us;
	if (!mn_sent_in_vain(tp, cb, news))
		mn_rack_arrived(&tp->loss.rack, cb->sent_us, cb->end, cb->mark & MN_MARK_EVER,
				tp->now_us, tp->rtt.min_us);
	tp->loss.fack = mn_seq_max(tp->loss.fack, cb->end);
	news->sacked += cb->segs;
	news->flags |= MN_NEWS_SACK;
	mn_rtxq_delivered(&tp->rtxq, cb->segs);
	mn_rtxq_sacked(sk, skb);
}

static void mn_sack_walk(struct sock *sk, const struct mn_sack_block *b, struct mn_ack_news *news)
{
	struct sk_buff *skb = mn_rtxq_find(sk, b->start), *part;

	for (; skb && mn_before(mn_cb(skb)->seq, b->end); skb = mn_rtxq_next(skb)) {
		if (mn_cb(skb)->mark & MN_MARK_SACKED)
			continue;
		part = mn_sack_cut(sk, skb, b);
		if (!part)
			continue;
		skb = part;
		if (!mn_before(mn_cb(skb)->seq, b->start) && !mn_after(mn_cb(skb)->end, b->end))
			mn_sack_packet(sk, skb, news);
	}
}

void mn_loss_sacks(struct sock *sk, const struct mn_seg *seg, struct mn_ack_news *news)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_sack_heard now = {};
	struct mn_sack_block b;
	unsigned int i;

	if (!tp->rtxq.sacked)
		tp->loss.fack = tp->snd.una;
	for (i = 0; i < seg->opts.sacks; i++) {
		b = seg->opts.sack[i];
		if (!i && mn_sack_is_dup(&b, seg->opts.sacks > 1 ? &seg->opts.sack[1] : NULL,
					 seg->ack) && mn_sack_dup(sk, &b, news))
			continue;
		/* Below una: what an older acknowledgment tells may be known by now. */
		if (mn_before(b.start, tp->snd.una) && mn_after(b.end, tp->snd.una))
			b.start = tp->snd.una;
		if (!mn_sack_plausible(&b, tp->snd.una, tp->snd.nxt)) {
			mn_tcp_count(sk, MYNET_MIB_TCP_SACK_DISCARD);
			continue;
		}
		now.block[now.blocks++] = b;
		if (mn_sack_news(&tp->loss.heard, &b))
			mn_sack_walk(sk, &b, news);
	}
	tp->loss.heard = now;
}

/* Without SACK: each duplicate acknowledgment says that one segment arrived (RFC 5681 3.2). */

static void mn_reno_dup(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	mn_rtxq_dup(&tp->rtxq);
	if (tp->loss.dupacks < 255)
		tp->loss.dupacks++;
}

static void mn_reno_reset(struct mn_tcp_sock *tp)
{
	mn_rtxq_forget_dups(&tp->rtxq);
	tp->loss.dupacks = 0;
}

/* The first segment that is not acknowledged counts as lost. */
static void mn_lose_head(struct sock *sk)
{
	struct sk_buff *skb = mn_rtxq_first(sk);

	if (!skb || mn_cb(skb)->mark & MN_MARK_LOST)
		return;
	if (mn_cb(skb)->segs > 1 && mn_rtxq_split(sk, skb, mn_cb(skb)->mss))
		return;
	mn_rtxq_lose(sk, skb);
	mn_rtxq_acked_dups(&mn_tcp(sk)->rtxq, 0);
}

/* --- RACK --------------------------------------------------------------------------------- */

/* RFC 8985 6.2 step 5. Return: us until the next packet may count as lost, 0: none. */
static u32 mn_rack_detect(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_loss *l = &tp->loss;
	bool hurry = l->state >= TCP_CA_Recovery || tp->rtxq.sacked >= l->thresh;
	u32 window = mn_rack_window(&l->rack, tp->rtt.min_us, mn_rtt_smoothed(&tp->rtt),
				    l->reordering, hurry);
	struct mn_tcp_cb *cb, *next;
	u32 wait, longest = 0;

	l->rack.advanced = false;
	list_for_each_entry_safe(cb, next, &tp->rtxq.sent, sent) {
		if (!mn_rack_before(&l->rack, cb->sent_us, cb->end))
			break;
		wait = mn_rack_wait(&l->rack, cb->sent_us, window, tp->now_us);
		if (wait)
			longest = max(longest, wait);
		else
			mn_rtxq_lose(sk, container_of((void *)cb, struct sk_buff, cb));
	}
	return longest;
}

static void mn_rack_run(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	u32 wait;

	if (!tp->loss.rack.advanced)
		return;
	wait = mn_rack_detect(sk);
	if (wait)
		mn_timer_rtx(sk, MN_TIMER_REO, usecs_to_jiffies(wait) + 1);
	else if (tp->timers.what == MN_TIMER_REO)
		mn_timer_rto(sk);
}

/* --- the state machine -------------------------------------------------------------------- */

/*
 * All is acknowledged that was sent when recovery began. False: it goes on for a while. Without
 * SACK duplicates of what went again may follow, and would look like another loss (RFC 6582 3.2
 * step 2): only when more is acknowledged is it over.
 */
static bool mn_loss_finish(struct sock *sk, const struct mn_ack_news *news)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_loss *l = &tp->loss;

	if (!tp->neg.sack)
		mn_reno_reset(tp);
	if (l->state != TCP_CA_CWR && mn_undo_possible(tp, news))
		mn_loss_undo(sk, false);
	if (!tp->neg.sack && l->state != TCP_CA_CWR && tp->snd.una == l->high)
		return false;
	if (l->state == TCP_CA_Loss) {
		l->undo_marker = 0;
		l->state = TCP_CA_Open;
	} else {
		mn_reduce_end(tp);
	}
	return true;
}

static void mn_loss_reno(struct sock *sk, const struct mn_ack_news *news)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_loss *l = &tp->loss;

	if (news->flags & MN_NEWS_UNA) {
		if (l->state == TCP_CA_Recovery) {
			/* RFC 6582 3.2 step 3: partial, so the next one is lost too. */
			mn_rtxq_acked_dups(&tp->rtxq, news->acked);
			mn_lose_head(sk);
		} else {
			mn_reno_reset(tp);
		}
		return;
	}
	if (news->flags & (MN_NEWS_DATA | MN_NEWS_WINDOW) || !tp->rtxq.packets)
		return;
	mn_reno_dup(sk);
	if (l->state < TCP_CA_Recovery && l->dupacks >= l->thresh)
		mn_lose_head(sk);
}

/* RFC 8985 7.4: was the probe, or what it probed for, lost? */
void mn_loss_tlp_acked(struct sock *sk, const struct mn_ack_news *news)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_loss *l = &tp->loss;

	if (!l->tlp_high || mn_before(tp->snd.una, l->tlp_high))
		return;
	if (!l->tlp_retrans || news->flags & MN_NEWS_DSACK_TLP) {
		l->tlp_high = 0;
	} else if (!mn_after(tp->snd.una, l->tlp_high)) {
		/* The probe itself: a duplicate tells that the segment had arrived before. */
		if (!(news->flags & (MN_NEWS_UNA | MN_NEWS_DATA | MN_NEWS_WINDOW | MN_NEWS_SACK)))
			l->tlp_high = 0;
	} else {
		/* The probe repaired a loss that nobody noticed: a reason to slow down. */
		l->tlp_high = 0;
		mn_tcp_count(sk, MYNET_MIB_TCP_LOSS_PROBE_RECOVERY);
		if (l->state < TCP_CA_CWR) {
			mn_loss_congested(sk);
			mn_reduce_end(tp);
		}
	}
}

/* RFC 6937: @arrived segments more have arrived; @safe: and no more were found lost. */
static void mn_prr_window(struct mn_tcp_sock *tp, u32 arrived, bool safe)
{
	mn_cc_set_cwnd(&tp->cc, mn_prr_cwnd(&tp->loss.prr, tp->cc.ssthresh, mn_in_flight(tp),
					    arrived, safe));
}

/*
 * The congestion window after an acknowledgment. What blocks or duplicates told of before counted
 * then, in a recovery as a reason to send (RFC 6937), and is no reason to grow now.
 */
static void mn_loss_window(struct sock *sk, const struct mn_ack_news *news, u32 lost)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_loss *l = &tp->loss;
	u32 arrived = tp->rtxq.delivered - news->prior_delivered;
	struct mn_cc_ack ack = {
		.now_us = tp->now_us, .acked = arrived, .srtt_us = mn_rtt_smoothed(&tp->rtt),
		.rtt_us = news->rtt_us, .una = tp->snd.una, .nxt = tp->snd.nxt,
	};

	if (l->state == TCP_CA_CWR || l->state == TCP_CA_Recovery) {
		if (arrived)
			mn_prr_window(tp, arrived, news->flags & MN_NEWS_UNA && !lost);
		return;
	}
	if (!(news->flags & MN_NEWS_UNA) || !arrived)
		return;
	/* In slow start half of the window is enough in flight; beyond that it must be full. */
	if (!tp->cwv.limited &&
	    !(mn_cc_slow_start(&tp->cc) && tp->cc.cwnd < 2 * tp->cwv.max_out))
		return;
	mn_cc_grow(&tp->cc, &ack);
}

/* Is more lost, or less than it seemed? */
static void mn_loss_look(struct sock *sk, const struct mn_ack_news *news)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (news->flags & MN_NEWS_DSACK)
		mn_loss_undo_dsack(sk);
	if (tp->neg.sack)
		mn_rack_run(sk);
	else
		mn_loss_reno(sk, news);
	if (tp->rtxq.lost && tp->loss.state < TCP_CA_Recovery)
		mn_recovery_begin(sk);
}

void mn_loss_ack(struct sock *sk, struct mn_ack_news *news)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_loss *l = &tp->loss;
	u32 lost = tp->rtxq.lost;

	mn_loss_tlp_acked(sk, news);
	/* A timeout marked all of it; what arrives shows whether it was right to. */
	if (l->state == TCP_CA_Loss && news->flags & MN_NEWS_UNA && mn_undo_possible(tp, news)) {
		mn_loss_undo(sk, true);
		l->state = TCP_CA_Open;
	}
	/* The first that went again had not been lost, and nothing else went again. */
	if (l->state == TCP_CA_Recovery && news->flags & MN_NEWS_UNA && !tp->rtxq.retrans &&
	    l->undo_marker && mn_echo_is_older(tp, news)) {
		mn_loss_undo(sk, true);
		l->state = TCP_CA_Open;
	}
	if (l->state == TCP_CA_Open || mn_before(tp->snd.una, l->high) ||
	    mn_loss_finish(sk, news))
		mn_loss_look(sk, news);
	mn_loss_window(sk, news, tp->rtxq.lost > lost);
}

/* --- timers ------------------------------------------------------------------------------- */

void mn_loss_reo_timeout(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	u32 wait = mn_rack_detect(sk);

	if (tp->rtxq.lost && tp->loss.state < TCP_CA_Recovery) {
		mn_recovery_begin(sk);
		mn_prr_window(tp, 1, false);
	}
	if (wait)
		mn_timer_rtx(sk, MN_TIMER_REO, usecs_to_jiffies(wait) + 1);
	else
		mn_timer_rto(sk);
	mn_tcp_retransmit_lost(sk);
}

/* RFC 8985 7.3: something new if there is, else the last segment again. */
void mn_loss_tlp_timeout(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct sk_buff *skb = mn_tcp_send_head(sk);
	u32 packets = tp->rtxq.packets, cwnd = tp->cc.cwnd, len;

	if (tp->loss.tlp_high)
		goto rto;
	mn_tcp_count(sk, MYNET_MIB_TCP_LOSS_PROBES);
	if (skb && mn_before(mn_cb(skb)->seq, mn_snd_window_end(&tp->snd))) {
		/* One more than the window allows. */
		mn_cc_set_cwnd(&tp->cc, mn_in_flight(tp) + 1);
		mn_tcp_push_one(sk, MN_PUSH_NOW);
		mn_cc_set_cwnd(&tp->cc, cwnd);
		if (tp->rtxq.packets > packets) {
			tp->loss.tlp_high = tp->snd.nxt ?: 1;
			tp->loss.tlp_retrans = false;
			goto rto;
		}
	}
	skb = mn_rtxq_last(sk);
	if (!skb || mn_cb(skb)->mark & MN_MARK_SACKED)
		goto rto;
	if (mn_cb(skb)->segs > 1) {
		len = (mn_cb(skb)->segs - 1) * mn_cb(skb)->mss;
		if (len >= mn_cb_data(mn_cb(skb)) || mn_rtxq_split(sk, skb, len))
			goto rto;
		skb = mn_rtxq_last(sk);
	}
	if (!mn_tcp_send_again(sk, skb, 1)) {
		tp->loss.tlp_high = tp->snd.nxt ?: 1;
		tp->loss.tlp_retrans = true;
	}
rto:
	mn_timer_rto(sk);
}

/* RFC 5681 3.1, RFC 6675 5.1: nothing is known to be on its way any more. */
static void mn_loss_begin(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_loss *l = &tp->loss;
	struct sk_buff *skb = mn_rtxq_first(sk);

	if (l->state <= TCP_CA_Disorder || !mn_after(l->high, tp->snd.una) ||
	    (l->state == TCP_CA_Loss && !l->retries)) {
		mn_undo_mark(tp);
		mn_cc_lost(&tp->cc);
	}
	if (!tp->neg.sack)
		mn_reno_reset(tp);
	if (skb && mn_cb(skb)->mark & MN_MARK_SACKED) {
		mn_tcp_count(sk, MYNET_MIB_TCP_SACK_RENEGING);
		mn_rtxq_forget_sacks(sk);
	}
	for (; skb; skb = mn_rtxq_next(skb))
		mn_rtxq_lose(sk, skb);
	mn_rtxq_rewind(&tp->rtxq);
	l->heard.blocks = 0;
	l->tlp_high = 0;
	l->high = tp->snd.nxt;
	l->state = TCP_CA_Loss;
	mn_cc_forget_count(&tp->cc);
	mn_cc_set_cwnd(&tp->cc, mn_in_flight(tp) + 1);
}

/*
 * RFC 9293 3.8.6.1: who took his window back, but still speaks, is not gone. Twice the longest
 * timeout: his last answer is as old as that, and timers are late.
 */
static bool mn_window_shut(const struct sock *sk)
{
	const struct mn_tcp_sock *tp = mn_tcp(sk);

	return !tp->snd.wnd && !sock_flag(sk, SOCK_DEAD) &&
	       !mn_state_in(sk, TCPF_SYN_SENT | TCPF_SYN_RECV) &&
	       jiffies - tp->delack.heard < 2 * usecs_to_jiffies(MN_RTO_MAX_US);
}

/*
 * TCP_THIN_LINEAR_TIMEOUTS: a stream of few packets has no other sign of a loss than the timeout,
 * which stays as short as it was for the first of them.
 */
static bool mn_thin_linear(const struct sock *sk)
{
	const struct mn_tcp_sock *tp = mn_tcp(sk);

	return tp->user.thin_linear && sk->sk_state == TCP_ESTABLISHED &&
	       tp->rtxq.packets < MN_THIN_PACKETS && tp->cc.ssthresh < MN_SSTHRESH_INF &&
	       tp->loss.retries <= MN_THIN_RETRIES;
}

void mn_loss_timeout(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct sk_buff *skb;

	mn_tcp_count(sk, MYNET_MIB_TCP_TIMEOUTS);
	/* Another way for what goes again, where ways are chosen by the hash. */
	sk_rethink_txhash(sk);
	if (!tp->loss.first_us)
		tp->loss.first_us = tp->now_us;
	mn_loss_begin(sk);
	if (!mn_window_shut(sk))
		tp->loss.retries += tp->loss.retries < 255;
	skb = mn_rtxq_first(sk);
	/* A way that is gone for a while is waited for like a peer that is. */
	if (skb)
		mn_tcp_retransmit(sk, skb, 1);
	if (mn_thin_linear(sk))
		mn_rtt_answered(&tp->rtt);
	else
		mn_rtt_backoff(&tp->rtt);
	mn_timer_rto(sk);
}

/* RFC 1191 6.5: what is too large now goes again at once in smaller segments; no congestion. */
static void mn_loss_mtu(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct sk_buff *skb;

	for (skb = mn_rtxq_first(sk); skb; skb = mn_rtxq_next(skb))
		if (mn_cb(skb)->mss > tp->mtu.mss && mn_cb_data(mn_cb(skb)) > tp->mtu.mss)
			mn_rtxq_lose(sk, skb);
	mn_rtxq_rewind(&tp->rtxq);
	if (!tp->rtxq.lost)
		return;
	if (tp->loss.state < TCP_CA_CWR) {
		tp->loss.high = tp->snd.nxt;
		tp->loss.undo_marker = 0;
		tp->loss.prior_ssthresh = tp->cc.ssthresh;
		tp->loss.state = TCP_CA_Loss;
	}
	mn_tcp_retransmit_lost(sk);
}

/*
 * A router says that the path carries less (RFC 1191 3; who says so was checked before). All who
 * send there know it, for as long as it is known of paths.
 */
void mn_tcp_mtu_lower(struct sock *sk, u32 mtu)
{
	struct mynet_flow flow;

	if (mynet_sk(sk)->ip.pmtudisc == IP_PMTUDISC_DONT ||
	    mynet_sk(sk)->ip.pmtudisc >= IP_PMTUDISC_PROBE)
		return;
	mn_sk_flow(sk, &flow, sk->sk_daddr, sk->sk_dport);
	rcu_read_lock();
	mynet_route_update_mtu(sock_net(sk), &flow, mtu);
	rcu_read_unlock();
	mn_tcp_mtu_sync(sk);
	/* Also if another connection told the routes before: what is on its way is too large. */
	mn_loss_mtu(sk);
}
