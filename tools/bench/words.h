/* SPDX-License-Identifier: GPL-2.0 */
/* Words of the command line, for the programs here; a wrong one ends the program. */
#ifndef BENCH_WORDS_H
#define BENCH_WORDS_H

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/mynet.h>

static inline bool wants_help(int argc, char **argv)
{
	return argc == 2 && (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help"));
}

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

static inline uint64_t parse_number(const char *what, const char *text, uint64_t min, uint64_t max)
{
	uint64_t value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || value < min || value > max)
		errx(2, "%s '%s' is not from %ju to %ju", what, text, (uintmax_t)min,
		     (uintmax_t)max);
	return value;
}

static inline double parse_duration(const char *text)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !(value > 0 && value <= 86400))
		errx(2, "'%s' is not a number of seconds", text);
	return value;
}

static inline int parse_family(const char *text)
{
	if (!strcmp(text, "inet"))
		return AF_INET;
	if (!strcmp(text, "mynet"))
		return PF_MYNET;
	return parse_number("family (inet, mynet or a number)", text, 1, 255);
}

#endif
