// SPDX-License-Identifier: GPL-2.0
/*
 * Options of packets on their way: written to when they are delivered, go on or leave (RFC 791
 * section 3.1, RFC 1122 3.2.1.8, RFC 1812 5.3.13).
 *
 * State: none; where the options are stands in the packet's struct mn_ip_cb.
 */
#include <linux/math64.h>
#include <linux/rtnetlink.h>
#include <net/dst.h>

#include "internet/inet.h"
#include "internet/ip_options.h"

static u8 *mn_skb_options(const struct sk_buff *skb)
{
	return (u8 *)(ip_hdr(skb) + 1);
}

/* RFC 792: milliseconds since midnight UT */
__be32 mn_icmp_clock(void)
{
	struct timespec64 now;
	u32 seconds;

	ktime_get_real_ts64(&now);
	div_u64_rem(now.tv_sec, 86400, &seconds);
	return htonl(seconds * 1000 + (u32)now.tv_nsec / NSEC_PER_MSEC);
}

static void mn_options_write(struct net *net, u8 *opt, const struct mn_options *options,
			     __be32 addr)
{
	__be32 stamper = mn_options_stamper(opt, options);

	mn_options_record(opt, options, addr);
	if (!stamper || mynet_ifaddr_find(net, stamper))
		mn_options_stamp(opt, options, addr, mn_icmp_clock());
}

/* The header is writable. */
void mn_ip_options_forward(struct sk_buff *skb)
{
	struct dst_entry *dst = skb_dst(skb);
	struct net *net = dev_net(dst->dev);
	__be32 addr = mn_addr_select(mn_inet(net), dst->dev,
				     mynet_dst(dst)->gateway ?: ip_hdr(skb)->daddr,
				     RT_SCOPE_UNIVERSE);

	mn_options_write(net, mn_skb_options(skb), &mn_ip_cb(skb)->options, addr);
	mn_ip_checksum(ip_hdr(skb));
}

bool mn_ip_options_deliver(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	__be32 addr = ip_hdr(skb)->daddr;

	if (skb_ensure_writable(skb, mn_ip_hdrlen(skb)))
		return false;
	if (mynet_dst(skb_dst(skb))->type != RTN_LOCAL)
		addr = mn_addr_select(mn_inet(net), skb->dev, 0, RT_SCOPE_UNIVERSE);
	mn_options_write(net, mn_skb_options(skb), &mn_ip_cb(skb)->options, addr);
	mn_ip_checksum(ip_hdr(skb));
	return true;
}

void mn_ip_options_output(struct net *net, struct iphdr *iph)
{
	u8 *opt = (u8 *)(iph + 1);
	struct mn_options options;

	if (mn_options_check(opt, iph->ihl * 4 - sizeof(*iph), &options) >= 0)
		return;
	/* A host on the way that finds no room is counted; the sender is not on the way. */
	if (!mn_options_wants_stamp(opt, &options))
		options.ts = MN_OPT_NONE;
	mn_options_write(net, opt, &options, iph->saddr);
}

int mynet_ip_options_make(u8 *options, const u8 *from, unsigned int len, bool trusted)
{
	struct mn_options found;

	if (len > MN_OPT_MAX)
		return -EINVAL;
	memcpy(options, from, len);
	while (len % 4)
		options[len++] = MN_OPT_END;
	if (mn_options_check(options, len, &found) >= 0)
		return -EINVAL;
	if (!trusted && !mn_options_known(options, len))
		return -EINVAL;
	if (found.srr != MN_OPT_NONE)
		return -EPERM;
	mn_options_tidy(options, len, &found);
	return len;
}

unsigned int mynet_ip_options_reply(u8 *options, const struct iphdr *iph)
{
	const u8 *opt = (const u8 *)(iph + 1);
	struct mn_options found;
	unsigned int len;

	/* The options were checked when they came in. */
	if (mn_options_check(opt, iph->ihl * 4 - sizeof(*iph), &found) >= 0)
		return 0;
	len = mn_options_echo(options, opt, &found);
	if (mn_options_check(options, len, &found) < 0)
		mn_options_tidy(options, len, &found);
	return len;
}
