/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The state machine of a neighbour (RFC 4861 7.3.2, as ARP can carry it), without
 * clock, lock or packet: it is told what happened and answers what to do. [pure]
 */
#ifndef MYNET_LINK_ARP_STATE_H
#define MYNET_LINK_ARP_STATE_H

#include <linux/types.h>

/* In which a neighbour can be. Reachable, permanent and no-ARP ones are sent to at once. */
enum mn_arp_states {
	MN_ARP_NONE,		/* made, nothing was tried */
	MN_ARP_INCOMPLETE,	/* asked for its address, no answer yet */
	MN_ARP_FAILED,		/* asked, and there was no answer */
	MN_ARP_STALE,		/* address known, but for a while nobody has confirmed it */
	MN_ARP_DELAY,		/* stale and in use: somebody may confirm it soon */
	MN_ARP_PROBE,		/* stale, in use, and being asked whether it is still there */
	MN_ARP_REACHABLE,	/* address known and confirmed not long ago */
	MN_ARP_PERMANENT,	/* address set by the administrator */
	MN_ARP_NOARP,		/* address known by nature, as that of the broadcast */
};

/* Actions after an event; several at once. */
#define MN_ARP_DO_ASK_ALL	0x01	/* send a request to everybody on the link */
#define MN_ARP_DO_ASK_ONE	0x02	/* send a request to the address we know */
#define MN_ARP_DO_ARM		0x04	/* wake me at state->expires */
#define MN_ARP_DO_DISARM	0x08	/* do not wake me */
#define MN_ARP_DO_LEARN		0x10	/* the address that was heard is the one to use */
#define MN_ARP_DO_SEND		0x20	/* what waits for the address can go */
#define MN_ARP_DO_FAIL		0x40	/* what waits for the address waits in vain */

/* Times in ticks of the caller's clock. */
struct mn_arp_params {
	unsigned long	reachable;	/* a confirmation is good for so long */
	unsigned long	delay;		/* from first use of a stale address to the first probe */
	unsigned long	retrans;	/* from one request to the next */
	unsigned long	locktime;	/* a new address is not given up for another before */
	unsigned int	ucast_probes;	/* to the known address, */
	unsigned int	bcast_probes;	/* then so many to everybody */
};

/*
 * struct mn_arp_state: one neighbour.
 * @state: enum mn_arp_states
 * @probes: requests sent since it was last known to be alive
 * @confirmed: when it was last known to be alive
 * @updated: when its address was last learnt or changed
 * @expires: when to be woken, if DO_ARM was answered
 */
struct mn_arp_state {
	unsigned char	state;
	unsigned char	probes;
	unsigned long	confirmed;
	unsigned long	updated;
	unsigned long	expires;
};

/* Is there an address to which packets can be sent? */
static inline bool mn_arp_usable(unsigned char state)
{
	return state >= MN_ARP_STALE;
}

/* Is it good enough to be used without telling the state machine? */
static inline bool mn_arp_connected(unsigned char state)
{
	return state >= MN_ARP_REACHABLE;
}

/* Can the network change it? */
static inline bool mn_arp_fixed(unsigned char state)
{
	return state >= MN_ARP_PERMANENT;
}

/* A new entry, never confirmed. */
void mn_arp_init(struct mn_arp_state *s, const struct mn_arp_params *p, unsigned long now);

/* A packet is to be sent to it. */
unsigned int mn_arp_used(struct mn_arp_state *s, const struct mn_arp_params *p,
			 unsigned long now);

/* s->expires has come. */
unsigned int mn_arp_expired(struct mn_arp_state *s, const struct mn_arp_params *p,
			    unsigned long now);

/*
 * The neighbour has spoken. @same: the address is the one we know. @solicited: it answered us, so
 * that it is alive and hears us; else it only said what it is called. @override: a recent address
 * may be replaced.
 */
unsigned int mn_arp_state_confirm(struct mn_arp_state *s, const struct mn_arp_params *p,
				  unsigned long now, bool same, bool solicited, bool override);

/* A transport has heard from it. */
void mn_arp_confirmed(struct mn_arp_state *s, unsigned long now);

/* The administrator sets the state, with an address where the state has one. */
unsigned int mn_arp_set(struct mn_arp_state *s, const struct mn_arp_params *p,
			unsigned long now, unsigned char state);

#endif /* MYNET_LINK_ARP_STATE_H */
