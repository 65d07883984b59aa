// SPDX-License-Identifier: GPL-2.0
/*
 * Receiving: owns the receive ring (struct vft_rx).
 *
 * Every descriptor always has a buffer. A full one is taken only when a fresh one was found
 * to put in its place, otherwise the frame is dropped and its buffer used again, so memory
 * pressure costs frames but never starves the chip. Buffers are halves of page_pool pages
 * while a frame of the MTU fits in one, whole pages otherwise; a frame that needs more than
 * one spans descriptors (FRS .. LRS). Small frames are copied and their buffer stays.
 *
 * One context at a time: NAPI, or the interrupt handler in the old-fashioned mode, which
 * copies everything, since page_pool is not for hard interrupts.
 */
#include <linux/bitfield.h>
#include <linux/dma-mapping.h>
#include <linux/etherdevice.h>

#include "ftgmac100.h"

#define RX_HEADROOM	(NET_SKB_PAD + NET_IP_ALIGN)
#define RX_OVERHEAD	(RX_HEADROOM + SKB_DATA_ALIGN(sizeof(struct skb_shared_info)))
#define RX_HALF_PAGE	2048
#define RX_WHOLE_PAGE	4096

/**
 * struct rx_frame - a complete frame in the ring
 * @first: index of its first descriptor
 * @n: descriptors
 * @des0: RXDES0 of the first, error bits of all
 * @des1: RXDES1 of the last
 */
struct rx_frame {
	unsigned int first;
	unsigned int n;
	u32 des0;
	u32 des1;
};

static struct vft_rxdes *vft_rx_desc(const struct vft_rx *rx, unsigned int i)
{
	return (struct vft_rxdes *)rx->ring.area.mem + (i & (rx->ring.size - 1));
}

static struct vft_rxbuf *vft_rx_buf(const struct vft_rx *rx, unsigned int i)
{
	return &rx->buf[i & (rx->ring.size - 1)];
}

/* Hands descriptor @i with its buffer to the chip. */
static void vft_rx_post(struct vft_rx *rx, unsigned int i)
{
	struct vft_rxdes *d = vft_rx_desc(rx, i);
	u64 addr = vft_rx_buf(rx, i)->addr;

	d->des2 = cpu_to_le32(FIELD_PREP(VFT_DES2_ADDR_HI, upper_32_bits(addr)));
	d->des3 = cpu_to_le32(lower_32_bits(addr));
	dma_wmb();	/* the address is there before RXPKT_RDY says the chip may use it */
	WRITE_ONCE(d->des0, cpu_to_le32((i & (rx->ring.size - 1)) == rx->ring.size - 1 ?
					VFT_RXD0_EDORR : 0));
}

/* Gives descriptor @i a buffer. It must have none. */
static bool vft_rx_fill(struct vft *vp, struct vft_rx *rx, unsigned int i)
{
	struct vft_rxbuf *b = vft_rx_buf(rx, i);

	b->page = page_pool_dev_alloc_frag(rx->pool, &b->offset, rx->truesize);
	if (unlikely(!b->page))
		return false;
	b->addr = vft_dma_enter(vp, &rx->ring, i & (rx->ring.size - 1),
				page_pool_get_dma_addr(b->page) + b->offset + RX_HEADROOM,
				rx->room, VFT_BUS_WRITE);
	return true;
}

static void vft_rx_unfill(struct vft *vp, struct vft_rx *rx, unsigned int i)
{
	struct vft_rxbuf *b = vft_rx_buf(rx, i);

	if (!b->page)
		return;
	vft_bus_unmap(vp->card->bus, b->addr);
	page_pool_put_full_page(rx->pool, b->page, false);
	b->page = NULL;
}

static struct page_pool *vft_rx_pool(struct vft *vp, unsigned int size)
{
	struct page_pool_params params = {
		.flags = PP_FLAG_DMA_MAP | PP_FLAG_DMA_SYNC_DEV | PP_FLAG_PAGE_FRAG,
		.pool_size = size,
		.nid = NUMA_NO_NODE,
		.dev = vp->dev,
		.dma_dir = DMA_FROM_DEVICE,
		.max_len = PAGE_SIZE,
	};

	return page_pool_create(&params);
}

/**
 * vft_rx_alloc() - a receive ring, filled
 * @vp: the device
 * @size: descriptors, a power of two
 * @mtu: the MTU it is for
 *
 * Context: RTNL, may sleep.
 * Return: the ring, or NULL.
 */
struct vft_rx *vft_rx_alloc(struct vft *vp, unsigned int size, int mtu)
{
	struct vft_rx *rx = kzalloc(sizeof(*rx), GFP_KERNEL_ACCOUNT);
	unsigned int i;

	if (!rx)
		return NULL;
	rx->truesize = RX_HALF_PAGE;
	if (mtu + VLAN_ETH_HLEN > RX_HALF_PAGE - RX_OVERHEAD)
		rx->truesize = RX_WHOLE_PAGE;
	rx->room = round_down(rx->truesize - RX_OVERHEAD, 8);
	rx->pool = vft_rx_pool(vp, size);
	if (IS_ERR(rx->pool)) {
		kfree(rx);
		return NULL;
	}
	rx->buf = kvcalloc(size, sizeof(*rx->buf), GFP_KERNEL_ACCOUNT);
	if (!rx->buf || vft_ring_alloc(vp, &rx->ring, size))
		goto err_free;
	for (i = 0; i < size; i++) {
		if (!vft_rx_fill(vp, rx, i))
			goto err_free;
		vft_rx_post(rx, i);
	}
	return rx;

err_free:
	vft_rx_free(vp, rx);
	return NULL;
}

/**
 * vft_rx_free() - the end of a receive ring; the chip has let go of it
 * @vp: the device
 * @rx: the ring, or NULL
 */
void vft_rx_free(struct vft *vp, struct vft_rx *rx)
{
	unsigned int i;

	if (!rx)
		return;
	for (i = 0; rx->buf && i < rx->ring.size; i++)
		vft_rx_unfill(vp, rx, i);
	vft_ring_free(vp, &rx->ring);
	kvfree(rx->buf);
	page_pool_destroy(rx->pool);	/* waits, in the background, for pages in the stack */
	kfree(rx);
}

/**
 * vft_rx_rewind() - begin at descriptor 0 again; the chip is in reset
 * @vp: the device
 */
void vft_rx_rewind(struct vft *vp)
{
	unsigned int i;

	for (i = 0; i < vp->rx->ring.size; i++)
		vft_rx_post(vp->rx, i);
	vp->rx->head = 0;
}

/* Is there a complete frame at the head? */
static bool vft_rx_peek(const struct vft_rx *rx, struct rx_frame *f)
{
	unsigned int i;
	u32 des0;

	f->first = rx->head;
	f->n = 0;
	f->des0 = 0;
	do {
		i = f->first + f->n;
		des0 = le32_to_cpu(READ_ONCE(vft_rx_desc(rx, i)->des0));
		if (!(des0 & VFT_RXD0_RDY))
			return false;	/* the chip is still at it */
		f->des0 |= des0;
		f->n++;
	} while (!(des0 & VFT_RXD0_LRS) && f->n < rx->ring.size);
	dma_rmb();	/* RDY of all parts is read before their contents */
	f->des1 = le32_to_cpu(vft_rx_desc(rx, i)->des1);
	return true;
}

/* Bytes in part @k of a frame. */
static unsigned int vft_rx_part(const struct vft_rx *rx, const struct rx_frame *f, unsigned int k)
{
	return min(FIELD_GET(VFT_RXD0_VDBC, le32_to_cpu(vft_rx_desc(rx, f->first + k)->des0)),
		   rx->room);
}

static void *vft_rx_for_cpu(struct vft *vp, const struct vft_rxbuf *b, unsigned int len)
{
	dma_sync_single_range_for_cpu(vp->dev, page_pool_get_dma_addr(b->page),
				      b->offset + RX_HEADROOM, len, DMA_FROM_DEVICE);
	return page_address(b->page) + b->offset;
}

/* Puts the frame's descriptors, with whatever buffers they have, back into the ring. */
static void vft_rx_done(struct vft_rx *rx, const struct rx_frame *f)
{
	unsigned int k;

	for (k = 0; k < f->n; k++)
		vft_rx_post(rx, f->first + k);
	WRITE_ONCE(rx->head, f->first + f->n);	/* vft_rx_waiting() looks at it */
}

/* A fresh skb with a copy of the frame; its buffers stay in the ring. */
static struct sk_buff *vft_rx_copy(struct vft *vp, const struct rx_frame *f, unsigned int len)
{
	struct vft_rx *rx = vp->rx;
	struct sk_buff *skb;
	struct vft_rxbuf *b;
	unsigned int k, n;

	if (vp->use_napi)
		skb = napi_alloc_skb(&vp->napi, len);
	else
		skb = netdev_alloc_skb_ip_align(vp->netdev, len);
	if (unlikely(!skb))
		return NULL;
	for (k = 0; k < f->n; k++) {
		b = vft_rx_buf(rx, f->first + k);
		n = vft_rx_part(rx, f, k);
		skb_put_data(skb, vft_rx_for_cpu(vp, b, n) + RX_HEADROOM, n);
		dma_sync_single_range_for_device(vp->dev, page_pool_get_dma_addr(b->page),
						 b->offset + RX_HEADROOM, n, DMA_FROM_DEVICE);
	}
	return skb;
}

/* Takes buffer @i out of the ring and puts a new one in. On failure nothing has changed. */
static bool vft_rx_exchange(struct vft *vp, unsigned int i, struct vft_rxbuf *old)
{
	struct vft_rx *rx = vp->rx;
	struct vft_rxbuf *b = vft_rx_buf(rx, i);
	struct vft_rxbuf fresh;

	fresh.page = page_pool_dev_alloc_frag(rx->pool, &fresh.offset, rx->truesize);
	if (unlikely(!fresh.page))
		return false;
	*old = *b;
	vft_bus_unmap(vp->card->bus, old->addr);
	fresh.addr = vft_dma_enter(vp, &rx->ring, i & (rx->ring.size - 1),
				   page_pool_get_dma_addr(fresh.page) + fresh.offset +
				   RX_HEADROOM, rx->room, VFT_BUS_WRITE);
	*b = fresh;
	return true;
}

/* The first buffer becomes the head of an skb, the others its fragments. */
static struct sk_buff *vft_rx_build(struct vft *vp, const struct rx_frame *f)
{
	struct vft_rx *rx = vp->rx;
	struct sk_buff *skb;
	struct vft_rxbuf b;
	unsigned int k, n;

	n = vft_rx_part(rx, f, 0);
	if (!vft_rx_exchange(vp, f->first, &b))
		return NULL;
	skb = napi_build_skb(vft_rx_for_cpu(vp, &b, n), rx->truesize);
	if (unlikely(!skb)) {
		page_pool_put_full_page(rx->pool, b.page, true);
		return NULL;
	}
	skb_mark_for_recycle(skb);
	skb_reserve(skb, RX_HEADROOM);
	skb_put(skb, n);
	for (k = 1; k < f->n; k++) {
		n = vft_rx_part(rx, f, k);
		if (k > MAX_SKB_FRAGS || !vft_rx_exchange(vp, f->first + k, &b)) {
			napi_consume_skb(skb, 1);
			return NULL;
		}
		vft_rx_for_cpu(vp, &b, n);
		skb_add_rx_frag(skb, k - 1, b.page, b.offset + RX_HEADROOM, n, rx->truesize);
	}
	return skb;
}

/* Tells the stack what the MAC found out about the frame. */
static void vft_rx_verdict(struct vft *vp, struct sk_buff *skb, const struct rx_frame *f)
{
	netdev_features_t features = vp->netdev->features;
	unsigned int prot = FIELD_GET(VFT_RXD1_PROT, f->des1);

	if (features & NETIF_F_RXCSUM && !(f->des1 & VFT_RXD1_CSUM_ERRORS) &&
	    (prot == VFT_RXD1_PROT_TCP || prot == VFT_RXD1_PROT_UDP))
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (features & NETIF_F_HW_VLAN_CTAG_RX && f->des1 & VFT_RXD1_VLAN_AVAIL)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q),
				       FIELD_GET(VFT_RXD1_VLAN_CI, f->des1));
}

static void vft_rx_count(struct vft *vp, const struct rx_frame *f, unsigned int len, bool copied)
{
	struct vft_counters *c = &vp->rxc;

	u64_stats_update_begin(&c->sync);
	u64_stats_inc(&c->packets);
	u64_stats_add(&c->bytes, len);
	if (f->des0 & VFT_RXD0_MULTICAST)
		u64_stats_inc(&c->multicast);
	if (f->des1 & VFT_RXD1_CSUM_ERRORS)
		u64_stats_inc(&c->csum_bad);
	if (copied)
		u64_stats_inc(&c->copied);
	u64_stats_update_end(&c->sync);
}

static void vft_rx_drop(struct vft *vp, bool error)
{
	u64_stats_update_begin(&vp->rxc.sync);
	u64_stats_inc(error ? &vp->rxc.errors : &vp->rxc.dropped);
	u64_stats_update_end(&vp->rxc.sync);
}

/* One frame out of the ring. Returns false when there is none; *skb is NULL if it died. */
static bool vft_rx_take(struct vft *vp, struct sk_buff **skb)
{
	struct vft_rx *rx = vp->rx;
	struct rx_frame f;
	unsigned int len;
	bool copy;

	*skb = NULL;
	if (!vft_rx_peek(rx, &f))
		return false;
	if (unlikely(f.des0 & VFT_RXD0_ERRORS && !(vp->netdev->features & NETIF_F_RXALL))) {
		vft_rx_done(rx, &f);
		vft_rx_drop(vp, true);
		return true;
	}
	len = (f.n - 1) * rx->room + vft_rx_part(rx, &f, f.n - 1);
	copy = !vp->use_napi || len <= vp->copybreak;
	*skb = copy ? vft_rx_copy(vp, &f, len) : vft_rx_build(vp, &f);
	vft_rx_done(rx, &f);
	if (unlikely(!*skb)) {
		vft_rx_drop(vp, false);
		return true;
	}
	vft_rx_count(vp, &f, len, copy);
	vft_rx_verdict(vp, *skb, &f);
	if (unlikely(READ_ONCE(vp->loop)) && vft_selftest_rx(vp, *skb)) {
		*skb = NULL;
		return true;
	}
	(*skb)->protocol = eth_type_trans(*skb, vp->netdev);
	return true;
}

/**
 * vft_rx_waiting() - descriptors that the chip has filled and that no poll has seen yet
 * @rx: the ring
 *
 * A poll may run meanwhile: the number is true of some moment only.
 *
 * Context: RTNL, or who else keeps the ring.
 * Return: a number between 0 and the ring's size.
 */
unsigned int vft_rx_waiting(const struct vft_rx *rx)
{
	unsigned int head = READ_ONCE(rx->head), n;

	for (n = 0; n < rx->ring.size; n++)
		if (!(le32_to_cpu(READ_ONCE(vft_rx_desc(rx, head + n)->des0)) & VFT_RXD0_RDY))
			break;
	return n;
}

/**
 * vft_rx_poll() - NAPI's receive half
 * @vp: the device
 * @budget: frames at most
 *
 * Return: frames taken out of the ring.
 */
int vft_rx_poll(struct vft *vp, int budget)
{
	struct sk_buff *skb;
	int done = 0;

	while (done < budget && vft_rx_take(vp, &skb)) {
		done++;
		if (likely(skb))
			napi_gro_receive(&vp->napi, skb);
	}
	return done;
}

/**
 * vft_rx_nonapi() - receiving as it was before NAPI: in the interrupt, to the backlog
 * @vp: the device
 *
 * Context: hard interrupt.
 */
void vft_rx_nonapi(struct vft *vp)
{
	unsigned int limit = vp->rx->ring.size;
	struct sk_buff *skb;

	while (limit-- && vft_rx_take(vp, &skb))
		if (skb)
			netif_rx(skb);
}
