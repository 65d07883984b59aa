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

#endif
