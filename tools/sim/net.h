/* SPDX-License-Identifier: GPL-2.0 */
/* Hosts, which are network namespaces, and the ends of their cable. */
#ifndef MYNET_SIM_NET_H
#define MYNET_SIM_NET_H

#include <stdbool.h>

struct net_host {
	int	ns;			/* the namespace, as setns() wants it */
	int	port;			/* packet socket on the cable's other end */
	int	sockstat;		/* what the host's TCP/IP still has */
	bool	mynet;
};

/* 10.0.0.1 and 10.0.0.2, network byte order. */
unsigned int net_addr(int host);

/* Makes a host with its device and address, by INET or by MYNET; ends the program if it cannot. */
void net_make(struct net_host *h, int host, bool mynet, unsigned int mtu, bool gso);

/* Takes the host's device and namespace away. */
void net_unmake(struct net_host *h, int host);

/* The caller's sockets are made in this host from here on; NULL: in the player's own namespace. */
void net_enter(const struct net_host *h);

/* How many connections the host has in any state; @text gets the line that says so. */
int net_left(const struct net_host *h, char *text, unsigned int size);

__attribute__((noreturn, format(printf, 1, 2)))
void die(const char *what, ...);

#endif /* MYNET_SIM_NET_H */
