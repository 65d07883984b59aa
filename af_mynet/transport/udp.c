// SPDX-License-Identifier: GPL-2.0
/*
 * UDP sockets (RFC 768, RFC 1122 4.1): birth and end, options, and UDP's place among
 * the transports.
 *
 * No state of its own.
 */
#include <linux/in.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/uaccess.h>
#include <net/dst.h>
#include <net/tcp_states.h>

#include <asm/ioctls.h>

#include "transport/udp.h"

static void mn_udp_destroy(struct sock *sk)
{
	lock_sock(sk);
	mn_udp_cork_drop(sk);
	release_sock(sk);
}

struct proto mn_udp_prot = {
	.name			= "MYNET-UDP",
	.owner			= THIS_MODULE,
	.obj_size		= sizeof(struct mn_udp_sock),
	.destroy		= mn_udp_destroy,
	.unhash			= mn_udp_unhash,
	.rehash			= mn_udp_rehash,
	.memory_allocated	= &mn_udp_memory,
	.per_cpu_fw_alloc	= &mn_udp_memory_share,
	.sysctl_mem		= mn_udp_mem,
	.sysctl_wmem		= &mn_udp_wmem_min,
	.sysctl_rmem		= &mn_udp_rmem_min,
};

static int mn_udp_open(struct sock *sk)
{
	mn_udp_rcv_init(sk);
	return 0;
}

static void mn_udp_close(struct sock *sk, long timeout)
{
	/* From now on nobody gives it another place: see mn_udp_rehash(). */
	lock_sock(sk);
	sock_set_flag(sk, SOCK_DEAD);
	release_sock(sk);
	sk_common_release(sk);
}

static __poll_t mn_udp_poll(struct file *file, struct socket *sock, poll_table *wait)
{
	__poll_t mask = datagram_poll(file, sock, wait);

	if (!skb_queue_empty_lockless(&mn_udp_sk(sock->sk)->rcv.queue))
		mask |= EPOLLIN | EPOLLRDNORM;
	return mask;
}

static int mn_udp_ioctl(struct sock *sk, unsigned int cmd, int *answer)
{
	switch (cmd) {
	case SIOCOUTQ:
		*answer = sk_wmem_alloc_get(sk);
		return 0;
	case SIOCINQ:
		*answer = mn_udp_first_len(sk);
		return 0;
	default:
		return -ENOIOCTLCMD;
	}
}

/* Options of level SOL_UDP. How much the checksum covers can be asked, and is all. */
#define UDPLITE_SEND_CSCOV	10
#define UDPLITE_RECV_CSCOV	11

static int mn_udp_set_cork(struct sock *sk, int val)
{
	lock_sock(sk);
	WRITE_ONCE(mn_udp_sk(sk)->corking, !!val);
	if (!val)
		mn_udp_uncork(sk);
	release_sock(sk);
	return 0;
}

static int mn_udp_setsockopt(struct sock *sk, int level, int name, sockptr_t val,
			     unsigned int len)
{
	int n;

	if (level != SOL_UDP)
		return -ENOPROTOOPT;
	if (len < sizeof(n))
		return -EINVAL;
	if (copy_from_sockptr(&n, val, sizeof(n)))
		return -EFAULT;
	switch (name) {
	case UDP_CORK:
		return mn_udp_set_cork(sk, n);
	case UDP_SEGMENT:
		if (n < 0 || n > USHRT_MAX)
			return -EINVAL;
		WRITE_ONCE(mn_udp_sk(sk)->gso_size, n);
		return 0;
	case UDP_GRO:
		WRITE_ONCE(mn_udp_sk(sk)->gro, !!n);
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static int mn_udp_getsockopt(struct sock *sk, int level, int name, char __user *val,
			     int __user *len)
{
	int room, n;

	if (level != SOL_UDP)
		return -EOPNOTSUPP;
	if (get_user(room, len))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	switch (name) {
	case UDP_CORK:
		n = mn_udp_sk(sk)->corking;
		break;
	case UDP_SEGMENT:
		n = mn_udp_sk(sk)->gso_size;
		break;
	case UDP_GRO:
		n = mn_udp_sk(sk)->gro;
		break;
	case UDPLITE_SEND_CSCOV:
	case UDPLITE_RECV_CSCOV:
		n = 0;
		break;
	default:
		return -ENOPROTOOPT;
	}
	room = min_t(int, room, sizeof(n));
	return put_user(room, len) || copy_to_user(val, &n, room) ? -EFAULT : 0;
}

static const struct mynet_transport mn_udp_transport = {
	.prot		= &mn_udp_prot,
	.open		= mn_udp_open,
	.close		= mn_udp_close,
	.destruct	= mn_udp_rcv_drain,
	.get_port	= mn_udp_get_port,
	.put_port	= mn_udp_unhash,
	.connect	= mn_dgram_connect,
	.disconnect	= mn_dgram_disconnect,
	.sendmsg	= mn_udp_sendmsg,
	.recvmsg	= mn_udp_recvmsg,
	.poll		= mn_udp_poll,
	.ioctl		= mn_udp_ioctl,
	.setsockopt	= mn_udp_setsockopt,
	.getsockopt	= mn_udp_getsockopt,
	.splice_eof	= mn_udp_splice_eof,
};

static struct mynet_protosw mn_udp_row = {
	.type		= SOCK_DGRAM,
	.protocol	= IPPROTO_UDP,
	.transport	= &mn_udp_transport,
	.flags		= MYNET_PROTOSW_PERMANENT,
};

static const struct mynet_inet_proto mn_udp_proto = {
	.input	= mn_udp_input,
	.error	= mn_udp_error,
};

static int __net_init mn_udp_net_init(struct net *net)
{
	return mn_udp_proc_init(net);
}

static void __net_exit mn_udp_net_exit(struct net *net)
{
	mn_udp_proc_exit(net);
}

static struct pernet_operations mn_udp_net_ops = {
	.init	= mn_udp_net_init,
	.exit	= mn_udp_net_exit,
};

int __init mn_udp_init(void)
{
	int err;

	err = mn_udp_mem_init();
	if (err)
		return err;
	err = mn_udp_table_init();
	if (err)
		goto err_mem;
	err = proto_register(&mn_udp_prot, 1);
	if (err)
		goto err_table;
	err = register_pernet_subsys(&mn_udp_net_ops);
	if (err)
		goto err_prot;
	err = mynet_inet_proto_add(&mn_udp_proto, IPPROTO_UDP);
	if (err)
		goto err_net;
	err = mynet_protosw_register(&mn_udp_row);
	if (err)
		goto err_proto;
	return 0;

err_proto:
	mynet_inet_proto_del(&mn_udp_proto, IPPROTO_UDP);
err_net:
	unregister_pernet_subsys(&mn_udp_net_ops);
err_prot:
	proto_unregister(&mn_udp_prot);
err_table:
	mn_udp_table_exit();
err_mem:
	mn_udp_mem_exit();
	return err;
}

void mn_udp_exit(void)
{
	mynet_protosw_unregister(&mn_udp_row);
	mynet_inet_proto_del(&mn_udp_proto, IPPROTO_UDP);
	unregister_pernet_subsys(&mn_udp_net_ops);
	/* Sockets closed a moment ago are freed after a grace period. */
	rcu_barrier();
	proto_unregister(&mn_udp_prot);
	mn_udp_table_exit();
	mn_udp_mem_exit();
}
