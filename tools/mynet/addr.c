// SPDX-License-Identifier: GPL-2.0
/*
 * mynet addr: addresses of this host on attached devices.
 */
#include <ctype.h>
#include <linux/if_addr.h>
#include <linux/mynet.h>
#include <stdio.h>
#include <string.h>

#include "mynet.h"

#define FOREVER	UINT32_MAX

static int help(struct words *words)
{
	printf("Usage: mynet addr [ show [ [ dev ] DEV ] ]\n"
	       "       mynet addr { add | change | replace } ADDR[/LENGTH] dev DEV [ broadcast ADDR ] [ scope SCOPE ]\n"
	       "                  [ label NAME ] [ noprefixroute ] [ valid_lft LIFE ]\n"
	       "                  [ preferred_lft LIFE ]\n"
	       "       mynet addr del ADDR[/LENGTH] dev DEV\n"
	       "       mynet addr flush dev DEV\n"
	       "LIFE := { forever | SECONDS }\n"
	       "SCOPE := { global | site | link | host | NUMBER }\n");
	return MYNET_OK;
}

static void show_flags(uint32_t flags)
{
	if (flags & IFA_F_SECONDARY)
		out_flag("secondary", "secondary ");
	if (flags & IFA_F_DEPRECATED)
		out_flag("deprecated", "deprecated ");
	if (flags & IFA_F_TENTATIVE)
		out_flag("tentative", "tentative ");
	if (flags & IFA_F_NOPREFIXROUTE)
		out_flag("noprefixroute", "noprefixroute ");
}

static void show_life(const char *key, const char *number, const char *forever,
		      const struct nlattr *attr)
{
	uint32_t seconds = attr ? mnl_attr_get_u32(attr) : FOREVER;

	if (seconds == FOREVER && !json)
		out_text(forever);
	else
		out_number(key, number, seconds);
}

/* Under a line for each device, as ip has it; @arg is the ifindex of the device before. */
static void show_one(struct nlattr **attrs, void *arg)
{
	uint32_t ifindex = mnl_attr_get_u32(attrs[MYNET_A_ADDR_IFINDEX]), *before = arg;

	out_object_begin();
	if (json || ifindex != *before) {
		out_number("ifindex", "%llu: ", ifindex);
		out_ifname("ifname", "%s:\n", ifname(ifindex));
	}
	*before = ifindex;
	out_addr("local", "    inet %s", mnl_attr_get_u32(attrs[MYNET_A_ADDR_LOCAL]));
	out_number("prefixlen", "/%llu ", mnl_attr_get_u8(attrs[MYNET_A_ADDR_PREFIXLEN]));
	if (attrs[MYNET_A_ADDR_BROADCAST])
		out_addr("broadcast", "brd %s ", mnl_attr_get_u32(attrs[MYNET_A_ADDR_BROADCAST]));
	out_string("scope", "scope %s ", scope_name(mnl_attr_get_u8(attrs[MYNET_A_ADDR_SCOPE])));
	show_flags(mnl_attr_get_u32(attrs[MYNET_A_ADDR_FLAGS]));
	out_string("label", "%s\n", mnl_attr_get_str(attrs[MYNET_A_ADDR_LABEL]));
	show_life("valid_life_time", "       valid_lft %llusec ", "       valid_lft forever ",
		  attrs[MYNET_A_ADDR_VALID]);
	show_life("preferred_life_time", "preferred_lft %llusec\n", "preferred_lft forever\n",
		  attrs[MYNET_A_ADDR_PREFERRED]);
	out_object_end();
}

void show_addr(struct nlattr **attrs)
{
	uint32_t before = 0;

	show_one(attrs, &before);
}

static struct nlmsghdr *dump_request(uint32_t ifindex)
{
	struct nlmsghdr *request = nl_request(MYNET_CMD_ADDR_GET, NLM_F_DUMP);

	if (ifindex)
		mnl_attr_put_u32(request, MYNET_A_ADDR_IFINDEX, ifindex);
	return request;
}

static int show(struct words *words)
{
	uint32_t before = 0, ifindex = take_last_dev(words);
	int status;

	out_begin();
	status = nl_show(dump_request(ifindex), MYNET_A_ADDR_MAX, show_one, &before);
	out_end();
	return status;
}

static uint32_t parse_life(const char *text)
{
	return strcmp(text, "forever") ? parse_number(text, "lifetime", FOREVER) : FOREVER;
}

/* One of the words behind an address. */
static void take_property(struct nlmsghdr *request, struct words *words)
{
	if (!peek_word(words))
		next_word(words);
	else if (take_word(words, "dev", 1))
		mnl_attr_put_u32(request, MYNET_A_ADDR_IFINDEX, parse_ifindex(next_word(words)));
	else if (take_word(words, "broadcast", 1) || take_word(words, "brd", 3))
		mnl_attr_put_u32(request, MYNET_A_ADDR_BROADCAST,
				 parse_addr(next_word(words)).s_addr);
	else if (take_word(words, "scope", 1))
		mnl_attr_put_u8(request, MYNET_A_ADDR_SCOPE, parse_scope(next_word(words)));
	else if (take_word(words, "label", 1))
		mnl_attr_put_strz(request, MYNET_A_ADDR_LABEL, next_word(words));
	else if (take_word(words, "valid_lft", 5))
		mnl_attr_put_u32(request, MYNET_A_ADDR_VALID, parse_life(next_word(words)));
	else if (take_word(words, "preferred_lft", 9))
		mnl_attr_put_u32(request, MYNET_A_ADDR_PREFERRED, parse_life(next_word(words)));
	else if (take_word(words, "noprefixroute", 2))
		mnl_attr_put_u32(request, MYNET_A_ADDR_FLAGS, IFA_F_NOPREFIXROUTE);
	else
		fail("Error: \"%s\" is no property of an address.", peek_word(words));
}

static int change(struct words *words, uint8_t cmd)
{
	struct nlmsghdr *request = nl_request(cmd, 0);
	bool have_addr = false;
	struct in_addr addr;
	int length;

	while (peek_word(words)) {
		take_word(words, "local", 3);
		if (have_addr || !peek_word(words) || !isdigit(peek_word(words)[0])) {
			take_property(request, words);
			continue;
		}
		addr = parse_prefix(next_word(words), &length);
		mnl_attr_put_u32(request, MYNET_A_ADDR_LOCAL, addr.s_addr);
		if (length >= 0)
			mnl_attr_put_u8(request, MYNET_A_ADDR_PREFIXLEN, length);
		have_addr = true;
	}
	if (!have_addr)
		fail("Error: an address is needed.");
	return nl_talk(request);
}

static int add(struct words *words)
{
	return change(words, MYNET_CMD_ADDR_ADD);
}

static int change_one(struct words *words)
{
	return change(words, MYNET_CMD_ADDR_CHANGE);
}

static int replace(struct words *words)
{
	return change(words, MYNET_CMD_ADDR_REPLACE);
}

static int del(struct words *words)
{
	return change(words, MYNET_CMD_ADDR_DEL);
}

struct found {
	unsigned int	n;
	uint32_t	addr[256];
};

static void collect_one(struct nlattr **attrs, void *arg)
{
	struct found *found = arg;

	if (found->n < ARRAY_SIZE(found->addr))
		found->addr[found->n++] = mnl_attr_get_u32(attrs[MYNET_A_ADDR_LOCAL]);
}

/* Until a dump finds no more. */
static int flush(struct words *words)
{
	struct nlmsghdr *request;
	struct found found;
	uint32_t ifindex;
	int status;

	take_word(words, "dev", 3);
	ifindex = parse_ifindex(next_word(words));
	no_word(words);
	do {
		found.n = 0;
		status = nl_show(dump_request(ifindex), MYNET_A_ADDR_MAX, collect_one, &found);
		for (unsigned int i = 0; i < found.n && !status; i++) {
			request = nl_request(MYNET_CMD_ADDR_DEL, 0);
			mnl_attr_put_u32(request, MYNET_A_ADDR_IFINDEX, ifindex);
			mnl_attr_put_u32(request, MYNET_A_ADDR_LOCAL, found.addr[i]);
			status = nl_talk(request);
		}
	} while (!status && found.n);
	return status;
}

int do_addr(struct words *words)
{
	static const struct verb verbs[] = {
		{ "show", show },
		{ "list", show },
		{ "add", add },
		{ "change", change_one },
		{ "replace", replace },
		{ "delete", del },
		{ "flush", flush },
		{ "help", help },
		{ NULL, NULL },
	};

	return run_verb("addr", verbs, words);
}
