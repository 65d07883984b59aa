#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The MAC's address filter: what is not for us is not received, what we join is.
. ../lib/cards.sh
two_cards
pings 2 > /dev/null

ip -n "$A" route add 239.0.0.0/8 dev na
ip -n "$A" neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev na

# grows COUNTER BY CMD...: the command makes a counter of B's card grow by so much
grows() {
	local name=$1 by=$2 before
	shift 2
	before=$(stat_of "$B" nb "$name")
	"$@" > /dev/null
	equals "$by" $(($(stat_of "$B" nb "$name") - before))
}

multicast() {
	in_ns "$A" ping -q -c 3 -i 0.02 -W 1 239.1.1.1
}

strange() {
	in_ns "$A" ping -q -c 3 -i 0.02 -W 1 192.0.2.9
}

refused() {	# three frames for another station
	local before
	before=$(wire_of "$B" nb filtered)
	strange > /dev/null
	equals 3 $(($(wire_of "$B" nb filtered) - before))
}

set_b() {
	ip -n "$B" link set nb "$@"
}

join() {	# 239.1.1.1 by its address on the wire
	ip -n "$B" maddress "$1" 01:00:5e:01:01:01 dev nb
}

broadcast() {
	ip -n "$A" neigh flush dev na
	in_ns "$A" ping -q -c 1 -w 5 192.0.2.2
}

ok "a multicast group nobody joined is filtered out" grows hw_rx_multicast 0 multicast
ok "a joined group is received" eval "join add && grows hw_rx_multicast 3 multicast"
ok "a left group is filtered out again" eval "join del && grows hw_rx_multicast 0 multicast"
ok "all-multicast receives it" eval "set_b allmulticast on && grows hw_rx_multicast 3 multicast"
ok "... until it is off" eval "set_b allmulticast off && grows hw_rx_multicast 0 multicast"
ok "a frame for another station is filtered out" grows hw_rx_frames 0 strange
ok "... and counted" refused
ok "promiscuous mode receives it" eval "set_b promisc on && grows hw_rx_frames 3 strange"
ok "... until it is off" eval "set_b promisc off && grows hw_rx_frames 0 strange"
ok "a broadcast is received" grows hw_rx_broadcast 1 broadcast
ok "a changed station address is the one that is received" eval "
	set_b address 02:00:00:00:00:09 && grows hw_rx_frames 3 strange"
finish
