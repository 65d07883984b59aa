#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Routes with several next hops: two routers of the kernel's, who both are all of 203.0.113.0/24.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
new_netns us one two left
# shellcheck disable=SC2154 # set by new_netns
{
	cable "$us" a0 "$one" a1 && cable "$us" b0 "$two" b1 && cable "$left" l0 "$us" l1 &&
	for dev in a0 b0 l1; do mynet -n "$us" dev attach $dev || exit; done &&
	mynet -n "$us" addr add 10.1.0.2/24 dev a0 && mynet -n "$us" addr add 10.2.0.2/24 dev b0 &&
	mynet -n "$us" addr add 10.3.0.2/24 dev l1 && in_ns "$us" sysctl -qw net.mynet.ip_forward=1 &&
	ip -n "$one" addr add 10.1.0.1/24 dev a1 && ip -n "$two" addr add 10.2.0.1/24 dev b1 &&
	ip -n "$one" route add default via 10.1.0.2 && ip -n "$two" route add default via 10.2.0.2 &&
	ip -n "$one" route add local 203.0.113.0/24 dev lo &&
	ip -n "$two" route add local 203.0.113.0/24 dev lo &&
	ip -n "$left" addr add 10.3.0.1/24 dev l0 && ip -n "$left" route add default via 10.3.0.2
} || { echo "Bail out! no two routers"; exit 1; }
r() { mynet -n "$us" route "$@"; }
both="nexthop via 10.1.0.1 nexthop via 10.2.0.1"

ways() {	# ways COMMAND-LINE...: by which router each leads, a line for each
	printf 'route get %s\n' "$@" | mynet -n "$us" -b - | grep -o 'via [0-9.]*'
}
hosts() {	# hosts [WORDS]: a way to each of 200 hosts
	local i all=()
	for i in {1..200}; do all+=("203.0.113.$i $*"); done
	ways "${all[@]}"
}
share() {	# share ROUTER [WORDS]: how many of them go by it
	local router=$1
	shift
	hosts "$@" | grep -cx "via $router"
}
between() {	# between LEAST MOST GOT
	if [ "$3" -lt "$1" ] || [ "$3" -gt "$2" ]; then
		echo "$3 is not between $1 and $2"
		return 1
	fi
}
ports() {	# ports: by how many routers 64 conversations with one host go
	local i all=()
	for i in {1..64}; do all+=("203.0.113.1 ipproto 17 sport $((4000 + i)) dport 53"); done
	ways "${all[@]}" | sort -u | wc -l
}
pinged() {	# pinged NS: every one of some hosts answers
	local i
	for i in {1..10}; do in_ns "$1" ping -q -n -c 1 -W 5 "203.0.113.$i" || return; done
}
state() {	# state DEV WORDS: of the next hop by it
	r | grep -q "dev $1 weight 1 $2\$"
}
came() {	# came NS DEV: packets
	in_ns "$1" cat "/sys/class/net/$2/statistics/rx_packets"
}

# shellcheck disable=SC2086 # words on purpose
{
ok "two next hops are taken" r add 203.0.113.0/24 $both
ok "... and shown" says "
	nexthop via 10.1.0.1 dev a0 weight 1 
	nexthop via 10.2.0.1 dev b0 weight 1 " r
ok "... as JSON too" eval "mynet -n $us -j route | jq -e '
	.[] | select(.dst == \"203.0.113.0/24\") | .nexthops | length == 2 and .[1].gateway == \"10.2.0.1\"'"
ok "the same twice is refused" refuses "there already" r add 203.0.113.0/24 $both
ok "a next hop that is no neighbour is refused" refuses "out of reach" \
	r add 198.51.100.0/24 nexthop via 10.1.0.1 nexthop via 172.16.0.1
ok "a next hop without anything is refused" refuses "needs a device or a gateway" \
	r add 198.51.100.0/24 nexthop via 10.1.0.1 nexthop weight 2
ok "a weight of none is refused" refuses "" r add 198.51.100.0/24 nexthop via 10.1.0.1 weight 0
ok "a blackhole has no next hops" refuses "no next hop" r add blackhole 198.51.100.0/24 $both
ok "one beside them is refused" refuses "another one beside them" \
	r add 198.51.100.0/24 via 10.1.0.1 $both
ok "destinations are divided among them" between 60 140 "$(share 10.1.0.1)"
ok "... the same each time" equals "$(hosts | sort | uniq -c)" "$(hosts | sort | uniq -c)"
ok "the ports do not matter" equals 1 "$(ports)"
ok "... unless they are to" eval "
	in_ns $us sysctl -qw net.mynet.fib_multipath_hash_policy=1 && equals 2 \$(ports)"
in_ns "$us" sysctl -qw net.mynet.fib_multipath_hash_policy=0
ok "who has an address leaves by its device" equals 200 "$(share 10.2.0.1 from 10.2.0.2)"
ok "who is bound to a device leaves by it" equals 200 "$(share 10.1.0.1 dev a0)"
ok "weights say how much each gets" eval "
	r replace 203.0.113.0/24 nexthop via 10.1.0.1 weight 9 nexthop via 10.2.0.1 weight 1 &&
	between 155 199 \$(share 10.1.0.1)"
ok "other weights are another route" refuses "No such route" \
	r del 203.0.113.0/24 nexthop via 10.1.0.1 weight 8 nexthop via 10.2.0.1 weight 1
r replace 203.0.113.0/24 $both
ok "packets for others are divided too" eval "
	ones=\$(came $one a1) twos=\$(came $two b1)
	for i in {1..40}; do in_ns $left ping -q -n -c 1 -W 5 203.0.113.\$i || exit; done
	[ \$(came $one a1) -ge \$((ones + 5)) ] && [ \$(came $two b1) -ge \$((twos + 5)) ]"
ok "the fragments of a packet go one way" eval "
	for i in {1..10}; do in_ns $left ping -q -n -c 1 -W 5 -s 4000 203.0.113.\$i || exit; done"
ok "... by ports too" eval "in_ns $us sysctl -qw net.mynet.fib_multipath_hash_policy=1 &&
	for i in {1..10}; do in_ns $left ping -q -n -c 1 -W 5 -s 4000 203.0.113.\$i || exit; done"
in_ns "$us" sysctl -qw net.mynet.fib_multipath_hash_policy=0
ok "a strict check of sources knows both ways" eval "
	in_ns $us sysctl -qw net.mynet.conf.a0.rp_filter=1 net.mynet.conf.b0.rp_filter=1 &&
	pinged $left"

ok "a device that is down gets nothing" eval "
	ip -n $us link set a0 down && state a0 'dead .*' && equals 0 \$(share 10.1.0.1)"
ok "... the other one everything" pinged "$left"
ok "... and something again when it is up" eval "
	ip -n $us link set a0 up && wait_for 10 state a0 '' && between 60 140 \$(share 10.1.0.1)"
ok "neither does one without carrier" eval "
	ip -n $two link set b1 down && wait_for 10 state b0 'linkdown ' &&
	equals 0 \$(share 10.2.0.1)"
ok "... the other one everything" pinged "$left"
ok "without any carrier it is as before" eval "
	ip -n $one link set a1 down && wait_for 10 state a0 'linkdown ' &&
	between 60 140 \$(share 10.2.0.1)"
ok "carrier brings the traffic back" eval "
	ip -n $two link set b1 up && ip -n $one link set a1 up && wait_for 10 state b0 '' &&
	wait_for 10 state a0 '' && between 60 140 \$(share 10.2.0.1)"
ip -n "$two" route replace local 203.0.113.0/24 dev lo
ok "the last device takes the route along" eval "
	ip -n $us link set a0 down && ip -n $us link set b0 down && not says 203.0.113 r"
ok "next hops change under traffic" eval "
	ip -n $us link set a0 up && ip -n $us link set b0 up && r add 203.0.113.0/24 $both
	ip -n $two route replace default via 10.2.0.2; ip -n $one route replace default via 10.1.0.2
	in_ns $left ping -q -f -c 1000 -W 1 203.0.113.9 > /dev/null & flood=\$!
	for i in {1..10}; do
		ip -n $one link set a1 down; ip -n $one link set a1 up
		r replace 203.0.113.0/24 $both && r replace 203.0.113.0/24 via 10.2.0.1 || exit 1
	done
	r replace 203.0.113.0/24 $both && wait \$flood; true"
ok "a device that is detached takes the route along" eval "
	mynet -n $us dev detach b0 && not says 203.0.113 r"
}
finish
