// SPDX-License-Identifier: GPL-2.0
/*
 * Hooks: who is asked about packets, and where.
 *
 * State: a list for each point, ordered by priority; written under mn_hook_lock, walked under
 * RCU. A static key for each point is on while its list is not empty.
 */
#include <linux/mutex.h>
#include <linux/rculist.h>

#include "core/core.h"
#include "core/drop.h"
#include "internet/hooks.h"

static struct list_head mn_hook_lists[MYNET_HOOK_POINTS] = {
	[MYNET_HOOK_PRE_ROUTING]  = LIST_HEAD_INIT(mn_hook_lists[MYNET_HOOK_PRE_ROUTING]),
	[MYNET_HOOK_LOCAL_IN]	  = LIST_HEAD_INIT(mn_hook_lists[MYNET_HOOK_LOCAL_IN]),
	[MYNET_HOOK_FORWARD]	  = LIST_HEAD_INIT(mn_hook_lists[MYNET_HOOK_FORWARD]),
	[MYNET_HOOK_LOCAL_OUT]	  = LIST_HEAD_INIT(mn_hook_lists[MYNET_HOOK_LOCAL_OUT]),
	[MYNET_HOOK_POST_ROUTING] = LIST_HEAD_INIT(mn_hook_lists[MYNET_HOOK_POST_ROUTING]),
};

static DEFINE_MUTEX(mn_hook_lock);

DEFINE_STATIC_KEY_ARRAY_FALSE(mynet_hook_keys, MYNET_HOOK_POINTS);
MYNET_EXPORT_TO_TESTS(mynet_hook_keys);

int mynet_hook_add(struct mynet_hook *hook)
{
	struct list_head *before;
	struct mynet_hook *it;

	if ((unsigned int)hook->point >= MYNET_HOOK_POINTS)
		return -EINVAL;
	mutex_lock(&mn_hook_lock);
	before = &mn_hook_lists[hook->point];
	list_for_each_entry(it, before, list)
		if (it->priority > hook->priority)
			break;
	list_add_tail_rcu(&hook->list, &it->list);
	static_branch_inc(&mynet_hook_keys[hook->point]);
	mutex_unlock(&mn_hook_lock);
	return 0;
}
MYNET_EXPORT_TO_TESTS(mynet_hook_add);

void mynet_hook_del(struct mynet_hook *hook)
{
	mutex_lock(&mn_hook_lock);
	static_branch_dec(&mynet_hook_keys[hook->point]);
	list_del_rcu(&hook->list);
	mutex_unlock(&mn_hook_lock);
	synchronize_rcu();
}
MYNET_EXPORT_TO_TESTS(mynet_hook_del);

bool mynet_hook_ask(struct net *net, struct sk_buff *skb, enum mynet_hook_point point)
{
	struct mynet_hook *hook;

	list_for_each_entry_rcu(hook, &mn_hook_lists[point], list) {
		switch (hook->fn(net, skb, point)) {
		case MYNET_HOOK_ACCEPT:
			break;
		case MYNET_HOOK_DROP:
			mynet_drop(skb, MYNET_DROP_HOOK);
			return false;
		case MYNET_HOOK_STOLEN:
			return false;
		}
	}
	return true;
}
MYNET_EXPORT_TO_TESTS(mynet_hook_ask);
