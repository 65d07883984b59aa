/* SPDX-License-Identifier: GPL-2.0 */
/* The least of io_uring that will do: one request at a time. */
#ifndef MYNET_TEST_RING_H
#define MYNET_TEST_RING_H

#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "twin.h"

struct ring {
	int			fd;
	unsigned int		*sq_tail, *sq_mask, *sq_array, *cq_head, *cq_tail, *cq_mask;
	struct io_uring_sqe	*sqes;
	struct io_uring_cqe	*cqes;
	void			*sq, *cq;
	size_t			sq_len, cq_len, sqes_len;
};

static inline void *ring_map(const struct ring *r, size_t len, off_t what)
{
	return mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, what);
}

static inline int ring_open(struct ring *r)
{
	struct io_uring_params p = {};

	r->fd = syscall(__NR_io_uring_setup, 8, &p);
	if (r->fd < 0)
		return -1;
	r->sq_len = p.sq_off.array + p.sq_entries * sizeof(unsigned int);
	r->cq_len = p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe);
	r->sqes_len = p.sq_entries * sizeof(struct io_uring_sqe);
	r->sq = ring_map(r, r->sq_len, IORING_OFF_SQ_RING);
	r->cq = ring_map(r, r->cq_len, IORING_OFF_CQ_RING);
	r->sqes = ring_map(r, r->sqes_len, IORING_OFF_SQES);
	if (r->sq == MAP_FAILED || r->cq == MAP_FAILED || r->sqes == MAP_FAILED)
		return -1;
	r->sq_tail = r->sq + p.sq_off.tail;
	r->sq_mask = r->sq + p.sq_off.ring_mask;
	r->sq_array = r->sq + p.sq_off.array;
	r->cq_head = r->cq + p.cq_off.head;
	r->cq_tail = r->cq + p.cq_off.tail;
	r->cq_mask = r->cq + p.cq_off.ring_mask;
	r->cqes = r->cq + p.cq_off.cqes;
	return 0;
}

static inline void ring_close(struct ring *r)
{
	munmap(r->sq, r->sq_len);
	munmap(r->cq, r->cq_len);
	munmap(r->sqes, r->sqes_len);
	close(r->fd);
}

static inline long ring_submit(struct ring *r, const struct io_uring_sqe *sqe)
{
	unsigned int at = *r->sq_tail & *r->sq_mask;

	r->sqes[at] = *sqe;
	r->sq_array[at] = at;
	__atomic_store_n(r->sq_tail, *r->sq_tail + 1, __ATOMIC_RELEASE);
	return syscall(__NR_io_uring_enter, r->fd, 1, 0, 0, NULL, 0);
}

/* Waits for the next answer. */
static inline long ring_result(struct ring *r)
{
	struct io_uring_cqe cqe;

	while (__atomic_load_n(r->cq_tail, __ATOMIC_ACQUIRE) == *r->cq_head)
		if (syscall(__NR_io_uring_enter, r->fd, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
			return -1;
	cqe = r->cqes[*r->cq_head & *r->cq_mask];
	__atomic_store_n(r->cq_head, *r->cq_head + 1, __ATOMIC_RELEASE);
	errno = cqe.res < 0 ? -cqe.res : 0;
	return cqe.res < 0 ? -1 : cqe.res;
}

static inline void ring_say(struct twin *t, struct ring *r, const char *what)
{
	long result = ring_result(r);

	twin_say(t, result, "%s", what);
}

/*
 * Sends by @from and reads at @to; only the last bytes that come are those that were sent, for
 * before them are headers.
 */
static inline void uring(struct twin *t, int to, int from, const void *data, size_t len)
{
	char buf[256] = "";
	struct sockaddr_in name = {};
	struct iovec in = { buf, sizeof(buf) }, out = { (void *)data, len };
	struct msghdr get = {
		.msg_name = &name, .msg_namelen = sizeof(name), .msg_iov = &in, .msg_iovlen = 1,
	};
	struct msghdr put = { .msg_iov = &out, .msg_iovlen = 1 };
	struct io_uring_sqe recvmsg = {
		.opcode = IORING_OP_RECVMSG, .fd = to, .addr = (unsigned long)&get, .len = 1,
	};
	struct io_uring_sqe sendmsg = {
		.opcode = IORING_OP_SENDMSG, .fd = from, .addr = (unsigned long)&put, .len = 1,
	};
	struct io_uring_sqe poll = {
		.opcode = IORING_OP_POLL_ADD, .fd = to, .poll32_events = POLLIN,
	};
	struct ring r = {};

	if (SAY(t, ring_open(&r)) < 0)
		return;
	twin_for_ever(to);
	/* A read that waits, and what it waits for. */
	SAY(t, ring_submit(&r, &recvmsg));
	SAY(t, ring_submit(&r, &sendmsg));
	ring_say(t, &r, "one of both");
	ring_say(t, &r, "the other");
	twin_say(t, !!memmem(buf, sizeof(buf), data + len - 3, 3), "data");
	twin_say(t, name.sin_family == t->family && get.msg_namelen == sizeof(name), "name");
	SAY(t, ring_submit(&r, &poll));
	SAY(t, send(from, data, len, 0));
	ring_say(t, &r, "poll");
	SAY(t, ring_submit(&r, &recvmsg));
	ring_say(t, &r, "a datagram that waits");
	out.iov_len = 65535;
	out.iov_base = (void *)8;
	SAY(t, ring_submit(&r, &sendmsg));
	ring_say(t, &r, "too much from nowhere");
	out.iov_len = len;
	SAY(t, ring_submit(&r, &sendmsg));
	ring_say(t, &r, "from nowhere");
	ring_close(&r);
}

#endif /* MYNET_TEST_RING_H */
