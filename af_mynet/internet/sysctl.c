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
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/sched/signal.h>
#include <linux/sysctl.h>
#include <net/inet_frag.h>

#include "core/knobs.h"
#include "internet/inet.h"

static int mn_ttl_max = 255;
static int mn_pmtu_min = 68;
static int mn_pmtu_max = 65535;
static int mn_rate_max = 1000000;
static int mn_sources_max = 4096;
static int mn_paths_max = 65536;

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

/*
 * Turns LRO off where a device begins to forward: no router can take such packets apart again (see
 * mn_ip_forward()). RTNL is waited for by trying again: the task that unregisters the file has it,
 * and waits for us.
 */
static int mn_forwarding_handler(mynet_ctl_table *table, int write, void *buffer, size_t *len,
				 loff_t *pos)
{
	struct mn_indev_conf *conf = container_of(table->data, struct mn_indev_conf, forwarding);
	int err;

	if (write && !rtnl_trylock())
		return restart_syscall();
	err = proc_dointvec_minmax(table, write, buffer, len, pos);
	if (!write)
		return err;
	if (conf->dev && conf->forwarding)
		dev_disable_lro(conf->dev);
	rtnl_unlock();
	return err;
}

/* Setting it for all: the devices that are there and those that come. */
static int mn_ip_forward_handler(mynet_ctl_table *table, int write, void *buffer, size_t *len,
				 loff_t *pos)
{
	struct mn_inet *inet = container_of(table->data, struct mn_inet, dev_conf.forwarding);
	struct ctl_table copy = *table;
	int value = READ_ONCE(inet->dev_conf.forwarding), err;
	struct mynet_dev *mdev;

	if (write && !rtnl_trylock())
		return restart_syscall();
	copy.data = &value;
	copy.extra1 = SYSCTL_ZERO;
	copy.extra2 = SYSCTL_ONE;
	err = proc_dointvec_minmax(&copy, write, buffer, len, pos);
	if (err || !write)
		goto out;

	WRITE_ONCE(inet->dev_conf.forwarding, value);
	mynet_dev_for_each(mdev, inet->mnet->net) {
		struct mn_indev *indev = mn_indev(mdev);

		if (!indev)
			continue;
		WRITE_ONCE(indev->conf.forwarding, value);
		if (value)
			dev_disable_lro(mdev->dev);
	}
out:
	if (write)
		rtnl_unlock();
	return err;
}

#define MN_KNOB(name, member, min, max)		MYNET_KNOB(mn_inet, name, member, min, max)
#define MN_DEV_KNOB(name, min, max)		MYNET_KNOB(mn_indev_conf, #name, name, min, max)

static const struct ctl_table mn_inet_table[] = {
	MN_KNOB("ip_default_ttl", conf.ttl, SYSCTL_ONE, &mn_ttl_max),
	MN_KNOB("icmp_echo_ignore_all", conf.echo_ignore_all, SYSCTL_ZERO, SYSCTL_ONE),
	MN_KNOB("icmp_echo_ignore_broadcasts", conf.echo_ignore_broadcasts, SYSCTL_ZERO,
		SYSCTL_ONE),
	MN_KNOB("icmp_msgs_per_sec", conf.error_rate, SYSCTL_ZERO, &mn_rate_max),
	MN_KNOB("icmp_msgs_burst", conf.error_burst, SYSCTL_ZERO, &mn_rate_max),
	MN_KNOB("igmp_max_memberships", conf.mc_memberships, SYSCTL_ZERO, SYSCTL_INT_MAX),
	MN_KNOB("icmp_ratelimit", conf.error_interval, SYSCTL_ZERO, &mn_rate_max),
	MN_KNOB("max_paths", conf.max_paths, SYSCTL_ZERO, &mn_paths_max),
	MN_KNOB("min_pmtu", conf.min_pmtu, &mn_pmtu_min, &mn_pmtu_max),
	MN_KNOB("igmp_max_msf", conf.mc_sources, SYSCTL_ZERO, &mn_sources_max),
	MN_KNOB("fib_multipath_hash_policy", conf.multipath_hash_policy, SYSCTL_ZERO,
		SYSCTL_ONE),
	{
		.procname	= "ip_forward",
		.data		= (void *)offsetof(struct mn_inet, dev_conf.forwarding),
		.maxlen		= sizeof(int),
		.mode		= 0644,
		.proc_handler	= mn_ip_forward_handler,
	}, {
		.procname	= "mtu_expires",
		.data		= (void *)offsetof(struct mn_inet, conf.mtu_expires),
		.maxlen		= sizeof(int),
		.mode		= 0644,
		.proc_handler	= proc_dointvec_jiffies,
	},
};

static const struct ctl_table mn_frag_table[] = {
	{
		.procname	= "ipfrag_high_thresh",
		.data		= (void *)offsetof(struct fqdir, high_thresh),
		.maxlen		= sizeof(unsigned long),
		.mode		= 0644,
		.proc_handler	= proc_doulongvec_minmax,
	}, {
		.procname	= "ipfrag_time",
		.data		= (void *)offsetof(struct fqdir, timeout),
		.maxlen		= sizeof(int),
		.mode		= 0644,
		.proc_handler	= proc_dointvec_jiffies,
	},
};

static const struct ctl_table mn_indev_table[] = {
	{
		.procname	= "forwarding",
		.data		= (void *)offsetof(struct mn_indev_conf, forwarding),
		.maxlen		= sizeof(int),
		.mode		= 0644,
		.proc_handler	= mn_forwarding_handler,
		.extra1		= SYSCTL_ZERO,
		.extra2		= SYSCTL_ONE,
	},
	MN_DEV_KNOB(rp_filter, SYSCTL_ZERO, SYSCTL_TWO),
	MN_DEV_KNOB(accept_local, SYSCTL_ZERO, SYSCTL_ONE),
	MN_DEV_KNOB(accept_redirects, SYSCTL_ZERO, SYSCTL_ONE),
	MN_DEV_KNOB(send_redirects, SYSCTL_ZERO, SYSCTL_ONE),
};

static struct ctl_table_header *mn_conf_register(struct net *net, const char *name,
						 struct mn_indev_conf *conf)
{
	char dir[sizeof("conf/") + IFNAMSIZ];

	snprintf(dir, sizeof(dir), "conf/%s", name);
	return mynet_knobs_register(net, dir, mn_indev_table, ARRAY_SIZE(mn_indev_table), conf);
}

int mn_indev_sysctl_init(struct mn_indev *indev)
{
	struct mynet_dev *mdev = indev->mdev;

	indev->conf = indev->inet->dev_conf;
	indev->conf.dev = mdev->dev;
	indev->sysctl = mn_conf_register(mdev->mnet->net, mdev->dev->name, &indev->conf);
	if (!indev->sysctl)
		return -ENOMEM;
	if (indev->conf.forwarding)
		dev_disable_lro(mdev->dev);
	return 0;
}

/* Without memory the device has no files, but its knobs stay as they are. */
void mn_indev_sysctl_rename(struct mn_indev *indev)
{
	struct mynet_dev *mdev = indev->mdev;

	mynet_knobs_unregister(indev->sysctl);
	indev->sysctl = mn_conf_register(mdev->mnet->net, mdev->dev->name, &indev->conf);
}

/* Under RTNL: no handler of these waits for it. */
void mn_indev_sysctl_exit(struct mn_indev *indev)
{
	mynet_knobs_unregister(indev->sysctl);
}

void mn_inet_conf_init(struct mn_inet *inet)
{
	inet->conf = mn_inet_defaults;
	inet->dev_conf = (struct mn_indev_conf){ .accept_redirects = 1, .send_redirects = 1 };
}

int mn_inet_sysctl_init(struct mn_inet *inet)
{
	struct net *net = inet->mnet->net;

	inet->sysctl = mynet_knobs_register(net, "", mn_inet_table, ARRAY_SIZE(mn_inet_table),
					    inet);
	inet->frag_sysctl = mynet_knobs_register(net, "", mn_frag_table,
						 ARRAY_SIZE(mn_frag_table), inet->frags);
	inet->dev_sysctl = mn_conf_register(net, "default", &inet->dev_conf);
	if (inet->sysctl && inet->frag_sysctl && inet->dev_sysctl)
		return 0;
	mn_inet_sysctl_exit(inet);
	return -ENOMEM;
}

void mn_inet_sysctl_exit(struct mn_inet *inet)
{
	mynet_knobs_unregister(inet->dev_sysctl);
	mynet_knobs_unregister(inet->frag_sysctl);
	mynet_knobs_unregister(inet->sysctl);
}
