// SPDX-License-Identifier: GPL-2.0
/*
 * The part of a socket that is the same in every transport: birth, inheritance, addresses, the
 * cached route, the way out.
 *
 * State: struct mynet_sock, under the socket lock; sk_dst_cache as the core guards it.
 */
#include <linux/capability.h>
#include <linux/in.h>
#include <linux/rtnetlink.h>
#include <net/dst.h>

#include "transport/sk.h"

void mynet_sock_init(struct sock *sk)
{
	struct mynet_sock *msk = mynet_sk(sk);

	msk->flags = BIT(MYNET_SK_MC_LOOP) | BIT(MYNET_SK_MC_ALL);
	sk->sk_txrehash = READ_ONCE(sock_net(sk)->core.sysctl_txrehash);
	msk->ip.uc_ttl = -1;
	msk->ip.mc_ttl = 1;
	msk->ip.pmtudisc = IP_PMTUDISC_WANT;
}

void mynet_sock_inherit(struct sock *child, const struct sock *parent)
{
	struct mynet_sock *msk = mynet_sk(child);

	msk->transport = mynet_sk(parent)->transport;
	msk->mnet = mynet_sk(parent)->mnet;
	msk->flags = READ_ONCE(mynet_sk(parent)->flags);
	msk->ip = mynet_sk(parent)->ip;
	RCU_INIT_POINTER(msk->options, NULL);
	msk->groups = (struct mynet_mc_list){};
	child->sk_destruct = parent->sk_destruct;
	child->sk_backlog_rcv = parent->sk_backlog_rcv;
	mynet_mib_inc(msk->mnet, MYNET_MIB_SOCK_CREATED);
}

void mynet_sock_release(struct sock *sk)
{
	mynet_mc_close(sock_net(sk), &mynet_sk(sk)->groups);
}

void mynet_sock_destruct(struct sock *sk)
{
	sk_mem_reclaim_final(sk);
	mn_sk_options_free(sk);
	dst_release(rcu_replace_pointer(sk->sk_dst_cache, NULL, true));
}

/* --- addresses ---------------------------------------------------------------------------- */

bool mynet_addr_bindable(const struct sock *sk, __be32 addr, u8 *kind)
{
	*kind = mynet_addr_type(sock_net(sk), addr);
	return !addr || *kind != RTN_UNICAST || mynet_sk_flag(sk, MYNET_SK_FREEBIND) ||
	       mynet_sk_flag(sk, MYNET_SK_TRANSPARENT);
}

void mynet_name_fill(const struct sock *sk, struct sockaddr_mynet *name, __be32 addr,
		     __be16 port)
{
	*name = (struct sockaddr_mynet){
		.smn_family	= mynet_sk_flag(sk, MYNET_SK_INET_NAMES) ? AF_INET : AF_MYNET,
		.smn_port	= port,
		.smn_addr	= addr,
	};
}

/* --- routes ------------------------------------------------------------------------------- */

void mn_sk_flow(const struct sock *sk, struct mynet_flow *flow, __be32 daddr, __be16 dport)
{
	const struct mynet_sock *msk = mynet_sk(sk);

	*flow = (struct mynet_flow){
		.daddr	= daddr,
		.saddr	= msk->saddr,
		.oif	= READ_ONCE(sk->sk_bound_dev_if),
		.mark	= READ_ONCE(sk->sk_mark),
		.tos	= READ_ONCE(msk->ip.tos) & ~3,
		.scope	= sock_flag(sk, SOCK_LOCALROUTE) ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
		.proto	= sk->sk_protocol,
		.sport	= msk->sport,
		.dport	= dport,
		.owned	= true,
		.uid	= sk->sk_uid,
	};
	if (mn_addr_is_group(daddr)) {
		flow->oif = flow->oif ?: READ_ONCE(msk->ip.mc_index);
		flow->saddr = flow->saddr ?: READ_ONCE(msk->ip.mc_addr);
	} else {
		flow->oif = flow->oif ?: READ_ONCE(msk->ip.uc_index);
	}
}

struct mynet_dst *mn_sk_lookup(struct sock *sk, struct mynet_flow *flow)
{
	struct net *net = sock_net(sk);
	struct mynet_dst *dst;

	/* RFC 1122 3.2.1.3: nobody sends in the name of others, unless he is trusted to. */
	if (flow->saddr && !mynet_sk_flag(sk, MYNET_SK_TRANSPARENT) &&
	    !mynet_sk_flag(sk, MYNET_SK_HDRINCL) &&
	    mynet_addr_type(net, flow->saddr) != RTN_LOCAL)
		return ERR_PTR(-EINVAL);
	dst = mynet_route_output(net, flow);
	if (IS_ERR(dst))
		return flow->oif && !dev_get_by_index_rcu(net, flow->oif) ?
		       ERR_PTR(-ENODEV) : dst;
	if (dst->type == RTN_BROADCAST && !sock_flag(sk, SOCK_BROADCAST))
		return ERR_PTR(-EACCES);
	return dst;
}

static void mn_sk_dst_keep(struct sock *sk, struct dst_entry *dst, u32 generation)
{
	if (!dst_hold_safe(dst))
		return;
	WRITE_ONCE(mynet_sk(sk)->dst_generation, generation);
	sk_dst_set(sk, dst);
	/*
	 * Senders of datagrams have no lock: another may have kept a route of a newer generation
	 * between the two, which this one must not pass for. Pairs with itself: sk_dst_set()
	 * is a full barrier.
	 */
	if (READ_ONCE(mynet_sk(sk)->dst_generation) != generation)
		sk_dst_reset(sk);
}

int mn_sk_connect_route(struct sock *sk, __be32 daddr, __be16 dport, struct mynet_flow *flow)
{
	struct net *net = sock_net(sk);
	u32 generation = mynet_route_generation(net);
	struct mynet_dst *dst;
	int err = 0;

	sk_dst_reset(sk);
	mn_sk_flow(sk, flow, daddr, dport);
	/* Nobody's address means this host: the one it would send from, or the loopback's. */
	if (!flow->daddr)
		flow->daddr = flow->saddr ?: htonl(INADDR_LOOPBACK);

	rcu_read_lock();
	dst = mn_sk_lookup(sk, flow);
	if (IS_ERR(dst))
		err = PTR_ERR(dst);
	else
		mn_sk_dst_keep(sk, &dst->dst, generation);
	rcu_read_unlock();
	if (err == -ENETUNREACH)
		mynet_mib_inc(mynet_sk(sk)->mnet, MYNET_MIB_IP_OUT_NO_ROUTES);
	return err;
}

struct dst_entry *mn_sk_dst(struct sock *sk)
{
	struct net *net = sock_net(sk);
	u32 generation = mynet_route_generation(net);
	struct dst_entry *kept = rcu_dereference(sk->sk_dst_cache);
	struct mynet_flow flow;
	struct mynet_dst *dst;

	if (likely(kept && mynet_route_valid(kept, READ_ONCE(mynet_sk(sk)->dst_generation))))
		return kept;

	mn_sk_flow(sk, &flow, sk->sk_daddr, sk->sk_dport);
	dst = mn_sk_lookup(sk, &flow);
	if (IS_ERR(dst))
		return ERR_CAST(dst);
	mn_sk_dst_keep(sk, &dst->dst, generation);
	return &dst->dst;
}

unsigned int mn_sk_mtu(const struct sock *sk, const struct dst_entry *dst)
{
	if (READ_ONCE(mynet_sk(sk)->ip.pmtudisc) >= IP_PMTUDISC_PROBE)
		return min_t(unsigned int, READ_ONCE(dst->dev->mtu), 65535);
	return mynet_route_mtu(dst);
}

bool mn_sk_df(const struct sock *sk, unsigned int len, const struct dst_entry *dst)
{
	u8 discover = READ_ONCE(mynet_sk(sk)->ip.pmtudisc);

	if (discover == IP_PMTUDISC_DO || discover == IP_PMTUDISC_PROBE)
		return true;
	return discover == IP_PMTUDISC_WANT && len <= mynet_route_mtu(dst) &&
	       !container_of(dst, const struct mynet_dst, dst)->mtu_locked;
}

/* --- out ---------------------------------------------------------------------------------- */

int mn_sk_output(struct sock *sk, struct sk_buff *skb, struct dst_entry *dst,
		 const struct mynet_ip_head *head)
{
	skb_dst_set_noref(skb, dst);
	skb->priority = READ_ONCE(sk->sk_priority);
	skb->mark = READ_ONCE(sk->sk_mark);
	return mynet_ip_output(sock_net(sk), sk, skb, head);
}

int mn_sk_xmit(struct sock *sk, struct sk_buff *skb)
{
	const struct mynet_sock *msk = mynet_sk(sk);
	struct mynet_ip_head head = {
		.saddr		= msk->saddr,
		.daddr		= sk->sk_daddr,
		.protocol	= sk->sk_protocol,
		.tos		= msk->ip.tos,
		.ttl		= max_t(s16, msk->ip.uc_ttl, 0),
	};
	struct dst_entry *dst;
	int ret;

	rcu_read_lock();
	dst = mn_sk_dst(sk);
	if (IS_ERR(dst)) {
		mynet_mib_inc(msk->mnet, MYNET_MIB_IP_OUT_NO_ROUTES);
		mynet_sk_drop(sk, skb, MYNET_DROP_IP_NO_ROUTE);
		ret = PTR_ERR(dst);
	} else {
		/* Segments are as long as the device makes them; they fit. */
		head.df = mn_sk_df(sk, skb_is_gso(skb) ? 0 : skb->len + sizeof(struct iphdr), dst);
		ret = mn_sk_output(sk, skb, dst, &head);
	}
	rcu_read_unlock();
	return ret;
}
