// SPDX-License-Identifier: GPL-2.0
/*
 * A TCP socket as the program sees it: opened, disconnected, asked, shut, closed (RFC 9293 3.9.1).
 *
 * State: none of its own; death of struct mn_tcp_sock.
 */
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "tcp.h"
#include "transport/sk.h"

static int mn_tcp_open(struct sock *sk)
{
	struct mn_tcp_net *tn = mn_tcp_sk_net(sk);

	sock_set_flag(sk, SOCK_RCU_FREE);
	sk->sk_write_space = mn_tcp_write_space;
	WRITE_ONCE(sk->sk_sndbuf, READ_ONCE(tn->wmem[1]));
	WRITE_ONCE(sk->sk_rcvbuf, READ_ONCE(tn->rmem[1]));
	mn_cc_choose(&mn_tcp(sk)->cc, mn_cc_find(tn->cc) ?: &mn_cc_cubic);
	mn_tcp_sock_reset(sk);
	sk_sockets_allocated_inc(sk);
	return 0;
}

/* prot->destroy: the socket ends; what it holds goes. */
void mn_tcp_prot_destroy(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	/* Handshakes and connections in these lists hold this socket without a reference. */
	WARN_ON_ONCE(!list_empty(&tp->listen.reqs) || !list_empty(&tp->listen.accept));
	mn_timers_stop(sk);
	mn_rtxq_purge(sk);
	mn_rcv_purge(sk);
	mn_bind_put(&tp->bind);
	mn_child_drop_syn(&tp->child);
	sk_sockets_allocated_dec(sk);
}

/* prot->unhash: nothing finds it any more. */
static void mn_tcp_unhash(struct sock *sk)
{
	if (sk->sk_state == TCP_LISTEN)
		mn_listener_del(sk);
	else
		mn_conn_del(&mn_tcp(sk)->conn);
}

/* connect(AF_UNSPEC), and what shutdown() and failing connects need: as new. */
static int mn_tcp_disconnect(struct sock *sk, int flags)
{
	int old = sk->sk_state;

	if (old == TCP_LISTEN) {
		mn_tcp_listen_stop(sk);
	} else if (mn_state_in(sk, MN_STATES_SYNC | TCPF_SYN_RECV)) {
		mn_tcp_send_rst(sk);
		sk->sk_err = ECONNRESET;
	} else if (old == TCP_SYN_SENT) {
		sk->sk_err = ECONNRESET;
	}
	mn_tcp_set_state(sk, TCP_CLOSE);
	mn_timers_stop(sk);
	mn_rtxq_purge(sk);
	mn_rcv_purge(sk);
	if (!(sk->sk_userlocks & SOCK_BINDPORT_LOCK)) {
		/* The name of the socket tells the port still, as INET's does. */
		mn_bind_put(&mn_tcp(sk)->bind);
		/* As INET: getsockname() still tells the port that was had. */
		sk->sk_num = 0;
	}
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK)) {
		sk->sk_rcv_saddr = 0;
		mynet_sk(sk)->saddr = 0;
	}
	mn_child_drop_syn(&mn_tcp(sk)->child);
	sk->sk_daddr = 0;
	sk->sk_dport = 0;
	WRITE_ONCE(sk->sk_shutdown, 0);
	sock_reset_flag(sk, SOCK_DONE);
	sk_dst_reset(sk);
	sk->sk_err_soft = 0;
	mn_tcp_sock_reinit(sk);
	if (sk->sk_err)
		sk_error_report(sk);
	return 0;
}

/* --- closing ------------------------------------------------------------------------------ */

static void mn_tcp_shutdown(struct sock *sk, int how)
{
	if (!(how & SEND_SHUTDOWN))
		return;
	if (!mn_state_in(sk, TCPF_ESTABLISHED | TCPF_SYN_RECV | TCPF_CLOSE_WAIT))
		return;
	mn_tcp_tick(mn_tcp(sk));
	if (mn_tcp_close_state(sk))
		mn_tcp_queue_fin(sk);
}

/* SO_LINGER: as long as there is a FIN to be acknowledged. */
static void mn_tcp_linger(struct sock *sk, long timeout)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);

	if (!timeout)
		return;
	add_wait_queue(sk_sleep(sk), &wait);
	while (timeout && !signal_pending(current) &&
	       mn_state_in(sk, TCPF_FIN_WAIT1 | TCPF_CLOSING | TCPF_LAST_ACK))
		sk_wait_event(sk, &timeout, !mn_state_in(sk, TCPF_FIN_WAIT1 | TCPF_CLOSING |
							 TCPF_LAST_ACK), &wait);
	remove_wait_queue(sk_sleep(sk), &wait);
}

/* RFC 9293 3.10.4 and RFC 2525 2.17: what was not read will never be; the peer is told. */
static void mn_tcp_close_begin(struct sock *sk, long timeout)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	bool unread = !skb_queue_empty(&sk->sk_receive_queue) &&
		      mn_before(tp->rcv.copied, tp->rcv.nxt - sock_flag(sk, SOCK_DONE));

	mn_tcp_tick(tp);
	WRITE_ONCE(sk->sk_shutdown, SHUTDOWN_MASK);
	if (sk->sk_state == TCP_LISTEN) {
		mn_tcp_listen_stop(sk);
		return;
	}
	mn_rcv_purge(sk);
	if (sk->sk_state == TCP_CLOSE)
		return;
	if (unread) {
		mn_tcp_count(sk, MYNET_MIB_TCP_ABORT_ON_CLOSE);
		mn_tcp_send_rst(sk);
		mn_tcp_set_state(sk, TCP_CLOSE);
	} else if (sock_flag(sk, SOCK_LINGER) && !sk->sk_lingertime) {
		mn_tcp_count(sk, MYNET_MIB_TCP_ABORT_ON_DATA);
		mn_tcp_disconnect(sk, 0);
	} else if (mn_tcp_close_state(sk)) {
		mn_tcp_queue_fin(sk);
	}
	mn_tcp_linger(sk, timeout);
}

/* The program is gone; the connection may have work left. */
static void mn_tcp_close_orphan(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	int seconds = tp->user.linger2 ?: READ_ONCE(mn_tcp_sk_net(sk)->fin_timeout);

	if (sk->sk_state == TCP_FIN_WAIT2) {
		if (seconds < 0) {
			mn_tcp_count(sk, MYNET_MIB_TCP_ABORT_ON_LINGER);
			mn_tcp_abort(sk, 0);
			return;
		}
		mn_timer_keep(sk, seconds * HZ);
	}
	if (sk->sk_state != TCP_CLOSE && mn_tcp_too_many_orphans(sk)) {
		mn_tcp_count(sk, MYNET_MIB_TCP_ABORT_ON_MEMORY);
		mn_tcp_abort(sk, 0);
		return;
	}
	if (sk->sk_state == TCP_CLOSE)
		mn_tcp_destroy(sk);
}

static void mn_tcp_close(struct sock *sk, long timeout)
{
	int state;

	lock_sock(sk);
	mn_tcp_close_begin(sk, timeout);
	state = sk->sk_state;
	sock_hold(sk);
	mn_tcp_orphan(sk);
	/*
	 * A segment that waited for us may end it; one that comes now, or the administrator, waits
	 * on.
	 */
	sk_flush_backlog(sk);
	if (state == TCP_CLOSE || sk->sk_state != TCP_CLOSE)
		mn_tcp_close_orphan(sk);
	release_sock(sk);
	sock_put(sk);
}

/* --- asking ------------------------------------------------------------------------------- */

static __poll_t mn_tcp_poll(struct file *file, struct socket *sock, poll_table *wait)
{
	struct sock *sk = sock->sk;
	struct mn_tcp_sock *tp = mn_tcp(sk);
	u8 shutdown, state;
	__poll_t mask = 0;

	sock_poll_wait(file, sock, wait);
	/* Pairs with mn_tcp_set_state(). */
	state = smp_load_acquire(&sk->sk_state);
	if (state == TCP_LISTEN)
		return list_empty_careful(&tp->listen.accept) ? 0 : EPOLLIN | EPOLLRDNORM;

	shutdown = READ_ONCE(sk->sk_shutdown);
	if (shutdown == SHUTDOWN_MASK || state == TCP_CLOSE)
		mask |= EPOLLHUP;
	if (shutdown & RCV_SHUTDOWN)
		mask |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;

	if (state != TCP_SYN_SENT && state != TCP_SYN_RECV) {
		int target = sock_rcvlowat(sk, 0, INT_MAX);
		u16 urg = READ_ONCE(tp->rcv.urg_data);

		if (READ_ONCE(tp->rcv.urg) == READ_ONCE(tp->rcv.copied) &&
		    !sock_flag(sk, SOCK_URGINLINE) && urg)
			target++;
		if (mn_rcv_readable(sk, target))
			mask |= EPOLLIN | EPOLLRDNORM;
		if (shutdown & SEND_SHUTDOWN) {
			mask |= EPOLLOUT | EPOLLWRNORM;
		} else if (mn_tcp_writeable(sk)) {
			mask |= EPOLLOUT | EPOLLWRNORM;
		} else {
			sk_set_bit(SOCKWQ_ASYNC_NOSPACE, sk);
			set_bit(SOCK_NOSPACE, &sock->flags);
			/* Room that became free before the bit was set woke nobody. */
			smp_mb__after_atomic();
			if (mn_tcp_writeable(sk))
				mask |= EPOLLOUT | EPOLLWRNORM;
		}
		if (urg & MN_URG_VALID)
			mask |= EPOLLPRI;
	}
	smp_rmb();	/* pairs with mn_tcp_done() */
	if (READ_ONCE(sk->sk_err) || !skb_queue_empty_lockless(&sk->sk_error_queue))
		mask |= EPOLLERR;
	return mask;
}

static const struct mynet_transport mn_tcp_transport = {
	.prot		= &mn_tcp_prot,
	.open		= mn_tcp_open,
	.close		= mn_tcp_close,
	.get_port	= mn_tcp_get_port,
	.connect	= mn_tcp_connect,
	.disconnect	= mn_tcp_disconnect,
	.listen		= mn_tcp_listen,
	.accept		= mn_tcp_accept,
	.shutdown	= mn_tcp_shutdown,
	.sendmsg	= mn_tcp_sendmsg,
	.recvmsg	= mn_tcp_recvmsg,
	.poll		= mn_tcp_poll,
	.ioctl		= mn_tcp_ioctl,
	.setsockopt	= mn_tcp_setsockopt,
	.getsockopt	= mn_tcp_getsockopt,
	.splice_read	= mn_tcp_splice_read,
	.splice_eof	= mn_tcp_splice_eof,
	.set_rcvlowat	= mn_tcp_set_rcvlowat,
};

static struct mynet_protosw mn_tcp_protosw = {
	.type		= SOCK_STREAM,
	.protocol	= IPPROTO_TCP,
	.transport	= &mn_tcp_transport,
	.flags		= MYNET_PROTOSW_PERMANENT,
};

/* Memory of all TCP sockets, in pages; see net.mynet.tcp_mem. */
static atomic_long_t mn_tcp_allocated;
static DEFINE_PER_CPU(int, mn_tcp_fw_alloc);
static struct percpu_counter mn_tcp_sockets;
static unsigned long mn_tcp_pressure;

static void mn_tcp_pressure_enter(struct sock *sk)
{
	if (!READ_ONCE(mn_tcp_pressure)) {
		WRITE_ONCE(mn_tcp_pressure, 1);
		mn_tcp_count(sk, MYNET_MIB_TCP_MEMORY_PRESSURES);
	}
}

static void mn_tcp_pressure_leave(struct sock *sk)
{
	if (READ_ONCE(mn_tcp_pressure))
		WRITE_ONCE(mn_tcp_pressure, 0);
}

void mn_tcp_stat_get(struct net *net, struct mn_tcp_stat *stat)
{
	*stat = (struct mn_tcp_stat){
		.prot		= &mn_tcp_prot,
		.orphans	= percpu_counter_sum_positive(&mn_tcp_orphans),
		.time_wait	= atomic_read(&mn_tcp_net(net)->tw_count),
		.sockets	= percpu_counter_sum_positive(&mn_tcp_sockets),
	};
}

struct proto mn_tcp_prot = {
	.name			= "MYNET-TCP",
	.owner			= THIS_MODULE,
	.obj_size		= sizeof(struct mn_tcp_sock),
	.destroy		= mn_tcp_prot_destroy,
	.unhash			= mn_tcp_unhash,
	.backlog_rcv		= mn_tcp_backlog_rcv,
	.release_cb		= mn_tcp_release_cb,
	.keepalive		= mn_tcp_keepalive,
	.stream_memory_free	= mn_tcp_memory_free,
	.enter_memory_pressure	= mn_tcp_pressure_enter,
	.leave_memory_pressure	= mn_tcp_pressure_leave,
	.memory_allocated	= &mn_tcp_allocated,
	.per_cpu_fw_alloc	= &mn_tcp_fw_alloc,
	.memory_pressure	= &mn_tcp_pressure,
	.sockets_allocated	= &mn_tcp_sockets,
	.sysctl_mem		= mn_tcp_mem,
	.sysctl_wmem		= mn_tcp_wmem_min,
	.sysctl_rmem		= mn_tcp_rmem_min,
	.no_autobind		= true,
};

int __init mn_tcp_sock_init(void)
{
	int err = percpu_counter_init(&mn_tcp_sockets, 0, GFP_KERNEL);

	if (err)
		return err;
	err = percpu_counter_init(&mn_tcp_orphans, 0, GFP_KERNEL);
	if (err)
		goto err_sockets;
	err = proto_register(&mn_tcp_prot, 1);
	if (err)
		goto err_orphans;
	err = mynet_protosw_register(&mn_tcp_protosw);
	if (err)
		goto err_proto;
	return 0;

err_proto:
	proto_unregister(&mn_tcp_prot);
err_orphans:
	percpu_counter_destroy(&mn_tcp_orphans);
err_sockets:
	percpu_counter_destroy(&mn_tcp_sockets);
	return err;
}

void mn_tcp_sock_exit(void)
{
	mynet_protosw_unregister(&mn_tcp_protosw);
	proto_unregister(&mn_tcp_prot);
	percpu_counter_destroy(&mn_tcp_orphans);
	percpu_counter_destroy(&mn_tcp_sockets);
}
