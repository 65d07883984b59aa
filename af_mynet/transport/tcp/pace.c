// SPDX-License-Identifier: GPL-2.0
/*
 * SO_MAX_PACING_RATE where no queue of a device sees to it: packets leave by a timer, each when the
 * one before has had its time. Where the fq queue does the work this file has none.
 *
 * Owns struct mn_pace. A timer that runs holds its socket.
 */
#include <linux/math64.h>

#include "tcp.h"

/* The core sets it when a program asks for a rate, and the fq queue when it takes the work over. */
static bool mn_pace_needed(const struct sock *sk)
{
	return unlikely(READ_ONCE(sk->sk_pacing_status) == SK_PACING_NEEDED);
}

static u64 mn_pace_now(const struct mn_tcp_sock *tp)
{
	return tp->now_us * NSEC_PER_USEC;
}

/* A packet of @len bytes has gone: how long the next one waits. The first ten segments do not. */
void mn_pace_sent(struct sock *sk, u32 len)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);
	unsigned long rate = READ_ONCE(sk->sk_pacing_rate);
	u64 wait, late, now = mn_pace_now(tp);

	if (likely(!mn_pace_needed(sk)) || !rate || rate == ~0UL || tp->counts.data_segs_out < 10)
		return;
	wait = div64_ul((u64)len * NSEC_PER_SEC, rate);
	late = now > tp->pace.next_ns ? now - tp->pace.next_ns : 0;
	/* A timer that came late does not lower the rate. */
	wait -= min(wait / 2, late);
	tp->pace.next_ns = max(now, tp->pace.next_ns) + wait;
}

/* Is it too early for the next packet? Then the timer comes back for it. */
bool mn_pace_waits(struct sock *sk)
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	if (likely(!mn_pace_needed(sk)) || tp->pace.next_ns <= mn_pace_now(tp))
		return false;
	if (!hrtimer_is_queued(&tp->pace.timer)) {
		sock_hold(sk);
		hrtimer_start(&tp->pace.timer, ns_to_ktime(tp->pace.next_ns),
			      HRTIMER_MODE_ABS_PINNED_SOFT);
	}
	return true;
}

bool mn_pace_pending(const struct mn_tcp_sock *tp)
{
	return hrtimer_is_queued((struct hrtimer *)&tp->pace.timer);
}

/* @fire: lets the socket go on, and gives back the reference that the timer had. */
void mn_pace_init(struct sock *sk, enum hrtimer_restart (*fire)(struct hrtimer *t))
{
	struct mn_tcp_sock *tp = mn_tcp(sk);

	tp->pace.next_ns = 0;
	hrtimer_setup(&tp->pace.timer, fire, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_PINNED_SOFT);
}

/* The caller has the socket's lock, for which a timer that fires just now may wait. */
void mn_pace_stop(struct sock *sk)
{
	if (hrtimer_try_to_cancel(&mn_tcp(sk)->pace.timer) == 1)
		__sock_put(sk);
}
