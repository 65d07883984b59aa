/* SPDX-License-Identifier: GPL-2.0 */
/* The cable between two hosts: takes frames, has them judged, delivers them as the seed says. */
#ifndef MYNET_SIM_CABLE_H
#define MYNET_SIM_CABLE_H

#include <stdint.h>

#include "net.h"

void cable_start(struct net_host *hosts);

/* Takes the frames that a host has sent. */
void cable_take(unsigned int host);

/* Delivers what is due, and returns when the next frame is: nanoseconds, UINT64_MAX for never. */
uint64_t cable_deliver(void);

/* When the last frame was seen. */
uint64_t cable_alive(void);

/* Frames that were taken. */
unsigned int cable_frames(void);

/* Throws away what is still on the way; ends the program if the player lost a frame itself. */
void cable_stop(void);

#endif /* MYNET_SIM_CABLE_H */
