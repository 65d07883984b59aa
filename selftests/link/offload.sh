#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Large packets in native mode: two MYNET routers on a link with EtherTypes of their own, between
# two hosts of the kernel's that speak TCP to each other.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family

new_netns alice one two bob
# shellcheck disable=SC2154 # new_netns sets them
setup() {
	cable "$alice" a0 "$one" a1 && cable "$one" n1 "$two" n2 && cable "$two" b1 "$bob" b0 &&
		ip -n "$alice" addr add 10.1.0.1/24 dev a0 && ip -n "$bob" addr add 10.2.0.1/24 dev b0 &&
		ip -n "$alice" route add default via 10.1.0.2 && ip -n "$bob" route add default via 10.2.0.2 &&
		mynet -n "$one" dev attach a1 && mynet -n "$one" dev attach n1 mode native &&
		mynet -n "$two" dev attach b1 && mynet -n "$two" dev attach n2 mode native &&
		mynet -n "$one" addr add 10.1.0.2/24 dev a1 && mynet -n "$one" addr add 10.9.0.1/24 dev n1 &&
		mynet -n "$two" addr add 10.2.0.2/24 dev b1 && mynet -n "$two" addr add 10.9.0.2/24 dev n2 &&
		mynet -n "$one" route add 10.2.0.0/24 via 10.9.0.2 &&
		mynet -n "$two" route add 10.1.0.0/24 via 10.9.0.1 &&
		in_ns "$one" sysctl -qw net.mynet.ip_forward=1 && in_ns "$two" sysctl -qw net.mynet.ip_forward=1
}
ok "two routers on a native link" setup
ok "one host pings the other through them" in_ns "$alice" ping -q -c 2 -W 10 10.2.0.1

in_ns "$bob" iperf3 -s -D -I "/tmp/offload-$$" > /dev/null
defer eval "kill \$(cat /tmp/offload-$$)"
wait_for 10 in_ns "$bob" ss -Hltn sport = 5201

sent() { counter "$one" MynetLink "$1"; }
transfer() {	# bytes of a packet, on average, as router one sends them
	local packets bytes
	packets=$(sent OutPkts) bytes=$(sent OutOctets)
	in_ns "$alice" iperf3 -c 10.2.0.1 -n 8M -J > "/tmp/offload-$$.json" || { cat "/tmp/offload-$$.json"; return 1; }
	# The program may send one block more than it was told.
	jq -e ".end.sum_sent.bytes >= 8388608" "/tmp/offload-$$.json" > /dev/null || { cat "/tmp/offload-$$.json"; return 1; }
	average=$((($(sent OutOctets) - bytes) / ($(sent OutPkts) - packets)))
	rm -f "/tmp/offload-$$.json"
	echo "$average bytes a packet"
}
larger_than_mtu() { transfer && [ "$average" -gt 1500 ]; }

ok "TCP goes through whole where the device can cut" larger_than_mtu
in_ns "$one" ethtool -K n1 tso off > /dev/null
ok "... and is cut before a device that cannot" larger_than_mtu
in_ns "$one" ethtool -K n1 gso off tx off sg off > /dev/null
ok "... or can nothing at all" transfer
in_ns "$two" ethtool -K n2 gro on > /dev/null
before=$(counter "$two" MynetLink InPkts)
ok "what came in pieces is joined again" eval "transfer &&
	[ \$((\$(counter $two MynetLink InPkts) - $before)) -lt 4000 ]"
ok "UDP in fragments goes through too" in_ns "$alice" ping -q -c 2 -s 9000 -W 10 10.2.0.1
finish
