/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory cgroup of a socket pays for what its segments bring about. They come in softirqs,
 * where the kernel would charge nobody.
 */
#ifndef MN_TCP_CHARGE_H
#define MN_TCP_CHARGE_H

#include <linux/memcontrol.h>
#include <linux/sched/mm.h>
#include <net/sock.h>

#ifdef CONFIG_MEMCG

/* Return: what mn_charge_end() is to be given. What is allocated in between has __GFP_ACCOUNT. */
static inline struct mem_cgroup *mn_charge_begin(const struct sock *sk)
{
	return set_active_memcg(sk->sk_memcg);
}

static inline void mn_charge_end(struct mem_cgroup *before)
{
	set_active_memcg(before);
}

/*
 * The core gives a cloned socket no cgroup: INET's get theirs in accept(), by a function that is
 * not exported. A listener's is as good, and from the first byte on. The core puts it.
 */
static inline void mn_charge_inherit(struct sock *child, const struct sock *parent)
{
	if (child->sk_memcg || !parent->sk_memcg)
		return;
	css_get(&parent->sk_memcg->css);
	child->sk_memcg = parent->sk_memcg;
}

#else

static inline struct mem_cgroup *mn_charge_begin(const struct sock *sk)
{
	return NULL;
}

static inline void mn_charge_end(struct mem_cgroup *before)
{
}

static inline void mn_charge_inherit(struct sock *child, const struct sock *parent)
{
}

#endif

#endif /* MN_TCP_CHARGE_H */
