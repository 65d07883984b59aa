// SPDX-License-Identifier: GPL-2.0
/*
 * mynet route: the routing tables, and the way to an address.
 */
#include <linux/mynet.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route.h"

static int help(struct words *words)
{
	printf("Usage: mynet route [ show | flush ] [ [ to ] [ root | match | exact ] PREFIX ]\n"
	       "                   [ table TABLE ] [ dev DEV ] [ via ADDR ] [ src ADDR ]\n"
	       "                   [ proto PROTOCOL ] [ scope SCOPE ] [ type TYPE ]\n"
	       "       mynet route { add | change | replace | prepend | append | del } ROUTE\n"
	       "       mynet route get ADDR [ from ADDR ] [ dev DEV ] [ iif DEV ] [ tos TOS ]\n"
	       "                            [ mark NUMBER ] [ ipproto PROTOCOL ] [ sport PORT ]\n"
	       "                            [ dport PORT ] [ uid NUMBER ]\n"
	       "ROUTE := [ TYPE ] { default | PREFIX } [ via ADDR ] [ dev DEV ] [ onlink ]\n"
	       "         [ src ADDR ] [ metric NUMBER ] [ tos TOS ] [ scope SCOPE ]\n"
	       "         [ proto PROTOCOL ] [ table TABLE ] [ { mtu | advmss | window | rtt | rto_min |\n"
	       "         initcwnd | initrwnd | ssthresh | cwnd | reordering | hoplimit | quickack |\n"
	       "         congctl } [ lock ] VALUE ]...\n"
	       "         [ nexthop { via ADDR | dev DEV } [ onlink ] [ weight NUMBER ] ]...\n"
	       "TYPE := { unicast | local | broadcast | multicast | blackhole | unreachable |\n"
	       "          prohibit | throw }\n"
	       "TABLE := { main | local | default | all | NUMBER }\n");
	return MYNET_OK;
}

/* --- showing ------------------------------------------------------------------------------ */

static uint32_t get_u32(const struct nlattr *attr)
{
	return attr ? mnl_attr_get_u32(attr) : 0;
}

static uint8_t get_u8(const struct nlattr *attr)
{
	return attr ? mnl_attr_get_u8(attr) : 0;
}

static void show_prefix(struct nlattr **attrs)
{
	uint8_t plen = get_u8(attrs[MYNET_A_ROUTE_PREFIXLEN]);
	uint8_t type = get_u8(attrs[MYNET_A_ROUTE_TYPE]);
	uint32_t dst = get_u32(attrs[MYNET_A_ROUTE_DST]);

	if (type != RTN_UNICAST || show_details)
		out_string("type", "%s ", name_of(route_types, type));
	if (!plen) {
		out_string("dst", "%s ", "default");
		return;
	}
	out_prefix("dst", dst, plen);
	out_text(" ");
}

static void show_nexthop(struct nlattr **attrs)
{
	if (attrs[MYNET_A_ROUTE_GATEWAY])
		out_addr("gateway", "via %s ", get_u32(attrs[MYNET_A_ROUTE_GATEWAY]));
	if (attrs[MYNET_A_ROUTE_OIF])
		out_ifname("dev", "dev %s ", ifname(get_u32(attrs[MYNET_A_ROUTE_OIF])));
}

/* In the order in which ip tells them. A time has so many units in a millisecond. */
static const struct metric {
	const char	*name;
	int		attr;
	int		bit;
	unsigned int	time;
} metrics[] = {
	{ "mtu", MYNET_A_ROUTE_MTU, RTAX_MTU, 0 },
	{ "window", MYNET_A_ROUTE_WINDOW, RTAX_WINDOW, 0 },
	{ "rtt", MYNET_A_ROUTE_RTT, RTAX_RTT, 8 },
	{ "ssthresh", MYNET_A_ROUTE_SSTHRESH, RTAX_SSTHRESH, 0 },
	{ "cwnd", MYNET_A_ROUTE_CWND, RTAX_CWND, 0 },
	{ "advmss", MYNET_A_ROUTE_ADVMSS, RTAX_ADVMSS, 0 },
	{ "reordering", MYNET_A_ROUTE_REORDERING, RTAX_REORDERING, 0 },
	{ "hoplimit", MYNET_A_ROUTE_HOPLIMIT, RTAX_HOPLIMIT, 0 },
	{ "initcwnd", MYNET_A_ROUTE_INITCWND, RTAX_INITCWND, 0 },
	{ "rto_min", MYNET_A_ROUTE_RTO_MIN, RTAX_RTO_MIN, 1 },
	{ "initrwnd", MYNET_A_ROUTE_INITRWND, RTAX_INITRWND, 0 },
	{ "quickack", MYNET_A_ROUTE_QUICKACK, RTAX_QUICKACK, 0 },
	{ "congctl", MYNET_A_ROUTE_CONGCTL, RTAX_CC_ALGO, 0 },
};

static bool has_metrics(struct nlattr **attrs)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(metrics); i++)
		if (attrs[metrics[i].attr])
			return true;
	return attrs[MYNET_A_ROUTE_LOCKS];
}

/* A lock alone stands before nothing, as a zero. */
static void show_metric(const struct metric *metric, const struct nlattr *attr, bool locked)
{
	out_text(metric->name);
	out_text(locked ? " lock " : " ");
	if (metric->bit == RTAX_CC_ALGO)
		out_string("congestion", "%s ", attr ? mnl_attr_get_str(attr) : "");
	else if (metric->time)
		out_number(metric->name, "%llums ", get_u32(attr) / metric->time);
	else
		out_number(metric->name, "%llu ", get_u32(attr));
}

static void show_metrics(struct nlattr **attrs)
{
	uint32_t locks = get_u32(attrs[MYNET_A_ROUTE_LOCKS]);
	unsigned int i;
	bool locked;

	if (!has_metrics(attrs))
		return;
	out_array_begin("metrics");
	out_object_begin();
	for (i = 0; i < ARRAY_SIZE(metrics); i++) {
		locked = locks & 1U << metrics[i].bit;
		if (attrs[metrics[i].attr] || locked)
			show_metric(&metrics[i], attrs[metrics[i].attr], locked);
	}
	out_object_end();
	out_array_end();
}

static void show_state(uint32_t flags)
{
	out_array_begin("flags");
	if (flags & RTNH_F_ONLINK)
		out_item("%s ", "onlink");
	if (flags & RTNH_F_DEAD)
		out_item("%s ", "dead");
	if (flags & RTNH_F_LINKDOWN)
		out_item("%s ", "linkdown");
	out_array_end();
}

static int take_hop_attr(const struct nlattr *attr, void *data)
{
	const struct nlattr **attrs = data;

	if (mnl_attr_get_type(attr) <= MYNET_A_HOP_MAX)
		attrs[mnl_attr_get_type(attr)] = attr;
	return MNL_CB_OK;
}

/* A line for each, as ip has it. */
static int show_hop(const struct nlattr *nest, void *data)
{
	const struct nlattr *attrs[MYNET_A_HOP_MAX + 1] = { NULL };

	mnl_attr_parse_nested(nest, take_hop_attr, attrs);
	out_object_begin();
	out_break();
	out_text("\tnexthop ");
	if (attrs[MYNET_A_HOP_GATEWAY])
		out_addr("gateway", "via %s ", get_u32(attrs[MYNET_A_HOP_GATEWAY]));
	out_ifname("dev", "dev %s ", ifname(get_u32(attrs[MYNET_A_HOP_OIF])));
	out_number("weight", "weight %llu ", get_u32(attrs[MYNET_A_HOP_WEIGHT]));
	show_state(get_u32(attrs[MYNET_A_HOP_FLAGS]));
	out_object_end();
	return MNL_CB_OK;
}

static void show_hops(const struct nlattr *hops)
{
	if (!hops)
		return;
	out_array_begin("nexthops");
	mnl_attr_parse_nested(hops, show_hop, NULL);
	out_array_end();
}

/* Without the end of the line. */
static void show_line(struct nlattr **attrs, bool with_table)
{
	uint32_t flags = get_u32(attrs[MYNET_A_ROUTE_FLAGS]);
	uint8_t scope = get_u8(attrs[MYNET_A_ROUTE_SCOPE]);

	show_prefix(attrs);
	if (attrs[MYNET_A_ROUTE_TOS])
		out_tos("tos", "tos %s ", get_u8(attrs[MYNET_A_ROUTE_TOS]));
	show_nexthop(attrs);
	if (with_table)
		out_string("table", "table %s ",
			   table_name(get_u32(attrs[MYNET_A_ROUTE_TABLE])));
	/*
	 * The usual protocol is "boot", which a person's routes have: ip's JSON does not tell it.
	 */
	if (attrs[MYNET_A_ROUTE_PROTOCOL] &&
	    !(json && !show_details && get_u8(attrs[MYNET_A_ROUTE_PROTOCOL]) == RTPROT_BOOT))
		out_string("protocol", "proto %s ",
			   name_of(route_protocols, get_u8(attrs[MYNET_A_ROUTE_PROTOCOL])));
	if (scope != RT_SCOPE_UNIVERSE || show_details)
		out_string("scope", "scope %s ", scope_name(scope));
	if (attrs[MYNET_A_ROUTE_PREFSRC])
		out_addr("prefsrc", "src %s ", get_u32(attrs[MYNET_A_ROUTE_PREFSRC]));
	if (attrs[MYNET_A_ROUTE_METRIC])
		out_number("metric", "metric %llu ", get_u32(attrs[MYNET_A_ROUTE_METRIC]));
	show_metrics(attrs);
	if (attrs[MYNET_A_ROUTE_EXPIRES])
		out_number("expires", "expires %llusec ", get_u32(attrs[MYNET_A_ROUTE_EXPIRES]));
	show_state(flags);
	show_hops(attrs[MYNET_A_ROUTE_HOPS]);
}

static void show_whole(struct nlattr **attrs, bool with_table)
{
	out_object_begin();
	show_line(attrs, with_table);
	out_text("\n");
	out_object_end();
}

/* If all tables were asked for each line says which it is of. */
static void show_one(struct nlattr **attrs, void *arg)
{
	const struct route_filter *filter = arg;

	if (route_passes(filter, attrs))
		show_whole(attrs, !filter->table);
}

/* Shows a route; one that is not in the usual table says where it is. */
void show_route(struct nlattr **attrs)
{
	show_whole(attrs, get_u32(attrs[MYNET_A_ROUTE_TABLE]) != RT_TABLE_MAIN);
}

static struct nlmsghdr *dump_request(uint32_t table)
{
	struct nlmsghdr *request = nl_request(MYNET_CMD_ROUTE_GET, NLM_F_DUMP);

	if (table)
		mnl_attr_put_u32(request, MYNET_A_ROUTE_TABLE, table);
	return request;
}

static int show(struct words *words)
{
	struct route_filter filter;
	int status;

	take_route_filter(&filter, words);
	out_begin();
	status = nl_show(dump_request(filter.table), MYNET_A_ROUTE_MAX, show_one, &filter);
	out_end();
	return status;
}

/* Takes the fields that a hash over several next hops may look at. */
static bool take_transport(struct nlmsghdr *request, struct words *words)
{
	if (take_word(words, "ipproto", 2))
		mnl_attr_put_u8(request, MYNET_A_ROUTE_IPPROTO,
				parse_name(ip_protocols, next_word(words), "protocol", 255));
	else if (take_word(words, "uid", 1))
		mnl_attr_put_u32(request, MYNET_A_ROUTE_UID,
				 parse_number(next_word(words), "uid", ~0U));
	else if (take_word(words, "sport", 2))
		mnl_attr_put_u16(request, MYNET_A_ROUTE_SPORT,
				 htons(parse_number(next_word(words), "port", 65535)));
	else if (take_word(words, "dport", 2))
		mnl_attr_put_u16(request, MYNET_A_ROUTE_DPORT,
				 htons(parse_number(next_word(words), "port", 65535)));
	else
		return false;
	return true;
}

/* The answer is kept while the neighbour is asked for. */
static struct nlattr *copy_attr(const struct nlattr *attr)
{
	struct nlattr *copy = malloc(attr->nla_len);

	if (!copy)
		fail("Out of memory");
	return memcpy(copy, attr, attr->nla_len);
}

static void keep_way(struct nlattr **attrs, void *arg)
{
	struct nlattr **way = arg;
	unsigned int i;

	for (i = 0; i <= MYNET_A_ROUTE_MAX; i++)
		way[i] = attrs[i] ? copy_attr(attrs[i]) : NULL;
}

/* The next hop on the link: the first answer that is this one's. */
struct hop {
	uint32_t	addr;
	bool		known;
	uint32_t	state;
	char		lladdr[18];
};

static void take_hop(struct nlattr **attrs, void *arg)
{
	struct hop *hop = arg;
	const uint8_t *ha;

	if (get_u32(attrs[MYNET_A_NEIGH_DST]) != hop->addr ||
	    get_u32(attrs[MYNET_A_NEIGH_FLAGS]) & NTF_PROXY)
		return;
	hop->known = true;
	hop->state = get_u32(attrs[MYNET_A_NEIGH_STATE]);
	if (!attrs[MYNET_A_NEIGH_LLADDR])
		return;
	ha = mnl_attr_get_payload(attrs[MYNET_A_NEIGH_LLADDR]);
	snprintf(hop->lladdr, sizeof(hop->lladdr), "%02x:%02x:%02x:%02x:%02x:%02x", ha[0], ha[1],
		 ha[2], ha[3], ha[4], ha[5]);
}

static void show_neighbour(struct nlattr **way, const struct hop *hop)
{
	if (get_u8(way[MYNET_A_ROUTE_TYPE]) != RTN_UNICAST)
		return;
	out_group_begin("neighbour");
	out_addr("dst", ", neighbour %s ", hop->addr);
	if (hop->lladdr[0])
		out_lladdr("lladdr", "lladdr %s ", hop->lladdr);
	out_array_begin("state");
	out_item("%s", hop->known ? neigh_state_name(hop->state) : "not asked for yet");
	out_array_end();
	out_object_end();
}

static void show_decision(struct nlattr **way)
{
	if (!way[MYNET_A_ROUTE_MATCH]) {
		out_text("    no route, taken to be on the link");
		return;
	}
	out_number("rule", "    rule %llu", get_u32(way[MYNET_A_ROUTE_RULE]));
	out_string("table", ", table %s", table_name(get_u32(way[MYNET_A_ROUTE_TABLE])));
	out_addr("match", ", prefix %s", get_u32(way[MYNET_A_ROUTE_MATCH]));
	out_number("matchlen", "/%llu", get_u8(way[MYNET_A_ROUTE_MATCH_LEN]));
}

/* Why: the rule that led to the table, the prefix that was the longest there, and who is next. */
static void show_way(struct nlattr **way, const struct hop *hop)
{
	uint32_t table = way[MYNET_A_ROUTE_TABLE] ? get_u32(way[MYNET_A_ROUTE_TABLE]) :
						    RT_TABLE_MAIN;

	out_object_begin();
	show_line(way, table != RT_TABLE_MAIN);
	out_break();
	out_group_begin("because");
	show_decision(way);
	show_neighbour(way, hop);
	out_text("\n");
	out_object_end();
	out_object_end();
}

static int explain(struct nlmsghdr *request)
{
	struct nlattr *way[MYNET_A_ROUTE_MAX + 1] = { NULL };
	struct nlmsghdr *question;
	struct hop hop = { 0 };
	unsigned int i;
	int status = nl_show(request, MYNET_A_ROUTE_MAX, keep_way, way);

	if (status || !way[MYNET_A_ROUTE_OIF])
		return status;
	hop.addr = get_u32(way[MYNET_A_ROUTE_GATEWAY] ? way[MYNET_A_ROUTE_GATEWAY] :
			   way[MYNET_A_ROUTE_DST]);
	question = nl_request(MYNET_CMD_NEIGH_GET, NLM_F_DUMP);
	mnl_attr_put_u32(question, MYNET_A_NEIGH_IFINDEX, get_u32(way[MYNET_A_ROUTE_OIF]));
	status = nl_show(question, MYNET_A_NEIGH_MAX, take_hop, &hop);
	show_way(way, &hop);
	for (i = 0; i <= MYNET_A_ROUTE_MAX; i++)
		free(way[i]);
	return status;
}

static int get(struct words *words)
{
	struct nlmsghdr *request = nl_request(MYNET_CMD_ROUTE_GET, 0);
	struct in_addr addr;
	int status;

	take_word(words, "to", 2);
	need(peek_word(words), "ADDR");
	addr = parse_addr(next_word(words));

	mnl_attr_put_u32(request, MYNET_A_ROUTE_DST, addr.s_addr);
	while (peek_word(words)) {
		if (take_word(words, "from", 1))
			mnl_attr_put_u32(request, MYNET_A_ROUTE_PREFSRC,
					 parse_addr(next_word(words)).s_addr);
		else if (take_word(words, "dev", 1) || take_word(words, "oif", 1))
			mnl_attr_put_u32(request, MYNET_A_ROUTE_OIF,
					 parse_ifindex(next_word(words)));
		else if (take_word(words, "tos", 1))
			mnl_attr_put_u8(request, MYNET_A_ROUTE_TOS,
					parse_number(next_word(words), "tos", 255));
		else if (take_word(words, "iif", 1))
			mnl_attr_put_u32(request, MYNET_A_ROUTE_IIF,
					 parse_ifindex(next_word(words)));
		else if (take_word(words, "mark", 1))
			mnl_attr_put_u32(request, MYNET_A_ROUTE_MARK,
					 parse_number(next_word(words), "mark", ~0U));
		else if (!take_transport(request, words))
			fail("Error: \"%s\" is not known to route get.", peek_word(words));
	}
	out_begin();
	status = explain(request);
	out_end();
	return status;
}

/* --- changing ----------------------------------------------------------------------------- */

static bool take_address(struct nlmsghdr *request, struct words *words)
{
	if (take_word(words, "via", 1))
		mnl_attr_put_u32(request, MYNET_A_ROUTE_GATEWAY,
				 parse_addr(next_word(words)).s_addr);
	else if (take_word(words, "dev", 1))
		mnl_attr_put_u32(request, MYNET_A_ROUTE_OIF, parse_ifindex(next_word(words)));
	else if (take_word(words, "src", 2))
		mnl_attr_put_u32(request, MYNET_A_ROUTE_PREFSRC,
				 parse_addr(next_word(words)).s_addr);
	else if (take_word(words, "onlink", 2))
		mnl_attr_put_u32(request, MYNET_A_ROUTE_FLAGS, RTNH_F_ONLINK);
	else
		return false;
	return true;
}

static bool take_hop_property(struct nlmsghdr *request, struct words *words)
{
	if (take_word(words, "via", 1))
		mnl_attr_put_u32(request, MYNET_A_HOP_GATEWAY,
				 parse_addr(next_word(words)).s_addr);
	else if (take_word(words, "dev", 1))
		mnl_attr_put_u32(request, MYNET_A_HOP_OIF, parse_ifindex(next_word(words)));
	else if (take_word(words, "weight", 1))
		mnl_attr_put_u32(request, MYNET_A_HOP_WEIGHT,
				 parse_number(next_word(words), "weight", 256));
	else if (take_word(words, "onlink", 2))
		mnl_attr_put_u32(request, MYNET_A_HOP_FLAGS, RTNH_F_ONLINK);
	else
		return false;
	return true;
}

/* Takes the next hops. They come last: each word after belongs to one of them. */
static void take_hops(struct nlmsghdr *request, struct words *words)
{
	struct nlattr *hop, *hops = mnl_attr_nest_start(request, MYNET_A_ROUTE_HOPS);
	unsigned int n = 0;

	while (take_word(words, "nexthop", 4)) {
		if (++n > 64)
			fail("Error: a route has at most 64 next hops.");
		hop = mnl_attr_nest_start(request, n);
		while (take_hop_property(request, words))
			;
		mnl_attr_nest_end(request, hop);
	}
	mnl_attr_nest_end(request, hops);
	if (peek_word(words))
		fail("Error: \"%s\" is no property of a next hop.", peek_word(words));
}

/* 50ms, 1s; without a unit they are milliseconds. Return: units of the metric. */
static uint32_t parse_route_time(const char *text, const struct metric *metric)
{
	static const struct {
		const char *unit;
		unsigned int ms;
	} units[] = { { "", 1 }, { "ms", 1 }, { "msec", 1 }, { "msecs", 1 }, { "s", 1000 },
		      { "sec", 1000 }, { "secs", 1000 } };
	unsigned int i;
	double value;
	char *end;

	value = strtod(text, &end) * metric->time;
	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (end != text && !strcmp(end, units[i].unit) && value >= 0 &&
		    value * units[i].ms <= UINT32_MAX)
			return value * units[i].ms;
	fail("Error: argument \"%s\" is wrong: not a time, as 50ms is", text);
}

/* The locks of all metrics are one attribute, which comes last. */
static bool take_metric(struct nlmsghdr *request, struct words *words, uint32_t *locks)
{
	const struct metric *metric = metrics;

	while (metric < metrics + ARRAY_SIZE(metrics) && !take_word(words, metric->name, 3))
		metric++;
	if (metric == metrics + ARRAY_SIZE(metrics))
		return false;
	if (take_word(words, "lock", 4) || metric->bit == RTAX_RTO_MIN)
		*locks |= 1U << metric->bit;
	if (metric->bit == RTAX_CC_ALGO)
		mnl_attr_put_strz(request, metric->attr, next_word(words));
	else if (metric->time)
		mnl_attr_put_u32(request, metric->attr,
				 parse_route_time(next_word(words), metric));
	else
		mnl_attr_put_u32(request, metric->attr,
				 parse_number(next_word(words), metric->name, ~0U));
	return true;
}

static void take_property(struct nlmsghdr *request, struct words *words, uint32_t *locks)
{
	if (take_address(request, words) || take_metric(request, words, locks))
		return;
	if (take_word(words, "metric", 3) || take_word(words, "preference", 3))
		mnl_attr_put_u32(request, MYNET_A_ROUTE_METRIC,
				 parse_number(next_word(words), "metric", ~0U));
	else if (take_word(words, "tos", 2))
		mnl_attr_put_u8(request, MYNET_A_ROUTE_TOS,
				parse_number(next_word(words), "tos", 255));
	else if (take_word(words, "scope", 2))
		mnl_attr_put_u8(request, MYNET_A_ROUTE_SCOPE, parse_scope(next_word(words)));
	else if (take_word(words, "protocol", 2))
		mnl_attr_put_u8(request, MYNET_A_ROUTE_PROTOCOL,
				parse_name(route_protocols, next_word(words), "protocol", 255));
	else if (take_word(words, "table", 2))
		mnl_attr_put_u32(request, MYNET_A_ROUTE_TABLE,
				 parse_table(next_word(words)));
	else
		fail("Error: \"%s\" is no property of a route.", peek_word(words));
}

static void take_type(struct nlmsghdr *request, struct words *words)
{
	const struct name *type;

	for (type = route_types; type->name && peek_word(words); type++) {
		if (strcmp(peek_word(words), type->name))
			continue;
		next_word(words);
		mnl_attr_put_u8(request, MYNET_A_ROUTE_TYPE, type->number);
		return;
	}
}

static int change(struct words *words, uint8_t cmd, int how)
{
	struct nlmsghdr *request = nl_request(cmd, 0);
	struct in_addr addr;
	uint32_t locks = 0;
	int length;

	if (how >= 0)
		mnl_attr_put_u32(request, MYNET_A_ROUTE_HOW, how);
	take_type(request, words);
	take_word(words, "to", 2);
	if (!take_word(words, "default", 3)) {
		addr = parse_prefix(next_word(words), &length);
		mnl_attr_put_u32(request, MYNET_A_ROUTE_DST, addr.s_addr);
		mnl_attr_put_u8(request, MYNET_A_ROUTE_PREFIXLEN, length < 0 ? 32 : length);
	}
	while (peek_word(words) && strcmp(peek_word(words), "nexthop"))
		take_property(request, words, &locks);
	if (locks)
		mnl_attr_put_u32(request, MYNET_A_ROUTE_LOCKS, locks);
	if (peek_word(words))
		take_hops(request, words);
	return nl_talk(request);
}

static int add(struct words *words)
{
	return change(words, MYNET_CMD_ROUTE_ADD, MYNET_ROUTE_NEW);
}

static int change_one(struct words *words)
{
	return change(words, MYNET_CMD_ROUTE_ADD, MYNET_ROUTE_CHANGE);
}

static int replace(struct words *words)
{
	return change(words, MYNET_CMD_ROUTE_ADD, MYNET_ROUTE_REPLACE);
}

static int prepend(struct words *words)
{
	return change(words, MYNET_CMD_ROUTE_ADD, MYNET_ROUTE_PREPEND);
}

static int append(struct words *words)
{
	return change(words, MYNET_CMD_ROUTE_ADD, MYNET_ROUTE_APPEND);
}

static int del(struct words *words)
{
	return change(words, MYNET_CMD_ROUTE_DEL, -1);
}

struct found {
	struct route_filter filter;
	unsigned int	n;
	struct {
		uint32_t table, dst, metric, oif, gateway;
		uint8_t plen, tos, type, scope, protocol;
	} route[1024];
};

/* Routes that the addresses brought stay with them, unless these are asked for. */
static void collect_one(struct nlattr **attrs, void *arg)
{
	struct found *found = arg;

	if (found->filter.protocol < 0 && get_u8(attrs[MYNET_A_ROUTE_PROTOCOL]) == RTPROT_KERNEL)
		return;
	if (!route_passes(&found->filter, attrs) || found->n == ARRAY_SIZE(found->route))
		return;
	found->route[found->n].table = get_u32(attrs[MYNET_A_ROUTE_TABLE]);
	found->route[found->n].dst = get_u32(attrs[MYNET_A_ROUTE_DST]);
	found->route[found->n].metric = get_u32(attrs[MYNET_A_ROUTE_METRIC]);
	found->route[found->n].oif = get_u32(attrs[MYNET_A_ROUTE_OIF]);
	found->route[found->n].gateway = get_u32(attrs[MYNET_A_ROUTE_GATEWAY]);
	found->route[found->n].plen = get_u8(attrs[MYNET_A_ROUTE_PREFIXLEN]);
	found->route[found->n].tos = get_u8(attrs[MYNET_A_ROUTE_TOS]);
	found->route[found->n].type = get_u8(attrs[MYNET_A_ROUTE_TYPE]);
	found->route[found->n].scope = get_u8(attrs[MYNET_A_ROUTE_SCOPE]);
	found->route[found->n].protocol = get_u8(attrs[MYNET_A_ROUTE_PROTOCOL]);
	found->n++;
}

/* The kernel takes the first that matches: all is said, lest it be another one. */
static int delete_found(const struct found *found, unsigned int i)
{
	struct nlmsghdr *request = nl_request(MYNET_CMD_ROUTE_DEL, 0);

	mnl_attr_put_u32(request, MYNET_A_ROUTE_TABLE, found->route[i].table);
	mnl_attr_put_u32(request, MYNET_A_ROUTE_DST, found->route[i].dst);
	mnl_attr_put_u8(request, MYNET_A_ROUTE_PREFIXLEN, found->route[i].plen);
	mnl_attr_put_u32(request, MYNET_A_ROUTE_METRIC, found->route[i].metric);
	mnl_attr_put_u8(request, MYNET_A_ROUTE_TOS, found->route[i].tos);
	mnl_attr_put_u8(request, MYNET_A_ROUTE_TYPE, found->route[i].type);
	mnl_attr_put_u8(request, MYNET_A_ROUTE_SCOPE, found->route[i].scope);
	mnl_attr_put_u8(request, MYNET_A_ROUTE_PROTOCOL, found->route[i].protocol);
	if (found->route[i].oif)
		mnl_attr_put_u32(request, MYNET_A_ROUTE_OIF, found->route[i].oif);
	if (found->route[i].gateway)
		mnl_attr_put_u32(request, MYNET_A_ROUTE_GATEWAY, found->route[i].gateway);
	return nl_talk(request);
}

/* Until a dump finds no more. */
static int flush(struct words *words)
{
	static struct found found;
	unsigned int i;
	int status;

	take_route_filter(&found.filter, words);
	do {
		found.n = 0;
		status = nl_show(dump_request(found.filter.table), MYNET_A_ROUTE_MAX, collect_one,
				 &found);
		for (i = 0; i < found.n && !status; i++)
			status = delete_found(&found, i);
	} while (found.n && !status);
	return status;
}

int do_route(struct words *words)
{
	static const struct verb verbs[] = {
		{ "show", show }, { "list", show }, { "add", add }, { "change", change_one },
		{ "replace", replace }, { "prepend", prepend }, { "append", append },
		{ "delete", del }, { "get", get }, { "flush", flush }, { "help", help }, { }
	};

	return run_verb("route", verbs, words);
}
