// SPDX-License-Identifier: GPL-2.0
/*
 * The state machine of a neighbour. [pure]
 *
 * State: struct mn_arp_state, written by these functions only.
 *
 * Beyond RFC 4861: when the known address does not answer, everybody is asked before the
 * neighbour is given up, because its card may have been changed.
 */
#include "link/arp_state.h"

/*
 * The clock wraps: times are compared by their difference. A confirmation can come, without a
 * lock, a moment after @now was read.
 */
static bool mn_arp_since(unsigned long then, unsigned long now, unsigned long span)
{
	return now - then < span || then - now < span;
}

static unsigned int mn_arp_wait(struct mn_arp_state *s, unsigned long until)
{
	s->expires = until;
	return MN_ARP_DO_ARM;
}

static unsigned int mn_arp_ask(struct mn_arp_state *s, const struct mn_arp_params *p,
			       unsigned long now)
{
	unsigned int how = MN_ARP_DO_ASK_ALL;

	if (s->state == MN_ARP_PROBE && s->probes < p->ucast_probes)
		how = MN_ARP_DO_ASK_ONE;
	s->probes++;
	return how | mn_arp_wait(s, now + p->retrans);
}

static bool mn_arp_may_ask(const struct mn_arp_state *s, const struct mn_arp_params *p)
{
	unsigned int limit = p->bcast_probes;

	if (s->state == MN_ARP_PROBE)
		limit += p->ucast_probes;
	return s->probes < limit;
}

static unsigned int mn_arp_ask_or_fail(struct mn_arp_state *s, const struct mn_arp_params *p,
				       unsigned long now)
{
	if (mn_arp_may_ask(s, p))
		return mn_arp_ask(s, p, now);
	s->state = MN_ARP_FAILED;
	s->updated = now;
	return MN_ARP_DO_FAIL | MN_ARP_DO_DISARM;
}

static unsigned int mn_arp_reachable(struct mn_arp_state *s, const struct mn_arp_params *p)
{
	s->state = MN_ARP_REACHABLE;
	s->probes = 0;
	return mn_arp_wait(s, s->confirmed + p->reachable);
}

void mn_arp_init(struct mn_arp_state *s, const struct mn_arp_params *p, unsigned long now)
{
	s->state = MN_ARP_NONE;
	s->probes = 0;
	s->confirmed = now - 2 * p->reachable - 2 * p->delay;
	s->updated = now;
	s->expires = now;
}

unsigned int mn_arp_used(struct mn_arp_state *s, const struct mn_arp_params *p,
			 unsigned long now)
{
	switch (s->state) {
	case MN_ARP_NONE:
	case MN_ARP_FAILED:
		s->state = MN_ARP_INCOMPLETE;
		s->probes = 0;
		s->updated = now;
		return mn_arp_ask_or_fail(s, p, now);
	case MN_ARP_STALE:
		/* An upper layer has heard from it since, at the address that is known now. */
		if (mn_arp_since(s->confirmed, now, p->reachable) &&
		    (long)(s->confirmed - s->updated) > 0)
			return mn_arp_reachable(s, p);
		s->state = MN_ARP_DELAY;
		return mn_arp_wait(s, now + p->delay);
	default:
		return 0;
	}
}

unsigned int mn_arp_expired(struct mn_arp_state *s, const struct mn_arp_params *p,
			    unsigned long now)
{
	switch (s->state) {
	case MN_ARP_INCOMPLETE:
		return mn_arp_ask_or_fail(s, p, now);
	case MN_ARP_REACHABLE:
		if (mn_arp_since(s->confirmed, now, p->reachable))
			return mn_arp_wait(s, s->confirmed + p->reachable);
		s->state = MN_ARP_STALE;
		return 0;
	case MN_ARP_DELAY:
		/* Heard from while we waited: that is what the delay is for. */
		if (mn_arp_since(s->confirmed, now, p->delay))
			return mn_arp_reachable(s, p);
		s->state = MN_ARP_PROBE;
		s->probes = 0;
		return mn_arp_ask_or_fail(s, p, now);
	case MN_ARP_PROBE:
		if (mn_arp_since(s->confirmed, now, p->retrans))
			return mn_arp_reachable(s, p);
		return mn_arp_ask_or_fail(s, p, now);
	default:
		return 0;
	}
}

unsigned int mn_arp_state_confirm(struct mn_arp_state *s, const struct mn_arp_params *p,
				  unsigned long now, bool same, bool solicited, bool override)
{
	bool known = mn_arp_usable(s->state);
	unsigned int todo = 0;

	if (mn_arp_fixed(s->state))
		return 0;
	if (known && !same && !override && mn_arp_since(s->updated, now, p->locktime))
		return 0;

	/* The host said nothing new, and not to us: no reason to trust it less or more. */
	if (known && same && !solicited)
		return 0;

	if (!known || !same) {
		s->updated = now;
		todo |= MN_ARP_DO_LEARN | MN_ARP_DO_SEND;
	}
	if (solicited) {
		s->confirmed = now;
		return todo | mn_arp_reachable(s, p);
	}
	s->state = MN_ARP_STALE;
	s->probes = 0;
	return todo | MN_ARP_DO_DISARM;
}

void mn_arp_confirmed(struct mn_arp_state *s, unsigned long now)
{
	s->confirmed = now;
}

unsigned int mn_arp_set(struct mn_arp_state *s, const struct mn_arp_params *p,
			unsigned long now, unsigned char state)
{
	s->state = state;
	s->probes = 0;
	s->updated = now;

	switch (state) {
	case MN_ARP_REACHABLE:
		s->confirmed = now;
		return MN_ARP_DO_SEND | mn_arp_reachable(s, p);
	case MN_ARP_DELAY:
		return MN_ARP_DO_SEND | mn_arp_wait(s, now + p->delay);
	case MN_ARP_PROBE:
		return MN_ARP_DO_SEND | mn_arp_ask_or_fail(s, p, now);
	case MN_ARP_STALE:
	case MN_ARP_PERMANENT:
	case MN_ARP_NOARP:
		return MN_ARP_DO_SEND | MN_ARP_DO_DISARM;
	default:
		return MN_ARP_DO_FAIL | MN_ARP_DO_DISARM;
	}
}
