/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command "mynet": its own header, shared by its files: words of the command line, messages to
 * the kernel, output as text or JSON.
 */
#ifndef MYNET_TOOL_H
#define MYNET_TOOL_H

#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Exit statuses, as ip has them: fine, the command line is wrong, the kernel refused. */
enum { MYNET_OK = 0, MYNET_USAGE = 1, MYNET_REFUSED = 2 };

/* --- words.c: words ----------------------------------------------------------------------- */

/* Options of the command line; main.c sets them. */
extern bool show_stats, show_time, show_details, brief;

/* The words that are left of a command. */
struct words {
	int	n;
	char	**word;
};

/* A verb of an object, or an object: the first that begins with the word is meant. */
struct verb {
	const char *name;
	int (*run)(struct words *words);
};

int run_verb(const char *object, const struct verb *verbs, struct words *words);

/* The next word, or NULL; next_word() needs one and exits without. */
const char *peek_word(const struct words *words);
const char *next_word(struct words *words);
/* Ends the command if what @word stands for was not said. */
void need(bool there, const char *word);
/* Fails if a word is left: no word that is not understood is left out. */
void no_word(const struct words *words);
/* Takes the next word if it is @word or an abbreviation of at least @least letters. */
bool take_word(struct words *words, const char *word, unsigned int least);
bool begins(const char *word, const char *full);
/* "[dev] NAME", the last words if there are any: the device's number, 0: none was named. */
uint32_t take_last_dev(struct words *words);

/* Values; what is no such value ends the command with a word about it. */
uint32_t parse_ifindex(const char *name);
/* The device that was named last, for advice. */
const char *named_device(void);
struct in_addr parse_addr(const char *text);
struct in_addr parse_prefix(const char *text, int *length);	/* length -1: none was given */
/* The same to look for: "default", "all" or "any" is 0.0.0.0/0, an address its own /32. */
uint32_t parse_net(const char *text, int *length);
/* Is the first prefix all in the second? */
bool prefix_within(uint32_t addr, unsigned int length, uint32_t net, unsigned int net_length);
unsigned int parse_number(const char *text, const char *what, unsigned int max);
void parse_lladdr(const char *text, uint8_t *lladdr);
unsigned int parse_scope(const char *text);
const char *scope_name(unsigned int scope);
/* route.c's: a routing table by name or number. */
const char *table_name(unsigned int table);
unsigned int parse_table(const char *text);
/* neigh.c's: NUD_* in capitals. */
const char *neigh_state_name(uint32_t nud);
const char *ifname(uint32_t ifindex);
int open_netns(const char *name);
void enter_netns(const char *name);
/* "@command -n NETNS", or @command alone if none was named; for advice, till the next call. */
const char *in_netns(const char *command);
/* Ends the program, in a batch only the line. */
void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
/* From now on fail() jumps to @failed in this process, NULL: ends the program again. */
void catch_fail(jmp_buf *failed);

/* --- nl.c: messages ----------------------------------------------------------------------- */

/* A request in a buffer that the next one reuses. */
struct nlmsghdr *nl_request(uint8_t cmd, uint16_t flags);
/* The same to the network card vftgmac100. */
struct nlmsghdr *nl_card_request(uint8_t cmd, uint16_t flags);
/* Sends it and waits for the answer: an exit status. */
int nl_talk(struct nlmsghdr *request);
/* Sends it as a dump or a get; @show is called with the attributes of each answer. */
int nl_show(struct nlmsghdr *request, unsigned int max_attr,
	    void (*show)(struct nlattr **attrs, void *arg), void *arg);
void nl_attrs(const struct nlmsghdr *nlh, struct nlattr **attrs, unsigned int max_attr);
/* Gives every event to @take, for ever. */
void nl_listen(void (*take)(uint8_t cmd, const struct nlmsghdr *nlh)) __attribute__((noreturn));
void nl_close(void);

/* --- out.c: output ------------------------------------------------------------------------ */

extern bool json, pretty, coloured, oneline;

/* All output goes to @file from now on, NULL: to stdout. Where it went before. */
FILE *out_redirect(FILE *file);
/* Forgets what was begun and has no end: as if nothing had been told. */
void out_reset(void);
void out_begin(void);
void out_end(void);
void out_object_begin(void);
void out_object_end(void);
void out_group_begin(const char *key);	/* an object in an object; out_object_end() ends it */
void out_array_begin(const char *key);
void out_array_end(void);
/* @format NULL: not in text. @key NULL: not in JSON. */
void out_string(const char *key, const char *format, const char *value);
void out_number(const char *key, const char *format, unsigned long long value);
void out_signed(const char *key, const char *format, long long value);
void out_flag(const char *key, const char *format);
void out_ifname(const char *key, const char *format, const char *name);
void out_lladdr(const char *key, const char *format, const char *text);
void out_addr(const char *key, const char *format, uint32_t addr);
void out_addr_item(const char *format, uint32_t addr);	/* of an array */
void out_item(const char *format, const char *value);	/* the same, a word */
/* null in JSON, as ip says what is said by being there. */
void out_null(const char *key, const char *text);
/* A string in JSON, as ip has it. */
void out_hex(const char *key, const char *format, unsigned int value);
void out_tos(const char *key, const char *format, unsigned int value);	/* of two digits */
/* "ADDR/LENGTH", "ADDR" if the length is 32. */
void out_prefix(const char *key, uint32_t addr, unsigned int length);
void out_break(void);	/* a line of an object ends, but not the object: "\" with -o */
void out_text(const char *text);

/* --- link.c: devices, as the kernel's core knows them ------------------------------------- */

struct link {
	bool		known;
	unsigned int	flags;		/* IFF_* */
	uint16_t	type;		/* ARPHRD_* */
	uint32_t	mtu;
	uint8_t		state;		/* IF_OPER_* */
	char		address[64], broadcast[64];
	struct rtnl_link_stats64 stats;
};

void find_link(uint32_t ifindex, struct link *link);
void show_link(const struct link *link);
void show_link_brief(const char *name, const struct link *link);
void show_link_brief_end(const struct link *link);
void show_link_stats(const struct link *link);

/* --- the objects -------------------------------------------------------------------------- */

/* One object, as its "show" has it; for monitor.c. */
void show_dev(struct nlattr **attrs);
void show_addr(struct nlattr **attrs);
void show_neigh(struct nlattr **attrs);
void show_route(struct nlattr **attrs);
void show_rule(struct nlattr **attrs);

int do_dev(struct words *words);
int do_doctor(struct words *words);
int do_addr(struct words *words);
int do_maddr(struct words *words);
int do_monitor(struct words *words);
int do_neigh(struct words *words);
int do_nic(struct words *words);
int do_route(struct words *words);
int do_rule(struct words *words);
int do_run(struct words *words);
int do_ss(struct words *words);
int do_stat(struct words *words);

#endif
