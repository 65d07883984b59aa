// SPDX-License-Identifier: GPL-2.0
/*
 * The congestion control algorithms that there are, by name and by number.
 *
 * State: the list, fixed.
 */
#include <linux/string.h>

#include "tcp.h"

static const struct mn_cc_ops *const mn_ccs[] = { &mn_cc_cubic, &mn_cc_reno };

u32 mn_cc_key(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mn_ccs); i++)
		if (!strcmp(mn_ccs[i]->name, name))
			return i + 1;
	return 0;
}

const struct mn_cc_ops *mn_cc_of(u32 key)
{
	return key && key <= ARRAY_SIZE(mn_ccs) ? mn_ccs[key - 1] : NULL;
}

const struct mn_cc_ops *mn_cc_find(const char *name)
{
	return mn_cc_of(mn_cc_key(name));
}

const char *mn_cc_name(u32 key)
{
	const struct mn_cc_ops *ops = mn_cc_of(key);

	return ops ? ops->name : NULL;
}

/* A connection takes up an algorithm; its window stays what it is. */
void mn_cc_start(struct mn_tcp_sock *tp, const struct mn_cc_ops *ops)
{
	tp->cc.ops = ops;
	memset(tp->cc.priv, 0, sizeof(tp->cc.priv));
	if (ops->init)
		ops->init(&tp->cc);
}

const char *mn_cc_names(void)
{
	return "cubic reno";
}
