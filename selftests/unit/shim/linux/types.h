/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel, as far as the files need it that the unit tests compile: one thread, no other
 * readers. What RCU would free later is freed at once, so that the checkers see who still
 * looks at it. The other files here include this one.
 */
#ifndef SHIM_TYPES_H
#define SHIM_TYPES_H

#include_next <linux/types.h>
#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

/* By way of errno.h this file may be the first of its name, and is then the next one too. */
#ifndef _LINUX_TYPES_H
typedef u16 __be16;
typedef u32 __be32;
typedef u16 __sum16;
#endif

#define __rcu
#undef __force
#define __force
#define min(a, b)			((a) < (b) ? (a) : (b))
#define READ_ONCE(x)			(x)
#define ARRAY_SIZE(a)			(sizeof(a) / sizeof((a)[0]))

struct rcu_head { void *next[2]; };

#define rcu_dereference(p)		(p)
#define rcu_dereference_check(p, c)	(p)
#define rcu_dereference_protected(p, c)	(p)
#define rcu_assign_pointer(p, v)	((p) = (v))
#define RCU_INIT_POINTER(p, v)		((p) = (v))
#define kvfree_rcu(p, member)		free(p)

struct mutex { int held; };

#define lockdep_is_held(lock)		((lock)->held)
#define lockdep_assert_held(lock)	assert((lock)->held)
#define cond_resched()			do { } while (0)

/* Set by a test: which of the next allocations fails, 0 for none. */
extern unsigned int shim_alloc_fails_at;
#define GFP_KERNEL			0
#define GFP_KERNEL_ACCOUNT		0
static inline void *kvzalloc(size_t size, int flags)
{
	if (shim_alloc_fails_at && !--shim_alloc_fails_at)
		return NULL;
	return calloc(1, size);
}

#define kvfree(p)			free(p)

static inline int fls(u32 x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

#endif /* SHIM_TYPES_H */
