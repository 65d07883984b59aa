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

/* The module's messages begin with its name. Here, because the headers below settle it. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/hrtimer.h>
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

#ifndef MYNET_HAVE_HRTIMER_SETUP
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
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

/* The attributes that a dump was asked with: only ->attrs is common to both answers. */
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

/* Receive packet steering too. */
#ifdef MYNET_HAVE_NET_RPS_H
#include <net/rps.h>
#endif

/* The table that a handler of sysctls gets: it must not write to it any more. */
#ifdef MYNET_HAVE_CTL_CONST
typedef const struct ctl_table mynet_ctl_table;
#else
typedef struct ctl_table mynet_ctl_table;
#endif

/* The addresses that bind() and connect() are given say by their type that they have no size. */
#ifdef MYNET_HAVE_SOCKADDR_UNSIZED
#define mynet_sockaddr	sockaddr_unsized
#else
#define mynet_sockaddr	sockaddr
#endif

/* proto_ops.accept: op becomes a function of the kernel's signature; impl takes flags and kern. */
#ifdef MYNET_HAVE_ACCEPT_ARG
#define MYNET_DEFINE_ACCEPT(op, impl)							\
static int op(struct socket *sock, struct socket *newsock, struct proto_accept_arg *arg) \
{											\
	return impl(sock, newsock, arg->flags, arg->kern);				\
}
#else
#define MYNET_DEFINE_ACCEPT(op, impl)							\
static int op(struct socket *sock, struct socket *newsock, int flags, bool kern)	\
{											\
	return impl(sock, newsock, flags, kern);					\
}
#endif

/* A family that may have a say about level SOL_SOCKET has to ask for it. */
#include <linux/net.h>
static inline void mynet_socket_wants_options(struct socket *sock)
{
#ifdef MYNET_HAVE_CUSTOM_SOCKOPT
	set_bit(SOCK_CUSTOM_SOCKOPT, &sock->flags);
#endif
}

/* Control messages of level SOL_SOCKET need not be told of the message any more. */
#ifdef MYNET_HAVE_SOCK_CMSG_PLAIN
#define mynet_sock_cmsg(sk, msg, cmsg, sockc)	__sock_cmsg_send(sk, cmsg, sockc)
#else
#define mynet_sock_cmsg(sk, msg, cmsg, sockc)	__sock_cmsg_send(sk, msg, cmsg, sockc)
#endif

/* Time stamps for SO_TIMESTAMPING are kept as the core's clock has them now. */
#ifdef MYNET_HAVE_SCM_STAMP_KTIME
#define mynet_scm_stamp(when)	(when)
#else
#define mynet_scm_stamp(when)	ktime_to_timespec64(when)
#endif

/* How many packets a socket lost is not always counted in the socket itself any more. */
#ifdef MYNET_HAVE_SK_DROPS_INC
#define mynet_sk_drops_inc(sk)	sk_drops_inc(sk)
#define mynet_sk_drops(sk)	sk_drops_read(sk)
#else
#define mynet_sk_drops(sk)	atomic_read(&(sk)->sk_drops)
#define mynet_sk_drops_inc(sk)	atomic_inc(&(sk)->sk_drops)
#endif

/* The times of a packet that its sender wants to be told. */
#ifdef MYNET_HAVE_TX_TSTAMP_COOKIE
#define mynet_setup_tx_timestamp(skb, sockc)	skb_setup_tx_timestamp(skb, sockc)
#define mynet_sock_tx_timestamp(sk, sockc, to)	sock_tx_timestamp(sk, sockc, to)
#else
#define mynet_sock_tx_timestamp(sk, sockc, to)	sock_tx_timestamp(sk, (sockc)->tsflags, to)
#define mynet_setup_tx_timestamp(skb, sockc)	skb_setup_tx_timestamp(skb, (sockc)->tsflags)
#endif

#ifndef MYNET_HAVE_COPY_SPLICE_READ
#define copy_splice_read	generic_file_splice_read
#endif

/*
 * Pages of sendfile(): once a call for each, which says if more follow; now a flag of sendmsg().
 */
#ifdef MYNET_HAVE_SENDPAGE
#include <linux/bvec.h>
#include <linux/uio.h>
#define MYNET_DEFINE_SENDPAGE(op, impl)							\
static ssize_t op(struct socket *sock, struct page *page, int offset, size_t size,	\
		  int flags)								\
{											\
	struct bio_vec bv = { .bv_page = page, .bv_offset = offset, .bv_len = size };	\
	struct msghdr msg = { .msg_flags = flags | MSG_SPLICE_PAGES };			\
											\
	iov_iter_bvec(&msg.msg_iter, ITER_SOURCE, &bv, 1, size);			\
	return impl(sock, &msg, size);							\
}

#define MYNET_SENDPAGE(op)	.sendpage = op,
/*
 * Only the kernel may hand on pages: not every kernel of this kind keeps programs from saying so.
 */
#define mynet_msg_enter(msg)	((msg)->msg_flags &= ~MSG_SPLICE_PAGES)
#else
#define MYNET_DEFINE_SENDPAGE(op, impl)
#define MYNET_SENDPAGE(op)
#define mynet_msg_enter(msg)
#define MSG_SENDPAGE_NOTLAST	0
#endif

/*
 * Adds up to @most bytes of an iterator's pages to a packet, by reference. Return: how many, or
 * -EMSGSIZE: the packet has no place for another page. Only pages that may be shared so can come.
 */
#ifdef MYNET_HAVE_SKB_SPLICE_GFP
#define mynet_skb_splice(skb, iter, most, gfp)	skb_splice_from_iter(skb, iter, most, gfp)
#elif defined(MYNET_HAVE_SKB_SPLICE)
#define mynet_skb_splice(skb, iter, most, gfp)	skb_splice_from_iter(skb, iter, most)
#else
static inline ssize_t mynet_skb_splice(struct sk_buff *skb, struct iov_iter *iter, size_t most,
				       gfp_t gfp)
{
	const struct bio_vec *bv = iter->bvec;
	size_t len = min3(most, iov_iter_count(iter), bv->bv_len - iter->iov_offset);
	int err;

	if (!sendpage_ok(bv->bv_page))
		return -EIO;
	err = skb_append_pagefrags(skb, bv->bv_page, bv->bv_offset + iter->iov_offset, len);
	if (err)
		return err;
	skb->len += len;
	skb->data_len += len;
	skb->truesize += len;
	iov_iter_advance(iter, len);
	return len;
}
#endif

/* Limits of a protocol's memory got a header of their own. */
#ifdef MYNET_HAVE_PROTO_MEMORY_H
#include <net/proto_memory.h>
#endif

/* --- for the network card --- */

#include <linux/bits.h>
#include <linux/ethtool.h>
#include <linux/platform_device.h>
#include <net/rtnetlink.h>

#ifdef MYNET_HAVE_UNALIGNED_LINUX
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#ifdef MYNET_HAVE_PAGE_POOL_HELPERS
#include <net/page_pool/helpers.h>
#else
#include <net/page_pool.h>
#endif

/* Handing out parts of pages had to be asked for. */
#ifndef PP_FLAG_PAGE_FRAG
#define PP_FLAG_PAGE_FRAG	0
#endif

#ifndef MYNET_HAVE_FIELD_PREP_CONST
#define FIELD_PREP_CONST(mask, val)	((val) * ((mask) & -(mask)))
#endif

/* Interrupts that can move at any time had to say so; now those that cannot do. */
#ifndef MYNET_HAVE_IRQ_MOVE_PCNTXT
#define IRQ_MOVE_PCNTXT	0
#endif

#ifndef MYNET_HAVE_ETHTOOL_PUTS
static inline void ethtool_puts(u8 **data, const char *str)
{
	ethtool_sprintf(data, "%s", str);
}
#endif

/*
 * rtnl_link_ops.newlink: op becomes a function of the kernel's signature that calls
 * impl(link_net, dev, tb, extack).
 */
#ifdef MYNET_HAVE_NEWLINK_PARAMS
#define MYNET_DEFINE_NEWLINK(op, impl)							\
static int op(struct net_device *dev, struct rtnl_newlink_params *params,		\
	      struct netlink_ext_ack *extack)						\
{											\
	return impl(rtnl_newlink_link_net(params), dev, params->tb, extack);		\
}
#else
#define MYNET_DEFINE_NEWLINK(op, impl)							\
static int op(struct net *link_net, struct net_device *dev, struct nlattr *tb[],	\
	      struct nlattr *data[], struct netlink_ext_ack *extack)			\
{											\
	return impl(link_net, dev, tb, extack);						\
}
#endif

/* platform_driver.remove: op calls impl(pdev), which returns nothing. */
#ifdef MYNET_HAVE_PLATFORM_REMOVE_INT
#define MYNET_DEFINE_PLATFORM_REMOVE(op, impl)						\
static int op(struct platform_device *pdev)						\
{											\
	impl(pdev);									\
	return 0;									\
}
#else
#define MYNET_DEFINE_PLATFORM_REMOVE(op, impl)						\
static void op(struct platform_device *pdev)						\
{											\
	impl(pdev);									\
}
#endif

/* A device that sees memory through the CPU's caches, where that can be said at all. */
static inline void mynet_dev_set_coherent(struct device *dev)
{
#ifdef MYNET_HAVE_DMA_COHERENT
	dev->dma_coherent = true;
#endif
}

/* Newer kernels tell the listeners of skb:kfree_skb the socket too, after the reason. */
#ifdef MYNET_HAVE_SK_SKB_REASON_DROP
#define MYNET_KFREE_SKB_WHY	enum skb_drop_reason reason, const struct sock *rx_sk
#else
#define MYNET_KFREE_SKB_WHY	enum skb_drop_reason reason
#endif

/* Newer kernels ask whether the suites shall run now. */
#ifdef MYNET_HAVE_KUNIT_RUN_TESTS
#define mynet_kunit_suites_init(suites, n)	__kunit_test_suites_init(suites, n, true)
#else
#define mynet_kunit_suites_init(suites, n)	__kunit_test_suites_init(suites, n)
#endif

#endif
