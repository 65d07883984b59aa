// SPDX-License-Identifier: GPL-2.0
/*
 * The states of a connection and the ways between them (RFC 9293 3.3.2).
 *
 * Owns sk_state from birth on: nobody else writes it. Counts orphans: connections that finish
 * their work after their program has left them.
 */
#include "tcp.h"

struct percpu_counter mn_tcp_orphans;

/* RFC 9293 3.10.4: where close() and shutdown() lead, and whether a FIN is owed. */
static const struct {
	u8	next;
	bool	fin;
} mn_close_to[] = {
	[TCP_ESTABLISHED]	= { TCP_FIN_WAIT1, true },
	[TCP_SYN_SENT]		= { TCP_CLOSE, false },
	[TCP_SYN_RECV]		= { TCP_FIN_WAIT1, true },
	[TCP_FIN_WAIT1]		= { TCP_FIN_WAIT1, false },
	[TCP_FIN_WAIT2]		= { TCP_FIN_WAIT2, false },
	[TCP_TIME_WAIT]		= { TCP_CLOSE, false },
	[TCP_CLOSE]		= { TCP_CLOSE, false },
	[TCP_CLOSE_WAIT]	= { TCP_LAST_ACK, true },
	[TCP_LAST_ACK]		= { TCP_LAST_ACK, false },
	[TCP_LISTEN]		= { TCP_CLOSE, false },
	[TCP_CLOSING]		= { TCP_CLOSING, false },
};

void mn_tcp_set_state(struct sock *sk, int state)
{
	int old = sk->sk_state;

	if (state == old)
		return;
	if (state == TCP_ESTABLISHED)
		mn_tcp_count(sk, MYNET_MIB_TCP_CURR_ESTAB);
	if (old == TCP_ESTABLISHED || old == TCP_CLOSE_WAIT) {
		if (state != TCP_CLOSE_WAIT)
			mynet_mib_add(mynet_net(sock_net(sk)), MYNET_MIB_TCP_CURR_ESTAB, -1);
		if (state == TCP_CLOSE)
			mn_tcp_count(sk, MYNET_MIB_TCP_ESTAB_RESETS);
	}
	if (state == TCP_CLOSE && (old == TCP_SYN_SENT || old == TCP_SYN_RECV))
		mn_tcp_count(sk, MYNET_MIB_TCP_ATTEMPT_FAILS);
	if (state == TCP_CLOSE)
		sk->sk_prot->unhash(sk);

	/* A reader of the new state sees all that was done before it. */
	smp_store_release(&sk->sk_state, state);
}

void mn_tcp_orphan(struct sock *sk)
{
	sock_orphan(sk);
	percpu_counter_inc(&mn_tcp_orphans);
	percpu_counter_inc(&mn_tcp_sk_net(sk)->orphans);
}

void mn_tcp_destroy(struct sock *sk)
{
	percpu_counter_dec(&mn_tcp_orphans);
	percpu_counter_dec(&mn_tcp_sk_net(sk)->orphans);
	sk_common_release(sk);
}

void mn_tcp_done(struct sock *sk, int err)
{
	if (sk->sk_state == TCP_CLOSE)
		return;
	/* A listener has handshakes and connections, whose end may sleep: mn_tcp_listen_stop(). */
	if (WARN_ON_ONCE(sk->sk_state == TCP_LISTEN))
		return;
	if (err) {
		WRITE_ONCE(sk->sk_err, err);
		/* Before the state: a sleeper that sees the end asks for the error. */
		smp_wmb();
	}
	mn_tcp_set_state(sk, TCP_CLOSE);
	mn_timers_stop(sk);
	mn_rtxq_purge(sk);
	WRITE_ONCE(sk->sk_shutdown, SHUTDOWN_MASK);
	if (sock_flag(sk, SOCK_DEAD)) {
		mn_tcp_destroy(sk);
		return;
	}
	if (err)
		sk_error_report(sk);
	sk->sk_state_change(sk);
}

bool mn_tcp_close_state(struct sock *sk)
{
	int old = sk->sk_state;

	mn_tcp_set_state(sk, mn_close_to[old].next);
	return mn_close_to[old].fin;
}

/* An orphan whose peer does not answer, or cannot be reached, counts more: as INET has it. */
static unsigned int mn_orphan_weight(const struct sock *sk)
{
	const struct mn_tcp_sock *tp = mn_tcp(sk);
	unsigned int weight = sk->sk_err_soft ? 1 : 0;

	if ((tp->loss.retries || tp->loss.probes) &&
	    time_after(jiffies, tp->cwv.last_sent + 2 * usecs_to_jiffies(MN_RTO_MAX_US)))
		weight++;
	return weight;
}

/*
 * Connections that nobody owns must not eat the machine. A namespace, which any user may make, may
 * have as many as it leaves to others; but for the first, whose users share one limit.
 */
bool mn_tcp_too_many_orphans(struct sock *sk)
{
	unsigned int weight = mn_orphan_weight(sk);
	s64 all = percpu_counter_read_positive(&mn_tcp_orphans) << weight;
	s64 own = percpu_counter_read_positive(&mn_tcp_sk_net(sk)->orphans) << weight;
	s64 left = READ_ONCE(mn_tcp_max_orphans) - all;

	return left < 0 || (own > left && !net_eq(sock_net(sk), &init_net)) ||
	       (sk->sk_wmem_queued > SOCK_MIN_SNDBUF &&
		sk_memory_allocated(sk) > sk_prot_mem_limits(sk, 2));
}
