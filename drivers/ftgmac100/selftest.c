// SPDX-License-Identifier: GPL-2.0
/*
 * "ethtool -t": registers hold what is written, a frame goes round through LOOP_EN and comes
 * back whole, its interrupt is counted, the link is up.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/ethtool.h>

#include "ftgmac100.h"

enum { TEST_LINK, TEST_REGISTERS, TEST_LOOPBACK, TEST_IRQ, TEST_COUNT };

static const char test_name[TEST_COUNT][ETH_GSTRING_LEN] = {
	[TEST_LINK] = "link (online)",
	[TEST_REGISTERS] = "registers (offline)",
	[TEST_LOOPBACK] = "MAC loopback (offline)",
	[TEST_IRQ] = "interrupt (offline)",
};

#define LOOP_BYTES	512
#define LOOP_WAIT_MS	500

/**
 * vft_selftest_count() - how many tests there are
 *
 * Return: their number.
 */
int vft_selftest_count(void)
{
	return TEST_COUNT;
}

/**
 * vft_selftest_strings() - their names
 * @data: room for them
 */
void vft_selftest_strings(u8 *data)
{
	memcpy(data, test_name, sizeof(test_name));
}

/* Registers that hold any pattern while the MAC runs and harm nothing for a moment. */
static bool vft_test_registers(struct vft *vp)
{
	static const u16 reg[] = { VFT_MAHT0, VFT_MAHT1, VFT_FCR, VFT_BPR, VFT_WOLCR };
	static const u32 pattern[] = { 0, ~0U, 0x55555555, 0xaaaaaaaa };
	unsigned int r, p;
	bool ok = true;
	u32 old;

	for (r = 0; r < ARRAY_SIZE(reg); r++) {
		old = vft_read(vp, reg[r]);
		for (p = 0; p < ARRAY_SIZE(pattern); p++) {
			vft_write(vp, reg[r], pattern[p]);
			ok &= vft_read(vp, reg[r]) == pattern[p];
		}
		vft_write(vp, reg[r], old);
	}
	return ok;
}

static u8 vft_loop_byte(unsigned int i)
{
	return i * 7 + (i >> 8);
}

static struct sk_buff *vft_loop_skb(struct vft *vp)
{
	struct sk_buff *skb = netdev_alloc_skb(vp->netdev, LOOP_BYTES);
	unsigned int i;
	u8 *p;

	if (!skb)
		return NULL;
	p = skb_put(skb, LOOP_BYTES);
	ether_addr_copy(p, vp->netdev->dev_addr);
	ether_addr_copy(p + ETH_ALEN, vp->netdev->dev_addr);
	p[12] = ETH_P_LOOPBACK >> 8;
	p[13] = ETH_P_LOOPBACK & 0xff;
	for (i = ETH_HLEN; i < LOOP_BYTES; i++)
		p[i] = vft_loop_byte(i);
	return skb;
}

/**
 * vft_selftest_rx() - a frame arrived while looped back
 * @vp: the device
 * @skb: the frame, data at the Ethernet header; consumed if it is the test's
 *
 * Return: whether it was.
 */
bool vft_selftest_rx(struct vft *vp, struct sk_buff *skb)
{
	unsigned int i;
	u8 buf[4];
	const u8 *p = skb_header_pointer(skb, 12, 2, buf);
	bool ok = skb->len == LOOP_BYTES;

	if (!p || p[0] != ETH_P_LOOPBACK >> 8 || p[1] != (ETH_P_LOOPBACK & 0xff))
		return false;
	for (i = ETH_HLEN; ok && i < LOOP_BYTES; i++) {
		p = skb_header_pointer(skb, i, 1, buf);
		ok = p && *p == vft_loop_byte(i);
	}
	if (ok)
		WRITE_ONCE(vp->loop_seen, true);
	dev_consume_skb_any(skb);
	return true;
}

static void vft_loop_set(struct vft *vp, bool on)
{
	WRITE_ONCE(vp->loop, on);
	netif_addr_lock_bh(vp->netdev);
	vft_mac_update(vp);
	netif_addr_unlock_bh(vp->netdev);
}

/* Stops sending: reclaiming, seeing @loop, leaves the queue stopped. */
static void vft_loop_begin(struct vft *vp)
{
	vft_loop_set(vp, true);
	synchronize_net();	/* who reclaims without having seen it has ended */
	netif_tx_disable(vp->netdev);
}

static void vft_loop_end(struct vft *vp)
{
	vft_loop_set(vp, false);
	netif_tx_wake_all_queues(vp->netdev);
}

/*
 * Ends what NAPI still has in hand: it would go on without an interrupt and take our frame along.
 * The wire brings nothing any more.
 */
static void vft_loop_settle(struct vft *vp)
{
	unsigned int ms;

	for (ms = 0; ms < LOOP_WAIT_MS && test_bit(NAPI_STATE_SCHED, &vp->napi.state); ms++)
		usleep_range(1000, 2000);
}

/* The queue is stopped, so the frame is alone in the ring. @irqs: how many there were before it. */
static bool vft_test_loopback(struct vft *vp, u64 *irqs)
{
	struct sk_buff *skb = vft_loop_skb(vp);
	unsigned int ms;

	*irqs = READ_ONCE(vp->ev.irqs);
	if (!skb)
		return false;
	vp->loop_seen = false;
	vft_loop_settle(vp);
	*irqs = READ_ONCE(vp->ev.irqs);
	netif_tx_lock_bh(vp->netdev);
	if (vft_start_xmit(skb, vp->netdev) != NETDEV_TX_OK)
		dev_kfree_skb_any(skb);
	netif_tx_unlock_bh(vp->netdev);
	for (ms = 0; ms < LOOP_WAIT_MS && !READ_ONCE(vp->loop_seen); ms++)
		usleep_range(1000, 2000);
	return vp->loop_seen;
}

/**
 * vft_selftest() - ethtool -t
 * @dev: the netdev
 * @test: online or offline; the verdict
 * @data: a verdict for each test, 0 is good
 */
void vft_selftest(struct net_device *dev, struct ethtool_test *test, u64 *data)
{
	struct vft *vp = netdev_priv(dev);
	u64 irqs;

	memset(data, 0, TEST_COUNT * sizeof(*data));
	if (!netif_running(dev)) {
		data[TEST_LINK] = 1;
		test->flags |= ETH_TEST_FL_FAILED;
		return;
	}
	data[TEST_LINK] = !netif_carrier_ok(dev);
	if (test->flags & ETH_TEST_FL_OFFLINE) {
		vft_loop_begin(vp);
		data[TEST_REGISTERS] = !vft_test_registers(vp);
		data[TEST_LOOPBACK] = !vft_test_loopback(vp, &irqs);
		data[TEST_IRQ] = READ_ONCE(vp->ev.irqs) == irqs;
		vft_loop_end(vp);
	}
	if (data[TEST_LINK] || data[TEST_REGISTERS] || data[TEST_LOOPBACK] || data[TEST_IRQ])
		test->flags |= ETH_TEST_FL_FAILED;
}
