/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Door of the core room: the floor that every other room stands on. It knows no protocol.
 *
 * State: struct mynet_net, one for each network namespace.
 */
#ifndef MYNET_CORE_H
#define MYNET_CORE_H

#include <linux/export.h>
#include <linux/kconfig.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/sock.h>

struct mynet_mib;
struct proc_dir_entry;

/**
 * struct mynet_net - what MYNET keeps for one network namespace
 * @net: the namespace
 * @proc: directory /proc/net/mynet; a room makes its files in it and removes them itself
 * @mib: counters; written through mib.h only
 *
 * Born before any other per-namespace state of MYNET and dead after all of it. All members
 * are set once at birth. A room with state of its own registers its own pernet operations
 * after this one and keeps that state to itself; here is only what every room needs.
 */
struct mynet_net {
	struct net		*net;
	struct proc_dir_entry	*proc;
	struct mynet_mib __percpu *mib;
};

extern unsigned int mynet_net_id;

/**
 * mynet_net() - find MYNET's part of a namespace
 * @net: a namespace that the caller keeps alive
 *
 * Costs an RCU section and two loads. What meets every packet (sockets, devices) keeps the
 * answer instead of asking again.
 *
 * Context: Any.
 * Return: never NULL while the module is loaded.
 */
static inline struct mynet_net *mynet_net(const struct net *net)
{
	return net_generic(net, mynet_net_id);
}

/**
 * mynet_skb_net() - the namespace in which a packet is
 * @skb: packet whose skb->dev is a device or NULL (not the debris of an rb-tree)
 *
 * Context: Any; the packet's device or socket is kept alive by the caller.
 * Return: the device's namespace, else the socket's, else the first one.
 */
static inline struct net *mynet_skb_net(const struct sk_buff *skb)
{
	if (skb->dev)
		return dev_net(skb->dev);
	if (skb->sk)
		return sock_net(skb->sk);
	return &init_net;
}

/*
 * Symbols that the unit tests, a module apart, have to reach. Where there is no KUnit
 * nothing is exported.
 */
#if IS_ENABLED(CONFIG_KUNIT)
#define MYNET_EXPORT_TO_TESTS(sym)		EXPORT_SYMBOL_GPL(sym)
#define MYNET_EXPORT_TRACE_TO_TESTS(event)	EXPORT_TRACEPOINT_SYMBOL_GPL(event)
#else
#define MYNET_EXPORT_TO_TESTS(sym)
#define MYNET_EXPORT_TRACE_TO_TESTS(event)
#endif

/**
 * mynet_core_init() - open the room
 *
 * Context: Process context.
 * Return: 0 or -errno.
 */
int mynet_core_init(void);

/**
 * mynet_core_exit() - close the room, after every other one
 *
 * Context: Process context.
 */
void mynet_core_exit(void);

#endif /* MYNET_CORE_H */
