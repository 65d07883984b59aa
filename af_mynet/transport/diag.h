/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sockets as the administrator sees them: what each transport tells of its own, so that diag.c can
 * show, choose and end them without knowing one.
 */
#ifndef MN_DIAG_H
#define MN_DIAG_H

#include <linux/mynet.h>
#include <linux/types.h>
#include <linux/uidgid.h>

struct net;
struct sk_buff;
struct sock;
struct mn_diag_table;

/**
 * struct mn_diag - a socket's names, and where it is
 * @sk: the socket; NULL: a handshake or TIME_WAIT
 * @entry: what the transport has in its table
 * @laddr: own address
 * @raddr: the other end's
 * @lport: own port, as MYNET_A_SOCK_LPORT has it
 * @rport: the other end's
 * @dev: device it is bound to, 0: any
 * @state: TCP_*
 */
struct mn_diag {
	struct sock	*sk;
	void		*entry;
	__be32		laddr;
	__be32		raddr;
	__be16		lport;
	__be16		rport;
	int		dev;
	u8		state;
};

/* Fields that are filled in only for the sockets that are shown: see enum mynet_attr_sock. */
struct mn_diag_more {
	u32	recvq;
	u32	sendq;
	u32	timer;
	u32	expires;
	u32	retries;
	kuid_t	uid;
};

/* Something but 0 ends the walk. */
typedef int (*mn_diag_visit_t)(const struct mn_diag *d, void *arg);

/**
 * struct mn_diag_table - the sockets of a transport, in slots
 * @slots: how many slots there are
 * @slot_of: the one in which a socket with these names would be
 * @walk: calls @visit for each socket of a slot, until it returns something but 0, and returns that
 * @fill: what there is to tell of one
 * @info: attributes that only this transport has; 0 or -EMSGSIZE. May be NULL
 * @end: take out what is no socket. May be NULL if there is nothing like that
 * @abort: end a socket: its program hears ECONNABORTED. Process context, a reference
 *
 * @walk, @fill, @info and @end are called in an RCU read section: what was found is borrowed, and
 * may change while it is looked at.
 */
struct mn_diag_table {
	unsigned int	(*slots)(void);
	unsigned int	(*slot_of)(const struct net *net, const struct mn_diag *d);
	int		(*walk)(const struct net *net, unsigned int slot, mn_diag_visit_t visit,
				void *arg);
	void		(*fill)(const struct mn_diag *d, struct mn_diag_more *more);
	int		(*info)(const struct mn_diag *d, struct sk_buff *skb);
	void		(*end)(const struct mn_diag *d);
	void		(*abort)(struct sock *sk);
};

extern const struct mn_diag_table mn_diag_tcp;		/* tcp/diag.c */
extern const struct mn_diag_table mn_diag_udp;		/* diag_dgram.c */
extern const struct mn_diag_table mn_diag_raw;
extern const struct mn_diag_table mn_diag_ping;

/* diag.c */
int mn_diag_init(void);

#endif /* MN_DIAG_H */
