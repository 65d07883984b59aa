// SPDX-License-Identifier: GPL-2.0
/*
 * The internet room's knobs: net.mynet.* in each namespace, net.mynet.conf.DEVICE.* for each
 * attached device.
 *
 * State: struct mn_inet_conf and struct mn_indev_conf, written through /proc/sys only and read
 * with READ_ONCE() wherever it matters; the limits of the reassembly.
 *
 * Names and values are those of net.ipv4.*.
 */
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <net/inet_frag.h>

#include "internet/inet.h"

static int mn_ttl_max = 255;
static int mn_pmtu_min = 68;
static int mn_pmtu_max = 65535;
static int mn_rate_max = 1000000;
static int mn_sources_max = 4096;

static const struct mn_inet_conf mn_inet_defaults = {
	.ttl			= 64,
	.echo_ignore_broadcasts	= 1,
	.error_rate		= 1000,
	.error_burst		= 50,
	.error_interval		= 1000,
	.mc_memberships		= 20,
	.mc_sources		= 10,
	.min_pmtu		= 552,
	.max_paths		= 1024,
	.mtu_expires		= 600 * HZ,
};

/* Setting it for all: the devices that are there and those that come. */
static int mn_ip_forward_handler(mynet_ctl_table *table, int write, void *buffer, size_t *len,
				 loff_t *pos)
{
	struct mn_inet *inet = table->extra1;
	struct ctl_table copy = *table;
	int value = READ_ONCE(inet->dev_conf.forwarding), err;
	struct mynet_dev *mdev;

	copy.data = &value;
	copy.extra1 = SYSCTL_ZERO;
	copy.extra2 = SYSCTL_ONE;
	err = proc_dointvec_minmax(&copy, write, buffer, len, pos);
	if (err || !write)
		return err;

	WRITE_ONCE(inet->dev_conf.forwarding, value);
	rcu_read_lock();
	mynet_dev_for_each(mdev, inet->mnet->net) {
		struct mn_indev *indev = mn_indev(mdev);

		if (indev)
			WRITE_ONCE(indev->conf.forwarding, value);
	}
	rcu_read_unlock();
	return 0;
}

/* @data is the place within the owner's struct; each copy of a table points to its own. */
#define MN_KNOB(type, name, member, min, max)					\
	{									\
		.procname	= name,						\
		.data		= (void *)offsetof(struct type, member),	\
		.maxlen		= sizeof(int),					\
		.mode		= 0644,						\
		.proc_handler	= proc_dointvec_minmax,				\
		.extra1		= min,						\
		.extra2		= max,						\
	}

#define MN_IP_KNOBS	12
static const struct ctl_table mn_inet_table[] = {
	MN_KNOB(mn_inet_conf, "ip_default_ttl", ttl, SYSCTL_ONE, &mn_ttl_max),
	MN_KNOB(mn_inet_conf, "icmp_echo_ignore_all", echo_ignore_all, SYSCTL_ZERO, SYSCTL_ONE),
	MN_KNOB(mn_inet_conf, "icmp_echo_ignore_broadcasts", echo_ignore_broadcasts,
		SYSCTL_ZERO, SYSCTL_ONE),
	MN_KNOB(mn_inet_conf, "icmp_msgs_per_sec", error_rate, SYSCTL_ZERO, &mn_rate_max),
	MN_KNOB(mn_inet_conf, "icmp_msgs_burst", error_burst, SYSCTL_ZERO, &mn_rate_max),
	MN_KNOB(mn_inet_conf, "igmp_max_memberships", mc_memberships, SYSCTL_ZERO,
		SYSCTL_INT_MAX),
	MN_KNOB(mn_inet_conf, "icmp_ratelimit", error_interval, SYSCTL_ZERO, &mn_rate_max),
	MN_KNOB(mn_inet_conf, "max_paths", max_paths, SYSCTL_ZERO, SYSCTL_INT_MAX),
	MN_KNOB(mn_inet_conf, "min_pmtu", min_pmtu, &mn_pmtu_min, &mn_pmtu_max),
	MN_KNOB(mn_inet_conf, "igmp_max_msf", mc_sources, SYSCTL_ZERO, &mn_sources_max),
	MN_KNOB(mn_inet_conf, "fib_multipath_hash_policy", multipath_hash_policy,
		SYSCTL_ZERO, SYSCTL_ONE),
	{
		.procname	= "ip_forward",
		.maxlen		= sizeof(int),
		.mode		= 0644,
		.proc_handler	= mn_ip_forward_handler,
	}, {
		.procname	= "mtu_expires",
		.maxlen		= sizeof(int),
		.mode		= 0644,
		.proc_handler	= proc_dointvec_jiffies,
	}, {
		.procname	= "ipfrag_high_thresh",
		.maxlen		= sizeof(unsigned long),
		.mode		= 0644,
		.proc_handler	= proc_doulongvec_minmax,
	}, {
		.procname	= "ipfrag_time",
		.maxlen		= sizeof(int),
		.mode		= 0644,
		.proc_handler	= proc_dointvec_jiffies,
	},
};

static const struct ctl_table mn_indev_table[] = {
	MN_KNOB(mn_indev_conf, "forwarding", forwarding, SYSCTL_ZERO, SYSCTL_ONE),
	MN_KNOB(mn_indev_conf, "rp_filter", rp_filter, SYSCTL_ZERO, SYSCTL_TWO),
	MN_KNOB(mn_indev_conf, "accept_local", accept_local, SYSCTL_ZERO, SYSCTL_ONE),
	MN_KNOB(mn_indev_conf, "accept_redirects", accept_redirects, SYSCTL_ZERO, SYSCTL_ONE),
	MN_KNOB(mn_indev_conf, "send_redirects", send_redirects, SYSCTL_ZERO, SYSCTL_ONE),
};

/* A copy of a table and one more entry, empty: older kernels look for the end, not at a number. */
static struct ctl_table *mn_table_copy(const struct ctl_table *table, size_t n)
{
	struct ctl_table *copy = kcalloc(n + 1, sizeof(*copy), GFP_KERNEL);

	if (copy)
		memcpy(copy, table, n * sizeof(*copy));
	return copy;
}

static void mn_table_free(struct ctl_table_header *header)
{
	const struct ctl_table *table = header->ctl_table_arg;

	unregister_net_sysctl_table(header);
	kfree(table);
}

static struct ctl_table_header *mn_conf_register(struct net *net, const char *name,
						 struct mn_indev_conf *conf)
{
	size_t n = ARRAY_SIZE(mn_indev_table), i;
	struct ctl_table_header *header;
	char path[sizeof("net/mynet/conf/") + IFNAMSIZ];
	struct ctl_table *table;

	table = mn_table_copy(mn_indev_table, n);
	if (!table)
		return NULL;
	for (i = 0; i < n; i++)
		table[i].data = (u8 *)conf + (size_t)table[i].data;
	snprintf(path, sizeof(path), "net/mynet/conf/%s", name);
	header = register_net_sysctl_sz(net, path, table, n);
	if (!header)
		kfree(table);
	return header;
}

int mn_indev_sysctl_init(struct mn_indev *indev)
{
	struct mynet_dev *mdev = indev->mdev;

	indev->conf = indev->inet->dev_conf;
	indev->sysctl = mn_conf_register(mdev->mnet->net, mdev->dev->name, &indev->conf);
	return indev->sysctl ? 0 : -ENOMEM;
}

/* Under RTNL: no handler of these takes it. */
void mn_indev_sysctl_exit(struct mn_indev *indev)
{
	mn_table_free(indev->sysctl);
}

void mn_inet_conf_init(struct mn_inet *inet)
{
	inet->conf = mn_inet_defaults;
	inet->dev_conf = (struct mn_indev_conf){ .accept_redirects = 1, .send_redirects = 1 };
}

int mn_inet_sysctl_init(struct mn_inet *inet)
{
	size_t n = ARRAY_SIZE(mn_inet_table), i;
	struct net *net = inet->mnet->net;
	struct ctl_table *table;

	table = mn_table_copy(mn_inet_table, n);
	if (!table)
		return -ENOMEM;
	for (i = 0; i < MN_IP_KNOBS - 1; i++)
		table[i].data = (u8 *)&inet->conf + (size_t)table[i].data;
	table[i].data = &inet->dev_conf.forwarding;
	table[i++].extra1 = inet;
	table[i++].data = &inet->conf.mtu_expires;
	table[i++].data = &inet->frags->high_thresh;
	table[i++].data = &inet->frags->timeout;

	inet->sysctl = register_net_sysctl_sz(net, "net/mynet", table, n);
	if (!inet->sysctl) {
		kfree(table);
		return -ENOMEM;
	}
	inet->dev_sysctl = mn_conf_register(net, "default", &inet->dev_conf);
	if (!inet->dev_sysctl) {
		mn_table_free(inet->sysctl);
		return -ENOMEM;
	}
	return 0;
}

void mn_inet_sysctl_exit(struct mn_inet *inet)
{
	mn_table_free(inet->dev_sysctl);
	mn_table_free(inet->sysctl);
}
