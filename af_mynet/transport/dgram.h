/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The header of the transports without connections: UDP, raw and ping sockets. Naming the other
 * end, building a message and finding its way; and for those that need no more than the core's
 * queue, queueing and reading.
 */
#ifndef MN_DGRAM_H
#define MN_DGRAM_H

#include <linux/uio.h>
#include <net/netns/hash.h>

#include "transport/cmsg.h"
#include "transport/sk.h"

struct icmphdr;

#define MN_DGRAM_SLOTS		256

/**
 * struct mn_dgram_table - sockets by number: a port, an ident, a protocol
 * @lock: guards changes; bottom halves off. Readers use RCU
 * @slot: chains by sk_node
 *
 * One for all namespaces. For transports of which there are few sockets.
 */
struct mn_dgram_table {
	spinlock_t		lock;
	struct hlist_head	slot[MN_DGRAM_SLOTS];
};

static inline struct hlist_head *mn_dgram_slot(struct mn_dgram_table *table, const struct net *net,
					       unsigned int num)
{
	return &table->slot[(num + net_hash_mix(net)) % MN_DGRAM_SLOTS];
}

/* dgram_proc.c: /proc/net/mynet/NAME, every socket of a table. */
int mn_dgram_proc_init(struct net *net, const char *name, struct mn_dgram_table *table);
void mn_dgram_proc_exit(struct net *net, const char *name);

/*
 * Before the message: room for the headers of Ethernet, IPv4 with options and the transport. More
 * would make a small message a kilobyte, that has to be cleared and freed; links that want more
 * get it from mynet_ip_output().
 */
#define MN_DGRAM_RESERVE	96

/**
 * struct mn_dgram_to - where and how one message goes
 * @cookie: what its control messages say
 * @daddr: destination
 * @dport: its port
 * @gso_size: UDP: cut it into datagrams of this size; 0: it is one
 * @connected: it goes to the socket's other end, the usual way
 * @flags: MSG_* of the call
 */
struct mn_dgram_to {
	struct mn_tx_cookie	cookie;
	__be32			daddr;
	__be16			dport;
	u16			gso_size;
	bool			connected;
	unsigned int		flags;
};

/**
 * mn_dgram_connect() - mynet_transport.connect: name the other end
 * @sk: socket
 * @addr: address
 * @len: its length
 *
 * Calls prot->rehash, if there is one, when the socket gets its own address by that.
 *
 * Context: Process context, no lock.
 * Return: 0 or -errno.
 */
int mn_dgram_connect(struct sock *sk, const struct sockaddr_mynet *addr, int len);

/**
 * mn_dgram_disconnect() - mynet_transport.disconnect: forget the other end
 * @sk: socket
 * @flags: of the call
 *
 * A port that the program did not choose is given back by prot->unhash.
 *
 * Context: Process context, no lock.
 * Return: 0.
 */
int mn_dgram_disconnect(struct sock *sk, int flags);

/* The same for who has the socket's lock. */
void mn_dgram_disconnect_locked(struct sock *sk);

/**
 * mn_dgram_cookie() - what a message's control messages say, and whether it goes the usual way
 * @sk: socket
 * @msg: message
 * @to: flags, addresses and @to->connected are set
 *
 * Context: Process context.
 * Return: 0 or -errno.
 */
int mn_dgram_cookie(struct sock *sk, struct msghdr *msg, struct mn_dgram_to *to);

/**
 * mn_dgram_build() - the message and nothing before it but MN_DGRAM_RESERVE
 * @sk: socket
 * @msg: message
 * @len: how much of it
 *
 * Context: Process context.
 * Return: a packet or ERR_PTR() with the error of the call.
 */
struct sk_buff *mn_dgram_build(struct sock *sk, struct msghdr *msg, unsigned int len);

/**
 * mn_dgram_build_now() - the same, without waiting and with no look at sk_err
 * @sk: the socket
 * @msg: the message
 * @len: its bytes
 *
 * Context: process, may sleep.
 * Return: the packet, or an ERR_PTR(): -ENOBUFS if there is no room, -EFAULT.
 */
struct sk_buff *mn_dgram_build_now(struct sock *sk, struct msghdr *msg, unsigned int len);

/**
 * mn_dgram_build_pieces() - the same message as a list of pieces, each of which a fragment will be
 * @sk: socket
 * @msg: message
 * @len: how much of it, more than @first
 * @first: bytes of the first piece
 * @rest: bytes of all others but the last
 *
 * Context: Process context.
 * Return: a packet with a frag_list, or ERR_PTR() with the error of the call.
 */
struct sk_buff *mn_dgram_build_pieces(struct sock *sk, struct msghdr *msg, unsigned int len,
				      unsigned int first, unsigned int rest);

/**
 * mn_dgram_copy_in() - what a program writes, into a page of a packet
 * @page: page
 * @offset: in it; what is behind may go on into its tail pages
 * @len: how much
 * @from: where it comes from
 *
 * Context: Process context.
 * Return: false: not all of it could be read.
 */
bool mn_dgram_copy_in(struct page *page, unsigned int offset, unsigned int len,
		      struct iov_iter *from);

/**
 * mn_dgram_copy_out() - what a program reads
 * @skb: packet
 * @off: where in it
 * @msg: message
 * @len: how much
 *
 * Context: Process context.
 * Return: 0 or -EFAULT.
 */
static inline int mn_dgram_copy_out(const struct sk_buff *skb, int off, struct msghdr *msg, int len)
{
	size_t n;

	if (skb_is_nonlinear(skb))
		return skb_copy_datagram_msg(skb, off, msg, len);
	n = copy_to_iter(skb->data + off, len, &msg->msg_iter);
	if (likely(n == len))
		return 0;
	iov_iter_revert(&msg->msg_iter, n);
	return -EFAULT;
}

/**
 * mn_dgram_route() - find the way of a message
 * @sk: socket
 * @to: where it goes
 * @flow: written; its addresses are the packet's
 *
 * Context: RCU read section; the answer is borrowed.
 * Return: the route or ERR_PTR().
 */
struct dst_entry *mn_dgram_route(struct sock *sk, const struct mn_dgram_to *to,
				 struct mynet_flow *flow);

/**
 * mn_dgram_head_len() - how long the IPv4 header of a message is
 * @to: where it goes
 *
 * Context: Any.
 * Return: bytes, options included.
 */
static inline unsigned int mn_dgram_head_len(const struct mn_dgram_to *to)
{
	return sizeof(struct iphdr) + to->cookie.optlen;
}

#define MN_DGRAM_MOST	0xffff	/* bytes with all headers that one of IP can say */

/**
 * mn_dgram_fit() - may a message be as long as that?
 * @sk: socket
 * @dst: its route
 * @to: how it goes
 * @daddr: where the route leads
 * @len: with all headers
 *
 * Context: Any.
 * Return: 0 or -EMSGSIZE, which then is in the error queue too.
 */
int mn_dgram_fit(struct sock *sk, const struct dst_entry *dst, const struct mn_dgram_to *to,
		 __be32 daddr, unsigned int len);

/**
 * mn_dgram_too_long() - refuses a message that no header can tell the length of
 * @sk: who sends it
 * @to: where it would go
 *
 * Before anything of it is copied, as INET does.
 *
 * Context: Process or bottom half.
 * Return: -EMSGSIZE, which then is in the error queue too, or another -errno if there is no route.
 */
int mn_dgram_too_long(struct sock *sk, const struct mn_dgram_to *to);

/**
 * mn_dgram_refuse() - a message ends before it became a packet
 * @sk: socket
 * @skb: message, consumed
 * @err: why, negative
 *
 * Context: Any.
 */
void mn_dgram_refuse(struct sock *sk, struct sk_buff *skb, int err);

/**
 * mn_dgram_confirm_or_probe() - MSG_CONFIRM and MSG_PROBE, for a message whose way is found
 * @to: destination and flags
 * @dst: route
 * @flow: its addresses
 * @skb: message; consumed where the way was all that was wanted
 *
 * Context: RCU read section.
 * Return: true if there is nothing to send.
 */
bool mn_dgram_confirm_or_probe(const struct mn_dgram_to *to, const struct dst_entry *dst,
			       const struct mynet_flow *flow, struct sk_buff *skb);

/**
 * mn_dgram_too_big() - a router said that a packet of a socket was too large (RFC 1191 3)
 * @sk: socket
 * @quoted: header of that packet
 * @dport: port of its destination
 * @mtu: what the router said
 *
 * Context: RCU read section.
 */
void mn_dgram_too_big(const struct sock *sk, const struct iphdr *quoted, __be16 dport, u32 mtu);

/**
 * mn_dgram_error_hard() - what an ICMP error means to a socket
 * @sk: socket
 * @icmph: its header
 * @err: errno, written
 *
 * Context: Any.
 * Return: true if a socket without IP_RECVERR is to hear of it too, should it be connected.
 */
bool mn_dgram_error_hard(const struct sock *sk, const struct icmphdr *icmph, int *err);

/**
 * mn_dgram_deliver() - queue a packet to its socket
 * @sk: socket whose transport has no queue of its own
 * @skb: packet, consumed: from skb->data on the program gets it
 *
 * Context: RCU read section, bottom halves off.
 */
void mn_dgram_deliver(struct sock *sk, struct sk_buff *skb);

/**
 * mn_dgram_recvmsg() - mynet_transport.recvmsg of such a socket
 * @sk: socket
 * @msg: message
 * @len: room
 * @flags: MSG_*
 *
 * Context: Process context, no lock.
 * Return: bytes or -errno.
 */
int mn_dgram_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags);

/**
 * mn_dgram_ioctl() - mynet_transport.ioctl of such a socket: how much waits, in and out
 * @sk: socket
 * @cmd: SIOCINQ, SIOCOUTQ
 * @answer: written
 *
 * Context: Process context.
 * Return: 0 or -ENOIOCTLCMD.
 */
int mn_dgram_ioctl(struct sock *sk, unsigned int cmd, int *answer);

#endif /* MN_DGRAM_H */
