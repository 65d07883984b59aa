// SPDX-License-Identifier: GPL-2.0
/*
 * Raw packets that go out (raw(7)): with a header of ours before the program's data, or with the
 * program's own (IP_HDRINCL), of which only what it left open is filled in.
 *
 * State: none. A message takes no lock.
 */
#include <linux/icmp.h>
#include <net/dst.h>
#include <net/tcp_states.h>

#include "transport/raw.h"

/* Reads the address of a message. Return: 0 or -errno. */
static int mn_raw_address(const struct sock *sk, const struct msghdr *msg, struct mn_dgram_to *to)
{
	const struct sockaddr_mynet *name = msg->msg_name;

	if (!msg->msg_namelen) {
		if (sk->sk_state != TCP_ESTABLISHED)
			return -EDESTADDRREQ;
		to->daddr = sk->sk_daddr;
		to->connected = true;
		return 0;
	}
	if (msg->msg_namelen < (int)sizeof(*name))
		return -EINVAL;
	/* Old programs leave the family out. */
	if (!mynet_family_known(sk, name->smn_family) && name->smn_family != AF_UNSPEC)
		return -EAFNOSUPPORT;
	to->daddr = name->smn_addr;
	return 0;
}

static void mn_raw_count(const struct sock *sk, struct sk_buff *skb, u8 protocol,
			 unsigned int offset)
{
	u8 type;

	if (protocol == IPPROTO_ICMP && !skb_copy_bits(skb, offset, &type, sizeof(type)))
		mynet_icmp_count_out(sock_net(sk), type);
}

/*
 * The program's header is sent as it is, but it must be one: the rest of the way relies on its
 * length. Return: 0, or -errno: @skb is still the caller's.
 */
static int mn_raw_complete(struct sock *sk, struct sk_buff *skb, const struct mn_dgram_to *to,
			   const struct dst_entry *dst, const struct mynet_flow *flow)
{
	unsigned int mtu = READ_ONCE(dst->dev->mtu);
	struct iphdr *iph;

	/* A program that writes the header writes its options too. */
	if (to->cookie.optlen)
		return -EINVAL;
	if (skb->len > mtu) {
		mn_sk_local_error(sk, EMSGSIZE, flow->daddr, to->dport, mtu);
		return -EMSGSIZE;
	}
	/* The first bytes of a message are in the packet's head: see mn_dgram_build(). */
	if (skb->len < sizeof(*iph))
		return -EINVAL;
	skb_reset_network_header(skb);
	iph = ip_hdr(skb);
	if (iph->ihl < 5 || iph->ihl * 4 > skb->len) {
		mynet_mib_inc(mynet_sk(sk)->mnet, MYNET_MIB_IP_OUT_DISCARDS);
		return -EINVAL;
	}
	skb_set_transport_header(skb, iph->ihl * 4);
	if (!iph->saddr)
		iph->saddr = flow->saddr;
	return 0;
}

static int mn_raw_output_whole(struct sock *sk, struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);

	if (skb_cow_head(skb, LL_RESERVED_SPACE(skb_dst(skb)->dev))) {
		mynet_sk_drop(sk, skb, MYNET_DROP_IP_NOMEM);
		return -ENOBUFS;
	}
	iph = ip_hdr(skb);
	if (skb->len >= iph->ihl * 4 + sizeof(struct icmphdr))
		mn_raw_count(sk, skb, iph->protocol, iph->ihl * 4);
	return mynet_ip_local_output(sock_net(sk), sk, skb);
}

static int mn_raw_output(struct sock *sk, struct sk_buff *skb, const struct mn_dgram_to *to,
			 const struct dst_entry *dst, const struct mynet_flow *flow)
{
	struct mynet_ip_head head = {
		.saddr		= flow->saddr,
		.daddr		= flow->daddr,
		.protocol	= sk->sk_protocol,
		.df		= mn_sk_df(sk, skb->len + mn_dgram_head_len(to), dst),
	};

	skb_reset_transport_header(skb);
	mn_tx_cookie_head(sk, &to->cookie, &head);
	mn_raw_count(sk, skb, head.protocol, 0);
	return mynet_ip_output(sock_net(sk), sk, skb, &head);
}

/* A full queue is the network's business, unless the program asked to be told. */
static int mn_raw_sent(const struct sock *sk, int err)
{
	if (err > 0)
		err = net_xmit_errno(err);
	return err == -ENOBUFS && !mynet_sk_flag(sk, MYNET_SK_RECVERR) ? 0 : err;
}

/* Sends the message, consumed. Return: what the call answers, 0 for sent. */
static int mn_raw_push(struct sock *sk, struct sk_buff *skb, const struct mn_dgram_to *to,
		       bool whole)
{
	struct mynet_flow flow;
	struct dst_entry *dst;
	int err;

	rcu_read_lock();
	dst = mn_dgram_route(sk, to, &flow);
	if (IS_ERR(dst))
		err = PTR_ERR(dst);
	else if (whole)
		err = mn_raw_complete(sk, skb, to, dst, &flow);
	else
		err = mn_dgram_fit(sk, dst, to, flow.daddr, skb->len + mn_dgram_head_len(to));
	if (unlikely(err)) {
		mn_dgram_refuse(sk, skb, err);
		goto out;
	}
	if (unlikely(to->flags & (MSG_CONFIRM | MSG_PROBE)) &&
	    mn_dgram_confirm_or_probe(to, dst, &flow, skb))
		goto out;
	mn_tx_cookie_skb(sk, &to->cookie, skb);
	skb_dst_set_noref(skb, dst);
	err = mn_raw_sent(sk, whole ? mn_raw_output_whole(sk, skb) :
				      mn_raw_output(sk, skb, to, dst, &flow));
out:
	rcu_read_unlock();
	return err;
}

int mn_raw_sendmsg(struct sock *sk, struct msghdr *msg, size_t len)
{
	struct mn_dgram_to to = { .flags = msg->msg_flags, .dport = sk->sk_dport };
	/* Asked once: another thread may change it meanwhile. */
	bool whole = mynet_sk_flag(sk, MYNET_SK_HDRINCL);
	struct sk_buff *skb;
	int err;

	if (len > MN_DGRAM_MOST)
		return -EMSGSIZE;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	err = mn_raw_address(sk, msg, &to);
	err = err ?: mn_dgram_cookie(sk, msg, &to);
	if (err)
		return err;
	/* INET looks at type and code before anything else, and finds them out of reach. */
	if (!whole && sk->sk_protocol == IPPROTO_ICMP && len < 2)
		return -EFAULT;
	if (!whole && unlikely(len + mn_dgram_head_len(&to) > MN_DGRAM_MOST))
		return mn_dgram_too_long(sk, &to);
	/* As INET: traceroute sends on while the error of the first hop is pending. */
	skb = whole ? mn_dgram_build(sk, msg, len) : mn_dgram_build_now(sk, msg, len);
	if (IS_ERR(skb))
		return mn_raw_sent(sk, PTR_ERR(skb)) ?: len;
	err = mn_raw_push(sk, skb, &to, whole);
	return err ?: len;
}
