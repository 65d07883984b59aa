// SPDX-License-Identifier: GPL-2.0
/*
 * Control messages at level SOL_IP, in both directions.
 *
 * State: struct mn_rx_cb of each packet in a queue.
 */
#include <linux/errqueue.h>
#include <linux/rtnetlink.h>
#include <net/dst.h>

#include "transport/cmsg.h"
#include "transport/sk.h"

void mn_tx_cookie_flow(const struct mn_tx_cookie *cookie, struct mynet_flow *flow)
{
	flow->mark = cookie->sockc.mark;
	if (cookie->oif)
		flow->oif = cookie->oif;
	if (cookie->addr)
		flow->saddr = cookie->addr;
	if (cookie->tos >= 0)
		flow->tos = cookie->tos & ~3;
}

void mn_tx_cookie_head(const struct sock *sk, const struct mn_tx_cookie *cookie,
		       struct mynet_ip_head *head)
{
	const struct mynet_ip_set *ip = &mynet_sk(sk)->ip;

	head->tos = cookie->tos >= 0 ? cookie->tos : READ_ONCE(ip->tos);
	head->optlen = cookie->optlen;
	head->options = cookie->options;
	head->noloop = !mynet_sk_flag(sk, MYNET_SK_MC_LOOP);
	if (cookie->ttl)
		head->ttl = cookie->ttl;
	else if (mn_addr_is_group(head->daddr))
		head->ttl = READ_ONCE(ip->mc_ttl);
	else
		head->ttl = max_t(s16, READ_ONCE(ip->uc_ttl), 0);
}

void mn_tx_cookie_skb(const struct sock *sk, const struct mn_tx_cookie *cookie,
		      struct sk_buff *skb)
{
	skb->mark = cookie->sockc.mark;
	skb->priority = cookie->tos >= 0 ? mn_tos_priority(cookie->tos) :
			READ_ONCE(sk->sk_priority);
	skb->tstamp = cookie->sockc.transmit_time;
	mynet_setup_tx_timestamp(skb, &cookie->sockc);
}

/* The address of this host that an answer to a packet for many would come from. */
static __be32 mn_spec_dst(const struct sock *sk, const struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct mynet_flow flow = { .daddr = iph->saddr, .mark = skb->mark };
	struct dst_entry *dst = skb_dst(skb);

	if (!dst || mynet_dst(dst)->type == RTN_LOCAL)
		return iph->daddr;
	if (IS_ERR(mynet_route_output(sock_net(sk), &flow)))
		return 0;
	return flow.saddr;
}

void mn_cmsg_prepare(const struct sock *sk, struct sk_buff *skb)
{
	struct mn_rx_cb told = { .frag_max = mynet_ip_frag_max(skb) };

	BUILD_BUG_ON(sizeof(struct mn_rx_cb) > offsetof(struct sock_exterr_skb, ee));
	*mn_rx_cb(skb) = told;
	if (!(READ_ONCE(mynet_sk(sk)->ip.cmsg) & MYNET_CMSG_PKTINFO))
		return;
	mn_rx_cb(skb)->ifindex = skb->skb_iif;
	mn_rx_cb(skb)->spec_dst = mn_spec_dst(sk, skb);
}

static void mn_put_pktinfo(struct sk_buff *skb, struct msghdr *msg)
{
	struct in_pktinfo info = {
		.ipi_ifindex	= mn_rx_cb(skb)->ifindex,
		.ipi_spec_dst	= { mn_rx_cb(skb)->spec_dst },
		.ipi_addr	= { ip_hdr(skb)->daddr },
	};

	put_cmsg(msg, SOL_IP, IP_PKTINFO, sizeof(info), &info);
}

static void mn_put_opts(struct sk_buff *skb, struct msghdr *msg)
{
	const struct iphdr *iph = ip_hdr(skb);

	if (iph->ihl > 5)
		put_cmsg(msg, SOL_IP, IP_RECVOPTS, iph->ihl * 4 - sizeof(*iph),
			 (void *)(iph + 1));
}

/* Gives the options of a packet as an answer would have them. */
static void mn_put_retopts(struct sk_buff *skb, struct msghdr *msg)
{
	const struct iphdr *iph = ip_hdr(skb);
	u8 options[40];

	if (iph->ihl > 5)
		put_cmsg(msg, SOL_IP, IP_RETOPTS, mynet_ip_options_reply(options, iph), options);
}

static void mn_put_origdst(const struct sock *sk, struct sk_buff *skb, struct msghdr *msg)
{
	struct sockaddr_mynet name;
	__be16 *ports, buf[2];

	ports = skb_header_pointer(skb, skb_transport_offset(skb), sizeof(buf), buf);
	if (!ports)
		return;
	mynet_name_fill(sk, &name, ip_hdr(skb)->daddr, ports[1]);
	put_cmsg(msg, SOL_IP, IP_ORIGDSTADDR, sizeof(name), &name);
}

/* The sum over the data alone, if a sum over all is known. */
static void mn_put_checksum(struct sk_buff *skb, struct msghdr *msg, unsigned int offset)
{
	__wsum csum = skb->csum;

	if (skb->ip_summed != CHECKSUM_COMPLETE)
		return;
	if (offset)
		csum = csum_sub(csum, skb_checksum(skb, skb_transport_offset(skb), offset, 0));
	put_cmsg(msg, SOL_IP, IP_CHECKSUM, sizeof(csum), &csum);
}

void mn_cmsg_recv(const struct sock *sk, struct sk_buff *skb, struct msghdr *msg,
		  unsigned int offset)
{
	u32 wanted = READ_ONCE(mynet_sk(sk)->ip.cmsg);
	int n;

	if (wanted & MYNET_CMSG_PKTINFO)
		mn_put_pktinfo(skb, msg);
	if (wanted & MYNET_CMSG_TTL) {
		n = ip_hdr(skb)->ttl;
		put_cmsg(msg, SOL_IP, IP_TTL, sizeof(n), &n);
	}
	if (wanted & MYNET_CMSG_TOS)
		put_cmsg(msg, SOL_IP, IP_TOS, 1, &ip_hdr(skb)->tos);
	if (wanted & MYNET_CMSG_RECVOPTS)
		mn_put_opts(skb, msg);
	if (wanted & MYNET_CMSG_RETOPTS)
		mn_put_retopts(skb, msg);
	if (wanted & MYNET_CMSG_ORIGDSTADDR)
		mn_put_origdst(sk, skb, msg);
	if (wanted & MYNET_CMSG_CHECKSUM)
		mn_put_checksum(skb, msg, offset);
	if (wanted & MYNET_CMSG_RECVFRAGSIZE && mn_rx_cb(skb)->frag_max) {
		n = mn_rx_cb(skb)->frag_max;
		put_cmsg(msg, SOL_IP, IP_RECVFRAGSIZE, sizeof(n), &n);
	}
}

static int mn_cmsg_int(const struct cmsghdr *cmsg, int low, int high, int *n)
{
	if (cmsg->cmsg_len != CMSG_LEN(sizeof(int)))
		return -EINVAL;
	*n = *(const int *)CMSG_DATA(cmsg);
	return *n < low || *n > high ? -EINVAL : 0;
}

static int mn_cmsg_tos(const struct cmsghdr *cmsg, s16 *tos)
{
	int n, err = 0;

	if (cmsg->cmsg_len == CMSG_LEN(sizeof(u8)))
		n = *(const u8 *)CMSG_DATA(cmsg);
	else
		err = mn_cmsg_int(cmsg, 0, 255, &n);
	if (!err)
		*tos = n;
	return err;
}

static int mn_cmsg_pktinfo(const struct cmsghdr *cmsg, struct mn_tx_cookie *cookie)
{
	const struct in_pktinfo *info = (const struct in_pktinfo *)CMSG_DATA(cmsg);

	if (cmsg->cmsg_len != CMSG_LEN(sizeof(*info)))
		return -EINVAL;
	cookie->oif = info->ipi_ifindex ?: cookie->oif;
	cookie->addr = info->ipi_spec_dst.s_addr;
	return 0;
}

static int mn_cmsg_options(const struct sock *sk, const struct cmsghdr *cmsg,
			   struct mn_tx_cookie *cookie)
{
	size_t len = min_t(size_t, cmsg->cmsg_len - CMSG_LEN(0), sizeof(cookie->options));
	int ret = mynet_ip_options_make(cookie->options, (const u8 *)CMSG_DATA(cmsg), len,
					mn_options_trusted(sk));

	if (ret < 0)
		return ret;
	cookie->own_options = true;
	cookie->optlen = ret;
	return 0;
}

static int mn_cmsg_send_ip(const struct sock *sk, const struct cmsghdr *cmsg,
			   struct mn_tx_cookie *cookie)
{
	int n = 0, err;

	switch (cmsg->cmsg_type) {
	case IP_RETOPTS:
		return mn_cmsg_options(sk, cmsg, cookie);
	case IP_PKTINFO:
		return mn_cmsg_pktinfo(cmsg, cookie);
	case IP_TTL:
		err = mn_cmsg_int(cmsg, 1, 255, &n);
		cookie->ttl = n;
		return err;
	case IP_TOS:
		return mn_cmsg_tos(cmsg, &cookie->tos);
	case IP_PROTOCOL:
		err = mn_cmsg_int(cmsg, 1, 255, &n);
		cookie->protocol = n;
		return err;
	default:
		return -EINVAL;
	}
}

int mn_cmsg_send(struct sock *sk, struct msghdr *msg, struct mn_tx_cookie *cookie)
{
	struct cmsghdr *cmsg;
	int err;

	for_each_cmsghdr(cmsg, msg) {
		if (!CMSG_OK(msg, cmsg))
			return -EINVAL;
		if (cmsg->cmsg_level == SOL_SOCKET)
			err = mynet_sock_cmsg(sk, msg, cmsg, &cookie->sockc);
		else if (cmsg->cmsg_level == SOL_IP)
			err = mn_cmsg_send_ip(sk, cmsg, cookie);
		else
			err = 0;
		if (err)
			return err;
	}
	return 0;
}
