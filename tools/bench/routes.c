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

#define DEVICES_MAX	16

struct route {
	uint32_t dst;
	uint8_t length;
};

static uint32_t devices[DEVICES_MAX];
static unsigned int device_count;

/* --- the routes --------------------------------------------------------------------------- */

/* The number of routes of each length in 1,000: about as in the Internet's tables. */
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
	struct nlmsghdr *request = begin(buffer, add ? RTM_NEWROUTE : RTM_DELROUTE, 0,
					 flags_of(add));
	struct rtmsg *rt = mnl_nlmsg_put_extra_header(request, sizeof(*rt));

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
	struct nlmsghdr *request = begin(buffer, 0, add ? MYNET_CMD_ROUTE_ADD : MYNET_CMD_ROUTE_DEL,
					 flags_of(add));

	mnl_attr_put_u32(request, MYNET_A_ROUTE_DST, htonl(route->dst));
	mnl_attr_put_u8(request, MYNET_A_ROUTE_PREFIXLEN, route->length);
	mnl_attr_put_u32(request, MYNET_A_ROUTE_OIF, dev);
	return request;
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

int main(int argc, char **argv)
{
	bool keep = false;
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
	count = parse_number("count", argv[2], 1, 2000000);
	for (i = 3; i < argc; i++) {
		devices[device_count] = if_nametoindex(argv[i]);
		if (!devices[device_count++])
			err(1, "%s", argv[i]);
	}
	open_control(argv[1]);

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
