/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Options of an IPv4 header (RFC 791 3.1). [pure]
 */
#ifndef MN_IP_OPTIONS_H
#define MN_IP_OPTIONS_H

#include <linux/types.h>

#define MN_OPT_END	0
#define MN_OPT_NOOP	1
#define MN_OPT_RR	7		/* record route */
#define MN_OPT_TS	68		/* timestamp */
#define MN_OPT_LSRR	131		/* loose source route */
#define MN_OPT_SSRR	137		/* strict source route */
#define MN_OPT_RA	148		/* router alert, RFC 2113 */
#define MN_OPT_COPIED	0x80
#define MN_OPT_MAX	40

/* The places of the options that matter, behind the fixed header; MN_OPT_NONE: not there. */
#define MN_OPT_NONE	0xff
struct mn_options {
	u8	rr;
	u8	ts;
	u8	srr;
	u8	ra;
};

/*
 * Takes @len bytes of options apart. Return: -1: they are right; else the offset of what is wrong,
 * as a parameter problem points at it, from the first option on.
 */
int mn_options_check(const u8 *opt, unsigned int len, struct mn_options *found);

/* Is there room for one more address or timestamp? */
bool mn_options_wants_route(const u8 *opt, const struct mn_options *found);
bool mn_options_wants_stamp(const u8 *opt, const struct mn_options *found);

/* Writes @addr into the record route. */
void mn_options_record(u8 *opt, const struct mn_options *found, __be32 addr);

/* The address whose owner is to write the next timestamp, 0: anybody's. */
__be32 mn_options_stamper(const u8 *opt, const struct mn_options *found);

/* Writes a timestamp, and @addr if it wants one; or counts that there was no room. */
void mn_options_stamp(u8 *opt, const struct mn_options *found, __be32 addr, __be32 time);

/* Removes from a header's options those that only the first fragment has. */
void mn_options_drop_uncopied(u8 *opt, unsigned int len);

/* Are all of them options of the list above? They are right. */
bool mn_options_known(const u8 *opt, unsigned int len);

/* Clears what is behind the end, and entries that are still to be written. They are right. */
void mn_options_tidy(u8 *opt, unsigned int len, const struct mn_options *found);

/* RFC 1122 3.2.2.6: what an answer has of a request's options. Return: bytes at @to, padded. */
unsigned int mn_options_echo(u8 *to, const u8 *opt, const struct mn_options *found);

#endif /* MN_IP_OPTIONS_H */
