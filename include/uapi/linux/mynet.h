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
/*
 * int: what SO_REUSEPORT and SO_ZEROCOPY set. Kernels before 6.12 refuse these two to every family
 * but their own; here they can be asked for on all. The second is EOPNOTSUPP: nothing is sent
 * without a copy yet. SOL_SOCKET tells what is set on all.
 */
#define MYNET_REUSEPORT		2
#define MYNET_ZEROCOPY		3

/*
 * The generic netlink family "mynet" configures all this. Each object has sixteen command
 * numbers; GET answers one object or dumps all, its answers have its number, and an event
 * has the number of NTF. Numbers are for ever: new ones go behind the last of their object.
 * Generic netlink has no NLM_F_CREATE and its kin: what they would say is said by the command.
 */
#define MYNET_GENL_NAME		"mynet"
#define MYNET_GENL_VERSION	1
#define MYNET_GENL_GROUP_EVENTS	"events"

enum mynet_cmd {
	MYNET_CMD_DEV_GET = 1,
	MYNET_CMD_DEV_ATTACH,
	MYNET_CMD_DEV_DETACH,
	MYNET_CMD_DEV_NTF,

	MYNET_CMD_ADDR_GET = 16,
	MYNET_CMD_ADDR_ADD,
	MYNET_CMD_ADDR_DEL,
	MYNET_CMD_ADDR_NTF,
	MYNET_CMD_ADDR_CHANGE,		/* lifetimes of one that is there */
	MYNET_CMD_ADDR_REPLACE,		/* the same, or a new one */
	MYNET_CMD_ADDR_CONFLICT,	/* an event: another host claims it */

	MYNET_CMD_NEIGH_GET = 32,
	MYNET_CMD_NEIGH_ADD,		/* a new one */
	MYNET_CMD_NEIGH_CHANGE,		/* one that is there */
	MYNET_CMD_NEIGH_REPLACE,	/* new or there */
	MYNET_CMD_NEIGH_DEL,
	MYNET_CMD_NEIGH_NTF,

	MYNET_CMD_ROUTE_GET = 48,	/* one: the way to an address; all: the tables */
	MYNET_CMD_ROUTE_ADD,
	MYNET_CMD_ROUTE_DEL,
	MYNET_CMD_ROUTE_NTF,

	MYNET_CMD_RULE_GET = 64,
	MYNET_CMD_RULE_ADD,
	MYNET_CMD_RULE_DEL,
	MYNET_CMD_RULE_NTF,

	MYNET_CMD_MADDR_GET = 80,
	MYNET_CMD_MADDR_JOIN,		/* the administrator's own membership, or its new sources */
	MYNET_CMD_MADDR_LEAVE,

	MYNET_CMD_SOCK_GET = 96,	/* all that are like that */
	MYNET_CMD_SOCK_DESTROY,		/* one, whoever has it: its program reads ECONNABORTED */
};

/* The packets of a device on the wire. */
enum mynet_dev_mode {
	MYNET_DEV_MODE_INET,	/* IPv4 and ARP, taken over from the kernel's own IPv4 */
	MYNET_DEV_MODE_NATIVE,	/* EtherTypes of its own, beside the kernel's own IPv4 */
};

/* The EtherTypes of native mode: the two that IEEE 802 leaves to local experiments. */
#define MYNET_ETH_P_IP		0x88B5
#define MYNET_ETH_P_ARP		0x88B6

/* An attached device. */
enum mynet_attr_dev {
	MYNET_A_DEV_UNSPEC,
	MYNET_A_DEV_IFINDEX,	/* u32 */
	MYNET_A_DEV_NAME,	/* string, in answers */
	MYNET_A_DEV_MODE,	/* u32, enum mynet_dev_mode */
	MYNET_A_DEV_FORCE,	/* flag: attach although the kernel has IPv4 addresses on it */
	MYNET_A_DEV_EVENT,	/* u32, in events: the command that it follows */
	__MYNET_A_DEV_MAX,
	MYNET_A_DEV_MAX = __MYNET_A_DEV_MAX - 1
};

/* An address of this host. */
enum mynet_attr_addr {
	MYNET_A_ADDR_UNSPEC,
	MYNET_A_ADDR_IFINDEX,	/* u32 */
	MYNET_A_ADDR_LOCAL,	/* be32 */
	MYNET_A_ADDR_PREFIXLEN,	/* u8 */
	MYNET_A_ADDR_BROADCAST,	/* be32, 0: none */
	MYNET_A_ADDR_SCOPE,	/* u8, RT_SCOPE_* */
	MYNET_A_ADDR_FLAGS,	/* u32, IFA_F_* */
	MYNET_A_ADDR_LABEL,	/* string */
	MYNET_A_ADDR_EVENT,	/* u32, in events: the command that it follows */
	MYNET_A_ADDR_VALID,	/* u32, seconds till it goes; 2^32-1 (also if not there): never */
	MYNET_A_ADDR_PREFERRED,	/* u32, seconds till it is deprecated; as VALID */
	MYNET_A_ADDR_LLADDR,	/* binary, in CONFLICT: of the other host */
	__MYNET_A_ADDR_MAX,
	MYNET_A_ADDR_MAX = __MYNET_A_ADDR_MAX - 1
};

/* A neighbour: what a host on a link is called there. */
enum mynet_attr_neigh {
	MYNET_A_NEIGH_UNSPEC,
	MYNET_A_NEIGH_IFINDEX,	/* u32 */
	MYNET_A_NEIGH_DST,	/* be32 */
	MYNET_A_NEIGH_LLADDR,	/* binary: its hardware address */
	MYNET_A_NEIGH_STATE,	/* u32, NUD_* */
	MYNET_A_NEIGH_FLAGS,	/* u32, NTF_* */
	MYNET_A_NEIGH_PROBES,	/* u32: requests sent that are not answered */
	MYNET_A_NEIGH_REFS,	/* u32 */
	MYNET_A_NEIGH_USED,	/* u32, ms since something was sent to it */
	MYNET_A_NEIGH_CONFIRMED, /* u32, ms since it was known to be alive */
	MYNET_A_NEIGH_UPDATED,	/* u32, ms since its address or state changed */
	MYNET_A_NEIGH_EVENT,	/* u32, in events: the command that it follows */
	__MYNET_A_NEIGH_MAX,
	MYNET_A_NEIGH_MAX = __MYNET_A_NEIGH_MAX - 1
};

/* A route. */
enum mynet_attr_route {
	MYNET_A_ROUTE_UNSPEC,
	MYNET_A_ROUTE_DST,	/* be32; not there: 0.0.0.0 */
	MYNET_A_ROUTE_PREFIXLEN, /* u8 */
	MYNET_A_ROUTE_TABLE,	/* u32, RT_TABLE_*; not there: the one for its type */
	MYNET_A_ROUTE_TYPE,	/* u8, RTN_* */
	MYNET_A_ROUTE_SCOPE,	/* u8, RT_SCOPE_* */
	MYNET_A_ROUTE_PROTOCOL,	/* u8, RTPROT_* */
	MYNET_A_ROUTE_TOS,	/* u8 */
	MYNET_A_ROUTE_METRIC,	/* u32, smaller ones are tried first */
	MYNET_A_ROUTE_PREFSRC,	/* be32; for GET: the source */
	MYNET_A_ROUTE_OIF,	/* u32 */
	MYNET_A_ROUTE_GATEWAY,	/* be32 */
	MYNET_A_ROUTE_FLAGS,	/* u32, RTNH_F_* */
	MYNET_A_ROUTE_MTU,	/* u32 */
	MYNET_A_ROUTE_HOW,	/* u32, in ADD: enum mynet_route_how; not there: MYNET_ROUTE_NEW */
	MYNET_A_ROUTE_IIF,	/* u32, for GET: device a packet came by */
	MYNET_A_ROUTE_MARK,	/* u32, for GET */
	MYNET_A_ROUTE_EVENT,	/* u32, in events: the command that it follows */
	MYNET_A_ROUTE_ADVMSS,	/* u32 */
	MYNET_A_ROUTE_WINDOW,	/* u32 */
	MYNET_A_ROUTE_RTT,	/* u32, eighths of a millisecond */
	MYNET_A_ROUTE_INITCWND,	/* u32 */
	MYNET_A_ROUTE_EXPIRES,	/* u32, of one way: seconds till what was learnt ends */
	MYNET_A_ROUTE_HOPS,	/* nest of nests, enum mynet_attr_hop: if there are several */
	MYNET_A_ROUTE_IPPROTO,	/* u8, for GET: IPPROTO_* */
	MYNET_A_ROUTE_SPORT,	/* be16, for GET */
	MYNET_A_ROUTE_DPORT,	/* be16, for GET */
	MYNET_A_ROUTE_RULE,	/* u32, of one way: priority of the rule that led to its table */
	MYNET_A_ROUTE_MATCH,	/* be32, of one way: the prefix that was the longest */
	MYNET_A_ROUTE_MATCH_LEN, /* u8, of one way */
	MYNET_A_ROUTE_UID,	/* u32, for GET: whose socket; not there: of the asker */
	MYNET_A_ROUTE_INITRWND,	/* u32, segments */
	MYNET_A_ROUTE_RTO_MIN,	/* u32, milliseconds */
	MYNET_A_ROUTE_QUICKACK,	/* u32, 1: acknowledge at once */
	MYNET_A_ROUTE_HOPLIMIT,	/* u32, 1 to 255 */
	MYNET_A_ROUTE_SSTHRESH,	/* u32, segments */
	MYNET_A_ROUTE_CWND,	/* u32, segments: the largest window, if it is locked */
	MYNET_A_ROUTE_REORDERING, /* u32, segments */
	MYNET_A_ROUTE_CONGCTL,	/* string */
	MYNET_A_ROUTE_LOCKS,	/* u32, bits of RTAX_*: these metrics are not to be departed from */
	__MYNET_A_ROUTE_MAX,
	MYNET_A_ROUTE_MAX = __MYNET_A_ROUTE_MAX - 1
};

/* One of several next hops of a route. */
enum mynet_attr_hop {
	MYNET_A_HOP_UNSPEC,
	MYNET_A_HOP_OIF,	/* u32 */
	MYNET_A_HOP_GATEWAY,	/* be32 */
	MYNET_A_HOP_WEIGHT,	/* u32, 1 (also if not there) to 256: its share of the traffic */
	MYNET_A_HOP_FLAGS,	/* u32, RTNH_F_* */
	__MYNET_A_HOP_MAX,
	MYNET_A_HOP_MAX = __MYNET_A_HOP_MAX - 1
};

/* A policy rule; what is not there does not matter. */
enum mynet_attr_rule {
	MYNET_A_RULE_UNSPEC,
	MYNET_A_RULE_PRIORITY,	/* u32; in ADD not there: before the second rule */
	MYNET_A_RULE_TYPE,	/* u8, RTN_UNICAST (also if not there): a table; else an answer */
	MYNET_A_RULE_TABLE,	/* u32 */
	MYNET_A_RULE_SRC,	/* be32 */
	MYNET_A_RULE_SRC_LEN,	/* u8; not there: 32 */
	MYNET_A_RULE_DST,	/* be32 */
	MYNET_A_RULE_DST_LEN,	/* u8; not there: 32 */
	MYNET_A_RULE_TOS,	/* u8 */
	MYNET_A_RULE_MARK,	/* u32 */
	MYNET_A_RULE_MARK_MASK,	/* u32; not there: all of it */
	MYNET_A_RULE_IIF,	/* string: device a packet came by; lo: this host's own */
	MYNET_A_RULE_OIF,	/* string: device a packet is bound to */
	MYNET_A_RULE_INVERT,	/* flag: packets that are not like that */
	MYNET_A_RULE_EVENT,	/* u32, in events: the command that it follows */
	MYNET_A_RULE_IPPROTO,	/* u8, IPPROTO_* */
	MYNET_A_RULE_SPORT,	/* be16, first of a range of ports */
	MYNET_A_RULE_SPORT_MAX,	/* be16, its last; not there: the first */
	MYNET_A_RULE_DPORT,	/* be16 */
	MYNET_A_RULE_DPORT_MAX,	/* be16 */
	MYNET_A_RULE_UID,	/* u32, first of a range of users whose sockets send */
	MYNET_A_RULE_UID_MAX,	/* u32, its last; not there: the first */
	__MYNET_A_RULE_MAX,
	MYNET_A_RULE_MAX = __MYNET_A_RULE_MAX - 1
};

/* A group that is listened to on a device: what all its members together want. */
enum mynet_attr_maddr {
	MYNET_A_MADDR_UNSPEC,
	MYNET_A_MADDR_IFINDEX,	/* u32 */
	MYNET_A_MADDR_GROUP,	/* be32 */
	MYNET_A_MADDR_MODE,	/* u32, MCAST_EXCLUDE (also if not there) or MCAST_INCLUDE */
	MYNET_A_MADDR_SOURCES,	/* binary: be32 of each source of the mode; shown: those that fit */
	MYNET_A_MADDR_USERS,	/* u32, in answers: members */
	MYNET_A_MADDR_REPORTER,	/* flag, in answers: this host was the last to report it */
	MYNET_A_MADDR_VERSION,	/* u32, in answers: of IGMP that is spoken on the device */
	__MYNET_A_MADDR_MAX,
	MYNET_A_MADDR_MAX = __MYNET_A_MADDR_MAX - 1
};

/* The kind of a socket; as bits of MYNET_A_SOCK_KINDS: 1 << MYNET_SOCK_*. */
enum mynet_sock_kind {
	MYNET_SOCK_TCP,
	MYNET_SOCK_UDP,
	MYNET_SOCK_RAW,
	MYNET_SOCK_PING,
	__MYNET_SOCK_MAX,
	MYNET_SOCK_MAX = __MYNET_SOCK_MAX - 1
};

/* The timer that a socket waits for, as the column "tr" of /proc/net/tcp has it. */
enum mynet_sock_timer {
	MYNET_SOCK_TIMER_NONE,
	MYNET_SOCK_TIMER_ON,		/* an acknowledgment */
	MYNET_SOCK_TIMER_KEEPALIVE,
	MYNET_SOCK_TIMER_TIMEWAIT,
	MYNET_SOCK_TIMER_PERSIST,	/* a window */
};

/* Facts about a socket beyond its names: bits of MYNET_A_SOCK_SHOW. */
#define MYNET_SOCK_SHOW_MEM	0x1
#define MYNET_SOCK_SHOW_INFO	0x2

/* A socket; what has no file any more has no inode, and a handshake or TIME_WAIT no cookie. */
enum mynet_attr_sock {
	MYNET_A_SOCK_UNSPEC,
	MYNET_A_SOCK_PAD,
	MYNET_A_SOCK_KIND,	/* u32, enum mynet_sock_kind */
	MYNET_A_SOCK_STATE,	/* u32, TCP_* */
	MYNET_A_SOCK_LOCAL,	/* be32 */
	MYNET_A_SOCK_LPORT,	/* be16; raw: its protocol, ping: its identifier */
	MYNET_A_SOCK_REMOTE,	/* be32 */
	MYNET_A_SOCK_RPORT,	/* be16 */
	MYNET_A_SOCK_IFINDEX,	/* u32, device it is bound to, 0: any */
	MYNET_A_SOCK_UID,	/* u32 */
	MYNET_A_SOCK_INODE,	/* u64 */
	MYNET_A_SOCK_COOKIE,	/* u64, no other socket ever has it */
	MYNET_A_SOCK_RECVQ,	/* u32, bytes to read; listening: connections to accept */
	MYNET_A_SOCK_SENDQ,	/* u32, bytes not acknowledged; listening: how many may wait */
	MYNET_A_SOCK_TIMER,	/* u32, enum mynet_sock_timer */
	MYNET_A_SOCK_EXPIRES,	/* u32, ms till it does something */
	MYNET_A_SOCK_RETRIES,	/* u32, how often it has done so in vain */
	MYNET_A_SOCK_MARK,	/* u32 */
	MYNET_A_SOCK_SHUTDOWN,	/* u32, 1: it does not read any more, 2: nor write */
	MYNET_A_SOCK_MEM,	/* binary: as SO_MEMINFO has it */
	MYNET_A_SOCK_INFO,	/* binary: struct tcp_info */
	MYNET_A_SOCK_CC,	/* string: algorithm of congestion control */
	MYNET_A_SOCK_SHOW,	/* u32, in a dump: MYNET_SOCK_SHOW_* */
	MYNET_A_SOCK_KINDS,	/* u32, in a dump: only these; not there: all */
	MYNET_A_SOCK_STATES,	/* u32, in a dump: only these, 1 << TCP_*; not there: all */
	MYNET_A_SOCK_LOCAL_LEN,	/* u8, in a dump: prefix that LOCAL is; not there: 32 */
	MYNET_A_SOCK_REMOTE_LEN, /* u8, in a dump: prefix that REMOTE is; not there: 32 */
	MYNET_A_SOCK_LPORT_MAX,	/* be16, in a dump: last of those LPORT is the first of */
	MYNET_A_SOCK_RPORT_MAX,	/* be16, in a dump: last of those RPORT is the first of */
	__MYNET_A_SOCK_MAX,
	MYNET_A_SOCK_MAX = __MYNET_A_SOCK_MAX - 1
};

/* The fate of a route that has the same prefix, tos and metric. */
enum mynet_route_how {
	MYNET_ROUTE_NEW,	/* it stays, and the new one is refused */
	MYNET_ROUTE_CHANGE,	/* it is replaced; if there is none the new one is refused */
	MYNET_ROUTE_REPLACE,	/* it is replaced; if there is none the new one is added */
	MYNET_ROUTE_PREPEND,	/* it stays, behind the new one */
	MYNET_ROUTE_APPEND,	/* it stays, before the new one */
	__MYNET_ROUTE_HOW_MAX,
	MYNET_ROUTE_HOW_MAX = __MYNET_ROUTE_HOW_MAX - 1
};

#endif /* _UAPI_LINUX_MYNET_H */
