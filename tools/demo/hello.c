// SPDX-License-Identifier: GPL-2.0
/*
 * The smallest server and the smallest client of a PF_MYNET stream:
 *
 *	mynet-hello serve PORT			greets who connects, until it is ended
 *	mynet-hello ask ADDRESS PORT NAME	prints the greeting
 *
 * Both are what they would be with AF_INET: only the names of the family and of its address differ.
 */
#include <arpa/inet.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/mynet.h>

static struct sockaddr_mynet address(const char *addr, const char *port)
{
	struct sockaddr_mynet name = { .smn_family = AF_MYNET, .smn_port = htons(atoi(port)) };

	if (inet_pton(AF_INET, addr, &name.smn_addr) != 1)
		errx(2, "'%s' is not an IPv4 address", addr);
	return name;
}

static int stream(void)
{
	int fd = socket(PF_MYNET, SOCK_STREAM, 0);

	if (fd < 0)
		err(1, "socket(PF_MYNET, SOCK_STREAM): is the module loaded (modprobe af_mynet)?");
	return fd;
}

static void serve(const char *port)
{
	struct sockaddr_mynet any = address("0.0.0.0", port), peer;
	char from[INET_ADDRSTRLEN], name[64];
	socklen_t len = sizeof(peer);
	int listener = stream(), fd;
	ssize_t n;

	if (bind(listener, (struct sockaddr *)&any, sizeof(any)) || listen(listener, 8))
		err(1, "port %s", port);
	while ((fd = accept(listener, (struct sockaddr *)&peer, &len)) >= 0) {
		n = read(fd, name, sizeof(name));
		if (n > 0)
			dprintf(fd, "Hello %.*s, you come from %s.\n", (int)n, name,
				inet_ntop(AF_INET, &peer.smn_addr, from, sizeof(from)));
		close(fd);
		len = sizeof(peer);
	}
	err(1, "accept");
}

static void ask(const char *addr, const char *port, const char *name)
{
	struct sockaddr_mynet server = address(addr, port);
	char answer[128];
	int fd = stream();
	ssize_t n;

	if (connect(fd, (struct sockaddr *)&server, sizeof(server)))
		err(1, "connecting to %s port %s", addr, port);
	if (write(fd, name, strlen(name)) < 0)
		err(1, "write");
	while ((n = read(fd, answer, sizeof(answer))) > 0)
		fwrite(answer, n, 1, stdout);
	if (n < 0)
		err(1, "read");
	close(fd);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "serve"))
		serve(argv[2]);
	else if (argc == 5 && !strcmp(argv[1], "ask"))
		ask(argv[2], argv[3], argv[4]);
	else
		errx(2, "usage: mynet-hello serve PORT | mynet-hello ask ADDRESS PORT NAME");
	return 0;
}
