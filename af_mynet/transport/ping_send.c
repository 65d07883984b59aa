// SPDX-License-Identifier: GPL-2.0
/*
 * Echo requests of ping sockets that go out (RFC 792): the program's header with an identifier
 * and a checksum of ours.
 *
 * State: none. A message takes no lock.
 */
#include <linux/icmp.h>
#include <linux/uio.h>
#include <net/checksum.h>
#include <net/dst.h>
#include <net/tcp_states.h>

#include "transport/ping.h"

/* Reads the part of the header that the program has written. Return: 0 or -errno. */
static int mn_ping_header(struct msghdr *msg, size_t len, struct icmphdr *icmph)
{
	if (len > MN_DGRAM_MOST)
		return -EMSGSIZE;
	if (len < sizeof(*icmph))
		return -EINVAL;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (!copy_from_iter_full(icmph, sizeof(*icmph), &msg->msg_iter))
		return -EFAULT;
	return mn_ping_request(icmph->type, icmph->code) ? 0 : -EINVAL;
}

static int mn_ping_address(const struct sock *sk, const struct msghdr *msg, struct mn_dgram_to *to)
{
	const struct sockaddr_mynet *name = msg->msg_name;

	if (!name) {
		if (sk->sk_state != TCP_ESTABLISHED)
			return -EDESTADDRREQ;
		to->daddr = sk->sk_daddr;
		to->connected = true;
		return 0;
	}
	if (msg->msg_namelen < (int)sizeof(*name))
		return -EINVAL;
	if (!mynet_family_known(sk, name->smn_family))
		return -EAFNOSUPPORT;
	to->daddr = name->smn_addr;
	return 0;
}

static void mn_ping_put_header(const struct sock *sk, struct sk_buff *skb,
			       const struct icmphdr *given)
{
	struct icmphdr *icmph = skb_push(skb, sizeof(*icmph));

	skb_reset_transport_header(skb);
	*icmph = (struct icmphdr){
		.type	= given->type,
		.code	= given->code,
		.un.echo.id = mynet_sk(sk)->sport,
		.un.echo.sequence = given->un.echo.sequence,
	};
	icmph->checksum = csum_fold(skb_checksum(skb, 0, skb->len, 0));
}

/* Sends the message, consumed. Return: what the call answers, 0 for sent. */
static int mn_ping_push(struct sock *sk, struct sk_buff *skb, const struct mn_dgram_to *to)
{
	unsigned int len = skb->len + mn_dgram_head_len(to);
	struct mynet_ip_head head = { .protocol = IPPROTO_ICMP };
	struct mynet_flow flow;
	struct dst_entry *dst;
	int err;

	rcu_read_lock();
	dst = mn_dgram_route(sk, to, &flow);
	err = IS_ERR(dst) ? PTR_ERR(dst) : mn_dgram_fit(sk, dst, to, flow.daddr, len);
	if (unlikely(err)) {
		mn_dgram_refuse(sk, skb, err);
		goto out;
	}
	if (unlikely(to->flags & (MSG_CONFIRM | MSG_PROBE)) &&
	    mn_dgram_confirm_or_probe(to, dst, &flow, skb))
		goto out;
	head.saddr = flow.saddr;
	head.daddr = flow.daddr;
	head.df = mn_sk_df(sk, len, dst);
	mn_tx_cookie_head(sk, &to->cookie, &head);
	mn_tx_cookie_skb(sk, &to->cookie, skb);
	mynet_icmp_count_out(sock_net(sk), icmp_hdr(skb)->type);
	skb_dst_set_noref(skb, dst);
	err = mynet_ip_output(sock_net(sk), sk, skb, &head);
	if (err > 0)
		err = net_xmit_errno(err);
out:
	rcu_read_unlock();
	return err;
}

int mn_ping_sendmsg(struct sock *sk, struct msghdr *msg, size_t len)
{
	struct mn_dgram_to to = { .flags = msg->msg_flags, .dport = sk->sk_dport };
	struct icmphdr icmph;
	struct sk_buff *skb;
	int err;

	err = mn_ping_header(msg, len, &icmph);
	err = err ?: mn_ping_address(sk, msg, &to);
	err = err ?: mn_dgram_cookie(sk, msg, &to);
	if (err)
		return err;
	skb = mn_dgram_build(sk, msg, len - sizeof(icmph));
	if (IS_ERR(skb))
		return PTR_ERR(skb);
	mn_ping_put_header(sk, skb, &icmph);
	err = mn_ping_push(sk, skb, &to);
	return err ?: len;
}
