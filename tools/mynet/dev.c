// SPDX-License-Identifier: GPL-2.0
/*
 * mynet dev: devices that are attached to MYNET.
 */
#include <dirent.h>
#include <linux/mynet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mynet.h"

static const char * const modes[] = {
	[MYNET_DEV_MODE_INET]	= "inet",
	[MYNET_DEV_MODE_NATIVE]	= "native",
};

static int help(struct words *words)
{
	printf("Usage: mynet [ -s ] dev [ show [ up ] [ [ dev ] DEV ] ]\n"
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

static void show_knob(const char *folder, const char *knob)
{
	char path[4096], value[64] = "";
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, knob);
	file = fopen(path, "r");
	if (!file)
		return;
	if (fgets(value, sizeof(value), file)) {
		value[strcspn(value, "\n")] = '\0';
		out_text(" ");
		out_text(knob);
		out_string(knob, " %s", value);
	}
	fclose(file);
}

/* Shows the knobs in net.mynet.conf.DEV. */
static void show_knobs(const char *name)
{
	struct dirent **knobs;
	char folder[256];
	int n, i;

	snprintf(folder, sizeof(folder), "/proc/sys/net/mynet/conf/%s", name);
	n = scandir(folder, &knobs, NULL, alphasort);
	out_break();
	out_text("   ");
	out_group_begin("knobs");
	for (i = 0; i < n; i++) {
		if (knobs[i]->d_name[0] != '.')
			show_knob(folder, knobs[i]->d_name);
		free(knobs[i]);
	}
	if (n >= 0)
		free(knobs);
	out_object_end();
}

static bool only_up;

static void show_one(struct nlattr **attrs, void *arg)
{
	uint32_t ifindex = mnl_attr_get_u32(attrs[MYNET_A_DEV_IFINDEX]);
	unsigned int mode = mnl_attr_get_u32(attrs[MYNET_A_DEV_MODE]);
	const char *name = mnl_attr_get_str(attrs[MYNET_A_DEV_NAME]);
	struct link link;

	find_link(ifindex, &link);
	if (only_up && !(link.flags & IFF_UP))
		return;
	out_object_begin();
	if (brief && !json) {
		show_link_brief(name, &link);
		show_link_brief_end(&link);
	} else {
		out_number("ifindex", "%llu: ", ifindex);
		out_ifname("ifname", "%s: ", name);
		out_string("mode", "mode %s ", mode < ARRAY_SIZE(modes) ? modes[mode] : "?");
		show_link(&link);
		if (show_stats)
			show_link_stats(&link);
		if (show_details)
			show_knobs(name);
	}
	out_text("\n");
	out_object_end();
}

void show_dev(struct nlattr **attrs)
{
	only_up = false;
	show_one(attrs, NULL);
}

static int show(struct words *words)
{
	struct nlmsghdr *request;
	uint32_t ifindex;
	int status;

	only_up = take_word(words, "up", 2);
	ifindex = take_last_dev(words);
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
	no_word(words);
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
