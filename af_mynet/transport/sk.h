/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The header that the transports share: the way of a socket's packets out, errors that come back to
 * it, and this room's part of a namespace.
 */
#ifndef MN_SK_H
#define MN_SK_H

#include <linux/in.h>
#include <linux/ip.h>
#include <linux/sysctl.h>

#include "core/core.h"
#include "core/drop.h"
#include "core/hop.h"
#include "core/mib.h"
#include "internet/internet.h"
#include "transport/port.h"
#include "transport/transport.h"

/* ping.c's: the first and the last group that may have ping sockets. */
struct mn_ping_net {
	spinlock_t	lock;	/* both */
	kgid_t		range[2];
};

/**
 * struct mn_transport_net - the transport layer of a namespace
 * @port: port.c's
 * @ping: ping.c's
 * @sysctl: /proc/sys/net/mynet, this room's part
 */
struct mn_transport_net {
	struct mn_port_net	port;
	struct mn_ping_net	ping;
	struct ctl_table_header	*sysctl;
};

/* udp.c */
int mn_udp_init(void);
void mn_udp_exit(void);

/**
 * struct mn_tcp_stat - what sockstat.c tells of TCP
 * @prot: whose sockets they are
 * @orphans: sockets of the machine that no program has any more
 * @time_wait: connections of the namespace in TIME_WAIT
 * @sockets: of the machine, bound or not
 */
struct mn_tcp_stat {
	struct proto	*prot;
	int		orphans;
	int		time_wait;
	int		sockets;
};

/* tcp/sock.c */
void mn_tcp_stat_get(struct net *net, struct mn_tcp_stat *stat);

/* sockstat.c: a file in /proc of a namespace. */
int mn_sockstat_net_init(struct net *net);
void mn_sockstat_net_exit(struct net *net);

/* raw.c, and what hears of packets for mynet_raw_ops_set(): raw_recv.c, ping_recv.c */
int mn_raw_init(void);
void mn_raw_exit(void);
bool mn_raw_input(struct sk_buff *skb);
bool mn_raw_error(struct sk_buff *skb, u32 info);
bool mn_raw_alert(struct sk_buff *skb);
bool mn_ping_input(struct sk_buff *skb);
void mn_ping_error(struct sk_buff *skb, u32 info);

/* ping.c; its part of a namespace, and its one knob. */
int mn_ping_init(void);
void mn_ping_exit(void);
void mn_ping_conf_init(struct net *net);
void mn_ping_sysctl(struct net *net, struct ctl_table *table);

extern unsigned int mn_transport_net_id;

static inline struct mn_transport_net *mn_transport_net(const struct net *net)
{
	return net_generic(net, mn_transport_net_id);
}

/* Addresses: RFC 1122 3.2.1.3. */
static inline bool mn_addr_is_group(__be32 addr)
{
	return (addr & htonl(0xf0000000)) == htonl(0xe0000000);
}

/* sock.c */

/**
 * mn_sk_flow() - what a route is looked up for, as a socket is set
 * @sk: socket
 * @flow: written; of it saddr is the socket's own, 0 if the route is to choose
 * @daddr: destination
 * @dport: destination port
 *
 * Context: Any.
 */
void mn_sk_flow(const struct sock *sk, struct mynet_flow *flow, __be32 daddr, __be16 dport);

/**
 * mn_sk_lookup() - mynet_route_output() for a socket
 * @sk: socket
 * @flow: see mn_sk_flow(); what was found is written
 *
 * Context: RCU read section; the answer is borrowed.
 * Return: the route or ERR_PTR(): as mynet_route_output(), -EINVAL for a source that is not this
 * host's, -EACCES for a broadcast that the socket may not send, -ENODEV.
 */
struct mynet_dst *mn_sk_lookup(struct sock *sk, struct mynet_flow *flow);

/**
 * mn_sk_connect_route() - look up and keep the route to the other end
 * @sk: socket
 * @daddr: destination; 0 is this host (RFC 1122 3.2.1.3 says no, everybody does)
 * @dport: destination port
 * @flow: written: what was found, source address and true destination included
 *
 * Changes nothing of the socket but its cached route. The caller sets the addresses.
 *
 * Context: socket lock.
 * Return: 0 or -errno: see mn_sk_lookup().
 */
int mn_sk_connect_route(struct sock *sk, __be32 daddr, __be16 dport, struct mynet_flow *flow);

/**
 * mn_sk_dst() - the route of a connected socket
 * @sk: socket with sk_daddr and saddr set
 *
 * The kept one, or one looked up again, and kept, if routes have changed. The source address stays
 * what it is.
 *
 * Context: RCU read section; the answer is borrowed. Whoever does not hold the socket lock (or is
 * not in its bottom half) may see a route that was right a moment ago.
 * Return: the route or ERR_PTR().
 */
struct dst_entry *mn_sk_dst(struct sock *sk);

/**
 * mn_sk_df() - may no router cut this packet?
 * @sk: socket
 * @len: of the packet, IPv4 header included
 * @dst: its route
 *
 * Context: Any.
 * Return: what the DF bit is to be (RFC 1191 3, IP_MTU_DISCOVER).
 */
bool mn_sk_df(const struct sock *sk, unsigned int len, const struct dst_entry *dst);

/**
 * mn_sk_mtu() - how large packets on a socket's route may be
 * @sk: socket
 * @dst: its route
 *
 * Context: Any.
 * Return: bytes, IPv4 header included; the device's own if the socket is to ignore paths.
 */
unsigned int mn_sk_mtu(const struct sock *sk, const struct dst_entry *dst);

/**
 * mn_sk_output() - send a packet of a socket
 * @sk: socket
 * @skb: packet, consumed: skb->data and transport header at the transport's header. It may be a GSO
 *	packet; its checksum may be left to the device (skb->ip_summed)
 * @dst: route, borrowed
 * @head: IPv4 header: see mn_sk_head()
 *
 * Sets priority and mark as the socket has them.
 *
 * Context: RCU read section.
 * Return: 0, NET_XMIT_* or -errno.
 */
int mn_sk_output(struct sock *sk, struct sk_buff *skb, struct dst_entry *dst,
		 const struct mynet_ip_head *head);

/**
 * mn_sk_xmit() - send a packet of a connected socket to its other end
 * @sk: socket
 * @skb: as mn_sk_output()
 *
 * All that a stream needs: route, header with tos, ttl and DF as the socket has them.
 *
 * Context: Any in which packets are sent, with the socket lock or in its bottom half.
 * Return: 0, NET_XMIT_* or -errno: no route, then the packet is dropped.
 */
int mn_sk_xmit(struct sock *sk, struct sk_buff *skb);

/**
 * mn_sk_dev_matches() - may a socket have what came by a device?
 * @sk: socket
 * @dev: ifindex that a packet came by
 *
 * Context: Any.
 * Return: true if it is not bound to another one.
 */
static inline bool mn_sk_dev_matches(const struct sock *sk, int dev)
{
	int bound = READ_ONCE(sk->sk_bound_dev_if);

	return !bound || bound == dev;
}

/* tcp/main.c */
int mn_tcp_init(void);
void mn_tcp_exit(void);
/**
 * mn_sk_mc_wants() - does a socket want what was sent to many?
 * @sk: socket
 * @daddr: destination; if it is no group the answer is yes
 * @saddr: source
 * @dev: ifindex that it came by
 *
 * Context: RCU read section.
 * Return: true if it does.
 */
static inline bool mn_sk_mc_wants(const struct sock *sk, __be32 daddr, __be32 saddr, int dev)
{
	return !mn_addr_is_group(daddr) ||
	       mynet_mc_wants(&mynet_sk(sk)->groups, daddr, saddr, dev,
			      mynet_sk_flag(sk, MYNET_SK_MC_ALL));
}

/* options.c: IP_OPTIONS. Return: 0 or -errno. No lock. */
int mn_options_setsockopt(struct sock *sk, sockptr_t val, unsigned int len);
int mn_options_getsockopt(struct sock *sk, int room, char __user *val, int __user *len);
/*
 * Gives the options that every packet of the socket is to have, and their length; @options has room
 * for 40 bytes.
 */
unsigned int mn_sk_options_get(const struct sock *sk, u8 *options);
/* May the caller send options that nobody here knows? */
bool mn_options_trusted(const struct sock *sk);
/* The last reference is gone. */
void mn_sk_options_free(struct sock *sk);

/* mc_opt.c: options about groups. Return: 1: it is none of them. No lock. */
int mn_mc_setsockopt(struct sock *sk, int name, sockptr_t val, unsigned int len);
int mn_mc_getsockopt(struct sock *sk, int name, int room, char __user *val, int __user *len);

/* ip_opt.c: RFC 1349's bits of the DS field, as the kernel's queues know them (TC_PRIO_*). */
int mn_tos_priority(u8 tos);

/* The inode of a socket's file, for /proc; 0 if it has none any more. */
static inline unsigned long mn_sock_ino(struct sock *sk)
{
	unsigned long ino;

	read_lock_bh(&sk->sk_callback_lock);
	ino = sk->sk_socket ? SOCK_INODE(sk->sk_socket)->i_ino : 0;
	read_unlock_bh(&sk->sk_callback_lock);
	return ino;
}

/* error.c */

/**
 * mn_icmp_errno() - what an ICMP error means to a program (RFC 1122 3.2.2, 4.2.3.9)
 * @type: ICMP_DEST_UNREACH and others
 * @code: RFC 792's
 * @fatal: set if it ends a conversation; others come and go
 *
 * Context: Any.
 * Return: a positive errno.
 */
int mn_icmp_errno(u8 type, u8 code, bool *fatal);

/**
 * mn_sk_icmp_error() - put an ICMP error into the error queue (IP_RECVERR)
 * @sk: socket with MYNET_SK_RECVERR
 * @skb: as mynet_inet_proto.error gets it, borrowed
 * @err: errno
 * @port: port of the other end, network byte order
 * @info: MTU or 0
 * @payload: where the data of the quoted packet begins; within @skb
 *
 * Context: bottom half.
 */
void mn_sk_icmp_error(struct sock *sk, struct sk_buff *skb, int err, __be16 port, u32 info,
		      u8 *payload);

/**
 * mn_sk_local_error() - the same for an error of this host's own
 * @sk: socket
 * @err: errno
 * @daddr: where the packet was to go
 * @port: see above
 * @info: MTU or 0
 *
 * Does nothing without MYNET_SK_RECVERR.
 *
 * Context: Any.
 */
void mn_sk_local_error(struct sock *sk, int err, __be32 daddr, __be16 port, u32 info);

/**
 * mn_sk_recv_error() - recvmsg() with MSG_ERRQUEUE
 * @sk: socket
 * @msg: message
 * @len: room
 *
 * Context: Process context, no lock.
 * Return: bytes copied or -errno, -EAGAIN if there is none.
 */
int mn_sk_recv_error(struct sock *sk, struct msghdr *msg, int len);

#endif /* MN_SK_H */
