// SPDX-License-Identifier: GPL-2.0
/*
 * The family as the kernel sees it: socket(), close(), and the table of socket calls. The one
 * file whose functions have the shapes that struct net_proto_family and struct proto_ops ask
 * for; what comes in here goes on in MYNET's own shapes.
 *
 * State: none; sockets belong to their transports.
 */
#include <linux/capability.h>
#include <linux/in.h>
#include <linux/module.h>
#include <linux/mynet.h>
#include <linux/net.h>
#include <net/sock.h>

#include "core/core.h"
#include "core/drop.h"
#include "core/mib.h"
#include "socket/calls.h"
#include "socket/socket.h"

/* Messages of this file are the family's, in the form that the core's own lines have. */
#undef pr_fmt
#define pr_fmt(fmt) fmt

/* The name option lets sockaddr_in pass for sockaddr_mynet: they have to be one. */
static_assert(sizeof(struct sockaddr_mynet) == sizeof(struct sockaddr_in));
static_assert(offsetof(struct sockaddr_mynet, smn_family) ==
	      offsetof(struct sockaddr_in, sin_family));
static_assert(offsetof(struct sockaddr_mynet, smn_port) ==
	      offsetof(struct sockaddr_in, sin_port));
static_assert(offsetof(struct sockaddr_mynet, smn_addr) ==
	      offsetof(struct sockaddr_in, sin_addr));
static_assert(offsetof(struct mynet_sock, sk) == 0);

/*
 * The last reference is gone: no program, no packet, no timer knows the socket any more. The
 * transport's module is still held.
 */
static void mn_sock_destruct(struct sock *sk)
{
	struct sk_buff *skb;

	if (mynet_sk(sk)->transport->destruct)
		mynet_sk(sk)->transport->destruct(sk);
	while ((skb = __skb_dequeue(&sk->sk_receive_queue)))
		mynet_sk_drop(sk, skb, MYNET_DROP_SOCK_CLOSED);
	__skb_queue_purge(&sk->sk_error_queue);
	mynet_sock_destruct(sk);

	DEBUG_NET_WARN_ON_ONCE(!sock_flag(sk, SOCK_DEAD));
	WARN_ON_ONCE(atomic_read(&sk->sk_rmem_alloc));
	WARN_ON_ONCE(refcount_read(&sk->sk_wmem_alloc));

	mynet_mib_inc(mynet_sk(sk)->mnet, MYNET_MIB_SOCK_DESTROYED);
}

static int mn_release(struct socket *sock)
{
	struct sock *sk = sock->sk;
	long timeout = 0;

	if (!sk)
		return 0;

	/* A program that is being killed does not wait for its data to arrive. */
	if (sock_flag(sk, SOCK_LINGER) && !(current->flags & PF_EXITING))
		timeout = sk->sk_lingertime;

	mynet_sock_release(sk);
	mynet_sk(sk)->transport->close(sk, timeout);
	sock->sk = NULL;
	return 0;
}

static int mn_sock_bind(struct socket *sock, struct mynet_sockaddr *addr, int len)
{
	return mn_call_bind(sock, (const struct sockaddr_mynet *)addr, len);
}

static int mn_sock_connect(struct socket *sock, struct mynet_sockaddr *addr, int len, int flags)
{
	return mn_call_connect(sock, (const struct sockaddr_mynet *)addr, len, flags);
}

static int mn_sock_getname(struct socket *sock, struct sockaddr *addr, int peer)
{
	return mn_call_getname(sock, (struct sockaddr_mynet *)addr, peer);
}

static int mn_sock_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	mynet_msg_enter(msg);
	return mn_call_sendmsg(sock, msg, len);
}

MYNET_DEFINE_ACCEPT(mn_accept, mn_call_accept)
MYNET_DEFINE_SENDPAGE(mn_sendpage, mn_call_sendmsg)

static const struct proto_ops mn_ops = {
	.family		= PF_MYNET,
	.owner		= THIS_MODULE,
	.release	= mn_release,
	.bind		= mn_sock_bind,
	.connect	= mn_sock_connect,
	.socketpair	= sock_no_socketpair,
	.accept		= mn_accept,
	.getname	= mn_sock_getname,
	.poll		= mn_call_poll,
	.ioctl		= mn_call_ioctl,
	.gettstamp	= sock_gettstamp,
	.listen		= mn_call_listen,
	.shutdown	= mn_call_shutdown,
	.setsockopt	= mn_call_setsockopt,
	.getsockopt	= mn_call_getsockopt,
	.sendmsg	= mn_sock_sendmsg,
	.recvmsg	= mn_call_recvmsg,
	.mmap		= sock_no_mmap,
	.splice_read	= mn_call_splice_read,
	.splice_eof	= mn_call_splice_eof,
	MYNET_SENDPAGE(mn_sendpage)
	.set_peek_off	= mn_call_set_peek_off,
	.set_rcvlowat	= mn_call_set_rcvlowat,
};

/*
 * Finds who serves the socket and takes a reference to its module, so that it is still there
 * when the socket, which takes its own, is made.
 */
static int mn_transport_get(struct net *net, int type, int *protocol, bool kern,
			    struct mynet_protosw *found)
{
	const struct mynet_protosw *entry;
	int err = 0;

	rcu_read_lock();
	entry = mynet_protosw_find(type, protocol);
	if (IS_ERR(entry))
		err = PTR_ERR(entry);
	else if (type == SOCK_RAW && !kern && !ns_capable(net->user_ns, CAP_NET_RAW))
		err = -EPERM;
	else if (!try_module_get(entry->transport->prot->owner))
		err = -EPROTONOSUPPORT;
	else
		*found = *entry;
	rcu_read_unlock();

	return err;
}

static struct sock *mn_sock_alloc(struct net *net, struct socket *sock, int protocol, bool kern,
				  const struct mynet_protosw *entry)
{
	struct proto *prot = entry->transport->prot;
	struct sock *sk;

	sk = sk_alloc(net, PF_MYNET, GFP_KERNEL, prot, kern);
	if (!sk)
		return NULL;

	sock_init_data(sock, sk);
	sk->sk_protocol = protocol;
	sk->sk_destruct = mn_sock_destruct;
	sk->sk_backlog_rcv = prot->backlog_rcv;
	if (entry->flags & MYNET_PROTOSW_REUSE)
		sk->sk_reuse = SK_CAN_REUSE;
	mynet_sk(sk)->transport = entry->transport;
	mynet_sk(sk)->mnet = mynet_net(net);
	mynet_sock_init(sk);

	mynet_mib_inc(mynet_sk(sk)->mnet, MYNET_MIB_SOCK_CREATED);
	return sk;
}

static int mn_sock_open(struct socket *sock, struct sock *sk)
{
	const struct mynet_transport *transport = mynet_sk(sk)->transport;
	int err;

	sock->ops = &mn_ops;
	mynet_socket_wants_options(sock);
	err = transport->open ? transport->open(sk) : 0;
	if (err) {
		sk_common_release(sk);
		sock->sk = NULL;
	}
	return err;
}

static int mn_sock_make(struct net *net, struct socket *sock, int protocol, bool kern)
{
	struct mynet_protosw entry;
	struct sock *sk;
	int err;

	if (protocol < 0 || protocol >= IPPROTO_MAX)
		return -EINVAL;

	err = mn_transport_get(net, sock->type, &protocol, kern, &entry);
	if (err)
		return err;

	sk = mn_sock_alloc(net, sock, protocol, kern, &entry);
	err = sk ? mn_sock_open(sock, sk) : -ENOMEM;
	module_put(entry.transport->prot->owner);
	return err;
}

static int mn_create(struct net *net, struct socket *sock, int protocol, int kern)
{
	int err;

	sock->state = SS_UNCONNECTED;
	err = mn_sock_make(net, sock, protocol, kern);
	if (err)
		mynet_mib_inc(mynet_net(net), MYNET_MIB_SOCK_REFUSED);
	return err;
}

static const struct net_proto_family mn_family = {
	.family	= PF_MYNET,
	.create	= mn_create,
	.owner	= THIS_MODULE,
};

/*
 * The core announces each family itself, by the name that its own table has for the number:
 * PF_ASH, here. No module can change that table, and a line that was never printed would be
 * missed by whoever looks for the core's word; so our line follows the core's and has the form
 * by which the families of the kernel are found in the log.
 */
static void mn_announce(const char *what)
{
	pr_info("NET: %s PF_MYNET protocol family\n", what);
}

int __init mynet_socket_init(void)
{
	int err = sock_register(&mn_family);

	if (err)
		return err;
	mn_announce("Registered");
	return 0;
}

void mynet_socket_exit(void)
{
	sock_unregister(PF_MYNET);
	mn_announce("Unregistered");
}
