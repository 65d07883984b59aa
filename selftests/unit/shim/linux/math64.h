/* SPDX-License-Identifier: GPL-2.0 */
#include "types.h"

static inline u64 div_u64(u64 a, u32 b)
{
	return a / b;
}
