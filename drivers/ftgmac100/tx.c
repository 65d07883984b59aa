// SPDX-License-Identifier: GPL-2.0
/*
 * Transmitting: owns the transmit ring (struct vft_tx).
 *
 * Filling (ndo_start_xmit, under the queue's lock) writes head, reclaiming (NAPI) writes tail;
 * neither takes a lock for the other. head and tail run free, their difference is the number
 * of descriptors in use.
 */
#include <linux/bitfield.h>
#include <linux/dma-mapping.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "ftgmac100.h"

static struct vft_txdes *vft_tx_desc(const struct vft_tx *tx, unsigned int i)
{
	return (struct vft_txdes *)tx->ring.area.mem + (i & (tx->ring.size - 1));
}

static struct vft_txbuf *vft_tx_buf(const struct vft_tx *tx, unsigned int i)
{
	return &tx->buf[i & (tx->ring.size - 1)];
}

static unsigned int vft_tx_avail(const struct vft_tx *tx)
{
	return tx->ring.size - (READ_ONCE(tx->head) - READ_ONCE(tx->tail));
}

/**
 * vft_tx_used() - descriptors that hold frames, or buffers of sent frames not yet reclaimed
 * @tx: the ring
 *
 * Context: RTNL, or who else keeps the ring.
 * Return: a number between 0 and the ring's size.
 */
unsigned int vft_tx_used(const struct vft_tx *tx)
{
	unsigned int tail = READ_ONCE(tx->tail);

	return min(READ_ONCE(tx->head) - tail, tx->ring.size);
}

/* The most a frame can take; a small ring forces frames to be linearised instead. */
static unsigned int vft_tx_need(const struct vft_tx *tx)
{
	return min_t(unsigned int, VFT_TX_NEED, tx->ring.size / 2);
}

static u32 vft_tx_edotr(const struct vft_tx *tx, unsigned int i)
{
	return (i & (tx->ring.size - 1)) == tx->ring.size - 1 ? VFT_TXD0_EDOTR : 0;
}

/**
 * vft_tx_alloc() - a transmit ring
 * @vp: the device
 * @size: descriptors, a power of two
 *
 * Context: RTNL.
 * Return: the ring, or NULL.
 */
struct vft_tx *vft_tx_alloc(struct vft *vp, unsigned int size)
{
	struct vft_tx *tx = kzalloc(sizeof(*tx), GFP_KERNEL_ACCOUNT);
	unsigned int i;

	if (!tx)
		return NULL;
	tx->buf = kvcalloc(size, sizeof(*tx->buf), GFP_KERNEL_ACCOUNT);
	if (!tx->buf || vft_ring_alloc(vp, &tx->ring, size) ||
	    vft_area_alloc(vp, &tx->heads, size * VFT_TX_HEAD)) {
		vft_tx_free(vp, tx);
		return NULL;
	}
	for (i = 0; i < size; i++)
		vft_tx_desc(tx, i)->des0 = cpu_to_le32(vft_tx_edotr(tx, i));
	return tx;
}

/**
 * vft_tx_free() - the end of an empty transmit ring
 * @vp: the device
 * @tx: the ring, or NULL
 */
void vft_tx_free(struct vft *vp, struct vft_tx *tx)
{
	if (!tx)
		return;
	vft_area_free(vp, &tx->heads);
	vft_ring_free(vp, &tx->ring);
	kvfree(tx->buf);
	kfree(tx);
}

static void vft_tx_unmap(struct vft *vp, struct vft_txbuf *b)
{
	if (b->map == VFT_MAP_NONE)
		return;
	vft_bus_unmap(vp->card->bus, b->addr);
	if (b->map == VFT_MAP_PAGE)
		dma_unmap_page(vp->dev, b->dma, b->len, DMA_TO_DEVICE);
	else
		dma_unmap_single(vp->dev, b->dma, b->len, DMA_TO_DEVICE);
	b->map = VFT_MAP_NONE;
}

/* Points descriptor @i at bus address @addr. */
static void vft_tx_point(struct vft_tx *tx, unsigned int i, u64 addr, unsigned int len)
{
	struct vft_txdes *d = vft_tx_desc(tx, i);

	vft_tx_buf(tx, i)->len = len;
	d->des2 = cpu_to_le32(FIELD_PREP(VFT_DES2_ADDR_HI, upper_32_bits(addr)));
	d->des3 = cpu_to_le32(lower_32_bits(addr));
}

static bool vft_tx_map(struct vft *vp, unsigned int i, dma_addr_t dma, unsigned int len, u8 map)
{
	struct vft_tx *tx = vp->tx;
	struct vft_txbuf *b = vft_tx_buf(tx, i);

	if (dma_mapping_error(vp->dev, dma))
		return false;
	b->dma = dma;
	b->map = map;
	b->addr = vft_dma_enter(vp, &tx->ring, i & (tx->ring.size - 1), dma, len, VFT_BUS_READ);
	vft_tx_point(tx, i, b->addr, len);
	return true;
}

/* The linear part: a short one moves to where the chip can read it anyway. */
static bool vft_tx_map_head(struct vft *vp, unsigned int i, const struct sk_buff *skb)
{
	unsigned int len = skb_headlen(skb), off;
	struct vft_tx *tx = vp->tx;

	if (len > VFT_TX_HEAD)
		return vft_tx_map(vp, i, dma_map_single(vp->dev, skb->data, len, DMA_TO_DEVICE),
				  len, VFT_MAP_SINGLE);
	off = (i & (tx->ring.size - 1)) * VFT_TX_HEAD;
	memcpy(tx->heads.mem + off, skb->data, len);
	vft_tx_point(tx, i, tx->heads.addr + off, len);
	return true;
}

/* Maps the whole frame from descriptor tx->head on. Returns descriptors used, 0 for none. */
static unsigned int vft_tx_map_skb(struct vft *vp, struct sk_buff *skb)
{
	unsigned int i = vp->tx->head, f, n;
	const skb_frag_t *frag;

	if (!vft_tx_map_head(vp, i, skb))
		return 0;
	for (i++, f = 0; f < skb_shinfo(skb)->nr_frags; f++, i++) {
		frag = &skb_shinfo(skb)->frags[f];
		n = skb_frag_size(frag);
		if (!vft_tx_map(vp, i, skb_frag_dma_map(vp->dev, frag, 0, n, DMA_TO_DEVICE), n,
				VFT_MAP_PAGE))
			goto err_unmap;
	}
	return i - vp->tx->head;

err_unmap:
	while (i-- != vp->tx->head)
		vft_tx_unmap(vp, vft_tx_buf(vp->tx, i));
	return 0;
}

/* TXDES1: what the MAC is to do to the frame. Returns false when the skb has to be dropped. */
static bool vft_tx_offload(struct sk_buff *skb, u32 *des1)
{
	*des1 = 0;
	if (skb_vlan_tag_present(skb))
		*des1 |= VFT_TXD1_INS_VLAN | skb_vlan_tag_get(skb);
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return true;
	/* The features promise IPv4 only; what remains is told by where the sum belongs. */
	switch (skb->csum_offset) {
	case offsetof(struct tcphdr, check):
		*des1 |= VFT_TXD1_TCP_CSUM;
		return true;
	case offsetof(struct udphdr, check):
		*des1 |= VFT_TXD1_UDP_CSUM;
		return true;
	default:
		return !skb_checksum_help(skb);
	}
}

/* Hands @n descriptors from head on to the chip, the first one last. */
static void vft_tx_hand_over(struct vft_tx *tx, unsigned int n, u32 des1)
{
	unsigned int i;
	u32 des0;

	vft_tx_desc(tx, tx->head)->des1 = cpu_to_le32(des1);
	for (i = n; i--; ) {
		des0 = vft_tx_buf(tx, tx->head + i)->len | vft_tx_edotr(tx, tx->head + i) |
		       VFT_TXD0_OWN;
		if (i == n - 1)
			des0 |= VFT_TXD0_LTS;
		if (!i) {
			des0 |= VFT_TXD0_FTS;
			dma_wmb();	/* the frame is complete before the chip can begin it */
		}
		WRITE_ONCE(vft_tx_desc(tx, tx->head + i)->des0, cpu_to_le32(des0));
	}
	WRITE_ONCE(tx->head, tx->head + n);
}

static void vft_tx_drop(struct vft *vp, struct sk_buff *skb)
{
	u64_stats_update_begin(&vp->txq.sync);
	u64_stats_inc(&vp->txq.dropped);
	u64_stats_update_end(&vp->txq.sync);
	dev_kfree_skb_any(skb);
}

/* Leaves room for one more frame of any kind, or stops the queue until there is. */
static void vft_tx_maybe_stop(struct vft *vp)
{
	struct vft_tx *tx = vp->tx;

	if (likely(vft_tx_avail(tx) >= vft_tx_need(tx)))
		return;
	netif_stop_queue(vp->netdev);
	u64_stats_update_begin(&vp->txq.sync);
	u64_stats_inc(&vp->txq.stops);
	u64_stats_update_end(&vp->txq.sync);
	smp_mb();	/* pairs with vft_tx_reclaim(): one of us sees the other */
	if (vft_tx_avail(tx) >= vft_tx_need(tx))
		netif_start_queue(vp->netdev);
}

static bool vft_tx_wants_irq(struct vft *vp)
{
	if (++vp->tx->since_ic < vp->tx_frames && vp->use_napi)
		return false;
	vp->tx->since_ic = 0;
	return true;
}

/**
 * vft_start_xmit() - ndo_start_xmit
 * @skb: consumed, unless the ring is full
 * @dev: the netdev
 *
 * Return: NETDEV_TX_OK, or NETDEV_TX_BUSY.
 */
netdev_tx_t vft_start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vft *vp = netdev_priv(dev);
	struct vft_tx *tx = vp->tx;
	unsigned int n, len = skb->len;
	u32 des1;

	if (unlikely(vft_tx_avail(tx) < vft_tx_need(tx))) {
		netif_stop_queue(dev);
		u64_stats_update_begin(&vp->txq.sync);
		u64_stats_inc(&vp->txq.busy);
		u64_stats_update_end(&vp->txq.sync);
		return NETDEV_TX_BUSY;
	}
	if (unlikely(skb_shinfo(skb)->nr_frags + 1 > vft_tx_need(tx)) && skb_linearize(skb))
		goto drop;
	/* No descriptor can say this and no wire can carry it; raw sockets may try. */
	if (unlikely(len > VFT_JUMBO_MAX || !vft_tx_offload(skb, &des1)))
		goto drop;
	n = vft_tx_map_skb(vp, skb);
	if (unlikely(!n))
		goto drop;
	if (vft_tx_wants_irq(vp))
		des1 |= VFT_TXD1_TXIC;
	vft_tx_buf(tx, tx->head + n - 1)->skb = skb;
	skb_tx_timestamp(skb);
	vft_tx_hand_over(tx, n, des1);
	vft_tx_maybe_stop(vp);
	if (__netdev_tx_sent_queue(netdev_get_tx_queue(dev, 0), len, netdev_xmit_more()))
		vft_write(vp, VFT_NPTXPD, 1);
	return NETDEV_TX_OK;

drop:
	vft_tx_drop(vp, skb);
	/* Frames before this one may have left the doorbell to it. */
	if (!netdev_xmit_more())
		vft_write(vp, VFT_NPTXPD, 1);
	return NETDEV_TX_OK;
}

static void vft_tx_wake(struct vft *vp)
{
	struct vft_tx *tx = vp->tx;

	smp_mb(); /* pairs with vft_tx_maybe_stop() */
	/* A quarter of the ring, so that the queue does not stop again at once. */
	if (netif_queue_stopped(vp->netdev) &&
	    vft_tx_avail(tx) >= max(vft_tx_need(tx), tx->ring.size / 4) && !READ_ONCE(vp->loop))
		netif_wake_queue(vp->netdev);
}

/**
 * vft_tx_reclaim() - free what the chip has sent
 * @vp: the device
 * @budget: NAPI's budget; 0 from netpoll and -1 from the interrupt handler, where skbs must
 *	be freed with care
 *
 * Return: whether anything was freed.
 */
bool vft_tx_reclaim(struct vft *vp, int budget)
{
	unsigned int frames = 0, bytes = 0, tail, head;
	struct vft_tx *tx = vp->tx;
	struct vft_txbuf *b;
	u32 des0;

	head = smp_load_acquire(&tx->head);	/* with the buffers up to it */
	for (tail = tx->tail; tail != head; tail++) {
		des0 = le32_to_cpu(READ_ONCE(vft_tx_desc(tx, tail)->des0));
		if (des0 & VFT_TXD0_OWN)
			break;
		dma_rmb();	/* OWN is read before anything else of this descriptor */
		b = vft_tx_buf(tx, tail);
		vft_tx_unmap(vp, b);
		if (!b->skb)
			continue;
		frames++;
		bytes += b->skb->len;
		if (budget >= 0)
			napi_consume_skb(b->skb, budget);
		else
			dev_consume_skb_irq(b->skb);
		b->skb = NULL;
	}
	if (tail == tx->tail)
		return false;
	smp_store_release(&tx->tail, tail);	/* the buffers are free before it says so */
	u64_stats_update_begin(&vp->txc.sync);
	u64_stats_add(&vp->txc.packets, frames);
	u64_stats_add(&vp->txc.bytes, bytes);
	u64_stats_update_end(&vp->txc.sync);
	netdev_completed_queue(vp->netdev, frames, bytes);
	vft_tx_wake(vp);
	return true;
}

/**
 * vft_tx_drop_all() - empty the ring; the chip is in reset and the queue is stopped
 * @vp: the device
 */
void vft_tx_drop_all(struct vft *vp)
{
	struct vft_tx *tx = vp->tx;
	struct vft_txbuf *b;
	unsigned int i;

	for (; tx->tail != tx->head; tx->tail++) {
		b = vft_tx_buf(tx, tx->tail);
		vft_tx_unmap(vp, b);
		if (b->skb)
			vft_tx_drop(vp, b->skb);
		b->skb = NULL;
	}
	for (i = 0; i < tx->ring.size; i++)
		vft_tx_desc(tx, i)->des0 = cpu_to_le32(vft_tx_edotr(tx, i));
	tx->head = 0;
	tx->tail = 0;
	tx->since_ic = 0;
	netdev_reset_queue(vp->netdev);
}
