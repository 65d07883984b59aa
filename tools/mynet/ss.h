/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command "mynet ss": its own header, shared by its files: a socket, the expression it has to
 * fit, its programs.
 */
#ifndef MYNET_SS_H
#define MYNET_SS_H

#include <linux/mynet.h>

#include "mynet.h"

/* As the kernel numbers them; a datagram socket has one of the first and the seventh. */
enum {
	SS_ESTABLISHED = 1, SS_SYN_SENT, SS_SYN_RECV, SS_FIN_WAIT_1, SS_FIN_WAIT_2, SS_TIME_WAIT,
	SS_CLOSED, SS_CLOSE_WAIT, SS_LAST_ACK, SS_LISTEN, SS_CLOSING, SS_STATES
};

#define SS_ALL	((1U << SS_STATES) - 2)

struct ss_sock {
	uint32_t	kind, state;
	uint32_t	local, remote;		/* network byte order */
	uint16_t	lport, rport;		/* host byte order */
	uint32_t	recvq, sendq, dev, uid, mark, shutdown;
	uint32_t	timer, expires, retries;
	uint64_t	inode, cookie;
};

/* --- ss_filter.c -------------------------------------------------------------------------- */

/* "state X exclude Y": a mask of states, @otherwise if nothing is said about them. */
uint32_t ss_take_states(struct words *words, uint32_t otherwise);

/* The expression that the rest of the words make; NULL if there is none. */
struct ss_node;
struct ss_node *ss_take_filter(struct words *words);
bool ss_fits(const struct ss_node *filter, const struct ss_sock *s);
/* Lets the kernel leave out what cannot fit. */
void ss_tell_kernel(const struct ss_node *filter, struct nlmsghdr *request);

/* --- ss_info.c ---------------------------------------------------------------------------- */

void ss_show_memory(const struct nlattr *mem);
void ss_show_info(const struct nlattr *info, const struct nlattr *cc);

/* --- ss_proc.c ---------------------------------------------------------------------------- */

void ss_find_programs(void);
void ss_show_programs(uint64_t inode);

#endif
