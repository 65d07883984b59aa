// SPDX-License-Identifier: GPL-2.0
/*
 * UDP that goes out (RFC 768, RFC 1122 4.1): address, message, header, and messages that grow by
 * several calls (UDP_CORK, MSG_MORE).
 *
 * State: struct mn_udp_cork, under the socket lock. A message sent by one call takes no lock.
 */
#include <linux/mm.h>
#include <linux/rtnetlink.h>
#include <linux/uio.h>
#include <net/dst.h>
#include <net/tcp_states.h>

#include "transport/csum.h"
#include "transport/udp.h"

/* A shorter message is not built as a list of fragments, nor is one on a way with a smaller MTU. */
#define MN_UDP_PIECE_MIN	576

/* Reads the address of a message. Return: 0 or -errno. */
static int mn_udp_address(const struct sock *sk, const struct msghdr *msg, struct mn_dgram_to *to)
{
	const struct sockaddr_mynet *name = msg->msg_name;

	if (!name) {
		if (sk->sk_state != TCP_ESTABLISHED)
			return -EDESTADDRREQ;
		to->daddr = sk->sk_daddr;
		to->dport = sk->sk_dport;
		to->connected = true;
		return 0;
	}
	if (msg->msg_namelen < (int)sizeof(*name))
		return -EINVAL;
	if (!mynet_family_known(sk, name->smn_family) && name->smn_family != AF_UNSPEC)
		return -EAFNOSUPPORT;
	if (!name->smn_port)
		return -EINVAL;
	to->daddr = name->smn_addr;
	to->dport = name->smn_port;
	return 0;
}

/* UDP's own control message. */
static int mn_udp_cmsg(struct msghdr *msg, u16 *gso_size)
{
	struct cmsghdr *cmsg;

	for_each_cmsghdr(cmsg, msg) {
		if (!CMSG_OK(msg, cmsg))
			return -EINVAL;
		if (cmsg->cmsg_level != SOL_UDP)
			continue;
		if (cmsg->cmsg_type != UDP_SEGMENT ||
		    cmsg->cmsg_len != CMSG_LEN(sizeof(*gso_size)))
			return -EINVAL;
		*gso_size = *(u16 *)CMSG_DATA(cmsg);
	}
	return 0;
}

static int mn_udp_parse_dest(struct sock *sk, struct msghdr *msg, struct mn_dgram_to *to)
{
	int err;

	/* All but the cookie, which mn_dgram_cookie() begins. */
	to->flags = msg->msg_flags;
	to->gso_size = READ_ONCE(mn_udp_sk(sk)->gso_size);
	to->connected = false;
	err = mn_udp_address(sk, msg, to);
	if (err)
		return err;
	err = msg->msg_controllen ? mn_udp_cmsg(msg, &to->gso_size) : 0;
	return err ?: mn_dgram_cookie(sk, msg, to);
}

/* RFC 768: the header, with a checksum unless the program wants none. */
static void mn_udp_header(const struct sock *sk, struct sk_buff *skb, __be32 saddr,
			  const struct mn_dgram_to *to, __be32 daddr)
{
	struct udphdr *uh = skb_push(skb, sizeof(*uh));

	skb_reset_transport_header(skb);
	uh->source = mynet_sk(sk)->sport;
	uh->dest = to->dport;
	uh->len = htons(skb->len);
	uh->check = 0;
	if (!sk->sk_no_check_tx)
		mn_csum_leave(skb, offsetof(struct udphdr, check), IPPROTO_UDP, saddr, daddr);
}

/* One packet for many datagrams. Return: 0 or -errno. */
static int mn_udp_segment(const struct sock *sk, struct sk_buff *skb, u16 size, unsigned int room)
{
	unsigned int len = skb->len;

	if (min_t(unsigned int, len, size) > room)
		return -EMSGSIZE;
	if (len > size * MN_UDP_SEGMENTS || sk->sk_no_check_tx)
		return -EINVAL;
	if (len <= size)
		return 0;
	skb_shinfo(skb)->gso_size = size;
	skb_shinfo(skb)->gso_type = SKB_GSO_UDP_L4;
	skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(len, size);
	return 0;
}

/* Turns the fate of the packet into the answer of the call. */
static int mn_udp_sent(struct sock *sk, int err)
{
	struct mynet_net *mnet = mynet_sk(sk)->mnet;

	if (err > 0)
		err = net_xmit_errno(err);
	if (!err) {
		mynet_mib_inc(mnet, MYNET_MIB_UDP_OUT_DATAGRAMS);
		return 0;
	}
	/* A full queue is the network's business, unless the program asked to be told. */
	if (err == -ENOBUFS) {
		mynet_mib_inc(mnet, MYNET_MIB_UDP_SNDBUF_ERRORS);
		if (!mynet_sk_flag(sk, MYNET_SK_RECVERR))
			return 0;
	}
	return err;
}

/* Return: 0, or -errno: @skb is still the caller's. */
static int mn_udp_fit(struct sock *sk, struct sk_buff *skb, const struct mn_dgram_to *to,
		      const struct dst_entry *dst, __be32 daddr)
{
	unsigned int heads = mn_dgram_head_len(to) + sizeof(struct udphdr);
	int err = mn_dgram_fit(sk, dst, to, daddr, skb->len + heads);
	unsigned int mtu;

	if (err || !to->gso_size)
		return err;
	mtu = mn_sk_mtu(sk, dst);
	return mn_udp_segment(sk, skb, to->gso_size, mtu > heads ? mtu - heads : 0);
}

/* Sends the message, consumed. Return: what the call answers, 0 for sent. */
static int mn_udp_push(struct sock *sk, struct sk_buff *skb, const struct mn_dgram_to *to)
{
	struct mynet_ip_head head = { .protocol = IPPROTO_UDP };
	struct mynet_flow flow;
	struct dst_entry *dst;
	int err;

	rcu_read_lock();
	dst = mn_dgram_route(sk, to, &flow);
	err = IS_ERR(dst) ? PTR_ERR(dst) : mn_udp_fit(sk, skb, to, dst, flow.daddr);
	if (unlikely(err)) {
		mn_dgram_refuse(sk, skb, err);
		goto out;
	}
	if (unlikely(to->flags & (MSG_CONFIRM | MSG_PROBE)) &&
	    mn_dgram_confirm_or_probe(to, dst, &flow, skb))
		goto out;
	head.saddr = flow.saddr;
	head.daddr = flow.daddr;
	mn_udp_header(sk, skb, flow.saddr, to, flow.daddr);
	mn_tx_cookie_head(sk, &to->cookie, &head);
	head.df = mn_sk_df(sk, skb_is_gso(skb) ? 0 : skb->len + mn_dgram_head_len(to), dst);
	mn_tx_cookie_skb(sk, &to->cookie, skb);
	skb_dst_set_noref(skb, dst);
	err = mn_udp_sent(sk, mynet_ip_output(sock_net(sk), sk, skb, &head));
out:
	rcu_read_unlock();
	return err;
}

/* --- messages that grow ------------------------------------------------------------------- */

void mn_udp_cork_drop(struct sock *sk)
{
	struct mn_udp_cork *cork = &mn_udp_sk(sk)->cork;
	struct sk_buff *skb = cork->skb;

	if (!skb)
		return;
	cork->skb = NULL;
	mynet_sk_drop(sk, skb, MYNET_DROP_SOCK_CLOSED);
}

/* Sends what there is. */
int mn_udp_uncork(struct sock *sk)
{
	struct mn_udp_cork *cork = &mn_udp_sk(sk)->cork;
	struct sk_buff *skb = cork->skb;

	sock_owned_by_me(sk);
	if (!skb)
		return 0;
	cork->skb = NULL;
	return mn_udp_push(sk, skb, &cork->to);
}

/* Another piece of a page; pieces that touch become one. */
static int mn_cork_add_page(struct sk_buff *skb, struct page *page, unsigned int offset,
			    unsigned int len)
{
	int i = skb_shinfo(skb)->nr_frags;

	if (skb_can_coalesce(skb, i, page, offset)) {
		skb_frag_size_add(&skb_shinfo(skb)->frags[i - 1], len);
		return 0;
	}
	if (i == MAX_SKB_FRAGS) {
		if (skb_linearize(skb))
			return -ENOBUFS;
		i = 0;
	}
	get_page(page);
	skb_fill_page_desc(skb, i, page, offset, len);
	return 0;
}

static int mn_cork_append(struct sock *sk, struct sk_buff *skb, struct iov_iter *from, size_t len)
{
	struct page_frag *frag = sk_page_frag(sk);
	unsigned int n;
	int err;

	if (skb->len + len + mn_udp_sk(sk)->cork.to.cookie.optlen > MN_UDP_MAX)
		return mn_dgram_too_long(sk, &mn_udp_sk(sk)->cork.to);
	for (; len; len -= n) {
		if (!sk_page_frag_refill(sk, frag))
			return -ENOBUFS;
		n = min_t(size_t, len, frag->size - frag->offset);
		if (!mn_dgram_copy_in(frag->page, frag->offset, n, from))
			return -EFAULT;
		err = mn_cork_add_page(skb, frag->page, frag->offset, n);
		if (err)
			return err;
		frag->offset += n;
		skb->len += n;
		skb->data_len += n;
		skb->truesize += n;
		refcount_add(n, &sk->sk_wmem_alloc);
	}
	return 0;
}

/* The first piece says where the message goes. */
static int mn_cork_begin(struct sock *sk, struct msghdr *msg)
{
	struct mn_udp_cork *cork = &mn_udp_sk(sk)->cork;
	struct sk_buff *skb;
	int err;

	err = mn_udp_parse_dest(sk, msg, &cork->to);
	if (err)
		return err;
	/* The pieces grow in pages alone: taking them together later needs the rest of the head. */
	skb = sock_alloc_send_skb(sk, MN_DGRAM_RESERVE, msg->msg_flags & MSG_DONTWAIT, &err);
	if (!skb)
		return err;
	skb_reserve(skb, MN_DGRAM_RESERVE);
	cork->skb = skb;
	return 0;
}

static int mn_udp_send_corked(struct sock *sk, struct msghdr *msg, size_t len, bool more)
{
	struct mn_udp_cork *cork = &mn_udp_sk(sk)->cork;
	int err = 0;

	lock_sock(sk);
	if (!cork->skb)
		err = mn_cork_begin(sk, msg);
	if (!err) {
		err = mn_cork_append(sk, cork->skb, &msg->msg_iter, len);
		if (err)
			mn_udp_cork_drop(sk);
		else if (!more)
			err = mn_udp_uncork(sk);
	}
	release_sock(sk);
	return err ?: len;
}

/*
 * The payload of fragments of the way that a message will go, a multiple of eight (RFC 791 3.2);
 * 0: it is not to be cut. A guess: what sends it looks again.
 */
static unsigned int mn_udp_piece(struct sock *sk, const struct mn_dgram_to *to, unsigned int len)
{
	unsigned int heads = mn_dgram_head_len(to), mtu;
	struct mynet_flow flow;
	struct dst_entry *dst;

	rcu_read_lock();
	dst = mn_dgram_route(sk, to, &flow);
	mtu = IS_ERR(dst) ? MN_DGRAM_MOST : mn_sk_mtu(sk, dst);
	rcu_read_unlock();
	if (to->gso_size || mtu < MN_UDP_PIECE_MIN || len + sizeof(struct udphdr) + heads <= mtu)
		return 0;
	return (mtu - heads) & ~7U;
}

/* A message that fragments will be made of is a list of them from the start: RFC 791 3.2. */
static struct sk_buff *mn_udp_build(struct sock *sk, struct msghdr *msg, unsigned int len,
				    const struct mn_dgram_to *to)
{
	unsigned int piece = len < MN_UDP_PIECE_MIN ? 0 : mn_udp_piece(sk, to, len);

	if (likely(!piece))
		return mn_dgram_build(sk, msg, len);
	return mn_dgram_build_pieces(sk, msg, len, piece - sizeof(struct udphdr), piece);
}

int mn_udp_sendmsg(struct sock *sk, struct msghdr *msg, size_t len)
{
	bool more = msg->msg_flags & MSG_MORE || READ_ONCE(mn_udp_sk(sk)->corking);
	struct mn_dgram_to to;
	struct sk_buff *skb;
	int err;

	if (len > MN_DGRAM_MOST)
		return -EMSGSIZE;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (unlikely(more || READ_ONCE(mn_udp_sk(sk)->cork.skb)))
		return mn_udp_send_corked(sk, msg, len, more);

	err = mn_udp_parse_dest(sk, msg, &to);
	if (unlikely(err))
		return err;
	if (unlikely(len > MN_UDP_MAX))
		return mn_dgram_too_long(sk, &to);
	skb = mn_udp_build(sk, msg, len, &to);
	if (IS_ERR(skb)) {
		if (test_bit(SOCK_NOSPACE, &sk->sk_socket->flags))
			mynet_mib_inc(mynet_sk(sk)->mnet, MYNET_MIB_UDP_SNDBUF_ERRORS);
		return PTR_ERR(skb);
	}
	err = mn_udp_push(sk, skb, &to);
	return err ?: len;
}

/* sendfile() said "more" until now, and there is no more. */
void mn_udp_splice_eof(struct sock *sk)
{
	if (!READ_ONCE(mn_udp_sk(sk)->cork.skb) || READ_ONCE(mn_udp_sk(sk)->corking))
		return;
	lock_sock(sk);
	if (!mn_udp_sk(sk)->corking)
		mn_udp_uncork(sk);
	release_sock(sk);
}
