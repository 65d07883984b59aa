// SPDX-License-Identifier: GPL-2.0
/*
 * The card's generic netlink. Without arguments: tests of it. With arguments: the helper by
 * which shell tests reach it:
 *
 *	nic show DEV				one "name value" a line
 *	nic list				names of the cards in this namespace
 *	nic set DEV NAME VALUE ...		loss dup reorder corrupt truncate overlong delay
 *						jitter paced seed
 *	nic plug DEV PEER [NETNS]		a cable; NETNS is a file
 *	nic pull DEV
 *	nic fail DEV hang|ahb
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/vftgmac100.h>
#include "kselftest_harness.h"

struct request {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	char attrs[1024];
};

static const struct {
	const char *name;
	int attr;
	int size;
} settings[] = {
	{ "loss", VFT_A_LOSS, 4 }, { "dup", VFT_A_DUP, 4 }, { "reorder", VFT_A_REORDER, 4 },
	{ "corrupt", VFT_A_CORRUPT, 4 }, { "truncate", VFT_A_TRUNCATE, 4 },
	{ "overlong", VFT_A_OVERLONG, 4 }, { "delay", VFT_A_DELAY, 4 },
	{ "jitter", VFT_A_JITTER, 4 }, { "paced", VFT_A_PACED, 1 }, { "seed", VFT_A_SEED, 8 },
};

static const char *const attr_name[VFT_A_MAX + 1] = {
	[VFT_A_IFINDEX] = "ifindex", [VFT_A_IFNAME] = "name",
	[VFT_A_PEER_IFINDEX] = "peer", [VFT_A_PEER_NETNSID] = "peer-netnsid",
	[VFT_A_LINK] = "link", [VFT_A_LOSS] = "loss", [VFT_A_DUP] = "dup",
	[VFT_A_REORDER] = "reorder", [VFT_A_CORRUPT] = "corrupt",
	[VFT_A_TRUNCATE] = "truncate", [VFT_A_OVERLONG] = "overlong",
	[VFT_A_DELAY] = "delay", [VFT_A_JITTER] = "jitter", [VFT_A_PACED] = "paced",
	[VFT_A_SEED] = "seed", [VFT_A_UNPLUGGED] = "unplugged", [VFT_A_LOST] = "lost",
	[VFT_A_DUPLICATED] = "duplicated", [VFT_A_REORDERED] = "reordered",
	[VFT_A_CORRUPTED] = "corrupted", [VFT_A_TRUNCATED] = "truncated",
	[VFT_A_LENGTHENED] = "lengthened", [VFT_A_OVERFLOW] = "overflow",
	[VFT_A_FILTERED] = "filtered",
};

static void put(struct request *r, int type, const void *data, int len)
{
	struct nlattr *a = (void *)((char *)&r->nlh + NLMSG_ALIGN(r->nlh.nlmsg_len));

	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + len;
	memcpy((char *)a + NLA_HDRLEN, data, len);
	r->nlh.nlmsg_len = NLMSG_ALIGN(r->nlh.nlmsg_len) + NLA_ALIGN(a->nla_len);
}

static void put_u32(struct request *r, int type, uint32_t value)
{
	put(r, type, &value, sizeof(value));
}

static void begin(struct request *r, int type, int cmd, int flags)
{
	memset(r, 0, sizeof(*r));
	r->nlh.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	r->nlh.nlmsg_type = type;
	r->nlh.nlmsg_flags = NLM_F_REQUEST | flags;
	r->genl.cmd = cmd;
	r->genl.version = 1;
}

typedef void (*each_fn)(const struct nlmsghdr *nlh, void *arg);

/* Sends and reads answers to the end. Returns 0 or a negative errno. */
static int talk(struct request *r, each_fn each, void *arg)
{
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC), n, err = -EIO;
	bool more = true, want_ack = r->nlh.nlmsg_flags & NLM_F_ACK;
	char buf[32768];
	struct nlmsghdr *nlh;

	if (fd < 0)
		return -errno;
	if (send(fd, r, r->nlh.nlmsg_len, 0) < 0)
		goto out;
	while (more) {
		n = recv(fd, buf, sizeof(buf), 0);
		if (n < 0)
			goto out;
		for (nlh = (void *)buf; NLMSG_OK(nlh, n); nlh = NLMSG_NEXT(nlh, n)) {
			if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE) {
				err = *(int *)NLMSG_DATA(nlh);
				more = false;
				break;
			}
			if (each)
				each(nlh, arg);
			if (!(nlh->nlmsg_flags & NLM_F_MULTI) && !want_ack) {
				err = 0;
				more = false;
			}
		}
	}
out:
	close(fd);
	return err;
}

static void parse(const struct nlmsghdr *nlh, const struct nlattr **tb, int max)
{
	const char *p = (const char *)NLMSG_DATA(nlh) + GENL_HDRLEN;
	const char *end = (const char *)nlh + nlh->nlmsg_len;

	memset(tb, 0, (max + 1) * sizeof(*tb));
	while (p + NLA_HDRLEN <= end) {
		const struct nlattr *a = (const void *)p;

		if (a->nla_len < NLA_HDRLEN)
			break;
		if ((a->nla_type & NLA_TYPE_MASK) <= max)
			tb[a->nla_type & NLA_TYPE_MASK] = a;
		p += NLA_ALIGN(a->nla_len);
	}
}

static const void *value(const struct nlattr *a)
{
	return (const char *)a + NLA_HDRLEN;
}

static unsigned long long number(const struct nlattr *a)
{
	uint64_t v = 0;

	memcpy(&v, value(a), a->nla_len - NLA_HDRLEN);
	return v;
}

static void see_family(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[CTRL_ATTR_MAX + 1];

	parse(nlh, tb, CTRL_ATTR_MAX);
	if (tb[CTRL_ATTR_FAMILY_ID])
		*(int *)arg = *(const uint16_t *)value(tb[CTRL_ATTR_FAMILY_ID]);
}

static int family(void)
{
	struct request r;
	int id = -ENOENT, err;

	begin(&r, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	put(&r, CTRL_ATTR_FAMILY_NAME, VFT_GENL_NAME, sizeof(VFT_GENL_NAME));
	err = talk(&r, see_family, &id);
	return err ? err : id;
}

/* A request about a device. */
static void about(struct request *r, int cmd, int ifindex, int flags)
{
	begin(r, family(), cmd, flags);
	if (ifindex)
		put_u32(r, VFT_A_IFINDEX, ifindex);
}

static void show(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[VFT_A_MAX + 1];
	int i;

	parse(nlh, tb, VFT_A_MAX);
	for (i = 0; i <= VFT_A_MAX; i++) {
		if (!tb[i] || !attr_name[i])
			continue;
		if (i == VFT_A_IFNAME)
			printf("%s %s\n", attr_name[i], (const char *)value(tb[i]));
		else
			printf("%s %llu\n", attr_name[i], number(tb[i]));
	}
}

static void list(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[VFT_A_MAX + 1];

	parse(nlh, tb, VFT_A_MAX);
	if (arg)
		++*(int *)arg;
	else
		puts(value(tb[VFT_A_IFNAME]));
}

static int set(struct request *r, char **arg)
{
	unsigned int i;
	uint64_t v;

	for (; arg[0] && arg[1]; arg += 2) {
		for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
			if (strcmp(arg[0], settings[i].name))
				continue;
			v = strtoull(arg[1], NULL, 0);
			put(r, settings[i].attr, &v, settings[i].size);
			break;
		}
		if (i == sizeof(settings) / sizeof(settings[0]))
			return -EINVAL;
	}
	return talk(r, NULL, NULL);
}

static int fail(struct request *r, const char *how)
{
	uint8_t v = strcmp(how, "hang") ? VFT_FAIL_AHB : VFT_FAIL_HANG;

	put(r, VFT_A_FAIL, &v, 1);
	return talk(r, NULL, NULL);
}

/* The peer's index is asked for in its own namespace, by a child. */
static int index_in(const char *netns, const char *dev)
{
	int fds[2], index = 0, fd;

	if (pipe(fds))
		return 0;
	if (!fork()) {
		fd = open(netns, O_RDONLY);
		if (fd >= 0 && !setns(fd, CLONE_NEWNET))
			index = if_nametoindex(dev);
		if (write(fds[1], &index, sizeof(index)) < 0)
			_exit(1);
		_exit(0);
	}
	if (read(fds[0], &index, sizeof(index)) < 0)
		index = 0;
	return index;
}

static int plug(struct request *r, const char *peer, const char *netns)
{
	if (netns) {
		put_u32(r, VFT_A_PEER_IFINDEX, index_in(netns, peer));
		put_u32(r, VFT_A_PEER_NETNS_FD, open(netns, O_RDONLY));
	} else {
		put_u32(r, VFT_A_PEER_IFINDEX, if_nametoindex(peer));
	}
	return talk(r, NULL, NULL);
}

static int helper(int argc, char **argv)
{
	const char *verb = argv[1], *dev = argc > 2 ? argv[2] : "";
	int index = if_nametoindex(dev), err = -EINVAL;
	struct request r;

	if (!strcmp(verb, "list")) {
		about(&r, VFT_CMD_GET, 0, NLM_F_DUMP);
		err = talk(&r, list, NULL);
	} else if (!strcmp(verb, "show")) {
		about(&r, VFT_CMD_GET, index, 0);
		err = talk(&r, show, NULL);
	} else if (!strcmp(verb, "set")) {
		about(&r, VFT_CMD_SET, index, NLM_F_ACK);
		err = set(&r, argv + 3);
	} else if (!strcmp(verb, "plug") && argc > 3) {
		about(&r, VFT_CMD_PLUG, index, NLM_F_ACK);
		err = plug(&r, argv[3], argv[4]);
	} else if (!strcmp(verb, "pull")) {
		about(&r, VFT_CMD_PULL, index, NLM_F_ACK);
		err = talk(&r, NULL, NULL);
	} else if (!strcmp(verb, "fail") && argc > 3) {
		about(&r, VFT_CMD_FAIL, index, NLM_F_ACK);
		err = fail(&r, argv[3]);
	}
	if (err)
		fprintf(stderr, "nic %s %s: %s\n", verb, dev, strerror(-err));
	return err ? 1 : 0;
}

FIXTURE(nic_netlink) {
	struct request r;
	int a;
	int b;
};

FIXTURE_SETUP(nic_netlink)
{
	if (system("modprobe -q vftgmac100") || unshare(CLONE_NEWNET))
		SKIP(return, "needs root and the module vftgmac100");
	ASSERT_EQ(0, system("ip link add na type vftgmac100 && ip link add nb type vftgmac100"));
	self->a = if_nametoindex("na");
	self->b = if_nametoindex("nb");
}

FIXTURE_TEARDOWN(nic_netlink)
{
}

TEST_F(nic_netlink, an_unknown_device_is_refused)
{
	about(&self->r, VFT_CMD_GET, 9999, 0);
	EXPECT_EQ(-ENODEV, talk(&self->r, NULL, NULL));
}

TEST_F(nic_netlink, a_device_of_another_driver_is_refused)
{
	about(&self->r, VFT_CMD_GET, if_nametoindex("lo"), 0);
	EXPECT_EQ(-ENODEV, talk(&self->r, NULL, NULL));
}

TEST_F(nic_netlink, no_device_is_refused)
{
	about(&self->r, VFT_CMD_GET, 0, 0);
	EXPECT_EQ(-EINVAL, talk(&self->r, NULL, NULL));
}

TEST_F(nic_netlink, a_chance_above_one_million_is_refused)
{
	about(&self->r, VFT_CMD_SET, self->a, NLM_F_ACK);
	put_u32(&self->r, VFT_A_LOSS, 1000001);
	EXPECT_EQ(-ERANGE, talk(&self->r, NULL, NULL));
}

TEST_F(nic_netlink, a_dump_has_the_cards_of_this_namespace_only)
{
	int n = 0;

	about(&self->r, VFT_CMD_GET, 0, NLM_F_DUMP);
	EXPECT_EQ(0, talk(&self->r, list, &n));
	EXPECT_EQ(2, n);
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	n = 0;
	about(&self->r, VFT_CMD_GET, 0, NLM_F_DUMP);
	EXPECT_EQ(0, talk(&self->r, list, &n));
	EXPECT_EQ(0, n);
}

TEST_F(nic_netlink, a_second_cable_into_a_card_is_refused)
{
	about(&self->r, VFT_CMD_PLUG, self->a, NLM_F_ACK);
	put_u32(&self->r, VFT_A_PEER_IFINDEX, self->b);
	EXPECT_EQ(0, talk(&self->r, NULL, NULL));
	about(&self->r, VFT_CMD_PLUG, self->a, NLM_F_ACK);
	put_u32(&self->r, VFT_A_PEER_IFINDEX, self->a);
	EXPECT_EQ(-EBUSY, talk(&self->r, NULL, NULL));
}

TEST_F(nic_netlink, a_cable_can_loop_a_card_back_and_be_pulled_once)
{
	about(&self->r, VFT_CMD_PLUG, self->a, NLM_F_ACK);
	put_u32(&self->r, VFT_A_PEER_IFINDEX, self->a);
	EXPECT_EQ(0, talk(&self->r, NULL, NULL));
	about(&self->r, VFT_CMD_PULL, self->a, NLM_F_ACK);
	EXPECT_EQ(0, talk(&self->r, NULL, NULL));
	about(&self->r, VFT_CMD_PULL, self->a, NLM_F_ACK);
	EXPECT_EQ(-ENOTCONN, talk(&self->r, NULL, NULL));
}

TEST_F(nic_netlink, a_namespace_that_is_none_is_refused)
{
	about(&self->r, VFT_CMD_PLUG, self->a, NLM_F_ACK);
	put_u32(&self->r, VFT_A_PEER_IFINDEX, self->b);
	put_u32(&self->r, VFT_A_PEER_NETNS_FD, 0);
	EXPECT_EQ(-EINVAL, talk(&self->r, NULL, NULL));
}

int main(int argc, char **argv)
{
	if (argc > 1 && argv[1][0] != '-')
		return helper(argc, argv);
	return test_harness_run(argc, argv);
}
