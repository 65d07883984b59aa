// SPDX-License-Identifier: GPL-2.0
/*
 * "mynet run" for programs that no preloaded library reaches: their socket() calls are watched.
 *
 * A seccomp filter, which children inherit, hands socket(AF_INET) to this program. It makes a
 * MYNET socket, sets the name option and puts it into the caller's table of files, as if the
 * call had returned it (SECCOMP_ADDFD_FLAG_SEND). The options that kernels before 6.12 refuse to
 * foreign families are set here too. All other calls cost the filter and nothing else.
 *
 * What a caller could not do itself it cannot do here: a raw socket asks for its CAP_NET_RAW, a
 * ping socket for its groups. A caller that has become another user, or has gone to another
 * namespace, gets its sockets from a child that has done the same; one of which that is not known
 * gets none.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/mynet.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mynet.h"
#include "run.h"

#if defined(__x86_64__)
#define THIS_ARCH	AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCH	AUDIT_ARCH_AARCH64
#else
#error "mynet run --trap does not know this processor's system calls"
#endif

#define FIELD(member)	offsetof(struct seccomp_data, member)
#define LOAD(member)	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(member))
/* Little-endian: the low half of an argument comes first. */
#define IF_EQUAL(value, yes, no)	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define RETURN(what)	BPF_STMT(BPF_RET | BPF_K, what)

/* Returns the descriptor that the kernel's questions come from. */
static int install_filter(void)
{
	struct sock_filter code[] = {
		LOAD(arch),
		IF_EQUAL(THIS_ARCH, 0, 12),
		LOAD(nr),
		IF_EQUAL(SYS_socket, 0, 3),
		LOAD(args[0]),
		IF_EQUAL(AF_INET, 9, 0),
		IF_EQUAL(AF_INET6, 6, 7),
		IF_EQUAL(SYS_setsockopt, 0, 6),
		LOAD(args[1]),
		IF_EQUAL(SOL_SOCKET, 0, 4),
		LOAD(args[2]),
		IF_EQUAL(SO_REUSEPORT, 3, 0),
		IF_EQUAL(SO_ZEROCOPY, 2, 1),
		RETURN(SECCOMP_RET_ERRNO | EAFNOSUPPORT),
		RETURN(SECCOMP_RET_ALLOW),
		RETURN(SECCOMP_RET_USER_NOTIF),
	};
	struct sock_fprog program = { ARRAY_SIZE(code), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
		       &program);
}

/* --- a descriptor goes from child to parent ----------------------------------------------- */

union one_fd {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(int))];
};

static int send_fd(int to, int fd)
{
	union one_fd control = { .head = { CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS } };
	struct iovec byte = { "", 1 };
	struct msghdr msg = {
		.msg_iov = &byte, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control.room),
	};

	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	return sendmsg(to, &msg, 0) == 1 ? 0 : -1;
}

static int receive_fd(int from)
{
	union one_fd control;
	char data;
	struct iovec byte = { &data, 1 };
	struct msghdr msg = {
		.msg_iov = &byte, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control.room),
	};
	struct cmsghdr *head;
	int fd;

	if (recvmsg(from, &msg, MSG_CMSG_CLOEXEC) != 1)
		return -1;
	head = CMSG_FIRSTHDR(&msg);
	if (!head || head->cmsg_type != SCM_RIGHTS)
		return -1;
	memcpy(&fd, CMSG_DATA(head), sizeof(fd));
	return fd;
}

/* --- who asks ----------------------------------------------------------------------------- */

#define GROUPS_MOST	1024

/*
 * The task that makes a socket: the facts that the kernel judges it by, as /proc tells them in this
 * user namespace.
 */
struct caller {
	uid_t			uid;	/* that of files: whose the socket is */
	gid_t			gid;
	gid_t			groups[GROUPS_MOST];
	unsigned int		n_groups;
	unsigned long long	caps;
};

static void read_groups(const char *line, struct caller *caller)
{
	char *end;

	for (caller->n_groups = 0; caller->n_groups < GROUPS_MOST; line = end) {
		unsigned long gid = strtoul(line, &end, 10);

		if (end == line)
			break;
		caller->groups[caller->n_groups++] = gid;
	}
}

/* Returns false if /proc does not tell. */
static bool read_caller(pid_t pid, struct caller *caller)
{
	char path[64], *line = NULL;
	unsigned int told = 0;
	size_t size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "r");
	while (file && getline(&line, &size, file) > 0) {
		if (!strncmp(line, "Groups:", 7)) {
			read_groups(line + 7, caller);
			told++;
		}
		told += sscanf(line, "Uid: %*u %*u %*u %u", &caller->uid) == 1;
		told += sscanf(line, "Gid: %*u %u", &caller->gid) == 1;
		told += sscanf(line, "CapEff: %llx", &caller->caps) == 1;
	}
	free(line);
	if (file)
		fclose(file);
	return told == 4;
}

static bool is_like_us(const struct caller *caller)
{
	gid_t groups[GROUPS_MOST];
	int n = getgroups(GROUPS_MOST, groups);

	return caller->uid == geteuid() && caller->gid == getegid() &&
	       n == (int)caller->n_groups &&
	       !memcmp(groups, caller->groups, n * sizeof(*groups));
}

/* As far as we may: who is not privileged has children that are as himself. */
static bool become(const struct caller *caller)
{
	bool done = !setgroups(caller->n_groups, caller->groups);

	done = !setresgid(-1, caller->gid, -1) && done;
	setfsuid(caller->uid);	/* unlike the other user, it leaves CAP_NET_RAW where it was */
	return done || is_like_us(caller);
}

enum where { HERE, ELSEWHERE, UNKNOWN };

/* In which namespace, of @kind, the caller is; the kernel may not tell. */
static enum where namespace_of(pid_t pid, const char *kind)
{
	struct stat ours, theirs;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/ns/%s", kind);
	if (stat(path, &ours))
		return UNKNOWN;
	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, kind);
	if (stat(path, &theirs))
		return UNKNOWN;
	return ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino ? HERE : ELSEWHERE;
}

/* Goes where the caller is, if that is elsewhere. */
static bool follow(pid_t pid, const char *kind, int flag)
{
	char path[64];
	int fd;

	if (namespace_of(pid, kind) == HERE)
		return true;
	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, kind);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && !setns(fd, flag);
}

/* --- sockets ------------------------------------------------------------------------------ */

static bool is_ping(int type, int protocol)
{
	return (type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) == SOCK_DGRAM && protocol == IPPROTO_ICMP;
}

/*
 * In a child: follows the caller into its namespaces, takes on what the kernel would judge it by
 * (read again: numbers of users are others in another user namespace), and asks for a socket.
 */
static void make_as_caller(int to_parent, pid_t pid, int type, int protocol)
{
	struct caller caller;
	int fd;

	if (!follow(pid, "user", CLONE_NEWUSER) || !follow(pid, "net", CLONE_NEWNET) ||
	    !read_caller(pid, &caller))
		_exit(EAFNOSUPPORT);
	if (!become(&caller) && is_ping(type, protocol))
		_exit(EACCES);
	fd = socket(PF_MYNET, type, protocol);
	if (fd < 0)
		_exit(errno);
	_exit(send_fd(to_parent, fd) ? EAFNOSUPPORT : 0);
}

/* A socket as the caller would have made it, or -errno. */
static int socket_of(pid_t pid, int type, int protocol)
{
	int pair[2], fd, status = 0;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return -errno;
	child = fork();
	if (!child)
		make_as_caller(pair[1], pid, type, protocol);
	close(pair[1]);
	fd = child > 0 ? receive_fd(pair[0]) : -1;
	close(pair[0]);
	if (child < 0)
		return -ENOMEM;
	waitpid(child, &status, 0);
	if (fd >= 0)
		return fd;
	return WIFEXITED(status) && WEXITSTATUS(status) ? -WEXITSTATUS(status) : -EAFNOSUPPORT;
}

/*
 * Makes a socket for the caller. The facts that were read were the caller's: the kernel takes the
 * answer only while the very same task waits for it.
 */
static int socket_for(pid_t pid, int type, int protocol)
{
	enum where net = namespace_of(pid, "net"), user = namespace_of(pid, "user");
	struct caller caller;
	int fd;

	if (net == UNKNOWN || user == UNKNOWN || !read_caller(pid, &caller))
		return -EAFNOSUPPORT;
	/*
	 * Capabilities count where they were given: the kernel asks again, in the caller's place.
	 */
	if ((type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) == SOCK_RAW &&
	    !(caller.caps & 1ULL << CAP_NET_RAW))
		return -EPERM;
	if (net != HERE || user != HERE || !is_like_us(&caller))
		return socket_of(pid, type, protocol);
	fd = socket(PF_MYNET, type, protocol);
	return fd < 0 ? -errno : fd;
}

/* --- questions ---------------------------------------------------------------------------- */

/* A line of /proc/PID/status as a number, or -1. */
static long long status_of(pid_t pid, const char *format)
{
	char path[64], line[256];
	unsigned long long value;
	long long found = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "r");
	while (file && found < 0 && fgets(line, sizeof(line), file))
		if (sscanf(line, format, &value) == 1)
			found = value;
	if (file)
		fclose(file);
	return found;
}

/* Is the question still open? What was read of the caller before was the caller's then. */
static bool still_asked(int listener, __u64 id)
{
	return !ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id);
}

/* socket(AF_INET, type, protocol): answers by itself, or returns the error for the caller. */
static int answer_socket(int listener, const struct seccomp_notif *asked)
{
	struct seccomp_notif_addfd add = { .id = asked->id, .flags = SECCOMP_ADDFD_FLAG_SEND };
	int type = asked->data.args[1], protocol = asked->data.args[2], on = 1, fd, err = 0;

	fd = socket_for(asked->pid, type | SOCK_CLOEXEC, protocol);
	if (fd < 0)
		return fd;
	add.srcfd = fd;
	add.newfd_flags = type & SOCK_CLOEXEC;
	if (setsockopt(fd, SOL_MYNET, MYNET_INET_NAMES, &on, sizeof(on)) ||
	    ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add) < 0)
		err = -errno;
	close(fd);
	return err;
}

/* The caller's own descriptor, here too, or -1. */
static int borrow_fd(pid_t tid, int fd)
{
	long long pid = status_of(tid, "Tgid: %llu");
	int pidfd = pid > 0 ? syscall(SYS_pidfd_open, (pid_t)pid, 0) : -1;
	int borrowed;

	if (pidfd < 0)
		return -1;
	borrowed = syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	close(pidfd);
	return borrowed;
}

/* setsockopt(SOL_SOCKET, SO_REUSEPORT or SO_ZEROCOPY): 1 leaves it to the kernel. */
static int answer_option(int listener, const struct seccomp_notif *asked)
{
	int option = asked->data.args[2] == SO_REUSEPORT ? MYNET_REUSEPORT : MYNET_ZEROCOPY;
	struct iovec theirs = { (void *)asked->data.args[3], sizeof(int) };
	int value, fd, result = 1;
	struct iovec ours = { &value, sizeof(value) };
	socklen_t len = sizeof(int);

	fd = borrow_fd(asked->pid, asked->data.args[0]);
	if (fd < 0)
		return 1;
	if (asked->data.args[4] >= sizeof(int) &&
	    process_vm_readv(asked->pid, &ours, 1, &theirs, 1, 0) == sizeof(value) &&
	    still_asked(listener, asked->id)) {
		if (!setsockopt(fd, SOL_MYNET, option, &value, sizeof(value)))
			result = 0;
		else if (!getsockopt(fd, SOL_MYNET, option, &value, &len))
			result = -errno;
	}
	close(fd);
	return result;
}

static void answer(int listener, const struct seccomp_notif *asked)
{
	struct seccomp_notif_resp response = { .id = asked->id };
	int result;

	if (asked->data.nr == SYS_socket)
		result = answer_socket(listener, asked);
	else
		result = answer_option(listener, asked);
	if (asked->data.nr == SYS_socket && !result)
		return;		/* the new descriptor was the answer */
	if (result > 0)
		response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	else
		response.error = result;
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

/* --- watching ----------------------------------------------------------------------------- */

/* Sent to this program they are meant for the one that it runs. */
static const int passed_on[] = { SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGCONT };

static int open_signals(void)
{
	unsigned int i;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (i = 0; i < ARRAY_SIZE(passed_on); i++)
		sigaddset(&set, passed_on[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* Returns whether the child has ended. */
static bool take_signal(int signals, pid_t child)
{
	struct signalfd_siginfo info;
	siginfo_t ended = { .si_pid = 0 };

	if (read(signals, &info, sizeof(info)) != sizeof(info))
		return false;
	if (info.ssi_signo != SIGCHLD)
		kill(child, info.ssi_signo);
	/* The child may have been stopped only; its end is left for exit_status() to take. */
	waitid(P_PID, child, &ended, WEXITED | WNOHANG | WNOWAIT);
	return ended.si_pid;
}

/* Until nobody is watched any more, or the child has ended: then true. */
static bool watch(int listener, int signals, pid_t child)
{
	struct pollfd polled[] = {
		{ .fd = listener, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};
	struct seccomp_notif asked;

	for (;;) {
		if (poll(polled, ARRAY_SIZE(polled), -1) < 0)
			continue;
		if (polled[0].revents & POLLIN) {
			memset(&asked, 0, sizeof(asked));
			if (!ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked))
				answer(listener, &asked);
		} else if (polled[0].revents) {
			return false;
		}
		if (polled[1].revents && take_signal(signals, child))
			return true;
	}
}

static int exit_status(pid_t child)
{
	int status = 0;

	waitpid(child, &status, 0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

#define LISTENER	3	/* of a daemon: the first descriptor after the usual ones */

/* Keeps nothing of who started this program: no terminal, pipe, file or folder. */
static void become_daemon(int listener)
{
	int null, fd;

	setsid();
	if (chdir("/"))
		_exit(MYNET_REFUSED);
	listener = fcntl(listener, F_DUPFD, LISTENER);	/* it may be one of the usual ones */
	null = open("/dev/null", O_RDWR);
	for (fd = 0; fd < LISTENER; fd++)
		if (fd != null)
			dup2(null, fd);
	dup2(listener, LISTENER);
	close_range(LISTENER + 1, ~0U, 0);
}

/*
 * Goes on answering for a program whose children live on as daemons: if need be in this process,
 * and then the one that waits for the exit status has to wait longer.
 */
static void watch_on(int listener)
{
	pid_t watcher = fork();

	if (watcher > 0)
		return;
	if (!watcher) {
		become_daemon(listener);
		listener = LISTENER;
	}
	watch(listener, -1, 0);
	if (!watcher)
		_exit(0);
}

static void run_child(int to_parent, const char *path, char **argv)
{
	int listener = install_filter();
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (listener < 0 || send_fd(to_parent, listener))
		fail("Cannot watch system calls: %s", strerror(errno));
	close(listener);
	close(to_parent);
	execv(path, argv);
	fail("Cannot run \"%s\": %s", path, strerror(errno));
}

int run_trapped(const char *path, char **argv)
{
	int pair[2], listener, signals = open_signals();
	pid_t child;

	if (signals < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		fail("Cannot watch a program: %s", strerror(errno));
	child = fork();
	if (child < 0)
		fail("Cannot fork: %s", strerror(errno));
	if (!child)
		run_child(pair[1], path, argv);
	close(pair[1]);
	/* A signal that the terminal sends to both is the child's to decide about. */
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	listener = receive_fd(pair[0]);
	close(pair[0]);
	if (listener >= 0 && watch(listener, signals, child))
		watch_on(listener);
	return exit_status(child);
}
