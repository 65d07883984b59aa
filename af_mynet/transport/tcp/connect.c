// SPDX-License-Identifier: GPL-2.0
/*
 * Active open (RFC 9293 3.10.1): the route, a port, the place in the table of connections, the SYN.
 *
 * State: none of its own.
 */
#include <linux/rtnetlink.h>

#include "tcp.h"
#include "transport/sk.h"

static int mn_connect_route(struct sock *sk, const struct sockaddr_mynet *addr)
{
	struct mynet_sock *msk = mynet_sk(sk);
	struct mynet_flow flow;
	int err;

	err = mn_sk_connect_route(sk, addr->smn_addr, addr->smn_port, &flow);
	if (err)
		return err == -EACCES ? -ENETUNREACH : err;
	if (mynet_addr_type(sock_net(sk), flow.daddr) == RTN_BROADCAST ||
	    mynet_addr_type(sock_net(sk), flow.daddr) == RTN_MULTICAST)
		return -ENETUNREACH;
	if (!msk->saddr)
		msk->saddr = flow.saddr;
	if (!sk->sk_rcv_saddr)
		sk->sk_rcv_saddr = msk->saddr;
	sk->sk_daddr = flow.daddr;
	sk->sk_dport = addr->smn_port;
	return 0;
}

static void mn_tcp_connect_begin(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct dst_entry *dst;

	/* The error of the connection before is none of this one's. */
	WRITE_ONCE(sk->sk_err, 0);
	sock_reset_flag(sk, SOCK_DONE);
	sk_set_txhash(sk);
	tp->neg.ts_offset = mn_tcp_ts_offset(sock_net(sk), &tp->conn.tuple);
	mn_snd_init(&tp->snd, tp->active.reuse_isn ?: mn_tcp_isn(sock_net(sk), &tp->conn.tuple));
	rcu_read_lock();
	dst = mn_sk_dst(sk);
	mn_mtu_set_advmss(&tp->mtu, IS_ERR(dst) ? MN_TCP_MSS_DEF : mn_tcp_advmss(dst, &tp->user));
	if (!IS_ERR(dst)) {
		mn_rcv_clamp(sk, mynet_dst(dst)->metrics.window);
		mn_rcv_first(sk, tp->mtu.advmss, mynet_dst(dst)->metrics.initrwnd);
	}
	rcu_read_unlock();
	tp->neg.rcv_scale = tp->neg.wscale ? mn_rcv_scale(sk) : 0;
	mn_tcp_mtu_sync(sk);
	mn_tcp_route_begin(sk);
}

static int mn_tcp_connect_syn(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct sk_buff *skb = mn_tcp_alloc(sk, 0, sk->sk_allocation);
	int err;

	if (!skb)
		return -ENOBUFS;
	mn_cb(skb)->seq = tp->snd.write;
	mn_cb(skb)->end = tp->snd.write + 1;
	mn_cb(skb)->flags = MN_SYN;
	mn_tcp_charge(sk, skb->truesize);
	mn_snd_written(&tp->snd, 1);
	mn_tcp_tick(tp);
	tp->active.syn_ts = mn_tcp_ts_now(tp);
	mn_tcp_segment_count(sk, skb);
	mn_rtxq_add(sk, skb);
	mn_snd_sent(&tp->snd, mn_cb(skb)->end, false);
	err = mn_tcp_transmit(sk, skb, true);
	mn_tcp_count(sk, MYNET_MIB_TCP_ACTIVE_OPENS);
	mn_timer_rto(sk);
	/*
	 * A SYN that the device's queue lost is sent again later; a way that is not there is an
	 * error.
	 */
	return err == -ECONNREFUSED ? err : 0;
}

int mn_tcp_connect(struct sock *sk, const struct sockaddr_mynet *addr, int len)
{
	struct mn_conn *taken;
	int err;

	if (len < (int)sizeof(*addr))
		return -EINVAL;
	if (!mynet_family_known(sk, addr->smn_family))
		return -EAFNOSUPPORT;
	err = mn_connect_route(sk, addr);
	if (err)
		return err;
	mn_tcp_set_state(sk, TCP_SYN_SENT);
	err = mn_bind_connect(sk, mn_tw_reusable, &taken);
	if (taken)
		mn_tw_kill(taken);
	if (err)
		goto fail;
	mn_tcp_connect_begin(sk);
	err = mn_tcp_connect_syn(sk);
	if (err)
		goto fail;
	return 0;
fail:
	mn_timers_stop(sk);
	mn_rtxq_purge(sk);
	mn_tcp_set_state(sk, TCP_CLOSE);
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK)) {
		sk->sk_rcv_saddr = 0;
		mynet_sk(sk)->saddr = 0;
	}
	sk->sk_dport = 0;
	sk_dst_reset(sk);
	return err;
}
