// SPDX-License-Identifier: GPL-2.0
/*
 * The tables of UDP sockets: by port, to give ports away, and by address and port, for datagrams to
 * one and to many. Look-ups are RCU and take no lock.
 *
 * State: both tables, of one size for all namespaces; a socket's place in them, under the locks of
 * its slots (port before address). Keys are local addresses and ports, which no stranger chooses.
 */
#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <net/netns/hash.h>
#include <net/sock_reuseport.h>
#include <net/tcp_states.h>

#include "transport/udp.h"

struct mn_udp_slot {
	struct hlist_head	head;
	unsigned int		count;
	spinlock_t		lock;	/* guards both, and the places of its sockets */
};

/* Beyond this a port's chain is not walked to find who else has an address. */
#define MN_UDP_LONG	10

static struct mn_udp_slot *mn_by_port __read_mostly;
static struct mn_udp_slot *mn_by_addr __read_mostly;
static u32 mn_udp_mask __read_mostly;
static u32 mn_udp_secret __read_mostly;

static struct mn_udp_slot *mn_port_slot(const struct net *net, u16 port)
{
	return &mn_by_port[(port + net_hash_mix(net)) & mn_udp_mask];
}

static u32 mn_addr_hash(const struct net *net, __be32 addr, u16 port)
{
	return jhash_3words((__force u32)addr, port, net_hash_mix(net), mn_udp_secret);
}

static struct mn_udp_slot *mn_addr_slot(u32 hash)
{
	return &mn_by_addr[hash & mn_udp_mask];
}

/* Under the slot's lock or RCU. */
#define mn_addr_for_each(sk, slot)						\
	hlist_for_each_entry_rcu(sk, &(slot)->head, __sk_common.skc_portaddr_node)

/* --- giving ports away -------------------------------------------------------------------- */

static bool mn_same_owner(const struct sock *a, const struct sock *b)
{
	return uid_eq(a->sk_uid, b->sk_uid);
}

/* Would a datagram for one be a datagram for the other? */
static bool mn_udp_overlap(const struct sock *a, const struct sock *b)
{
	int dev_a = READ_ONCE(a->sk_bound_dev_if), dev_b = READ_ONCE(b->sk_bound_dev_if);

	if (dev_a && dev_b && dev_a != dev_b)
		return false;
	return !a->sk_rcv_saddr || !b->sk_rcv_saddr || a->sk_rcv_saddr == b->sk_rcv_saddr;
}

/*
 * SO_REUSEPORT: may they share? As with INET a socket that was given a filter for its group before
 * it is bound begins a group, and joins none.
 */
static bool mn_udp_may_share(const struct sock *sk, const struct sock *other)
{
	return sk->sk_reuseport && other->sk_reuseport && mn_same_owner(sk, other) &&
	       !rcu_access_pointer(sk->sk_reuseport_cb);
}

static bool mn_udp_at_port(const struct sock *sk, const struct sock *other, u16 port)
{
	return other != sk && other->sk_num == port && net_eq(sock_net(sk), sock_net(other));
}

static bool mn_udp_rival(const struct sock *sk, const struct sock *other, u16 port)
{
	if (!mn_udp_at_port(sk, other, port))
		return false;
	if (sk->sk_reuse && other->sk_reuse)
		return false;
	return mn_udp_overlap(sk, other) && !mn_udp_may_share(sk, other);
}

/*
 * A member of the group that a socket is to join has the same rivals, and found none: the chain
 * need not be walked again for each of a thousand members.
 */
static bool mn_udp_vouches(const struct sock *sk, const struct sock *other, u16 port)
{
	return mn_udp_at_port(sk, other, port) && mn_udp_may_share(sk, other) &&
	       other->sk_rcv_saddr == sk->sk_rcv_saddr &&
	       other->sk_bound_dev_if == sk->sk_bound_dev_if && sk->sk_reuse >= other->sk_reuse;
}

/* By address, both slots that could have a rival: the address's own and that of all addresses. */
static bool mn_udp_taken_by_addr(const struct sock *sk, u16 port)
{
	__be32 addrs[] = { sk->sk_rcv_saddr, 0 };
	bool taken = false;
	unsigned int i;
	struct sock *other;

	for (i = 0; i < ARRAY_SIZE(addrs) && !taken; i++) {
		struct mn_udp_slot *slot = mn_addr_slot(mn_addr_hash(sock_net(sk), addrs[i], port));

		spin_lock(&slot->lock);
		mn_addr_for_each(other, slot) {
			taken = mn_udp_rival(sk, other, port);
			if (taken || mn_udp_vouches(sk, other, port))
				break;
		}
		spin_unlock(&slot->lock);
		if (other && !taken)
			break;
	}
	return taken;
}

static bool mn_udp_taken(const struct sock *sk, struct mn_udp_slot *slot, u16 port)
{
	struct sock *other;

	lockdep_assert_held(&slot->lock);
	if (slot->count > MN_UDP_LONG && sk->sk_rcv_saddr)
		return mn_udp_taken_by_addr(sk, port);
	sk_for_each(other, &slot->head) {
		if (mn_udp_rival(sk, other, port))
			return true;
		if (mn_udp_vouches(sk, other, port))
			return false;
	}
	return false;
}

/* SO_REUSEPORT: who is in the same group: same port, same address, same device, same user. */
static int mn_udp_join(struct sock *sk, struct mn_udp_slot *slot, u16 port)
{
	bool any = !sk->sk_rcv_saddr;
	struct sock *other;

	sk_for_each(other, &slot->head)
		if (other != sk && other->sk_num == port && other->sk_reuseport &&
		    net_eq(sock_net(other), sock_net(sk)) &&
		    other->sk_rcv_saddr == sk->sk_rcv_saddr &&
		    other->sk_bound_dev_if == sk->sk_bound_dev_if && mn_same_owner(sk, other))
			return reuseport_add_sock(sk, other, any);
	return reuseport_alloc(sk, any);
}

static void mn_udp_enter_addr(struct sock *sk)
{
	u32 hash = mn_addr_hash(sock_net(sk), sk->sk_rcv_saddr, sk->sk_num);
	struct mn_udp_slot *slot = mn_addr_slot(hash);

	mn_udp_sk(sk)->place.addr_hash = hash;
	spin_lock(&slot->lock);
	hlist_add_head_rcu(&sk->__sk_common.skc_portaddr_node, &slot->head);
	slot->count++;
	spin_unlock(&slot->lock);
}

static void mn_udp_leave_addr(struct sock *sk)
{
	struct mn_udp_slot *slot = mn_addr_slot(mn_udp_sk(sk)->place.addr_hash);

	spin_lock(&slot->lock);
	hlist_del_init_rcu(&sk->__sk_common.skc_portaddr_node);
	slot->count--;
	spin_unlock(&slot->lock);
}

/* Return: 0, -EADDRINUSE or -ENOMEM. */
static int mn_udp_claim(struct sock *sk, u16 port)
{
	struct mn_udp_slot *slot = mn_port_slot(sock_net(sk), port);
	int err = -EADDRINUSE;

	spin_lock_bh(&slot->lock);
	if (mn_udp_taken(sk, slot, port))
		goto out;
	err = sk->sk_reuseport ? mn_udp_join(sk, slot, port) : 0;
	if (err)
		goto out;
	sk->sk_num = port;
	mynet_sk(sk)->sport = htons(port);
	/* Readers find it without a reference: its memory waits for them. */
	sock_set_flag(sk, SOCK_RCU_FREE);
	sk_add_node_rcu(sk, &slot->head);
	slot->count++;
	sock_prot_inuse_add(sock_net(sk), sk->sk_prot, 1);
	mn_udp_enter_addr(sk);
out:
	spin_unlock_bh(&slot->lock);
	return err;
}

int mn_udp_get_port(struct sock *sk, unsigned short port)
{
	struct mn_port_iter it;
	int err;

	if (port)
		return mn_udp_claim(sk, port);

	mn_port_iter_init(&it, sk, get_random_u64());
	while ((port = mn_port_iter_next(&it)) > 0) {
		err = mn_udp_claim(sk, port);
		if (err != -EADDRINUSE) {
			mn_port_iter_took(&it);
			return err;
		}
		cond_resched();
	}
	return -EADDRINUSE;
}

void mn_udp_unhash(struct sock *sk)
{
	struct mn_udp_slot *slot;

	if (!sk_hashed(sk))
		return;
	slot = mn_port_slot(sock_net(sk), sk->sk_num);
	spin_lock_bh(&slot->lock);
	if (rcu_access_pointer(sk->sk_reuseport_cb))
		reuseport_detach_sock(sk);
	if (sk_del_node_init_rcu(sk)) {
		slot->count--;
		mn_udp_leave_addr(sk);
		sock_prot_inuse_add(sock_net(sk), sk->sk_prot, -1);
		sk->sk_num = 0;
		mynet_sk(sk)->sport = 0;
	}
	spin_unlock_bh(&slot->lock);
}

void mn_udp_rehash(struct sock *sk)
{
	struct mn_udp_slot *slot;

	if (!sk_hashed(sk))
		return;
	slot = mn_port_slot(sock_net(sk), sk->sk_num);
	spin_lock_bh(&slot->lock);
	/* The socket's group is one of another address. */
	if (rcu_access_pointer(sk->sk_reuseport_cb))
		reuseport_detach_sock(sk);
	mn_udp_leave_addr(sk);
	mn_udp_enter_addr(sk);
	spin_unlock_bh(&slot->lock);
}

/* --- finding ------------------------------------------------------------------------------ */

/* How well a socket fits; -1: not at all. */
static int mn_udp_score(const struct sock *sk, const struct mn_udp_key *key, __be32 addr)
{
	int score = 1, dev = READ_ONCE(sk->sk_bound_dev_if);

	if (sk->sk_num != key->dport || sk->sk_rcv_saddr != addr ||
	    !net_eq(sock_net(sk), key->net))
		return -1;
	if (sk->sk_daddr) {
		if (sk->sk_daddr != key->saddr)
			return -1;
		score += 4;
	}
	if (sk->sk_dport) {
		if (sk->sk_dport != key->sport)
			return -1;
		score += 4;
	}
	if (dev) {
		if (dev != key->dev)
			return -1;
		score += 4;
	}
	if (READ_ONCE(sk->sk_incoming_cpu) == raw_smp_processor_id())
		score++;
	return score;
}

/* One of a group: by its program, or by a secret number of the conversation. */
static struct sock *mn_udp_of_group(struct sock *sk, const struct mn_udp_key *key,
				    struct sk_buff *skb)
{
	u32 hash = jhash_3words((__force u32)key->saddr, (__force u32)key->daddr,
				(__force u32)key->sport << 16 | key->dport, mn_udp_secret);

	return reuseport_select_sock(sk, hash, skb, sizeof(struct udphdr)) ?: sk;
}

/* One member speaks for its group: all fit alike, unless some are connected. */
static bool mn_udp_is_group(struct sock *sk)
{
	return sk->sk_reuseport && sk->sk_state != TCP_ESTABLISHED &&
	       rcu_access_pointer(sk->sk_reuseport_cb) && !reuseport_has_conns(sk);
}

static struct sock *mn_udp_find_at(const struct mn_udp_key *key, __be32 addr, struct sk_buff *skb)
{
	struct mn_udp_slot *slot = mn_addr_slot(mn_addr_hash(key->net, addr, key->dport));
	struct sock *sk, *best = NULL;
	int score, most = -1;

	mn_addr_for_each(sk, slot) {
		score = mn_udp_score(sk, key, addr);
		if (score <= most)
			continue;
		most = score;
		best = sk;
		if (skb && mn_udp_is_group(sk))
			break;
	}
	if (best && best->sk_reuseport && skb && best->sk_state != TCP_ESTABLISHED)
		best = mn_udp_of_group(best, key, skb);
	return best;
}

struct sock *mn_udp_find(const struct mn_udp_key *key, struct sk_buff *skb)
{
	return mn_udp_find_at(key, key->daddr, skb) ?: mn_udp_find_at(key, 0, skb);
}

static bool mn_udp_wants(const struct sock *sk, const struct mn_udp_key *key, __be32 addr)
{
	return sk->sk_num == key->dport && net_eq(sock_net(sk), key->net) &&
	       sk->sk_rcv_saddr == addr &&
	       (!sk->sk_daddr || sk->sk_daddr == key->saddr) &&
	       (!sk->sk_dport || sk->sk_dport == key->sport) &&
	       mn_sk_dev_matches(sk, key->dev);
}

static struct sock *mn_udp_next_at(const struct mn_udp_key *key, __be32 addr, struct sock *sk)
{
	struct mn_udp_slot *slot = mn_addr_slot(mn_addr_hash(key->net, addr, key->dport));
	struct hlist_node *node;

	node = sk ? rcu_dereference(hlist_next_rcu(&sk->__sk_common.skc_portaddr_node)) :
		    rcu_dereference(hlist_first_rcu(&slot->head));
	for (; node; node = rcu_dereference(hlist_next_rcu(node))) {
		sk = hlist_entry(node, struct sock, __sk_common.skc_portaddr_node);
		if (mn_udp_wants(sk, key, addr))
			return sk;
	}
	return NULL;
}

/* First those that have the very address, then those that have any; no others could want it. */
struct sock *mn_udp_find_next(const struct mn_udp_key *key, struct sock *sk, bool *any)
{
	if (!*any) {
		sk = mn_udp_next_at(key, key->daddr, sk);
		if (sk)
			return sk;
		*any = true;
	}
	return mn_udp_next_at(key, 0, sk);
}

/* --- walking ------------------------------------------------------------------------------ */

unsigned int mn_udp_slots(void)
{
	return mn_udp_mask + 1;
}

unsigned int mn_udp_slot_of(const struct net *net, u16 port)
{
	return mn_port_slot(net, port) - mn_by_port;
}

struct hlist_head *mn_udp_slot_head(unsigned int slot)
{
	return &mn_by_port[slot].head;
}

struct hlist_head *mn_udp_slot_lock(unsigned int slot)
	__acquires(&mn_by_port[slot].lock)
{
	spin_lock_bh(&mn_by_port[slot].lock);
	return &mn_by_port[slot].head;
}

void mn_udp_slot_unlock(unsigned int slot)
	__releases(&mn_by_port[slot].lock)
{
	spin_unlock_bh(&mn_by_port[slot].lock);
}

static struct lock_class_key mn_port_slot_key, mn_addr_slot_key;

static struct mn_udp_slot *mn_slots_alloc(unsigned int n, struct lock_class_key *key)
{
	struct mn_udp_slot *slots;
	unsigned int i;

	slots = kvmalloc_array(n, sizeof(*slots), GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	for (i = 0; slots && i < n; i++) {
		spin_lock_init(&slots[i].lock);
		lockdep_set_class(&slots[i].lock, key);
	}
	return slots;
}

/* Sixteen slots for each megabyte of memory: 65536 where there are four gigabytes. */
int __init mn_udp_table_init(void)
{
	unsigned long megabytes = totalram_pages() >> (20 - PAGE_SHIFT);
	unsigned long wanted = clamp(megabytes * 16, 256UL, 65536UL);
	unsigned int n = roundup_pow_of_two(wanted);

	mn_udp_mask = n - 1;
	mn_udp_secret = get_random_u32();
	mn_by_port = mn_slots_alloc(n, &mn_port_slot_key);
	mn_by_addr = mn_slots_alloc(n, &mn_addr_slot_key);
	if (mn_by_port && mn_by_addr)
		return 0;
	mn_udp_table_exit();
	return -ENOMEM;
}

void mn_udp_table_exit(void)
{
	kvfree(mn_by_port);
	kvfree(mn_by_addr);
}
