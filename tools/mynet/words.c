// SPDX-License-Identifier: GPL-2.0
/*
 * The command "mynet": the words of a command line and what they stand for. All other files build
 * on this one; it calls none of them.
 * Owns: the options of the command, the device that was named last, the network namespace.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mynet.h"

bool show_stats, show_time, show_details, brief;
static jmp_buf *line_failed;
static pid_t in_line;	/* the process that runs a line of a batch, or 0 */
static char last_device[IF_NAMESIZE];
static const char *netns_option = "", *netns_name = "";

/* --- words -------------------------------------------------------------------------------- */

void catch_fail(jmp_buf *failed)
{
	line_failed = failed;
	in_line = failed ? getpid() : 0;
}

void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	if (in_line == getpid())	/* no child of "run" goes on with the batch */
		longjmp(*line_failed, 1);
	exit(MYNET_USAGE);
}

bool begins(const char *word, const char *full)
{
	return word[0] && !strncmp(full, word, strlen(word));
}

const char *peek_word(const struct words *words)
{
	return words->n ? words->word[0] : NULL;
}

const char *next_word(struct words *words)
{
	/* A word always stands before: an object, or an option. */
	if (!words->n)
		fail("Error: something is required after \"%s\". Try \"help\"", words->word[-1]);
	words->n--;
	return *words->word++;
}

void need(bool there, const char *word)
{
	if (!there)
		fail("Error: \"%s\" is required", word);
}

void no_word(const struct words *words)
{
	if (words->n)
		fail("Error: \"%s\" is not expected here", words->word[0]);
}

bool take_word(struct words *words, const char *word, unsigned int least)
{
	const char *next = peek_word(words);

	if (!next || strlen(next) < least || !begins(next, word))
		return false;
	next_word(words);
	return true;
}

static const struct verb *find_verb(const struct verb *verbs, const char *word)
{
	for (; verbs->name; verbs++)
		if (begins(word, verbs->name))
			return verbs;
	return NULL;
}

/* "help" behind a verb is asked for too, as ip has it. */
int run_verb(const char *object, const struct verb *verbs, struct words *words)
{
	const char *word = peek_word(words);
	const struct verb *verb = verbs;

	if (word) {
		next_word(words);
		verb = find_verb(verbs, word);
	}
	if (!verb)
		fail("Command \"%s\" is unknown, try \"mynet %s help\".", word, object);
	word = peek_word(words);
	if (word && !strcmp(word, "help"))
		verb = find_verb(verbs, "help");
	return verb->run(words);
}

/* --- values ------------------------------------------------------------------------------- */

uint32_t take_last_dev(struct words *words)
{
	uint32_t ifindex = 0;

	take_word(words, "dev", 3);
	if (peek_word(words))
		ifindex = parse_ifindex(next_word(words));
	no_word(words);
	return ifindex;
}

uint32_t parse_ifindex(const char *name)
{
	uint32_t ifindex = if_nametoindex(name);

	if (!ifindex)
		fail("Cannot find device \"%s\"", name);
	snprintf(last_device, sizeof(last_device), "%s", name);
	return ifindex;
}

const char *named_device(void)
{
	return last_device[0] ? last_device : "DEV";
}

struct in_addr parse_prefix(const char *text, int *length)
{
	char copy[INET_ADDRSTRLEN + 1];
	const char *slash = strchr(text, '/');
	struct in_addr addr;

	snprintf(copy, sizeof(copy), "%.*s", slash ? (int)(slash - text) : INET_ADDRSTRLEN, text);
	if (!inet_pton(AF_INET, copy, &addr))
		fail("Error: inet prefix is expected rather than \"%s\".", text);
	*length = slash ? (int)parse_number(slash + 1, "prefix length", 32) : -1;
	return addr;
}

uint32_t parse_net(const char *text, int *length)
{
	uint32_t net;

	*length = 0;
	if (!strcmp(text, "default") || !strcmp(text, "all") || !strcmp(text, "any"))
		return 0;
	net = parse_prefix(text, length).s_addr;
	if (*length < 0)
		*length = 32;
	return net;
}

bool prefix_within(uint32_t addr, unsigned int length, uint32_t net, unsigned int net_length)
{
	const uint32_t mask = net_length ? htonl(~0U << (32 - net_length)) : 0;

	return length >= net_length && !((addr ^ net) & mask);
}

struct in_addr parse_addr(const char *text)
{
	struct in_addr addr;

	if (!inet_pton(AF_INET, text, &addr))
		fail("Error: inet address is expected rather than \"%s\".", text);
	return addr;
}

unsigned int parse_number(const char *text, const char *what, unsigned int max)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 0);
	if (errno || !isdigit((unsigned char)text[0]) || *end || value > max)
		fail("Error: argument \"%s\" is wrong: not a %s", text, what);
	return value;
}

void parse_lladdr(const char *text, uint8_t *lladdr)
{
	char rest;

	if (sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%c", &lladdr[0], &lladdr[1],
		   &lladdr[2], &lladdr[3], &lladdr[4], &lladdr[5], &rest) != 6)
		fail("\"%s\" is invalid lladdr.", text);
}

static const struct {
	const char *name;
	unsigned int scope;
} scopes[] = {
	{ "global", RT_SCOPE_UNIVERSE },
	{ "site", RT_SCOPE_SITE },
	{ "link", RT_SCOPE_LINK },
	{ "host", RT_SCOPE_HOST },
	{ "nowhere", RT_SCOPE_NOWHERE },
};

unsigned int parse_scope(const char *text)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(scopes); i++)
		if (!strcmp(text, scopes[i].name))
			return scopes[i].scope;
	return parse_number(text, "scope", 255);
}

const char *scope_name(unsigned int scope)
{
	static char number[12];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(scopes); i++)
		if (scope == scopes[i].scope)
			return scopes[i].name;
	snprintf(number, sizeof(number), "%u", scope);
	return number;
}

const char *ifname(uint32_t ifindex)
{
	static char name[IF_NAMESIZE];

	if (!if_indextoname(ifindex, name))
		snprintf(name, sizeof(name), "if%u", ifindex);
	return name;
}

/* --- the network namespace ---------------------------------------------------------------- */

const char *in_netns(const char *command)
{
	static char text[512];

	snprintf(text, sizeof(text), "%s%s%s", command, netns_option, netns_name);
	return text;
}

int open_netns(const char *name)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), strchr(name, '/') ? "%s" : "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail("Cannot open network namespace \"%s\": %s", name, strerror(errno));
	return fd;
}

void enter_netns(const char *name)
{
	int fd = open_netns(name);

	if (setns(fd, CLONE_NEWNET))
		fail("setting the network namespace \"%s\" failed: %s", name, strerror(errno));
	close(fd);
	netns_option = " -n ";
	netns_name = name;
}
