// SPDX-License-Identifier: GPL-2.0
/*
 * The program's writing: data becomes packets, copied once, into pages that the device reads from.
 *
 * State: the tail of sk_write_queue, which output.c owns; snd.write.
 */
#include "cmsg.h"
#include "tcp.h"

/* Waits until there is a connection, if there is one under way. Return: 0 or -errno. */
static int mn_send_wait_connect(struct sock *sk, long *timeout)
{
	if (mn_state_in(sk, MN_STATES_CAN_SEND))
		return 0;
	return sk_stream_wait_connect(sk, timeout);
}

/* A new packet at the end of the queue. */
static struct sk_buff *mn_send_new(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct sk_buff *skb = mn_tcp_alloc(sk, 0, sk->sk_allocation);

	if (!skb)
		return NULL;
	if (!sk_wmem_schedule(sk, skb->truesize)) {
		consume_skb(skb);
		sk->sk_prot->enter_memory_pressure(sk);
		return NULL;
	}
	mn_cb(skb)->seq = tp->snd.write;
	mn_cb(skb)->end = tp->snd.write;
	mn_cb(skb)->flags = MN_ACK;
	sk_wmem_queued_add(sk, skb->truesize);
	sk_mem_charge(sk, skb->truesize);
	__skb_queue_tail(&sk->sk_write_queue, skb);
	return skb;
}

/* A packet that there is nothing in yet is not left in the queue. */
static void mn_send_unqueue_empty(struct sock *sk)
{
	struct sk_buff *skb = skb_peek_tail(&sk->sk_write_queue);

	if (skb && !skb->len && mn_cb(skb)->end == mn_cb(skb)->seq) {
		__skb_unlink(skb, &sk->sk_write_queue);
		mn_tcp_wmem_free(sk, skb);
	}
}

/* Copies up to @most bytes. Return: how many, 0: the packet is full, or -errno. */
static int mn_send_copy(struct sock *sk, struct sk_buff *skb, struct msghdr *msg, u32 most)
{
	struct page_frag *pfrag = sk_page_frag(sk);
	int i = skb_shinfo(skb)->nr_frags, copy, err;
	bool merge;

	if (!sk_page_frag_refill(sk, pfrag))
		return -ENOMEM;
	merge = skb_can_coalesce(skb, i, pfrag->page, pfrag->offset);
	if (!merge && i >= MAX_SKB_FRAGS) {
		mn_cb(skb)->flags |= MN_PSH;
		return 0;
	}
	copy = min3((size_t)most, msg_data_left(msg), (size_t)(pfrag->size - pfrag->offset));
	if (!sk_wmem_schedule(sk, copy))
		return -ENOMEM;
	err = skb_copy_to_page_nocache(sk, &msg->msg_iter, skb, pfrag->page, pfrag->offset, copy);
	if (err)
		return err;
	if (merge) {
		skb_frag_size_add(&skb_shinfo(skb)->frags[i - 1], copy);
	} else {
		skb_fill_page_desc(skb, i, pfrag->page, pfrag->offset, copy);
		page_ref_inc(pfrag->page);
	}
	pfrag->offset += copy;
	mn_snd_written(&mn_tcp(sk)->snd, copy);
	mn_cb(skb)->end += copy;
	return copy;
}

/* sendfile(), splice(): the packet gets the pages themselves. Return: as mn_send_copy(). */
static int mn_send_splice(struct sock *sk, struct sk_buff *skb, struct msghdr *msg, u32 most)
{
	int n;

	most = min_t(size_t, most, msg_data_left(msg));
	if (!sk_wmem_schedule(sk, most))
		return -ENOMEM;
	n = mynet_skb_splice(skb, &msg->msg_iter, most, sk->sk_allocation);
	if (n == -EMSGSIZE) {
		mn_cb(skb)->flags |= MN_PSH;
		return 0;
	}
	if (n <= 0)
		return n ?: -EIO;
	/* The owner of the pages may write to them: who adds up checksums has to copy first. */
	if (!(msg->msg_flags & MSG_NO_SHARED_FRAGS))
		skb_shinfo(skb)->flags |= SKBFL_SHARED_FRAG;
	sk_wmem_queued_add(sk, n);
	sk_mem_charge(sk, n);
	mn_snd_written(&mn_tcp(sk)->snd, n);
	mn_cb(skb)->end += n;
	return n;
}

/* Pages are spliced if they come as pages; what else a program marks so is copied. */
static bool mn_send_pages(const struct msghdr *msg)
{
	return msg->msg_flags & MSG_SPLICE_PAGES && iov_iter_is_bvec(&msg->msg_iter);
}

/*
 * Bytes of a packet that the program fills: not more than half of the peer's largest window, so
 * that the next one can be filled while this one is on its way.
 */
static u32 mn_send_goal(const struct mn_tcp_sock *tp)
{
	u32 mss = tp->mtu.mss, half = tp->snd.max_wnd >> 1;

	if (half >= tp->mtu.gso)
		return tp->mtu.gso;
	return max(half - half % mss, mss);
}

/* Room in the last packet, or in a new one. NULL: none, wait. */
static struct sk_buff *mn_send_place(struct sock *sk, u32 *room)
{
	struct sk_buff *skb = skb_peek_tail(&sk->sk_write_queue);
	u32 goal = mn_send_goal(mn_tcp(sk));

	if (skb && skb->len < goal && !(mn_cb(skb)->flags & MN_FIN) && !mn_cb(skb)->eor &&
	    mn_cb(skb)->seq + skb->len == mn_tcp(sk)->snd.write) {
		*room = goal - skb->len;
		return skb;
	}
	*room = goal;
	return mn_tcp_memory_free(sk, 0) ? mn_send_new(sk) : NULL;
}

/* A packet is full: more than half of the window without a PSH is more than enough. */
static void mn_send_full(struct sock *sk, struct sk_buff *skb)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (mn_after(tp->snd.write, tp->snd.push + (tp->snd.max_wnd >> 1))) {
		mn_cb(skb)->flags |= MN_PSH;
		mn_snd_pushed(&tp->snd);
		mn_tcp_push(sk, MN_PUSH_NOW);
	} else if (skb == mn_tcp_send_head(sk)) {
		mn_tcp_push_one(sk, 0);
	}
}

static void mn_send_push(struct sock *sk, int flags)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct sk_buff *skb = skb_peek_tail(&sk->sk_write_queue);
	bool cork = tp->user.cork;

	/* More pages of the same splice() follow at once; the last of them does not say so. */
	if (!skb || (flags & MSG_SPLICE_PAGES && flags & MSG_SENDPAGE_NOTLAST))
		return;
	if (!(flags & MSG_MORE) || mn_after(tp->snd.write, tp->snd.push + (tp->snd.max_wnd >> 1))) {
		mn_cb(skb)->flags |= MN_PSH;
		mn_snd_pushed(&tp->snd);
	}
	if (flags & MSG_OOB)
		mn_urg_written(&tp->urg, tp->snd.write);
	/* MSG_MORE corks this call alone. */
	tp->user.cork = cork || flags & MSG_MORE;
	mn_tcp_push(sk, 0);
	tp->user.cork = cork;
}

/*
 * The program is about to wait for memory: all that is queued goes, corked or not. Earlier calls
 * may have left it there for what was to follow, pages of a sendfile() for instance; only an
 * acknowledgment of it makes room.
 */
static void mn_send_push_all(struct sock *sk)
{
	struct sk_buff *skb = skb_peek_tail(&sk->sk_write_queue);

	if (!skb)
		return;
	mn_cb(skb)->flags |= MN_PSH;
	mn_snd_pushed(&mn_tcp(sk)->snd);
	mn_tcp_push(sk, MN_PUSH_NOW);
}

/* The last byte of a call is stamped where its packet goes (SO_TIMESTAMPING). */
static void mn_send_stamp(struct sock *sk, const struct sockcm_cookie *cookie)
{
	struct sk_buff *skb = skb_peek_tail(&sk->sk_write_queue);

	if (skb)
		mn_tcp_stamp(sk, skb, cookie);
}

/* Writes all, or what can be. Return: bytes, or -errno if there were none. */
static int mn_send_locked(struct sock *sk, struct msghdr *msg)
{
	long timeout = sock_sndtimeo(sk, msg->msg_flags & MSG_DONTWAIT);
	struct mn_tcp_sock *tp = mn_tcp(sk);
	bool pages = mn_send_pages(msg);
	struct sockcm_cookie cookie;
	int copied = 0, err, n;
	struct sk_buff *skb;
	u32 room;

	mn_tcp_tick(tp);
	/* RFC 7413: not there; the program connects then, as where it is off. */
	err = msg->msg_flags & MSG_FASTOPEN ? -EOPNOTSUPP : mn_send_wait_connect(sk, &timeout);
	mn_tcp_stamp_begin(sk, &cookie);
	if (!err && unlikely(msg->msg_controllen))
		err = mn_tcp_cmsg_heard(sk, msg, &cookie);
	if (err)
		goto out;
	sk_clear_bit(SOCKWQ_ASYNC_NOSPACE, sk);
	err = -EPIPE;
	if (sk->sk_err || sk->sk_shutdown & SEND_SHUTDOWN)
		goto out;

	while (msg_data_left(msg)) {
		skb = mn_send_place(sk, &room);
		n = !skb ? -ENOMEM : pages ? mn_send_splice(sk, skb, msg, room) :
		    mn_send_copy(sk, skb, msg, room);
		if (n > 0) {
			copied += n;
			if (!msg_data_left(msg))
				mn_cb(skb)->eor = msg->msg_flags & MSG_EOR;
			else if (n == room)
				mn_send_full(sk, skb);
			continue;
		}
		if (!n) {
			/* No more pages in this one: as good as full. */
			if (mn_tcp_memory_free(sk, 0) && mn_send_new(sk))
				continue;
			n = -ENOMEM;
		}
		err = n;
		if (n != -ENOMEM)
			goto out;

		set_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
		mn_send_unqueue_empty(sk);
		mn_send_push_all(sk);
		/* All is on its way, and more could be: it is the buffer that keeps the program. */
		if (tp->progress.held == MN_HELD_NETWORK && !mn_tcp_send_head(sk) &&
		    mn_in_flight(tp) < tp->cc.cwnd)
			mn_chrono_switch(&tp->progress, MN_HELD_BUFFER, tp->now_us);
		err = sk_stream_wait_memory(sk, &timeout);
		mn_tcp_tick(tp);
		if (err)
			goto out;
	}
	err = 0;
out:
	mn_send_unqueue_empty(sk);
	if (copied) {
		if (unlikely(cookie.tsflags))
			mn_send_stamp(sk, &cookie);
		mn_send_push(sk, msg->msg_flags);
		return copied;
	}
	return err;
}

int mn_tcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t len)
{
	int ret;

	lock_sock(sk);
	ret = mn_send_locked(sk, msg);
	if (ret < 0) {
		ret = sk_stream_error(sk, msg->msg_flags, ret);
		/* A program that waits for an edge of EPOLLOUT must not miss it. */
		if (ret == -EAGAIN && skb_queue_empty(&sk->sk_write_queue))
			mn_tcp_check_space(sk);
	}
	release_sock(sk);
	return ret;
}

/* A sendfile() ended sooner than it said: what waited for more waits no longer. */
void mn_tcp_splice_eof(struct sock *sk)
{
	if (!mn_tcp_send_head(sk))
		return;
	lock_sock(sk);
	mn_tcp_tick(mn_tcp(sk));
	mn_tcp_push(sk, 0);
	release_sock(sk);
}
