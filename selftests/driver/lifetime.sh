#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Cards come and go under traffic: moved, unbound, deleted, with their namespace, with the module.
. ../lib/cards.sh
two_cards
background_load

bus=/sys/bus/platform/drivers/vftgmac100

bus_name() {	# bus_name NETNS DEV
	in_ns "$1" ethtool -i "$2" | sed -n 's/^bus-info: //p'
}

moved_away_and_back() {
	ip -n "$B" link set nb netns "$A" && ip -n "$A" link set nb netns "$B" &&
		ip -n "$B" address add 192.0.2.2/24 dev nb && ip -n "$B" link set nb up &&
		wait_for 20 carrier "$B" nb && wait_for 20 pings
}

unbound_and_bound() {
	local card
	card=$(bus_name "$B" nb)
	echo "$card" > "$bus"/unbind || return 1
	wait_for 10 no_carrier "$A" na || return 1
	echo "$card" > "$bus"/bind || return 1
	# A new netdev, in the first namespace.
	local dev
	dev=$(basename "$(echo /sys/bus/platform/devices/"$card"/net/*)")
	ip link set "$dev" netns "$B" name nb && ip -n "$B" address add 192.0.2.2/24 dev nb &&
		ip -n "$B" link set nb up && wait_for 20 carrier "$B" nb && wait_for 20 pings
}

partner_deleted() {
	ip -n "$B" link del nb && wait_for 10 no_carrier "$A" na
}

replaced() {
	ip -n "$A" link add link na name nb netns "$B" type vftgmac100 &&
		ip -n "$B" address add 192.0.2.2/24 dev nb && ip -n "$B" link set nb up &&
		wait_for 20 carrier "$A" na && wait_for 20 pings
}

namespace_dies() {
	ip netns exec "$A" ping -q -f -w 60 192.0.2.2 > /dev/null 2>&1 &
	ip netns del "$B" && wait_for 20 no_carrier "$A" na
	local status=$?
	kill %1
	return "$status"
}

many() {	# a hundred cards, cabled at random, gone at once
	local i
	ip netns add many
	for i in $(seq 0 2 98); do
		ip -n many link add c"$i" up type vftgmac100
		ip -n many link add link c"$i" name c$((i + 1)) up type vftgmac100
	done
	equals 100 "$(ip netns exec many "$nic" list | wc -l)" || return 1
	ip netns del many
}

gone() {
	! ip link show type vftgmac100 | grep -q .
}

unloaded() {
	modprobe -r vftgmac100 && ! grep -q ^vftgmac100 /proc/modules
}

# A new partner and a flood in both directions, in the midst of which the module goes.
unloaded_under_load() {
	new_netns C
	ip -n "$A" link add link na name nc netns "$C" type vftgmac100 &&
		ip -n "$C" address add 192.0.2.2/24 dev nc && ip -n "$C" link set nc up &&
		wait_for 20 carrier "$C" nc && wait_for 20 carrier "$A" na || return 1
	ip netns exec "$A" ping -q -f -w 60 192.0.2.2 > /dev/null 2>&1 &
	ip netns exec "$C" ping -q -f -w 60 192.0.2.1 > /dev/null 2>&1 &
	wait_for 10 eval "[ \$(stat_of $C nc hw_rx_frames) -gt 100 ]" || return 1
	unloaded
	local status=$?
	kill %1 %2
	return "$status"
}

pair() {
	modprobe vftgmac100 pair=1 || return 1
	wait_for 10 eval "ip -br link show type vftgmac100 | grep -q vft0@vft1" || return 1
	ip link set vft0 up && ip link set vft1 up &&
		wait_for 10 eval "ip link show vft0 | grep -q LOWER_UP"
}

ok "a card moves to its partner's namespace and back" moved_away_and_back
ok "the load goes on or can be started again" wait_for 20 pings
ok "a card is unbound under load and bound again" unbound_and_bound
ok "the partner is deleted under load" partner_deleted
ok "a new partner is cabled in its place" replaced
ok "a hundred cards live and die" many
ok "two queues are refused, in words" eval "
	ip link add x numtxqueues 2 type vftgmac100 2>&1 | grep -q 'one queue'"
ok "a partner that is no card is refused, in words" eval "
	ip link add link lo name x type vftgmac100 2>&1 | grep -q 'no vftgmac100 card'"
ok "a partner with a cable in it is refused, in words" eval "
	ip -n $A link add link na name x type vftgmac100 2>&1 | grep -q 'cable already'"
kill_load
ok "a namespace dies with a card in it, under load" namespace_dies
ok "the module goes under load" unloaded_under_load
ok "no interrupt is left" eval "! grep -q vftgmac100 /proc/interrupts"
ok "pair=1 makes a cabled pair" pair
ok "the module goes with it" unloaded
ok "no card is left" gone
finish
