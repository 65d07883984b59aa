// SPDX-License-Identifier: GPL-2.0
/*
 * mynet neigh: what hosts on attached links are called there.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <linux/mynet.h>
#include <linux/neighbour.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mynet.h"

static const struct {
	const char *name;
	uint32_t nud;
} states[] = {
	{ "permanent", NUD_PERMANENT },
	{ "reachable", NUD_REACHABLE },
	{ "noarp", NUD_NOARP },
	{ "none", NUD_NONE },
	{ "stale", NUD_STALE },
	{ "incomplete", NUD_INCOMPLETE },
	{ "delay", NUD_DELAY },
	{ "probe", NUD_PROBE },
	{ "failed", NUD_FAILED },
};

static int help(struct words *words)
{
	printf("Usage: mynet neigh [ show | flush ] [ [ to ] PREFIX ] [ [ dev ] DEV ]\n"
	       "                   [ nud STATE ]... [ proxy ]\n"
	       "       mynet neigh get ADDR dev DEV\n"
	       "       mynet neigh { add | change | replace } ADDR dev DEV { lladdr LLADDR | proxy }\n"
	       "                   [ nud STATE ]\n"
	       "       mynet neigh del ADDR dev DEV\n"
	       "STATE := { permanent | noarp | reachable | stale | delay | probe }; to look for, also\n"
	       "         { none | incomplete | failed | all }\n");
	return MYNET_OK;
}

static const char *state_name(uint32_t nud)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++)
		if (states[i].nud == nud)
			return states[i].name;
	return "?";
}

static uint32_t parse_state(const char *text)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++)
		if (begins(text, states[i].name))
			return states[i].nud;
	fail("Error: argument \"%s\" is wrong: nud state is bad", text);
}

/* In capitals, as ip has them. */
const char *neigh_state_name(uint32_t nud)
{
	const char *name = state_name(nud);
	static char capitals[16];
	unsigned int i;

	for (i = 0; name[i] && i < sizeof(capitals) - 1; i++)
		capitals[i] = toupper(name[i]);
	capitals[i] = 0;
	return capitals;
}

/* A list, as ip has it: the kernel could set several. */
static void show_state(uint32_t nud)
{
	if (nud || !json) {
		out_array_begin("state");
		out_item("%s", neigh_state_name(nud));
		out_array_end();
	}
	out_text("\n");
}

static void show_numbers(struct nlattr **attrs)
{
	out_number("refcnt", "ref %llu ", mnl_attr_get_u32(attrs[MYNET_A_NEIGH_REFS]));
	out_number("used", "used %llu", mnl_attr_get_u32(attrs[MYNET_A_NEIGH_USED]) / 1000);
	out_number("confirmed", "/%llu",
		   mnl_attr_get_u32(attrs[MYNET_A_NEIGH_CONFIRMED]) / 1000);
	out_number("updated", "/%llu ", mnl_attr_get_u32(attrs[MYNET_A_NEIGH_UPDATED]) / 1000);
	out_number("probes", "probes %llu ", mnl_attr_get_u32(attrs[MYNET_A_NEIGH_PROBES]));
}

static const char *lladdr_of(const struct nlattr *attr)
{
	static char text[18];
	const uint8_t *ha;

	if (!attr || mnl_attr_get_payload_len(attr) < 6)
		return "";
	ha = mnl_attr_get_payload(attr);
	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", ha[0], ha[1], ha[2], ha[3],
		 ha[4], ha[5]);
	return text;
}

static void show_brief(uint32_t addr, const char *dev, const char *lladdr)
{
	char text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &addr, text, sizeof(text));
	out_string(NULL, "%-39s ", text);
	out_string(NULL, "%-16s ", dev);
	out_string(NULL, "%s\n", lladdr);
}

static void show_whole(struct nlattr **attrs)
{
	out_object_begin();
	out_addr("dst", "%s ", mnl_attr_get_u32(attrs[MYNET_A_NEIGH_DST]));
	out_ifname("dev", "dev %s ", ifname(mnl_attr_get_u32(attrs[MYNET_A_NEIGH_IFINDEX])));
	if (attrs[MYNET_A_NEIGH_LLADDR])
		out_lladdr("lladdr", "lladdr %s ", lladdr_of(attrs[MYNET_A_NEIGH_LLADDR]));
	if (show_stats)
		show_numbers(attrs);
	if (mnl_attr_get_u32(attrs[MYNET_A_NEIGH_FLAGS]) & NTF_PROXY)
		out_null("proxy", "proxy ");
	show_state(mnl_attr_get_u32(attrs[MYNET_A_NEIGH_STATE]));
	out_object_end();
}

/* --- which ones --------------------------------------------------------------------------- */

struct filter {
	uint32_t	ifindex;	/* 0: any */
	uint32_t	net;
	int		length;		/* of net, -1: any address */
	uint32_t	nud;		/* states that are meant, 0: any */
	bool		none;		/* also, or only, without a state */
	bool		proxy;		/* only those that we answer for */
	unsigned int	shown;
};

static bool passes(const struct filter *filter, struct nlattr **attrs)
{
	uint32_t nud = mnl_attr_get_u32(attrs[MYNET_A_NEIGH_STATE]);

	if (filter->length >= 0 &&
	    !prefix_within(mnl_attr_get_u32(attrs[MYNET_A_NEIGH_DST]), 32, filter->net,
			   filter->length))
		return false;
	if (filter->proxy && !(mnl_attr_get_u32(attrs[MYNET_A_NEIGH_FLAGS]) & NTF_PROXY))
		return false;
	if (!filter->nud && !filter->none)
		return true;
	return nud ? nud & filter->nud : filter->none;
}

static void take_state(struct filter *filter, const char *name)
{
	if (!strcmp(name, "all")) {
		filter->nud = ~0U;
		filter->none = true;
		return;
	}
	filter->nud |= parse_state(name);
	filter->none |= parse_state(name) == NUD_NONE;
}

/* One of the words that say which; false: it is none. */
static bool take_selector(struct filter *filter, struct words *words)
{
	if (take_word(words, "dev", 1))
		filter->ifindex = parse_ifindex(next_word(words));
	else if (take_word(words, "nud", 1) || take_word(words, "state", 2))
		take_state(filter, next_word(words));
	else if (take_word(words, "proxy", 2))
		filter->proxy = true;
	else
		return false;
	return true;
}

static void take_filter(struct filter *filter, struct words *words)
{
	*filter = (struct filter){ .length = -1 };
	while (peek_word(words)) {
		if (take_selector(filter, words))
			continue;
		if (take_word(words, "to", 2) || isdigit((unsigned char)peek_word(words)[0]))
			filter->net = parse_net(next_word(words), &filter->length);
		else
			filter->ifindex = parse_ifindex(next_word(words));
	}
}

static void show_one(struct nlattr **attrs, void *arg)
{
	struct filter *filter = arg;

	if (filter && !passes(filter, attrs))
		return;
	if (filter)
		filter->shown++;
	if (brief && !json)
		show_brief(mnl_attr_get_u32(attrs[MYNET_A_NEIGH_DST]),
			   ifname(mnl_attr_get_u32(attrs[MYNET_A_NEIGH_IFINDEX])),
			   lladdr_of(attrs[MYNET_A_NEIGH_LLADDR]));
	else
		show_whole(attrs);
}

void show_neigh(struct nlattr **attrs)
{
	show_one(attrs, NULL);
}

static struct nlmsghdr *dump_request(uint32_t ifindex)
{
	struct nlmsghdr *request = nl_request(MYNET_CMD_NEIGH_GET, NLM_F_DUMP);

	if (ifindex)
		mnl_attr_put_u32(request, MYNET_A_NEIGH_IFINDEX, ifindex);
	return request;
}

static int show(struct words *words)
{
	struct filter filter;
	int status;

	take_filter(&filter, words);
	out_begin();
	status = nl_show(dump_request(filter.ifindex), MYNET_A_NEIGH_MAX, show_one, &filter);
	out_end();
	return status;
}

static int get(struct words *words)
{
	struct filter filter;
	int status;

	take_filter(&filter, words);
	need(filter.length == 32, "ADDR");
	need(filter.ifindex, "dev DEV");
	out_begin();
	status = nl_show(dump_request(filter.ifindex), MYNET_A_NEIGH_MAX, show_one, &filter);
	out_end();
	if (status || filter.shown)
		return status;
	fprintf(stderr, "Error: No such neighbour.\n");
	return MYNET_REFUSED;
}

static int change(struct words *words, uint8_t cmd)
{
	struct nlmsghdr *request = nl_request(cmd, 0);
	bool have_dev = false;
	uint8_t lladdr[6];

	take_word(words, "to", 2);
	need(peek_word(words), "ADDR");
	mnl_attr_put_u32(request, MYNET_A_NEIGH_DST, parse_addr(next_word(words)).s_addr);
	while (peek_word(words)) {
		if (take_word(words, "dev", 1)) {
			mnl_attr_put_u32(request, MYNET_A_NEIGH_IFINDEX,
					 parse_ifindex(next_word(words)));
			have_dev = true;
		} else if (take_word(words, "lladdr", 1)) {
			parse_lladdr(next_word(words), lladdr);
			mnl_attr_put(request, MYNET_A_NEIGH_LLADDR, sizeof(lladdr), lladdr);
		} else if (take_word(words, "nud", 1)) {
			mnl_attr_put_u32(request, MYNET_A_NEIGH_STATE,
					 parse_state(next_word(words)));
		} else if (take_word(words, "proxy", 1)) {
			mnl_attr_put_u32(request, MYNET_A_NEIGH_FLAGS, NTF_PROXY);
		} else {
			fail("Error: \"%s\" is no property of a neighbour.", peek_word(words));
		}
	}
	need(have_dev, "dev DEV");
	return nl_talk(request);
}

static int add(struct words *words)
{
	return change(words, MYNET_CMD_NEIGH_ADD);
}

static int change_only(struct words *words)
{
	return change(words, MYNET_CMD_NEIGH_CHANGE);
}

static int replace(struct words *words)
{
	return change(words, MYNET_CMD_NEIGH_REPLACE);
}

static int del(struct words *words)
{
	return change(words, MYNET_CMD_NEIGH_DEL);
}

struct found {
	struct filter	filter;
	unsigned int	n;
	struct {
		uint32_t addr, ifindex;
	} one[4096];
};

/*
 * Collects an entry. One that was set by hand, or is permanent by nature, stays unless it is asked
 * for, as with ip.
 */
static void collect_one(struct nlattr **attrs, void *arg)
{
	uint32_t nud = mnl_attr_get_u32(attrs[MYNET_A_NEIGH_STATE]);
	struct found *found = arg;

	if (!passes(&found->filter, attrs) || found->n == ARRAY_SIZE(found->one) ||
	    (!found->filter.nud && nud & (NUD_PERMANENT | NUD_NOARP)))
		return;
	found->one[found->n].addr = mnl_attr_get_u32(attrs[MYNET_A_NEIGH_DST]);
	found->one[found->n++].ifindex = mnl_attr_get_u32(attrs[MYNET_A_NEIGH_IFINDEX]);
}

static int flush(struct words *words)
{
	struct found *found = calloc(1, sizeof(*found));
	struct nlmsghdr *request;
	int status;

	if (!found)
		fail("Out of memory");
	take_filter(&found->filter, words);
	status = nl_show(dump_request(found->filter.ifindex), MYNET_A_NEIGH_MAX, collect_one,
			 found);
	for (unsigned int i = 0; i < found->n && !status; i++) {
		request = nl_request(MYNET_CMD_NEIGH_DEL, 0);
		mnl_attr_put_u32(request, MYNET_A_NEIGH_IFINDEX, found->one[i].ifindex);
		mnl_attr_put_u32(request, MYNET_A_NEIGH_DST, found->one[i].addr);
		status = nl_talk(request);
	}
	free(found);
	return status;
}

int do_neigh(struct words *words)
{
	static const struct verb verbs[] = {
		{ "show", show },
		{ "list", show },
		{ "add", add },
		{ "change", change_only },
		{ "replace", replace },
		{ "delete", del },
		{ "get", get },
		{ "flush", flush },
		{ "help", help },
		{ NULL, NULL },
	};

	return run_verb("neigh", verbs, words);
}
