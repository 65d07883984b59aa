// SPDX-License-Identifier: GPL-2.0
/*
 * The names of both ends: bind, connect, listen, accept, shutdown (RFC 1122 4.1.3.5, 4.2.4.4;
 * otherwise what INET does).
 *
 * State: struct socket's state; addresses and ports of struct mynet_sock, under the socket lock.
 */
#include <linux/in.h>
#include <linux/rtnetlink.h>
#include <linux/sched/signal.h>
#include <net/tcp_states.h>

#include "socket/calls.h"

/* Checks the address of a bind() before the socket is looked at. Return: 0 or -errno. */
static int mn_bind_check(struct sock *sk, const struct sockaddr_mynet *addr, int len, u8 *kind)
{
	if (len < (int)sizeof(*addr))
		return -EINVAL;
	/* Old programs leave the family out when any address will do. */
	if (!mynet_family_known(sk, addr->smn_family) &&
	    (addr->smn_family != AF_UNSPEC || addr->smn_addr))
		return -EAFNOSUPPORT;
	if (!mynet_addr_bindable(sk, addr->smn_addr, kind))
		return -EADDRNOTAVAIL;
	if (addr->smn_port && !mynet_port_allowed(sock_net(sk), ntohs(addr->smn_port)))
		return -EACCES;
	return 0;
}

static int mn_bind_locked(struct sock *sk, const struct sockaddr_mynet *addr, u8 kind)
{
	struct mynet_sock *msk = mynet_sk(sk);
	u16 port = ntohs(addr->smn_port);
	int err;

	sock_owned_by_me(sk);
	if (sk->sk_state != TCP_CLOSE || sk->sk_num)
		return -EINVAL;

	/* Groups are listened to; nothing comes from them. */
	sk->sk_rcv_saddr = addr->smn_addr;
	msk->saddr = kind == RTN_MULTICAST || kind == RTN_BROADCAST ? 0 : addr->smn_addr;

	if (port || !mynet_sk_flag(sk, MYNET_SK_BIND_NO_PORT)) {
		err = msk->transport->get_port(sk, port);
		if (err) {
			msk->saddr = 0;
			sk->sk_rcv_saddr = 0;
			return err;
		}
	}
	if (sk->sk_rcv_saddr)
		sk->sk_userlocks |= SOCK_BINDADDR_LOCK;
	if (port)
		sk->sk_userlocks |= SOCK_BINDPORT_LOCK;
	msk->sport = htons(sk->sk_num);
	sk->sk_daddr = 0;
	sk->sk_dport = 0;
	sk_dst_reset(sk);
	return 0;
}

int mn_call_bind(struct socket *sock, const struct sockaddr_mynet *addr, int len)
{
	struct sock *sk = sock->sk;
	const struct mynet_transport *transport = mynet_sk(sk)->transport;
	int err;
	u8 kind;

	if (transport->bind)
		return transport->bind(sk, addr, len);
	if (!transport->get_port)
		return -EOPNOTSUPP;

	err = mn_bind_check(sk, addr, len, &kind);
	if (err)
		return err;
	lock_sock(sk);
	err = mn_bind_locked(sk, addr, kind);
	release_sock(sk);
	return err;
}

/* Gives any port to a socket that sends without having one. */
int mn_autobind(struct sock *sk)
{
	const struct mynet_transport *transport = mynet_sk(sk)->transport;
	int err = 0;

	if (!transport->get_port)
		return 0;
	lock_sock(sk);
	if (!sk->sk_num) {
		err = transport->get_port(sk, 0) ? -EAGAIN : 0;
		mynet_sk(sk)->sport = htons(sk->sk_num);
	}
	release_sock(sk);
	return err;
}

static int mn_call_dgram_connect(struct sock *sk, const struct sockaddr_mynet *addr, int len,
				 int flags)
{
	const struct mynet_transport *transport = mynet_sk(sk)->transport;
	int err;

	if (addr->smn_family == AF_UNSPEC)
		return transport->disconnect ? transport->disconnect(sk, flags) : -EOPNOTSUPP;
	if (!transport->connect)
		return -EOPNOTSUPP;
	if (!READ_ONCE(sk->sk_num)) {
		err = mn_autobind(sk);
		if (err)
			return err;
	}
	return transport->connect(sk, addr, len);
}

#define MN_CONNECTING	(TCPF_SYN_SENT | TCPF_SYN_RECV)

/* Return: what is left of @timeout when it is connected, failed, or a signal came. */
static long mn_wait_connected(struct sock *sk, long timeout)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);

	add_wait_queue(sk_sleep(sk), &wait);
	while (1 << sk->sk_state & MN_CONNECTING) {
		release_sock(sk);
		timeout = wait_woken(&wait, TASK_INTERRUPTIBLE, timeout);
		lock_sock(sk);
		if (signal_pending(current) || !timeout)
			break;
	}
	remove_wait_queue(sk_sleep(sk), &wait);
	return timeout;
}

/* The other end said no, or nobody did anything. */
static int mn_connect_failed(struct socket *sock, int flags)
{
	struct sock *sk = sock->sk;
	int err = sock_error(sk) ?: -ECONNABORTED;

	sock->state = SS_UNCONNECTED;
	sk->sk_disconnects++;
	if (mynet_sk(sk)->transport->disconnect(sk, flags))
		sock->state = SS_DISCONNECTING;
	return err;
}

/* Begins to connect. Return: what connect() answers if it is not to wait. */
static int mn_connect_begin(struct socket *sock, const struct sockaddr_mynet *addr, int len)
{
	struct sock *sk = sock->sk;
	int err;

	switch (sock->state) {
	case SS_CONNECTED:
		return -EISCONN;
	case SS_CONNECTING:
		return -EALREADY;
	case SS_UNCONNECTED:
		break;
	default:
		return -EINVAL;
	}
	if (sk->sk_state != TCP_CLOSE)
		return -EISCONN;
	err = mynet_sk(sk)->transport->connect(sk, addr, len);
	if (err < 0)
		return err;
	sock->state = SS_CONNECTING;
	return -EINPROGRESS;
}

static int mn_stream_connect(struct socket *sock, const struct sockaddr_mynet *addr, int len,
			     int flags)
{
	struct sock *sk = sock->sk;
	const struct mynet_transport *transport = mynet_sk(sk)->transport;
	int err, disconnects;
	long timeout;

	if (addr->smn_family == AF_UNSPEC) {
		/* A task that sleeps in a call must not wake in the next connection. */
		sk->sk_disconnects++;
		err = transport->disconnect(sk, flags);
		sock->state = err ? SS_DISCONNECTING : SS_UNCONNECTED;
		return err;
	}
	err = mn_connect_begin(sock, addr, len);
	if (err != -EINPROGRESS && err != -EALREADY)
		return err;

	if (1 << sk->sk_state & MN_CONNECTING) {
		timeout = sock_sndtimeo(sk, flags & O_NONBLOCK);
		if (!timeout)
			return err;
		disconnects = sk->sk_disconnects;
		timeout = mn_wait_connected(sk, timeout);
		if (signal_pending(current) && 1 << sk->sk_state & MN_CONNECTING)
			return sock_intr_errno(timeout);
		if (!timeout && 1 << sk->sk_state & MN_CONNECTING)
			return err;
		if (disconnects != sk->sk_disconnects)	/* undone by another thread */
			return -EPIPE;
	}
	if (sk->sk_state == TCP_CLOSE)
		return mn_connect_failed(sock, flags);
	sock->state = SS_CONNECTED;
	return 0;
}

int mn_call_connect(struct socket *sock, const struct sockaddr_mynet *addr, int len, int flags)
{
	struct sock *sk = sock->sk;
	int err;

	if (len < (int)sizeof(addr->smn_family))
		return -EINVAL;
	if (sock->type != SOCK_STREAM)
		return mn_call_dgram_connect(sk, addr, len, flags);
	if (!mynet_sk(sk)->transport->connect)
		return -EOPNOTSUPP;

	lock_sock(sk);
	err = mn_stream_connect(sock, addr, len, flags);
	release_sock(sk);
	return err;
}

int mn_call_getname(struct socket *sock, struct sockaddr_mynet *addr, int peer)
{
	struct sock *sk = sock->sk;
	int err = 0;

	lock_sock(sk);
	if (!peer)
		mynet_name_fill(sk, addr, sk->sk_rcv_saddr ?: mynet_sk(sk)->saddr,
				mynet_sk(sk)->sport);
	else if (!sk->sk_dport ||
		 (peer == 1 && 1 << sk->sk_state & (TCPF_CLOSE | TCPF_SYN_SENT)))
		err = -ENOTCONN;
	else
		mynet_name_fill(sk, addr, sk->sk_daddr, sk->sk_dport);
	release_sock(sk);
	return err ?: (int)sizeof(*addr);
}

int mn_call_listen(struct socket *sock, int backlog)
{
	struct sock *sk = sock->sk;
	int err = -EINVAL;

	if (!mynet_sk(sk)->transport->listen)
		return -EOPNOTSUPP;

	lock_sock(sk);
	if (sock->state == SS_UNCONNECTED && sock->type == SOCK_STREAM &&
	    1 << sk->sk_state & (TCPF_CLOSE | TCPF_LISTEN))
		err = mynet_sk(sk)->transport->listen(sk, backlog);
	release_sock(sk);
	return err;
}

int mn_call_accept(struct socket *sock, struct socket *newsock, int flags, bool kern)
{
	struct sock *sk = sock->sk, *child;
	int err = -EINVAL;

	if (!mynet_sk(sk)->transport->accept)
		return -EOPNOTSUPP;
	child = mynet_sk(sk)->transport->accept(sk, flags, kern, &err);
	if (!child)
		return err;

	lock_sock(child);
	sock_rps_record_flow(child);
	mynet_socket_wants_options(newsock);
	if (test_bit(SOCK_SUPPORT_ZC, &sock->flags))
		set_bit(SOCK_SUPPORT_ZC, &newsock->flags);
	sock_graft(child, newsock);
	newsock->state = SS_CONNECTED;
	release_sock(child);
	return 0;
}

static void mn_shutdown_mark(struct sock *sk, int how)
{
	WRITE_ONCE(sk->sk_shutdown, sk->sk_shutdown | how);
	if (mynet_sk(sk)->transport->shutdown)
		mynet_sk(sk)->transport->shutdown(sk, how);
}

static int mn_shutdown_disconnect(struct socket *sock)
{
	int err = mynet_sk(sock->sk)->transport->disconnect(sock->sk, O_NONBLOCK);

	sock->state = err ? SS_DISCONNECTING : SS_UNCONNECTED;
	return err;
}

int mn_call_shutdown(struct socket *sock, int how)
{
	struct sock *sk = sock->sk;
	int err = 0;

	/* SHUT_RD, SHUT_WR, SHUT_RDWR are 0, 1, 2; as bits 1, 2, 3. */
	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	how++;

	lock_sock(sk);
	if (sock->state == SS_CONNECTING)
		sock->state = 1 << sk->sk_state & (MN_CONNECTING | TCPF_CLOSE) ?
			      SS_DISCONNECTING : SS_CONNECTED;
	switch (sk->sk_state) {
	case TCP_LISTEN:
		if (how & RCV_SHUTDOWN)
			err = mn_shutdown_disconnect(sock);
		break;
	case TCP_SYN_SENT:
		err = mn_shutdown_disconnect(sock);
		break;
	case TCP_CLOSE:
		/* A program that polls the socket hears of it nevertheless. */
		err = -ENOTCONN;
		fallthrough;
	default:
		mn_shutdown_mark(sk, how);
	}
	sk->sk_state_change(sk);
	release_sock(sk);
	return err;
}
