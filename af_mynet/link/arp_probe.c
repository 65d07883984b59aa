// SPDX-License-Identifier: GPL-2.0
/*
 * Asking whether another host has an address before it is used here (RFC 5227 section 2.1), and
 * announcing it a second time when it is (section 2.3).
 *
 * State: mn_dev.probing, struct mn_probe: RTNL writes, RCU reads. One timer for each namespace.
 * An address that is asked about is none of this host's yet: it is found by no look-up.
 */
#include <linux/etherdevice.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "core/mib.h"
#include "link/private.h"

#define MN_PROBES_MAX	1024	/* of a device */

/**
 * struct mn_probe - an address that is asked about, or was and is to be announced once more
 * @list: in mn_dev.probing
 * @ifa: what is to be added; its times count from then on
 * @due: when to go on
 * @sent: how many requests were
 * @added: it is in use
 * @claimed: another host has it; written by whoever hears so, after @ha
 * @ha: that host
 * @rcu: its end
 */
struct mn_probe {
	struct list_head	list;
	struct mynet_ifaddr	ifa;
	unsigned long		due;
	unsigned int		sent;
	bool			added;
	bool			claimed;
	u8			ha[ETH_ALEN];
	struct rcu_head		rcu;
};

static struct delayed_work *mn_probe_work_of(const struct mn_dev *m)
{
	return &mn_link_net(m->pub.mnet->net)->ifaddr.probe;
}

static unsigned long mn_probe_interval(const struct mn_dev *m)
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

static void mn_probe_end(struct mn_probe *probe)
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
 * RFC 5227 section 2.1.1: whoever says he has the address, and whoever asks about it as we do, for
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
		/* Pairs with mn_probe_step(): who it was is written before. */
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

/* Steps. */

static void mn_probe_lost(struct mn_probe *probe)
{
	struct mynet_dev *mdev = probe->ifa.mdev;

	mynet_mib_inc(mdev->mnet, MYNET_MIB_ARP_PROBE_CONFLICTS);
	net_warn_ratelimited("%s: %pI4 is not used, %pM has it\n", mdev->dev->name,
			     &probe->ifa.local, probe->ha);
	mn_ifaddr_notify_conflict(mdev, probe->ifa.local, probe->ha);
	mn_probe_end(probe);
}

/* The address is free. Adding it announces it for the first time. */
static void mn_probe_won(struct mn_dev *m, struct mn_probe *probe)
{
	if (mn_ifaddr_add(&m->pub, &probe->ifa, NULL)) {
		mn_probe_end(probe);
		return;
	}
	WRITE_ONCE(probe->added, true);
	probe->due = jiffies + 2 * mn_probe_interval(m);	/* ANNOUNCE_INTERVAL */
}

static void mn_probe_announce(struct mn_dev *m, struct mn_probe *probe)
{
	if (mynet_ifaddr_find_dev(&m->pub, probe->ifa.local) && m->pub.dev->flags & IFF_UP)
		mn_arp_send(&m->pub, ARPOP_REQUEST, probe->ifa.local, probe->ifa.local, NULL,
			    m->pub.dev->broadcast);
	mn_probe_end(probe);
}

static void mn_probe_ask(struct mn_dev *m, struct mn_probe *probe)
{
	unsigned long interval = mn_probe_interval(m);

	/* A link where no host can hear or answer teaches nothing. */
	if (!(m->pub.dev->flags & IFF_UP) || !netif_carrier_ok(m->pub.dev)) {
		probe->sent = 0;
		probe->due = jiffies + interval;
		return;
	}
	mn_arp_send(&m->pub, ARPOP_REQUEST, 0, probe->ifa.local, NULL, m->pub.dev->broadcast);
	mynet_mib_inc(m->pub.mnet, MYNET_MIB_ARP_PROBES);
	/* PROBE_MIN to PROBE_MAX; after the last one ANNOUNCE_WAIT. */
	if (++probe->sent >= READ_ONCE(m->knobs.arp_probes))
		probe->due = jiffies + 2 * interval;
	else
		probe->due = jiffies + interval + get_random_u32_below(interval + 1);
}

static void mn_probe_step(struct mn_dev *m, struct mn_probe *probe)
{
	/* Pairs with mn_probe_hear(): who claims it is known. */
	if (!probe->added && smp_load_acquire(&probe->claimed))
		mn_probe_lost(probe);
	else if (time_before(jiffies, probe->due))
		return;
	else if (probe->added)
		mn_probe_announce(m, probe);
	else if (probe->sent && probe->sent >= READ_ONCE(m->knobs.arp_probes))
		mn_probe_won(m, probe);
	else
		mn_probe_ask(m, probe);
}

/* Return: ticks till something is due; MAX_JIFFY_OFFSET: nothing. */
static unsigned long mn_probe_steps(struct mn_dev *m)
{
	unsigned long next = MAX_JIFFY_OFFSET, now = jiffies;
	struct mn_probe *probe, *behind;

	list_for_each_entry_safe(probe, behind, &m->probing, list)
		mn_probe_step(m, probe);
	list_for_each_entry(probe, &m->probing, list)
		next = min(next, time_after(probe->due, now) ? probe->due - now : 1);
	return next;
}

static void mn_probe_work(struct work_struct *work)
{
	struct mn_ifaddr_net *in = container_of(to_delayed_work(work), struct mn_ifaddr_net,
						probe);
	struct net *net = container_of(in, struct mn_link_net, ifaddr)->mnet->net;
	unsigned long next = MAX_JIFFY_OFFSET;
	struct mynet_dev *mdev;

	rtnl_lock();
	mynet_dev_for_each(mdev, net)
		next = min(next, mn_probe_steps(mn_dev(mdev)));
	rtnl_unlock();
	if (next != MAX_JIFFY_OFFSET)
		mod_delayed_work(system_wq, &in->probe, next);
}

void mn_probe_net_init(struct mn_ifaddr_net *in)
{
	INIT_DELAYED_WORK(&in->probe, mn_probe_work);
}

/* No device is left that could have one. */
void mn_probe_net_exit(struct mn_ifaddr_net *in)
{
	cancel_delayed_work_sync(&in->probe);
}
