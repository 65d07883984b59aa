// SPDX-License-Identifier: GPL-2.0
/*
 * Options at level SOL_IP, which all transports share. Names, values, limits and errors are INET's.
 *
 * State: struct mynet_ip_set and the flags of a socket, written under its lock.
 */
#include <linux/capability.h>
#include <linux/in.h>
#include <linux/netdevice.h>
#include <linux/uaccess.h>
#include <net/dst.h>

#include "transport/sk.h"

/* Options that are a switch. */
static const struct {
	int			name;
	enum mynet_sk_flag	flag;
	bool			needs_value;
	bool			strict;		/* 0 and 1, nothing else */
	bool			raw_only;
} mn_ip_flags[] = {
	{ IP_RECVERR,		MYNET_SK_RECVERR },
	{ IP_RECVERR_RFC4884,	MYNET_SK_RECVERR_RFC4884,	.strict = true },
	{ IP_HDRINCL,		MYNET_SK_HDRINCL,		.raw_only = true },
	{ IP_NODEFRAG,		MYNET_SK_NODEFRAG,		.raw_only = true },
	{ IP_FREEBIND,		MYNET_SK_FREEBIND,		.needs_value = true },
	{ IP_TRANSPARENT,	MYNET_SK_TRANSPARENT,		.needs_value = true },
	{ IP_MULTICAST_LOOP,	MYNET_SK_MC_LOOP,		.needs_value = true },
	{ IP_MULTICAST_ALL,	MYNET_SK_MC_ALL,		.needs_value = true,
								.strict = true },
	{ IP_BIND_ADDRESS_NO_PORT, MYNET_SK_BIND_NO_PORT },
};

/* Options that ask for control messages. */
static const struct {
	int			name;
	enum mynet_cmsg_flag	flag;
} mn_ip_cmsgs[] = {
	{ IP_PKTINFO,		MYNET_CMSG_PKTINFO },
	{ IP_RECVTTL,		MYNET_CMSG_TTL },
	{ IP_RECVTOS,		MYNET_CMSG_TOS },
	{ IP_RECVOPTS,		MYNET_CMSG_RECVOPTS },
	{ IP_RETOPTS,		MYNET_CMSG_RETOPTS },
	{ IP_RECVORIGDSTADDR,	MYNET_CMSG_ORIGDSTADDR },
	{ IP_CHECKSUM,		MYNET_CMSG_CHECKSUM },
	{ IP_RECVFRAGSIZE,	MYNET_CMSG_RECVFRAGSIZE },
};

/* Return: 1: it is none of these. */
static int mn_set_flag(struct sock *sk, int name, int val, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mn_ip_flags); i++)
		if (mn_ip_flags[i].name == name)
			break;
	if (i == ARRAY_SIZE(mn_ip_flags))
		return 1;
	if (mn_ip_flags[i].raw_only && sk->sk_type != SOCK_RAW)
		return -ENOPROTOOPT;
	if (name == IP_TRANSPARENT && val &&
	    !sockopt_ns_capable(sock_net(sk)->user_ns, CAP_NET_RAW) &&
	    !sockopt_ns_capable(sock_net(sk)->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	if ((mn_ip_flags[i].needs_value && len < 1) ||
	    (mn_ip_flags[i].strict && val != 0 && val != 1))
		return -EINVAL;
	assign_bit(mn_ip_flags[i].flag, &mynet_sk(sk)->flags, val);
	if (name == IP_RECVERR && !val)
		skb_queue_purge(&sk->sk_error_queue);
	return 0;
}

static int mn_set_cmsg(struct sock *sk, int name, int val)
{
	struct mynet_ip_set *ip = &mynet_sk(sk)->ip;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mn_ip_cmsgs); i++)
		if (mn_ip_cmsgs[i].name == name)
			break;
	if (i == ARRAY_SIZE(mn_ip_cmsgs))
		return 1;
	if (name == IP_RECVFRAGSIZE && sk->sk_type != SOCK_RAW && sk->sk_type != SOCK_DGRAM)
		return -EINVAL;
	if (val)
		WRITE_ONCE(ip->cmsg, ip->cmsg | mn_ip_cmsgs[i].flag);
	else
		WRITE_ONCE(ip->cmsg, ip->cmsg & ~mn_ip_cmsgs[i].flag);
	return 0;
}

int mn_tos_priority(u8 tos)
{
	static const u8 prio[16] = { 0, 0, 0, 0, 2, 2, 2, 2, 6, 6, 6, 6, 4, 4, 4, 4 };

	return prio[(tos & 0x1e) >> 1];
}

/* The congestion bits of a stream are its own. */
static int mn_set_tos(struct sock *sk, int val)
{
	struct mynet_ip_set *ip = &mynet_sk(sk)->ip;
	u8 tos = val;

	if (sk->sk_type == SOCK_STREAM)
		tos = (tos & ~3) | (ip->tos & 3);
	if (ip->tos != tos) {
		WRITE_ONCE(ip->tos, tos);
		WRITE_ONCE(sk->sk_priority, mn_tos_priority(tos));
		sk_dst_reset(sk);
	}
	return 0;
}

static int mn_set_unicast_if(struct sock *sk, int val, unsigned int len)
{
	int ifindex = (int)ntohl((__force __be32)val);
	struct net_device *dev;

	if (len != sizeof(int))
		return -EINVAL;
	if (ifindex) {
		rcu_read_lock();
		dev = dev_get_by_index_rcu(sock_net(sk), ifindex);
		rcu_read_unlock();
		if (!dev)
			return -EADDRNOTAVAIL;
		if (sk->sk_bound_dev_if && ifindex != sk->sk_bound_dev_if)
			return -EINVAL;
	}
	WRITE_ONCE(mynet_sk(sk)->ip.uc_index, ifindex);
	return 0;
}

static int mn_set_port_range(struct sock *sk, u32 val, unsigned int len)
{
	u16 low = val, high = val >> 16;

	if (len != sizeof(val) || (low && high && low > high))
		return -EINVAL;
	WRITE_ONCE(mynet_sk(sk)->ip.port_range, val);
	return 0;
}

/* RFC 2113: packets for others that want to be looked at. It is asked for once. */
static int mn_set_router_alert(struct sock *sk, int val)
{
	unsigned long *flags = &mynet_sk(sk)->flags;

	if (sk->sk_type != SOCK_RAW || sk->sk_num == IPPROTO_RAW)
		return -EINVAL;
	if (val)
		return test_and_set_bit(MYNET_SK_ROUTER_ALERT, flags) ? -EADDRINUSE : 0;
	return test_and_clear_bit(MYNET_SK_ROUTER_ALERT, flags) ? 0 : -ENOBUFS;
}

static bool mn_opt_in_range(int val, int low, int high, unsigned int len)
{
	return len >= 1 && val >= low && val <= high;
}

static int mn_set_number(struct sock *sk, int name, int val, unsigned int len)
{
	struct mynet_ip_set *ip = &mynet_sk(sk)->ip;

	switch (name) {
	case IP_TOS:
		return mn_set_tos(sk, val);
	case IP_TTL:
		if (len < 1 || (val != -1 && !mn_opt_in_range(val, 1, 255, len)))
			return -EINVAL;
		WRITE_ONCE(ip->uc_ttl, val);
		return 0;
	case IP_MINTTL:
		if (!mn_opt_in_range(val, 0, 255, len))
			return -EINVAL;
		WRITE_ONCE(ip->min_ttl, val);
		return 0;
	case IP_MULTICAST_TTL:
		if (sk->sk_type == SOCK_STREAM || !mn_opt_in_range(val, -1, 255, len))
			return -EINVAL;
		WRITE_ONCE(ip->mc_ttl, val == -1 ? 1 : val);
		return 0;
	case IP_MTU_DISCOVER:
		if (val < IP_PMTUDISC_DONT || val > IP_PMTUDISC_OMIT)
			return -EINVAL;
		WRITE_ONCE(ip->pmtudisc, val);
		return 0;
	case IP_UNICAST_IF:
		return mn_set_unicast_if(sk, val, len);
	case IP_LOCAL_PORT_RANGE:
		return mn_set_port_range(sk, val, len);
	default:
		return -ENOPROTOOPT;
	}
}

/* A number of one byte will do; none is 0. */
static int mn_get_number(sockptr_t val, unsigned int len, int *n)
{
	u8 byte;

	*n = 0;
	if (len >= sizeof(*n))
		return copy_from_sockptr(n, val, sizeof(*n)) ? -EFAULT : 0;
	if (!len)
		return 0;
	if (copy_from_sockptr(&byte, val, sizeof(byte)))
		return -EFAULT;
	*n = byte;
	return 0;
}

/* The others that are numbers. */
static const u8 mn_ip_numbers[] = {
	IP_TOS, IP_TTL, IP_MINTTL, IP_MULTICAST_TTL, IP_MTU_DISCOVER, IP_UNICAST_IF,
	IP_LOCAL_PORT_RANGE, IP_ROUTER_ALERT,
};

/* Is the option one that exists? The value of any other is not looked at, wherever it points. */
static bool mn_ip_known(int name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mn_ip_flags); i++)
		if (mn_ip_flags[i].name == name)
			return true;
	for (i = 0; i < ARRAY_SIZE(mn_ip_cmsgs); i++)
		if (mn_ip_cmsgs[i].name == name)
			return true;
	return memchr(mn_ip_numbers, name, sizeof(mn_ip_numbers)) && name == (u8)name;
}

int mynet_ip_setsockopt(struct sock *sk, int name, sockptr_t val, unsigned int len)
{
	int n, err;

	err = mn_mc_setsockopt(sk, name, val, len);
	if (err <= 0)
		return err;
	if (name == IP_OPTIONS)
		return mn_options_setsockopt(sk, val, len);
	if (!mn_ip_known(name))
		return -ENOPROTOOPT;
	err = mn_get_number(val, len, &n);
	if (err)
		return err;
	if (name == IP_ROUTER_ALERT)
		return mn_set_router_alert(sk, n);
	sockopt_lock_sock(sk);
	err = mn_set_flag(sk, name, n, len);
	if (err > 0)
		err = mn_set_cmsg(sk, name, n);
	if (err > 0)
		err = mn_set_number(sk, name, n, len);
	sockopt_release_sock(sk);
	return err;
}

/* --- reading ------------------------------------------------------------------------------ */

static int mn_ask_mtu(struct sock *sk)
{
	struct dst_entry *dst;
	int mtu = 0;

	rcu_read_lock();
	dst = rcu_dereference(sk->sk_dst_cache);
	if (dst)
		mtu = mynet_route_mtu(dst);
	rcu_read_unlock();
	return mtu ?: -ENOTCONN;
}

/* Return: 0 and *@n, or -errno. */
static int mn_ask_number(struct sock *sk, int name, int *n)
{
	const struct mynet_ip_set *ip = &mynet_sk(sk)->ip;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mn_ip_flags); i++)
		if (mn_ip_flags[i].name == name) {
			*n = mynet_sk_flag(sk, mn_ip_flags[i].flag);
			return 0;
		}
	for (i = 0; i < ARRAY_SIZE(mn_ip_cmsgs); i++)
		if (mn_ip_cmsgs[i].name == name) {
			*n = !!(ip->cmsg & mn_ip_cmsgs[i].flag);
			return 0;
		}
	switch (name) {
	case IP_TOS:
		*n = ip->tos;
		break;
	case IP_TTL:
		*n = ip->uc_ttl < 0 ? mynet_ip_default_ttl(sock_net(sk)) : ip->uc_ttl;
		break;
	case IP_MINTTL:
		*n = ip->min_ttl;
		break;
	case IP_MULTICAST_TTL:
		*n = ip->mc_ttl;
		break;
	case IP_MTU_DISCOVER:
		*n = ip->pmtudisc;
		break;
	case IP_UNICAST_IF:
		*n = (__force int)htonl((u32)ip->uc_index);
		break;
	case IP_LOCAL_PORT_RANGE:
		*n = ip->port_range;
		break;
	case IP_ROUTER_ALERT:
		*n = mynet_sk_flag(sk, MYNET_SK_ROUTER_ALERT);
		break;
	case IP_PROTOCOL:
		*n = sk->sk_num;
		break;
	case IP_MTU:
		*n = mn_ask_mtu(sk);
		return *n < 0 ? *n : 0;
	default:
		return -ENOPROTOOPT;
	}
	return 0;
}

/* Gives a number. A program that has room for less gets a byte, if the number is one. */
static int mn_put_number(int n, int room, char __user *val, int __user *len)
{
	u8 byte = n;

	if (room < (int)sizeof(n) && room > 0 && n >= 0 && n <= 255) {
		if (put_user(1, len) || copy_to_user(val, &byte, 1))
			return -EFAULT;
		return 0;
	}
	room = min_t(int, room, sizeof(n));
	return put_user(room, len) || copy_to_user(val, &n, room) ? -EFAULT : 0;
}

int mynet_ip_getsockopt(struct sock *sk, int name, char __user *val, int __user *len)
{
	int room, n, err;

	if (get_user(room, len))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	err = mn_mc_getsockopt(sk, name, room, val, len);
	if (err <= 0)
		return err;
	if (name == IP_OPTIONS)
		return mn_options_getsockopt(sk, room, val, len);
	/* The last packet of a stream has nothing to tell. */
	if (name == IP_PKTOPTIONS && sk->sk_type == SOCK_STREAM)
		return put_user(0, len) ? -EFAULT : 0;
	lock_sock(sk);
	err = mn_ask_number(sk, name, &n);
	release_sock(sk);
	return err ?: mn_put_number(n, room, val, len);
}
