// SPDX-License-Identifier: GPL-2.0
/*
 * IPv4 packets that come in (RFC 791, RFC 1122 3.2, RFC 1812 5.2): checked, trimmed, routed,
 * delivered.
 *
 * State: mynet_inet_protos, the transports, and mynet_raw_ops, who hears of packets beside
 * them; under RCU.
 */
#include <linux/icmp.h>
#include <linux/rtnetlink.h>
#include <net/checksum.h>
#include <net/dst.h>

#include "internet/hooks.h"
#include "internet/inet.h"

static const struct mynet_inet_proto __rcu *mynet_inet_protos[256] __read_mostly;

int mynet_inet_proto_add(const struct mynet_inet_proto *proto, u8 protocol)
{
	const struct mynet_inet_proto *old;

	old = cmpxchg((__force const struct mynet_inet_proto **)&mynet_inet_protos[protocol],
		      NULL, proto);
	return old ? -EBUSY : 0;
}

void mynet_inet_proto_del(const struct mynet_inet_proto *proto, u8 protocol)
{
	const struct mynet_inet_proto *old;

	old = cmpxchg((__force const struct mynet_inet_proto **)&mynet_inet_protos[protocol],
		      proto, NULL);
	WARN_ON(old != proto);
	synchronize_rcu();
}

const struct mynet_inet_proto *mn_inet_proto(u8 protocol)
{
	return rcu_dereference(mynet_inet_protos[protocol]);
}

/* Beside the transports. */

static const struct mynet_raw_ops __rcu *mynet_raw_ops __read_mostly;
/* How many listen to a protocol, in all namespaces: all that most packets look at. */
static atomic_t mynet_inet_raw[256] __read_mostly;

void mynet_raw_ops_set(const struct mynet_raw_ops *upper)
{
	rcu_assign_pointer(mynet_raw_ops, upper);
	synchronize_rcu();
}

void mynet_inet_raw_listen(u8 protocol, int n)
{
	atomic_add(n, &mynet_inet_raw[protocol]);
}

const struct mynet_raw_ops *mn_raw_ops(void)
{
	return rcu_dereference(mynet_raw_ops);
}

/* Copies for those who listen. Return: true if anybody is meant. */
static bool mn_ip_deliver_raw(struct sk_buff *skb, u8 protocol)
{
	const struct mynet_raw_ops *upper;

	if (likely(!atomic_read(&mynet_inet_raw[protocol])))
		return false;
	upper = mn_raw_ops();
	return upper && upper->raw(skb);
}

bool mn_inet_raw_error(struct sk_buff *skb, u8 protocol, u32 info)
{
	const struct mynet_raw_ops *upper;

	if (!atomic_read(&mynet_inet_raw[protocol]))
		return false;
	upper = mn_raw_ops();
	return upper && upper->raw_error(skb, info);
}

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
