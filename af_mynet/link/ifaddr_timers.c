// SPDX-License-Identifier: GPL-2.0
/*
 * Time for addresses: ends and deprecates those whose life is over, and goes on with those that are
 * asked about before they are used (RFC 5227 sections 2.1 and 2.3).
 *
 * State: mn_ifaddr_net.life and .probe, one timer each for a namespace. They are armed by
 * ifaddr_life.c and arp_probe.c, which know nothing of what runs then.
 */
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "core/mib.h"
#include "link/private.h"

/* --- lives -------------------------------------------------------------------------------- */

/*
 * Ends or deprecates an address whose time it is. Return: seconds until it has to be looked at
 * again; MYNET_LIFE_FOREVER: never.
 */
static u32 mn_ifaddr_check_lifetime(struct mynet_ifaddr *ifa)
{
	if (mn_life_over(ifa->valid_until)) {
		mynet_mib_inc(ifa->mdev->mnet, MYNET_MIB_ADDR_EXPIRED);
		mn_ifaddr_del(ifa->mdev, ifa->local, -1, NULL);
		return MYNET_LIFE_FOREVER;
	}
	if (!(ifa->flags & IFA_F_DEPRECATED) && mn_life_over(ifa->preferred_until)) {
		mn_life_deprecate(ifa, true);
		mn_ifaddr_notify(ifa, MYNET_CMD_ADDR_CHANGE);
	}
	if (ifa->flags & IFA_F_DEPRECATED)
		return mn_life_left(ifa->valid_until);
	return min(mn_life_left(ifa->valid_until), mn_life_left(ifa->preferred_until));
}

static void mn_life_work(struct work_struct *work)
{
	struct mn_ifaddr_net *in = container_of(to_delayed_work(work), struct mn_ifaddr_net, life);
	struct net *net = container_of(in, struct mn_link_net, ifaddr)->mnet->net;
	u32 next = MYNET_LIFE_FOREVER;
	struct mynet_ifaddr *ifa, *behind;
	struct mynet_dev *mdev;

	rtnl_lock();
	mynet_dev_for_each(mdev, net)
		list_for_each_entry_safe(ifa, behind, &mdev->addrs, list)
			next = min(next, mn_ifaddr_check_lifetime(ifa));
	rtnl_unlock();
	if (next != MYNET_LIFE_FOREVER)
		mod_delayed_work(system_wq, &in->life,
				 (unsigned long)min_t(u32, next, 3600) * HZ + HZ);
}

void mn_life_net_init(struct mn_ifaddr_net *in)
{
	INIT_DELAYED_WORK(&in->life, mn_life_work);
}

/* No device is left that could have an address. */
void mn_life_net_exit(struct mn_ifaddr_net *in)
{
	cancel_delayed_work_sync(&in->life);
}

/* --- probes ------------------------------------------------------------------------------- */

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
	/* Pairs with mn_probe_hear() in arp_probe.c: who claims it is known. */
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
