// SPDX-License-Identifier: GPL-2.0
/*
 * The table of (type, protocol) that socket() looks into.
 *
 * State: mn_protosw, the rows, permanent ones before the others. Written under
 * mn_protosw_lock, read under RCU. One list for all types: it has a handful of rows.
 */
#include <linux/in.h>
#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/rculist.h>

#include "transport/transport.h"

static LIST_HEAD(mn_protosw);
static DEFINE_MUTEX(mn_protosw_lock);

/*
 * Does a row that serves @served answer for @asked? IPPROTO_IP stands for "any" on both
 * sides, but any and any make no protocol.
 */
static bool mn_protosw_serves(int asked, int served)
{
	if (asked == IPPROTO_IP)
		return served != IPPROTO_IP;
	return served == asked || served == IPPROTO_IP;
}

const struct mynet_protosw *mynet_protosw_find(int type, int *protocol)
{
	const struct mynet_protosw *entry;
	int err = -ESOCKTNOSUPPORT;

	RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "row looked up outside of an RCU section");

	list_for_each_entry_rcu(entry, &mn_protosw, list) {
		if (entry->type != type)
			continue;
		err = -EPROTONOSUPPORT;
		if (!mn_protosw_serves(*protocol, entry->protocol))
			continue;
		if (*protocol == IPPROTO_IP)
			*protocol = entry->protocol;
		return entry;
	}
	return ERR_PTR(err);
}
MYNET_EXPORT_TO_TESTS(mynet_protosw_find);

static bool mn_protosw_possible(const struct mynet_protosw *entry)
{
	return entry->type < SOCK_MAX && entry->protocol < IPPROTO_MAX &&
	       entry->transport->prot->obj_size >= sizeof(struct mynet_sock);
}

/* The place for a new row: behind the last permanent one. NULL: one of those has its place. */
static struct list_head *mn_protosw_place_locked(const struct mynet_protosw *entry)
{
	struct list_head *place = &mn_protosw;
	struct mynet_protosw *other;

	lockdep_assert_held(&mn_protosw_lock);

	list_for_each_entry(other, &mn_protosw, list) {
		if (!(other->flags & MYNET_PROTOSW_PERMANENT))
			break;
		if (other->type == entry->type && other->protocol == entry->protocol)
			return NULL;
		place = &other->list;
	}
	return place;
}

int mynet_protosw_register(struct mynet_protosw *entry)
{
	struct list_head *place;

	if (!mn_protosw_possible(entry))
		return -EINVAL;

	mutex_lock(&mn_protosw_lock);
	place = mn_protosw_place_locked(entry);
	if (place)
		list_add_rcu(&entry->list, place);
	mutex_unlock(&mn_protosw_lock);

	return place ? 0 : -EPERM;
}
MYNET_EXPORT_TO_TESTS(mynet_protosw_register);

void mynet_protosw_unregister(struct mynet_protosw *entry)
{
	mutex_lock(&mn_protosw_lock);
	list_del_rcu(&entry->list);
	mutex_unlock(&mn_protosw_lock);
	synchronize_net();
}
MYNET_EXPORT_TO_TESTS(mynet_protosw_unregister);
