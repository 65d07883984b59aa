/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How large segments are (RFC 9293 3.7.1). mtu.c owns it.
 */
#ifndef MN_TCP_MTU_H
#define MN_TCP_MTU_H

#include <linux/compiler.h>
#include <linux/types.h>

struct mn_tcp_mtu {
	u32	cookie;		/* generation of the route in sk_dst_cache */
	u32	pmtu;		/* what the path carries; the sizes are made of it */
	u16	mss;		/* data of a full segment now */
	u16	advmss;		/* what we can take */
	u32	gso;		/* data of one packet to the device */
	u32	heard;		/* of a router, while the program had the socket */
	bool	stale;		/* make them anew */
};

/* The sizes are made anew before the next segment. */
static inline void mn_mtu_set_stale(struct mn_tcp_mtu *m)
{
	m->stale = true;
}

static inline void mn_mtu_set_advmss(struct mn_tcp_mtu *m, u16 advmss)
{
	m->advmss = advmss;
}

/* A router says what the path carries, while the program has the socket. */
static inline void mn_mtu_hear(struct mn_tcp_mtu *m, u32 mtu)
{
	WRITE_ONCE(m->heard, mtu);
}

#endif /* MN_TCP_MTU_H */
