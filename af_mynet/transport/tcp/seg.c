// SPDX-License-Identifier: GPL-2.0
/*
 * A segment that came in, before its connection handles it: the header is checked and read once.
 * Asked are: is it for a connection of this host, does the program admit it, is it old (RFC 7323
 * 5), may it be answered?
 *
 * State: none.
 */
#include <linux/rtnetlink.h>

#include "tcp.h"
#include "transport/csum.h"
#include "transport/sk.h"

/* --- reading ------------------------------------------------------------------------------ */

/* Borrows @skb, with skb->data at its header, which is whole and checked. */
void mn_seg_read(struct mn_seg *seg, const struct sk_buff *skb)
{
	struct tcphdr *th = mn_th(skb);
	unsigned int opts = th->doff * 4 - sizeof(*th);

	seg->seq = ntohl(th->seq);
	seg->ack = ntohl(th->ack_seq);
	seg->wnd = ntohs(th->window);
	seg->urg = ntohs(th->urg_ptr);
	seg->flags = *mn_flag_byte(th) & 0x3f;
	seg->len = skb->len - th->doff * 4;
	seg->end = seg->seq + seg->len + !!(seg->flags & MN_SYN) + !!(seg->flags & MN_FIN);
	if (!opts)
		seg->opts = (struct mn_tcp_opts){};
	else if (!mn_tcp_opts_only_ts(&seg->opts, (u8 *)(th + 1), opts))
		mn_tcp_opts_parse(&seg->opts, (u8 *)(th + 1), opts, seg->flags & MN_SYN);
}

/* The header goes, what it said stays. */
void mn_seg_strip_header(struct sk_buff *skb, const struct mn_seg *seg)
{
	__skb_pull(skb, mn_th(skb)->doff * 4);
	*mn_cb(skb) = (struct mn_tcp_cb){ .seq = seg->seq, .end = seg->end, .flags = seg->flags };
}

enum mynet_drop_reason mn_tcp_check(struct sk_buff *skb)
{
	const struct tcphdr *th;

	if (!pskb_may_pull(skb, sizeof(*th)))
		return MYNET_DROP_TCP_TRUNC;
	th = (const struct tcphdr *)skb->data;
	if (th->doff < sizeof(*th) / 4 || skb->len < th->doff * 4)
		return MYNET_DROP_TCP_HEADER;
	if (!pskb_may_pull(skb, th->doff * 4))
		return MYNET_DROP_TCP_TRUNC;
	if (!mn_csum_check(skb, IPPROTO_TCP) || skb_checksum_complete(skb))
		return MYNET_DROP_TCP_CSUM;
	return MYNET_DROP_NONE;
}

/* For this host? For this connection? */

/*
 * RFC 9293 3.10.7.2: what came to a group or to everybody is not for a connection (MUST-57),
 * whatever frame it came in. A packet that was not routed is for a connection's own address.
 */
bool mn_skb_not_unicast(const struct sk_buff *skb)
{
	if (unlikely(skb->pkt_type != PACKET_HOST && skb->pkt_type != PACKET_LOOPBACK))
		return true;
	return skb_dst(skb) && mynet_dst(skb_dst(skb))->type != RTN_LOCAL;
}

void mn_tcp_tuple_of(const struct sk_buff *skb, struct mn_tuple *t)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct tcphdr *th = mn_th(skb);

	*t = (struct mn_tuple){
		.laddr = iph->daddr, .raddr = iph->saddr, .lport = th->dest, .rport = th->source,
	};
}

/*
 * A socket is found without a lock, and until its lock is there it may have ended, listen, or be
 * connected to somebody else: is the segment still one of its connection? Context: the socket's
 * lock, for only under it a connection enters or leaves the table.
 */
bool mn_tcp_is_of(const struct mn_conn *c, const struct sk_buff *skb)
{
	struct mn_tuple t;

	mn_tcp_tuple_of(skb, &t);
	return c->hashed && mn_tuple_equal(&c->tuple, &t);
}

/* Does the program let the segment in? By IP_MINTTL, and by its filter, which may cut it short. */
enum mynet_drop_reason mn_tcp_admit(struct sock *sk, struct sk_buff *skb, struct mn_seg *seg)
{
	if (unlikely(ip_hdr(skb)->ttl < READ_ONCE(mynet_sk(sk)->ip.min_ttl)))
		return MYNET_DROP_TCP_MIN_TTL;
	if (sk_filter_trim_cap(sk, skb, mn_th(skb)->doff * 4))
		return MYNET_DROP_SOCK_FILTER;
	if (unlikely(seg->len != skb->len - mn_th(skb)->doff * 4))
		mn_seg_read(seg, skb);
	return MYNET_DROP_NONE;
}

/* --- answers that are not given each time ------------------------------------------------- */

/* A while has to lie between answers. *@last is jiffies of the last one, 0: none. */
bool mn_tcp_paused(struct net *net, u32 *last, enum mynet_mib_id skipped)
{
	u32 pause = msecs_to_jiffies(READ_ONCE(mn_tcp_net(net)->invalid_ratelimit));
	u32 now = jiffies, then = READ_ONCE(*last);

	if (then && now - then < pause) {
		mynet_mib_inc(mynet_net(net), skipped);
		return true;
	}
	WRITE_ONCE(*last, now ?: 1);
	return false;
}

/*
 * A segment without data is answered, but not each time: two ends that disagree about where they
 * are would answer each other's answers for ever. *@last as above.
 * Context: any; without a lock two may be answered at once.
 */
bool mn_tcp_may_answer(struct net *net, const struct mn_seg *seg, u32 *last,
		       enum mynet_mib_id skipped)
{
	if (seg->end != seg->seq && !(seg->flags & MN_SYN))
		return true;
	return !mn_tcp_paused(net, last, skipped);
}

/* --- timestamps (RFC 7323 5) -------------------------------------------------------------- */

bool mn_tcp_paws_old(const struct mn_tcp_neg *neg, const struct mn_seg *seg)
{
	return neg->ts && seg->opts.has_ts && mn_before(seg->opts.tsval, neg->ts_recent) &&
	       mn_tcp_seconds() - neg->ts_recent_s < MN_TCP_PAWS_OLD;
}

/*
 * RFC 7323 4.3 (2): the segment that the last acknowledgment ended at. Its own acknowledgment was
 * found good: a stranger who guesses a sequence number must not set the clock.
 */
void mn_tcp_ts_update(struct mn_tcp_sock *tp, const struct mn_seg *seg)
{
	if (!tp->neg.ts || !seg->opts.has_ts || mn_after(seg->seq, tp->rcv.wup))
		return;
	if (mn_tcp_paws_old(&tp->neg, seg))
		return;
	tp->neg.ts_recent = seg->opts.tsval;
	tp->neg.ts_recent_s = mn_tcp_seconds();
}
