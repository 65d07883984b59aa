// SPDX-License-Identifier: GPL-2.0
/*
 * The link room's knobs: net.mynet.neigh.* in each namespace, net.mynet.conf.DEVICE.arp_* for each
 * device.
 *
 * State: struct mn_neigh_knobs and struct mn_dev_knobs, written through /proc/sys only, read
 * wherever it matters.
 *
 * Names and values are those of net.ipv4.neigh.* and net.ipv4.conf.*, where there are such.
 */
#include <linux/netdevice.h>
#include <linux/sysctl.h>

#include "core/knobs.h"
#include "link/private.h"

static const struct mn_neigh_knobs mn_neigh_defaults = {
	.base_reachable_ms	= 30000,
	.delay_first_probe_ms	= 5000,
	.retrans_ms		= 1000,
	.ucast_probes		= 3,
	.bcast_probes		= 3,
	.locktime_ms		= 1000,
	.gc_stale_ms		= 60000,
	.gc_interval_ms		= 30000,
	.gc_thresh1		= 128,
	.gc_thresh2		= 512,
	.gc_thresh3		= 1024,
	.unres_qlen_bytes	= 212992,
};

static int mn_neigh_one = 1;
static int mn_neigh_ignore_max = 8;
static int mn_neigh_probes_max = 100;
static int mn_neigh_ms_min = 10;
static int mn_neigh_ms_max = 24 * 60 * 60 * 1000;

#define MN_NEIGH_KNOB(name, member, min, max)					\
	MYNET_KNOB(mn_neigh_knobs, name, member, min, max)
#define MN_DEV_KNOB(name, member, min, max)					\
	MYNET_KNOB(mn_dev_knobs, name, member, min, max)

static const struct ctl_table mn_neigh_table[] = {
	MN_NEIGH_KNOB("base_reachable_ms", base_reachable_ms, &mn_neigh_ms_min, &mn_neigh_ms_max),
	MN_NEIGH_KNOB("delay_first_probe_ms", delay_first_probe_ms, &mn_neigh_ms_min,
		      &mn_neigh_ms_max),
	MN_NEIGH_KNOB("retrans_ms", retrans_ms, &mn_neigh_ms_min, &mn_neigh_ms_max),
	MN_NEIGH_KNOB("ucast_probes", ucast_probes, SYSCTL_ZERO, &mn_neigh_probes_max),
	MN_NEIGH_KNOB("bcast_probes", bcast_probes, SYSCTL_ZERO, &mn_neigh_probes_max),
	MN_NEIGH_KNOB("locktime_ms", locktime_ms, SYSCTL_ZERO, &mn_neigh_ms_max),
	MN_NEIGH_KNOB("gc_stale_ms", gc_stale_ms, SYSCTL_ZERO, &mn_neigh_ms_max),
	MN_NEIGH_KNOB("gc_interval_ms", gc_interval_ms, &mn_neigh_ms_min, &mn_neigh_ms_max),
	MN_NEIGH_KNOB("gc_thresh1", gc_thresh1, SYSCTL_ZERO, SYSCTL_INT_MAX),
	MN_NEIGH_KNOB("gc_thresh2", gc_thresh2, SYSCTL_ZERO, SYSCTL_INT_MAX),
	MN_NEIGH_KNOB("gc_thresh3", gc_thresh3, SYSCTL_ZERO, SYSCTL_INT_MAX),
	MN_NEIGH_KNOB("unres_qlen_bytes", unres_qlen_bytes, SYSCTL_ZERO, SYSCTL_INT_MAX),
	MN_NEIGH_KNOB("arp_ignore", arp[MN_ARP_IGNORE], SYSCTL_ZERO, &mn_neigh_ignore_max),
	MN_NEIGH_KNOB("arp_announce", arp[MN_ARP_ANNOUNCE], SYSCTL_ZERO, SYSCTL_TWO),
	MN_NEIGH_KNOB("arp_accept", arp[MN_ARP_ACCEPT], SYSCTL_ZERO, &mn_neigh_one),
	MN_NEIGH_KNOB("proxy_arp", arp[MN_ARP_PROXY], SYSCTL_ZERO, &mn_neigh_one),
};

static const struct ctl_table mn_dev_table[] = {
	MN_DEV_KNOB("arp_ignore", arp[MN_ARP_IGNORE], SYSCTL_ZERO, &mn_neigh_ignore_max),
	MN_DEV_KNOB("arp_announce", arp[MN_ARP_ANNOUNCE], SYSCTL_ZERO, SYSCTL_TWO),
	MN_DEV_KNOB("arp_accept", arp[MN_ARP_ACCEPT], SYSCTL_ZERO, &mn_neigh_one),
	MN_DEV_KNOB("proxy_arp", arp[MN_ARP_PROXY], SYSCTL_ZERO, &mn_neigh_one),
	MN_DEV_KNOB("arp_probes", arp_probes, SYSCTL_ZERO, &mn_neigh_probes_max),
	MN_DEV_KNOB("arp_probe_ms", arp_probe_ms, &mn_neigh_ms_min, &mn_neigh_ms_max),
};

static struct ctl_table_header *mn_dev_knobs_register(struct net *net, const char *name,
						      struct mn_dev_knobs *knobs)
{
	char dir[sizeof("conf/") + IFNAMSIZ];

	snprintf(dir, sizeof(dir), "conf/%s", name);
	return mynet_knobs_register(net, dir, mn_dev_table, ARRAY_SIZE(mn_dev_table), knobs);
}

int mn_dev_sysctl_init(struct mn_dev *m)
{
	struct net *net = m->pub.mnet->net;

	m->knobs = mn_link_net(net)->neigh.dev_knobs;
	m->sysctl = mn_dev_knobs_register(net, m->pub.dev->name, &m->knobs);
	return m->sysctl ? 0 : -ENOMEM;
}

/* Without memory the device has no files, but its knobs stay as they are. */
void mn_dev_sysctl_rename(struct mn_dev *m)
{
	mynet_knobs_unregister(m->sysctl);
	m->sysctl = mn_dev_knobs_register(m->pub.mnet->net, m->pub.dev->name, &m->knobs);
}

/* Under RTNL: no handler of these takes it. */
void mn_dev_sysctl_exit(struct mn_dev *m)
{
	mynet_knobs_unregister(m->sysctl);
}

int mn_neigh_sysctl_init(struct net *net, struct mn_neigh_net *nn)
{
	nn->knobs = mn_neigh_defaults;
	nn->dev_knobs = (struct mn_dev_knobs){ .arp_probe_ms = 1000 };
	nn->sysctl = mynet_knobs_register(net, "neigh", mn_neigh_table,
					  ARRAY_SIZE(mn_neigh_table), &nn->knobs);
	if (!nn->sysctl)
		return -ENOMEM;
	nn->dev_sysctl = mn_dev_knobs_register(net, "default", &nn->dev_knobs);
	if (nn->dev_sysctl)
		return 0;
	mynet_knobs_unregister(nn->sysctl);
	return -ENOMEM;
}

void mn_neigh_sysctl_exit(struct mn_neigh_net *nn)
{
	mynet_knobs_unregister(nn->dev_sysctl);
	mynet_knobs_unregister(nn->sysctl);
}
