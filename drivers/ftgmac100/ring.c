// SPDX-License-Identifier: GPL-2.0
/*
 * Descriptor memory and the last step of DMA mapping. Owns struct vft_ring.
 *
 * Mapping a buffer takes two steps, as on a machine whose IOMMU the DMA API does not know:
 * dma_map_*() gives a DMA address (cache maintenance, bounce buffers and DMA_API_DEBUG are
 * its business), then vft_dma_enter() enters the memory behind that DMA address in the card's
 * bus table, and what it returns goes into the descriptor.
 */
#include <linux/dma-direct.h>
#include <linux/dma-mapping.h>
#include <linux/log2.h>

#include "ftgmac100.h"

#define DESC_BYTES	sizeof(struct vft_txdes)

/**
 * vft_dma_enter() - enter a DMA-mapped buffer in the card's bus table
 * @vp: the device
 * @ring: the ring that will point at it
 * @i: index of the descriptor that will
 * @dma: DMA address
 * @len: bytes
 * @access: VFT_BUS_READ, VFT_BUS_WRITE
 *
 * Return: the address for the descriptor.
 */
u64 vft_dma_enter(struct vft *vp, const struct vft_ring *ring, unsigned int i, dma_addr_t dma,
		  unsigned int len, unsigned int access)
{
	/* Through the DMA address, not the skb's: a bounced buffer is somewhere else. */
	void *mem = phys_to_virt(dma_to_phys(vp->dev, dma));

	return vft_bus_map(vp->card->bus, ring->buf_win, i, mem, len, access);
}

static unsigned int ring_pages(const struct vft_ring *ring)
{
	return DIV_ROUND_UP(ring->size * DESC_BYTES, VFT_BUS_PAGE);
}

static u64 ring_page_addr(const struct vft_ring *ring, unsigned int page)
{
	return ring->addr + (u64)page * VFT_BUS_PAGE;
}

/**
 * vft_ring_alloc() - memory for a ring, both bus windows open
 * @vp: the device
 * @ring: to be filled in
 * @size: descriptors, a power of two
 *
 * Context: RTNL, may sleep.
 * Return: 0 or a negative error.
 */
int vft_ring_alloc(struct vft *vp, struct vft_ring *ring, unsigned int size)
{
	unsigned int i, left;
	u64 addr;

	ring->size = size;
	ring->desc = dma_alloc_coherent(vp->dev, size * DESC_BYTES, &ring->dma, GFP_KERNEL);
	if (!ring->desc)
		return -ENOMEM;
	ring->desc_win = vft_bus_window_open(vp->card->bus, ring_pages(ring));
	if (ring->desc_win < 0)
		goto err_desc;
	ring->buf_win = vft_bus_window_open(vp->card->bus, size);
	if (ring->buf_win < 0)
		goto err_window;
	left = size * DESC_BYTES;
	for (i = 0; i < ring_pages(ring); i++) {
		addr = vft_bus_map(vp->card->bus, ring->desc_win, i,
				   ring->desc + i * VFT_BUS_PAGE, min(left, VFT_BUS_PAGE),
				   VFT_BUS_READ | VFT_BUS_WRITE);
		if (!i)
			ring->addr = addr;
		left -= min(left, VFT_BUS_PAGE);
	}
	return 0;

err_window:
	vft_bus_window_close(vp->card->bus, ring->desc_win);
err_desc:
	dma_free_coherent(vp->dev, size * DESC_BYTES, ring->desc, ring->dma);
	ring->desc = NULL;
	return -ENOMEM;
}

/**
 * vft_ring_free() - the end of a ring; the chip has let go of it, its buffers are unmapped
 * @vp: the device
 * @ring: from vft_ring_alloc(), successful or not
 *
 * Context: RTNL, may sleep.
 */
void vft_ring_free(struct vft *vp, struct vft_ring *ring)
{
	unsigned int i;

	if (!ring->desc)
		return;
	for (i = 0; i < ring_pages(ring); i++)
		vft_bus_unmap(vp->card->bus, ring_page_addr(ring, i));
	vft_bus_window_close(vp->card->bus, ring->buf_win);
	vft_bus_window_close(vp->card->bus, ring->desc_win);
	dma_free_coherent(vp->dev, ring->size * DESC_BYTES, ring->desc, ring->dma);
	ring->desc = NULL;
}
