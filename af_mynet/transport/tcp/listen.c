// SPDX-License-Identifier: GPL-2.0
/*
 * Listeners (RFC 9293 3.10.7.2, SYN_RECEIVED of 3.10.7.4): handshakes under way, and connections
 * that wait to be accepted.
 *
 * State: struct mn_req, one for each SYN that was answered; struct mn_listen of each listener. A
 * handshake is in the table of connections and in its listener's list until whoever takes it out of
 * the table ends it. References: table and timer, one each.
 */
#include <linux/delay.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "charge.h"
#include "cmsg.h"
#include "tcp.h"
#include "transport/sk.h"

/**
 * struct mn_req - a handshake under way
 * @conn: in the table
 * @listener: whose; valid under RCU, and as long as it is hashed
 * @node: in listener's list, under its lock
 * @timer: SYN-ACK is sent again
 * @lock: guards @dead against the timer's being set again
 * @rcu: its memory
 * @refs: references
 * @sent_us: when SYN-ACK was sent first
 * @isn: ours
 * @irs: the peer's
 * @wnd: window that was offered
 * @wnd_peer: of the peer's SYN
 * @neg: what was agreed on
 * @answered: jiffies of the last answer to what was not acceptable, 0: none
 * @advmss: see struct mn_tcp_mtu
 * @retries: SYN-ACKs sent again
 * @dead: it has left the table
 * @syn: TCP_SAVE_SYN, or NULL
 * @window: the route's largest window, 0: none
 * @narrow: and it wants the first window smaller than it might be
 */
struct mn_req {
	struct mn_conn		conn;
	struct sock		*listener;
	struct list_head	node;
	struct timer_list	timer;
	spinlock_t		lock;
	struct rcu_head		rcu;
	refcount_t		refs;
	u64			sent_us;
	u32			isn;
	u32			irs;
	u32			wnd;
	u32			wnd_peer;
	struct mn_tcp_neg	neg;
	u32			answered;
	u16			advmss;
	u8			retries;
	bool			dead;
	struct mn_saved_syn	*syn;
	u32			window;
	bool			narrow;
};

#define MN_SYN_GFP_ACCOUNT	(GFP_ATOMIC | __GFP_NOWARN | __GFP_ACCOUNT)

static struct kmem_cache *mn_req_cache __read_mostly;
static atomic_t mn_req_live;

static void mn_req_free(struct rcu_head *rcu)
{
	struct mn_req *req = container_of(rcu, struct mn_req, rcu);

	kfree(req->syn);
	kmem_cache_free(mn_req_cache, req);
	atomic_dec(&mn_req_live);
}

static void mn_req_put(struct mn_req *req)
{
	if (refcount_dec_and_test(&req->refs))
		call_rcu(&req->rcu, mn_req_free);
}

/* Ends a handshake that the caller took out of the table. Context: the listener's queue lock. */
static void mn_req_end_locked(struct mn_req *req)
{
	struct mn_listen *l = &mn_tcp(req->listener)->listen;
	bool stopped;

	lockdep_assert_held(&l->lock);
	list_del(&req->node);
	WRITE_ONCE(l->req_count, l->req_count - 1);
	spin_lock(&req->lock);
	req->dead = true;
	stopped = timer_delete(&req->timer);
	spin_unlock(&req->lock);
	if (stopped)
		mn_req_put(req);
	mn_req_put(req);
}

static void mn_req_drop(struct mn_req *req)
{
	struct mn_listen *l = &mn_tcp(req->listener)->listen;

	spin_lock_bh(&l->lock);
	if (mn_conn_del(&req->conn))
		mn_req_end_locked(req);
	spin_unlock_bh(&l->lock);
}

/* --- SYN-ACK ------------------------------------------------------------------------------ */

static void mn_req_answer(struct mn_req *req, u8 flags)
{
	const struct sock *sk = req->listener;
	struct mn_bare bare = {
		.tuple = req->conn.tuple, .seq = req->isn, .ack = req->irs + 1,
		.wnd = min_t(u32, req->wnd, 65535), .flags = MN_SYN | MN_ACK,
		.mark = READ_ONCE(sk->sk_mark), .oif = READ_ONCE(sk->sk_bound_dev_if),
		.tos = READ_ONCE(mynet_sk(sk)->ip.tos),
		.ttl = max_t(s16, READ_ONCE(mynet_sk(sk)->ip.uc_ttl), 0),
		.opts = {
			.has_ts = req->neg.ts, .tsecr = req->neg.ts_recent,
			.tsval = mn_tcp_ts(mn_tcp_clock_us()) + req->neg.ts_offset,
		},
	};

	if (flags & MN_SYN) {
		bare.opts.has_mss = true;
		bare.opts.mss = req->advmss;
		bare.opts.sack_ok = req->neg.sack;
		bare.opts.has_wscale = req->neg.wscale;
		bare.opts.wscale = req->neg.rcv_scale;
	} else {
		bare.flags = MN_ACK;
		bare.seq = req->isn + 1;
		bare.wnd >>= req->neg.rcv_scale;
	}
	mn_tcp_send_bare(req->conn.net, &bare);
}

static unsigned long mn_req_wait(const struct mn_req *req)
{
	return min_t(unsigned long, HZ << min_t(u8, req->retries, 7), 120 * HZ);
}

static void mn_req_fire(struct timer_list *t)
{
	struct mn_req *req = container_of(t, struct mn_req, timer);
	struct mn_tcp_net *tn = mn_tcp_net(req->conn.net);
	struct mn_tcp_sock *tp;
	int most;

	rcu_read_lock();
	if (READ_ONCE(req->dead))
		goto out;
	tp = mn_tcp(req->listener);
	most = tp->user.syn_cnt ?: READ_ONCE(tn->synack_retries);
	if (req->retries >= max_t(int, most, tp->user.defer_accept)) {
		mn_tcp_count(req->listener, MYNET_MIB_TCP_REQ_TIMEOUT);
		mn_req_drop(req);
		goto out;
	}
	req->retries++;
	mn_tcp_count(req->listener, MYNET_MIB_TCP_TIMEOUTS);
	mn_tcp_count(req->listener, MYNET_MIB_TCP_RETRANS_SEGS);
	mn_req_answer(req, MN_SYN);
	spin_lock(&req->lock);
	if (!req->dead) {
		mod_timer(&req->timer, jiffies + mn_req_wait(req));
		spin_unlock(&req->lock);
		rcu_read_unlock();
		return;
	}
	spin_unlock(&req->lock);
out:
	rcu_read_unlock();
	mn_req_put(req);
}

/* --- a SYN -------------------------------------------------------------------------------- */

static void mn_req_negotiate(struct mn_req *req, struct sock *sk, const struct mn_seg *seg)
{
	const struct mn_tcp_net *tn = mn_tcp_sk_net(sk);
	const struct mn_tcp_opts *o = &seg->opts;
	u32 space = READ_ONCE(sk->sk_rcvbuf);

	req->neg = (struct mn_tcp_neg){
		.ts = READ_ONCE(tn->timestamps) && o->has_ts,
		.sack = READ_ONCE(tn->sack) && o->sack_ok,
		.wscale = READ_ONCE(tn->window_scaling) && o->has_wscale,
		.mss_peer = o->has_mss ? o->mss : MN_TCP_MSS_DEF,
		.ts_recent = o->tsval,
		.ts_recent_s = mn_tcp_seconds(),
	};
	if (req->neg.wscale) {
		req->neg.snd_scale = o->wscale;
		req->neg.rcv_scale = mn_rcv_scale(sk);
	}
	req->neg.ts_offset = mn_tcp_ts_offset(req->conn.net, &req->conn.tuple);
	req->wnd = min(mn_win_of_space(space, 128), mn_tcp(sk)->rcv.clamp);
	req->wnd_peer = seg->wnd;
	req->irs = seg->seq;
}

/* The segment size and the window to offer; false: there is no way back. */
static bool mn_req_route(struct mn_req *req, const struct sock *sk)
{
	struct mynet_flow flow = {
		.daddr = req->conn.tuple.raddr, .saddr = req->conn.tuple.laddr,
		.oif = READ_ONCE(sk->sk_bound_dev_if), .mark = READ_ONCE(sk->sk_mark),
		.proto = IPPROTO_TCP, .sport = req->conn.tuple.lport,
		.dport = req->conn.tuple.rport, .owned = true, .uid = sk->sk_uid,
	};
	struct mynet_dst *dst = mynet_route_output(req->conn.net, &flow);
	u64 segs;
	u32 mss;

	if (IS_ERR(dst))
		return false;
	segs = dst->metrics.initrwnd;
	req->advmss = mn_tcp_advmss(&dst->dst, &mn_tcp(sk)->user);
	req->window = mn_tcp(sk)->user.window_clamp ? 0 : dst->metrics.window;
	if (req->window) {
		req->wnd = min(req->wnd, req->window);
		req->neg.rcv_scale = min(req->neg.rcv_scale, mn_win_scale(req->window));
	}
	mss = req->advmss - (req->neg.ts ? MN_TCP_OPT_TS_LEN : 0);
	req->wnd = mn_win_first(req->wnd, mss);
	req->narrow = segs && segs * mss <= req->wnd;
	if (req->narrow)
		req->wnd = segs * mss;
	return true;
}

/* Without memory there is none to be told. */
static struct mn_saved_syn *mn_syn_save(const struct sk_buff *skb, u8 how)
{
	const u8 *from = how == 2 ? skb_mac_header(skb) : skb_network_header(skb);
	u32 len = skb_transport_header(skb) + mn_th(skb)->doff * 4 - from;
	struct mn_saved_syn *syn = kmalloc(struct_size(syn, data, len), MN_SYN_GFP_ACCOUNT);

	if (!syn)
		return NULL;
	syn->len = len;
	memcpy(syn->data, from, len);
	return syn;
}

static struct mn_req *mn_req_make(struct sock *sk, struct sk_buff *skb, const struct mn_seg *seg,
				  u32 isn)
{
	struct mem_cgroup *before = mn_charge_begin(sk);
	struct mn_req *req = kmem_cache_zalloc(mn_req_cache, GFP_ATOMIC | __GFP_NOWARN);
	struct mn_tuple t;

	mn_charge_end(before);
	if (!req)
		return NULL;
	atomic_inc(&mn_req_live);
	mn_tcp_tuple_of(skb, &t);
	mn_conn_setup(&req->conn, sock_net(sk), &t, READ_ONCE(sk->sk_bound_dev_if), MN_CONN_REQ);
	req->listener = sk;
	req->isn = isn ?: mn_tcp_isn(sock_net(sk), &t);
	req->sent_us = mn_tcp_clock_us();
	refcount_set(&req->refs, 2);
	spin_lock_init(&req->lock);
	timer_setup(&req->timer, mn_req_fire, TIMER_PINNED);
	mn_req_negotiate(req, sk, seg);
	if (!mn_req_route(req, sk)) {
		call_rcu(&req->rcu, mn_req_free);
		return NULL;
	}
	if (unlikely(READ_ONCE(mn_tcp(sk)->user.save_syn)))
		req->syn = mn_syn_save(skb, READ_ONCE(mn_tcp(sk)->user.save_syn));
	return req;
}

/*
 * The listener was found without a lock: it may be one of another port or address by now. What it
 * has is fixed from listen() until it stops, which waits for the queues' lock.
 */
static bool mn_req_wanted(const struct mn_req *req)
{
	const struct sock *sk = req->listener;

	return sk->sk_state == TCP_LISTEN && sk->sk_num == ntohs(req->conn.tuple.lport) &&
	       (!sk->sk_rcv_saddr || sk->sk_rcv_saddr == req->conn.tuple.laddr);
}

/* Into the table and the list; false: somebody was faster, or the listener is gone. */
static bool mn_req_hash(struct mn_req *req)
{
	struct mn_listen *l = &mn_tcp(req->listener)->listen;
	bool ok = false;

	spin_lock_bh(&l->lock);
	if (mn_req_wanted(req) && !mn_conn_add(&req->conn)) {
		list_add_tail(&req->node, &l->reqs);
		WRITE_ONCE(l->req_count, l->req_count + 1);
		req->timer.expires = jiffies + mn_req_wait(req);
		add_timer(&req->timer);
		ok = true;
	}
	spin_unlock_bh(&l->lock);
	if (!ok)
		call_rcu(&req->rcu, mn_req_free);
	return ok;
}

static enum mynet_drop_reason mn_listen_full(const struct sock *sk)
{
	const struct mn_listen *l = &mn_tcp(sk)->listen;

	if (READ_ONCE(l->req_count) >= min_t(u32, READ_ONCE(sk->sk_max_ack_backlog) + 1,
					     READ_ONCE(mn_tcp_sk_net(sk)->max_syn_backlog))) {
		mn_tcp_count(sk, MYNET_MIB_TCP_REQ_QFULL_DROP);
		mn_tcp_count(sk, MYNET_MIB_TCP_LISTEN_DROPS);
		return MYNET_DROP_TCP_SYN_QUEUE;
	}
	if (sk_acceptq_is_full(sk)) {
		mn_tcp_count(sk, MYNET_MIB_TCP_LISTEN_OVERFLOWS);
		mn_tcp_count(sk, MYNET_MIB_TCP_LISTEN_DROPS);
		return MYNET_DROP_TCP_ACCEPT_QUEUE;
	}
	return MYNET_DROP_NONE;
}

/*
 * LISTEN (RFC 9293 3.10.7.2). Consumes @skb. Context: RCU read section; the socket's lock is not
 * needed. @isn: where to begin, 0: anywhere.
 */
int mn_listen_input(struct sock *sk, struct sk_buff *skb, struct mn_seg *seg, u32 isn)
{
	enum mynet_drop_reason why;
	struct mn_req *req;

	if (seg->flags & MN_RST)
		return mynet_sk_drop(sk, skb, MYNET_DROP_TCP_RST);
	if (seg->flags & MN_ACK) {
		mn_tcp_answer_rst(sock_net(sk), skb, seg);
		return mynet_sk_drop(sk, skb, MYNET_DROP_TCP_ACK);
	}
	if (!(seg->flags & MN_SYN) || seg->flags & MN_FIN)
		return mynet_sk_drop(sk, skb, MYNET_DROP_TCP_FLAGS);
	if (ip_hdr(skb)->saddr == ip_hdr(skb)->daddr && mn_th(skb)->source == mn_th(skb)->dest)
		return mynet_sk_drop(sk, skb, MYNET_DROP_TCP_FLAGS);
	why = mn_listen_full(sk);
	if (why)
		return mynet_sk_drop(sk, skb, why);
	req = mn_req_make(sk, skb, seg, isn);
	if (!req || !mn_req_hash(req))
		return mynet_sk_drop(sk, skb, MYNET_DROP_TCP_MEMORY);
	mn_req_answer(req, MN_SYN);
	consume_skb(skb);
	return 0;
}

/* --- the third segment of the handshake: a socket is made --------------------------------- */

static void mn_child_setup(struct sock *child, struct mn_req *req, const struct mn_seg *seg)
{
	struct mn_tcp_sock *tp = mn_tcp(child);
	const struct mn_tuple *t = &req->conn.tuple;

	mn_tcp_sock_reset(child);
	mynet_sk(child)->saddr = t->laddr;
	mynet_sk(child)->dst_generation = 0;
	child->sk_rcv_saddr = t->laddr;
	child->sk_daddr = t->raddr;
	child->sk_dport = t->rport;
	child->sk_num = ntohs(t->lport);
	mynet_sk(child)->sport = t->lport;
	mn_conn_setup(&tp->conn, req->conn.net, t, req->conn.dev, MN_CONN_SOCK);

	tp->neg = req->neg;
	mn_mtu_set_advmss(&tp->mtu, req->advmss);
	mn_snd_init(&tp->snd, req->isn);
	mn_snd_written(&tp->snd, 1);
	mn_snd_sent(&tp->snd, req->isn + 1, false);
	mn_snd_acked(&tp->snd, req->isn + 1);
	mn_snd_window_first(&tp->snd, seg->wnd << req->neg.snd_scale, seg->seq, seg->ack);
	mn_rcv_clamp(child, req->window);
	mn_rcv_offered_first(&tp->rcv, req->wnd, req->narrow ? req->wnd : 0);
	mn_rcv_start(child, req->irs);
	mn_tcp_mtu_sync(child);
	mn_tcp_route_begin(child);
	if (!req->retries)
		mn_rtt_sample(&tp->rtt, tp->now_us - req->sent_us, tp->now_us);
}

/* Puts the child where the handshake was, and into the accept queue. */
static bool mn_child_enter(struct sock *child, struct mn_req *req)
{
	struct sock *sk = req->listener;
	struct mn_listen *l = &mn_tcp(sk)->listen;
	bool ok = false;

	spin_lock_bh(&l->lock);
	if (sk->sk_state == TCP_LISTEN && mn_conn_swap(&req->conn, &mn_tcp(child)->conn)) {
		mn_tcp(child)->child.listener = sk;
		list_add_tail(&mn_tcp(child)->child.node, &l->accept);
		l->accept_count++;
		sk_acceptq_added(sk);
		mn_req_end_locked(req);
		ok = true;
	}
	spin_unlock_bh(&l->lock);
	return ok;
}

/* The lock that a child is born with; sparse does not know that sk_clone_lock() took it. */
static void mn_child_unlock(struct sock *child)
{
	__acquire(&child->sk_lock.slock);
	bh_unlock_sock(child);
}

/* Return: a child with its bottom half lock, or NULL. */
static struct sock *mn_child_make(struct mn_req *req, const struct mn_seg *seg)
{
	struct sock *sk = req->listener;
	struct mem_cgroup *before = mn_charge_begin(sk);
	struct sock *child = sk_clone_lock(sk, GFP_ATOMIC);

	mn_charge_end(before);
	if (!child)
		return NULL;
	mn_charge_inherit(child, sk);
	/* The clone has this state from its listener. */
	child->sk_state = TCP_CLOSE;
	mynet_sock_inherit(child, sk);
	mn_child_setup(child, req, seg);
	sk_set_txhash(child);
	if (!mn_bind_child(child) || !mn_child_enter(child, req)) {
		mn_tcp_orphan(child);
		mn_tcp_destroy(child);
		mn_child_unlock(child);
		sock_put(child);
		return NULL;
	}
	/* The handshake is this child's alone now, and its memory stays for a grace period. */
	mn_tcp(child)->child.saved_syn = xchg(&req->syn, NULL);
	mn_tcp_established(child);
	mn_cc_set_cwnd(&mn_tcp(child)->cc, mn_tcp_init_cwnd(child));
	mn_rtxq_delivered(&mn_tcp(child)->rtxq, 1);	/* our SYN */
	mn_tcp(child)->counts.segs_in = 1;		/* the peer's */
	mn_tcp_count(child, MYNET_MIB_TCP_PASSIVE_OPENS);
	return child;
}

static int mn_req_complete(struct mn_req *req, struct sk_buff *skb, struct mn_seg *seg)
{
	struct sock *sk = req->listener, *child;

	if (sk_acceptq_is_full(sk)) {
		mn_tcp_count(sk, MYNET_MIB_TCP_LISTEN_OVERFLOWS);
		mn_tcp_count(sk, MYNET_MIB_TCP_LISTEN_DROPS);
		if (READ_ONCE(mn_tcp_sk_net(sk)->abort_on_overflow)) {
			mn_tcp_answer_rst(sock_net(sk), skb, seg);
			mn_req_drop(req);
		}
		return mynet_sk_drop(sk, skb, MYNET_DROP_TCP_ACCEPT_QUEUE);
	}
	child = READ_ONCE(req->dead) ? NULL : mn_child_make(req, seg);
	if (!child) {
		/* Another processor was faster with a segment of the same connection. */
		if (READ_ONCE(req->dead))
			return mn_tcp_again(skb, seg);
		mn_tcp_count(sk, MYNET_MIB_TCP_LISTEN_DROPS);
		return mynet_sk_drop(sk, skb, MYNET_DROP_TCP_MEMORY);
	}
	mn_tcp_sock_input(child, skb, seg);
	sk->sk_data_ready(sk);
	mn_child_unlock(child);
	sock_put(child);
	return 0;
}

static void mn_req_refuse(struct mn_req *req, const struct mn_seg *seg, u8 flags)
{
	if (mn_tcp_may_answer(req->conn.net, seg, &req->answered, MYNET_MIB_TCP_SYN_RECV_SKIPPED))
		mn_req_answer(req, flags);
}

/* Judges a segment of a handshake, without side effects but answers. */
static enum mynet_drop_reason mn_req_check(struct mn_req *req, struct sk_buff *skb,
					   const struct mn_seg *seg)
{
	u32 nxt = req->irs + 1;

	if (mn_tcp_paws_old(&req->neg, seg)) {
		mn_req_refuse(req, seg, 0);
		return MYNET_DROP_TCP_PAWS;
	}
	/* The same SYN again: our answer was lost. */
	if (seg->flags & MN_SYN && seg->seq == req->irs) {
		if (!(seg->flags & MN_ACK))
			mn_req_refuse(req, seg, MN_SYN);
		return MYNET_DROP_TCP_SYN;
	}
	if (mn_before(seg->end, nxt) || mn_after(seg->seq, nxt + req->wnd)) {
		if (!(seg->flags & MN_RST))
			mn_req_refuse(req, seg, 0);
		return MYNET_DROP_TCP_WINDOW;
	}
	if (seg->flags & MN_RST) {
		if (seg->seq != nxt) {
			mn_req_refuse(req, seg, 0);
			return MYNET_DROP_TCP_RST;
		}
		mynet_mib_inc(mynet_net(req->conn.net), MYNET_MIB_TCP_ATTEMPT_FAILS);
		mn_req_drop(req);
		return MYNET_DROP_TCP_RST;
	}
	if (seg->flags & MN_SYN) {
		mn_req_refuse(req, seg, 0);
		return MYNET_DROP_TCP_SYN;
	}
	if (!(seg->flags & MN_ACK))
		return MYNET_DROP_TCP_FLAGS;
	if (seg->ack != req->isn + 1) {
		mn_tcp_answer_rst(req->conn.net, skb, seg);
		return MYNET_DROP_TCP_ACK;
	}
	return MYNET_DROP_NONE;
}

/* Consumes @skb. Context: RCU read section. */
int mn_req_input(struct mn_conn *c, struct sk_buff *skb, struct mn_seg *seg)
{
	struct mn_req *req = container_of(c, struct mn_req, conn);
	struct sock *sk = req->listener;
	enum mynet_drop_reason why;

	why = mn_tcp_admit(sk, skb, seg) ?: mn_req_check(req, skb, seg);
	if (why)
		return mynet_sk_drop(sk, skb, why);
	/* TCP_DEFER_ACCEPT: it is not worth waking anyone before there is data. */
	if (mn_tcp(sk)->user.defer_accept && seg->end == seg->seq &&
	    req->retries < mn_tcp(sk)->user.defer_accept)
		return mynet_sk_drop(sk, skb, MYNET_DROP_TCP_DEFERRED);
	return mn_req_complete(req, skb, seg);
}

/* RFC 5927 4: only an error about what was sent counts. */
void mn_req_unreachable(struct mn_conn *c, u32 seq, int err)
{
	struct mn_req *req = container_of(c, struct mn_req, conn);

	if (seq == req->isn)
		mn_req_drop(req);
}

void mn_req_cancel(struct mn_conn *c)
{
	mn_req_drop(container_of(c, struct mn_req, conn));
}

/* The socket's lock, or the socket's end. */
void mn_child_drop_syn(struct mn_child *c)
{
	kfree(c->saved_syn);
	c->saved_syn = NULL;
}

void mn_req_info_get(struct mn_conn *c, struct mn_req_info *info)
{
	struct mn_req *req = container_of(c, struct mn_req, conn);
	long left = req->timer.expires - jiffies;

	info->retries = req->retries;
	info->left_ms = left > 0 ? jiffies_to_msecs(left) : 0;
	info->uid = req->listener->sk_uid;
}

/* --- the program's side ------------------------------------------------------------------- */

int mn_tcp_listen(struct sock *sk, int backlog)
{
	int err;

	backlog = min_t(unsigned int, backlog, READ_ONCE(sock_net(sk)->core.sysctl_somaxconn));
	WRITE_ONCE(sk->sk_max_ack_backlog, backlog);
	if (sk->sk_state == TCP_LISTEN)
		return 0;
	WRITE_ONCE(sk->sk_ack_backlog, 0);
	/* The state first: of two who share a port and listen at once, at least one sees it. */
	mn_tcp_set_state(sk, TCP_LISTEN);
	mn_bind_listens(sk, true);
	err = mn_tcp_get_port(sk, sk->sk_num) ?: mn_listener_add(sk);
	/* A SYN that found it when it was a listener before may have come in. */
	if (err)
		mn_tcp_listen_stop(sk);
	return err;
}

/* A connection that nobody accepted. Its owner, if it has one, is the administrator. */
static void mn_child_abort(struct sock *child)
{
	lock_sock_nested(child, SINGLE_DEPTH_NESTING);
	sock_hold(child);
	mn_tcp_orphan(child);
	if (child->sk_state == TCP_CLOSE)
		mn_tcp_destroy(child);
	else
		mn_tcp_abort(child, 0);
	release_sock(child);
	sock_put(child);
}

void mn_tcp_listen_stop(struct sock *sk)
{
	struct mn_listen *l = &mn_tcp(sk)->listen;
	struct mn_tcp_sock *child, *next;
	struct mn_req *req, *more;
	LIST_HEAD(children);

	/* The state first: who has the queues' lock after this lets nothing in any more. */
	mn_tcp_set_state(sk, TCP_CLOSE);
	mn_bind_listens(sk, false);
	spin_lock_bh(&l->lock);
	list_for_each_entry_safe(req, more, &l->reqs, node)
		if (mn_conn_del(&req->conn))
			mn_req_end_locked(req);
	list_splice_init(&l->accept, &children);
	l->accept_count = 0;
	WRITE_ONCE(sk->sk_ack_backlog, 0);
	spin_unlock_bh(&l->lock);

	list_for_each_entry_safe(child, next, &children, child.node) {
		list_del_init(&child->child.node);
		child->child.listener = NULL;
		mn_child_abort((struct sock *)child);
		cond_resched();
	}
}

void mn_tcp_listen_abort(struct sock *sk, int err)
{
	WRITE_ONCE(sk->sk_err, err);
	smp_wmb();	/* as in mn_tcp_done() */
	mn_tcp_listen_stop(sk);
	WRITE_ONCE(sk->sk_shutdown, SHUTDOWN_MASK);
	sk_error_report(sk);
	sk->sk_state_change(sk);
}

static int mn_accept_wait(struct sock *sk, long timeout)
{
	const struct mn_listen *l = &mn_tcp(sk)->listen;
	DEFINE_WAIT(wait);
	int err = 0;

	/* One of many that wait is enough for a connection. */
	for (;;) {
		prepare_to_wait_exclusive(sk_sleep(sk), &wait, TASK_INTERRUPTIBLE);
		release_sock(sk);
		if (list_empty_careful(&l->accept))
			timeout = schedule_timeout(timeout);
		sched_annotate_sleep();
		lock_sock(sk);
		if (!list_empty_careful(&l->accept))
			break;
		if (sk->sk_state != TCP_LISTEN)
			err = -EINVAL;
		else if (signal_pending(current))
			err = sock_intr_errno(timeout);
		else if (!timeout)
			err = -EAGAIN;
		if (err)
			break;
	}
	finish_wait(sk_sleep(sk), &wait);
	return err;
}

struct sock *mn_tcp_accept(struct sock *sk, int flags, bool kern, int *err)
{
	struct mn_listen *l = &mn_tcp(sk)->listen;
	struct mn_tcp_sock *child = NULL;
	long timeout;

	lock_sock(sk);
	*err = -EINVAL;
	if (sk->sk_state != TCP_LISTEN)
		goto out;
	if (list_empty_careful(&l->accept)) {
		timeout = sock_rcvtimeo(sk, flags & O_NONBLOCK);
		*err = timeout ? mn_accept_wait(sk, timeout) : -EAGAIN;
		if (*err)
			goto out;
	}
	spin_lock_bh(&l->lock);
	child = list_first_entry_or_null(&l->accept, struct mn_tcp_sock, child.node);
	if (child) {
		list_del_init(&child->child.node);
		child->child.listener = NULL;
		l->accept_count--;
		sk_acceptq_removed(sk);
	}
	spin_unlock_bh(&l->lock);
	*err = child ? 0 : -EAGAIN;
out:
	release_sock(sk);
	return (struct sock *)child;
}

int __init mn_req_init(void)
{
	mn_req_cache = KMEM_CACHE(mn_req, SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT);
	return mn_req_cache ? 0 : -ENOMEM;
}

void mn_req_exit(void)
{
	while (atomic_read(&mn_req_live)) {
		rcu_barrier();
		msleep(20);
	}
	rcu_barrier();
	kmem_cache_destroy(mn_req_cache);
}
