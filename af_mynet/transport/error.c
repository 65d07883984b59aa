// SPDX-License-Identifier: GPL-2.0
/*
 * Errors that come back to a socket: what ICMP's mean to a program (RFC 1122 3.2.2, 4.1.3.3,
 * 4.2.3.9), and the error queue of IP_RECVERR.
 *
 * State: none; the queue is the socket's.
 */
#include <linux/errqueue.h>
#include <linux/icmp.h>
#include <net/checksum.h>

#include "transport/cmsg.h"
#include "transport/sk.h"

static const struct {
	u8	err;
	bool	fatal;
} mn_unreachable[] = {
	[ICMP_NET_UNREACH]	= { ENETUNREACH, false },
	[ICMP_HOST_UNREACH]	= { EHOSTUNREACH, false },
	[ICMP_PROT_UNREACH]	= { ENOPROTOOPT, true },
	[ICMP_PORT_UNREACH]	= { ECONNREFUSED, true },
	[ICMP_FRAG_NEEDED]	= { EMSGSIZE, false },
	[ICMP_SR_FAILED]	= { EOPNOTSUPP, false },
	[ICMP_NET_UNKNOWN]	= { ENETUNREACH, true },
	[ICMP_HOST_UNKNOWN]	= { EHOSTDOWN, true },
	[ICMP_HOST_ISOLATED]	= { ENONET, true },
	[ICMP_NET_ANO]		= { ENETUNREACH, true },
	[ICMP_HOST_ANO]		= { EHOSTUNREACH, true },
	[ICMP_NET_UNR_TOS]	= { ENETUNREACH, false },
	[ICMP_HOST_UNR_TOS]	= { EHOSTUNREACH, false },
	[ICMP_PKT_FILTERED]	= { EHOSTUNREACH, true },
	[ICMP_PREC_VIOLATION]	= { EHOSTUNREACH, true },
	[ICMP_PREC_CUTOFF]	= { EHOSTUNREACH, true },
};

int mn_icmp_errno(u8 type, u8 code, bool *fatal)
{
	int err = EHOSTUNREACH;

	*fatal = false;
	if (type == ICMP_PARAMETERPROB) {
		*fatal = true;
		err = EPROTO;
	} else if (type == ICMP_DEST_UNREACH && code < ARRAY_SIZE(mn_unreachable)) {
		*fatal = mn_unreachable[code].fatal;
		err = mn_unreachable[code].err;
	}
	return err;
}

/* Queues @skb, consumed: its data is what the program gets of the packet that failed. */
static void mn_error_queue(struct sock *sk, struct sk_buff *skb, const struct sock_extended_err *ee,
			   const void *addr, __be16 port)
{
	struct sock_exterr_skb *serr = SKB_EXT_ERR(skb);

	serr->ee = *ee;
	serr->addr_offset = (const u8 *)addr - skb_network_header(skb);
	serr->port = port;
	serr->opt_stats = 0;
	skb_reset_transport_header(skb);
	if (sock_queue_err_skb(sk, skb))
		mynet_sk_drop(sk, skb, MYNET_DROP_SOCK_FULL);
}

/* RFC 4884 7: is what follows @at in the packet a whole list of objects, with the right sum? */
static bool mn_extension_whole(const struct sk_buff *skb, unsigned int at)
{
	const struct icmp_extobj_hdr *object;
	const struct icmp_ext_hdr *head;
	struct icmp_extobj_hdr object_buf;
	struct icmp_ext_hdr head_buf;
	unsigned int len;

	head = skb_header_pointer(skb, at, sizeof(head_buf), &head_buf);
	if (!head)
		return false;
	if (head->version != 2)		/* of a form that nobody knows yet: the program's */
		return true;
	if (head->checksum && csum_fold(skb_checksum(skb, at, skb->len - at, 0)))
		return false;
	for (at += sizeof(*head); at < skb->len; at += len) {
		object = skb_header_pointer(skb, at, sizeof(object_buf), &object_buf);
		if (!object)
			return false;
		len = ntohs(object->length);
		if (len < sizeof(*object) || len > skb->len - at)
			return false;
	}
	return true;
}

/* IP_RECVERR_RFC4884: where in the data the extension of the error begins, if it has one. */
static void mn_error_extension(const struct sk_buff *skb, struct sock_extended_err *ee)
{
	const struct icmphdr *icmph = icmp_hdr(skb);
	unsigned int at = icmph->un.reserved[1] * 4, heads = skb->data - (const u8 *)(icmph + 1);

	if (icmph->type != ICMP_DEST_UNREACH && icmph->type != ICMP_TIME_EXCEEDED &&
	    icmph->type != ICMP_PARAMETERPROB)
		return;
	/* RFC 4884 4: what failed takes 128 bytes at least; its headers are not told. */
	if (at < 128 || at < heads || at - heads + sizeof(struct icmp_ext_hdr) > skb->len)
		return;
	ee->ee_rfc4884.len = at - heads;
	if (!mn_extension_whole(skb, at - heads))
		ee->ee_rfc4884.flags = SO_EE_RFC4884_FLAG_INVALID;
}

void mn_sk_icmp_error(struct sock *sk, struct sk_buff *skb, int err, __be16 port, u32 info,
		      u8 *payload)
{
	const struct icmphdr *icmph = icmp_hdr(skb);
	struct sock_extended_err ee = {
		.ee_errno	= err,
		.ee_origin	= SO_EE_ORIGIN_ICMP,
		.ee_type	= icmph->type,
		.ee_code	= icmph->code,
		.ee_info	= info,
	};
	struct mn_rx_cb told = { .ifindex = skb->skb_iif, .frag_max = mynet_ip_frag_max(skb) };
	unsigned int offset = payload - skb->data;
	struct sk_buff *clone = skb_clone(skb, GFP_ATOMIC);

	if (!clone)
		return;
	if (!skb_pull(clone, offset)) {
		mynet_sk_drop(sk, clone, MYNET_DROP_ICMP_TRUNC);
		return;
	}
	if (mynet_sk_flag(sk, MYNET_SK_RECVERR_RFC4884))
		mn_error_extension(clone, &ee);
	*mn_rx_cb(clone) = told;
	mn_error_queue(sk, clone, &ee,
		       &((const struct iphdr *)(icmp_hdr(clone) + 1))->daddr, port);
}

void mn_sk_local_error(struct sock *sk, int err, __be32 daddr, __be16 port, u32 info)
{
	struct sock_extended_err ee = {
		.ee_errno	= err,
		.ee_origin	= SO_EE_ORIGIN_LOCAL,
		.ee_info	= info,
	};
	struct sk_buff *skb;
	struct iphdr *iph;

	if (!mynet_sk_flag(sk, MYNET_SK_RECVERR))
		return;
	skb = alloc_skb(sizeof(*iph), GFP_ATOMIC);
	if (!skb)
		return;
	skb_reset_network_header(skb);
	iph = skb_put_zero(skb, sizeof(*iph));
	iph->daddr = daddr;
	__skb_pull(skb, sizeof(*iph));
	mn_error_queue(sk, skb, &ee, &iph->daddr, port);
}

/* The control message that recvmsg() gives with IP_RECVERR. */
struct mn_error_said {
	struct sock_extended_err ee;
	struct sockaddr_mynet	 offender;
};

/* Time stamps of packets sent come this way too; they have an address only if asked for. */
static bool mn_error_has_offender(const struct sock *sk, struct sk_buff *skb)
{
	return SKB_EXT_ERR(skb)->ee.ee_origin == SO_EE_ORIGIN_ICMP;
}

static void mn_error_name(const struct sock *sk, struct sk_buff *skb, struct msghdr *msg)
{
	const struct sock_exterr_skb *serr = SKB_EXT_ERR(skb);
	u8 origin = serr->ee.ee_origin;

	if (!msg->msg_name)
		return;
	if (origin != SO_EE_ORIGIN_ICMP && origin != SO_EE_ORIGIN_LOCAL && !serr->port)
		return;
	mynet_name_fill(sk, msg->msg_name,
			*(__be32 *)(skb_network_header(skb) + serr->addr_offset), serr->port);
	msg->msg_namelen = sizeof(struct sockaddr_mynet);
}

int mn_sk_recv_error(struct sock *sk, struct msghdr *msg, int len)
{
	struct mn_error_said said = {};
	struct sk_buff *skb;
	int copied, err;

	skb = sock_dequeue_err_skb(sk);
	if (!skb)
		return -EAGAIN;
	copied = min_t(int, skb->len, len);
	if (copied < skb->len)
		msg->msg_flags |= MSG_TRUNC;
	err = skb_copy_datagram_msg(skb, 0, msg, copied);
	if (err) {
		mynet_sk_drop(sk, skb, MYNET_DROP_SOCK_COPY);
		return err;
	}
	sock_recv_timestamp(msg, sk, skb);
	mn_error_name(sk, skb, msg);
	said.ee = SKB_EXT_ERR(skb)->ee;
	/* A stream's time stamps have a sequence number; what is told counts from a byte of it. */
	if (said.ee.ee_origin == SO_EE_ORIGIN_TIMESTAMPING && said.ee.ee_data &&
	    sk->sk_type == SOCK_STREAM)
		said.ee.ee_data -= atomic_read(&sk->sk_tskey);
	if (mn_error_has_offender(sk, skb)) {
		mynet_name_fill(sk, &said.offender, ip_hdr(skb)->saddr, 0);
		mn_cmsg_recv(sk, skb, msg, 0);
	}
	put_cmsg(msg, SOL_IP, IP_RECVERR, sizeof(said), &said);
	msg->msg_flags |= MSG_ERRQUEUE;
	consume_skb(skb);
	return copied;
}
