// SPDX-License-Identifier: GPL-2.0
/*
 * The retransmission queue: packets that were sent and are not acknowledged, and what is known
 * about each.
 *
 * Owns struct mn_rtxq and the marks of its packets. Everything is counted in segments:
 * packets - sacked - lost + retrans are on their way.
 */
#include "cmsg.h"
#include "tcp.h"

void mn_rtxq_init(struct mn_rtxq *q)
{
	*q = (struct mn_rtxq){ .root = RB_ROOT };
	INIT_LIST_HEAD(&q->sent);
}

struct sk_buff *mn_rtxq_first(const struct sock *sk)
{
	return skb_rb_first(&mn_tcp(sk)->rtxq.root);
}

struct sk_buff *mn_rtxq_last(const struct sock *sk)
{
	return skb_rb_last(&mn_tcp(sk)->rtxq.root);
}

struct sk_buff *mn_rtxq_next(const struct sk_buff *skb)
{
	return skb_rb_next(skb);
}

/* The packet that has @seq, or the first one behind it. */
struct sk_buff *mn_rtxq_find(const struct sock *sk, u32 seq)
{
	struct rb_node *node = mn_tcp(sk)->rtxq.root.rb_node;
	struct sk_buff *skb, *found = NULL;

	while (node) {
		skb = rb_to_skb(node);
		if (mn_before(seq, mn_cb(skb)->end)) {
			found = skb;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}

static void mn_rtxq_link(struct mn_rtxq *q, struct sk_buff *skb)
{
	struct rb_node **p = &q->root.rb_node, *parent = NULL;

	while (*p) {
		parent = *p;
		if (mn_before(mn_cb(skb)->seq, mn_cb(rb_to_skb(parent))->seq))
			p = &parent->rb_left;
		else
			p = &parent->rb_right;
	}
	rb_link_node(&skb->rbnode, parent, p);
	rb_insert_color(&skb->rbnode, &q->root);
}

/* Adds a packet that was sent for the first time. */
void mn_rtxq_add(struct sock *sk, struct sk_buff *skb)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	mn_rtxq_link(&tp->rtxq, skb);
	mn_cb(skb)->sent_us = tp->now_us;
	list_add_tail(&mn_cb(skb)->sent, &tp->rtxq.sent);
	tp->rtxq.packets += mn_cb(skb)->segs;
	tp->rtxq.bytes_sent += mn_cb_data(mn_cb(skb));
}

/* @n segments of a packet are no longer in the queue: @n < its segments for a part. */
static void mn_rtxq_uncount(struct mn_rtxq *q, const struct mn_tcp_cb *cb, u32 n)
{
	q->packets -= n;
	if (cb->mark & MN_MARK_SACKED)
		q->sacked -= n;
	if (cb->mark & MN_MARK_LOST)
		q->lost -= n;
	if (cb->mark & MN_MARK_RETRANS)
		q->retrans -= n;
}

static void mn_rtxq_count(struct mn_rtxq *q, const struct mn_tcp_cb *cb, u32 n)
{
	mn_rtxq_uncount(q, cb, -n);
}

static void mn_rtxq_unlink(struct sock *sk, struct sk_buff *skb)
{
	struct mn_rtxq *q = &mn_tcp(sk)->rtxq;

	mn_rtxq_uncount(q, mn_cb(skb), mn_cb(skb)->segs);
	if (q->hint == skb)
		q->hint = NULL;
	rb_erase(&skb->rbnode, &q->root);
	skb->dev = NULL;
	list_del_init(&mn_cb(skb)->sent);
}

/* Removes a packet that is acknowledged. */
void mn_rtxq_remove(struct sock *sk, struct sk_buff *skb)
{
	mn_rtxq_unlink(sk, skb);
	if (unlikely(mn_cb(skb)->stamp))
		mn_tcp_stamp_acked(sk, skb);
	mn_tcp_wmem_free(sk, skb);
}

/*
 * Trims a packet that is acknowledged up to @seq. Its data stays where it is until it has to be
 * sent again (mn_tcp_trim_acked()). Return: segments that were acknowledged.
 */
u32 mn_rtxq_trim(struct sock *sk, struct sk_buff *skb, u32 seq)
{
	struct mn_tcp_cb *cb = mn_cb(skb);
	u32 segs;

	cb->seq = seq;
	cb->flags &= ~MN_SYN;
	segs = max_t(u32, DIV_ROUND_UP(mn_cb_data(cb), cb->mss ?: 1), 1);
	if (segs >= cb->segs)
		return 0;
	segs = cb->segs - segs;
	mn_rtxq_uncount(&mn_tcp(sk)->rtxq, cb, segs);
	cb->segs -= segs;
	return segs;
}

/* Segments have another size now. */
void mn_rtxq_resegment(struct sock *sk, struct sk_buff *skb)
{
	struct mn_rtxq *q = &mn_tcp(sk)->rtxq;

	mn_rtxq_uncount(q, mn_cb(skb), mn_cb(skb)->segs);
	mn_tcp_segment_count(sk, skb);
	mn_rtxq_count(q, mn_cb(skb), mn_cb(skb)->segs);
}

/*
 * CVE-2019-11478: a peer can make us cut packets again and again; the cost of that is limited by
 * what the socket may queue. The first and the last packet are free: a connection that may not
 * repair these never goes on.
 */
static bool mn_rtxq_may_split(const struct sock *sk, const struct sk_buff *skb)
{
	return (sk->sk_wmem_queued >> 1) <= (int)(READ_ONCE(sk->sk_sndbuf) + 0x20000) ||
	       skb == mn_rtxq_first(sk) || skb == mn_rtxq_last(sk);
}

/* Cuts a packet behind @len bytes of what it still stands for. */
int mn_rtxq_split(struct sock *sk, struct sk_buff *skb, u32 len)
{
	struct mn_rtxq *q = &mn_tcp(sk)->rtxq;
	struct sk_buff *rest;
	u32 segs = mn_cb(skb)->segs;
	int err;

	if (!mn_rtxq_may_split(sk, skb)) {
		mn_tcp_count(sk, MYNET_MIB_TCP_WQUEUE_TOO_BIG);
		return -ENOMEM;
	}
	err = mn_tcp_split(sk, skb, len, &rest);
	if (err)
		return err;
	mn_cb(rest)->mark = mn_cb(skb)->mark;
	mn_cb(rest)->sent_us = mn_cb(skb)->sent_us;
	mn_rtxq_uncount(q, mn_cb(skb), segs);
	mn_rtxq_count(q, mn_cb(skb), mn_cb(skb)->segs);
	mn_rtxq_count(q, mn_cb(rest), mn_cb(rest)->segs);
	mn_rtxq_link(q, rest);
	if (!list_empty(&mn_cb(skb)->sent))
		list_add(&mn_cb(rest)->sent, &mn_cb(skb)->sent);
	return 0;
}

/* Notes that a packet was sent again. */
void mn_rtxq_resent(struct sock *sk, struct sk_buff *skb)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_tcp_cb *cb = mn_cb(skb);

	cb->mark |= MN_MARK_EVER;
	cb->sent_us = tp->now_us;
	list_move_tail(&cb->sent, &tp->rtxq.sent);
	tp->rtxq.total_retrans += cb->segs;
	tp->rtxq.bytes_retrans += mn_cb_data(cb);
	tp->rtxq.bytes_sent += mn_cb_data(cb);
}

/* Counts a packet as on its way once more: it was sent in the place of what was lost. */
void mn_rtxq_repairs(struct sock *sk, struct sk_buff *skb)
{
	struct mn_tcp_cb *cb = mn_cb(skb);

	if (cb->mark & MN_MARK_RETRANS)
		return;
	cb->mark |= MN_MARK_RETRANS;
	mn_tcp(sk)->rtxq.retrans += cb->segs;
}

/* Counts a packet as lost, or what was sent again of it. */
void mn_rtxq_lose(struct sock *sk, struct sk_buff *skb)
{
	struct mn_rtxq *q = &mn_tcp(sk)->rtxq;
	struct mn_tcp_cb *cb = mn_cb(skb);

	if (cb->mark & MN_MARK_SACKED)
		return;
	if (cb->mark & MN_MARK_RETRANS) {
		cb->mark &= ~MN_MARK_RETRANS;
		q->retrans -= cb->segs;
		mynet_mib_add(mn_tcp_mnet(sk), MYNET_MIB_TCP_LOST_RETRANSMIT, cb->segs);
	}
	if (!(cb->mark & MN_MARK_LOST)) {
		cb->mark |= MN_MARK_LOST;
		q->lost += cb->segs;
	}
	list_del_init(&cb->sent);
	if (q->hint && mn_before(cb->seq, mn_cb(q->hint)->seq))
		q->hint = skb;
}

/* Counts a packet as lost no more: a false alarm. */
void mn_rtxq_found(struct sock *sk, struct sk_buff *skb)
{
	struct mn_rtxq *q = &mn_tcp(sk)->rtxq;
	struct mn_tcp_cb *cb = mn_cb(skb);

	if (!(cb->mark & MN_MARK_LOST))
		return;
	cb->mark &= ~MN_MARK_LOST;
	q->lost -= cb->segs;
	if (list_empty(&cb->sent))
		list_add_tail(&cb->sent, &q->sent);
}

/* The peer has it. */
void mn_rtxq_sacked(struct sock *sk, struct sk_buff *skb)
{
	struct mn_rtxq *q = &mn_tcp(sk)->rtxq;
	struct mn_tcp_cb *cb = mn_cb(skb);

	if (cb->mark & MN_MARK_LOST)
		q->lost -= cb->segs;
	if (cb->mark & MN_MARK_RETRANS)
		q->retrans -= cb->segs;
	cb->mark &= ~(MN_MARK_LOST | MN_MARK_RETRANS);
	cb->mark |= MN_MARK_SACKED;
	q->sacked += cb->segs;
	list_del_init(&cb->sent);
}

/* RFC 2018 8: the peer threw away what it had; what it said counts no more. */
void mn_rtxq_forget_sacks(struct sock *sk)
{
	struct mn_rtxq *q = &mn_tcp(sk)->rtxq;
	struct sk_buff *skb;

	for (skb = mn_rtxq_first(sk); skb; skb = mn_rtxq_next(skb)) {
		if (!(mn_cb(skb)->mark & MN_MARK_SACKED))
			continue;
		mn_cb(skb)->mark &= ~MN_MARK_SACKED;
		q->sacked -= mn_cb(skb)->segs;
	}
}

void mn_rtxq_purge(struct sock *sk)
{
	struct mn_rtxq *q = &mn_tcp(sk)->rtxq;
	struct sk_buff *skb;

	while ((skb = mn_rtxq_first(sk))) {
		mn_rtxq_unlink(sk, skb);
		mn_tcp_wmem_free(sk, skb);
	}
	q->packets = 0;
	q->sacked = 0;
	q->lost = 0;
	q->retrans = 0;
	while ((skb = __skb_dequeue(&sk->sk_write_queue)))
		mn_tcp_wmem_free(sk, skb);
}
