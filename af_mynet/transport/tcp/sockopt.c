// SPDX-License-Identifier: GPL-2.0
/*
 * Options of level SOL_TCP, and the questions of ioctl(): names, values and limits are INET's.
 *
 * Owns struct mn_tcp_user, under the socket lock.
 */
#include <asm/ioctls.h>
#include <linux/capability.h>
#include <linux/slab.h>
#include <linux/sockios.h>
#include <linux/uaccess.h>

#include "cmsg.h"
#include "tcp.h"

#define MN_MAXSEG_MIN	88		/* as INET has it */
#define MN_KEEP_MAX	32767
#define MN_KEEP_CNT_MAX	127
#define MN_SYN_CNT_MAX	127
#define MN_LINGER2_MAX	120		/* seconds */
#define MN_ULP_NAME_MAX	16

/* --- values between two others ------------------------------------------------------------ */

static int mn_set_keep_idle(struct sock *sk, int val)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	u32 silent = jiffies - tp->delack.heard;

	if (val < 1 || val > MN_KEEP_MAX)
		return -EINVAL;
	tp->user.keep_idle = val;
	if (sock_flag(sk, SOCK_KEEPOPEN) && !mn_state_in(sk, TCPF_CLOSE | TCPF_LISTEN))
		mn_timer_keep(sk, val * HZ > silent ? val * HZ - silent : 0);
	return 0;
}

static int mn_set_cork(struct sock *sk, int val)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	tp->user.cork = val;
	if (!val) {
		mn_tcp_tick(tp);
		mn_tcp_push(sk, tp->user.nodelay ? MN_PUSH_NOW : 0);
	}
	return 0;
}

static int mn_set_nodelay(struct sock *sk, int val)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	tp->user.nodelay = val;
	if (val) {
		/* tcp(7): what was written so far goes, even if TCP_CORK holds it. */
		mn_snd_flush(&tp->snd);
		mn_tcp_tick(tp);
		mn_tcp_push(sk, 0);
	}
	return 0;
}

static int mn_set_quickack(struct sock *sk, int val)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (!val) {
		mn_delack_set_pingpong(&tp->delack, true);
		return 0;
	}
	mn_delack_set_pingpong(&tp->delack, false);
	if (!mn_state_in(sk, TCPF_ESTABLISHED | TCPF_CLOSE_WAIT) ||
	    !(tp->delack.pending & MN_ACKP_SCHED))
		return 0;
	mn_delack_quick(sk);
	mn_tcp_send_ack(sk);
	if (!(val & 1))
		mn_delack_set_pingpong(&tp->delack, true);
	return 0;
}

static int mn_set_clamp(struct sock *sk, int val)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (!val) {
		if (sk->sk_state != TCP_CLOSE)
			return -EINVAL;
		tp->user.window_clamp = 0;
		mn_rcv_set_clamp(&tp->rcv, 1U << 30);
		return 0;
	}
	/* As INET compares: what is below zero is very much. */
	tp->user.window_clamp = max_t(u32, val, SOCK_MIN_RCVBUF / 2);
	mn_rcv_set_clamp(&tp->rcv, tp->user.window_clamp);
	return 0;
}

/* Seconds become as many SYN-ACKs as fit in them. */
static int mn_set_defer(struct sock *sk, int val)
{
	int wait = 1, sum = 0;
	u8 n = 0;

	while (val > 0 && sum < val && n < 255) {
		sum += wait;
		wait = min(wait * 2, 120);
		n++;
	}
	mn_tcp(sk)->user.defer_accept = n;
	return 0;
}

static int mn_defer_seconds(u8 n)
{
	int wait = 1, sum = 0;

	for (; n; n--) {
		sum += wait;
		wait = min(wait * 2, 120);
	}
	return sum;
}

static int mn_set_linger2(struct sock *sk, int val)
{
	mn_tcp(sk)->user.linger2 = val < 0 ? -1 : min(val, MN_LINGER2_MAX);
	return 0;
}

/*
 * Features that are not there are refused as INET refuses them where they are off, or to those
 * who may not use them: programs know how to go on from that.
 */
static int mn_set_absent(struct sock *sk, int name, int val)
{
	switch (name) {
	case TCP_FASTOPEN_CONNECT:
		return val < 0 || val > 1 ? -EINVAL : -EOPNOTSUPP;
	case TCP_REPAIR:
	case TCP_REPAIR_QUEUE:
	case TCP_REPAIR_WINDOW:
	case TCP_TIMESTAMP:
		return -EPERM;
	case TCP_QUEUE_SEQ:
		return sk->sk_state != TCP_CLOSE ? -EPERM : -EINVAL;
	case TCP_REPAIR_OPTIONS:
		return -EINVAL;
	/* Early retransmission for thin streams: RACK does it for all (RFC 8985). */
	case TCP_THIN_DUPACK:
		return val < 0 || val > 1 ? -EINVAL : 0;
	default:
		return -ENOPROTOOPT;
	}
}

static int mn_set_switch(bool *which, int val)
{
	if (val < 0 || val > 1)
		return -EINVAL;
	WRITE_ONCE(*which, val);
	return 0;
}

static int mn_set_value(struct sock *sk, int name, int val)
{
	struct mn_tcp_user *u = &mn_tcp(sk)->user;

	switch (name) {
	case TCP_NODELAY:
		return mn_set_nodelay(sk, !!val);
	case TCP_CORK:
		return mn_set_cork(sk, !!val);
	case TCP_MAXSEG:
		if (val && (val < MN_MAXSEG_MIN || val > 32767))
			return -EINVAL;
		u->mss = val;
		mn_mtu_set_stale(&mn_tcp(sk)->mtu);
		return 0;
	case TCP_KEEPIDLE:
		return mn_set_keep_idle(sk, val);
	case TCP_KEEPINTVL:
		if (val < 1 || val > MN_KEEP_MAX)
			return -EINVAL;
		u->keep_intvl = val;
		return 0;
	case TCP_KEEPCNT:
		if (val < 1 || val > MN_KEEP_CNT_MAX)
			return -EINVAL;
		u->keep_cnt = val;
		return 0;
	case TCP_SYNCNT:
		if (val < 1 || val > MN_SYN_CNT_MAX)
			return -EINVAL;
		u->syn_cnt = val;
		return 0;
	case TCP_LINGER2:
		return mn_set_linger2(sk, val);
	case TCP_DEFER_ACCEPT:
		return mn_set_defer(sk, val);
	case TCP_WINDOW_CLAMP:
		return mn_set_clamp(sk, val);
	case TCP_QUICKACK:
		return mn_set_quickack(sk, val);
	case TCP_USER_TIMEOUT:
		if (val < 0)
			return -EINVAL;
		u->timeout_ms = val;
		return 0;
	case TCP_NOTSENT_LOWAT:
		u->notsent_lowat = val;
		mn_tcp_check_space(sk);
		return 0;
	case TCP_INQ:
		return mn_set_switch(&u->inq, val);
	case TCP_SAVE_SYN:
		if (val < 0 || val > 2)
			return -EINVAL;
		WRITE_ONCE(u->save_syn, val);
		return 0;
	case TCP_THIN_LINEAR_TIMEOUTS:
		return mn_set_switch(&u->thin_linear, val);
	default:
		return mn_set_absent(sk, name, val);
	}
}

/* Another protocol on top (TCP_ULP): there is none. */
static int mn_set_ulp(sockptr_t val, unsigned int len)
{
	char name[MN_ULP_NAME_MAX];

	if (!len)
		return -EINVAL;
	if (strncpy_from_sockptr(name, val, min_t(long, sizeof(name) - 1, len)) < 0)
		return -EFAULT;
	return -ENOENT;
}

static int mn_set_congestion(struct sock *sk, sockptr_t val, unsigned int len)
{
	const struct mn_cc_ops *ops;
	char name[16];
	int n;

	if (!len)
		return -EINVAL;
	n = strncpy_from_sockptr(name, val, min_t(long, sizeof(name) - 1, len));
	if (n < 0)
		return -EFAULT;
	name[n] = '\0';
	ops = mn_cc_find(name);
	if (!ops)
		return -ENOENT;
	lock_sock(sk);
	n = mn_tcp(sk)->cc.locked ? -EPERM : 0;
	if (!n)
		mn_cc_start(mn_tcp(sk), ops);
	release_sock(sk);
	return n;
}

int mn_tcp_setsockopt(struct sock *sk, int level, int name, sockptr_t val, unsigned int len)
{
	int n, err;

	if (level != SOL_TCP)
		return -ENOPROTOOPT;
	if (name == TCP_CONGESTION)
		return mn_set_congestion(sk, val, len);
	if (name == TCP_ULP)
		return mn_set_ulp(val, len);
	if (len < sizeof(int))
		return -EINVAL;
	if (copy_from_sockptr(&n, val, sizeof(n)))
		return -EFAULT;
	lock_sock(sk);
	err = mn_set_value(sk, name, n);
	release_sock(sk);
	return err;
}

/* --- the other way ------------------------------------------------------------------------ */

static int mn_get_absent(const struct mn_tcp_sock *tp, int name, int *val)
{
	*val = 0;
	switch (name) {
	case TCP_FASTOPEN_CONNECT:
	case TCP_REPAIR:
	case TCP_THIN_DUPACK:
		return 0;
	case TCP_REPAIR_QUEUE:
	case TCP_QUEUE_SEQ:
		return -EINVAL;
	case TCP_TIMESTAMP:
		*val = mn_tcp_ts(mn_tcp_clock_us()) + tp->neg.ts_offset;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static int mn_get_value(struct sock *sk, int name, int *val)
{
	const struct mn_tcp_sock *tp = mn_tcp(sk);
	const struct mn_tcp_net *tn = mn_tcp_sk_net(sk);
	const struct mn_tcp_user *u = &tp->user;

	switch (name) {
	case TCP_MAXSEG:
		*val = tp->mtu.mss ?: MN_TCP_MSS_DEF;
		if (u->mss && mn_state_in(sk, TCPF_CLOSE | TCPF_LISTEN))
			*val = u->mss;
		return 0;
	case TCP_NODELAY:
		*val = u->nodelay;
		return 0;
	case TCP_CORK:
		*val = u->cork;
		return 0;
	case TCP_KEEPIDLE:
		*val = mn_tcp_keep_idle(sk);
		return 0;
	case TCP_KEEPINTVL:
		*val = mn_tcp_keep_intvl(sk);
		return 0;
	case TCP_KEEPCNT:
		*val = u->keep_cnt ?: READ_ONCE(tn->keepalive_probes);
		return 0;
	case TCP_SYNCNT:
		*val = u->syn_cnt ?: READ_ONCE(tn->syn_retries);
		return 0;
	case TCP_LINGER2:
		*val = u->linger2 < 0 ? -1 : u->linger2 ?: READ_ONCE(tn->fin_timeout);
		return 0;
	case TCP_DEFER_ACCEPT:
		*val = mn_defer_seconds(u->defer_accept);
		return 0;
	case TCP_WINDOW_CLAMP:
		*val = u->window_clamp;
		return 0;
	case TCP_QUICKACK:
		*val = !tp->delack.pingpong;
		return 0;
	case TCP_USER_TIMEOUT:
		*val = u->timeout_ms;
		return 0;
	case TCP_NOTSENT_LOWAT:
		*val = u->notsent_lowat;
		return 0;
	case TCP_INQ:
		*val = u->inq;
		return 0;
	case TCP_SAVE_SYN:
		*val = u->save_syn;
		return 0;
	case TCP_THIN_LINEAR_TIMEOUTS:
		*val = u->thin_linear;
		return 0;
	default:
		return mn_get_absent(tp, name, val);
	}
}

static int mn_get_out(char __user *val, int __user *len, const void *from, int size, int room)
{
	room = min(room, size);
	if (put_user(room, len) || copy_to_user(val, from, room))
		return -EFAULT;
	return 0;
}

/* The peer's SYN is told once. Who has no room for it is told how much there has to be. */
static int mn_get_saved_syn(struct sock *sk, int room, char __user *val, int __user *len)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	struct mn_saved_syn *syn;
	int err;

	lock_sock(sk);
	syn = tp->child.saved_syn;
	err = put_user(syn ? syn->len : 0, len) ? -EFAULT : 0;
	if (!err && syn && room < syn->len)
		err = -EINVAL;
	if (!err && syn && copy_to_user(val, syn->data, syn->len))
		err = -EFAULT;
	if (!err)
		mn_child_drop_syn(&tp->child);
	release_sock(sk);
	return err;
}

/* Gives the options that are no numbers. Return: 1: it is none of them. */
static int mn_get_block(struct sock *sk, int name, int room, char __user *val, int __user *len)
{
	struct tcp_info info;
	char cc[16] = {};

	switch (name) {
	case TCP_INFO:
		lock_sock(sk);
		mn_tcp_info(sk, &info);
		release_sock(sk);
		return mn_get_out(val, len, &info, sizeof(info), room);
	case TCP_CONGESTION:
		strscpy(cc, mn_tcp(sk)->cc.ops->name, sizeof(cc));
		return mn_get_out(val, len, cc, sizeof(cc), room);
	/* No way of congestion control here has more to say, and nothing is on top. */
	case TCP_CC_INFO:
	case TCP_ULP:
		return put_user(0, len) ? -EFAULT : 0;
	case TCP_SAVED_SYN:
		return mn_get_saved_syn(sk, room, val, len);
	case TCP_REPAIR_WINDOW:
		return room == sizeof(struct tcp_repair_window) ? -EPERM : -EINVAL;
	default:
		return 1;
	}
}

int mn_tcp_getsockopt(struct sock *sk, int level, int name, char __user *val, int __user *len)
{
	int room, n, err;

	if (level != SOL_TCP)
		return -EOPNOTSUPP;
	if (get_user(room, len))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	err = mn_get_block(sk, name, room, val, len);
	if (err <= 0)
		return err;
	lock_sock(sk);
	err = mn_get_value(sk, name, &n);
	release_sock(sk);
	return err ?: mn_get_out(val, len, &n, sizeof(n), room);
}

/* Answers SIOCINQ, SIOCOUTQ, SIOCOUTQNSD, SIOCATMARK. */
int mn_tcp_ioctl(struct sock *sk, unsigned int cmd, int *answer)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	const struct mn_rcv *rcv = &tp->rcv;
	int err = 0;

	if (cmd != SIOCINQ && cmd != SIOCOUTQ && cmd != SIOCOUTQNSD && cmd != SIOCATMARK)
		return -ENOIOCTLCMD;
	if (cmd != SIOCATMARK && sk->sk_state == TCP_LISTEN)
		return -EINVAL;
	lock_sock(sk);
	switch (cmd) {
	case SIOCINQ:
		*answer = rcv->nxt - rcv->copied;
		if (rcv->urg_data && !sock_flag(sk, SOCK_URGINLINE) &&
		    mn_between(rcv->urg, rcv->copied, rcv->nxt - 1))
			*answer = rcv->urg - rcv->copied;
		/* A FIN has a number but is no data. */
		else if (*answer && sock_flag(sk, SOCK_DONE))
			--*answer;
		if (mn_state_in(sk, TCPF_SYN_SENT | TCPF_SYN_RECV))
			*answer = 0;
		break;
	case SIOCOUTQ:
		*answer = tp->snd.write - tp->snd.una;
		if (mn_state_in(sk, TCPF_SYN_SENT | TCPF_SYN_RECV))
			*answer = 0;
		break;
	case SIOCOUTQNSD:
		*answer = tp->snd.write - tp->snd.nxt;
		break;
	case SIOCATMARK:
		*answer = rcv->urg_data && rcv->urg == rcv->copied;
		break;
	}
	release_sock(sk);
	return err;
}

/* SO_RCVLOWAT: a buffer that so much fits in. */
int mn_tcp_set_rcvlowat(struct sock *sk, int val)
{
	int most = sk->sk_userlocks & SOCK_RCVBUF_LOCK ? sk->sk_rcvbuf >> 1 :
		   READ_ONCE(mn_tcp_sk_net(sk)->rmem[2]) >> 1;
	int space;

	val = min(val, most);
	WRITE_ONCE(sk->sk_rcvlowat, val ?: 1);
	mn_tcp_data_ready(sk);
	if (sk->sk_userlocks & SOCK_RCVBUF_LOCK)
		return 0;
	space = mn_win_to_space(val, mn_tcp(sk)->rcv.ratio);
	if (space > sk->sk_rcvbuf)
		WRITE_ONCE(sk->sk_rcvbuf, space);
	return 0;
}
