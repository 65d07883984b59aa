// SPDX-License-Identifier: GPL-2.0
/*
 * The walk along the options of an IPv4 header, and what routers write into them (RFC 791 section
 * 3.1, RFC 1122 3.2.1.8). [pure]
 *
 * State: none. Nothing outside the given bytes is read, whatever they say.
 */
#include <linux/string.h>

#include "internet/ip_options.h"

/* Offsets within an option. */
#define MN_OPT_LEN	1
#define MN_OPT_PTR	2	/* counts from one: where the next entry is written */
#define MN_OPT_FLAGS	3	/* of a timestamp: overflow << 4 | what an entry is */

#define MN_TS_ONLY	0
#define MN_TS_ADDR	1
#define MN_TS_ASKED	3

/* A list of entries of @size bytes from @first on: -1, or the offset of what is wrong with it. */
static int mn_list_check(const u8 *o, unsigned int first, unsigned int size)
{
	if (o[MN_OPT_LEN] < first - 1)
		return MN_OPT_LEN;
	if (o[MN_OPT_PTR] < first)
		return MN_OPT_PTR;
	if (o[MN_OPT_PTR] <= o[MN_OPT_LEN] && o[MN_OPT_PTR] + size - 1 > o[MN_OPT_LEN])
		return MN_OPT_PTR;
	return -1;
}

static unsigned int mn_stamp_size(const u8 *o)
{
	return (o[MN_OPT_FLAGS] & 15) == MN_TS_ONLY ? 4 : 8;
}

static int mn_stamp_check(const u8 *o)
{
	u8 kind;

	if (o[MN_OPT_LEN] < 4)
		return MN_OPT_LEN;
	kind = o[MN_OPT_FLAGS] & 15;
	if (kind != MN_TS_ONLY && kind != MN_TS_ADDR && kind != MN_TS_ASKED)
		return MN_OPT_FLAGS;
	/* Full, and nobody can count any more who found it so. */
	if (o[MN_OPT_PTR] > o[MN_OPT_LEN] && o[MN_OPT_FLAGS] >> 4 == 15)
		return MN_OPT_FLAGS;
	return mn_list_check(o, 5, mn_stamp_size(o));
}

/* Notes where an option is; each may be there once. */
static int mn_option_note(u8 *place, unsigned int at)
{
	if (*place != MN_OPT_NONE)
		return 0;
	*place = at;
	return -1;
}

/* One that has a length that is right. Return: as mn_options_check(), from the option on. */
static int mn_option_check(const u8 *o, unsigned int at, struct mn_options *found)
{
	int wrong;

	switch (o[0]) {
	case MN_OPT_LSRR:
	case MN_OPT_SSRR:
		wrong = o[MN_OPT_LEN] < 3 ? MN_OPT_LEN : mn_list_check(o, 4, 4);
		return wrong >= 0 ? wrong : mn_option_note(&found->srr, at);
	case MN_OPT_RR:
		wrong = o[MN_OPT_LEN] < 3 ? MN_OPT_LEN : mn_list_check(o, 4, 4);
		return wrong >= 0 ? wrong : mn_option_note(&found->rr, at);
	case MN_OPT_TS:
		wrong = mn_stamp_check(o);
		return wrong >= 0 ? wrong : mn_option_note(&found->ts, at);
	case MN_OPT_RA:
		if (o[MN_OPT_LEN] < 4)
			return MN_OPT_LEN;
		/* RFC 2113: of the values only zero means something. */
		if (!o[2] && !o[3])
			found->ra = at;
		return -1;
	default:
		return -1;
	}
}

int mn_options_check(const u8 *opt, unsigned int len, struct mn_options *found)
{
	unsigned int at = 0;
	int wrong;

	*found = (struct mn_options){ MN_OPT_NONE, MN_OPT_NONE, MN_OPT_NONE, MN_OPT_NONE };
	while (at < len && opt[at] != MN_OPT_END) {
		if (opt[at] == MN_OPT_NOOP) {
			at++;
			continue;
		}
		if (at + 1 >= len)
			return at;
		if (opt[at + 1] < 2 || at + opt[at + 1] > len)
			return at + 1;
		wrong = mn_option_check(opt + at, at, found);
		if (wrong >= 0)
			return at + wrong;
		at += opt[at + 1];
	}
	return -1;
}

bool mn_options_wants_route(const u8 *opt, const struct mn_options *found)
{
	const u8 *o = opt + found->rr;

	return found->rr != MN_OPT_NONE && o[MN_OPT_PTR] <= o[MN_OPT_LEN];
}

bool mn_options_wants_stamp(const u8 *opt, const struct mn_options *found)
{
	const u8 *o = opt + found->ts;

	return found->ts != MN_OPT_NONE && o[MN_OPT_PTR] <= o[MN_OPT_LEN];
}

static void mn_entry_write(u8 *o, const void *value)
{
	memcpy(o + o[MN_OPT_PTR] - 1, value, 4);
	o[MN_OPT_PTR] += 4;
}

void mn_options_record(u8 *opt, const struct mn_options *found, __be32 addr)
{
	if (mn_options_wants_route(opt, found))
		mn_entry_write(opt + found->rr, &addr);
}

__be32 mn_options_stamper(const u8 *opt, const struct mn_options *found)
{
	const u8 *o = opt + found->ts;
	__be32 addr = 0;

	if (found->ts != MN_OPT_NONE && o[MN_OPT_PTR] <= o[MN_OPT_LEN] &&
	    (o[MN_OPT_FLAGS] & 15) == MN_TS_ASKED)
		memcpy(&addr, o + o[MN_OPT_PTR] - 1, 4);
	return addr;
}

void mn_options_stamp(u8 *opt, const struct mn_options *found, __be32 addr, __be32 time)
{
	u8 *o = opt + found->ts;

	if (found->ts == MN_OPT_NONE)
		return;
	if (o[MN_OPT_PTR] > o[MN_OPT_LEN]) {
		o[MN_OPT_FLAGS] += 0x10;
		return;
	}
	switch (o[MN_OPT_FLAGS] & 15) {
	case MN_TS_ADDR:
		mn_entry_write(o, &addr);
		break;
	case MN_TS_ASKED:
		o[MN_OPT_PTR] += 4;
		break;
	}
	mn_entry_write(o, &time);
}

void mn_options_drop_uncopied(u8 *opt, unsigned int len)
{
	unsigned int at = 0, size;

	while (at < len && opt[at] != MN_OPT_END) {
		if (opt[at] == MN_OPT_NOOP) {
			at++;
			continue;
		}
		size = at + 1 < len ? opt[at + 1] : 0;
		if (size < 2 || at + size > len)
			return;
		if (!(opt[at] & MN_OPT_COPIED))
			memset(opt + at, MN_OPT_NOOP, size);
		at += size;
	}
}

bool mn_options_known(const u8 *opt, unsigned int len)
{
	unsigned int at = 0;

	while (at < len && opt[at] != MN_OPT_END) {
		switch (opt[at]) {
		case MN_OPT_NOOP:
			at++;
			break;
		case MN_OPT_RR:
		case MN_OPT_TS:
		case MN_OPT_LSRR:
		case MN_OPT_SSRR:
		case MN_OPT_RA:
			at += opt[at + MN_OPT_LEN];
			break;
		default:
			return false;
		}
	}
	return true;
}

/* The next timestamp is nobody's yet; the address of one that is asked for stays. */
static void mn_stamp_clear(u8 *o)
{
	unsigned int kept = (o[MN_OPT_FLAGS] & 15) == MN_TS_ASKED ? 4 : 0;

	memset(o + o[MN_OPT_PTR] - 1 + kept, 0, mn_stamp_size(o) - kept);
}

void mn_options_tidy(u8 *opt, unsigned int len, const struct mn_options *found)
{
	unsigned int at = 0;

	while (at < len && opt[at] != MN_OPT_END)
		at += opt[at] == MN_OPT_NOOP ? 1 : opt[at + 1];
	if (at < len)
		memset(opt + at, MN_OPT_END, len - at);
	if (mn_options_wants_route(opt, found))
		memset(opt + found->rr + opt[found->rr + MN_OPT_PTR] - 1, 0, 4);
	if (mn_options_wants_stamp(opt, found))
		mn_stamp_clear(opt + found->ts);
}

unsigned int mn_options_echo(u8 *to, const u8 *opt, const struct mn_options *found)
{
	const u8 places[] = { found->rr, found->ts };
	unsigned int len = 0, i;

	for (i = 0; i < sizeof(places); i++) {
		if (places[i] == MN_OPT_NONE)
			continue;
		memcpy(to + len, opt + places[i], opt[places[i] + MN_OPT_LEN]);
		len += opt[places[i] + MN_OPT_LEN];
	}
	while (len % 4)
		to[len++] = MN_OPT_END;
	return len;
}
