// SPDX-License-Identifier: GPL-2.0
/*
 * mynet rule: policy rules, which say what tables are asked for a packet.
 */
#include <linux/mynet.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mynet.h"

static int help(struct words *words)
{
	printf("Usage: mynet rule [ list ]\n"
	       "       mynet rule { add | del } [ not ] SELECTOR ACTION\n"
	       "SELECTOR := [ from PREFIX ] [ to PREFIX ] [ iif DEV ] [ oif DEV ] [ tos TOS ]\n"
	       "            [ fwmark MARK[/MASK] ] [ priority NUMBER ]\n"
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
	out_number(key_len, plen == 32 ? " " : "/%llu ", plen);
}

static void show_match(struct nlattr **attrs)
{
	if (attrs[MYNET_A_RULE_INVERT])
		out_flag("not", "not ");
	if (attrs[MYNET_A_RULE_SRC])
		show_prefix(attrs[MYNET_A_RULE_SRC], attrs[MYNET_A_RULE_SRC_LEN], "src", "srclen",
			    "from ");
	else
		out_string("src", "from %s ", "all");
	show_prefix(attrs[MYNET_A_RULE_DST], attrs[MYNET_A_RULE_DST_LEN], "dst", "dstlen", "to ");
	if (attrs[MYNET_A_RULE_TOS])
		out_number("tos", "tos %#llx ", mnl_attr_get_u8(attrs[MYNET_A_RULE_TOS]));
	if (attrs[MYNET_A_RULE_MARK]) {
		uint32_t mask = mnl_attr_get_u32(attrs[MYNET_A_RULE_MARK_MASK]);

		out_number("fwmark", "fwmark %#llx", mnl_attr_get_u32(attrs[MYNET_A_RULE_MARK]));
		out_number("fwmask", mask == ~0U ? " " : "/%#llx ", mask);
	}
	if (attrs[MYNET_A_RULE_IIF])
		out_string("iif", "iif %s ", mnl_attr_get_str(attrs[MYNET_A_RULE_IIF]));
	if (attrs[MYNET_A_RULE_OIF])
		out_string("oif", "oif %s ", mnl_attr_get_str(attrs[MYNET_A_RULE_OIF]));
}

static void show_one(struct nlattr **attrs, void *arg)
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

void show_rule(struct nlattr **attrs)
{
	show_one(attrs, NULL);
}

static int list(struct words *words)
{
	int status;

	no_word(words);
	out_begin();
	status = nl_show(nl_request(MYNET_CMD_RULE_GET, NLM_F_DUMP), MYNET_A_RULE_MAX, show_one,
			 NULL);
	out_end();
	return status;
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
	else if (!take_answer(request, words))
		fail("Error: \"%s\" is not known to rule.", peek_word(words));
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

int do_rule(struct words *words)
{
	static const struct verb verbs[] = {
		{ "list", list }, { "show", list }, { "add", add }, { "delete", del },
		{ "help", help }, { }
	};

	return run_verb("rule", verbs, words);
}
