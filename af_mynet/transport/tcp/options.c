// SPDX-License-Identifier: GPL-2.0
/*
 * Reads and writes TCP options (RFC 9293 3.1, RFC 7323, RFC 2018). [pure]
 *
 * Whatever the wire says stays within the bytes that are there: an option whose length is
 * nonsense ends the reading.
 */
#include "options.h"

#define MN_OPT_END	0
#define MN_OPT_NOP	1
#define MN_OPT_MSS	2
#define MN_OPT_WSCALE	3
#define MN_OPT_SACK_OK	4
#define MN_OPT_SACK	5
#define MN_OPT_TS	8

static u32 mn_get32(const u8 *p)
{
	return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
}

static u8 *mn_put32(u8 *p, u32 v)
{
	p[0] = v >> 24;
	p[1] = v >> 16;
	p[2] = v >> 8;
	p[3] = v;
	return p + 4;
}

static u8 *mn_put4(u8 *p, u8 a, u8 b, u8 c, u8 d)
{
	p[0] = a;
	p[1] = b;
	p[2] = c;
	p[3] = d;
	return p + 4;
}

static void mn_opts_sack(struct mn_tcp_opts *o, const u8 *p, unsigned int len)
{
	if ((len - 2) % 8 || len < 10)
		return;
	for (p += 2, len -= 2; len && o->sacks < MN_TCP_SACKS_MAX; p += 8, len -= 8) {
		o->sack[o->sacks].start = mn_get32(p);
		o->sack[o->sacks].end = mn_get32(p + 4);
		o->sacks++;
	}
}

/* One option of kind p[0] and @len bytes, all of which are there. */
static void mn_opts_one(struct mn_tcp_opts *o, const u8 *p, unsigned int len, bool syn)
{
	switch (p[0]) {
	case MN_OPT_MSS:
		if (len != 4 || !syn || !(p[2] | p[3]))
			return;
		o->mss = p[2] << 8 | p[3];
		o->has_mss = true;
		return;
	case MN_OPT_WSCALE:
		if (len != 3 || !syn)
			return;
		o->wscale = p[2] > MN_TCP_WSCALE_MAX ? MN_TCP_WSCALE_MAX : p[2];
		o->has_wscale = true;
		return;
	case MN_OPT_SACK_OK:
		if (len == 2 && syn)
			o->sack_ok = true;
		return;
	case MN_OPT_TS:
		if (len != 10)
			return;
		o->tsval = mn_get32(p + 2);
		o->tsecr = mn_get32(p + 6);
		o->has_ts = true;
		return;
	case MN_OPT_SACK:
		if (!syn)
			mn_opts_sack(o, p, len);
		return;
	}
}

void mn_tcp_opts_parse(struct mn_tcp_opts *o, const u8 *p, unsigned int len, bool syn)
{
	unsigned int size;

	*o = (struct mn_tcp_opts){};
	while (len) {
		if (p[0] == MN_OPT_END)
			return;
		if (p[0] == MN_OPT_NOP) {
			p++;
			len--;
			continue;
		}
		if (len < 2)
			return;
		size = p[1];
		if (size < 2 || size > len)
			return;
		mn_opts_one(o, p, size, syn);
		p += size;
		len -= size;
	}
}

bool mn_tcp_opts_only_ts(struct mn_tcp_opts *o, const u8 *p, unsigned int len)
{
	if (len != MN_TCP_OPT_TS_LEN || p[0] != MN_OPT_NOP || p[1] != MN_OPT_NOP ||
	    p[2] != MN_OPT_TS || p[3] != 10)
		return false;
	o->has_ts = true;
	o->has_mss = false;
	o->has_wscale = false;
	o->sack_ok = false;
	o->sacks = 0;
	o->tsval = mn_get32(p + 4);
	o->tsecr = mn_get32(p + 8);
	return true;
}

static unsigned int mn_opts_room(const struct mn_tcp_opts *o)
{
	unsigned int size = 0;

	if (o->has_mss)
		size += 4;
	if (o->has_wscale)
		size += 4;
	if (o->has_ts)
		size += MN_TCP_OPT_TS_LEN;
	else if (o->sack_ok)
		size += 4;
	return size;
}

/* How many of the blocks have room behind the rest. */
static unsigned int mn_opts_blocks(const struct mn_tcp_opts *o)
{
	unsigned int room = MN_TCP_OPTS_MAX - mn_opts_room(o);
	unsigned int fit;

	if (!o->sacks || room < MN_TCP_OPT_SACK_BASE + MN_TCP_OPT_SACK_BLOCK)
		return 0;
	fit = (room - MN_TCP_OPT_SACK_BASE) / MN_TCP_OPT_SACK_BLOCK;
	return o->sacks < fit ? o->sacks : fit;
}

unsigned int mn_tcp_opts_size(const struct mn_tcp_opts *o)
{
	unsigned int blocks = mn_opts_blocks(o);

	if (!blocks)
		return mn_opts_room(o);
	return mn_opts_room(o) + MN_TCP_OPT_SACK_BASE + blocks * MN_TCP_OPT_SACK_BLOCK;
}

unsigned int mn_tcp_opts_write(const struct mn_tcp_opts *o, u8 *p)
{
	unsigned int blocks = mn_opts_blocks(o), i;
	u8 *start = p;

	if (o->has_mss)
		p = mn_put4(p, MN_OPT_MSS, 4, o->mss >> 8, o->mss);
	if (o->has_ts) {
		/* SACK permitted takes the place of the padding. */
		if (o->sack_ok)
			p = mn_put4(p, MN_OPT_SACK_OK, 2, MN_OPT_TS, 10);
		else
			p = mn_put4(p, MN_OPT_NOP, MN_OPT_NOP, MN_OPT_TS, 10);
		p = mn_put32(p, o->tsval);
		p = mn_put32(p, o->tsecr);
	} else if (o->sack_ok) {
		p = mn_put4(p, MN_OPT_NOP, MN_OPT_NOP, MN_OPT_SACK_OK, 2);
	}
	if (o->has_wscale)
		p = mn_put4(p, MN_OPT_NOP, MN_OPT_WSCALE, 3, o->wscale);
	if (blocks) {
		p = mn_put4(p, MN_OPT_NOP, MN_OPT_NOP, MN_OPT_SACK,
			    2 + blocks * MN_TCP_OPT_SACK_BLOCK);
		for (i = 0; i < blocks; i++) {
			p = mn_put32(p, o->sack[i].start);
			p = mn_put32(p, o->sack[i].end);
		}
	}
	return p - start;
}
