/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Recovery of a connection: its state. loss.c and reduce.c own it.
 */
#ifndef MN_TCP_LOSS_H
#define MN_TCP_LOSS_H

#include <linux/types.h>
#include <uapi/linux/tcp.h>

#include "sack.h"

struct mn_loss {
	u8		state;		/* TCP_CA_* */
	u8		retries;	/* timeouts in a row */
	u8		probes;		/* of a closed window or an idle connection */
	bool		reordering;	/* was seen */
	bool		tlp_retrans;	/* the probe was a retransmission */
	u8		dupacks;
	u32		fack;		/* end of the last byte that is known to have arrived */
	u32		high;		/* recovery ends when this is acknowledged */
	u32		tlp_high;	/* 0: no tail loss probe is out */
	u32		undo_marker;	/* 0: nothing to undo */
	s32		undo_retrans;	/* retransmissions no D-SACK came for */
	u32		undo_ts;	/* our clock at the first of them */
	u32		prior_cwnd;
	u32		prior_ssthresh;
	u32		dsacks;		/* that came, ever */
	u32		reorderings;	/* that were seen, ever */
	u32		reach;		/* segments that overtook one, the most seen */
	u32		thresh;		/* duplicates that mean a loss */
	u64		first_us;	/* when the first timeout in a row was, 0: none */
	struct mn_sack_heard heard;
	struct mn_rack	rack;
	struct mn_prr	prr;
};

/* A first try, be it a SYN or a probe: from here on the time without an answer counts. */
static inline void mn_loss_wait_from(struct mn_loss *l, u64 now_us)
{
	if (!l->first_us)
		l->first_us = now_us;
}

/* The peer has answered: that time ends. */
static inline void mn_loss_answered(struct mn_loss *l)
{
	l->first_us = 0;
}

/* Something else is sent than was tried before. */
static inline void mn_loss_retry_anew(struct mn_loss *l)
{
	l->retries = 0;
}

/* A probe of a closed window, or of an idle connection, goes. */
static inline void mn_loss_probed(struct mn_loss *l)
{
	if (l->probes < 255)
		l->probes++;
}

static inline void mn_loss_forget_probes(struct mn_loss *l)
{
	l->probes = 0;
}

/* The route knows how many segments may overtake one. */
static inline void mn_loss_expect_reordering(struct mn_loss *l, u32 segs)
{
	l->thresh = segs;
}

/* @segs segments went while the window is being reduced, or at any other time (RFC 6937). */
static inline void mn_loss_sent(struct mn_loss *l, u32 segs)
{
	if (l->state == TCP_CA_CWR || l->state == TCP_CA_Recovery)
		l->prr.out += segs;
}

/* @segs segments went again; @ts: our clock, which the peer may echo. */
static inline void mn_loss_repaired(struct mn_loss *l, u32 segs, u32 ts)
{
	if (l->undo_retrans < 0)
		l->undo_retrans = 0;
	l->undo_retrans += segs;
	if (!l->undo_ts)
		l->undo_ts = ts ?: 1;
}

#endif /* MN_TCP_LOSS_H */
