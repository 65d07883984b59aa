/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters: per namespace, per CPU, 64 bits wide everywhere, shown in /proc/net/mynet.
 *
 * A counter is one line in MYNET_MIB_LIST; nothing else needs to be touched to have it
 * counted, shown and documented. A line of a /proc file is one line in MYNET_MIB_GROUP_LIST.
 * Where the kernel's IPv4 counts the same thing, group and name are the ones it uses, so that
 * what reads /proc/net/snmp and /proc/net/netstat reads MYNET's. Every drop reason has a
 * counter by itself (drop.h) and is not listed here.
 */
#ifndef MYNET_CORE_MIB_H
#define MYNET_CORE_MIB_H

#include <linux/percpu.h>
#include <linux/types.h>
#include <linux/u64_stats_sync.h>

#include "core/core.h"
#include "core/drop.h"

/* Lines: group, file it is shown in, word that begins the line. */
#define MYNET_MIB_GROUP_LIST(X)						\
	X(IP,	SNMP,		"Ip")					\
	X(ICMP,	SNMP,		"Icmp")					\
	X(TCP,	SNMP,		"Tcp")					\
	X(TCPEXT, NETSTAT,	"TcpExt")				\
	X(UDP,	SNMP,		"Udp")					\
	X(IPEXT, NETSTAT,	"IpExt")				\
	X(EXT,	NETSTAT,	"MynetExt")				\
	X(LINK,	NETSTAT,	"MynetLink")				\
	X(IGMP,	NETSTAT,	"MynetIgmp")				\
	X(DROP,	DROPS,		"MynetDrop")

/* Counters: name in the code, group, name in /proc, what is counted. */
#define MYNET_MIB_LIST(X)						\
	X(IP_IN_RECEIVES, IP, "InReceives",				\
	  "packets received")						\
	X(IP_IN_HDR_ERRORS, IP, "InHdrErrors",				\
	  "packets received with a wrong header or an expired TTL")	\
	X(IP_IN_ADDR_ERRORS, IP, "InAddrErrors",			\
	  "packets received with an address that is not valid here")	\
	X(IP_OUT_FORW_DATAGRAMS, IP, "ForwDatagrams",			\
	  "packets forwarded")						\
	X(IP_IN_UNKNOWN_PROTOS, IP, "InUnknownProtos",			\
	  "packets received for a protocol that is not supported")	\
	X(IP_IN_DISCARDS, IP, "InDiscards",				\
	  "packets dropped on input for lack of memory")		\
	X(IP_IN_DELIVERS, IP, "InDelivers",				\
	  "packets delivered to a protocol")				\
	X(IP_OUT_REQUESTS, IP, "OutRequests",				\
	  "packets sent by protocols of this host")			\
	X(IP_OUT_DISCARDS, IP, "OutDiscards",				\
	  "packets dropped on output for lack of memory")		\
	X(IP_OUT_NO_ROUTES, IP, "OutNoRoutes",				\
	  "packets dropped on output because there was no route")	\
	X(IP_REASM_TIMEOUT, IP, "ReasmTimeout",				\
	  "reassemblies that timed out")				\
	X(IP_REASM_REQDS, IP, "ReasmReqds",				\
	  "fragments received for reassembly")				\
	X(IP_REASM_OKS, IP, "ReasmOKs",					\
	  "packets reassembled")					\
	X(IP_REASM_FAILS, IP, "ReasmFails",				\
	  "failures of reassembly")					\
	X(IP_FRAG_OKS, IP, "FragOKs",					\
	  "packets fragmented")						\
	X(IP_FRAG_FAILS, IP, "FragFails",				\
	  "packets that needed fragmentation and could not get it")	\
	X(IP_FRAG_CREATES, IP, "FragCreates",				\
	  "fragments created")						\
	X(IP_HOOK_EXAMPLE, IPEXT, "HookExample",			\
	  "packets that the example hook saw")				\
	X(ICMP_IN_MSGS, ICMP, "InMsgs",					\
	  "ICMP messages received")					\
	X(ICMP_IN_ERRORS, ICMP, "InErrors",				\
	  "malformed messages received")				\
	X(ICMP_IN_CSUM_ERRORS, ICMP, "InCsumErrors",			\
	  "messages received with a wrong checksum")			\
	X(ICMP_IN_DEST_UNREACHS, ICMP, "InDestUnreachs",		\
	  "destination unreachable")					\
	X(ICMP_IN_TIME_EXCDS, ICMP, "InTimeExcds",			\
	  "time exceeded")						\
	X(ICMP_IN_PARM_PROBS, ICMP, "InParmProbs",			\
	  "parameter problem")						\
	X(ICMP_IN_REDIRECTS, ICMP, "InRedirects",			\
	  "redirect")							\
	X(ICMP_IN_ECHOS, ICMP, "InEchos",				\
	  "echo request")						\
	X(ICMP_IN_ECHO_REPS, ICMP, "InEchoReps",			\
	  "echo reply")							\
	X(ICMP_IN_TIMESTAMPS, ICMP, "InTimestamps",			\
	  "timestamp request")						\
	X(ICMP_OUT_MSGS, ICMP, "OutMsgs",				\
	  "ICMP messages sent")						\
	X(ICMP_OUT_ERRORS, ICMP, "OutErrors",				\
	  "ICMP messages not sent for lack of memory")			\
	X(ICMP_OUT_RATE_LIMIT, ICMP, "OutRateLimitGlobal",		\
	  "errors not sent because of the limit of the host")		\
	X(ICMP_OUT_RATE_LIMIT_HOST, ICMP, "OutRateLimitHost",		\
	  "errors not sent because of the limit for one destination")	\
	X(ICMP_OUT_DEST_UNREACHS, ICMP, "OutDestUnreachs",		\
	  "destination unreachable")					\
	X(ICMP_OUT_TIME_EXCDS, ICMP, "OutTimeExcds",			\
	  "time exceeded")						\
	X(ICMP_OUT_PARM_PROBS, ICMP, "OutParmProbs",			\
	  "parameter problem")						\
	X(ICMP_OUT_REDIRECTS, ICMP, "OutRedirects",			\
	  "redirect")							\
	X(ICMP_OUT_ECHO_REPS, ICMP, "OutEchoReps",			\
	  "echo reply")							\
	X(ICMP_OUT_TIMESTAMP_REPS, ICMP, "OutTimestampReps",		\
	  "timestamp reply")						\
	X(ICMP_OUT_ECHOS, ICMP, "OutEchos",				\
	  "echo request")						\
	X(TCP_ACTIVE_OPENS, TCP, "ActiveOpens",				\
	  "connections opened actively")				\
	X(TCP_PASSIVE_OPENS, TCP, "PassiveOpens",			\
	  "connections opened passively")				\
	X(TCP_ATTEMPT_FAILS, TCP, "AttemptFails",			\
	  "connection attempts that failed")				\
	X(TCP_ESTAB_RESETS, TCP, "EstabResets",				\
	  "connections reset")						\
	X(TCP_CURR_ESTAB, TCP, "CurrEstab",				\
	  "connections in ESTABLISHED or CLOSE_WAIT now")		\
	X(TCP_IN_SEGS, TCP, "InSegs",					\
	  "segments received")						\
	X(TCP_OUT_SEGS, TCP, "OutSegs",					\
	  "segments sent")						\
	X(TCP_RETRANS_SEGS, TCP, "RetransSegs",				\
	  "segments retransmitted")					\
	X(TCP_IN_ERRS, TCP, "InErrs",					\
	  "malformed segments received")				\
	X(TCP_OUT_RSTS, TCP, "OutRsts",					\
	  "RSTs sent")							\
	X(TCP_IN_CSUM_ERRORS, TCP, "InCsumErrors",			\
	  "segments received with a wrong checksum")			\
	X(TCP_IN_RSTS, TCPEXT, "InRsts",				\
	  "valid RSTs received")					\
	X(TCP_OUT_OF_WINDOW_ICMPS, TCPEXT, "OutOfWindowIcmps",		\
	  "ICMP errors about segments that are not in flight")		\
	X(TCP_TIME_WAITED, TCPEXT, "TW",				\
	  "connections whose TIME_WAIT ended")				\
	X(TCP_TIME_WAIT_OVERFLOW, TCPEXT, "TCPTimeWaitOverflow",	\
	  "connections that got no TIME_WAIT because there were too many") \
	X(TCP_PAWS_ACTIVE, TCPEXT, "PAWSActive",			\
	  "SYN-ACKs with a timestamp that was never sent (PAWS)")	\
	X(TCP_PAWS_ESTAB, TCPEXT, "PAWSEstab",				\
	  "segments with an old timestamp (PAWS)")			\
	X(TCP_DELAYED_ACKS, TCPEXT, "DelayedACKs",			\
	  "delayed acknowledgments sent by the timer")			\
	X(TCP_DELAYED_ACK_LOST, TCPEXT, "DelayedACKLost",		\
	  "duplicate segments received")				\
	X(TCP_LISTEN_OVERFLOWS, TCPEXT, "ListenOverflows",		\
	  "handshakes that met a full accept queue")			\
	X(TCP_LISTEN_DROPS, TCPEXT, "ListenDrops",			\
	  "handshakes dropped by a listener")				\
	X(TCP_REQ_QFULL_DROP, TCPEXT, "TCPReqQFullDrop",		\
	  "SYNs dropped because the SYN queue was full")		\
	X(TCP_REQ_TIMEOUT, TCPEXT, "TCPReqTimeout",			\
	  "handshakes that timed out")					\
	X(TCP_SACK_RECOVERY, TCPEXT, "TCPSackRecovery",			\
	  "loss recoveries with SACK")					\
	X(TCP_RENO_RECOVERY, TCPEXT, "TCPRenoRecovery",			\
	  "loss recoveries without SACK")				\
	X(TCP_SACK_RENEGING, TCPEXT, "TCPSACKReneging",			\
	  "times that a peer discarded data that it had SACKed")	\
	X(TCP_SACK_DISCARD, TCPEXT, "TCPSACKDiscard",			\
	  "invalid SACK blocks received")				\
	X(TCP_UNDO, TCPEXT, "TCPUndo",					\
	  "loss recoveries undone")					\
	X(TCP_FAST_RETRANS, TCPEXT, "TCPFastRetrans",			\
	  "segments retransmitted in fast recovery")			\
	X(TCP_SLOW_START_RETRANS, TCPEXT, "TCPSlowStartRetrans",	\
	  "segments retransmitted in slow start after a timeout")	\
	X(TCP_LOST_RETRANSMIT, TCPEXT, "TCPLostRetransmit",		\
	  "retransmissions that were lost")				\
	X(TCP_TIMEOUTS, TCPEXT, "TCPTimeouts",				\
	  "retransmission timeouts")					\
	X(TCP_LOSS_PROBES, TCPEXT, "TCPLossProbes",			\
	  "tail loss probes sent")					\
	X(TCP_LOSS_PROBE_RECOVERY, TCPEXT, "TCPLossProbeRecovery",	\
	  "losses repaired by a tail loss probe")			\
	X(TCP_DSACK_SENT, TCPEXT, "TCPDSACKSent",			\
	  "D-SACKs sent")						\
	X(TCP_DSACK_RECV, TCPEXT, "TCPDSACKRecv",			\
	  "D-SACKs received")						\
	X(TCP_ABORT_ON_DATA, TCPEXT, "TCPAbortOnData",			\
	  "connections reset because data came after close(), or by SO_LINGER 0") \
	X(TCP_ABORT_ON_CLOSE, TCPEXT, "TCPAbortOnClose",		\
	  "connections reset because close() left data unread")		\
	X(TCP_ABORT_ON_MEMORY, TCPEXT, "TCPAbortOnMemory",		\
	  "connections reset because there were too many orphans")	\
	X(TCP_ABORT_ON_TIMEOUT, TCPEXT, "TCPAbortOnTimeout",		\
	  "connections ended by a timeout")				\
	X(TCP_ABORT_ON_LINGER, TCPEXT, "TCPAbortOnLinger",		\
	  "connections reset by TCP_LINGER2 in FIN_WAIT2")		\
	X(TCP_MEMORY_PRESSURES, TCPEXT, "TCPMemoryPressures",		\
	  "times that TCP came under memory pressure")			\
	X(TCP_BACKLOG_DROP, TCPEXT, "TCPBacklogDrop",			\
	  "segments dropped because the socket's backlog was full")	\
	X(TCP_RCVQ_DROP, TCPEXT, "TCPRcvQDrop",				\
	  "segments dropped for lack of receive memory")		\
	X(TCP_OFO_QUEUE, TCPEXT, "TCPOFOQueue",				\
	  "segments queued out of order")				\
	X(TCP_OFO_PRUNED, TCPEXT, "OfoPruned",				\
	  "times that the out-of-order queue was pruned")		\
	X(TCP_RCV_COALESCE, TCPEXT, "TCPRcvCoalesce",			\
	  "packets merged with the one before in the receive queue")	\
	X(TCP_BACKLOG_COALESCE, TCPEXT, "TCPBacklogCoalesce",		\
	  "segments merged with the one before in a socket's backlog")	\
	X(TCP_CHALLENGE_ACK, TCPEXT, "TCPChallengeACK",			\
	  "challenge ACKs sent (RFC 5961)")				\
	X(TCP_CHALLENGE_SKIPPED, TCPEXT, "TCPACKSkippedChallenge",	\
	  "challenge ACKs not sent because of their limit")		\
	X(TCP_SEQ_SKIPPED, TCPEXT, "TCPACKSkippedSeq",			\
	  "ACKs of old segments not sent because of their limit")	\
	X(TCP_SYN_RECV_SKIPPED, TCPEXT, "TCPACKSkippedSynRecv",		\
	  "of these, to handshakes")					\
	X(TCP_TIME_WAIT_SKIPPED, TCPEXT, "TCPACKSkippedTimeWait",	\
	  "of these, to connections in TIME_WAIT")			\
	X(TCP_TO_ZERO_WINDOW, TCPEXT, "TCPToZeroWindowAdv",		\
	  "times that a window of zero was advertised")			\
	X(TCP_ZERO_WINDOW_DROP, TCPEXT, "TCPZeroWindowDrop",		\
	  "segments dropped because the window was zero")		\
	X(TCP_WIN_PROBE, TCPEXT, "TCPWinProbe",				\
	  "window and keepalive probes sent")				\
	X(TCP_KEEP_ALIVE, TCPEXT, "TCPKeepAlive",			\
	  "keepalive probes sent")					\
	X(TCP_WQUEUE_TOO_BIG, TCPEXT, "TCPWqueueTooBig",		\
	  "packets not split because too much memory was queued")	\
	X(UDP_IN_DATAGRAMS, UDP, "InDatagrams",				\
	  "datagrams delivered to sockets")				\
	X(UDP_NO_PORTS, UDP, "NoPorts",					\
	  "datagrams received for a port without a socket")		\
	X(UDP_IN_ERRORS, UDP, "InErrors",				\
	  "datagrams received and not delivered: malformed, or no room") \
	X(UDP_OUT_DATAGRAMS, UDP, "OutDatagrams",			\
	  "datagrams sent")						\
	X(UDP_RCVBUF_ERRORS, UDP, "RcvbufErrors",			\
	  "of InErrors: the socket's receive buffer was full")		\
	X(UDP_SNDBUF_ERRORS, UDP, "SndbufErrors",			\
	  "datagrams not sent because a send buffer or queue was full")	\
	X(UDP_IN_CSUM_ERRORS, UDP, "InCsumErrors",			\
	  "of InErrors: wrong checksum")				\
	X(UDP_IGNORED_MULTI, UDP, "IgnoredMulti",			\
	  "multicast and broadcast datagrams without a socket")		\
	X(UDP_MEM_ERRORS, UDP, "MemErrors",				\
	  "of InErrors: the memory of all UDP sockets was used up")	\
	X(IP_IN_NO_ROUTES, IPEXT, "InNoRoutes",				\
	  "packets to forward without a route")				\
	X(IP_IN_TRUNCATED, IPEXT, "InTruncatedPkts",			\
	  "packets shorter than their header says")			\
	X(IP_IN_MCAST_PKTS, IPEXT, "InMcastPkts",			\
	  "multicast packets received")					\
	X(IP_OUT_MCAST_PKTS, IPEXT, "OutMcastPkts",			\
	  "multicast packets sent")					\
	X(IP_IN_BCAST_PKTS, IPEXT, "InBcastPkts",			\
	  "broadcast packets received")					\
	X(IP_OUT_BCAST_PKTS, IPEXT, "OutBcastPkts",			\
	  "broadcast packets sent")					\
	X(IP_IN_OCTETS, IPEXT, "InOctets",				\
	  "bytes of packets received")					\
	X(IP_OUT_OCTETS, IPEXT, "OutOctets",				\
	  "bytes of packets sent")					\
	X(IP_IN_MCAST_OCTETS, IPEXT, "InMcastOctets",			\
	  "bytes of multicast packets received")			\
	X(IP_OUT_MCAST_OCTETS, IPEXT, "OutMcastOctets",			\
	  "bytes of multicast packets sent")				\
	X(IP_IN_BCAST_OCTETS, IPEXT, "InBcastOctets",			\
	  "bytes of broadcast packets received")			\
	X(IP_OUT_BCAST_OCTETS, IPEXT, "OutBcastOctets",			\
	  "bytes of broadcast packets sent")				\
	X(IP_IN_CSUM_ERRORS, IPEXT, "InCsumErrors",			\
	  "packets received with a wrong header checksum")		\
	X(IP_REASM_OVERLAPS, IPEXT, "ReasmOverlaps",			\
	  "packets dropped because fragments overlap")			\
	X(IP_RPFILTER, IPEXT, "IPReversePathFilter",			\
	  "packets dropped by the reverse path filter")			\
	X(SOCK_CREATED,	EXT, "SockCreated",				\
	  "sockets created")						\
	X(SOCK_DESTROYED, EXT, "SockDestroyed",				\
	  "sockets destroyed")						\
	X(IP_FRAG_UNCOPIED, EXT, "FragUncopied",			\
	  "packets fragmented without a copy")				\
	X(SOCK_REFUSED,	EXT, "SockRefused",				\
	  "calls of socket() that failed")				\
	X(LINK_IN,	LINK, "InPkts",					\
	  "packets received from attached devices")			\
	X(LINK_IN_BYTES, LINK, "InOctets",				\
	  "bytes of these, without link headers")			\
	X(LINK_OUT,	LINK, "OutPkts",				\
	  "packets given to attached devices; a GSO packet counts once") \
	X(LINK_OUT_BYTES, LINK, "OutOctets",				\
	  "bytes of these, without link headers")			\
	X(ARP_IN_REQUESTS, LINK, "ArpInRequests",			\
	  "ARP requests received")					\
	X(ARP_IN_REPLIES, LINK, "ArpInReplies",				\
	  "ARP replies received")					\
	X(ARP_OUT_REQUESTS, LINK, "ArpOutRequests",			\
	  "ARP requests sent")						\
	X(ARP_OUT_REPLIES, LINK, "ArpOutReplies",			\
	  "ARP replies sent")						\
	X(ARP_CONFLICTS, LINK, "ArpConflicts",				\
	  "ARP packets of another host that claim an address of this one") \
	X(NEIGH_MADE,	LINK, "NeighMade",				\
	  "neighbour entries created")					\
	X(NEIGH_ENDED,	LINK, "NeighEnded",				\
	  "neighbour entries removed")					\
	X(NEIGH_FAILED,	LINK, "NeighFailed",				\
	  "neighbours that did not answer")				\
	X(ARP_DEFENCES,	LINK, "ArpDefences",				\
	  "conflicts answered by an announcement")			\
	X(ARP_PROBES,	LINK, "ArpProbes",				\
	  "ARP probes sent for a new address")				\
	X(ARP_PROBE_CONFLICTS, LINK, "ArpProbeConflicts",		\
	  "new addresses given up because of a conflict")		\
	X(ADDR_EXPIRED,	LINK, "AddrExpired",				\
	  "addresses whose lifetime ended")				\
	X(IGMP_IN_MSGS,	IGMP, "InMsgs",					\
	  "IGMP messages received")					\
	X(IGMP_IN_ERRORS, IGMP, "InErrors",				\
	  "malformed messages received")				\
	X(IGMP_IN_QUERIES, IGMP, "InQueries",				\
	  "queries received, of all versions")				\
	X(IGMP_IN_REPORTS, IGMP, "InReports",				\
	  "reports of other hosts received, of versions 1 and 2")	\
	X(IGMP_OUT_REPORTS, IGMP, "OutReports",				\
	  "reports sent; one of version 3 can have many groups")	\
	X(IGMP_OUT_LEAVES, IGMP, "OutLeaves",				\
	  "leave messages of version 2 sent")

/* enum mynet_mib_id: first the counters of the list, then one for each drop reason. */
#define MN_MIB_ID(name, group, shown, what)	MYNET_MIB_##name,
enum mynet_mib_id {
	MYNET_MIB_LIST(MN_MIB_ID)
	MYNET_MIB_DROP_FIRST,
	MYNET_MIB_MAX = MYNET_MIB_DROP_FIRST + MYNET_DROP_MAX
};
#undef MN_MIB_ID

/* The counter of a drop reason. */
#define MYNET_MIB_DROP(reason)	(MYNET_MIB_DROP_FIRST + (reason))

/**
 * struct mynet_mib - one CPU's share of a namespace's counters
 * @count: the counters; written by this CPU only, in any context
 * @sync: lets a 32-bit reader see whole 64-bit values; empty on 64 bits
 */
struct mynet_mib {
	u64			count[MYNET_MIB_MAX];
	struct u64_stats_sync	sync;
};

/**
 * mynet_mib_add() - count
 * @mnet: namespace to count in
 * @id: counter
 * @n: how many
 *
 * Context: Any, hard interrupts included.
 */
static inline void mynet_mib_add(struct mynet_net *mnet, enum mynet_mib_id id, u64 n)
{
	struct mynet_mib *mib;
	unsigned long flags;

	if (IS_ENABLED(CONFIG_64BIT)) {
		this_cpu_add(mnet->mib->count[id], n);
		return;
	}

	local_irq_save(flags);
	mib = this_cpu_ptr(mnet->mib);
	u64_stats_update_begin(&mib->sync);
	mib->count[id] += n;
	u64_stats_update_end(&mib->sync);
	local_irq_restore(flags);
}

/**
 * mynet_mib_inc() - count one
 * @mnet: namespace to count in
 * @id: counter
 *
 * Context: Any.
 */
static inline void mynet_mib_inc(struct mynet_net *mnet, enum mynet_mib_id id)
{
	mynet_mib_add(mnet, id, 1);
}

/**
 * mynet_mib_read() - sum of a counter over all CPUs
 * @mnet: namespace
 * @id: counter
 *
 * Context: Any.
 * Return: the sum; counting that goes on meanwhile may or may not be in it.
 */
u64 mynet_mib_read(const struct mynet_net *mnet, enum mynet_mib_id id);

/**
 * mynet_mib_net_init() - counters and their /proc files for a new namespace
 * @mnet: namespace; its proc directory exists
 *
 * Context: Process context.
 * Return: 0 or -ENOMEM, with nothing left behind.
 */
int mynet_mib_net_init(struct mynet_net *mnet);

/**
 * mynet_mib_net_exit() - take counters and files away again
 * @mnet: namespace in which nothing counts any more
 *
 * Context: Process context.
 */
void mynet_mib_net_exit(struct mynet_net *mnet);

#endif /* MYNET_CORE_MIB_H */
