// SPDX-License-Identifier: GPL-2.0
/*
 * The table of attached devices.
 *
 * State: struct mn_dev_net. RTNL writes, RCU reads.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "link/private.h"

void mn_dev_net_init(struct mn_dev_net *net)
{
	xa_init_flags(&net->devs, XA_FLAGS_ACCOUNT);
}

struct mynet_dev *mynet_dev_find(const struct net_device *dev)
{
	struct mn_dev *m = xa_load(&mn_link_net(dev_net(dev))->dev.devs, dev->ifindex);

	return m && m->pub.dev == dev ? &m->pub : NULL;
}

struct mynet_dev *mynet_dev_next(struct net *net, int after_ifindex)
{
	unsigned long at = (unsigned long)after_ifindex + 1;
	struct mn_dev *m;

	if (after_ifindex < 0)
		at = 0;
	m = xa_find(&mn_link_net(net)->dev.devs, &at, INT_MAX, XA_PRESENT);
	return m ? &m->pub : NULL;
}

int mn_dev_publish(struct mn_dev *m)
{
	struct mn_dev_net *net = &mn_link_net(dev_net(m->pub.dev))->dev;
	int err;

	ASSERT_RTNL();

	err = xa_err(xa_store(&net->devs, m->pub.dev->ifindex, m, GFP_KERNEL_ACCOUNT));
	if (!err)
		net->generation++;
	return err;
}

void mn_dev_unpublish(struct mn_dev *m)
{
	struct mn_dev_net *net = &mn_link_net(dev_net(m->pub.dev))->dev;

	ASSERT_RTNL();

	xa_erase(&net->devs, m->pub.dev->ifindex);
	net->generation++;
}
