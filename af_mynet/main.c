// SPDX-License-Identifier: GPL-2.0
/*
 * The module itself: opens the rooms bottom-up, the door to users last, and closes them
 * in exact reverse.
 */
#include <linux/init.h>
#include <linux/module.h>

static int __init mynet_init(void)
{
	return 0;
}

static void __exit mynet_exit(void)
{
}

module_init(mynet_init);
module_exit(mynet_exit);

MODULE_DESCRIPTION("A second TCP/IP protocol family: PF_MYNET");
MODULE_LICENSE("GPL");
