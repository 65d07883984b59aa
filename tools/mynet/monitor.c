// SPDX-License-Identifier: GPL-2.0
/*
 * "mynet monitor": what happens to devices, addresses, neighbours, routes and rules, as it happens.
 */
#include <linux/mynet.h>
#include <string.h>
#include <time.h>

#include "mynet.h"

static int help(void)
{
	printf("Usage: mynet [ -t ] monitor [ all | label ]\n"
	       "                            [ dev | addr | neigh | route | rule ]...\n"
	       "Shows events until it is interrupted; -t: each with its time, label: with its kind.\n");
	return MYNET_OK;
}

struct kind {
	const char	*name, *label;
	uint8_t		ntf, gone, event_attr;
	unsigned int	max_attr;
	void		(*show)(struct nlattr **attrs);
};

static const struct kind kinds[] = {
	{ "dev", "[DEV]", MYNET_CMD_DEV_NTF, MYNET_CMD_DEV_DETACH, MYNET_A_DEV_EVENT,
	  MYNET_A_DEV_MAX, show_dev },
	{ "address", "[ADDR]", MYNET_CMD_ADDR_NTF, MYNET_CMD_ADDR_DEL, MYNET_A_ADDR_EVENT,
	  MYNET_A_ADDR_MAX, show_addr },
	{ "neighbour", "[NEIGH]", MYNET_CMD_NEIGH_NTF, MYNET_CMD_NEIGH_DEL, MYNET_A_NEIGH_EVENT,
	  MYNET_A_NEIGH_MAX, show_neigh },
	{ "route", "[ROUTE]", MYNET_CMD_ROUTE_NTF, MYNET_CMD_ROUTE_DEL, MYNET_A_ROUTE_EVENT,
	  MYNET_A_ROUTE_MAX, show_route },
	{ "rule", "[RULE]", MYNET_CMD_RULE_NTF, MYNET_CMD_RULE_DEL, MYNET_A_RULE_EVENT,
	  MYNET_A_RULE_MAX, show_rule },
};

static unsigned int wanted;	/* a bit for each of kinds */
static bool labels;

static void show_now(void)
{
	struct timespec now;
	struct tm tm;
	char text[40];

	if (!show_time)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	out_string("timestamp", "[%s", text);
	out_number("microseconds", ".%06llu] ", now.tv_nsec / 1000);
}

/* Another host uses an address of ours: there is no such object of our own to show. */
static void show_conflict(const struct nlmsghdr *nlh)
{
	struct nlattr *attrs[MYNET_A_ADDR_MAX + 1];
	const uint8_t *ha;
	char text[18];

	nl_attrs(nlh, attrs, MYNET_A_ADDR_MAX);
	if (!attrs[MYNET_A_ADDR_LOCAL] || !attrs[MYNET_A_ADDR_LLADDR])
		return;
	ha = mnl_attr_get_payload(attrs[MYNET_A_ADDR_LLADDR]);
	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", ha[0], ha[1], ha[2], ha[3],
		 ha[4], ha[5]);
	out_begin();
	out_object_begin();
	show_now();
	out_text(labels ? "[ADDR]" : "");
	out_string("event", "%s ", "conflict");
	out_addr("local", "%s ", mnl_attr_get_u32(attrs[MYNET_A_ADDR_LOCAL]));
	out_ifname("ifname", "dev %s ", ifname(mnl_attr_get_u32(attrs[MYNET_A_ADDR_IFINDEX])));
	out_lladdr("lladdr", "is claimed by %s\n", text);
	out_object_end();
	out_end();
}

/* Each event is a document of its own, on a line of its own: a reader need not wait for the end. */
static void show_event(const struct kind *kind, const struct nlmsghdr *nlh)
{
	struct nlattr *attrs[kind->max_attr + 1];
	bool gone;

	nl_attrs(nlh, attrs, kind->max_attr);
	gone = attrs[kind->event_attr] &&
	       mnl_attr_get_u32(attrs[kind->event_attr]) == kind->gone;
	out_begin();
	out_object_begin();
	show_now();
	out_string("object", labels ? "%s" : NULL, json ? kind->name : kind->label);
	if (gone)
		out_flag("deleted", "Deleted ");
	out_array_begin("what");
	kind->show(attrs);
	out_array_end();
	out_object_end();
	out_end();
}

static void take_event(uint8_t cmd, const struct nlmsghdr *nlh)
{
	unsigned int i;

	if (cmd == MYNET_CMD_ADDR_CONFLICT && wanted & 1 << 1)
		show_conflict(nlh);
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].ntf == cmd && wanted & 1 << i)
			show_event(&kinds[i], nlh);
	fflush(stdout);
}

/* A bit of wanted. */
static unsigned int parse_kind(const char *word)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (begins(word, kinds[i].name))
			return 1 << i;
	fail("Argument \"%s\" is unknown, try \"mynet monitor help\".", word);
}

int do_monitor(struct words *words)
{
	const char *word;

	wanted = 0;
	labels = false;
	while ((word = peek_word(words))) {
		if (begins(word, "help"))
			return help();
		next_word(words);
		if (!strcmp(word, "all"))
			wanted = ~0U;
		else if (!strcmp(word, "label"))
			labels = true;
		else
			wanted |= parse_kind(word);
	}
	if (!wanted)
		wanted = ~0U;
	nl_listen(take_event);
}
