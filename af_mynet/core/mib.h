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
	X(EXT,	NETSTAT,	"MynetExt")				\
	X(LINK,	NETSTAT,	"MynetLink")				\
	X(DROP,	DROPS,		"MynetDrop")

/* Counters: name in the code, group, name in /proc, what is counted. */
#define MYNET_MIB_LIST(X)						\
	X(SOCK_CREATED,	EXT, "SockCreated",				\
	  "sockets made")						\
	X(SOCK_DESTROYED, EXT, "SockDestroyed",				\
	  "sockets whose last reference went away")			\
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
	  "times a neighbour did not answer")

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
