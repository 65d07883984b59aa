/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The checksum that UDP and TCP share (RFC 768, RFC 9293 3.1): over a pseudo header and all the
 * rest, left to the device where that can do it.
 */
#ifndef MN_CSUM_H
#define MN_CSUM_H

#include <linux/ip.h>
#include <linux/skbuff.h>
#include <net/checksum.h>

/**
 * mn_csum_leave() - let the device, or whoever segments, compute the checksum
 * @skb: packet; skb->data and transport header at the transport's header
 * @check: offset of the checksum field in that header
 * @protocol: IPPROTO_*
 * @saddr: source
 * @daddr: destination
 *
 * A device that cannot has it done by the core on the way.
 *
 * Context: Any.
 */
static inline void mn_csum_leave(struct sk_buff *skb, unsigned int check, u8 protocol,
				 __be32 saddr, __be32 daddr)
{
	__sum16 *sum = (__sum16 *)(skb_transport_header(skb) + check);

	*sum = ~csum_tcpudp_magic(saddr, daddr, skb->len, protocol, 0);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = check;
}

/* The pseudo header of a packet that came in: skb->data at the transport's header. */
static inline __wsum mn_csum_pseudo_in(struct sk_buff *skb, int protocol)
{
	const struct iphdr *iph = ip_hdr(skb);

	return csum_tcpudp_nofold(iph->saddr, iph->daddr, skb->len, protocol, 0);
}

/**
 * mn_csum_check() - is the checksum of a packet that came in right?
 * @skb: packet; skb->data at the transport's header
 * @protocol: IPPROTO_*
 *
 * Computes it over short packets and asks the device's opinion first. Of long ones that the device
 * did not check it leaves skb->csum for skb_checksum_complete(), or for copying with a sum.
 *
 * Context: Any.
 * Return: false if it is known to be wrong.
 */
static inline bool mn_csum_check(struct sk_buff *skb, u8 protocol)
{
	return !skb_checksum_init(skb, protocol, mn_csum_pseudo_in);
}

#endif /* MN_CSUM_H */
