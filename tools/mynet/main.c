// SPDX-License-Identifier: GPL-2.0
/*
 * The command "mynet": options, objects, and the words of a command line. Its habits are
 * those of ip(8).
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/mynet.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mynet.h"

#define WORDS_MAX	512	/* of a line of a batch */

bool show_stats, show_time, show_details, brief;
static bool force_batch;
static const char *batch_file;
static jmp_buf line_failed;
static pid_t in_line;	/* this process, while it runs a line of a batch */
static char last_device[IF_NAMESIZE];
static const char *netns_option = "", *netns_name = "";

static const struct verb objects[] = {
	{ "address", do_addr },
	{ "dev", do_dev },
	{ "doctor", do_doctor },
	{ "maddress", do_maddr },
	{ "monitor", do_monitor },
	{ "neighbour", do_neigh },
	{ "neighbor", do_neigh },
	{ "nic", do_nic },
	{ "route", do_route },
	{ "rule", do_rule },
	{ "run", do_run },
	{ "ss", do_ss },
	{ "statistics", do_stat },
};

static int usage(FILE *to)
{
	fprintf(to,
		"Usage: mynet [ OPTIONS ] OBJECT { COMMAND | help }\n"
		"       mynet [ OPTIONS ] -b FILE\n"
		"       mynet [ -n NETNS ] run CMD [ ARG... ]\n"
		"where  OBJECT := { addr | dev | doctor | maddr | monitor | neigh | nic | route | rule |\n"
		"                   ss | stat }\n"
		"       OPTIONS := { -n NETNS | -j[son] | -p[retty] | -s[tatistics] | -d[etails] |\n"
		"                    -t[imestamp] | -c[olor][={always|auto|never}] | -br[ief] | -o[neline] |\n"
		"                    -force | -b[atch] FILE | -V[ersion] }\n");
	return to == stdout ? MYNET_OK : MYNET_USAGE;
}

/* --- words -------------------------------------------------------------------------------- */

void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	if (in_line == getpid())	/* no child of "run" goes on with the batch */
		longjmp(line_failed, 1);
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

/* --- commands ----------------------------------------------------------------------------- */

static int run_command(struct words *words)
{
	const char *word = next_word(words);
	unsigned int i;

	if (begins(word, "help"))
		return usage(stdout);
	for (i = 0; i < ARRAY_SIZE(objects); i++)
		if (begins(word, objects[i].name))
			return objects[i].run(words);
	fail("Object \"%s\" is unknown, try \"mynet help\".", word);
}

static int run_line(char *line)
{
	char *word, *rest = line, *array[WORDS_MAX + 1];	/* and a NULL */
	struct words words = { 0, array };

	while ((word = strsep(&rest, " \t\n"))) {
		if (*word == '#')
			break;
		if (!*word)
			continue;
		if (words.n == WORDS_MAX)
			fail("Too many words: a line has %d at most", WORDS_MAX);
		array[words.n++] = word;
	}
	return words.n ? run_command(&words) : MYNET_OK;
}

/* A line that fails in the middle leaves nothing of itself to the next. */
static int try_line(char *line)
{
	const bool json_before = json;
	int status;

	in_line = getpid();
	if (!setjmp(line_failed)) {
		status = run_line(line);
	} else {
		nl_close();
		out_reset();
		status = MYNET_USAGE;
	}
	in_line = 0;
	json = json_before;
	return status;
}

static int run_batch(const char *name)
{
	FILE *file = strcmp(name, "-") ? fopen(name, "r") : stdin;
	int status = MYNET_OK, number = 0, err;
	char *line = NULL;
	size_t size = 0;

	if (!file)
		fail("Cannot open file \"%s\" for reading: %s", name, strerror(errno));
	while (getline(&line, &size, file) >= 0) {
		number++;
		err = try_line(line);
		if (!err)
			continue;
		fprintf(stderr, "Command failed %s:%d\n", name, number);
		status = err;
		if (!force_batch)
			break;
	}
	free(line);
	fclose(file);
	return status;
}

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

static void enter_netns(const char *name)
{
	int fd = open_netns(name);

	if (setns(fd, CLONE_NEWNET))
		fail("setting the network namespace \"%s\" failed: %s", name, strerror(errno));
	close(fd);
	netns_option = " -n ";
	netns_name = name;
}

/* "-c", "-color", "-c=auto": as ip has it, or not for a file that dislikes it. */
static bool take_colour(const char *option)
{
	size_t len = strcspn(option, "=");
	const char *when = option[len] ? option + len + 1 : "always";

	if (len < 2 || strncmp(option, "-color", len))
		return false;
	if (!strcmp(when, "auto"))
		coloured = isatty(STDOUT_FILENO);
	else if (!strcmp(when, "always") || !strcmp(when, "never"))
		coloured = !strcmp(when, "always");
	else
		fail("Error: argument \"%s\" is wrong: colour is always, auto or never", when);
	return true;
}

static int show_version(void)
{
	printf("mynet, netlink family " MYNET_GENL_NAME " version %d\n", MYNET_GENL_VERSION);
	return MYNET_OK;
}

static void take_option(const char *option, struct words *words)
{
	if (begins(option, "-netns"))
		enter_netns(next_word(words));
	else if (begins(option, "-json"))
		json = true;
	else if (begins(option, "-pretty"))
		pretty = true;
	else if (begins(option, "-statistics") || begins(option, "-stats"))
		show_stats = true;
	else if (begins(option, "-details"))
		show_details = true;
	else if (begins(option, "-timestamp"))
		show_time = true;
	else if (take_colour(option))
		;
	else if (strlen(option) > 2 && begins(option, "-brief"))
		brief = true;
	else if (begins(option, "-oneline"))
		oneline = true;
	else if (begins(option, "-Version"))
		exit(show_version());
	else if (begins(option, "-batch"))
		batch_file = next_word(words);
	else if (begins(option, "-force"))
		force_batch = true;
	else if (begins(option, "-help") || begins(option, "-h"))
		exit(usage(stdout));
	else
		fail("Option \"%s\" is unknown, try \"mynet help\".", option);
}

int main(int argc, char **argv)
{
	struct words words = { argc - 1, argv + 1 };
	const char *option;
	int status;

	while ((option = peek_word(&words)) && option[0] == '-') {
		next_word(&words);
		take_option(option[1] == '-' ? option + 1 : option, &words);
	}
	if (batch_file)
		status = run_batch(batch_file);
	else
		status = words.n ? run_command(&words) : usage(stderr);
	nl_close();
	return status;
}
