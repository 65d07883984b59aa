/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * PF_MYNET as programs see it: the family's number, its addresses, its own socket options.
 *
 * The wire is the Internet's, and so are option levels, names and values (IPPROTO_*, IP_*,
 * SO_*): a program takes those from the C library's headers. Only what MYNET has of its own
 * is here. The file needs nothing but the kernel's type names, so it can stand beside
 * <netinet/in.h> as well as beside <linux/in.h>.
 */
#ifndef _UAPI_LINUX_MYNET_H
#define _UAPI_LINUX_MYNET_H

#include <linux/types.h>
#include <linux/socket.h>

/*
 * Families are numbered below AF_MAX, and AF_MAX is fixed when the kernel is built: a
 * loadable family has to borrow a number. 18 is AF_ASH, a name that the tables have carried
 * for decades and that no Linux ever implemented. Plain digits, because the module's
 * autoload alias (net-pf-18) is made of them.
 */
#define AF_MYNET	18
#define PF_MYNET	18

/**
 * struct sockaddr_mynet - an address of a PF_MYNET socket
 * @smn_family: AF_MYNET; AF_INET too on a socket that has MYNET_INET_NAMES set
 * @smn_port: port, network byte order
 * @smn_addr: IPv4 address, network byte order
 * @smn_zero: padding up to the size of struct sockaddr; not looked at
 *
 * The layout is that of struct sockaddr_in, member for member.
 */
struct sockaddr_mynet {
	__kernel_sa_family_t	smn_family;
	__be16			smn_port;
	__be32			smn_addr;
	__u8			smn_zero[8];
};

/*
 * Level of the options that only MYNET has. Far away from the kernel's own SOL_ numbers,
 * which grow by one with each new family.
 */
#define SOL_MYNET	0x4d59

/* int: addresses of this socket say AF_INET, in both directions; accept() hands it down. */
#define MYNET_INET_NAMES	1

#endif /* _UAPI_LINUX_MYNET_H */
