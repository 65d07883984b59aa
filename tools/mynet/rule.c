// SPDX-License-Identifier: GPL-2.0
/*
 * mynet rule: policy rules, which say what tables are asked for a packet.
 */
#include <linux/mynet.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route.h"

static int help(struct words *words)
{
	printf("Usage: mynet rule [ list | flush ] [ SELECTOR ] [ ACTION ]\n"
	       "       mynet rule { add | del } [ not ] SELECTOR ACTION\n"
	       "SELECTOR := [ from PREFIX ] [ to PREFIX ] [ iif DEV ] [ oif DEV ] [ tos TOS ]\n"
	       "            [ fwmark MARK[/MASK] ] [ uidrange UID[-UID] ] [ ipproto PROTOCOL ]\n"
	       "            [ sport PORT[-PORT] ] [ dport PORT[-PORT] ] [ priority NUMBER ]\n"
	       "ACTION := { table TABLE | blackhole | unreachable | prohibit }\n");
	return MYNET_OK;
}

static const struct {
	const char *name;
	uint8_t type;
} answers[] = {
	{ "blackhole", RTN_BLACKHOLE }, { "unreachable", RTN_UNREACHABLE },
	{ "prohibit", RTN_PROHIBIT },
};

/* --- showing ------------------------------------------------------------------------------ */

static void show_prefix(const struct nlattr *addr, const struct nlattr *len, const char *key,
			const char *key_len, const char *word)
{
	unsigned int plen = len ? mnl_attr_get_u8(len) : 32;

	if (!addr)
		return;
	out_text(word);
	out_addr(key, "%s", mnl_attr_get_u32(addr));
	if (plen < 32)
		out_number(key_len, "/%llu", plen);
	out_text(" ");
}

static void show_mark(struct nlattr **attrs)
{
	uint32_t mask;

	if (!attrs[MYNET_A_RULE_MARK])
		return;
	mask = mnl_attr_get_u32(attrs[MYNET_A_RULE_MARK_MASK]);
	out_hex("fwmark", "fwmark %s", mnl_attr_get_u32(attrs[MYNET_A_RULE_MARK]));
	if (mask != ~0U)
		out_hex("fwmask", "/%s", mask);
	out_text(" ");
}

/* As ip has it: one key for one number, two for a range. */
static void show_ports(const char *word, const struct nlattr *min, const struct nlattr *max)
{
	char key[16];

	if (!min)
		return;
	out_string(NULL, "%s ", word);
	if (mnl_attr_get_u16(min) == mnl_attr_get_u16(max)) {
		out_number(word, "%llu ", ntohs(mnl_attr_get_u16(min)));
		return;
	}
	snprintf(key, sizeof(key), "%s_start", word);
	out_number(key, "%llu-", ntohs(mnl_attr_get_u16(min)));
	snprintf(key, sizeof(key), "%s_end", word);
	out_number(key, "%llu ", ntohs(mnl_attr_get_u16(max)));
}

static void show_transport(struct nlattr **attrs)
{
	if (attrs[MYNET_A_RULE_UID]) {
		out_number("uid_start", "uidrange %llu-",
			   mnl_attr_get_u32(attrs[MYNET_A_RULE_UID]));
		out_number("uid_end", "%llu ", mnl_attr_get_u32(attrs[MYNET_A_RULE_UID_MAX]));
	}
	if (attrs[MYNET_A_RULE_IPPROTO])
		out_string("ipproto", "ipproto %s ",
			   name_of(ip_protocols, mnl_attr_get_u8(attrs[MYNET_A_RULE_IPPROTO])));
	show_ports("sport", attrs[MYNET_A_RULE_SPORT], attrs[MYNET_A_RULE_SPORT_MAX]);
	show_ports("dport", attrs[MYNET_A_RULE_DPORT], attrs[MYNET_A_RULE_DPORT_MAX]);
}

static void show_match(struct nlattr **attrs)
{
	if (attrs[MYNET_A_RULE_INVERT])
		out_null("not", "not ");
	if (attrs[MYNET_A_RULE_SRC])
		show_prefix(attrs[MYNET_A_RULE_SRC], attrs[MYNET_A_RULE_SRC_LEN], "src", "srclen",
			    "from ");
	else
		out_string("src", "from %s ", "all");
	show_prefix(attrs[MYNET_A_RULE_DST], attrs[MYNET_A_RULE_DST_LEN], "dst", "dstlen", "to ");
	if (attrs[MYNET_A_RULE_TOS])
		out_tos("tos", "tos %s ", mnl_attr_get_u8(attrs[MYNET_A_RULE_TOS]));
	show_mark(attrs);
	if (attrs[MYNET_A_RULE_IIF])
		out_string("iif", "iif %s ", mnl_attr_get_str(attrs[MYNET_A_RULE_IIF]));
	if (attrs[MYNET_A_RULE_OIF])
		out_string("oif", "oif %s ", mnl_attr_get_str(attrs[MYNET_A_RULE_OIF]));
	show_transport(attrs);
}

void show_rule(struct nlattr **attrs)
{
	uint8_t type = mnl_attr_get_u8(attrs[MYNET_A_RULE_TYPE]);
	unsigned int i;

	out_object_begin();
	out_number("priority", "%llu:\t", mnl_attr_get_u32(attrs[MYNET_A_RULE_PRIORITY]));
	show_match(attrs);
	if (attrs[MYNET_A_RULE_TABLE])
		out_string("table", "lookup %s",
			   table_name(mnl_attr_get_u32(attrs[MYNET_A_RULE_TABLE])));
	for (i = 0; i < ARRAY_SIZE(answers); i++)
		if (type == answers[i].type)
			out_string("action", "%s", answers[i].name);
	out_text("\n");
	out_object_end();
}

/* --- which ones --------------------------------------------------------------------------- */

/* The attributes that a rule has to have to be meant: those of a request that would add it. */
struct filter {
	struct nlattr	*wanted[MYNET_A_RULE_MAX + 1];
	char		request[2048];
};

static bool same(const struct nlattr *a, const struct nlattr *b)
{
	return a && b && mnl_attr_get_payload_len(a) == mnl_attr_get_payload_len(b) &&
	       !memcmp(mnl_attr_get_payload(a), mnl_attr_get_payload(b),
		       mnl_attr_get_payload_len(a));
}

static bool passes(const struct filter *filter, struct nlattr **attrs)
{
	unsigned int i;

	for (i = 1; i <= MYNET_A_RULE_MAX; i++)
		if (filter->wanted[i] && !same(filter->wanted[i], attrs[i]))
			return false;
	return true;
}

static void show_one(struct nlattr **attrs, void *arg)
{
	if (passes(arg, attrs))
		show_rule(attrs);
}

/* --- changing ----------------------------------------------------------------------------- */

static void take_prefix(struct nlmsghdr *request, struct words *words, int addr, int len)
{
	struct in_addr prefix;
	int length;

	if (take_word(words, "all", 3))
		return;
	prefix = parse_prefix(next_word(words), &length);
	mnl_attr_put_u32(request, addr, prefix.s_addr);
	mnl_attr_put_u8(request, len, length < 0 ? 32 : length);
}

static void take_mark(struct nlmsghdr *request, struct words *words)
{
	char *text = strdup(next_word(words)), *mask = strchr(text, '/');

	if (mask)
		*mask++ = '\0';
	mnl_attr_put_u32(request, MYNET_A_RULE_MARK, parse_number(text, "fwmark", ~0U));
	if (mask)
		mnl_attr_put_u32(request, MYNET_A_RULE_MARK_MASK,
				 parse_number(mask, "mask", ~0U));
	free(text);
}

static bool take_answer(struct nlmsghdr *request, struct words *words)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		if (!take_word(words, answers[i].name, 2))
			continue;
		mnl_attr_put_u8(request, MYNET_A_RULE_TYPE, answers[i].type);
		return true;
	}
	return false;
}

static void take_ports(struct nlmsghdr *request, struct words *words, int attr)
{
	unsigned int first, last;

	parse_range(next_word(words), "port", 65535, &first, &last);
	mnl_attr_put_u16(request, attr, htons(first));
	mnl_attr_put_u16(request, attr + 1, htons(last));
}

static bool take_transport(struct nlmsghdr *request, struct words *words)
{
	unsigned int first, last;

	if (take_word(words, "ipproto", 2)) {
		mnl_attr_put_u8(request, MYNET_A_RULE_IPPROTO,
				parse_name(ip_protocols, next_word(words), "protocol", 255));
	} else if (take_word(words, "sport", 2)) {
		take_ports(request, words, MYNET_A_RULE_SPORT);
	} else if (take_word(words, "dport", 2)) {
		take_ports(request, words, MYNET_A_RULE_DPORT);
	} else if (take_word(words, "uidrange", 2)) {
		parse_range(next_word(words), "uid", ~0U, &first, &last);
		mnl_attr_put_u32(request, MYNET_A_RULE_UID, first);
		mnl_attr_put_u32(request, MYNET_A_RULE_UID_MAX, last);
	} else {
		return false;
	}
	return true;
}

static void take_part(struct nlmsghdr *request, struct words *words)
{
	if (take_word(words, "not", 3))
		mnl_attr_put(request, MYNET_A_RULE_INVERT, 0, NULL);
	else if (take_word(words, "from", 1))
		take_prefix(request, words, MYNET_A_RULE_SRC, MYNET_A_RULE_SRC_LEN);
	else if (take_word(words, "to", 2))
		take_prefix(request, words, MYNET_A_RULE_DST, MYNET_A_RULE_DST_LEN);
	else if (take_word(words, "iif", 1) || take_word(words, "dev", 1))
		mnl_attr_put_strz(request, MYNET_A_RULE_IIF, next_word(words));
	else if (take_word(words, "oif", 1))
		mnl_attr_put_strz(request, MYNET_A_RULE_OIF, next_word(words));
	else if (take_word(words, "tos", 3))
		mnl_attr_put_u8(request, MYNET_A_RULE_TOS,
				parse_number(next_word(words), "tos", 255));
	else if (take_word(words, "fwmark", 2))
		take_mark(request, words);
	else if (take_word(words, "priority", 3) || take_word(words, "preference", 3))
		mnl_attr_put_u32(request, MYNET_A_RULE_PRIORITY,
				 parse_number(next_word(words), "priority", ~0U));
	else if (take_word(words, "table", 2) || take_word(words, "lookup", 1))
		mnl_attr_put_u32(request, MYNET_A_RULE_TABLE, parse_table(next_word(words)));
	else if (!take_transport(request, words) && !take_answer(request, words))
		fail("Error: \"%s\" is not known to rule.", peek_word(words));
}

static void take_filter(struct filter *filter, struct words *words)
{
	struct nlmsghdr *request = nl_request(MYNET_CMD_RULE_GET, 0);

	while (peek_word(words))
		take_part(request, words);
	memset(filter->wanted, 0, sizeof(filter->wanted));
	memcpy(filter->request, request, request->nlmsg_len);
	nl_attrs((const struct nlmsghdr *)filter->request, filter->wanted, MYNET_A_RULE_MAX);
}

static int list(struct words *words)
{
	static struct filter filter;
	int status;

	take_filter(&filter, words);
	out_begin();
	status = nl_show(nl_request(MYNET_CMD_RULE_GET, NLM_F_DUMP), MYNET_A_RULE_MAX, show_one,
			 &filter);
	out_end();
	return status;
}

static int change(struct words *words, uint8_t cmd)
{
	struct nlmsghdr *request = nl_request(cmd, 0);

	while (peek_word(words))
		take_part(request, words);
	return nl_talk(request);
}

static int add(struct words *words)
{
	return change(words, MYNET_CMD_RULE_ADD);
}

static int del(struct words *words)
{
	return change(words, MYNET_CMD_RULE_DEL);
}

struct found {
	struct filter	filter;
	unsigned int	n;
	struct {
		uint16_t len;
		char attrs[256];
	} rule[256];
};

/* The local table stays the first, as with ip. */
static void collect_one(struct nlattr **attrs, void *arg)
{
	struct found *found = arg;
	char *to;
	unsigned int i;

	if (!mnl_attr_get_u32(attrs[MYNET_A_RULE_PRIORITY]) || !passes(&found->filter, attrs) ||
	    found->n == ARRAY_SIZE(found->rule))
		return;
	to = found->rule[found->n].attrs;
	for (i = 1; i <= MYNET_A_RULE_MAX; i++)
		if (attrs[i]) {
			memcpy(to, attrs[i], MNL_ALIGN(attrs[i]->nla_len));
			to += MNL_ALIGN(attrs[i]->nla_len);
		}
	found->rule[found->n].len = to - found->rule[found->n].attrs;
	found->n++;
}

/* Deletes a rule by the attributes that it was told with. */
static int delete_found(const struct found *found, unsigned int i)
{
	struct nlmsghdr *request = nl_request(MYNET_CMD_RULE_DEL, 0);

	memcpy(mnl_nlmsg_get_payload_tail(request), found->rule[i].attrs, found->rule[i].len);
	request->nlmsg_len += found->rule[i].len;
	return nl_talk(request);
}

/* Until a dump finds no more. */
static int flush(struct words *words)
{
	static struct found found;
	unsigned int i;
	int status;

	take_filter(&found.filter, words);
	do {
		found.n = 0;
		status = nl_show(nl_request(MYNET_CMD_RULE_GET, NLM_F_DUMP), MYNET_A_RULE_MAX,
				 collect_one, &found);
		for (i = 0; i < found.n && !status; i++)
			status = delete_found(&found, i);
	} while (found.n && !status);
	return status;
}

int do_rule(struct words *words)
{
	static const struct verb verbs[] = {
		{ "list", list }, { "show", list }, { "add", add }, { "delete", del },
		{ "flush", flush }, { "help", help }, { }
	};

	return run_verb("rule", verbs, words);
}
