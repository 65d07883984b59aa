/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ping sockets inside: what the files that make them share.
 */
#ifndef MN_PING_H
#define MN_PING_H

#include <linux/icmp.h>

#include "transport/dgram.h"

extern struct proto mn_ping_prot;
extern struct mn_dgram_table mn_ping_table;

/* ping_send.c */
int mn_ping_sendmsg(struct sock *sk, struct msghdr *msg, size_t len);

/* Does ICMP answer to a request of this kind, and is it one that a ping socket may send? */
static inline bool mn_ping_request(u8 type, u8 code)
{
	return (type == ICMP_ECHO || type == ICMP_EXT_ECHO) && !code;
}

#endif /* MN_PING_H */
