// SPDX-License-Identifier: GPL-2.0
/*
 * UDP that comes in (RFC 768, RFC 1122 4.1): checked, found its socket, queued, read; and what ICMP
 * says about what was sent.
 *
 * State: struct mn_udp_rcv. Datagrams are queued under the lock of sk_receive_queue; a reader
 * takes them over all at once and then has a lock of its own that no bottom half takes. Memory is
 * charged to the socket and, through sk_forward_alloc, to all of UDP, both under the lock of
 * sk_receive_queue.
 *
 * The checksum is verified before a datagram is queued: what poll() calls readable can be read.
 */
#include <linux/filter.h>
#include <linux/icmp.h>
#include <linux/rtnetlink.h>
#include <net/busy_poll.h>
#include <net/dst.h>
#include <net/tcp_states.h>

#include "transport/csum.h"
#include "transport/udp.h"

void mn_udp_rcv_init(struct sock *sk)
{
	skb_queue_head_init(&mn_udp_sk(sk)->rcv.queue);
}

/* --- memory ------------------------------------------------------------------------------- */

/* Gives @size bytes back, under the locks of both queues. */
static void mn_udp_give_back_locked(struct sock *sk, int size)
{
	int spare;

	lockdep_assert_held(&sk->sk_receive_queue.lock);
	atomic_sub(size, &sk->sk_rmem_alloc);
	if (!sk->sk_prot->memory_allocated)
		return;
	sk->sk_forward_alloc += size;
	spare = (sk->sk_forward_alloc - 1) & ~(PAGE_SIZE - 1);
	if (spare > 0)
		__sk_mem_reclaim(sk, spare);
}

/*
 * Memory of read datagrams is given back in lots: each costs the lock that senders wait for.
 * Return: how much is to be given back now.
 */
static int mn_udp_read_done_locked(struct sock *sk, int size)
{
	struct mn_udp_rcv *rcv = &mn_udp_sk(sk)->rcv;

	lockdep_assert_held(&rcv->queue.lock);
	rcv->deficit += size;
	if (rcv->deficit < READ_ONCE(sk->sk_rcvbuf) >> 2 && !skb_queue_empty(&rcv->queue))
		return 0;
	size = rcv->deficit;
	rcv->deficit = 0;
	return size;
}

/* Empties the queue: nobody reads, nobody queues any more. */
void mn_udp_rcv_drain(struct sock *sk)
{
	struct mn_udp_rcv *rcv = &mn_udp_sk(sk)->rcv;
	int size = rcv->deficit;
	struct sk_buff *skb;

	spin_lock_bh(&sk->sk_receive_queue.lock);
	skb_queue_splice_tail_init(&sk->sk_receive_queue, &rcv->queue);
	while ((skb = __skb_dequeue(&rcv->queue))) {
		size += skb->truesize;
		mynet_sk_drop(sk, skb, MYNET_DROP_SOCK_CLOSED);
	}
	rcv->deficit = 0;
	mn_udp_give_back_locked(sk, size);
	spin_unlock_bh(&sk->sk_receive_queue.lock);
}

/* --- queueing ----------------------------------------------------------------------------- */

/*
 * More than this no socket's queue holds, whatever SO_RCVBUF says: sums of what is queued, of what
 * was read and of what is reserved are ints.
 */
#define MN_UDP_QUEUE_MOST	(INT_MAX / 2)

/* Return: MYNET_DROP_NONE: it is queued, and the reader told. */
static enum mynet_drop_reason mn_udp_enqueue(struct sock *sk, struct sk_buff *skb)
{
	struct sk_buff_head *queue = &sk->sk_receive_queue;
	int limit = min(READ_ONCE(sk->sk_rcvbuf), MN_UDP_QUEUE_MOST);
	int size = skb->truesize;

	/* Before anything is written to what the reader has in its cache. */
	if (atomic_read(&sk->sk_rmem_alloc) > limit)
		return MYNET_DROP_SOCK_FULL;
	if (atomic_add_return(size, &sk->sk_rmem_alloc) > limit + size) {
		atomic_sub(size, &sk->sk_rmem_alloc);
		return MYNET_DROP_SOCK_FULL;
	}
	mynet_hop(skb, MYNET_HOP_SOCK_IN);

	spin_lock(&queue->lock);
	if (!sk_rmem_schedule(sk, skb, size)) {
		spin_unlock(&queue->lock);
		atomic_sub(size, &sk->sk_rmem_alloc);
		return MYNET_DROP_SOCK_MEMORY;
	}
	sk_mem_charge(sk, size);
	sock_skb_set_dropcount(sk, skb);
	skb->dev = NULL;
	__skb_queue_tail(queue, skb);
	spin_unlock(&queue->lock);

	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_data_ready(sk);
	return MYNET_DROP_NONE;
}

static void mn_udp_lost(struct sock *sk, struct sk_buff *skb, enum mynet_drop_reason why)
{
	struct mynet_net *mnet = mynet_sk(sk)->mnet;

	mynet_mib_inc(mnet, MYNET_MIB_UDP_IN_ERRORS);
	if (why == MYNET_DROP_SOCK_FULL)
		mynet_mib_inc(mnet, MYNET_MIB_UDP_RCVBUF_ERRORS);
	if (why == MYNET_DROP_SOCK_MEMORY)
		mynet_mib_inc(mnet, MYNET_MIB_UDP_MEM_ERRORS);
	mynet_sk_drops_inc(sk);
	mynet_sk_drop(sk, skb, why);
}

/* One datagram for one socket; consumes it. */
static void mn_udp_deliver(struct sock *sk, struct sk_buff *skb)
{
	enum mynet_drop_reason why;

	if (sk_filter_trim_cap(sk, skb, sizeof(struct udphdr))) {
		mn_udp_lost(sk, skb, MYNET_DROP_SOCK_FILTER);
		return;
	}
	if (unlikely(!pskb_pull(skb, sizeof(struct udphdr)))) {
		mn_udp_lost(sk, skb, MYNET_DROP_UDP_BAD);
		return;
	}
	if (sk->sk_state == TCP_ESTABLISHED) {
		sock_rps_save_rxhash(sk, skb);
		sk_mark_napi_id(sk, skb);
		sk_incoming_cpu_update(sk);
	} else {
		sk_mark_napi_id_once(sk, skb);
	}
	mn_cmsg_prepare(sk, skb);
	skb_dst_drop(skb);
	why = mn_udp_enqueue(sk, skb);
	if (unlikely(why))
		mn_udp_lost(sk, skb, why);
}

/*
 * A message that was never cut, for a socket that wants datagrams: cut it here. The kernel's own
 * segmentation does it, as for a device that cannot.
 */
static void mn_udp_deliver_cut(struct sock *sk, struct sk_buff *skb)
{
	struct sk_buff *segments, *segment, *next;

	skb->protocol = htons(ETH_P_IP);
	__skb_push(skb, -skb_mac_offset(skb));
	segments = __skb_gso_segment(skb, NETIF_F_SG | NETIF_F_HW_CSUM, false);
	if (IS_ERR_OR_NULL(segments)) {
		mn_udp_lost(sk, skb, MYNET_DROP_IP_NOMEM);
		return;
	}
	consume_skb(skb);
	skb_list_walk_safe(segments, segment, next) {
		skb_mark_not_on_list(segment);
		__skb_pull(segment, skb_transport_offset(segment));
		mn_udp_deliver(sk, segment);
	}
}

/* Many datagrams in one packet? Others of a size to cut by (UFO) are one, to become fragments. */
static bool mn_udp_is_many(const struct sk_buff *skb)
{
	return skb_is_gso(skb) &&
	       skb_shinfo(skb)->gso_type & (SKB_GSO_UDP_L4 | SKB_GSO_FRAGLIST);
}

static void mn_udp_deliver_any(struct sock *sk, struct sk_buff *skb)
{
	if (mn_udp_is_many(skb) && !READ_ONCE(mn_udp_sk(sk)->gro))
		mn_udp_deliver_cut(sk, skb);
	else
		mn_udp_deliver(sk, skb);
}

/* For many: each gets a copy, the last one the packet. */
static int mn_udp_deliver_all(struct sk_buff *skb, const struct mn_udp_key *key)
{
	struct mynet_net *mnet = mynet_net(key->net);
	struct sock *sk = NULL, *last = NULL;
	struct sk_buff *copy;
	bool any = false;

	while ((sk = mn_udp_find_next(key, sk, &any))) {
		if (!mn_sk_mc_wants(sk, key->daddr, key->saddr, key->dev))
			continue;
		if (last) {
			copy = skb_clone(skb, GFP_ATOMIC);
			if (copy) {
				mn_udp_deliver_any(last, copy);
			} else {
				mynet_mib_inc(mnet, MYNET_MIB_UDP_IN_ERRORS);
				mynet_sk_drops_inc(last);
			}
		}
		last = sk;
	}
	if (!last) {
		mynet_mib_inc(mnet, MYNET_MIB_UDP_IGNORED_MULTI);
		return mynet_drop(skb, MYNET_DROP_UDP_GROUP);
	}
	mn_udp_deliver_any(last, skb);
	return 0;
}

/* A verdict; trims what is behind the datagram (RFC 768, RFC 1122 4.1.3.4). */
static enum mynet_drop_reason mn_udp_check(struct sk_buff *skb)
{
	const struct udphdr *uh;
	unsigned int len;

	if (!pskb_may_pull(skb, sizeof(*uh)))
		return MYNET_DROP_UDP_BAD;
	len = ntohs(udp_hdr(skb)->len);
	if (len > skb->len || len < sizeof(*uh))
		return MYNET_DROP_UDP_BAD;
	if (pskb_trim_rcsum(skb, len))
		return MYNET_DROP_IP_NOMEM;
	uh = udp_hdr(skb);
	if (skb_checksum_validate_zero_check(skb, IPPROTO_UDP, uh->check, mn_csum_pseudo_in))
		return MYNET_DROP_UDP_CSUM;
	return MYNET_DROP_NONE;
}

int mn_udp_input(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	struct mynet_net *mnet = mynet_net(net);
	enum mynet_drop_reason why = mn_udp_check(skb);
	struct mn_udp_key key;
	struct sock *sk;

	if (unlikely(why)) {
		mynet_mib_inc(mnet, MYNET_MIB_UDP_IN_ERRORS);
		if (why == MYNET_DROP_UDP_CSUM)
			mynet_mib_inc(mnet, MYNET_MIB_UDP_IN_CSUM_ERRORS);
		return mynet_drop(skb, why);
	}
	key = (struct mn_udp_key){
		.net	= net,
		.saddr	= ip_hdr(skb)->saddr,
		.daddr	= ip_hdr(skb)->daddr,
		.sport	= udp_hdr(skb)->source,
		.dport	= ntohs(udp_hdr(skb)->dest),
		.dev	= skb->dev->ifindex,
	};
	if (unlikely(mynet_dst(skb_dst(skb))->type != RTN_LOCAL))
		return mn_udp_deliver_all(skb, &key);

	sk = mn_udp_find(&key, skb);
	if (unlikely(!sk)) {
		mynet_mib_inc(mnet, MYNET_MIB_UDP_NO_PORTS);
		mynet_icmp_error(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
		return mynet_drop(skb, MYNET_DROP_UDP_NO_PORT);
	}
	mn_udp_deliver_any(sk, skb);
	return 0;
}

/* --- errors: RFC 1122 4.1.3.3 ------------------------------------------------------------- */

void mn_udp_error(struct sk_buff *skb, u32 info)
{
	const struct iphdr *quoted = (const struct iphdr *)skb->data;
	const struct icmphdr *icmph = icmp_hdr(skb);
	const struct udphdr *uh = (const struct udphdr *)(skb->data + quoted->ihl * 4);
	/* The datagram was ours: source and destination are the other way round. */
	struct mn_udp_key key = {
		.net	= dev_net(skb->dev),
		.saddr	= quoted->daddr,
		.daddr	= quoted->saddr,
		.sport	= uh->dest,
		.dport	= ntohs(uh->source),
		.dev	= skb->dev->ifindex,
	};
	struct sock *sk = mn_udp_find(&key, NULL);
	bool hard;
	int err;

	if (!sk) {
		mynet_mib_inc(mynet_net(key.net), MYNET_MIB_ICMP_IN_ERRORS);
		return;
	}
	hard = mn_dgram_error_hard(sk, icmph, &err);
	if (err == EMSGSIZE) {
		mn_dgram_too_big(sk, quoted, uh->dest, info);
		if (!hard)
			return;
	}
	if (mynet_sk_flag(sk, MYNET_SK_RECVERR))
		mn_sk_icmp_error(sk, skb, err, uh->dest, info, (u8 *)(uh + 1));
	else if (!hard || sk->sk_state != TCP_ESTABLISHED)
		return;
	WRITE_ONCE(sk->sk_err, err);
	sk_error_report(sk);
}

/* --- reading ------------------------------------------------------------------------------ */

/* The datagram that a peeking reader finds at @*off and shares. The queue's lock is held. */
static struct sk_buff *mn_udp_peek_locked(struct sk_buff_head *queue, int *off)
{
	struct sk_buff *skb;
	int skip = *off;

	lockdep_assert_held(&queue->lock);
	skb_queue_walk(queue, skb) {
		/* An empty datagram is passed over only once it was peeked at. */
		if (skip >= 0 && skip >= skb->len && (skip || skb->peeked)) {
			skip -= skb->len;
			continue;
		}
		if (!skb->len && !skb_shared(skb))
			skb->peeked = 1;
		refcount_inc(&skb->users);
		*off = max(skip, 0);
		return skb;
	}
	return NULL;
}

static struct sk_buff *mn_udp_take_locked(struct sk_buff_head *queue, int flags, int *off)
{
	lockdep_assert_held(&queue->lock);
	if (unlikely(flags & MSG_PEEK))
		return mn_udp_peek_locked(queue, off);
	*off = 0;
	return __skb_dequeue(queue);
}

/* First what a reader has taken over, then what has come since. */
static struct sk_buff *mn_udp_take(struct sock *sk, int flags, int *off)
{
	struct sk_buff_head *fresh = &sk->sk_receive_queue;
	struct mn_udp_rcv *rcv = &mn_udp_sk(sk)->rcv;
	struct sk_buff *skb;
	int done = 0;

	spin_lock(&rcv->queue.lock);
	skb = mn_udp_take_locked(&rcv->queue, flags, off);
	if (!skb && !skb_queue_empty_lockless(fresh)) {
		spin_lock_bh(&fresh->lock);
		skb_queue_splice_tail_init(fresh, &rcv->queue);
		spin_unlock_bh(&fresh->lock);
		skb = mn_udp_take_locked(&rcv->queue, flags, off);
	}
	if (skb && !(flags & MSG_PEEK))
		done = mn_udp_read_done_locked(sk, skb->truesize);
	if (done) {
		spin_lock_bh(&fresh->lock);
		mn_udp_give_back_locked(sk, done);
		spin_unlock_bh(&fresh->lock);
	}
	spin_unlock(&rcv->queue.lock);
	return skb;
}

/*
 * Waits for a datagram as long as @timeout says. Apart from reading, which so has none of the cost.
 * Return: 0: look again; 1: nothing will come (shutdown); or -errno.
 */
static noinline int mn_udp_wait(struct sock *sk, int flags, long *timeout)
{
	struct sk_buff_head *fresh = &sk->sk_receive_queue;
	int err = -EAGAIN;

	if (sk_can_busy_loop(sk)) {
		sk_busy_loop(sk, flags & MSG_DONTWAIT);
		if (!skb_queue_empty_lockless(fresh))
			return 0;
	}
	if (!*timeout)
		return err;
	if (!__skb_wait_for_more_packets(sk, fresh, &err, timeout, (struct sk_buff *)fresh))
		return 0;
	return err ?: 1;
}

/* Return: a datagram, or NULL with *@err: 0 if none will come (shutdown). */
static struct sk_buff *mn_udp_next(struct sock *sk, int flags, int *off, int *err)
{
	long timeout = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	struct sk_buff *skb;

	do {
		*err = sock_error(sk);
		if (unlikely(*err))
			return NULL;
		skb = mn_udp_take(sk, flags, off);
		if (likely(skb))
			return skb;
		*err = mn_udp_wait(sk, flags, &timeout);
	} while (!*err);
	if (*err > 0)
		*err = 0;
	return NULL;
}

static void mn_udp_put_cmsgs(struct sock *sk, struct sk_buff *skb, struct msghdr *msg)
{
	int segment;

	sock_recv_cmsgs(msg, sk, skb);
	if (msg->msg_name) {
		mynet_name_fill(sk, msg->msg_name, ip_hdr(skb)->saddr, udp_hdr(skb)->source);
		msg->msg_namelen = sizeof(struct sockaddr_mynet);
	}
	if (mn_udp_sk(sk)->gro && skb_shinfo(skb)->gso_type & SKB_GSO_UDP_L4) {
		segment = skb_shinfo(skb)->gso_size;
		put_cmsg(msg, SOL_UDP, UDP_GRO, sizeof(segment), &segment);
	}
	if (mynet_sk(sk)->ip.cmsg)
		mn_cmsg_recv(sk, skb, msg, sizeof(struct udphdr));
}

int mn_udp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags)
{
	struct sk_buff *skb;
	int off, copied, err;

	if (flags & MSG_ERRQUEUE)
		return mn_sk_recv_error(sk, msg, len);

	off = sk_peek_offset(sk, flags);
	skb = mn_udp_next(sk, flags, &off, &err);
	if (!skb)
		return err;
	copied = min_t(size_t, skb->len - off, len);
	if (copied < (int)skb->len - off)
		msg->msg_flags |= MSG_TRUNC;
	err = mn_dgram_copy_out(skb, off, msg, copied);
	if (unlikely(err)) {
		if (flags & MSG_PEEK) {
			consume_skb(skb);
			return err;
		}
		mn_udp_lost(sk, skb, MYNET_DROP_SOCK_COPY);
		return err;
	}
	if (!(flags & MSG_PEEK))
		mynet_mib_inc(mynet_sk(sk)->mnet, MYNET_MIB_UDP_IN_DATAGRAMS);
	mn_udp_put_cmsgs(sk, skb, msg);
	mynet_hop(skb, MYNET_HOP_SOCK_READ);

	err = flags & MSG_TRUNC ? (int)skb->len - off : copied;
	if (flags & MSG_PEEK)
		sk_peek_offset_fwd(sk, copied);
	else
		sk_peek_offset_bwd(sk, skb->len);
	consume_skb(skb);
	return err;
}

/* SIOCINQ: bytes of the first datagram; 0 if there is none, or an empty one. */
int mn_udp_first_len(struct sock *sk)
{
	struct mn_udp_rcv *rcv = &mn_udp_sk(sk)->rcv;
	struct sk_buff *skb;
	int len;

	spin_lock(&rcv->queue.lock);
	spin_lock_bh(&sk->sk_receive_queue.lock);
	skb = skb_peek(&rcv->queue) ?: skb_peek(&sk->sk_receive_queue);
	len = skb ? skb->len : 0;
	spin_unlock_bh(&sk->sk_receive_queue.lock);
	spin_unlock(&rcv->queue.lock);
	return len;
}
