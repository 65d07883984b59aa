// SPDX-License-Identifier: GPL-2.0
/*
 * Loses, doubles, delays and damages frames. What happens to the n-th frame of a direction is a
 * function of the seed and of n.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "cable.h"
#include "judge.h"
#include "sim.h"

struct frame {
	struct frame	*next;
	uint64_t	at;		/* when it is due */
	unsigned int	to, len;
	bool		damaged;
	uint8_t		data[];
};

static struct {
	struct net_host		*hosts;
	struct frame		*first;		/* in the order in which they are due */
	struct sim_random	random[SIM_HOSTS];
	uint64_t		free_at[SIM_HOSTS];	/* when the wire has sent all before */
	uint64_t		last_due[SIM_HOSTS];
	uint64_t		alive;
	unsigned int		frames;
} cable;

void cable_start(struct net_host *hosts)
{
	unsigned int i;

	memset(&cable, 0, sizeof(cable));
	cable.hosts = hosts;
	for (i = 0; i < SIM_HOSTS; i++)
		cable.random[i] = sim_stream(world.seed, SIM_STREAM_CABLE + i);
}

static void enqueue(struct frame *f)
{
	struct frame **at = &cable.first;

	while (*at && (*at)->at <= f->at)
		at = &(*at)->next;
	f->next = *at;
	*at = f;
}

/* When a frame that is sent now has left for good; 0: there is no room for it. */
static uint64_t leaves(unsigned int from, unsigned int len, uint64_t now)
{
	const struct sim_way *way = &world.way[from];
	uint64_t takes, begins = now > cable.free_at[from] ? now : cable.free_at[from];

	if (!way->pace)
		return now;
	takes = len * 1000000000ULL / way->pace;
	if (begins - now > takes * way->room)
		return 0;
	cable.free_at[from] = begins + takes;
	return begins + takes;
}

/* A way that is not late keeps the order of its frames. */
static uint64_t due(unsigned int from, uint64_t leaves_at, bool late, unsigned int extra)
{
	const struct sim_way *way = &world.way[from];
	uint64_t at = leaves_at + way->delay * 1000ULL;

	if (late)
		return at + extra * 1000ULL;
	if (at < cable.last_due[from])
		at = cable.last_due[from];
	cable.last_due[from] = at;
	return at;
}

static void put(unsigned int from, const uint8_t *data, unsigned int len, uint64_t at, int bit)
{
	struct frame *f = malloc(sizeof(*f) + len);

	*f = (struct frame) { .at = at, .to = !from, .len = len, .damaged = bit >= 0 };
	memcpy(f->data, data, len);
	if (bit >= 0)
		f->data[bit / 8] ^= 1 << bit % 8;
	enqueue(f);
}

/* Delivered in any case, unless the cable is dark: an end that only reads would wait for ever. */
static bool is_reset(const uint8_t *data, unsigned int len)
{
	return len > JUDGE_IP + 33 && data[12] == 8 && !data[13] && data[JUDGE_IP + 33] & 4;
}

static bool is_dark(uint64_t now)
{
	uint64_t us = now / 1000;

	return us >= world.dark_from && us < world.dark_from + world.dark_for;
}

/* All draws are made for each frame, so that none depends on what another one said. */
static void carry(unsigned int from, const uint8_t *data, unsigned int len)
{
	struct sim_random *r = &cable.random[from];
	const struct sim_way *way = &world.way[from];
	uint64_t now = sim_now(), left = leaves(from, len, now);
	bool lost = sim_chance(r, way->loss), twice = sim_chance(r, way->twice);
	bool late = sim_chance(r, way->late), flip = sim_chance(r, way->flip);
	unsigned int extra = sim_below(r, way->jitter + 1);
	unsigned int extra2 = sim_below(r, way->jitter + 1000);
	unsigned int bit = sim_below(r, 1 << 20);
	bool ip = data[12] == 8 && !data[13];

	if (is_dark(now))
		return;
	if (is_reset(data, len) || !ip) {
		put(from, data, len, due(from, left ? left : now, false, 0), -1);
		return;
	}
	if (lost || !left)
		return;
	/* Behind the IP header, so that the segment's checksum sees it. */
	bit = (JUDGE_IP + 20) * 8 + bit % ((len - JUDGE_IP - 20) * 8);
	put(from, data, len, due(from, left, late, extra), flip ? (int)bit : -1);
	if (twice)
		put(from, data, len, due(from, left, true, extra2), -1);
}

void cable_take(unsigned int host)
{
	uint8_t data[65536];
	ssize_t len;

	while ((len = recv(cable.hosts[host].port, data, sizeof(data), MSG_DONTWAIT)) > 0) {
		cable.alive = sim_now();
		cable.frames++;
		judge_sent(host, data, len);
		if (len > JUDGE_IP + 20)
			carry(host, data, len);
	}
}

uint64_t cable_deliver(void)
{
	struct frame *f;

	for (;;) {
		/* Frames that were sent before this one is delivered owe nothing to it. */
		cable_take(0);
		cable_take(1);
		f = cable.first;
		if (!f || f->at > sim_now())
			break;
		cable.first = f->next;
		if (!f->damaged)
			judge_delivered(f->to, f->data, f->len);
		if (send(cable.hosts[f->to].port, f->data, f->len, 0) < 0)
			die("a frame of %u bytes cannot be delivered: %s", f->len, strerror(errno));
		cable.alive = sim_now();
		free(f);
	}
	return f ? f->at : UINT64_MAX;
}

uint64_t cable_alive(void)
{
	return cable.alive;
}

unsigned int cable_frames(void)
{
	return cable.frames;
}

void cable_stop(void)
{
	struct tpacket_stats stats;
	socklen_t len = sizeof(stats);
	struct frame *f;
	unsigned int i;

	while ((f = cable.first)) {
		cable.first = f->next;
		free(f);
	}
	for (i = 0; i < SIM_HOSTS; i++)
		if (!getsockopt(cable.hosts[i].port, SOL_PACKET, PACKET_STATISTICS, &stats, &len) &&
		    stats.tp_drops)
			die("%u frames were lost in the player", stats.tp_drops);
}
