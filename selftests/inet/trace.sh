#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Three MYNET routers in a row between two hosts of the kernel's: every one of them answers.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
new_netns left one two three right
# shellcheck disable=SC2154 # set by new_netns
routers=("$one" "$two" "$three")

join() {	# join N NS NS: link N, on which the first one has .1 and the second one .2
	cable "$2" "r$1" "$3" "l$1"
}
# shellcheck disable=SC2154 # set by new_netns
{
	join 1 "$left" "$one" && join 2 "$one" "$two" && join 3 "$two" "$three" &&
		join 4 "$three" "$right"
	for i in 0 1 2; do
		on="mynet -n ${routers[i]}"
		in="l$((i + 1))" out="r$((i + 2))"
		$on dev attach $in && $on dev attach $out && many_errors "${routers[i]}" &&
			$on addr add "10.0.$((i + 1)).2/24" dev $in &&
			$on addr add "10.0.$((i + 2)).1/24" dev $out &&
			in_ns "${routers[i]}" sysctl -qw net.mynet.ip_forward=1 || exit
		[ $i = 0 ] || $on route add 10.0.1.0/24 via "10.0.$((i + 1)).1"
		[ $i = 2 ] || $on route add default via "10.0.$((i + 2)).2"
	done
	ip -n "$left" addr add 10.0.1.1/24 dev r1 && ip -n "$left" route add default via 10.0.1.2 &&
		ip -n "$right" addr add 10.0.4.2/24 dev l4 && ip -n "$right" route add default via 10.0.4.1
} || { echo "Bail out! no five hosts"; exit 1; }
trace() {
	in_ns "$left" ../lib/trace.py "$@"
}
hops="1 10.0.1.2
2 10.0.2.2
3 10.0.3.2"

ok "UDP: every router answers for itself, then the host" equals "$hops
4 10.0.4.2" "$(trace udp 10.0.4.2)"
ok "ICMP: the same" equals "$hops
4 10.0.4.2" "$(trace icmp 10.0.4.2)"
ok "the routers themselves are reached" equals "$hops" "$(trace udp 10.0.3.2)"
ok "... by ICMP too" equals "1 10.0.1.2
2 10.0.2.2" "$(trace icmp 10.0.2.2)"
ok "each packet that died is counted where it died" eval "
	for ns in ${routers[*]}; do [ \$(counter \$ns MynetDrop IP_TTL) -ge 2 ] || exit; done"
ok "a router that says no more errors is a gap, no wall" eval "
	in_ns $two sysctl -qw net.mynet.icmp_msgs_per_sec=0 net.mynet.icmp_msgs_burst=0 &&
	equals '1 10.0.1.2
2 *
3 10.0.3.2
4 10.0.4.2' \"\$(trace udp 10.0.4.2 2)\""
in_ns "$two" sysctl -qw net.mynet.icmp_msgs_per_sec=1000 net.mynet.icmp_msgs_burst=50
ok "a loop of routes ends" eval "
	mynet -n $three route add 10.9.0.0/16 via 10.0.3.1 &&
	says 'Time to live exceeded' eval 'in_ns $left ping -n -c 1 -t 32 -W 5 10.9.0.1 || true'"
finish
