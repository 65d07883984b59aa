// SPDX-License-Identifier: GPL-2.0
/*
 * One neighbour at work: packets that use it or wait for it, its timer, and what the state
 * machine (arp_state.c) wants done.
 *
 * State: struct mynet_neigh from its lock member on, and mn_neighs_alive, the number of entries
 * whose memory is not given back yet.
 *
 * An answer of the state machine is carried out in two halves: what changes the entry under its
 * lock, what sends packets without.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/ip.h>
#include <linux/jiffies.h>
#include <linux/random.h>
#include <net/dst.h>
#include <net/neighbour.h>

#include "core/drop.h"
#include "core/hop.h"
#include "core/mib.h"
#include "link/private.h"

static atomic_t mn_neighs_alive = ATOMIC_INIT(0);

/* The actions that are left when the lock is given up. */
struct mn_neigh_todo {
	unsigned int		what;
	struct sk_buff_head	packets;	/* to be sent, or to fail */
	u8			ha[ETH_ALEN];	/* whom to ask */
	__be32			source;		/* in whose name to ask */
};

static const struct mn_neigh_knobs *mn_neigh_knobs(const struct mynet_neigh *neigh)
{
	return &mn_link_net(neigh->mdev->mnet->net)->neigh.knobs;
}

static void mn_neigh_params(const struct mynet_neigh *neigh, struct mn_arp_params *params)
{
	const struct mn_neigh_knobs *knobs = mn_neigh_knobs(neigh);
	unsigned int base = READ_ONCE(knobs->base_reachable_ms);

	/* RFC 4861 6.3.2: uniformly between half and one and a half of the base. */
	params->reachable = msecs_to_jiffies(base / 2 + get_random_u32_below(base + 1));
	params->delay = msecs_to_jiffies(READ_ONCE(knobs->delay_first_probe_ms));
	params->retrans = msecs_to_jiffies(READ_ONCE(knobs->retrans_ms));
	params->locktime = msecs_to_jiffies(READ_ONCE(knobs->locktime_ms));
	params->ucast_probes = READ_ONCE(knobs->ucast_probes);
	params->bcast_probes = READ_ONCE(knobs->bcast_probes);
}

/* --- the queue of those who wait ---------------------------------------------------------- */

/*
 * In whose name to ask: the sender's of a waiting packet, so that the neighbour learns the
 * address it is going to hear from.
 */
static __be32 mn_neigh_asker_locked(const struct mynet_neigh *neigh)
{
	const struct sk_buff *skb = skb_peek(&neigh->pending);
	int announce = mn_arp_knob(neigh->mdev, MN_ARP_ANNOUNCE);
	__be32 source;

	lockdep_assert_held(&neigh->lock);

	if (!skb || announce > 1)
		return 0;
	source = ip_hdr(skb)->saddr;
	if (announce)
		return mynet_ifaddr_find_dev(neigh->mdev, source) ? source : 0;
	return mynet_ifaddr_find(neigh->mdev->mnet->net, source) ? source : 0;
}

static void mn_neigh_wait_locked(struct mynet_neigh *neigh, struct sk_buff *skb)
{
	unsigned int limit = READ_ONCE(mn_neigh_knobs(neigh)->unres_qlen_bytes);
	struct sk_buff *oldest;

	lockdep_assert_held(&neigh->lock);

	while (neigh->pending_bytes + skb->truesize > limit) {
		oldest = __skb_dequeue(&neigh->pending);
		if (!oldest)
			break;
		neigh->pending_bytes -= oldest->truesize;
		mynet_drop(oldest, MYNET_DROP_NEIGH_QUEUE_FULL);
	}
	if (!skb_dst_force(skb) && skb_dst(skb)) {
		mynet_drop(skb, MYNET_DROP_NEIGH_GONE);
		return;
	}
	neigh->pending_bytes += skb->truesize;
	__skb_queue_tail(&neigh->pending, skb);
}

static void mn_neigh_drain_locked(struct mynet_neigh *neigh, struct sk_buff_head *to)
{
	lockdep_assert_held(&neigh->lock);

	skb_queue_splice_tail_init(&neigh->pending, to);
	neigh->pending_bytes = 0;
}

/* --- what the state machine wants done ---------------------------------------------------- */

static void mn_neigh_arm_locked(struct mynet_neigh *neigh)
{
	unsigned long expires = neigh->state.expires;

	lockdep_assert_held(&neigh->lock);

	if (time_before_eq(expires, jiffies))
		expires = jiffies + 1;
	if (!mod_timer(&neigh->timer, expires))
		refcount_inc(&neigh->refs);
}

static void mn_neigh_disarm_locked(struct mynet_neigh *neigh)
{
	lockdep_assert_held(&neigh->lock);

	/* Not the last one: whoever has the lock has come by another. */
	if (timer_delete(&neigh->timer))
		refcount_dec(&neigh->refs);
}

/* The half of the answer that changes the entry. */
static void mn_neigh_do_locked(struct mynet_neigh *neigh, struct mn_neigh_todo *todo,
			       unsigned int what, const u8 *heard)
{
	lockdep_assert_held(&neigh->lock);

	todo->what = what;
	todo->source = 0;
	__skb_queue_head_init(&todo->packets);

	if (what & MN_ARP_DO_LEARN)
		mn_header_set(&neigh->header, neigh->mdev, heard);
	if (what & MN_ARP_DO_ARM)
		mn_neigh_arm_locked(neigh);
	if (what & MN_ARP_DO_DISARM)
		mn_neigh_disarm_locked(neigh);
	if (what & (MN_ARP_DO_ASK_ALL | MN_ARP_DO_ASK_ONE)) {
		ether_addr_copy(todo->ha, neigh->header.ha);
		todo->source = mn_neigh_asker_locked(neigh);
	}
	if (what & (MN_ARP_DO_SEND | MN_ARP_DO_FAIL))
		mn_neigh_drain_locked(neigh, &todo->packets);
	if (what & MN_ARP_DO_FAIL)
		mn_header_set(&neigh->header, neigh->mdev, NULL);
}

static void mn_neigh_ask(const struct mynet_neigh *neigh, const struct mn_neigh_todo *todo)
{
	struct mynet_dev *mdev = neigh->mdev;
	__be32 source = todo->source;

	if (!source)
		source = mn_ifaddr_source(mdev, neigh->key.addr);
	mn_arp_send(mdev, ARPOP_REQUEST, source, neigh->key.addr, NULL,
		    todo->what & MN_ARP_DO_ASK_ONE ? todo->ha : mdev->dev->broadcast);
}

/* The half of the answer that sends. RCU read section; no lock. */
static void mn_neigh_run_actions(struct mynet_neigh *neigh, struct mn_neigh_todo *todo)
{
	struct sk_buff *skb;

	if (todo->what & (MN_ARP_DO_ASK_ALL | MN_ARP_DO_ASK_ONE))
		mn_neigh_ask(neigh, todo);
	if (todo->what & MN_ARP_DO_FAIL) {
		mynet_mib_inc(neigh->mdev->mnet, MYNET_MIB_NEIGH_FAILED);
		mn_neigh_notify(neigh, MYNET_CMD_NEIGH_NTF);
	}

	local_bh_disable();
	while ((skb = __skb_dequeue(&todo->packets))) {
		if (todo->what & MN_ARP_DO_FAIL)
			mn_link_ops->neigh_failed(skb);
		else
			mn_neigh_output(skb, neigh);
	}
	local_bh_enable();
}

/* --- events ------------------------------------------------------------------------------- */

static void mn_neigh_fire(struct timer_list *timer)
{
	struct mynet_neigh *neigh = container_of(timer, struct mynet_neigh, timer);
	struct mn_arp_params params;
	struct mn_neigh_todo todo;
	bool dead;

	rcu_read_lock();
	spin_lock(&neigh->lock);
	dead = neigh->dead;
	if (!dead) {
		mn_neigh_params(neigh, &params);
		mn_neigh_do_locked(neigh, &todo, mn_arp_expired(&neigh->state, &params, jiffies),
				   NULL);
	}
	spin_unlock(&neigh->lock);
	if (!dead)
		mn_neigh_run_actions(neigh, &todo);
	rcu_read_unlock();

	mynet_neigh_put(neigh);
}

/* Not in the fast path: the state machine wants to know, or there is no address yet. */
static int mn_neigh_output_slow(struct sk_buff *skb, struct mynet_neigh *neigh)
{
	struct mn_neigh_todo todo;
	struct mn_arp_params params;
	bool usable;

	spin_lock_bh(&neigh->lock);
	if (neigh->dead) {
		spin_unlock_bh(&neigh->lock);
		mynet_drop(skb, MYNET_DROP_NEIGH_GONE);
		return -EHOSTUNREACH;
	}
	usable = mn_arp_usable(neigh->state.state);
	if (!usable)
		mn_neigh_wait_locked(neigh, skb);
	mn_neigh_params(neigh, &params);
	mn_neigh_do_locked(neigh, &todo, mn_arp_used(&neigh->state, &params, jiffies), NULL);
	spin_unlock_bh(&neigh->lock);

	mn_neigh_run_actions(neigh, &todo);
	return usable ? mn_link_xmit(skb, neigh->mdev, &neigh->header) : 0;
}

/* RCU read section. */
int mn_neigh_output(struct sk_buff *skb, struct mynet_neigh *neigh)
{
	unsigned long now = jiffies;

	if (unlikely(READ_ONCE(neigh->dead))) {
		mynet_drop(skb, MYNET_DROP_NEIGH_GONE);
		return -EHOSTUNREACH;
	}
	if (READ_ONCE(neigh->used) != now)
		WRITE_ONCE(neigh->used, now);
	if (likely(mn_arp_connected(READ_ONCE(neigh->state.state))))
		return mn_link_xmit(skb, neigh->mdev, &neigh->header);

	skb->dev = neigh->mdev->dev;
	return mn_neigh_output_slow(skb, neigh);
}

int mynet_neigh_output(struct sk_buff *skb, struct mynet_neigh *neigh)
{
	int err;

	mynet_hop(skb, MYNET_HOP_LINK_OUT);
	rcu_read_lock();
	err = mn_neigh_output(skb, neigh);
	rcu_read_unlock();
	return err;
}

void mn_neigh_heard(struct mynet_neigh *neigh, const u8 *ha, bool solicited, bool override)
{
	struct mn_arp_params params;
	struct mn_neigh_todo todo;
	unsigned int what;

	spin_lock_bh(&neigh->lock);
	if (neigh->dead) {
		spin_unlock_bh(&neigh->lock);
		return;
	}
	mn_neigh_params(neigh, &params);
	what = mn_arp_state_confirm(&neigh->state, &params, jiffies,
				    ether_addr_equal(neigh->header.ha, ha), solicited, override);
	mn_neigh_do_locked(neigh, &todo, what, ha);
	spin_unlock_bh(&neigh->lock);

	if (what & MN_ARP_DO_LEARN)
		mn_neigh_notify(neigh, MYNET_CMD_NEIGH_NTF);
	mn_neigh_run_actions(neigh, &todo);
}

/* The administrator's word. @ha NULL leaves the address as it is. RCU read section. */
void mn_neigh_set(struct mynet_neigh *neigh, u8 state, const u8 *ha, u8 flags)
{
	struct mn_arp_params params;
	struct mn_neigh_todo todo;
	unsigned int what;

	spin_lock_bh(&neigh->lock);
	if (neigh->dead) {
		spin_unlock_bh(&neigh->lock);
		return;
	}
	neigh->flags = flags;
	mn_neigh_params(neigh, &params);
	what = mn_arp_set(&neigh->state, &params, jiffies, state);
	if (ha)
		what |= MN_ARP_DO_LEARN;
	mn_neigh_do_locked(neigh, &todo, what, ha);
	spin_unlock_bh(&neigh->lock);

	mn_neigh_notify(neigh, MYNET_CMD_NEIGH_NTF);
	mn_neigh_run_actions(neigh, &todo);
}

void mynet_neigh_confirm(struct mynet_neigh *neigh)
{
	unsigned long now = jiffies;

	if (READ_ONCE(neigh->state.confirmed) != now)
		WRITE_ONCE(neigh->state.confirmed, now);
}

/* --- birth and death ---------------------------------------------------------------------- */

/* @neigh is zeroed but for key and mdev; nobody else knows it. */
void mn_neigh_init(struct mynet_neigh *neigh)
{
	struct mynet_dev *mdev = neigh->mdev;
	struct net_device *dev = mdev->dev;
	struct mn_arp_params params;

	atomic_inc(&mn_neighs_alive);
	refcount_set(&neigh->refs, 1);
	neigh->used = jiffies;
	seqlock_init(&neigh->header.lock);
	spin_lock_init(&neigh->lock);
	__skb_queue_head_init(&neigh->pending);
	timer_setup(&neigh->timer, mn_neigh_fire, 0);

	mn_neigh_params(neigh, &params);
	mn_arp_init(&neigh->state, &params, jiffies);

	/* Some need not be asked. */
	if (mn_ifaddr_is_broadcast(mdev, neigh->key.addr))
		mn_header_set(&neigh->header, mdev, dev->broadcast);
	else if (dev->flags & IFF_NOARP)
		mn_header_set(&neigh->header, mdev, dev->dev_addr);
	else
		return;
	neigh->state.state = MN_ARP_NOARP;
}

/* The device has got another address. */
void mn_neigh_renew_header(struct mynet_neigh *neigh)
{
	spin_lock(&neigh->lock);
	if (mn_arp_usable(neigh->state.state))
		mn_header_set(&neigh->header, neigh->mdev, neigh->header.ha);
	spin_unlock(&neigh->lock);
}

/*
 * Ends an entry that has left the table: no look-up finds it any more, and it does nothing any
 * more.
 */
void mn_neigh_end(struct mynet_neigh *neigh)
{
	struct sk_buff_head packets;
	struct sk_buff *skb;

	__skb_queue_head_init(&packets);
	spin_lock_bh(&neigh->lock);
	WRITE_ONCE(neigh->dead, true);
	mn_neigh_disarm_locked(neigh);
	mn_neigh_drain_locked(neigh, &packets);
	spin_unlock_bh(&neigh->lock);

	while ((skb = __skb_dequeue(&packets)))
		mynet_drop(skb, MYNET_DROP_NEIGH_GONE);
}

void mynet_neigh_put(struct mynet_neigh *neigh)
{
	if (!neigh || !refcount_dec_and_test(&neigh->refs))
		return;
	kfree_rcu(neigh, rcu);
	atomic_dec(&mn_neighs_alive);
}

unsigned int mn_neigh_count_alive(void)
{
	return atomic_read(&mn_neighs_alive);
}

/*
 * Until nobody has an entry any more. The last to give one back may be a timer that still runs
 * in this module's code: a grace period later it does not.
 */
void mn_neigh_wait_for_all(void)
{
	while (atomic_read(&mn_neighs_alive))
		msleep(20);
	synchronize_rcu();
}
