// SPDX-License-Identifier: GPL-2.0
/*
 * Urgent data (RFC 9293 3.8.5, RFC 6093): one byte that a program may read out of order.
 *
 * Owns struct mn_urg; decides what rcv.urg and rcv.urg_data become. The pointer points behind the
 * byte, as everybody takes it.
 */
#include "tcp.h"

static void mn_urg_skip(struct sock *sk)
{
	struct sk_buff *skb = skb_peek(&sk->sk_receive_queue);
	struct mn_rcv *rcv = &mn_tcp(sk)->rcv;

	mn_rcv_read_to(rcv, rcv->copied + 1);
	if (skb && !mn_before(rcv->copied, mn_cb(skb)->end))
		mn_rcv_free_skb(sk, skb);
}

/* A segment with URG: where the byte is. */
static void mn_urg_point(struct sock *sk, const struct mn_seg *seg)
{
	struct mn_rcv *rcv = &mn_tcp(sk)->rcv;
	u32 at = seg->seq + (seg->urg ? seg->urg - 1 : 0);

	if (mn_before(at, rcv->nxt))
		return;
	if (rcv->urg_data && !mn_after(at, rcv->urg))
		return;
	/* The one before is the next that would be read, and stays out of the stream. */
	if (rcv->urg_data && rcv->urg == rcv->copied && rcv->copied != rcv->nxt &&
	    !sock_flag(sk, SOCK_URGINLINE))
		mn_urg_skip(sk);
	mn_rcv_urg_at(rcv, at);
	sk_send_sigurg(sk);
}

/* A segment with URG, or one that may have the byte that an earlier one pointed at. */
void mn_urg_input(struct sock *sk, struct sk_buff *skb, const struct mn_seg *seg)
{
	struct mn_rcv *rcv = &mn_tcp(sk)->rcv;
	u8 byte;

	if (seg->flags & MN_URG)
		mn_urg_point(sk, seg);
	if (rcv->urg_data != MN_URG_NOTYET || rcv->urg - seg->seq >= seg->len)
		return;
	/* skb->data is the data. */
	if (skb_copy_bits(skb, rcv->urg - seg->seq, &byte, 1))
		return;
	mn_rcv_urg_set(rcv, MN_URG_VALID | byte);
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_data_ready(sk);
}

/* recv(MSG_OOB). Return: 1, or -errno as INET's. */
int mn_urg_recv(struct sock *sk, struct msghdr *msg, int flags)
{
	struct mn_rcv *rcv = &mn_tcp(sk)->rcv;
	char byte = rcv->urg_data;

	if (sock_flag(sk, SOCK_URGINLINE) || !rcv->urg_data || rcv->urg_data == MN_URG_READ)
		return -EINVAL;
	if (sk->sk_state == TCP_CLOSE && !sock_flag(sk, SOCK_DONE))
		return -ENOTCONN;
	if (!(rcv->urg_data & MN_URG_VALID)) {
		if (sk->sk_state == TCP_CLOSE || sk->sk_shutdown & RCV_SHUTDOWN)
			return 0;
		return -EAGAIN;
	}
	if (!(flags & MSG_PEEK))
		mn_rcv_urg_set(rcv, MN_URG_READ);
	msg->msg_flags |= MSG_OOB;
	if (!msg_data_left(msg)) {
		msg->msg_flags |= MSG_TRUNC;
		return 0;
	}
	if (!(flags & MSG_TRUNC) && memcpy_to_msg(msg, &byte, 1))
		return -EFAULT;
	return 1;
}
