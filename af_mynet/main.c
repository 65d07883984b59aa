// SPDX-License-Identifier: GPL-2.0
/*
 * The module itself: opens the rooms bottom-up, the door to users last, and closes them
 * in exact reverse.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/mynet.h>
#include <linux/net.h>

#include "control/control.h"
#include "core/core.h"
#include "core/drop.h"
#include "link/link.h"
#include "socket/socket.h"

/* Until the internet layer is there. */
static int mn_nobody_input(struct sk_buff *skb, struct mynet_dev *mdev)
{
	return mynet_drop(skb, MYNET_DROP_LINK_UNATTACHED);
}

static void mn_nobody_neigh_failed(struct sk_buff *skb)
{
	mynet_drop(skb, MYNET_DROP_NEIGH_GONE);
}

static int mn_nobody_dev_event(struct mynet_dev *mdev, enum mynet_dev_event event,
			       struct netlink_ext_ack *extack)
{
	return 0;
}

static void mn_nobody_addr_event(struct mynet_ifaddr *ifa, enum mynet_addr_event event)
{
}

static const struct mynet_link_ops mn_nobody = {
	.input		= mn_nobody_input,
	.neigh_failed	= mn_nobody_neigh_failed,
	.dev_event	= mn_nobody_dev_event,
	.addr_event	= mn_nobody_addr_event,
};

static int __init mynet_init(void)
{
	int err;

	err = mynet_core_init();
	if (err)
		return err;

	err = mynet_link_init();
	if (err)
		goto err_core;
	err = mynet_link_start(&mn_nobody);
	if (err)
		goto err_link;
	err = mynet_control_open();
	if (err)
		goto err_started;
	err = mynet_socket_init();
	if (err)
		goto err_control;
	return 0;

err_control:
	mynet_control_close();
err_started:
	mynet_link_stop();
err_link:
	mynet_link_exit();
err_core:
	mynet_core_exit();
	return err;
}

static void __exit mynet_exit(void)
{
	mynet_socket_exit();
	mynet_control_close();
	mynet_link_stop();
	mynet_link_exit();
	mynet_core_exit();
}

module_init(mynet_init);
module_exit(mynet_exit);

MODULE_ALIAS_NETPROTO(PF_MYNET);
MODULE_DESCRIPTION("A second TCP/IP protocol family: PF_MYNET");
MODULE_LICENSE("GPL");
