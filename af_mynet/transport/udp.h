/* SPDX-License-Identifier: GPL-2.0 */
/*
 * UDP (RFC 768) inside: the socket as a list of what each file owns.
 */
#ifndef MN_UDP_H
#define MN_UDP_H

#include <linux/udp.h>

#include "transport/dgram.h"

/* As many segments as the kernel's own UDP makes of one message. */
#define MN_UDP_SEGMENTS		128
#define MN_UDP_MAX	(MN_DGRAM_MOST - (int)sizeof(struct iphdr) - (int)sizeof(struct udphdr))

/* udp_send.c's: a message that is still growing, or NULL. Socket lock. */
struct mn_udp_cork {
	struct sk_buff		*skb;
	struct mn_dgram_to	to;
};

/* udp_recv.c's: what readers have taken over from sk_receive_queue, under its own lock. */
struct mn_udp_rcv {
	struct sk_buff_head	queue;
	int			deficit;	/* read, but not given back yet: bytes */
};

/* udp_table.c's: where it is hashed; under the lock of the slot of its port. */
struct mn_udp_place {
	u32			addr_hash;
};

/**
 * struct mn_udp_sock - a UDP socket
 * @msk: what all sockets have
 * @place: see there
 * @gso_size: UDP_SEGMENT; read without lock
 * @corking: UDP_CORK
 * @gro: UDP_GRO: give it messages that were joined, or were never cut, whole
 * @cork: see there
 * @rcv: see there; on a line of its own, for readers and senders are different programs
 */
struct mn_udp_sock {
	struct mynet_sock	msk;
	struct mn_udp_place	place;
	u16			gso_size;
	bool			corking;
	bool			gro;
	struct mn_udp_cork	cork;
	struct mn_udp_rcv	rcv ____cacheline_aligned_in_smp;
};

static inline struct mn_udp_sock *mn_udp_sk(const struct sock *sk)
{
	return (struct mn_udp_sock *)sk;
}

extern struct proto mn_udp_prot;

/* udp_mem.c: in pages, but for the last two */
int mn_udp_mem_init(void);
void mn_udp_mem_exit(void);
extern atomic_long_t mn_udp_memory;
DECLARE_PER_CPU(int, mn_udp_memory_share);
extern long mn_udp_mem[3];
extern int mn_udp_rmem_min;
extern int mn_udp_wmem_min;

/* udp_table.c */
int mn_udp_table_init(void);
void mn_udp_table_exit(void);
int mn_udp_get_port(struct sock *sk, unsigned short port);
void mn_udp_unhash(struct sock *sk);
/* sk_rcv_saddr has changed. Socket lock. */
void mn_udp_rehash(struct sock *sk);

/* The datagram that a socket is looked for. RCU read section; borrows. */
struct mn_udp_key {
	struct net	*net;
	__be32		saddr;
	__be32		daddr;
	__be16		sport;
	u16		dport;	/* host byte order */
	int		dev;
};

struct sock *mn_udp_find(const struct mn_udp_key *key, struct sk_buff *skb);
/*
 * All sockets that might want a datagram for many; the next after @sk, NULL: the first. @any is
 * false at first, and the walk's from then on.
 */
struct sock *mn_udp_find_next(const struct mn_udp_key *key, struct sock *sk, bool *any);
/* The slot of a port, and the sockets of a slot. RCU read section. */
unsigned int mn_udp_slot_of(const struct net *net, u16 port);
struct hlist_head *mn_udp_slot_head(unsigned int slot);
/* The sockets of a slot, for /proc; the slot's lock is held from lock to unlock. */
unsigned int mn_udp_slots(void);
struct hlist_head *mn_udp_slot_lock(unsigned int slot);
void mn_udp_slot_unlock(unsigned int slot);

/* udp_send.c */
int mn_udp_sendmsg(struct sock *sk, struct msghdr *msg, size_t len);
void mn_udp_splice_eof(struct sock *sk);
int mn_udp_uncork(struct sock *sk);
void mn_udp_cork_drop(struct sock *sk);

/* udp_recv.c */
int mn_udp_input(struct sk_buff *skb);
void mn_udp_error(struct sk_buff *skb, u32 info);
int mn_udp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags);
int mn_udp_first_len(struct sock *sk);
void mn_udp_rcv_init(struct sock *sk);
void mn_udp_rcv_drain(struct sock *sk);

/* udp_proc.c */
int mn_udp_proc_init(struct net *net);
void mn_udp_proc_exit(struct net *net);

#endif /* MN_UDP_H */
