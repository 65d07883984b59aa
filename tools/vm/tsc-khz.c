// SPDX-License-Identifier: GPL-2.0
/*
 * tsc-khz: prints how fast this machine's time stamp counter runs, which is what an emulated
 * processor shows as its own.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

#define TRIES	50

struct instant {
	uint64_t tsc;
	uint64_t ns;
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC_RAW, &ts))
		err(1, "clock_gettime");
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* Both clocks at once, as nearly as in the best of some tries: in others was something between */
static struct instant look(void)
{
	struct instant best = { 0, 0 };
	uint64_t before, after, ns, shortest = UINT64_MAX;
	int i;

	for (i = 0; i < TRIES; i++) {
		before = __rdtsc();
		ns = now_ns();
		after = __rdtsc();
		if (after - before >= shortest)
			continue;
		shortest = after - before;
		best = (struct instant){ before + shortest / 2, ns };
	}
	return best;
}

int main(void)
{
	const struct timespec while_it_runs = { .tv_nsec = 50000000 };
	struct instant from, to;

	from = look();
	nanosleep(&while_it_runs, NULL);
	to = look();
	printf("%llu\n", (unsigned long long)((to.tsc - from.tsc) * 1000000 / (to.ns - from.ns)));
	return 0;
}
