/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Groups: what members on this host want of a device, and what IGMP says about it there.
 * Private to the internet room.
 */
#ifndef MN_MC_H
#define MN_MC_H

#include <linux/list.h>
#include <linux/rculist.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#include "internet/internet.h"
#include "internet/mc_filter.h"

struct mn_indev;

#define MN_MC_HASH_BITS	8
#define MN_MC_ASKED	16

/**
 * struct mn_mc_source - a source that a member of a group speaks of
 * @list: in mn_mc_group.sources
 * @addr: its address
 * @in: members that want to hear it alone; mn_mc.lock writes
 * @ex: members that want to hear all but it; mn_mc.lock writes
 * @left: reports yet to be sent that the device began or ceased to want it; mn_mc.lock
 * @was: it was of the device's set before a change; mn_mc.lock
 * @rcu: its end
 */
struct mn_mc_source {
	struct hlist_node	list;
	__be32			addr;
	unsigned int		in;
	unsigned int		ex;
	u8			left;
	bool			was;
	struct rcu_head		rcu;
};

/**
 * struct mn_mc_group - a group on a device
 * @hash: in mn_mc.hash
 * @addr: the group
 * @users: members; mn_mc.lock writes. 0: all have left, IGMP has yet to say so
 * @users_ex: of them in mode EXCLUDE; mn_mc.lock writes
 * @sources: struct mn_mc_source; mn_mc.lock writes, RCU reads
 * @left: reports yet to be sent that its mode changed, that it was joined, left; mn_mc.lock
 * @reporter: versions 1 and 2: we were the last to report it; mn_mc.lock
 * @answer: a query about it is to be answered at @answer_at; mn_mc.lock
 * @answer_at: jiffies
 * @asked: sources that query was about, none: about all
 * @asked_n: how many of them
 * @rcu: its end
 */
struct mn_mc_group {
	struct hlist_node	hash;
	__be32			addr;
	unsigned int		users;
	unsigned int		users_ex;
	struct hlist_head	sources;
	u8			left;
	bool			reporter;
	bool			answer;
	unsigned long		answer_at;
	__be32			asked[MN_MC_ASKED];
	unsigned int		asked_n;
	struct rcu_head		rcu;
};

/**
 * struct mn_mc - the groups of a device
 * @lock: guards all that follows; bottom halves off
 * @hash: struct mn_mc_group; RCU reads
 * @count: how many
 * @timer: does what is due: see igmp.c
 * @up: the device is up and IGMP is spoken on it
 * @answer: a general query is to be answered at @answer_at
 * @change: changes are to be reported at @change_at
 * @answer_at: jiffies
 * @change_at: jiffies
 * @v1_until: jiffies until which a querier of version 1 is believed to be there, 0: none is
 * @v2_until: the same for version 2
 * @robustness: how often a change is reported; what the querier says
 */
struct mn_mc {
	spinlock_t		lock;	/* all that follows */
	struct hlist_head	hash[1 << MN_MC_HASH_BITS];
	unsigned int		count;
	struct timer_list	timer;
	bool			up;
	bool			answer;
	bool			change;
	unsigned long		answer_at;
	unsigned long		change_at;
	unsigned long		v1_until;
	unsigned long		v2_until;
	u8			robustness;
};

/* RFC 3376 3.2: the device's mode, and whether a source is of its set. */
static inline bool mn_mc_excludes(const struct mn_mc_group *group)
{
	return READ_ONCE(group->users_ex);
}

static inline bool mn_mc_in_set(const struct mn_mc_group *group, const struct mn_mc_source *source)
{
	unsigned int users_ex = READ_ONCE(group->users_ex);

	if (users_ex)
		return READ_ONCE(source->ex) == users_ex && !READ_ONCE(source->in);
	return READ_ONCE(source->in);
}

/* RFC 3376 6: the group of all hosts is joined everywhere and never reported. */
#define MN_MC_ALL_HOSTS	htonl(0xe0000001)

/* mc_change.c */
void mn_mc_init(struct mn_indev *indev);
void mn_mc_exit(struct mn_indev *indev);
void mn_mc_up(struct mn_indev *indev);
void mn_mc_down(struct mn_indev *indev);

/*
 * A member changes its filter from @old to @new; NULL: it was none, it is none any more.
 * Context: RTNL. Return: 0 or -ENOMEM, which leaving cannot be.
 */
int mn_mc_change(struct mn_indev *indev, __be32 addr, const struct mn_mc_filter *old,
		 const struct mn_mc_filter *new);

/* mc_group.c */
/* Context: RCU. Return: true if somebody on this host wants what @source sends to @addr. */
bool mn_mc_accepts(const struct mn_indev *indev, __be32 addr, __be32 source, u8 protocol);

/* RCU or mn_mc.lock. */
struct mn_mc_group *mn_mc_group_find(struct mn_mc *mc, __be32 addr);
struct hlist_head *mn_mc_group_bucket(struct mn_mc *mc, __be32 addr);
struct mn_mc_source *mn_mc_source_find(const struct mn_mc_group *group, __be32 addr);

/*
 * Under mn_mc.lock: nothing is to be said about it any more; forgets what nobody wants and
 * nothing is to be said about.
 */
void mn_mc_group_silence(struct mn_mc_group *group);
void mn_mc_group_prune(struct mn_mc *mc, struct mn_mc_group *group);
void mn_mc_silence(struct mn_mc *mc);	/* both, for all groups */

/* mc.c: joins, or sets the sources of what is joined. Context: takes RTNL. */
int mn_mc_replace(struct net *net, struct mynet_mc_list *list, struct mynet_mc_where *where,
		  unsigned int mode, const __be32 *sources, unsigned int n);

/* mc_proc.c */
int mn_mc_proc_init(struct mynet_net *mnet);
void mn_mc_proc_exit(struct mynet_net *mnet);

/* mc_cmd.c */
int mn_mc_cmd_init(void);

/* igmp.c; under mn_mc.lock: something of a group changed, and is to be said. */
void mn_igmp_changed(struct mn_indev *indev, struct mn_mc_group *group, bool joined);
unsigned int mn_igmp_version(struct mn_mc *mc);
void mn_igmp_fire(struct timer_list *timer);
int mn_igmp_init(void);
void mn_igmp_exit(void);

/*
 * igmp_report.c: messages gathered under mn_mc.lock, sent without it.
 * @report: one of version 3 that has room; @record: its last record, 0: it has none yet
 */
struct mn_igmp_out {
	struct mn_indev		*indev;
	struct sk_buff_head	queue;
	struct sk_buff		*report;
	unsigned int		record;
};

void mn_igmp_out_init(struct mn_igmp_out *out, struct mn_indev *indev);
/* Context: RCU. */
void mn_igmp_out_send(struct mn_igmp_out *out);
/* Versions 1 and 2: one message about one group. */
void mn_igmp_add_message(struct mn_igmp_out *out, u8 type, __be32 group);
/* Version 3: a record without sources; a source in the last record or a new one. */
void mn_igmp_add_record(struct mn_igmp_out *out, u8 type, __be32 group);
void mn_igmp_add_source(struct mn_igmp_out *out, u8 type, __be32 group, __be32 source);

#endif /* MN_MC_H */
