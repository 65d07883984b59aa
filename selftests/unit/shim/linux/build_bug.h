/* SPDX-License-Identifier: GPL-2.0 */
#include "types.h"

#define BUILD_BUG_ON(cond)	((void)sizeof(char[1 - 2 * !!(cond)]))
