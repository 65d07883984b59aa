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
	  "packets that came in")					\
	X(IP_IN_HDR_ERRORS, IP, "InHdrErrors",				\
	  "whose header is wrong or has no hop left")			\
	X(IP_IN_ADDR_ERRORS, IP, "InAddrErrors",			\
	  "whose addresses do not belong here")				\
	X(IP_OUT_FORW_DATAGRAMS, IP, "ForwDatagrams",			\
	  "sent on for others")						\
	X(IP_IN_UNKNOWN_PROTOS, IP, "InUnknownProtos",			\
	  "for this host but for no transport it has")			\
	X(IP_IN_DISCARDS, IP, "InDiscards",				\
	  "that nothing was wrong with but memory")			\
	X(IP_IN_DELIVERS, IP, "InDelivers",				\
	  "given to a transport")					\
	X(IP_OUT_REQUESTS, IP, "OutRequests",				\
	  "packets of this host's own")					\
	X(IP_OUT_DISCARDS, IP, "OutDiscards",				\
	  "of them that nothing was wrong with but memory")		\
	X(IP_OUT_NO_ROUTES, IP, "OutNoRoutes",				\
	  "of them that no route was found for")			\
	X(IP_REASM_TIMEOUT, IP, "ReasmTimeout",				\
	  "packets that stayed incomplete too long")			\
	X(IP_REASM_REQDS, IP, "ReasmReqds",				\
	  "fragments for this host")					\
	X(IP_REASM_OKS, IP, "ReasmOKs",					\
	  "packets made of them")					\
	X(IP_REASM_FAILS, IP, "ReasmFails",				\
	  "fragments and packets that came to nothing")			\
	X(IP_FRAG_OKS, IP, "FragOKs",					\
	  "packets cut to fragments")					\
	X(IP_FRAG_FAILS, IP, "FragFails",				\
	  "that could not or must not be cut")				\
	X(IP_FRAG_CREATES, IP, "FragCreates",				\
	  "fragments made")						\
	X(IP_HOOK_EXAMPLE, IPEXT, "HookExample",			\
	  "packets the example of a hook was asked about")		\
	X(ICMP_IN_MSGS, ICMP, "InMsgs",					\
	  "ICMP messages that came in")					\
	X(ICMP_IN_ERRORS, ICMP, "InErrors",				\
	  "of them wrong in themselves")				\
	X(ICMP_IN_CSUM_ERRORS, ICMP, "InCsumErrors",			\
	  "of them with a wrong checksum")				\
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
	  "not sent for want of memory")				\
	X(ICMP_OUT_RATE_LIMIT, ICMP, "OutRateLimitGlobal",		\
	  "errors not sent because there were many")			\
	X(ICMP_OUT_RATE_LIMIT_HOST, ICMP, "OutRateLimitHost",		\
	  "errors not sent because there were many to one host")	\
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
	  "connections begun here")					\
	X(TCP_PASSIVE_OPENS, TCP, "PassiveOpens",			\
	  "connections begun by others")				\
	X(TCP_ATTEMPT_FAILS, TCP, "AttemptFails",			\
	  "connections that did not come to be")			\
	X(TCP_ESTAB_RESETS, TCP, "EstabResets",				\
	  "connections that ended from one moment to the next")		\
	X(TCP_CURR_ESTAB, TCP, "CurrEstab",				\
	  "connections that there are: established or half closed by the peer")	\
	X(TCP_IN_SEGS, TCP, "InSegs",					\
	  "segments that came in")					\
	X(TCP_OUT_SEGS, TCP, "OutSegs",					\
	  "segments sent")						\
	X(TCP_RETRANS_SEGS, TCP, "RetransSegs",				\
	  "of them sent again")						\
	X(TCP_IN_ERRS, TCP, "InErrs",					\
	  "segments that are wrong in themselves")			\
	X(TCP_OUT_RSTS, TCP, "OutRsts",					\
	  "resets sent")						\
	X(TCP_IN_CSUM_ERRORS, TCP, "InCsumErrors",			\
	  "segments with a wrong checksum")				\
	X(TCP_IN_RSTS, TCPEXT, "InRsts",				\
	  "resets that were believed")					\
	X(TCP_OUT_OF_WINDOW_ICMPS, TCPEXT, "OutOfWindowIcmps",		\
	  "ICMP errors about what is not on its way")			\
	X(TCP_TIME_WAITED, TCPEXT, "TW",				\
	  "connections whose time to wait was over")			\
	X(TCP_TIME_WAIT_OVERFLOW, TCPEXT, "TCPTimeWaitOverflow",	\
	  "connections that could not wait, for there were too many")	\
	X(TCP_PAWS_ACTIVE, TCPEXT, "PAWSActive",			\
	  "answers to a SYN whose timestamp is not of one of ours")	\
	X(TCP_PAWS_ESTAB, TCPEXT, "PAWSEstab",				\
	  "segments whose timestamp is too old")			\
	X(TCP_DELAYED_ACKS, TCPEXT, "DelayedACKs",			\
	  "acknowledgments that waited in vain for data to go with")	\
	X(TCP_DELAYED_ACK_LOST, TCPEXT, "DelayedACKLost",		\
	  "segments that came although they were there")		\
	X(TCP_LISTEN_OVERFLOWS, TCPEXT, "ListenOverflows",		\
	  "times an accept queue was full")				\
	X(TCP_LISTEN_DROPS, TCPEXT, "ListenDrops",			\
	  "handshakes that came to nothing here")			\
	X(TCP_REQ_QFULL_DROP, TCPEXT, "TCPReqQFullDrop",		\
	  "SYNs dropped, for there were too many handshakes")		\
	X(TCP_REQ_TIMEOUT, TCPEXT, "TCPReqTimeout",			\
	  "handshakes whose other end went silent")			\
	X(TCP_SACK_RECOVERY, TCPEXT, "TCPSackRecovery",			\
	  "recoveries from loss with SACK")				\
	X(TCP_RENO_RECOVERY, TCPEXT, "TCPRenoRecovery",			\
	  "recoveries from loss without")				\
	X(TCP_SACK_RENEGING, TCPEXT, "TCPSACKReneging",			\
	  "times a peer threw away what it had said to have")		\
	X(TCP_SACK_DISCARD, TCPEXT, "TCPSACKDiscard",			\
	  "SACK blocks that cannot be")					\
	X(TCP_UNDO, TCPEXT, "TCPUndo",					\
	  "recoveries that were a false alarm")				\
	X(TCP_FAST_RETRANS, TCPEXT, "TCPFastRetrans",			\
	  "segments sent again in recovery")				\
	X(TCP_SLOW_START_RETRANS, TCPEXT, "TCPSlowStartRetrans",	\
	  "segments sent again after a timeout")				\
	X(TCP_LOST_RETRANSMIT, TCPEXT, "TCPLostRetransmit",		\
	  "segments whose repair was lost too")				\
	X(TCP_TIMEOUTS, TCPEXT, "TCPTimeouts",				\
	  "times that the retransmission timer ran out")		\
	X(TCP_LOSS_PROBES, TCPEXT, "TCPLossProbes",			\
	  "tail loss probes sent")					\
	X(TCP_LOSS_PROBE_RECOVERY, TCPEXT, "TCPLossProbeRecovery",	\
	  "losses that a probe repaired")				\
	X(TCP_DSACK_SENT, TCPEXT, "TCPDSACKSent",			\
	  "D-SACKs to be sent")						\
	X(TCP_DSACK_RECV, TCPEXT, "TCPDSACKRecv",			\
	  "D-SACKs that came")						\
	X(TCP_ABORT_ON_DATA, TCPEXT, "TCPAbortOnData",			\
	  "resets because data came for a program that is gone, or SO_LINGER left no time") \
	X(TCP_ABORT_ON_CLOSE, TCPEXT, "TCPAbortOnClose",		\
	  "resets because a program left without reading all")		\
	X(TCP_ABORT_ON_MEMORY, TCPEXT, "TCPAbortOnMemory",		\
	  "resets because there were too many orphans")			\
	X(TCP_ABORT_ON_TIMEOUT, TCPEXT, "TCPAbortOnTimeout",		\
	  "connections given up because nobody answered")		\
	X(TCP_ABORT_ON_LINGER, TCPEXT, "TCPAbortOnLinger",		\
	  "resets because TCP_LINGER2 left no time to the peer")	\
	X(TCP_MEMORY_PRESSURES, TCPEXT, "TCPMemoryPressures",		\
	  "times that memory became scarce")				\
	X(TCP_BACKLOG_DROP, TCPEXT, "TCPBacklogDrop",			\
	  "segments dropped while a program kept its socket busy")	\
	X(TCP_RCVQ_DROP, TCPEXT, "TCPRcvQDrop",				\
	  "segments that there was no memory for")			\
	X(TCP_OFO_QUEUE, TCPEXT, "TCPOFOQueue",				\
	  "segments that came out of order")				\
	X(TCP_OFO_PRUNED, TCPEXT, "OfoPruned",				\
	  "times that those were thrown away")				\
	X(TCP_RCV_COALESCE, TCPEXT, "TCPRcvCoalesce",			\
	  "packets joined with the one before")				\
	X(TCP_CHALLENGE_ACK, TCPEXT, "TCPChallengeACK",			\
	  "challenges sent (RFC 5961)")					\
	X(TCP_CHALLENGE_SKIPPED, TCPEXT, "TCPACKSkippedChallenge",	\
	  "of them not sent because there were many")			\
	X(TCP_SEQ_SKIPPED, TCPEXT, "TCPACKSkippedSeq",			\
	  "old segments without data not answered, after one was")	\
	X(TCP_SYN_RECV_SKIPPED, TCPEXT, "TCPACKSkippedSynRecv",		\
	  "of these, to handshakes under way")				\
	X(TCP_TIME_WAIT_SKIPPED, TCPEXT, "TCPACKSkippedTimeWait",	\
	  "of these, to connections in TIME_WAIT")			\
	X(TCP_TO_ZERO_WINDOW, TCPEXT, "TCPToZeroWindowAdv",		\
	  "times the window was closed")				\
	X(TCP_ZERO_WINDOW_DROP, TCPEXT, "TCPZeroWindowDrop",		\
	  "segments beyond the window")					\
	X(TCP_WIN_PROBE, TCPEXT, "TCPWinProbe",				\
	  "probes of a closed window or an idle connection")		\
	X(TCP_KEEP_ALIVE, TCPEXT, "TCPKeepAlive",			\
	  "of them to see whether the peer is there")			\
	X(TCP_WQUEUE_TOO_BIG, TCPEXT, "TCPWqueueTooBig",		\
	  "times that a packet was not cut, for memory's sake")		\
	X(UDP_IN_DATAGRAMS, UDP, "InDatagrams",				\
	  "datagrams given to sockets")					\
	X(UDP_NO_PORTS, UDP, "NoPorts",					\
	  "datagrams to ports that no socket has")			\
	X(UDP_IN_ERRORS, UDP, "InErrors",				\
	  "datagrams that were wrong or found no room")			\
	X(UDP_OUT_DATAGRAMS, UDP, "OutDatagrams",			\
	  "datagrams sent")						\
	X(UDP_RCVBUF_ERRORS, UDP, "RcvbufErrors",			\
	  "of InErrors: the socket's buffer was full")			\
	X(UDP_SNDBUF_ERRORS, UDP, "SndbufErrors",			\
	  "datagrams not sent for want of room")			\
	X(UDP_IN_CSUM_ERRORS, UDP, "InCsumErrors",			\
	  "of InErrors: the checksum is wrong")				\
	X(UDP_IGNORED_MULTI, UDP, "IgnoredMulti",			\
	  "datagrams to many that nobody here wants")			\
	X(UDP_MEM_ERRORS, UDP, "MemErrors",				\
	  "of InErrors: all sockets together had no room")		\
	X(IP_IN_NO_ROUTES, IPEXT, "InNoRoutes",				\
	  "packets for others that no route was found for")		\
	X(IP_IN_TRUNCATED, IPEXT, "InTruncatedPkts",			\
	  "packets shorter than they say")				\
	X(IP_IN_MCAST_PKTS, IPEXT, "InMcastPkts",			\
	  "packets for a group")					\
	X(IP_OUT_MCAST_PKTS, IPEXT, "OutMcastPkts",			\
	  "packets sent to a group")					\
	X(IP_IN_BCAST_PKTS, IPEXT, "InBcastPkts",			\
	  "packets for everyone on the link")				\
	X(IP_OUT_BCAST_PKTS, IPEXT, "OutBcastPkts",			\
	  "packets sent to everyone on the link")			\
	X(IP_IN_OCTETS, IPEXT, "InOctets",				\
	  "bytes of packets that came in")				\
	X(IP_OUT_OCTETS, IPEXT, "OutOctets",				\
	  "bytes of packets sent")					\
	X(IP_IN_MCAST_OCTETS, IPEXT, "InMcastOctets",			\
	  "bytes of packets for a group")				\
	X(IP_OUT_MCAST_OCTETS, IPEXT, "OutMcastOctets",			\
	  "bytes of packets sent to a group")				\
	X(IP_IN_BCAST_OCTETS, IPEXT, "InBcastOctets",			\
	  "bytes of packets for everyone on the link")			\
	X(IP_OUT_BCAST_OCTETS, IPEXT, "OutBcastOctets",			\
	  "bytes of packets sent to everyone on the link")		\
	X(IP_IN_CSUM_ERRORS, IPEXT, "InCsumErrors",			\
	  "packets with a wrong header checksum")			\
	X(IP_REASM_OVERLAPS, IPEXT, "ReasmOverlaps",			\
	  "packets spoiled by fragments that contradict")		\
	X(IP_RPFILTER, IPEXT, "IPReversePathFilter",			\
	  "packets whose answer would leave elsewhere")			\
	X(SOCK_CREATED,	EXT, "SockCreated",				\
	  "sockets made")						\
	X(SOCK_DESTROYED, EXT, "SockDestroyed",				\
	  "sockets whose last reference went away")			\
	X(IP_FRAG_UNCOPIED, EXT, "FragUncopied",			\
	  "packets that were cut to fragments without a copy")		\
	X(SOCK_REFUSED,	EXT, "SockRefused",				\
	  "calls of socket() that got an error instead of a socket")	\
	X(LINK_IN,	LINK, "InPkts",					\
	  "packets given up to the internet layer")			\
	X(LINK_IN_BYTES, LINK, "InOctets",				\
	  "their bytes, without link headers")				\
	X(LINK_OUT,	LINK, "OutPkts",				\
	  "packets given to devices; one whatever a card makes of it")	\
	X(LINK_OUT_BYTES, LINK, "OutOctets",				\
	  "their bytes, without link headers")				\
	X(ARP_IN_REQUESTS, LINK, "ArpInRequests",			\
	  "ARP requests heard")						\
	X(ARP_IN_REPLIES, LINK, "ArpInReplies",				\
	  "ARP replies heard")						\
	X(ARP_OUT_REQUESTS, LINK, "ArpOutRequests",			\
	  "ARP requests sent")						\
	X(ARP_OUT_REPLIES, LINK, "ArpOutReplies",			\
	  "ARP replies sent")						\
	X(ARP_CONFLICTS, LINK, "ArpConflicts",				\
	  "times another host claimed an address of this one")		\
	X(NEIGH_MADE,	LINK, "NeighMade",				\
	  "neighbour entries made")					\
	X(NEIGH_ENDED,	LINK, "NeighEnded",				\
	  "neighbour entries that left the table")			\
	X(NEIGH_FAILED,	LINK, "NeighFailed",				\
	  "times a neighbour did not answer")				\
	X(ARP_DEFENCES,	LINK, "ArpDefences",				\
	  "of them answered by an announcement")			\
	X(ARP_PROBES,	LINK, "ArpProbes",				\
	  "requests that asked whether an address is free")		\
	X(ARP_PROBE_CONFLICTS, LINK, "ArpProbeConflicts",		\
	  "addresses that were not, and are not used")			\
	X(ADDR_EXPIRED,	LINK, "AddrExpired",				\
	  "addresses whose time was over")				\
	X(IGMP_IN_MSGS,	IGMP, "InMsgs",					\
	  "IGMP messages that came in")					\
	X(IGMP_IN_ERRORS, IGMP, "InErrors",				\
	  "of them wrong in themselves")				\
	X(IGMP_IN_QUERIES, IGMP, "InQueries",				\
	  "queries of all three versions")				\
	X(IGMP_IN_REPORTS, IGMP, "InReports",				\
	  "reports of others, of versions 1 and 2")			\
	X(IGMP_OUT_REPORTS, IGMP, "OutReports",				\
	  "reports sent; one of version 3 may be about many groups")	\
	X(IGMP_OUT_LEAVES, IGMP, "OutLeaves",				\
	  "messages of version 2 sent to leave a group")

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
