// SPDX-License-Identifier: GPL-2.0
/*
 * Options: which level is whose, and the level that is MYNET's own.
 *
 * State: none; a socket's switches are its own.
 *
 * SOL_SOCKET is the core's. Only newer kernels ask the family first, so the two options that the
 * core refuses to a family it does not know are offered at level SOL_MYNET as well.
 */
#include <linux/uaccess.h>

#include "socket/calls.h"

/*
 * Data is always copied when it is sent; a program that asked for more would wait for notices that
 * never come.
 */
static int mn_set_zerocopy(int val)
{
	return val != 0 && val != 1 ? -EINVAL : -EOPNOTSUPP;
}

static int mn_set_reuseport(struct sock *sk, int val)
{
	lock_sock(sk);
	sk->sk_reuseport = !!val;
	release_sock(sk);
	return 0;
}

static int mn_get_int(sockptr_t val, unsigned int len, int *n)
{
	if (len < sizeof(int))
		return -EINVAL;
	return copy_from_sockptr(n, val, sizeof(*n)) ? -EFAULT : 0;
}

static int mn_set_socket(struct socket *sock, int name, sockptr_t val, unsigned int len)
{
	int n, err;

	if (name != SO_REUSEPORT && name != SO_ZEROCOPY)
		return sock_setsockopt(sock, SOL_SOCKET, name, val, len);
	err = mn_get_int(val, len, &n);
	if (err)
		return err;
	return name == SO_REUSEPORT ? mn_set_reuseport(sock->sk, n) : mn_set_zerocopy(n);
}

static int mn_set_mynet(struct sock *sk, int name, sockptr_t val, unsigned int len)
{
	int n, err;

	err = mn_get_int(val, len, &n);
	if (err)
		return err;
	switch (name) {
	case MYNET_INET_NAMES:
		if (n != 0 && n != 1)
			return -EINVAL;
		assign_bit(MYNET_SK_INET_NAMES, &mynet_sk(sk)->flags, n);
		return 0;
	case MYNET_REUSEPORT:
		return mn_set_reuseport(sk, n);
	case MYNET_ZEROCOPY:
		return mn_set_zerocopy(n);
	default:
		return -ENOPROTOOPT;
	}
}

int mn_call_setsockopt(struct socket *sock, int level, int name, sockptr_t val, unsigned int len)
{
	struct sock *sk = sock->sk;

	switch (level) {
	case SOL_SOCKET:
		return mn_set_socket(sock, name, val, len);
	case SOL_MYNET:
		return mn_set_mynet(sk, name, val, len);
	case SOL_IP:
		return mynet_ip_setsockopt(sk, name, val, len);
	default:
		if (!mynet_sk(sk)->transport->setsockopt)
			return -ENOPROTOOPT;
		return mynet_sk(sk)->transport->setsockopt(sk, level, name, val, len);
	}
}

static int mn_get_mynet(struct sock *sk, int name, char __user *val, int __user *len)
{
	int room, n;

	if (get_user(room, len))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	switch (name) {
	case MYNET_INET_NAMES:
		n = mynet_sk_flag(sk, MYNET_SK_INET_NAMES);
		break;
	case MYNET_REUSEPORT:
		n = sk->sk_reuseport;
		break;
	case MYNET_ZEROCOPY:
		n = sock_flag(sk, SOCK_ZEROCOPY);
		break;
	default:
		return -ENOPROTOOPT;
	}
	room = min_t(int, room, sizeof(n));
	return put_user(room, len) || copy_to_user(val, &n, room) ? -EFAULT : 0;
}

int mn_call_getsockopt(struct socket *sock, int level, int name, char __user *val,
		       int __user *len)
{
	struct sock *sk = sock->sk;

	switch (level) {
	case SOL_MYNET:
		return mn_get_mynet(sk, name, val, len);
	case SOL_IP:
		return mynet_ip_getsockopt(sk, name, val, len);
	default:
		if (!mynet_sk(sk)->transport->getsockopt)
			return -EOPNOTSUPP;
		return mynet_sk(sk)->transport->getsockopt(sk, level, name, val, len);
	}
}
