// SPDX-License-Identifier: GPL-2.0
/*
 * The backlog: segments that came while a program held the socket. They wait until it lets go.
 * Data that continues the last segment there is joined to it, so that a program that reads for long
 * pays for the bytes that wait, not for their headers.
 *
 * State: the backlog of the socket (sk_backlog, the core's).
 */
#include "cmsg.h"
#include "tcp.h"
#include "transport/sk.h"

/* The program may have made another connection of the socket meanwhile. */
static bool mn_same_flow(const struct sk_buff *a, const struct sk_buff *b)
{
	const struct iphdr *ia = ip_hdr(a), *ib = ip_hdr(b);

	return ia->saddr == ib->saddr && ia->daddr == ib->daddr && ia->tos == ib->tos &&
	       mn_th(a)->source == mn_th(b)->source && mn_th(a)->dest == mn_th(b)->dest;
}

/* One header can speak for both if nothing but the numbers, the window, PSH and FIN differ. */
static bool mn_same_header(const struct sk_buff *to, const struct sk_buff *skb)
{
	struct tcphdr *first = mn_th(to), *next = mn_th(skb);

	return (*mn_flag_byte(first) & ~MN_PSH) == MN_ACK &&
	       (*mn_flag_byte(next) & ~(MN_PSH | MN_FIN)) == MN_ACK &&
	       first->doff == next->doff &&
	       !memcmp(first + 1, next + 1, next->doff * 4 - sizeof(*next));
}

static unsigned int mn_segs_of(const struct sk_buff *skb)
{
	return max_t(unsigned int, skb_shinfo(skb)->gso_segs, 1);
}

/* The size of a packet's segments, which has @len bytes of data. */
static unsigned int mn_seg_size_of(const struct sk_buff *skb, unsigned int len)
{
	return skb_is_gso(skb) ? skb_shinfo(skb)->gso_size : len;
}

/* Joins @skb to the last one that waits. True: it is consumed. */
static bool mn_backlog_join(struct sock *sk, struct sk_buff *skb, const struct mn_seg *seg)
{
	unsigned int header = mn_th(skb)->doff * 4, len, segs, size;
	struct sk_buff *to = sk->sk_backlog.tail;
	bool stolen;
	int delta;

	if (!to || !seg->len || !mn_same_flow(to, skb) || !mn_same_header(to, skb))
		return false;
	len = to->len - header;
	if (!len || ntohl(mn_th(to)->seq) + len != seg->seq ||
	    mn_before(seg->ack, ntohl(mn_th(to)->ack_seq)))
		return false;
	segs = mn_segs_of(to) + mn_segs_of(skb);
	size = max(mn_seg_size_of(to, len), mn_seg_size_of(skb, seg->len));
	__skb_pull(skb, header);
	if (!skb_try_coalesce(to, skb, &stolen, &delta)) {
		__skb_push(skb, header);
		return false;
	}
	mn_th(to)->ack_seq = htonl(seg->ack);
	mn_th(to)->window = htons(seg->wnd);
	*mn_flag_byte(mn_th(to)) |= seg->flags;
	skb_shinfo(to)->gso_size = min_t(unsigned int, size, U16_MAX);
	skb_shinfo(to)->gso_segs = min_t(unsigned int, segs, U16_MAX);
	mn_tcp_told_join(to, skb);
	sk->sk_backlog.len += delta;
	mn_tcp_count(sk, MYNET_MIB_TCP_BACKLOG_COALESCE);
	kfree_skb_partial(skb, stolen);
	return true;
}

/*
 * The receive buffer counts twice: a segment that the backlog has handed on counts there until all
 * of them are done, and in the receive queue as well. ACKs of what was sent need some more.
 */
static u32 mn_backlog_limit(const struct sock *sk)
{
	u64 limit = 2 * (u64)READ_ONCE(sk->sk_rcvbuf) + READ_ONCE(sk->sk_sndbuf) / 2 + 64 * 1024;

	return min_t(u64, limit, U32_MAX);
}

/* Consumes @skb. Context: the socket's spin lock; a program has the socket. */
void mn_tcp_backlog_add(struct sock *sk, struct sk_buff *skb, const struct mn_seg *seg)
{
	if (mn_backlog_join(sk, skb, seg))
		return;
	/* The program may take long to let go: nothing borrowed waits so long. */
	skb_dst_drop(skb);
	skb->dev = NULL;
	if (likely(!sk_add_backlog(sk, skb, mn_backlog_limit(sk))))
		return;
	mn_tcp_count(sk, MYNET_MIB_TCP_BACKLOG_DROP);
	mynet_sk_drop(sk, skb, MYNET_DROP_TCP_BACKLOG);
}
