// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers that a stranger cannot guess: first sequence numbers (RFC 6528) and ports (RFC 6056) of
 * many connections, by their distribution. A fair one fails one time in ten thousand.
 */
#include <netinet/tcp.h>
#include <stdlib.h>
#include <time.h>

#include "kselftest_harness.h"
#include "twin.h"

#define MANY		1024
#define BINS		16
#define CHI_SQUARE_15	44.3		/* of 15 degrees of freedom: p is 0.0001 */

FIXTURE(chance)
{
	int ear;
};

static struct sockaddr_in name(unsigned int addr, int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_MYNET, .sin_port = htons(port), .sin_addr.s_addr = htonl(addr),
	};
}

FIXTURE_SETUP(chance)
{
	struct sockaddr_in sin = name(INADDR_LOOPBACK, 4000);

	ASSERT_EQ(0, twin_netns());
	self->ear = socket(AF_MYNET, SOCK_STREAM, 0);
	ASSERT_EQ(0, bind(self->ear, (struct sockaddr *)&sin, sizeof(sin)));
	ASSERT_EQ(0, on(self->ear, IPPROTO_TCP, TCP_SAVE_SYN, 1));
	ASSERT_EQ(0, listen(self->ear, 8));
}

FIXTURE_TEARDOWN(chance)
{
	close(self->ear);
}

static double chi_square(const unsigned int *count, unsigned int all)
{
	double expected = (double)all / BINS, sum = 0;
	int i;

	for (i = 0; i < BINS; i++)
		sum += (count[i] - expected) * (count[i] - expected) / expected;
	return sum;
}

/* The first sequence number of a connection from @port, 0: any; -1: there was none. */
static long long first_number(int ear, int port)
{
	struct sockaddr_in to = name(INADDR_LOOPBACK, 4000), from = name(INADDR_LOOPBACK, port);
	int fd = socket(AF_MYNET, SOCK_STREAM, 0), other;
	struct linger at_once = { .l_onoff = 1 };
	unsigned char syn[128];
	socklen_t len = sizeof(syn);
	long long number = -1;
	unsigned int seq;

	if (port)
		bind(fd, (struct sockaddr *)&from, sizeof(from));
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	if (!connect(fd, (struct sockaddr *)&to, sizeof(to))) {
		other = accept(ear, NULL, NULL);
		if (!getsockopt(other, IPPROTO_TCP, TCP_SAVED_SYN, syn, &len) && len >= 40) {
			memcpy(&seq, syn + 24, sizeof(seq));
			number = ntohl(seq);
		}
		setsockopt(other, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		close(other);
	}
	close(fd);
	return number;
}

TEST_F_TIMEOUT(chance, first_numbers_of_connections_have_nothing_in_common, 180)
{
	unsigned int count[BINS] = {}, step[BINS] = {}, i;
	long long number, before = 0;

	for (i = 0; i < MANY; i++) {
		number = first_number(self->ear, 0);
		ASSERT_LE(0, number);
		count[(unsigned int)number >> 28]++;
		step[(unsigned int)(number - before) >> 28]++;
		before = number;
	}
	EXPECT_LT(chi_square(count, MANY), CHI_SQUARE_15);
	EXPECT_LT(chi_square(step, MANY), CHI_SQUARE_15);
}

/* RFC 6528 3: what follows on a connection comes after it, by the clock of 64 ns. */
TEST_F_TIMEOUT(chance, the_next_connection_of_the_same_ports_goes_on_by_the_clock, 180)
{
	struct timespec begin, end;
	long long first, second, ticks;
	int i;

	for (i = 0; i < 16; i++) {
		clock_gettime(CLOCK_REALTIME, &begin);
		first = first_number(self->ear, 5000 + i);
		second = first_number(self->ear, 5000 + i);
		clock_gettime(CLOCK_REALTIME, &end);
		ASSERT_LE(0, first);
		ASSERT_LE(0, second);
		ticks = (end.tv_sec - begin.tv_sec) * 1000000000LL + end.tv_nsec - begin.tv_nsec;
		ticks /= 64;
		EXPECT_LT(0, (int)(second - first));
		EXPECT_GE(ticks, (int)(second - first));
	}
}

/* The port of a connection that is refused at once; the name of the socket tells it still. */
static int port_to(unsigned int addr)
{
	struct sockaddr_in to = name(addr, 4001), from = {};
	int fd = socket(AF_MYNET, SOCK_STREAM, 0);
	socklen_t len = sizeof(from);

	connect(fd, (struct sockaddr *)&to, sizeof(to));
	getsockname(fd, (struct sockaddr *)&from, &len);
	close(fd);
	return ntohs(from.sin_port);
}

TEST_F_TIMEOUT(chance, ports_to_one_host_say_nothing_about_ports_to_another, 180)
{
	unsigned int count[BINS] = {}, step[BINS] = {}, i;
	int low, high, port, before = 0, span;
	FILE *range = fopen("/proc/sys/net/mynet/ip_local_port_range", "r");

	ASSERT_NE(NULL, range);
	ASSERT_EQ(2, fscanf(range, "%d %d", &low, &high));
	fclose(range);
	span = high - low + 1;
	for (i = 0; i < MANY; i++) {
		port = port_to(INADDR_LOOPBACK + 256 + i);
		ASSERT_LE(low, port);
		ASSERT_GE(high, port);
		count[(port - low) * BINS / span]++;
		step[(port - before + 2 * 65536) % span * BINS / span]++;
		before = port;
	}
	EXPECT_LT(chi_square(count, MANY), CHI_SQUARE_15);
	EXPECT_LT(chi_square(step, MANY), CHI_SQUARE_15);
}

/* RFC 6056 3.3.5: who connects once learns the next port no better than by a guess. */
TEST_F_TIMEOUT(chance, ports_to_one_host_follow_in_random_steps, 180)
{
	int step[64] = {}, kinds = 0, before = port_to(INADDR_LOOPBACK), port, i, k;

	for (i = 0; i < 64; i++) {
		port = port_to(INADDR_LOOPBACK);
		for (k = 0; k < kinds && step[k] != port - before; k++)
			;
		if (k == kinds)
			step[kinds++] = port - before;
		before = port;
	}
	EXPECT_LE(4, kinds);
}

TEST_HARNESS_MAIN
