#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Raw sockets across a cable: the kernel's own at the other end, both ways.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts

raw() {		# raw NS ARGS...
	local ns=$1
	shift
	in_ns "$ns" ../lib/raw.py "$@"
}

server() {	# server NS FAMILY PROTO
	ip netns exec "$1" ../lib/raw.py "$2" serve "$3" > /dev/null 2>&1 &
	defer kill $!
	wait_for 10 raw "$1" "$2" ready raw "$3"
}

ok "a protocol that nobody wants is refused, and that is counted" \
	counts 1 "$us" Ip InUnknownProtos says "icmp 3 2" in_ns "$peer" ../lib/ip.py veth1 wait=10 \
	dst="$(lladdr "$us" veth0)" saddr=192.0.2.1 daddr=192.0.2.2 proto=253 data=00112233
server "$peer" inet 253
# Another protocol, or the two would play ping-pong for ever.
server "$us" mynet 252
sizes="0 1 2 100 1479 1480 1481 2960 2961 9000 65515"
# shellcheck disable=SC2086 # words on purpose
ok "the kernel returns our packets of every size" raw "$us" mynet ask 253 192.0.2.1 $sizes
# shellcheck disable=SC2086
ok "we return the kernel's packets of every size" raw "$peer" inet ask 252 192.0.2.2 $sizes
ok "a packet with its own header comes back" raw "$us" mynet whole 253 192.0.2.2 192.0.2.1
ok "a packet without a source gets one" raw "$us" mynet whole 253 0.0.0.0 192.0.2.1
ok "the kernel's packet with its own header comes back" raw "$peer" inet whole 252 0.0.0.0 192.0.2.2
ok "a protocol that a raw socket wants is not unknown" \
	counts 0 "$us" Ip InUnknownProtos raw "$peer" inet ask 252 192.0.2.2 5
# shellcheck disable=SC2086
ok "the kernel answers our echo requests" raw "$us" mynet echo 192.0.2.1 0 1 56 1472 1473 8000
ok "echo requests of programs are counted" counts 2 "$us" Icmp OutEchos \
	raw "$us" mynet echo 192.0.2.1 1 2
ok "the kernel's ping is answered as before" \
	in_ns "$peer" ping -q -n -W 5 -i 0.01 -c 20 192.0.2.2
finish
