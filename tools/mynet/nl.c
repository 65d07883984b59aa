// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of the generic netlink families, MYNET's and the network card's: sending, waiting,
 * listening, and saying what the kernel has said.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/mynet.h>
#include <linux/netlink.h>
#include <linux/vftgmac100.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mynet.h"

/* A family, once the kernel has said what number it has. */
struct family {
	const char	*name, *missing;
	uint8_t		version;
	uint16_t	id;
	uint32_t	group;	/* of events, if it has any */
};

static struct family mynet_family = {
	.name = MYNET_GENL_NAME, .version = MYNET_GENL_VERSION,
	.missing = "The kernel does not know MYNET: is the module af_mynet loaded?",
};

static struct family card_family = {
	.name = VFT_GENL_NAME, .version = VFT_GENL_VERSION,
	.missing = "The kernel has no such cards: is the module vftgmac100 loaded?",
};

static struct mnl_socket *sock;
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
	if (complaint.message && strstr(complaint.message, "Device is not attached"))
		fprintf(stderr, "Attach it: %s dev attach %s\n", in_netns("mynet"),
			named_device());
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

static int take_group(const struct nlattr *attr, void *data)
{
	struct family *family = data;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID)
		family->group = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static int take_groups(const struct nlattr *attr, void *data)
{
	return mnl_attr_parse_nested(attr, take_group, data);
}

static int take_family_attr(const struct nlattr *attr, void *data)
{
	struct family *family = data;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
		family->id = mnl_attr_get_u16(attr);
	else if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
		mnl_attr_parse_nested(attr, take_groups, family);
	return MNL_CB_OK;
}

static void take_family(const struct nlmsghdr *nlh, void *arg)
{
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), take_family_attr, arg);
}

static void find_family(struct family *family)
{
	struct nlmsghdr *nlh = begin(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, NLM_F_ACK);

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, family->name);
	send_request(nlh);
	/* The kernel's own word for it would be "No such file or directory". */
	quiet = true;
	receive(nlh->nlmsg_seq, take_family, family);
	quiet = false;
	if (!family->id)
		fail("%s", family->missing);
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
}

void nl_close(void)
{
	if (sock)
		mnl_socket_close(sock);
	sock = NULL;
	quiet = false;
}

static struct nlmsghdr *request_to(struct family *family, uint8_t cmd, uint16_t flags)
{
	if (!sock)
		open_socket();
	if (!family->id)
		find_family(family);
	return begin(family->id, cmd, family->version, flags);
}

struct nlmsghdr *nl_request(uint8_t cmd, uint16_t flags)
{
	return request_to(&mynet_family, cmd, flags);
}

struct nlmsghdr *nl_card_request(uint8_t cmd, uint16_t flags)
{
	return request_to(&card_family, cmd, flags);
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

void nl_attrs(const struct nlmsghdr *nlh, struct nlattr **attrs, unsigned int max_attr)
{
	struct shower shower = { .max_attr = max_attr, .attrs = attrs };

	memset(attrs, 0, (max_attr + 1) * sizeof(*attrs));
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), take_attr, &shower);
}

void nl_listen(void (*take)(uint8_t cmd, const struct nlmsghdr *nlh))
{
	const struct genlmsghdr *genl;
	const struct nlmsghdr *nlh;
	int n;

	nl_request(0, 0);
	if (mnl_socket_setsockopt(sock, NETLINK_ADD_MEMBERSHIP, &mynet_family.group,
				  sizeof(mynet_family.group)))
		fail("Cannot listen to the kernel: %s", strerror(errno));
	for (;;) {
		n = mnl_socket_recvfrom(sock, answer_buffer, sizeof(answer_buffer));
		if (n < 0 && errno == ENOBUFS) {
			fprintf(stderr, "Events came faster than they were read; some are lost.\n");
			continue;
		}
		if (n < 0)
			fail("Cannot receive from the kernel: %s", strerror(errno));
		for (nlh = (void *)answer_buffer; mnl_nlmsg_ok(nlh, n);
		     nlh = mnl_nlmsg_next(nlh, &n)) {
			genl = mnl_nlmsg_get_payload(nlh);
			if (nlh->nlmsg_type == mynet_family.id)
				take(genl->cmd, nlh);
		}
	}
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
