// SPDX-License-Identifier: GPL-2.0
/*
 * Not more of a connection in the queue of the device than it needs to be busy: what waits there
 * makes everyone wait. When a packet leaves the queue its socket goes on.
 *
 * State: a list of sockets for each CPU, and its tasklet. A socket in a list is held.
 */
#include <linux/interrupt.h>

#include "tcp.h"

struct mn_tsq {
	struct tasklet_struct	tasklet;
	struct list_head	head;	/* interrupts off */
};

static DEFINE_PER_CPU(struct mn_tsq, mn_tsq);
static void (*mn_tsq_resume)(struct sock *sk) __ro_after_init;

static void mn_tsq_run(struct tasklet_struct *t)
{
	struct mn_tsq *tsq = container_of(t, struct mn_tsq, tasklet);
	struct mn_tcp_sock *tp, *next;
	unsigned long flags;
	LIST_HEAD(list);

	local_irq_save(flags);
	list_splice_init(&tsq->head, &list);
	local_irq_restore(flags);

	list_for_each_entry_safe(tp, next, &list, tsq_node) {
		list_del(&tp->tsq_node);
		/* The next packet that leaves may queue it again from here on. */
		smp_mb__before_atomic();
		clear_bit(MN_TSQ_QUEUED, &tp->timers.deferred);
		mn_tsq_resume((struct sock *)tp);
		/* Gives back what was kept for this. */
		sk_free((struct sock *)tp);
	}
}

/* Has less become of what waits for the device, and a socket to hear of it? Any context. */
static bool mn_tsq_claim(struct mn_tcp_sock *tp)
{
	/* Either this sees the bit, or who set it sees that there is less: mn_tsq_wait(). */
	smp_mb__after_atomic();
	if (likely(!test_bit(MN_TSQ_THROTTLED, &tp->timers.deferred)) ||
	    test_and_set_bit(MN_TSQ_QUEUED, &tp->timers.deferred))
		return false;
	clear_bit(MN_TSQ_THROTTLED, &tp->timers.deferred);
	return true;
}

static void mn_tsq_add(struct mn_tcp_sock *tp)
{
	unsigned long flags;
	struct mn_tsq *tsq;

	local_irq_save(flags);
	tsq = this_cpu_ptr(&mn_tsq);
	list_add_tail(&tp->tsq_node, &tsq->head);
	tasklet_schedule(&tsq->tasklet);
	local_irq_restore(flags);
}

/*
 * A packet has left this host, or its end. All that it had of sk_wmem_alloc goes but one, which
 * keeps the socket until the tasklet has it.
 */
static void mn_tsq_wfree(struct sk_buff *skb)
{
	struct sock *sk = skb->sk;

	WARN_ON_ONCE(refcount_sub_and_test(skb->truesize - 1, &sk->sk_wmem_alloc));
	if (unlikely(mn_tsq_claim(mn_tcp(sk))))
		mn_tsq_add(mn_tcp(sk));
	else
		sk_free(sk);
}

void mn_tsq_left(struct sock *sk)
{
	if (likely(!mn_tsq_claim(mn_tcp(sk))))
		return;
	refcount_inc(&sk->sk_wmem_alloc);
	mn_tsq_add(mn_tcp(sk));
}

/*
 * Charges a packet to the socket until it leaves the device's queue. One that is cut to segments
 * for a device that cannot is freed before any of it is sent. But of sock_wfree()'s the core gives
 * the last segment all that the whole had; it calls sk->sk_write_space(), which calls
 * mn_tsq_left().
 */
void mn_tsq_own(struct sock *sk, struct sk_buff *skb)
{
	skb_orphan(skb);
	skb->sk = sk;
	skb->destructor = skb_is_gso(skb) ? sock_wfree : mn_tsq_wfree;
	refcount_add(skb->truesize, &sk->sk_wmem_alloc);
}

/* About a millisecond's worth, but two packets at least. */
static u32 mn_tsq_limit(const struct sock *sk, const struct sk_buff *skb)
{
	u64 limit = READ_ONCE(sk->sk_pacing_rate) >> 10;

	return clamp_t(u64, limit, 2 * skb->truesize, 1 << 20);
}

/* Is there enough in the queue of the device already? Then somebody will come back for more. */
bool mn_tsq_wait(struct sock *sk, const struct sk_buff *skb)
{
	u32 limit = mn_tsq_limit(sk, skb);

	if (refcount_read(&sk->sk_wmem_alloc) <= limit || !mn_tcp(sk)->rtxq.packets)
		return false;
	set_bit(MN_TSQ_THROTTLED, &mn_tcp(sk)->timers.deferred);
	/* Packets that left the queue before the bit was seen are seen here. */
	smp_mb__after_atomic();
	return refcount_read(&sk->sk_wmem_alloc) > limit;
}

/* @resume: lets a socket go on; softirq. */
void __init mn_tsq_init(void (*resume)(struct sock *sk))
{
	int cpu;

	mn_tsq_resume = resume;
	for_each_possible_cpu(cpu) {
		struct mn_tsq *tsq = per_cpu_ptr(&mn_tsq, cpu);

		INIT_LIST_HEAD(&tsq->head);
		tasklet_setup(&tsq->tasklet, mn_tsq_run);
	}
}

/* Ends the tasklets: there are no sockets any more. */
void mn_tsq_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		tasklet_kill(&per_cpu_ptr(&mn_tsq, cpu)->tasklet);
}
