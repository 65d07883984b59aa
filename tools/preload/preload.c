// SPDX-License-Identifier: GPL-2.0
/*
 * The library that "mynet run" loads before those of a program: its AF_INET sockets become MYNET's.
 *
 * Only socket() is turned. With the name option set, a socket speaks AF_INET and so do those it
 * accepts, and everything else goes to the kernel as it is. Four things are left: options that
 * kernels before 6.12 refuse to foreign families have a second name; SO_DOMAIN, which the kernel's
 * core answers, says AF_INET; a socket that is to reach a port of MYNET_INET_PORTS is changed back
 * when it says so; and getaddrinfo() is not to ask what addresses the kernel's own IPv4 has.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/mynet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORTS_MAX	16

static int (*real_socket)(int, int, int);
static int (*real_connect)(int, const struct sockaddr *, socklen_t);
static ssize_t (*real_sendto)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
static ssize_t (*real_sendmsg)(int, const struct msghdr *, int);
static int (*real_sendmmsg)(int, struct mmsghdr *, unsigned int, int);
static int (*real_setsockopt)(int, int, int, const void *, socklen_t);
static int (*real_getsockopt)(int, int, int, void *, socklen_t *);
static int (*real_getaddrinfo)(const char *, const char *, const struct addrinfo *,
			       struct addrinfo **);

static unsigned short inet_ports[PORTS_MAX];
static unsigned int inet_port_count;

static void find_real_ones(void)
{
	const char *list = getenv("MYNET_INET_PORTS");
	unsigned long port;
	char *end;

	real_connect = dlsym(RTLD_NEXT, "connect");
	real_sendto = dlsym(RTLD_NEXT, "sendto");
	real_sendmsg = dlsym(RTLD_NEXT, "sendmsg");
	real_sendmmsg = dlsym(RTLD_NEXT, "sendmmsg");
	real_setsockopt = dlsym(RTLD_NEXT, "setsockopt");
	real_getsockopt = dlsym(RTLD_NEXT, "getsockopt");
	real_getaddrinfo = dlsym(RTLD_NEXT, "getaddrinfo");
	while (list && *list && inet_port_count < PORTS_MAX) {
		port = strtoul(list, &end, 0);
		if (end > list && port && port <= 65535)
			inet_ports[inet_port_count++] = port;
		list = end + strcspn(end, ",");
		list += *list == ',';
	}
	real_socket = dlsym(RTLD_NEXT, "socket");
}

/* A library whose constructor runs before ours may open sockets there. */
__attribute__((constructor))
static void preload_init(void)
{
	if (!real_socket)
		find_real_ones();
}

static int keep_errno(int result, int saved)
{
	if (result >= 0)
		errno = saved;
	return result;
}

static bool is_ours(int fd)
{
	socklen_t len = sizeof(int);
	int saved = errno, on = 0;
	/* One that its program made as MYNET's own goes by MYNET's names. */
	bool ours = !real_getsockopt(fd, SOL_MYNET, MYNET_INET_NAMES, &on, &len) && on;

	errno = saved;
	return ours;
}

/* A socket of the other family takes the number; options set before are lost. */
static void back_to_inet(int fd)
{
	int flags = fcntl(fd, F_GETFL), cloexec = fcntl(fd, F_GETFD);
	int type = SOCK_STREAM, protocol = 0, saved = errno, other;
	socklen_t len = sizeof(int);

	real_getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len);
	len = sizeof(int);
	real_getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len);
	/* Another thread may fork and exec meanwhile. */
	other = real_socket(AF_INET, type | SOCK_CLOEXEC, protocol);
	if (other >= 0) {
		fcntl(other, F_SETFL, flags);
		dup3(other, fd, cloexec & FD_CLOEXEC ? O_CLOEXEC : 0);
		close(other);
	}
	errno = saved;
}

static void filter(int fd, const struct sockaddr *addr, socklen_t len)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)addr;
	unsigned int i;

	if (!inet_port_count || !addr || len < sizeof(*in) || in->sin_family != AF_INET)
		return;
	for (i = 0; i < inet_port_count; i++)
		if (ntohs(in->sin_port) == inet_ports[i] && is_ours(fd))
			back_to_inet(fd);
}

int socket(int domain, int type, int protocol)
{
	int saved = errno, on = 1, fd;

	preload_init();
	if (domain == AF_INET6) {
		errno = EAFNOSUPPORT;	/* programs that can do both go on with IPv4 */
		return -1;
	}
	if (domain != AF_INET)
		return real_socket(domain, type, protocol);
	fd = real_socket(PF_MYNET, type, protocol);
	if (fd >= 0 && real_setsockopt(fd, SOL_MYNET, MYNET_INET_NAMES, &on, sizeof(on))) {
		close(fd);
		errno = EAFNOSUPPORT;
		fd = -1;
	}
	return keep_errno(fd, saved);
}

int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	preload_init();
	filter(fd, addr, len);
	return real_connect(fd, addr, len);
}

ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *addr,
	       socklen_t len)
{
	preload_init();
	filter(fd, addr, len);
	return real_sendto(fd, data, size, flags, addr, len);
}

ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	preload_init();
	if (inet_port_count && msg)
		filter(fd, msg->msg_name, msg->msg_namelen);
	return real_sendmsg(fd, msg, flags);
}

int sendmmsg(int fd, struct mmsghdr *msgs, unsigned int n, int flags)
{
	unsigned int i;

	preload_init();
	for (i = 0; i < n && inet_port_count && msgs; i++)
		filter(fd, msgs[i].msg_hdr.msg_name, msgs[i].msg_hdr.msg_namelen);
	return real_sendmmsg(fd, msgs, n, flags);
}

int setsockopt(int fd, int level, int option, const void *value, socklen_t len)
{
	int saved = errno, result;

	preload_init();
	result = real_setsockopt(fd, level, option, value, len);
	if (!result || level != SOL_SOCKET || errno != EOPNOTSUPP ||
	    (option != SO_REUSEPORT && option != SO_ZEROCOPY) || !is_ours(fd))
		return result;
	option = option == SO_REUSEPORT ? MYNET_REUSEPORT : MYNET_ZEROCOPY;
	return keep_errno(real_setsockopt(fd, SOL_MYNET, option, value, len), saved);
}

int getsockopt(int fd, int level, int option, void *value, socklen_t *len)
{
	int domain, result;

	preload_init();
	result = real_getsockopt(fd, level, option, value, len);
	if (result || level != SOL_SOCKET || option != SO_DOMAIN || *len != sizeof(domain))
		return result;
	memcpy(&domain, value, sizeof(domain));
	if (domain == AF_MYNET && is_ours(fd)) {
		domain = AF_INET;
		memcpy(value, &domain, sizeof(domain));
	}
	return result;
}

/*
 * AI_ADDRCONFIG asks for the families that this host has addresses of, and the C library looks at
 * the kernel's own. On MYNET there is IPv4 and nothing else; an address of IPv6 in digits is told
 * as it is.
 */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		struct addrinfo **found)
{
	struct addrinfo here = { .ai_flags = AI_V4MAPPED | AI_ADDRCONFIG };
	int result;

	preload_init();
	if (hints)
		here = *hints;
	if (!(here.ai_flags & AI_ADDRCONFIG) || here.ai_family == AF_INET6)
		return real_getaddrinfo(node, service, hints, found);
	here.ai_flags &= ~(AI_ADDRCONFIG | AI_V4MAPPED);
	here.ai_family = AF_INET;
	result = real_getaddrinfo(node, service, &here, found);
	return result == EAI_ADDRFAMILY ? real_getaddrinfo(node, service, hints, found) : result;
}
