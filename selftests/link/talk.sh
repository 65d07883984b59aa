#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Two hosts that talk in native mode: datagrams and streams of programs, both ways, and the kernel's
# IPv4 on the same cable hears none of it.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts mode native
# shellcheck disable=SC2154 # us and peer are set by two_hosts
ip -n "$peer" addr flush dev veth1
mynet -n "$peer" dev attach veth1 mode native
mynet -n "$peer" addr add 192.0.2.1/24 dev veth1

datagrams() {	# datagrams FROM ADDR TO PORT SIZE...
	ip netns exec "$3" timeout 60 ../lib/udp.py mynet serve "$4" > /dev/null 2>&1 &
	local server=$! status
	wait_for 10 in_ns "$3" ../lib/udp.py mynet bound "$4" &&
		in_ns "$1" ../lib/udp.py mynet ask "$2" "$4" "${@:5}"
	status=$?
	kill "$server"
	return "$status"
}
stream() {	# stream FROM ADDR TO PORT BYTES
	ip netns exec "$3" timeout 60 ../lib/stream.py mynet listen "$4" > "/tmp/talk-$$" &
	local server=$!
	wait_for 10 listens "$3" "$4" || return
	in_ns "$1" ../lib/stream.py mynet send "$2" "$4" "$5" > "/tmp/talk-$$.sent" && wait "$server" &&
		equals "$(cat "/tmp/talk-$$.sent")" "$(cat "/tmp/talk-$$")"
}
defer rm -f "/tmp/talk-$$" "/tmp/talk-$$.sent"

ok "datagrams of every size" datagrams "$us" 192.0.2.1 "$peer" 7000 0 1 1472 1473 9000 65507
ok "... the other way" datagrams "$peer" 192.0.2.2 "$us" 7001 0 1 1472 1473 9000 65507
ok "a large one is cut without a copy" counts 1 "$us" MynetExt FragUncopied \
	datagrams "$us" 192.0.2.1 "$peer" 7002 4096
ok "a stream" stream "$us" 192.0.2.1 "$peer" 7100 3000000
ok "... the other way" stream "$peer" 192.0.2.2 "$us" 7101 3000000
ok "a port that nobody has is told of" refuses refused in_ns "$us" ../lib/udp.py mynet ask 192.0.2.1 9 5
heard() {	# packets that the kernel's IPv4 got in the namespace
	# shellcheck disable=SC2016 # of awk's
	in_ns "$1" awk '$1 == "Ip:" && $2 != "Forwarding" { print $4 }' /proc/net/snmp
}
ok "the kernel's IPv4 heard nothing" equals "0 0" "$(heard "$us") $(heard "$peer")"
finish
