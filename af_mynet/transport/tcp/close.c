// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a connection: a FIN of the peer, the acknowledgment of ours, a reset by either side
 * (RFC 9293 3.6, 3.10.7.4).
 *
 * State: none of its own.
 */
#include "tcp.h"

static void mn_fin_wake(struct sock *sk)
{
	if (sock_flag(sk, SOCK_DEAD))
		return;
	sk->sk_state_change(sk);
	if (sk->sk_shutdown == SHUTDOWN_MASK || sk->sk_state == TCP_CLOSE)
		sk_wake_async(sk, SOCK_WAKE_WAITD, POLL_HUP);
	else
		sk_wake_async(sk, SOCK_WAKE_WAITD, POLL_IN);
}

/* RFC 9293 3.10.7.4, eighth step */
void mn_tcp_fin(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	mn_delack_now(&tp->delack);
	WRITE_ONCE(sk->sk_shutdown, sk->sk_shutdown | RCV_SHUTDOWN);
	sock_set_flag(sk, SOCK_DONE);

	switch (sk->sk_state) {
	case TCP_SYN_RECV:
	case TCP_ESTABLISHED:
		mn_tcp_set_state(sk, TCP_CLOSE_WAIT);
		mn_delack_set_pingpong(&tp->delack, true);
		break;
	case TCP_FIN_WAIT1:
		/* Simultaneous close: our FIN is not acknowledged yet. */
		mn_tcp_send_ack(sk);
		mn_tcp_set_state(sk, TCP_CLOSING);
		break;
	case TCP_FIN_WAIT2:
		mn_tcp_send_ack(sk);
		mn_fin_wake(sk);
		mn_tcp_time_wait(sk);
		return;
	default:
		return;
	}
	mn_fin_wake(sk);
}

/* The program is gone, and so is what it did not read: how long the peer may take to finish. */
static void mn_fin_wait2(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	int seconds = tp->user.linger2 ?: READ_ONCE(mn_tcp_sk_net(sk)->fin_timeout);

	if (!sock_flag(sk, SOCK_DEAD)) {
		sk->sk_state_change(sk);
		return;
	}
	if (seconds < 0) {
		mn_tcp_count(sk, MYNET_MIB_TCP_ABORT_ON_DATA);
		mn_tcp_abort(sk, 0);
		return;
	}
	mn_timer_keep(sk, seconds * HZ);
}

void mn_tcp_fin_acked(struct sock *sk)
{
	switch (sk->sk_state) {
	case TCP_FIN_WAIT1:
		mn_tcp_set_state(sk, TCP_FIN_WAIT2);
		WRITE_ONCE(sk->sk_shutdown, sk->sk_shutdown | SEND_SHUTDOWN);
		mn_fin_wait2(sk);
		break;
	case TCP_CLOSING:
		mn_tcp_time_wait(sk);
		break;
	case TCP_LAST_ACK:
		mn_tcp_done(sk, 0);
		break;
	}
}

void mn_tcp_reset(struct sock *sk)
{
	int err = ECONNRESET;

	if (sk->sk_state == TCP_SYN_SENT)
		err = ECONNREFUSED;
	else if (sk->sk_state == TCP_CLOSE_WAIT)
		err = EPIPE;
	mn_tcp_done(sk, err);
}

void mn_tcp_abort(struct sock *sk, int err)
{
	if (mn_state_in(sk, MN_STATES_SYNC | TCPF_SYN_RECV))
		mn_tcp_send_rst(sk);
	mn_tcp_done(sk, err);
}
