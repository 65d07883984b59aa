// SPDX-License-Identifier: GPL-2.0
/*
 * The interrupt controller: one level-triggered input per card, in an irq_domain of its own.
 * Owns the state of the line between the chip (level) and the irq core (mask, affinity).
 *
 * The controller interrupts a CPU by a hard irq_work on the CPU where the line rose, or by a
 * function-call interrupt when smp_affinity excludes that CPU. Level semantics come from
 * handle_level_irq(): it unmasks after the handler, and unmasking a line that is still high
 * interrupts again. So no edge is ever lost, and none is counted that was not delivered.
 *
 * No lock: level and mask are two words, each side writes its own and then reads the
 * other's, with a full barrier between. irq_unmask runs under the descriptor's raw lock.
 */
#include <linux/cpumask.h>
#include <linux/hardirq.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/irqdesc.h>
#include <linux/irqdomain.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "intc.h"

/**
 * struct vft_line - one interrupt input
 * @domain: translates hwirq 0 to @irq
 * @irq: Linux interrupt number
 * @high: level of the line; written by the chip's owner of the line
 * @masked: irq core does not want it now
 * @remote: the function-call interrupt is on its way
 * @work: interrupts this CPU
 * @csd: interrupts another CPU
 * @affinity: CPUs that may be interrupted
 */
struct vft_line {
	struct irq_domain *domain;
	int irq;
	bool high;
	bool masked;
	atomic_t remote;
	struct irq_work work;
	call_single_data_t csd;
	struct cpumask affinity;
};

/* Runs in hard-interrupt context. */
static void vft_line_deliver(struct vft_line *line)
{
	if (READ_ONCE(line->high) && !READ_ONCE(line->masked))
		generic_handle_domain_irq(line->domain, 0);
}

static void vft_line_work(struct irq_work *work)
{
	vft_line_deliver(container_of(work, struct vft_line, work));
}

static void vft_line_remote(void *arg)
{
	struct vft_line *line = arg;

	/* Open for the next one first: a level that rises from here on must not be lost. */
	atomic_set_release(&line->remote, 0);
	if (in_hardirq())
		vft_line_deliver(line);
	else			/* an idle CPU took the call out of its polling loop */
		irq_work_queue(&line->work);
}

static void vft_line_fire(struct vft_line *line)
{
	unsigned int here = get_cpu();
	unsigned int there = here;

	if (!cpumask_test_cpu(here, &line->affinity)) {
		there = cpumask_any_and(&line->affinity, cpu_online_mask);
		if (there >= nr_cpu_ids)
			there = here;
	}
	if (there == here)
		irq_work_queue(&line->work);
	else if (!atomic_xchg(&line->remote, 1) &&
		 smp_call_function_single_async(there, &line->csd))
		atomic_set(&line->remote, 0);
	put_cpu();
}

/**
 * vft_line_set() - the chip drives its interrupt line
 * @ctx: the line (untyped, so that it serves as the chip's callback)
 * @high: new level
 *
 * Context: any.
 */
void vft_line_set(void *ctx, bool high)
{
	struct vft_line *line = ctx;

	if (!high) {
		WRITE_ONCE(line->high, false);
		return;
	}
	WRITE_ONCE(line->high, true);
	smp_mb(); /* pairs with vft_line_unmask() */
	if (!READ_ONCE(line->masked))
		vft_line_fire(line);
}

static void vft_line_mask(struct irq_data *d)
{
	struct vft_line *line = irq_data_get_irq_chip_data(d);

	WRITE_ONCE(line->masked, true);
}

static void vft_line_unmask(struct irq_data *d)
{
	struct vft_line *line = irq_data_get_irq_chip_data(d);

	WRITE_ONCE(line->masked, false);
	smp_mb();	/* pairs with vft_line_set() */
	if (READ_ONCE(line->high))
		vft_line_fire(line);
}

static int vft_line_set_affinity(struct irq_data *d, const struct cpumask *mask, bool force)
{
	struct vft_line *line = irq_data_get_irq_chip_data(d);

	cpumask_copy(&line->affinity, mask);
	irq_data_update_effective_affinity(d, mask);
	return IRQ_SET_MASK_OK;
}

static struct irq_chip line_chip = {
	.name = "vftgmac100",
	.irq_mask = vft_line_mask,
	.irq_unmask = vft_line_unmask,
	.irq_set_affinity = vft_line_set_affinity,
	.flags = IRQCHIP_SKIP_SET_WAKE,
};

static int vft_line_map(struct irq_domain *domain, unsigned int irq, irq_hw_number_t hwirq)
{
	irq_set_chip_data(irq, domain->host_data);
	irq_set_chip_and_handler_name(irq, &line_chip, handle_level_irq, "level");
	irq_set_status_flags(irq, IRQ_LEVEL | IRQ_MOVE_PCNTXT);
	irq_modify_status(irq, IRQ_NOREQUEST | IRQ_NOAUTOEN, IRQ_NOPROBE);
	return 0;
}

static const struct irq_domain_ops line_domain_ops = {
	.map = vft_line_map,
};

/**
 * vft_line_alloc() - an interrupt input, low and masked
 *
 * Context: may sleep.
 * Return: the line, or NULL.
 */
struct vft_line *vft_line_alloc(void)
{
	struct vft_line *line = kzalloc(sizeof(*line), GFP_KERNEL_ACCOUNT);

	if (!line)
		return NULL;
	line->masked = true;
	line->work = IRQ_WORK_INIT_HARD(vft_line_work);
	INIT_CSD(&line->csd, vft_line_remote, line);
	cpumask_setall(&line->affinity);
	line->domain = irq_domain_create_linear(NULL, 1, &line_domain_ops, line);
	if (!line->domain)
		goto err_free;
	line->irq = irq_create_mapping(line->domain, 0);
	if (!line->irq)
		goto err_domain;
	return line;

err_domain:
	irq_domain_remove(line->domain);
err_free:
	kfree(line);
	return NULL;
}

/**
 * vft_line_free() - take the input away; its chip is gone and its interrupt was freed
 * @line: from vft_line_alloc(), or NULL
 *
 * Context: may sleep.
 */
void vft_line_free(struct vft_line *line)
{
	if (!line)
		return;
	vft_line_set(line, false);
	irq_work_sync(&line->work);
	while (atomic_read_acquire(&line->remote))
		cpu_relax();
	/* vft_line_remote() gives the flag back before it is done: let its interrupt end. */
	synchronize_rcu();
	irq_dispose_mapping(line->irq);
	irq_domain_remove(line->domain);
	kfree(line);
}

/**
 * vft_line_irq() - the number for request_irq()
 * @line: the line
 *
 * Return: Linux interrupt number.
 */
int vft_line_irq(const struct vft_line *line)
{
	return line->irq;
}
