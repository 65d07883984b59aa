/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Door of the socket room: the socket calls of the family. What a socket is, and how a
 * transport gets its sockets, stands in transport/transport.h.
 */
#ifndef MYNET_SOCKET_H
#define MYNET_SOCKET_H

/**
 * mynet_socket_init() - open the room, and with it the family, to programs
 *
 * Context: Process context; every other room is open.
 * Return: 0 or -errno.
 */
int mynet_socket_init(void);

/**
 * mynet_socket_exit() - let no program in any more
 *
 * Context: Process context; no socket exists, or the module could not go.
 */
void mynet_socket_exit(void);

#endif /* MYNET_SOCKET_H */
