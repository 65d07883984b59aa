// SPDX-License-Identifier: GPL-2.0
/*
 * Descriptor memory and the last step of DMA mapping. Owns struct
 * vft_area and struct vft_ring.
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

	return vft_bus_map(vp->card->bus, ring->window, i, mem, len, access);
}

static unsigned int vft_area_pages(const struct vft_area *area)
{
	return DIV_ROUND_UP(area->bytes, VFT_BUS_PAGE);
}

/* The window is new, so its slots have one generation and their addresses are neighbours. */
static void vft_area_map(struct vft *vp, struct vft_area *area)
{
	unsigned int i, off, n;
	u64 addr;

	for (i = 0; i < vft_area_pages(area); i++) {
		off = i * VFT_BUS_PAGE;
		n = min(area->bytes - off, VFT_BUS_PAGE);
		addr = vft_bus_map(vp->card->bus, area->window, i, area->mem + off, n,
				   VFT_BUS_READ | VFT_BUS_WRITE);
		if (!i)
			area->addr = addr;
	}
}

/**
 * vft_area_alloc() - coherent memory, on the bus
 * @vp: the device
 * @area: to be filled in
 * @bytes: size
 *
 * Context: RTNL, may sleep.
 * Return: 0 or -ENOMEM.
 */
int vft_area_alloc(struct vft *vp, struct vft_area *area, unsigned int bytes)
{
	area->bytes = bytes;
	area->mem = dma_alloc_coherent(vp->dev, bytes, &area->dma, GFP_KERNEL_ACCOUNT);
	if (!area->mem)
		return -ENOMEM;
	area->window = vft_bus_window_open(vp->card->bus, vft_area_pages(area));
	if (area->window < 0) {
		dma_free_coherent(vp->dev, bytes, area->mem, area->dma);
		area->mem = NULL;
		return -ENOMEM;
	}
	vft_area_map(vp, area);
	return 0;
}

/**
 * vft_area_free() - the end of an area; the chip has let go of it
 * @vp: the device
 * @area: from vft_area_alloc(), successful or not; or zeroed
 *
 * Context: RTNL, may sleep.
 */
void vft_area_free(struct vft *vp, struct vft_area *area)
{
	unsigned int i;

	if (!area->mem)
		return;
	for (i = 0; i < vft_area_pages(area); i++)
		vft_bus_unmap(vp->card->bus, area->addr + (u64)i * VFT_BUS_PAGE);
	vft_bus_window_close(vp->card->bus, area->window);
	dma_free_coherent(vp->dev, area->bytes, area->mem, area->dma);
	area->mem = NULL;
}

/**
 * vft_ring_alloc() - descriptors, and a bus window for their buffers
 * @vp: the device
 * @ring: to be filled in
 * @size: descriptors, a power of two
 *
 * Context: RTNL, may sleep.
 * Return: 0 or a negative error.
 */
int vft_ring_alloc(struct vft *vp, struct vft_ring *ring, unsigned int size)
{
	int err = vft_area_alloc(vp, &ring->area, size * DESC_BYTES);

	if (err)
		return err;
	ring->size = size;
	ring->window = vft_bus_window_open(vp->card->bus, size);
	if (ring->window < 0)
		vft_area_free(vp, &ring->area);
	return min(ring->window, 0);
}

/**
 * vft_ring_free() - the end of a ring; the chip has let go of it, its buffers are unmapped
 * @vp: the device
 * @ring: from vft_ring_alloc(), successful or not; or zeroed
 *
 * Context: RTNL, may sleep.
 */
void vft_ring_free(struct vft *vp, struct vft_ring *ring)
{
	if (!ring->area.mem)
		return;
	vft_bus_window_close(vp->card->bus, ring->window);
	vft_area_free(vp, &ring->area);
}
