// SPDX-License-Identifier: GPL-2.0
/*
 * Decides what is sent next and how much of it (RFC 9293 3.7.4, 3.8.6.2.1; RFC 5681): window,
 * congestion window, Nagle, silly windows, and what is sent again.
 *
 * Owns sk_write_queue (what was never sent) and struct mn_cwv.
 */
#include <linux/math64.h>

#include "tcp.h"

#define MN_TSO_RTT_SHIFT	9	/* a distance of so many us, as a shift, halves a packet */
#define MN_TSO_SEGS_MIN		2
#define MN_DEFER_MAX_US		1000

/* --- limits of sending -------------------------------------------------------------------- */

/* Minshall: one small segment may be on its way, and only if none was before it. */
static bool mn_nagle_waits(const struct mn_tcp_sock *tp, const struct sk_buff *skb)
{
	if (mn_cb(skb)->flags & MN_FIN || mn_cb(skb)->end == tp->snd.flush || tp->urg.pending)
		return false;
	if (tp->user.cork)
		return true;
	if (tp->user.nodelay)
		return false;
	return tp->rtxq.packets && mn_after(tp->snd.small, tp->snd.una) &&
	       !mn_after(tp->snd.small, tp->snd.nxt);
}

/*
 * The most that one packet carries: about a millisecond's worth at the rate of the connection, so
 * that packets do not come in bursts, and more the nearer the peer is, where bursts do no harm.
 * The core copies the urgent pointer, which is relative, to each segment it cuts a packet into:
 * with one a packet is a segment.
 */
static u32 mn_packet_most(const struct sock *sk)
{
	const struct mn_tcp_sock *tp = mn_tcp(sk);
	u32 mss = tp->mtu.mss, near = tp->rtt.min_us >> MN_TSO_RTT_SHIFT, segs;
	u64 bytes = READ_ONCE(sk->sk_pacing_rate) >> 10;

	if (unlikely(tp->urg.pending))
		return mss;
	if (near < 32)
		bytes += tp->mtu.gso >> near;
	if (likely(bytes >= tp->mtu.gso))
		return tp->mtu.gso;
	segs = max_t(u32, (u32)bytes / mss, MN_TSO_SEGS_MIN);
	return min(segs * mss, tp->mtu.gso);
}

/*
 * Is it worth while to wait for an acknowledgment, and send more in one packet then? Only for one
 * that is due at once, while data goes out all the time. @allowed: what the windows let go now.
 */
static bool mn_tcp_tso_defer(struct sock *sk, const struct sk_buff *skb, u32 allowed)
{
	int divisor = READ_ONCE(mn_tcp_sk_net(sk)->tso_win_divisor);
	const struct mn_tcp_sock *tp = mn_tcp(sk);
	u32 mss = tp->mtu.mss, srtt = mn_rtt_smoothed(&tp->rtt);
	u32 most = min_t(u64, tp->snd.wnd, (u64)tp->cc.cwnd * mss);
	s64 due;

	/* RFC 3042: what a duplicate acknowledgment lets go goes. */
	if (tp->loss.state >= TCP_CA_Recovery || !tp->rtxq.packets || tp->rtxq.sacked)
		return false;
	if (mn_cb(skb)->flags & MN_FIN || allowed >= mn_packet_most(sk) ||
	    tp->now_us - tp->cwv.sent_us > MN_DEFER_MAX_US)
		return false;
	if (divisor ? allowed >= most / divisor : allowed > 3 * mss)
		return false;
	due = (s64)(mn_cb(mn_rtxq_first(sk))->sent_us + srtt - tp->now_us);
	return due <= (s64)min_t(u32, srtt / 2, MN_DEFER_MAX_US);
}

/*
 * RFC 9293 3.8.6.2.1: how much of a packet goes where less than a segment of it fits into the
 * window. Half of the largest window that the peer ever offered is worth a header of its own: who
 * waits for more may wait for a window update that never comes.
 */
static u32 mn_window_part(const struct mn_tcp_sock *tp, u32 len, u32 window)
{
	return window >= min_t(u32, tp->mtu.mss, tp->snd.max_wnd >> 1) ? min(len, window) : 0;
}

/* A packet of one segment or less. */
static u32 mn_sendable_small(struct sock *sk, const struct sk_buff *skb, unsigned int how,
			     u32 window, bool last)
{
	const struct mn_tcp_sock *tp = mn_tcp(sk);
	u32 len = skb->len;

	if (len > window)
		return mn_window_part(tp, len, window);
	if (how != MN_PUSH_NOW && last && len < tp->mtu.mss && mn_nagle_waits(tp, skb))
		return 0;
	return max_t(u32, len, 1);
}

/*
 * How many bytes of the next packet may go now; 0: none. *@cwnd_full: because of the
 * congestion window.
 */
static u32 mn_tcp_send_quota(struct sock *sk, const struct sk_buff *skb, unsigned int how,
			     bool *cwnd_full)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	u32 mss = tp->mtu.mss, len = skb->len, flight = mn_in_flight(tp), quota, limit, allowed;
	s32 window = mn_snd_window_end(&tp->snd) - mn_cb(skb)->seq;
	bool last = skb_queue_is_last(&sk->sk_write_queue, skb);

	/* The end of a stream is not worth another round trip: a FIN does not wait. */
	if (flight >= tp->cc.cwnd && !(mn_cb(skb)->flags & MN_FIN && len <= mss)) {
		*cwnd_full = true;
		return 0;
	}
	if (window <= 0)
		return 0;
	if (len <= mss)
		return mn_sendable_small(sk, skb, how, window, last);

	quota = tp->cc.cwnd - flight;
	limit = min(len, mn_packet_most(sk));
	if ((u64)quota * mss < limit)
		limit = quota * mss;
	if ((u32)window < limit)
		limit = window;
	if (limit < len) {
		if (limit < mss)
			return mn_window_part(tp, len, limit);
		limit -= limit % mss;
		allowed = min_t(u64, (u64)quota * mss, window);
		if (how != MN_PUSH_NOW && mn_tcp_tso_defer(sk, skb, allowed)) {
			*cwnd_full = (u64)quota * mss <= (u32)window;
			return 0;
		}
	} else if (len % mss && how != MN_PUSH_NOW && last && mn_nagle_waits(tp, skb)) {
		limit -= len % mss;
	}
	return limit;
}

/* How full the congestion window was: it grows only if it is used (RFC 7661, RFC 2861). */
static void mn_usage_note(struct mn_tcp_sock *tp, bool limited)
{
	struct mn_cwv *u = &tp->cwv;

	if (!mn_before(tp->snd.una, u->max_seq) || limited ||
	    (tp->rtxq.packets > u->max_out && !u->limited)) {
		u->limited = limited;
		u->max_out = tp->rtxq.packets;
		u->max_seq = tp->snd.nxt;
	}
}

/*
 * RFC 5681 4.1: after a pause nobody knows what the path carries. Once for a pause, which the
 * packet ends that is about to go, the first on its way. True: the congestion window is another.
 */
static bool mn_usage_restart(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	u32 idle = jiffies - tp->cwv.last_sent, rto = usecs_to_jiffies(tp->rtt.rto_us);
	u32 restart, cwnd = tp->cc.cwnd;

	if (idle <= rto)
		return false;
	mn_cc_idle(&tp->cc, jiffies_to_usecs(idle));
	if (!READ_ONCE(mn_tcp_sk_net(sk)->slow_start_after_idle))
		return false;
	restart = min(mn_tcp_init_cwnd(sk), cwnd);
	while (idle > rto && cwnd > restart) {
		cwnd >>= 1;
		idle -= rto;
	}
	mn_cc_decay(&tp->cc, max(cwnd, restart));
	return true;
}

/*
 * Moves a packet that went from the queue of unsent ones to that of those that may have to go
 * again.
 */
static void mn_tcp_sent(struct sock *sk, struct sk_buff *skb)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	const struct mn_tcp_cb *cb = mn_cb(skb);

	__skb_unlink(skb, &sk->sk_write_queue);
	mn_rtxq_add(sk, skb);
	mn_snd_sent(&tp->snd, cb->end, mn_cb_data(cb) % tp->mtu.mss);
	mn_cwv_sent(&tp->cwv);
}

static int mn_tcp_send_one(struct sock *sk, struct sk_buff *skb, u32 len, u8 flags)
{
	struct sk_buff *rest;
	int err;

	if (len < skb->len) {
		err = mn_tcp_split(sk, skb, len, &rest);
		if (err)
			return err;
		__skb_queue_after(&sk->sk_write_queue, skb, rest);
	}
	mn_cb(skb)->flags |= flags;
	mn_tcp_segment_count(sk, skb);
	err = mn_tcp_transmit(sk, skb, true);
	if (err)
		return err;
	mn_tcp_sent(sk, skb);
	return 0;
}

/* Notes what is in the way of sending more. @skb: the packet that did not go, or NULL. */
static void mn_cwv_update(struct mn_tcp_sock *tp, const struct sk_buff *skb, bool cwnd_full)
{
	s32 window = skb ? mn_snd_window_end(&tp->snd) - mn_cb(skb)->seq : 0;
	bool closed = skb && !cwnd_full && window < (s32)min_t(u32, skb->len, tp->mtu.mss);

	mn_chrono_switch(&tp->progress, closed ? MN_HELD_WINDOW : MN_HELD_NETWORK, tp->now_us);
	if (!skb && !cwnd_full)
		mn_delivery_idle(&tp->progress);
}

static bool mn_tcp_write(struct sock *sk, unsigned int how, unsigned int most)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	u32 len;
	bool cwnd_full = false, sent = false;
	struct sk_buff *skb;

	if (!tp->rtxq.packets)
		mn_delivery_begin(&tp->progress, tp->rtxq.delivered, tp->now_us);
	while ((skb = mn_tcp_send_head(sk)) && most--) {
		len = mn_tcp_send_quota(sk, skb, how, &cwnd_full);
		if (len && !tp->rtxq.packets && mn_usage_restart(sk))
			len = mn_tcp_send_quota(sk, skb, how, &cwnd_full);
		if (!len || mn_tsq_wait(sk, skb) || mn_pace_waits(sk))
			break;
		if (mn_tcp_send_one(sk, skb, len, 0))
			break;
		sent = true;
		mn_loss_sent(&tp->loss, mn_cb(skb)->segs);
	}
	cwnd_full |= mn_in_flight(tp) >= tp->cc.cwnd;
	mn_usage_note(tp, cwnd_full);
	mn_cwv_update(tp, skb, cwnd_full);
	if (sent)
		mn_timer_sent(sk);
	return sent;
}

static bool mn_tcp_may_write(struct sock *sk)
{
	return mn_state_in(sk, TCPF_ESTABLISHED | TCPF_CLOSE_WAIT | TCPF_FIN_WAIT1 |
			       TCPF_CLOSING | TCPF_LAST_ACK);
}

static void mn_tcp_push_some(struct sock *sk, unsigned int how, unsigned int most)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (!mn_tcp_send_head(sk) || !mn_tcp_may_write(sk))
		return;
	mn_tcp_mtu_sync(sk);
	mn_tcp_write(sk, how, most);
	/* With nothing on its way no answer would come: the window is closed. Ask. */
	if (!tp->rtxq.packets && mn_tcp_send_head(sk) && tp->timers.what == MN_TIMER_OFF &&
	    !mn_pace_pending(tp))
		mn_timer_rearm(sk);
}

void mn_tcp_push(struct sock *sk, unsigned int how)
{
	mn_tcp_push_some(sk, how, UINT_MAX);
}

void mn_tcp_push_one(struct sock *sk, unsigned int how)
{
	mn_tcp_push_some(sk, how, 1);
}

/* --- sent again --------------------------------------------------------------------------- */

/* Sends again at most @segs segments of a packet, not because they were lost. */
int mn_tcp_send_again(struct sock *sk, struct sk_buff *skb, u32 segs)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_tcp_cb *cb = mn_cb(skb);
	s32 window = mn_snd_window_end(&tp->snd) - cb->seq;
	u32 len = mn_cb_data(cb), limit;
	int err;

	/* Still in the queue of this host's device: what is lost is time. */
	if (skb_fclone_busy(sk, skb))
		return -EBUSY;
	if (mn_tcp_trim_acked(sk, skb))
		return -ENOMEM;
	mn_tcp_mtu_sync(sk);
	if (cb->mss != tp->mtu.mss)
		mn_rtxq_resegment(sk, skb);

	/* RFC 9293 3.8.6.1: a window that shrank may be ignored by what repairs the first byte. */
	if (window <= 0 && cb->seq != tp->snd.una)
		return -EAGAIN;
	limit = min_t(u64, (u64)segs * cb->mss, min(len, mn_packet_most(sk)));
	if (window > 0 && limit > (u32)window)
		limit = window;
	if (window <= 0)
		limit = min_t(u32, limit, cb->mss);
	if (limit > cb->mss)
		limit -= limit < len ? limit % cb->mss : 0;
	if (limit < len) {
		err = mn_rtxq_split(sk, skb, limit);
		if (err)
			return err;
	}
	err = mn_tcp_transmit(sk, skb, true);
	if (err)
		return err;
	mn_rtxq_resent(sk, skb);
	mynet_mib_add(mn_tcp_mnet(sk), MYNET_MIB_TCP_RETRANS_SEGS, cb->segs);
	return 0;
}

/* Sends again at most @segs segments of a packet that was lost, or may have been. */
int mn_tcp_retransmit(struct sock *sk, struct sk_buff *skb, u32 segs)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	int err = mn_tcp_send_again(sk, skb, segs);

	if (err)
		return err;
	mn_loss_repaired(&tp->loss, mn_cb(skb)->segs, mn_tcp_ts_now(tp));
	mn_rtxq_repairs(sk, skb);
	return 0;
}

/* Sends again what counts as lost, as far as the congestion window allows. */
void mn_tcp_retransmit_lost(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_rtxq *q = &tp->rtxq;
	struct sk_buff *skb = q->hint ?: mn_rtxq_first(sk), *stuck = NULL;
	bool sent = false;
	u32 flight;

	for (; skb && q->lost > q->retrans; skb = mn_rtxq_next(skb)) {
		if ((mn_cb(skb)->mark & (MN_MARK_LOST | MN_MARK_RETRANS)) != MN_MARK_LOST)
			continue;
		flight = mn_in_flight(tp);
		stuck = skb;
		if (flight >= tp->cc.cwnd || mn_tsq_wait(sk, skb) || mn_pace_waits(sk) ||
		    mn_tcp_retransmit(sk, skb, tp->cc.cwnd - flight))
			break;
		stuck = NULL;
		sent = true;
		mn_loss_sent(&tp->loss, mn_cb(skb)->segs);
		mynet_mib_add(mn_tcp_mnet(sk), tp->loss.state == TCP_CA_Loss ?
			      MYNET_MIB_TCP_SLOW_START_RETRANS : MYNET_MIB_TCP_FAST_RETRANS,
			      mn_cb(skb)->segs);
	}
	/* The packet to go on with; NULL: from the front, when something is lost again. */
	mn_rtxq_resume_at(q, stuck ?: skb);
	if (sent)
		mn_timer_rto(sk);
}

/* --- the end ------------------------------------------------------------------------------ */

void mn_tcp_queue_fin(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct sk_buff *skb = skb_peek_tail(&sk->sk_write_queue);

	if (!skb) {
		/* Not to be refused, and small: charged whatever the limits say. */
		skb = mn_tcp_alloc(sk, 0, GFP_KERNEL | __GFP_NOFAIL);
		mn_cb(skb)->seq = tp->snd.write;
		mn_cb(skb)->end = tp->snd.write;
		mn_cb(skb)->flags = MN_ACK;
		mn_tcp_charge(sk, skb->truesize);
		__skb_queue_tail(&sk->sk_write_queue, skb);
	}
	mn_cb(skb)->flags |= MN_FIN;
	mn_cb(skb)->end++;
	mn_snd_written(&tp->snd, 1);
	mn_tcp_push(sk, MN_PUSH_NOW);
}

/*
 * The window is closed, or nothing was heard for long: a segment that the peer has to answer. With
 * data if the window has room for some (RFC 9293 3.8.6.1).
 */
void mn_tcp_probe(struct sock *sk, bool urgent)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct sk_buff *skb = mn_tcp_send_head(sk);
	s32 window;
	u32 len;

	mn_tcp_tick(tp);
	mn_tcp_mtu_sync(sk);
	if (skb) {
		window = mn_snd_window_end(&tp->snd) - mn_cb(skb)->seq;
		if (window > 0) {
			len = min3((u32)window, skb->len, (u32)tp->mtu.mss);
			if (len < skb->len && len < tp->mtu.mss) {
				mn_snd_window_shrunk(&tp->snd);
				mn_mtu_set_stale(&tp->mtu);
			}
			mn_tcp_send_one(sk, skb, len, MN_PSH);
			return;
		}
	}
	mn_tcp_count(sk, MYNET_MIB_TCP_WIN_PROBE);
	mn_tcp_send_probe(sk, tp->snd.una - !urgent);
}

/* --- room for more ------------------------------------------------------------------------ */

bool mn_tcp_memory_free(const struct sock *sk, int wake)
{
	const struct mn_tcp_sock *tp = mn_tcp(sk);
	u32 lowat = READ_ONCE(tp->user.notsent_lowat) ?:
		    READ_ONCE(mn_tcp_sk_net(sk)->notsent_lowat);

	if (READ_ONCE(sk->sk_wmem_queued) >= READ_ONCE(sk->sk_sndbuf))
		return false;
	return (READ_ONCE(tp->snd.write) - READ_ONCE(tp->snd.nxt)) << wake < lowat;
}

bool mn_tcp_writeable(const struct sock *sk)
{
	int queued = READ_ONCE(sk->sk_wmem_queued);

	return READ_ONCE(sk->sk_sndbuf) - queued >= queued >> 1 && mn_tcp_memory_free(sk, 1);
}

/* Any context: the socket may be about to lose its struct socket, which RCU keeps. */
static void mn_tcp_wake_writer(struct sock *sk)
{
	struct socket_wq *wq;
	struct socket *sock;

	rcu_read_lock();
	sock = READ_ONCE(sk->sk_socket);
	if (!sock || !test_bit(SOCK_NOSPACE, &sock->flags) || !mn_tcp_writeable(sk))
		goto out;
	clear_bit(SOCK_NOSPACE, &sock->flags);
	wq = rcu_dereference(sk->sk_wq);
	if (skwq_has_sleeper(wq))
		wake_up_interruptible_poll(&wq->wait, EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
	if (wq && wq->fasync_list && !(sk->sk_shutdown & SEND_SHUTDOWN))
		sock_wake_async(wq, SOCK_WAKE_SPACE, POLL_OUT);
out:
	rcu_read_unlock();
}

void mn_tcp_write_space(struct sock *sk)
{
	mn_tsq_left(sk);
	mn_tcp_wake_writer(sk);
}

void mn_tcp_check_space(struct sock *sk)
{
	void (*write_space)(struct sock *sk) = READ_ONCE(sk->sk_write_space);

	if (likely(write_space == mn_tcp_write_space))
		mn_tcp_wake_writer(sk);
	else
		write_space(sk);
}
