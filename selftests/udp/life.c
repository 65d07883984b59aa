// SPDX-License-Identifier: GPL-2.0
/*
 * A datagram socket among the rest of the system: signals, other processes, time stamps, io_uring.
 * The same on AF_INET and on PF_MYNET over the loopback device.
 */
#include <fcntl.h>
#include <linux/errqueue.h>
#include <linux/io_uring.h>
#include <linux/net_tstamp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "kselftest_harness.h"
#include "twin.h"

FIXTURE(life)
{
};

FIXTURE_SETUP(life)
{
	ASSERT_EQ(0, twin_netns());
}

FIXTURE_TEARDOWN(life)
{
}

static int bound(struct twin *t, int port)
{
	int fd = twin_socket(t, SOCK_DGRAM, 0);

	SAY(t, bind(fd, twin_addr(t, "127.0.0.1", port), TWIN_LEN));
	return fd;
}

static int connected(struct twin *t, int port)
{
	int fd = twin_socket(t, SOCK_DGRAM, 0);

	SAY(t, connect(fd, twin_addr(t, "127.0.0.1", port), TWIN_LEN));
	return fd;
}

static int on(int fd, int level, int name, int val)
{
	return setsockopt(fd, level, name, &val, sizeof(val));
}

/* Waiting without the limit of twin_socket(): with one, no call is ever restarted. */
static void for_ever(int fd)
{
	struct timeval never = {};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &never, sizeof(never));
}

/* Is a thread asleep in the kernel? */
static bool asleep(pid_t tid)
{
	char path[64], state = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 0;
	fclose(file);
	return state == 'S';
}

/* A thread that reads, and what it read. */
struct reader {
	pthread_t	thread;
	atomic_int	tid;
	int		fd, error;
	long		result;
	char		data[16];
};

static void *read_one(void *arg)
{
	struct reader *r = arg;

	r->tid = gettid();
	errno = 0;
	r->result = recv(r->fd, r->data, sizeof(r->data), 0);
	r->error = errno;
	return NULL;
}

static void reader_start(struct reader *r, int fd)
{
	memset(r, 0, sizeof(*r));
	r->fd = fd;
	if (pthread_create(&r->thread, NULL, read_one, r))
		abort();
	while (!r->tid || !asleep(r->tid))
		poll(NULL, 0, 1);
}

static void reader_say(struct twin *t, struct reader *r, const char *what)
{
	pthread_join(r->thread, NULL);
	errno = r->error;
	twin_say(t, r->result, "%s", what);
}

static atomic_int signals;

static void count_signal(int number)
{
	signals++;
}

static void handle(int number, int flags)
{
	struct sigaction action = { .sa_handler = count_signal, .sa_flags = flags };

	sigaction(number, &action, NULL);
}

/* A signal to a thread that sleeps; waits until it has been handled. */
static void disturb(struct reader *r)
{
	int before = signals;

	pthread_kill(r->thread, SIGUSR1);
	while (signals == before)
		poll(NULL, 0, 1);
}

static void interrupted(struct twin *t)
{
	int to = bound(t, 5000), from = connected(t, 5000);
	struct reader r;

	for_ever(to);
	handle(SIGUSR1, 0);
	reader_start(&r, to);
	disturb(&r);
	reader_say(t, &r, "without SA_RESTART");

	handle(SIGUSR1, SA_RESTART);
	reader_start(&r, to);
	disturb(&r);
	SAY(t, send(from, "abc", 3, 0));
	reader_say(t, &r, "with SA_RESTART");

	on(to, SOL_SOCKET, SO_RCVLOWAT, 1);
	setsockopt(to, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){ .tv_sec = 60 },
		   sizeof(struct timeval));
	reader_start(&r, to);
	disturb(&r);
	reader_say(t, &r, "with a limit and SA_RESTART");
	SAY(t, recv(to, r.data, 1, MSG_DONTWAIT));
}

TEST_F(life, signals_interrupt_and_restart_as_with_inet) { TWINS(interrupted); }

static void owner(struct twin *t)
{
	int to = bound(t, 5010), from = connected(t, 5010), i;
	char c;

	signals = 0;
	handle(SIGIO, SA_RESTART);
	SAY(t, fcntl(to, F_SETOWN, getpid()));
	SAY(t, fcntl(to, F_GETOWN) == getpid());
	SAY(t, fcntl(to, F_SETFL, O_ASYNC | O_NONBLOCK));
	SAY(t, send(from, "x", 1, 0));
	for (i = 0; i < 5000 && !signals; i++)
		poll(NULL, 0, 1);
	SAY(t, !!signals);
	SAY(t, recv(to, &c, 1, 0));
	SAY(t, recv(to, &c, 1, 0));
	SAY(t, fcntl(to, F_SETFL, 0));
}

TEST_F(life, sigio_tells_the_owner) { TWINS(owner); }

static void shut_while_reading(struct twin *t)
{
	int to = bound(t, 5020);
	struct reader r;

	for_ever(to);
	SAY(t, connect(to, twin_addr(t, "127.0.0.1", 5021), TWIN_LEN));
	reader_start(&r, to);
	SAY(t, shutdown(to, SHUT_RD));
	reader_say(t, &r, "shut down");
	SAY(t, recv(to, r.data, 1, MSG_DONTWAIT));
}

TEST_F(life, shutdown_ends_a_read_that_sleeps) { TWINS(shut_while_reading); }

/* The file lives until the reader returns: what comes still reaches him. */
static void close_while_reading(struct twin *t)
{
	int to = bound(t, 5030), from = connected(t, 5030), fd = dup(to);
	struct reader r;

	for_ever(fd);
	close(to);
	t->fd[0] = open("/dev/null", O_RDONLY);
	reader_start(&r, fd);
	SAY(t, close(fd));
	SAY(t, send(from, "abc", 3, 0));
	reader_say(t, &r, "closed");
	SAY(t, send(from, "abc", 3, 0));
	SAY(t, send(from, "abc", 3, 0));
}

TEST_F(life, close_leaves_a_sleeping_reader_its_socket) { TWINS(close_while_reading); }

static int pass_on(int sock, int fd)
{
	long control[CMSG_SPACE(sizeof(int)) / sizeof(long)] = {};
	struct iovec iov = { (char *)"x", 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	return sendmsg(sock, &msg, 0);
}

static int get_passed(int sock)
{
	long control[CMSG_SPACE(sizeof(int)) / sizeof(long)] = {};
	char c;
	struct iovec iov = { &c, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	int fd = -1;

	if (recvmsg(sock, &msg, 0) == 1 && CMSG_FIRSTHDR(&msg))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	return fd;
}

/* Another process gets the socket by a message, reads from it and answers by it. */
static void passed(struct twin *t)
{
	int to = bound(t, 5040), from = connected(t, 5040), pair[2], status, fd;
	struct pollfd error = { .fd = from };
	struct sockaddr_in name;
	socklen_t len = sizeof(name);
	char buf[8];
	pid_t pid;

	SAY(t, socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
	pid = fork();
	if (!pid) {
		close(to);
		fd = get_passed(pair[1]);
		if (recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&name, &len) != 3)
			_exit(1);
		_exit(sendto(fd, "back", 4, 0, (struct sockaddr *)&name, len) != 4);
	}
	SAY(t, pass_on(pair[0], to));
	close(to);
	t->fd[0] = open("/dev/null", O_RDONLY);
	SAY(t, send(from, "abc", 3, 0));
	SAY(t, recv(from, buf, sizeof(buf), 0));
	waitpid(pid, &status, 0);
	SAY(t, status);
	close(pair[0]);
	close(pair[1]);
	/* Both have let go of it now; the error comes back by a softirq, which may be late. */
	SAY(t, send(from, "abc", 3, 0));
	SAY(t, poll(&error, 1, 10000));
	SAY(t, send(from, "abc", 3, 0));
}

TEST_F(life, a_socket_goes_to_another_process_by_scm_rights) { TWINS(passed); }

static void forked(struct twin *t)
{
	int to = bound(t, 5050), from = connected(t, 5050), other = dup(to), status;
	char buf[8];
	pid_t pid = fork();

	if (!pid)
		_exit(recv(to, buf, sizeof(buf), 0) != 3);
	SAY(t, send(from, "abc", 3, 0));
	waitpid(pid, &status, 0);
	SAY(t, status);
	SAY(t, send(from, "defg", 4, 0));
	SAY(t, recv(other, buf, sizeof(buf), 0));
	close(other);
	SAY(t, send(from, "hi", 2, 0));
	SAY(t, recv(to, buf, sizeof(buf), 0));
}

TEST_F(life, fork_and_dup_share_a_socket) { TWINS(forked); }

static void edge(struct twin *t)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET }, got = {};
	int to = bound(t, 5060), from = connected(t, 5060), ep = epoll_create1(0);
	char buf[8];

	SAY(t, epoll_ctl(ep, EPOLL_CTL_ADD, to, &event));
	SAY(t, epoll_wait(ep, &got, 1, 0));
	SAY(t, send(from, "a", 1, 0));
	SAY(t, epoll_wait(ep, &got, 1, 5000));
	SAY(t, got.events);
	SAY(t, epoll_wait(ep, &got, 1, 0));
	SAY(t, send(from, "b", 1, 0));
	SAY(t, epoll_wait(ep, &got, 1, 5000));
	SAY(t, recv(to, buf, 1, MSG_DONTWAIT));
	SAY(t, epoll_wait(ep, &got, 1, 0));
	SAY(t, recv(to, buf, 1, MSG_DONTWAIT));
	event.events = EPOLLIN | EPOLLONESHOT;
	SAY(t, epoll_ctl(ep, EPOLL_CTL_MOD, to, &event));
	SAY(t, send(from, "c", 1, 0));
	SAY(t, epoll_wait(ep, &got, 1, 5000));
	SAY(t, send(from, "d", 1, 0));
	SAY(t, epoll_wait(ep, &got, 1, 0));
	/* An error is an edge, too. */
	event.events = EPOLLET;
	SAY(t, epoll_ctl(ep, EPOLL_CTL_ADD, from, &event));
	close(to);
	t->fd[0] = open("/dev/null", O_RDONLY);
	SAY(t, send(from, "e", 1, 0));
	SAY(t, epoll_wait(ep, &got, 1, 5000));
	SAY(t, got.events);
	close(ep);
}

TEST_F(life, epoll_tells_edges) { TWINS(edge); }

/* Time stamps: which there are and of what kind, not what they say. */
static void say_stamps(struct twin *t, int fd, int flags, const char *what)
{
	long control[64];
	char buf[64];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	const struct scm_timestamping *stamps;
	const struct sock_extended_err *ee;
	struct cmsghdr *cmsg;
	int i;

	if (twin_say(t, recvmsg(fd, &msg, flags), "%s: length", what) < 0)
		return;
	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
		twin_say(t, cmsg->cmsg_level << 16 | cmsg->cmsg_type, "%s: type", what);
		twin_say(t, cmsg->cmsg_len, "%s: size", what);
		stamps = (void *)CMSG_DATA(cmsg);
		ee = (void *)CMSG_DATA(cmsg);
		for (i = 0; i < 3 && cmsg->cmsg_type == SCM_TIMESTAMPING; i++)
			twin_say(t, !!stamps->ts[i].tv_sec, "%s: stamp %d", what, i);
		if (cmsg->cmsg_level != SOL_IP || cmsg->cmsg_type != IP_RECVERR)
			continue;
		twin_say(t, ee->ee_errno, "%s: errno", what);
		twin_say(t, ee->ee_origin, "%s: origin", what);
		twin_say(t, ee->ee_info, "%s: info", what);
		twin_say(t, ee->ee_data, "%s: data", what);
	}
}

static void stamps(struct twin *t)
{
	static const int kinds[] = {
		SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE,
		SOF_TIMESTAMPING_RX_HARDWARE | SOF_TIMESTAMPING_RAW_HARDWARE,
		SOF_TIMESTAMPING_RX_SOFTWARE,
	};
	static const int sent[] = {
		SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE,
		SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_ID,
		SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE |
			SOF_TIMESTAMPING_OPT_TSONLY | SOF_TIMESTAMPING_OPT_ID,
		SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_TX_SCHED |
			SOF_TIMESTAMPING_SOFTWARE,
		SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_RAW_HARDWARE,
	};
	int to = bound(t, 5070), from = connected(t, 5070), i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		SAY(t, on(to, SOL_SOCKET, SO_TIMESTAMPING, kinds[i]));
		SAY(t, send(from, "abc", 3, 0));
		say_stamps(t, to, 0, "received");
	}
	SAY(t, on(to, SOL_SOCKET, SO_TIMESTAMPING, 0));
	SAY(t, on(to, SOL_SOCKET, SO_TIMESTAMP, 1));
	SAY(t, send(from, "abc", 3, 0));
	say_stamps(t, to, 0, "SO_TIMESTAMP");
	SAY(t, on(to, SOL_SOCKET, SO_TIMESTAMPNS, 1));
	SAY(t, send(from, "abc", 3, 0));
	say_stamps(t, to, 0, "SO_TIMESTAMPNS");
	for (i = 0; i < ARRAY_SIZE(sent); i++) {
		SAY(t, on(from, SOL_SOCKET, SO_TIMESTAMPING, sent[i]));
		SAY(t, send(from, "abcd", 4, 0));
		say_stamps(t, to, 0, "arrived");
		say_stamps(t, from, MSG_ERRQUEUE, "sent");
		say_stamps(t, from, MSG_ERRQUEUE, "sent, once more");
	}
	SAY(t, on(from, SOL_SOCKET, SO_TIMESTAMPING, 1 << 30));
}

TEST_F(life, time_stamps_are_what_inet_gives) { TWINS(stamps); }

/* The least of io_uring that will do: one request at a time. */
struct ring {
	int			fd;
	unsigned int		*sq_tail, *sq_mask, *sq_array, *cq_head, *cq_tail, *cq_mask;
	struct io_uring_sqe	*sqes;
	struct io_uring_cqe	*cqes;
	void			*sq, *cq;
	size_t			sq_len, cq_len, sqes_len;
};

static void *ring_map(const struct ring *r, size_t len, off_t what)
{
	return mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, what);
}

static int ring_open(struct ring *r)
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

static void ring_close(struct ring *r)
{
	munmap(r->sq, r->sq_len);
	munmap(r->cq, r->cq_len);
	munmap(r->sqes, r->sqes_len);
	close(r->fd);
}

static long ring_submit(struct ring *r, const struct io_uring_sqe *sqe)
{
	unsigned int at = *r->sq_tail & *r->sq_mask;

	r->sqes[at] = *sqe;
	r->sq_array[at] = at;
	__atomic_store_n(r->sq_tail, *r->sq_tail + 1, __ATOMIC_RELEASE);
	return syscall(__NR_io_uring_enter, r->fd, 1, 0, 0, NULL, 0);
}

/* Waits for the next answer. */
static long ring_result(struct ring *r)
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

static void ring_say(struct twin *t, struct ring *r, const char *what)
{
	long result = ring_result(r);

	twin_say(t, result, "%s", what);
}

static void uring(struct twin *t)
{
	int to = bound(t, 5080), from = connected(t, 5080);
	char buf[8] = "";
	struct sockaddr_in name = {};
	struct iovec in = { buf, sizeof(buf) }, out = { (char *)"abc", 3 };
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
	struct ring r;

	if (SAY(t, ring_open(&r)) < 0)
		return;
	for_ever(to);
	/* A read that waits, and what it waits for. */
	SAY(t, ring_submit(&r, &recvmsg));
	SAY(t, ring_submit(&r, &sendmsg));
	ring_say(t, &r, "one of both");
	ring_say(t, &r, "the other");
	twin_say(t, memcmp(buf, "abc", 3), "data");
	twin_say(t, name.sin_family == t->family && get.msg_namelen == sizeof(name), "name");
	SAY(t, ring_submit(&r, &poll));
	SAY(t, send(from, "d", 1, 0));
	ring_say(t, &r, "poll");
	SAY(t, ring_submit(&r, &recvmsg));
	ring_say(t, &r, "a datagram that waits");
	out.iov_len = 65535;
	out.iov_base = (void *)8;
	SAY(t, ring_submit(&r, &sendmsg));
	ring_say(t, &r, "too much from nowhere");
	out.iov_len = 3;
	SAY(t, ring_submit(&r, &sendmsg));
	ring_say(t, &r, "from nowhere");
	ring_close(&r);
}

TEST_F(life, io_uring_sends_receives_and_polls) { TWINS(uring); }

/* From a file to a socket and back: one piece is a datagram. */
static void spliced(struct twin *t)
{
	int to = bound(t, 5090), from = connected(t, 5090), pipes[2];
	int file = memfd_create("data", 0);
	char buf[64] = "";
	off_t off = 0;

	SAY(t, write(file, "0123456789", 10));
	SAY(t, sendfile(from, file, &off, 10));
	SAY(t, recv(to, buf, sizeof(buf), 0));
	twin_say(t, memcmp(buf, "0123456789", 10), "sendfile");
	SAY(t, pipe(pipes));
	SAY(t, write(pipes[1], "abcdef", 6));
	SAY(t, splice(pipes[0], NULL, from, NULL, 6, 0));
	SAY(t, recv(to, buf, sizeof(buf), 0));
	twin_say(t, memcmp(buf, "abcdef", 6), "splice out");
	SAY(t, send(from, "in", 2, 0));
	SAY(t, splice(to, NULL, pipes[1], NULL, 64, 0));
	SAY(t, read(pipes[0], buf, sizeof(buf)));
	twin_say(t, memcmp(buf, "in", 2), "splice in");
	close(pipes[0]);
	close(pipes[1]);
	close(file);
}

TEST_F(life, splice_and_sendfile_make_datagrams) { TWINS(spliced); }

TEST_HARNESS_MAIN
