// SPDX-License-Identifier: GPL-2.0
/*
 * Puts cards together and takes them apart. Owns the list of cards.
 *
 * A card lives from vft_card_add() until its netdev is deleted ("ip link del", end of its
 * namespace) or the module goes. Unbinding the driver leaves the card in its place, without a
 * netdev; binding makes a new one.
 *
 * Scrapping runs from a work item: deleting the netdev happens under RTNL, but the driver
 * core takes the device lock first and RTNL inside (unbind through sysfs), so the device must
 * not be unregistered under RTNL.
 */
#include <linux/etherdevice.h>
#include <linux/idr.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "board.h"
#include "bus.h"
#include "chip.h"
#include "intc.h"

/* A card has rings, page pools and an interrupt, and any namespace may make some. */
#define CARDS_MAX	256

static LIST_HEAD(cards);
static DEFINE_IDA(card_ids);
static struct workqueue_struct *board_wq;

static int vft_card_build(struct vft_card *card, const u8 *addr)
{
	struct vft_chip_pins pins = { .irq = vft_line_set };

	card->bus = vft_bus_alloc();
	if (!card->bus)
		return -ENOMEM;
	card->line = vft_line_alloc();
	if (!card->line)
		return -ENOMEM;
	card->irq = vft_line_irq(card->line);
	vft_port_init(&card->port);
	pins.bus = card->bus;
	pins.port = &card->port;
	pins.irq_ctx = card->line;
	card->chip = vft_chip_alloc(&pins, addr);
	if (!card->chip)
		return -ENOMEM;
	card->port.chip = card->chip;
	card->port.kick = vft_chip_tx_kick;
	return 0;
}

/* Takes apart what vft_card_build() did, in part or in full. The driver is unbound. */
static void vft_card_break(struct vft_card *card)
{
	if (card->chip) {
		vft_wire_unplug(&card->port);
		vft_chip_stop(card->chip);
		vft_port_exit(&card->port);
		/* A reader that found us as a peer under RCU is gone by now: unplugging waited. */
		vft_chip_free(card->chip);
	}
	vft_line_free(card->line);
	vft_bus_free(card->bus);
}

static int vft_card_plug_in(struct vft_card *card)
{
	int err;

	card->pdev = platform_device_alloc(KBUILD_MODNAME, card->id);
	if (!card->pdev)
		return -ENOMEM;
	err = platform_device_add_data(card->pdev, &card, sizeof(card));
	if (!err)
		err = platform_device_add(card->pdev);	/* probes */
	if (err)
		platform_device_put(card->pdev);
	return err;
}

static void vft_card_scrap_work(struct work_struct *work)
{
	struct vft_card *card = container_of(work, struct vft_card, scrap);

	/* Unregistering the netdev, which is our device's child, ends with RTNL. */
	rtnl_lock();
	list_del(&card->node);
	rtnl_unlock();
	platform_device_unregister(card->pdev);
	vft_card_break(card);
	synchronize_rcu();	/* vft_card_peer_rcu() of the other end */
	ida_free(&card_ids, card->id);
	kfree(card);
}

/**
 * vft_card_add() - put a card into the machine
 * @given: netdev the driver is to register, or NULL to have it make its own
 * @addr: station address in its EEPROM
 *
 * Context: process; RTNL held.
 * Return: the card, or an error pointer (then @given is the caller's as before).
 */
struct vft_card *vft_card_add(struct net_device *given, const u8 *addr)
{
	struct vft_card *card;
	int err;

	ASSERT_RTNL();
	card = kzalloc(sizeof(*card), GFP_KERNEL_ACCOUNT);
	if (!card)
		return ERR_PTR(-ENOMEM);
	INIT_WORK(&card->scrap, vft_card_scrap_work);
	card->given = given;
	card->id = ida_alloc_max(&card_ids, CARDS_MAX - 1, GFP_KERNEL_ACCOUNT);
	if (card->id < 0) {
		err = card->id;
		goto err_free;
	}
	err = vft_card_build(card, addr);
	if (err)
		goto err_break;
	list_add_tail(&card->node, &cards);
	card->adding = true;
	err = vft_card_plug_in(card);
	card->adding = false;
	if (err)
		goto err_list;
	card->given = NULL;
	/* The driver core keeps a failing probe to itself. */
	if (!rtnl_dereference(card->netdev)) {
		err = card->err ?: -ENODEV;
		vft_card_scrap(card);
		return ERR_PTR(err);
	}
	return card;

err_list:
	list_del(&card->node);
err_break:
	vft_card_break(card);
	ida_free(&card_ids, card->id);
err_free:
	kfree(card);
	return ERR_PTR(err);
}

/**
 * vft_card_scrap() - take a card out of the machine, soon
 * @card: the card; its netdev is gone or going
 *
 * Context: RTNL held.
 */
void vft_card_scrap(struct vft_card *card)
{
	vft_board_queue(&card->scrap);
}

/**
 * vft_board_queue() - run something later, but before the module goes
 * @work: the work
 *
 * Context: any.
 * Return: false when it was queued already.
 */
bool vft_board_queue(struct work_struct *work)
{
	return queue_work(board_wq, work);
}

/**
 * vft_card_next() - walk the cards
 * @card: the last one seen, or NULL to begin
 *
 * Context: RTNL held.
 * Return: the next, or NULL.
 */
struct vft_card *vft_card_next(const struct vft_card *card)
{
	const struct list_head *next = card ? card->node.next : cards.next;

	ASSERT_RTNL();
	return next == &cards ? NULL : list_entry(next, struct vft_card, node);
}

/**
 * vft_card_peer_rcu() - the netdev at the other end of the cable
 * @card: this end
 *
 * Context: RCU read side or RTNL.
 * Return: the netdev, or NULL.
 */
struct net_device *vft_card_peer_rcu(struct vft_card *card)
{
	struct vft_port *peer = rcu_dereference_rtnl(card->port.peer);

	if (!peer)
		return NULL;
	return rcu_dereference_rtnl(container_of(peer, struct vft_card, port)->netdev);
}

/**
 * vft_board_init() - before the first card
 *
 * Return: 0 or -ENOMEM.
 */
int vft_board_init(void)
{
	board_wq = alloc_workqueue("vftgmac100", WQ_UNBOUND, 0);
	return board_wq ? 0 : -ENOMEM;
}

/**
 * vft_board_exit() - scrap every card there still is
 *
 * Context: process, RTNL not held; no card can be added any more.
 */
void vft_board_exit(void)
{
	struct vft_card *card;

	rtnl_lock();
	list_for_each_entry(card, &cards, node)
		vft_card_scrap(card);
	rtnl_unlock();
	destroy_workqueue(board_wq);
	ida_destroy(&card_ids);
}
