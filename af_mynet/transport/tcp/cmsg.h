/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Control messages: those that the reader of a stream gets beside the data, and those of its
 * writer.
 */
#ifndef MN_TCP_CMSG_H
#define MN_TCP_CMSG_H

#include <linux/skbuff.h>
#include <linux/socket.h>
#include <net/sock.h>

/**
 * struct mn_tcp_told - when the data of one call came
 * @software: as the core saw it, 0: it did not look
 * @hardware: as the device saw it, 0: it did not look
 *
 * Of the last packet that the call read from.
 */
struct mn_tcp_told {
	ktime_t software;
	ktime_t hardware;
};

/* A call reads from @skb, whose pages were looked at before. */
static inline void mn_tcp_told_note(struct mn_tcp_told *told, const struct sk_buff *skb)
{
	ktime_t hardware = skb_hwtstamps((struct sk_buff *)skb)->hwtstamp;

	if (likely(!skb->tstamp && !hardware))
		return;
	told->software = skb->tstamp;
	told->hardware = hardware;
}

/* The data of @skb was joined to @to: what came last says when. */
static inline void mn_tcp_told_join(struct sk_buff *to, struct sk_buff *skb)
{
	ktime_t hardware = skb_hwtstamps(skb)->hwtstamp;

	if (likely(!skb->tstamp && !hardware))
		return;
	to->tstamp = skb->tstamp;
	skb_hwtstamps(to)->hwtstamp = hardware;
}

/* TCP_SAVE_SYN: the headers of the segment that opened a connection, as they came. */
struct mn_saved_syn {
	u32	len;
	u8	data[];
};

/* Writes the control messages of a call that succeeded. Context: no lock. */
void mn_tcp_put_cmsgs(struct sock *sk, struct msghdr *msg, const struct mn_tcp_told *told);

/* The control messages of a call that sends. Return: 0 or -EINVAL. */
int mn_tcp_cmsg_heard(struct sock *sk, struct msghdr *msg, struct sockcm_cookie *cookie);

/* A call begins to write: what is stamped of it? */
void mn_tcp_stamp_begin(struct sock *sk, struct sockcm_cookie *cookie);

/* The times of the last byte of @skb are to be told, as @cookie says. */
void mn_tcp_stamp(struct sock *sk, struct sk_buff *skb, const struct sockcm_cookie *cookie);

/* @skb was cut and @rest is its end: who has the stamped byte now? */
void mn_tcp_stamp_split(struct sk_buff *skb, struct sk_buff *rest);

/* All of @skb is acknowledged; it is in no queue any more. */
void mn_tcp_stamp_acked(struct sock *sk, struct sk_buff *skb);

#endif /* MN_TCP_CMSG_H */
