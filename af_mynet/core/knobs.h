/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Knobs: integers of a struct that are seen as files in /proc/sys/net/mynet.
 *
 * No state: the owner of the struct keeps the header.
 */
#ifndef MYNET_CORE_KNOBS_H
#define MYNET_CORE_KNOBS_H

#include <linux/stddef.h>
#include <linux/sysctl.h>
#include <net/net_namespace.h>

/* One of @type's int @member; its .data is the place within the struct. */
#define MYNET_KNOB(type, name, member, min, max)				\
	{									\
		.procname	= name,						\
		.data		= (void *)offsetof(struct type, member),	\
		.maxlen		= sizeof(int),					\
		.mode		= 0644,						\
		.proc_handler	= proc_dointvec_minmax,				\
		.extra1		= min,						\
		.extra2		= max,						\
	}

struct ctl_table_header *mynet_knobs_register(struct net *net, const char *dir,
					      const struct ctl_table *from, size_t n,
					      void *owner);
void mynet_knobs_unregister(struct ctl_table_header *header);

#endif /* MYNET_CORE_KNOBS_H */
