/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Between route.c, which shows and changes routes, and route_filter.c, which says what ones are
 * meant.
 */
#ifndef MYNET_TOOL_ROUTE_H
#define MYNET_TOOL_ROUTE_H

#include "mynet.h"

struct name {
	const char *name;
	unsigned int number;
};

extern const struct name route_types[], route_protocols[], ip_protocols[];
const char *name_of(const struct name *names, unsigned int number);
unsigned int parse_name(const struct name *names, const char *text, const char *what,
			unsigned int max);

/* "PORT" or "FIRST-LAST", also of users. */
void parse_range(const char *text, const char *what, unsigned int most, unsigned int *first,
		 unsigned int *last);

struct route_filter {
	uint32_t	table;		/* 0: all */
	uint32_t	net;
	int		length;		/* of net, -1: any prefix */
	enum { EXACTLY, WITHIN, AROUND } how;	/* a prefix is net, lies in it, has it in itself */
	uint32_t	oif, via, src;	/* 0: any */
	int		protocol, scope, type;	/* -1: any */
};

/* All the words that are left. */
void take_route_filter(struct route_filter *filter, struct words *words);
bool route_passes(const struct route_filter *filter, struct nlattr **attrs);

#endif
