/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interrupt controller the card is wired to: turns the level of a chip's interrupt line
 * into a Linux interrupt, delivered in hard-interrupt context.
 */
#ifndef VFT_INTC_H
#define VFT_INTC_H

#include <linux/types.h>

struct vft_line;

struct vft_line *vft_line_alloc(void);
void vft_line_free(struct vft_line *line);
int vft_line_irq(const struct vft_line *line);
void vft_line_set(void *line, bool high);

#endif
