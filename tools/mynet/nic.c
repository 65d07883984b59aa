// SPDX-License-Identifier: GPL-2.0
/*
 * "mynet nic": the network cards vftgmac100, their cables, and what happens to frames on these.
 */
#include <errno.h>
#include <linux/vftgmac100.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mynet.h"

static int help(struct words *words)
{
	printf("Usage: mynet [ -s ] nic [ show [ DEV ] ]\n"
	       "       mynet nic cable DEV PEER [ netns NETNS ]\n"
	       "       mynet nic uncable DEV\n"
	       "       mynet nic set DEV [ FAULT PERCENT ]... [ delay TIME ] [ jitter TIME ]\n"
	       "                         [ pace { on | off } ] [ seed NUMBER ] [ clean ]\n"
	       "       mynet nic fail DEV { hang | bus }\n"
	       "FAULT := { loss | duplicate | reorder | corrupt | truncate | overlong }\n"
	       "TIME := NUMBER{ us | ms | s }\n"
	       "Faults and times are those of frames that leave DEV; -s: how many there were.\n");
	return MYNET_OK;
}

static const struct {
	const char *name;
	int attr, count;	/* chance in parts per million; how often it happened */
} faults[] = {
	{ "loss", VFT_A_LOSS, VFT_A_LOST },
	{ "duplicate", VFT_A_DUP, VFT_A_DUPLICATED },
	{ "reorder", VFT_A_REORDER, VFT_A_REORDERED },
	{ "corrupt", VFT_A_CORRUPT, VFT_A_CORRUPTED },
	{ "truncate", VFT_A_TRUNCATE, VFT_A_TRUNCATED },
	{ "overlong", VFT_A_OVERLONG, VFT_A_LENGTHENED },
};

/* --- showing ------------------------------------------------------------------------------ */

static uint32_t get_u32(const struct nlattr *attr)
{
	return attr ? mnl_attr_get_u32(attr) : 0;
}

static uint64_t get_u64(const struct nlattr *attr)
{
	return attr ? mnl_attr_get_u64(attr) : 0;
}

static void show_cable(struct nlattr **attrs)
{
	char text[16];

	if (!attrs[VFT_A_PEER_IFINDEX]) {
		out_text("no cable ");
		return;
	}
	/* In another namespace there is only a number to show. */
	if (attrs[VFT_A_PEER_NETNSID]) {
		snprintf(text, sizeof(text), "if%u", get_u32(attrs[VFT_A_PEER_IFINDEX]));
		out_string("peer", "cable %s ", text);
		out_number("peer_netnsid", "netnsid %lld ",
			   (int32_t)get_u32(attrs[VFT_A_PEER_NETNSID]));
	} else {
		out_ifname("peer", "cable %s ", ifname(get_u32(attrs[VFT_A_PEER_IFINDEX])));
	}
}

static void show_time_of(const char *key, uint32_t us)
{
	char text[32];

	if (!us)
		return;
	snprintf(text, sizeof(text), us % 1000 ? "%s %uus " : "%s %ums ", key,
		 us % 1000 ? us : us / 1000);
	out_string(NULL, "%s", text);
	out_number(key, NULL, us);
}

static void show_faults(struct nlattr **attrs)
{
	char text[32];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		uint32_t ppm = get_u32(attrs[faults[i].attr]);

		if (!ppm)
			continue;
		snprintf(text, sizeof(text), "%s %g%% ", faults[i].name, ppm / 1e4);
		out_string(NULL, "%s", text);
		out_number(faults[i].name, NULL, ppm);
	}
	show_time_of("delay", get_u32(attrs[VFT_A_DELAY]));
	show_time_of("jitter", get_u32(attrs[VFT_A_JITTER]));
	if (attrs[VFT_A_PACED] && mnl_attr_get_u8(attrs[VFT_A_PACED]))
		out_flag("pace", "pace on ");
	if (attrs[VFT_A_SEED])
		out_number("seed", "seed %llu", get_u64(attrs[VFT_A_SEED]));
}

static void show_counts(struct nlattr **attrs)
{
	char text[48];
	unsigned int i;

	out_text("    wire:");
	out_group_begin("wire");
	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		snprintf(text, sizeof(text), " %s %%llu", faults[i].name);
		out_number(faults[i].name, text, get_u64(attrs[faults[i].count]));
	}
	out_number("unplugged", " unplugged %llu", get_u64(attrs[VFT_A_UNPLUGGED]));
	out_number("overflow", " overflow %llu", get_u64(attrs[VFT_A_OVERFLOW]));
	out_number("filtered", " filtered %llu\n", get_u64(attrs[VFT_A_FILTERED]));
	out_object_end();
}

static void show_one(struct nlattr **attrs, void *arg)
{
	out_object_begin();
	out_number("ifindex", "%llu: ", get_u32(attrs[VFT_A_IFINDEX]));
	out_string("ifname", "%s: ", mnl_attr_get_str(attrs[VFT_A_IFNAME]));
	out_string("link", "link %s ", attrs[VFT_A_LINK] && mnl_attr_get_u8(attrs[VFT_A_LINK]) ?
		   "up" : "down");
	show_cable(attrs);
	show_faults(attrs);
	out_text("\n");
	if (show_stats)
		show_counts(attrs);
	out_object_end();
}

static int show(struct words *words)
{
	uint32_t ifindex = take_last_dev(words);
	struct nlmsghdr *request;
	int status;

	request = nl_card_request(VFT_CMD_GET, ifindex ? 0 : NLM_F_DUMP);
	if (ifindex)
		mnl_attr_put_u32(request, VFT_A_IFINDEX, ifindex);
	out_begin();
	status = nl_show(request, VFT_A_MAX, show_one, NULL);
	out_end();
	return status;
}

/* --- cables ------------------------------------------------------------------------------- */

static struct nlmsghdr *request_about(uint8_t cmd, struct words *words)
{
	uint32_t ifindex;
	struct nlmsghdr *request;

	take_word(words, "dev", 3);
	ifindex = parse_ifindex(next_word(words));
	request = nl_card_request(cmd, 0);
	mnl_attr_put_u32(request, VFT_A_IFINDEX, ifindex);
	return request;
}

/* A number that is asked for in the other namespace: by a child, for we stay in ours. */
static uint32_t ifindex_in(int netns, const char *dev)
{
	uint32_t ifindex = 0;
	int pipes[2];
	pid_t child;

	if (pipe(pipes))
		fail("Cannot make a pipe: %s", strerror(errno));
	child = fork();
	if (!child) {
		if (!setns(netns, CLONE_NEWNET))
			ifindex = if_nametoindex(dev);
		_exit(write(pipes[1], &ifindex, sizeof(ifindex)) != sizeof(ifindex));
	}
	close(pipes[1]);
	if (child < 0 || read(pipes[0], &ifindex, sizeof(ifindex)) != sizeof(ifindex))
		ifindex = 0;
	close(pipes[0]);
	waitpid(child, NULL, 0);
	if (!ifindex)
		fail("Cannot find device \"%s\" there", dev);
	return ifindex;
}

static int cable(struct words *words)
{
	struct nlmsghdr *request = request_about(VFT_CMD_PLUG, words);
	const char *peer;
	int netns;

	take_word(words, "peer", 4);
	peer = next_word(words);
	if (!take_word(words, "netns", 1)) {
		no_word(words);
		if (!strcmp(peer, named_device()))
			fail("Error: a cable needs two cards, and both ends would be \"%s\"", peer);
		mnl_attr_put_u32(request, VFT_A_PEER_IFINDEX, parse_ifindex(peer));
		return nl_talk(request);
	}
	netns = open_netns(next_word(words));
	no_word(words);
	mnl_attr_put_u32(request, VFT_A_PEER_IFINDEX, ifindex_in(netns, peer));
	mnl_attr_put_u32(request, VFT_A_PEER_NETNS_FD, netns);
	return nl_talk(request);
}

static int uncable(struct words *words)
{
	struct nlmsghdr *request = request_about(VFT_CMD_PULL, words);

	no_word(words);
	return nl_talk(request);
}

/* --- faults ------------------------------------------------------------------------------- */

/* 0.5 or 0.5%: in parts per million. */
static uint32_t parse_percent(const char *text)
{
	double percent;
	char *end;

	percent = strtod(text, &end);
	if (end == text || (*end && strcmp(end, "%")) || !(percent >= 0 && percent <= 100))
		fail("Error: argument \"%s\" is wrong: not a percentage", text);
	return percent * 1e4 + 0.5;
}

static uint32_t parse_us(const char *text)
{
	static const struct {
		const char *unit;
		double us;
	} units[] = { { "us", 1 }, { "ms", 1e3 }, { "s", 1e6 } };
	double value;
	unsigned int i;
	char *end;

	value = strtod(text, &end);
	if (end != text && !*end && value == 0)		/* in any unit */
		return 0;
	if (end != text && !*end)
		fail("Error: argument \"%s\" is wrong: its unit is us, ms or s", text);
	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (end != text && !strcmp(end, units[i].unit) && value >= 0 &&
		    value * units[i].us <= UINT32_MAX)
			return value * units[i].us;
	fail("Error: argument \"%s\" is wrong: not a time", text);
}

static bool take_fault(struct nlmsghdr *request, struct words *words)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++)
		if (take_word(words, faults[i].name, 2)) {
			mnl_attr_put_u32(request, faults[i].attr, parse_percent(next_word(words)));
			return true;
		}
	return false;
}

static bool parse_switch(const char *text)
{
	if (strcmp(text, "on") && strcmp(text, "off"))
		fail("Error: argument \"%s\" is wrong: it is on or off", text);
	return !strcmp(text, "on");
}

static void put_clean(struct nlmsghdr *request)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++)
		mnl_attr_put_u32(request, faults[i].attr, 0);
	mnl_attr_put_u32(request, VFT_A_DELAY, 0);
	mnl_attr_put_u32(request, VFT_A_JITTER, 0);
}

static uint64_t parse_seed(const char *text)
{
	unsigned long long seed;
	char *end;

	errno = 0;
	seed = strtoull(text, &end, 0);
	if (errno || end == text || *end)
		fail("Error: argument \"%s\" is wrong: not a number", text);
	return seed;
}

static int set(struct words *words)
{
	struct nlmsghdr *request = request_about(VFT_CMD_SET, words);

	if (!peek_word(words))
		fail("Error: what is to be set? Try \"mynet nic help\".");
	while (peek_word(words)) {
		if (take_fault(request, words))
			continue;
		if (take_word(words, "delay", 1))
			mnl_attr_put_u32(request, VFT_A_DELAY, parse_us(next_word(words)));
		else if (take_word(words, "jitter", 1))
			mnl_attr_put_u32(request, VFT_A_JITTER, parse_us(next_word(words)));
		else if (take_word(words, "pace", 1))
			mnl_attr_put_u8(request, VFT_A_PACED, parse_switch(next_word(words)));
		else if (take_word(words, "seed", 1))
			mnl_attr_put_u64(request, VFT_A_SEED, parse_seed(next_word(words)));
		else if (take_word(words, "clean", 2))
			put_clean(request);
		else
			fail("Error: \"%s\" is not known to nic set.", peek_word(words));
	}
	return nl_talk(request);
}

static int break_chip(struct words *words)
{
	struct nlmsghdr *request = request_about(VFT_CMD_FAIL, words);

	if (take_word(words, "hang", 1))
		mnl_attr_put_u8(request, VFT_A_FAIL, VFT_FAIL_HANG);
	else if (take_word(words, "bus", 1) || take_word(words, "ahb", 1))
		mnl_attr_put_u8(request, VFT_A_FAIL, VFT_FAIL_AHB);
	else
		fail("Error: \"hang\" or \"bus\" is expected.");
	no_word(words);
	return nl_talk(request);
}

int do_nic(struct words *words)
{
	static const struct verb verbs[] = {
		{ "show", show }, { "list", show }, { "cable", cable }, { "plug", cable },
		{ "uncable", uncable }, { "pull", uncable }, { "set", set },
		{ "fail", break_chip }, { "help", help }, { }
	};

	return run_verb("nic", verbs, words);
}
