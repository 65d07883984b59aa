/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Urgent data that is sent (RFC 9293 3.8.5). urg.c owns it.
 */
#ifndef MN_TCP_URG_H
#define MN_TCP_URG_H

#include <linux/types.h>

#include "seq.h"

struct mn_urg {
	u32	end;		/* behind the urgent byte */
	bool	pending;	/* the peer has not acknowledged it */
};

/* The program wrote an urgent byte, which ends at @end. */
static inline void mn_urg_written(struct mn_urg *u, u32 end)
{
	u->end = end;
	u->pending = true;
}

/* The peer has all before @ack. */
static inline void mn_urg_acked(struct mn_urg *u, u32 ack)
{
	if (u->pending && !mn_before(ack, u->end))
		u->pending = false;
}

#endif /* MN_TCP_URG_H */
