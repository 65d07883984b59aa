// SPDX-License-Identifier: GPL-2.0
/*
 * mynet_bench: looks up many addresses in a routing table and says how long that took.
 *
 *	echo "WHOSE COUNT SEED" > /sys/module/mynet_bench/parameters/run
 *	cat /sys/module/mynet_bench/parameters/run		nanoseconds
 *
 * in the namespace of whoever writes. WHOSE is inet (the kernel's look-up), mynet (MYNET's) or
 * mynet-main (MYNET's in its main table alone). What af_mynet.ko exports to nobody is found by
 * name: this is of use in a benchmark and nowhere else.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include <net/ip_fib.h>

#include "internet/inet.h"

typedef unsigned long (*mn_find_t)(const char *name);
typedef int (*mn_look_t)(struct net *net, __be32 addr);

static unsigned int *mn_bench_id;
static typeof(mn_fib_lookup) *mn_bench_lookup;
static typeof(mn_fib_table_lookup) *mn_bench_table_lookup;
static u64 mn_bench_ns;
static unsigned int mn_bench_found;

static int mn_look_inet(struct net *net, __be32 addr)
{
	struct flowi4 flow = { .daddr = addr };
	struct fib_result res;

	return fib_lookup(net, &flow, &res, FIB_LOOKUP_NOREF);
}

static int mn_look_mynet(struct net *net, __be32 addr)
{
	struct mynet_flow flow = { .daddr = addr };
	struct mn_fib_result res;

	return mn_bench_lookup(net_generic(net, *mn_bench_id), &flow, &res);
}

static int mn_look_main(struct net *net, __be32 addr)
{
	struct mn_inet *inet = net_generic(net, *mn_bench_id);
	struct mynet_flow flow = { .daddr = addr };
	struct mn_fib_result res;

	return mn_bench_table_lookup(inet->fib.main, &flow, &res);
}

/* Addresses of hosts, each as likely as any other. */
static __be32 mn_bench_addr(u64 *seed)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return htonl(0x01000000 + (u32)((*seed >> 32) * 0xdeULL * 0x1000000 >> 32));
}

static void mn_bench_measure(mn_look_t look, struct net *net, unsigned int count, u64 seed)
{
	unsigned int i, found = 0;
	u64 start;

	rcu_read_lock();
	start = ktime_get_ns();
	for (i = 0; i < count; i++)
		found += !look(net, mn_bench_addr(&seed));
	mn_bench_ns = ktime_get_ns() - start;
	rcu_read_unlock();
	mn_bench_found = found;
}

static int mn_bench_set(const char *text, const struct kernel_param *kp)
{
	struct net *net = current->nsproxy->net_ns;
	unsigned int count;
	char whose[16];
	u64 seed;

	if (sscanf(text, "%15s %u %llu", whose, &count, &seed) != 3 || !count || count > 10000000)
		return -EINVAL;
	if (!strcmp(whose, "inet"))
		mn_bench_measure(mn_look_inet, net, count, seed);
	else if (!strcmp(whose, "mynet"))
		mn_bench_measure(mn_look_mynet, net, count, seed);
	else if (!strcmp(whose, "mynet-main"))
		mn_bench_measure(mn_look_main, net, count, seed);
	else
		return -EINVAL;
	return 0;
}

static int mn_bench_get(char *buffer, const struct kernel_param *kp)
{
	return sprintf(buffer, "%llu %u\n", mn_bench_ns, mn_bench_found);
}

static const struct kernel_param_ops mn_bench_ops = {
	.set = mn_bench_set,
	.get = mn_bench_get,
};

module_param_cb(run, &mn_bench_ops, NULL, 0600);
MODULE_PARM_DESC(run, "WHOSE COUNT SEED: look up; read: nanoseconds, and how many were found");

static int __init mn_bench_init(void)
{
	struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
	mn_find_t find;
	int err;

	err = register_kprobe(&probe);
	if (err)
		return err;
	find = (mn_find_t)probe.addr;
	unregister_kprobe(&probe);

	mn_bench_id = (unsigned int *)find("mn_inet_id");
	mn_bench_lookup = (typeof(mn_fib_lookup) *)find("mn_fib_lookup");
	mn_bench_table_lookup = (typeof(mn_fib_table_lookup) *)find("mn_fib_table_lookup");
	return mn_bench_id && mn_bench_lookup && mn_bench_table_lookup ? 0 : -ENOENT;
}

static void __exit mn_bench_exit(void)
{
}

module_init(mn_bench_init);
module_exit(mn_bench_exit);
MODULE_DESCRIPTION("How long routes of MYNET and of the kernel take to be found");
MODULE_LICENSE("GPL");
MODULE_SOFTDEP("pre: af_mynet");
