// SPDX-License-Identifier: GPL-2.0
/*
 * Hosts made by netlink and ioctl: a world that is made and taken away in milliseconds has no time
 * for programs.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/ethtool.h>
#include <linux/genetlink.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/mynet.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>

#include "net.h"

#define CABLE_MTU	9000	/* of the ends that hosts don't have */

static int home = -1;		/* the player's own namespace */

struct request {
	struct nlmsghdr	head;
	char		data[1024];
};

static void *put(struct request *q, const void *data, size_t len)
{
	void *at = (char *)q + q->head.nlmsg_len;

	if (data)
		memcpy(at, data, len);
	q->head.nlmsg_len += NLMSG_ALIGN(len);
	return at;
}

static struct rtattr *attr(struct request *q, int type, const void *data, size_t len)
{
	struct rtattr a = { RTA_LENGTH(len), type }, *at = put(q, &a, sizeof(a));

	put(q, data, len);
	return at;
}

static struct rtattr *nest(struct request *q, int type)
{
	return attr(q, type, NULL, 0);
}

static void end(struct request *q, struct rtattr *a)
{
	a->rta_len = (char *)q + q->head.nlmsg_len - (char *)a;
}

/* Sends it and reads the answer into @q; ends the program if that is an error. */
static void ask(struct request *q, int protocol, const char *what)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	struct nlmsgerr *e = NLMSG_DATA(&q->head);

	q->head.nlmsg_flags |= NLM_F_REQUEST;
	if (send(fd, q, q->head.nlmsg_len, 0) < 0 || recv(fd, q, sizeof(*q), 0) < 0)
		die("%s: %s", what, strerror(errno));
	if (q->head.nlmsg_type == NLMSG_ERROR && e->error)
		die("%s: %s", what, strerror(-e->error));
	close(fd);
}

static struct request new_request(int type, int flags)
{
	return (struct request) { .head = { NLMSG_LENGTH(0), type, flags, 1, 0 } };
}

static void put_end(struct request *q, const char *name, int host, int ns, unsigned int mtu)
{
	unsigned char mac[ETH_ALEN] = { 2, 0, 0, 0, ns >= 0, host + 1 };

	attr(q, IFLA_IFNAME, name, strlen(name) + 1);
	attr(q, IFLA_ADDRESS, mac, sizeof(mac));
	attr(q, IFLA_MTU, &mtu, sizeof(mtu));
	if (ns >= 0)
		attr(q, IFLA_NET_NS_FD, &ns, sizeof(ns));
}

static void make_cable(const struct net_host *h, int host, unsigned int mtu)
{
	struct request q = new_request(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	struct rtattr *info, *data, *peer;
	struct ifinfomsg head = {};
	char name[IFNAMSIZ];

	snprintf(name, sizeof(name), "port%d", host);
	put(&q, &head, sizeof(head));
	put_end(&q, name, host, -1, CABLE_MTU);
	info = nest(&q, IFLA_LINKINFO);
	attr(&q, IFLA_INFO_KIND, "veth", 5);
	data = nest(&q, IFLA_INFO_DATA);
	peer = nest(&q, VETH_INFO_PEER);
	put(&q, &head, sizeof(head));
	put_end(&q, "eth0", host, h->ns, mtu);
	end(&q, peer);
	end(&q, data);
	end(&q, info);
	ask(&q, NETLINK_ROUTE, "making a cable");
}

static struct ifreq device(const char *name)
{
	struct ifreq ifr = {};

	strcpy(ifr.ifr_name, name);
	return ifr;
}

static void must_ioctl(int fd, int request, struct ifreq *ifr, const char *what)
{
	if (ioctl(fd, request, ifr))
		die("%s of %s: %s", what, ifr->ifr_name, strerror(errno));
}

static void up(int fd, const char *name)
{
	struct ifreq ifr = device(name);

	ifr.ifr_flags = IFF_UP | IFF_RUNNING;
	must_ioctl(fd, SIOCSIFFLAGS, &ifr, "flags");
}

static void feature(int fd, unsigned int command, bool on)
{
	struct ethtool_value value = { command, on };
	struct ifreq ifr = device("eth0");

	ifr.ifr_data = (char *)&value;
	must_ioctl(fd, SIOCETHTOOL, &ifr, "features");
}

static void inet_address(int fd, int host)
{
	struct ifreq ifr = device("eth0");
	struct sockaddr_in *sin = (struct sockaddr_in *)&ifr.ifr_addr;

	sin->sin_family = AF_INET;
	sin->sin_addr.s_addr = net_addr(host);
	must_ioctl(fd, SIOCSIFADDR, &ifr, "address");
	sin->sin_addr.s_addr = htonl(0xffffff00);
	must_ioctl(fd, SIOCSIFNETMASK, &ifr, "netmask");
}

static struct request new_genl(int type, int command, int version)
{
	struct request q = new_request(type, 0);
	struct genlmsghdr head = { command, version, 0 };

	put(&q, &head, sizeof(head));
	return q;
}

/* The number of the generic netlink family, which is the same in all namespaces. */
static int mynet_family(void)
{
	static int family;
	struct request q = new_genl(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	struct rtattr *a;
	int len;

	if (family)
		return family;
	attr(&q, CTRL_ATTR_FAMILY_NAME, MYNET_GENL_NAME, sizeof(MYNET_GENL_NAME));
	ask(&q, NETLINK_GENERIC, "asking for " MYNET_GENL_NAME);
	len = q.head.nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN);
	for (a = (struct rtattr *)(q.data + GENL_HDRLEN); RTA_OK(a, len); a = RTA_NEXT(a, len))
		if (a->rta_type == CTRL_ATTR_FAMILY_ID)
			family = *(unsigned short *)RTA_DATA(a);
	return family;
}

static void mynet_address(int host)
{
	unsigned int index = if_nametoindex("eth0"), mode = MYNET_DEV_MODE_INET;
	unsigned int addr = net_addr(host);
	unsigned char length = 24;
	struct request q = new_genl(mynet_family(), MYNET_CMD_DEV_ATTACH, MYNET_GENL_VERSION);

	q.head.nlmsg_flags = NLM_F_ACK;
	attr(&q, MYNET_A_DEV_IFINDEX, &index, sizeof(index));
	attr(&q, MYNET_A_DEV_MODE, &mode, sizeof(mode));
	ask(&q, NETLINK_GENERIC, "attaching a device to MYNET");
	q = new_genl(mynet_family(), MYNET_CMD_ADDR_ADD, MYNET_GENL_VERSION);
	q.head.nlmsg_flags = NLM_F_ACK;
	attr(&q, MYNET_A_ADDR_IFINDEX, &index, sizeof(index));
	attr(&q, MYNET_A_ADDR_LOCAL, &addr, sizeof(addr));
	attr(&q, MYNET_A_ADDR_PREFIXLEN, &length, sizeof(length));
	ask(&q, NETLINK_GENERIC, "adding an address to MYNET");
}

static int open_port(const char *name)
{
	struct sockaddr_ll sll = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(name),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1, room = 16 << 20;

	if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)) ||
	    bind(fd, (struct sockaddr *)&sll, sizeof(sll)))
		die("packet socket on %s: %s", name, strerror(errno));
	return fd;
}

unsigned int net_addr(int host)
{
	return htonl(0x0a000001 + host);
}

void net_enter(const struct net_host *h)
{
	if (setns(h ? h->ns : home, CLONE_NEWNET))
		die("setns: %s", strerror(errno));
}

/* Quiet before it is up: the kernel's IPv6 would talk on the cable. */
static void no_ipv6(void)
{
	int fd = open("/proc/sys/net/ipv6/conf/default/disable_ipv6", O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, "1", 1) != 1)
		die("disable_ipv6: %s", strerror(errno));
	close(fd);
}

void net_make(struct net_host *h, int host, bool mynet, unsigned int mtu, bool gso)
{
	char name[IFNAMSIZ];
	int fd;

	if (home < 0) {
		home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
		no_ipv6();
	}
	h->mynet = mynet;
	if (unshare(CLONE_NEWNET))
		die("unshare: %s", strerror(errno));
	h->ns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	no_ipv6();
	net_enter(NULL);
	make_cable(h, host, mtu);
	snprintf(name, sizeof(name), "port%d", host);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	up(fd, name);
	close(fd);
	h->port = open_port(name);

	net_enter(h);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	feature(fd, ETHTOOL_STXCSUM, false);
	feature(fd, ETHTOOL_STSO, false);
	feature(fd, ETHTOOL_SGSO, gso);
	if (mynet)
		mynet_address(host);
	else
		inet_address(fd, host);
	up(fd, "lo");
	up(fd, "eth0");
	close(fd);
	h->sockstat = open(mynet ? "/proc/thread-self/net/mynet/sockstat" :
				   "/proc/thread-self/net/sockstat", O_RDONLY | O_CLOEXEC);
	if (h->sockstat < 0)
		die("sockstat: %s", strerror(errno));
	net_enter(NULL);
}

void net_unmake(struct net_host *h, int host)
{
	struct request q = new_request(RTM_DELLINK, NLM_F_ACK);
	struct ifinfomsg info = {};
	char name[IFNAMSIZ];

	snprintf(name, sizeof(name), "port%d", host);
	info.ifi_index = if_nametoindex(name);
	close(h->port);
	close(h->sockstat);
	put(&q, &info, sizeof(info));
	ask(&q, NETLINK_ROUTE, "taking a cable away");
	close(h->ns);
}

int net_left(const struct net_host *h, char *text, unsigned int size)
{
	int inuse, orphan, tw, n = pread(h->sockstat, text, size - 1, 0);
	char *line;

	text[n > 0 ? n : 0] = '\0';
	line = strstr(text, "TCP:");
	if (!line || sscanf(line, "TCP: inuse %d orphan %d tw %d", &inuse, &orphan, &tw) != 3)
		die("sockstat has no line of TCP: %s", text);
	line[strcspn(line, "\n")] = '\0';
	memmove(text, line, strlen(line) + 1);
	return inuse + orphan + tw;
}
