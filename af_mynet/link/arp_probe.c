// SPDX-License-Identifier: GPL-2.0
/*
 * Asking whether another host has an address before it is used here (RFC 5227 2.1), and
 * announcing it a second time when it is (section 2.3).
 *
 * State: mn_dev.probing, struct mn_probe: RTNL writes, RCU reads. ifaddr_timers.c goes on with each
 * in its time. An address that is asked about is none of this host's yet: no look-up finds it.
 */
#include <linux/etherdevice.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "link/private.h"

#define MN_PROBES_MAX	1024	/* of a device */

static struct delayed_work *mn_probe_work_of(const struct mn_dev *m)
{
	return &mn_link_net(m->pub.mnet->net)->ifaddr.probe;
}

unsigned long mn_probe_interval(const struct mn_dev *m)
{
	return msecs_to_jiffies(READ_ONCE(m->knobs.arp_probe_ms)) ?: 1;
}

bool mn_probe_wanted(struct mynet_dev *mdev, const struct mynet_ifaddr *wanted)
{
	return READ_ONCE(mn_dev(mdev)->knobs.arp_probes) && wanted->scope < RT_SCOPE_HOST &&
	       mn_link_has_addresses(mdev->dev) && !(mdev->dev->flags & IFF_NOARP);
}

static struct mn_probe *mn_probe_find(struct mn_dev *m, __be32 addr)
{
	struct mn_probe *probe;

	list_for_each_entry(probe, &m->probing, list)
		if (probe->ifa.local == addr && !probe->added)
			return probe;
	return NULL;
}

void mn_probe_end(struct mn_probe *probe)
{
	list_del_rcu(&probe->list);
	kfree_rcu(probe, rcu);
}

/* Each ARP packet that comes in is held against all of them. */
static bool mn_probes_full(const struct mn_dev *m)
{
	const struct mn_probe *probe;
	unsigned int n = 0;

	list_for_each_entry(probe, &m->probing, list)
		n++;
	return n >= MN_PROBES_MAX;
}

int mn_probe_start(struct mynet_dev *mdev, const struct mynet_ifaddr *wanted,
		   struct netlink_ext_ack *extack)
{
	struct mn_dev *m = mn_dev(mdev);
	struct mn_probe *probe;
	int err;

	ASSERT_RTNL();
	err = mn_ifaddr_check(mdev, wanted, extack);
	if (err)
		return err;
	if (mn_probes_full(m)) {
		NL_SET_ERR_MSG(extack, "Too many addresses of the device are being probed");
		return -ENOBUFS;
	}
	if (mn_probe_find(m, wanted->local)) {
		NL_SET_ERR_MSG(extack, "Address is being probed already");
		return -EEXIST;
	}
	probe = kzalloc(sizeof(*probe), GFP_KERNEL_ACCOUNT);
	if (!probe)
		return -ENOMEM;
	probe->ifa = *wanted;
	probe->ifa.mdev = mdev;
	probe->ifa.flags |= IFA_F_TENTATIVE;
	if (!probe->ifa.label[0])
		strscpy(probe->ifa.label, mdev->dev->name, sizeof(probe->ifa.label));
	/* PROBE_WAIT: hosts that start together do not ask together. */
	probe->due = jiffies + get_random_u32_below(mn_probe_interval(m) + 1);
	list_add_tail_rcu(&probe->list, &m->probing);
	mod_delayed_work(system_wq, mn_probe_work_of(m), 0);
	return 0;
}

/* @prefixlen -1: whatever it has. Return: whether the address was being asked about. */
bool mn_probe_stop(struct mynet_dev *mdev, __be32 addr, int prefixlen)
{
	struct mn_probe *probe = mn_probe_find(mn_dev(mdev), addr);

	ASSERT_RTNL();
	if (!probe || (prefixlen >= 0 && probe->ifa.prefixlen != prefixlen))
		return false;
	mn_probe_end(probe);
	return true;
}

void mn_probe_flush(struct mynet_dev *mdev)
{
	struct mn_probe *probe, *next;

	ASSERT_RTNL();
	list_for_each_entry_safe(probe, next, &mn_dev(mdev)->probing, list)
		mn_probe_end(probe);
}

/*
 * RFC 5227 2.1.1: whoever says he has the address, and whoever asks about it as we do, for
 * then both want it. RCU read section.
 */
void mn_probe_hear(struct mynet_dev *mdev, __be32 sip, __be32 tip, bool request, const u8 *ha)
{
	struct mn_dev *m = mn_dev(mdev);
	struct mn_probe *probe;

	list_for_each_entry_rcu(probe, &m->probing, list) {
		if (READ_ONCE(probe->added) || READ_ONCE(probe->claimed) ||
		    (probe->ifa.local != sip && !(request && !sip && probe->ifa.local == tip)))
			continue;
		ether_addr_copy(probe->ha, ha);
		/* Pairs with mn_probe_step() in ifaddr_timers.c: who it was is written before. */
		smp_store_release(&probe->claimed, true);
		mod_delayed_work(system_wq, mn_probe_work_of(m), 0);
	}
}

int mn_probe_show(struct mynet_dev *mdev, int (*show)(const struct mynet_ifaddr *ifa, void *arg),
		  void *arg)
{
	struct mn_probe *probe;
	int err = 0;

	list_for_each_entry_rcu(probe, &mn_dev(mdev)->probing, list, lockdep_rtnl_is_held()) {
		if (!READ_ONCE(probe->added))
			err = show(&probe->ifa, arg);
		if (err)
			break;
	}
	return err;
}
