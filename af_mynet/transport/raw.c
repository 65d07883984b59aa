// SPDX-License-Identifier: GPL-2.0
/*
 * Raw sockets (raw(7)): birth and end, binding, options, and their place among the transports.
 *
 * State: none of its own.
 */
#include <linux/icmp.h>
#include <linux/in.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/rtnetlink.h>
#include <linux/uaccess.h>
#include <net/dst.h>
#include <net/tcp_states.h>

#include "transport/raw.h"

struct proto mn_raw_prot = {
	.name		= "MYNET-RAW",
	.owner		= THIS_MODULE,
	.obj_size	= sizeof(struct mn_raw_sock),
	.unhash		= mn_raw_unhash,
};

/* Opens a socket: its protocol is its port, for good, and from now on it hears. */
static int mn_raw_open(struct sock *sk)
{
	sk->sk_userlocks |= SOCK_BINDPORT_LOCK;
	sk->sk_num = sk->sk_protocol;
	mynet_sk(sk)->sport = htons(sk->sk_num);
	if (sk->sk_protocol == IPPROTO_RAW)
		set_bit(MYNET_SK_HDRINCL, &mynet_sk(sk)->flags);
	mn_raw_hash(sk);
	return 0;
}

static void mn_raw_close(struct sock *sk, long timeout)
{
	sk_common_release(sk);
}

static int mn_raw_bind_locked(struct sock *sk, __be32 addr)
{
	struct mynet_sock *msk = mynet_sk(sk);
	u8 kind;

	sock_owned_by_me(sk);
	if (sk->sk_state != TCP_CLOSE)
		return -EINVAL;
	if (!mynet_addr_bindable(sk, addr, &kind))
		return -EADDRNOTAVAIL;
	sk->sk_rcv_saddr = addr;
	/* Groups are listened to; nothing comes from them. */
	msk->saddr = kind == RTN_MULTICAST || kind == RTN_BROADCAST ? 0 : addr;
	sk_dst_reset(sk);
	return 0;
}

/* As with INET it may be bound again. */
static int mn_raw_bind(struct sock *sk, const struct sockaddr_mynet *addr, int len)
{
	int err;

	if (len < (int)sizeof(*addr))
		return -EINVAL;
	if (!mynet_family_known(sk, addr->smn_family) &&
	    (addr->smn_family != AF_UNSPEC || addr->smn_addr))
		return -EAFNOSUPPORT;
	lock_sock(sk);
	err = mn_raw_bind_locked(sk, addr->smn_addr);
	release_sock(sk);
	return err;
}

static int mn_raw_setsockopt(struct sock *sk, int level, int name, sockptr_t val,
			     unsigned int len)
{
	u32 filter;

	if (level != SOL_RAW || name != ICMP_FILTER)
		return -ENOPROTOOPT;
	if (sk->sk_num != IPPROTO_ICMP)
		return -EOPNOTSUPP;
	/* As much of it as was given. */
	filter = READ_ONCE(mn_raw_sk(sk)->icmp_filter);
	if (copy_from_sockptr(&filter, val, min_t(unsigned int, len, sizeof(filter))))
		return -EFAULT;
	WRITE_ONCE(mn_raw_sk(sk)->icmp_filter, filter);
	return 0;
}

static int mn_raw_getsockopt(struct sock *sk, int level, int name, char __user *val,
			     int __user *len)
{
	u32 filter = READ_ONCE(mn_raw_sk(sk)->icmp_filter);
	int room;

	if (level != SOL_RAW)
		return -EOPNOTSUPP;
	if (name != ICMP_FILTER)
		return -ENOPROTOOPT;
	if (sk->sk_num != IPPROTO_ICMP)
		return -EOPNOTSUPP;
	if (get_user(room, len))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	room = min_t(int, room, sizeof(filter));
	return put_user(room, len) || copy_to_user(val, &filter, room) ? -EFAULT : 0;
}

static const struct mynet_transport mn_raw_transport = {
	.prot		= &mn_raw_prot,
	.open		= mn_raw_open,
	.close		= mn_raw_close,
	.bind		= mn_raw_bind,
	.connect	= mn_dgram_connect,
	.disconnect	= mn_dgram_disconnect,
	.sendmsg	= mn_raw_sendmsg,
	.recvmsg	= mn_dgram_recvmsg,
	.ioctl		= mn_dgram_ioctl,
	.setsockopt	= mn_raw_setsockopt,
	.getsockopt	= mn_raw_getsockopt,
};

static struct mynet_protosw mn_raw_row = {
	.type		= SOCK_RAW,
	.protocol	= IPPROTO_IP,	/* any */
	.transport	= &mn_raw_transport,
	.flags		= MYNET_PROTOSW_REUSE,
};

static int __net_init mn_raw_net_init(struct net *net)
{
	return mn_dgram_proc_init(net, "raw", &mn_raw_table);
}

static void __net_exit mn_raw_net_exit(struct net *net)
{
	mn_dgram_proc_exit(net, "raw");
}

static struct pernet_operations mn_raw_net_ops = {
	.init	= mn_raw_net_init,
	.exit	= mn_raw_net_exit,
};

int __init mn_raw_init(void)
{
	int err = proto_register(&mn_raw_prot, 1);

	if (err)
		return err;
	err = register_pernet_subsys(&mn_raw_net_ops);
	if (err)
		goto err_prot;
	err = mynet_protosw_register(&mn_raw_row);
	if (err)
		goto err_net;
	return 0;

err_net:
	unregister_pernet_subsys(&mn_raw_net_ops);
err_prot:
	proto_unregister(&mn_raw_prot);
	return err;
}

void mn_raw_exit(void)
{
	mynet_protosw_unregister(&mn_raw_row);
	unregister_pernet_subsys(&mn_raw_net_ops);
	/* Sockets closed a moment ago are freed after a grace period. */
	rcu_barrier();
	proto_unregister(&mn_raw_prot);
}
