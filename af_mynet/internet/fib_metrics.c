// SPDX-License-Identifier: GPL-2.0
/*
 * The metrics of a route as attributes.
 *
 * State: none.
 */
#include <linux/mynet.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>

#include "internet/inet.h"

#define MN_METRIC(attr, member)	{ MYNET_A_ROUTE_##attr, offsetof(struct mynet_metrics, member) }

/* The metrics that are a number; the mtu is told apart: a path may have one that was learnt. */
static const struct {
	u16	attr;
	u16	at;
} mn_metric_attrs[] = {
	MN_METRIC(ADVMSS, advmss),
	MN_METRIC(WINDOW, window),
	MN_METRIC(RTT, rtt),
	MN_METRIC(INITCWND, initcwnd),
	MN_METRIC(INITRWND, initrwnd),
	MN_METRIC(RTO_MIN, rto_min),
	MN_METRIC(QUICKACK, quickack),
	MN_METRIC(HOPLIMIT, hoplimit),
	MN_METRIC(SSTHRESH, ssthresh),
	MN_METRIC(CWND, cwnd),
	MN_METRIC(REORDERING, reordering),
	MN_METRIC(LOCKS, locks),
};

static const char *mn_congctl_name(u32 key)
{
	const struct mynet_inet_proto *tcp;
	const char *name = NULL;

	rcu_read_lock();
	tcp = mn_inet_proto(IPPROTO_TCP);
	if (key && tcp && tcp->congctl_name)
		name = tcp->congctl_name(key);
	rcu_read_unlock();
	return name;
}

int mn_metrics_fill(struct sk_buff *skb, const struct mynet_metrics *metrics)
{
	const char *name = mn_congctl_name(metrics->congctl);
	unsigned int i;
	u32 value;

	for (i = 0; i < ARRAY_SIZE(mn_metric_attrs); i++) {
		value = *(const u32 *)((const u8 *)metrics + mn_metric_attrs[i].at);
		if (value && nla_put_u32(skb, mn_metric_attrs[i].attr, value))
			return -EMSGSIZE;
	}
	return name ? nla_put_string(skb, MYNET_A_ROUTE_CONGCTL, name) : 0;
}

static int mn_congctl_parse(const struct genl_info *info, u32 *key)
{
	const struct nlattr *attr = info->attrs[MYNET_A_ROUTE_CONGCTL];
	const struct mynet_inet_proto *tcp;

	if (!attr)
		return 0;
	rcu_read_lock();
	tcp = mn_inet_proto(IPPROTO_TCP);
	if (tcp && tcp->congctl_key)
		*key = tcp->congctl_key(nla_data(attr));
	rcu_read_unlock();
	if (*key)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, attr, "No congestion control has this name");
	return -EINVAL;
}

int mn_metrics_parse(const struct genl_info *info, struct mynet_metrics *metrics)
{
	struct nlattr *attr = info->attrs[MYNET_A_ROUTE_MTU];
	unsigned int i;

	*metrics = (struct mynet_metrics){ .mtu = attr ? nla_get_u32(attr) : 0 };
	for (i = 0; i < ARRAY_SIZE(mn_metric_attrs); i++) {
		attr = info->attrs[mn_metric_attrs[i].attr];
		if (attr)
			*(u32 *)((u8 *)metrics + mn_metric_attrs[i].at) = nla_get_u32(attr);
	}
	return mn_congctl_parse(info, &metrics->congctl);
}
