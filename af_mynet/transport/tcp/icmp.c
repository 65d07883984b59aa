// SPDX-License-Identifier: GPL-2.0
/*
 * ICMP errors about our segments (RFC 9293 3.9.2.2, RFC 5461, RFC 5927): believed only if they
 * quote what is on its way, and never the end of a connection that works.
 *
 * State: none.
 */
#include <linux/icmp.h>

#include "tcp.h"
#include "transport/sk.h"

static void mn_icmp_pmtu(struct sock *sk, u32 mtu)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (sk->sk_state == TCP_LISTEN || !mtu)
		return;
	mn_mtu_hear(&tp->mtu, mtu);
	if (!sock_owned_by_user(sk)) {
		mn_tcp_tick(tp);
		mn_tcp_mtu_lower(sk, mtu);
	} else if (!test_and_set_bit(MN_DEFER_MTU, &tp->timers.deferred)) {
		sock_hold(sk);
	}
}

static void mn_icmp_sock(struct sock *sk, struct sk_buff *skb, u32 seq, u32 info, u8 *quoted)
{
	const struct icmphdr *icmph = icmp_hdr(skb);
	struct mn_tcp_sock *tp = mn_tcp(sk);
	bool fatal;
	int err;

	/* RFC 5927 4.1 */
	if (sk->sk_state == TCP_CLOSE || !mn_between(seq, tp->snd.una, tp->snd.nxt)) {
		mn_tcp_count(sk, MYNET_MIB_TCP_OUT_OF_WINDOW_ICMPS);
		return;
	}
	if (icmph->type == ICMP_DEST_UNREACH && icmph->code == ICMP_FRAG_NEEDED) {
		mn_icmp_pmtu(sk, info);
		return;
	}
	err = mn_icmp_errno(icmph->type, icmph->code, &fatal);
	/* RFC 5461 4.1: before the connection is there an error ends it; then it is but a hint. */
	if (mn_state_in(sk, TCPF_SYN_SENT | TCPF_SYN_RECV) && !sock_owned_by_user(sk)) {
		if (mynet_sk_flag(sk, MYNET_SK_RECVERR))
			mn_sk_icmp_error(sk, skb, err, sk->sk_dport, info, quoted);
		mn_tcp_done(sk, err);
		return;
	}
	if (mynet_sk_flag(sk, MYNET_SK_RECVERR) && !sock_owned_by_user(sk)) {
		mn_sk_icmp_error(sk, skb, err, sk->sk_dport, info, quoted);
		WRITE_ONCE(sk->sk_err, err);
		sk_error_report(sk);
		return;
	}
	WRITE_ONCE(sk->sk_err_soft, err);
}

/*
 * RFC 9293 3.9.2.2: the peer asked for the connection, and our answer cannot reach its host. That
 * its port is shut only a host on its way may say, or a stranger.
 */
static bool mn_icmp_ends_req(const struct icmphdr *icmph)
{
	if (icmph->type == ICMP_DEST_UNREACH)
		return icmph->code == ICMP_NET_UNREACH || icmph->code == ICMP_HOST_UNREACH;
	return icmph->type == ICMP_TIME_EXCEEDED || icmph->type == ICMP_PARAMETERPROB;
}

/* mynet_inet_proto.error: borrows @skb. */
void mn_tcp_icmp(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct tcphdr *th = (const struct tcphdr *)(skb->data + iph->ihl * 4);
	const struct icmphdr *icmph = icmp_hdr(skb);
	struct mn_tuple t = {
		.laddr = iph->saddr, .raddr = iph->daddr, .lport = th->source, .rport = th->dest,
	};
	struct mn_conn *c;
	struct sock *sk;

	if (icmph->type == ICMP_SOURCE_QUENCH || icmph->type == ICMP_REDIRECT)
		return;
	c = mn_conn_find(dev_net(skb->dev), &t, skb->dev->ifindex);
	if (!c) {
		mynet_mib_inc(mynet_net(dev_net(skb->dev)), MYNET_MIB_ICMP_IN_ERRORS);
		return;
	}
	if (c->kind == MN_CONN_TW)
		return;
	if (c->kind == MN_CONN_REQ) {
		if (mn_icmp_ends_req(icmph))
			mn_req_unreachable(c, ntohl(th->seq), 0);
		return;
	}
	sk = (struct sock *)container_of(c, struct mn_tcp_sock, conn);
	bh_lock_sock(sk);
	/* Found without a lock: what it is now may be another connection, or a listener. */
	if (c->hashed && mn_tuple_equal(&c->tuple, &t))
		mn_icmp_sock(sk, skb, ntohl(th->seq), info, (u8 *)(th));
	else
		mn_tcp_count(sk, MYNET_MIB_ICMP_IN_ERRORS);
	bh_unlock_sock(sk);
}
