// SPDX-License-Identifier: GPL-2.0
/*
 * ICMP errors that leave (RFC 792, RFC 1122 3.2.2, RFC 1812 4.3.2): to whom, how much of the packet
 * is quoted, and when to be silent.
 *
 * State: struct mn_icmp_limit, a bucket of errors, under its lock.
 */
#include <linux/icmp.h>
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <net/checksum.h>
#include <net/dst.h>

#include "internet/inet.h"

/* RFC 1812 4.3.2.3: the whole error should not exceed what every host can take. */
#define MN_ERROR_MAX	576

/* Errors that one destination may get at once. */
#define MN_ERROR_PEER_BURST	6

void mn_icmp_error_net_init(struct mn_inet *inet)
{
	struct mn_icmp_limit *limit = &inet->icmp_limit;
	unsigned int i;

	spin_lock_init(&limit->lock);
	limit->filled = jiffies;
	limit->tokens = inet->conf.error_burst;
	get_random_bytes(&limit->key, sizeof(limit->key));
	for (i = 0; i < ARRAY_SIZE(limit->peers); i++)
		limit->peers[i] = (struct mn_icmp_peers){ .credit = U32_MAX, .filled = jiffies };
}

/*
 * To one destination: one in each interval, and a few at once. An error costs an interval on
 * average: a destination that shares its place with another one cannot count the other's errors.
 */
static bool mn_error_allowed_to(struct mn_inet *inet, __be32 daddr)
{
	unsigned int interval = msecs_to_jiffies(READ_ONCE(inet->conf.error_interval));
	struct mn_icmp_limit *limit = &inet->icmp_limit;
	u32 hash = siphash_1u32((__force u32)daddr, &limit->key);
	struct mn_icmp_peers *peers = &limit->peers[hash >> (32 - MN_ICMP_PEERS_BITS)];
	u64 most = (u64)interval * MN_ERROR_PEER_BURST, credit;
	u32 now = jiffies;
	bool allowed;

	if (!interval)
		return true;
	spin_lock_bh(&limit->lock);
	credit = min((u64)peers->credit + (now - peers->filled), most);
	allowed = credit >= interval;
	if (allowed)
		credit -= min(credit, (u64)interval / 2 + get_random_u32_below(interval + 1));
	peers->credit = min_t(u64, credit, U32_MAX);
	peers->filled = now;
	spin_unlock_bh(&limit->lock);
	return allowed;
}

/*
 * RFC 1812 4.3.2.8: so many a second, and a burst of so many. An error takes none, one or two from
 * what is left: nobody can use up the burst and learn from what then comes or does not come back
 * whether his forged packets made this host send errors to others.
 */
static bool mn_error_allowed(struct mn_inet *inet)
{
	struct mn_icmp_limit *limit = &inet->icmp_limit;
	unsigned int rate = READ_ONCE(inet->conf.error_rate);
	unsigned int burst = READ_ONCE(inet->conf.error_burst);
	unsigned long now = jiffies, passed;
	bool allowed;

	spin_lock_bh(&limit->lock);
	passed = min_t(unsigned long, now - limit->filled, HZ);
	if (passed * rate >= HZ) {
		limit->tokens += passed * rate / HZ;
		limit->filled = now;
	}
	limit->tokens = min(limit->tokens, burst);	/* a smaller burst holds from now on */
	allowed = limit->tokens;
	if (allowed)
		limit->tokens -= min(limit->tokens, get_random_u32_below(3));
	spin_unlock_bh(&limit->lock);
	return allowed;
}

/* An error about this packet could be one about an error. */
static bool mn_about_error(struct sk_buff *skb, const struct iphdr *iph)
{
	u8 type, *p;

	if (iph->protocol != IPPROTO_ICMP)
		return false;
	p = skb_header_pointer(skb, skb_network_offset(skb) + iph->ihl * 4, sizeof(type), &type);
	if (!p)
		return true;
	switch (*p) {
	case ICMP_ECHO:
	case ICMP_ECHOREPLY:
	case ICMP_TIMESTAMP:
	case ICMP_TIMESTAMPREPLY:
	case ICMP_INFO_REQUEST:
	case ICMP_INFO_REPLY:
	case ICMP_ADDRESS:
	case ICMP_ADDRESSREPLY:
		return false;
	default:
		return true;
	}
}

/* RFC 1122 3.2.2, RFC 1812 4.3.2.7: what is answered with silence. */
static bool mn_error_unwanted(struct sk_buff *skb, const struct iphdr *iph)
{
	if (skb->pkt_type != PACKET_HOST && skb->pkt_type != PACKET_OUTGOING &&
	    skb->pkt_type != PACKET_LOOPBACK)
		return true;
	if (mn_addr_multicast(iph->daddr) || mn_addr_broadcast(iph->daddr))
		return true;
	if (!iph->saddr || mn_addr_zeronet(iph->saddr) || mn_addr_multicast(iph->saddr) ||
	    mn_addr_broadcast(iph->saddr))
		return true;
	if (iph->frag_off & htons(0x1fff))
		return true;
	return mn_about_error(skb, iph);
}

/*
 * RFC 1122 3.2.1.3, RFC 1812 4.3.2.4: from the address that was spoken to, else from one of the
 * device by which the error leaves.
 */
static __be32 mn_error_source(struct net *net, const struct iphdr *iph)
{
	return mynet_ifaddr_find(net, iph->daddr) ? iph->daddr : 0;
}

static struct sk_buff *mn_error_build(struct sk_buff *skb, const struct icmphdr *head,
				      const struct dst_entry *dst)
{
	unsigned int room = MN_ERROR_MAX - sizeof(struct iphdr) - sizeof(*head);
	unsigned int quote = min(skb->len - (unsigned int)skb_network_offset(skb), room);
	unsigned int reserve = LL_RESERVED_SPACE(dst->dev) + sizeof(struct iphdr);
	struct icmphdr *icmph;
	struct sk_buff *error;

	error = alloc_skb(reserve + sizeof(*head) + quote, GFP_ATOMIC);
	if (!error)
		return NULL;
	skb_reserve(error, reserve);
	skb_reset_transport_header(error);
	icmph = skb_put_data(error, head, sizeof(*head));
	if (skb_copy_bits(skb, skb_network_offset(skb), skb_put(error, quote), quote)) {
		error->dev = dst->dev;
		mynet_drop(error, MYNET_DROP_IP_NOMEM);
		return NULL;
	}
	icmph->checksum = csum_fold(csum_partial(icmph, sizeof(*head) + quote, 0));
	return error;
}

static void mn_error_count(struct mynet_net *mnet, u8 type)
{
	mynet_mib_inc(mnet, MYNET_MIB_ICMP_OUT_MSGS);
	switch (type) {
	case ICMP_DEST_UNREACH:
		mynet_mib_inc(mnet, MYNET_MIB_ICMP_OUT_DEST_UNREACHS);
		break;
	case ICMP_TIME_EXCEEDED:
		mynet_mib_inc(mnet, MYNET_MIB_ICMP_OUT_TIME_EXCDS);
		break;
	case ICMP_PARAMETERPROB:
		mynet_mib_inc(mnet, MYNET_MIB_ICMP_OUT_PARM_PROBS);
		break;
	case ICMP_REDIRECT:
		mynet_mib_inc(mnet, MYNET_MIB_ICMP_OUT_REDIRECTS);
		break;
	}
}

static void mn_error_send(struct mn_inet *inet, struct sk_buff *skb, const struct iphdr *iph,
			  const struct icmphdr *icmph)
{
	struct net *net = inet->mnet->net;
	struct mynet_ip_head head = {
		.daddr		= iph->saddr,
		.protocol	= IPPROTO_ICMP,
		/* RFC 1812 4.3.2.5: internetwork control for errors of a router */
		.tos		= (iph->tos & 0x1c) | 0xc0,
	};
	struct mynet_flow flow = {
		.daddr	= iph->saddr,
		.saddr	= mn_error_source(net, iph),
		.mark	= skb->mark,
		.tos	= head.tos & ~3,
		.proto	= IPPROTO_ICMP,
	};
	struct mynet_dst *dst = mynet_route_output(net, &flow);
	struct sk_buff *error;

	if (IS_ERR(dst) || !flow.saddr)
		return;
	error = mn_error_build(skb, icmph, &dst->dst);
	if (!error) {
		mynet_mib_inc(inet->mnet, MYNET_MIB_ICMP_OUT_ERRORS);
		return;
	}
	head.saddr = flow.saddr;
	skb_dst_set_noref(error, &dst->dst);
	mn_error_count(inet->mnet, icmph->type);
	mynet_ip_output(net, NULL, error, &head);
}

/* RFC 1191 4: without some a path stays black. This host may ask itself as often as it likes. */
static bool mn_error_unlimited(const struct sk_buff *skb, u8 type, u8 code)
{
	return (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED) ||
	       (skb->dev && skb->dev->flags & IFF_LOOPBACK);
}

void mynet_icmp_error(struct sk_buff *skb, u8 type, u8 code, __be32 info)
{
	struct mn_inet *inet = mn_skb_inet(skb);
	const struct iphdr *iph = ip_hdr(skb);
	struct icmphdr icmph = { .type = type, .code = code, .un.gateway = info };

	if (mn_error_unwanted(skb, iph))
		return;
	if (!mn_error_unlimited(skb, type, code)) {
		if (!mn_error_allowed_to(inet, iph->saddr)) {
			mynet_mib_inc(inet->mnet, MYNET_MIB_ICMP_OUT_RATE_LIMIT_HOST);
			return;
		}
		if (!mn_error_allowed(inet)) {
			mynet_mib_inc(inet->mnet, MYNET_MIB_ICMP_OUT_RATE_LIMIT);
			return;
		}
	}
	mn_error_send(inet, skb, iph, &icmph);
}

/* mynet_link_ops.unreachable: no neighbour answered for a packet's next hop (RFC 1812 5.2.7.1). */
void mn_icmp_unreachable(struct sk_buff *skb)
{
	mynet_icmp_error(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
	mynet_drop(skb, MYNET_DROP_IP_HOST_SILENT);
}
