/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests to the control plane of either family, many in one message: PF_INET's is rtnetlink,
 * PF_MYNET's a family of generic netlink.
 */
#ifndef BENCH_REQUESTS_H
#define BENCH_REQUESTS_H

#include <err.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <linux/mynet.h>

#include "words.h"

#define BATCH_BYTES	65536
#define REQUEST_MAX	160

static struct mnl_socket *sock;
static uint16_t genl_family;		/* 0: inet */

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* Generic netlink refuses NLM_F_CREATE and NLM_F_EXCL: its commands say what they would. */
static uint16_t flags_of(bool add)
{
	return add && !genl_family ? NLM_F_CREATE | NLM_F_EXCL : 0;
}

static struct nlmsghdr *begin(void *buffer, uint16_t type, uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl;

	request->nlmsg_type = genl_family ?: type;
	request->nlmsg_flags = NLM_F_REQUEST | flags;
	if (!genl_family)
		return request;
	genl = mnl_nlmsg_put_extra_header(request, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = 1;
	return request;
}

/* Sends what is in the buffer; its last request is answered when all before it are done. */
static void flush(char *buffer, size_t used, struct nlmsghdr *last)
{
	char answer[MNL_SOCKET_BUFFER_SIZE];
	const struct nlmsghdr *nlh = (void *)answer;
	const struct nlmsgerr *error;
	ssize_t got;

	last->nlmsg_flags |= NLM_F_ACK;
	if (mnl_socket_sendto(sock, buffer, used) < 0)
		err(1, "send");
	got = mnl_socket_recvfrom(sock, answer, sizeof(answer));
	if (got < (ssize_t)NLMSG_LENGTH(sizeof(*error)) || nlh->nlmsg_type != NLMSG_ERROR)
		errx(1, "an answer that is none");
	error = mnl_nlmsg_get_payload(nlh);
	if (error->error)
		errx(1, "refused: %s", strerror(-error->error));
}

static int take_id(const struct nlattr *attr, void *id)
{
	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
		*(uint16_t *)id = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static uint16_t find_family(const char *name)
{
	char buffer[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl;
	uint16_t id = 0;
	ssize_t got;

	nlh->nlmsg_type = GENL_ID_CTRL;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = CTRL_CMD_GETFAMILY;
	genl->version = 1;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, name);
	if (mnl_socket_sendto(sock, nlh, nlh->nlmsg_len) < 0)
		err(1, "send");
	got = mnl_socket_recvfrom(sock, buffer, sizeof(buffer));
	if (got > 0 && mnl_nlmsg_ok(nlh, got) && nlh->nlmsg_type == GENL_ID_CTRL)
		mnl_attr_parse(nlh, sizeof(*genl), take_id, &id);
	if (!id)
		errx(1, "there is no family %s: is the module loaded?", name);
	return id;
}

/* Opens the socket for the requests of a family. */
static void open_control(const char *family)
{
	bool mynet = parse_family(family) == PF_MYNET;

	if (!mynet && parse_family(family) != AF_INET)
		errx(2, "the family is inet or mynet");
	sock = mnl_socket_open(mynet ? NETLINK_GENERIC : NETLINK_ROUTE);
	if (!sock || mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) < 0)
		err(1, "netlink");
	if (mynet)
		genl_family = find_family(MYNET_GENL_NAME);
}

#endif
