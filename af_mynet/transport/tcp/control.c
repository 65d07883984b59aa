// SPDX-License-Identifier: GPL-2.0
/*
 * Segments that no socket has sent: answers to handshakes under way, to what comes too late, to
 * what nobody knows (RFC 9293 3.5.2, 3.10.7.1).
 *
 * State: none.
 */
#include <net/dst.h>

#include "tcp.h"
#include "transport/csum.h"

static void mn_bare_header(struct sk_buff *skb, const struct mn_bare *bare, unsigned int size)
{
	struct tcphdr *th = skb_put_zero(skb, size);

	skb_reset_transport_header(skb);
	th->source = bare->tuple.lport;
	th->dest = bare->tuple.rport;
	th->seq = htonl(bare->seq);
	th->ack_seq = htonl(bare->ack);
	*mn_flag_byte(th) = bare->flags;
	th->doff = size / 4;
	th->window = htons(bare->wnd);
	mn_tcp_opts_write(&bare->opts, (u8 *)(th + 1));
	mn_csum_leave(skb, offsetof(struct tcphdr, check), IPPROTO_TCP, bare->tuple.laddr,
		      bare->tuple.raddr);
}

/* Context: RCU read section, bottom halves off or on. */
int mn_tcp_send_bare(struct net *net, const struct mn_bare *bare)
{
	unsigned int size = sizeof(struct tcphdr) + mn_tcp_opts_size(&bare->opts);
	struct mynet_flow flow = {
		.daddr = bare->tuple.raddr, .saddr = bare->tuple.laddr, .oif = bare->oif,
		.mark = bare->mark, .tos = bare->tos & ~3, .proto = IPPROTO_TCP,
		.sport = bare->tuple.lport, .dport = bare->tuple.rport,
	};
	struct mynet_ip_head head = {
		.saddr = bare->tuple.laddr, .daddr = bare->tuple.raddr, .protocol = IPPROTO_TCP,
		.tos = bare->tos, .ttl = bare->ttl, .df = true,
	};
	struct mynet_dst *dst = mynet_route_output(net, &flow);
	struct sk_buff *skb;

	if (IS_ERR(dst))
		return PTR_ERR(dst);
	skb = alloc_skb(MN_TCP_HEADROOM, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return -ENOBUFS;
	skb_reserve(skb, MN_TCP_HEADROOM - size);
	mn_bare_header(skb, bare, size);
	skb->mark = bare->mark;
	skb->dev = dst->dst.dev;
	skb_dst_set_noref(skb, &dst->dst);
	mynet_mib_inc(mynet_net(net), MYNET_MIB_TCP_OUT_SEGS);
	if (bare->flags & MN_RST)
		mynet_mib_inc(mynet_net(net), MYNET_MIB_TCP_OUT_RSTS);
	return mynet_ip_output(net, NULL, skb, &head);
}

/* RFC 9293 3.10.7.1: what belongs to no connection is told so. */
void mn_tcp_answer_rst(struct net *net, struct sk_buff *skb, const struct mn_seg *seg)
{
	struct mn_bare bare = { .flags = MN_RST, .mark = 0 };

	if (seg->flags & MN_RST || mn_skb_not_unicast(skb))
		return;
	mn_tcp_tuple_of(skb, &bare.tuple);
	if (seg->flags & MN_ACK) {
		bare.seq = seg->ack;
	} else {
		bare.flags |= MN_ACK;
		bare.ack = seg->end;
	}
	mn_tcp_send_bare(net, &bare);
}
