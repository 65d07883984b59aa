// SPDX-License-Identifier: GPL-2.0
/*
 * Module entry of the virtual FTGMAC100 network card.
 */
#include <linux/init.h>
#include <linux/module.h>

static int __init vftgmac100_init(void)
{
	return 0;
}

static void __exit vftgmac100_exit(void)
{
}

module_init(vftgmac100_init);
module_exit(vftgmac100_exit);

MODULE_DESCRIPTION("A virtual Faraday FTGMAC100 network card");
MODULE_LICENSE("GPL");
