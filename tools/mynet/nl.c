// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of the generic netlink family "mynet": sending, waiting, and saying what the kernel
 * has said.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/mynet.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mynet.h"

static struct mnl_socket *sock;
static uint16_t family;
static uint32_t sequence;
static bool quiet;	/* a refusal is no news */
static char request_buffer[8192], answer_buffer[32768];

/* --- errors ------------------------------------------------------------------------------- */

struct complaint {
	const char *message;
};

static int take_complaint(const struct nlattr *attr, void *data)
{
	struct complaint *complaint = data;

	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
		complaint->message = mnl_attr_get_str(attr);
	return MNL_CB_OK;
}

/* Says what went wrong, in the kernel's words if it had any. */
static int refused(const struct nlmsghdr *answer)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(answer);
	struct complaint complaint = { NULL };
	unsigned int skip = sizeof(*err);

	if (!err->error)
		return MYNET_OK;
	if (quiet)
		return MYNET_REFUSED;
	if (!(answer->nlmsg_flags & NLM_F_CAPPED))
		skip += err->msg.nlmsg_len - sizeof(err->msg);
	if (answer->nlmsg_flags & NLM_F_ACK_TLVS)
		mnl_attr_parse(answer, skip, take_complaint, &complaint);

	if (complaint.message && complaint.message[0])
		fprintf(stderr, "Error: %s%s\n", complaint.message,
			complaint.message[strlen(complaint.message) - 1] == '.' ? "" : ".");
	else
		fprintf(stderr, "MYNET answers: %s\n", strerror(-err->error));
	return MYNET_REFUSED;
}

/* --- talking ------------------------------------------------------------------------------ */

/* Receives until the end of an answer; @take gets each message of it. */
static int receive(uint32_t seq, void (*take)(const struct nlmsghdr *nlh, void *arg), void *arg)
{
	const struct nlmsghdr *nlh;
	int n;

	for (;;) {
		n = mnl_socket_recvfrom(sock, answer_buffer, sizeof(answer_buffer));
		if (n < 0)
			fail("Cannot receive from the kernel: %s", strerror(errno));
		for (nlh = (void *)answer_buffer; mnl_nlmsg_ok(nlh, n);
		     nlh = mnl_nlmsg_next(nlh, &n)) {
			if (nlh->nlmsg_seq != seq)
				continue;
			if (nlh->nlmsg_type == NLMSG_ERROR)
				return refused(nlh);
			if (nlh->nlmsg_type == NLMSG_DONE)
				return MYNET_OK;
			if (take)
				take(nlh, arg);
		}
	}
}

static void send_request(const struct nlmsghdr *request)
{
	if (mnl_socket_sendto(sock, request, request->nlmsg_len) < 0)
		fail("Cannot talk to the kernel: %s", strerror(errno));
}

static struct nlmsghdr *begin(uint16_t type, uint8_t cmd, uint8_t version, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(request_buffer);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++sequence;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = version;
	return nlh;
}

static int take_family_id(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
		family = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static void take_family(const struct nlmsghdr *nlh, void *arg)
{
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), take_family_id, NULL);
}

static void find_family(void)
{
	struct nlmsghdr *nlh = begin(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, NLM_F_ACK);

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, MYNET_GENL_NAME);
	send_request(nlh);
	/* The kernel's own word for it would be "No such file or directory". */
	quiet = true;
	receive(nlh->nlmsg_seq, take_family, NULL);
	quiet = false;
	if (!family)
		fail("The kernel does not know MYNET: is the module af_mynet loaded?");
}

static void open_socket(void)
{
	int on = 1;

	sock = mnl_socket_open(NETLINK_GENERIC);
	if (!sock || mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) < 0)
		fail("Cannot open netlink socket: %s", strerror(errno));
	mnl_socket_setsockopt(sock, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(sock, NETLINK_CAP_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(sock, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	sequence = time(NULL);
	find_family();
}

void nl_close(void)
{
	if (sock)
		mnl_socket_close(sock);
}

struct nlmsghdr *nl_request(uint8_t cmd, uint16_t flags)
{
	if (!sock)
		open_socket();
	return begin(family, cmd, MYNET_GENL_VERSION, flags);
}

int nl_talk(struct nlmsghdr *request)
{
	request->nlmsg_flags |= NLM_F_ACK;
	send_request(request);
	return receive(request->nlmsg_seq, NULL, NULL);
}

/* --- showing ------------------------------------------------------------------------------ */

struct shower {
	unsigned int	max_attr;
	struct nlattr	**attrs;
	void		(*show)(struct nlattr **attrs, void *arg);
	void		*arg;
};

static int take_attr(const struct nlattr *attr, void *data)
{
	struct shower *shower = data;

	if (mnl_attr_get_type(attr) <= shower->max_attr)
		shower->attrs[mnl_attr_get_type(attr)] = (struct nlattr *)attr;
	return MNL_CB_OK;
}

static void take_answer(const struct nlmsghdr *nlh, void *arg)
{
	struct shower *shower = arg;

	memset(shower->attrs, 0, (shower->max_attr + 1) * sizeof(*shower->attrs));
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), take_attr, shower);
	shower->show(shower->attrs, shower->arg);
}

int nl_show(struct nlmsghdr *request, unsigned int max_attr,
	    void (*show)(struct nlattr **attrs, void *arg), void *arg)
{
	struct nlattr *attrs[max_attr + 1];
	struct shower shower = { max_attr, attrs, show, arg };

	if (!(request->nlmsg_flags & NLM_F_DUMP))
		request->nlmsg_flags |= NLM_F_ACK;
	send_request(request);
	return receive(request->nlmsg_seq, take_answer, &shower);
}
