/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Raw sockets inside: what the files that make them share.
 */
#ifndef MN_RAW_H
#define MN_RAW_H

#include "transport/dgram.h"

/**
 * struct mn_raw_sock - a raw socket
 * @msk: what all sockets have; its port is the protocol
 * @icmp_filter: a bit for each ICMP type that it does not want; socket lock, read without
 */
struct mn_raw_sock {
	struct mynet_sock	msk;
	u32			icmp_filter;
};

static inline struct mn_raw_sock *mn_raw_sk(const struct sock *sk)
{
	return (struct mn_raw_sock *)sk;
}

extern struct proto mn_raw_prot;

/* raw_table.c */
extern struct mn_dgram_table mn_raw_table;
void mn_raw_hash(struct sock *sk);
void mn_raw_unhash(struct sock *sk);

/* The packet that a socket is looked for. */
struct mn_raw_key {
	struct net	*net;
	__be32		saddr;
	__be32		daddr;
	int		dev;
	u8		protocol;
	bool		alert;	/* it is another host's: only for those who asked for such */
};

/* The next after @sk, NULL: the first, of those who want it. RCU read section; borrows. */
struct sock *mn_raw_find_next(const struct mn_raw_key *key, struct sock *sk);

/* raw_send.c */
int mn_raw_sendmsg(struct sock *sk, struct msghdr *msg, size_t len);

#endif /* MN_RAW_H */
