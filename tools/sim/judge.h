/* SPDX-License-Identifier: GPL-2.0 */
/* Rules that each frame of a host has to keep, whatever the cable does to it afterwards. */
#ifndef MYNET_SIM_JUDGE_H
#define MYNET_SIM_JUDGE_H

#include <stdint.h>

#define JUDGE_IP	14	/* where the IP header of a frame is */

void judge_start(void);

/* A host sent this frame; whole, before the cable's faults. */
void judge_sent(unsigned int host, const uint8_t *frame, unsigned int len);

/* A host gets this frame, unharmed. */
void judge_delivered(unsigned int host, const uint8_t *frame, unsigned int len);

/* Notes a fault that the world has shown, and returns how many there were. */
unsigned int judge_faults(void);
void judge_fault(const char *what, ...) __attribute__((format(printf, 1, 2)));

#endif /* MYNET_SIM_JUDGE_H */
