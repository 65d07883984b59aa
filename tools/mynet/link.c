// SPDX-License-Identifier: GPL-2.0
/*
 * Facts that the kernel's core knows of a device: flags, MTU, state, hardware address, packets.
 * Asked for by rtnetlink, on a socket of its own, because an answer of nl.c's may be half read.
 */
#include <errno.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "mynet.h"

static const struct {
	const char	*name;
	unsigned int	flag;
} flags[] = {
	{ "LOOPBACK", IFF_LOOPBACK }, { "BROADCAST", IFF_BROADCAST },
	{ "POINTOPOINT", IFF_POINTOPOINT }, { "MULTICAST", IFF_MULTICAST },
	{ "NOARP", IFF_NOARP }, { "ALLMULTI", IFF_ALLMULTI }, { "PROMISC", IFF_PROMISC },
	{ "UP", IFF_UP }, { "LOWER_UP", IFF_LOWER_UP },
};

static const char * const states[] = {
	"UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP",
};

/* --- asking ------------------------------------------------------------------------------- */

static struct mnl_socket *sock;

static void put_address(char *text, const struct nlattr *attr)
{
	const uint8_t *ha = mnl_attr_get_payload(attr);
	unsigned int i;

	text[0] = 0;
	for (i = 0; i < mnl_attr_get_payload_len(attr) && i < 20; i++)
		sprintf(text + strlen(text), "%s%02x", i ? ":" : "", ha[i]);
}

static int take_attr(const struct nlattr *attr, void *data)
{
	struct link *link = data;

	switch (mnl_attr_get_type(attr)) {
	case IFLA_MTU:
		link->mtu = mnl_attr_get_u32(attr);
		break;
	case IFLA_OPERSTATE:
		link->state = mnl_attr_get_u8(attr);
		break;
	case IFLA_ADDRESS:
		put_address(link->address, attr);
		break;
	case IFLA_BROADCAST:
		put_address(link->broadcast, attr);
		break;
	case IFLA_STATS64:
		memcpy(&link->stats, mnl_attr_get_payload(attr),
		       mnl_attr_get_payload_len(attr) < sizeof(link->stats) ?
		       mnl_attr_get_payload_len(attr) : sizeof(link->stats));
		break;
	}
	return MNL_CB_OK;
}

static int take_link(const struct nlmsghdr *nlh, void *data)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(nlh);
	struct link *link = data;

	if (nlh->nlmsg_type != RTM_NEWLINK)
		return MNL_CB_OK;
	link->flags = info->ifi_flags;
	link->type = info->ifi_type;
	link->known = true;
	return mnl_attr_parse(nlh, sizeof(*info), take_attr, link);
}

void find_link(uint32_t ifindex, struct link *link)
{
	static char buffer[32768];
	static uint32_t sequence;
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *info;
	int n;

	memset(link, 0, sizeof(*link));
	if (!sock) {
		sock = mnl_socket_open(NETLINK_ROUTE);
		if (!sock || mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) < 0)
			fail("Cannot open netlink socket: %s", strerror(errno));
	}
	nlh->nlmsg_type = RTM_GETLINK;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	nlh->nlmsg_seq = ++sequence;
	info = mnl_nlmsg_put_extra_header(nlh, sizeof(*info));
	info->ifi_index = ifindex;
	if (mnl_socket_sendto(sock, nlh, nlh->nlmsg_len) < 0)
		return;
	do {
		n = mnl_socket_recvfrom(sock, buffer, sizeof(buffer));
	} while (n > 0 && mnl_cb_run(buffer, n, sequence, mnl_socket_get_portid(sock), take_link,
				     link) > MNL_CB_STOP);
}

/* --- showing ------------------------------------------------------------------------------ */

static const char *state_name(const struct link *link)
{
	return link->state < ARRAY_SIZE(states) ? states[link->state] : "UNKNOWN";
}

static void show_flags(const struct link *link)
{
	unsigned int i, n = 0;

	out_array_begin("flags");
	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (link->flags & flags[i].flag)
			out_item(n++ ? ",%s" : "<%s", flags[i].name);
	out_array_end();
	out_text(n ? "> " : "<> ");
}

static const char *type_name(const struct link *link)
{
	return link->type == ARPHRD_LOOPBACK ? "loopback" :
	       link->type == ARPHRD_ETHER ? "ether" : "none";
}

void show_link(const struct link *link)
{
	if (!link->known)
		return;
	show_flags(link);
	out_number("mtu", "mtu %llu ", link->mtu);
	out_string("operstate", "state %s ", state_name(link));
	out_string("link_type", "link/%s", type_name(link));
	if (link->address[0])
		out_lladdr("address", " %s", link->address);
	if (link->broadcast[0])
		out_lladdr("broadcast", " brd %s", link->broadcast);
}

/* "NAME  STATE", how a line of -br begins. */
void show_link_brief(const char *name, const struct link *link)
{
	char text[64];

	snprintf(text, sizeof(text), "%-16s", name);
	out_ifname(NULL, "%s ", text);
	out_string(NULL, "%-14s ", state_name(link));
}

void show_link_brief_end(const struct link *link)
{
	if (link->address[0])
		out_lladdr(NULL, "%s ", link->address);
	show_flags(link);
}

void show_link_stats(const struct link *link)
{
	const struct rtnl_link_stats64 *stats = &link->stats;

	out_group_begin("stats64");
	out_break();
	out_text("    RX:");
	out_group_begin("rx");
	out_number("bytes", " bytes %llu", stats->rx_bytes);
	out_number("packets", " packets %llu", stats->rx_packets);
	out_number("errors", " errors %llu", stats->rx_errors);
	out_number("dropped", " dropped %llu", stats->rx_dropped);
	out_number("over_errors", " overrun %llu", stats->rx_over_errors);
	out_number("multicast", " multicast %llu", stats->multicast);
	out_object_end();
	out_break();
	out_text("    TX:");
	out_group_begin("tx");
	out_number("bytes", " bytes %llu", stats->tx_bytes);
	out_number("packets", " packets %llu", stats->tx_packets);
	out_number("errors", " errors %llu", stats->tx_errors);
	out_number("dropped", " dropped %llu", stats->tx_dropped);
	out_number("carrier_errors", " carrier %llu", stats->tx_carrier_errors);
	out_number("collisions", " collisions %llu", stats->collisions);
	out_object_end();
	out_object_end();
}
