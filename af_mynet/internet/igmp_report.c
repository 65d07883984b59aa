// SPDX-License-Identifier: GPL-2.0
/*
 * IGMP messages that leave (RFC 1112 appendix I, RFC 2236 2, RFC 3376 4.2).
 *
 * State: struct mn_igmp_out, on the stack of whoever has something to say.
 */
#include <linux/in.h>
#include <linux/rtnetlink.h>
#include <net/checksum.h>
#include <net/dst.h>

#include "internet/igmp.h"
#include "internet/inet.h"
#include "internet/mc.h"

/* RFC 2113: routers look at these though they are for no router. */
static const u8 mn_router_alert[4] = { 0x94, 4, 0, 0 };

#define MN_IGMP_HEAD	(sizeof(struct iphdr) + sizeof(mn_router_alert))
#define MN_IGMP_MAX	1500

void mn_igmp_out_init(struct mn_igmp_out *out, struct mn_indev *indev)
{
	*out = (struct mn_igmp_out){ .indev = indev };
	__skb_queue_head_init(&out->queue);
}

static struct sk_buff *mn_igmp_alloc(struct mn_igmp_out *out, unsigned int room)
{
	unsigned int reserve = LL_RESERVED_SPACE(out->indev->mdev->dev) + MN_IGMP_HEAD;
	struct sk_buff *skb = alloc_skb(reserve + room, GFP_ATOMIC);

	if (!skb)
		return NULL;
	skb_reserve(skb, reserve);
	skb_reset_transport_header(skb);
	__skb_queue_tail(&out->queue, skb);
	return skb;
}

void mn_igmp_add_message(struct mn_igmp_out *out, u8 type, __be32 group)
{
	struct sk_buff *skb = mn_igmp_alloc(out, sizeof(struct mn_igmp_head));

	if (skb)
		skb_put_data(skb, &(struct mn_igmp_head){ .type = type, .group = group },
			     sizeof(struct mn_igmp_head));
}

static unsigned int mn_report_size(const struct mn_igmp_out *out)
{
	unsigned int mtu = min_t(unsigned int, READ_ONCE(out->indev->mdev->dev->mtu), MN_IGMP_MAX);

	return max_t(unsigned int, mtu, 68) - MN_IGMP_HEAD;
}

static bool mn_report_fits(const struct mn_igmp_out *out, unsigned int more)
{
	return out->report && skb_tailroom(out->report) >= more &&
	       out->report->len + more <= mn_report_size(out);
}

/* A report that has room for so much more: this one or another. */
static struct sk_buff *mn_report_space(struct mn_igmp_out *out, unsigned int more)
{
	if (mn_report_fits(out, more))
		return out->report;
	out->record = 0;
	out->report = mn_igmp_alloc(out, mn_report_size(out));
	if (out->report)
		skb_put_data(out->report,
			     &(struct mn_igmp_report){ .type = MN_IGMP_REPORT_V3 },
			     sizeof(struct mn_igmp_report));
	return out->report;
}

static struct mn_igmp_group_record *mn_report_record(const struct mn_igmp_out *out)
{
	if (!out->record)
		return NULL;
	return (struct mn_igmp_group_record *)(out->report->data + out->record);
}

void mn_igmp_add_record(struct mn_igmp_out *out, u8 type, __be32 group)
{
	/* A source has to fit too, or a record of sources would be empty. */
	struct sk_buff *skb = mn_report_space(out, sizeof(struct mn_igmp_group_record) +
					      sizeof(__be32));
	struct mn_igmp_report *report;

	if (!skb)
		return;
	out->record = skb->len;
	skb_put_data(skb, &(struct mn_igmp_group_record){ .type = type, .group = group },
		     sizeof(struct mn_igmp_group_record));
	report = (struct mn_igmp_report *)skb->data;
	be16_add_cpu(&report->records, 1);
}

static bool mn_record_continues(const struct mn_igmp_out *out, u8 type, __be32 group)
{
	const struct mn_igmp_group_record *record = mn_report_record(out);

	return record && record->type == type && record->group == group;
}

/* RFC 3376 4.2.16: all but a list of what is not wanted goes on in the next message. */
static bool mn_record_may_end(u8 type)
{
	return type == MN_RECORD_IS_EX || type == MN_RECORD_TO_EX;
}

void mn_igmp_add_source(struct mn_igmp_out *out, u8 type, __be32 group, __be32 source)
{
	bool continues = mn_record_continues(out, type, group);

	if (continues && !mn_report_fits(out, sizeof(source))) {
		if (mn_record_may_end(type))
			return;
		continues = false;
	}
	if (!continues)
		mn_igmp_add_record(out, type, group);
	if (!mn_report_record(out))
		return;
	skb_put_data(out->report, &source, sizeof(source));
	be16_add_cpu(&mn_report_record(out)->sources, 1);
}

static __be32 mn_igmp_destination(const struct mn_igmp_head *igmph)
{
	switch (igmph->type) {
	case MN_IGMP_REPORT_V3:
		return htonl(0xe0000016);	/* RFC 3376 4.2.14 */
	case MN_IGMP_LEAVE:
		return htonl(0xe0000002);	/* RFC 2236 9 */
	default:
		return igmph->group;
	}
}

static void mn_igmp_send(struct mn_indev *indev, struct sk_buff *skb)
{
	struct mynet_net *mnet = indev->inet->mnet;
	struct mn_igmp_head *igmph = (struct mn_igmp_head *)skb->data;
	struct mynet_ip_head head = {
		/* RFC 3376 4.2.13: 0.0.0.0 before there is an address */
		.saddr		= mn_addr_select(indev->inet, indev->mdev->dev, 0, RT_SCOPE_LINK),
		.daddr		= mn_igmp_destination(igmph),
		.protocol	= IPPROTO_IGMP,
		.tos		= 0xc0,
		.ttl		= 1,
		.df		= true,
		.noloop		= true,
		.options	= mn_router_alert,
		.optlen		= sizeof(mn_router_alert),
	};

	igmph->csum = 0;
	igmph->csum = csum_fold(csum_partial(skb->data, skb->len, 0));
	skb->priority = TC_PRIO_CONTROL;
	skb_dst_set_noref(skb, &indev->group->dst);
	mynet_mib_inc(mnet, igmph->type == MN_IGMP_LEAVE ? MYNET_MIB_IGMP_OUT_LEAVES :
								   MYNET_MIB_IGMP_OUT_REPORTS);
	mynet_ip_output(mnet->net, NULL, skb, &head);
}

void mn_igmp_out_send(struct mn_igmp_out *out)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(&out->queue)))
		mn_igmp_send(out->indev, skb);
}
