// SPDX-License-Identifier: GPL-2.0
/*
 * How much memory UDP's sockets may have, together, for what was not read yet. The core counts.
 *
 * State: what they have, and the limits, written through /proc/sys only.
 */
#include <linux/mm.h>
#include <linux/sysctl.h>

#include "transport/udp.h"

atomic_long_t mn_udp_memory;
DEFINE_PER_CPU(int, mn_udp_memory_share);
long mn_udp_mem[3] __read_mostly;
int mn_udp_rmem_min __read_mostly = PAGE_SIZE;
int mn_udp_wmem_min __read_mostly = PAGE_SIZE;

/*
 * Knobs of the whole machine; the first namespace shows them. One more, empty: older kernels look
 * for the end.
 */
static struct ctl_table mn_udp_knobs[] = {
	{
		.procname	= "udp_mem",
		.data		= mn_udp_mem,
		.maxlen		= sizeof(mn_udp_mem),
		.mode		= 0644,
		.proc_handler	= proc_doulongvec_minmax,
	}, {
		.procname	= "udp_rmem_min",
		.data		= &mn_udp_rmem_min,
		.maxlen		= sizeof(int),
		.mode		= 0644,
		.proc_handler	= proc_dointvec_minmax,
		.extra1		= SYSCTL_ONE,
		.extra2		= SYSCTL_INT_MAX,
	}, {
		.procname	= "udp_wmem_min",
		.data		= &mn_udp_wmem_min,
		.maxlen		= sizeof(int),
		.mode		= 0644,
		.proc_handler	= proc_dointvec_minmax,
		.extra1		= SYSCTL_ONE,
		.extra2		= SYSCTL_INT_MAX,
	}, { }
};

static struct ctl_table_header *mn_udp_sysctl;

/* As much as an eighth of what the machine has, in pages; half of that without asking. */
int __init mn_udp_mem_init(void)
{
	unsigned long limit = max(totalram_pages() / 8, 128UL);

	mn_udp_mem[0] = limit / 4 * 3;
	mn_udp_mem[1] = limit;
	mn_udp_mem[2] = mn_udp_mem[0] * 2;
	mn_udp_sysctl = register_net_sysctl_sz(&init_net, "net/mynet", mn_udp_knobs,
					       ARRAY_SIZE(mn_udp_knobs) - 1);
	return mn_udp_sysctl ? 0 : -ENOMEM;
}

void mn_udp_mem_exit(void)
{
	unregister_net_sysctl_table(mn_udp_sysctl);
}
