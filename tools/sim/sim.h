/* SPDX-License-Identifier: GPL-2.0 */
/* Memory that all processes of a world share: its clock, its hash, what each program saw. */
#ifndef MYNET_SIM_H
#define MYNET_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "draw.h"

enum sim_call {
	CALL_NONE, CALL_CONNECT, CALL_ACCEPT, CALL_SEND, CALL_SENDFILE, CALL_RECV, CALL_PEEK,
	CALL_SPLICE, CALL_POLL, CALL_SHUTDOWN, CALL_CLOSE, CALL_PAUSE, CALLS
};

/* One end of a connection, as its program saw it. */
struct sim_seen {
	uint64_t	sent, received;
	int		error;			/* of the first call that failed */
	enum sim_call	failed, now;		/* that call; the one under way */
	bool		eof;			/* read the end, and no error before */
	bool		wrong;			/* read other bytes than were sent */
	bool		done;
};

struct sim_shared {
	uint64_t	start;			/* when the world began, nanoseconds */
	uint64_t	hash;
	uint64_t	alive;			/* when a program's call came back last */
	unsigned int	calls;
	bool		trace;			/* each call and frame is printed */
	struct sim_seen	seen[SIM_CONNS][SIM_HOSTS];
};

extern struct sim_shared *shared;
extern struct sim_world world;

static inline uint64_t sim_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* Nanoseconds since the world began. */
static inline uint64_t sim_now(void)
{
	return sim_clock() - shared->start;
}

/* FNV-1a, a word at a time. */
static inline void sim_hash(uint64_t word)
{
	shared->hash = (shared->hash ^ word) * 0x100000001b3;
	shared->hash ^= shared->hash >> 29;
}

const char *sim_call_name(enum sim_call call);

/* The program at a host's end of a connection, over this socket or listener, to its end. */
void sim_program(unsigned int conn, unsigned int host, int fd) __attribute__((noreturn));

/* A socket for it, in the caller's namespace. */
int sim_socket(unsigned int conn, unsigned int host);

#endif /* MYNET_SIM_H */
