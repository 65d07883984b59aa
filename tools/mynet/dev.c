// SPDX-License-Identifier: GPL-2.0
/*
 * mynet dev: devices that are attached to MYNET.
 */
#include <linux/mynet.h>
#include <stdio.h>
#include <string.h>

#include "mynet.h"

static const char * const modes[] = {
	[MYNET_DEV_MODE_INET]	= "inet",
	[MYNET_DEV_MODE_NATIVE]	= "native",
};

static int help(struct words *words)
{
	printf("Usage: mynet dev [ show [ DEV ] ]\n"
	       "       mynet dev attach DEV [ mode { inet | native } ] [ force ]\n"
	       "       mynet dev detach DEV\n");
	return MYNET_OK;
}

static unsigned int parse_mode(const char *text)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(modes); i++)
		if (begins(text, modes[i]))
			return i;
	fail("Error: argument \"%s\" is wrong: mode is inet or native", text);
}

static void show_one(struct nlattr **attrs, void *arg)
{
	unsigned int mode = mnl_attr_get_u32(attrs[MYNET_A_DEV_MODE]);

	out_object_begin();
	out_number("ifindex", "%llu: ", mnl_attr_get_u32(attrs[MYNET_A_DEV_IFINDEX]));
	out_string("ifname", "%s: ", mnl_attr_get_str(attrs[MYNET_A_DEV_NAME]));
	out_string("mode", "mode %s\n", mode < ARRAY_SIZE(modes) ? modes[mode] : "?");
	out_object_end();
}

void show_dev(struct nlattr **attrs)
{
	show_one(attrs, NULL);
}

static int show(struct words *words)
{
	uint32_t ifindex = take_last_dev(words);
	struct nlmsghdr *request;
	int status;

	request = nl_request(MYNET_CMD_DEV_GET, ifindex ? 0 : NLM_F_DUMP);
	if (ifindex)
		mnl_attr_put_u32(request, MYNET_A_DEV_IFINDEX, ifindex);

	out_begin();
	status = nl_show(request, MYNET_A_DEV_MAX, show_one, NULL);
	out_end();
	return status;
}

static int attach(struct words *words)
{
	struct nlmsghdr *request = nl_request(MYNET_CMD_DEV_ATTACH, 0);

	take_word(words, "dev", 3);
	mnl_attr_put_u32(request, MYNET_A_DEV_IFINDEX, parse_ifindex(next_word(words)));
	while (peek_word(words)) {
		if (take_word(words, "mode", 1))
			mnl_attr_put_u32(request, MYNET_A_DEV_MODE, parse_mode(next_word(words)));
		else if (take_word(words, "force", 1))
			mnl_attr_put(request, MYNET_A_DEV_FORCE, 0, NULL);
		else
			fail("Error: either \"mode\" or \"force\" is expected rather than \"%s\".",
			     peek_word(words));
	}
	return nl_talk(request);
}

static int detach(struct words *words)
{
	struct nlmsghdr *request = nl_request(MYNET_CMD_DEV_DETACH, 0);

	take_word(words, "dev", 3);
	mnl_attr_put_u32(request, MYNET_A_DEV_IFINDEX, parse_ifindex(next_word(words)));
	return nl_talk(request);
}

int do_dev(struct words *words)
{
	static const struct verb verbs[] = {
		{ "show", show },
		{ "list", show },
		{ "attach", attach },
		{ "add", attach },
		{ "detach", detach },
		{ "delete", detach },
		{ "help", help },
		{ NULL, NULL },
	};

	return run_verb("dev", verbs, words);
}
