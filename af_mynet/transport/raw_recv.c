// SPDX-License-Identifier: GPL-2.0
/*
 * Raw packets that come in: a copy for everyone who wants the protocol, header and all; and what
 * ICMP says about what was sent (RFC 1122 3.2.2).
 *
 * State: none.
 */
#include <linux/icmp.h>
#include <net/tcp_states.h>

#include "transport/raw.h"

/* ICMP_FILTER: types beyond its bits always pass. */
static bool mn_raw_filtered(const struct sock *sk, const struct sk_buff *skb)
{
	const struct icmphdr *icmph;
	struct icmphdr buf;

	icmph = skb_header_pointer(skb, skb_transport_offset(skb), sizeof(buf), &buf);
	if (!icmph)
		return true;
	return icmph->type < 32 && READ_ONCE(mn_raw_sk(sk)->icmp_filter) & BIT(icmph->type);
}

static void mn_raw_copy_to(struct sock *sk, struct sk_buff *skb)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	if (!copy) {
		mynet_sk_drops_inc(sk);
		return;
	}
	__skb_push(copy, copy->data - skb_network_header(copy));
	mn_dgram_deliver(sk, copy);
}

bool mn_raw_input(struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct mn_raw_key key = {
		.net		= dev_net(skb->dev),
		.saddr		= iph->saddr,
		.daddr		= iph->daddr,
		.dev		= skb->dev->ifindex,
		.protocol	= iph->protocol,
	};
	struct sock *sk = NULL;
	bool found = false;

	while ((sk = mn_raw_find_next(&key, sk))) {
		found = true;
		if (key.protocol == IPPROTO_ICMP && mn_raw_filtered(sk, skb))
			continue;
		if (mn_sk_mc_wants(sk, key.daddr, key.saddr, key.dev))
			mn_raw_copy_to(sk, skb);
	}
	return found;
}

/* RFC 2113: for programs that do a router's work. INET asks neither filter nor address here. */
bool mn_raw_alert(struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct mn_raw_key key = {
		.net		= dev_net(skb->dev),
		.dev		= skb->dev->ifindex,
		.protocol	= iph->protocol,
		.alert		= true,
	};
	bool part = iph->frag_off & htons(0x3fff);
	struct sock *sk = NULL;
	bool found = false;

	while ((sk = mn_raw_find_next(&key, sk))) {
		found = true;
		if (part)
			break;
		skb_set_transport_header(skb, iph->ihl * 4);
		mn_raw_copy_to(sk, skb);
	}
	return found;
}

static void mn_raw_error_to(struct sock *sk, struct sk_buff *skb, u32 info)
{
	const struct iphdr *quoted = (const struct iphdr *)skb->data;
	bool queue = mynet_sk_flag(sk, MYNET_SK_RECVERR);
	bool hard;
	u8 *what;
	int err;

	hard = mn_dgram_error_hard(sk, icmp_hdr(skb), &err);
	if (err == EMSGSIZE)
		mn_dgram_too_big(sk, quoted, 0, info);
	if (!queue && (!hard || sk->sk_state != TCP_ESTABLISHED))
		return;
	if (queue) {
		/* A program that wrote the header itself gets it back. */
		what = skb->data + (mynet_sk_flag(sk, MYNET_SK_HDRINCL) ? 0 : quoted->ihl * 4);
		mn_sk_icmp_error(sk, skb, err, 0, info, what);
	}
	WRITE_ONCE(sk->sk_err, err);
	sk_error_report(sk);
}

bool mn_raw_error(struct sk_buff *skb, u32 info)
{
	const struct iphdr *quoted = (const struct iphdr *)skb->data;
	/* The packet was ours: source and destination are the other way round. */
	struct mn_raw_key key = {
		.net		= dev_net(skb->dev),
		.saddr		= quoted->daddr,
		.daddr		= quoted->saddr,
		.dev		= skb->dev->ifindex,
		.protocol	= quoted->protocol,
	};
	struct sock *sk = NULL;
	bool found = false;

	/* raw(7): what was sent by IPPROTO_RAW is of another protocol than the socket's. */
	if (key.protocol == IPPROTO_RAW)
		return false;
	while ((sk = mn_raw_find_next(&key, sk))) {
		found = true;
		mn_raw_error_to(sk, skb, info);
	}
	return found;
}
