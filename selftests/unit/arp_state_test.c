// SPDX-License-Identifier: GPL-2.0
/*
 * The neighbour's state machine, walked through by hand and then at random.
 */
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

#include "kselftest_harness.h"

#include "af_mynet/link/arp_state.h"
#include "af_mynet/link/arp_state.c"

#define ASK	(MN_ARP_DO_ASK_ALL | MN_ARP_DO_ASK_ONE)

FIXTURE(neighbour)
{
	struct mn_arp_params p;
	struct mn_arp_state s;
	unsigned long now;
};

FIXTURE_SETUP(neighbour)
{
	self->p = (struct mn_arp_params) {
		.reachable = 3000, .delay = 500, .retrans = 100, .locktime = 100,
		.ucast_probes = 2, .bcast_probes = 3,
	};
	/* Near the end of the clock, so that every test crosses it. */
	self->now = ULONG_MAX - 150;
	mn_arp_init(&self->s, &self->p, self->now);
}

FIXTURE_TEARDOWN(neighbour)
{
}

/* Goes to when it wants to be woken, and wakes it. */
static unsigned int wake(FIXTURE_DATA(neighbour) *self)
{
	self->now = self->s.expires;
	return mn_arp_expired(&self->s, &self->p, self->now);
}

static unsigned int heard(FIXTURE_DATA(neighbour) *self, bool same, bool solicited)
{
	return mn_arp_state_confirm(&self->s, &self->p, self->now, same, solicited, false);
}

static void make_reachable(FIXTURE_DATA(neighbour) *self)
{
	mn_arp_used(&self->s, &self->p, self->now);
	heard(self, false, true);
}

static void make_stale(FIXTURE_DATA(neighbour) *self)
{
	make_reachable(self);
	wake(self);
}

TEST_F(neighbour, first_packet_asks_everybody)
{
	EXPECT_EQ(MN_ARP_DO_ASK_ALL | MN_ARP_DO_ARM,
		  mn_arp_used(&self->s, &self->p, self->now));
	EXPECT_EQ(MN_ARP_INCOMPLETE, self->s.state);
	EXPECT_EQ(self->now + 100, self->s.expires);
}

TEST_F(neighbour, more_packets_while_asking_change_nothing)
{
	struct mn_arp_state before;

	mn_arp_used(&self->s, &self->p, self->now);
	before = self->s;
	EXPECT_EQ(0, mn_arp_used(&self->s, &self->p, self->now + 1));
	EXPECT_EQ(0, memcmp(&before, &self->s, sizeof(before)));
}

TEST_F(neighbour, silence_ends_in_failure_after_so_many_requests)
{
	unsigned int asked = 1, todo;

	mn_arp_used(&self->s, &self->p, self->now);
	while (!((todo = wake(self)) & MN_ARP_DO_FAIL)) {
		ASSERT_EQ(MN_ARP_DO_ASK_ALL | MN_ARP_DO_ARM, todo);
		asked++;
		ASSERT_LT(asked, 100);
	}
	EXPECT_EQ(3, asked);
	EXPECT_EQ(MN_ARP_FAILED, self->s.state);
}

TEST_F(neighbour, failed_one_is_asked_again_by_the_next_packet)
{
	mn_arp_used(&self->s, &self->p, self->now);
	while (!(wake(self) & MN_ARP_DO_FAIL))
		;
	EXPECT_EQ(MN_ARP_DO_ASK_ALL | MN_ARP_DO_ARM,
		  mn_arp_used(&self->s, &self->p, self->now));
	EXPECT_EQ(MN_ARP_INCOMPLETE, self->s.state);
	EXPECT_EQ(1, self->s.probes);
}

TEST_F(neighbour, without_any_probes_allowed_it_fails_at_once)
{
	self->p.bcast_probes = 0;
	EXPECT_TRUE(mn_arp_used(&self->s, &self->p, self->now) & MN_ARP_DO_FAIL);
	EXPECT_EQ(MN_ARP_FAILED, self->s.state);
}

TEST_F(neighbour, reply_makes_it_reachable_and_lets_packets_go)
{
	mn_arp_used(&self->s, &self->p, self->now);
	EXPECT_EQ(MN_ARP_DO_LEARN | MN_ARP_DO_SEND | MN_ARP_DO_ARM, heard(self, false, true));
	EXPECT_EQ(MN_ARP_REACHABLE, self->s.state);
	EXPECT_EQ(self->now + 3000, self->s.expires);
}

TEST_F(neighbour, request_from_it_makes_it_stale)
{
	EXPECT_EQ(MN_ARP_DO_LEARN | MN_ARP_DO_SEND | MN_ARP_DO_DISARM, heard(self, false, false));
	EXPECT_EQ(MN_ARP_STALE, self->s.state);
}

TEST_F(neighbour, an_address_of_zeros_is_learnt_too)
{
	/* "same" is true by accident while nothing is known. */
	EXPECT_TRUE(heard(self, true, false) & MN_ARP_DO_LEARN);
	EXPECT_EQ(MN_ARP_STALE, self->s.state);
}

TEST_F(neighbour, reachable_goes_stale_without_confirmation)
{
	make_reachable(self);
	EXPECT_EQ(0, wake(self));
	EXPECT_EQ(MN_ARP_STALE, self->s.state);
}

TEST_F(neighbour, confirmation_keeps_it_reachable)
{
	make_reachable(self);
	mn_arp_confirmed(&self->s, self->s.expires - 10);
	EXPECT_EQ(MN_ARP_DO_ARM, wake(self));
	EXPECT_EQ(MN_ARP_REACHABLE, self->s.state);
	EXPECT_EQ(self->now - 10 + 3000, self->s.expires);
}

TEST_F(neighbour, confirmation_a_moment_after_the_clock_was_read_counts)
{
	make_reachable(self);
	mn_arp_confirmed(&self->s, self->s.expires + 1);
	wake(self);
	EXPECT_EQ(MN_ARP_REACHABLE, self->s.state);
}

TEST_F(neighbour, stale_one_that_was_confirmed_is_reachable_when_it_is_used)
{
	make_stale(self);
	mn_arp_confirmed(&self->s, self->now + 10);
	self->now += 20;
	EXPECT_EQ(MN_ARP_DO_ARM, mn_arp_used(&self->s, &self->p, self->now));
	EXPECT_EQ(MN_ARP_REACHABLE, self->s.state);
	EXPECT_EQ(self->now - 10 + 3000, self->s.expires);
}

TEST_F(neighbour, a_confirmation_before_its_address_changed_does_not_count)
{
	make_reachable(self);
	mn_arp_confirmed(&self->s, self->now + 200);
	self->now += 210;
	mn_arp_state_confirm(&self->s, &self->p, self->now, false, false, true);
	EXPECT_EQ(MN_ARP_STALE, self->s.state);
	mn_arp_used(&self->s, &self->p, self->now + 10);
	EXPECT_EQ(MN_ARP_DELAY, self->s.state);
}

TEST_F(neighbour, stale_one_is_used_at_once_and_probed_after_the_delay)
{
	make_stale(self);
	EXPECT_EQ(MN_ARP_DO_ARM, mn_arp_used(&self->s, &self->p, self->now));
	EXPECT_EQ(MN_ARP_DELAY, self->s.state);
	EXPECT_EQ(self->now + 500, self->s.expires);
	EXPECT_TRUE(mn_arp_usable(self->s.state));
	EXPECT_EQ(MN_ARP_DO_ASK_ONE | MN_ARP_DO_ARM, wake(self));
	EXPECT_EQ(MN_ARP_PROBE, self->s.state);
	EXPECT_TRUE(mn_arp_usable(self->s.state));
}

TEST_F(neighbour, confirmation_in_the_delay_saves_the_probe)
{
	make_stale(self);
	mn_arp_used(&self->s, &self->p, self->now);
	mn_arp_confirmed(&self->s, self->now + 1);
	EXPECT_EQ(MN_ARP_DO_ARM, wake(self));
	EXPECT_EQ(MN_ARP_REACHABLE, self->s.state);
}

TEST_F(neighbour, known_address_is_asked_before_everybody)
{
	static const unsigned int wanted[] = {
		MN_ARP_DO_ASK_ONE, MN_ARP_DO_ASK_ONE,
		MN_ARP_DO_ASK_ALL, MN_ARP_DO_ASK_ALL, MN_ARP_DO_ASK_ALL,
	};
	unsigned int i;

	make_stale(self);
	mn_arp_used(&self->s, &self->p, self->now);
	for (i = 0; i < 5; i++)
		EXPECT_EQ(wanted[i] | MN_ARP_DO_ARM, wake(self));
	EXPECT_EQ(MN_ARP_DO_FAIL | MN_ARP_DO_DISARM, wake(self));
	EXPECT_EQ(MN_ARP_FAILED, self->s.state);
}

TEST_F(neighbour, probe_answered_by_another_card_is_believed)
{
	make_stale(self);
	mn_arp_used(&self->s, &self->p, self->now);
	wake(self);
	EXPECT_EQ(MN_ARP_DO_LEARN | MN_ARP_DO_SEND | MN_ARP_DO_ARM, heard(self, false, true));
	EXPECT_EQ(MN_ARP_REACHABLE, self->s.state);
	EXPECT_EQ(0, self->s.probes);
}

TEST_F(neighbour, fresh_address_is_not_given_up_within_the_locktime)
{
	make_reachable(self);
	self->now += 99;
	EXPECT_EQ(0, heard(self, false, true));
	self->now += 1;
	EXPECT_TRUE(heard(self, false, true) & MN_ARP_DO_LEARN);
}

TEST_F(neighbour, override_ignores_the_locktime)
{
	make_reachable(self);
	EXPECT_TRUE(mn_arp_state_confirm(&self->s, &self->p, self->now, false, false, true) &
		    MN_ARP_DO_LEARN);
	EXPECT_EQ(MN_ARP_STALE, self->s.state);
}

TEST_F(neighbour, hearing_the_known_address_unasked_proves_nothing)
{
	make_reachable(self);
	EXPECT_EQ(0, heard(self, true, false));
	EXPECT_EQ(MN_ARP_REACHABLE, self->s.state);
	wake(self);
	EXPECT_EQ(0, heard(self, true, false));
	EXPECT_EQ(MN_ARP_STALE, self->s.state);
}

TEST_F(neighbour, what_was_set_by_hand_is_not_changed_by_the_network)
{
	EXPECT_EQ(MN_ARP_DO_SEND | MN_ARP_DO_DISARM,
		  mn_arp_set(&self->s, &self->p, self->now, MN_ARP_PERMANENT));
	EXPECT_EQ(0, mn_arp_state_confirm(&self->s, &self->p, self->now, false, true, true));
	EXPECT_EQ(0, mn_arp_used(&self->s, &self->p, self->now));
	EXPECT_EQ(0, mn_arp_expired(&self->s, &self->p, self->now));
	EXPECT_EQ(MN_ARP_PERMANENT, self->s.state);
}

TEST_F(neighbour, each_state_that_can_be_set_is_taken)
{
	unsigned int state;

	for (state = MN_ARP_STALE; state <= MN_ARP_NOARP; state++) {
		mn_arp_set(&self->s, &self->p, self->now, state);
		EXPECT_EQ(state, self->s.state);
		EXPECT_TRUE(mn_arp_usable(self->s.state));
	}
}

/* Checks the facts that must hold whatever happens. */
static void check_always(struct __test_metadata *_metadata, FIXTURE_DATA(neighbour) *self,
			 unsigned int before, unsigned int todo)
{
	bool asks = self->s.state == MN_ARP_INCOMPLETE || self->s.state == MN_ARP_PROBE;

	ASSERT_LE(self->s.state, MN_ARP_NOARP);
	/* Never both, or the timer's end would depend on the order. */
	ASSERT_NE(MN_ARP_DO_ARM | MN_ARP_DO_DISARM,
		  todo & (MN_ARP_DO_ARM | MN_ARP_DO_DISARM));
	ASSERT_NE(MN_ARP_DO_SEND | MN_ARP_DO_FAIL, todo & (MN_ARP_DO_SEND | MN_ARP_DO_FAIL));
	ASSERT_NE(ASK, todo & ASK);
	/* Asking goes with waiting for the answer, and with an address to ask. */
	if (todo & ASK)
		ASSERT_TRUE(asks && todo & MN_ARP_DO_ARM);
	if (todo & MN_ARP_DO_ASK_ONE)
		ASSERT_EQ(MN_ARP_PROBE, self->s.state);
	ASSERT_LE(self->s.probes, self->p.ucast_probes + self->p.bcast_probes);
	/* Packets wait only where there is no address, and never for good. */
	if (!mn_arp_usable(before) && mn_arp_usable(self->s.state))
		ASSERT_TRUE(todo & MN_ARP_DO_SEND);
	if (before != MN_ARP_FAILED && self->s.state == MN_ARP_FAILED)
		ASSERT_TRUE(todo & MN_ARP_DO_FAIL);
	if (todo & MN_ARP_DO_ARM)
		ASSERT_GE(self->s.expires - self->now + 3000, 1);
}

TEST_F(neighbour, a_million_random_events_keep_the_rules)
{
	unsigned int i, before, todo = 0, armed = 0;

	srandom(826);
	for (i = 0; i < 1000000; i++) {
		before = self->s.state;
		switch (random() % 6) {
		case 0:
			todo = mn_arp_used(&self->s, &self->p, self->now);
			break;
		case 1:
			if (!armed)
				continue;
			self->now = self->s.expires;
			armed = 0;
			todo = mn_arp_expired(&self->s, &self->p, self->now);
			break;
		case 2:
		case 3:
			todo = mn_arp_state_confirm(&self->s, &self->p, self->now, random() & 1,
						    random() & 1, random() & 1);
			break;
		case 4:
			mn_arp_confirmed(&self->s, self->now);
			todo = 0;
			break;
		case 5:
			self->now += random() % 400;
			if (random() % 64)
				continue;
			todo = mn_arp_set(&self->s, &self->p, self->now,
					  MN_ARP_STALE + random() % 6);
			break;
		}
		if (todo & MN_ARP_DO_ARM)
			armed = 1;
		if (todo & MN_ARP_DO_DISARM)
			armed = 0;
		check_always(_metadata, self, before, todo);
		/* A state that waits for something is woken. */
		if (self->s.state == MN_ARP_INCOMPLETE || self->s.state == MN_ARP_DELAY ||
		    self->s.state == MN_ARP_PROBE || self->s.state == MN_ARP_REACHABLE)
			ASSERT_TRUE(armed);
	}
}

TEST_HARNESS_MAIN
