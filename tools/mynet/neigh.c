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
	printf("Usage: mynet neigh [ show [ [ dev ] DEV ] ]\n"
	       "       mynet neigh { add | change | replace } ADDR dev DEV { lladdr LLADDR | proxy }\n"
	       "                   [ nud STATE ]\n"
	       "       mynet neigh del ADDR dev DEV\n"
	       "       mynet neigh flush [ dev DEV ]\n"
	       "STATE := { permanent | noarp | reachable | stale | delay | probe }\n");
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

static void show_state(uint32_t nud)
{
	out_string("state", "%s\n", neigh_state_name(nud));
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

static void show_one(struct nlattr **attrs, void *arg)
{
	const uint8_t *ha;
	char text[18];

	out_object_begin();
	out_addr("dst", "%s ", mnl_attr_get_u32(attrs[MYNET_A_NEIGH_DST]));
	out_ifname("dev", "dev %s ", ifname(mnl_attr_get_u32(attrs[MYNET_A_NEIGH_IFINDEX])));
	if (attrs[MYNET_A_NEIGH_LLADDR]) {
		ha = mnl_attr_get_payload(attrs[MYNET_A_NEIGH_LLADDR]);
		snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x",
			 ha[0], ha[1], ha[2], ha[3], ha[4], ha[5]);
		out_lladdr("lladdr", "lladdr %s ", text);
	}
	if (show_stats)
		show_numbers(attrs);
	if (mnl_attr_get_u32(attrs[MYNET_A_NEIGH_FLAGS]) & NTF_PROXY)
		out_flag("proxy", "proxy ");
	show_state(mnl_attr_get_u32(attrs[MYNET_A_NEIGH_STATE]));
	out_object_end();
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
	uint32_t ifindex = take_last_dev(words);
	int status;

	out_begin();
	status = nl_show(dump_request(ifindex), MYNET_A_NEIGH_MAX, show_one, NULL);
	out_end();
	return status;
}

static int change(struct words *words, uint8_t cmd)
{
	struct nlmsghdr *request = nl_request(cmd, 0);
	uint8_t lladdr[6];

	take_word(words, "to", 2);
	mnl_attr_put_u32(request, MYNET_A_NEIGH_DST, parse_addr(next_word(words)).s_addr);
	while (peek_word(words)) {
		if (take_word(words, "dev", 1)) {
			mnl_attr_put_u32(request, MYNET_A_NEIGH_IFINDEX,
					 parse_ifindex(next_word(words)));
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
	unsigned int	n;
	struct {
		uint32_t addr, ifindex;
	} one[4096];
};

/* What was set by hand or is so by nature stays, as with ip. */
static void collect_one(struct nlattr **attrs, void *arg)
{
	uint32_t nud = mnl_attr_get_u32(attrs[MYNET_A_NEIGH_STATE]);
	struct found *found = arg;

	if (nud & (NUD_PERMANENT | NUD_NOARP) || found->n == ARRAY_SIZE(found->one))
		return;
	found->one[found->n].addr = mnl_attr_get_u32(attrs[MYNET_A_NEIGH_DST]);
	found->one[found->n++].ifindex = mnl_attr_get_u32(attrs[MYNET_A_NEIGH_IFINDEX]);
}

static int flush(struct words *words)
{
	struct found *found = calloc(1, sizeof(*found));
	struct nlmsghdr *request;
	uint32_t ifindex = 0;
	int status;

	if (!found)
		fail("Out of memory");
	if (take_word(words, "dev", 1) || peek_word(words))
		ifindex = parse_ifindex(next_word(words));
	no_word(words);
	status = nl_show(dump_request(ifindex), MYNET_A_NEIGH_MAX, collect_one, found);
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
		{ "flush", flush },
		{ "help", help },
		{ NULL, NULL },
	};

	return run_verb("neigh", verbs, words);
}
