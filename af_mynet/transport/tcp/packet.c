// SPDX-License-Identifier: GPL-2.0
/*
 * A packet in a queue of a socket: made, charged to the socket, cut in two, brought up to what it
 * stands for, freed.
 *
 * State: none of its own; struct mn_tcp_cb of a packet.
 */
#include "cmsg.h"
#include "tcp.h"

struct sk_buff *mn_tcp_alloc(struct sock *sk, unsigned int size, gfp_t gfp)
{
	struct sk_buff *skb = alloc_skb_fclone(size + MN_TCP_HEADROOM, gfp);

	if (!skb)
		return NULL;
	skb_reserve(skb, MN_TCP_HEADROOM);
	skb->ip_summed = CHECKSUM_PARTIAL;
	INIT_LIST_HEAD(&mn_cb(skb)->sent);
	/* Clones write headers into the room before the data, and only they do. */
	__skb_header_release(skb);
	return skb;
}

void mn_tcp_wmem_free(struct sock *sk, struct sk_buff *skb)
{
	sk_wmem_queued_add(sk, -skb->truesize);
	sk_mem_uncharge(sk, skb->truesize);
	consume_skb(skb);
}

void mn_tcp_charge(struct sock *sk, int delta)
{
	sk_wmem_queued_add(sk, delta);
	if (delta > 0)
		sk_mem_charge(sk, delta);
	else
		sk_mem_uncharge(sk, -delta);
}

/* Makes a packet's list of pages its own, so that it may be changed. */
static int mn_tcp_unclone(struct sock *sk, struct sk_buff *skb)
{
	int before = skb->truesize, err;

	if (!skb_cloned(skb))
		return 0;
	err = pskb_expand_head(skb, 0, 0, GFP_ATOMIC);
	if (err)
		return err;
	mn_tcp_charge(sk, (int)skb->truesize - before);
	return 0;
}

/* Throws away the first @len bytes of a packet whose data is all in pages. */
static void mn_tcp_drop_head(struct sk_buff *skb, u32 len)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);
	unsigned int i, kept = 0;

	skb->len -= len;
	skb->data_len -= len;
	for (i = 0; i < shinfo->nr_frags; i++) {
		skb_frag_t *frag = &shinfo->frags[i];
		u32 size = skb_frag_size(frag);

		if (size <= len) {
			put_page(skb_frag_page(frag));
			len -= size;
			continue;
		}
		if (len) {
			skb_frag_off_add(frag, len);
			skb_frag_size_sub(frag, len);
			len = 0;
		}
		shinfo->frags[kept++] = *frag;
	}
	shinfo->nr_frags = kept;
}

/* Makes the packet be what it stands for: see mn_rtxq_trim(). */
int mn_tcp_trim_acked(struct sock *sk, struct sk_buff *skb)
{
	u32 stale = skb->len - mn_cb_data(mn_cb(skb));
	int err;

	if (likely(!stale))
		return 0;
	err = mn_tcp_unclone(sk, skb);
	if (err)
		return err;
	mn_tcp_drop_head(skb, stale);
	return 0;
}

void mn_tcp_segment_count(const struct sock *sk, struct sk_buff *skb)
{
	struct mn_tcp_cb *cb = mn_cb(skb);

	cb->mss = mn_tcp(sk)->mtu.mss;
	cb->segs = max_t(u32, DIV_ROUND_UP(mn_cb_data(cb), cb->mss), 1);
}

/* Cuts a packet behind @len bytes; *@rest is in no queue. PSH and FIN go with the rest. */
int mn_tcp_split(struct sock *sk, struct sk_buff *skb, u32 len, struct sk_buff **rest)
{
	struct mn_tcp_cb *cb = mn_cb(skb), *rcb;
	struct sk_buff *new;
	int moved, err;

	err = mn_tcp_trim_acked(sk, skb);
	if (!err)
		err = mn_tcp_unclone(sk, skb);
	if (err)
		return err;
	new = mn_tcp_alloc(sk, 0, GFP_ATOMIC);
	if (!new)
		return -ENOMEM;
	mn_tcp_charge(sk, new->truesize);

	moved = skb->len - len;
	skb_split(skb, new, len);
	new->truesize += moved;
	skb->truesize -= moved;

	rcb = mn_cb(new);
	rcb->seq = cb->seq + len + !!(cb->flags & MN_SYN);
	rcb->end = cb->end;
	rcb->flags = cb->flags & ~MN_SYN;
	rcb->eor = cb->eor;
	if (unlikely(skb_shinfo(skb)->tx_flags & SKBTX_ANY_TSTAMP || cb->stamp))
		mn_tcp_stamp_split(skb, new);
	cb->eor = false;
	cb->flags &= ~(MN_FIN | MN_PSH);
	cb->end = rcb->seq;
	mn_tcp_segment_count(sk, skb);
	mn_tcp_segment_count(sk, new);
	*rest = new;
	return 0;
}
