/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random calls from many threads: a seed that repeats them, and a place for sockets that all
 * threads use.
 */
#ifndef MYNET_TEST_CHURN_H
#define MYNET_TEST_CHURN_H

#include <stdbool.h>
#include <stdlib.h>
#include <sys/random.h>

#define CHURN_THREADS	8
#define CHURN_SOCKETS	64
#define CHURN_FIRST_FD	100	/* sockets have fixed numbers, so that no call hits anything else */
#define NOWHERE	((void *)8)

/* One thread's: what it does is repeated by the same state. */
struct churn {
	unsigned long state;
};

static inline unsigned int churn_below(struct churn *c, unsigned int below)
{
	c->state = c->state * 6364136223846793005UL + 1442695040888963407UL;
	return (c->state >> 33) % below;
}

static inline int churn_any_fd(struct churn *c)
{
	return CHURN_FIRST_FD + churn_below(c, CHURN_SOCKETS);
}

/* MYNET_SEED, or a fresh one. */
static inline unsigned long churn_seed(void)
{
	const char *text = getenv("MYNET_SEED");
	unsigned int n = 0;

	if (text)
		return strtoul(text, NULL, 0);
	return getrandom(&n, sizeof(n), 0) == sizeof(n) ? n : 1;
}

static inline bool churn_soak(void)
{
	const char *soak = getenv("MYNET_SOAK");

	return soak && *soak == 'y';
}

#endif
