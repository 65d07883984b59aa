#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Silicon fails, the driver starts over, the netdev stays.
. ../lib/cards.sh
two_cards
ok "ping gets every answer" pings 5

resets_to() {	# resets_to AT-LEAST
	[ "$(stat_of "$A" na resets)" -ge "$1" ]
}

bus_error() {
	in_ns "$A" "$nic" fail na ahb || return 1
	in_ns "$A" ping -q -c 1 -W 1 192.0.2.2
	wait_for 10 resets_to 1 && equals 1 "$(stat_of "$A" na ahb_errors)" && pings 5
}

hang() {
	local index
	index=$(in_ns "$A" cat /sys/class/net/na/ifindex)
	in_ns "$A" "$nic" fail na hang || return 1
	in_ns "$A" sh -c 'ping -i 0.1 -c 300 192.0.2.2 > /dev/null 2>&1 & echo $!' > /tmp/ping-$$
	wait_for 30 eval "[ \$(stat_of $A na tx_timeouts) -ge 1 ]" || return 1
	wait_for 10 resets_to 2 || return 1
	kill "$(cat /tmp/ping-$$)"
	equals "$index" "$(in_ns "$A" cat /sys/class/net/na/ifindex)" && pings 5
}

under_load() {
	local i
	background_load
	for i in 1 2 3 4 5; do
		in_ns "$A" "$nic" fail na ahb || return 1
		wait_for 20 resets_to $((2 + i)) || return 1
		load_runs || return 1
	done
	kill_load
}

ok "a bus error resets the MAC and traffic goes on" bus_error
ok "a hung transmitter is noticed, reset, and traffic goes on" hang
ok "five bus errors under load" under_load
ok "the self-test passes" in_ns "$A" ethtool -t na offline
finish
