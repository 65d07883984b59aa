/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Time stamps of the twins' datagrams (SO_TIMESTAMP, SO_TIMESTAMPING): which there are and of what
 * kind, not what they say.
 */
#ifndef MYNET_TEST_STAMPS_H
#define MYNET_TEST_STAMPS_H

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <time.h>
#include <unistd.h>

#include "twin.h"

static inline void say_stamps(struct twin *t, int fd, int flags, const char *what)
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

/*
 * The core begins to stamp in a work item, some time after the first socket asked: this one keeps
 * it stamping. Return: it, or -1.
 */
static inline int stamping(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), tries;
	struct sockaddr_in name = { .sin_family = AF_INET };
	socklen_t len = sizeof(name);
	long control[64];

	inet_aton("127.0.0.1", &name.sin_addr);
	bind(fd, (struct sockaddr *)&name, len);
	getsockname(fd, (struct sockaddr *)&name, &len);
	connect(fd, (struct sockaddr *)&name, len);
	on(fd, SOL_SOCKET, SO_TIMESTAMPING,
	   SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE);
	for (tries = 0; tries < 500; tries++) {
		struct msghdr msg = { .msg_control = control, .msg_controllen = sizeof(control) };

		send(fd, "", 1, 0);
		recvmsg(fd, &msg, 0);
		if (msg.msg_controllen)
			return fd;
		usleep(10000);	/* waits for time itself: the work item has it */
	}
	close(fd);
	return -1;
}

/* Sends by @from and reads at @to. */
static inline void stamps(struct twin *t, int to, int from, const void *data, size_t len)
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
	int keeper = stamping(), i;

	/* Not the same of both, so that it is seen. */
	twin_say(t, keeper < 0 ? t->family : 0, "the core stamps");
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		SAY(t, on(to, SOL_SOCKET, SO_TIMESTAMPING, kinds[i]));
		SAY(t, send(from, data, len, 0));
		say_stamps(t, to, 0, "received");
	}
	SAY(t, on(to, SOL_SOCKET, SO_TIMESTAMPING, 0));
	SAY(t, on(to, SOL_SOCKET, SO_TIMESTAMP, 1));
	SAY(t, send(from, data, len, 0));
	say_stamps(t, to, 0, "SO_TIMESTAMP");
	SAY(t, on(to, SOL_SOCKET, SO_TIMESTAMPNS, 1));
	SAY(t, send(from, data, len, 0));
	say_stamps(t, to, 0, "SO_TIMESTAMPNS");
	for (i = 0; i < ARRAY_SIZE(sent); i++) {
		SAY(t, on(from, SOL_SOCKET, SO_TIMESTAMPING, sent[i]));
		SAY(t, send(from, data, len, 0));
		say_stamps(t, to, 0, "arrived");
		say_stamps(t, from, MSG_ERRQUEUE, "sent");
		say_stamps(t, from, MSG_ERRQUEUE, "sent, once more");
	}
	SAY(t, on(from, SOL_SOCKET, SO_TIMESTAMPING, 1 << 30));
	close(keeper);
}

#endif /* MYNET_TEST_STAMPS_H */
