// SPDX-License-Identifier: GPL-2.0
/*
 * Questions about a device's addresses that old programs ask a socket (netdevice(7)), answered with
 * MYNET's. SIOCGIFCONF never comes here: the core answers it itself.
 *
 * State: none.
 */
#include <linux/if.h>
#include <linux/sockios.h>
#include <linux/uaccess.h>

#include "transport/sk.h"

/* The part of a struct ifreq that is read and written: the same for 32-bit programs. */
struct mn_ifreq {
	char			name[IFNAMSIZ];
	struct sockaddr_mynet	addr;
};

static_assert(offsetof(struct mn_ifreq, addr) == offsetof(struct ifreq, ifr_addr));

static __be32 mn_answer(unsigned int cmd, const struct mynet_addr_info *info)
{
	switch (cmd) {
	case SIOCGIFNETMASK:
		return info->mask;
	case SIOCGIFBRDADDR:
		return info->broadcast;
	default:	/* there are no other ends: an address is its own */
		return info->local;
	}
}

int mynet_ip_ioctl(struct sock *sk, unsigned int cmd, void __user *arg)
{
	struct mynet_addr_info info;
	struct mn_ifreq req;
	__be32 addr;
	int err;

	switch (cmd) {
	case SIOCGIFADDR:
	case SIOCGIFDSTADDR:
	case SIOCGIFBRDADDR:
	case SIOCGIFNETMASK:
		break;
	default:
		return -ENOIOCTLCMD;
	}
	if (copy_from_user(&req, arg, sizeof(req)))
		return -EFAULT;
	req.name[IFNAMSIZ - 1] = '\0';
	/* A name without an address, or one whose address the program has from elsewhere. */
	addr = mynet_family_known(sk, req.addr.smn_family) ? req.addr.smn_addr : 0;
	err = mynet_addr_by_label(sock_net(sk), req.name, addr, &info);
	if (err)
		return err;
	mynet_name_fill(sk, &req.addr, mn_answer(cmd, &info), 0);
	return copy_to_user(arg, &req, sizeof(req)) ? -EFAULT : 0;
}
