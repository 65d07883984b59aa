/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ports: which there are, who may have them, and in which order to try them for a socket that does
 * not care (RFC 6056). Whether one is free is the transport's to say.
 *
 *	struct mn_port_iter it;
 *	int port;
 *
 *	mn_port_iter_init(&it, sk, mn_port_hash(sk, saddr, daddr, dport));
 *	while ((port = mn_port_iter_next(&it)) > 0)
 *		if (free(port)) {
 *			mn_port_iter_took(&it);
 *			return port;
 *		}
 *	return -EADDRNOTAVAIL;
 */
#ifndef MN_PORT_H
#define MN_PORT_H

#include <linux/types.h>
#include <net/sock.h>

/**
 * struct mn_port_net - the ports of a namespace
 * @range: first and last ephemeral port: first | last << 16
 * @unprivileged: smallest port that everyone may bind
 * @reserved: a bit for each port that is never chosen, or NULL
 *
 * Written by the administrator at any time, read with READ_ONCE().
 */
struct mn_port_net {
	u32		range;
	int		unprivileged;
	unsigned long	*reserved;
};

/**
 * struct mn_port_iter - the order in which ports are tried
 * @net: namespace
 * @low: first port of the range
 * @count: how many there are
 * @offset: where in the range it begins
 * @tried: how many were
 * @slot: perturbation counter that goes on when one is taken
 *
 * Lives on the stack.
 */
struct mn_port_iter {
	const struct net	*net;
	u32			low;
	u32			count;
	u32			offset;
	u32			tried;
	u32			slot;
};

/**
 * mn_port_hash() - a secret number for a conversation (RFC 6056 3.3.4's F)
 * @sk: socket
 * @saddr: own address
 * @daddr: the other end's, 0 if there is none yet
 * @dport: its port
 *
 * Context: Any.
 * Return: the same number for the same four, until the machine starts anew.
 */
u64 mn_port_hash(const struct sock *sk, __be32 saddr, __be32 daddr, __be16 dport);

/**
 * mn_port_iter_init() - begin to try
 * @it: written
 * @sk: socket: its IP_LOCAL_PORT_RANGE or the namespace's
 * @hash: mn_port_hash(), or a random number if it is to be just any port
 *
 * Context: Any.
 */
void mn_port_iter_init(struct mn_port_iter *it, const struct sock *sk, u64 hash);

/**
 * mn_port_iter_next() - the next port to try
 * @it: iterator
 *
 * Context: Any.
 * Return: a port, host byte order; 0 if all were tried. Reserved ones are left out.
 */
int mn_port_iter_next(struct mn_port_iter *it);

/**
 * mn_port_iter_took() - the last port was free and is the socket's now
 * @it: iterator
 *
 * Who asks next begins elsewhere, as near as an observer can tell.
 *
 * Context: Any.
 */
void mn_port_iter_took(const struct mn_port_iter *it);

/* main.c's: room part of a namespace. */
int mn_port_net_init(struct net *net);
void mn_port_net_exit(struct net *net);
void mn_port_init(void);

/* Entries of the sysctl table, data set for @net. */
#define MN_PORT_SYSCTLS	3
struct ctl_table;
void mn_port_sysctls(struct net *net, struct ctl_table *table);

#endif /* MN_PORT_H */
