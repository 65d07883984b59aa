#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A device that does what real ones hardly ever do: it has no link header for a frame, and brings packets that were
# merged and cannot be cut again.
. ../lib/lib.sh
. ../lib/mynet.sh
modprobe -n -q mynet_odd || skip_all "this kernel has no device for tests; the debug kernel has"
load_family
modprobe mynet_odd || { echo "Bail out! mynet_odd cannot be loaded"; exit 1; }
defer modprobe -r mynet_odd
odd=/sys/module/mynet_odd/parameters
new_netns us
attached() {
	ip link set odd0 netns "$us" && ip -n "$us" link set odd0 up && mynet -n "$us" dev attach odd0 &&
		mynet -n "$us" addr add 192.0.2.2/24 dev odd0 && mynet -n "$us" route add 198.51.100.0/24 via 192.0.2.1
}
attached || { echo "Bail out! odd0 cannot be used"; exit 1; }

dropped() {	# dropped REASON NUMBER
	wait_for 5 eval "[ \"\$(counter $us MynetDrop $1)\" -ge $2 ]"
}
send() { in_ns "$us" ../lib/udp.py mynet send "$1" 9 text; }

in_ns "$us" sysctl -qw net.mynet.ip_forward=1
echo 1 > $odd/merged
ok "a router refuses what was merged and cannot be cut again" dropped IP_LRO 1

echo Y > $odd/header_fails
send 192.0.2.1 || true
ok "a request for an address that gets no link header is dropped" dropped LINK_HEADER 1
echo N > $odd/header_fails
finish
