// SPDX-License-Identifier: GPL-2.0
/*
 * "mynet stat": counters, and by how much they grew since somebody last looked. Owns the file
 * that remembers them, one for each user and network namespace.
 */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mynet.h"

#define COUNTERS_MAX	1024
#define NAME_MAX_LEN	64
#define LINE_MAX_LEN	16384
#define WATCH_MAX	86400

static const char *const sources[] = {
	"/proc/net/mynet/snmp",
	"/proc/net/mynet/netstat",
	"/proc/net/mynet/drops",
};

struct counter {
	char name[NAME_MAX_LEN];
	long long value;
};

struct counters {
	unsigned int n;
	struct counter counter[COUNTERS_MAX];
};

static bool all, absolute;
static const char *pattern;

static int help(struct words *words)
{
	printf("Usage: mynet stat [ show | reset ] [ absolute ] [ all ] [ watch [ SECONDS ] ]\n"
	       "                  [ PATTERN ]\n"
	       "Shows the counters of /proc/net/mynet that grew since the last call, and by how much.\n"
	       "  absolute  their values instead\n"
	       "  all       also those that are as they were\n"
	       "  watch     again every second, or every SECONDS, until interrupted\n"
	       "  PATTERN   only these, as a shell matches names: 'Tcp*', '*Drop*'\n"
	       "  reset     begin to count from now on, and show nothing\n");
	return MYNET_OK;
}

/* --- reading ------------------------------------------------------------------------------ */

/* "Ip: A B", "Ip: 1 2": counters IpA and IpB. */
static void read_pair(char *names, char *values, struct counters *to)
{
	const char *group = strsep(&names, ":");
	char *name, *value;
	struct counter *c;

	strsep(&values, ":");
	while (to->n < COUNTERS_MAX && (name = strsep(&names, " \n")) &&
	       (value = strsep(&values, " \n"))) {
		if (!*name)
			continue;
		c = &to->counter[to->n++];
		snprintf(c->name, sizeof(c->name), "%s%s", group, name);
		c->value = strtoll(value, NULL, 10);
	}
}

static void read_counters(struct counters *to)
{
	static char names[LINE_MAX_LEN], values[LINE_MAX_LEN];
	unsigned int i;
	FILE *file;

	to->n = 0;
	for (i = 0; i < ARRAY_SIZE(sources); i++) {
		file = fopen(sources[i], "r");
		if (!file)
			fail("Cannot read %s: %s. Is the module loaded? modprobe af_mynet",
			     sources[i], strerror(errno));
		while (fgets(names, sizeof(names), file) && fgets(values, sizeof(values), file))
			read_pair(names, values, to);
		fclose(file);
	}
}

static long long value_of(const struct counters *in, const char *name)
{
	unsigned int i;

	for (i = 0; i < in->n; i++)
		if (!strcmp(in->counter[i].name, name))
			return in->counter[i].value;
	return 0;
}

/* --- what was there before ---------------------------------------------------------------- */

/* Opened only if it is a plain file of ours: the folder may be everybody's. */
static FILE *open_history(int flags, const char *mode)
{
	const char *dir = getenv("XDG_RUNTIME_DIR") ?: "/tmp";
	struct stat netns, st;
	char path[4096];
	int fd;

	if (stat("/proc/self/ns/net", &netns))
		fail("Cannot find out the network namespace: %s", strerror(errno));
	snprintf(path, sizeof(path), "%s/mynet-stat.%u.%lu", dir, getuid(),
		 (unsigned long)netns.st_ino);
	/* Not truncated before it is known what it is, and no pipe is waited for. */
	fd = open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	if (fd < 0 && errno == ENOENT && !(flags & O_CREAT))
		return NULL;
	if (fd < 0 || fstat(fd, &st))
		fail("Cannot open %s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode) || st.st_uid != getuid() || st.st_nlink != 1)
		fail("%s is not a file of yours: remove it or set XDG_RUNTIME_DIR", path);
	if (flags & O_CREAT && ftruncate(fd, 0))
		fail("Cannot empty %s: %s", path, strerror(errno));
	return fdopen(fd, mode);
}

/* Does the number say what there is now, not what has been? Then it may be less than it was. */
static bool is_gauge(const char *name)
{
	return !strcmp(name, "TcpCurrEstab");
}

/* Counters that began anew with the module, or the machine, are less than they were. */
static void read_history(struct counters *to, const struct counters *now)
{
	FILE *file = open_history(O_RDONLY, "r");
	struct counter *c = to->counter;

	to->n = 0;
	while (file && to->n < COUNTERS_MAX &&
	       fscanf(file, "%63s %lld", c->name, &c->value) == 2) {
		if (c->value > value_of(now, c->name) && !is_gauge(c->name))
			break;
		to->n++;
		c++;
	}
	if (file && !feof(file) && to->n < COUNTERS_MAX)
		to->n = 0;
	if (file)
		fclose(file);
}

static void write_history(const struct counters *now)
{
	FILE *file = open_history(O_WRONLY | O_CREAT, "w");
	unsigned int i;

	for (i = 0; i < now->n; i++)
		fprintf(file, "%s %lld\n", now->counter[i].name, now->counter[i].value);
	if (fclose(file))
		fail("Cannot remember the counters: %s", strerror(errno));
}

/* --- showing ------------------------------------------------------------------------------ */

/* A pattern that matches no name is a mistake, not a counter that stands still. */
static void check_pattern(const struct counters *now)
{
	unsigned int i;

	for (i = 0; i < now->n; i++)
		if (!pattern || !fnmatch(pattern, now->counter[i].name, 0))
			return;
	fail("No counter is called \"%s\". A pattern is a whole name: try \"mynet stat all '%s*'\"",
	     pattern ?: "", pattern ?: "");
}

static unsigned int take_seconds(struct words *words)
{
	const char *word = peek_word(words);
	unsigned int seconds;

	if (!word || word[0] < '0' || word[0] > '9')
		return 1;
	seconds = parse_number(next_word(words), "time in seconds", WATCH_MAX);
	if (!seconds)
		fail("Error: argument \"%s\" is wrong: watch waits at least a second", word);
	return seconds;
}

static void show(const struct counters *now, const struct counters *before)
{
	const struct counter *c;
	long long grown;

	out_begin();
	for (c = now->counter; c < now->counter + now->n; c++) {
		grown = c->value - value_of(before, c->name);
		if ((pattern && fnmatch(pattern, c->name, 0)) ||
		    (!all && !(absolute ? c->value : grown)))
			continue;
		out_object_begin();
		out_string("name", "%-36s", c->name);
		out_number("value", absolute ? " %llu\n" : NULL, c->value);
		out_signed("grown", absolute ? NULL : " %lld\n", grown);
		out_object_end();
	}
	out_end();
	fflush(stdout);
}

int do_stat(struct words *words)
{
	static struct counters now, before;
	unsigned int seconds = 0;
	bool reset = false;
	const char *word;

	all = false;
	absolute = false;
	pattern = NULL;
	while ((word = peek_word(words))) {
		if (take_word(words, "help", 1))
			return help(words);
		if (take_word(words, "watch", 1)) {
			seconds = take_seconds(words);
		} else if (take_word(words, "reset", 1)) {
			reset = true;
		} else if (take_word(words, "absolute", 2)) {
			absolute = true;
		} else if (take_word(words, "all", 2)) {
			all = true;
		} else if (!take_word(words, "show", 1)) {
			if (pattern)
				no_word(words);
			pattern = next_word(words);
		}
	}
	read_counters(&now);
	check_pattern(&now);
	read_history(&before, &now);
	do {
		if (!reset)
			show(&now, &before);
		write_history(&now);
		if (!seconds)
			break;
		poll(NULL, 0, seconds * 1000);
		before = now;
		read_counters(&now);
	} while (true);
	return MYNET_OK;
}
