/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Private to the driver half: its state, and the doors of its files. The chip is behind
 * vft_read() and vft_write(); nothing here knows what it is made of.
 */
#ifndef VFT_FTGMAC100_H
#define VFT_FTGMAC100_H

#include <linux/bitfield.h>
#include <linux/netdevice.h>
#include <linux/if_vlan.h>
#include <linux/interrupt.h>
#include <linux/mutex.h>
#include <linux/u64_stats_sync.h>
#include <linux/workqueue.h>

#include "board.h"
#include "bus.h"
#include "chip.h"
#include "regs.h"

#define VFT_RING_MIN		16
#define VFT_RING_MAX		4096
#define VFT_RX_DEFAULT		1024	/* a burst arrives before the poll can run */
#define VFT_TX_DEFAULT		512
#define VFT_MTU_MAX		9000
#define VFT_TX_NEED		(MAX_SKB_FRAGS + 1)	/* descriptors of the largest frame */
#define VFT_COPYBREAK		192
#define VFT_TX_HEAD		128	/* frame heads up to this long are copied */
/* Transmit completions wait for 32 frames or 655 us: nobody but BQL is in a hurry. */
#define VFT_TX_FRAMES		32
#define VFT_TX_ITC		(VFT_ITC_TX_TIME_SEL | FIELD_PREP_CONST(VFT_ITC_TX_CNT, 8) | \
				 FIELD_PREP_CONST(VFT_ITC_TX_THR, 1))

/* Interrupts that start a poll, and those served at once. */
#define VFT_INT_POLL		(VFT_INT_RPKT_BUF | VFT_INT_XPKT_ETH)
#define VFT_INT_RARE		(VFT_INT_PHYSTS_CHG | VFT_INT_AHB_ERR)
#define VFT_INT_ALL		(VFT_INT_POLL | VFT_INT_RARE)
/* Looked at when polling, never interrupting: one per lost frame would only make it worse. */
#define VFT_INT_SEEN		(VFT_INT_RPKT_LOST | VFT_INT_NO_RXBUF | VFT_INT_XPKT_LOST)

/**
 * struct vft_area - coherent memory that the chip can reach
 * @mem: the memory
 * @bytes: its size
 * @dma: its DMA address
 * @addr: its bus address; the whole area is one range
 * @window: bus window
 */
struct vft_area {
	void *mem;
	unsigned int bytes;
	dma_addr_t dma;
	u64 addr;
	int window;
};

/**
 * struct vft_ring - descriptors, and a bus window for their buffers
 * @area: the descriptors
 * @size: how many, a power of two
 * @window: bus window of the buffers: descriptor i uses slot i
 */
struct vft_ring {
	struct vft_area area;
	unsigned int size;
	int window;
};

/**
 * struct vft_txbuf - what a transmit descriptor points at
 * @skb: freed with this descriptor (the last of a frame), or NULL
 * @dma: DMA address
 * @addr: bus address
 * @len: bytes
 * @map: how they were mapped
 */
struct vft_txbuf {
	struct sk_buff *skb;
	dma_addr_t dma;
	u64 addr;
	u16 len;
	u8 map;
};

/* Ways to map: not (copied to where it stays mapped), dma_map_single(), dma_map_page(). */
enum { VFT_MAP_NONE, VFT_MAP_SINGLE, VFT_MAP_PAGE };

/**
 * struct vft_tx - the transmit ring
 * @ring: the descriptors
 * @heads: room for a short frame head beside each: copying is cheaper than mapping
 * @buf: one for each descriptor
 * @head: next descriptor to fill; free running, written by ndo_start_xmit
 * @since_ic: frames since one last asked for an interrupt
 * @tail: next descriptor to reclaim; free running, written by the reclaimer (NAPI, or the
 *	interrupt handler in the old mode)
 */
struct vft_tx {
	struct vft_ring ring;
	struct vft_area heads;
	struct vft_txbuf *buf;
	unsigned int head;
	unsigned int since_ic;
	unsigned int tail ____cacheline_aligned_in_smp;
};

/**
 * struct vft_rxbuf - what a receive descriptor points at
 * @page: (part of) a page_pool page
 * @offset: of the buffer in it
 * @addr: bus address
 */
struct vft_rxbuf {
	struct page *page;
	unsigned int offset;
	u64 addr;
};

/**
 * struct vft_rx - the receive ring, touched by NAPI alone (the handler in the old mode)
 * @ring: the descriptors
 * @buf: one for each descriptor; always filled
 * @pool: where pages come from
 * @head: next descriptor to look at, free running
 * @room: bytes the chip may write into a buffer (RBSR)
 * @truesize: bytes a buffer takes, headroom and skb_shared_info included
 */
struct vft_rx {
	struct vft_ring ring;
	struct vft_rxbuf *buf;
	struct page_pool *pool;
	unsigned int head;
	unsigned int room;
	unsigned int truesize;
};

/**
 * struct vft_counters - what the driver counts itself; one writer for each
 * @sync: lets readers see all of them at one time
 * @packets: frames
 * @bytes: their bytes, without FCS
 * @multicast: of these, multicast frames
 * @dropped: no memory, or not mappable
 * @errors: descriptors with error bits
 * @csum_bad: checksum verdicts that were errors
 * @copied: frames below the copybreak
 * @stops: how often the queue stopped
 * @busy: frames refused because the ring was full; the stop above ought to prevent it
 */
struct vft_counters {
	struct u64_stats_sync sync;
	u64_stats_t packets;
	u64_stats_t bytes;
	u64_stats_t multicast;
	u64_stats_t dropped;
	u64_stats_t errors;
	u64_stats_t csum_bad;
	u64_stats_t copied;
	u64_stats_t stops;
	u64_stats_t busy;
};

/* The chip's statistics registers, widened to 64 bits: index into vft.hw, see stats.c. */
enum vft_hwstat {
	VFT_HW_TX, VFT_HW_TX_MCOL, VFT_HW_TX_SCOL, VFT_HW_TX_ECOL, VFT_HW_TX_FAIL,
	VFT_HW_TX_LCOL, VFT_HW_TX_UND, VFT_HW_RX, VFT_HW_RX_BC, VFT_HW_RX_MC, VFT_HW_RX_PF,
	VFT_HW_RX_AEP, VFT_HW_RX_RUNT, VFT_HW_RX_CRC, VFT_HW_RX_FTL, VFT_HW_RX_COL,
	VFT_HW_RX_LOST, VFT_HW_COUNT
};

/**
 * struct vft_dim - adaptive receive moderation, dim.c
 * @level: current delay, index into the table of delays
 * @polls: NAPI polls since the last decision
 * @frames: frames they found
 * @since: when that was
 * @before: frames that as many polls found before the trial that is running
 * @trial: a delay is being tried
 * @rest: decisions to wait until the next trial
 * @backoff: how long @rest will be after the next vain trial
 */
struct vft_dim {
	unsigned int level;
	unsigned int polls;
	unsigned int frames;
	ktime_t since;
	unsigned int before;
	bool trial;
	unsigned int rest;
	unsigned int backoff;
};

/**
 * struct vft_events - what happened, counted by its handler
 * @irqs: interrupts handled
 * @rx_irqs: of these, interrupts that announced received frames
 * @tx_irqs: of these, interrupts that announced transmit completions
 * @polls: NAPI polls
 * @full_polls: of these, polls that ended because their budget was spent
 * @ahb_errors: bus errors
 * @rx_lost_ints: polls that found RPKT_LOST
 * @no_rxbuf_ints: polls that found NO_RXBUF
 * @tx_lost_ints: polls that found XPKT_LOST
 * @link_changes: the link came, went or changed
 * @resets: the MAC was reset to recover
 * @tx_timeouts: the queue's watchdog barked
 */
struct vft_events {
	u64 irqs;
	u64 rx_irqs;
	u64 tx_irqs;
	u64 polls;
	u64 full_polls;
	u64 ahb_errors;
	u64 rx_lost_ints;
	u64 no_rxbuf_ints;
	u64 tx_lost_ints;
	u64 link_changes;
	u64 resets;
	u64 tx_timeouts;
};

/**
 * struct vft - driver state of one netdev (netdev_priv)
 * @netdev: the netdev
 * @dev: its device, for the DMA API
 * @card: the board, for its register window and bus
 * @napi: the poll context
 * @tx: transmit ring while up
 * @rx: receive ring while up
 * @no_napi: the old-fashioned mode, changed while down
 * @use_napi: how the running device was started
 * @rx_size: descriptors, wanted
 * @tx_size: descriptors, wanted
 * @copybreak: frames up to this long are copied into a fresh skb
 * @rx_itc: receive half of ITC as set by the user
 * @tx_itc: transmit half of ITC
 * @tx_frames: every how many frames TXIC is set
 * @adaptive: rx moderation adapts
 * @dim: state of that
 * @rxc: receive counters, written by who receives
 * @txc: transmit counters, written by who reclaims
 * @txq: transmit counters, written under the queue's lock
 * @ev: rare events
 * @hw_lock: guards @hw and @hw_last
 * @hw: chip statistics widened
 * @hw_last: registers as last read
 * @mac_lock: guards @mac_mode and the writing of MACCR and MAHT
 * @mac_mode: MACCR bits that the link decides (speed, duplex)
 * @mdio: one MDIO transaction at a time
 * @speed: link speed, 0 without link
 * @full: link duplex
 * @autoneg: autonegotiation is on
 * @msg_enable: netif_msg bits
 * @loop: the self-test has the chip looped back
 * @loop_seen: and the frame came back
 * @link_work: PHY changed
 * @reset_work: start over
 * @service: widens the chip's counters once a second
 */
struct vft {
	struct net_device *netdev;
	struct device *dev;
	struct vft_card *card;
	struct napi_struct napi;
	struct vft_tx *tx;
	struct vft_rx *rx;
	bool no_napi;
	bool use_napi;
	unsigned int rx_size;
	unsigned int tx_size;
	unsigned int copybreak;
	u32 rx_itc;
	u32 tx_itc;
	unsigned int tx_frames;
	bool adaptive;
	struct vft_dim dim;
	struct vft_counters rxc;
	struct vft_counters txc;
	struct vft_counters txq;
	struct vft_events ev;
	spinlock_t hw_lock;
	u64 hw[VFT_HW_COUNT];
	u32 hw_last[VFT_HW_COUNT];
	spinlock_t mac_lock;
	u32 mac_mode;
	struct mutex mdio;
	unsigned int speed;
	bool full;
	bool autoneg;
	u32 msg_enable;
	bool loop;
	bool loop_seen;
	struct work_struct link_work;
	struct work_struct reset_work;
	struct delayed_work service;
};

static inline u32 vft_read(const struct vft *vp, unsigned int off)
{
	return vft_chip_read(vp->card->chip, off);
}

static inline void vft_write(const struct vft *vp, unsigned int off, u32 val)
{
	vft_chip_write(vp->card->chip, off, val);
}

/* netdev.c */
extern const struct net_device_ops vft_netdev_ops;
void vft_netdev_init(struct vft *vp);
int vft_reconfigure(struct vft *vp, unsigned int rx_size, unsigned int tx_size, int mtu,
		    bool no_napi);

/* mac.c */
void vft_mac_reset(struct vft *vp);
void vft_mac_start(struct vft *vp);
void vft_mac_update(struct vft *vp);
void vft_mac_address(struct vft *vp);
void vft_mac_filter(struct vft *vp);
void vft_mac_coalesce(struct vft *vp);
void vft_reset_soon(struct vft *vp);

/* ring.c */
int vft_area_alloc(struct vft *vp, struct vft_area *area, unsigned int bytes);
void vft_area_free(struct vft *vp, struct vft_area *area);
int vft_ring_alloc(struct vft *vp, struct vft_ring *ring, unsigned int size);
void vft_ring_free(struct vft *vp, struct vft_ring *ring);
u64 vft_dma_enter(struct vft *vp, const struct vft_ring *ring, unsigned int i, dma_addr_t dma,
		  unsigned int len, unsigned int access);

/* tx.c */
struct vft_tx *vft_tx_alloc(struct vft *vp, unsigned int size);
void vft_tx_free(struct vft *vp, struct vft_tx *tx);
void vft_tx_drop_all(struct vft *vp);
bool vft_tx_reclaim(struct vft *vp, int budget);
unsigned int vft_tx_used(const struct vft_tx *tx);
netdev_tx_t vft_start_xmit(struct sk_buff *skb, struct net_device *dev);

/* rx.c */
struct vft_rx *vft_rx_alloc(struct vft *vp, unsigned int size, int mtu);
void vft_rx_free(struct vft *vp, struct vft_rx *rx);
void vft_rx_rewind(struct vft *vp);
int vft_rx_poll(struct vft *vp, int budget);
void vft_rx_nonapi(struct vft *vp);
unsigned int vft_rx_waiting(const struct vft_rx *rx);

/* irq.c */
irqreturn_t vft_interrupt(int irq, void *arg);
int vft_poll(struct napi_struct *napi, int budget);

/* dim.c */
void vft_dim_reset(struct vft *vp);
u32 vft_dim_itc(const struct vft *vp);
bool vft_dim_poll_done(struct vft *vp, unsigned int frames);

/* mdio.c */
int vft_mdio_read(struct vft *vp, unsigned int reg);
void vft_mdio_write(struct vft *vp, unsigned int reg, u16 val);
void vft_phy_power(struct vft *vp, bool on);
void vft_link_work(struct work_struct *work);
int vft_ioctl(struct net_device *dev, struct ifreq *ifr, int cmd);
int vft_get_link_ksettings(struct net_device *dev, struct ethtool_link_ksettings *ks);
int vft_set_link_ksettings(struct net_device *dev, const struct ethtool_link_ksettings *ks);

/* hwstats.c */
void vft_hwstats_update(struct vft *vp);
void vft_hwstats_restart(struct vft *vp);
const char *vft_hwstat_name(enum vft_hwstat i);

/* stats.c */
void vft_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *s);
int vft_stats_count(void);
void vft_stats_strings(u8 *data);
void vft_stats_values(struct vft *vp, u64 *data);

/* selftest.c */
int vft_selftest_count(void);
void vft_selftest_strings(u8 *data);
void vft_selftest(struct net_device *dev, struct ethtool_test *test, u64 *data);
bool vft_selftest_rx(struct vft *vp, struct sk_buff *skb);

/* ethtool.c */
extern const struct ethtool_ops vft_ethtool_ops;

/* link.c */
extern struct rtnl_link_ops vft_link_ops;
void vft_netdev_setup(struct net_device *dev);

/* nl.c */
int vft_nl_init(void);
void vft_nl_exit(void);

#endif
