// SPDX-License-Identifier: GPL-2.0
/*
 * mynet-grow: what an operation costs when there are many of its kind already.
 *
 *	mynet-grow FAMILY KIND COUNT DEV	(FAMILY: mynet or inet)
 *
 * Adds COUNT objects of a kind on a device, then measures. Prints nanoseconds: fill (for each of
 * the COUNT), add and delete (one more, the mean of 64), dump (for each), and end (in all: the
 * device is deleted with everything that it had).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "requests.h"
#include "words.h"

#define MORE		64
#define HOST(n)		htonl(0x0a000001 + (n))

struct kind {
	const char *name;
	uint8_t add, del, get;				/* MYNET_CMD_* */
	uint16_t inet_add, inet_del, inet_get;		/* RTM_* */
	void (*mynet)(struct nlmsghdr *request, uint32_t n, uint32_t dev);
	void (*inet)(struct nlmsghdr *request, uint32_t n, uint32_t dev);
};

/* --- objects ------------------------------------------------------------------------------ */

static void put_mynet_addr(struct nlmsghdr *request, uint32_t local, uint8_t plen, uint32_t dev)
{
	mnl_attr_put_u32(request, MYNET_A_ADDR_IFINDEX, dev);
	mnl_attr_put_u32(request, MYNET_A_ADDR_LOCAL, local);
	mnl_attr_put_u8(request, MYNET_A_ADDR_PREFIXLEN, plen);
}

static void put_inet_addr(struct nlmsghdr *request, uint32_t local, uint8_t plen, uint32_t dev)
{
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(request, sizeof(*ifa));

	*ifa = (struct ifaddrmsg){ .ifa_family = AF_INET, .ifa_prefixlen = plen, .ifa_index = dev };
	mnl_attr_put_u32(request, IFA_LOCAL, local);
	mnl_attr_put_u32(request, IFA_ADDRESS, local);
	mnl_attr_put_u32(request, IFA_BROADCAST, local | ~htonl(~0U << (32 - plen)));
}

/* Addresses of one network. */
static void mynet_host_addr(struct nlmsghdr *request, uint32_t n, uint32_t dev)
{
	put_mynet_addr(request, HOST(n), 8, dev);
}

static void inet_host_addr(struct nlmsghdr *request, uint32_t n, uint32_t dev)
{
	put_inet_addr(request, HOST(n), 8, dev);
}

/* An address in each network. */
static void mynet_net(struct nlmsghdr *request, uint32_t n, uint32_t dev)
{
	put_mynet_addr(request, HOST(4 * n), 30, dev);
}

static void inet_net(struct nlmsghdr *request, uint32_t n, uint32_t dev)
{
	put_inet_addr(request, HOST(4 * n), 30, dev);
}

struct way {
	uint32_t dst, metric, table;
	uint8_t plen;
};

static void put_mynet_route(struct nlmsghdr *request, const struct way *way, uint32_t dev)
{
	mnl_attr_put_u32(request, MYNET_A_ROUTE_DST, way->dst);
	mnl_attr_put_u8(request, MYNET_A_ROUTE_PREFIXLEN, way->plen);
	mnl_attr_put_u32(request, MYNET_A_ROUTE_METRIC, way->metric);
	mnl_attr_put_u32(request, MYNET_A_ROUTE_TABLE, way->table);
	mnl_attr_put_u32(request, MYNET_A_ROUTE_OIF, dev);
}

static void put_inet_route(struct nlmsghdr *request, const struct way *way, uint32_t dev)
{
	struct rtmsg *rt = mnl_nlmsg_put_extra_header(request, sizeof(*rt));

	*rt = (struct rtmsg){
		.rtm_family = AF_INET, .rtm_dst_len = way->plen, .rtm_scope = RT_SCOPE_LINK,
		.rtm_protocol = RTPROT_STATIC, .rtm_type = RTN_UNICAST,
	};
	mnl_attr_put_u32(request, RTA_DST, way->dst);
	mnl_attr_put_u32(request, RTA_PRIORITY, way->metric);
	mnl_attr_put_u32(request, RTA_TABLE, way->table);
	mnl_attr_put_u32(request, RTA_OIF, dev);
}

/* Routes to hosts. */
static struct way host_way(uint32_t n)
{
	return (struct way){ .dst = HOST(n), .plen = 32, .table = RT_TABLE_MAIN };
}

/* Routes to one network, by metrics that fall. */
static struct way metric_way(uint32_t n)
{
	return (struct way){
		.dst = htonl(0x0b000000), .plen = 8, .metric = ~n, .table = RT_TABLE_MAIN,
	};
}

/* A route in each table. */
static struct way table_way(uint32_t n)
{
	return (struct way){ .dst = htonl(0x0b000000), .plen = 8, .table = 1000 + n };
}

#define WAYS(kind)									\
static void mynet_##kind(struct nlmsghdr *request, uint32_t n, uint32_t dev)		\
{											\
	const struct way way = kind##_way(n);						\
											\
	put_mynet_route(request, &way, dev);						\
}											\
											\
static void inet_##kind(struct nlmsghdr *request, uint32_t n, uint32_t dev)		\
{											\
	const struct way way = kind##_way(n);						\
											\
	put_inet_route(request, &way, dev);						\
}

WAYS(host)
WAYS(metric)
WAYS(table)

static void mynet_rule(struct nlmsghdr *request, uint32_t n, uint32_t dev)
{
	(void)dev;
	mnl_attr_put_u32(request, MYNET_A_RULE_PRIORITY, 1000 + n);
	mnl_attr_put_u32(request, MYNET_A_RULE_TABLE, RT_TABLE_MAIN);
	mnl_attr_put_u32(request, MYNET_A_RULE_SRC, HOST(n));
}

static void inet_rule(struct nlmsghdr *request, uint32_t n, uint32_t dev)
{
	struct fib_rule_hdr *rule = mnl_nlmsg_put_extra_header(request, sizeof(*rule));

	(void)dev;
	*rule = (struct fib_rule_hdr){
		.family = AF_INET, .src_len = 32, .table = RT_TABLE_MAIN, .action = FR_ACT_TO_TBL,
	};
	mnl_attr_put_u32(request, FRA_PRIORITY, 1000 + n);
	mnl_attr_put_u32(request, FRA_SRC, HOST(n));
}

static const uint8_t hardware[6] = { 2, 0, 0, 0, 0, 1 };

static void mynet_neigh(struct nlmsghdr *request, uint32_t n, uint32_t dev)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(request);

	mnl_attr_put_u32(request, MYNET_A_NEIGH_IFINDEX, dev);
	mnl_attr_put_u32(request, MYNET_A_NEIGH_DST, HOST(n));
	if (genl->cmd == MYNET_CMD_NEIGH_DEL)
		return;
	mnl_attr_put_u32(request, MYNET_A_NEIGH_STATE, NUD_PERMANENT);
	mnl_attr_put(request, MYNET_A_NEIGH_LLADDR, sizeof(hardware), hardware);
}

static void inet_neigh(struct nlmsghdr *request, uint32_t n, uint32_t dev)
{
	struct ndmsg *ndm = mnl_nlmsg_put_extra_header(request, sizeof(*ndm));
	uint32_t dst = HOST(n);

	*ndm = (struct ndmsg){
		.ndm_family = AF_INET, .ndm_ifindex = dev, .ndm_state = NUD_PERMANENT,
	};
	mnl_attr_put_u32(request, NDA_DST, dst);
	mnl_attr_put(request, NDA_LLADDR, sizeof(hardware), hardware);
}

#define KIND(word, obj, what)							\
	{									\
		.name = word,							\
		.add = MYNET_CMD_##obj##_ADD, .del = MYNET_CMD_##obj##_DEL,	\
		.get = MYNET_CMD_##obj##_GET,					\
		.inet_add = RTM_NEW##obj, .inet_del = RTM_DEL##obj,		\
		.inet_get = RTM_GET##obj,					\
		.mynet = mynet_##what, .inet = inet_##what,			\
	}

static const struct kind kinds[] = {
	KIND("addr", ADDR, host_addr),
	KIND("net", ADDR, net),
	KIND("route", ROUTE, host),
	KIND("metric", ROUTE, metric),
	KIND("table", ROUTE, table),
	KIND("rule", RULE, rule),
	KIND("neigh", NEIGH, neigh),
};

static const struct kind *parse_kind(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	errx(2, "'%s' is no kind of object: see --help", name);
}

/* --- requests ----------------------------------------------------------------------------- */

/* Objects @first, @first + @step, ... */
static uint64_t change(const struct kind *kind, bool add, uint32_t dev, uint32_t first,
		       uint32_t step, uint32_t count)
{
	static char buffer[BATCH_BYTES];
	uint64_t start = now_ns();
	size_t used = 0;
	uint32_t i;

	for (i = 0; i < count; i++) {
		struct nlmsghdr *request;

		request = begin(buffer + used, add ? kind->inet_add : kind->inet_del,
				add ? kind->add : kind->del, flags_of(add));
		(genl_family ? kind->mynet : kind->inet)(request, first + i * step, dev);
		used += MNL_ALIGN(request->nlmsg_len);
		if (used < sizeof(buffer) - REQUEST_MAX && i + 1 < count)
			continue;
		flush(buffer, used, request);
		used = 0;
	}
	return now_ns() - start;
}

static uint64_t dump(const struct kind *kind)
{
	static char buffer[65536];
	struct nlmsghdr *request = begin(buffer, kind->inet_get, kind->get, NLM_F_DUMP);
	uint64_t start = now_ns();
	ssize_t got;

	if (!genl_family)
		*(uint8_t *)mnl_nlmsg_put_extra_header(request, sizeof(struct rtmsg)) = AF_INET;
	if (mnl_socket_sendto(sock, request, request->nlmsg_len) < 0)
		err(1, "send");
	for (;;) {
		const struct nlmsghdr *nlh = (void *)buffer;
		int left;

		got = mnl_socket_recvfrom(sock, buffer, sizeof(buffer));
		if (got <= 0)
			err(1, "receive");
		for (left = got; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
			if (nlh->nlmsg_type == NLMSG_ERROR)
				errx(1, "a look at all was refused");
			if (nlh->nlmsg_type == NLMSG_DONE)
				return now_ns() - start;
		}
	}
}

/* The device, by the kernel's own hand. */
static uint64_t end_device(uint32_t dev)
{
	char buffer[256];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *ifi;
	uint64_t start = now_ns();

	mnl_socket_close(sock);
	sock = mnl_socket_open(NETLINK_ROUTE);
	if (!sock || mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) < 0)
		err(1, "netlink");
	request->nlmsg_type = RTM_DELLINK;
	request->nlmsg_flags = NLM_F_REQUEST;
	ifi = mnl_nlmsg_put_extra_header(request, sizeof(*ifi));
	ifi->ifi_index = dev;
	flush(buffer, request->nlmsg_len, request);
	return now_ns() - start;
}

int main(int argc, char **argv)
{
	const struct kind *kind;
	uint32_t count, dev, step;
	uint64_t filled, added, deleted;

	if (wants_help(argc, argv)) {
		puts("Usage: mynet-grow mynet|inet KIND COUNT DEV\n"
		     "KIND: addr, net, route, metric, table, rule or neigh");
		return 0;
	}
	if (argc != 5)
		errx(2, "wants FAMILY, KIND, COUNT and DEV: see --help");
	kind = parse_kind(argv[2]);
	count = parse_number("count", argv[3], 1, 4000000);
	dev = if_nametoindex(argv[4]);
	if (!dev)
		err(1, "%s", argv[4]);
	open_control(argv[1]);

	filled = change(kind, true, dev, 0, 1, count);
	added = change(kind, true, dev, count, 1, MORE);
	/* Some of all ages, but never the first one: that is another question. */
	step = (count + MORE - 1) / MORE;
	deleted = change(kind, false, dev, 1, step, MORE);
	printf("fill=%llu add=%llu delete=%llu", (unsigned long long)filled / count,
	       (unsigned long long)added / MORE, (unsigned long long)deleted / MORE);
	printf(" dump=%llu", (unsigned long long)dump(kind) / count);
	printf(" end=%llu\n", (unsigned long long)end_device(dev));
	mnl_socket_close(sock);
	return 0;
}
