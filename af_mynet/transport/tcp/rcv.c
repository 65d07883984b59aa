// SPDX-License-Identifier: GPL-2.0
/*
 * A segment arrives from the internet layer (RFC 9293 3.10.7): it is checked, read, and given to
 * its connection, to a handshake, to TIME_WAIT or to a listener.
 *
 * State: none.
 */
#include "tcp.h"
#include "transport/sk.h"

static int mn_tcp_to_nobody(struct sk_buff *skb, struct mn_seg *seg)
{
	mn_tcp_answer_rst(dev_net(skb->dev), skb, seg);
	return mynet_drop(skb, MYNET_DROP_TCP_NO_SOCKET);
}

static int mn_tcp_to_listener(struct sk_buff *skb, struct mn_seg *seg, const struct mn_tuple *t,
			      u32 isn)
{
	struct sock *sk = mn_listener_find(dev_net(skb->dev), t->laddr, t->lport,
					   skb->dev->ifindex, skb, t);
	enum mynet_drop_reason why;

	if (!sk)
		return mn_tcp_to_nobody(skb, seg);
	why = mn_tcp_admit(sk, skb, seg);
	if (why)
		return mynet_sk_drop(sk, skb, why);
	return mn_listen_input(sk, skb, seg, isn);
}

void *mn_tcp_early_demux(struct sk_buff *skb, u64 pass)
{
	const struct tcphdr *th;
	const struct iphdr *iph;
	struct mn_conn *c;
	struct mn_tuple t;

	if (!pskb_may_pull(skb, sizeof(*iph) + sizeof(*th)))
		return NULL;
	iph = ip_hdr(skb);
	th = (const struct tcphdr *)(iph + 1);
	t = (struct mn_tuple){ iph->daddr, iph->saddr, th->dest, th->source };
	c = mn_conn_find(dev_net(skb->dev), &t, skb->dev->ifindex);
	return c && READ_ONCE(c->pass) == pass ? c : NULL;
}

int mn_tcp_rcv(struct sk_buff *skb)
{
	struct mynet_net *mnet = mynet_net(dev_net(skb->dev));
	enum mynet_drop_reason why;
	struct mn_conn *c;
	struct mn_tuple t;
	struct mn_seg seg;
	u32 isn = 0;

	mynet_mib_add(mnet, MYNET_MIB_TCP_IN_SEGS, max_t(u16, skb_shinfo(skb)->gso_segs, 1));
	why = mn_tcp_check(skb);
	if (unlikely(why)) {
		mynet_mib_inc(mnet, MYNET_MIB_TCP_IN_ERRS);
		if (why == MYNET_DROP_TCP_CSUM)
			mynet_mib_inc(mnet, MYNET_MIB_TCP_IN_CSUM_ERRORS);
		return mynet_drop(skb, why);
	}
	if (unlikely(mn_skb_not_unicast(skb)))
		return mynet_drop(skb, MYNET_DROP_TCP_NO_SOCKET);
	mn_seg_read(&seg, skb);
	c = mynet_ip_early_conn(skb);
	if (c)	/* only sockets are */
		return mn_tcp_to_sock(c, skb, &seg);
	mn_tcp_tuple_of(skb, &t);
	c = mn_conn_find(mnet->net, &t, skb->dev->ifindex);
	if (!c)
		return mn_tcp_to_listener(skb, &seg, &t, 0);
	switch (c->kind) {
	case MN_CONN_SOCK:
		return mn_tcp_to_sock(c, skb, &seg);
	case MN_CONN_REQ:
		return mn_req_input(c, skb, &seg);
	default:
		if (!mn_tw_input(c, skb, &seg, &isn))
			return 0;
		return mn_tcp_to_listener(skb, &seg, &t, isn);
	}
}
