// SPDX-License-Identifier: GPL-2.0
/*
 * Sets of sources: ordered, so that looking one up takes few steps. [pure]
 *
 * State: none; a filter is made once and never changes.
 */
#include <linux/sort.h>

#include "internet/mc_filter.h"

/* The place of @source in the list, or the one where it would be. */
static unsigned int mn_filter_place(const struct mn_mc_filter *filter, __be32 source)
{
	unsigned int low = 0, high = filter->n, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if ((__force u32)filter->source[middle] < (__force u32)source)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool mn_mc_filter_has(const struct mn_mc_filter *filter, __be32 source)
{
	unsigned int at = mn_filter_place(filter, source);

	return at < filter->n && filter->source[at] == source;
}

static int mn_filter_compare(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

void mn_mc_filter_fill(struct mn_mc_filter *filter, u8 mode, const __be32 *source,
		       unsigned int n)
{
	unsigned int i;

	filter->mode = mode;
	filter->n = 0;
	for (i = 0; i < n; i++)
		filter->source[i] = source[i];
	sort(filter->source, n, sizeof(*filter->source), mn_filter_compare, NULL);
	for (i = 0; i < n; i++)
		if (!filter->n || filter->source[filter->n - 1] != filter->source[i])
			filter->source[filter->n++] = filter->source[i];
}

void mn_mc_filter_with(struct mn_mc_filter *filter, const struct mn_mc_filter *old,
		       __be32 source)
{
	unsigned int at = mn_filter_place(old, source), i;

	filter->mode = old->mode;
	filter->n = old->n + 1;
	for (i = 0; i < at; i++)
		filter->source[i] = old->source[i];
	filter->source[at] = source;
	for (; i < old->n; i++)
		filter->source[i + 1] = old->source[i];
}

void mn_mc_filter_without(struct mn_mc_filter *filter, const struct mn_mc_filter *old,
			  __be32 source)
{
	unsigned int i;

	filter->mode = old->mode;
	filter->n = 0;
	for (i = 0; i < old->n; i++)
		if (old->source[i] != source)
			filter->source[filter->n++] = old->source[i];
}
