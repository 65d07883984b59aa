// SPDX-License-Identifier: GPL-2.0
/*
 * Who has which port (RFC 9293 3.9.2.3 leaves it to the host; the rules are INET's).
 *
 * State: the table of struct mn_bind by port, under the lock of the bucket. The lock is inside of
 * the socket's, outside of those of the table of connections.
 */
#include <linux/jhash.h>
#include <linux/random.h>
#include <net/netns/hash.h>

#include "tcp.h"
#include "transport/sk.h"

#define MN_BIND_BITS	12

struct mn_bind_bucket {
	spinlock_t		lock;	/* guards @head and what is in it; bottom halves off */
	struct hlist_head	head;
};

static struct mn_bind_bucket mn_binds[1 << MN_BIND_BITS];

static struct mn_bind_bucket *mn_bind_bucket(const struct net *net, u16 port)
{
	u32 hash = jhash_2words(net_hash_mix(net), port, 0);

	return &mn_binds[hash & ((1 << MN_BIND_BITS) - 1)];
}

static void mn_bind_link(struct mn_bind_bucket *bucket, struct sock *sk, u16 port, u8 how)
{
	struct mn_bind *b = &mn_tcp(sk)->bind;

	b->net = sock_net(sk);
	b->sk = sk;
	b->addr = sk->sk_rcv_saddr;
	b->dev = sk->sk_bound_dev_if;
	b->port = port;
	b->how = how;
	b->reuse = sk->sk_reuse;
	hlist_add_head(&b->node, &bucket->head);
	sk->sk_num = port;
	mynet_sk(sk)->sport = htons(port);
}

static bool mn_bind_same(const struct mn_bind *b, const struct net *net, u16 port)
{
	return b->net == net && b->port == port;
}

/* May a socket share the port with somebody who has it at the same address? */
static bool mn_bind_share(const struct sock *sk, const struct mn_bind *b)
{
	if (sk->sk_reuse && b->reuse && !(b->sk && b->sk->sk_state == TCP_LISTEN))
		return true;
	/* A socket with a program of its own to choose by is of no other's group. */
	return sk->sk_reuseport && !rcu_access_pointer(sk->sk_reuseport_cb) &&
	       (!b->sk || (b->sk->sk_reuseport && uid_eq(b->sk->sk_uid, sk->sk_uid)));
}

static bool mn_bind_conflict(const struct sock *sk, const struct mn_bind *b, bool share)
{
	int dev = sk->sk_bound_dev_if;

	if (b->sk == sk)
		return false;
	if (b->dev && dev && b->dev != dev)
		return false;
	if (b->addr && sk->sk_rcv_saddr && b->addr != sk->sk_rcv_saddr)
		return false;
	return !share || !mn_bind_share(sk, b);
}

static bool mn_bind_free(const struct sock *sk, struct mn_bind_bucket *bucket, u16 port,
			 bool share)
{
	const struct mn_bind *b;

	hlist_for_each_entry(b, &bucket->head, node)
		if (mn_bind_same(b, sock_net(sk), port) && mn_bind_conflict(sk, b, share))
			return false;
	return true;
}

static bool mn_bind_try(struct sock *sk, u16 port, bool share)
{
	struct mn_bind_bucket *bucket = mn_bind_bucket(sock_net(sk), port);
	bool ok;

	spin_lock_bh(&bucket->lock);
	ok = mn_bind_free(sk, bucket, port, share);
	if (ok && mn_tcp(sk)->bind.how == MN_BIND_NONE)
		mn_bind_link(bucket, sk, port, MN_BIND_ASKED);
	spin_unlock_bh(&bucket->lock);
	return ok;
}

/* Of a port that the socket has already it asks whether it may listen there. */
int mn_tcp_get_port(struct sock *sk, unsigned short port)
{
	struct mn_port_iter it;
	int any;

	if (port)
		return mn_bind_try(sk, port, true) ? 0 : -EADDRINUSE;

	mn_port_iter_init(&it, sk, get_random_u64());
	while ((any = mn_port_iter_next(&it)) > 0) {
		/* Nobody asked for this one: it is not shared while there are others. */
		if (mn_bind_try(sk, any, false)) {
			mn_port_iter_took(&it);
			return 0;
		}
		cond_resched();
	}
	return -EADDRINUSE;
}

static int mn_bind_enter(struct sock *sk, u16 port, struct mn_conn **taken)
{
	struct mn_tuple t = {
		.laddr = mynet_sk(sk)->saddr, .raddr = sk->sk_daddr,
		.lport = htons(port), .rport = sk->sk_dport,
	};

	mn_conn_setup(&mn_tcp(sk)->conn, sock_net(sk), &t, sk->sk_bound_dev_if, MN_CONN_SOCK);
	return mn_conn_add_reuse(sk, taken);
}

/* For connect(): a port may be shared with connections to elsewhere, not with who asked for it. */
static bool mn_bind_try_connect(struct sock *sk, u16 port)
{
	struct mn_bind_bucket *bucket = mn_bind_bucket(sock_net(sk), port);
	struct mn_conn *taken = NULL;
	const struct mn_bind *b;
	bool ok = true;

	spin_lock_bh(&bucket->lock);
	hlist_for_each_entry(b, &bucket->head, node)
		if (mn_bind_same(b, sock_net(sk), port) && b->how != MN_BIND_CHOSEN) {
			ok = false;
			break;
		}
	if (ok)
		ok = !mn_bind_enter(sk, port, &taken);
	if (ok)
		mn_bind_link(bucket, sk, port, MN_BIND_CHOSEN);
	spin_unlock_bh(&bucket->lock);
	if (taken)
		mn_tw_kill(taken);
	return ok;
}

/* Puts a socket into the table of connections, with a port if it has none. */
int mn_bind_connect(struct sock *sk)
{
	struct mn_conn *taken = NULL;
	struct mn_port_iter it;
	int port, err;

	if (sk->sk_num) {
		err = mn_bind_enter(sk, sk->sk_num, &taken);
		if (taken)
			mn_tw_kill(taken);
		return err;
	}

	mn_port_iter_init(&it, sk, mn_port_hash(sk, mynet_sk(sk)->saddr, sk->sk_daddr,
						sk->sk_dport));
	while ((port = mn_port_iter_next(&it)) > 0) {
		if (mn_bind_try_connect(sk, port)) {
			mn_port_iter_took(&it);
			return 0;
		}
		cond_resched();
	}
	return -EADDRNOTAVAIL;
}

/* It has its number already, and the listener may lose its own meanwhile. */
void mn_bind_child(struct sock *child)
{
	struct mn_bind_bucket *bucket = mn_bind_bucket(sock_net(child), child->sk_num);

	spin_lock_bh(&bucket->lock);
	mn_bind_link(bucket, child, child->sk_num, MN_BIND_CHILD);
	spin_unlock_bh(&bucket->lock);
}

/*
 * A connection goes on in TIME_WAIT, and its port with it. A program that asked for the port has it
 * still: after connect(AF_UNSPEC) the next connection comes from there.
 */
void mn_bind_move(struct mn_bind *to, struct mn_bind *from)
{
	struct mn_bind_bucket *bucket = mn_bind_bucket(from->net, from->port);
	bool stays = from->sk->sk_userlocks & SOCK_BINDPORT_LOCK;

	spin_lock_bh(&bucket->lock);
	*to = *from;
	to->sk = NULL;
	hlist_add_before(&to->node, &from->node);
	if (!stays) {
		hlist_del(&from->node);
		from->how = MN_BIND_NONE;
	}
	spin_unlock_bh(&bucket->lock);
}

void mn_bind_put(struct mn_bind *b)
{
	struct mn_bind_bucket *bucket;

	if (b->how == MN_BIND_NONE)
		return;
	bucket = mn_bind_bucket(b->net, b->port);
	spin_lock_bh(&bucket->lock);
	hlist_del(&b->node);
	b->how = MN_BIND_NONE;
	spin_unlock_bh(&bucket->lock);
}

void __init mn_bind_init(void)
{
	unsigned int i;

	for (i = 0; i < 1 << MN_BIND_BITS; i++)
		spin_lock_init(&mn_binds[i].lock);
}
