/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Control messages at level SOL_IP: what a receiver is told about a packet, and what a sender
 * wants for one.
 */
#ifndef MN_CMSG_H
#define MN_CMSG_H

#include <linux/skbuff.h>
#include <linux/socket.h>
#include <net/sock.h>

#include "internet/internet.h"

/**
 * struct mn_rx_cb - what is remembered of a packet that waits in a socket's queue
 * @ifindex: device it came by
 * @spec_dst: address to answer from
 * @frag_max: largest fragment it came in, 0: it came whole
 *
 * At the front of skb->cb, where in the error queue the core leaves room for the family.
 */
struct mn_rx_cb {
	int	ifindex;
	__be32	spec_dst;
	u16	frag_max;
};

static inline struct mn_rx_cb *mn_rx_cb(const struct sk_buff *skb)
{
	return (struct mn_rx_cb *)skb->cb;
}

/**
 * struct mn_tx_cookie - how one message is to be sent
 * @sockc: the core's part: time stamps, mark, transmit time
 * @oif: device, 0: any
 * @addr: source address, 0: any
 * @ttl: 0: the socket's
 * @tos: -1: the socket's
 * @protocol: of a raw socket, 0: the socket's
 * @own_options: it says what its options are, be it none
 * @optlen: bytes of @options
 * @options: of its IPv4 header
 */
struct mn_tx_cookie {
	struct sockcm_cookie sockc;
	int	oif;
	__be32	addr;
	u8	ttl;
	s16	tos;
	u8	protocol;
	bool	own_options;
	u8	optlen;
	u8	options[40];
};

/* As the socket is set. */
static inline void mn_tx_cookie_init(struct mn_tx_cookie *cookie, const struct sock *sk)
{
	/* Options are most of it and hardly ever there. */
	memset(cookie, 0, offsetof(struct mn_tx_cookie, options));
	cookie->tos = -1;
	sockcm_init(&cookie->sockc, sk);
	cookie->sockc.mark = READ_ONCE(sk->sk_mark);
}

/**
 * mn_tx_cookie_flow() - what a message says of its route
 * @cookie: see there
 * @flow: route to look up, as the socket is set
 *
 * Context: Any.
 */
void mn_tx_cookie_flow(const struct mn_tx_cookie *cookie, struct mynet_flow *flow);

/**
 * mn_tx_cookie_head() - what a message says of its IPv4 header
 * @sk: socket
 * @cookie: see there
 * @head: header with its destination
 *
 * Context: Any.
 */
void mn_tx_cookie_head(const struct sock *sk, const struct mn_tx_cookie *cookie,
		       struct mynet_ip_head *head);

/**
 * mn_tx_cookie_skb() - what a message says of its packet: time stamps, mark, priority
 * @sk: socket
 * @cookie: see there
 * @skb: packet
 *
 * Context: Any.
 */
void mn_tx_cookie_skb(const struct sock *sk, const struct mn_tx_cookie *cookie,
		      struct sk_buff *skb);

/**
 * mn_cmsg_prepare() - remember what the receiver may want to be told
 * @sk: socket
 * @skb: packet that is about to be queued; its dst is still set
 *
 * Overwrites what the internet layer had in skb->cb.
 *
 * Context: RCU read section.
 */
void mn_cmsg_prepare(const struct sock *sk, struct sk_buff *skb);

/**
 * mn_cmsg_recv() - tell it
 * @sk: socket
 * @skb: packet, network and transport header set
 * @msg: message that gets the answers
 * @offset: bytes before the data that belong to the transport's header (IP_CHECKSUM)
 *
 * Context: Process context.
 */
void mn_cmsg_recv(const struct sock *sk, struct sk_buff *skb, struct msghdr *msg,
		  unsigned int offset);

/**
 * mn_cmsg_send() - what a message wants
 * @sk: socket
 * @msg: message
 * @cookie: written
 *
 * Context: Process context.
 * Return: 0 or -EINVAL and others.
 */
int mn_cmsg_send(struct sock *sk, struct msghdr *msg, struct mn_tx_cookie *cookie);

#endif /* MN_CMSG_H */
