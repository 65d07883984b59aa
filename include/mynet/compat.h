/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Makes older kernels look like the newest one this project knows (7.2), so that no other
 * file asks which kernel it is on. Seen by every file before its first line.
 *
 * A difference is told by a feature (features.list), not by a version number.
 * Write to the newest interface; back-fill here with one typedef or one whole function.
 */
#ifndef MYNET_COMPAT_H
#define MYNET_COMPAT_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <mynet/features.h>

#endif
