// SPDX-License-Identifier: GPL-2.0
/*
 * Ping sockets (icmp(7)): ICMP echo without privilege, for the groups in
 * net.mynet.ping_group_range. The identifier of the request is the socket's port.
 *
 * State: mn_ping_table, sockets by identifier, written under its lock; struct mn_ping_net, who may
 * have them, under its own.
 */
#include <linux/cred.h>
#include <linux/icmp.h>
#include <linux/in.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <linux/uidgid.h>
#include <net/dst.h>

#include "transport/ping.h"

#define MN_PING_IDENTS	65535	/* all but 0 */

struct mn_dgram_table mn_ping_table = {
	.lock = __SPIN_LOCK_UNLOCKED(mn_ping_table.lock),
};

/* --- identifiers -------------------------------------------------------------------------- */

static bool mn_ping_free_locked(const struct sock *sk, u16 ident, bool shared)
{
	struct sock *other;

	lockdep_assert_held(&mn_ping_table.lock);
	sk_for_each(other, mn_dgram_slot(&mn_ping_table, sock_net(sk), ident))
		if (other != sk && other->sk_num == ident &&
		    net_eq(sock_net(other), sock_net(sk)) &&
		    !(shared && sk->sk_reuse && other->sk_reuse))
			return false;
	return true;
}

/* One that nobody has, from anywhere on: it is not for others to guess. Return: 0: none is left. */
static u16 mn_ping_choose_locked(const struct sock *sk)
{
	unsigned int first = get_random_u32_below(MN_PING_IDENTS), i;

	lockdep_assert_held(&mn_ping_table.lock);
	for (i = 0; i < MN_PING_IDENTS; i++) {
		u16 ident = 1 + (first + i) % MN_PING_IDENTS;

		if (mn_ping_free_locked(sk, ident, false))
			return ident;
	}
	return 0;
}

static int mn_ping_get_port(struct sock *sk, unsigned short ident)
{
	int err = -EADDRINUSE;

	spin_lock_bh(&mn_ping_table.lock);
	if (!ident)
		ident = mn_ping_choose_locked(sk);
	else if (!mn_ping_free_locked(sk, ident, true))
		ident = 0;
	if (!ident)
		goto out;
	sk->sk_num = ident;
	mynet_sk(sk)->sport = htons(ident);
	if (sk_unhashed(sk)) {
		/* Readers find it without a reference: its memory waits for them. */
		sock_set_flag(sk, SOCK_RCU_FREE);
		sk_add_node_rcu(sk, mn_dgram_slot(&mn_ping_table, sock_net(sk), ident));
		sock_prot_inuse_add(sock_net(sk), sk->sk_prot, 1);
	}
	err = 0;
out:
	spin_unlock_bh(&mn_ping_table.lock);
	return err;
}

static void mn_ping_unhash(struct sock *sk)
{
	spin_lock_bh(&mn_ping_table.lock);
	if (sk_del_node_init_rcu(sk)) {
		WRITE_ONCE(sk->sk_num, 0);
		mynet_sk(sk)->sport = 0;
		sock_prot_inuse_add(sock_net(sk), sk->sk_prot, -1);
	}
	spin_unlock_bh(&mn_ping_table.lock);
}

struct proto mn_ping_prot = {
	.name		= "MYNET-PING",
	.owner		= THIS_MODULE,
	.obj_size	= sizeof(struct mynet_sock),
	.unhash		= mn_ping_unhash,
};

/* --- permission --------------------------------------------------------------------------- */

static void mn_ping_range(struct net *net, kgid_t range[2])
{
	struct mn_ping_net *ping = &mn_transport_net(net)->ping;

	spin_lock(&ping->lock);
	range[0] = ping->range[0];
	range[1] = ping->range[1];
	spin_unlock(&ping->lock);
}

/* If it ends before it begins, nobody may. */
static void mn_ping_range_set(struct net *net, kgid_t low, kgid_t high)
{
	struct mn_ping_net *ping = &mn_transport_net(net)->ping;

	spin_lock(&ping->lock);
	ping->range[0] = gid_lt(high, low) ? KGIDT_INIT(1) : low;
	ping->range[1] = gid_lt(high, low) ? GLOBAL_ROOT_GID : high;
	spin_unlock(&ping->lock);
}

void mn_ping_conf_init(struct net *net)
{
	spin_lock_init(&mn_transport_net(net)->ping.lock);
	mn_ping_range_set(net, KGIDT_INIT(1), GLOBAL_ROOT_GID);
}

static bool mn_gid_within(kgid_t gid, const kgid_t range[2])
{
	return gid_lte(range[0], gid) && gid_lte(gid, range[1]);
}

static int mn_ping_open(struct sock *sk)
{
	const struct group_info *groups;
	kgid_t range[2];
	bool may;
	int i;

	mn_ping_range(sock_net(sk), range);
	may = mn_gid_within(current_egid(), range);
	groups = current_cred()->group_info;
	for (i = 0; i < groups->ngroups && !may; i++)
		may = mn_gid_within(groups->gid[i], range);
	return may ? 0 : -EACCES;
}

static int mn_ping_range_handler(mynet_ctl_table *table, int write, void *buffer, size_t *len,
				 loff_t *pos)
{
	static unsigned long low, high = (gid_t)~0U - 1;
	struct user_namespace *user_ns = current_user_ns();
	struct net *net = table->extra1;
	unsigned long range[2];
	struct ctl_table copy = {
		.data	= range,
		.maxlen	= sizeof(range),
		.mode	= table->mode,
		.extra1	= &low,
		.extra2	= &high,
	};
	kgid_t gid[2];
	int err;

	mn_ping_range(net, gid);
	range[0] = from_kgid_munged(user_ns, gid[0]);
	range[1] = from_kgid_munged(user_ns, gid[1]);
	err = proc_doulongvec_minmax(&copy, write, buffer, len, pos);
	if (err || !write)
		return err;
	gid[0] = make_kgid(user_ns, range[0]);
	gid[1] = make_kgid(user_ns, range[1]);
	if (!gid_valid(gid[0]) || !gid_valid(gid[1]))
		return -EINVAL;
	mn_ping_range_set(net, gid[0], gid[1]);
	return 0;
}

void mn_ping_sysctl(struct net *net, struct ctl_table *table)
{
	*table = (struct ctl_table){
		.procname	= "ping_group_range",
		.data		= &mn_transport_net(net)->ping,
		.maxlen		= 2 * sizeof(gid_t),
		.mode		= 0644,
		.proc_handler	= mn_ping_range_handler,
		.extra1		= net,
	};
}

/* Binding: identifiers need no privilege, and nothing is sent to a group's. */

static int mn_ping_bind_check(struct sock *sk, const struct sockaddr_mynet *addr, int len)
{
	u8 kind;

	if (len < (int)sizeof(*addr))
		return -EINVAL;
	if (!mynet_family_known(sk, addr->smn_family) &&
	    (addr->smn_family != AF_UNSPEC || addr->smn_addr))
		return -EAFNOSUPPORT;
	if (!addr->smn_addr)
		return 0;
	if (!mynet_addr_bindable(sk, addr->smn_addr, &kind) ||
	    kind == RTN_MULTICAST || kind == RTN_BROADCAST)
		return -EADDRNOTAVAIL;
	return 0;
}

static int mn_ping_bind_locked(struct sock *sk, const struct sockaddr_mynet *addr)
{
	struct mynet_sock *msk = mynet_sk(sk);
	int err;

	sock_owned_by_me(sk);
	if (sk->sk_num)
		return -EINVAL;
	err = mn_ping_get_port(sk, ntohs(addr->smn_port));
	if (err)
		return err;
	msk->saddr = addr->smn_addr;
	WRITE_ONCE(sk->sk_rcv_saddr, addr->smn_addr);
	if (addr->smn_addr)
		sk->sk_userlocks |= SOCK_BINDADDR_LOCK;
	if (addr->smn_port)
		sk->sk_userlocks |= SOCK_BINDPORT_LOCK;
	sk->sk_daddr = 0;
	sk->sk_dport = 0;
	sk_dst_reset(sk);
	return 0;
}

static int mn_ping_bind(struct sock *sk, const struct sockaddr_mynet *addr, int len)
{
	int err = mn_ping_bind_check(sk, addr, len);

	if (err)
		return err;
	lock_sock(sk);
	err = mn_ping_bind_locked(sk, addr);
	release_sock(sk);
	return err;
}

static void mn_ping_close(struct sock *sk, long timeout)
{
	sk_common_release(sk);
}

static const struct mynet_transport mn_ping_transport = {
	.prot		= &mn_ping_prot,
	.open		= mn_ping_open,
	.close		= mn_ping_close,
	.bind		= mn_ping_bind,
	.get_port	= mn_ping_get_port,
	.put_port	= mn_ping_unhash,
	.connect	= mn_dgram_connect,
	.disconnect	= mn_dgram_disconnect,
	.sendmsg	= mn_ping_sendmsg,
	.recvmsg	= mn_dgram_recvmsg,
};

static struct mynet_protosw mn_ping_row = {
	.type		= SOCK_DGRAM,
	.protocol	= IPPROTO_ICMP,
	.transport	= &mn_ping_transport,
	.flags		= MYNET_PROTOSW_REUSE,
};

static int __net_init mn_ping_net_init(struct net *net)
{
	return mn_dgram_proc_init(net, "icmp", &mn_ping_table);
}

static void __net_exit mn_ping_net_exit(struct net *net)
{
	mn_dgram_proc_exit(net, "icmp");
}

static struct pernet_operations mn_ping_net_ops = {
	.init	= mn_ping_net_init,
	.exit	= mn_ping_net_exit,
};

int __init mn_ping_init(void)
{
	int err = proto_register(&mn_ping_prot, 1);

	if (err)
		return err;
	err = register_pernet_subsys(&mn_ping_net_ops);
	if (err)
		goto err_prot;
	err = mynet_protosw_register(&mn_ping_row);
	if (err)
		goto err_net;
	return 0;

err_net:
	unregister_pernet_subsys(&mn_ping_net_ops);
err_prot:
	proto_unregister(&mn_ping_prot);
	return err;
}

void mn_ping_exit(void)
{
	mynet_protosw_unregister(&mn_ping_row);
	unregister_pernet_subsys(&mn_ping_net_ops);
	/* Sockets closed a moment ago are freed after a grace period. */
	rcu_barrier();
	proto_unregister(&mn_ping_prot);
}
