// SPDX-License-Identifier: GPL-2.0
/*
 * The unit tests, a module apart: each suite runs when mynet_kunit.ko is loaded. A suite stands
 * in the folder tests/ of the room that it tests.
 */
#include <linux/module.h>

MODULE_DESCRIPTION("Unit tests of PF_MYNET");
MODULE_LICENSE("GPL");
