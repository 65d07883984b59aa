// SPDX-License-Identifier: GPL-2.0
/*
 * Data of a socket: sending, receiving, waiting for either, and asking how much there is.
 *
 * State: none; the queues are the transports'.
 */
#include <linux/fs.h>
#include <linux/in.h>
#include <linux/uaccess.h>

#include "socket/calls.h"

/* Prepares for sending: the socket needs a port. */
static int mn_send_prepare(struct sock *sk)
{
	sock_rps_record_flow(sk);
	if (READ_ONCE(sk->sk_num) || sk->sk_prot->no_autobind)
		return 0;
	return mn_autobind(sk);
}

int mn_call_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct sock *sk = sock->sk;
	int err;

	if (!mynet_sk(sk)->transport->sendmsg)
		return -EOPNOTSUPP;
	err = mn_send_prepare(sk);
	return err ?: mynet_sk(sk)->transport->sendmsg(sk, msg, len);
}

int mn_call_recvmsg(struct socket *sock, struct msghdr *msg, size_t len, int flags)
{
	struct sock *sk = sock->sk;

	if (!mynet_sk(sk)->transport->recvmsg)
		return -EOPNOTSUPP;
	if (likely(!(flags & MSG_ERRQUEUE)))
		sock_rps_record_flow(sk);
	return mynet_sk(sk)->transport->recvmsg(sk, msg, len, flags);
}

__poll_t mn_call_poll(struct file *file, struct socket *sock, poll_table *wait)
{
	const struct mynet_transport *transport = mynet_sk(sock->sk)->transport;

	return transport->poll ? transport->poll(file, sock, wait) :
				 datagram_poll(file, sock, wait);
}

/* Leaves the requests that are about devices and not their addresses to the core. */
int mn_call_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	const struct mynet_transport *transport = mynet_sk(sock->sk)->transport;
	int answer, err;

	err = mynet_ip_ioctl(sock->sk, cmd, (void __user *)arg);
	if (err != -ENOIOCTLCMD || !transport->ioctl)
		return err;
	err = transport->ioctl(sock->sk, cmd, &answer);
	return err ?: put_user(answer, (int __user *)arg);
}

ssize_t mn_call_splice_read(struct socket *sock, loff_t *pos, struct pipe_inode_info *pipe,
			    size_t len, unsigned int flags)
{
	const struct mynet_transport *transport = mynet_sk(sock->sk)->transport;

	return transport->splice_read ?
	       transport->splice_read(sock, pos, pipe, len, flags) :
	       copy_splice_read(sock->file, pos, pipe, len, flags);
}

void mn_call_splice_eof(struct socket *sock)
{
	const struct mynet_transport *transport = mynet_sk(sock->sk)->transport;

	if (transport->splice_eof && !mn_send_prepare(sock->sk))
		transport->splice_eof(sock->sk);
}

/* Called with the socket lock on some kernels and without it on others. */
int mn_call_set_peek_off(struct sock *sk, int val)
{
	if (sk->sk_type == SOCK_RAW || sk->sk_protocol == IPPROTO_ICMP)
		return -EOPNOTSUPP;
	WRITE_ONCE(sk->sk_peek_off, val);
	return 0;
}

int mn_call_set_rcvlowat(struct sock *sk, int val)
{
	if (mynet_sk(sk)->transport->set_rcvlowat)
		return mynet_sk(sk)->transport->set_rcvlowat(sk, val);
	WRITE_ONCE(sk->sk_rcvlowat, val ?: 1);
	return 0;
}
