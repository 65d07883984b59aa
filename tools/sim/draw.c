// SPDX-License-Identifier: GPL-2.0
/*
 * Draws a world from its seed. Most worlds are mild: a fault that is everywhere hides all that
 * happens without it.
 */
#include <string.h>

#include "draw.h"

static void draw_way(struct sim_way *way, struct sim_random *r)
{
	way->delay = 10 + sim_size(r, sim_chance(r, 100) ? 1000000 : 60000);
	if (sim_chance(r, 500))
		way->loss = sim_size(r, sim_chance(r, 200) ? 200 : 40);
	if (sim_chance(r, 300))
		way->twice = sim_size(r, 100);
	if (sim_chance(r, 200))
		way->flip = sim_size(r, 50);
	if (sim_chance(r, 400)) {
		way->late = sim_size(r, 200);
		way->jitter = sim_size(r, 4 * way->delay);
	}
	if (sim_chance(r, 300)) {
		way->pace = 8000 + sim_size(r, 4000000);
		way->room = 3 + sim_size(r, 200);
	}
}

static enum sim_end draw_end(struct sim_random *r)
{
	static const enum sim_end ends[] = {
		SIM_END_SHUTDOWN, SIM_END_SHUTDOWN, SIM_END_SHUTDOWN, SIM_END_SHUTDOWN,
		SIM_END_LAST, SIM_END_LAST, SIM_END_CLOSE, SIM_END_CLOSE, SIM_END_LINGER,
		SIM_END_ABORT,
	};

	return ends[sim_below(r, sizeof(ends) / sizeof(*ends))];
}

static void draw_side(struct sim_side *s, struct sim_random *r)
{
	s->end = draw_end(r);
	s->read = sim_below(r, SIM_READS);
	s->blocking = sim_chance(r, 400);
	s->nodelay = sim_chance(r, 300);
	s->cork = sim_chance(r, 100);
	s->splice = sim_chance(r, 100);
	if (sim_chance(r, 250))
		s->sndbuf = 1000 + sim_size(r, 100000);
	if (sim_chance(r, 250))
		s->rcvbuf = 1000 + sim_size(r, 100000);
	if (sim_chance(r, 100))
		s->mss = 88 + sim_size(r, 1400);
	s->bytes = sim_chance(r, 150) ? 0 : sim_size(r, sim_chance(r, 100) ? 1000000 : 60000);
	s->chunk_out = sim_size(r, 40000);
	s->chunk_in = sim_size(r, 40000);
	/* A world has some hundred calls, not a hundred thousand. */
	if (s->chunk_out < s->bytes / 100)
		s->chunk_out = s->bytes / 100;
	if (sim_chance(r, 300))
		s->pause_out = sim_size(r, 3000000);
	if (sim_chance(r, 300))
		s->pause_in = sim_size(r, 3000000);
	if (sim_chance(r, 200))
		s->more = sim_size(r, 500);
	if (sim_chance(r, 100))
		s->urgent = sim_size(r, 300);
}

static void draw_conn(struct sim_conn *c, struct sim_random *r, bool keepalive)
{
	int i;

	c->from = sim_below(r, SIM_HOSTS);
	c->start = sim_chance(r, 500) ? 0 : sim_size(r, 2000000);
	for (i = 0; i < SIM_HOSTS; i++)
		draw_side(&c->side[i], r);
	/* Two ends that wait for each other's end would wait for ever. */
	if (c->side[0].end == SIM_END_LAST && c->side[1].end == SIM_END_LAST)
		c->side[sim_below(r, SIM_HOSTS)].end = SIM_END_SHUTDOWN;
	for (i = 0; i < SIM_HOSTS; i++) {
		c->side[i].keepalive = keepalive;
		/* INET's splice() returns 0 at urgent data as if the stream had ended. */
		if (c->side[i].read == SIM_READ_SPLICE)
			c->side[!i].urgent = 0;
		if (c->side[i].chunk_in < c->side[!i].bytes / 100)
			c->side[i].chunk_in = c->side[!i].bytes / 100;
	}
}

void sim_draw(struct sim_world *w, uint64_t seed)
{
	static const unsigned int mtus[] = {
		296, 576, 1006, 1280, 1400, 1500, 1500, 1500, 1500, 9000,
	};
	struct sim_random r = sim_stream(seed, SIM_STREAM_WORLD);
	unsigned int pair = sim_below(&r, 10), i;
	bool keepalive;

	memset(w, 0, sizeof(*w));
	w->seed = seed;
	w->mynet[0] = pair < 7;			/* MYNET-MYNET 5, mixed 3, INET-INET 2 of ten */
	w->mynet[1] = pair < 5 || pair == 7;
	for (i = 0; i < SIM_HOSTS; i++) {
		w->mtu[i] = mtus[sim_below(&r, sizeof(mtus) / sizeof(*mtus))];
		w->gso[i] = sim_chance(&r, 500);
		if (!i || sim_chance(&r, 500))
			draw_way(&w->way[i], &r);
		else
			w->way[i] = w->way[0];
	}
	/* Without keepalive an end that only reads never learns of a reset in the dark. */
	keepalive = sim_chance(&r, 500);
	if (keepalive && sim_chance(&r, 200)) {
		w->dark_from = sim_size(&r, 5000000);
		w->dark_for = sim_size(&r, 20000000);
	}
	w->conns = sim_chance(&r, 600) ? 1 : 1 + sim_below(&r, SIM_CONNS);
	for (i = 0; i < w->conns; i++)
		draw_conn(&w->conn[i], &r, keepalive);
}
