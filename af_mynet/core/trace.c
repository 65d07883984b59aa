// SPDX-License-Identifier: GPL-2.0
/*
 * Makes the trace events that trace.h declares.
 *
 * State: none.
 */
#define CREATE_TRACE_POINTS
#include "core/trace.h"

void mynet_hop_traced(const struct sk_buff *skb, enum mynet_hop hop)
{
	trace_mynet_hop(skb, hop);
}
MYNET_EXPORT_TO_TESTS(mynet_hop_traced);

MYNET_EXPORT_TRACE_TO_TESTS(mynet_hop);
MYNET_EXPORT_TRACE_TO_TESTS(mynet_drop);
