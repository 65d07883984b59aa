// SPDX-License-Identifier: GPL-2.0
/*
 * mynet-routes: a table of as many routes as the Internet has, into a stack and out of it again.
 *
 *	mynet-routes FAMILY COUNT DEV...	(FAMILY: mynet or inet)
 *
 * Adds COUNT routes out of the devices, in turn, and deletes them unless -k keeps them; prints how
 * long each took. The same COUNT makes the same routes. Requests go as programs with much to say
 * send them: many in a message, and only the last is answered.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/mynet.h>

#include "words.h"

#define BATCH_BYTES	65536
#define REQUEST_MAX	128
#define DEVICES_MAX	16

struct route {
	uint32_t dst;
	uint8_t length;
};

static struct mnl_socket *sock;
static uint16_t genl_family;		/* 0: inet */
static uint32_t devices[DEVICES_MAX];
static unsigned int device_count;

/* --- the routes --------------------------------------------------------------------------- */

/* Of 1,000 routes so many have each length: about as in the Internet's tables. */
static const uint16_t per_mille[25] = {
	[8] = 1, [9] = 1, [10] = 1, [11] = 1, [12] = 1, [13] = 1, [14] = 1, [15] = 2, [16] = 14,
	[17] = 8, [18] = 14, [19] = 26, [20] = 45, [21] = 53, [22] = 117, [23] = 104, [24] = 610,
};

static uint64_t seed = 1;

static uint32_t rnd(void)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return seed >> 32;
}

static uint8_t rnd_length(void)
{
	unsigned int n = rnd() % 1000, length;

	for (length = 8; length < 24; length++) {
		if (n < per_mille[length])
			break;
		n -= per_mille[length];
	}
	return length;
}

/* From 1.0.0.0 to 222.255.255.255. */
static uint32_t rnd_host(void)
{
	return 0x01000000 + (uint32_t)(((uint64_t)rnd() * 0xde000000) >> 32);
}

static int by_prefix(const void *a, const void *b)
{
	const struct route *x = a, *y = b;

	if (x->dst != y->dst)
		return x->dst < y->dst ? -1 : 1;
	return x->length - y->length;
}

static size_t unique(struct route *routes, size_t n)
{
	size_t i, kept = 0;

	qsort(routes, n, sizeof(*routes), by_prefix);
	for (i = 0; i < n; i++)
		if (!kept || by_prefix(&routes[i], &routes[kept - 1]))
			routes[kept++] = routes[i];
	return kept;
}

/* In no order: each with a place of its own among hosts' addresses, 127.0.0.0/8 left out. */
static struct route *make_routes(size_t count)
{
	struct route *routes = calloc(count, sizeof(*routes)), swap;
	size_t n = 0, i, j;

	if (!routes)
		err(1, "routes");
	while (n < count) {
		for (; n < count; n++) {
			routes[n].length = rnd_length();
			do
				routes[n].dst = rnd_host() & ~0U << (32 - routes[n].length);
			while (routes[n].dst >> 24 == 127 || !routes[n].dst);
		}
		n = unique(routes, n);
	}
	for (i = n - 1; i; i--) {
		j = rnd() % (i + 1);
		swap = routes[i];
		routes[i] = routes[j];
		routes[j] = swap;
	}
	return routes;
}

/* --- requests ----------------------------------------------------------------------------- */

static struct nlmsghdr *put_inet(void *buffer, const struct route *route, bool add, uint32_t dev)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct rtmsg *rt;

	request->nlmsg_type = add ? RTM_NEWROUTE : RTM_DELROUTE;
	request->nlmsg_flags = NLM_F_REQUEST | (add ? NLM_F_CREATE | NLM_F_EXCL : 0);
	rt = mnl_nlmsg_put_extra_header(request, sizeof(*rt));
	*rt = (struct rtmsg){
		.rtm_family = AF_INET, .rtm_dst_len = route->length, .rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC, .rtm_scope = RT_SCOPE_LINK, .rtm_type = RTN_UNICAST,
	};
	mnl_attr_put_u32(request, RTA_DST, htonl(route->dst));
	mnl_attr_put_u32(request, RTA_OIF, dev);
	return request;
}

static struct nlmsghdr *put_mynet(void *buffer, const struct route *route, bool add, uint32_t dev)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl;

	request->nlmsg_type = genl_family;
	request->nlmsg_flags = NLM_F_REQUEST;
	genl = mnl_nlmsg_put_extra_header(request, sizeof(*genl));
	genl->cmd = add ? MYNET_CMD_ROUTE_ADD : MYNET_CMD_ROUTE_DEL;
	genl->version = 1;
	mnl_attr_put_u32(request, MYNET_A_ROUTE_DST, htonl(route->dst));
	mnl_attr_put_u8(request, MYNET_A_ROUTE_PREFIXLEN, route->length);
	mnl_attr_put_u32(request, MYNET_A_ROUTE_OIF, dev);
	return request;
}

/* Sends what is in the buffer; its last request is answered when all before it are done. */
static void flush(char *buffer, size_t used, struct nlmsghdr *last)
{
	char answer[MNL_SOCKET_BUFFER_SIZE];
	const struct nlmsghdr *nlh = (void *)answer;
	const struct nlmsgerr *error;
	ssize_t got;

	last->nlmsg_flags |= NLM_F_ACK;
	if (mnl_socket_sendto(sock, buffer, used) < 0)
		err(1, "send");
	got = mnl_socket_recvfrom(sock, answer, sizeof(answer));
	if (got < (ssize_t)NLMSG_LENGTH(sizeof(*error)) || nlh->nlmsg_type != NLMSG_ERROR)
		errx(1, "an answer that is none");
	error = mnl_nlmsg_get_payload(nlh);
	if (error->error)
		errx(1, "a route was refused: %s", strerror(-error->error));
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static uint64_t all(const struct route *routes, size_t count, bool add)
{
	static char buffer[BATCH_BYTES];
	struct nlmsghdr *request = NULL;
	uint64_t start = now_ns();
	size_t used = 0, i;

	for (i = 0; i < count; i++) {
		uint32_t dev = devices[i % device_count];

		request = genl_family ? put_mynet(buffer + used, &routes[i], add, dev) :
					put_inet(buffer + used, &routes[i], add, dev);
		used += MNL_ALIGN(request->nlmsg_len);
		if (used < sizeof(buffer) - REQUEST_MAX && i + 1 < count)
			continue;
		flush(buffer, used, request);
		used = 0;
	}
	return now_ns() - start;
}

/* --- the family --------------------------------------------------------------------------- */

static int take_id(const struct nlattr *attr, void *id)
{
	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
		*(uint16_t *)id = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static uint16_t find_family(const char *name)
{
	char buffer[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl;
	uint16_t id = 0;
	ssize_t got;

	nlh->nlmsg_type = GENL_ID_CTRL;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = CTRL_CMD_GETFAMILY;
	genl->version = 1;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, name);
	if (mnl_socket_sendto(sock, nlh, nlh->nlmsg_len) < 0)
		err(1, "send");
	got = mnl_socket_recvfrom(sock, buffer, sizeof(buffer));
	if (got > 0 && mnl_nlmsg_ok(nlh, got) && nlh->nlmsg_type == GENL_ID_CTRL)
		mnl_attr_parse(nlh, sizeof(*genl), take_id, &id);
	if (!id)
		errx(1, "there is no family %s: is the module loaded?", name);
	return id;
}

int main(int argc, char **argv)
{
	bool mynet, keep = false;
	struct route *routes;
	uint64_t added;
	size_t count;
	int i;

	if (wants_help(argc, argv)) {
		puts("Usage: mynet-routes [-k] mynet|inet COUNT DEV...");
		return 0;
	}
	if (argc > 1 && !strcmp(argv[1], "-k")) {
		keep = true;
		argc--;
		argv++;
	}
	if (argc < 4 || argc - 3 > DEVICES_MAX)
		errx(2, "wants FAMILY, COUNT and 1 to %d DEV: see --help", DEVICES_MAX);
	mynet = parse_family(argv[1]) == PF_MYNET;
	if (!mynet && parse_family(argv[1]) != AF_INET)
		errx(2, "routes are inet's or mynet's");
	count = parse_number("count", argv[2], 1, 2000000);
	for (i = 3; i < argc; i++) {
		devices[device_count] = if_nametoindex(argv[i]);
		if (!devices[device_count++])
			err(1, "%s", argv[i]);
	}
	sock = mnl_socket_open(mynet ? NETLINK_GENERIC : NETLINK_ROUTE);
	if (!sock || mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) < 0)
		err(1, "netlink");
	if (mynet)
		genl_family = find_family(MYNET_GENL_NAME);

	routes = make_routes(count);
	added = all(routes, count, true);
	printf("add_ns=%llu", (unsigned long long)added);
	if (!keep)
		printf(" del_ns=%llu", (unsigned long long)all(routes, count, false));
	putchar('\n');
	free(routes);
	mnl_socket_close(sock);
	return 0;
}
