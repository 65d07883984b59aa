/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Door of the socket room: what a socket of the family is, and how a transport gets its
 * sockets.
 *
 * A transport fills a struct mynet_transport, names in a struct mynet_protosw the socket
 * type and protocol number it serves, and registers that. From then on socket(PF_MYNET, type,
 * protocol) makes its sockets.
 */
#ifndef MYNET_SOCKET_H
#define MYNET_SOCKET_H

#include <linux/list.h>
#include <linux/types.h>
#include <net/sock.h>

#include "core/core.h"

/**
 * struct mynet_transport - what a transport does for its sockets
 * @prot: what the kernel's core needs to know: sizes, slab, memory limits, owner, and the
 *	callbacks that the core itself makes. obj_size covers struct mynet_sock; registered with
 *	proto_register() before the transport is. unhash is not NULL and bears a socket that
 *	was never hashed: sk_common_release() calls it always. The callbacks whose signatures
 *	change between kernels (accept, bind, connect, ioctl, recvmsg) stay NULL: those calls reach
 *	a transport through members of this struct.
 * @open: a socket was made; prepare the transport's part of it. May sleep, may fail: then
 *	prot->unhash and prot->destroy are called and the socket is gone. May be NULL.
 * @close: the program is done with the socket, which lives on for at most @timeout jiffies to
 *	finish its work. Ends, now or later, in sk_common_release(). May sleep.
 *
 * All signatures are MYNET's own and the same on every kernel.
 *
 * Lifetime: static storage in the module that prot->owner names. A socket holds that module
 * from its birth until its memory is free.
 */
struct mynet_transport {
	struct proto	*prot;
	int		(*open)(struct sock *sk);
	void		(*close)(struct sock *sk, long timeout);
};

/**
 * struct mynet_sock - the part that all sockets of the family have
 * @sk: the kernel's part; first, because the core hands out struct sock pointers
 * @transport: whose socket it is; fixed at birth
 * @mnet: sock_net(sk)'s MYNET part, kept so that the data path need not look it up
 *
 * A transport's own socket begins with this one.
 */
struct mynet_sock {
	struct sock			sk;
	const struct mynet_transport	*transport;
	struct mynet_net		*mnet;
};

static inline struct mynet_sock *mynet_sk(const struct sock *sk)
{
	return (struct mynet_sock *)sk;
}

/* Served for good: no later entry may claim the same type and protocol. */
#define MYNET_PROTOSW_PERMANENT		BIT(0)
/* Its sockets share their port from birth, as if SO_REUSEADDR were set. */
#define MYNET_PROTOSW_REUSE		BIT(1)

/**
 * struct mynet_protosw - one row of the table that socket() looks into
 * @list: protosw.c's
 * @type: SOCK_STREAM, SOCK_DGRAM, ...
 * @protocol: IPPROTO_...; IPPROTO_IP serves every protocol of the type
 * @transport: who serves it
 * @flags: MYNET_PROTOSW_*
 *
 * Lifetime: belongs to whoever registers it, who keeps it until unregistering has returned.
 */
struct mynet_protosw {
	struct list_head		list;
	unsigned short			type;
	unsigned short			protocol;
	const struct mynet_transport	*transport;
	unsigned int			flags;
};

/**
 * mynet_protosw_register() - serve a type and protocol
 * @entry: the row
 *
 * A permanent row stands for good; other rows may be put before each other, the last one
 * registered is found first, and taking it away brings back what it hid. Permanent rows are
 * found before all others.
 *
 * Context: Process context.
 * Return: 0; -EINVAL for a type, protocol or socket size that cannot be; -EPERM if a
 * permanent row has the same type and protocol.
 */
int mynet_protosw_register(struct mynet_protosw *entry);

/**
 * mynet_protosw_unregister() - serve it no longer
 * @entry: a registered row
 *
 * Sockets that exist are not touched; they hold the transport's module. When this returns
 * nobody is looking at @entry any more.
 *
 * Context: Process context, sleeps for a grace period.
 */
void mynet_protosw_unregister(struct mynet_protosw *entry);

/**
 * mynet_protosw_find() - who serves socket(PF_MYNET, type, protocol)?
 * @type: socket type, below SOCK_MAX
 * @protocol: what was asked for; on success what it comes to: a row's own protocol, if
 *	IPPROTO_IP was asked for
 *
 * The rules are INET's: a protocol finds its own row or one for all protocols; IPPROTO_IP
 * finds the first row that has a protocol of its own.
 *
 * Context: RCU read section; the row may be used within it.
 * Return: a row, ERR_PTR(-ESOCKTNOSUPPORT) if nothing has that type, or
 * ERR_PTR(-EPROTONOSUPPORT) if something has, but not for this protocol.
 */
const struct mynet_protosw *mynet_protosw_find(int type, int *protocol);

/**
 * mynet_socket_init() - open the room, and with it the family, to programs
 *
 * Context: Process context; every other room is open.
 * Return: 0 or -errno.
 */
int mynet_socket_init(void);

/**
 * mynet_socket_exit() - let no program in any more
 *
 * Context: Process context; no socket exists, or the module could not go.
 */
void mynet_socket_exit(void);

#endif /* MYNET_SOCKET_H */
