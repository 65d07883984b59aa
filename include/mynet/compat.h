/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Makes older kernels look like the newest one this project knows (7.2), so that no other
 * file asks which kernel it is on. Seen by every file before its first line.
 *
 * A difference is told by a feature (features.list), not by a version number.
 * Write to the newest interface; back-fill here with one typedef or one whole function.
 */
#ifndef MYNET_COMPAT_H
#define MYNET_COMPAT_H

/* What a module says begins with its name. Here, because the headers below settle it. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/skbuff.h>
#include <linux/types.h>
#include <mynet/features.h>

/* Newer kernels tell the listeners of skb:kfree_skb which socket the packet was for. */
#ifndef MYNET_HAVE_SK_SKB_REASON_DROP
static inline void sk_skb_reason_drop(struct sock *sk, struct sk_buff *skb,
				      enum skb_drop_reason reason)
{
	kfree_skb_reason(skb, reason);
}
#endif

/* Before it had a name, purging a queue was a drop like any other. */
#ifndef MYNET_HAVE_DROP_QUEUE_PURGE
#define SKB_DROP_REASON_QUEUE_PURGE	SKB_DROP_REASON_NOT_SPECIFIED
#endif

/* A table of sysctls used to end where it was empty. */
#ifndef MYNET_HAVE_NET_SYSCTL_SZ
struct ctl_table;
struct ctl_table_header;
struct net;
struct ctl_table_header *register_net_sysctl(struct net *net, const char *path,
					     struct ctl_table *table);
static inline struct ctl_table_header *register_net_sysctl_sz(struct net *net, const char *path,
							      struct ctl_table *table, size_t n)
{
	return register_net_sysctl(net, path, table);
}
#endif

/* What a dump was asked with: only ->attrs is common to both answers. */
#ifndef MYNET_HAVE_GENL_INFO_DUMP
#define genl_info_dump(cb)	genl_dumpit_info(cb)
#endif

/* A dst_entry is always born with one reference now. */
#ifndef MYNET_HAVE_DST_ALLOC_PLAIN
#include <net/dst.h>
#define dst_alloc(ops, dev, obsolete, flags)	dst_alloc(ops, dev, 1, obsolete, flags)
#endif

/* The one who finds a fragment queue used to hold it; now the caller counts what it gives back. */
#ifndef MYNET_HAVE_INET_FRAG_REFS
#include <net/inet_frag.h>
#define inet_frag_kill(q, refs)	inet_frag_kill(q)
static inline void inet_frag_putn(struct inet_frag_queue *q, int refs)
{
	inet_frag_put(q);
}
#endif

/* Segmentation got a header of its own. */
#ifdef MYNET_HAVE_NET_GSO_H
#include <net/gso.h>
#endif

/* What a handler of sysctls gets: it must not write to it any more. */
#ifdef MYNET_HAVE_CTL_CONST
typedef const struct ctl_table mynet_ctl_table;
#else
typedef struct ctl_table mynet_ctl_table;
#endif

#endif
