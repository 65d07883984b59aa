// SPDX-License-Identifier: GPL-2.0
/*
 * The program's reading: recvmsg(), splice().
 *
 * State: the head of sk_receive_queue and rcv.copied.
 */
#include <linux/errqueue.h>
#include <linux/splice.h>
#include <net/busy_poll.h>

#include "cmsg.h"
#include "tcp.h"
#include "transport/sk.h"

/* The packet that has @seq, and where in it. NULL: it is not there yet. */
static struct sk_buff *mn_recv_find(struct sock *sk, u32 seq, u32 *offset)
{
	struct sk_buff *skb, *next;

	skb_queue_walk_safe(&sk->sk_receive_queue, skb, next) {
		*offset = seq - mn_cb(skb)->seq;
		if (*offset < skb->len || mn_cb(skb)->flags & MN_FIN)
			return skb;
		/* Read in full before, and kept for somebody who looked only. */
		if (!mn_before(mn_tcp(sk)->rcv.copied, mn_cb(skb)->end))
			mn_rcv_free_skb(sk, skb);
	}
	return NULL;
}

/* Why no more can be had now: 0: there may be, wait; 1: the end; or -errno. */
static int mn_recv_end(struct sock *sk)
{
	if (sock_flag(sk, SOCK_DONE))
		return 1;
	if (sk->sk_err)
		return sock_error(sk);
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		return 1;
	if (sk->sk_state == TCP_CLOSE)
		return -ENOTCONN;
	return 0;
}

/* Bytes up to the urgent one, which is not in the stream unless the program wants it so. */
static u32 mn_recv_before_urgent(struct sock *sk, u32 seq, u32 len, bool *skip)
{
	const struct mn_rcv *rcv = &mn_tcp(sk)->rcv;
	u32 to = rcv->urg - seq;

	*skip = false;
	if (likely(!rcv->urg_data) || to >= len)
		return len;
	if (to)
		return to;
	*skip = !sock_flag(sk, SOCK_URGINLINE);
	return *skip ? 1 : len;
}

/* The program has all before @seq, and the urgent byte if that was among it. */
static void mn_recv_passed(struct sock *sk, u32 seq)
{
	struct mn_rcv *rcv = &mn_tcp(sk)->rcv;

	mn_rcv_read_to(rcv, seq);
	if (unlikely(rcv->urg_data) && mn_after(seq, rcv->urg))
		mn_rcv_urg_set(rcv, 0);
}

/* How far a call has come. */
struct mn_recv {
	u32	seq;
	int	copied;
	bool	peek;
	bool	stop;		/* at urgent data */
	struct mn_tcp_told *told;
};

/* Copies from one packet. Return: 0 or -errno. */
static int mn_recv_copy(struct sock *sk, struct msghdr *msg, struct sk_buff *skb, u32 offset,
			size_t len, int flags, struct mn_recv *r)
{
	u32 used = min_t(size_t, skb->len - offset, len), before;
	bool skip;

	before = used;
	used = mn_recv_before_urgent(sk, r->seq, used, &skip);
	if (skip && r->copied) {
		r->stop = true;
		return 0;
	}
	if (!skip && !(flags & MSG_TRUNC) && skb_copy_datagram_msg(skb, offset, msg, used))
		return -EFAULT;
	mn_tcp_told_note(r->told, skb);
	r->seq += used;
	if (!skip)
		r->copied += used;
	if (!r->peek)
		mn_recv_passed(sk, r->seq);
	if (used < before && !skip)
		r->stop = true;
	return 0;
}

/* Takes what is there. Return: 0: more may come, 1: the end of the stream was met, or -errno. */
static int mn_recv_queue(struct sock *sk, struct msghdr *msg, size_t len, int flags,
			 struct mn_recv *r)
{
	struct sk_buff *skb;
	u32 offset;
	int err;

	while (r->copied < len && !r->stop) {
		skb = mn_recv_find(sk, r->seq, &offset);
		if (!skb)
			return 0;
		if (offset < skb->len) {
			err = mn_recv_copy(sk, msg, skb, offset, len - r->copied, flags, r);
			if (err)
				return err;
			if (!r->peek)
				mn_rcv_space_adjust(sk);
			if (r->seq - mn_cb(skb)->seq < skb->len)
				continue;
		}
		if (mn_cb(skb)->flags & MN_FIN) {
			r->seq = mn_cb(skb)->end;
			if (!r->peek) {
				mn_rcv_read_to(&mn_tcp(sk)->rcv, r->seq);
				mn_rcv_free_skb(sk, skb);
			}
			return 1;
		}
		if (!r->peek)
			mn_rcv_free_skb(sk, skb);
	}
	return 0;
}

/* Is there enough for the program? A call that asks for nothing ends when there is something. */
static bool mn_recv_enough(struct sock *sk, const struct mn_recv *r, size_t len)
{
	u32 offset;

	if (r->stop || (len && r->copied >= len))
		return true;
	return !len && mn_recv_find(sk, r->seq, &offset);
}

static int mn_recv_locked(struct sock *sk, struct msghdr *msg, size_t len, int flags,
			  struct mn_tcp_told *told)
{
	long timeout = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	struct mn_tcp_sock *tp = mn_tcp(sk);
	int target = sock_rcvlowat(sk, flags & MSG_WAITALL, len), err;
	struct mn_recv r = { .seq = tp->rcv.copied, .peek = flags & MSG_PEEK, .told = told };
	int peek_off = READ_ONCE(sk->sk_peek_off);

	sock_owned_by_me(sk);
	if (sk->sk_state == TCP_LISTEN)
		return -ENOTCONN;
	if (flags & MSG_OOB)
		return mn_urg_recv(sk, msg, flags);
	if (r.peek && peek_off > 0)
		r.seq += peek_off;

	for (;;) {
		err = mn_recv_queue(sk, msg, len, flags, &r);
		if (err)
			break;
		if (mn_recv_enough(sk, &r, len) || (r.copied >= target && !sk->sk_backlog.tail))
			break;
		if (r.copied) {
			if (sk->sk_err || sk->sk_state == TCP_CLOSE || !timeout ||
			    sk->sk_shutdown & RCV_SHUTDOWN || signal_pending(current))
				break;
		} else {
			err = mn_recv_end(sk);
			if (err)
				break;
			if (!timeout) {
				err = -EAGAIN;
				break;
			}
			if (signal_pending(current)) {
				err = sock_intr_errno(timeout);
				break;
			}
		}
		if (!r.peek)
			mn_delack_read(sk, r.copied);
		if (r.copied >= target) {
			/* Do not sleep: what is in the backlog may be taken still. */
			__sk_flush_backlog(sk);
		} else {
			err = sk_wait_data(sk, &timeout, skb_peek_tail(&sk->sk_receive_queue));
			if (err < 0)	/* the connection is another one */
				return r.copied ?: err;
		}
		/* Another thread may have read meanwhile. */
		if (r.peek && r.seq - r.copied != tp->rcv.copied + max(peek_off, 0)) {
			if (!r.copied)
				r.seq = tp->rcv.copied;
			else
				break;
		} else if (!r.peek) {
			r.seq = tp->rcv.copied;
		}
	}
	if (!r.peek)
		mn_delack_read(sk, r.copied);
	else if (peek_off >= 0 && r.copied)
		WRITE_ONCE(sk->sk_peek_off, peek_off + r.copied);
	if (!r.peek && peek_off > 0 && r.copied)
		WRITE_ONCE(sk->sk_peek_off, max(peek_off - r.copied, 0));
	if (r.copied)
		return r.copied;
	return err > 0 ? 0 : err;
}

int mn_tcp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags)
{
	struct mn_tcp_told told = {};
	int ret;

	if (unlikely(flags & MSG_ERRQUEUE))
		return mn_sk_recv_error(sk, msg, len);
	if (sk_can_busy_loop(sk) && skb_queue_empty_lockless(&sk->sk_receive_queue) &&
	    sk->sk_state == TCP_ESTABLISHED)
		sk_busy_loop(sk, flags & MSG_DONTWAIT);
	lock_sock(sk);
	ret = mn_recv_locked(sk, msg, len, flags, &told);
	release_sock(sk);
	msg->msg_namelen = 0;
	if (ret >= 0)
		mn_tcp_put_cmsgs(sk, msg, &told);
	return ret;
}

/* splice(): pages go to the pipe as they are. Return: bytes, 0: the end, or -errno. */
static int mn_splice_queue(struct sock *sk, struct pipe_inode_info *pipe, size_t len,
			   unsigned int flags)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct sk_buff *skb;
	int done = 0, n;
	u32 offset, most;
	bool skip;

	while (len && (skb = mn_recv_find(sk, tp->rcv.copied, &offset))) {
		if (offset < skb->len) {
			most = min_t(size_t, len, skb->len - offset);
			most = mn_recv_before_urgent(sk, tp->rcv.copied, most, &skip);
			if (skip && done)
				break;
			n = skip ? 1 : skb_splice_bits(skb, sk, offset, pipe, most, flags);
			if (n <= 0)
				return done ?: n;
			if (!skip) {
				done += n;
				len -= n;
			}
			mn_recv_passed(sk, tp->rcv.copied + n);
			if (offset + n < skb->len)
				continue;
		}
		if (mn_cb(skb)->flags & MN_FIN) {
			mn_rcv_read_to(&tp->rcv, mn_cb(skb)->end);
			mn_rcv_free_skb(sk, skb);
			break;
		}
		mn_rcv_free_skb(sk, skb);
	}
	if (done) {
		mn_rcv_space_adjust(sk);
		mn_delack_read(sk, done);
	}
	return done;
}

ssize_t mn_tcp_splice_read(struct socket *sock, loff_t *pos, struct pipe_inode_info *pipe,
			   size_t len, unsigned int flags)
{
	struct sock *sk = sock->sk;
	long timeout;
	ssize_t done;
	int err;

	if (*pos)
		return -ESPIPE;
	lock_sock(sk);
	timeout = sock_rcvtimeo(sk, sock->file->f_flags & O_NONBLOCK);
	for (;;) {
		done = sk->sk_state == TCP_LISTEN ? -ENOTCONN :
		       mn_splice_queue(sk, pipe, len, flags);
		if (done)
			break;
		err = mn_recv_end(sk);
		if (err) {
			done = err > 0 ? 0 : err;
			break;
		}
		if (!timeout) {
			done = -EAGAIN;
			break;
		}
		/* A packet that is no data yet: not to be slept on. */
		if (!skb_queue_empty(&sk->sk_receive_queue))
			break;
		done = sk_wait_data(sk, &timeout, NULL);
		if (done < 0)
			break;
		if (signal_pending(current)) {
			done = sock_intr_errno(timeout);
			break;
		}
	}
	release_sock(sk);
	return done;
}
