// SPDX-License-Identifier: GPL-2.0
/*
 * IPv4 packets that come in (RFC 791, RFC 1122 3.2, RFC 1812 5.2): checked, trimmed, routed,
 * delivered.
 *
 * State: none.
 */
#include <linux/icmp.h>
#include <linux/rtnetlink.h>
#include <net/checksum.h>
#include <net/dst.h>

#include "internet/hooks.h"
#include "internet/inet.h"
#include "internet/ip_options.h"

u16 mynet_ip_frag_max(const struct sk_buff *skb)
{
	return mn_ip_cb((struct sk_buff *)skb)->frag_max;
}

u64 mynet_ip_route_key(const struct sk_buff *skb)
{
	return mn_ip_cb((struct sk_buff *)skb)->pass;
}

void *mynet_ip_early_conn(const struct sk_buff *skb)
{
	return mn_ip_cb((struct sk_buff *)skb)->conn;
}

/* A verdict on the header alone (RFC 1122 3.2.1): it leaves the packet as it is. */
static enum mynet_drop_reason mn_ip_check(struct sk_buff *skb)
{
	const struct iphdr *iph;
	unsigned int len;

	if (!pskb_may_pull(skb, sizeof(*iph)))
		return MYNET_DROP_IP_TRUNC;
	iph = ip_hdr(skb);
	if (iph->version != 4 || iph->ihl < 5)
		return MYNET_DROP_IP_HEADER;
	if (!pskb_may_pull(skb, iph->ihl * 4))
		return MYNET_DROP_IP_TRUNC;
	iph = ip_hdr(skb);
	if (ip_fast_csum(iph, iph->ihl))
		return MYNET_DROP_IP_CSUM;
	len = ntohs(iph->tot_len);
	if (len < iph->ihl * 4)
		return MYNET_DROP_IP_HEADER;
	if (skb->len < len)
		return MYNET_DROP_IP_TRUNC;
	return MYNET_DROP_NONE;
}

/* A packet that is cut behind its header is truncated, one that is cut within has no header. */
static bool mn_ip_has_header(const struct sk_buff *skb)
{
	return skb_headlen(skb) >= sizeof(struct iphdr) &&
	       skb_headlen(skb) >= ip_hdr(skb)->ihl * 4;
}

static void mn_ip_count_bad(struct mynet_net *mnet, const struct sk_buff *skb,
			    enum mynet_drop_reason why)
{
	switch (why) {
	case MYNET_DROP_IP_TRUNC:
		mynet_mib_inc(mnet, mn_ip_has_header(skb) ? MYNET_MIB_IP_IN_TRUNCATED :
			      MYNET_MIB_IP_IN_HDR_ERRORS);
		break;
	case MYNET_DROP_IP_CSUM:
		mynet_mib_inc(mnet, MYNET_MIB_IP_IN_CSUM_ERRORS);
		fallthrough;
	default:
		mynet_mib_inc(mnet, MYNET_MIB_IP_IN_HDR_ERRORS);
	}
}

/*
 * Drops a packet that routing refused, and tells its sender where a router has to (RFC 1812 5.2.7).
 */
static int mn_ip_refuse(struct sk_buff *skb, struct mynet_net *mnet, enum mynet_drop_reason why)
{
	switch (why) {
	case MYNET_DROP_IP_NO_ROUTE:
		mynet_mib_inc(mnet, MYNET_MIB_IP_IN_NO_ROUTES);
		mynet_icmp_error(skb, ICMP_DEST_UNREACH, ICMP_NET_UNREACH, 0);
		break;
	case MYNET_DROP_IP_UNREACHABLE:
		mynet_icmp_error(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
		break;
	case MYNET_DROP_IP_PROHIBITED:
		mynet_icmp_error(skb, ICMP_DEST_UNREACH, ICMP_PKT_FILTERED, 0);
		break;
	case MYNET_DROP_IP_RPFILTER:
		mynet_mib_inc(mnet, MYNET_MIB_IP_RPFILTER);
		break;
	case MYNET_DROP_IP_BLACKHOLE:
	case MYNET_DROP_IP_GROUP:
		break;
	default:
		mynet_mib_inc(mnet, MYNET_MIB_IP_IN_ADDR_ERRORS);
	}
	return mynet_drop(skb, why);
}

/* Padding of short frames is not part of the packet. */
static int mn_ip_trim(struct sk_buff *skb)
{
	return pskb_trim_rcsum(skb, ntohs(ip_hdr(skb)->tot_len));
}

/* Packets for many count as such once it is known that this host is one of these. */
static void mn_ip_count_many_in(struct mynet_net *mnet, const struct sk_buff *skb)
{
	u8 type = mynet_dst(skb_dst(skb))->type;

	if (type == RTN_MULTICAST) {
		mynet_mib_inc(mnet, MYNET_MIB_IP_IN_MCAST_PKTS);
		mynet_mib_add(mnet, MYNET_MIB_IP_IN_MCAST_OCTETS, skb->len);
	} else if (type == RTN_BROADCAST) {
		mynet_mib_inc(mnet, MYNET_MIB_IP_IN_BCAST_PKTS);
		mynet_mib_add(mnet, MYNET_MIB_IP_IN_BCAST_OCTETS, skb->len);
	}
}

/* Up to its transport. */
static int mn_ip_deliver_whole(struct sk_buff *skb)
{
	const struct mynet_inet_proto *proto;
	struct mynet_net *mnet = mynet_net(dev_net(skb->dev));
	u8 protocol;
	bool raw;

	if (!mynet_hook_run(mnet->net, skb, MYNET_HOOK_LOCAL_IN))
		return NET_RX_DROP;

	protocol = ip_hdr(skb)->protocol;
	__skb_pull(skb, mn_ip_hdrlen(skb));
	skb_reset_transport_header(skb);
	raw = mn_ip_deliver_raw(skb, protocol);
	if (unlikely(raw))
		mn_ip_cb(skb)->flags |= MN_IP_HEARD;
	proto = mn_inet_proto(protocol);
	if (unlikely(!proto && !raw)) {
		mynet_mib_inc(mnet, MYNET_MIB_IP_IN_UNKNOWN_PROTOS);
		mynet_icmp_error(skb, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, 0);
		return mynet_drop(skb, MYNET_DROP_IP_NO_PROTO);
	}
	mynet_hop(skb, MYNET_HOP_TRANSPORT_IN);
	mynet_mib_inc(mnet, MYNET_MIB_IP_IN_DELIVERS);
	if (likely(proto))
		return proto->input(skb);
	consume_skb(skb);
	return 0;
}

/*
 * Is the packet one of a conversation whose last packet had the same pass? Then it needs no route:
 * it would be the same. A router has more to route than to deliver, and does not ask.
 */
static bool mn_ip_early_demux(struct sk_buff *skb, const struct mn_indev *indev)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct mynet_inet_proto *proto = mn_inet_proto(iph->protocol);
	struct mn_ip_cb *cb = mn_ip_cb(skb);

	if (iph->ihl != 5 || mn_ip_fragment_of(iph) || skb->pkt_type != PACKET_HOST)
		return false;
	/* Before any look at the routes: what they become meanwhile ends the pass. */
	cb->pass = (u64)mn_fib_age(&indev->inet->fib) << 32 | skb->dev->ifindex;
	if (!proto || !proto->early_demux || READ_ONCE(indev->conf.forwarding))
		return false;
	cb->conn = proto->early_demux(skb, cb->pass);
	return cb->conn;
}

/* RFC 7126 4.3, 4.4: a source route is not followed. */
static enum mynet_drop_reason mn_ip_options_input(struct sk_buff *skb)
{
	struct mn_options *options = &mn_ip_cb(skb)->options;
	unsigned int len = mn_ip_hdrlen(skb) - sizeof(struct iphdr);
	int wrong = mn_options_check((u8 *)(ip_hdr(skb) + 1), len, options);

	if (wrong >= 0) {
		/* RFC 1122 3.2.1.8, 3.2.2.5 */
		mynet_icmp_error(skb, ICMP_PARAMETERPROB, 0,
				 htonl((u32)(sizeof(struct iphdr) + wrong) << 24));
		return MYNET_DROP_IP_OPTIONS;
	}
	if (options->srr != MN_OPT_NONE)
		return MYNET_DROP_IP_SOURCE_ROUTE;
	if (options->rr != MN_OPT_NONE || options->ts != MN_OPT_NONE)
		mn_ip_cb(skb)->flags |= MN_IP_RECORD;
	if (options->ra != MN_OPT_NONE)
		mn_ip_cb(skb)->flags |= MN_IP_ALERT;
	return MYNET_DROP_NONE;
}

int mn_ip_input(struct sk_buff *skb, struct mynet_dev *mdev)
{
	struct mynet_net *mnet = mdev->mnet;
	struct mn_indev *indev = mn_indev(mdev);
	enum mynet_drop_reason why;

	mynet_hop(skb, MYNET_HOP_IP_IN);
	mynet_mib_inc(mnet, MYNET_MIB_IP_IN_RECEIVES);
	/* RFC 4293: those of packets that are wrong too */
	mynet_mib_add(mnet, MYNET_MIB_IP_IN_OCTETS, skb->len);
	why = mn_ip_check(skb);
	if (unlikely(why)) {
		mn_ip_count_bad(mnet, skb, why);
		return mynet_drop(skb, why);
	}
	if (unlikely(mn_ip_trim(skb))) {
		mynet_mib_inc(mnet, MYNET_MIB_IP_IN_DISCARDS);
		return mynet_drop(skb, MYNET_DROP_IP_NOMEM);
	}
	*mn_ip_cb(skb) = (struct mn_ip_cb){};
	if (unlikely(ip_hdr(skb)->ihl > 5)) {
		why = mn_ip_options_input(skb);
		if (why) {
			mynet_mib_inc(mnet, MYNET_MIB_IP_IN_HDR_ERRORS);
			return mynet_drop(skb, why);
		}
	}
	/* A router asks how long the segments of a packet are, wherever its device put the mark. */
	skb_set_transport_header(skb, mn_ip_hdrlen(skb));
	skb_orphan(skb);

	if (!mynet_hook_run(mnet->net, skb, MYNET_HOOK_PRE_ROUTING))
		return NET_RX_DROP;
	if (unlikely(!indev))
		return mynet_drop(skb, MYNET_DROP_LINK_UNATTACHED);
	skb_dst_drop(skb);
	if (mn_ip_early_demux(skb, indev))
		return mn_ip_deliver_whole(skb);
	why = mn_route_input(skb, indev);
	if (unlikely(why))
		return mn_ip_refuse(skb, mnet, why);
	mn_ip_count_many_in(mnet, skb);
	return skb_dst(skb)->input(skb);
}

int mn_ip_deliver(struct sk_buff *skb)
{
	if (unlikely(mn_ip_cb(skb)->flags & MN_IP_RECORD) && !mn_ip_options_deliver(skb))
		return mynet_drop(skb, MYNET_DROP_IP_NOMEM);
	if (unlikely(mn_ip_fragment_of(ip_hdr(skb)))) {
		skb = mn_ip_reassemble(skb);
		if (!skb)
			return 0;
	}
	return mn_ip_deliver_whole(skb);
}
