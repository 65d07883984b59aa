/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs here do with words of their command lines; a wrong one ends the program. */
#ifndef BENCH_WORDS_H
#define BENCH_WORDS_H

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

/* By the name that ip-netns(8) gave it; NULL: stay. */
static inline void enter_netns(const char *name)
{
	char path[PATH_MAX];
	int fd;

	if (!name)
		return;
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "network namespace %s", name);
	close(fd);
}

static inline struct in_addr parse_address(const char *text)
{
	struct in_addr addr;

	if (inet_pton(AF_INET, text, &addr) != 1)
		errx(2, "'%s' is not an address like 10.0.0.1", text);
	return addr;
}

#endif
