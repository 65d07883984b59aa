// SPDX-License-Identifier: GPL-2.0
/*
 * Ports: ranges, privileges, and the order in which ephemeral ones are tried (RFC 6056 3.3.4, with
 * the counters of 3.3.5 in many slots).
 *
 * State: struct mn_port_net, written through /proc/sys only; mn_port_perturb, counters that say how
 * far each slot's conversations have come; a key, made once.
 */
#include <linux/bitmap.h>
#include <linux/capability.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <net/netns/hash.h>

#include "transport/sk.h"

#define MN_PORTS		65536
#define MN_PORT_SLOTS		4096

static siphash_aligned_key_t mn_port_key __read_mostly;
static u32 mn_port_perturb[MN_PORT_SLOTS];

void mn_port_init(void)
{
	get_random_bytes(&mn_port_key, sizeof(mn_port_key));
	get_random_bytes(mn_port_perturb, sizeof(mn_port_perturb));
}

u64 mn_port_hash(const struct sock *sk, __be32 saddr, __be32 daddr, __be16 dport)
{
	u64 addrs = (u64)(__force u32)saddr << 32 | (__force u32)daddr;
	u64 rest = (u64)net_hash_mix(sock_net(sk)) << 32 |
		   (u32)sk->sk_protocol << 16 | (__force u16)dport;

	return siphash_2u64(addrs, rest, &mn_port_key);
}

/* The socket may narrow the namespace's range: an end outside of that does not count. */
static void mn_port_range(const struct sock *sk, u32 *low, u32 *high)
{
	u32 all = READ_ONCE(mn_transport_net(sock_net(sk))->port.range);
	u32 own = READ_ONCE(mynet_sk(sk)->ip.port_range);
	u32 own_low = own & 0xffff, own_high = own >> 16;

	*low = all & 0xffff;
	*high = all >> 16;
	if (own_low >= *low && own_low <= *high)
		*low = own_low;
	if (own_high >= *low && own_high <= *high)
		*high = own_high;
}

void mn_port_iter_init(struct mn_port_iter *it, const struct sock *sk, u64 hash)
{
	u32 high;

	mn_port_range(sk, &it->low, &high);
	it->net = sock_net(sk);
	it->count = high - it->low + 1;
	it->slot = (u32)(hash >> 32) % MN_PORT_SLOTS;
	it->offset = (u32)hash + READ_ONCE(mn_port_perturb[it->slot]);
	it->offset %= it->count;
	it->tried = 0;
}

int mn_port_iter_next(struct mn_port_iter *it)
{
	const unsigned long *reserved = mn_transport_net(it->net)->port.reserved;

	while (it->tried < it->count) {
		u32 port = it->low + (it->offset + it->tried++) % it->count;

		if (!test_bit(port, reserved))
			return port;
	}
	return 0;
}

/* Beyond what was in use, and by a step that tells nothing of how many conversations there are. */
void mn_port_iter_took(const struct mn_port_iter *it)
{
	u32 *counter = &mn_port_perturb[it->slot];

	WRITE_ONCE(*counter, READ_ONCE(*counter) + it->tried + get_random_u32_below(8));
}

bool mynet_port_allowed(struct net *net, u16 port)
{
	return port >= READ_ONCE(mn_transport_net(net)->port.unprivileged) ||
	       ns_capable(net->user_ns, CAP_NET_BIND_SERVICE);
}

/* --- knobs -------------------------------------------------------------------------------- */

static int mn_port_min = 1, mn_port_max = MN_PORTS - 1;

static int mn_range_handler(mynet_ctl_table *table, int write, void *buffer, size_t *len,
			    loff_t *pos)
{
	struct mn_port_net *port = table->extra1;
	u32 now = READ_ONCE(port->range);
	int range[2] = { now & 0xffff, now >> 16 };
	struct ctl_table copy = {
		.data	= range,
		.maxlen	= sizeof(range),
		.mode	= table->mode,
		.extra1	= &mn_port_min,
		.extra2	= &mn_port_max,
	};
	int err = proc_dointvec_minmax(&copy, write, buffer, len, pos);

	if (err || !write)
		return err;
	/* As INET: what is chosen for anyone must not need a privilege. */
	if (range[1] < range[0] || range[0] < READ_ONCE(port->unprivileged))
		return -EINVAL;
	WRITE_ONCE(port->range, range[0] | (u32)range[1] << 16);
	return 0;
}

static int mn_unprivileged_handler(mynet_ctl_table *table, int write, void *buffer, size_t *len,
				   loff_t *pos)
{
	struct mn_port_net *port = table->extra1;
	int value = READ_ONCE(port->unprivileged);
	struct ctl_table copy = {
		.data	= &value,
		.maxlen	= sizeof(value),
		.mode	= table->mode,
		.extra1	= SYSCTL_ZERO,
		.extra2	= &mn_port_max,
	};
	int err = proc_dointvec_minmax(&copy, write, buffer, len, pos);

	if (err || !write)
		return err;
	if (value > (int)(READ_ONCE(port->range) & 0xffff))
		return -EINVAL;
	WRITE_ONCE(port->unprivileged, value);
	return 0;
}

void mn_port_sysctls(struct net *net, struct ctl_table *table)
{
	struct mn_port_net *port = &mn_transport_net(net)->port;
	const struct ctl_table all[MN_PORT_SYSCTLS] = {
		{
			.procname	= "ip_local_port_range",
			.data		= &port->range,
			.maxlen		= sizeof(int[2]),
			.mode		= 0644,
			.proc_handler	= mn_range_handler,
			.extra1		= port,
		}, {
			.procname	= "ip_unprivileged_port_start",
			.data		= &port->unprivileged,
			.maxlen		= sizeof(int),
			.mode		= 0644,
			.proc_handler	= mn_unprivileged_handler,
			.extra1		= port,
		}, {
			.procname	= "ip_local_reserved_ports",
			.data		= &port->reserved,
			.maxlen		= MN_PORTS,
			.mode		= 0644,
			.proc_handler	= proc_do_large_bitmap,
		},
	};

	memcpy(table, all, sizeof(all));
}

int mn_port_net_init(struct net *net)
{
	struct mn_port_net *port = &mn_transport_net(net)->port;

	port->range = 32768 | 60999U << 16;
	port->unprivileged = 1024;
	port->reserved = bitmap_zalloc(MN_PORTS, GFP_KERNEL_ACCOUNT);
	return port->reserved ? 0 : -ENOMEM;
}

void mn_port_net_exit(struct net *net)
{
	bitmap_free(mn_transport_net(net)->port.reserved);
}
