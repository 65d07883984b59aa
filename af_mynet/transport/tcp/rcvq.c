// SPDX-License-Identifier: GPL-2.0
/*
 * The receive queue: data in order for the program, data out of order to wait for what is missing
 * (RFC 9293 3.10.7.4, seventh step; RFC 2018), within the memory that the socket may take.
 *
 * Owns struct mn_rcv and sk_receive_queue.
 */
#include <linux/math64.h>

#include "cmsg.h"
#include "tcp.h"

#define MN_RATIO_START	128
#define MN_OPENING_MIN	128	/* smaller segments open no window */

void mn_rcv_init(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	tp->rcv = (struct mn_rcv){
		.ooo = RB_ROOT,
		.ratio = MN_RATIO_START,
		.mss = MN_TCP_MSS_DEF,
		.clamp = tp->user.window_clamp ?: 1U << 30,
	};
	/* Until the peer's SYN says otherwise; see mn_rcv_scale(). */
	tp->rcv.wnd = min_t(u32, mn_win_of_space(READ_ONCE(sk->sk_rcvbuf), MN_RATIO_START), 65535);
	tp->rcv.wnd = min(tp->rcv.wnd, tp->rcv.clamp);
}

/* A route's largest window, unless the program has set one. */
void mn_rcv_clamp(struct sock *sk, u32 window)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (!window || tp->user.window_clamp)
		return;
	tp->rcv.clamp = window;
	tp->rcv.wnd = min(tp->rcv.wnd, window);
}

/*
 * The window of our SYN. A route's first one opens as data comes, two segments for each that did,
 * until the buffer alone is its limit. @segs 0: the route says nothing.
 */
void mn_rcv_first(struct sock *sk, u32 mss, u32 segs)
{
	struct mn_rcv *rcv = &mn_tcp(sk)->rcv;
	u32 space = mn_win_of_space(READ_ONCE(sk->sk_rcvbuf), MN_RATIO_START);

	rcv->wnd = mn_win_first(min(space, rcv->clamp), mss);
	if (!segs || (u64)segs * mss > rcv->wnd)
		return;
	rcv->wnd = segs * mss;
	rcv->opening = rcv->wnd;
}

static void mn_rcv_open(struct sock *sk, u32 len)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	u32 most = mn_win_of_space(READ_ONCE(sk->sk_rcvbuf), tp->rcv.ratio);

	tp->rcv.opening += 2 * max_t(u32, tp->mtu.advmss, len);
	if (tp->rcv.opening >= min(most, tp->rcv.clamp))
		tp->rcv.opening = 0;
}

/* RFC 7323 2.3: able to say the largest window that this socket may ever have. */
u8 mn_rcv_scale(struct sock *sk)
{
	u32 space = max_t(u32, READ_ONCE(mn_tcp_sk_net(sk)->rmem[2]), READ_ONCE(sk->sk_rcvbuf));

	/* A buffer that SO_RCVBUF has set does not grow. */
	if (sk->sk_userlocks & SOCK_RCVBUF_LOCK)
		space = mn_win_of_space(READ_ONCE(sk->sk_rcvbuf), MN_RATIO_START);

	return mn_win_scale(min(space, mn_tcp(sk)->rcv.clamp));
}

void mn_rcv_start(struct sock *sk, u32 irs)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	tp->rcv.irs = irs;
	tp->rcv.nxt = irs + 1;
	tp->rcv.wup = irs + 1;
	tp->rcv.copied = irs + 1;
	tp->rcv.space_seq = irs + 1;
	tp->rcv.space = min_t(u32, tp->rcv.wnd, 10 * max_t(u32, tp->mtu.advmss, MN_TCP_MSS_MIN));
	tp->rcv.space_us = tp->now_us;
	tp->rcv.mss = min_t(u32, tp->mtu.advmss, MN_TCP_MSS_DEF);
}

/* The rest of the window that the peer was told of. */
bool mn_rcv_readable(const struct sock *sk, int target)
{
	const struct mn_tcp_sock *tp = mn_tcp(sk);
	int avail = READ_ONCE(tp->rcv.nxt) - READ_ONCE(tp->rcv.copied);

	if (avail <= 0)
		return false;
	if (avail >= target || sk_under_memory_pressure(sk))
		return true;
	/* More will not come: there is no room for it. */
	return atomic_read(&sk->sk_rmem_alloc) > READ_ONCE(sk->sk_rcvbuf) ||
	       mn_rcv_window_left(&tp->rcv) <= tp->rcv.mss;
}

void mn_tcp_data_ready(struct sock *sk)
{
	if (mn_rcv_readable(sk, READ_ONCE(sk->sk_rcvlowat)) || sock_flag(sk, SOCK_DONE))
		sk->sk_data_ready(sk);
}

/* --- memory ------------------------------------------------------------------------------- */

static void mn_rcv_free_ooo(struct sock *sk, struct sk_buff *skb, enum mynet_drop_reason why)
{
	rb_erase(&skb->rbnode, &mn_tcp(sk)->rcv.ooo);
	skb->dev = NULL;
	mynet_sk_drop(sk, skb, why);
}

/* The last of those out of order first: the peer has them still (RFC 2018 8). */
static void mn_rcv_prune(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct sk_buff *skb;

	if (RB_EMPTY_ROOT(&tp->rcv.ooo))
		return;
	mn_tcp_count(sk, MYNET_MIB_TCP_OFO_PRUNED);
	while ((skb = skb_rb_last(&tp->rcv.ooo))) {
		mn_rcv_free_ooo(sk, skb, MYNET_DROP_TCP_OFO_PRUNED);
		if (atomic_read(&sk->sk_rmem_alloc) <= READ_ONCE(sk->sk_rcvbuf) >> 1)
			break;
	}
	tp->rcv.ooo_last = skb_rb_last(&tp->rcv.ooo);
	/* Data that was reported may be gone; the peer finds out by a timeout if it must. */
	tp->rcv.report.blocks = 0;
}

static bool mn_rcv_fits(struct sock *sk, struct sk_buff *skb)
{
	return atomic_read(&sk->sk_rmem_alloc) <= READ_ONCE(sk->sk_rcvbuf) &&
	       sk_rmem_schedule(sk, skb, skb->truesize);
}

/*
 * The window counts data, the buffer memory: small segments take far more than was reckoned with. A
 * buffer whose size nobody asked for grows before it refuses what was offered.
 */
static bool mn_rcv_grow(struct sock *sk)
{
	int taken = atomic_read(&sk->sk_rmem_alloc);

	if (sk->sk_userlocks & SOCK_RCVBUF_LOCK || sk_under_memory_pressure(sk) ||
	    sk_memory_allocated(sk) >= sk_prot_mem_limits(sk, 0) ||
	    taken > READ_ONCE(mn_tcp_sk_net(sk)->rmem[2]))
		return false;
	if (taken > READ_ONCE(sk->sk_rcvbuf))
		WRITE_ONCE(sk->sk_rcvbuf, taken);
	return true;
}

/* May the packet stay? What a reader waits for is never refused. */
static bool mn_rcv_room(struct sock *sk, struct sk_buff *skb, bool in_order)
{
	if (likely(mn_rcv_fits(sk, skb)))
		return true;
	if (in_order && mn_rcv_grow(sk) && mn_rcv_fits(sk, skb))
		return true;
	mn_rcv_prune(sk);
	if (mn_rcv_fits(sk, skb))
		return true;
	if (in_order && skb_queue_empty(&sk->sk_receive_queue))
		return true;
	mn_tcp_count(sk, MYNET_MIB_TCP_RCVQ_DROP);
	return false;
}

/* Joins @skb, consumed if it can be, to the packet before it. */
static bool mn_rcv_join(struct sock *sk, struct sk_buff *to, struct sk_buff *skb)
{
	bool stolen;
	int delta;

	if (mn_cb(to)->end != mn_cb(skb)->seq || mn_cb(to)->flags & MN_FIN)
		return false;
	if (!skb_try_coalesce(to, skb, &stolen, &delta))
		return false;
	atomic_add(delta, &sk->sk_rmem_alloc);
	sk_mem_charge(sk, delta);
	mn_cb(to)->end = mn_cb(skb)->end;
	mn_cb(to)->flags |= mn_cb(skb)->flags;
	mn_tcp_told_join(to, skb);
	mn_tcp_count(sk, MYNET_MIB_TCP_RCV_COALESCE);
	kfree_skb_partial(skb, stolen);
	return true;
}

void mn_rcv_free_skb(struct sock *sk, struct sk_buff *skb)
{
	__skb_unlink(skb, &sk->sk_receive_queue);
	consume_skb(skb);
}

/* Has the program all the data of a queued segment? A FIN, that stays in the queue, is none. */
static bool mn_rcv_was_read(const struct mn_tcp_sock *tp, const struct sk_buff *skb)
{
	const struct mn_tcp_cb *cb = mn_cb(skb);

	return !mn_before(tp->rcv.copied, cb->end - !!(cb->flags & MN_FIN));
}

void mn_rcv_purge(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(&sk->sk_receive_queue))) {
		if (mn_rcv_was_read(tp, skb))
			consume_skb(skb);
		else
			mynet_sk_drop(sk, skb, MYNET_DROP_SOCK_CLOSED);
	}
	while ((skb = skb_rb_first(&tp->rcv.ooo)))
		mn_rcv_free_ooo(sk, skb, MYNET_DROP_SOCK_CLOSED);
	tp->rcv.ooo_last = NULL;
	tp->rcv.report = (struct mn_sack_report){};
}

/* --- in order ----------------------------------------------------------------------------- */

/* How much of the memory that packets take is data, on the average of the last few. */
static void mn_rcv_ratio(struct mn_rcv *rcv, const struct sk_buff *skb)
{
	int now;

	if (skb->len < rcv->mss)
		return;
	now = mn_win_ratio(skb->len, skb->truesize);
	rcv->ratio += (now - rcv->ratio) / 4;
}

static void mn_rcv_advance(struct sock *sk, u32 end)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	tp->counts.bytes_received += end - tp->rcv.nxt;
	WRITE_ONCE(tp->rcv.nxt, end);
}

static void mn_rcv_in_order(struct sock *sk, struct sk_buff *skb)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct sk_buff *tail = skb_peek_tail(&sk->sk_receive_queue);
	u32 end = mn_cb(skb)->end;

	mn_rcv_ratio(&tp->rcv, skb);
	if (!tail || !mn_rcv_join(sk, tail, skb)) {
		skb_set_owner_r(skb, sk);
		__skb_queue_tail(&sk->sk_receive_queue, skb);
	}
	mn_rcv_advance(sk, end);
}

/* Queues the data that waited behind a hole that is closed now. Return: a FIN was in it. */
static bool mn_rcv_drain(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct sk_buff *skb, *tail;
	bool fin = false;

	while ((skb = skb_rb_first(&tp->rcv.ooo))) {
		if (mn_after(mn_cb(skb)->seq, tp->rcv.nxt))
			break;
		if (!mn_after(mn_cb(skb)->end, tp->rcv.nxt)) {
			mn_rcv_free_ooo(sk, skb, MYNET_DROP_TCP_DUP);
			continue;
		}
		rb_erase(&skb->rbnode, &tp->rcv.ooo);
		skb->dev = NULL;
		fin |= !!(mn_cb(skb)->flags & MN_FIN);
		tail = skb_peek_tail(&sk->sk_receive_queue);
		mn_rcv_advance(sk, mn_cb(skb)->end);
		if (tail && mn_rcv_join(sk, tail, skb)) {
			if (fin)
				break;
			continue;
		}
		__skb_queue_tail(&sk->sk_receive_queue, skb);
		if (fin)
			break;
	}
	tp->rcv.ooo_last = skb_rb_last(&tp->rcv.ooo);
	mn_sack_report_trim(&tp->rcv.report, tp->rcv.nxt);
	return fin;
}

/* --- out of order ------------------------------------------------------------------------- */

/* RFC 2883: these bytes came twice. */
void mn_rcv_dsack(struct sock *sk, u32 start, u32 end)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (!tp->neg.sack || !READ_ONCE(mn_tcp_sk_net(sk)->dsack))
		return;
	mn_tcp_count(sk, MYNET_MIB_TCP_DSACK_SENT);
	mn_sack_report_dup(&tp->rcv.report, start, end);
}

static bool mn_rcv_covers(const struct sk_buff *a, const struct sk_buff *b)
{
	return !mn_after(mn_cb(a)->seq, mn_cb(b)->seq) && !mn_before(mn_cb(a)->end, mn_cb(b)->end);
}

/* Into the tree by sequence number. False: all of it is there already. */
static bool mn_rcv_link_ooo(struct sock *sk, struct sk_buff *skb)
{
	struct mn_rcv *rcv = &mn_tcp(sk)->rcv;
	struct rb_node **p = &rcv->ooo.rb_node, *parent = NULL;

	if (rcv->ooo_last && !mn_before(mn_cb(skb)->seq, mn_cb(rcv->ooo_last)->end)) {
		parent = &rcv->ooo_last->rbnode;
		p = &parent->rb_right;
		goto link;
	}
	while (*p) {
		struct sk_buff *other = rb_to_skb(*p);

		parent = *p;
		if (mn_rcv_covers(other, skb)) {
			mn_rcv_dsack(sk, mn_cb(skb)->seq, mn_cb(skb)->end);
			return false;
		}
		if (mn_before(mn_cb(skb)->seq, mn_cb(other)->seq)) {
			p = &parent->rb_left;
			continue;
		}
		if (mn_before(mn_cb(skb)->seq, mn_cb(other)->end))
			mn_rcv_dsack(sk, mn_cb(skb)->seq, mn_cb(other)->end);
		p = &parent->rb_right;
	}
link:
	rb_link_node(&skb->rbnode, parent, p);
	rb_insert_color(&skb->rbnode, &rcv->ooo);
	return true;
}

/* Packets behind it that it has all of are not needed any more. */
static void mn_rcv_cover_ooo(struct sock *sk, struct sk_buff *skb)
{
	struct mn_rcv *rcv = &mn_tcp(sk)->rcv;
	struct sk_buff *next;

	while ((next = skb_rb_next(skb)) && mn_before(mn_cb(next)->seq, mn_cb(skb)->end)) {
		mn_rcv_dsack(sk, mn_cb(next)->seq, mn_seq_min(mn_cb(next)->end, mn_cb(skb)->end));
		if (!mn_rcv_covers(skb, next))
			break;
		mn_rcv_free_ooo(sk, next, MYNET_DROP_TCP_DUP);
	}
	if (!next)
		rcv->ooo_last = skb;
}

static void mn_rcv_out_of_order(struct sock *sk, struct sk_buff *skb)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	u32 seq = mn_cb(skb)->seq, end = mn_cb(skb)->end;

	mn_delack_now(&tp->delack);
	mn_tcp_count(sk, MYNET_MIB_TCP_OFO_QUEUE);
	if (!mn_rcv_room(sk, skb, false)) {
		mynet_sk_drop(sk, skb, MYNET_DROP_TCP_MEMORY);
		return;
	}
	if (tp->neg.sack)
		mn_sack_report_add(&tp->rcv.report, seq, end);
	/* The usual case of one hole: the next packet behind the last. */
	if (tp->rcv.ooo_last && mn_rcv_join(sk, tp->rcv.ooo_last, skb))
		return;
	if (!mn_rcv_link_ooo(sk, skb)) {
		mynet_sk_drop(sk, skb, MYNET_DROP_TCP_DUP);
		return;
	}
	skb_set_owner_r(skb, sk);
	mn_rcv_cover_ooo(sk, skb);
}

/* --- the door ----------------------------------------------------------------------------- */

/* No room was offered for it: the peer hears at once how much there is. */
static void mn_rcv_refuse(struct sock *sk, struct sk_buff *skb)
{
	mn_delack_quick(sk);
	mn_delack_now(&mn_tcp(sk)->delack);
	mn_tcp_count(sk, MYNET_MIB_TCP_ZERO_WINDOW_DROP);
	mynet_sk_drop(sk, skb, MYNET_DROP_TCP_WINDOW);
}

/* Consumes @skb, whose data and FIN are seg's. */
void mn_rcv_data(struct sock *sk, struct sk_buff *skb, struct mn_seg *seg)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_tcp_cb *cb = mn_cb(skb);
	u32 nxt = tp->rcv.nxt;
	bool fin;

	if (cb->seq == cb->end) {
		consume_skb(skb);
		return;
	}
	skb_dst_drop(skb);
	skb->dev = NULL;
	if (!mn_after(cb->end, nxt)) {
		/* All of it was there: our acknowledgment was lost, or it came twice. */
		mn_tcp_count(sk, MYNET_MIB_TCP_DELAYED_ACK_LOST);
		mn_rcv_dsack(sk, cb->seq, cb->end);
		mn_delack_quick(sk);
		mn_delack_now(&tp->delack);
		mynet_sk_drop(sk, skb, MYNET_DROP_TCP_DUP);
		return;
	}
	if (!mn_before(cb->seq, nxt + mn_rcv_window_left(&tp->rcv))) {
		if (cb->seq != nxt || seg->len || mn_rcv_window_left(&tp->rcv)) {
			mn_rcv_refuse(sk, skb);
			return;
		}
	}
	if (mn_before(cb->seq, nxt)) {
		mn_rcv_dsack(sk, cb->seq, nxt);
		if (!mn_rcv_window_left(&tp->rcv)) {
			mn_rcv_refuse(sk, skb);
			return;
		}
	}
	if (seg->len)
		tp->counts.data_segs_in += max_t(u16, skb_shinfo(skb)->gso_segs, 1);
	if (mn_after(cb->seq, nxt)) {
		tp->rcv.ooo_segs += max_t(u16, skb_shinfo(skb)->gso_segs, 1);
		mn_rcv_out_of_order(sk, skb);
		return;
	}
	if (!mn_rcv_room(sk, skb, true)) {
		mn_delack_now(&tp->delack);
		mynet_sk_drop(sk, skb, MYNET_DROP_TCP_MEMORY);
		return;
	}
	mn_delack_got(sk, skb, seg);
	if (unlikely(tp->rcv.opening && seg->len >= MN_OPENING_MIN))
		mn_rcv_open(sk, seg->len);
	fin = cb->flags & MN_FIN;
	mn_rcv_in_order(sk, skb);
	if (unlikely(!RB_EMPTY_ROOT(&tp->rcv.ooo))) {
		if (!fin)
			fin = mn_rcv_drain(sk);
		/* RFC 5681 4.2: what fills a hole is acknowledged at once. */
		mn_delack_hurry(&tp->delack);
	}
	if (fin)
		mn_tcp_fin(sk);
	if (!sock_flag(sk, SOCK_DEAD))
		mn_tcp_data_ready(sk);
}

/* --- the size of the buffer (dynamic right-sizing) ---------------------------------------- */

static void mn_rcv_rtt_sample(struct mn_rcv *rcv, u32 us, bool upper)
{
	if (!us)
		us = 1;
	if (!rcv->rtt_us)
		rcv->rtt_us = us;
	else if (upper)
		rcv->rtt_us = min(rcv->rtt_us, us);
	else
		rcv->rtt_us += (s32)(us - rcv->rtt_us) / 8;
}

/* RFC 7323: the peer echoes our clock; else the time in which a window is filled is one at most. */
void mn_rcv_rtt_ts(struct sock *sk, const struct mn_seg *seg)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_rcv *rcv = &tp->rcv;

	if (tp->neg.ts && seg->opts.has_ts && seg->opts.tsecr) {
		if (seg->len >= rcv->mss) {
			u32 ms = mn_tcp_ts_now(tp) - seg->opts.tsecr;

			/* A shorter one is a tick of the clock, or each read would count alone. */
			if (ms < MN_RTO_MAX_US / 1000)
				mn_rcv_rtt_sample(rcv, max(ms, 1U) * 1000, false);
		}
		return;
	}
	if (!rcv->rtt_start_us || !mn_before(rcv->nxt, rcv->rtt_seq)) {
		if (rcv->rtt_start_us)
			mn_rcv_rtt_sample(rcv, min_t(u64, tp->now_us - rcv->rtt_start_us,
						     MN_RTO_MAX_US), true);
		rcv->rtt_seq = rcv->nxt + rcv->wnd;
		rcv->rtt_start_us = tp->now_us;
	}
}

/* The program read for a round trip: the window should be twice of what it took. */
void mn_rcv_space_adjust(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_rcv *rcv = &tp->rcv;
	u32 copied;
	u64 win;
	int buf;

	mn_tcp_tick(tp);
	if (!rcv->rtt_us || tp->now_us - rcv->space_us < rcv->rtt_us)
		return;
	copied = rcv->copied - rcv->space_seq;
	if (copied > rcv->space) {
		if (READ_ONCE(mn_tcp_sk_net(sk)->moderate_rcvbuf) &&
		    !(sk->sk_userlocks & SOCK_RCVBUF_LOCK)) {
			win = 2ULL * copied + 16 * tp->mtu.advmss;
			win += 2 * div_u64(win * (copied - rcv->space), max_t(u32, rcv->space, 1));
			buf = mn_win_to_space(min_t(u64, win, 1U << 30), rcv->ratio);
			buf = min(buf, READ_ONCE(mn_tcp_sk_net(sk)->rmem[2]));
			if (buf > sk->sk_rcvbuf)
				WRITE_ONCE(sk->sk_rcvbuf, buf);
		}
		rcv->space = copied;
	}
	rcv->space_seq = rcv->copied;
	rcv->space_us = tp->now_us;
}
