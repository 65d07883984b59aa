#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Packets for other hosts that want routers to look at them (RFC 2113): programs on a MYNET router get
# them, if they asked, as programs on a router of the kernel's do.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
new_netns left mynet inet
# shellcheck disable=SC2154 # set by new_netns
{
	for family in mynet inet; do
		cable "$left" $family "${!family}" r0
		cable "$left" $family-far "${!family}" r1
	done
	for n in 1 2; do
		mynet -n "$mynet" dev attach r$((n - 1))
		mynet -n "$mynet" addr add 10.0.$n.254/24 dev r$((n - 1))
		ip -n "$inet" addr add 10.0.$n.254/24 dev r$((n - 1))
	done
	in_ns "$mynet" sysctl -qw net.mynet.ip_forward=1
	in_ns "$inet" sysctl -qw net.ipv4.ip_forward=1
	scratch=$(mktemp -d)
	defer rm -r "$scratch"
} || { echo "Bail out! no router"; exit 1; }

forwarded() {	# forwarded FAMILY: how many packets a router has sent on
	if [ "$1" = mynet ]; then counter "$mynet" Ip ForwDatagrams; return; fi
	# shellcheck disable=SC2016 # of awk's
	in_ns "$inet" awk '$1 == "Ip:" && $2 != "Forwarding" { print $7 }' /proc/net/snmp
}

send() {	# send FAMILY WORD...: to a host behind the router
	in_ns "$left" ../lib/ip.py "$1" dst="$(lladdr "${!1}" r0)" saddr=10.0.1.1 daddr=10.0.2.1 \
		proto=253 "${@:2}"
}

listen() {	# listen FAMILY PROTO N [DEV]
	: > "$scratch/heard"
	ip netns exec "${!1}" ../lib/raw.py "$1" alert "${@:2}" > "$scratch/heard" &
	listener=$!
	wait_for 30 grep -q asked "$scratch/heard"
}

heard() {	# heard LINE...: what the listener has printed in the end
	wait "$listener"
	equals "asked $*" "$(tr '\n' ' ' < "$scratch/heard" | sed 's/ $//')"
}

reached() {
	[ "$(forwarded "$1")" = "$2" ]
}

grows() {	# grows N FAMILY CMD...: so many more were sent on after the command, sooner or later
	local wanted=$(($(forwarded "$2") + $1))
	"${@:3}" || return
	wait_for 10 reached "$2" "$wanted"
	equals "$wanted" "$(forwarded "$2")"
}

alone() {	# alone FAMILY: a packet for others reaches the program and goes no further
	listen "$1" 253 1 || return
	send "$1" options=94040000 data=010203
	heard "27 10.0.2.1"
}

in_pieces() {
	listen "$1" 253 1 || return
	send "$1" options=94040000 data=0102030405060708 mf id=7 -- dst="$(lladdr "${!1}" r0)" \
		saddr=10.0.1.1 daddr=10.0.2.1 proto=253 options=94040000 data=090a frag=8 id=7
	heard "34 10.0.2.1"
}

# Packets that no program wants come first: the last alone is heard.
choosy() {
	listen "$1" 253 1 r0 || return
	send "$1" options=94040001 data=01 &&
		send "$1" options=01010101 data=0102 &&
		send "$1" data=010203 &&
		send "$1" options=94040000 data=01020304
	heard "28 10.0.2.1"
}

elsewhere() {
	listen "$1" 252 1 || return
	send "$1" options=94040000 data=01
	send "$1" options=94040000 proto=252 data=0102
	heard "26 10.0.2.1"
}

other_device() {
	listen "$1" 253 1 r1 || return
	send "$1" options=94040000 data=01
	kill "$listener"
	wait "$listener" 2> /dev/null
	equals asked "$(cat "$scratch/heard")"
}

for family in inet mynet; do
	ok "$family: a packet that nobody asked for goes on" \
		grows 1 $family send $family options=94040000 data=01
	ok "$family: a program that asked gets it instead" grows 0 $family alone $family
	ok "$family: fragments are put together for it" grows 0 $family in_pieces $family
	ok "$family: packets without the option, or with another value of it, go on" \
		grows 3 $family choosy $family
	ok "$family: packets of another protocol go on" grows 1 $family elsewhere $family
	ok "$family: a program that is bound to another device does not get it" \
		grows 1 $family other_device $family
done
finish
