/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Arithmetic of selective acknowledgment: the blocks that are reported (RFC 2018, RFC 2883), the
 * blocks that are heard, and when a packet counts as lost (RFC 8985). [pure]
 */
#ifndef MN_TCP_SACK_H
#define MN_TCP_SACK_H

#include <linux/types.h>

#include "options.h"
#include "seq.h"

/**
 * struct mn_sack_report - what the next acknowledgments say
 * @block: the newest first (RFC 2018 4)
 * @blocks: how many
 * @dsack: what came twice, said once (RFC 2883)
 * @has_dsack: there is such a block
 */
struct mn_sack_report {
	struct mn_sack_block	block[MN_TCP_SACKS_MAX];
	struct mn_sack_block	dsack;
	u8			blocks;
	bool			has_dsack;
};

/* Bytes came out of order, or what was there grew: [start, end). */
void mn_sack_report_add(struct mn_sack_report *r, u32 start, u32 end);

/* All before @nxt is in order now. */
void mn_sack_report_trim(struct mn_sack_report *r, u32 nxt);

/* Bytes came that were there already. One block is said: of others only what touches it. */
void mn_sack_report_dup(struct mn_sack_report *r, u32 start, u32 end);

/* Puts up to @max blocks into @to, D-SACK first; the D-SACK is said then. Returns how many. */
unsigned int mn_sack_report_take(struct mn_sack_report *r, struct mn_sack_block *to,
				 unsigned int max);

/**
 * struct mn_sack_heard - blocks of the last acknowledgment, so that they are not walked again
 * @block: in the peer's order
 * @blocks: how many
 */
struct mn_sack_heard {
	struct mn_sack_block	block[MN_TCP_SACKS_MAX];
	u8			blocks;
};

/* Is @b a D-SACK (RFC 2883 4)? @next: the block behind it, or NULL; @ack: the segment's. */
bool mn_sack_is_dup(const struct mn_sack_block *b, const struct mn_sack_block *next, u32 ack);

/* Can a block that is no D-SACK be the truth: within what is on its way? */
bool mn_sack_plausible(const struct mn_sack_block *b, u32 una, u32 nxt);

/*
 * Makes @b smaller, in place, to the part that was not in the last acknowledgment. Return: false:
 * nothing is left.
 */
bool mn_sack_news(const struct mn_sack_heard *h, struct mn_sack_block *b);

/**
 * struct mn_rack - the packet that was sent last among those that arrived (RFC 8985 5.2)
 * @sent_us: when it was sent
 * @end: its last sequence number
 * @rtt_us: how long it took
 * @steps: reordering window in quarters of the shortest round trip
 * @persist: recoveries until it shrinks again
 * @dsack_round: end of the round in which a D-SACK made it grow
 * @valid: there is such a packet
 * @advanced: since detection ran last
 */
struct mn_rack {
	u64	sent_us;
	u32	end;
	u32	rtt_us;
	u32	dsack_round;
	u8	steps;
	u8	persist;
	bool	valid;
	bool	advanced;
};

void mn_rack_init(struct mn_rack *r);

/* RFC 8985 6.2 step 2. @retrans: it was sent more than once. */
void mn_rack_arrived(struct mn_rack *r, u64 sent_us, u32 end, bool retrans, u64 now_us,
		     u32 min_rtt_us);

/* Was the packet sent before the one that arrived? */
bool mn_rack_before(const struct mn_rack *r, u64 sent_us, u32 end);

/* RFC 8985 6.2 step 4. @hurry: enough is known to wait no longer. */
u32 mn_rack_window(const struct mn_rack *r, u32 min_rtt_us, u32 srtt_us, bool reordering,
		   bool hurry);

/* us until a packet sent before counts as lost; 0: now. */
u32 mn_rack_wait(const struct mn_rack *r, u64 sent_us, u32 window_us, u64 now_us);

/* A D-SACK came: more patience, once a round. */
void mn_rack_dsack(struct mn_rack *r, u32 una, u32 nxt);

/* A recovery ended. */
void mn_rack_recovered(struct mn_rack *r);

/**
 * struct mn_prr - proportional rate reduction (RFC 6937)
 * @delivered: packets that arrived since recovery began
 * @out: that were sent
 * @prior: congestion window before it
 */
struct mn_prr {
	u32	delivered;
	u32	out;
	u32	prior;
};

/*
 * The congestion window while it is being reduced. @acked: packets that this acknowledgment
 * delivered; @safe: it advanced and told of no new loss.
 */
u32 mn_prr_cwnd(struct mn_prr *p, u32 ssthresh, u32 in_flight, u32 acked, bool safe);

#endif /* MN_TCP_SACK_H */
