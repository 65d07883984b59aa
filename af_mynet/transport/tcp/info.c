// SPDX-License-Identifier: GPL-2.0
/*
 * TCP_INFO: a connection tells about itself, in the kernel's own struct tcp_info.
 *
 * State: none.
 */
#include "tcp.h"

/* The most that is told of reordering, in segments, as the kernel's TCP has it. */
#define MN_REACH_MAX	300

static u32 mn_msecs_since(unsigned long then)
{
	return jiffies_to_msecs(jiffies - then);
}

static void mn_info_listener(const struct sock *sk, struct tcp_info *info)
{
	info->tcpi_unacked = READ_ONCE(sk->sk_ack_backlog);
	info->tcpi_sacked = READ_ONCE(sk->sk_max_ack_backlog);
}

/* Disorder: something is out of order, and nothing was found to be lost yet. */
static u8 mn_info_state(const struct mn_tcp_sock *tp)
{
	if (tp->loss.state == TCP_CA_Open &&
	    (tp->rtxq.sacked || tp->rtxq.lost || tp->rtxq.retrans))
		return TCP_CA_Disorder;
	return tp->loss.state;
}

static void mn_info_timing(const struct mn_tcp_sock *tp, struct tcp_info *info)
{
	info->tcpi_rto = mn_rtt_timeout(&tp->rtt);
	info->tcpi_ato = jiffies_to_usecs(tp->delack.ato);
	info->tcpi_rtt = mn_rtt_smoothed(&tp->rtt);
	info->tcpi_rttvar = mn_rtt_smoothed(&tp->rtt) ? tp->rtt.var4 >> 2 : MN_RTO_INIT_US / 4;
	info->tcpi_min_rtt = tp->rtt.min_us ?: ~0U;
	info->tcpi_rcv_rtt = tp->rcv.rtt_us;
	info->tcpi_last_data_sent = mn_msecs_since(tp->cwv.last_sent);
	info->tcpi_last_data_recv = mn_msecs_since(tp->delack.last);
	info->tcpi_last_ack_recv = mn_msecs_since(tp->delack.heard);
}

static void mn_info_progress(const struct mn_tcp_sock *tp, struct tcp_info *info)
{
	const struct mn_progress *p = &tp->progress;
	u64 now = mn_tcp_clock_us();

	info->tcpi_delivery_rate = mn_delivery_rate(p, tp->mtu.mss);
	info->tcpi_delivery_rate_app_limited = p->was_idle;
	info->tcpi_rwnd_limited = mn_chrono_spent(p, MN_HELD_WINDOW, now);
	info->tcpi_sndbuf_limited = mn_chrono_spent(p, MN_HELD_BUFFER, now);
	info->tcpi_busy_time = mn_chrono_spent(p, MN_HELD_NETWORK, now) +
			       info->tcpi_rwnd_limited + info->tcpi_sndbuf_limited;
}

static void mn_info_counts(const struct mn_tcp_sock *tp, struct tcp_info *info)
{
	info->tcpi_unacked = tp->rtxq.packets;
	info->tcpi_sacked = tp->rtxq.sacked;
	info->tcpi_lost = tp->rtxq.lost;
	info->tcpi_retrans = tp->rtxq.retrans;
	info->tcpi_total_retrans = tp->rtxq.total_retrans;
	info->tcpi_bytes_acked = tp->rtxq.bytes_acked;
	info->tcpi_bytes_received = tp->counts.bytes_received;
	info->tcpi_bytes_sent = tp->rtxq.bytes_sent;
	info->tcpi_bytes_retrans = tp->rtxq.bytes_retrans;
	info->tcpi_delivered = tp->rtxq.delivered;
	info->tcpi_segs_out = tp->counts.segs_out;
	info->tcpi_segs_in = tp->counts.segs_in;
	info->tcpi_data_segs_in = tp->counts.data_segs_in;
	info->tcpi_data_segs_out = tp->counts.data_segs_out;
	info->tcpi_dsack_dups = tp->loss.dsacks;
	info->tcpi_reord_seen = tp->loss.reorderings;
	info->tcpi_rcv_ooopack = tp->rcv.ooo_segs;
	info->tcpi_snd_wnd = tp->snd.wnd;
	info->tcpi_notsent_bytes = max_t(s32, tp->snd.write - tp->snd.nxt, 0);
}

/* Tells what both sides agreed on, once the peer's SYN was seen. */
static void mn_info_agreed(const struct mn_tcp_sock *tp, struct tcp_info *info)
{
	info->tcpi_advmss = tp->mtu.advmss;
	if (!tp->neg.mss_peer)
		return;
	if (tp->neg.ts) {
		info->tcpi_options |= TCPI_OPT_TIMESTAMPS;
		/* As the kernel tells it: what is left of it for data. */
		info->tcpi_advmss -= min_t(u32, info->tcpi_advmss, MN_TCP_OPT_TS_LEN);
	}
	if (tp->neg.sack)
		info->tcpi_options |= TCPI_OPT_SACK;
	if (tp->neg.wscale) {
		info->tcpi_options |= TCPI_OPT_WSCALE;
		info->tcpi_snd_wscale = tp->neg.snd_scale;
		info->tcpi_rcv_wscale = tp->neg.rcv_scale;
	}
}

void mn_tcp_info(struct sock *sk, struct tcp_info *info)
{
	const struct mn_tcp_sock *tp = mn_tcp(sk);

	*info = (struct tcp_info){
		.tcpi_state = sk->sk_state,
		.tcpi_pacing_rate = READ_ONCE(sk->sk_pacing_rate),
		.tcpi_max_pacing_rate = READ_ONCE(sk->sk_max_pacing_rate),
		.tcpi_reordering = max(tp->loss.thresh,
					min_t(u32, tp->loss.reach, MN_REACH_MAX)),
		.tcpi_snd_cwnd = tp->cc.cwnd,
	};
	if (sk->sk_state == TCP_LISTEN) {
		mn_info_listener(sk, info);
		return;
	}
	info->tcpi_ca_state = mn_info_state(tp);
	info->tcpi_retransmits = tp->loss.retries;
	info->tcpi_probes = tp->loss.probes;
	info->tcpi_backoff = tp->rtt.backoff;
	mn_info_agreed(tp, info);
	info->tcpi_snd_mss = tp->mtu.mss ?: MN_TCP_MSS_DEF;
	info->tcpi_rcv_mss = tp->rcv.mss;
	info->tcpi_pmtu = tp->mtu.pmtu;
	info->tcpi_rcv_ssthresh = min_t(u32, tp->rcv.clamp, READ_ONCE(sk->sk_rcvbuf));
	info->tcpi_snd_ssthresh = tp->cc.ssthresh;
	info->tcpi_rcv_space = tp->rcv.space;
	mn_info_timing(tp, info);
	mn_info_progress(tp, info);
	mn_info_counts(tp, info);
}
