// SPDX-License-Identifier: GPL-2.0
/*
 * Gives the kernel's random number generator a key: from then on its numbers are a function of
 * that. For the kernel in virtual time alone, which has one processor and nothing to hide.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/workqueue.h>

/* The beginning of the generator's own structure, drivers/char/random.c. */
struct generator {
	u8		key[32] __aligned(__alignof__(long));
	unsigned long	generation;
};

static unsigned long crng, reseed;

module_param(crng, ulong, 0400);
MODULE_PARM_DESC(crng, "address of base_crng");
module_param(reseed, ulong, 0400);
MODULE_PARM_DESC(reseed, "address of the work that changes its key every minute");

/* Another generation makes every processor's generator and every batch of numbers begin anew. */
static int set_seed(const char *text, const struct kernel_param *param)
{
	struct generator *g = (struct generator *)crng;
	unsigned long flags;
	u64 seed;
	int err;

	err = kstrtou64(text, 0, &seed);
	if (err)
		return err;
	if (!g)
		return -ENXIO;
	local_irq_save(flags);
	memset(g->key, 0, sizeof(g->key));
	memcpy(g->key, &seed, sizeof(seed));
	g->generation++;
	local_irq_restore(flags);
	return 0;
}

static const struct kernel_param_ops seed_ops = { .set = set_seed };

module_param_cb(seed, &seed_ops, NULL, 0200);
MODULE_PARM_DESC(seed, "the key");

static int __init sim_seed_init(void)
{
	if (reseed)
		cancel_delayed_work_sync((struct delayed_work *)reseed);
	return 0;
}
module_init(sim_seed_init);

static void __exit sim_seed_exit(void)
{
}
module_exit(sim_seed_exit);

MODULE_DESCRIPTION("A seed for the kernel's random numbers");
MODULE_LICENSE("GPL");
