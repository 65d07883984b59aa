/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Door of the transport room: what a socket of the family is, what a transport does for it, and
 * how it gets its sockets.
 *
 * A transport fills a struct mynet_transport, names in a struct mynet_protosw the socket
 * type and protocol number it serves, and registers that. From then on socket(PF_MYNET, type,
 * protocol) makes its sockets.
 */
#ifndef MYNET_TRANSPORT_H
#define MYNET_TRANSPORT_H

#include <linux/list.h>
#include <linux/mynet.h>
#include <linux/poll.h>
#include <linux/sockptr.h>
#include <linux/types.h>
#include <net/sock.h>

#include "core/core.h"
#include "internet/internet.h"

struct mn_sk_options;
struct pipe_inode_info;

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
 * @destruct: the last reference is gone: empty own queues. Any context. May be NULL
 * @bind: bind() in the transport's own way, from the address of @len bytes as the program gave
 *	it. No lock. NULL: the usual way, which asks @get_port
 * @get_port: claim @port, 0: any, for sk_rcv_saddr and hash the socket; sets sk_num. Socket lock.
 *	NULL: the transport has no ports
 * @put_port: give the port back; only called if @get_port succeeded. Socket lock. May be NULL
 * @connect: name the other end, or with a stream (SOCK_STREAM) begin to connect. The family of
 *	the address is not checked, its length is at least that of the family, and not AF_UNSPEC.
 *	A stream is locked, others not. NULL: EOPNOTSUPP
 * @disconnect: forget the other end. A stream is locked, others not. NULL: EOPNOTSUPP
 * @listen: wait for connections, or change @backlog. Only if SOCK_STREAM, not connected. Socket
 *	lock. NULL: EOPNOTSUPP
 * @accept: next connection, or NULL with *@err. Without a lock. NULL: EOPNOTSUPP
 * @shutdown: sk_shutdown has got the bits @how (RCV_SHUTDOWN, SEND_SHUTDOWN). Lock. May be NULL
 * @sendmsg: see proto_ops; a port has been chosen unless prot->no_autobind. NULL: EOPNOTSUPP
 * @recvmsg: sets msg->msg_namelen if it gives msg->msg_name. MSG_ERRQUEUE is its business.
 *	NULL: EOPNOTSUPP
 * @poll: NULL: datagram_poll()
 * @ioctl: SIOCINQ and its kin: the answer is put into *@answer. -ENOIOCTLCMD for others. May be
 *	NULL
 * @setsockopt: levels other than SOL_SOCKET, SOL_IP and SOL_MYNET. NULL: ENOPROTOOPT
 * @getsockopt: of the same levels; EOPNOTSUPP for those it does not know. NULL: EOPNOTSUPP
 * @splice_read: NULL: the core copies
 * @splice_eof: the last piece of a sendfile() came. May be NULL
 * @set_rcvlowat: SO_RCVLOWAT. Socket lock. NULL: the core does it
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
	void		(*destruct)(struct sock *sk);
	int		(*bind)(struct sock *sk, const struct sockaddr_mynet *addr, int len);
	int		(*get_port)(struct sock *sk, unsigned short port);
	void		(*put_port)(struct sock *sk);
	int		(*connect)(struct sock *sk, const struct sockaddr_mynet *addr, int len);
	int		(*disconnect)(struct sock *sk, int flags);
	int		(*listen)(struct sock *sk, int backlog);
	struct sock	*(*accept)(struct sock *sk, int flags, bool kern, int *err);
	void		(*shutdown)(struct sock *sk, int how);
	int		(*sendmsg)(struct sock *sk, struct msghdr *msg, size_t len);
	int		(*recvmsg)(struct sock *sk, struct msghdr *msg, size_t len, int flags);
	__poll_t	(*poll)(struct file *file, struct socket *sock, poll_table *wait);
	int		(*ioctl)(struct sock *sk, unsigned int cmd, int *answer);
	int		(*setsockopt)(struct sock *sk, int level, int name, sockptr_t val,
				      unsigned int len);
	int		(*getsockopt)(struct sock *sk, int level, int name, char __user *val,
				      int __user *len);
	ssize_t		(*splice_read)(struct socket *sock, loff_t *pos,
				       struct pipe_inode_info *pipe, size_t len,
				       unsigned int flags);
	void		(*splice_eof)(struct sock *sk);
	int		(*set_rcvlowat)(struct sock *sk, int val);
};

/* Switches of a socket: bits of mynet_sock.flags, set and read atomically, without a lock. */
enum mynet_sk_flag {
	MYNET_SK_RECVERR,
	MYNET_SK_RECVERR_RFC4884,
	MYNET_SK_HDRINCL,
	MYNET_SK_FREEBIND,
	MYNET_SK_TRANSPARENT,
	MYNET_SK_MC_LOOP,
	MYNET_SK_MC_ALL,
	MYNET_SK_NODEFRAG,
	MYNET_SK_BIND_NO_PORT,
	MYNET_SK_INET_NAMES,
	MYNET_SK_ROUTER_ALERT,
};

/* The facts that a receiver wants to know about a packet: bits of mynet_ip_set.cmsg. */
enum mynet_cmsg_flag {
	MYNET_CMSG_PKTINFO	= BIT(0),
	MYNET_CMSG_TTL		= BIT(1),
	MYNET_CMSG_TOS		= BIT(2),
	MYNET_CMSG_RECVOPTS	= BIT(3),
	MYNET_CMSG_RETOPTS	= BIT(4),
	MYNET_CMSG_ORIGDSTADDR	= BIT(5),
	MYNET_CMSG_CHECKSUM	= BIT(6),
	MYNET_CMSG_RECVFRAGSIZE	= BIT(7),
};

/**
 * struct mynet_ip_set - what a program has set at level SOL_IP
 * @mc_addr: IP_MULTICAST_IF's source address, or 0
 * @mc_index: IP_MULTICAST_IF's device, or 0
 * @uc_index: IP_UNICAST_IF's device, or 0
 * @cmsg: enum mynet_cmsg_flag
 * @port_range: IP_LOCAL_PORT_RANGE: upper end << 16 | lower end; 0 in an end: not set
 * @uc_ttl: IP_TTL, -1: the namespace's
 * @mc_ttl: IP_MULTICAST_TTL
 * @tos: IP_TOS
 * @min_ttl: IP_MINTTL
 * @pmtudisc: IP_PMTUDISC_*
 *
 * Written under the socket lock, read by packets with READ_ONCE(). All of it is inherited.
 */
struct mynet_ip_set {
	__be32	mc_addr;
	int	mc_index;
	int	uc_index;
	u32	cmsg;
	u32	port_range;
	s16	uc_ttl;
	u8	mc_ttl;
	u8	tos;
	u8	min_ttl;
	u8	pmtudisc;
};

/**
 * struct mynet_sock - the part that all sockets of the family have
 * @sk: the kernel's part; first, because the core hands out struct sock pointers. Of it are used
 *	as INET uses them: sk_rcv_saddr (bound address, what look-ups compare), sk_daddr, sk_dport
 *	(the other end), sk_num (own port, or a raw socket's protocol)
 * @transport: whose socket it is; fixed at birth
 * @mnet: sock_net(sk)'s MYNET part, kept so that the data path need not look it up
 * @flags: enum mynet_sk_flag
 * @saddr: source address of what is sent, 0: the route chooses
 * @sport: htons(sk_num)
 * @dst_generation: of the routes that sk_dst_cache was found in
 * @ip: options; socket lock
 * @options: IP_OPTIONS; options.c's
 * @groups: groups joined; see there
 *
 * A transport's own socket begins with this one.
 */
struct mynet_sock {
	struct sock			sk;
	const struct mynet_transport	*transport;
	struct mynet_net		*mnet;
	unsigned long			flags;
	__be32				saddr;
	__be16				sport;
	u32				dst_generation;
	struct mynet_ip_set		ip;
	struct mn_sk_options __rcu	*options;
	struct mynet_mc_list		groups;
};

static inline struct mynet_sock *mynet_sk(const struct sock *sk)
{
	return (struct mynet_sock *)sk;
}

static inline bool mynet_sk_flag(const struct sock *sk, enum mynet_sk_flag flag)
{
	return test_bit(flag, &mynet_sk(sk)->flags);
}

/* Served for good: no later entry may claim the same type and protocol. */
#define MYNET_PROTOSW_PERMANENT		BIT(0)
/* Sockets of this row share their port from birth, as if SO_REUSEADDR were set. */
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
 * mynet_sock_init() - give a new socket the options it is born with
 * @sk: socket
 *
 * Context: Any.
 */
void mynet_sock_init(struct sock *sk);

/**
 * mynet_sock_inherit() - a connection gets what its listener was told
 * @child: new connection, made by sk_clone_lock() or by sk_alloc() and sock_init_data()
 * @parent: listener
 *
 * Options of all levels but the transport's own; groups and cached routes are not inherited.
 *
 * Context: Any; nobody else knows @child.
 */
void mynet_sock_inherit(struct sock *child, const struct sock *parent);

/**
 * mynet_sock_release() - the program is done with the socket: leave its groups
 * @sk: socket
 *
 * Context: Process context, may sleep, no lock.
 */
void mynet_sock_release(struct sock *sk);

/**
 * mynet_sock_destruct() - let go of what every socket may hold
 * @sk: socket, of which the last reference is gone
 *
 * Context: Any.
 */
void mynet_sock_destruct(struct sock *sk);

/**
 * mynet_addr_bindable() - may this socket be bound to an address?
 * @sk: socket
 * @addr: address
 * @kind: RTN_* of the address
 *
 * Context: Process context.
 * Return: false: EADDRNOTAVAIL.
 */
bool mynet_addr_bindable(const struct sock *sk, __be32 addr, u8 *kind);

/**
 * mynet_port_allowed() - may the caller bind a port at all?
 * @net: namespace
 * @port: host byte order, not 0
 *
 * Context: Process context.
 * Return: false: EACCES.
 */
bool mynet_port_allowed(struct net *net, u16 port);

/**
 * mynet_family_known() - does an address speak the socket's language?
 * @sk: socket
 * @family: of the address
 *
 * Context: Any.
 * Return: true for AF_MYNET, and for AF_INET if the socket has MYNET_INET_NAMES.
 */
static inline bool mynet_family_known(const struct sock *sk, u16 family)
{
	return family == AF_MYNET ||
	       (family == AF_INET && mynet_sk_flag(sk, MYNET_SK_INET_NAMES));
}

/**
 * mynet_name_fill() - an address for a program, in the family it wants to hear
 * @sk: socket
 * @name: written
 * @addr: address
 * @port: network byte order
 *
 * Context: Any.
 */
void mynet_name_fill(const struct sock *sk, struct sockaddr_mynet *name, __be32 addr,
		     __be16 port);

/**
 * mynet_ip_setsockopt() - level SOL_IP
 * @sk: socket
 * @name: IP_*
 * @val: value
 * @len: its length
 *
 * Context: Process context, no lock.
 * Return: 0 or -errno.
 */
int mynet_ip_setsockopt(struct sock *sk, int name, sockptr_t val, unsigned int len);

/**
 * mynet_ip_getsockopt() - level SOL_IP
 * @sk: socket
 * @name: IP_*
 * @val: where the value goes
 * @len: room there; its length is written back
 *
 * Context: Process context, no lock.
 * Return: 0 or -errno.
 */
int mynet_ip_getsockopt(struct sock *sk, int name, char __user *val, int __user *len);

/**
 * mynet_ip_ioctl() - what a socket is asked about addresses: SIOCGIFADDR and its kin
 * @sk: socket
 * @cmd: SIOCGIF*
 * @arg: struct ifreq of the program
 *
 * Context: Process context.
 * Return: 0 or -errno; -ENOIOCTLCMD for other questions.
 */
int mynet_ip_ioctl(struct sock *sk, unsigned int cmd, void __user *arg);

/**
 * mynet_transport_init() - open the room
 *
 * Context: Process context.
 * Return: 0 or -errno.
 */
int mynet_transport_init(void);

/**
 * mynet_transport_exit() - close the room; there are no sockets any more
 *
 * Context: Process context.
 */
void mynet_transport_exit(void);

#endif /* MYNET_TRANSPORT_H */
