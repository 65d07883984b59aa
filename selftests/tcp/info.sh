#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# TCP_INFO of a sender: how fast it was and what held it up; of the kernel's TCP and of ours, the same load on the
# same wire.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts

out_of() { in_ns "$1" tc qdisc replace dev "$2" root netem limit 10000 "${@:3}"; }
wire() {	# wire NETEM...: both ways
	out_of "$us" veth0 "$@" && out_of "$peer" veth1 "$@"
}
# Segment by segment. What comes out of order does so by less than a quarter of the round trip: nothing is taken for lost.
reorders() {	# reorders FAMILY: what it sends
	wire delay 20ms
	ip -n "$us" link set veth0 gso_max_segs 1
	ip -n "$peer" link set veth1 gso_max_segs 1
	if [ "$1" = mynet ]; then
		out_of "$us" veth0 delay 2ms reorder 30% 50%
	else
		out_of "$peer" veth1 delay 2ms reorder 30% 50%
	fi
}
in_order() {
	ip -n "$us" link set veth0 gso_max_segs 65535
	ip -n "$peer" link set veth1 gso_max_segs 65535
}
serve() {	# serve NS FAMILY VERB PORT [SECONDS]
	ip netns exec "$1" ../lib/tcpinfo.py "${@:2}" > /dev/null 2>&1 &
	defer kill $!
	wait_for 20 eval "ip netns exec $1 cat /proc/net/tcp /proc/net/mynet/tcp |
		grep -q '$(printf ':%04X 00000000:0000 0A' "$4")'"
}
said=$(mktemp)
defer rm -f "$said"
# sends PORT BYTES: as the family says; what it is told is in $said
mynet_sends() { in_ns "$us" ../lib/tcpinfo.py mynet send 192.0.2.1 "$@" > "$said"; }
inet_sends() { in_ns "$peer" ../lib/tcpinfo.py inet send 192.0.2.2 "$@" > "$said"; }
field() { awk -v name="$1" '$1 == name { print $2 }' "$said"; }
between() {	# between LOW FIELD HIGH
	local value
	value=$(field "$2")
	if [ "$value" -lt "$1" ] || [ "$value" -gt "$3" ]; then
		echo "$2 is $value"
		cat "$said"
		return 1
	fi
}
share() {	# share FIELD LOW HIGH: percent of the busy time
	local value
	value=$(($(field "$1") * 100 / ($(field busy_time) + 1)))
	if [ "$value" -lt "$2" ] || [ "$value" -gt "$3" ]; then
		echo "$1 is $value %"
		cat "$said"
		return 1
	fi
}

serve "$peer" inet serve 7000
serve "$us" mynet serve 7000
serve "$peer" inet slow 7001 1
serve "$us" mynet slow 7001 1

for family in inet mynet; do
	wire delay 5ms rate 20mbit
	ok "$family: a stream on a wire of 20 Mbit/s" ${family}_sends 7000 2000000
	ok "... is told a rate like that" between 1200000 delivery_rate 4000000
	ok "... which it was not too idle for" between 0 rate_app_limited 0
	ok "... and was busy all the time" between 300000 busy_time 3000000
	ok "... mostly because of the network" share sndbuf_limited 0 50
	wire delay 5ms
	ok "$family: a stream to a program that sleeps a second" ${family}_sends 7001 1000000
	ok "... waits for its window" between 700000 rwnd_limited 3000000
	ok "... and knows the peer's window" between 8192 snd_wnd 10000000
	reorders $family
	ok "$family: a stream on a wire that reorders" ${family}_sends 7000 1000000
	# On a busy machine some of it is late enough to be taken for lost, and found out by a D-SACK.
	ok "... sees that" test $(($(field reord_seen) + $(field dsack_dups))) -ge 1
	in_order
done
finish
