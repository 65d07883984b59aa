/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The five places where others may look at a packet and decide about it. While nobody does they
 * cost one instruction each.
 */
#ifndef MYNET_INTERNET_HOOKS_H
#define MYNET_INTERNET_HOOKS_H

#include <linux/jump_label.h>
#include <linux/list.h>
#include <linux/skbuff.h>

struct net;

/* The places, in the order a packet that is forwarded, delivered or sent may meet them. */
enum mynet_hook_point {
	MYNET_HOOK_PRE_ROUTING,		/* came in and is checked; not routed yet */
	MYNET_HOOK_LOCAL_IN,		/* for this host, whole */
	MYNET_HOOK_FORWARD,		/* for another one */
	MYNET_HOOK_LOCAL_OUT,		/* this host's own, routed */
	MYNET_HOOK_POST_ROUTING,	/* about to leave, not cut into fragments yet */
	MYNET_HOOK_POINTS
};

enum mynet_hook_verdict {
	MYNET_HOOK_ACCEPT,	/* on to the next hook */
	MYNET_HOOK_DROP,	/* the packet ends here */
	MYNET_HOOK_STOLEN,	/* the hook has it now */
};

/**
 * struct mynet_hook - somebody who looks at packets
 * @fn: decides. The packet's network header is its IPv4 header and skb->data is there; checked,
 *	not shared but perhaps cloned. RCU read section, bottom halves as it comes
 * @point: where
 * @priority: smaller ones are asked first
 * @list: the room's
 */
struct mynet_hook {
	enum mynet_hook_verdict (*fn)(struct net *net, struct sk_buff *skb,
				      enum mynet_hook_point point);
	enum mynet_hook_point	point;
	int			priority;
	struct list_head	list;
};

/**
 * mynet_hook_add() - ask this one too, in all namespaces
 * @hook: stays until mynet_hook_del() has returned
 *
 * Context: Process context, may sleep.
 * Return: 0 or -EINVAL for a point that does not exist.
 */
int mynet_hook_add(struct mynet_hook *hook);

/**
 * mynet_hook_del() - ask it no more
 * @hook: as it was added
 *
 * Context: Process context, may sleep: it does not run any more when this returns.
 */
void mynet_hook_del(struct mynet_hook *hook);

extern struct static_key_false mynet_hook_keys[MYNET_HOOK_POINTS];

/* The slow half: somebody is to be asked. */
bool mynet_hook_ask(struct net *net, struct sk_buff *skb, enum mynet_hook_point point);

/**
 * mynet_hook_run() - may a packet go on?
 * @net: namespace
 * @skb: packet; consumed unless it may
 * @point: where it is
 *
 * Context: RCU read section.
 * Return: true if it may.
 */
static __always_inline bool mynet_hook_run(struct net *net, struct sk_buff *skb,
					   enum mynet_hook_point point)
{
	if (static_branch_unlikely(&mynet_hook_keys[point]))
		return mynet_hook_ask(net, skb, point);
	return true;
}

#endif /* MYNET_INTERNET_HOOKS_H */
