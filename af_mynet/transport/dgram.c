// SPDX-License-Identifier: GPL-2.0
/*
 * The parts that UDP, raw and ping sockets have alike (RFC 1122 3.3, 4.1): the other end, a message
 * and its way, errors about it, and the plain queue of those sockets that have no need of a
 * cleverer one.
 *
 * State: none but the socket's; addresses under its lock.
 */
#include <linux/filter.h>
#include <linux/icmp.h>
#include <linux/mm.h>
#include <linux/rtnetlink.h>
#include <linux/uio.h>
#include <net/dst.h>
#include <net/sock_reuseport.h>
#include <net/tcp_states.h>

#include <asm/ioctls.h>

#include "transport/dgram.h"

/* Longer messages are kept in pages behind a head. */
#define MN_DGRAM_LINEAR	(SKB_WITH_OVERHEAD(2048) - MN_DGRAM_RESERVE)

/* --- the other end ------------------------------------------------------------------------ */

static void mn_dgram_rehash(struct sock *sk)
{
	if (sk->sk_prot->rehash)
		sk->sk_prot->rehash(sk);
}

static int mn_dgram_connect_locked(struct sock *sk, const struct sockaddr_mynet *addr)
{
	struct mynet_sock *msk = mynet_sk(sk);
	struct mynet_flow flow;
	int err;

	sock_owned_by_me(sk);
	err = mn_sk_connect_route(sk, addr->smn_addr, addr->smn_port, &flow);
	if (err)
		return err;
	if (!msk->saddr)
		msk->saddr = flow.saddr;
	if (!sk->sk_rcv_saddr) {
		sk->sk_rcv_saddr = flow.saddr;
		mn_dgram_rehash(sk);
	}
	sk->sk_daddr = flow.daddr;
	sk->sk_dport = addr->smn_port;
	reuseport_has_conns_set(sk);
	sk->sk_state = TCP_ESTABLISHED;
	return 0;
}

int mn_dgram_connect(struct sock *sk, const struct sockaddr_mynet *addr, int len)
{
	int err;

	if (len < (int)sizeof(*addr))
		return -EINVAL;
	if (!mynet_family_known(sk, addr->smn_family))
		return -EAFNOSUPPORT;
	lock_sock(sk);
	err = mn_dgram_connect_locked(sk, addr);
	release_sock(sk);
	return err;
}

void mn_dgram_disconnect_locked(struct sock *sk)
{
	sock_owned_by_me(sk);
	sk->sk_state = TCP_CLOSE;
	sk->sk_daddr = 0;
	sk->sk_dport = 0;
	sock_rps_reset_rxhash(sk);
	sk->sk_bound_dev_if = 0;
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK)) {
		mynet_sk(sk)->saddr = 0;
		sk->sk_rcv_saddr = 0;
		mn_dgram_rehash(sk);
	}
	if (!(sk->sk_userlocks & SOCK_BINDPORT_LOCK))
		sk->sk_prot->unhash(sk);
	sk_dst_reset(sk);
}

int mn_dgram_disconnect(struct sock *sk, int flags)
{
	lock_sock(sk);
	mn_dgram_disconnect_locked(sk);
	release_sock(sk);
	return 0;
}

/* --- messages ----------------------------------------------------------------------------- */

int mn_dgram_cookie(struct sock *sk, struct msghdr *msg, struct mn_dgram_to *to)
{
	int err = 0;

	mn_tx_cookie_init(&to->cookie, sk);
	if (msg->msg_controllen) {
		err = mn_cmsg_send(sk, msg, &to->cookie);
		to->connected = false;
	}
	if (unlikely(rcu_access_pointer(mynet_sk(sk)->options) && !to->cookie.own_options))
		to->cookie.optlen = mn_sk_options_get(sk, to->cookie.options);
	if (to->flags & MSG_DONTROUTE || sock_flag(sk, SOCK_LOCALROUTE))
		to->connected = false;
	return err;
}

/*
 * The kernel's copy_page_from_iter() goes page by page; what can be reached by its address is
 * copied in one go.
 */
bool mn_dgram_copy_in(struct page *page, unsigned int offset, unsigned int len,
		      struct iov_iter *from)
{
	if (PageHighMem(page))
		return copy_page_from_iter(page, offset, len, from) == len;
	return copy_from_iter_full(page_address(page) + offset, len, from);
}

/* Return: false: not all of the message could be read. */
static bool mn_dgram_read(struct sk_buff *skb, unsigned int linear, struct iov_iter *from)
{
	const skb_frag_t *frag = skb_shinfo(skb)->frags;
	const skb_frag_t *end = frag + skb_shinfo(skb)->nr_frags;

	if (!copy_from_iter_full(skb->data, linear, from))
		return false;
	for (; frag < end; frag++)
		if (!mn_dgram_copy_in(skb_frag_page(frag), skb_frag_off(frag), skb_frag_size(frag),
				      from))
			return false;
	return true;
}

/* Copies the message into the packet that was made for it; consumes that if it cannot. */
static struct sk_buff *mn_dgram_fill(struct sock *sk, struct sk_buff *skb, struct msghdr *msg,
				     unsigned int len)
{
	unsigned int linear = min_t(unsigned int, len, MN_DGRAM_LINEAR);

	skb_reserve(skb, MN_DGRAM_RESERVE);
	skb_put(skb, linear);
	skb->data_len = len - linear;
	skb->len = len;
	if (unlikely(!mn_dgram_read(skb, linear, &msg->msg_iter))) {
		mynet_sk_drop(sk, skb, MYNET_DROP_SOCK_COPY);
		return ERR_PTR(-EFAULT);
	}
	return skb;
}

struct sk_buff *mn_dgram_build(struct sock *sk, struct msghdr *msg, unsigned int len)
{
	unsigned int linear = min_t(unsigned int, len, MN_DGRAM_LINEAR);
	struct sk_buff *skb;
	int err;

	skb = sock_alloc_send_pskb(sk, MN_DGRAM_RESERVE + linear, len - linear,
				   msg->msg_flags & MSG_DONTWAIT, &err,
				   PAGE_ALLOC_COSTLY_ORDER);
	return skb ? mn_dgram_fill(sk, skb, msg, len) : ERR_PTR(err);
}

struct sk_buff *mn_dgram_build_now(struct sock *sk, struct msghdr *msg, unsigned int len)
{
	unsigned int linear = min_t(unsigned int, len, MN_DGRAM_LINEAR);
	struct sk_buff *skb;
	int err;

	if (refcount_read(&sk->sk_wmem_alloc) > 2 * READ_ONCE(sk->sk_sndbuf))
		return ERR_PTR(-ENOBUFS);
	skb = alloc_skb_with_frags(MN_DGRAM_RESERVE + linear, len - linear,
				   PAGE_ALLOC_COSTLY_ORDER, &err, sk->sk_allocation);
	if (!skb)
		return ERR_PTR(err);
	skb_set_owner_w(skb, sk);
	return mn_dgram_fill(sk, skb, msg, len);
}

/* Another piece for the list of a message; what it takes stays charged to the socket. */
static struct sk_buff **mn_dgram_add_piece(struct sk_buff *head, struct sk_buff *piece,
					   struct sk_buff **link)
{
	piece->destructor = NULL;
	piece->sk = NULL;
	head->truesize += piece->truesize;
	head->data_len += piece->len;
	head->len += piece->len;
	*link = piece;
	return &piece->next;
}

struct sk_buff *mn_dgram_build_pieces(struct sock *sk, struct msghdr *msg, unsigned int len,
				      unsigned int first, unsigned int rest)
{
	struct sk_buff *head, *piece, **link;

	head = mn_dgram_build(sk, msg, first);
	if (IS_ERR(head))
		return head;
	link = &skb_shinfo(head)->frag_list;
	for (len -= first; len; len -= piece->len) {
		piece = mn_dgram_build_now(sk, msg, min(len, rest));
		if (IS_ERR(piece)) {
			mynet_sk_drop(sk, head, MYNET_DROP_SOCK_REFUSED);
			return piece;
		}
		link = mn_dgram_add_piece(head, piece, link);
	}
	return head;
}

struct dst_entry *mn_dgram_route(struct sock *sk, const struct mn_dgram_to *to,
				 struct mynet_flow *flow)
{
	struct mynet_dst *dst;

	if (to->connected) {
		flow->daddr = sk->sk_daddr;
		flow->saddr = mynet_sk(sk)->saddr;
		return mn_sk_dst(sk);
	}
	mn_sk_flow(sk, flow, to->daddr, to->dport);
	mn_tx_cookie_flow(&to->cookie, flow);
	if (to->flags & MSG_DONTROUTE)
		flow->scope = RT_SCOPE_LINK;
	if (!flow->daddr)
		flow->daddr = flow->saddr ?: htonl(INADDR_LOOPBACK);
	dst = mn_sk_lookup(sk, flow);
	return IS_ERR(dst) ? ERR_CAST(dst) : &dst->dst;
}

static void mn_dgram_count_refused(const struct sock *sk, int err)
{
	if (err == -ENETUNREACH)
		mynet_mib_inc(mynet_sk(sk)->mnet, MYNET_MIB_IP_OUT_NO_ROUTES);
}

int mn_dgram_fit(struct sock *sk, const struct dst_entry *dst, const struct mn_dgram_to *to,
		 __be32 daddr, unsigned int len)
{
	u8 discover = READ_ONCE(mynet_sk(sk)->ip.pmtudisc);
	/* Many datagrams are one packet until they are cut, each to fit. */
	unsigned int mtu = to->gso_size ? MN_DGRAM_MOST : mn_sk_mtu(sk, dst);
	unsigned int most = discover < IP_PMTUDISC_DO || discover == IP_PMTUDISC_OMIT ?
			    MN_DGRAM_MOST : mtu;

	if (len <= most)
		return 0;
	/* As INET: the port of the peer, also if this went elsewhere. */
	mn_sk_local_error(sk, EMSGSIZE, daddr, sk->sk_dport, mtu - to->cookie.optlen);
	return -EMSGSIZE;
}

int mn_dgram_too_long(struct sock *sk, const struct mn_dgram_to *to)
{
	struct mynet_flow flow;
	struct dst_entry *dst;
	int err;

	rcu_read_lock();
	dst = mn_dgram_route(sk, to, &flow);
	err = IS_ERR(dst) ? PTR_ERR(dst) :
		mn_dgram_fit(sk, dst, to, flow.daddr, MN_DGRAM_MOST + 1);
	mn_dgram_count_refused(sk, err);
	rcu_read_unlock();
	return err;
}

void mn_dgram_refuse(struct sock *sk, struct sk_buff *skb, int err)
{
	mn_dgram_count_refused(sk, err);
	mynet_sk_drop(sk, skb, MYNET_DROP_SOCK_REFUSED);
}

bool mn_dgram_confirm_or_probe(const struct mn_dgram_to *to, const struct dst_entry *dst,
			       const struct mynet_flow *flow, struct sk_buff *skb)
{
	if (to->flags & MSG_CONFIRM)
		mynet_route_confirm(dst, flow->daddr);
	if (!(to->flags & MSG_PROBE))
		return false;
	consume_skb(skb);
	return true;
}

/* --- errors ------------------------------------------------------------------------------- */

void mn_dgram_too_big(const struct sock *sk, const struct iphdr *quoted, __be16 dport, u32 mtu)
{
	struct mynet_flow flow;

	if (READ_ONCE(mynet_sk(sk)->ip.pmtudisc) >= IP_PMTUDISC_INTERFACE)
		return;
	mn_sk_flow(sk, &flow, quoted->daddr, dport);
	flow.saddr = quoted->saddr;
	mynet_route_update_mtu(sock_net(sk), &flow, mtu);
}

bool mn_dgram_error_hard(const struct sock *sk, const struct icmphdr *icmph, int *err)
{
	bool fatal;

	*err = mn_icmp_errno(icmph->type, icmph->code, &fatal);
	if (*err == EMSGSIZE)
		return READ_ONCE(mynet_sk(sk)->ip.pmtudisc) != IP_PMTUDISC_DONT;
	return fatal;
}

/* --- the plain queue ---------------------------------------------------------------------- */

void mn_dgram_deliver(struct sock *sk, struct sk_buff *skb)
{
	int err;

	if (sk_filter_trim_cap(sk, skb, 1)) {
		mynet_sk_drop(sk, skb, MYNET_DROP_SOCK_FILTER);
		return;
	}
	mn_cmsg_prepare(sk, skb);
	skb_dst_drop(skb);
	mynet_hop(skb, MYNET_HOP_SOCK_IN);
	err = __sock_queue_rcv_skb(sk, skb);	/* counts what finds no room in sk_drops */
	if (unlikely(err))
		mynet_sk_drop(sk, skb, err == -ENOMEM ? MYNET_DROP_SOCK_FULL :
							MYNET_DROP_SOCK_MEMORY);
}

int mn_dgram_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags)
{
	struct sk_buff *skb;
	int copied, err;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (flags & MSG_ERRQUEUE)
		return mn_sk_recv_error(sk, msg, len);
	skb = skb_recv_datagram(sk, flags, &err);
	if (!skb)
		return err;
	copied = min_t(size_t, skb->len, len);
	if (copied < skb->len)
		msg->msg_flags |= MSG_TRUNC;
	err = mn_dgram_copy_out(skb, 0, msg, copied);
	if (unlikely(err)) {
		if (flags & MSG_PEEK)
			consume_skb(skb);
		else
			mynet_sk_drop(sk, skb, MYNET_DROP_SOCK_COPY);
		return err;
	}
	sock_recv_cmsgs(msg, sk, skb);
	if (msg->msg_name) {
		mynet_name_fill(sk, msg->msg_name, ip_hdr(skb)->saddr, 0);
		msg->msg_namelen = sizeof(struct sockaddr_mynet);
	}
	if (mynet_sk(sk)->ip.cmsg)
		mn_cmsg_recv(sk, skb, msg, 0);
	mynet_hop(skb, MYNET_HOP_SOCK_READ);
	/* As with INET only raw sockets tell the whole length. */
	err = flags & MSG_TRUNC && sk->sk_type == SOCK_RAW ? (int)skb->len : copied;
	skb_free_datagram(sk, skb);
	return err;
}

int mn_dgram_ioctl(struct sock *sk, unsigned int cmd, int *answer)
{
	struct sk_buff *skb;

	switch (cmd) {
	case SIOCOUTQ:
		*answer = sk_wmem_alloc_get(sk);
		return 0;
	case SIOCINQ:
		spin_lock_bh(&sk->sk_receive_queue.lock);
		skb = skb_peek(&sk->sk_receive_queue);
		*answer = skb ? skb->len : 0;
		spin_unlock_bh(&sk->sk_receive_queue.lock);
		return 0;
	default:
		return -ENOIOCTLCMD;
	}
}
