// SPDX-License-Identifier: GPL-2.0
/*
 * Builds a segment of a socket and gives it to the internet layer (RFC 9293 3.1).
 *
 * State: none of its own; tells rcv.* what was said to the peer.
 */
#include "tcp.h"
#include "transport/csum.h"
#include "transport/sk.h"

/* The window that could be offered now. */
u32 mn_tcp_window_now(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_rcv *rcv = &tp->rcv;
	int space = READ_ONCE(sk->sk_rcvbuf) - atomic_read(&sk->sk_rmem_alloc);
	struct mn_win w = {
		.free	= mn_win_of_space(space, rcv->ratio),
		.full	= mn_win_of_space(READ_ONCE(sk->sk_rcvbuf), rcv->ratio),
		.old	= mn_rcv_window_left(&tp->rcv),
		.limit	= rcv->opening ? min(rcv->opening, rcv->clamp) : rcv->clamp,
		.mss	= rcv->mss,
		.scale	= tp->neg.rcv_scale,
	};

	if (unlikely(sk_under_memory_pressure(sk)))
		w.limit = min_t(u32, w.limit, 4 * tp->mtu.advmss);
	return mn_win_select(&w);
}

/* RFC 7323 2.2, 2.3: the window of a SYN is never scaled. */
static u32 mn_segment_offer(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	u32 win = mn_tcp_window_now(sk);

	if (!win && tp->rcv.wnd)
		mn_tcp_count(sk, MYNET_MIB_TCP_TO_ZERO_WINDOW);
	mn_rcv_offered(&tp->rcv, win);
	return win;
}

static u16 mn_segment_window(struct sock *sk, u8 flags)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (flags & MN_SYN)
		return min_t(u32, tp->rcv.wnd, 65535);
	return min_t(u32, mn_segment_offer(sk) >> tp->neg.rcv_scale, 65535);
}

static void mn_segment_syn_opts(struct sock *sk, struct mn_tcp_opts *o, u8 flags)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	o->has_mss = true;
	o->mss = tp->mtu.advmss;
	o->sack_ok = tp->neg.sack;
	o->has_ts = tp->neg.ts;
	o->has_wscale = tp->neg.wscale;
	o->wscale = tp->neg.rcv_scale;
}

/* Blocks of SACK go where there is room, which is on every bare acknowledgment. */
static void mn_segment_opts(struct sock *sk, struct mn_tcp_opts *o, const struct sk_buff *skb)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	const struct mn_tcp_cb *cb = mn_cb(skb);
	unsigned int most;

	*o = (struct mn_tcp_opts){};
	if (cb->flags & MN_SYN) {
		mn_segment_syn_opts(sk, o, cb->flags);
	} else {
		o->has_ts = tp->neg.ts;
		most = tp->neg.ts ? 3 : 4;
		if (tp->neg.sack && (tp->rcv.report.blocks || tp->rcv.report.has_dsack) &&
		    cb->segs <= 1 && skb->len + MN_TCP_OPT_SACK_BASE +
		    most * MN_TCP_OPT_SACK_BLOCK <= tp->mtu.mss)
			o->sacks = mn_sack_report_take(&tp->rcv.report, o->sack, most);
	}
	o->tsval = mn_tcp_ts_now(tp);
	o->tsecr = cb->flags & MN_ACK ? tp->neg.ts_recent : 0;
}

/* The header before skb->data. */
static void mn_segment_header(struct sock *sk, struct sk_buff *skb, const struct mn_tcp_cb *cb,
			      const struct mn_tcp_opts *o)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	unsigned int size = sizeof(struct tcphdr) + mn_tcp_opts_size(o);
	struct tcphdr *th = skb_push(skb, size);
	u32 urg = tp->urg.end - cb->seq;

	skb_reset_transport_header(skb);
	memset(th, 0, sizeof(*th));
	th->source = mynet_sk(sk)->sport;
	th->dest = sk->sk_dport;
	th->seq = htonl(cb->seq);
	th->ack_seq = cb->flags & MN_ACK ? htonl(tp->rcv.nxt) : 0;
	*mn_flag_byte(th) = cb->flags;
	th->doff = size / 4;
	th->window = htons(mn_segment_window(sk, cb->flags));
	/* RFC 9293 3.8.5 (as RFC 6093 has it): points behind the urgent byte. */
	if (unlikely(tp->urg.pending && urg - 1 < 0xffff)) {
		th->urg = 1;
		th->urg_ptr = htons(urg);
	}
	mn_tcp_opts_write(o, (u8 *)(th + 1));
	mn_csum_leave(skb, offsetof(struct tcphdr, check), IPPROTO_TCP, mynet_sk(sk)->saddr,
		      sk->sk_daddr);
}

static void mn_segment_gso(struct sk_buff *skb, const struct mn_tcp_cb *cb)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);

	if (cb->segs <= 1) {
		shinfo->gso_size = 0;
		shinfo->gso_segs = 1;
		shinfo->gso_type = 0;
		return;
	}
	shinfo->gso_size = cb->mss;
	shinfo->gso_segs = cb->segs;
	shinfo->gso_type = SKB_GSO_TCPV4;
}

static int mn_segment_send(struct sock *sk, struct sk_buff *skb)
{
	struct mn_tcp_cb cb = *mn_cb(skb);
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_tcp_opts o;
	int ret;

	/* The peer's card joins what came as one packet: PSH tells it where that ends. */
	if (cb.segs > 1)
		cb.flags |= MN_PSH;
	mn_segment_opts(sk, &o, skb);
	mn_segment_gso(skb, &cb);
	mn_segment_header(sk, skb, &cb, &o);
	/* The field was a place in a tree of packets; now it is the device again. */
	skb->dev = NULL;
	skb_set_hash_from_sk(skb, sk);
	skb_set_dst_pending_confirm(skb, READ_ONCE(sk->sk_dst_pending_confirm));
	mn_tsq_own(sk, skb);
	if (cb.flags & MN_ACK)
		mn_delack_sent(&tp->delack, cb.end != cb.seq);

	tp->counts.segs_out += max_t(u16, cb.segs, 1);
	if (mn_cb_data(&cb))
		tp->counts.data_segs_out += cb.segs;
	mynet_mib_add(mn_tcp_mnet(sk), MYNET_MIB_TCP_OUT_SEGS, max_t(u16, cb.segs, 1));
	ret = mn_sk_xmit(sk, skb);
	if (likely(ret <= 0))
		return ret;
	/* The queue of the device is full. */
	mn_loss_congested(sk);
	return 0;
}

/*
 * Sends a packet. @keep: a copy of it, because it may have to go again; else it is consumed.
 * Return: 0 or -errno: nothing was sent.
 */
int mn_tcp_transmit(struct sock *sk, struct sk_buff *skb, bool keep)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct sk_buff *out;
	int err;

	sock_owned_by_me(sk);
	mn_cb(skb)->sent_us = tp->now_us;
	if (!keep)
		return mn_segment_send(sk, skb);
	/* The clone before may still write to the header's place. */
	out = skb_cloned(skb) ? pskb_copy(skb, GFP_ATOMIC) : skb_clone(skb, GFP_ATOMIC);
	if (unlikely(!out))
		return -ENOBUFS;
	INIT_LIST_HEAD(&mn_cb(out)->sent);
	err = mn_segment_send(sk, out);
	if (likely(!err)) {
		mn_cwv_left(&tp->cwv, tp->now_us);
		mn_pace_sent(sk, skb->len);
	}
	return err;
}

/* A segment without data, sent and forgotten. */
static int mn_segment_bare(struct sock *sk, u32 seq, u8 flags)
{
	struct sk_buff *skb = alloc_skb(MN_TCP_HEADROOM, GFP_ATOMIC | __GFP_NOWARN);

	if (!skb)
		return -ENOBUFS;
	skb_reserve(skb, MN_TCP_HEADROOM);
	*mn_cb(skb) = (struct mn_tcp_cb){ .seq = seq, .end = seq, .segs = 1, .flags = flags };
	return mn_tcp_transmit(sk, skb, false);
}

void mn_tcp_send_ack(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (sk->sk_state == TCP_CLOSE)
		return;
	mn_tcp_tick(tp);
	/* No memory: the timer tries again. */
	if (mn_segment_bare(sk, tp->snd.nxt, MN_ACK))
		mn_timer_delack(sk, jiffies + MN_TCP_DELACK_MAX);
}

void mn_tcp_send_rst(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	mn_tcp_tick(tp);
	mn_tcp_count(sk, MYNET_MIB_TCP_OUT_RSTS);
	mn_segment_bare(sk, tp->snd.nxt, MN_RST | MN_ACK);
}

int mn_tcp_send_probe(struct sock *sk, u32 seq)
{
	return mn_segment_bare(sk, seq, MN_ACK);
}
