// SPDX-License-Identifier: GPL-2.0
/*
 * mynet-hold: sockets that only stand about, half of them bound (UDP), half listening (TCP), until
 * standard input ends. Says "ready" when all are there.
 */
#define _GNU_SOURCE
#include <err.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/mynet.h>

#include "words.h"

#define PER_ADDRESS	30000	/* ports of one address */

static void hold(int family, int type, unsigned int n)
{
	struct sockaddr_in name = {
		.sin_family = family,
		.sin_port = htons(1024 + n % PER_ADDRESS),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK + n / PER_ADDRESS),
	};
	int fd = socket(family, type, 0);

	if (fd < 0)
		err(1, "socket");
	if (bind(fd, (void *)&name, sizeof(name)))
		err(1, "bind to port %u", ntohs(name.sin_port));
	if (type == SOCK_STREAM && listen(fd, 1))
		err(1, "listen");
}

int main(int argc, char **argv)
{
	unsigned int count, i;
	struct rlimit files;
	int family;
	char c;

	if (wants_help(argc, argv)) {
		puts("Usage: mynet-hold inet|mynet NETNS COUNT");
		return 0;
	}
	if (argc != 4)
		errx(2, "wants FAMILY, NETNS and COUNT: see --help");
	family = parse_family(argv[1]);
	count = parse_number("count", argv[3], 1, 1000000);
	files = (struct rlimit){ count + 64, count + 64 };
	if (setrlimit(RLIMIT_NOFILE, &files))
		err(1, "so many files");
	enter_netns(argv[2]);
	for (i = 0; i < count; i++)
		hold(family, i % 2 ? SOCK_STREAM : SOCK_DGRAM, i / 2);
	puts("ready");
	fflush(stdout);
	return read(STDIN_FILENO, &c, 1) < 0;
}
