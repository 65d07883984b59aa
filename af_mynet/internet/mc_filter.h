/* SPDX-License-Identifier: GPL-2.0 */
/* The sources that a member of a group wants to hear (RFC 3376 2). [pure] */
#ifndef MN_MC_FILTER_H
#define MN_MC_FILTER_H

#include <linux/types.h>

/* As in linux/in.h, which a pure file does not include. */
#define MN_MC_EXCLUDE	0
#define MN_MC_INCLUDE	1

/* Sources, none twice, ordered by their value in memory. */
struct mn_mc_filter {
	u8	mode;
	u16	n;
	__be32	source[];
};

bool mn_mc_filter_has(const struct mn_mc_filter *filter, __be32 source);

/* Is a packet from @source wanted? */
static inline bool mn_mc_filter_wants(const struct mn_mc_filter *filter, __be32 source)
{
	return mn_mc_filter_has(filter, source) == (filter->mode == MN_MC_INCLUDE);
}

/* Fills @filter, which has room for @n, from sources in any order; each is kept once. */
void mn_mc_filter_fill(struct mn_mc_filter *filter, u8 mode, const __be32 *source,
		       unsigned int n);

/* Fills @filter, which has room for one more than @old has, or as many: with @source or without. */
void mn_mc_filter_with(struct mn_mc_filter *filter, const struct mn_mc_filter *old,
		       __be32 source);
void mn_mc_filter_without(struct mn_mc_filter *filter, const struct mn_mc_filter *old,
			  __be32 source);

#endif /* MN_MC_FILTER_H */
