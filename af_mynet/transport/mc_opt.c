// SPDX-License-Identifier: GPL-2.0
/*
 * Options at level SOL_IP that are about groups: memberships, sources, the device to send by
 * (RFC 3678). The forms of the arguments are INET's; what they mean is the internet layer's to say.
 *
 * State: the memberships are guarded by RTNL, not by the socket lock; the rest is mynet_ip_set's.
 */
#include <linux/compat.h>
#include <linux/in.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "transport/sk.h"

/* As much as a socket may ask the kernel to remember at once; net.core.optmem_max's usual. */
#define MN_FILTER_MAX	(128 * 1024)
#define MN_SOURCES_MAX	1024

/* A member of ip_mreqn's family: what is not there is 0. */
static int mn_get_mreqn(sockptr_t val, unsigned int len, unsigned int least, struct ip_mreqn *mreq)
{
	*mreq = (struct ip_mreqn){};
	if (len < least)
		return -EINVAL;
	if (len >= sizeof(*mreq))
		len = sizeof(*mreq);
	else if (len >= sizeof(struct ip_mreq))
		len = sizeof(struct ip_mreq);
	else
		return copy_from_sockptr(&mreq->imr_address, val, sizeof(mreq->imr_address)) ?
		       -EFAULT : 0;
	return copy_from_sockptr(mreq, val, len) ? -EFAULT : 0;
}

static int mn_set_multicast_if(struct sock *sk, sockptr_t val, unsigned int len)
{
	struct mynet_ip_set *ip = &mynet_sk(sk)->ip;
	struct ip_mreqn mreq;
	int ifindex, err = 0;

	if (sk->sk_type == SOCK_STREAM)
		return -EINVAL;
	err = mn_get_mreqn(val, len, sizeof(struct in_addr), &mreq);
	if (err)
		return err;
	ifindex = mreq.imr_ifindex;
	rcu_read_lock();
	if (!ifindex && mreq.imr_address.s_addr) {
		ifindex = mynet_addr_device(sock_net(sk), mreq.imr_address.s_addr);
		err = ifindex ? 0 : -EADDRNOTAVAIL;
	} else if (ifindex && !dev_get_by_index_rcu(sock_net(sk), ifindex)) {
		err = -EADDRNOTAVAIL;
	}
	rcu_read_unlock();
	if (err)
		return err;
	if (ifindex && sk->sk_bound_dev_if && sk->sk_bound_dev_if != ifindex)
		return -EINVAL;
	lock_sock(sk);
	WRITE_ONCE(ip->mc_index, ifindex);
	WRITE_ONCE(ip->mc_addr, mreq.imr_address.s_addr);
	release_sock(sk);
	return 0;
}

/* Leaves a group. An address that is no group has no members either. */
static int mn_mc_leave(struct sock *sk, struct mynet_mc_where *where)
{
	if (!mn_addr_is_group(where->group))
		return -EADDRNOTAVAIL;
	return mynet_mc_leave(sock_net(sk), &mynet_sk(sk)->groups, where);
}

static int mn_set_membership(struct sock *sk, int name, sockptr_t val, unsigned int len)
{
	struct mynet_mc_list *list = &mynet_sk(sk)->groups;
	struct mynet_mc_where where;
	struct ip_mreqn mreq;
	int err;

	if (sk->sk_type == SOCK_STREAM)
		return -EPROTO;
	err = mn_get_mreqn(val, len, sizeof(struct ip_mreq), &mreq);
	if (err)
		return err;
	where = (struct mynet_mc_where){
		.group	= mreq.imr_multiaddr.s_addr,
		.local	= mreq.imr_address.s_addr,
		.ifindex = mreq.imr_ifindex,
	};
	return name == IP_ADD_MEMBERSHIP ? mynet_mc_join(sock_net(sk), list, &where) :
					   mn_mc_leave(sk, &where);
}

static int mn_set_source(struct sock *sk, int name, sockptr_t val, unsigned int len)
{
	struct ip_mreq_source mreqs;
	struct mynet_mc_where where;
	enum mynet_mc_op op;

	if (len != sizeof(mreqs))
		return -EINVAL;
	if (copy_from_sockptr(&mreqs, val, sizeof(mreqs)))
		return -EFAULT;
	where = (struct mynet_mc_where){
		.group	= mreqs.imr_multiaddr,
		.local	= mreqs.imr_interface,
	};
	op = name == IP_BLOCK_SOURCE ? MYNET_MC_BLOCK :
	     name == IP_UNBLOCK_SOURCE ? MYNET_MC_UNBLOCK :
	     name == IP_ADD_SOURCE_MEMBERSHIP ? MYNET_MC_ADD : MYNET_MC_DROP;
	return mynet_mc_source(sock_net(sk), &mynet_sk(sk)->groups, &where,
			       mreqs.imr_sourceaddr, op);
}

static int mn_set_filter(struct sock *sk, sockptr_t val, unsigned int len)
{
	struct mynet_mc_where where = {};
	struct ip_msfilter *msf;
	int err;

	if (len < IP_MSFILTER_SIZE(0))
		return -EINVAL;
	if (len > MN_FILTER_MAX)
		return -ENOBUFS;
	msf = memdup_sockptr(val, len);
	if (IS_ERR(msf))
		return PTR_ERR(msf);
	where.group = msf->imsf_multiaddr;
	where.local = msf->imsf_interface;
	if (msf->imsf_numsrc > MN_SOURCES_MAX)
		err = -ENOBUFS;
	else if (IP_MSFILTER_SIZE(msf->imsf_numsrc) > len)
		err = -EINVAL;
	else
		err = mynet_mc_filter_set(sock_net(sk), &mynet_sk(sk)->groups, &where,
					  msf->imsf_fmode, msf->imsf_slist_flex,
					  msf->imsf_numsrc);
	kfree(msf);
	return err;
}

/* --- RFC 3678 5.1: the forms that do not depend on the family ----------------------------- */

static bool mn_storage_addr(const struct sock *sk, const struct __kernel_sockaddr_storage *ss,
			    __be32 *addr)
{
	const struct sockaddr_mynet *name = (const struct sockaddr_mynet *)ss;

	*addr = name->smn_addr;
	return name->smn_family == AF_MYNET || name->smn_family == AF_INET;
}

static int mn_set_group(struct sock *sk, int name, sockptr_t val, unsigned int len)
{
	struct mynet_mc_list *list = &mynet_sk(sk)->groups;
	struct mynet_mc_where where = {};
	struct group_req req;

	if (len < sizeof(req))
		return -EINVAL;
	if (copy_from_sockptr(&req, val, sizeof(req)))
		return -EFAULT;
	if (!mn_storage_addr(sk, &req.gr_group, &where.group))
		return -EINVAL;
	where.ifindex = req.gr_interface;
	return name == MCAST_JOIN_GROUP ? mynet_mc_join(sock_net(sk), list, &where) :
					  mn_mc_leave(sk, &where);
}

static int mn_set_group_source(struct sock *sk, int name, sockptr_t val, unsigned int len)
{
	struct mynet_mc_where where = {};
	struct group_source_req req;
	enum mynet_mc_op op;
	__be32 source;

	if (len != sizeof(req))
		return -EINVAL;
	if (copy_from_sockptr(&req, val, sizeof(req)))
		return -EFAULT;
	if (!mn_storage_addr(sk, &req.gsr_group, &where.group) ||
	    !mn_storage_addr(sk, &req.gsr_source, &source))
		return -EADDRNOTAVAIL;
	where.ifindex = req.gsr_interface;
	op = name == MCAST_BLOCK_SOURCE ? MYNET_MC_BLOCK :
	     name == MCAST_UNBLOCK_SOURCE ? MYNET_MC_UNBLOCK :
	     name == MCAST_JOIN_SOURCE_GROUP ? MYNET_MC_ADD : MYNET_MC_DROP;
	return mynet_mc_source(sock_net(sk), &mynet_sk(sk)->groups, &where, source, op);
}

static int mn_group_filter_apply(struct sock *sk, const struct group_filter *gsf)
{
	struct mynet_mc_where where = { .ifindex = gsf->gf_interface };
	__be32 *sources;
	unsigned int i;
	int err = 0;

	if (!mn_storage_addr(sk, &gsf->gf_group, &where.group))
		return -EADDRNOTAVAIL;
	sources = kmalloc_array(gsf->gf_numsrc + 1, sizeof(*sources), GFP_KERNEL_ACCOUNT);
	if (!sources)
		return -ENOBUFS;
	for (i = 0; i < gsf->gf_numsrc && !err; i++)
		if (!mn_storage_addr(sk, &gsf->gf_slist_flex[i], &sources[i]))
			err = -EADDRNOTAVAIL;
	if (!err)
		err = mynet_mc_filter_set(sock_net(sk), &mynet_sk(sk)->groups, &where,
					  gsf->gf_fmode, sources, gsf->gf_numsrc);
	kfree(sources);
	return err;
}

static int mn_set_group_filter(struct sock *sk, sockptr_t val, unsigned int len)
{
	struct group_filter *gsf;
	int err;

	if (len < GROUP_FILTER_SIZE(0))
		return -EINVAL;
	if (len > MN_FILTER_MAX)
		return -ENOBUFS;
	gsf = memdup_sockptr(val, len);
	if (IS_ERR(gsf))
		return PTR_ERR(gsf);
	if (gsf->gf_numsrc > MN_SOURCES_MAX)
		err = -ENOBUFS;
	else if (GROUP_FILTER_SIZE(gsf->gf_numsrc) > len)
		err = -EINVAL;
	else
		err = mn_group_filter_apply(sk, gsf);
	kfree(gsf);
	return err;
}

int mn_mc_setsockopt(struct sock *sk, int name, sockptr_t val, unsigned int len)
{
	switch (name) {
	case IP_MULTICAST_IF:
		return mn_set_multicast_if(sk, val, len);
	case IP_ADD_MEMBERSHIP:
	case IP_DROP_MEMBERSHIP:
		return mn_set_membership(sk, name, val, len);
	case IP_BLOCK_SOURCE:
	case IP_UNBLOCK_SOURCE:
	case IP_ADD_SOURCE_MEMBERSHIP:
	case IP_DROP_SOURCE_MEMBERSHIP:
		return mn_set_source(sk, name, val, len);
	case IP_MSFILTER:
		return mn_set_filter(sk, val, len);
	default:
		break;
	}
	if (name < MCAST_JOIN_GROUP || name > MCAST_MSFILTER)
		return 1;
	/* A 32-bit program has these structures with other gaps. */
	if (in_compat_syscall())
		return -EOPNOTSUPP;
	switch (name) {
	case MCAST_JOIN_GROUP:
	case MCAST_LEAVE_GROUP:
		return mn_set_group(sk, name, val, len);
	case MCAST_MSFILTER:
		return mn_set_group_filter(sk, val, len);
	default:
		return mn_set_group_source(sk, name, val, len);
	}
}

/* --- reading ------------------------------------------------------------------------------ */

static int mn_get_multicast_if(struct sock *sk, int room, char __user *val, int __user *len)
{
	__be32 addr = READ_ONCE(mynet_sk(sk)->ip.mc_addr);

	room = min_t(int, room, sizeof(addr));
	return put_user(room, len) || copy_to_user(val, &addr, room) ? -EFAULT : 0;
}

/* The sources of a membership; *@n is room for them, and becomes how many there are. */
static __be32 *mn_ask_sources(struct sock *sk, struct mynet_mc_where *where, unsigned int *mode,
			      unsigned int *n)
{
	unsigned int room = min_t(unsigned int, *n, MN_SOURCES_MAX);
	__be32 *sources = kcalloc(room + 1, sizeof(*sources), GFP_KERNEL_ACCOUNT);
	int err;

	if (!sources)
		return ERR_PTR(-ENOBUFS);
	*n = room;
	err = mynet_mc_filter_get(sock_net(sk), &mynet_sk(sk)->groups, where, mode, sources, n);
	if (!err)
		return sources;
	kfree(sources);
	return ERR_PTR(err);
}

static int mn_get_filter(struct sock *sk, int room, char __user *val, int __user *len)
{
	struct mynet_mc_where where = {};
	unsigned int mode, n, copied;
	struct ip_msfilter msf;
	__be32 *sources;
	int size, err;

	if (room < (int)IP_MSFILTER_SIZE(0))
		return -EINVAL;
	if (copy_from_user(&msf, val, IP_MSFILTER_SIZE(0)))
		return -EFAULT;
	where.group = msf.imsf_multiaddr;
	where.local = msf.imsf_interface;
	n = msf.imsf_numsrc;
	sources = mn_ask_sources(sk, &where, &mode, &n);
	if (IS_ERR(sources))
		return PTR_ERR(sources);
	copied = min(min(n, msf.imsf_numsrc), (room - (unsigned int)IP_MSFILTER_SIZE(0)) / 4);
	copied = min_t(unsigned int, copied, MN_SOURCES_MAX);
	msf.imsf_fmode = mode;
	msf.imsf_numsrc = n;
	size = IP_MSFILTER_SIZE(copied);
	err = put_user(size, len) || copy_to_user(val, &msf, IP_MSFILTER_SIZE(0)) ||
	      copy_to_user(val + IP_MSFILTER_SIZE(0), sources, copied * sizeof(*sources)) ?
	      -EFAULT : 0;
	kfree(sources);
	return err;
}

static int mn_put_storages(const struct sock *sk, char __user *val, const __be32 *sources,
			   unsigned int n)
{
	struct __kernel_sockaddr_storage ss = {};
	unsigned int i;

	for (i = 0; i < n; i++) {
		mynet_name_fill(sk, (struct sockaddr_mynet *)&ss, sources[i], 0);
		if (copy_to_user(val + i * sizeof(ss), &ss, sizeof(ss)))
			return -EFAULT;
	}
	return 0;
}

static int mn_get_group_filter(struct sock *sk, int room, char __user *val, int __user *len)
{
	const unsigned int head = GROUP_FILTER_SIZE(0);
	struct mynet_mc_where where = {};
	unsigned int mode, n, copied;
	struct group_filter gsf;
	__be32 *sources;
	int size, err;

	if (room < (int)head)
		return -EINVAL;
	if (copy_from_user(&gsf, val, head))
		return -EFAULT;
	if (!mn_storage_addr(sk, &gsf.gf_group, &where.group))
		return -EADDRNOTAVAIL;
	where.ifindex = gsf.gf_interface;
	n = gsf.gf_numsrc;
	sources = mn_ask_sources(sk, &where, &mode, &n);
	if (IS_ERR(sources))
		return PTR_ERR(sources);
	copied = min(min(n, gsf.gf_numsrc),
		     (room - head) / (unsigned int)sizeof(struct __kernel_sockaddr_storage));
	copied = min_t(unsigned int, copied, MN_SOURCES_MAX);
	gsf.gf_fmode = mode;
	gsf.gf_numsrc = n;
	size = GROUP_FILTER_SIZE(copied);
	err = put_user(size, len) || copy_to_user(val, &gsf, head) ? -EFAULT : 0;
	err = err ?: mn_put_storages(sk, val + head, sources, copied);
	kfree(sources);
	return err;
}

int mn_mc_getsockopt(struct sock *sk, int name, int room, char __user *val, int __user *len)
{
	switch (name) {
	case IP_MULTICAST_IF:
		return mn_get_multicast_if(sk, room, val, len);
	case IP_MSFILTER:
		return mn_get_filter(sk, room, val, len);
	case MCAST_MSFILTER:
		if (in_compat_syscall())
			return -EOPNOTSUPP;
		return mn_get_group_filter(sk, room, val, len);
	default:
		return 1;
	}
}
