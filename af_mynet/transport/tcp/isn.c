// SPDX-License-Identifier: GPL-2.0
/*
 * The beginnings of sequence numbers (RFC 6528) and timestamps (RFC 7323 5.4): others for each
 * connection, and not to be guessed by a host that has not seen them.
 *
 * State: two keys, made once.
 */
#include <linux/cache.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <net/netns/hash.h>

#include "tcp.h"

static siphash_aligned_key_t mn_isn_key __read_mostly;
static siphash_aligned_key_t mn_ts_key __read_mostly;

void __init mn_isn_init(void)
{
	get_random_bytes(&mn_isn_key, sizeof(mn_isn_key));
	get_random_bytes(&mn_ts_key, sizeof(mn_ts_key));
}

static u64 mn_isn_hash(const struct net *net, const struct mn_tuple *t, const siphash_key_t *key)
{
	return siphash_3u64((u64)(__force u32)t->laddr << 32 | (__force u32)t->raddr,
			    (u32)(__force u16)t->lport << 16 | (__force u16)t->rport,
			    net_hash_mix(net), key);
}

/* RFC 6528 3: M ticks every 64 ns here, so that what follows on a connection comes after it. */
u32 mn_tcp_isn(const struct net *net, const struct mn_tuple *t)
{
	return (u32)mn_isn_hash(net, t, &mn_isn_key) + (u32)(ktime_get_real_ns() >> 6);
}

/* Ports are left out: between two hosts the clock goes on from one connection to the next. */
u32 mn_tcp_ts_offset(const struct net *net, const struct mn_tuple *t)
{
	struct mn_tuple hosts = { .laddr = t->laddr, .raddr = t->raddr };

	return mn_isn_hash(net, &hosts, &mn_ts_key);
}
