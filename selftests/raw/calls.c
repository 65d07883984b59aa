// SPDX-License-Identifier: GPL-2.0
/*
 * Raw sockets on AF_INET and on PF_MYNET over the loopback device: the same calls, results, errors
 * and packets.
 */
#include <time.h>
#include <linux/errqueue.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>

#include "kselftest_harness.h"
#include "ring.h"
#include "stamps.h"
#include "twin.h"

#define NOWHERE		((void *)8)
#define SOL_RAW_	255
#define ICMP_FILTER_	1
#ifndef IP_PROTOCOL
#define IP_PROTOCOL	52
#endif
#define PROTO		253	/* RFC 3692: for experiments */

FIXTURE(raw)
{
};

FIXTURE_SETUP(raw)
{
	ASSERT_EQ(0, twin_netns());
}

FIXTURE_TEARDOWN(raw)
{
}

static unsigned short sum(const void *data, int len)
{
	const unsigned short *p = data;
	unsigned int s = 0;

	for (; len > 1; len -= 2)
		s += *p++;
	if (len)
		s += *(const unsigned char *)p;
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return ~s;
}

/* The next packet, said but for its identification. Time stamps of neither are the same. */
static void say_packet(struct twin *t, int fd, const char *what)
{
	unsigned char buf[2048];
	struct sockaddr_in from = {};
	socklen_t len = sizeof(from);
	const struct iphdr *iph = (void *)buf;
	long n = recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&from, &len);
	int i, hlen, data = 0;

	if (twin_say(t, n, "%s: length", what) < (int)sizeof(*iph))
		return;
	hlen = iph->ihl * 4;
	for (i = hlen; i < n; i++)
		data = data * 31 + buf[i];
	twin_say(t, twin_name(t, &from), "%s: from", what);
	twin_say(t, iph->version << 4 | iph->ihl, "%s: version and length", what);
	twin_say(t, iph->tos, "%s: tos", what);
	twin_say(t, ntohs(iph->tot_len), "%s: total length", what);
	twin_say(t, ntohs(iph->frag_off), "%s: fragment", what);
	twin_say(t, iph->ttl, "%s: ttl", what);
	twin_say(t, iph->protocol, "%s: protocol", what);
	twin_say(t, sum(iph, hlen), "%s: checksum", what);
	twin_say(t, ntohl(iph->saddr), "%s: source", what);
	twin_say(t, ntohl(iph->daddr), "%s: destination", what);
	twin_say(t, data, "%s: data", what);
}

static void say_silence(struct twin *t, int fd, const char *what)
{
	twin_say(t, recv(fd, NULL, 0, MSG_DONTWAIT | MSG_TRUNC), "%s", what);
}

static int to(struct twin *t, int fd, const char *addr, const void *data, int len)
{
	int sent = sendto(fd, data, len, 0, twin_addr(t, addr, 0), TWIN_LEN);

	twin_settle(t);
	return sent;
}

static void made(struct twin *t)
{
	static const int protocols[] = {
		-1, 0, 1, 2, 6, 17, 136, 253, 255, 256, 261, 262, 263, 1000
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(protocols); i++)
		twin_say(t, twin_socket(t, SOCK_RAW, protocols[i]) < 0 ? -1 : 0, "protocol %d",
			 protocols[i]);
	seteuid(65534);
	SAY(t, twin_socket(t, SOCK_RAW, PROTO));
	SAY(t, twin_socket(t, SOCK_RAW, 0));
	seteuid(0);
}

TEST_F(raw, any_protocol_but_the_privilege_is_needed) { TWINS(made); }

/* INET's of old kernels do not tell: they count as if they told what was set. */
static int alert_told(struct twin *t, int fd, int set)
{
	int n = -1;
	socklen_t len = sizeof(n);

	if (t->family == AF_INET && !twin_inet_tells(SOL_IP, IP_ROUTER_ALERT))
		return set;
	return getsockopt(fd, SOL_IP, IP_ROUTER_ALERT, &n, &len) ? -1 : n;
}

static void alerts(struct twin *t)
{
	int fd = twin_socket(t, SOCK_RAW, PROTO);

	SAY(t, on(fd, SOL_IP, IP_ROUTER_ALERT, 0));
	SAY(t, on(fd, SOL_IP, IP_ROUTER_ALERT, 1));
	SAY(t, on(fd, SOL_IP, IP_ROUTER_ALERT, 1));
	SAY(t, on(fd, SOL_IP, IP_ROUTER_ALERT, 0));
	SAY(t, on(fd, SOL_IP, IP_ROUTER_ALERT, -1));
	SAY(t, setsockopt(fd, SOL_IP, IP_ROUTER_ALERT, NULL, 0));
	SAY(t, setsockopt(fd, SOL_IP, IP_ROUTER_ALERT, NULL, 4));
	SAY(t, alert_told(t, fd, 0));
	SAY(t, on(fd, SOL_IP, IP_ROUTER_ALERT, 1));
	SAY(t, alert_told(t, fd, 1));
	SAY(t, on(twin_socket(t, SOCK_RAW, IPPROTO_RAW), SOL_IP, IP_ROUTER_ALERT, 1));
	SAY(t, on(twin_socket(t, SOCK_DGRAM, 0), SOL_IP, IP_ROUTER_ALERT, 1));
}

TEST_F(raw, router_alert_is_asked_for_once) { TWINS(alerts); }

static void say_name(struct twin *t, int fd, const char *what, bool peer)
{
	struct sockaddr_in sin = {};
	socklen_t len = sizeof(sin);
	int err = peer ? getpeername(fd, (struct sockaddr *)&sin, &len) :
			 getsockname(fd, (struct sockaddr *)&sin, &len);

	twin_say(t, err ?: twin_name(t, &sin), "%s", what);
}

static void names(struct twin *t)
{
	struct sockaddr_in other = { .sin_family = AF_UNIX }, none = { .sin_family = AF_UNSPEC };
	int fd = twin_socket(t, SOCK_RAW, PROTO);

	say_name(t, fd, "born", false);
	SAY(t, bind(fd, twin_addr(t, "127.0.0.1", 5), 1));
	SAY(t, bind(fd, twin_addr(t, "127.0.0.1", 5), TWIN_LEN - 1));
	SAY(t, bind(fd, NOWHERE, TWIN_LEN));
	SAY(t, bind(fd, twin_addr(t, "192.0.2.77", 5), TWIN_LEN));
	SAY(t, bind(fd, twin_addr(t, "127.0.0.3", 5), TWIN_LEN));
	say_name(t, fd, "bound", false);
	SAY(t, bind(fd, twin_addr(t, "224.0.0.1", 5), TWIN_LEN));
	say_name(t, fd, "bound to a group", false);
	SAY(t, bind(fd, twin_addr(t, "0.0.0.0", 5), TWIN_LEN));
	SAY(t, connect(fd, twin_addr(t, "127.0.0.2", 7), 4));
	SAY(t, connect(fd, (struct sockaddr *)&other, sizeof(other)));
	SAY(t, connect(fd, twin_addr(t, "198.51.100.1", 7), TWIN_LEN));
	SAY(t, connect(fd, twin_addr(t, "127.0.0.2", 7), TWIN_LEN));
	say_name(t, fd, "connected", false);
	say_name(t, fd, "peer", true);
	SAY(t, bind(fd, twin_addr(t, "127.0.0.1", 5), TWIN_LEN));
	SAY(t, listen(fd, 1));
	SAY(t, accept(fd, NULL, NULL));
	SAY(t, connect(fd, (struct sockaddr *)&none, sizeof(none)));
	say_name(t, fd, "peer gone", true);
	SAY(t, shutdown(fd, SHUT_WR));
}

TEST_F(raw, bind_connect_and_names) { TWINS(names); }

static void sends(struct twin *t)
{
	struct sockaddr_in other = { .sin_family = AF_UNIX };
	int fd = twin_socket(t, SOCK_RAW, PROTO), icmp = twin_socket(t, SOCK_RAW, IPPROTO_ICMP);
	static char big[70000];

	SAY(t, send(fd, "x", 1, 0));
	SAY(t, sendto(fd, "x", 1, MSG_OOB, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	SAY(t, sendto(fd, "x", 1, 0, twin_addr(t, "127.0.0.1", 0), TWIN_LEN - 1));
	SAY(t, sendto(fd, "x", 1, 0, (struct sockaddr *)&other, sizeof(other)));
	SAY(t, sendto(fd, NOWHERE, 1, 0, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	other.sin_family = AF_UNSPEC;
	other.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	SAY(t, sendto(fd, "x", 1, 0, (struct sockaddr *)&other, sizeof(other)));
	say_packet(t, fd, "family left out");
	SAY(t, to(t, fd, "198.51.100.1", "x", 1));
	SAY(t, to(t, fd, "127.0.0.1", big, 65536));
	SAY(t, to(t, fd, "127.0.0.1", big, 65535));
	SAY(t, to(t, fd, "127.0.0.1", big, 65516));
	SAY(t, to(t, fd, "127.0.0.1", big, 65515));
	SAY(t, recv(fd, big, sizeof(big), 0));
	SAY(t, to(t, icmp, "127.0.0.1", "", 0));
	SAY(t, to(t, icmp, "127.0.0.1", "\3", 1));
	SAY(t, to(t, fd, "127.0.0.1", "", 0));
	say_packet(t, fd, "empty");
	SAY(t, to(t, fd, "0.0.0.0", "nobody", 6));
	say_packet(t, fd, "to nobody");
	SAY(t, on(fd, SOL_IP, IP_TTL, 7));
	SAY(t, on(fd, SOL_IP, IP_TOS, 0x48));
	SAY(t, to(t, fd, "127.0.0.1", "options", 7));
	say_packet(t, fd, "options");
	SAY(t, on(fd, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT));
	SAY(t, to(t, fd, "127.0.0.1", "cut me", 6));
	say_packet(t, fd, "not discovering");
	SAY(t, connect(fd, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	SAY(t, send(fd, "connected", 9, 0));
	say_packet(t, fd, "connected");
	SAY(t, sendto(fd, "x", 1, MSG_DONTROUTE, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	say_packet(t, fd, "not routed");
}

TEST_F(raw, packets_are_sent_as_inet_sends_them) { TWINS(sends); }

struct whole {
	struct iphdr	ip;
	char		data[64];
};

static void fill(struct whole *w, const char *src, const char *dst, int len)
{
	*w = (struct whole){ .ip = { .version = 4, .ihl = 5, .ttl = 9, .tos = 4,
				     .protocol = PROTO, .tot_len = 1, .check = 2 } };
	inet_aton(src, (struct in_addr *)&w->ip.saddr);
	inet_aton(dst, (struct in_addr *)&w->ip.daddr);
	memset(w->data, 'd', sizeof(w->data));
}

static void whole(struct twin *t)
{
	int fd = twin_socket(t, SOCK_RAW, IPPROTO_RAW), ear = twin_socket(t, SOCK_RAW, PROTO);
	static char big[65535];
	struct whole w;
	int n = 0;
	socklen_t len = sizeof(n);

	SAY(t, getsockopt(fd, SOL_IP, IP_HDRINCL, &n, &len));
	twin_say(t, n, "implied");
	fill(&w, "0.0.0.0", "127.0.0.1", 20);
	SAY(t, to(t, fd, "127.0.0.1", &w, 40));
	say_packet(t, ear, "source left out");
	fill(&w, "127.9.9.9", "127.0.0.1", 20);
	w.ip.frag_off = htons(0x4000);
	SAY(t, to(t, fd, "127.0.0.1", &w, 30));
	say_packet(t, ear, "own source");
	w.ip.ihl = 4;
	SAY(t, to(t, fd, "127.0.0.1", &w, 40));
	w.ip.ihl = 11;
	SAY(t, to(t, fd, "127.0.0.1", &w, 40));
	w.ip.ihl = 5;
	SAY(t, to(t, fd, "127.0.0.1", &w, 19));
	SAY(t, to(t, fd, "127.0.0.1", &w, 0));
	SAY(t, to(t, fd, "198.51.100.1", &w, 40));
	SAY(t, to(t, fd, "127.0.0.1", big, sizeof(big)));
	w.ip.version = 5;
	SAY(t, to(t, fd, "127.0.0.1", &w, 40));
	w.ip.version = 4;
	SAY(t, to(t, fd, "127.0.0.1", &w, 20));
	say_packet(t, ear, "nothing but a header");
	fill(&w, "0.0.0.0", "127.0.0.1", 20);
	w.ip.ihl = 7;
	memcpy(w.data, "\x94\4\0\0\1\1\1", 8);
	SAY(t, to(t, fd, "127.0.0.1", &w, 60));
	say_packet(t, ear, "with options");
	SAY(t, on(ear, SOL_IP, IP_HDRINCL, 1));
	fill(&w, "0.0.0.0", "127.0.0.1", 20);
	SAY(t, to(t, ear, "127.0.0.1", &w, 24));
	say_packet(t, ear, "its own");
	SAY(t, on(fd, SOL_IP, IP_HDRINCL, 0));
	SAY(t, to(t, fd, "127.0.0.1", "x", 1));
	say_packet(t, fd, "of protocol 255");
}

TEST_F(raw, headers_of_the_program_are_completed_or_refused) { TWINS(whole); }

static void filters(struct twin *t)
{
	int fd = twin_socket(t, SOCK_RAW, PROTO), from = twin_socket(t, SOCK_RAW, PROTO);
	int other = twin_socket(t, SOCK_RAW, PROTO + 1);
	struct sockaddr_in none = { .sin_family = AF_UNSPEC };

	SAY(t, bind(from, twin_addr(t, "127.0.0.5", 0), TWIN_LEN));
	SAY(t, bind(fd, twin_addr(t, "127.0.0.2", 0), TWIN_LEN));
	SAY(t, to(t, from, "127.0.0.1", "not you", 7));
	say_silence(t, fd, "bound elsewhere");
	SAY(t, to(t, from, "127.0.0.2", "you", 3));
	say_packet(t, fd, "bound here");
	SAY(t, connect(fd, twin_addr(t, "127.0.0.6", 0), TWIN_LEN));
	SAY(t, to(t, from, "127.0.0.2", "stranger", 8));
	say_silence(t, fd, "connected elsewhere");
	SAY(t, connect(fd, twin_addr(t, "127.0.0.5", 0), TWIN_LEN));
	SAY(t, to(t, from, "127.0.0.2", "friend", 6));
	say_packet(t, fd, "connected there");
	say_silence(t, other, "another protocol");
	say_silence(t, from, "another address");
	SAY(t, connect(fd, (struct sockaddr *)&none, sizeof(none)));
}

TEST_F(raw, bind_and_connect_say_what_is_heard) { TWINS(filters); }

static void clones(struct twin *t)
{
	int one = twin_socket(t, SOCK_RAW, IPPROTO_UDP);
	int two = twin_socket(t, SOCK_RAW, IPPROTO_UDP);
	int udp = twin_socket(t, SOCK_DGRAM, 0), from = twin_socket(t, SOCK_DGRAM, 0);
	char buf[8];
	int n = -1;

	SAY(t, bind(udp, twin_addr(t, "127.0.0.1", 6100), TWIN_LEN));
	SAY(t, bind(from, twin_addr(t, "127.0.0.1", 6101), TWIN_LEN));
	SAY(t, sendto(from, "hello", 5, 0, twin_addr(t, "127.0.0.1", 6100), TWIN_LEN));
	SAY(t, recv(udp, buf, sizeof(buf), 0));
	SAY(t, ioctl(one, FIONREAD, &n));
	twin_say(t, n, "first packet");
	SAY(t, recv(one, buf, sizeof(buf), MSG_PEEK));
	SAY(t, recv(one, buf, sizeof(buf), MSG_PEEK | MSG_TRUNC));
	SAY(t, recv(one, NOWHERE, sizeof(buf), MSG_PEEK));
	SAY(t, recv(one, buf, sizeof(buf), MSG_OOB));
	SAY(t, recv(one, NULL, 0, MSG_TRUNC));
	SAY(t, recv(two, buf, sizeof(buf), 0));
	SAY(t, recv(two, buf, sizeof(buf), MSG_DONTWAIT));
	SAY(t, ioctl(one, FIONREAD, &n));
	twin_say(t, n, "no packet");
	SAY(t, ioctl(one, TIOCOUTQ, &n));
	twin_say(t, n, "nothing on its way");
	SAY(t, on(one, SOL_SOCKET, SO_PEEK_OFF, 0));
}

TEST_F(raw, everybody_gets_a_copy_and_the_transport_its_packet) { TWINS(clones); }

static void echo(struct icmphdr *icmph, int size)
{
	memset(icmph, 0, size);
	icmph->type = ICMP_ECHO;
	icmph->un.echo.id = htons(77);
	icmph->un.echo.sequence = htons(1);
	icmph->checksum = sum(icmph, size);
}

static void icmp_filter(struct twin *t)
{
	int fd = twin_socket(t, SOCK_RAW, IPPROTO_ICMP), other = twin_socket(t, SOCK_RAW, PROTO);
	unsigned int mask = ~(1U << ICMP_ECHOREPLY), got = 0;
	struct icmphdr icmph[4];
	socklen_t len = sizeof(got);

	SAY(t, setsockopt(other, SOL_RAW_, ICMP_FILTER_, &mask, sizeof(mask)));
	SAY(t, getsockopt(other, SOL_RAW_, ICMP_FILTER_, &got, &len));
	SAY(t, setsockopt(fd, SOL_RAW_, 2, &mask, sizeof(mask)));
	SAY(t, getsockopt(fd, SOL_RAW_, 2, &got, &len));
	SAY(t, setsockopt(fd, SOL_RAW_, ICMP_FILTER_, NOWHERE, sizeof(mask)));
	SAY(t, setsockopt(fd, SOL_RAW_, ICMP_FILTER_, &mask, 0));
	echo(icmph, sizeof(icmph));
	SAY(t, to(t, fd, "127.0.0.1", icmph, sizeof(icmph)));
	say_packet(t, fd, "request");
	say_packet(t, fd, "reply");
	SAY(t, setsockopt(fd, SOL_RAW_, ICMP_FILTER_, &mask, sizeof(mask)));
	SAY(t, getsockopt(fd, SOL_RAW_, ICMP_FILTER_, &got, &len));
	twin_say(t, got, "filter");
	len = 2;
	SAY(t, getsockopt(fd, SOL_RAW_, ICMP_FILTER_, &got, &len));
	twin_say(t, len, "length of a short answer");
	SAY(t, to(t, fd, "127.0.0.1", icmph, sizeof(icmph)));
	say_packet(t, fd, "reply alone");
	say_silence(t, fd, "nothing else");
	mask = 0;
	SAY(t, setsockopt(fd, SOL_RAW_, ICMP_FILTER_, &mask, 1));
	SAY(t, getsockopt(fd, SOL_RAW_, ICMP_FILTER_, &got, &len));
}

TEST_F(raw, icmp_filter_keeps_types_away) { TWINS(icmp_filter); }

static void say_error(struct twin *t, int fd, const char *what)
{
	char control[512], data[128];
	struct iovec iov = { data, sizeof(data) };
	struct sockaddr_in name = {};
	struct msghdr msg = { .msg_name = &name, .msg_namelen = sizeof(name), .msg_iov = &iov,
			      .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct sock_extended_err *ee;
	struct cmsghdr *cmsg;

	twin_say(t, recvmsg(fd, &msg, MSG_ERRQUEUE), "%s: read", what);
	twin_say(t, twin_name(t, &name), "%s: to", what);
	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
		if (cmsg->cmsg_level != SOL_IP || cmsg->cmsg_type != IP_RECVERR)
			continue;
		ee = (void *)CMSG_DATA(cmsg);
		twin_say(t, ee->ee_errno, "%s: errno", what);
		twin_say(t, ee->ee_origin << 16 | ee->ee_type << 8 | ee->ee_code, "%s: kind", what);
		twin_say(t, ee->ee_info, "%s: info", what);
		twin_say(t, twin_name(t, (void *)SO_EE_OFFENDER(ee)), "%s: offender", what);
	}
}

static void errors(struct twin *t)
{
	static const unsigned char datagram[] = { 1, 2, 3, 4, 0, 10, 0, 0, 'h', 'i' };
	int fd = twin_socket(t, SOCK_RAW, IPPROTO_UDP);
	int conn = twin_socket(t, SOCK_RAW, IPPROTO_UDP);
	static char big[65535];
	char buf[64];

	SAY(t, bind(fd, twin_addr(t, "127.0.0.8", 0), TWIN_LEN));
	SAY(t, bind(conn, twin_addr(t, "127.0.0.9", 0), TWIN_LEN));
	SAY(t, to(t, fd, "127.0.0.1", datagram, sizeof(datagram)));
	SAY(t, recv(fd, buf, sizeof(buf), MSG_DONTWAIT));
	SAY(t, on(fd, SOL_IP, IP_RECVERR, 1));
	SAY(t, to(t, fd, "127.0.0.1", datagram, sizeof(datagram)));
	say_error(t, fd, "queued");
	SAY(t, recv(fd, buf, sizeof(buf), MSG_DONTWAIT));
	SAY(t, recv(fd, buf, sizeof(buf), MSG_DONTWAIT));
	SAY(t, on(fd, SOL_IP, IP_HDRINCL, 1));
	SAY(t, to(t, fd, "127.0.0.1", big, sizeof(big)));
	SAY(t, on(fd, SOL_IP, IP_HDRINCL, 0));
	SAY(t, on(fd, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO));
	SAY(t, to(t, fd, "127.0.0.1", big, 65517));
	say_error(t, fd, "too large");
	SAY(t, connect(conn, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
	SAY(t, send(conn, datagram, sizeof(datagram), 0));
	SAY(t, recv(conn, buf, sizeof(buf), MSG_DONTWAIT));
	SAY(t, recv(conn, buf, sizeof(buf), MSG_DONTWAIT));
	/* A pending error stops nobody from sending on, and is still there to be read. */
	SAY(t, on(conn, SOL_IP, IP_RECVERR, 1));
	SAY(t, send(conn, datagram, sizeof(datagram), 0));
	SAY(t, send(conn, datagram, sizeof(datagram), 0));
	SAY(t, recv(conn, buf, sizeof(buf), MSG_DONTWAIT));
	/* A header of the program's own goes the other way. */
	SAY(t, on(conn, SOL_IP, IP_HDRINCL, 1));
	SAY(t, send(conn, datagram, sizeof(datagram), 0));
}

TEST_F(raw, icmp_errors_come_back_to_the_sender) { TWINS(errors); }

static void control(struct twin *t)
{
	int fd = twin_socket(t, SOCK_RAW, PROTO), n;
	char in[256], out[CMSG_SPACE(sizeof(int))] = {}, data[64];
	struct iovec iov = { data, sizeof(data) };
	struct sockaddr *lo = twin_addr(t, "127.0.0.1", 0);
	struct msghdr msg = { .msg_name = lo, .msg_namelen = TWIN_LEN, .msg_iov = &iov,
			      .msg_iovlen = 1, .msg_control = out, .msg_controllen = sizeof(out) };
	struct cmsghdr *cmsg = (void *)out;

	*cmsg = (struct cmsghdr){ CMSG_LEN(sizeof(int)), SOL_IP, IP_TTL };
	n = 33;
	memcpy(CMSG_DATA(cmsg), &n, sizeof(n));
	memset(data, 'c', sizeof(data));
	SAY(t, sendmsg(fd, &msg, 0));
	SAY(t, on(fd, SOL_IP, IP_RECVTTL, 1));
	SAY(t, on(fd, SOL_IP, IP_PKTINFO, 1));
	SAY(t, on(fd, SOL_IP, IP_RECVTOS, 1));
	SAY(t, sendmsg(fd, &msg, 0));
	say_packet(t, fd, "time to live");
	msg.msg_control = in;
	msg.msg_controllen = sizeof(in);
	SAY(t, recvmsg(fd, &msg, 0));
	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
		n = 0;
		memcpy(&n, CMSG_DATA(cmsg), cmsg->cmsg_len < CMSG_LEN(sizeof(n)) ? 1 : sizeof(n));
		twin_say(t, n, "control %d, %d", cmsg->cmsg_level, cmsg->cmsg_type);
	}
	n = 99;
	cmsg = (void *)out;
	memcpy(CMSG_DATA(cmsg), &n, sizeof(n));
	*cmsg = (struct cmsghdr){ CMSG_LEN(1), SOL_IP, IP_TTL };
	msg.msg_control = out;
	msg.msg_controllen = sizeof(out);
	SAY(t, sendmsg(fd, &msg, 0));
}

TEST_F(raw, control_messages_go_both_ways) { TWINS(control); }

static void raw_options(struct twin *t)
{
	static const int names[] = {
		IP_HDRINCL, IP_NODEFRAG, IP_TTL, IP_TOS, IP_RECVERR, IP_CHECKSUM, IP_RECVFRAGSIZE,
		IP_MINTTL, IP_PROTOCOL, IP_MTU
	};
	static const int values[] = { -1, 0, 1, 255, 256 };
	unsigned int i, v;
	int n;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		int fd = socket(t->family, SOCK_RAW, PROTO);
		socklen_t len = sizeof(n);

		for (v = 0; v < ARRAY_SIZE(values); v++)
			twin_say(t, on(fd, SOL_IP, names[i], values[v]), "set %d to %d", names[i],
				 values[v]);
		n = 0;
		twin_say(t, getsockopt(fd, SOL_IP, names[i], &n, &len), "get %d", names[i]);
		twin_say(t, n, "value %d", names[i]);
		close(fd);
	}
}

TEST_F(raw, options_of_level_ip) { TWINS(raw_options); }

/* Two that hear all of a protocol, also each the other's. */
static void pair(struct twin *t, int *in, int *out)
{
	*in = twin_socket(t, SOCK_RAW, PROTO);
	*out = twin_socket(t, SOCK_RAW, PROTO);
	SAY(t, connect(*out, twin_addr(t, "127.0.0.1", 0), TWIN_LEN));
}

static void stamped(struct twin *t)
{
	int in, out;

	pair(t, &in, &out);
	stamps(t, in, out, "abcd", 4);
}

TEST_F(raw, time_stamps_are_what_inet_gives) { TWINS(stamped); }

static void uring_raw(struct twin *t)
{
	int in, out;

	pair(t, &in, &out);
	uring(t, in, out, "abcd", 4);
}

TEST_F(raw, io_uring_sends_receives_and_polls) { TWINS(uring_raw); }

static bool listed(const char *path, const char *what)
{
	char line[256];
	FILE *file = fopen(path, "re");
	bool found = false;

	while (file && fgets(line, sizeof(line), file))
		found = found || strstr(line, what);
	if (file)
		fclose(file);
	return found;
}

TEST_F(raw, sockets_are_in_proc)
{
	int fd = socket(AF_MYNET, SOCK_RAW, PROTO);

	ASSERT_GE(fd, 0);
	EXPECT_TRUE(listed("/proc/net/mynet/raw", " 00000000:00FD 00000000:0000 07 "));
	close(fd);
	EXPECT_FALSE(listed("/proc/net/mynet/raw", " 00000000:00FD "));
}

TEST_F(raw, names_of_another_family_are_refused)
{
	struct sockaddr_mynet name = { .smn_family = AF_UNIX };
	int fd = socket(AF_MYNET, SOCK_RAW, PROTO);

	EXPECT_EQ(-1, bind(fd, (struct sockaddr *)&name, sizeof(name)));
	EXPECT_EQ(EAFNOSUPPORT, errno);
	name.smn_family = AF_UNSPEC;
	EXPECT_EQ(0, bind(fd, (struct sockaddr *)&name, sizeof(name)));
	name.smn_addr = htonl(INADDR_LOOPBACK);
	EXPECT_EQ(-1, bind(fd, (struct sockaddr *)&name, sizeof(name)));
	EXPECT_EQ(EAFNOSUPPORT, errno);
	close(fd);
}

TEST_F(raw, full_queues_drop_and_count)
{
	long long before, after;
	int fd = socket(AF_MYNET, SOCK_RAW, PROTO), i;
	struct sockaddr_mynet lo = { .smn_family = AF_MYNET };
	static char data[4000];

	lo.smn_addr = htonl(INADDR_LOOPBACK);
	ASSERT_EQ(0, on(fd, SOL_SOCKET, SO_RCVBUF, 8000));
	before = read_counter("/proc/net/mynet/drops", "SOCK_FULL");
	for (i = 0; i < 20; i++)
		ASSERT_EQ(sizeof(data), sendto(fd, data, sizeof(data), 0, (struct sockaddr *)&lo,
					       sizeof(lo)));
	after = read_counter("/proc/net/mynet/drops", "SOCK_FULL");
	EXPECT_GT(after, before);
	EXPECT_GE(before, 0);
	close(fd);
}

TEST_F(raw, after_dissolving_it_still_hears)
{
	struct sockaddr_mynet lo = { .smn_family = AF_MYNET }, none = { .smn_family = AF_UNSPEC };
	int fd = socket(AF_MYNET, SOCK_RAW, PROTO), from = socket(AF_MYNET, SOCK_RAW, PROTO);

	lo.smn_addr = htonl(INADDR_LOOPBACK);
	ASSERT_EQ(0, connect(fd, (struct sockaddr *)&lo, sizeof(lo)));
	ASSERT_EQ(0, connect(fd, (struct sockaddr *)&none, sizeof(none)));
	ASSERT_EQ(1, sendto(from, "x", 1, 0, (struct sockaddr *)&lo, sizeof(lo)));
	EXPECT_TRUE(twin_readable(fd, 5000));
	close(fd);
	close(from);
}

TEST_HARNESS_MAIN
