/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TCP options as bytes and as values (RFC 9293 3.1, 3.2; RFC 7323; RFC 2018). [pure]
 */
#ifndef MN_TCP_OPTIONS_H
#define MN_TCP_OPTIONS_H

#include <linux/types.h>

#include "seq.h"

#define MN_TCP_OPTS_MAX		40	/* the header length field allows no more */
#define MN_TCP_SACKS_MAX	4
#define MN_TCP_WSCALE_MAX	14	/* RFC 7323 2.3 */
#define MN_TCP_OPT_TS_LEN	12	/* padded */
#define MN_TCP_OPT_SACK_BASE	4	/* padded, before the blocks */
#define MN_TCP_OPT_SACK_BLOCK	8

/* The options of a segment; those that it does not have are 0. */
struct mn_tcp_opts {
	u32	tsval;
	u32	tsecr;
	u16	mss;
	u8	wscale;
	u8	sacks;		/* blocks that follow */
	bool	has_mss;
	bool	has_wscale;
	bool	has_ts;
	bool	sack_ok;
	struct mn_sack_block sack[MN_TCP_SACKS_MAX];
};

/* Reads @len bytes; malformed and unknown options are passed over (RFC 9293 3.1, MUST-6). */
void mn_tcp_opts_parse(struct mn_tcp_opts *o, const u8 *p, unsigned int len, bool syn);

/* Room that mn_tcp_opts_write() takes; a multiple of four, not above MN_TCP_OPTS_MAX. */
unsigned int mn_tcp_opts_size(const struct mn_tcp_opts *o);

/* Writes @o padded to mn_tcp_opts_size() bytes, which it returns. */
unsigned int mn_tcp_opts_write(const struct mn_tcp_opts *o, u8 *p);

/* The one layout of nearly all segments: NOP NOP TS. False: it is another one. */
bool mn_tcp_opts_only_ts(struct mn_tcp_opts *o, const u8 *p, unsigned int len);

#endif /* MN_TCP_OPTIONS_H */
