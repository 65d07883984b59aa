// SPDX-License-Identifier: GPL-2.0
/*
 * The header of packets that this host sends (RFC 791, RFC 1122 3.2.1), and its identification. The
 * packet goes where its dst leads.
 *
 * State: counters that identifications are taken from.
 */
#include <linux/cache.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <linux/siphash.h>
#include <net/dst.h>
#include <net/netns/hash.h>

#include "internet/hooks.h"
#include "internet/inet.h"

/*
 * RFC 6864: only a packet that may be cut needs an identification, unique among those between
 * the same hosts for as long as fragments live. Hosts and protocol choose one of these counters
 * by a secret key, so that nobody can count our packets by his own.
 */
#define MN_IDENTS	2048

static struct mn_ident {
	atomic_t	next;
	u32		used;	/* when: jiffies */
} mn_idents[MN_IDENTS];
static siphash_aligned_key_t mn_ident_key __read_mostly;

void __init mn_ip_ident_init(void)
{
	unsigned int i;

	get_random_bytes(&mn_ident_key, sizeof(mn_ident_key));
	for (i = 0; i < MN_IDENTS; i++)
		atomic_set(&mn_idents[i].next, get_random_u32());
}

/*
 * How far a counter goes on by itself: a random part of the time since it was used last. A host
 * that shares a counter with others, or idles, so does not tell how many packets it sent.
 */
static u32 mn_ident_noise(struct mn_ident *ident)
{
	u32 now = jiffies, used = READ_ONCE(ident->used);

	if (used == now || cmpxchg(&ident->used, used, now) != used)
		return 0;
	return get_random_u32_below(now - used);
}

void mn_ip_select_id(struct net *net, struct iphdr *iph, unsigned int segments)
{
	u64 pair = (u64)(__force u32)iph->saddr << 32 | (__force u32)iph->daddr;
	u64 hash = siphash_2u64(pair, (u64)net_hash_mix(net) << 8 | iph->protocol, &mn_ident_key);
	struct mn_ident *ident = &mn_idents[hash % MN_IDENTS];
	u32 last = atomic_add_return(segments + mn_ident_noise(ident), &ident->next);

	/* The number that the count starts from differs from pair to pair: see the upper half. */
	iph->id = htons((u16)(last - segments + (hash >> 48)));
}

static int mn_ip_local_output(struct net *net, struct sock *sk, struct sk_buff *skb, u8 flags)
{
	struct mynet_net *mnet = mynet_net(net);
	struct iphdr *iph = ip_hdr(skb);

	iph->tot_len = htons(skb->len);
	mn_ip_checksum(iph);
	*mn_ip_cb(skb) = (struct mn_ip_cb){ .flags = flags };
	skb->protocol = htons(ETH_P_IP);
	mynet_mib_inc(mnet, MYNET_MIB_IP_OUT_REQUESTS);
	mynet_mib_add(mnet, MYNET_MIB_IP_OUT_OCTETS, skb->len);
	if (!mynet_hook_run(net, skb, MYNET_HOOK_LOCAL_OUT))
		return -EPERM;
	return skb_dst(skb)->output(net, sk, skb);
}

int mynet_ip_local_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct iphdr *iph = ip_hdr(skb);

	if (!iph->id && !(iph->frag_off & htons(MN_IP_DF)))
		mn_ip_select_id(net, iph, 1);
	return mn_ip_local_output(net, sk, skb, 0);
}

u8 mynet_ip_default_ttl(const struct net *net)
{
	return READ_ONCE(mn_inet(net)->conf.ttl);
}

static u8 mn_ip_ttl(struct net *net, const struct dst_entry *dst, const struct mynet_ip_head *head)
{
	if (head->ttl || mn_addr_multicast(head->daddr))
		return head->ttl;
	return container_of(dst, const struct mynet_dst, dst)->metrics.hoplimit ?:
	       mynet_ip_default_ttl(net);
}

int mynet_ip_output(struct net *net, struct sock *sk, struct sk_buff *skb,
		    const struct mynet_ip_head *head)
{
	unsigned int hlen = sizeof(struct iphdr) + head->optlen;
	struct dst_entry *dst = skb_dst(skb);
	struct iphdr *iph;

	mynet_hop(skb, MYNET_HOP_TRANSPORT_OUT);
	if (skb_cow_head(skb, hlen + LL_RESERVED_SPACE(dst->dev))) {
		mynet_mib_inc(mynet_net(net), MYNET_MIB_IP_OUT_DISCARDS);
		mynet_drop(skb, MYNET_DROP_IP_NOMEM);
		return -ENOBUFS;
	}
	skb_push(skb, hlen);
	skb_reset_network_header(skb);
	iph = ip_hdr(skb);
	if (head->optlen)
		memcpy(iph + 1, head->options, head->optlen);
	*iph = (struct iphdr){
		.version	= 4,
		.ihl		= hlen / 4,
		.tos		= head->tos,
		.frag_off	= head->df ? htons(MN_IP_DF) : 0,
		.ttl		= mn_ip_ttl(net, dst, head),
		.protocol	= head->protocol,
		.saddr		= head->saddr,
		.daddr		= head->daddr,
	};
	if (head->optlen)
		mn_ip_options_output(net, iph);
	/* The segments of a GSO packet count on from its identification. */
	if (!head->df || skb_is_gso(skb))
		mn_ip_select_id(net, iph, skb_is_gso(skb) ? skb_shinfo(skb)->gso_segs : 1);
	return mn_ip_local_output(net, sk, skb, head->noloop ? MN_IP_NOLOOP : 0);
}
