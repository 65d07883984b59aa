// SPDX-License-Identifier: GPL-2.0
/*
 * mynet addr: addresses of this host on attached devices.
 */
#include <ctype.h>
#include <fnmatch.h>
#include <linux/if_addr.h>
#include <linux/mynet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "mynet.h"

#define FOREVER	UINT32_MAX

static int help(struct words *words)
{
	printf("Usage: mynet addr [ show | flush ] [ [ dev ] DEV ] [ to PREFIX ] [ scope SCOPE ]\n"
	       "                  [ label PATTERN ] [ up ] [ primary | secondary | permanent | dynamic |\n"
	       "                  deprecated | tentative ]\n"
	       "       mynet addr { add | change | replace } ADDR[/LENGTH] dev DEV [ broadcast ADDR ]\n"
	       "                  [ scope SCOPE ] [ label NAME ] [ noprefixroute ] [ valid_lft LIFE ]\n"
	       "                  [ preferred_lft LIFE ]\n"
	       "       mynet addr del ADDR[/LENGTH] dev DEV\n"
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
	if (!(flags & IFA_F_PERMANENT))
		out_flag("dynamic", "dynamic ");
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

/* --- which ones --------------------------------------------------------------------------- */

static const struct {
	const char	*name;
	uint32_t	flag;
	bool		set;
} kinds[] = {
	{ "secondary", IFA_F_SECONDARY, true }, { "primary", IFA_F_SECONDARY, false },
	{ "permanent", IFA_F_PERMANENT, true }, { "dynamic", IFA_F_PERMANENT, false },
	{ "deprecated", IFA_F_DEPRECATED, true }, { "tentative", IFA_F_TENTATIVE, true },
};

struct filter {
	uint32_t	ifindex;	/* 0: any */
	uint32_t	net;
	int		length;		/* of net, -1: any address */
	int		scope;		/* -1: any */
	const char	*label;		/* as a shell matches names, NULL: any */
	uint32_t	flags, flags_set;	/* IFA_F_*: these are to be so */
	bool		up, any;	/* devices that are up; nothing was said at all */
};

static bool passes(const struct filter *filter, struct nlattr **attrs)
{
	const uint32_t flags = mnl_attr_get_u32(attrs[MYNET_A_ADDR_FLAGS]);
	struct link link;

	if (filter->length >= 0 &&
	    !prefix_within(mnl_attr_get_u32(attrs[MYNET_A_ADDR_LOCAL]), 32, filter->net,
			   filter->length))
		return false;
	if (filter->scope >= 0 && mnl_attr_get_u8(attrs[MYNET_A_ADDR_SCOPE]) != filter->scope)
		return false;
	if (filter->label &&
	    fnmatch(filter->label, mnl_attr_get_str(attrs[MYNET_A_ADDR_LABEL]), 0))
		return false;
	if ((flags ^ filter->flags_set) & filter->flags)
		return false;
	if (!filter->up)
		return true;
	find_link(mnl_attr_get_u32(attrs[MYNET_A_ADDR_IFINDEX]), &link);
	return link.flags & IFF_UP;
}

static bool take_kind(struct filter *filter, struct words *words)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!take_word(words, kinds[i].name, 4))
			continue;
		filter->flags |= kinds[i].flag;
		filter->flags_set |= kinds[i].set ? kinds[i].flag : 0;
		return true;
	}
	return false;
}

static void take_filter(struct filter *filter, struct words *words)
{
	*filter = (struct filter){ .length = -1, .scope = -1, .any = !peek_word(words) };
	while (peek_word(words)) {
		if (take_kind(filter, words))
			continue;
		if (take_word(words, "dev", 1))
			filter->ifindex = parse_ifindex(next_word(words));
		else if (take_word(words, "scope", 1))
			filter->scope = parse_scope(next_word(words));
		else if (take_word(words, "label", 1))
			filter->label = next_word(words);
		else if (take_word(words, "up", 2))
			filter->up = true;
		else if (take_word(words, "to", 2))
			filter->net = parse_net(next_word(words), &filter->length);
		else
			filter->ifindex = parse_ifindex(next_word(words));
	}
}

/* --- showing ------------------------------------------------------------------------------ */

/* Addresses come device by device; under a line, or in an object, for each, as ip has it. */
struct shown {
	struct filter	filter;
	uint32_t	ifindex;	/* of the device that was begun, 0: none was */
};

static void end_device(const struct shown *shown)
{
	if (!shown->ifindex)
		return;
	out_array_end();
	out_object_end();
	if (brief)
		out_text("\n");
}

static void begin_device(struct shown *shown, uint32_t ifindex)
{
	struct link link;

	if (shown->ifindex == ifindex)
		return;
	end_device(shown);
	shown->ifindex = ifindex;
	out_object_begin();
	if (json || brief)
		find_link(ifindex, &link);
	if (brief && !json) {
		show_link_brief(ifname(ifindex), &link);
		return;
	}
	if (!oneline) {
		out_number("ifindex", "%llu: ", ifindex);
		out_ifname("ifname", "%s:\n", ifname(ifindex));
	}
	if (json)
		show_link(&link);
	out_array_begin("addr_info");
}

static void show_line(struct nlattr **attrs, uint32_t ifindex)
{
	if (oneline && !json) {
		out_number(NULL, "%llu: ", ifindex);
		out_ifname(NULL, "%s", ifname(ifindex));
	}
	out_object_begin();
	out_string("family", NULL, "inet");
	out_addr("local", "    inet %s", mnl_attr_get_u32(attrs[MYNET_A_ADDR_LOCAL]));
	out_number("prefixlen", "/%llu ", mnl_attr_get_u8(attrs[MYNET_A_ADDR_PREFIXLEN]));
	if (attrs[MYNET_A_ADDR_BROADCAST])
		out_addr("broadcast", "brd %s ", mnl_attr_get_u32(attrs[MYNET_A_ADDR_BROADCAST]));
	out_string("scope", "scope %s ", scope_name(mnl_attr_get_u8(attrs[MYNET_A_ADDR_SCOPE])));
	show_flags(mnl_attr_get_u32(attrs[MYNET_A_ADDR_FLAGS]));
	out_string("label", "%s", mnl_attr_get_str(attrs[MYNET_A_ADDR_LABEL]));
	out_break();
	show_life("valid_life_time", "       valid_lft %llusec ", "       valid_lft forever ",
		  attrs[MYNET_A_ADDR_VALID]);
	show_life("preferred_life_time", "preferred_lft %llusec\n", "preferred_lft forever\n",
		  attrs[MYNET_A_ADDR_PREFERRED]);
	out_object_end();
}

static void show_one(struct nlattr **attrs, void *arg)
{
	const uint32_t ifindex = mnl_attr_get_u32(attrs[MYNET_A_ADDR_IFINDEX]);
	struct shown *shown = arg;

	if (!passes(&shown->filter, attrs))
		return;
	begin_device(shown, ifindex);
	if (brief && !json) {
		out_addr(NULL, "%s", mnl_attr_get_u32(attrs[MYNET_A_ADDR_LOCAL]));
		out_number(NULL, "/%llu ", mnl_attr_get_u8(attrs[MYNET_A_ADDR_PREFIXLEN]));
	} else {
		show_line(attrs, ifindex);
	}
}

void show_addr(struct nlattr **attrs)
{
	struct shown shown = { .filter = { .length = -1, .scope = -1 } };

	show_one(attrs, &shown);
	end_device(&shown);
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
	struct shown shown = { 0 };
	int status;

	take_filter(&shown.filter, words);
	out_begin();
	status = nl_show(dump_request(shown.filter.ifindex), MYNET_A_ADDR_MAX, show_one, &shown);
	end_device(&shown);
	out_end();
	return status;
}

/* --- changing ----------------------------------------------------------------------------- */

static uint32_t parse_life(const char *text)
{
	return strcmp(text, "forever") ? parse_number(text, "lifetime", FOREVER) : FOREVER;
}

static void take_dev(struct nlmsghdr *request, struct words *words)
{
	mnl_attr_put_u32(request, MYNET_A_ADDR_IFINDEX, parse_ifindex(next_word(words)));
}

/* One of the words behind an address; true: it was the device. */
static bool take_property(struct nlmsghdr *request, struct words *words)
{
	const bool dev = take_word(words, "dev", 1);

	if (dev)
		take_dev(request, words);
	else if (!peek_word(words))
		next_word(words);
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
	return dev;
}

static int change(struct words *words, uint8_t cmd)
{
	struct nlmsghdr *request = nl_request(cmd, 0);
	bool have_addr = false, have_dev = false;
	struct in_addr addr;
	int length;

	while (peek_word(words)) {
		take_word(words, "local", 3);
		if (have_addr || !peek_word(words) || !isdigit(peek_word(words)[0])) {
			have_dev |= take_property(request, words);
			continue;
		}
		addr = parse_prefix(next_word(words), &length);
		mnl_attr_put_u32(request, MYNET_A_ADDR_LOCAL, addr.s_addr);
		if (length >= 0)
			mnl_attr_put_u8(request, MYNET_A_ADDR_PREFIXLEN, length);
		have_addr = true;
	}
	need(have_addr, "ADDR");
	need(have_dev, "dev DEV");
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
	struct filter	filter;
	unsigned int	n;
	struct {
		uint32_t ifindex, addr;
		uint8_t length;
	} one[1024];
};

static void collect_one(struct nlattr **attrs, void *arg)
{
	struct found *found = arg;

	if (!passes(&found->filter, attrs) || found->n == ARRAY_SIZE(found->one))
		return;
	found->one[found->n].ifindex = mnl_attr_get_u32(attrs[MYNET_A_ADDR_IFINDEX]);
	found->one[found->n].length = mnl_attr_get_u8(attrs[MYNET_A_ADDR_PREFIXLEN]);
	found->one[found->n++].addr = mnl_attr_get_u32(attrs[MYNET_A_ADDR_LOCAL]);
}

static int delete_found(const struct found *found, unsigned int i)
{
	struct nlmsghdr *request = nl_request(MYNET_CMD_ADDR_DEL, 0);

	mnl_attr_put_u32(request, MYNET_A_ADDR_IFINDEX, found->one[i].ifindex);
	mnl_attr_put_u32(request, MYNET_A_ADDR_LOCAL, found->one[i].addr);
	mnl_attr_put_u8(request, MYNET_A_ADDR_PREFIXLEN, found->one[i].length);
	return nl_talk(request);
}

/* Until a dump finds no more. From the last one on: secondaries would go with their primary. */
static int flush(struct words *words)
{
	static struct found found;
	unsigned int i;
	int status;

	take_filter(&found.filter, words);
	need(!found.filter.any, "dev DEV");
	do {
		found.n = 0;
		status = nl_show(dump_request(found.filter.ifindex), MYNET_A_ADDR_MAX, collect_one,
				 &found);
		for (i = found.n; i-- && !status;)
			status = delete_found(&found, i);
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
