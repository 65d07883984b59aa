// SPDX-License-Identifier: GPL-2.0
/*
 * Echo replies for ping sockets, and what ICMP says about their requests (RFC 792, RFC 1122
 * 3.2.2.6).
 *
 * State: none.
 */
#include <linux/icmp.h>
#include <net/tcp_states.h>

#include "transport/ping.h"

/*
 * Finds the socket that has an identifier; @daddr is the address of ours that the packet came to.
 * RCU; borrows.
 */
static struct sock *mn_ping_find(const struct sk_buff *skb, __be16 ident, __be32 daddr)
{
	struct net *net = dev_net(skb->dev);
	struct sock *sk;

	sk_for_each_rcu(sk, mn_dgram_slot(&mn_ping_table, net, ntohs(ident))) {
		__be32 own = READ_ONCE(sk->sk_rcv_saddr);

		if (READ_ONCE(sk->sk_num) == ntohs(ident) && net_eq(sock_net(sk), net) &&
		    (!own || own == daddr) && mn_sk_dev_matches(sk, skb->dev->ifindex))
			return sk;
	}
	return NULL;
}

bool mn_ping_input(struct sk_buff *skb)
{
	struct sock *sk = mn_ping_find(skb, icmp_hdr(skb)->un.echo.id, ip_hdr(skb)->daddr);

	if (!sk)
		return false;
	mn_dgram_deliver(sk, skb);
	return true;
}

void mn_ping_error(struct sk_buff *skb, u32 info)
{
	const struct iphdr *quoted = (const struct iphdr *)skb->data;
	struct icmphdr *request = (struct icmphdr *)(skb->data + quoted->ihl * 4);
	struct sock *sk;
	bool hard;
	int err;

	if (!mn_ping_request(request->type, request->code))
		return;
	sk = mn_ping_find(skb, request->un.echo.id, quoted->saddr);
	if (!sk)
		return;
	hard = mn_dgram_error_hard(sk, icmp_hdr(skb), &err);
	if (err == EMSGSIZE) {
		mn_dgram_too_big(sk, quoted, 0, info);
		if (!hard)
			return;
	}
	if (mynet_sk_flag(sk, MYNET_SK_RECVERR))
		mn_sk_icmp_error(sk, skb, err, 0, info, (u8 *)request);
	else if (!hard || sk->sk_state != TCP_ESTABLISHED)
		return;
	WRITE_ONCE(sk->sk_err, err);
	sk_error_report(sk);
}
