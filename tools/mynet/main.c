// SPDX-License-Identifier: GPL-2.0
/*
 * The command "mynet": its options and objects, and batches of command lines. Its habits are those
 * of ip(8).
 */
#include <errno.h>
#include <linux/mynet.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mynet.h"

#define WORDS_MAX	512	/* of a line of a batch */

static bool force_batch;
static const char *batch_file;

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
	jmp_buf failed;
	int status;

	catch_fail(&failed);
	if (!setjmp(failed)) {
		status = run_line(line);
	} else {
		nl_close();
		out_reset();
		status = MYNET_USAGE;
	}
	catch_fail(NULL);
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
