// SPDX-License-Identifier: GPL-2.0
/*
 * IGMP as a host speaks it (RFC 1112, RFC 2236, RFC 3376): queries are answered, changes are told.
 *
 * State: of struct mn_mc and its groups whatever says when something is to be said: left, answer,
 * asked, change, reporter, the timer, the version. Under mn_mc.lock. One timer for a device: it
 * looks at all groups and says in one message what is due.
 */
#include <linux/in.h>
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>

#include "internet/igmp.h"
#include "internet/inet.h"
#include "internet/mc.h"

/* RFC 3376 8: for how long an older querier is believed to be there, by its defaults. */
#define MN_OLDER_QUERIER	((2 * 125 + 10) * HZ)

/* RFC 3376 8.11, RFC 2236 8.10: the time in which a change is said again. */
#define MN_CHANGE_AGAIN		HZ
#define MN_CHANGE_AGAIN_OLD	(10 * HZ)

unsigned int mn_igmp_version(struct mn_mc *mc)
{
	if (mc->v1_until && time_before(jiffies, mc->v1_until))
		return 1;
	mc->v1_until = 0;
	if (mc->v2_until && time_before(jiffies, mc->v2_until))
		return 2;
	mc->v2_until = 0;
	return 3;
}

static unsigned long mn_igmp_soon(unsigned long most)
{
	return jiffies + 1 + get_random_u32_below(most);
}

/* --- reports of version 3 ----------------------------------------------------------------- */

static bool mn_source_wanted(const struct mn_mc_group *group, __be32 addr)
{
	const struct mn_mc_source *source = mn_mc_source_find(group, addr);

	return (source && mn_mc_in_set(group, source)) != mn_mc_excludes(group);
}

/* A record of all that the device wants of a group. */
static void mn_igmp_add_state(struct mn_igmp_out *out, const struct mn_mc_group *group, u8 type)
{
	const struct mn_mc_source *source;

	mn_igmp_add_record(out, type, group->addr);
	hlist_for_each_entry(source, &group->sources, list)
		if (mn_mc_in_set(group, source))
			mn_igmp_add_source(out, type, group->addr, source->addr);
}

/* RFC 3376 5.2: to a query. */
static void mn_igmp_add_answer(struct mn_igmp_out *out, const struct mn_mc_group *group)
{
	unsigned int i;

	if (!group->asked_n) {
		mn_igmp_add_state(out, group,
				  mn_mc_excludes(group) ? MN_RECORD_IS_EX : MN_RECORD_IS_IN);
		return;
	}
	for (i = 0; i < group->asked_n; i++)
		if (mn_source_wanted(group, group->asked[i]))
			mn_igmp_add_source(out, MN_RECORD_IS_IN, group->addr,
					   group->asked[i]);
}

static void mn_igmp_add_sources(struct mn_igmp_out *out, struct mn_mc_group *group, bool wanted,
				u8 type)
{
	struct mn_mc_source *source;

	hlist_for_each_entry(source, &group->sources, list)
		if (source->left &&
		    (mn_mc_in_set(group, source) != mn_mc_excludes(group)) == wanted)
			mn_igmp_add_source(out, type, group->addr, source->addr);
}

/* RFC 3376 5.1: a change of mode tells all sources anew. */
static void mn_igmp_add_change(struct mn_igmp_out *out, struct mn_mc_group *group)
{
	struct mn_mc_source *source;

	if (group->left) {
		mn_igmp_add_state(out, group,
				  mn_mc_excludes(group) ? MN_RECORD_TO_EX : MN_RECORD_TO_IN);
		group->left--;
	} else {
		mn_igmp_add_sources(out, group, true, MN_RECORD_ALLOW);
		mn_igmp_add_sources(out, group, false, MN_RECORD_BLOCK);
	}
	hlist_for_each_entry(source, &group->sources, list)
		if (source->left)
			source->left--;
}

/* ... and in the older ones. */
static void mn_igmp_add_old(struct mn_igmp_out *out, struct mn_mc_group *group,
			    unsigned int version)
{
	mn_igmp_add_message(out, version == 1 ? MN_IGMP_REPORT_V1 : MN_IGMP_REPORT_V2,
			    group->addr);
	group->reporter = true;
}

static void mn_igmp_add_old_change(struct mn_igmp_out *out, struct mn_mc_group *group,
				   unsigned int version)
{
	if (group->users) {
		mn_igmp_add_old(out, group, version);
		group->left--;
		return;
	}
	/* RFC 2236 3: whoever was the last to report says that he leaves. */
	if (version == 2 && group->reporter)
		mn_igmp_add_message(out, MN_IGMP_LEAVE, group->addr);
	group->left = 0;
}

/* --- when --------------------------------------------------------------------------------- */

static bool mn_due(bool pending, unsigned long at)
{
	return pending && time_after_eq(jiffies, at);
}

static bool mn_igmp_pending(const struct mn_mc_group *group)
{
	const struct mn_mc_source *source;

	hlist_for_each_entry(source, &group->sources, list)
		if (source->left)
			return true;
	return group->left;
}

/* @answer, @change: to a general query; of all groups. */
static void mn_group_due(struct mn_igmp_out *out, struct mn_mc_group *group, unsigned int version,
			 bool answer, bool change)
{
	if (answer && group->users && group->addr != MN_MC_ALL_HOSTS) {
		group->asked_n = 0;
		group->answer = true;
		group->answer_at = jiffies;
	}
	if (mn_due(group->answer, group->answer_at)) {
		group->answer = false;
		if (!group->users)
			return;
		if (version == 3)
			mn_igmp_add_answer(out, group);
		else
			mn_igmp_add_old(out, group, version);
	}
	if (!change || !mn_igmp_pending(group))
		return;
	if (version == 3)
		mn_igmp_add_change(out, group);
	else
		mn_igmp_add_old_change(out, group, version);
}

static void mn_igmp_due(struct mn_indev *indev, struct mn_igmp_out *out)
{
	struct mn_mc *mc = &indev->mc;
	unsigned int version = mn_igmp_version(mc), i;
	bool answer = mn_due(mc->answer, mc->answer_at);
	bool change = mn_due(mc->change, mc->change_at);
	struct mn_mc_group *group;
	struct hlist_node *next;
	bool again = false;

	if (answer)
		mc->answer = false;
	for (i = 0; i < ARRAY_SIZE(mc->hash); i++) {
		hlist_for_each_entry_safe(group, next, &mc->hash[i], hash) {
			mn_group_due(out, group, version, answer, change);
			again |= mn_igmp_pending(group);
			if (group->answer)
				timer_reduce(&mc->timer, group->answer_at);
			mn_mc_group_prune(mc, group);
		}
	}
	if (change) {
		mc->change = again;
		mc->change_at = mn_igmp_soon(version == 3 ? MN_CHANGE_AGAIN :
							    MN_CHANGE_AGAIN_OLD);
	}
	if (mc->change)
		timer_reduce(&mc->timer, mc->change_at);
	if (mc->answer)
		timer_reduce(&mc->timer, mc->answer_at);
}

void mn_igmp_fire(struct timer_list *timer)
{
	struct mn_mc *mc = container_of(timer, struct mn_mc, timer);
	struct mn_indev *indev = container_of(mc, struct mn_indev, mc);
	struct mn_igmp_out out;

	rcu_read_lock();
	mn_igmp_out_init(&out, indev);
	spin_lock(&mc->lock);
	if (mc->up)
		mn_igmp_due(indev, &out);
	spin_unlock(&mc->lock);
	mn_igmp_out_send(&out);
	rcu_read_unlock();
}

static bool mn_igmp_enabled(const struct mn_indev *indev, __be32 group)
{
	return indev->mc.up && group != MN_MC_ALL_HOSTS &&
	       !(indev->mdev->dev->flags & IFF_LOOPBACK);
}

void mn_igmp_changed(struct mn_indev *indev, struct mn_mc_group *group, bool joined)
{
	struct mn_mc *mc = &indev->mc;

	lockdep_assert_held(&mc->lock);
	if (!mn_igmp_enabled(indev, group->addr)) {
		mn_mc_group_silence(group);
		return;
	}
	if (mn_igmp_version(mc) < 3) {
		/* Sources are not spoken of; one leave is enough. */
		mn_mc_group_silence(group);
		group->left = joined ? mc->robustness : !group->users;
		if (!group->left)
			return;
	}
	mc->change = true;
	mc->change_at = jiffies;
	timer_reduce(&mc->timer, jiffies);
}

/* --- input -------------------------------------------------------------------------------- */

/* A query, taken apart. @most: the time that there is to answer, in jiffies. */
struct mn_query {
	unsigned int	version;
	unsigned long	most;
	__be32		group;
	u8		robustness;
	const __be32	*source;
	unsigned int	sources;
};

/* RFC 3376 4.1.1: tenths of a second, or a floating-point number of them. */
static unsigned long mn_query_time(u8 code)
{
	unsigned int tenths = code;

	if (code >= 128)
		tenths = ((code & 15) | 16) << (((code >> 4) & 7) + 3);
	return max(tenths * HZ / 10, 1U);
}

static enum mynet_drop_reason mn_query_parse(struct sk_buff *skb, struct mn_query *query)
{
	const struct mn_igmp_head *igmph = (const struct mn_igmp_head *)skb->data;
	const struct mn_igmp_v3_query *v3;
	unsigned int sources;

	*query = (struct mn_query){ .group = igmph->group };
	if (skb->len == sizeof(*igmph)) {
		query->version = igmph->code ? 2 : 1;
		query->most = igmph->code ? max(igmph->code * HZ / 10, 1) : 10 * HZ;
		return MYNET_DROP_NONE;
	}
	if (!pskb_may_pull(skb, sizeof(*v3)))
		return MYNET_DROP_IGMP_TRUNC;
	v3 = (const struct mn_igmp_v3_query *)skb->data;
	sources = ntohs(v3->sources);
	if (!pskb_may_pull(skb, sizeof(*v3) + sources * sizeof(__be32)))
		return MYNET_DROP_IGMP_TRUNC;
	v3 = (const struct mn_igmp_v3_query *)skb->data;
	query->version = 3;
	query->most = mn_query_time(v3->head.code);
	query->robustness = v3->flags & 7;
	query->source = (const __be32 *)(v3 + 1);
	query->sources = sources;
	return MYNET_DROP_NONE;
}

/* Keeps what is asked about together with what was asked and not yet answered. */
static void mn_group_note(struct mn_mc_group *group, const struct mn_query *query)
{
	bool about_all = !query->sources || (group->answer && !group->asked_n);
	unsigned int i, j;

	if (!group->answer)
		group->asked_n = 0;
	for (i = 0; i < query->sources && !about_all; i++) {
		for (j = 0; j < group->asked_n; j++)
			if (group->asked[j] == query->source[i])
				break;
		if (j < group->asked_n)
			continue;
		/* Too many to remember: all is told. */
		about_all = j == ARRAY_SIZE(group->asked);
		if (!about_all)
			group->asked[group->asked_n++] = query->source[i];
	}
	if (about_all)
		group->asked_n = 0;
}

/* RFC 3376 5.2, rules 3 to 5. */
static void mn_group_asked(struct mn_mc *mc, struct mn_mc_group *group,
			   const struct mn_query *query)
{
	unsigned long at = mn_igmp_soon(query->most);

	if (!group->users || group->addr == MN_MC_ALL_HOSTS)
		return;
	if (mc->answer && time_before_eq(mc->answer_at, at))
		return;
	mn_group_note(group, query);
	if (!group->answer || time_before(at, group->answer_at))
		group->answer_at = at;
	group->answer = true;
	timer_reduce(&mc->timer, group->answer_at);
}

static void mn_all_asked(struct mn_mc *mc, const struct mn_query *query, unsigned int version)
{
	unsigned long at = mn_igmp_soon(query->most);
	struct mn_mc_group *group;
	unsigned int i;

	if (version < 3) {
		for (i = 0; i < ARRAY_SIZE(mc->hash); i++)
			hlist_for_each_entry(group, &mc->hash[i], hash)
				mn_group_asked(mc, group, query);
		return;
	}
	if (mc->answer && time_before_eq(mc->answer_at, at))
		return;
	mc->answer = true;
	mc->answer_at = at;
	timer_reduce(&mc->timer, at);
}

static void mn_igmp_queried(struct mn_mc *mc, const struct mn_query *query)
{
	unsigned int before = mn_igmp_version(mc), version;
	struct mn_mc_group *group;

	if (query->version == 1)
		mc->v1_until = (jiffies + MN_OLDER_QUERIER) ?: 1;
	if (query->version == 2)
		mc->v2_until = (jiffies + MN_OLDER_QUERIER) ?: 1;
	if (query->version == 3)
		mc->robustness = query->robustness ?: 2;
	version = mn_igmp_version(mc);
	if (version != before)
		mn_mc_silence(mc);	/* RFC 3376 7.2.1: it was to be said in another version */

	if (!query->group) {
		mn_all_asked(mc, query, version);
		return;
	}
	group = mn_mc_group_find(mc, query->group);
	if (group)
		mn_group_asked(mc, group, query);
}

static enum mynet_drop_reason mn_igmp_query_input(struct sk_buff *skb, struct mn_indev *indev)
{
	enum mynet_drop_reason why;
	struct mn_query query;

	mynet_mib_inc(indev->inet->mnet, MYNET_MIB_IGMP_IN_QUERIES);
	why = mn_query_parse(skb, &query);
	if (why)
		return why;
	spin_lock_bh(&indev->mc.lock);
	if (indev->mc.up)
		mn_igmp_queried(&indev->mc, &query);
	spin_unlock_bh(&indev->mc.lock);
	return MYNET_DROP_NONE;
}

/* RFC 2236 3: one report of a group is enough for its network. */
static void mn_igmp_reported(struct mn_indev *indev, __be32 addr)
{
	struct mn_mc *mc = &indev->mc;
	struct mn_mc_group *group;

	mynet_mib_inc(indev->inet->mnet, MYNET_MIB_IGMP_IN_REPORTS);
	spin_lock_bh(&mc->lock);
	group = mn_mc_group_find(mc, addr);
	if (group && group->users && mn_igmp_version(mc) < 3) {
		mn_mc_group_silence(group);
		group->reporter = false;
	}
	spin_unlock_bh(&mc->lock);
}

static enum mynet_drop_reason mn_igmp_take(struct sk_buff *skb, struct mn_indev *indev)
{
	const struct mn_igmp_head *igmph;

	if (!pskb_may_pull(skb, sizeof(*igmph)))
		return MYNET_DROP_IGMP_TRUNC;
	if (skb_checksum_simple_validate(skb))
		return MYNET_DROP_IGMP_CSUM;
	igmph = (const struct mn_igmp_head *)skb->data;
	switch (igmph->type) {
	case MN_IGMP_QUERY:
		return mn_igmp_query_input(skb, indev);
	case MN_IGMP_REPORT_V1:
	case MN_IGMP_REPORT_V2:
		mn_igmp_reported(indev, igmph->group);
		return MYNET_DROP_NONE;
	case MN_IGMP_REPORT_V3:
	case MN_IGMP_LEAVE:
		return MYNET_DROP_NONE;		/* for routers */
	default:
		return MYNET_DROP_IGMP_TYPE;
	}
}

static int mn_igmp_input(struct sk_buff *skb)
{
	struct mynet_net *mnet = mynet_net(dev_net(skb->dev));
	struct mynet_dev *mdev = mynet_dev_find(skb->dev);
	struct mn_indev *indev = mdev ? mn_indev(mdev) : NULL;
	enum mynet_drop_reason why;

	mynet_mib_inc(mnet, MYNET_MIB_IGMP_IN_MSGS);
	if (!indev)
		return mynet_drop(skb, MYNET_DROP_LINK_UNATTACHED);
	why = mn_igmp_take(skb, indev);
	if (why) {
		mynet_mib_inc(mnet, MYNET_MIB_IGMP_IN_ERRORS);
		return mynet_drop(skb, why);
	}
	consume_skb(skb);
	return 0;
}

static const struct mynet_inet_proto mn_igmp_proto = {
	.input	= mn_igmp_input,
};

int __init mn_igmp_init(void)
{
	return mynet_inet_proto_add(&mn_igmp_proto, IPPROTO_IGMP);
}

void mn_igmp_exit(void)
{
	mynet_inet_proto_del(&mn_igmp_proto, IPPROTO_IGMP);
}
