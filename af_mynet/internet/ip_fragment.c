// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that are larger than their way allows: cut to pieces (RFC 791 3.2).
 *
 * State: none. A packet that came here as a list of pieces of the right size is taken apart again
 * without a copy; any other one is copied piece by piece.
 */
#include <linux/icmp.h>
#include <net/dst.h>

#include "internet/inet.h"
#include "internet/ip_options.h"

/* A packet that is cut, with all that its pieces get from it. */
struct mn_cut {
	struct net	*net;
	struct sock	*sk;
	struct sk_buff	*skb;
	unsigned int	hlen;
	unsigned int	mtu;
	unsigned int	room;	/* payload of a piece, a multiple of 8 */
	unsigned int	base;	/* offset of the packet in what it is a fragment of itself */
	bool		more;	/* it is, and not the last one */
	mn_ip_output_t	output;
};

static void mn_piece_header(const struct mn_cut *cut, struct sk_buff *piece, unsigned int offset,
			    bool more)
{
	struct iphdr *iph = ip_hdr(piece);
	__be16 df = ip_hdr(cut->skb)->frag_off & htons(MN_IP_DF);

	/* RFC 791: options that are not to be copied stay in the first piece alone. */
	if (offset)
		mn_options_drop_uncopied((u8 *)(iph + 1), cut->hlen - sizeof(*iph));
	iph->frag_off = htons((cut->base + offset) / 8 | (more ? MN_IP_MF : 0)) | df;
	iph->tot_len = htons(piece->len);
	mn_ip_checksum(iph);
}

static void mn_frag_copy_meta(struct sk_buff *piece, const struct sk_buff *skb)
{
	piece->dev = skb->dev;
	piece->protocol = skb->protocol;
	piece->pkt_type = skb->pkt_type;
	piece->priority = skb->priority;
	piece->mark = skb->mark;
	skb_copy_hash(piece, skb);
	skb_dst_drop(piece);
	skb_dst_copy(piece, skb);
}

static struct sk_buff *mn_piece_copy(const struct mn_cut *cut, unsigned int offset,
				     unsigned int len)
{
	unsigned int reserve = LL_RESERVED_SPACE(cut->skb->dev);
	struct sk_buff *piece = alloc_skb(reserve + cut->hlen + len, GFP_ATOMIC);

	if (!piece)
		return NULL;
	skb_reserve(piece, reserve);
	skb_reset_network_header(piece);
	skb_put_data(piece, cut->skb->data, cut->hlen);
	piece->transport_header = piece->network_header + cut->hlen;
	mn_frag_copy_meta(piece, cut->skb);
	if (skb_copy_bits(cut->skb, cut->hlen + offset, skb_put(piece, len), len)) {
		mynet_drop(piece, MYNET_DROP_IP_NOMEM);
		return NULL;
	}
	if (cut->skb->sk && cut->skb->destructor == sock_wfree)
		skb_set_owner_w(piece, cut->skb->sk);
	return piece;
}

static int mn_cut_failed(const struct mn_cut *cut)
{
	mynet_mib_inc(mynet_net(cut->net), MYNET_MIB_IP_FRAG_FAILS);
	mynet_drop(cut->skb, MYNET_DROP_IP_NOMEM);
	return -ENOMEM;
}

static int mn_cut_by_copy(const struct mn_cut *cut)
{
	unsigned int total = cut->skb->len - cut->hlen, offset, len;
	struct sk_buff *piece;
	int err;

	for (offset = 0; offset < total; offset += len) {
		len = min(total - offset, cut->room);
		piece = mn_piece_copy(cut, offset, len);
		if (!piece)
			return mn_cut_failed(cut);
		mn_piece_header(cut, piece, offset, offset + len < total || cut->more);
		mynet_mib_inc(mynet_net(cut->net), MYNET_MIB_IP_FRAG_CREATES);
		err = cut->output(cut->net, cut->sk, piece);
		if (err < 0) {
			mynet_mib_inc(mynet_net(cut->net), MYNET_MIB_IP_FRAG_FAILS);
			mynet_drop(cut->skb, MYNET_DROP_IP_FRAG_TX);
			return err;
		}
	}
	mynet_mib_inc(mynet_net(cut->net), MYNET_MIB_IP_FRAG_OKS);
	consume_skb(cut->skb);
	return 0;
}

/* Is the packet a list of pieces that can go as they are, once they have headers? */
static bool mn_cut_ready(const struct mn_cut *cut)
{
	unsigned int first = skb_pagelen(cut->skb), head = cut->hlen;
	struct sk_buff *piece;

	if (!skb_has_frag_list(cut->skb) || skb_cloned(cut->skb))
		return false;
	if (first < cut->hlen + 8 || first > cut->mtu || (first - cut->hlen) % 8)
		return false;
	skb_walk_frags(cut->skb, piece) {
		if (piece->len + head > cut->mtu || (piece->len % 8 && piece->next))
			return false;
		if (skb_headroom(piece) < head + LL_RESERVED_SPACE(cut->skb->dev))
			return false;
		if (skb_shared(piece) || skb_cloned(piece) || piece->sk ||
		    skb_has_frag_list(piece))
			return false;
	}
	return true;
}

/* From now on the first piece is a packet of its own. */
static struct sk_buff *mn_cut_take_list(struct sk_buff *skb)
{
	unsigned int first = skb_pagelen(skb);
	struct sk_buff *list = skb_shinfo(skb)->frag_list, *piece;

	skb_walk_frags(skb, piece)
		skb->truesize -= piece->truesize;
	skb_frag_list_init(skb);
	skb->data_len = first - skb_headlen(skb);
	skb->len = first;
	return list;
}

static int mn_cut_by_list(const struct mn_cut *cut)
{
	struct mynet_net *mnet = mynet_net(cut->net);
	unsigned int offset, truesize = cut->skb->truesize;
	struct sk_buff *skb = cut->skb, *piece, *next;
	struct sk_buff *list = mn_cut_take_list(skb);
	int err;

	/* The socket has paid for all of it; each piece takes its part along. */
	if (skb->sk && skb->destructor == sock_wfree && truesize != skb->truesize)
		WARN_ON_ONCE(refcount_sub_and_test(truesize - skb->truesize,
						   &skb->sk->sk_wmem_alloc));

	offset = skb->len - cut->hlen;
	for (piece = list; piece; piece = piece->next) {
		piece->transport_header = piece->data - piece->head;
		__skb_push(piece, cut->hlen);
		skb_reset_network_header(piece);
		memcpy(piece->data, skb->data, cut->hlen);
		piece->ip_summed = CHECKSUM_NONE;
		mn_frag_copy_meta(piece, skb);
		if (skb->sk && skb->destructor == sock_wfree)
			skb_set_owner_w(piece, skb->sk);
		mn_piece_header(cut, piece, offset, piece->next || cut->more);
		offset += piece->len - cut->hlen;
	}
	mn_piece_header(cut, skb, 0, true);

	skb->next = list;
	for (piece = skb; piece; piece = next) {
		next = piece->next;
		skb_mark_not_on_list(piece);
		mynet_mib_inc(mnet, MYNET_MIB_IP_FRAG_CREATES);
		err = cut->output(cut->net, cut->sk, piece);
		if (err < 0)
			break;
	}
	if (!piece) {
		mynet_mib_inc(mnet, MYNET_MIB_IP_FRAG_OKS);
		mynet_mib_inc(mnet, MYNET_MIB_IP_FRAG_UNCOPIED);
		return 0;
	}
	mynet_mib_inc(mnet, MYNET_MIB_IP_FRAG_FAILS);
	for (piece = next; piece; piece = next) {
		next = piece->next;
		skb_mark_not_on_list(piece);
		mynet_drop(piece, MYNET_DROP_IP_FRAG_TX);
	}
	return err;
}

/* Segments that are still too large are packets in their own right. */
static int mn_cut_segments(struct mn_cut *cut)
{
	struct sk_buff *segments, *segment, *next;
	int err, ret = 0;

	segments = skb_gso_segment(cut->skb, netif_skb_features(cut->skb) & ~NETIF_F_GSO_MASK);
	if (IS_ERR_OR_NULL(segments))
		return mn_cut_failed(cut);
	consume_skb(cut->skb);
	skb_list_walk_safe(segments, segment, next) {
		skb_mark_not_on_list(segment);
		err = mn_ip_fragment(cut->net, cut->sk, segment, cut->mtu, cut->output);
		ret = ret ?: err;
	}
	return ret;
}

int mn_ip_fragment(struct net *net, struct sock *sk, struct sk_buff *skb, unsigned int mtu,
		   mn_ip_output_t output)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct mn_cut cut = {
		.net = net, .sk = sk, .skb = skb, .mtu = mtu, .output = output,
		.hlen = iph->ihl * 4,
		.base = mn_ip_offset(iph),
		.more = iph->frag_off & htons(MN_IP_MF),
	};

	if (skb_is_gso(skb))
		return mn_cut_segments(&cut);
	if (skb->len <= mtu)
		return output(net, sk, skb);
	if (iph->frag_off & htons(MN_IP_DF)) {
		mynet_mib_inc(mynet_net(net), MYNET_MIB_IP_FRAG_FAILS);
		mynet_icmp_error(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
		mynet_drop(skb, MYNET_DROP_IP_TOO_BIG);
		return -EMSGSIZE;
	}
	if (mtu < cut.hlen + 8)
		return mn_cut_failed(&cut);
	cut.room = (mtu - cut.hlen) & ~7U;
	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
		return mn_cut_failed(&cut);
	return mn_cut_ready(&cut) ? mn_cut_by_list(&cut) : mn_cut_by_copy(&cut);
}
