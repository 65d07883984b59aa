// SPDX-License-Identifier: GPL-2.0
/*
 * IP_OPTIONS: options that every packet of a socket has (RFC 791 3.1, RFC 1122 4.1.3.2).
 *
 * State: mynet_sock.options, written under the socket lock, read under RCU: senders take no lock.
 * A stream has none: its segments would have to be shorter by them.
 */
#include <linux/capability.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "transport/sk.h"

#define MN_SK_OPTIONS_MAX	40

struct mn_sk_options {
	struct rcu_head	rcu;
	u8		len;
	u8		data[MN_SK_OPTIONS_MAX];
};

bool mn_options_trusted(const struct sock *sk)
{
	return sockopt_ns_capable(sock_net(sk)->user_ns, CAP_NET_RAW);
}

/* Return: what was asked for, NULL for none, or ERR_PTR(). */
static struct mn_sk_options *mn_options_read(const struct sock *sk, sockptr_t val, unsigned int len)
{
	struct mn_sk_options *options;
	u8 given[MN_SK_OPTIONS_MAX];
	int ret;

	if (len > sizeof(given))
		return ERR_PTR(-EINVAL);
	if (len && copy_from_sockptr(given, val, len))
		return ERR_PTR(-EFAULT);
	if (!len)
		return NULL;
	options = kmalloc(sizeof(*options), GFP_KERNEL_ACCOUNT);
	if (!options)
		return ERR_PTR(-ENOMEM);
	ret = mynet_ip_options_make(options->data, given, len, mn_options_trusted(sk));
	if (ret < 0) {
		kfree(options);
		return ERR_PTR(ret);
	}
	options->len = ret;
	return options;
}

int mn_options_setsockopt(struct sock *sk, sockptr_t val, unsigned int len)
{
	struct mn_sk_options *options;

	if (sk->sk_type == SOCK_STREAM)
		return -ENOPROTOOPT;
	options = mn_options_read(sk, val, len);
	if (IS_ERR(options))
		return PTR_ERR(options);
	sockopt_lock_sock(sk);
	options = rcu_replace_pointer(mynet_sk(sk)->options, options, true);
	sockopt_release_sock(sk);
	if (options)
		kfree_rcu(options, rcu);
	return 0;
}

unsigned int mn_sk_options_get(const struct sock *sk, u8 *options)
{
	const struct mn_sk_options *set;
	unsigned int len = 0;

	rcu_read_lock();
	set = rcu_dereference(mynet_sk(sk)->options);
	if (set) {
		len = set->len;
		memcpy(options, set->data, len);
	}
	rcu_read_unlock();
	return len;
}

/* None have no length and no place. */
int mn_options_getsockopt(struct sock *sk, int room, char __user *val, int __user *len)
{
	u8 options[MN_SK_OPTIONS_MAX];
	int n;

	if (sk->sk_type == SOCK_STREAM)
		return -ENOPROTOOPT;
	n = min_t(int, room, mn_sk_options_get(sk, options));
	return put_user(n, len) || copy_to_user(val, options, n) ? -EFAULT : 0;
}

void mn_sk_options_free(struct sock *sk)
{
	kfree(rcu_replace_pointer(mynet_sk(sk)->options, NULL, true));
}
