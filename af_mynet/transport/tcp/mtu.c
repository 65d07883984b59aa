// SPDX-License-Identifier: GPL-2.0
/*
 * How large segments are: what the peer takes, what the path carries (RFC 9293 3.7.1, RFC 6691,
 * RFC 1191), what the device cuts by itself.
 *
 * Owns struct mn_tcp_mtu. What else a route says is handed on here to those whose it is.
 */
#include <linux/rtnetlink.h>
#include <net/dst.h>

#include "tcp.h"
#include "transport/sk.h"

#define MN_HEADERS	(sizeof(struct iphdr) + sizeof(struct tcphdr))

/*
 * The MSS that we tell the peer: without options, whatever segments will have of them (RFC 6691 2).
 */
u16 mn_tcp_advmss(const struct dst_entry *dst, const struct mn_tcp_user *user)
{
	u32 mtu = max_t(u32, mynet_route_mtu(dst), MN_HEADERS + MN_TCP_MSS_MIN);
	u32 said = container_of(dst, const struct mynet_dst, dst)->metrics.advmss;
	u32 mss = min_t(u32, said ?: mtu - MN_HEADERS, 65535 - MN_HEADERS);

	return user->mss ? min_t(u32, user->mss, mss) : mss;
}

/* The metrics of the route that is kept; NULL: there is none. RCU read section. */
static const struct mynet_metrics *mn_tcp_metrics(const struct sock *sk)
{
	struct dst_entry *dst = rcu_dereference(sk->sk_dst_cache);

	return dst ? &mynet_dst(dst)->metrics : NULL;
}

/* RFC 6928 2, unless the route says otherwise. */
u32 mn_tcp_init_cwnd(const struct sock *sk)
{
	const struct mynet_metrics *metrics;
	u32 cwnd = 0;

	rcu_read_lock();
	metrics = mn_tcp_metrics(sk);
	if (metrics)
		cwnd = metrics->initcwnd;
	rcu_read_unlock();
	return min(cwnd ?: MN_CWND_INIT, mn_tcp(sk)->cc.most);
}

/* Takes over the metrics that hold as long as the route does. */
static void mn_tcp_route_live(struct sock *sk, const struct mynet_metrics *metrics)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	mn_rtt_set_floor(&tp->rtt, mynet_metric_locked(metrics, RTAX_RTO_MIN) ?
				   min_t(u64, metrics->rto_min * 1000ULL, MN_RTO_MAX_US) :
				   READ_ONCE(mn_tcp_sk_net(sk)->rto_min_us));
	mn_delack_set_always(&tp->delack, metrics->quickack);
}

/* A connection has its first route: congestion control may be that one's choice. */
void mn_tcp_route_begin(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	const struct mynet_metrics *metrics;
	const struct mn_cc_ops *ops;

	rcu_read_lock();
	metrics = mn_tcp_metrics(sk);
	ops = metrics ? mn_cc_of(metrics->congctl) : NULL;
	if (ops) {
		mn_cc_start(tp, ops);
		mn_cc_lock(&tp->cc, mynet_metric_locked(metrics, RTAX_CC_ALGO));
	}
	rcu_read_unlock();
}

/*
 * A connection is made: the route may know of a longer round trip than was seen so far, of
 * how much the path takes, and of packets that overtake others there.
 */
void mn_tcp_route_start(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	const struct mynet_metrics *m;

	mn_rtt_begin(&tp->rtt);
	rcu_read_lock();
	m = mn_tcp_metrics(sk);
	if (m) {
		if (m->rtt)
			mn_rtt_expect(&tp->rtt, min_t(u64, m->rtt * 125ULL, MN_RTO_MAX_US));
		if (m->cwnd && mynet_metric_locked(m, RTAX_CWND))
			mn_cc_limit(&tp->cc, m->cwnd);
		if (m->ssthresh)
			mn_cc_expect(&tp->cc, m->ssthresh);
		if (m->reordering)
			mn_loss_expect_reordering(&tp->loss, m->reordering);
	}
	rcu_read_unlock();
	mn_cc_cap(&tp->cc);
}

static void mn_mtu_gso(struct sock *sk, const struct dst_entry *dst)
{
	struct mn_tcp_mtu *m = &mn_tcp(sk)->mtu;
	u32 size = min_t(u32, READ_ONCE(dst->dev->gso_max_size), 65535);
	u32 segs = max_t(u32, READ_ONCE(dst->dev->gso_max_segs), 1);

	size = size > 2 * MN_TCP_HEADROOM ? size - MN_TCP_HEADROOM : m->mss;
	size = min_t(u64, size, (u64)segs * m->mss);
	m->gso = max_t(u32, size - size % m->mss, m->mss);
}

static void mn_mtu_set(struct sock *sk, const struct dst_entry *dst, u32 mtu)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	u32 mss, most, opts = tp->neg.ts ? MN_TCP_OPT_TS_LEN : 0;

	tp->mtu.pmtu = mtu;
	tp->mtu.stale = false;
	mss = mtu > MN_HEADERS ? mtu - MN_HEADERS : 0;
	if (tp->neg.mss_peer)
		mss = min_t(u32, mss, tp->neg.mss_peer);
	if (tp->user.mss)
		mss = min_t(u32, mss, tp->user.mss);
	mss -= min(mss, opts);
	/* CVE-2019-11479: a floor, or segments cost more than they carry. */
	mss = max_t(u32, mss,
		    max(MN_TCP_MSS_MIN, READ_ONCE(mn_tcp_sk_net(sk)->min_snd_mss)) - opts);
	/* Half of the largest window, or a tiny one: the peer could never take a whole one else. */
	most = tp->snd.max_wnd > MN_TCP_MSS_DEF ? tp->snd.max_wnd >> 1 : tp->snd.max_wnd;
	if (most && mss > most) {
		mss = max_t(u32, most, MN_TCP_MSS_MIN - opts);
		tp->mtu.stale = true;
	}
	tp->mtu.mss = mss;
	mn_mtu_gso(sk, dst);
}

/* The route may be another one since, or the device. */
void mn_tcp_mtu_sync(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct dst_entry *dst;
	u32 mtu;

	rcu_read_lock();
	dst = mn_sk_dst(sk);
	if (!IS_ERR(dst)) {
		/* Another device may cut by itself what this one does not. */
		if (tp->mtu.cookie != mynet_sk(sk)->dst_generation) {
			tp->mtu.cookie = mynet_sk(sk)->dst_generation;
			tp->mtu.stale = true;
			mn_tcp_route_live(sk, &mynet_dst(dst)->metrics);
		}
		mtu = mn_sk_mtu(sk, dst);
		if (unlikely(tp->mtu.stale || tp->mtu.pmtu != mtu))
			mn_mtu_set(sk, dst, mtu);
	} else if (!tp->mtu.mss) {
		tp->mtu.mss = MN_TCP_MSS_DEF;
		tp->mtu.gso = MN_TCP_MSS_DEF;
	}
	rcu_read_unlock();
}
