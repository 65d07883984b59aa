/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tables of TCP: connections and listeners (demux.c), and who has which port (bind.c).
 */
#ifndef MN_TCP_CONN_H
#define MN_TCP_CONN_H

#include <linux/list.h>
#include <linux/skbuff.h>
#include <linux/types.h>
#include <net/sock.h>

/* demux.c: what stands in the table of connections. */
enum mn_conn_kind {
	MN_CONN_SOCK,
	MN_CONN_REQ,
	MN_CONN_TW,
};

/* Two addresses and two ports, seen from this host. */
struct mn_tuple {
	__be32	laddr;
	__be32	raddr;
	__be16	lport;
	__be16	rport;
};

/**
 * struct mn_conn - a connection in the table
 * @node: in its bucket, under the bucket's lock; read under RCU
 * @net: namespace
 * @tuple: fixed while it is hashed
 * @hash: of @tuple and @net
 * @dev: device it is bound to, 0: any
 * @kind: what it is part of
 * @hashed: it is in the table
 * @pass: mynet_ip_route_key() of the last packet, 0: its packets are routed; by whoever
 *
 * What it is part of stays for a grace period after it left the table.
 */
struct mn_conn {
	struct hlist_node	node;
	struct net		*net;
	struct mn_tuple		tuple;
	u32			hash;
	int			dev;
	u8			kind;
	bool			hashed;
	u64			pass;
};

static inline bool mn_tuple_equal(const struct mn_tuple *a, const struct mn_tuple *b)
{
	return a->laddr == b->laddr && a->raddr == b->raddr && a->lport == b->lport &&
	       a->rport == b->rport;
}

/* bind.c: who has a port. */
enum mn_bind_how {
	MN_BIND_NONE,
	MN_BIND_ASKED,		/* by bind() */
	MN_BIND_CHOSEN,		/* for connect() */
	MN_BIND_CHILD,		/* the listener's */
};

/**
 * struct mn_bind - a port that is taken
 * @node: in @place, under the bucket's lock
 * @net: namespace
 * @place: local address and port
 * @sk: who has it; NULL: a connection in TIME_WAIT
 * @uid: whose it is
 * @dev: device, 0: any
 * @port: port, host byte order
 * @how: enum mn_bind_how
 * @reuse: SO_REUSEADDR, when it was taken
 * @reuseport: SO_REUSEPORT, when it was taken
 * @listens: it is a listener's
 */
struct mn_bind {
	struct hlist_node	node;
	struct net		*net;
	struct mn_place		*place;
	struct sock		*sk;
	kuid_t			uid;
	int			dev;
	u16			port;
	u8			how;
	bool			reuse;
	bool			reuseport;
	bool			listens;
};

/* May a new connection take the place of @old, which is in TIME_WAIT? */
typedef bool (*mn_conn_reusable)(struct mn_conn *old, struct sock *sk);

/* demux.c. Look-ups: RCU read section. */
u32 mn_conn_hash(const struct net *net, const struct mn_tuple *t);
struct mn_conn *mn_conn_find(const struct net *net, const struct mn_tuple *t, int dev);
void mn_conn_setup(struct mn_conn *c, struct net *net, const struct mn_tuple *t, int dev, u8 kind);
int mn_conn_add(struct mn_conn *c);			/* -EADDRNOTAVAIL: somebody has the tuple */
/* Or in the place of one in TIME_WAIT, *@taken, that @reusable does not refuse. */
int mn_conn_add_reuse(struct sock *sk, mn_conn_reusable reusable, struct mn_conn **taken);
bool mn_conn_del(struct mn_conn *c);			/* false: it was not there */
bool mn_conn_swap(struct mn_conn *old, struct mn_conn *new);	/* false: @old was not there */
struct sock *mn_listener_find(const struct net *net, __be32 addr, __be16 port, int dev,
			      struct sk_buff *skb, const struct mn_tuple *t);
int mn_listener_add(struct sock *sk);
void mn_listener_del(struct sock *sk);
void mn_conn_for_each(struct net *net, int (*fn)(struct mn_conn *c, void *arg), void *arg);
bool mn_demux_is_listener(unsigned int bucket);
void *mn_demux_walk(const struct net *net, unsigned int *bucket, unsigned int *at);
unsigned int mn_demux_slots(void);
unsigned int mn_demux_slot_of(const struct net *net, const struct mn_tuple *t);
const struct hlist_head *mn_demux_slot(unsigned int slot);
int mn_demux_init(const struct proto *prot);
void mn_demux_exit(void);

/* bind.c */
int mn_tcp_get_port(struct sock *sk, unsigned short port);
int mn_bind_connect(struct sock *sk, mn_conn_reusable reusable, struct mn_conn **taken);
bool mn_bind_child(struct sock *child);
void mn_bind_listens(struct sock *sk, bool listens);
void mn_bind_move(struct mn_bind *to, struct mn_bind *from);
void mn_bind_put(struct mn_bind *b);
int mn_bind_init(void);
void mn_bind_exit(void);

#endif /* MN_TCP_CONN_H */
