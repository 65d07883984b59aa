// SPDX-License-Identifier: GPL-2.0
/*
 * Commands about sockets: those that are like that, and the end of one.
 *
 * State: none. A dump goes on where it was by table, slot, and how many of the slot were shown;
 * sockets that come and go meanwhile may be missed or shown twice, as with the kernel's own.
 */
#include <linux/cred.h>
#include <linux/rcupdate.h>
#include <linux/sock_diag.h>
#include <net/genetlink.h>
#include <net/tcp_states.h>

#include "control/control.h"
#include "transport/diag.h"
#include "transport/sk.h"

static const struct mn_diag_table *const mn_diag_tables[] = {
	[MYNET_SOCK_TCP]	= &mn_diag_tcp,
	[MYNET_SOCK_UDP]	= &mn_diag_udp,
	[MYNET_SOCK_RAW]	= &mn_diag_raw,
	[MYNET_SOCK_PING]	= &mn_diag_ping,
};

static u64 mn_diag_cookie(struct sock *sk)
{
	u32 half[2];

	sock_diag_save_cookie(sk, half);
	return (u64)half[1] << 32 | half[0];
}

/* --- choosing ----------------------------------------------------------------------------- */

/* The sockets that a dump is to show: every field has to fit. */
struct mn_diag_filter {
	u32	kinds;
	u32	states;
	__be32	laddr, lmask;
	__be32	raddr, rmask;
	u16	lport, lport_max;
	u16	rport, rport_max;
	u32	dev;
};

static bool mn_diag_wanted(const struct mn_diag_filter *f, const struct mn_diag *d)
{
	u16 lport = ntohs(d->lport), rport = ntohs(d->rport);

	return f->states & 1 << d->state && !((d->laddr ^ f->laddr) & f->lmask) &&
	       !((d->raddr ^ f->raddr) & f->rmask) && lport >= f->lport &&
	       lport <= f->lport_max && rport >= f->rport && rport <= f->rport_max &&
	       (!f->dev || f->dev == d->dev);
}

static u32 mn_diag_u32(struct nlattr **attrs, int attr, u32 otherwise)
{
	return attrs[attr] ? nla_get_u32(attrs[attr]) : otherwise;
}

static void mn_diag_want_addr(struct nlattr **attrs, int attr, int attr_len, __be32 *addr,
			      __be32 *mask)
{
	unsigned int len = attrs[attr_len] ? nla_get_u8(attrs[attr_len]) : 32;

	if (!attrs[attr])
		return;
	*mask = htonl(len ? ~0U << (32 - len) : 0);
	*addr = nla_get_in_addr(attrs[attr]) & *mask;
}

static void mn_diag_want_port(struct nlattr **attrs, int attr, int attr_max, u16 *first, u16 *last)
{
	*first = attrs[attr] ? ntohs(nla_get_be16(attrs[attr])) : 0;
	*last = attrs[attr_max] ? ntohs(nla_get_be16(attrs[attr_max])) :
		attrs[attr] ? *first : U16_MAX;
}

static void mn_diag_want(struct mn_diag_filter *f, struct nlattr **attrs)
{
	*f = (struct mn_diag_filter){
		.kinds = mn_diag_u32(attrs, MYNET_A_SOCK_KINDS, ~0U),
		.states = mn_diag_u32(attrs, MYNET_A_SOCK_STATES, ~0U),
		.dev = mn_diag_u32(attrs, MYNET_A_SOCK_IFINDEX, 0),
	};
	mn_diag_want_addr(attrs, MYNET_A_SOCK_LOCAL, MYNET_A_SOCK_LOCAL_LEN, &f->laddr,
			  &f->lmask);
	mn_diag_want_addr(attrs, MYNET_A_SOCK_REMOTE, MYNET_A_SOCK_REMOTE_LEN, &f->raddr,
			  &f->rmask);
	mn_diag_want_port(attrs, MYNET_A_SOCK_LPORT, MYNET_A_SOCK_LPORT_MAX, &f->lport,
			  &f->lport_max);
	mn_diag_want_port(attrs, MYNET_A_SOCK_RPORT, MYNET_A_SOCK_RPORT_MAX, &f->rport,
			  &f->rport_max);
}

/* --- showing ------------------------------------------------------------------------------ */

/* One socket, for mn_diag_fill(). */
struct mn_diag_shown {
	const struct mn_diag	*d;
	unsigned int		kind;
	u32			show;
	struct user_namespace	*user_ns;
	bool			admin;	/* who asks may set marks, and so may know them */
};

/* Fills in the fields that only a socket has. */
static int mn_diag_fill_sock(struct sk_buff *skb, const struct mn_diag_shown *shown)
{
	struct sock *sk = shown->d->sk;

	if (nla_put_u64_64bit(skb, MYNET_A_SOCK_INODE, mn_sock_ino(sk), MYNET_A_SOCK_PAD) ||
	    nla_put_u64_64bit(skb, MYNET_A_SOCK_COOKIE, mn_diag_cookie(sk), MYNET_A_SOCK_PAD) ||
	    nla_put_u32(skb, MYNET_A_SOCK_SHUTDOWN, READ_ONCE(sk->sk_shutdown)))
		return -EMSGSIZE;
	if (shown->admin && nla_put_u32(skb, MYNET_A_SOCK_MARK, READ_ONCE(sk->sk_mark)))
		return -EMSGSIZE;
	if (shown->show & MYNET_SOCK_SHOW_MEM)
		return sock_diag_put_meminfo(sk, skb, MYNET_A_SOCK_MEM);
	return 0;
}

static int mn_diag_fill_more(struct sk_buff *skb, const struct mn_diag_shown *shown)
{
	struct mn_diag_more more = {};

	mn_diag_tables[shown->kind]->fill(shown->d, &more);
	if (nla_put_u32(skb, MYNET_A_SOCK_UID, from_kuid_munged(shown->user_ns, more.uid)) ||
	    nla_put_u32(skb, MYNET_A_SOCK_RECVQ, more.recvq) ||
	    nla_put_u32(skb, MYNET_A_SOCK_SENDQ, more.sendq))
		return -EMSGSIZE;
	if (!more.timer)
		return 0;
	if (nla_put_u32(skb, MYNET_A_SOCK_TIMER, more.timer) ||
	    nla_put_u32(skb, MYNET_A_SOCK_EXPIRES, more.expires) ||
	    nla_put_u32(skb, MYNET_A_SOCK_RETRIES, more.retries))
		return -EMSGSIZE;
	return 0;
}

static int mn_diag_fill(struct sk_buff *skb, const void *what)
{
	const struct mn_diag_shown *shown = what;
	const struct mn_diag_table *table = mn_diag_tables[shown->kind];
	const struct mn_diag *d = shown->d;

	if (nla_put_u32(skb, MYNET_A_SOCK_KIND, shown->kind) ||
	    nla_put_u32(skb, MYNET_A_SOCK_STATE, d->state) ||
	    nla_put_in_addr(skb, MYNET_A_SOCK_LOCAL, d->laddr) ||
	    nla_put_be16(skb, MYNET_A_SOCK_LPORT, d->lport) ||
	    nla_put_in_addr(skb, MYNET_A_SOCK_REMOTE, d->raddr) ||
	    nla_put_be16(skb, MYNET_A_SOCK_RPORT, d->rport) ||
	    nla_put_u32(skb, MYNET_A_SOCK_IFINDEX, d->dev) || mn_diag_fill_more(skb, shown) ||
	    (d->sk && mn_diag_fill_sock(skb, shown)))
		return -EMSGSIZE;
	if (shown->show & MYNET_SOCK_SHOW_INFO && table->info)
		return table->info(d, skb);
	return 0;
}

/*
 * The place where a dump goes on: with this slot of this table, after so many of those it was to
 * show.
 */
struct mn_diag_at {
	unsigned int	kind;
	unsigned int	slot;
	unsigned int	shown;
};

/* A dump, or as much of it as a message takes. */
struct mn_diag_dump {
	struct mn_diag_at		*at;
	struct mn_diag_filter		filter;
	struct mn_diag_shown		one;
	unsigned int			seen;	/* of the slot */
	struct sk_buff			*skb;
	struct netlink_callback		*cb;
};

static int mn_diag_dump_one(const struct mn_diag *d, void *arg)
{
	struct mn_diag_dump *dump = arg;
	int err;

	if (!mn_diag_wanted(&dump->filter, d) || dump->seen++ < dump->at->shown)
		return 0;
	dump->one.d = d;
	err = mynet_control_show(dump->skb, dump->cb, MYNET_CMD_SOCK_GET, mn_diag_fill,
				 &dump->one);
	if (!err)
		dump->at->shown++;
	return err;
}

/* One kind of sockets. Return: 0: that was all. */
static int mn_diag_dump_table(struct net *net, struct mn_diag_dump *dump)
{
	const struct mn_diag_table *table = mn_diag_tables[dump->at->kind];
	struct mn_diag_at *at = dump->at;
	int err;

	for (; at->slot < table->slots(); at->slot++, at->shown = 0) {
		dump->seen = 0;
		rcu_read_lock();
		err = table->walk(net, at->slot, mn_diag_dump_one, dump);
		rcu_read_unlock();
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

static int mn_sock_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct mn_diag_at *at = (struct mn_diag_at *)cb->ctx;
	struct mn_diag_dump dump = {
		.at = at, .skb = skb, .cb = cb,
		.one = {
			.show = mn_diag_u32(attrs, MYNET_A_SOCK_SHOW, 0),
			.user_ns = sk_user_ns(NETLINK_CB(cb->skb).sk),
			.admin = netlink_net_capable(cb->skb, CAP_NET_ADMIN),
		},
	};

	BUILD_BUG_ON(sizeof(*at) > sizeof(cb->ctx));
	mn_diag_want(&dump.filter, attrs);
	for (; at->kind < ARRAY_SIZE(mn_diag_tables); *at = (struct mn_diag_at){ at->kind + 1 }) {
		dump.one.kind = at->kind;
		if (dump.filter.kinds & 1 << at->kind &&
		    mn_diag_dump_table(sock_net(skb->sk), &dump))
			break;
	}
	return skb->len;
}

/* --- ending ------------------------------------------------------------------------------- */

struct mn_diag_search {
	const struct mn_diag_table	*table;
	struct mn_diag			key;
	u64				cookie;	/* 0: any */
	struct sock			*found;	/* with a reference */
};

static int mn_diag_find_one(const struct mn_diag *d, void *arg)
{
	struct mn_diag_search *search = arg;
	const struct mn_diag *key = &search->key;

	if (d->laddr != key->laddr || d->lport != key->lport || d->raddr != key->raddr ||
	    d->rport != key->rport || (key->dev && d->dev != key->dev))
		return 0;
	if (search->cookie && (!d->sk || mn_diag_cookie(d->sk) != search->cookie))
		return 0;
	if (!d->sk) {
		search->table->end(d);
		return 1;
	}
	if (!refcount_inc_not_zero(&d->sk->sk_refcnt))
		return 0;
	search->found = d->sk;
	return 1;
}

static int mn_diag_search_for(struct genl_info *info, struct mn_diag_search *search)
{
	struct nlattr **attrs = info->attrs;
	int err;

	err = mynet_control_need(info, MYNET_A_SOCK_KIND) ?:
	      mynet_control_need(info, MYNET_A_SOCK_LOCAL) ?:
	      mynet_control_need(info, MYNET_A_SOCK_LPORT);
	if (err)
		return err;
	search->table = mn_diag_tables[nla_get_u32(attrs[MYNET_A_SOCK_KIND])];
	search->key.laddr = nla_get_in_addr(attrs[MYNET_A_SOCK_LOCAL]);
	search->key.lport = nla_get_be16(attrs[MYNET_A_SOCK_LPORT]);
	if (attrs[MYNET_A_SOCK_REMOTE])
		search->key.raddr = nla_get_in_addr(attrs[MYNET_A_SOCK_REMOTE]);
	if (attrs[MYNET_A_SOCK_RPORT])
		search->key.rport = nla_get_be16(attrs[MYNET_A_SOCK_RPORT]);
	search->key.dev = mn_diag_u32(attrs, MYNET_A_SOCK_IFINDEX, 0);
	if (attrs[MYNET_A_SOCK_COOKIE])
		search->cookie = nla_get_u64(attrs[MYNET_A_SOCK_COOKIE]);
	return 0;
}

static int mn_sock_destroy_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct mn_diag_search search = {};
	int found;

	found = mn_diag_search_for(info, &search);
	if (found)
		return found;
	rcu_read_lock();
	found = search.table->walk(net, search.table->slot_of(net, &search.key),
				   mn_diag_find_one, &search);
	rcu_read_unlock();
	if (!found) {
		GENL_SET_ERR_MSG(info, "No such socket");
		return -ENOENT;
	}
	if (search.found) {
		search.table->abort(search.found);
		sock_put(search.found);
	}
	return 0;
}

/* The attributes that each command knows. */
#define MN_SOCK_NAMES								\
	[MYNET_A_SOCK_LOCAL]	= { .type = NLA_U32 },				\
	[MYNET_A_SOCK_LPORT]	= { .type = NLA_U16 },				\
	[MYNET_A_SOCK_REMOTE]	= { .type = NLA_U32 },				\
	[MYNET_A_SOCK_RPORT]	= { .type = NLA_U16 },				\
	[MYNET_A_SOCK_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1)

static const struct nla_policy mn_sock_get_policy[] = {
	MN_SOCK_NAMES,
	[MYNET_A_SOCK_SHOW]	  = NLA_POLICY_MASK(NLA_U32, MYNET_SOCK_SHOW_MEM |
						    MYNET_SOCK_SHOW_INFO),
	[MYNET_A_SOCK_KINDS]	  = NLA_POLICY_MASK(NLA_U32, BIT(MYNET_SOCK_MAX + 1) - 1),
	[MYNET_A_SOCK_STATES]	  = { .type = NLA_U32 },
	[MYNET_A_SOCK_LOCAL_LEN]  = NLA_POLICY_MAX(NLA_U8, 32),
	[MYNET_A_SOCK_REMOTE_LEN] = NLA_POLICY_MAX(NLA_U8, 32),
	[MYNET_A_SOCK_LPORT_MAX]  = { .type = NLA_U16 },
	[MYNET_A_SOCK_RPORT_MAX]  = { .type = NLA_U16 },
};

static const struct nla_policy mn_sock_destroy_policy[] = {
	MN_SOCK_NAMES,
	[MYNET_A_SOCK_KIND]	= NLA_POLICY_MAX(NLA_U32, MYNET_SOCK_MAX),
	[MYNET_A_SOCK_COOKIE]	= { .type = NLA_U64 },
};

static const struct genl_ops mn_sock_ops[] = {
	{
		.cmd		= MYNET_CMD_SOCK_GET,
		.dumpit		= mn_sock_get_dumpit,
		.policy		= mn_sock_get_policy,
		.maxattr	= ARRAY_SIZE(mn_sock_get_policy) - 1,
	}, {
		.cmd		= MYNET_CMD_SOCK_DESTROY,
		.flags		= MYNET_CONTROL_ADMIN,
		.doit		= mn_sock_destroy_doit,
		.policy		= mn_sock_destroy_policy,
		.maxattr	= ARRAY_SIZE(mn_sock_destroy_policy) - 1,
	},
};

int __init mn_diag_init(void)
{
	return mynet_control_add(mn_sock_ops, ARRAY_SIZE(mn_sock_ops));
}
