// SPDX-License-Identifier: GPL-2.0
/*
 * Memberships: which groups a socket wants to hear, on which device, from which sources (RFC 1112,
 * RFC 3376 2; the calls are those of RFC 3678 and of INET).
 *
 * State: struct mynet_mc_member and their filters. RTNL writes, RCU reads. A filter never
 * changes: another takes its place.
 */
#include <linux/in.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "internet/inet.h"
#include "internet/mc.h"

/**
 * struct mynet_mc_member - a socket's membership of a group on a device
 * @next: in mynet_mc_list.first
 * @group: the group
 * @ifindex: the device, which may have gone
 * @serial: mn_indev.serial: the device may have been detached and attached again
 * @filter: which sources; never NULL
 * @rcu: its end
 */
struct mynet_mc_member {
	struct mynet_mc_member __rcu *next;
	__be32			group;
	int			ifindex;
	u64			serial;
	struct mn_mc_filter __rcu *filter;
	struct rcu_head		rcu;
};

static struct mn_mc_filter *mn_filter_alloc(unsigned int n)
{
	struct mn_mc_filter *filter;

	BUILD_BUG_ON(MN_MC_EXCLUDE != MCAST_EXCLUDE || MN_MC_INCLUDE != MCAST_INCLUDE);
	return kzalloc(struct_size(filter, source, n), GFP_KERNEL_ACCOUNT);
}

static struct mn_mc_filter *mn_filter_make(struct net *net, u8 mode, const __be32 *sources,
					   unsigned int n)
{
	struct mn_mc_filter *filter;

	if (n > READ_ONCE(mn_inet(net)->conf.mc_sources))
		return ERR_PTR(-ENOBUFS);
	filter = mn_filter_alloc(n);
	if (!filter)
		return ERR_PTR(-ENOMEM);
	mn_mc_filter_fill(filter, mode, sources, n);
	return filter;
}

/* --- devices ------------------------------------------------------------------------------ */

static struct mn_indev *mn_mc_indev(struct net *net, int ifindex)
{
	struct net_device *dev = __dev_get_by_index(net, ifindex);
	struct mynet_dev *mdev = dev ? mynet_dev_find(dev) : NULL;

	return mdev ? mn_indev(mdev) : NULL;
}

/* The device that packets to the group would leave by. */
static int mn_mc_routed_device(struct net *net, __be32 group)
{
	struct mynet_flow flow = { .daddr = group };
	struct mynet_dst *dst;
	int ifindex;

	rcu_read_lock();
	dst = mynet_route_output(net, &flow);
	ifindex = IS_ERR(dst) ? 0 : dst->dst.dev->ifindex;
	rcu_read_unlock();
	return ifindex;
}

static int mn_mc_resolve(struct net *net, struct mynet_mc_where *where)
{
	struct mynet_ifaddr *ifa;

	if (!mn_addr_multicast(where->group))
		return -EINVAL;
	if (where->ifindex)
		return 0;
	if (where->local) {
		ifa = mynet_ifaddr_find(net, where->local);
		where->ifindex = ifa ? ifa->mdev->dev->ifindex : 0;
	} else {
		where->ifindex = mn_mc_routed_device(net, where->group);
	}
	return where->ifindex ? 0 : -ENODEV;
}

/* --- members ------------------------------------------------------------------------------ */

/* The device on which a member counts, NULL if that has gone and its groups with it. */
static struct mn_indev *mn_member_indev(struct net *net, const struct mynet_mc_member *member)
{
	struct mn_indev *indev = mn_mc_indev(net, member->ifindex);

	return indev && indev->serial == member->serial ? indev : NULL;
}

static struct mynet_mc_member *mn_member_find(struct mynet_mc_list *list,
					      const struct mynet_mc_where *where)
{
	struct mynet_mc_member *member;

	for (member = rtnl_dereference(list->first); member;
	     member = rtnl_dereference(member->next))
		if (member->group == where->group &&
		    (!where->ifindex || member->ifindex == where->ifindex))
			return member;
	return NULL;
}

/* A member of that group and device, for calls that want one. */
static struct mynet_mc_member *mn_member_get(struct net *net, struct mynet_mc_list *list,
					     struct mynet_mc_where *where)
{
	struct mynet_mc_member *member;
	int err;

	if (!mn_addr_multicast(where->group))
		return ERR_PTR(-EINVAL);
	if (where->local || where->ifindex) {
		err = mn_mc_resolve(net, where);
		if (err)
			return ERR_PTR(err);
	}
	member = mn_member_find(list, where);
	return member ?: ERR_PTR(-EADDRNOTAVAIL);
}

/* @filter is the member's if it could be made. */
static int mn_member_add(struct net *net, struct mynet_mc_list *list,
			 const struct mynet_mc_where *where, struct mn_mc_filter *filter)
{
	struct mn_indev *indev = mn_mc_indev(net, where->ifindex);
	struct mynet_mc_member *member;
	int err;

	if (!indev)
		return -ENODEV;
	if (list->count >= READ_ONCE(mn_inet(net)->conf.mc_memberships))
		return -ENOBUFS;
	member = kzalloc(sizeof(*member), GFP_KERNEL_ACCOUNT);
	if (!member)
		return -ENOMEM;
	member->group = where->group;
	member->ifindex = where->ifindex;
	member->serial = indev->serial;
	err = mn_mc_change(indev, where->group, NULL, filter);
	if (err) {
		kfree(member);
		return err;
	}
	RCU_INIT_POINTER(member->filter, filter);
	RCU_INIT_POINTER(member->next, rtnl_dereference(list->first));
	rcu_assign_pointer(list->first, member);
	list->count++;
	return 0;
}

static void mn_member_free(struct net *net, struct mynet_mc_member *member)
{
	struct mn_mc_filter *filter = rtnl_dereference(member->filter);
	struct mn_indev *indev = mn_member_indev(net, member);

	if (indev)
		mn_mc_change(indev, member->group, filter, NULL);
	kfree_rcu_mightsleep(filter);
	kfree_rcu(member, rcu);
}

static void mn_member_del(struct net *net, struct mynet_mc_list *list,
			  struct mynet_mc_member *gone)
{
	struct mynet_mc_member __rcu **link = &list->first;
	struct mynet_mc_member *member;

	while ((member = rtnl_dereference(*link)) != gone)
		link = &member->next;
	rcu_assign_pointer(*link, rtnl_dereference(gone->next));
	list->count--;
	mn_member_free(net, gone);
}

/* @filter is consumed. */
static int mn_member_change(struct net *net, struct mynet_mc_member *member,
			    struct mn_mc_filter *filter)
{
	struct mn_mc_filter *old = rtnl_dereference(member->filter);
	struct mn_indev *indev = mn_member_indev(net, member);
	int err = indev ? mn_mc_change(indev, member->group, old, filter) : -ENODEV;

	if (err) {
		kfree(filter);
		return err;
	}
	rcu_assign_pointer(member->filter, filter);
	kfree_rcu_mightsleep(old);
	return 0;
}

static int mn_mc_join(struct net *net, struct mynet_mc_list *list, struct mynet_mc_where *where,
		      u8 mode, const __be32 *sources, unsigned int n)
{
	struct mn_mc_filter *filter;
	int err;

	filter = mn_filter_make(net, mode, sources, n);
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	err = mn_member_add(net, list, where, filter);
	if (err)
		kfree(filter);
	return err;
}

/* --- the calls ---------------------------------------------------------------------------- */

int mynet_mc_join(struct net *net, struct mynet_mc_list *list, struct mynet_mc_where *where)
{
	int err;

	rtnl_lock();
	err = mn_mc_resolve(net, where);
	if (!err && mn_member_find(list, where))
		err = -EADDRINUSE;
	if (!err)
		err = mn_mc_join(net, list, where, MN_MC_EXCLUDE, NULL, 0);
	rtnl_unlock();
	return err;
}

int mynet_mc_leave(struct net *net, struct mynet_mc_list *list, struct mynet_mc_where *where)
{
	struct mynet_mc_member *member;

	rtnl_lock();
	member = mn_member_get(net, list, where);
	if (!IS_ERR(member)) {
		where->ifindex = member->ifindex;
		mn_member_del(net, list, member);
	}
	rtnl_unlock();
	return PTR_ERR_OR_ZERO(member);
}

/* With one source more, where that is what the mode of the membership can say. */
static int mn_source_add(struct net *net, struct mynet_mc_member *member, u8 mode, __be32 source)
{
	struct mn_mc_filter *old = rtnl_dereference(member->filter), *filter;

	if (old->mode != mode)
		return -EINVAL;
	if (mn_mc_filter_has(old, source))
		return -EADDRNOTAVAIL;
	if (old->n >= READ_ONCE(mn_inet(net)->conf.mc_sources))
		return -ENOBUFS;
	filter = mn_filter_alloc(old->n + 1);
	if (!filter)
		return -ENOMEM;
	mn_mc_filter_with(filter, old, source);
	return mn_member_change(net, member, filter);
}

static int mn_source_del(struct net *net, struct mynet_mc_list *list,
			 struct mynet_mc_member *member, u8 mode, __be32 source)
{
	struct mn_mc_filter *old = rtnl_dereference(member->filter), *filter;

	if (old->mode != mode)
		return -EINVAL;
	if (!mn_mc_filter_has(old, source))
		return -EADDRNOTAVAIL;
	/* From nobody: that is no membership. */
	if (mode == MN_MC_INCLUDE && old->n == 1) {
		mn_member_del(net, list, member);
		return 0;
	}
	filter = mn_filter_alloc(old->n);
	if (!filter)
		return -ENOMEM;
	mn_mc_filter_without(filter, old, source);
	return mn_member_change(net, member, filter);
}

static int mn_mc_source_change(struct net *net, struct mynet_mc_list *list,
			       struct mynet_mc_where *where, __be32 source, enum mynet_mc_op op)
{
	struct mynet_mc_member *member;
	int err;

	err = mn_mc_resolve(net, where);
	if (err)
		return err;
	member = mn_member_find(list, where);
	if (!member)
		return op == MYNET_MC_ADD ?
		       mn_mc_join(net, list, where, MN_MC_INCLUDE, &source, 1) :
		       op == MYNET_MC_DROP ? -EADDRNOTAVAIL : -EINVAL;
	switch (op) {
	case MYNET_MC_ADD:
		return mn_source_add(net, member, MN_MC_INCLUDE, source);
	case MYNET_MC_DROP:
		return mn_source_del(net, list, member, MN_MC_INCLUDE, source);
	case MYNET_MC_BLOCK:
		return mn_source_add(net, member, MN_MC_EXCLUDE, source);
	case MYNET_MC_UNBLOCK:
		return mn_source_del(net, list, member, MN_MC_EXCLUDE, source);
	}
	return -EINVAL;
}

int mynet_mc_source(struct net *net, struct mynet_mc_list *list, struct mynet_mc_where *where,
		    __be32 source, enum mynet_mc_op op)
{
	int err;

	rtnl_lock();
	err = mn_mc_source_change(net, list, where, source, op);
	rtnl_unlock();
	return err;
}

static int mn_filter_set(struct net *net, struct mynet_mc_list *list,
			 struct mynet_mc_where *where, unsigned int mode,
			 const __be32 *sources, unsigned int n)
{
	struct mynet_mc_member *member = mn_member_get(net, list, where);
	struct mn_mc_filter *filter;

	if (mode != MN_MC_INCLUDE && mode != MN_MC_EXCLUDE)
		return -EINVAL;
	if (IS_ERR(member))
		return PTR_ERR(member);
	if (mode == MN_MC_INCLUDE && !n) {
		mn_member_del(net, list, member);
		return 0;
	}
	filter = mn_filter_make(net, mode, sources, n);
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	return mn_member_change(net, member, filter);
}

int mynet_mc_filter_set(struct net *net, struct mynet_mc_list *list, struct mynet_mc_where *where,
			unsigned int mode, const __be32 *sources, unsigned int n)
{
	int err;

	rtnl_lock();
	err = mn_filter_set(net, list, where, mode, sources, n);
	rtnl_unlock();
	return err;
}

int mn_mc_replace(struct net *net, struct mynet_mc_list *list, struct mynet_mc_where *where,
		  unsigned int mode, const __be32 *sources, unsigned int n)
{
	int err;

	rtnl_lock();
	err = mn_mc_resolve(net, where);
	if (!err && mode == MN_MC_INCLUDE && !n)
		err = -EINVAL;
	if (!err && mn_member_find(list, where))
		err = mn_filter_set(net, list, where, mode, sources, n);
	else if (!err)
		err = mn_mc_join(net, list, where, mode, sources, n);
	rtnl_unlock();
	return err;
}

int mynet_mc_filter_get(struct net *net, struct mynet_mc_list *list, struct mynet_mc_where *where,
			unsigned int *mode, __be32 *sources, unsigned int *n)
{
	const struct mn_mc_filter *filter;
	struct mynet_mc_member *member;

	rtnl_lock();
	member = mn_member_get(net, list, where);
	if (!IS_ERR(member)) {
		filter = rtnl_dereference(member->filter);
		*mode = filter->mode;
		if (sources)
			memcpy(sources, filter->source,
			       min_t(unsigned int, *n, filter->n) * sizeof(*sources));
		*n = filter->n;
	}
	rtnl_unlock();
	return PTR_ERR_OR_ZERO(member);
}

void mynet_mc_close(struct net *net, struct mynet_mc_list *list)
{
	struct mynet_mc_member *member;

	if (!rcu_access_pointer(list->first))
		return;
	rtnl_lock();
	while ((member = rtnl_dereference(list->first)))
		mn_member_del(net, list, member);
	rtnl_unlock();
}

bool mynet_mc_wants(const struct mynet_mc_list *list, __be32 group, __be32 source, int ifindex,
		    bool all)
{
	const struct mynet_mc_member *member;

	for (member = rcu_dereference(list->first); member;
	     member = rcu_dereference(member->next))
		if (member->group == group && member->ifindex == ifindex)
			return mn_mc_filter_wants(rcu_dereference(member->filter), source);
	return all;
}
