// SPDX-License-Identifier: GPL-2.0
/*
 * Fragments become packets again (RFC 791 3.2, RFC 815), those for this host only. One that
 * overlaps another spoils its packet (RFC 5722 asks so of IPv6, for the same reasons).
 *
 * One sender cannot take the memory of all: while more than half of it is taken, who has more
 * than an eighth gets no more. What senders have is known by a secret hash of their addresses.
 *
 * State: a table of unfinished packets for each namespace and the memory they take, kept by
 * the kernel's reassembly core; struct mn_frag_queue under its q.lock. A queue dies when it
 * is complete, spoiled or too old.
 */
#include <linux/icmp.h>
#include <linux/jhash.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <net/dst.h>
#include <net/inet_frag.h>
#include <net/netns/hash.h>

#include "internet/inet.h"

#define MN_FRAG_MEMORY	(4 << 20)
#define MN_FRAG_TIMEOUT	(30 * HZ)

/* An unfinished packet. @ecn: code points its fragments had; @df_size: largest that had DF. */
struct mn_frag_queue {
	struct inet_frag_queue	q;
	atomic_t		*sender;
	int			charged;	/* to it */
	u8			ecn;
	u16			df_size;
	int			iif;
};

static u32 mn_frag_seed __read_mostly;

#define MN_FRAG_SENDERS_BITS	10

/* Bytes that wait, by sender; of all namespaces: a queue may outlive its own. */
static atomic_t mn_frag_senders[1 << MN_FRAG_SENDERS_BITS];

static atomic_t *mn_frag_sender(const struct fqdir *fqdir, __be32 saddr)
{
	u32 hash = jhash_2words((__force u32)saddr, net_hash_mix(fqdir->net), mn_frag_seed);

	return &mn_frag_senders[hash >> (32 - MN_FRAG_SENDERS_BITS)];
}

static bool mn_frag_greedy(const struct fqdir *fqdir, __be32 saddr)
{
	long most = READ_ONCE(fqdir->high_thresh);

	return frag_mem_limit(fqdir) > most / 2 &&
	       atomic_read(mn_frag_sender(fqdir, saddr)) > most / 8;
}

static u32 mn_frag_hash_key(const void *data, u32 len, u32 seed)
{
	return jhash2(data, sizeof(struct frag_v4_compare_key) / sizeof(u32),
		      seed ^ mn_frag_seed);
}

static u32 mn_frag_hash_obj(const void *data, u32 len, u32 seed)
{
	const struct inet_frag_queue *q = data;

	return mn_frag_hash_key(&q->key.v4, len, seed);
}

static int mn_frag_compare(struct rhashtable_compare_arg *arg, const void *data)
{
	const struct inet_frag_queue *q = data;

	return !!memcmp(&q->key.v4, arg->key, sizeof(q->key.v4));
}

static void mn_frag_charge(struct mn_frag_queue *fq, int bytes)
{
	fq->charged += bytes;
	atomic_add(bytes, fq->sender);
}

static void mn_frag_construct(struct inet_frag_queue *q, const void *arg)
{
	struct mn_frag_queue *fq = container_of(q, struct mn_frag_queue, q);

	q->key.v4 = *(const struct frag_v4_compare_key *)arg;
	fq->sender = mn_frag_sender(q->fqdir, q->key.v4.saddr);
	mn_frag_charge(fq, sizeof(*fq));
}

static void mn_frag_destruct(struct inet_frag_queue *q)
{
	struct mn_frag_queue *fq = container_of(q, struct mn_frag_queue, q);

	atomic_sub(fq->charged, fq->sender);
}

/* Drops the pieces of a packet that will never be whole. No more of it comes to the queue. */
static void mn_frag_drop_all(struct inet_frag_queue *q, enum mynet_drop_reason why)
{
	struct sk_buff *skb;

	lockdep_assert_held(&q->lock);
	while ((skb = inet_frag_pull_head(q)))
		mynet_net_drop(q->fqdir->net, skb, why);
}

/* RFC 1122 3.3.2: the sender is told if the first fragment came. */
static void mn_frag_expire(struct timer_list *timer)
{
	struct inet_frag_queue *q = container_of(timer, struct inet_frag_queue, timer);
	struct mn_frag_queue *fq = container_of(q, struct mn_frag_queue, q);
	struct net *net = q->fqdir->net;
	struct sk_buff *head = NULL;
	int refs = 1;

	rcu_read_lock();
	if (READ_ONCE(q->fqdir->dead))
		goto out_rcu;
	spin_lock(&q->lock);
	if (q->flags & INET_FRAG_COMPLETE)
		goto out_unlock;
	inet_frag_kill(q, &refs);
	mynet_mib_inc(mynet_net(net), MYNET_MIB_IP_REASM_FAILS);
	mynet_mib_inc(mynet_net(net), MYNET_MIB_IP_REASM_TIMEOUT);
	if (q->flags & INET_FRAG_FIRST_IN)
		head = inet_frag_pull_head(q);
	mn_frag_drop_all(q, MYNET_DROP_FRAG_TIMEOUT);
out_unlock:
	spin_unlock(&q->lock);
	if (head) {
		head->dev = dev_get_by_index_rcu(net, fq->iif);
		if (head->dev)
			mynet_icmp_error(head, ICMP_TIME_EXCEEDED, ICMP_EXC_FRAGTIME, 0);
		mynet_net_drop(net, head, MYNET_DROP_FRAG_TIMEOUT);
	}
out_rcu:
	rcu_read_unlock();
	inet_frag_putn(q, refs);
}

static struct inet_frags mn_frags = {
	.qsize			= sizeof(struct mn_frag_queue),
	.constructor		= mn_frag_construct,
	.destructor		= mn_frag_destruct,
	.frag_expire		= mn_frag_expire,
	.frags_cache_name	= "mynet-frags",
	.rhash_params		= {
		.head_offset	= offsetof(struct inet_frag_queue, node),
		.key_offset	= offsetof(struct inet_frag_queue, key),
		.key_len	= sizeof(struct frag_v4_compare_key),
		.hashfn		= mn_frag_hash_key,
		.obj_hashfn	= mn_frag_hash_obj,
		.obj_cmpfn	= mn_frag_compare,
		.automatic_shrinking = true,
	},
};

/* Notes whether the packet's end is known by a fragment. Return: false: it contradicts another. */
static bool mn_frag_note_end(struct inet_frag_queue *q, bool more, int end)
{
	if (!more) {
		if (end < q->len || (q->flags & INET_FRAG_LAST_IN && end != q->len))
			return false;
		q->flags |= INET_FRAG_LAST_IN;
		q->len = end;
	} else if (end > q->len) {
		if (q->flags & INET_FRAG_LAST_IN)
			return false;
		q->len = end;
	}
	return true;
}

/* RFC 3168 5.3: congestion seen by one is seen by all; one that cannot say so does not fit. */
static bool mn_frag_ecn(u8 seen, u8 *tos)
{
	if (!(seen & IPFRAG_ECN_CE))
		return true;
	*tos |= 3;
	return !(seen & IPFRAG_ECN_NOT_ECT);
}

static enum mynet_drop_reason mn_frag_finish(struct mn_frag_queue *fq, struct sk_buff *skb,
					     struct sk_buff *before, struct net_device *dev,
					     int *refs)
{
	struct inet_frag_queue *q = &fq->q;
	struct iphdr *iph;
	unsigned int len;
	void *data;
	u8 tos;

	inet_frag_kill(q, refs);
	data = inet_frag_reasm_prepare(q, skb, before);
	if (!data)
		return MYNET_DROP_IP_NOMEM;
	iph = ip_hdr(skb);
	len = iph->ihl * 4 + q->len;
	tos = iph->tos;
	if (len > 65535)
		return MYNET_DROP_FRAG_TOO_LONG;
	if (!mn_frag_ecn(fq->ecn, &tos))
		return MYNET_DROP_FRAG_ECN;

	inet_frag_reasm_finish(q, skb, data, true);
	skb->dev = dev;
	mn_ip_cb(skb)->frag_max = max(fq->df_size, q->max_size);
	mn_ip_cb(skb)->flags |= MN_IP_REASM;
	iph = ip_hdr(skb);
	iph->tot_len = htons(len);
	iph->tos = tos;
	iph->frag_off = fq->df_size && fq->df_size == q->max_size ? htons(MN_IP_DF) : 0;
	mn_ip_checksum(iph);
	q->rb_fragments = RB_ROOT;
	q->fragments_tail = NULL;
	q->last_run_head = NULL;
	return MYNET_DROP_NONE;
}

/* Notes what the fragment brings; it is in the queue. */
static void mn_frag_account(struct mn_frag_queue *fq, struct sk_buff *skb,
			    const struct iphdr *iph, unsigned int offset)
{
	struct inet_frag_queue *q = &fq->q;
	unsigned int size = skb->len + iph->ihl * 4;

	q->stamp = skb->tstamp;
	q->meat += skb->len;
	fq->ecn |= 1 << (iph->tos & 3);
	add_frag_mem_limit(q->fqdir, skb->truesize);
	mn_frag_charge(fq, skb->truesize);
	if (!offset)
		q->flags |= INET_FRAG_FIRST_IN;
	if (size > q->max_size)
		q->max_size = size;
	if (iph->frag_off & htons(MN_IP_DF) && size > fq->df_size)
		fq->df_size = size;
}

/*
 * Puts a fragment where it belongs. Return: MYNET_DROP_NONE with *@whole set when it is the last
 * one that was missing, with *@whole NULL when it was put in; else what it is to be dropped for.
 */
static enum mynet_drop_reason mn_frag_add(struct mn_frag_queue *fq, struct sk_buff *skb,
					  struct sk_buff **whole, int *refs)
{
	struct inet_frag_queue *q = &fq->q;
	const struct iphdr *iph = ip_hdr(skb);
	bool more = iph->frag_off & htons(MN_IP_MF);
	unsigned int offset = mn_ip_offset(iph), end;
	struct net_device *dev = skb->dev;
	enum mynet_drop_reason why;
	struct sk_buff *before;
	unsigned long refdst;
	int err;

	end = offset + skb->len - iph->ihl * 4;
	if (more)
		end &= ~7U;
	if (end <= offset || end + iph->ihl * 4 > 65535)
		return MYNET_DROP_FRAG_BAD;
	if (!mn_frag_note_end(q, more, end))
		return MYNET_DROP_FRAG_SPOILED;
	if (!pskb_pull(skb, iph->ihl * 4) || pskb_trim_rcsum(skb, end - offset))
		return MYNET_DROP_IP_NOMEM;
	iph = ip_hdr(skb);

	/* The device's place in the skb is the tree's now. */
	skb->dev = NULL;
	barrier();
	before = q->fragments_tail;
	err = inet_frag_queue_insert(q, skb, offset, end);
	if (err) {
		skb->dev = dev;
		return err == IPFRAG_DUP ? MYNET_DROP_FRAG_DUP : MYNET_DROP_FRAG_SPOILED;
	}
	fq->iif = dev->ifindex;
	mn_frag_account(fq, skb, iph, offset);
	*whole = NULL;
	if ((q->flags & (INET_FRAG_FIRST_IN | INET_FRAG_LAST_IN)) !=
	    (INET_FRAG_FIRST_IN | INET_FRAG_LAST_IN) || q->meat != q->len) {
		skb_dst_drop(skb);
		return MYNET_DROP_NONE;
	}

	/* Joining copies heads about; the route stays with this one. */
	refdst = skb->_skb_refdst;
	skb->_skb_refdst = 0UL;
	why = mn_frag_finish(fq, skb, before, dev, refs);
	skb->_skb_refdst = refdst;
	if (why) {
		/* The fragment is in the queue, which goes now. */
		skb_dst_drop(skb);
		mynet_mib_inc(mynet_net(q->fqdir->net), MYNET_MIB_IP_REASM_FAILS);
		mn_frag_drop_all(q, why);
		return MYNET_DROP_NONE;
	}
	*whole = skb;
	return MYNET_DROP_NONE;
}

static struct mn_frag_queue *mn_frag_find(struct mn_inet *inet, const struct iphdr *iph)
{
	struct frag_v4_compare_key key = {
		.saddr		= iph->saddr,
		.daddr		= iph->daddr,
		.id		= iph->id,
		.protocol	= iph->protocol,
	};
	struct inet_frag_queue *q = inet_frag_find(inet->frags, &key);

	return q ? container_of(q, struct mn_frag_queue, q) : NULL;
}

struct sk_buff *mn_ip_reassemble(struct sk_buff *skb)
{
	struct mn_inet *inet = mn_skb_inet(skb);
	struct mynet_net *mnet = inet->mnet;
	struct sk_buff *whole = NULL;
	enum mynet_drop_reason why;
	struct mn_frag_queue *fq;
	int refs = 0;

	mynet_mib_inc(mnet, MYNET_MIB_IP_REASM_REQDS);
	if (unlikely(mn_frag_greedy(inet->frags, ip_hdr(skb)->saddr))) {
		mynet_mib_inc(mnet, MYNET_MIB_IP_REASM_FAILS);
		mynet_drop(skb, MYNET_DROP_FRAG_SOURCE);
		return NULL;
	}
	fq = mn_frag_find(inet, ip_hdr(skb));
	if (!fq) {
		mynet_mib_inc(mnet, MYNET_MIB_IP_REASM_FAILS);
		mynet_drop(skb, MYNET_DROP_FRAG_MEMORY);
		return NULL;
	}

	spin_lock(&fq->q.lock);
	if (fq->q.flags & INET_FRAG_COMPLETE)
		why = MYNET_DROP_FRAG_LATE;
	else
		why = mn_frag_add(fq, skb, &whole, &refs);
	if (why == MYNET_DROP_FRAG_SPOILED) {
		mynet_mib_inc(mnet, MYNET_MIB_IP_REASM_OVERLAPS);
		inet_frag_kill(&fq->q, &refs);
		mn_frag_drop_all(&fq->q, why);
	}
	spin_unlock(&fq->q.lock);
	inet_frag_putn(&fq->q, refs);

	if (why) {
		if (why != MYNET_DROP_FRAG_DUP)
			mynet_mib_inc(mnet, MYNET_MIB_IP_REASM_FAILS);
		mynet_drop(skb, why);
	}
	if (whole)
		mynet_mib_inc(mnet, MYNET_MIB_IP_REASM_OKS);
	return whole;
}

void mynet_frag_stat(struct net *net, unsigned int *packets, unsigned long *memory)
{
	const struct fqdir *fqdir = mn_inet(net)->frags;

	*packets = atomic_read(&fqdir->rhashtable.nelems);
	*memory = frag_mem_limit(fqdir);
}

int mn_frag_net_init(struct mn_inet *inet)
{
	int err = fqdir_init(&inet->frags, &mn_frags, inet->mnet->net);

	if (err)
		return err;
	inet->frags->high_thresh = MN_FRAG_MEMORY;
	inet->frags->low_thresh = MN_FRAG_MEMORY / 4 * 3;
	inet->frags->timeout = MN_FRAG_TIMEOUT;
	return 0;
}

void mn_frag_net_pre_exit(struct mn_inet *inet)
{
	fqdir_pre_exit(inet->frags);
}

/* The core would free what waits without a reason. No fragment comes any more, no timer acts. */
static void mn_frag_drop_waiting(struct fqdir *fqdir)
{
	struct rhashtable_iter iter;
	struct inet_frag_queue *q;

	rhashtable_walk_enter(&fqdir->rhashtable, &iter);
	do {
		rhashtable_walk_start(&iter);
		while ((q = rhashtable_walk_next(&iter)) && !IS_ERR(q)) {
			spin_lock_bh(&q->lock);
			mn_frag_drop_all(q, MYNET_DROP_FRAG_GONE);
			spin_unlock_bh(&q->lock);
			if (need_resched())
				break;
		}
		rhashtable_walk_stop(&iter);
		cond_resched();
	} while (q);
	rhashtable_walk_exit(&iter);
}

void mn_frag_net_exit(struct mn_inet *inet)
{
	mn_frag_drop_waiting(inet->frags);
	fqdir_exit(inet->frags);
}

int __init mn_frag_init(void)
{
	get_random_bytes(&mn_frag_seed, sizeof(mn_frag_seed));
	return inet_frags_init(&mn_frags);
}

void mn_frag_exit(void)
{
	inet_frags_fini(&mn_frags);
}
