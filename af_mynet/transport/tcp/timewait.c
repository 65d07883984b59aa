// SPDX-License-Identifier: GPL-2.0
/*
 * The afterlife of a connection (RFC 9293 3.6.1, TIME_WAIT): so small an object that there may be
 * many, which answers what is late and keeps the numbers from being used again too soon.
 *
 * State: struct mn_tw. Born when a socket ends, dead when its time is over, when a new connection
 * takes the numbers (RFC 6191) or a RST is believed. References: table and timer, one each.
 */
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "charge.h"
#include "tcp.h"

/**
 * struct mn_tw - a connection in TIME_WAIT
 * @conn: in the table
 * @bind: its port
 * @timer: its end
 * @lock: guards @dead against the timer's being set again
 * @rcu: its memory
 * @refs: references
 * @snd_nxt: sequence numbers as they were
 * @rcv_nxt: see @snd_nxt
 * @rcv_wnd: window, as the header has it
 * @neg: timestamps
 * @answered: jiffies of the last answer, 0: none
 * @mark: of what it sends
 * @tos: see @mark
 * @dead: it has left the table
 */
struct mn_tw {
	struct mn_conn		conn;
	struct mn_bind		bind;
	struct timer_list	timer;
	spinlock_t		lock;
	struct rcu_head		rcu;
	refcount_t		refs;
	u32			snd_nxt;
	u32			rcv_nxt;
	u32			rcv_wnd;
	struct mn_tcp_neg	neg;
	u32			answered;
	u32			mark;
	u8			tos;
	bool			dead;
};

static struct kmem_cache *mn_tw_cache __read_mostly;
static atomic_t mn_tw_live;
/*
 * The bound for the whole machine, beside each namespace's tcp_max_tw_buckets: a sixty-fourth of
 * the memory.
 */
static int mn_tw_most __read_mostly;

static void mn_tw_free(struct rcu_head *rcu)
{
	kmem_cache_free(mn_tw_cache, container_of(rcu, struct mn_tw, rcu));
	atomic_dec(&mn_tw_live);
}

static void mn_tw_put(struct mn_tw *tw)
{
	if (refcount_dec_and_test(&tw->refs))
		call_rcu(&tw->rcu, mn_tw_free);
}

/* Ends a TIME_WAIT that the caller took out of the table. */
static void mn_tw_end(struct mn_tw *tw)
{
	bool stopped;

	mn_bind_put(&tw->bind);
	/* The namespace waits for this before it goes. */
	atomic_dec(&mn_tcp_net(tw->conn.net)->tw_count);
	spin_lock_bh(&tw->lock);
	tw->dead = true;
	stopped = timer_delete(&tw->timer);
	spin_unlock_bh(&tw->lock);
	if (stopped)
		mn_tw_put(tw);
	mn_tw_put(tw);
}

void mn_tw_kill(struct mn_conn *c)
{
	mn_tw_end(container_of(c, struct mn_tw, conn));
}

static void mn_tw_drop(struct mn_tw *tw)
{
	if (mn_conn_del(&tw->conn))
		mn_tw_end(tw);
}

void mn_tw_cancel(struct mn_conn *c)
{
	mn_tw_drop(container_of(c, struct mn_tw, conn));
}

static void mn_tw_fire(struct timer_list *t)
{
	struct mn_tw *tw = container_of(t, struct mn_tw, timer);

	/* The one who takes it out of the table may ask for its namespace; others come too late. */
	if (mn_conn_del(&tw->conn)) {
		mynet_mib_inc(mynet_net(tw->conn.net), MYNET_MIB_TCP_TIME_WAITED);
		mn_tw_end(tw);
	}
	mn_tw_put(tw);
}

/* RFC 9293 3.6.1: a FIN that comes again begins the time anew. */
static void mn_tw_again(struct mn_tw *tw)
{
	spin_lock_bh(&tw->lock);
	if (!tw->dead)
		mod_timer_pending(&tw->timer, jiffies + MN_TCP_TW_TIME);
	spin_unlock_bh(&tw->lock);
}

static struct mn_tw *mn_tw_alloc(struct sock *sk)
{
	struct mn_tcp_net *tn = mn_tcp_sk_net(sk);
	struct mem_cgroup *before;
	struct mn_tw *tw;

	if (atomic_read(&tn->tw_count) >= READ_ONCE(tn->max_tw_buckets) ||
	    atomic_read(&mn_tw_live) >= mn_tw_most)
		return NULL;
	before = mn_charge_begin(sk);
	tw = kmem_cache_zalloc(mn_tw_cache, GFP_ATOMIC | __GFP_NOWARN);
	mn_charge_end(before);
	if (!tw)
		return NULL;
	atomic_inc(&tn->tw_count);
	atomic_inc(&mn_tw_live);
	return tw;
}

static void mn_tw_fill(struct mn_tw *tw, const struct sock *sk)
{
	const struct mn_tcp_sock *tp = mn_tcp(sk);

	tw->snd_nxt = tp->snd.nxt;
	tw->rcv_nxt = tp->rcv.nxt;
	tw->rcv_wnd = mn_rcv_window_left(&tp->rcv) >> tp->neg.rcv_scale;
	tw->neg = tp->neg;
	tw->mark = sk->sk_mark;
	tw->tos = mynet_sk(sk)->ip.tos;
	refcount_set(&tw->refs, 2);
	spin_lock_init(&tw->lock);
	timer_setup(&tw->timer, mn_tw_fire, TIMER_PINNED);
	mn_conn_setup(&tw->conn, sock_net(sk), &tp->conn.tuple, tp->conn.dev, MN_CONN_TW);
}

/* The socket is done; what remains of it is in TIME_WAIT. Without memory it just ends. */
void mn_tcp_time_wait(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_tw *tw = mn_tw_alloc(sk);

	if (!tw) {
		mn_tcp_count(sk, MYNET_MIB_TCP_TIME_WAIT_OVERFLOW);
		mn_tcp_done(sk, 0);
		return;
	}
	mn_tw_fill(tw, sk);
	mn_bind_move(&tw->bind, &tp->bind);
	local_bh_disable();
	tw->timer.expires = jiffies + MN_TCP_TW_TIME;
	add_timer(&tw->timer);
	if (!mn_conn_swap(&tp->conn, &tw->conn)) {
		WARN_ON_ONCE(1);
		mn_tw_end(tw);
	}
	local_bh_enable();
	mn_tcp_done(sk, 0);
}

/*
 * RFC 6191, RFC 7323 appendix B: the next connection's timestamps come after these. A program that
 * asked for the port means this pair; a port to choose may be another one, and the administrator
 * says whether it may be this.
 */
bool mn_tw_reusable(struct mn_conn *c, struct sock *sk)
{
	struct mn_tw *tw = container_of(c, struct mn_tw, conn);

	if (!tw->neg.ts)
		return false;
	if (!sk->sk_num && (!READ_ONCE(mn_tcp_net(c->net)->reuse_tw) ||
			    mn_tcp_seconds() - tw->neg.ts_recent_s < 1))
		return false;
	mn_tcp(sk)->active.reuse_isn = tw->snd_nxt + 65535 + 2;
	mn_tcp(sk)->active.reuse_isn += !mn_tcp(sk)->active.reuse_isn;
	return true;
}

static void mn_tw_answer(struct mn_tw *tw)
{
	struct mn_bare bare = {
		.tuple = tw->conn.tuple, .seq = tw->snd_nxt, .ack = tw->rcv_nxt,
		.wnd = tw->rcv_wnd, .flags = MN_ACK, .mark = tw->mark, .tos = tw->tos,
		.oif = tw->conn.dev,
		.opts = {
			.has_ts = tw->neg.ts, .tsecr = tw->neg.ts_recent,
			.tsval = mn_tcp_ts(mn_tcp_clock_us()) + tw->neg.ts_offset,
		},
	};

	mn_tcp_send_bare(tw->conn.net, &bare);
}

/* RFC 9293 3.6.1 (MAY-2), RFC 6191: a SYN that cannot be an old one. */
static bool mn_tw_opens(const struct mn_tw *tw, const struct mn_seg *seg)
{
	if ((seg->flags & (MN_SYN | MN_RST | MN_ACK)) != MN_SYN)
		return false;
	if (tw->neg.ts && seg->opts.has_ts)
		return mn_before(tw->neg.ts_recent, seg->opts.tsval) ||
		       (mn_after(seg->seq, tw->rcv_nxt) && !mn_tcp_paws_old(&tw->neg, seg));
	return mn_after(seg->seq, tw->rcv_nxt);
}

/* Consumes the packet, unless it opens a new connection: then true, and *@isn is where to begin. */
bool mn_tw_input(struct mn_conn *c, struct sk_buff *skb, struct mn_seg *seg, u32 *isn)
{
	struct mn_tw *tw = container_of(c, struct mn_tw, conn);

	/* A place without a listener would be freed for nothing. */
	if (mn_tw_opens(tw, seg) &&
	    mn_listener_find(c->net, c->tuple.laddr, c->tuple.lport, skb->dev->ifindex, skb,
			     &c->tuple)) {
		*isn = tw->snd_nxt + 65535 + 2;
		*isn += !*isn;
		mn_tw_drop(tw);
		return true;
	}
	if (seg->flags & MN_RST) {
		/* RFC 1337: it may be an old one; the administrator says whether it counts. */
		if (seg->seq == tw->rcv_nxt && !READ_ONCE(mn_tcp_net(c->net)->rfc1337))
			mn_tw_drop(tw);
		mynet_drop(skb, MYNET_DROP_TCP_RST);
		return false;
	}
	if (seg->flags & MN_FIN && seg->end == tw->rcv_nxt)
		mn_tw_again(tw);
	if ((seg->end != seg->seq || seg->seq != tw->rcv_nxt) &&
	    mn_tcp_may_answer(c->net, seg, &tw->answered, MYNET_MIB_TCP_TIME_WAIT_SKIPPED))
		mn_tw_answer(tw);
	mynet_drop(skb, MYNET_DROP_TCP_TIME_WAIT);
	return false;
}

unsigned int mn_tw_left_ms(struct mn_conn *c)
{
	struct mn_tw *tw = container_of(c, struct mn_tw, conn);
	long left = tw->timer.expires - jiffies;

	return left > 0 ? jiffies_to_msecs(left) : 0;
}

/* The namespace ends. */
static int mn_tw_end_one(struct mn_conn *c, void *unused)
{
	if (c->kind == MN_CONN_TW)
		mn_tw_drop(container_of(c, struct mn_tw, conn));
	return 0;
}

void mn_tw_net_exit(struct net *net)
{
	if (atomic_read(&mn_tcp_net(net)->tw_count))
		mn_conn_for_each(net, mn_tw_end_one, NULL);
	/* A timer that fired meanwhile still counts in the namespace. */
	while (atomic_read(&mn_tcp_net(net)->tw_count))
		msleep(20);
}

int __init mn_tw_init(void)
{
	unsigned long most = (totalram_pages() / 64) * (PAGE_SIZE / sizeof(struct mn_tw));

	mn_tw_most = clamp(most, 4096UL, 1UL << 20);
	mn_tw_cache = KMEM_CACHE(mn_tw, SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT);
	return mn_tw_cache ? 0 : -ENOMEM;
}

void mn_tw_exit(void)
{
	while (atomic_read(&mn_tw_live)) {
		rcu_barrier();
		msleep(20);
	}
	rcu_barrier();
	kmem_cache_destroy(mn_tw_cache);
}
