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
#include "internet/internet.h"
#include "core/drop.h"
#include "link/link.h"
#include "socket/socket.h"
#include "transport/transport.h"

static int __init mynet_init(void)
{
	int err;

	err = mynet_core_init();
	if (err)
		return err;

	err = mynet_link_init();
	if (err)
		goto err_core;
	err = mynet_internet_init();
	if (err)
		goto err_link;
	err = mynet_transport_init();
	if (err)
		goto err_internet;
	err = mynet_control_open();
	if (err)
		goto err_transport;
	err = mynet_socket_init();
	if (err)
		goto err_control;
	return 0;

err_control:
	mynet_control_close();
err_transport:
	mynet_transport_exit();
err_internet:
	mynet_internet_exit();
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
	mynet_transport_exit();
	mynet_internet_exit();
	mynet_link_exit();
	mynet_core_exit();
}

module_init(mynet_init);
module_exit(mynet_exit);

MODULE_ALIAS_NETPROTO(PF_MYNET);
MODULE_DESCRIPTION("A second TCP/IP protocol family: PF_MYNET");
MODULE_LICENSE("GPL");
