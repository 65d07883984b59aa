/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The socket calls as the files of this room make them, in shapes that are the same on every
 * kernel. af_mynet.c puts them into the kernel's table. Return values are those of the calls.
 */
#ifndef MN_CALLS_H
#define MN_CALLS_H

#include <linux/net.h>
#include <linux/sockptr.h>

#include "transport/transport.h"

/* addr.c: who talks to whom. */
int mn_call_bind(struct socket *sock, const struct sockaddr_mynet *addr, int len);
int mn_call_connect(struct socket *sock, const struct sockaddr_mynet *addr, int len, int flags);
int mn_call_getname(struct socket *sock, struct sockaddr_mynet *addr, int peer);
int mn_call_listen(struct socket *sock, int backlog);
int mn_call_accept(struct socket *sock, struct socket *newsock, int flags, bool kern);
int mn_call_shutdown(struct socket *sock, int how);
int mn_autobind(struct sock *sk);

/* msg.c: data. */
int mn_call_sendmsg(struct socket *sock, struct msghdr *msg, size_t len);
int mn_call_recvmsg(struct socket *sock, struct msghdr *msg, size_t len, int flags);
__poll_t mn_call_poll(struct file *file, struct socket *sock, poll_table *wait);
int mn_call_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg);
ssize_t mn_call_splice_read(struct socket *sock, loff_t *pos, struct pipe_inode_info *pipe,
			    size_t len, unsigned int flags);
void mn_call_splice_eof(struct socket *sock);
int mn_call_set_peek_off(struct sock *sk, int val);
int mn_call_set_rcvlowat(struct sock *sk, int val);

/* opt.c: options. */
int mn_call_setsockopt(struct socket *sock, int level, int name, sockptr_t val,
		       unsigned int len);
int mn_call_getsockopt(struct socket *sock, int level, int name, char __user *val,
		       int __user *len);

#endif /* MN_CALLS_H */
