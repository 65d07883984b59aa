// SPDX-License-Identifier: GPL-2.0
/*
 * mynet maddr: groups that are listened to, and the administrator's own memberships.
 */
#include <linux/mynet.h>
#include <stdio.h>
#include <string.h>

#include "mynet.h"

static int help(struct words *words)
{
	printf("Usage: mynet maddr [ show [ [ dev ] DEV ] ]\n"
	       "       mynet maddr join GROUP dev DEV [ { from | except } ADDR... ]\n"
	       "       mynet maddr leave GROUP [ dev DEV ]\n");
	return MYNET_OK;
}

static void show_sources(const struct nlattr *sources, bool include)
{
	const uint32_t *source = mnl_attr_get_payload(sources);
	unsigned int n = mnl_attr_get_payload_len(sources) / sizeof(*source), i;

	if (!n)
		return;
	out_text(include ? "from " : "except ");
	out_array_begin(include ? "from" : "except");
	for (i = 0; i < n; i++)
		out_addr_item("%s ", source[i]);
	out_array_end();
}

struct shown {
	uint32_t only;		/* device to show, 0: all */
	uint32_t ifindex;	/* of the device that was begun, 0: none was */
};

/* In JSON groups are in their device, as ip has it. */
static void end_device(const struct shown *shown)
{
	if (!shown->ifindex)
		return;
	out_array_end();
	out_object_end();
}

static void begin_device(struct shown *shown, uint32_t ifindex)
{
	if (shown->ifindex == ifindex)
		return;
	end_device(shown);
	shown->ifindex = ifindex;
	out_object_begin();
	out_number("ifindex", NULL, ifindex);
	out_ifname("ifname", NULL, ifname(ifindex));
	out_array_begin("maddr");
}

static void show_one(struct nlattr **attrs, void *arg)
{
	uint32_t ifindex = mnl_attr_get_u32(attrs[MYNET_A_MADDR_IFINDEX]);
	struct shown *shown = arg;

	if (shown->only && shown->only != ifindex)
		return;
	begin_device(shown, ifindex);
	out_object_begin();
	out_string("family", NULL, "inet");
	out_addr("address", "%s ", mnl_attr_get_u32(attrs[MYNET_A_MADDR_GROUP]));
	out_ifname(NULL, "dev %s ", ifname(ifindex));
	show_sources(attrs[MYNET_A_MADDR_SOURCES],
		     mnl_attr_get_u32(attrs[MYNET_A_MADDR_MODE]) == MCAST_INCLUDE);
	out_number("users", "users %llu ", mnl_attr_get_u32(attrs[MYNET_A_MADDR_USERS]));
	out_number("version", "igmp %llu ", mnl_attr_get_u32(attrs[MYNET_A_MADDR_VERSION]));
	if (attrs[MYNET_A_MADDR_REPORTER])
		out_flag("reporter", "reporter ");
	out_text("\n");
	out_object_end();
}

static int show(struct words *words)
{
	struct shown shown = { .only = take_last_dev(words) };
	int status;

	out_begin();
	status = nl_show(nl_request(MYNET_CMD_MADDR_GET, NLM_F_DUMP), MYNET_A_MADDR_MAX, show_one,
			 &shown);
	end_device(&shown);
	out_end();
	return status;
}

static void take_sources(struct nlmsghdr *request, struct words *words, uint32_t mode)
{
	uint32_t source[1024];
	unsigned int n = 0;

	while (peek_word(words) && n < ARRAY_SIZE(source))
		source[n++] = parse_addr(next_word(words)).s_addr;
	mnl_attr_put_u32(request, MYNET_A_MADDR_MODE, mode);
	mnl_attr_put(request, MYNET_A_MADDR_SOURCES, n * sizeof(*source), source);
}

static int change(struct words *words, uint8_t cmd)
{
	struct nlmsghdr *request = nl_request(cmd, 0);

	need(peek_word(words), "GROUP");
	mnl_attr_put_u32(request, MYNET_A_MADDR_GROUP, parse_addr(next_word(words)).s_addr);
	while (peek_word(words)) {
		if (take_word(words, "dev", 1))
			mnl_attr_put_u32(request, MYNET_A_MADDR_IFINDEX,
					 parse_ifindex(next_word(words)));
		else if (cmd == MYNET_CMD_MADDR_JOIN && take_word(words, "from", 1))
			take_sources(request, words, MCAST_INCLUDE);
		else if (cmd == MYNET_CMD_MADDR_JOIN && take_word(words, "except", 1))
			take_sources(request, words, MCAST_EXCLUDE);
		else
			fail("Error: \"%s\" is not known to maddr.", peek_word(words));
	}
	return nl_talk(request);
}

static int join(struct words *words)
{
	return change(words, MYNET_CMD_MADDR_JOIN);
}

static int leave(struct words *words)
{
	return change(words, MYNET_CMD_MADDR_LEAVE);
}

int do_maddr(struct words *words)
{
	static const struct verb verbs[] = {
		{ "show", show }, { "list", show }, { "join", join }, { "add", join },
		{ "leave", leave }, { "delete", leave }, { "help", help }, { }
	};

	return run_verb("maddr", verbs, words);
}
