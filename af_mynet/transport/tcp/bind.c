// SPDX-License-Identifier: GPL-2.0
/*
 * Ports and their owners (RFC 9293 3.9.2.3 leaves it to the host; the rules are INET's).
 *
 * State: a struct mn_port for each port that somebody has, with a struct mn_place for each local
 * address, by address; both count how those who have it share it, so that mostly nobody is walked.
 * All under the lock of the port's bucket, which is inside of the socket's and outside of those of
 * the table of connections.
 */
#include <linux/jhash.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <net/netns/hash.h>

#include "charge.h"
#include "tcp.h"
#include "transport/sk.h"

#define MN_BIND_BITS	12

struct mn_bind_bucket {
	spinlock_t		lock;	/* guards @ports and what is in them; bottom halves off */
	struct hlist_head	ports;
};

/**
 * struct mn_sharing - how those who have a port, or an address of it, agree to share it
 * @all: how many they are
 * @no_addr: of them would not share by SO_REUSEADDR: without it, or they listen
 * @no_port: of them would not share by SO_REUSEPORT
 * @uid: of those who would
 * @mixed: they are of more than one user; until nobody is left
 */
struct mn_sharing {
	unsigned int	all;
	unsigned int	no_addr;
	unsigned int	no_port;
	kuid_t		uid;
	bool		mixed;
};

/* An address that somebody has a port at; 0: all. */
struct mn_place {
	struct rb_node		node;	/* in mn_port.places */
	struct mn_port		*port;
	struct hlist_head	owners;	/* struct mn_bind */
	struct mn_sharing	sharing;
	__be32			addr;
};

struct mn_port {
	struct hlist_node	node;	/* in its bucket */
	struct net		*net;
	struct rb_root		places;	/* by address */
	struct mn_sharing	sharing;
	unsigned int		asked;	/* of those who have it: all but those of connect() */
	u16			port;
};

static struct mn_bind_bucket mn_binds[1 << MN_BIND_BITS];
static struct kmem_cache *mn_port_cache __read_mostly;
static struct kmem_cache *mn_place_cache __read_mostly;

static struct mn_bind_bucket *mn_bind_bucket(const struct net *net, u16 port)
{
	u32 hash = jhash_2words(net_hash_mix(net), port, 0);

	return &mn_binds[hash & ((1 << MN_BIND_BITS) - 1)];
}

static struct mn_port *mn_port_find(struct mn_bind_bucket *bucket, const struct net *net, u16 port)
{
	struct mn_port *p;

	hlist_for_each_entry(p, &bucket->ports, node)
		if (p->port == port && p->net == net)
			return p;
	return NULL;
}

static struct mn_place *mn_place_find(const struct mn_port *p, __be32 addr)
{
	struct rb_node *at = p->places.rb_node;

	while (at) {
		struct mn_place *place = rb_entry(at, struct mn_place, node);

		if (place->addr == addr)
			return place;
		at = ntohl(addr) < ntohl(place->addr) ? at->rb_left : at->rb_right;
	}
	return NULL;
}

/* --- how they share ----------------------------------------------------------------------- */

static bool mn_bind_by_addr(const struct mn_bind *b)
{
	return b->reuse && !b->listens;
}

static void mn_sharing_count(struct mn_sharing *s, const struct mn_bind *b, int n)
{
	if (!s->all) {
		s->uid = b->uid;
		s->mixed = false;
	} else if (!uid_eq(s->uid, b->uid)) {
		s->mixed = true;
	}
	s->all += n;
	if (!mn_bind_by_addr(b))
		s->no_addr += n;
	if (!b->reuseport)
		s->no_port += n;
}

static void mn_bind_count(const struct mn_bind *b, int n)
{
	mn_sharing_count(&b->place->sharing, b, n);
	mn_sharing_count(&b->place->port->sharing, b, n);
	if (b->how != MN_BIND_CHOSEN)
		b->place->port->asked += n;
}

/* May the socket share with all of them, whatever their devices? @me: it is one itself. */
static bool mn_sharing_agrees(const struct mn_sharing *s, const struct sock *sk, bool me)
{
	const struct mn_bind *own = &mn_tcp(sk)->bind;

	if (s->all == me)
		return true;
	if (sk->sk_reuse && s->no_addr == (me && !mn_bind_by_addr(own)))
		return true;
	return sk->sk_reuseport && !rcu_access_pointer(sk->sk_reuseport_cb) && !s->mixed &&
	       s->no_port == (me && !own->reuseport) && uid_eq(s->uid, sk->sk_uid);
}

/* May a socket share the port with somebody who has it at the same address? As things are now. */
static bool mn_bind_share(const struct sock *sk, const struct mn_bind *b)
{
	bool reuse = b->sk ? b->sk->sk_reuse : b->reuse;
	bool reuseport = b->sk ? b->sk->sk_reuseport : b->reuseport;

	if (sk->sk_reuse && reuse && !(b->sk && b->sk->sk_state == TCP_LISTEN))
		return true;
	/* A socket with a program of its own to choose by is of no other's group. */
	return sk->sk_reuseport && !rcu_access_pointer(sk->sk_reuseport_cb) && reuseport &&
	       (!b->sk || uid_eq(b->sk->sk_uid, sk->sk_uid));
}

/* Would one of those at this address be in the way? */
static bool mn_place_conflict(const struct sock *sk, const struct mn_place *place, bool share)
{
	const struct mn_bind *b, *own = &mn_tcp(sk)->bind;
	bool me = own->how != MN_BIND_NONE && own->place == place;
	int dev = sk->sk_bound_dev_if;

	if (!place || (share && mn_sharing_agrees(&place->sharing, sk, me)))
		return false;
	hlist_for_each_entry(b, &place->owners, node) {
		if (b->sk == sk || (b->dev && dev && b->dev != dev))
			continue;
		if (!share || !mn_bind_share(sk, b))
			return true;
	}
	return false;
}

static bool mn_port_conflict(const struct sock *sk, const struct mn_port *p, bool share)
{
	bool me = mn_tcp(sk)->bind.how != MN_BIND_NONE;
	struct rb_node *at;

	if (!p || (share && mn_sharing_agrees(&p->sharing, sk, me)))
		return false;
	if (sk->sk_rcv_saddr)
		return mn_place_conflict(sk, mn_place_find(p, sk->sk_rcv_saddr), share) ||
		       mn_place_conflict(sk, mn_place_find(p, 0), share);
	for (at = rb_first(&p->places); at; at = rb_next(at))
		if (mn_place_conflict(sk, rb_entry(at, struct mn_place, node), share))
			return true;
	return false;
}

/* --- taking and giving back --------------------------------------------------------------- */

static struct mn_port *mn_port_get(struct mn_bind_bucket *bucket, struct net *net, u16 port)
{
	struct mn_port *p = mn_port_find(bucket, net, port);

	if (p)
		return p;
	p = kmem_cache_zalloc(mn_port_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!p)
		return NULL;
	p->net = net;
	p->port = port;
	p->places = RB_ROOT;
	hlist_add_head(&p->node, &bucket->ports);
	return p;
}

static void mn_port_put(struct mn_port *p)
{
	if (!RB_EMPTY_ROOT(&p->places))
		return;
	hlist_del(&p->node);
	kmem_cache_free(mn_port_cache, p);
}

static struct mn_place *mn_place_get(struct mn_port *p, __be32 addr)
{
	struct rb_node **at = &p->places.rb_node, *above = NULL;
	struct mn_place *place;

	while (*at) {
		above = *at;
		place = rb_entry(above, struct mn_place, node);
		if (place->addr == addr)
			return place;
		at = ntohl(addr) < ntohl(place->addr) ? &above->rb_left : &above->rb_right;
	}
	place = kmem_cache_zalloc(mn_place_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!place)
		return NULL;
	place->port = p;
	place->addr = addr;
	rb_link_node(&place->node, above, at);
	rb_insert_color(&place->node, &p->places);
	return place;
}

static void mn_place_put(struct mn_place *place)
{
	struct mn_port *p = place->port;

	if (!hlist_empty(&place->owners))
		return;
	rb_erase(&place->node, &p->places);
	kmem_cache_free(mn_place_cache, place);
	mn_port_put(p);
}

/* The socket's number is set already if it is a child's. Return: 0 or -ENOMEM. */
static int mn_bind_link(struct mn_bind_bucket *bucket, struct sock *sk, u16 port, u8 how)
{
	struct mem_cgroup *before = mn_charge_begin(sk);
	struct mn_port *p = mn_port_get(bucket, sock_net(sk), port);
	struct mn_place *place = p ? mn_place_get(p, sk->sk_rcv_saddr) : NULL;
	struct mn_bind *b = &mn_tcp(sk)->bind;

	mn_charge_end(before);
	if (!place) {
		if (p)
			mn_port_put(p);
		return -ENOMEM;
	}
	*b = (struct mn_bind){
		.net = sock_net(sk), .place = place, .sk = sk, .uid = sk->sk_uid,
		.dev = sk->sk_bound_dev_if, .port = port, .how = how, .reuse = sk->sk_reuse,
		.reuseport = sk->sk_reuseport, .listens = sk->sk_state == TCP_LISTEN,
	};
	hlist_add_head(&b->node, &place->owners);
	mn_bind_count(b, 1);
	sk->sk_num = port;
	mynet_sk(sk)->sport = htons(port);
	return 0;
}

static int mn_bind_try(struct sock *sk, u16 port, bool share)
{
	struct mn_bind_bucket *bucket = mn_bind_bucket(sock_net(sk), port);
	int err = 0;

	spin_lock_bh(&bucket->lock);
	if (mn_port_conflict(sk, mn_port_find(bucket, sock_net(sk), port), share))
		err = -EADDRINUSE;
	else if (mn_tcp(sk)->bind.how == MN_BIND_NONE)
		err = mn_bind_link(bucket, sk, port, MN_BIND_ASKED);
	spin_unlock_bh(&bucket->lock);
	return err;
}

/*
 * Gives the socket a port. About one that it has already listen() asks whether it may listen there.
 */
int mn_tcp_get_port(struct sock *sk, unsigned short port)
{
	struct mn_port_iter it;
	int any, err;

	if (port)
		return mn_bind_try(sk, port, true);

	mn_port_iter_init(&it, sk, get_random_u64());
	while ((any = mn_port_iter_next(&it)) > 0) {
		/* A port that no program asked for is not shared while there are others. */
		err = mn_bind_try(sk, any, false);
		if (err != -EADDRINUSE) {
			mn_port_iter_took(&it);
			return err;
		}
		cond_resched();
	}
	return -EADDRINUSE;
}

/* A socket that has a port listens now, or does no more: it shares it otherwise. */
void mn_bind_listens(struct sock *sk, bool listens)
{
	struct mn_bind *b = &mn_tcp(sk)->bind;
	struct mn_bind_bucket *bucket;

	if (b->how == MN_BIND_NONE || b->listens == listens)
		return;
	bucket = mn_bind_bucket(b->net, b->port);
	spin_lock_bh(&bucket->lock);
	mn_bind_count(b, -1);
	b->listens = listens;
	mn_bind_count(b, 1);
	spin_unlock_bh(&bucket->lock);
}

static int mn_bind_enter(struct sock *sk, u16 port, mn_conn_reusable reusable,
			 struct mn_conn **taken)
{
	struct mn_tuple t = {
		.laddr = mynet_sk(sk)->saddr, .raddr = sk->sk_daddr,
		.lport = htons(port), .rport = sk->sk_dport,
	};

	mn_conn_setup(&mn_tcp(sk)->conn, sock_net(sk), &t, sk->sk_bound_dev_if, MN_CONN_SOCK);
	return mn_conn_add_reuse(sk, reusable, taken);
}

/* For connect(): a port may be shared with connections to elsewhere, not with who asked for it. */
static int mn_bind_try_connect(struct sock *sk, u16 port, mn_conn_reusable reusable,
			       struct mn_conn **taken)
{
	struct mn_bind_bucket *bucket = mn_bind_bucket(sock_net(sk), port);
	struct mn_port *p;
	int err = -EADDRINUSE;

	spin_lock_bh(&bucket->lock);
	p = mn_port_find(bucket, sock_net(sk), port);
	if ((!p || !p->asked) && !mn_bind_enter(sk, port, reusable, taken)) {
		err = mn_bind_link(bucket, sk, port, MN_BIND_CHOSEN);
		if (err)
			mn_conn_del(&mn_tcp(sk)->conn);
	}
	spin_unlock_bh(&bucket->lock);
	return err;
}

/*
 * Puts a socket into the table of connections, with a port if it has none. *@taken: the connection
 * in TIME_WAIT whose place it took, or NULL; the caller ends it, also after an error.
 */
int mn_bind_connect(struct sock *sk, mn_conn_reusable reusable, struct mn_conn **taken)
{
	struct mn_port_iter it;
	int port, err;

	*taken = NULL;
	if (sk->sk_num)
		return mn_bind_enter(sk, sk->sk_num, reusable, taken);

	mn_port_iter_init(&it, sk, mn_port_hash(sk, mynet_sk(sk)->saddr, sk->sk_daddr,
						sk->sk_dport));
	while ((port = mn_port_iter_next(&it)) > 0) {
		err = mn_bind_try_connect(sk, port, reusable, taken);
		if (!err)
			mn_port_iter_took(&it);
		if (err != -EADDRINUSE)
			return err;
		cond_resched();
	}
	return -EADDRNOTAVAIL;
}

/*
 * Enters a child: it has its number already, and the listener may lose its own meanwhile. Return:
 * false: no memory.
 */
bool mn_bind_child(struct sock *child)
{
	struct mn_bind_bucket *bucket = mn_bind_bucket(sock_net(child), child->sk_num);
	int err;

	spin_lock_bh(&bucket->lock);
	err = mn_bind_link(bucket, child, child->sk_num, MN_BIND_CHILD);
	spin_unlock_bh(&bucket->lock);
	return !err;
}

static void mn_bind_unlink(struct mn_bind *b)
{
	mn_bind_count(b, -1);
	hlist_del(&b->node);
	b->how = MN_BIND_NONE;
	mn_place_put(b->place);
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
	hlist_add_head(&to->node, &to->place->owners);
	mn_bind_count(to, 1);
	if (!stays)
		mn_bind_unlink(from);
	spin_unlock_bh(&bucket->lock);
}

void mn_bind_put(struct mn_bind *b)
{
	struct mn_bind_bucket *bucket;

	if (b->how == MN_BIND_NONE)
		return;
	bucket = mn_bind_bucket(b->net, b->port);
	spin_lock_bh(&bucket->lock);
	mn_bind_unlink(b);
	spin_unlock_bh(&bucket->lock);
}

int __init mn_bind_init(void)
{
	unsigned int i;

	for (i = 0; i < 1 << MN_BIND_BITS; i++)
		spin_lock_init(&mn_binds[i].lock);
	mn_port_cache = KMEM_CACHE(mn_port, SLAB_ACCOUNT);
	mn_place_cache = KMEM_CACHE(mn_place, SLAB_ACCOUNT);
	if (mn_port_cache && mn_place_cache)
		return 0;
	mn_bind_exit();
	return -ENOMEM;
}

/* Frees the tables: no socket has a port any more. */
void mn_bind_exit(void)
{
	kmem_cache_destroy(mn_port_cache);
	kmem_cache_destroy(mn_place_cache);
}
