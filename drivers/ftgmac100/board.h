/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The board: a card's chip, bus, interrupt line and jack put together behind a platform
 * device, to which the driver binds as to any other. Also the list of all cards.
 */
#ifndef VFT_BOARD_H
#define VFT_BOARD_H

#include <linux/list.h>
#include <linux/platform_device.h>
#include <linux/workqueue.h>

#include "wire.h"

struct net_device;
struct vft_bus;
struct vft_line;

/**
 * struct vft_card - one card
 * @node: in the list of cards, under RTNL
 * @id: number of its platform device
 * @port: its jack
 * @bus: its bus
 * @line: its interrupt line
 * @chip: its chip; for the driver, the register window
 * @irq: Linux interrupt number
 * @pdev: the device the driver binds to
 * @given: netdev that "ip link add" made and probe is to use, under RTNL
 * @netdev: netdev of the bound driver, under RTNL, read under RCU
 * @adding: vft_card_add() is at it, holding RTNL
 * @unbinding: the netdev goes, the card stays; under RTNL
 * @err: why probe failed
 * @scrap: work that takes the card off the board when its netdev was deleted
 */
struct vft_card {
	struct list_head node;
	int id;
	struct vft_port port;
	struct vft_bus *bus;
	struct vft_line *line;
	struct vft_chip *chip;
	int irq;
	struct platform_device *pdev;
	struct net_device *given;
	struct net_device __rcu *netdev;
	bool adding;
	bool unbinding;
	int err;
	struct work_struct scrap;
};

int vft_board_init(void);
void vft_board_exit(void);

struct vft_card *vft_card_add(struct net_device *given, const u8 *addr);
void vft_card_scrap(struct vft_card *card);
bool vft_board_queue(struct work_struct *work);
struct vft_card *vft_card_next(const struct vft_card *card);
struct net_device *vft_card_peer_rcu(struct vft_card *card);

static inline struct vft_card *vft_card_of(struct device *dev)
{
	return *(struct vft_card **)dev_get_platdata(dev);
}

#endif
