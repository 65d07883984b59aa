// SPDX-License-Identifier: GPL-2.0
/*
 * The first program of a kernel in virtual time: plays worlds, a seed each, and judges them. Prints
 * a line for each world: its seed, what became of it and its hash. scripts/sim tells it by
 * variables what to play.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cable.h"
#include "judge.h"
#include "net.h"
#include "sim.h"

#define SECOND		1000000000ULL
#define SILENCE		(180 * SECOND)	/* the longest timers of TCP have 120 s */
#define WORLD_LIMIT	(3600 * SECOND)
#define REST_LIMIT	(400 * SECOND)	/* TIME_WAIT and orphans are gone by then */
#define APART		4194304ULL	/* ms between worlds' beginnings: 2^20 ticks of 4 ms */
#define EPOCH		1700000000	/* each world's wall clock begins here */

static struct net_host hosts[SIM_HOSTS];

/* --- the kernel --------------------------------------------------------------------------- */

static void load(const char *path, const char *options)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, options, 0))
		die("loading %s: %s", path, strerror(errno));
	close(fd);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die("%s: %s", path, strerror(errno));
	close(fd);
}

static const char *setting(const char *name)
{
	const char *value = getenv(name);

	if (!value)
		die("the variable %s is not set", name);
	return value;
}

static void set_up_kernel(void)
{
	char options[128];

	if (mount("proc", "/proc", "proc", 0, NULL) || mount("sys", "/sys", "sysfs", 0, NULL))
		die("mounting /proc and /sys: %s", strerror(errno));
	snprintf(options, sizeof(options), "crng=%s reseed=%s", setting("sim_crng"),
		 setting("sim_reseed"));
	load(setting("sim_seeder"), options);
	load(setting("sim_family"), "");
	prctl(PR_SET_TIMERSLACK, 1);
}

static void sleep_to(uint64_t ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL))
		;
}

/* Worlds begin with the same random numbers, wall clock and phase of the ticks. */
static void seed_kernel(void)
{
	struct sim_random r = sim_stream(world.seed, SIM_STREAM_KERNEL);
	struct timeval epoch = { .tv_sec = EPOCH };
	char text[32];

	sleep_to((sim_clock() / 1000000 / APART + 1) * APART);
	settimeofday(&epoch, NULL);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)sim_next(&r));
	write_file("/sys/module/sim_seed/parameters/seed", text);
}

/* --- a world ------------------------------------------------------------------------------ */

/* @fd: both ends' sockets; a program that kept the other one's would keep it open. */
static void start_program(unsigned int conn, unsigned int host, const int *fd, int until)
{
	unsigned int i;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (pid)
		return;
	close(fd[!host]);
	for (i = 0; i < SIM_HOSTS; i++)
		close(hosts[i].port);
	close(until);
	sim_program(conn, host, fd[host]);
}

/* Returns the end of a pipe that ends with the last program. */
static int start_programs(void)
{
	unsigned int i, host;
	int alive[2], fd[SIM_HOSTS];

	if (pipe2(alive, O_CLOEXEC))
		die("pipe: %s", strerror(errno));
	for (i = 0; i < world.conns; i++) {
		for (host = 0; host < SIM_HOSTS; host++) {
			net_enter(&hosts[host]);
			fd[host] = sim_socket(i, host);
		}
		net_enter(NULL);
		for (host = 0; host < SIM_HOSTS; host++)
			start_program(i, host, fd, alive[0]);
		close(fd[0]);
		close(fd[1]);
	}
	close(alive[1]);
	return alive[0];
}

/* Frames travel until this time or the first event; true when the last program has ended. */
static bool run_until(uint64_t when, int alive)
{
	struct pollfd pf[3] = {
		{ hosts[0].port, POLLIN, 0 }, { hosts[1].port, POLLIN, 0 }, { alive, POLLIN, 0 },
	};
	uint64_t next = cable_deliver(), now = sim_now();
	struct timespec ts;
	unsigned int i;

	next = next < when ? next : when;
	next = next > now ? next - now : 0;
	ts = (struct timespec) { next / SECOND, next % SECOND };
	ppoll(pf, alive < 0 ? 2 : 3, &ts, NULL);
	for (i = 0; i < SIM_HOSTS; i++)
		if (pf[i].revents)
			cable_take(i);
	return alive >= 0 && pf[2].revents;
}

static void tell_stuck(const char *what)
{
	const struct sim_seen *s;
	unsigned int i, host;

	judge_fault("%s", what);
	for (i = 0; i < world.conns; i++)
		for (host = 0; host < SIM_HOSTS; host++) {
			s = &shared->seen[i][host];
			if (s->done)
				continue;
			printf("\t%c%u in %s(): sent %llu of %u, received %llu\n", 'a' + host,
			       i, sim_call_name(s->now), (unsigned long long)s->sent,
			       world.conn[i].side[host].bytes, (unsigned long long)s->received);
		}
}

static void run_programs(int alive)
{
	uint64_t last;

	for (;;) {
		last = cable_alive() > shared->alive ? cable_alive() : shared->alive;
		if (run_until(last + SILENCE, alive))
			break;
		last = cable_alive() > shared->alive ? cable_alive() : shared->alive;
		if (sim_now() >= last + SILENCE) {
			tell_stuck("nothing happens any more");
			break;
		}
		if (sim_now() > WORLD_LIMIT) {
			tell_stuck("it does not come to its end");
			break;
		}
	}
	close(alive);
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

/* Connections that the hosts still have go away by themselves. */
static void run_rest(void)
{
	uint64_t begun = sim_now(), step;
	unsigned int host;
	char text[512];

	for (host = 0; host < SIM_HOSTS; host++)
		while (net_left(&hosts[host], text, sizeof(text))) {
			if (sim_now() > begun + REST_LIMIT) {
				judge_fault("host %c still has connections: %s", 'a' + host, text);
				break;
			}
			for (step = sim_now() + SECOND; sim_now() < step;)
				run_until(step, -1);
		}
}

/* --- what the programs saw ---------------------------------------------------------------- */

static bool may_break(const struct sim_conn *c)
{
	unsigned int host;

	for (host = 0; host < SIM_HOSTS; host++)
		if (c->side[host].end != SIM_END_SHUTDOWN && c->side[host].end != SIM_END_LAST)
			return true;
	return false;
}

/* Losses may be so many that a connection is given up. */
static bool is_harsh(void)
{
	return world.dark_for || world.way[0].loss + world.way[0].flip > 100 ||
	       world.way[1].loss + world.way[1].flip > 100;
}

static void judge_program(unsigned int conn, unsigned int host)
{
	const struct sim_seen *s = &shared->seen[conn][host], *peer = &shared->seen[conn][!host];
	bool mild = !may_break(&world.conn[conn]) && !is_harsh();
	char name = 'a' + host;

	if (s->wrong)
		judge_fault("%c%u read bytes that nobody sent", name, conn);
	if (s->received > peer->sent)
		judge_fault("%c%u read more than was sent", name, conn);
	if (s->eof && s->received < peer->sent)
		judge_fault("%c%u read %llu of %llu bytes and then the end", name, conn,
			    (unsigned long long)s->received, (unsigned long long)peer->sent);
	if (s->error && mild)
		judge_fault("%c%u: %s: %s", name, conn, sim_call_name(s->failed),
			    strerror(s->error));
	if (!s->error && mild && !s->eof && s->done)
		judge_fault("%c%u never read the end", name, conn);
}

static void judge_programs(void)
{
	unsigned int i, host;

	for (i = 0; i < world.conns; i++)
		for (host = 0; host < SIM_HOSTS; host++)
			judge_program(i, host);
}

static void tell_result(void)
{
	printf("%s seed %llu %s-%s: %u connections, %u frames, %u calls, %.3f s, hash %016llx\n",
	       judge_faults() ? "FAILED" : "ok", (unsigned long long)world.seed,
	       world.mynet[0] ? "MYNET" : "INET", world.mynet[1] ? "MYNET" : "INET", world.conns,
	       cable_frames(), shared->calls, sim_now() / 1e9, (unsigned long long)shared->hash);
	fflush(stdout);
}

static void play(void)
{
	unsigned int host;

	memset(shared->seen, 0, sizeof(shared->seen));
	judge_start();
	seed_kernel();
	shared->start = sim_clock();
	shared->hash = world.seed;
	shared->alive = 0;
	shared->calls = 0;
	for (host = 0; host < SIM_HOSTS; host++)
		net_make(&hosts[host], host, world.mynet[host], world.mtu[host],
			 world.gso[host]);
	cable_start(hosts);
	run_programs(start_programs());
	judge_programs();
	run_rest();
	cable_stop();
	for (host = 0; host < SIM_HOSTS; host++)
		net_unmake(&hosts[host], host);
}

/* Secrets that the kernel makes at their first use are the same for all worlds of all boots. */
static void warm_up(void)
{
	unsigned int host;

	for (host = 0; host < SIM_HOSTS; host++) {
		sim_draw(&world, 0);
		world.mynet[host] = true;
		world.mynet[!host] = false;
		play();
	}
}

int main(void)
{
	uint64_t seed, i, count;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	set_up_kernel();
	seed = strtoull(setting("sim_seed"), NULL, 0);
	count = strtoull(setting("sim_count"), NULL, 0);
	warm_up();
	shared->trace = !strcmp(setting("sim_trace"), "y");
	for (i = 0; i < count; i++) {
		sim_draw(&world, seed + i);
		play();
		tell_result();
	}
	printf("END\n");
	fflush(stdout);
	reboot(RB_POWER_OFF);
	return 0;
}
