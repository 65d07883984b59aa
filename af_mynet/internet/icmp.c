// SPDX-License-Identifier: GPL-2.0
/*
 * ICMP that comes in (RFC 792, RFC 1122 3.2.2): echo and timestamp are answered, errors go up to
 * the transport that sent what they are about.
 *
 * State: none.
 */
#include <linux/icmp.h>
#include <linux/rtnetlink.h>
#include <linux/math64.h>
#include <linux/timekeeping.h>
#include <net/checksum.h>
#include <net/dst.h>

#include "internet/inet.h"

/* RFC 1122 3.2.2.6, 3.2.2.8: broadcast requests may be passed over in silence, and are. */
static bool mn_icmp_for_group(const struct sk_buff *skb)
{
	return mynet_dst(skb_dst(skb))->type != RTN_LOCAL;
}

/*
 * Sends a request back as the answer. The packet itself is turned round: its payload, however
 * large and in however many pieces, is not touched.
 */
static int mn_icmp_turn_round(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	struct mynet_net *mnet = mynet_net(net);
	const struct iphdr *iph = ip_hdr(skb);
	struct mynet_ip_head head = {
		.saddr		= mn_icmp_for_group(skb) ? 0 : iph->daddr,
		.daddr		= iph->saddr,
		.protocol	= IPPROTO_ICMP,
		.tos		= iph->tos,
	};
	struct mynet_flow flow = {
		.daddr	= head.daddr,
		.saddr	= head.saddr,
		.mark	= skb->mark,
		.tos	= head.tos & ~3,
		.proto	= IPPROTO_ICMP,
	};
	u8 options[MN_OPT_MAX];
	struct mynet_dst *dst;

	if (mn_ip_cb(skb)->flags & MN_IP_RECORD) {
		head.optlen = mn_options_echo(options, (const u8 *)(iph + 1),
					      &mn_ip_cb(skb)->options);
		head.options = options;
	}
	dst = mynet_route_output(net, &flow);
	if (IS_ERR(dst)) {
		mynet_mib_inc(mnet, MYNET_MIB_IP_OUT_NO_ROUTES);
		return mynet_drop(skb, MYNET_DROP_IP_NO_ROUTE);
	}
	head.saddr = flow.saddr;
	skb_scrub_packet(skb, false);
	skb_dst_set_noref(skb, &dst->dst);
	skb->priority = 0;
	skb->pkt_type = PACKET_HOST;	/* the loopback device leaves it as it is */
	skb->ip_summed = CHECKSUM_NONE;
	mynet_mib_inc(mnet, MYNET_MIB_ICMP_OUT_MSGS);
	mynet_mib_inc(mnet, icmp_hdr(skb)->type == ICMP_ECHOREPLY ?
		      MYNET_MIB_ICMP_OUT_ECHO_REPS : MYNET_MIB_ICMP_OUT_TIMESTAMP_REPS);
	mynet_ip_output(net, NULL, skb, &head);
	return 0;
}

/* The ICMP header is written to; it lies in the packet's head. */
static bool mn_icmp_make_writable(struct sk_buff *skb, unsigned int len)
{
	unsigned int pushed = skb->data - skb_network_header(skb);
	bool writable;

	__skb_push(skb, pushed);
	writable = !skb_ensure_writable(skb, pushed + len);
	__skb_pull(skb, pushed);
	return writable;
}

static int mn_icmp_echo(struct sk_buff *skb, struct mn_inet *inet)
{
	struct icmphdr *icmph;

	mynet_mib_inc(inet->mnet, MYNET_MIB_ICMP_IN_ECHOS);
	if (READ_ONCE(inet->conf.echo_ignore_all) ||
	    (mn_icmp_for_group(skb) && READ_ONCE(inet->conf.echo_ignore_broadcasts)))
		return mynet_drop(skb, MYNET_DROP_ICMP_IGNORED);
	if (!mn_icmp_make_writable(skb, sizeof(*icmph)))
		return mynet_drop(skb, MYNET_DROP_IP_NOMEM);

	icmph = icmp_hdr(skb);
	csum_replace2(&icmph->checksum, htons(ICMP_ECHO << 8), htons(ICMP_ECHOREPLY << 8));
	icmph->type = ICMP_ECHOREPLY;
	return mn_icmp_turn_round(skb);
}

static int mn_icmp_timestamp(struct sk_buff *skb, struct mn_inet *inet)
{
	struct icmphdr *icmph;
	__be32 *times;

	mynet_mib_inc(inet->mnet, MYNET_MIB_ICMP_IN_TIMESTAMPS);
	if (mn_icmp_for_group(skb) && READ_ONCE(inet->conf.echo_ignore_broadcasts))
		return mynet_drop(skb, MYNET_DROP_ICMP_IGNORED);
	if (skb->len < sizeof(*icmph) + 3 * sizeof(*times))
		return mynet_drop(skb, MYNET_DROP_ICMP_TRUNC);
	if (pskb_trim(skb, sizeof(*icmph) + 3 * sizeof(*times)) ||
	    !mn_icmp_make_writable(skb, sizeof(*icmph) + 3 * sizeof(*times)))
		return mynet_drop(skb, MYNET_DROP_IP_NOMEM);

	icmph = icmp_hdr(skb);
	times = (__be32 *)(icmph + 1);
	times[1] = mn_icmp_clock();
	times[2] = times[1];
	icmph->type = ICMP_TIMESTAMPREPLY;
	icmph->checksum = 0;
	icmph->checksum = csum_fold(csum_partial(icmph, sizeof(*icmph) + 3 * sizeof(*times), 0));
	return mn_icmp_turn_round(skb);
}

/* RFC 1122 3.2.2: an error quotes at least eight bytes behind the header that it is about. */
static bool mn_icmp_quote_whole(struct sk_buff *skb)
{
	unsigned int need = sizeof(struct icmphdr) + sizeof(struct iphdr);
	const struct iphdr *quoted;

	if (!pskb_may_pull(skb, need))
		return false;
	quoted = (const struct iphdr *)(skb->data + sizeof(struct icmphdr));
	if (quoted->version != 4 || quoted->ihl < 5)
		return false;
	return pskb_may_pull(skb, sizeof(struct icmphdr) + quoted->ihl * 4 + 8);
}

/* RFC 1191 4: an MTU below what every host must take is none. */
static u32 mn_icmp_error_info(const struct icmphdr *icmph)
{
	if (icmph->type == ICMP_DEST_UNREACH && icmph->code == ICMP_FRAG_NEEDED)
		return ntohs(icmph->un.frag.mtu);
	return ntohl(icmph->un.gateway);
}

static int mn_icmp_error_in(struct sk_buff *skb, struct mn_inet *inet)
{
	const struct mynet_inet_proto *proto;
	const struct iphdr *quoted;
	bool claimed;
	u32 info;

	if (!mn_icmp_quote_whole(skb)) {
		mynet_mib_inc(inet->mnet, MYNET_MIB_ICMP_IN_ERRORS);
		return mynet_drop(skb, MYNET_DROP_ICMP_TRUNC);
	}
	info = mn_icmp_error_info(icmp_hdr(skb));
	__skb_pull(skb, sizeof(struct icmphdr));
	quoted = (const struct iphdr *)skb->data;
	claimed = mn_inet_raw_error(skb, quoted->protocol, info);
	proto = mn_inet_proto(quoted->protocol);
	if (proto && proto->error) {
		proto->error(skb, info);
		claimed = true;
	}
	if (!claimed)
		return mynet_drop(skb, MYNET_DROP_ICMP_UNCLAIMED);
	consume_skb(skb);
	return 0;
}

/* Makes the flow of the packet that an error quotes. Return: false: this host did not send it. */
static bool mn_icmp_quoted_flow(struct net *net, const struct iphdr *quoted,
				struct mynet_flow *flow)
{
	*flow = (struct mynet_flow){
		.daddr	= quoted->daddr,
		.saddr	= quoted->saddr,
		.tos	= quoted->tos & ~3,
		.proto	= quoted->protocol,
	};
	return !mn_addr_many(quoted->daddr) && mynet_ifaddr_find(net, quoted->saddr);
}

/* RFC 1122 3.2.2.2: a host believes it, a router (RFC 1812 5.2.7.2) does not. */
static int mn_icmp_redirect(struct sk_buff *skb, struct mn_inet *inet)
{
	struct mynet_dev *mdev = mynet_dev_find(skb->dev);
	struct mn_indev *indev = mdev ? mn_indev(mdev) : NULL;
	struct mynet_flow flow;

	if (!mn_icmp_quote_whole(skb)) {
		mynet_mib_inc(inet->mnet, MYNET_MIB_ICMP_IN_ERRORS);
		return mynet_drop(skb, MYNET_DROP_ICMP_TRUNC);
	}
	if (!indev || !READ_ONCE(indev->conf.accept_redirects) ||
	    READ_ONCE(indev->conf.forwarding) ||
	    !mn_icmp_quoted_flow(inet->mnet->net, (void *)(icmp_hdr(skb) + 1), &flow) ||
	    !mn_path_redirect(inet, &flow, ip_hdr(skb)->saddr, icmp_hdr(skb)->un.gateway,
			      skb->dev))
		return mynet_drop(skb, MYNET_DROP_ICMP_IGNORED);
	consume_skb(skb);
	return 0;
}

/* A message that means nothing to this host ends well if a program heard it by a raw socket. */
static int mn_icmp_leave(struct sk_buff *skb, enum mynet_drop_reason why)
{
	if (!(mn_ip_cb(skb)->flags & MN_IP_HEARD))
		return mynet_drop(skb, why);
	consume_skb(skb);
	return 0;
}

/* RFC 1122 3.2.2.6: to whoever asked. Raw sockets have theirs already. */
static int mn_icmp_reply(struct sk_buff *skb)
{
	const struct mynet_raw_ops *upper = mn_raw_ops();

	if (!upper || !upper->ping(skb))
		return mn_icmp_leave(skb, MYNET_DROP_ICMP_UNCLAIMED);
	return 0;
}

static int mn_icmp_dispatch(struct sk_buff *skb, struct mn_inet *inet)
{
	switch (icmp_hdr(skb)->type) {
	case ICMP_ECHO:
		return mn_icmp_echo(skb, inet);
	case ICMP_TIMESTAMP:
		return mn_icmp_timestamp(skb, inet);
	case ICMP_DEST_UNREACH:
		mynet_mib_inc(inet->mnet, MYNET_MIB_ICMP_IN_DEST_UNREACHS);
		return mn_icmp_error_in(skb, inet);
	case ICMP_TIME_EXCEEDED:
		mynet_mib_inc(inet->mnet, MYNET_MIB_ICMP_IN_TIME_EXCDS);
		return mn_icmp_error_in(skb, inet);
	case ICMP_PARAMETERPROB:
		mynet_mib_inc(inet->mnet, MYNET_MIB_ICMP_IN_PARM_PROBS);
		return mn_icmp_error_in(skb, inet);
	case ICMP_REDIRECT:
		mynet_mib_inc(inet->mnet, MYNET_MIB_ICMP_IN_REDIRECTS);
		return mn_icmp_redirect(skb, inet);
	case ICMP_ECHOREPLY:
		mynet_mib_inc(inet->mnet, MYNET_MIB_ICMP_IN_ECHO_REPS);
		return mn_icmp_reply(skb);
	case ICMP_EXT_ECHOREPLY:
		return mn_icmp_reply(skb);
	default:
		/* RFC 1122 3.2.2: of unknown type: silently */
		return mn_icmp_leave(skb, MYNET_DROP_ICMP_TYPE);
	}
}

static int mn_icmp_input(struct sk_buff *skb)
{
	struct mn_inet *inet = mn_inet(dev_net(skb->dev));

	mynet_mib_inc(inet->mnet, MYNET_MIB_ICMP_IN_MSGS);
	if (!pskb_may_pull(skb, sizeof(struct icmphdr))) {
		mynet_mib_inc(inet->mnet, MYNET_MIB_ICMP_IN_ERRORS);
		return mynet_drop(skb, MYNET_DROP_ICMP_TRUNC);
	}
	if (skb_checksum_simple_validate(skb)) {
		mynet_mib_inc(inet->mnet, MYNET_MIB_ICMP_IN_CSUM_ERRORS);
		mynet_mib_inc(inet->mnet, MYNET_MIB_ICMP_IN_ERRORS);
		return mynet_drop(skb, MYNET_DROP_ICMP_CSUM);
	}
	return mn_icmp_dispatch(skb, inet);
}

/*
 * About an ICMP message of this host. Answers are what it sends by itself: there is nobody to ask
 * whether it did. The rest is believed by the socket that sent it.
 */
static void mn_icmp_error_about(struct sk_buff *skb, u32 info)
{
	const struct iphdr *quoted = (const struct iphdr *)skb->data;
	const struct icmphdr *about = (const struct icmphdr *)(skb->data + quoted->ihl * 4);
	const struct mynet_raw_ops *upper = mn_raw_ops();
	struct net *net = dev_net(skb->dev);
	struct mynet_flow flow;

	if (about->type != ICMP_ECHOREPLY) {
		if (upper)
			upper->ping_error(skb, info);
		return;
	}
	if (icmp_hdr(skb)->type == ICMP_DEST_UNREACH && icmp_hdr(skb)->code == ICMP_FRAG_NEEDED &&
	    mn_icmp_quoted_flow(net, quoted, &flow))
		mn_path_update_mtu(mn_inet(net), &flow, info, false);
}

static const struct mynet_inet_proto mn_icmp_proto = {
	.input	= mn_icmp_input,
	.error	= mn_icmp_error_about,
};

/* Counts a message of a program by the type that it has. */
void mynet_icmp_count_out(struct net *net, u8 type)
{
	static const u16 counters[] = {
		[ICMP_ECHOREPLY]	= MYNET_MIB_ICMP_OUT_ECHO_REPS,
		[ICMP_DEST_UNREACH]	= MYNET_MIB_ICMP_OUT_DEST_UNREACHS,
		[ICMP_REDIRECT]		= MYNET_MIB_ICMP_OUT_REDIRECTS,
		[ICMP_ECHO]		= MYNET_MIB_ICMP_OUT_ECHOS,
		[ICMP_TIME_EXCEEDED]	= MYNET_MIB_ICMP_OUT_TIME_EXCDS,
		[ICMP_PARAMETERPROB]	= MYNET_MIB_ICMP_OUT_PARM_PROBS,
		[ICMP_TIMESTAMPREPLY]	= MYNET_MIB_ICMP_OUT_TIMESTAMP_REPS,
	};
	struct mynet_net *mnet = mynet_net(net);

	mynet_mib_inc(mnet, MYNET_MIB_ICMP_OUT_MSGS);
	if (type < ARRAY_SIZE(counters) && counters[type])
		mynet_mib_inc(mnet, counters[type]);
}

int __init mn_icmp_init(void)
{
	return mynet_inet_proto_add(&mn_icmp_proto, IPPROTO_ICMP);
}

void mn_icmp_exit(void)
{
	mynet_inet_proto_del(&mn_icmp_proto, IPPROTO_ICMP);
}
