// SPDX-License-Identifier: GPL-2.0
/*
 * A device that does what real ones hardly ever do, for tests: odd0 is Ethernet without a wire,
 * what it sends is gone. Its parameters, in /sys/module/mynet_odd/parameters:
 *
 *	header_fails	Y: no frame gets a link header
 *	merged		written: a packet arrives that a device merged and that cannot be cut again
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <net/checksum.h>

#define MN_ODD_PORTION	400		/* of the merged packet, which is twice as long */

static bool header_fails;
static struct net_device *mn_odd;

static int mn_odd_header(struct sk_buff *skb, struct net_device *dev, unsigned short type,
			 const void *daddr, const void *saddr, unsigned int len)
{
	return READ_ONCE(header_fails) ? -EINVAL : eth_header(skb, dev, type, daddr, saddr, len);
}

static const struct header_ops mn_odd_header_ops = {
	.create	= mn_odd_header,
	.parse	= eth_header_parse,
};

static netdev_tx_t mn_odd_xmit(struct sk_buff *skb, struct net_device *dev)
{
	dev_kfree_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops mn_odd_ops = {
	.ndo_start_xmit	= mn_odd_xmit,
};

/* From 192.0.2.1 to 198.51.100.1, its data in a fragment: a router has to refuse it. */
static struct sk_buff *mn_odd_merged(struct net_device *dev)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	struct sk_buff *skb = alloc_skb(NET_IP_ALIGN + ETH_HLEN + sizeof(struct iphdr), GFP_KERNEL);
	struct ethhdr *eth;
	struct iphdr *iph;

	if (!page || !skb) {
		kfree_skb(skb);
		if (page)
			__free_page(page);
		return NULL;
	}
	skb_reserve(skb, NET_IP_ALIGN);
	eth = skb_put_zero(skb, sizeof(*eth));
	ether_addr_copy(eth->h_dest, dev->dev_addr);
	eth->h_proto = htons(ETH_P_IP);
	iph = skb_put_zero(skb, sizeof(*iph));
	iph->version = 4;
	iph->ihl = 5;
	iph->ttl = 64;
	iph->protocol = IPPROTO_UDP;
	iph->tot_len = htons(sizeof(*iph) + 2 * MN_ODD_PORTION);
	iph->saddr = htonl(0xc0000201);
	iph->daddr = htonl(0xc6336401);
	iph->check = ip_fast_csum(iph, iph->ihl);
	skb_add_rx_frag(skb, 0, page, 0, 2 * MN_ODD_PORTION, PAGE_SIZE);
	skb_shinfo(skb)->gso_size = MN_ODD_PORTION;
	skb->protocol = eth_type_trans(skb, dev);
	return skb;
}

static int mn_odd_set_merged(const char *val, const struct kernel_param *kp)
{
	struct sk_buff *skb = mn_odd ? mn_odd_merged(mn_odd) : NULL;

	if (!skb)
		return -ENOMEM;
	local_bh_disable();
	netif_rx(skb);
	local_bh_enable();
	return 0;
}

static const struct kernel_param_ops mn_odd_merged_ops = { .set = mn_odd_set_merged };

module_param(header_fails, bool, 0644);
module_param_cb(merged, &mn_odd_merged_ops, NULL, 0200);

static void mn_odd_setup(struct net_device *dev)
{
	ether_setup(dev);
	eth_hw_addr_random(dev);
	dev->netdev_ops = &mn_odd_ops;
	dev->header_ops = &mn_odd_header_ops;
	dev->flags &= ~IFF_MULTICAST;
}

static int __init mn_odd_init(void)
{
	int err;

	mn_odd = alloc_netdev(0, "odd0", NET_NAME_USER, mn_odd_setup);
	if (!mn_odd)
		return -ENOMEM;
	err = register_netdev(mn_odd);
	if (err)
		free_netdev(mn_odd);
	return err;
}

static void __exit mn_odd_exit(void)
{
	unregister_netdev(mn_odd);
	free_netdev(mn_odd);
}

module_init(mn_odd_init);
module_exit(mn_odd_exit);
MODULE_DESCRIPTION("A device that does what real ones hardly ever do");
MODULE_LICENSE("GPL");
