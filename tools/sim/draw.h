/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A world that a 64-bit seed decides: two hosts, the cable between them, its faults, and what
 * programs do with connections over it. Everything here is a function of the seed alone.
 */
#ifndef MYNET_SIM_DRAW_H
#define MYNET_SIM_DRAW_H

#include <stdbool.h>
#include <stdint.h>

#define SIM_HOSTS	2
#define SIM_CONNS	4
#define SIM_PORT	5000	/* of connection 0's listener */

/* A stream of random numbers (splitmix64). */
struct sim_random {
	uint64_t	state;
};

/* The part of the world that a stream decides; another part never takes from it. */
enum sim_stream {
	SIM_STREAM_WORLD,
	SIM_STREAM_KERNEL,
	SIM_STREAM_CABLE,				/* and one for the other direction */
	/* one for each of an end's two processes */
	SIM_STREAM_PROGRAM = SIM_STREAM_CABLE + SIM_HOSTS,
};

/* One direction of the cable: chances in a thousand, times in microseconds. */
struct sim_way {
	unsigned int	delay, jitter;
	unsigned int	loss, twice, late, flip;
	unsigned int	pace;			/* bytes in a second, 0: without limit */
	unsigned int	room;			/* frames that wait for the pace at most */
};

/* How an end of a connection comes to its end. */
enum sim_end {
	SIM_END_SHUTDOWN,	/* all sent: shutdown(), read to the end, close */
	SIM_END_LAST,		/* reads to the end first, then shutdown() and close() */
	SIM_END_CLOSE,		/* all sent: close(), whatever is unread */
	SIM_END_LINGER,		/* the same with SO_LINGER and time enough */
	SIM_END_ABORT,		/* in the middle: SO_LINGER of 0 and close() */
	SIM_ENDS
};

enum sim_read {
	SIM_READ_PLAIN, SIM_READ_PEEK, SIM_READ_WAITALL, SIM_READ_SPLICE, SIM_READS
};

/* One end of a connection. */
struct sim_side {
	enum sim_end	end;
	enum sim_read	read;
	bool		blocking;		/* two processes that block, else one that polls */
	bool		nodelay, cork, keepalive, splice;
	unsigned int	sndbuf, rcvbuf;		/* 0: as they are */
	unsigned int	mss;			/* TCP_MAXSEG, 0: as it is */
	unsigned int	bytes;
	unsigned int	chunk_out, chunk_in;	/* bytes of a call at most */
	unsigned int	pause_out, pause_in;	/* microseconds at most, after one call of eight */
	unsigned int	more, urgent;		/* calls with this flag, in a thousand */
};

struct sim_conn {
	unsigned int	from;			/* the host that connects */
	unsigned int	start;			/* microseconds after the world's */
	struct sim_side	side[SIM_HOSTS];	/* by host */
};

struct sim_world {
	uint64_t	seed;
	bool		mynet[SIM_HOSTS];	/* whose TCP/IP a host has */
	unsigned int	mtu[SIM_HOSTS];
	bool		gso[SIM_HOSTS];
	struct sim_way	way[SIM_HOSTS];		/* from this host */
	unsigned int	dark_from, dark_for;	/* a pulled cable, microseconds */
	unsigned int	conns;
	struct sim_conn	conn[SIM_CONNS];
};

static inline uint64_t sim_next(struct sim_random *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static inline unsigned int sim_below(struct sim_random *r, unsigned int below)
{
	return (sim_next(r) >> 32) * below >> 32;
}

/* True in @n cases of a thousand. */
static inline bool sim_chance(struct sim_random *r, unsigned int n)
{
	return sim_below(r, 1000) < n;
}

/* Small numbers as often as large ones: from 1 to @max. */
static inline unsigned int sim_size(struct sim_random *r, unsigned int max)
{
	unsigned int bits = 32 - __builtin_clz(max);
	unsigned int n = 1 + sim_below(r, 1U << (1 + sim_below(r, bits)));

	return n < max ? n : max;
}

static inline struct sim_random sim_stream(uint64_t seed, unsigned int stream)
{
	struct sim_random r = { seed };

	r.state = sim_next(&r) + stream * 0xd1342543de82ef95;
	sim_next(&r);
	return r;
}

/* The byte of a stream of data at an offset; @stream is the connection and its direction. */
static inline unsigned char sim_byte(unsigned int stream, uint64_t at)
{
	struct sim_random r = { (at >> 3) * 0x9e3779b97f4a7c15 ^ (uint64_t)stream << 56 };

	return sim_next(&r) >> (at & 7) * 8;
}

void sim_draw(struct sim_world *w, uint64_t seed);

#endif /* MYNET_SIM_DRAW_H */
