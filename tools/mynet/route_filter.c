// SPDX-License-Identifier: GPL-2.0
/*
 * The names of what routes have, and the words of "mynet route show" and "flush" that say which are
 * meant. The kernel dumps a table, or all; what is meant is picked out here, as ip does it.
 */
#include <linux/mynet.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "route.h"

const struct name route_types[] = {
	{ "unicast", RTN_UNICAST }, { "local", RTN_LOCAL }, { "broadcast", RTN_BROADCAST },
	{ "multicast", RTN_MULTICAST }, { "blackhole", RTN_BLACKHOLE },
	{ "unreachable", RTN_UNREACHABLE }, { "prohibit", RTN_PROHIBIT }, { "throw", RTN_THROW },
	{ }
};

const struct name route_protocols[] = {
	{ "kernel", RTPROT_KERNEL }, { "boot", RTPROT_BOOT }, { "static", RTPROT_STATIC },
	{ "redirect", RTPROT_REDIRECT }, { "ra", RTPROT_RA }, { "zebra", RTPROT_ZEBRA },
	{ "bird", RTPROT_BIRD }, { "bgp", RTPROT_BGP }, { "isis", RTPROT_ISIS },
	{ "ospf", RTPROT_OSPF }, { "rip", RTPROT_RIP }, { "eigrp", RTPROT_EIGRP },
	{ "babel", RTPROT_BABEL }, { "dhcp", RTPROT_DHCP }, { }
};

const struct name ip_protocols[] = {
	{ "icmp", IPPROTO_ICMP }, { "igmp", IPPROTO_IGMP }, { "tcp", IPPROTO_TCP },
	{ "udp", IPPROTO_UDP }, { "dccp", IPPROTO_DCCP }, { "gre", IPPROTO_GRE },
	{ "esp", IPPROTO_ESP }, { "ah", IPPROTO_AH }, { "sctp", IPPROTO_SCTP },
	{ "udplite", IPPROTO_UDPLITE }, { }
};

static const struct name tables[] = {
	{ "main", RT_TABLE_MAIN }, { "local", RT_TABLE_LOCAL }, { "default", RT_TABLE_DEFAULT },
	{ "all", 0 }, { }
};

const char *name_of(const struct name *names, unsigned int number)
{
	static char text[12];

	for (; names->name; names++)
		if (names->number == number)
			return names->name;
	snprintf(text, sizeof(text), "%u", number);
	return text;
}

unsigned int parse_name(const struct name *names, const char *text, const char *what,
			unsigned int max)
{
	for (; names->name; names++)
		if (!strcmp(text, names->name))
			return names->number;
	return parse_number(text, what, max);
}

const char *table_name(unsigned int table)
{
	return name_of(tables, table);
}

unsigned int parse_table(const char *text)
{
	return parse_name(tables, text, "table", ~0U);
}

void parse_range(const char *text, const char *what, unsigned int most, unsigned int *first,
		 unsigned int *last)
{
	char copy[32], *dash;

	snprintf(copy, sizeof(copy), "%s", text);
	dash = strchr(copy, '-');
	if (dash)
		*dash++ = '\0';
	*first = parse_number(copy, what, most);
	*last = dash ? parse_number(dash, what, most) : *first;
	if (*last < *first)
		fail("Error: argument \"%s\" is wrong: the smaller number comes first", text);
}

/* --- words -------------------------------------------------------------------------------- */

static void take_net(struct route_filter *filter, struct words *words)
{
	if (take_word(words, "root", 3))
		filter->how = WITHIN;
	else if (take_word(words, "match", 3))
		filter->how = AROUND;
	else
		take_word(words, "exact", 3);
	filter->net = parse_net(next_word(words), &filter->length);
}

static bool take_selector(struct route_filter *filter, struct words *words)
{
	if (take_word(words, "table", 1))
		filter->table = parse_table(next_word(words));
	else if (take_word(words, "dev", 3) || take_word(words, "oif", 1))
		filter->oif = parse_ifindex(next_word(words));
	else if (take_word(words, "via", 1))
		filter->via = parse_addr(next_word(words)).s_addr;
	else if (take_word(words, "src", 2))
		filter->src = parse_addr(next_word(words)).s_addr;
	else if (take_word(words, "protocol", 2))
		filter->protocol = parse_name(route_protocols, next_word(words), "protocol", 255);
	else if (take_word(words, "scope", 2))
		filter->scope = parse_scope(next_word(words));
	else if (take_word(words, "type", 2))
		filter->type = parse_name(route_types, next_word(words), "route type", 255);
	else
		return false;
	return true;
}

/* A prefix is left, after "to" or alone; whatever else is one that is misspelt. */
void take_route_filter(struct route_filter *filter, struct words *words)
{
	*filter = (struct route_filter){
		.table = RT_TABLE_MAIN, .length = -1, .protocol = -1, .scope = -1, .type = -1,
	};
	while (peek_word(words)) {
		if (take_selector(filter, words))
			continue;
		if (filter->length >= 0)
			no_word(words);
		take_word(words, "to", 2);
		take_net(filter, words);
	}
}

/* --- routes ------------------------------------------------------------------------------- */

static uint32_t get_u32(const struct nlattr *attr)
{
	return attr ? mnl_attr_get_u32(attr) : 0;
}

static int get_u8(const struct nlattr *attr)
{
	return attr ? mnl_attr_get_u8(attr) : 0;
}

struct wanted_hop {
	const struct route_filter *filter;
	bool found;
};

static bool hop_passes(const struct route_filter *filter, uint32_t oif, uint32_t gateway)
{
	return (!filter->oif || filter->oif == oif) && (!filter->via || filter->via == gateway);
}

static int take_hop_attr(const struct nlattr *attr, void *data)
{
	uint32_t *hop = data;	/* device, gateway */

	if (mnl_attr_get_type(attr) == MYNET_A_HOP_OIF)
		hop[0] = mnl_attr_get_u32(attr);
	else if (mnl_attr_get_type(attr) == MYNET_A_HOP_GATEWAY)
		hop[1] = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static int take_hop(const struct nlattr *nest, void *data)
{
	struct wanted_hop *wanted = data;
	uint32_t hop[2] = { 0, 0 };

	mnl_attr_parse_nested(nest, take_hop_attr, hop);
	if (hop_passes(wanted->filter, hop[0], hop[1]))
		wanted->found = true;
	return MNL_CB_OK;
}

/* One of several next hops is enough. */
static bool hops_pass(const struct route_filter *filter, struct nlattr **attrs)
{
	struct wanted_hop wanted = { filter, false };

	if (!attrs[MYNET_A_ROUTE_HOPS])
		return hop_passes(filter, get_u32(attrs[MYNET_A_ROUTE_OIF]),
				  get_u32(attrs[MYNET_A_ROUTE_GATEWAY]));
	mnl_attr_parse_nested(attrs[MYNET_A_ROUTE_HOPS], take_hop, &wanted);
	return wanted.found;
}

static bool net_passes(const struct route_filter *filter, uint32_t dst, unsigned int length)
{
	if (filter->how == WITHIN)
		return prefix_within(dst, length, filter->net, filter->length);
	if (filter->how == AROUND)
		return prefix_within(filter->net, filter->length, dst, length);
	return dst == filter->net && (int)length == filter->length;
}

bool route_passes(const struct route_filter *filter, struct nlattr **attrs)
{
	if (filter->length >= 0 &&
	    !net_passes(filter, get_u32(attrs[MYNET_A_ROUTE_DST]),
			get_u8(attrs[MYNET_A_ROUTE_PREFIXLEN])))
		return false;
	if (filter->protocol >= 0 && filter->protocol != get_u8(attrs[MYNET_A_ROUTE_PROTOCOL]))
		return false;
	if (filter->scope >= 0 && filter->scope != get_u8(attrs[MYNET_A_ROUTE_SCOPE]))
		return false;
	if (filter->type >= 0 && filter->type != get_u8(attrs[MYNET_A_ROUTE_TYPE]))
		return false;
	if (filter->src && filter->src != get_u32(attrs[MYNET_A_ROUTE_PREFSRC]))
		return false;
	return hops_pass(filter, attrs);
}
