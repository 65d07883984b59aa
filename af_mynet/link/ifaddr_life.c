// SPDX-License-Identifier: GPL-2.0
/*
 * How long addresses live: each has a time until which it is preferred and one until which it is
 * valid (RFC 4862 5.5.4 says of IPv6 what is done here).
 *
 * State: the two times of struct mynet_ifaddr and its flag IFA_F_DEPRECATED, mn_ifaddr_net.life
 * and .deprecated. RTNL writes, RCU reads. One timer for each namespace.
 */
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <linux/timekeeping.h>

#include "core/mib.h"
#include "link/private.h"

/* Seconds since the machine was started, sleep included: they last for 136 years. */
static u32 mn_life_now(void)
{
	return (u32)ktime_get_boottime_seconds();
}

/* The second at which a life ends: never sooner than was asked for, but up to a second later. */
static u32 mn_life_until(u32 seconds)
{
	u32 now = mn_life_now();

	if (seconds == MYNET_LIFE_FOREVER)
		return MYNET_LIFE_FOREVER;
	return seconds < MYNET_LIFE_FOREVER - 1 - now ? now + seconds : MYNET_LIFE_FOREVER - 1;
}

u32 mn_life_left(u32 until)
{
	u32 now = mn_life_now();

	if (until == MYNET_LIFE_FOREVER)
		return MYNET_LIFE_FOREVER;
	return until > now ? until - now : 0;
}

static bool mn_life_over(u32 until)
{
	return until != MYNET_LIFE_FOREVER && mn_life_now() > until;
}

int mn_life_check(u32 valid, u32 preferred, struct netlink_ext_ack *extack)
{
	if (!valid) {
		NL_SET_ERR_MSG(extack, "A lifetime is at least one second");
		return -EINVAL;
	}
	if (preferred > valid) {
		NL_SET_ERR_MSG(extack, "Address would be preferred longer than it is valid");
		return -EINVAL;
	}
	return 0;
}

static struct mn_ifaddr_net *mn_life_net(const struct mynet_ifaddr *ifa)
{
	return &mn_link_net(ifa->mdev->mnet->net)->ifaddr;
}

static void mn_life_deprecate(struct mynet_ifaddr *ifa, bool deprecated)
{
	struct mn_ifaddr_net *in = mn_life_net(ifa);

	if (deprecated == !!(ifa->flags & IFA_F_DEPRECATED))
		return;
	WRITE_ONCE(ifa->flags, ifa->flags ^ IFA_F_DEPRECATED);
	WRITE_ONCE(in->deprecated, in->deprecated + (deprecated ? 1 : -1));
}

void mn_life_set(struct mynet_ifaddr *ifa, u32 valid, u32 preferred)
{
	bool forever = valid == MYNET_LIFE_FOREVER;

	ASSERT_RTNL();
	WRITE_ONCE(ifa->valid_until, mn_life_until(valid));
	WRITE_ONCE(ifa->preferred_until, mn_life_until(preferred));
	WRITE_ONCE(ifa->flags, forever ? ifa->flags | IFA_F_PERMANENT :
					 ifa->flags & ~IFA_F_PERMANENT);
	mn_life_deprecate(ifa, !preferred);
	if (!forever || preferred != MYNET_LIFE_FOREVER)
		mod_delayed_work(system_wq, &mn_life_net(ifa)->life, 0);
}

void mn_life_end(struct mynet_ifaddr *ifa)
{
	mn_life_deprecate(ifa, false);
}

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

__be32 mynet_ifaddr_source(struct net *net, __be32 addr)
{
	struct mynet_ifaddr *ifa, *other;

	if (likely(!READ_ONCE(mn_link_net(net)->ifaddr.deprecated)))
		return addr;
	ifa = mynet_ifaddr_find(net, addr);
	if (!ifa || !(READ_ONCE(ifa->flags) & IFA_F_DEPRECATED))
		return addr;
	mynet_ifaddr_for_each(other, ifa->mdev)
		if (!(READ_ONCE(other->flags) & IFA_F_DEPRECATED) && other->scope <= ifa->scope &&
		    other->mask == ifa->mask && !((other->local ^ addr) & ifa->mask))
			return other->local;
	return addr;
}
