// SPDX-License-Identifier: GPL-2.0
/*
 * An example of a hook: at the points the administrator names it counts the packets of his
 * namespace, and drops those that have a TOS he chose. It shows how hooks are written, and where
 * a packet passes.
 *
 * State: struct mn_hook_example of each namespace, written through /proc/sys; how many namespaces
 * want each point, under mn_example_lock.
 */
#include <linux/ip.h>
#include <linux/mutex.h>
#include <linux/sysctl.h>

#include "core/knobs.h"
#include "core/mib.h"
#include "internet/hooks.h"
#include "internet/inet.h"

#define MN_EXAMPLE_ALL_POINTS	(BIT(MYNET_HOOK_POINTS) - 1)

static DEFINE_MUTEX(mn_example_lock);
static unsigned int mn_example_users[MYNET_HOOK_POINTS];

static enum mynet_hook_verdict mn_example_fn(struct net *net, struct sk_buff *skb,
					     enum mynet_hook_point point)
{
	const struct mn_inet *inet = mn_inet(net);

	/* Hooks are asked in all namespaces. */
	if (!(READ_ONCE(inet->example.points) & BIT(point)))
		return MYNET_HOOK_ACCEPT;
	mynet_mib_inc(inet->mnet, MYNET_MIB_IP_HOOK_EXAMPLE);
	return ip_hdr(skb)->tos == READ_ONCE(inet->example.drop_tos) ? MYNET_HOOK_DROP :
								       MYNET_HOOK_ACCEPT;
}

static struct mynet_hook mn_example_hooks[MYNET_HOOK_POINTS] = {
	{ .fn = mn_example_fn, .point = MYNET_HOOK_PRE_ROUTING },
	{ .fn = mn_example_fn, .point = MYNET_HOOK_LOCAL_IN },
	{ .fn = mn_example_fn, .point = MYNET_HOOK_FORWARD },
	{ .fn = mn_example_fn, .point = MYNET_HOOK_LOCAL_OUT },
	{ .fn = mn_example_fn, .point = MYNET_HOOK_POST_ROUTING },
};

/* The first namespace that wants a point registers the hook there, the last one takes it away. */
static void mn_example_set(struct mn_inet *inet, int points)
{
	unsigned long changed;
	unsigned int point;

	mutex_lock(&mn_example_lock);
	changed = inet->example.points ^ points;
	WRITE_ONCE(inet->example.points, points);
	for_each_set_bit(point, &changed, MYNET_HOOK_POINTS) {
		if (points & BIT(point) && !mn_example_users[point]++)
			mynet_hook_add(&mn_example_hooks[point]);
		else if (!(points & BIT(point)) && !--mn_example_users[point])
			mynet_hook_del(&mn_example_hooks[point]);
	}
	mutex_unlock(&mn_example_lock);
}

static int mn_example_points_handler(mynet_ctl_table *table, int write, void *buffer, size_t *len,
				     loff_t *pos)
{
	struct mn_inet *inet = container_of(table->data, struct mn_inet, example.points);
	int points = READ_ONCE(inet->example.points), all = MN_EXAMPLE_ALL_POINTS, err;
	struct ctl_table copy = *table;

	copy.data = &points;
	copy.extra1 = SYSCTL_ZERO;
	copy.extra2 = &all;
	err = proc_dointvec_minmax(&copy, write, buffer, len, pos);
	if (!err && write)
		mn_example_set(inet, points);
	return err;
}

static int mn_example_tos_none = -1;
static int mn_example_tos_max = 255;

static const struct ctl_table mn_example_table[] = {
	{
		.procname	= "points",
		.data		= (void *)offsetof(struct mn_inet, example.points),
		.maxlen		= sizeof(int),
		.mode		= 0644,
		.proc_handler	= mn_example_points_handler,
	},
	MYNET_KNOB(mn_inet, "drop_tos", example.drop_tos, &mn_example_tos_none,
		   &mn_example_tos_max),
};

int mn_hook_example_net_init(struct mn_inet *inet)
{
	inet->example.drop_tos = mn_example_tos_none;
	inet->example.sysctl = mynet_knobs_register(inet->mnet->net, "hook_example",
						    mn_example_table,
						    ARRAY_SIZE(mn_example_table), inet);
	return inet->example.sysctl ? 0 : -ENOMEM;
}

void mn_hook_example_net_exit(struct mn_inet *inet)
{
	mynet_knobs_unregister(inet->example.sysctl);
	mn_example_set(inet, 0);
}
