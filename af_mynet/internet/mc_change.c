// SPDX-License-Identifier: GPL-2.0
/*
 * Groups on a device change: a member comes, goes or wants other sources, the device comes up or
 * goes down; and IGMP is told what of it is to be reported (RFC 3376 sections 3.2 and 5.1).
 *
 * State: struct mn_mc, its groups and their sources, as mc_group.c says, which finds and ends them.
 */
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "internet/inet.h"
#include "internet/mc.h"

/* RFC 1112 6.4: groups that share their low 23 bits share an address on the link. */
static void mn_mc_device_filter(struct net_device *dev, __be32 addr, bool on)
{
	u32 group = ntohl(addr);
	u8 ha[ETH_ALEN] = { 0x01, 0x00, 0x5e, (group >> 16) & 0x7f, group >> 8, group };

	if (dev->type != ARPHRD_ETHER)
		return;
	if (on)
		dev_mc_add(dev, ha);
	else
		dev_mc_del(dev, ha);
}

/* Memory that a change may need, gathered before the lock is taken. */
struct mn_mc_spare {
	struct mn_mc_group	*group;
	struct hlist_head	sources;
};

static void mn_spare_free(struct mn_mc_spare *spare)
{
	struct mn_mc_source *source;
	struct hlist_node *next;

	hlist_for_each_entry_safe(source, next, &spare->sources, list)
		kfree(source);
	kfree(spare->group);
}

static int mn_spare_alloc(struct mn_mc_spare *spare, unsigned int sources)
{
	struct mn_mc_source *source;

	INIT_HLIST_HEAD(&spare->sources);
	spare->group = kzalloc(sizeof(*spare->group), GFP_KERNEL_ACCOUNT);
	if (!spare->group)
		return -ENOMEM;
	while (sources--) {
		source = kzalloc(sizeof(*source), GFP_KERNEL_ACCOUNT);
		if (!source) {
			mn_spare_free(spare);
			return -ENOMEM;
		}
		hlist_add_head(&source->list, &spare->sources);
	}
	return 0;
}

static struct mn_mc_group *mn_group_get(struct mn_mc *mc, __be32 addr, struct mn_mc_spare *spare)
{
	struct mn_mc_group *group = mn_mc_group_find(mc, addr);

	if (group || !spare->group)
		return group;
	group = spare->group;
	spare->group = NULL;
	group->addr = addr;
	hlist_add_head_rcu(&group->hash, mn_mc_group_bucket(mc, addr));
	WRITE_ONCE(mc->count, mc->count + 1);
	return group;
}

static struct mn_mc_source *mn_source_get(struct mn_mc_group *group, __be32 addr,
					  struct mn_mc_spare *spare)
{
	struct mn_mc_source *source = mn_mc_source_find(group, addr);

	if (source)
		return source;
	source = hlist_entry(spare->sources.first, struct mn_mc_source, list);
	hlist_del(&source->list);
	source->addr = addr;
	hlist_add_head_rcu(&source->list, &group->sources);
	return source;
}

/* A member's filter begins to count (@by 1, sources are found or made) or ceases to (-1). */
static void mn_group_count(struct mn_mc_group *group, const struct mn_mc_filter *filter, int by,
			   struct mn_mc_spare *spare)
{
	bool exclude = filter->mode == MN_MC_EXCLUDE;
	struct mn_mc_source *source;
	unsigned int i;

	WRITE_ONCE(group->users, group->users + by);
	if (exclude)
		WRITE_ONCE(group->users_ex, group->users_ex + by);
	for (i = 0; i < filter->n; i++) {
		source = mn_source_get(group, filter->source[i], spare);
		if (exclude)
			WRITE_ONCE(source->ex, source->ex + by);
		else
			WRITE_ONCE(source->in, source->in + by);
	}
}

/*
 * Compares the filters before and after a change, and queues the reports that it needs (RFC 3376
 * section 5.1).
 */
static void mn_group_compare(struct mn_indev *indev, struct mn_mc_group *group, bool excluded,
			     unsigned int users)
{
	bool mode_changed = excluded != mn_mc_excludes(group), changed = mode_changed;
	u8 times = indev->mc.robustness;
	struct mn_mc_source *source;

	hlist_for_each_entry(source, &group->sources, list) {
		if (mode_changed) {
			source->left = 0;
		} else if (source->was != mn_mc_in_set(group, source)) {
			source->left = times;
			changed = true;
		}
	}
	if (mode_changed)
		group->left = times;
	if (changed || !group->users)
		mn_igmp_changed(indev, group, !users && group->users);
}

static void mn_group_remember(struct mn_mc_group *group)
{
	struct mn_mc_source *source;

	hlist_for_each_entry(source, &group->sources, list)
		source->was = mn_mc_in_set(group, source);
}

/* Return: 1 if the first member came, -1 if the last one left, else 0. */
static int mn_group_change(struct mn_indev *indev, __be32 addr, const struct mn_mc_filter *old,
			   const struct mn_mc_filter *new, struct mn_mc_spare *spare)
{
	struct mn_mc *mc = &indev->mc;
	struct mn_mc_group *group = mn_group_get(mc, addr, spare);
	unsigned int before;
	bool excluded;
	int first;

	before = group->users;
	excluded = mn_mc_excludes(group);
	mn_group_remember(group);
	/* The new one first, so that what both want is wanted all the time. */
	if (new)
		mn_group_count(group, new, 1, spare);
	if (old)
		mn_group_count(group, old, -1, spare);
	mn_group_compare(indev, group, excluded, before);
	first = !!group->users - !!before;
	mn_mc_group_prune(mc, group);
	return first;
}

int mn_mc_change(struct mn_indev *indev, __be32 addr, const struct mn_mc_filter *old,
		 const struct mn_mc_filter *new)
{
	struct mn_mc_spare spare = {};
	int err, first;

	ASSERT_RTNL();
	if (new) {
		err = mn_spare_alloc(&spare, new->n);
		if (err)
			return err;
	}
	spin_lock_bh(&indev->mc.lock);
	first = mn_group_change(indev, addr, old, new, &spare);
	spin_unlock_bh(&indev->mc.lock);
	mn_spare_free(&spare);

	if (first)
		mn_mc_device_filter(indev->mdev->dev, addr, first > 0);
	return 0;
}

void mn_mc_init(struct mn_indev *indev)
{
	struct mn_mc *mc = &indev->mc;

	spin_lock_init(&mc->lock);
	timer_setup(&mc->timer, mn_igmp_fire, 0);
	mc->robustness = 2;	/* RFC 3376 8.1 */
}

/* Says again which groups there are: members stay members while the device is down. */
void mn_mc_up(struct mn_indev *indev)
{
	struct mn_mc *mc = &indev->mc;
	struct mn_mc_group *group;
	unsigned int i;

	mn_mc_device_filter(indev->mdev->dev, MN_MC_ALL_HOSTS, true);
	spin_lock_bh(&mc->lock);
	mc->up = true;
	mc->v1_until = 0;
	mc->v2_until = 0;
	for (i = 0; i < ARRAY_SIZE(mc->hash); i++) {
		hlist_for_each_entry(group, &mc->hash[i], hash) {
			group->left = mc->robustness;
			mn_igmp_changed(indev, group, true);
		}
	}
	spin_unlock_bh(&mc->lock);
}

void mn_mc_down(struct mn_indev *indev)
{
	struct mn_mc *mc = &indev->mc;

	mn_mc_device_filter(indev->mdev->dev, MN_MC_ALL_HOSTS, false);
	spin_lock_bh(&mc->lock);
	mc->up = false;
	mn_mc_silence(mc);
	spin_unlock_bh(&mc->lock);
	timer_delete_sync(&mc->timer);
}

/* The device goes; memberships of sockets stay, and lead nowhere. */
void mn_mc_exit(struct mn_indev *indev)
{
	struct mn_mc *mc = &indev->mc;
	struct mn_mc_group *group;
	struct mn_mc_source *source;
	struct hlist_node *next;
	unsigned int i;

	spin_lock_bh(&mc->lock);
	for (i = 0; i < ARRAY_SIZE(mc->hash); i++) {
		hlist_for_each_entry_safe(group, next, &mc->hash[i], hash) {
			if (group->users)
				mn_mc_device_filter(indev->mdev->dev, group->addr, false);
			group->users = 0;
			mn_mc_group_silence(group);
			hlist_for_each_entry(source, &group->sources, list) {
				source->in = 0;
				source->ex = 0;
			}
			mn_mc_group_prune(mc, group);
		}
	}
	spin_unlock_bh(&mc->lock);
	timer_delete_sync(&mc->timer);
}
