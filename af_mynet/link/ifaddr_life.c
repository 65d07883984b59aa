// SPDX-License-Identifier: GPL-2.0
/*
 * How long addresses live: each has a time until which it is preferred and one until which it is
 * valid (RFC 4862 5.5.4 says of IPv6 what is done here).
 *
 * State: the two times of struct mynet_ifaddr and its flag IFA_F_DEPRECATED, and
 * mn_ifaddr_net.deprecated. RTNL writes, RCU reads. ifaddr_timers.c acts when a time has come.
 */
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <linux/timekeeping.h>

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

bool mn_life_over(u32 until)
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

void mn_life_deprecate(struct mynet_ifaddr *ifa, bool deprecated)
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
