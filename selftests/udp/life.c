// SPDX-License-Identifier: GPL-2.0
/*
 * A datagram socket among the rest of the system: signals, other processes, time stamps, io_uring.
 * The same on AF_INET and on PF_MYNET over the loopback device.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/wait.h>
#include <time.h>

#include "kselftest_harness.h"
#include "ring.h"
#include "stamps.h"
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

	twin_for_ever(to);
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

	twin_for_ever(to);
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

	twin_for_ever(fd);
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

static void stamped(struct twin *t)
{
	int to = bound(t, 5070);

	stamps(t, to, connected(t, 5070), "abc", 3);
}

TEST_F(life, time_stamps_are_what_inet_gives) { TWINS(stamped); }

static void uring_udp(struct twin *t)
{
	int to = bound(t, 5080);

	uring(t, to, connected(t, 5080), "abc", 3);
}

TEST_F(life, io_uring_sends_receives_and_polls) { TWINS(uring_udp); }

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
