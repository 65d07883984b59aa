// SPDX-License-Identifier: GPL-2.0
/*
 * The table of raw sockets: by protocol. Look-ups are RCU and take no lock.
 *
 * State: mn_raw_table, for all namespaces, written under its lock.
 */
#include "transport/raw.h"

struct mn_dgram_table mn_raw_table = {
	.lock = __SPIN_LOCK_UNLOCKED(mn_raw_table.lock),
};

/* A protocol that fits into no header is possible; nothing comes for it. */
static void mn_raw_listen(const struct sock *sk, int n)
{
	if (sk->sk_num <= U8_MAX)
		mynet_inet_raw_listen(sk->sk_num, n);
}

void mn_raw_hash(struct sock *sk)
{
	/* Readers find it without a reference: its memory waits for them. */
	sock_set_flag(sk, SOCK_RCU_FREE);
	spin_lock_bh(&mn_raw_table.lock);
	sk_add_node_rcu(sk, mn_dgram_slot(&mn_raw_table, sock_net(sk), sk->sk_num));
	spin_unlock_bh(&mn_raw_table.lock);
	sock_prot_inuse_add(sock_net(sk), sk->sk_prot, 1);
	mn_raw_listen(sk, 1);
}

void mn_raw_unhash(struct sock *sk)
{
	bool was;

	spin_lock_bh(&mn_raw_table.lock);
	was = sk_del_node_init_rcu(sk);
	spin_unlock_bh(&mn_raw_table.lock);
	if (!was)
		return;
	mn_raw_listen(sk, -1);
	sock_prot_inuse_add(sock_net(sk), sk->sk_prot, -1);
}

static bool mn_raw_wants(const struct sock *sk, const struct mn_raw_key *key)
{
	if (key->alert)
		return sk->sk_num == key->protocol && net_eq(sock_net(sk), key->net) &&
		       mynet_sk_flag(sk, MYNET_SK_ROUTER_ALERT) && mn_sk_dev_matches(sk, key->dev);
	return sk->sk_num == key->protocol && net_eq(sock_net(sk), key->net) &&
	       (!sk->sk_daddr || sk->sk_daddr == key->saddr) &&
	       (!sk->sk_rcv_saddr || sk->sk_rcv_saddr == key->daddr) &&
	       mn_sk_dev_matches(sk, key->dev);
}

struct sock *mn_raw_find_next(const struct mn_raw_key *key, struct sock *sk)
{
	struct hlist_node *node;

	node = sk ? rcu_dereference(hlist_next_rcu(&sk->sk_node)) :
		    rcu_dereference(hlist_first_rcu(mn_dgram_slot(&mn_raw_table, key->net,
								  key->protocol)));
	for (; node; node = rcu_dereference(hlist_next_rcu(node))) {
		sk = hlist_entry(node, struct sock, sk_node);
		if (mn_raw_wants(sk, key))
			return sk;
	}
	return NULL;
}
