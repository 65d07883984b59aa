// SPDX-License-Identifier: GPL-2.0
/*
 * The connection that a segment belongs to: the table of connections by their four numbers, and
 * that of listeners by address and port.
 *
 * State: both tables, for all namespaces. Written under the lock of the bucket, read under RCU:
 * what is in them stays for a grace period after it left.
 */
#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <net/netns/hash.h>
#include <net/sock_reuseport.h>

#include "tcp.h"

#define MN_CONN_BITS	16
#define MN_CONN_LOCKS	1024
#define MN_LISTEN_BITS	13
#define MN_LISTEN_LOCKS	256

static struct hlist_head *mn_conns;
static spinlock_t *mn_conn_locks;
static struct hlist_head mn_listeners[1 << MN_LISTEN_BITS];
static spinlock_t mn_listener_locks[MN_LISTEN_LOCKS];
static siphash_aligned_key_t mn_conn_key __read_mostly;
static const struct proto *mn_demux_prot __ro_after_init;

/* --- connections -------------------------------------------------------------------------- */

u32 mn_conn_hash(const struct net *net, const struct mn_tuple *t)
{
	u64 addrs = (u64)(__force u32)t->laddr << 32 | (__force u32)t->raddr;
	u64 rest = (u64)net_hash_mix(net) << 32 | (u32)(__force u16)t->lport << 16 |
		   (__force u16)t->rport;

	return siphash_2u64(addrs, rest, &mn_conn_key);
}

static struct hlist_head *mn_conn_bucket(u32 hash)
{
	return &mn_conns[hash & ((1 << MN_CONN_BITS) - 1)];
}

static spinlock_t *mn_conn_lock(u32 hash)
{
	return &mn_conn_locks[hash & (MN_CONN_LOCKS - 1)];
}

static bool mn_conn_is(const struct mn_conn *c, const struct net *net, const struct mn_tuple *t,
		       u32 hash)
{
	return c->hash == hash && c->net == net && mn_tuple_equal(&c->tuple, t);
}

struct mn_conn *mn_conn_find(const struct net *net, const struct mn_tuple *t, int dev)
{
	u32 hash = mn_conn_hash(net, t);
	struct mn_conn *c, *last;

	do {
		last = NULL;
		hlist_for_each_entry_rcu(c, mn_conn_bucket(hash), node) {
			if (mn_conn_is(c, net, t, hash) && (!c->dev || c->dev == dev))
				return c;
			last = c;
		}
		smp_rmb();	/* pairs with mn_conn_link() */
		/* A socket that connected anew meanwhile led into the chain where it is now. */
	} while (last && mn_conn_bucket(READ_ONCE(last->hash)) != mn_conn_bucket(hash));
	return NULL;
}

void mn_conn_setup(struct mn_conn *c, struct net *net, const struct mn_tuple *t, int dev, u8 kind)
{
	c->net = net;
	c->tuple = *t;
	c->dev = dev;
	c->kind = kind;
	WRITE_ONCE(c->hash, mn_conn_hash(net, t));
	c->hashed = false;
	c->pass = 0;
}

static struct mn_conn *mn_conn_conflict(const struct mn_conn *c)
{
	struct mn_conn *other;

	hlist_for_each_entry(other, mn_conn_bucket(c->hash), node)
		if (mn_conn_is(other, c->net, &c->tuple, c->hash) &&
		    (!other->dev || !c->dev || other->dev == c->dev))
			return other;
	return NULL;
}

/* A socket came into the tables, or left them. Context: the bucket's lock. */
static void mn_demux_in_use(struct net *net, int n)
{
	sock_prot_inuse_add(net, mn_demux_prot, n);
}

static void mn_conn_in_use(const struct mn_conn *c, int n)
{
	if (c->kind == MN_CONN_SOCK)
		mn_demux_in_use(c->net, n);
}

static void mn_conn_link(struct mn_conn *c)
{
	mn_conn_in_use(c, 1);
	c->hashed = true;
	smp_wmb();	/* who is led elsewhere by a socket sees its new hash */
	hlist_add_head_rcu(&c->node, mn_conn_bucket(c->hash));
}

static void mn_conn_unlink(struct mn_conn *c)
{
	mn_conn_in_use(c, -1);
	c->hashed = false;
	hlist_del_rcu(&c->node);
}

int mn_conn_add(struct mn_conn *c)
{
	spinlock_t *lock = mn_conn_lock(c->hash);
	int err = -EADDRNOTAVAIL;

	spin_lock_bh(lock);
	if (!mn_conn_conflict(c)) {
		mn_conn_link(c);
		err = 0;
	}
	spin_unlock_bh(lock);
	return err;
}

/*
 * RFC 6191: a new connection may follow one in TIME_WAIT if timestamps tell them apart, which
 * @reusable finds out. *@taken is that one: out of the table now, and the caller's to end, holding
 * no bucket.
 */
int mn_conn_add_reuse(struct sock *sk, mn_conn_reusable reusable, struct mn_conn **taken)
{
	struct mn_conn *c = &mn_tcp(sk)->conn, *old;
	spinlock_t *lock = mn_conn_lock(c->hash);
	int err = 0;

	spin_lock_bh(lock);
	old = mn_conn_conflict(c);
	if (old && !(old->kind == MN_CONN_TW && reusable(old, sk))) {
		err = -EADDRNOTAVAIL;
	} else {
		if (old)
			mn_conn_unlink(old);
		mn_conn_link(c);
	}
	spin_unlock_bh(lock);
	*taken = err ? NULL : old;
	return err;
}

bool mn_conn_del(struct mn_conn *c)
{
	spinlock_t *lock = mn_conn_lock(c->hash);
	bool was;

	spin_lock_bh(lock);
	was = c->hashed;
	if (was)
		mn_conn_unlink(c);
	spin_unlock_bh(lock);
	return was;
}

bool mn_conn_swap(struct mn_conn *old, struct mn_conn *new)
{
	spinlock_t *lock = mn_conn_lock(old->hash);
	bool was;

	spin_lock_bh(lock);
	was = old->hashed;
	if (was) {
		mn_conn_in_use(old, -1);
		mn_conn_in_use(new, 1);
		old->hashed = false;
		new->hashed = true;
		hlist_replace_rcu(&old->node, &new->node);
	}
	spin_unlock_bh(lock);
	return was;
}

/* @fn runs under RCU and may take the connection out; it ends the walk with something but 0. */
void mn_conn_for_each(struct net *net, int (*fn)(struct mn_conn *c, void *arg), void *arg)
{
	unsigned int i;
	struct mn_conn *c;

	for (i = 0; i < 1 << MN_CONN_BITS; i++) {
		if (hlist_empty(&mn_conns[i]))
			continue;
		rcu_read_lock();
		hlist_for_each_entry_rcu(c, &mn_conns[i], node)
			if (c->net == net && fn(c, arg)) {
				rcu_read_unlock();
				return;
			}
		rcu_read_unlock();
		cond_resched();
	}
}

/* --- listeners ---------------------------------------------------------------------------- */

/* Local users choose ports and addresses, and none of them knows the key. */
static u32 mn_listener_hash(const struct net *net, __be32 addr, u16 port)
{
	return jhash_3words((__force u32)addr, port, net_hash_mix(net), (u32)mn_conn_key.key[0]);
}

static u32 mn_listener_slot(u32 hash)
{
	return hash & ((1 << MN_LISTEN_BITS) - 1);
}

static spinlock_t *mn_listener_lock(u32 hash)
{
	return &mn_listener_locks[hash & (MN_LISTEN_LOCKS - 1)];
}

static bool mn_listener_is(const struct sock *sk, const struct net *net, __be32 addr, u16 port,
			   int dev)
{
	int bound = READ_ONCE(sk->sk_bound_dev_if);

	return sk->sk_num == port && sk->sk_rcv_saddr == addr && sock_net(sk) == net &&
	       sk->sk_state == TCP_LISTEN && (!bound || bound == dev);
}

/* The first that fits: those of a device stand before those of all. */
static struct sock *mn_listener_at(const struct net *net, __be32 addr, u16 port, int dev)
{
	u32 slot = mn_listener_slot(mn_listener_hash(net, addr, port));
	struct sock *sk, *last;

	do {
		last = NULL;
		hlist_for_each_entry_rcu(sk, &mn_listeners[slot], sk_node) {
			if (mn_listener_is(sk, net, addr, port, dev))
				return sk;
			last = sk;
		}
		smp_rmb();	/* pairs with mn_listener_add() */
		/* See mn_conn_find(). */
	} while (last && mn_listener_slot(READ_ONCE(mn_tcp(last)->conn.hash)) != slot);
	return NULL;
}

struct sock *mn_listener_find(const struct net *net, __be32 addr, __be16 port, int dev,
			      struct sk_buff *skb, const struct mn_tuple *t)
{
	struct sock *sk = mn_listener_at(net, addr, ntohs(port), dev), *chosen;

	if (!sk)
		sk = mn_listener_at(net, 0, ntohs(port), dev);
	if (!sk || !sk->sk_reuseport)
		return sk;
	chosen = reuseport_select_sock(sk, mn_conn_hash(net, t), skb, sizeof(struct tcphdr));
	return IS_ERR_OR_NULL(chosen) ? sk : chosen;
}

/* Listeners that share an address and a port share the connections too. */
static int mn_listener_group(struct sock *sk, struct hlist_head *head)
{
	struct sock *other;

	hlist_for_each_entry(other, head, sk_node)
		if (sock_net(other) == sock_net(sk) && other->sk_num == sk->sk_num &&
		    other->sk_rcv_saddr == sk->sk_rcv_saddr && other->sk_reuseport &&
		    other->sk_bound_dev_if == sk->sk_bound_dev_if &&
		    uid_eq(other->sk_uid, sk->sk_uid))
			return reuseport_add_sock(sk, other, !sk->sk_rcv_saddr);
	return reuseport_alloc(sk, !sk->sk_rcv_saddr);
}

/*
 * Behind those that are bound to a device, unless it is one itself. Never at the end for the sake
 * of that: a reader who stood at it when it was a listener before would miss who is in between.
 */
static void mn_listener_link(struct sock *sk, struct hlist_head *head)
{
	struct hlist_node *before = NULL;
	struct sock *other;

	if (!sk->sk_bound_dev_if)
		hlist_for_each_entry(other, head, sk_node) {
			if (!other->sk_bound_dev_if)
				break;
			before = &other->sk_node;
		}
	sock_hold(sk);
	mn_demux_in_use(sock_net(sk), 1);
	if (before)
		hlist_add_behind_rcu(&sk->sk_node, before);
	else
		hlist_add_head_rcu(&sk->sk_node, head);
}

int mn_listener_add(struct sock *sk)
{
	u32 hash = mn_listener_hash(sock_net(sk), sk->sk_rcv_saddr, sk->sk_num);
	struct hlist_head *head = &mn_listeners[mn_listener_slot(hash)];
	spinlock_t *lock = mn_listener_lock(hash);
	int err = 0;

	spin_lock_bh(lock);
	if (sk->sk_reuseport)
		err = mn_listener_group(sk, head);
	if (!err) {
		/* A listener is no connection: the place in that table is free. */
		WRITE_ONCE(mn_tcp(sk)->conn.hash, hash);
		smp_wmb();	/* who is led elsewhere by a socket sees its new hash */
		mn_listener_link(sk, head);
	}
	spin_unlock_bh(lock);
	return err;
}

void mn_listener_del(struct sock *sk)
{
	spinlock_t *lock = mn_listener_lock(mn_tcp(sk)->conn.hash);

	if (sk_unhashed(sk))
		return;
	spin_lock_bh(lock);
	if (sk_del_node_init_rcu(sk)) {
		mn_demux_in_use(sock_net(sk), -1);
		if (rcu_access_pointer(sk->sk_reuseport_cb))
			reuseport_detach_sock(sk);
	}
	spin_unlock_bh(lock);
}

/* --- for /proc: one after the other ------------------------------------------------------- */

unsigned int mn_demux_slots(void)
{
	return (1 << MN_LISTEN_BITS) + (1 << MN_CONN_BITS);
}

bool mn_demux_is_listener(unsigned int bucket)
{
	return bucket < 1 << MN_LISTEN_BITS;
}

static void *mn_walk_listeners(const struct net *net, unsigned int bucket, unsigned int at)
{
	struct sock *sk;

	hlist_for_each_entry_rcu(sk, &mn_listeners[bucket], sk_node)
		if (sock_net(sk) == net && !at--)
			return sk;
	return NULL;
}

static void *mn_walk_conns(const struct net *net, unsigned int bucket, unsigned int at)
{
	struct mn_conn *c;

	hlist_for_each_entry_rcu(c, &mn_conns[bucket], node)
		if (c->net == net && !at--)
			return c;
	return NULL;
}

/*
 * The entry number *@at of *@bucket, or the first one behind it; NULL at the end. Buckets of
 * listeners come before those of connections. Context: RCU read section.
 */
void *mn_demux_walk(const struct net *net, unsigned int *bucket, unsigned int *at)
{
	void *found;

	for (; *bucket < mn_demux_slots(); ++*bucket, *at = 0) {
		if (mn_demux_is_listener(*bucket))
			found = mn_walk_listeners(net, *bucket, *at);
		else
			found = mn_walk_conns(net, *bucket - (1 << MN_LISTEN_BITS), *at);
		if (found)
			return found;
	}
	return NULL;
}

/* --- for a walk slot by slot -------------------------------------------------------------- */

const struct hlist_head *mn_demux_slot(unsigned int slot)
{
	if (mn_demux_is_listener(slot))
		return &mn_listeners[slot];
	return &mn_conns[slot - (1 << MN_LISTEN_BITS)];
}

/* The slot of a connection, or the one where it would be; without a peer it is a listener. */
unsigned int mn_demux_slot_of(const struct net *net, const struct mn_tuple *t)
{
	if (!t->raddr && !t->rport)
		return mn_listener_slot(mn_listener_hash(net, t->laddr, ntohs(t->lport)));
	return (1 << MN_LISTEN_BITS) + (mn_conn_hash(net, t) & ((1 << MN_CONN_BITS) - 1));
}

/* @prot: the sockets that are counted in the tables. */
int __init mn_demux_init(const struct proto *prot)
{
	unsigned int i;

	mn_demux_prot = prot;
	get_random_bytes(&mn_conn_key, sizeof(mn_conn_key));
	mn_conns = kvcalloc(1 << MN_CONN_BITS, sizeof(*mn_conns), GFP_KERNEL);
	mn_conn_locks = kvmalloc_array(MN_CONN_LOCKS, sizeof(*mn_conn_locks), GFP_KERNEL);
	if (!mn_conns || !mn_conn_locks) {
		mn_demux_exit();
		return -ENOMEM;
	}
	for (i = 0; i < MN_CONN_LOCKS; i++)
		spin_lock_init(&mn_conn_locks[i]);
	for (i = 0; i < MN_LISTEN_LOCKS; i++)
		spin_lock_init(&mn_listener_locks[i]);
	return 0;
}

void mn_demux_exit(void)
{
	kvfree(mn_conns);
	kvfree(mn_conn_locks);
}
