// SPDX-License-Identifier: GPL-2.0
/*
 * Control messages of streams: when the data came (SO_TIMESTAMP and its kin, SO_TIMESTAMPING), when
 * it went and was acknowledged, and how much is left to read (TCP_INQ). Names and forms are INET's.
 *
 * State: none.
 */
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>

#include "cmsg.h"
#include "tcp.h"

/* SOF_TIMESTAMPING_OPT_RX_FILTER, which older kernels let nobody set. */
#define MN_TS_RX_FILTER	BIT(17)

/* SO_TIMESTAMP and SO_TIMESTAMPNS, each with the time of 32 or of 64 bits. */
static void mn_put_time(struct sock *sk, struct msghdr *msg, ktime_t when)
{
	bool ns = sock_flag(sk, SOCK_RCVTSTAMPNS), new = sock_flag(sk, SOCK_TSTAMP_NEW);
	struct timespec64 ts = ktime_to_timespec64(when);
	struct __kernel_sock_timeval stv = {
		.tv_sec = ts.tv_sec, .tv_usec = ts.tv_nsec / NSEC_PER_USEC,
	};
	struct __kernel_old_timeval tv = { .tv_sec = stv.tv_sec, .tv_usec = stv.tv_usec };
	struct __kernel_timespec kts = { .tv_sec = ts.tv_sec, .tv_nsec = ts.tv_nsec };
	struct __kernel_old_timespec ots = { .tv_sec = ts.tv_sec, .tv_nsec = ts.tv_nsec };

	if (ns && new)
		put_cmsg(msg, SOL_SOCKET, SO_TIMESTAMPNS_NEW, sizeof(kts), &kts);
	else if (ns)
		put_cmsg(msg, SOL_SOCKET, SO_TIMESTAMPNS_OLD, sizeof(ots), &ots);
	else if (new)
		put_cmsg(msg, SOL_SOCKET, SO_TIMESTAMP_NEW, sizeof(stv), &stv);
	else
		put_cmsg(msg, SOL_SOCKET, SO_TIMESTAMP_OLD, sizeof(tv), &tv);
}

/* SO_TIMESTAMPING: the clocks that were asked for, if one of them says anything. */
static void mn_put_stamps(struct sock *sk, struct msghdr *msg, const struct mn_tcp_told *told)
{
	u32 flags = READ_ONCE(sk->sk_tsflags);
	struct scm_timestamping_internal stamps = {};
	bool any = false;

	if (told->software && flags & SOF_TIMESTAMPING_SOFTWARE &&
	    (flags & SOF_TIMESTAMPING_RX_SOFTWARE || !(flags & MN_TS_RX_FILTER))) {
		stamps.ts[0] = mynet_scm_stamp(told->software);
		any = true;
	}
	if (told->hardware && flags & SOF_TIMESTAMPING_RAW_HARDWARE &&
	    (flags & SOF_TIMESTAMPING_RX_HARDWARE || !(flags & MN_TS_RX_FILTER))) {
		stamps.ts[2] = mynet_scm_stamp(told->hardware);
		any = true;
	}
	if (!any)
		return;
	if (sock_flag(sk, SOCK_TSTAMP_NEW))
		put_cmsg_scm_timestamping64(msg, &stamps);
	else
		put_cmsg_scm_timestamping(msg, &stamps);
}

/* Bytes that wait, as another reader may change them meanwhile. The end of the stream is one. */
static int mn_left_to_read(struct sock *sk)
{
	const struct mn_rcv *rcv = &mn_tcp(sk)->rcv;
	u32 copied = READ_ONCE(rcv->copied);
	int left = READ_ONCE(rcv->nxt) - copied;

	if (unlikely(left < 0 || copied != READ_ONCE(rcv->copied))) {
		lock_sock(sk);
		left = rcv->nxt - rcv->copied;
		release_sock(sk);
	}
	return left ?: sock_flag(sk, SOCK_DONE);
}

void mn_tcp_put_cmsgs(struct sock *sk, struct msghdr *msg, const struct mn_tcp_told *told)
{
	bool inq = READ_ONCE(mn_tcp(sk)->user.inq);

	if (unlikely(told->software && sock_flag(sk, SOCK_RCVTSTAMP)))
		mn_put_time(sk, msg, told->software);
	if (unlikely(told->software || told->hardware))
		mn_put_stamps(sk, msg, told);
	if (likely(!inq && !msg->msg_get_inq))
		return;
	msg->msg_inq = mn_left_to_read(sk);
	if (inq)
		put_cmsg(msg, SOL_TCP, TCP_CM_INQ, sizeof(msg->msg_inq), &msg->msg_inq);
}

int mn_tcp_cmsg_heard(struct sock *sk, struct msghdr *msg, struct sockcm_cookie *cookie)
{
	return sock_cmsg_send(sk, msg, cookie) ? -EINVAL : 0;
}

/* The core made sk_tskey 0 if a program asked for SOF_TIMESTAMPING_OPT_ID: it counts from here. */
void mn_tcp_stamp_begin(struct sock *sk, struct sockcm_cookie *cookie)
{
	sockcm_init(cookie, sk);
	if (unlikely(cookie->tsflags & SOF_TIMESTAMPING_OPT_ID && !atomic_read(&sk->sk_tskey)))
		atomic_set(&sk->sk_tskey, mn_tcp(sk)->snd.write);
}

/*
 * The key is a sequence number, by which the core finds the segment when it cuts a packet. The
 * program is told how far that is from sk_tskey (mn_sk_recv_error()).
 */
void mn_tcp_stamp(struct sock *sk, struct sk_buff *skb, const struct sockcm_cookie *cookie)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);

	if (cookie->tsflags & SOF_TIMESTAMPING_TX_RECORD_MASK)
		shinfo->tskey = mn_cb(skb)->end - 1;
	mynet_sock_tx_timestamp(sk, cookie, &shinfo->tx_flags);
	if (cookie->tsflags & SOF_TIMESTAMPING_TX_ACK)
		mn_cb(skb)->stamp = true;
}

void mn_tcp_stamp_split(struct sk_buff *skb, struct sk_buff *rest)
{
	struct skb_shared_info *from = skb_shinfo(skb), *to = skb_shinfo(rest);

	if (mn_before(from->tskey, mn_cb(rest)->seq))
		return;
	to->tx_flags |= from->tx_flags & SKBTX_ANY_TSTAMP;
	from->tx_flags &= ~SKBTX_ANY_TSTAMP;
	swap(to->tskey, from->tskey);
	swap(mn_cb(rest)->stamp, mn_cb(skb)->stamp);
}

void mn_tcp_stamp_acked(struct sock *sk, struct sk_buff *skb)
{
	__skb_tstamp_tx(skb, NULL, NULL, sk, SCM_TSTAMP_ACK);
}
