/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The queue of packets that were sent and are not acknowledged. rtxq.c owns it.
 */
#ifndef MN_TCP_RTXQ_H
#define MN_TCP_RTXQ_H

#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/rbtree.h>
#include <linux/skbuff.h>

struct mn_rtxq {
	struct rb_root	root;		/* by sequence number */
	struct list_head sent;		/* by time; without what is lost or was acknowledged */
	struct sk_buff	*hint;		/* nothing before it is to be sent again; NULL: not known */
	u32		packets;	/* segments in it */
	u32		sacked;
	u32		lost;
	u32		retrans;
	u32		delivered;	/* that arrived, ever */
	u32		total_retrans;
	u64		bytes_acked;
	u64		bytes_sent;
	u64		bytes_retrans;
};

/* @segs segments have arrived, as an acknowledgment or a block tells. */
static inline void mn_rtxq_delivered(struct mn_rtxq *q, u32 segs)
{
	q->delivered += segs;
}

static inline void mn_rtxq_acked(struct mn_rtxq *q, u32 bytes)
{
	q->bytes_acked += bytes;
}

/* A search for packets to send again begins at the front. */
static inline void mn_rtxq_rewind(struct mn_rtxq *q)
{
	q->hint = NULL;
}

/* A search for packets to send again goes on with @skb; NULL: begins at the front. */
static inline void mn_rtxq_resume_at(struct mn_rtxq *q, struct sk_buff *skb)
{
	q->hint = skb;
}

/* Without SACK: a duplicate acknowledgment says that one of the segments arrived. */
static inline void mn_rtxq_dup(struct mn_rtxq *q)
{
	if (q->sacked + q->lost < q->packets) {
		q->sacked++;
		q->delivered++;
	}
}

/* ... @segs left the queue, and all but the first had been counted as duplicates. */
static inline void mn_rtxq_uncount_dups(struct mn_rtxq *q, u32 segs)
{
	q->delivered -= min(q->sacked, segs - 1);
}

/* ... @segs left the queue: one repaired the hole, the others are duplicates no more. */
static inline void mn_rtxq_acked_dups(struct mn_rtxq *q, u32 segs)
{
	if (segs > 1 && q->sacked)
		q->sacked -= min(segs - 1, q->sacked);
	if (q->sacked + q->lost > q->packets)
		q->sacked = q->packets - min(q->lost, q->packets);
}

static inline void mn_rtxq_forget_dups(struct mn_rtxq *q)
{
	q->sacked = 0;
}

#endif /* MN_TCP_RTXQ_H */
