#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Cables and PHYs: carrier, speed and duplex are what both ends make of them.
. ../lib/cards.sh
two_cards

speed_is() {	# speed_is NETNS DEV SPEED DUPLEX
	wait_for 20 eval "in_ns $1 ethtool $2 | grep -q 'Speed: $3' &&
		in_ns $1 ethtool $2 | grep -q 'Duplex: $4'" && wait_for 20 carrier "$1" "$2"
}

both_speed() {
	speed_is "$A" na "$@" && speed_is "$B" nb "$@"
}

pulled() {
	in_ns "$A" "$nic" pull na && wait_for 10 no_carrier "$A" na && wait_for 10 no_carrier "$B" nb
}

plugged() {
	in_ns "$A" "$nic" plug na nb "/run/netns/$B" && wait_for 10 carrier "$A" na &&
		wait_for 10 carrier "$B" nb
}

pulled_under_load() {
	for _ in 1 2 3; do
		pulled && plugged && load_runs || return 1
	done
}

looped() {	# a card hears itself
	local before
	in_ns "$A" "$nic" pull na
	in_ns "$A" "$nic" plug na na || return 1
	wait_for 10 carrier "$A" na || return 1
	before=$(stat_of "$A" na hw_rx_broadcast)
	ip -n "$A" neigh flush dev na
	in_ns "$A" ping -q -c 1 -W 1 192.0.2.3
	above "$before" "$(stat_of "$A" na hw_rx_broadcast)" && in_ns "$A" "$nic" pull na
}

ok "two cards agree on 1000 full" both_speed 1000Mb/s Full
ok "the partner's offer can be read" eval "in_ns $A ethtool na | grep -A 3 'Link partner' | grep -q 1000baseT/Full"
ok "one offers 100 only: both are at 100" eval "
	in_ns $A ethtool -s na advertise 0x008 && both_speed 100Mb/s Full && pings"
ok "one offers 10 half only: both are there" eval "
	in_ns $A ethtool -s na advertise 0x001 && both_speed 10Mb/s Half && pings"
ok "one is forced to 100 full: the other hears 100 and takes half" eval "
	in_ns $A ethtool -s na speed 100 duplex full autoneg off &&
	speed_is $A na 100Mb/s Full && in_ns $B ethtool nb | grep -q 'Duplex: Half'"
ok "1000 cannot be forced" eval "
	in_ns $A ethtool -s na speed 1000 duplex full autoneg off 2>&1 | grep -q 'Invalid argument'"
ok "nothing in common: no carrier" eval "
	in_ns $A ethtool -s na autoneg on advertise 0x002 && in_ns $B ethtool -s nb advertise 0x008 &&
	wait_for 10 no_carrier $A na && wait_for 10 no_carrier $B nb"
ok "everything again: 1000" eval "
	in_ns $A ethtool -s na autoneg on advertise 0x03f && in_ns $B ethtool -s nb autoneg on advertise 0x03f &&
	both_speed 1000Mb/s Full && pings"
ok "a pulled cable takes the carrier from both" pulled
ok "plugged in again, ping gets every answer" eval "plugged && pings"
ok "the partner down takes the carrier" eval "
	ip -n $B link set nb down && wait_for 10 no_carrier $A na"
ok "the partner up brings it back" eval "
	ip -n $B link set nb up && wait_for 10 carrier $A na && wait_for 10 carrier $B nb && pings"
background_load
ok "the cable is pulled and plugged under load" pulled_under_load
kill_load
ok "a cable can loop a card back to itself" looped
finish
