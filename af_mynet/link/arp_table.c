// SPDX-License-Identifier: GPL-2.0
/*
 * The table of neighbours: which entries there are, and which go when there are too many.
 *
 * State: struct mn_neigh_net of each namespace.
 *
 * Path of death: mn_neigh_unlink_locked() takes an entry out of the table, mn_neigh_finish()
 * then ends what it does and gives back the table's reference. The first needs the
 * table's lock, the second must not have it.
 */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/neighbour.h>

#include "core/mib.h"
#include "link/private.h"

#define MN_NEIGHS_SHARE	128	/* that any namespace may have */
#define MN_NEIGH_LOOKS	1024	/* entries that are looked at to make room */

static const struct rhashtable_params mn_neigh_params = {
	.key_len		= sizeof(struct mn_neigh_key),
	.key_offset		= offsetof(struct mynet_neigh, key),
	.head_offset		= offsetof(struct mynet_neigh, hash),
	.automatic_shrinking	= true,
};

static struct mn_neigh_net *mn_neigh_net(const struct mynet_dev *mdev)
{
	return &mn_link_net(mdev->mnet->net)->neigh;
}

/* --- leaving the table -------------------------------------------------------------------- */

/* False: another was faster. */
static bool mn_neigh_unlink_locked(struct mn_neigh_net *nn, struct mynet_neigh *neigh)
{
	lockdep_assert_held(&nn->lock);

	if (list_empty(&neigh->net_list))
		return false;
	rhashtable_remove_fast(&nn->table, &neigh->hash, mn_neigh_params);
	list_del_init(&neigh->net_list);
	list_del_init(&neigh->dev_list);
	nn->count--;
	nn->generation++;
	return true;
}

static void mn_neigh_finish(struct mynet_neigh *neigh)
{
	mn_neigh_end(neigh);
	mynet_mib_inc(neigh->mdev->mnet, MYNET_MIB_NEIGH_ENDED);
	mn_neigh_notify(neigh, MYNET_CMD_NEIGH_DEL);
	mynet_neigh_put(neigh);
}

static void mn_neigh_finish_all(struct list_head *ended)
{
	struct mynet_neigh *neigh, *next;

	list_for_each_entry_safe(neigh, next, ended, dev_list) {
		list_del_init(&neigh->dev_list);
		mn_neigh_finish(neigh);
	}
}

/* RCU read section or RTNL: the device is still there. */
void mn_neigh_kill(struct mynet_neigh *neigh)
{
	struct mn_neigh_net *nn = mn_neigh_net(neigh->mdev);
	bool ours;

	spin_lock_bh(&nn->lock);
	ours = mn_neigh_unlink_locked(nn, neigh);
	spin_unlock_bh(&nn->lock);
	if (ours)
		mn_neigh_finish(neigh);
}

/* All of a device's entries; unless @forever, those that were set by hand stay. */
void mn_neigh_flush(struct mynet_dev *mdev, bool forever)
{
	struct mn_neigh_net *nn = mn_neigh_net(mdev);
	struct mynet_neigh *neigh, *next;
	LIST_HEAD(ended);

	spin_lock_bh(&nn->lock);
	list_for_each_entry_safe(neigh, next, &mn_dev(mdev)->neighs, dev_list) {
		if (!forever && mn_arp_fixed(READ_ONCE(neigh->state.state)))
			continue;
		mn_neigh_unlink_locked(nn, neigh);
		list_add(&neigh->dev_list, &ended);
	}
	spin_unlock_bh(&nn->lock);
	mn_neigh_finish_all(&ended);
}

/* --- too many ----------------------------------------------------------------------------- */

/* Is the entry kept by no one, with nothing under way for it, and not set by hand? */
static bool mn_neigh_idle(const struct mynet_neigh *neigh)
{
	return refcount_read(&neigh->refs) == 1 &&
	       READ_ONCE(neigh->state.state) != MN_ARP_PERMANENT;
}

static bool mn_neigh_unused_for(const struct mynet_neigh *neigh, unsigned int ms)
{
	unsigned long last = READ_ONCE(neigh->used);

	if (time_before(last, READ_ONCE(neigh->state.confirmed)))
		last = READ_ONCE(neigh->state.confirmed);
	return time_after_eq(jiffies, last + msecs_to_jiffies(ms));
}

/*
 * Oldest first, until no more than @wanted are left. A packet may wait for it: no more than
 * MN_NEIGH_LOOKS are looked at, and those that stay are the last to be looked at again.
 */
static void mn_neigh_collect_locked(struct mn_neigh_net *nn, unsigned int wanted,
				    unsigned int unused_ms, struct list_head *ended)
{
	struct mynet_neigh *neigh, *next;
	unsigned int looks = min_t(unsigned int, nn->count, MN_NEIGH_LOOKS);

	lockdep_assert_held(&nn->lock);

	list_for_each_entry_safe(neigh, next, &nn->list, net_list) {
		if (nn->count <= wanted || !looks--)
			break;
		if (!mn_neigh_idle(neigh) ||
		    (READ_ONCE(neigh->state.state) != MN_ARP_FAILED &&
		     !mn_neigh_unused_for(neigh, unused_ms))) {
			list_move_tail(&neigh->net_list, &nn->list);
			continue;
		}
		mn_neigh_unlink_locked(nn, neigh);
		list_add(&neigh->dev_list, ended);
	}
}

/*
 * How many a namespace may have. All together take no more than about a hundredth of the memory;
 * the first namespace, where the administrator is, has what it asks for, and each has a few.
 */
static unsigned int mn_neigh_most(const struct mn_neigh_net *nn, const struct net *net)
{
	unsigned int most = READ_ONCE(nn->knobs.gc_thresh3);
	bool full = mn_neigh_count_alive() >= totalram_pages() >> 4;

	if (full && !net_eq(net, &init_net))
		most = min_t(unsigned int, most, MN_NEIGHS_SHARE);
	return most;
}

/* Is there room for one more? May have to make some; what went is in @ended. */
static bool mn_neigh_make_room_locked(struct mn_neigh_net *nn, const struct net *net,
				      struct list_head *ended)
{
	unsigned int thresh3 = mn_neigh_most(nn, net);
	unsigned int thresh2 = min_t(unsigned int, READ_ONCE(nn->knobs.gc_thresh2), thresh3);
	bool full = nn->count >= thresh3;

	lockdep_assert_held(&nn->lock);

	if (full || (nn->count >= thresh2 && time_after(jiffies, nn->collected + 5 * HZ))) {
		nn->collected = jiffies;
		mn_neigh_collect_locked(nn, thresh2, full ? 0 : 5000, ended);
	}
	return nn->count < thresh3;
}

static void mn_neigh_collect_later(struct mn_neigh_net *nn)
{
	unsigned long interval = msecs_to_jiffies(READ_ONCE(nn->knobs.gc_interval_ms));

	schedule_delayed_work(&nn->collector, interval);
}

/* Return: whether any are left. */
static bool mn_neigh_collect_some(struct mn_neigh_net *nn)
{
	LIST_HEAD(ended);
	bool more;

	rcu_read_lock();
	spin_lock_bh(&nn->lock);
	if (nn->count > READ_ONCE(nn->knobs.gc_thresh1))
		mn_neigh_collect_locked(nn, READ_ONCE(nn->knobs.gc_thresh1),
					READ_ONCE(nn->knobs.gc_stale_ms), &ended);
	more = nn->count > 0;
	spin_unlock_bh(&nn->lock);
	mn_neigh_finish_all(&ended);
	rcu_read_unlock();
	return more;
}

static void mn_neigh_collector(struct work_struct *work)
{
	struct mn_neigh_net *nn = container_of(work, struct mn_neigh_net, collector.work);
	unsigned int rounds = READ_ONCE(nn->count) / MN_NEIGH_LOOKS + 1;
	bool more = true;

	while (more && rounds--) {
		more = mn_neigh_collect_some(nn);
		cond_resched();
	}
	if (more)
		mn_neigh_collect_later(nn);
}

/* --- finding and making ------------------------------------------------------------------- */

struct mynet_neigh *mn_neigh_find(struct mynet_dev *mdev, __be32 addr)
{
	struct mn_neigh_key key = { .ifindex = mdev->dev->ifindex, .addr = addr };

	return rhashtable_lookup(&mn_neigh_net(mdev)->table, &key, mn_neigh_params);
}

static int mn_neigh_link_locked(struct mn_neigh_net *nn, struct mynet_neigh *neigh)
{
	struct mn_dev *m = mn_dev(neigh->mdev);
	int err;

	lockdep_assert_held(&nn->lock);

	if (m->dying)
		return -ENODEV;
	err = rhashtable_insert_fast(&nn->table, &neigh->hash, mn_neigh_params);
	if (err)
		return err;
	list_add_tail(&neigh->net_list, &nn->list);
	list_add_tail(&neigh->dev_list, &m->neighs);
	nn->count++;
	nn->generation++;
	return 0;
}

/* NULL: no room, no memory, or the device goes. */
static struct mynet_neigh *mn_neigh_make(struct mynet_dev *mdev, __be32 addr)
{
	struct mn_neigh_net *nn = mn_neigh_net(mdev);
	struct mynet_neigh *neigh, *other;
	LIST_HEAD(ended);
	int err = -ENOBUFS;

	neigh = kzalloc(sizeof(*neigh), GFP_ATOMIC | __GFP_ACCOUNT);
	if (!neigh)
		return NULL;
	neigh->key.ifindex = mdev->dev->ifindex;
	neigh->key.addr = addr;
	neigh->mdev = mdev;
	mn_neigh_init(neigh);

	spin_lock_bh(&nn->lock);
	other = mn_neigh_find(mdev, addr);
	if (!other && mn_neigh_make_room_locked(nn, mdev->mnet->net, &ended))
		err = mn_neigh_link_locked(nn, neigh);
	spin_unlock_bh(&nn->lock);
	mn_neigh_finish_all(&ended);

	if (err) {
		mynet_neigh_put(neigh);
		return other;
	}
	mynet_mib_inc(mdev->mnet, MYNET_MIB_NEIGH_MADE);
	mn_neigh_collect_later(nn);
	return neigh;
}

/* RCU read section; borrows. */
struct mynet_neigh *mn_neigh_find_or_make(struct mynet_dev *mdev, __be32 addr)
{
	struct mynet_neigh *neigh = mn_neigh_find(mdev, addr);

	return likely(neigh) ? neigh : mn_neigh_make(mdev, addr);
}

/* --- the door ----------------------------------------------------------------------------- */

static bool mn_neigh_needed(const struct mynet_dev *mdev, __be32 nexthop)
{
	return mn_link_has_addresses(mdev->dev) && !ipv4_is_multicast(nexthop) &&
	       !ipv4_is_lbcast(nexthop);
}

struct mynet_neigh *mynet_neigh_get(struct mynet_dev *mdev, __be32 nexthop)
{
	struct mynet_neigh *neigh;

	if (!mn_neigh_needed(mdev, nexthop))
		return NULL;
	neigh = mn_neigh_find_or_make(mdev, nexthop);
	if (neigh && !refcount_inc_not_zero(&neigh->refs))
		neigh = NULL;
	return neigh;
}

bool mynet_neigh_valid(const struct mynet_neigh *neigh)
{
	return !READ_ONCE(neigh->dead);
}

void mynet_link_confirm(struct net_device *dev, __be32 nexthop)
{
	struct mynet_dev *mdev;
	struct mynet_neigh *neigh;

	rcu_read_lock();
	mdev = mynet_dev_find(dev);
	neigh = mdev ? mn_neigh_find(mdev, nexthop) : NULL;
	if (neigh)
		mynet_neigh_confirm(neigh);
	rcu_read_unlock();
}

u8 mynet_neigh_state(struct mynet_dev *mdev, __be32 nexthop)
{
	struct mynet_neigh *neigh;

	if (!mn_neigh_needed(mdev, nexthop))
		return NUD_NOARP;
	neigh = mn_neigh_find(mdev, nexthop);
	return neigh ? mn_neigh_nud(neigh) : NUD_NONE;
}

/* The device's own address is in every cached header. RTNL. */
void mn_neigh_renew_headers(struct mynet_dev *mdev)
{
	struct mn_neigh_net *nn = mn_neigh_net(mdev);
	struct mynet_neigh *neigh;

	spin_lock_bh(&nn->lock);
	list_for_each_entry(neigh, &mn_dev(mdev)->neighs, dev_list)
		mn_neigh_renew_header(neigh);
	spin_unlock_bh(&nn->lock);
}

int mn_neigh_net_init(struct net *net, struct mn_neigh_net *nn)
{
	int err;

	INIT_LIST_HEAD(&nn->list);
	spin_lock_init(&nn->lock);
	INIT_DELAYED_WORK(&nn->collector, mn_neigh_collector);
	err = rhashtable_init(&nn->table, &mn_neigh_params);
	if (err)
		return err;
	err = mn_neigh_sysctl_init(net, nn);
	if (err)
		rhashtable_destroy(&nn->table);
	return err;
}

/* Every device has gone before, and its entries with it. */
void mn_neigh_net_exit(struct mn_neigh_net *nn)
{
	WARN_ON_ONCE(nn->count);
	cancel_delayed_work_sync(&nn->collector);
	mn_neigh_sysctl_exit(nn);
	rhashtable_destroy(&nn->table);
}
