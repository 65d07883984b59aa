/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TCP's own header: a connection as a list of what each file owns, its packets, and the functions
 * by which one file asks another.
 *
 * Unless a function says otherwise its caller has the socket's lock, as owner or as bottom half
 * while nobody owns it.
 */
#ifndef MN_TCP_H
#define MN_TCP_H

#include <linux/filter.h>
#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/skbuff.h>
#include <linux/timer.h>
#include <net/sock.h>
#include <net/tcp_states.h>
#include <uapi/linux/tcp.h>

#include "cc.h"
#include "conn.h"
#include "core/core.h"
#include "core/drop.h"
#include "core/mib.h"
#include "cwv.h"
#include "delack.h"
#include "internet/internet.h"
#include "loss.h"
#include "mtu.h"
#include "options.h"
#include "progress.h"
#include "rcv.h"
#include "rtt.h"
#include "rtxq.h"
#include "sack.h"
#include "snd.h"
#include "transport/transport.h"
#include "urg.h"
#include "window.h"

#define MN_FIN	0x01
#define MN_SYN	0x02
#define MN_RST	0x04
#define MN_PSH	0x08
#define MN_ACK	0x10
#define MN_URG	0x20

#define MN_TCP_HEADROOM	(MAX_HEADER + 20 + 20 + MN_TCP_OPTS_MAX)
#define MN_TCP_MSS_MIN	48
#define MN_TCP_MSS_DEF	536		/* RFC 9293 3.7.1, MUST-15 */
#define MN_TCP_TW_TIME	(60 * HZ)
#define MN_TCP_ATO_MIN	(HZ / 25)
#define MN_TCP_DELACK_MAX (HZ / 5)
#define MN_DUPTHRESH	3		/* RFC 5681 3.2 */
#define MN_TCP_AGAIN_SOON 2		/* jiffies */
#define MN_TCP_PAWS_OLD	(24 * 24 * 60 * 60)	/* seconds; RFC 7323 5.5 */

/* Part of a packet that is in a queue of a socket. */
struct mn_tcp_cb {
	u32			seq;
	u32			end;	/* one behind, SYN and FIN count */
	u64			sent_us;
	struct list_head	sent;	/* in mn_rtxq.sent */
	u16			segs;	/* segments it goes in, */
	u16			mss;	/* of so many bytes */
	u8			flags;
	u8			mark;	/* MN_MARK_* */
	bool			eor;	/* MSG_EOR: nothing written later is in it */
	bool			stamp;	/* SOF_TIMESTAMPING_TX_ACK */
};

#define MN_MARK_SACKED	0x01	/* the peer has it, but may still throw it away */
#define MN_MARK_LOST	0x02	/* counts as lost */
#define MN_MARK_RETRANS	0x04	/* and was sent again since */
#define MN_MARK_EVER	0x08	/* was sent more than once */

static inline struct mn_tcp_cb *mn_cb(const struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct mn_tcp_cb) > sizeof(skb->cb));
	return (struct mn_tcp_cb *)skb->cb;
}

/* Bytes of data that it stands for; the packet may have more before them that are acknowledged. */
static inline u32 mn_cb_data(const struct mn_tcp_cb *cb)
{
	return cb->end - cb->seq - !!(cb->flags & MN_SYN) - !!(cb->flags & MN_FIN);
}

/* A segment that came in, read once. */
struct mn_seg {
	u32			seq;
	u32			end;
	u32			ack;
	u32			wnd;	/* as the header has it */
	u32			len;	/* data */
	u16			urg;
	u8			flags;
	bool			ce;
	struct mn_tcp_opts	opts;
};

/* The agreement of both sides; input.c and listen.c write it while the connection is made. */
struct mn_tcp_neg {
	u32	ts_offset;	/* of our clock, so that it tells nothing about the host */
	u32	ts_recent;	/* RFC 7323 4.3 */
	u32	ts_recent_s;	/* when that was, seconds */
	u16	mss_peer;	/* what it can take */
	u8	snd_scale;
	u8	rcv_scale;
	bool	ts;
	bool	sack;
	bool	wscale;
};

/* pace.c */
struct mn_pace {
	struct hrtimer	timer;
	u64		next_ns;	/* when the next packet may go */
};

/* timer.c */
enum mn_rtx_timer {
	MN_TIMER_OFF,
	MN_TIMER_RTO,
	MN_TIMER_TLP,
	MN_TIMER_REO,
	MN_TIMER_PROBE,
};

struct mn_timers {
	struct timer_list rtx;
	struct timer_list delack;
	struct timer_list keep;
	unsigned long	rtx_at;
	unsigned long	rto_at;		/* end of the timeout that a probe may precede */
	unsigned long	deferred;	/* MN_DEFER_* bits, atomic */
	u8		what;		/* enum mn_rtx_timer */
};

enum mn_deferred {
	MN_DEFER_RTX,
	MN_DEFER_DELACK,
	MN_DEFER_MTU,
	MN_DEFER_TSQ,
	MN_TSQ_QUEUED,
	MN_TSQ_THROTTLED,
};

/* The options that the program set; sockopt.c writes them. */
struct mn_tcp_user {
	u32	timeout_ms;	/* TCP_USER_TIMEOUT, 0: none */
	u32	keep_idle;	/* seconds, 0: the namespace's */
	u32	keep_intvl;
	int	linger2;	/* seconds, 0: the namespace's, -1: none */
	u32	window_clamp;
	u32	notsent_lowat;
	u16	mss;		/* TCP_MAXSEG, 0: none */
	u8	keep_cnt;
	u8	syn_cnt;
	u8	defer_accept;	/* retransmissions of SYN-ACK to wait for data */
	u8	save_syn;	/* TCP_SAVE_SYN: 1: from the IPv4 header on, 2: from the link's */
	bool	nodelay;
	bool	cork;
	bool	inq;		/* TCP_INQ */
	bool	thin_linear;	/* TCP_THIN_LINEAR_TIMEOUTS */
};

/**
 * struct mn_listen - a listener's queues
 * @lock: guards both; bottom halves off. Inside of the socket's lock, outside of a bucket's
 * @accept: connections that nobody has accepted yet
 * @reqs: handshakes under way
 * @req_count: of @reqs
 * @accept_count: of @accept
 */
struct mn_listen {
	spinlock_t	lock;
	struct list_head accept;
	struct list_head reqs;
	unsigned int	req_count;
	unsigned int	accept_count;
};

/* listen.c: a connection that nobody has accepted yet. */
struct mn_child {
	struct list_head	node;		/* in the listener's queue, under its lock */
	struct sock		*listener;	/* holds it while in that queue */
	struct mn_saved_syn	*saved_syn;	/* the peer's, until somebody asks */
};

/* Segments, counted where they come and go: input.c, rcvq.c, segment.c. */
struct mn_tcp_counts {
	u32	segs_in;
	u32	segs_out;
	u32	data_segs_in;
	u32	data_segs_out;
	u64	bytes_received;
};

/* input.c: answers that are not given each time (RFC 5961 7). */
struct mn_challenges {
	u32	second;			/* of the last challenge, */
	u16	left;			/* and how many are left in it */
	u32	answered;		/* jiffies of the last bare answer */
};

/* connect.c: active open. */
struct mn_active {
	u32	syn_ts;			/* our clock when the first SYN went */
	u32	reuse_isn;		/* after a connection in TIME_WAIT, 0: none */
};

/*
 * A TCP socket: one member for each file that owns some of its state.
 */
struct mn_tcp_sock {
	struct mynet_sock	ms;
	struct mn_conn		conn;
	struct mn_bind		bind;
	u64			now_us;		/* of the event that is being handled */

	struct mn_snd		snd;
	struct mn_rcv		rcv;
	struct mn_rtxq		rtxq;
	struct mn_loss		loss;
	struct mn_rtt		rtt;
	struct mn_cc		cc;
	struct mn_cwv		cwv;
	struct mn_progress	progress;
	struct mn_tcp_neg	neg;
	struct mn_tcp_mtu	mtu;
	struct mn_delack	delack;
	struct mn_timers	timers;
	struct mn_pace		pace;
	struct mn_tcp_user	user;
	struct mn_listen	listen;

	struct mn_child		child;
	struct list_head	tsq_node;	/* tsq.c, of one CPU */
	struct mn_urg		urg;
	struct mn_tcp_counts	counts;
	struct mn_challenges	challenges;
	struct mn_active	active;
};

/* The flags of a header as the byte that they are. */
static inline u8 *mn_flag_byte(struct tcphdr *th)
{
	return (u8 *)th + 13;
}

static inline struct tcphdr *mn_th(const struct sk_buff *skb)
{
	return (struct tcphdr *)skb_transport_header(skb);
}

static inline struct mn_tcp_sock *mn_tcp(const struct sock *sk)
{
	return (struct mn_tcp_sock *)sk;
}

static inline struct mynet_net *mn_tcp_mnet(const struct sock *sk)
{
	return mynet_sk(sk)->mnet;
}

static inline void mn_tcp_count(const struct sock *sk, enum mynet_mib_id id)
{
	mynet_mib_inc(mn_tcp_mnet(sk), id);
}

/* TCP of a namespace; sysctl.c writes the knobs. */
struct mn_tcp_net {
	int	rmem[3];
	int	wmem[3];
	int	timestamps;
	int	sack;
	int	dsack;
	int	window_scaling;
	int	fin_timeout;
	int	keepalive_time;
	int	keepalive_intvl;
	int	keepalive_probes;
	int	retries1;
	int	retries2;
	int	orphan_retries;
	int	syn_retries;
	int	synack_retries;
	int	max_syn_backlog;
	int	max_tw_buckets;
	int	abort_on_overflow;
	int	rfc1337;
	int	reuse_tw;
	int	slow_start_after_idle;
	int	challenge_ack_limit;
	int	invalid_ratelimit;	/* ms */
	int	moderate_rcvbuf;
	int	min_snd_mss;
	int	rto_min_us;
	int	early_retrans;
	int	tso_win_divisor;
	unsigned int notsent_lowat;
	char	cc[16];
	atomic_t tw_count;
	struct percpu_counter orphans;
	struct ctl_table_header *sysctl;
};

extern unsigned int mn_tcp_net_id;

static inline struct mn_tcp_net *mn_tcp_net(const struct net *net)
{
	return net_generic(net, mn_tcp_net_id);
}

static inline struct mn_tcp_net *mn_tcp_sk_net(const struct sock *sk)
{
	return mn_tcp_net(sock_net(sk));
}

/* The clock: us that never turn back, and RFC 7323's ms. */
static inline u64 mn_tcp_clock_us(void)
{
	return div_u64(ktime_get_ns(), 1000);
}

/* The time of what is done now. Context: the socket's lock, which most ways in assert here. */
static inline void mn_tcp_tick(struct mn_tcp_sock *tp)
{
	sock_owned_by_me((const struct sock *)tp);
	tp->now_us = mn_tcp_clock_us();
}

static inline u32 mn_tcp_ts(u64 us)
{
	return (u32)div_u64(us, 1000);
}

static inline u32 mn_tcp_ts_now(const struct mn_tcp_sock *tp)
{
	return mn_tcp_ts(tp->now_us) + tp->neg.ts_offset;
}

static inline u32 mn_tcp_seconds(void)
{
	return (u32)ktime_get_seconds();
}

static inline bool mn_state_in(const struct sock *sk, unsigned int states)
{
	return 1 << sk->sk_state & states;
}

/* States in which the program may still send. */
#define MN_STATES_CAN_SEND	(TCPF_ESTABLISHED | TCPF_CLOSE_WAIT)
/* States between ours and the peer's SYN, and the end. */
#define MN_STATES_SYNC		(TCPF_ESTABLISHED | TCPF_FIN_WAIT1 | TCPF_FIN_WAIT2 | \
				 TCPF_CLOSE_WAIT | TCPF_LAST_ACK | TCPF_CLOSING)

/* state.c: the only writer of sk_state after birth. */
void mn_tcp_set_state(struct sock *sk, int state);
/* The connection is over: @err for the program, 0: none. Frees an orphan. Not for listeners. */
void mn_tcp_done(struct sock *sk, int err);
/* Our FIN is to follow what was written (RFC 9293 3.6). Return: there is one to send. */
bool mn_tcp_close_state(struct sock *sk);
/* Takes the socket from its program, which has left it. */
void mn_tcp_orphan(struct sock *sk);
/* An orphan's last call; sk is gone afterwards if there are no other references. */
void mn_tcp_destroy(struct sock *sk);
bool mn_tcp_too_many_orphans(struct sock *sk);
extern struct percpu_counter mn_tcp_orphans;
extern int mn_tcp_max_orphans;

/* close.c */
/* The peer's FIN came. */
void mn_tcp_fin(struct sock *sk);
/* The peer has our FIN. */
void mn_tcp_fin_acked(struct sock *sk);
/* Reset by the peer. */
void mn_tcp_reset(struct sock *sk);
/* Gives up: RST to the peer, @err to the program. */
void mn_tcp_abort(struct sock *sk, int err);

/* listen.c. What comes in is consumed. */
struct mn_req;
int mn_tcp_listen(struct sock *sk, int backlog);
void mn_tcp_listen_stop(struct sock *sk);		/* from LISTEN to CLOSE; may sleep */
void mn_tcp_listen_abort(struct sock *sk, int err);	/* and tells the program */
struct sock *mn_tcp_accept(struct sock *sk, int flags, bool kern, int *err);
int mn_listen_input(struct sock *sk, struct sk_buff *skb, struct mn_seg *seg, u32 isn);
int mn_req_input(struct mn_conn *c, struct sk_buff *skb, struct mn_seg *seg);
void mn_req_cancel(struct mn_conn *c);
void mn_req_unreachable(struct mn_conn *c, u32 seq, int err);
void mn_child_drop_syn(struct mn_child *c);
int mn_req_init(void);
void mn_req_exit(void);
struct mn_req_info {
	u8	retries;
	u32	left_ms;
	kuid_t	uid;
};

void mn_req_info_get(struct mn_conn *c, struct mn_req_info *info);

/* timewait.c */
void mn_tcp_time_wait(struct sock *sk);
/* Consumes the packet, unless it opens a new connection: then true, with its ISN. */
bool mn_tw_input(struct mn_conn *c, struct sk_buff *skb, struct mn_seg *seg, u32 *isn);
bool mn_tw_reusable(struct mn_conn *c, struct sock *sk);
void mn_tw_kill(struct mn_conn *c);
void mn_tw_cancel(struct mn_conn *c);			/* if it is still in the table */
unsigned int mn_tw_left_ms(struct mn_conn *c);
void mn_tw_net_exit(struct net *net);
int mn_tw_init(void);
void mn_tw_exit(void);

/* seg.c: a segment that came in, before its connection handles it */
void mn_seg_read(struct mn_seg *seg, const struct sk_buff *skb);
void mn_seg_strip_header(struct sk_buff *skb, const struct mn_seg *seg);
enum mynet_drop_reason mn_tcp_check(struct sk_buff *skb);
bool mn_skb_not_unicast(const struct sk_buff *skb);
void mn_tcp_tuple_of(const struct sk_buff *skb, struct mn_tuple *t);
bool mn_tcp_is_of(const struct mn_conn *c, const struct sk_buff *skb);
enum mynet_drop_reason mn_tcp_admit(struct sock *sk, struct sk_buff *skb, struct mn_seg *seg);
bool mn_tcp_paused(struct net *net, u32 *last, enum mynet_mib_id skipped);
bool mn_tcp_may_answer(struct net *net, const struct mn_seg *seg, u32 *last,
		       enum mynet_mib_id skipped);
bool mn_tcp_paws_old(const struct mn_tcp_neg *neg, const struct mn_seg *seg);
void mn_tcp_ts_update(struct mn_tcp_sock *tp, const struct mn_seg *seg);

/* rcv.c. Consume the packet. */
int mn_tcp_rcv(struct sk_buff *skb);
void *mn_tcp_early_demux(struct sk_buff *skb, u64 pass);

/* input.c. Consume the packet. */
int mn_tcp_to_sock(struct mn_conn *c, struct sk_buff *skb, struct mn_seg *seg);
int mn_tcp_again(struct sk_buff *skb, struct mn_seg *seg);
int mn_tcp_backlog_rcv(struct sock *sk, struct sk_buff *skb);
void mn_tcp_sock_input(struct sock *sk, struct sk_buff *skb, struct mn_seg *seg);
void mn_tcp_established(struct sock *sk);
void mn_tcp_challenge(struct sock *sk, const struct mn_seg *seg);

/* backlog.c. Consumes the packet. */
void mn_tcp_backlog_add(struct sock *sk, struct sk_buff *skb, const struct mn_seg *seg);

/* icmp.c */
void mn_tcp_icmp(struct sk_buff *skb, u32 info);

/* ack.c: acts on an acknowledgment. False: the segment is not to be believed. */
bool mn_tcp_ack(struct sock *sk, const struct mn_seg *seg, bool *answer);
void mn_ack_check_space(struct sock *sk);

/* rtxq.c */
void mn_rtxq_init(struct mn_rtxq *q);
void mn_rtxq_add(struct sock *sk, struct sk_buff *skb);
void mn_rtxq_purge(struct sock *sk);
struct sk_buff *mn_rtxq_first(const struct sock *sk);
struct sk_buff *mn_rtxq_last(const struct sock *sk);
struct sk_buff *mn_rtxq_next(const struct sk_buff *skb);
struct sk_buff *mn_rtxq_find(const struct sock *sk, u32 seq);
int mn_rtxq_split(struct sock *sk, struct sk_buff *skb, u32 len);
void mn_rtxq_resent(struct sock *sk, struct sk_buff *skb);
void mn_rtxq_repairs(struct sock *sk, struct sk_buff *skb);	/* what was sent again */
void mn_rtxq_lose(struct sock *sk, struct sk_buff *skb);
void mn_rtxq_found(struct sock *sk, struct sk_buff *skb);
void mn_rtxq_sacked(struct sock *sk, struct sk_buff *skb);
void mn_rtxq_forget_sacks(struct sock *sk);
void mn_rtxq_remove(struct sock *sk, struct sk_buff *skb);
u32 mn_rtxq_trim(struct sock *sk, struct sk_buff *skb, u32 seq);
void mn_rtxq_resegment(struct sock *sk, struct sk_buff *skb);

static inline u32 mn_in_flight(const struct mn_tcp_sock *tp)
{
	const struct mn_rtxq *q = &tp->rtxq;

	return q->packets - q->sacked - q->lost + q->retrans;
}

/* loss.c */
struct mn_ack_news {
	u32	flags;		/* MN_NEWS_* */
	u32	acked;		/* segments cumulatively */
	u32	sacked;		/* segments selectively */
	u32	prior_una;
	u32	prior_packets;
	u32	prior_in_flight;
	u32	lost;		/* segments that were found to be */
	u32	rtt_us;		/* sample, 0: none */
	u32	undo_echo;	/* tsecr, if there */
	u32	prior_delivered;
	u64	first_sack_us;	/* when the first of @sacked was sent */
};

#define MN_NEWS_DATA	0x01	/* the segment has data */
#define MN_NEWS_WINDOW	0x02	/* and changed the window */
#define MN_NEWS_UNA	0x04	/* una moved */
#define MN_NEWS_SACK	0x08	/* something new was acknowledged selectively */
#define MN_NEWS_DSACK	0x10
#define MN_NEWS_RETRANS	0x20	/* what was acknowledged had been sent again */
#define MN_NEWS_SYN	0x40
#define MN_NEWS_ECHO	0x80	/* undo_echo is valid */
#define MN_NEWS_DSACK_TLP 0x100	/* MN_NEWS_DSACK is of a tail loss probe */

/* RFC 8985 6.2 step 2: if the peer echoes an earlier time, an earlier copy has arrived. */
static inline bool mn_sent_in_vain(const struct mn_tcp_sock *tp, const struct mn_tcp_cb *cb,
				   const struct mn_ack_news *news)
{
	return unlikely(cb->mark & MN_MARK_EVER) && news->flags & MN_NEWS_ECHO &&
	       mn_before(news->undo_echo, mn_tcp_ts(cb->sent_us) + tp->neg.ts_offset);
}

void mn_loss_check_reordering(struct mn_loss *l, const struct mn_tcp_cb *cb);
void mn_loss_undo_dsack(struct sock *sk);
void mn_loss_sacks(struct sock *sk, const struct mn_seg *seg, struct mn_ack_news *news);
void mn_loss_ack(struct sock *sk, struct mn_ack_news *news);
void mn_loss_tlp_acked(struct sock *sk, const struct mn_ack_news *news);
void mn_loss_timeout(struct sock *sk);
void mn_loss_reo_timeout(struct sock *sk);
void mn_loss_tlp_timeout(struct sock *sk);
void mn_tcp_mtu_lower(struct sock *sk, u32 mtu);

/* reduce.c */
void mn_loss_init(struct mn_tcp_sock *tp);
void mn_undo_mark(struct mn_tcp_sock *tp);
void mn_reduce_begin(struct sock *sk, u8 state);
void mn_reduce_end(struct mn_tcp_sock *tp);
void mn_loss_congested(struct sock *sk);	/* the device or its queue says so */

/* cc.c */
const struct mn_cc_ops *mn_cc_find(const char *name);
const struct mn_cc_ops *mn_cc_of(u32 key);	/* keys begin at 1, which is for routes */
u32 mn_cc_key(const char *name);
const char *mn_cc_name(u32 key);
void mn_cc_start(struct mn_tcp_sock *tp, const struct mn_cc_ops *ops);
const char *mn_cc_names(void);

/* packet.c: a packet in a queue */
struct sk_buff *mn_tcp_alloc(struct sock *sk, unsigned int size, gfp_t gfp);
void mn_tcp_charge(struct sock *sk, int delta);
void mn_tcp_wmem_free(struct sock *sk, struct sk_buff *skb);
void mn_tcp_segment_count(const struct sock *sk, struct sk_buff *skb);
int mn_tcp_trim_acked(struct sock *sk, struct sk_buff *skb);
int mn_tcp_split(struct sock *sk, struct sk_buff *skb, u32 len, struct sk_buff **rest);

/* output.c */
#define MN_PUSH_NOW	1	/* whatever Nagle says */
void mn_tcp_push(struct sock *sk, unsigned int how);
void mn_tcp_push_one(struct sock *sk, unsigned int how);
void mn_tcp_retransmit_lost(struct sock *sk);
int mn_tcp_send_again(struct sock *sk, struct sk_buff *skb, u32 segs);
int mn_tcp_retransmit(struct sock *sk, struct sk_buff *skb, u32 segs);
void mn_tcp_queue_fin(struct sock *sk);
void mn_tcp_probe(struct sock *sk, bool urgent);
bool mn_tcp_data_waits(const struct sock *sk);
void mn_tcp_write_space(struct sock *sk);	/* as the core calls it */
void mn_tcp_check_space(struct sock *sk);		/* tells who waits for it */
bool mn_tcp_memory_free(const struct sock *sk, int wake);
bool mn_tcp_writeable(const struct sock *sk);

static inline struct sk_buff *mn_tcp_send_head(const struct sock *sk)
{
	return skb_peek(&sk->sk_write_queue);
}

/* segment.c */
int mn_tcp_transmit(struct sock *sk, struct sk_buff *skb, bool keep);
void mn_tcp_send_ack(struct sock *sk);
void mn_tcp_send_rst(struct sock *sk);
int mn_tcp_send_probe(struct sock *sk, u32 seq);
unsigned int mn_tcp_opts_room(const struct sock *sk);
u32 mn_tcp_window_now(struct sock *sk);

/* control.c: segments without a socket's queue. */
struct mn_bare {
	struct mn_tuple		tuple;
	u32			seq;
	u32			ack;
	u32			wnd;	/* as the header has it */
	u32			mark;
	int			oif;
	u8			flags;
	u8			tos;
	u8			ttl;
	struct mn_tcp_opts	opts;
};

int mn_tcp_send_bare(struct net *net, const struct mn_bare *bare);
void mn_tcp_answer_rst(struct net *net, struct sk_buff *skb, const struct mn_seg *seg);

/* mtu.c: route and segment size. */
struct dst_entry *mn_tcp_route(struct sock *sk);
void mn_tcp_mtu_sync(struct sock *sk);
u16 mn_tcp_advmss(const struct dst_entry *dst, const struct mn_tcp_user *user);
u32 mn_tcp_init_cwnd(const struct sock *sk);
void mn_tcp_route_begin(struct sock *sk);
void mn_tcp_route_start(struct sock *sk);

/* rcvq.c */
void mn_rcv_init(struct sock *sk);
void mn_rcv_start(struct sock *sk, u32 irs);
void mn_rcv_clamp(struct sock *sk, u32 window);
void mn_rcv_first(struct sock *sk, u32 mss, u32 segs);
void mn_rcv_dsack(struct sock *sk, u32 start, u32 end);
void mn_rcv_data(struct sock *sk, struct sk_buff *skb, struct mn_seg *seg);
void mn_rcv_space_adjust(struct sock *sk);
void mn_rcv_rtt_ts(struct sock *sk, const struct mn_seg *seg);
void mn_rcv_purge(struct sock *sk);
void mn_rcv_free_skb(struct sock *sk, struct sk_buff *skb);
bool mn_rcv_readable(const struct sock *sk, int target);
u8 mn_rcv_scale(struct sock *sk);
void mn_tcp_data_ready(struct sock *sk);

/* urg.c */
void mn_urg_input(struct sock *sk, struct sk_buff *skb, const struct mn_seg *seg);
int mn_urg_recv(struct sock *sk, struct msghdr *msg, int flags);

/* delack.c */
void mn_delack_init(struct mn_delack *a);
void mn_delack_got(struct sock *sk, const struct sk_buff *skb, const struct mn_seg *seg);
void mn_delack_check(struct sock *sk, bool ooo);
void mn_delack_quick(struct sock *sk);
void mn_delack_read(struct sock *sk, int copied);
void mn_delack_fire(struct sock *sk);

/* expiry.c */
void mn_timers_init(struct sock *sk);
void mn_tcp_resume(struct sock *sk);
void mn_tcp_release_cb(struct sock *sk);

/* timer.c */
unsigned long mn_rto_jiffies(const struct mn_tcp_sock *tp);
void mn_timers_stop(struct sock *sk);
void mn_timer_rtx(struct sock *sk, enum mn_rtx_timer what, unsigned long jiffies_from_now);
void mn_timer_rtx_stop(struct sock *sk);
void mn_timer_rto(struct sock *sk);		/* as long as an answer may take */
void mn_timer_rearm(struct sock *sk);		/* after an ACK: RTO or tail loss probe, or off */
void mn_timer_sent(struct sock *sk);		/* something new went */
void mn_timer_delack(struct sock *sk, unsigned long at);
void mn_timer_keep(struct sock *sk, unsigned long jiffies_from_now);
void mn_timer_keep_stop(struct sock *sk);
void mn_tcp_keepalive(struct sock *sk, int on);
u32 mn_tcp_keep_idle(const struct sock *sk);
u32 mn_tcp_keep_intvl(const struct sock *sk);

/* pace.c: not faster than SO_MAX_PACING_RATE. */
void mn_pace_init(struct sock *sk, enum hrtimer_restart (*fire)(struct hrtimer *t));
void mn_pace_stop(struct sock *sk);
void mn_pace_sent(struct sock *sk, u32 len);
bool mn_pace_waits(struct sock *sk);
bool mn_pace_pending(const struct mn_tcp_sock *tp);

/* tsq.c: not more in the device's queue than it needs. */
void mn_tsq_own(struct sock *sk, struct sk_buff *skb);
void mn_tsq_left(struct sock *sk);
bool mn_tsq_wait(struct sock *sk, const struct sk_buff *skb);
void mn_tsq_init(void (*resume)(struct sock *sk));
void mn_tsq_exit(void);

/* connect.c */
int mn_tcp_connect(struct sock *sk, const struct sockaddr_mynet *addr, int len);

/* isn.c: RFC 6528, and clocks that tell nothing. */
void mn_isn_init(void);
u32 mn_tcp_isn(const struct net *net, const struct mn_tuple *t);
u32 mn_tcp_ts_offset(const struct net *net, const struct mn_tuple *t);

/* birth.c */
void mn_tcp_sock_reinit(struct sock *sk);
void mn_tcp_sock_reset(struct sock *sk);

/* sock.c, send.c, recv.c, sockopt.c, info.c, proc.c, sysctl.c: see struct mynet_transport */
void mn_tcp_prot_destroy(struct sock *sk);
int mn_tcp_sock_init(void);
void mn_tcp_sock_exit(void);
int mn_tcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t len);
void mn_tcp_splice_eof(struct sock *sk);
int mn_tcp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags);
ssize_t mn_tcp_splice_read(struct socket *sock, loff_t *pos, struct pipe_inode_info *pipe,
			   size_t len, unsigned int flags);
int mn_tcp_setsockopt(struct sock *sk, int level, int name, sockptr_t val, unsigned int len);
int mn_tcp_getsockopt(struct sock *sk, int level, int name, char __user *val, int __user *len);
int mn_tcp_ioctl(struct sock *sk, unsigned int cmd, int *answer);
int mn_tcp_set_rcvlowat(struct sock *sk, int val);
void mn_tcp_info(struct sock *sk, struct tcp_info *info);
int mn_tcp_timer_shown(const struct mn_tcp_sock *tp, unsigned long *expires);
int mn_tcp_proc_init(struct net *net);
void mn_tcp_proc_exit(struct net *net);
int mn_tcp_sysctl_init(struct net *net);
void mn_tcp_sysctl_exit(struct net *net);
void mn_tcp_mem_init(void);
extern struct proto mn_tcp_prot;
extern long mn_tcp_mem[3];
extern int mn_tcp_rmem_min[1];
extern int mn_tcp_wmem_min[1];

#endif /* MN_TCP_H */
