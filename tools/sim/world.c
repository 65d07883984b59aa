// SPDX-License-Identifier: GPL-2.0
/*
 * The world that is played now, what its programs share, and its end when it cannot go on.
 */
#include <stdarg.h>
#include <stdio.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "net.h"
#include "sim.h"

struct sim_shared *shared;
struct sim_world world;

void die(const char *what, ...)
{
	va_list args;

	va_start(args, what);
	printf("BROKEN seed %llu: ", (unsigned long long)world.seed);
	vprintf(what, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
	if (getpid() == 1)
		reboot(RB_POWER_OFF);
	_exit(1);
}
