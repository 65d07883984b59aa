// SPDX-License-Identifier: GPL-2.0
/*
 * Groups on a device: what all members on this host want of it, counted (RFC 3376 3.2),
 * and which packets pass by that. mc_change.c counts.
 *
 * State: struct mn_mc, its groups and their sources, but for what igmp.c says it owns. Written
 * under RTNL and mn_mc.lock, read under RCU. A group that the last member left stays until IGMP
 * has said so.
 */
#include <linux/hash.h>
#include <linux/in.h>
#include <linux/netdevice.h>
#include <linux/slab.h>

#include "internet/inet.h"
#include "internet/mc.h"

struct hlist_head *mn_mc_group_bucket(struct mn_mc *mc, __be32 addr)
{
	return &mc->hash[hash_32((__force u32)addr, MN_MC_HASH_BITS)];
}

struct mn_mc_group *mn_mc_group_find(struct mn_mc *mc, __be32 addr)
{
	struct mn_mc_group *group;

	hlist_for_each_entry_rcu(group, mn_mc_group_bucket(mc, addr), hash,
				 lockdep_is_held(&mc->lock))
		if (group->addr == addr)
			return group;
	return NULL;
}

struct mn_mc_source *mn_mc_source_find(const struct mn_mc_group *group, __be32 addr)
{
	struct mn_mc_source *source;

	hlist_for_each_entry_rcu(source, &group->sources, list, true)
		if (source->addr == addr)
			return source;
	return NULL;
}

bool mn_mc_accepts(const struct mn_indev *indev, __be32 addr, __be32 source, u8 protocol)
{
	const struct mn_mc_source *known;
	const struct mn_mc_group *group;

	/* RFC 1112 7.2, and reports of others, which are sent to the group they are about. */
	if (addr == MN_MC_ALL_HOSTS || protocol == IPPROTO_IGMP)
		return true;
	group = mn_mc_group_find((struct mn_mc *)&indev->mc, addr);
	if (!group || !READ_ONCE(group->users))
		return false;
	known = mn_mc_source_find(group, source);
	return (known && mn_mc_in_set(group, known)) != mn_mc_excludes(group);
}

/* --- forgetting --------------------------------------------------------------------------- */

static void mn_source_prune(struct mn_mc_source *source)
{
	if (source->in || source->ex || source->left)
		return;
	hlist_del_rcu(&source->list);
	kfree_rcu(source, rcu);
}

void mn_mc_group_silence(struct mn_mc_group *group)
{
	struct mn_mc_source *source;

	group->left = 0;
	group->answer = false;
	hlist_for_each_entry(source, &group->sources, list)
		source->left = 0;
}

void mn_mc_group_prune(struct mn_mc *mc, struct mn_mc_group *group)
{
	struct mn_mc_source *source;
	struct hlist_node *next;

	lockdep_assert_held(&mc->lock);
	hlist_for_each_entry_safe(source, next, &group->sources, list)
		mn_source_prune(source);
	if (group->users || group->left || !hlist_empty(&group->sources))
		return;
	hlist_del_rcu(&group->hash);
	WRITE_ONCE(mc->count, mc->count - 1);
	kfree_rcu(group, rcu);
}

void mn_mc_silence(struct mn_mc *mc)
{
	struct mn_mc_group *group;
	struct hlist_node *next;
	unsigned int i;

	lockdep_assert_held(&mc->lock);
	mc->answer = false;
	mc->change = false;
	for (i = 0; i < ARRAY_SIZE(mc->hash); i++) {
		hlist_for_each_entry_safe(group, next, &mc->hash[i], hash) {
			mn_mc_group_silence(group);
			mn_mc_group_prune(mc, group);
		}
	}
}
