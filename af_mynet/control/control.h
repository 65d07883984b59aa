/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Door of the control room: the generic netlink family "mynet", a desk at which every room
 * puts its own commands. The desk knows no protocol, so every room may know the desk.
 *
 * A room names its commands while the module is being opened; the family is registered
 * once, when all rooms are open.
 */
#ifndef MYNET_CONTROL_H
#define MYNET_CONTROL_H

#include <net/genetlink.h>

#include "core/core.h"

/*
 * The kernel refuses NLM_F_CREATE, EXCL, REPLACE and APPEND in messages to a generic netlink
 * family: whether something is to be new is said by the command's number instead.
 */

/* For a command that changes something: CAP_NET_ADMIN in the namespace's user namespace. */
#define MYNET_CONTROL_ADMIN	GENL_UNS_ADMIN_PERM

/**
 * mynet_control_add() - put commands on the desk
 * @ops: one entry for each command, numbers from enum mynet_cmd; with policy and maxattr.
 *	Copied. Commands run in parallel with each other: take the locks you need
 * @n: how many
 *
 * Context: Process context, before mynet_control_open().
 * Return: 0, or -ENOSPC if the desk is too small.
 */
int mynet_control_add(const struct genl_ops *ops, unsigned int n);

/**
 * mynet_control_dev() - the device that a command names
 * @info: the command
 * @attr: number of the attribute that has its ifindex
 *
 * Context: RTNL; borrows.
 * Return: the device; ERR_PTR(-EINVAL) if there is no such attribute, ERR_PTR(-ENODEV) if
 * there is no such device in the namespace. The extack says so.
 */
struct net_device *mynet_control_dev(struct genl_info *info, int attr);

/**
 * mynet_control_need() - refuse a command that lacks an attribute
 * @info: the command
 * @attr: number of the attribute
 *
 * Context: Any.
 * Return: 0, or -EINVAL; the extack says what is missing.
 */
int mynet_control_need(struct genl_info *info, int attr);

/**
 * mynet_control_put() - begin a message
 * @skb: message to write to
 * @portid: to whom
 * @seq: in answer to which request; 0 for an event
 * @flags: NLM_F_*
 * @cmd: enum mynet_cmd
 *
 * Context: Any.
 * Return: what genlmsg_end() and genlmsg_cancel() want, or NULL if there is no room.
 */
void *mynet_control_put(struct sk_buff *skb, u32 portid, u32 seq, int flags, u8 cmd);

/* Writes the attributes of one object; 0 or -EMSGSIZE. */
typedef int (*mynet_control_fill_t)(struct sk_buff *skb, const void *what);

/**
 * mynet_control_event() - tell all who listen what happened to an object
 * @net: namespace
 * @ntf: number of the object's events
 * @fill: writes the object
 * @what: the object
 * @attr: number of the attribute that says what happened; 0 where @ntf says it all
 * @event: command that it follows
 *
 * What could not be told is known to who listens by ENOBUFS.
 *
 * Context: as @fill wants it; does not sleep.
 */
void mynet_control_event(struct net *net, u8 ntf, mynet_control_fill_t fill, const void *what,
			 int attr, u8 event);

/**
 * mynet_control_show() - one object of a dump
 * @skb: the dump's message
 * @cb: the dump; @cb->seq is the age of what is shown
 * @cmd: number of the answer
 * @fill: writes the object
 * @what: the object
 *
 * Context: as @fill wants it.
 * Return: 0, or -EMSGSIZE: there is no room, go on with this one in the next message.
 */
int mynet_control_show(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd,
		       mynet_control_fill_t fill, const void *what);

/**
 * mynet_control_open() - register the family with the commands that are there
 *
 * Context: Process context.
 * Return: 0 or -errno.
 */
int mynet_control_open(void);

/**
 * mynet_control_close() - serve no command any more
 *
 * Context: Process context; when this returns no command runs.
 */
void mynet_control_close(void);

#endif /* MYNET_CONTROL_H */
