// SPDX-License-Identifier: GPL-2.0
/*
 * The programs of a world: each sends its bytes, reads those of the other end and compares them,
 * and ends as its seed says.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/mynet.h>

#include "net.h"
#include "sim.h"

#define ACCEPT_LIMIT	125	/* seconds; the clock of longer ones is 16 s coarse */

struct program {
	unsigned int		conn, host;
	const struct sim_side	*side;
	struct sim_seen		*seen;
	struct sim_random	random;
	uint64_t		limit;	/* bytes to send */
	int			fd, file, pipe[2];
	unsigned char		data[65536];
};

static struct program *self;	/* a process is one program */

const char *sim_call_name(enum sim_call call)
{
	static const char * const names[CALLS] = {
		"nothing", "connect", "accept", "send", "sendfile", "recv", "recv(MSG_PEEK)",
		"splice", "poll", "shutdown", "close", "pause",
	};

	return names[call];
}

static void begin(enum sim_call call)
{
	self->seen->now = call;
}

/* Writes a call and its result down. */
static long say(long result)
{
	struct program *p = self;
	int error = result < 0 ? errno : 0;
	uint64_t now = sim_now();

	shared->alive = now;
	shared->calls++;
	sim_hash(now);
	sim_hash((uint64_t)p->conn << 40 | (uint64_t)p->host << 32 | p->seen->now << 16 | error);
	sim_hash(result);
	if (shared->trace)
		printf("%12.6f  %c%u %s = %ld%s%s\n", now / 1e9, 'a' + p->host, p->conn,
		       sim_call_name(p->seen->now), result, error ? " " : "",
		       error ? strerror(error) : "");
	if (error && error != EAGAIN && error != EINPROGRESS && !p->seen->error) {
		p->seen->error = error;
		p->seen->failed = p->seen->now;
	}
	p->seen->now = CALL_NONE;
	return result;
}

/* A call as an expression of its result. */
#define SAY(call, expression)	(begin(call), say(expression))

static void set(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)))
		die("option %d:%d = %d: %s", level, name, value, strerror(errno));
}

int sim_socket(unsigned int conn, unsigned int host)
{
	const struct sim_side *s = &world.conn[conn].side[host];
	int family = world.mynet[host] ? AF_MYNET : AF_INET;
	struct timeval limit = { .tv_sec = ACCEPT_LIMIT };
	struct sockaddr_in sin = {
		.sin_family = family, .sin_port = htons(SIM_PORT + conn),
		.sin_addr.s_addr = net_addr(host),
	};
	int fd = socket(family, SOCK_STREAM, 0);

	if (fd < 0)
		die("socket: %s", strerror(errno));
	set(fd, SOL_SOCKET, SO_OOBINLINE, 1);
	if (s->sndbuf)
		set(fd, SOL_SOCKET, SO_SNDBUF, s->sndbuf);
	if (s->rcvbuf)
		set(fd, SOL_SOCKET, SO_RCVBUF, s->rcvbuf);
	if (s->mss)
		set(fd, SOL_TCP, TCP_MAXSEG, s->mss);
	if (world.conn[conn].from == host)
		return fd;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    bind(fd, (struct sockaddr *)&sin, sizeof(sin)) || listen(fd, 4))
		die("listener: %s", strerror(errno));
	return fd;
}

static void set_up(struct program *p)
{
	struct timeval never = {};

	setsockopt(p->fd, SOL_SOCKET, SO_RCVTIMEO, &never, sizeof(never));
	set(p->fd, SOL_TCP, TCP_NODELAY, p->side->nodelay);
	set(p->fd, SOL_TCP, TCP_CORK, p->side->cork);
	if (!p->side->keepalive)
		return;
	set(p->fd, SOL_TCP, TCP_KEEPIDLE, 100);
	set(p->fd, SOL_TCP, TCP_KEEPINTVL, 10);
	set(p->fd, SOL_TCP, TCP_KEEPCNT, 6);
	set(p->fd, SOL_SOCKET, SO_KEEPALIVE, 1);
}

static void pause_for(unsigned int us)
{
	struct timespec ts = { us / 1000000, us % 1000000 * 1000 };

	SAY(CALL_PAUSE, nanosleep(&ts, NULL));
}

static void maybe_pause(struct program *p, unsigned int most)
{
	if (most && !sim_below(&p->random, 8))
		pause_for(sim_size(&p->random, most));
}

static int wait_for(struct program *p, int events)
{
	struct pollfd pf = { .fd = p->fd, .events = events };

	return SAY(CALL_POLL, poll(&pf, 1, -1)) < 0 ? 0 : pf.revents;
}

static bool connect_to(struct program *p)
{
	struct sockaddr_in sin = {
		.sin_family = world.mynet[p->host] ? AF_MYNET : AF_INET,
		.sin_port = htons(SIM_PORT + p->conn), .sin_addr.s_addr = net_addr(!p->host),
	};
	int error = 0;
	socklen_t len = sizeof(error);

	if (!SAY(CALL_CONNECT, connect(p->fd, (struct sockaddr *)&sin, sizeof(sin))))
		return true;
	if (errno != EINPROGRESS)
		return false;
	wait_for(p, POLLOUT);
	getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	errno = error;
	return !SAY(CALL_CONNECT, error ? -1 : 0);
}

static bool accept_one(struct program *p)
{
	int fd = SAY(CALL_ACCEPT, accept(p->fd, NULL, NULL));

	close(p->fd);
	p->fd = fd;
	if (fd < 0 && !p->seen->error) {
		p->seen->error = EAGAIN;
		p->seen->failed = CALL_ACCEPT;
	}
	return fd >= 0;
}

static unsigned int stream_from(const struct program *p, unsigned int host)
{
	return p->conn << 1 | host;
}

/* All that the program will send, in a file. */
static void fill_file(struct program *p)
{
	uint64_t at, i, n;

	p->file = memfd_create("data", MFD_CLOEXEC);
	for (at = 0; at < p->limit; at += n) {
		n = p->limit - at < sizeof(p->data) ? p->limit - at : sizeof(p->data);
		for (i = 0; i < n; i++)
			p->data[i] = sim_byte(stream_from(p, p->host), at + i);
		if (pwrite(p->file, p->data, n, at) != (ssize_t)n)
			die("memfd: %s", strerror(errno));
	}
}

/* False after an error. */
static bool send_some(struct program *p)
{
	const struct sim_side *s = p->side;
	uint64_t left = p->limit - p->seen->sent, n = sim_size(&p->random, s->chunk_out), i;
	int flags = MSG_NOSIGNAL;
	off_t at = p->seen->sent;
	long result;

	if (n > left)
		n = left;
	if (sim_chance(&p->random, s->more))
		flags |= MSG_MORE;
	if (sim_chance(&p->random, s->urgent))
		flags |= MSG_OOB;
	if (s->splice) {
		result = SAY(CALL_SENDFILE, sendfile(p->fd, p->file, &at, n));
	} else {
		for (i = 0; i < n; i++)
			p->data[i] = sim_byte(stream_from(p, p->host), at + i);
		result = SAY(CALL_SEND, send(p->fd, p->data, n, flags));
	}
	if (result < 0)
		return errno == EAGAIN;
	p->seen->sent += result;
	maybe_pause(p, s->pause_out);
	return true;
}

static void compare(struct program *p, long n)
{
	unsigned int stream = stream_from(p, !p->host);
	long i;

	for (i = 0; i < n; i++)
		if (p->data[i] != sim_byte(stream, p->seen->received + i))
			p->seen->wrong = true;
}

static long receive(struct program *p, size_t n)
{
	long result;

	switch (p->side->read) {
	case SIM_READ_SPLICE:
		result = SAY(CALL_SPLICE, splice(p->fd, NULL, p->pipe[1], NULL, n, 0));
		return result > 0 ? read(p->pipe[0], p->data, result) : result;
	case SIM_READ_PEEK:
		result = SAY(CALL_PEEK, recv(p->fd, p->data, n, MSG_PEEK));
		if (result <= 0)
			return result;
		compare(p, result);
		n = result;
		break;
	case SIM_READ_WAITALL:
		if (p->side->blocking)
			return SAY(CALL_RECV, recv(p->fd, p->data, n, MSG_WAITALL));
		break;
	default:
		break;
	}
	return SAY(CALL_RECV, recv(p->fd, p->data, n, 0));
}

/* False after an error and at the end of the stream. */
static bool receive_some(struct program *p)
{
	long n = receive(p, sim_size(&p->random, p->side->chunk_in));

	if (n < 0)
		return errno == EAGAIN;
	if (!n) {
		p->seen->eof = !p->seen->error;
		return false;
	}
	compare(p, n);
	p->seen->received += n;
	maybe_pause(p, p->side->pause_in);
	return true;
}

static void finish(struct program *p)
{
	const struct linger patient = { 1, 100 }, at_once = { 1, 0 };

	if (p->side->end == SIM_END_LINGER)
		setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &patient, sizeof(patient));
	if (p->side->end == SIM_END_ABORT)
		setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	SAY(CALL_CLOSE, close(p->fd));
	p->seen->done = true;
}

static bool waits_for_end(const struct program *p)
{
	return p->side->end == SIM_END_SHUTDOWN || p->side->end == SIM_END_LAST;
}

/* The random numbers of one of a program's two processes. */
static struct sim_random stream_of(const struct program *p, unsigned int process)
{
	return sim_stream(world.seed, SIM_STREAM_PROGRAM + 4 * p->conn + 2 * p->host + process);
}

/* Two processes on one socket: a reader, and a writer that also ends. */
static void run_blocking(struct program *p)
{
	pid_t reader = fork();

	if (!reader) {
		p->random = stream_of(p, 1);
		while (receive_some(p))
			;
		_exit(0);
	}
	while (p->seen->sent < p->limit && send_some(p))
		;
	if (p->side->end == SIM_END_SHUTDOWN && !p->seen->error)
		SAY(CALL_SHUTDOWN, shutdown(p->fd, SHUT_WR));
	if (!waits_for_end(p))
		kill(reader, SIGKILL);
	waitpid(reader, NULL, 0);
	if (p->side->end == SIM_END_LAST && !p->seen->error)
		SAY(CALL_SHUTDOWN, shutdown(p->fd, SHUT_WR));
}

static void run_polling(struct program *p)
{
	bool shut = false, reads = true;
	int got;

	while (!p->seen->error) {
		if (p->side->end == SIM_END_SHUTDOWN && p->seen->sent == p->limit && !shut)
			shut = !SAY(CALL_SHUTDOWN, shutdown(p->fd, SHUT_WR));
		if (p->seen->sent == p->limit && (!reads || !waits_for_end(p)))
			break;
		got = wait_for(p, (reads ? POLLIN : 0) | (p->seen->sent < p->limit ? POLLOUT : 0));
		if (reads && got & (POLLIN | POLLHUP | POLLERR))
			reads = receive_some(p);
		if (p->seen->sent < p->limit && got & (POLLOUT | POLLHUP | POLLERR))
			send_some(p);
	}
	if (p->side->end == SIM_END_LAST && !p->seen->error)
		SAY(CALL_SHUTDOWN, shutdown(p->fd, SHUT_WR));
}

void sim_program(unsigned int conn, unsigned int host, int fd)
{
	const struct sim_conn *c = &world.conn[conn];
	struct program *p = calloc(1, sizeof(*p));
	bool client = c->from == host;

	self = p;
	p->conn = conn;
	p->host = host;
	p->fd = fd;
	p->side = &c->side[host];
	p->seen = &shared->seen[conn][host];
	p->random = stream_of(p, 0);
	p->limit = p->side->end == SIM_END_ABORT ? p->side->bytes / 2 : p->side->bytes;
	if (p->side->splice)
		fill_file(p);
	if (p->side->read == SIM_READ_SPLICE && pipe(p->pipe))
		die("pipe: %s", strerror(errno));
	if (client && c->start)
		pause_for(c->start);
	if (client && !p->side->blocking)
		fcntl(p->fd, F_SETFL, O_NONBLOCK);
	if (client ? connect_to(p) : accept_one(p)) {
		set_up(p);
		fcntl(p->fd, F_SETFL, p->side->blocking ? 0 : O_NONBLOCK);
		if (p->side->blocking)
			run_blocking(p);
		else
			run_polling(p);
	}
	finish(p);
	_exit(0);
}
