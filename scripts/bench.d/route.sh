# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# MYNET as a router against the kernel as one: two hosts of the kernel's, and between them two ways,
# each through a router of its own, with the same devices.

router_between() {	# router_between NAME NET: 10.NET.1.0/24 on the left, 10.NET.2.0/24 on the right
	local side n=0
	add_netns "bench-$1"
	for side in left right; do
		n=$((n + 1))
		ip -n bench-$side link add "$1" type veth peer name "$side" netns "bench-$1"
		ip -n bench-$side address add "10.$2.$n.1/24" dev "$1"
		ip -n bench-$side link set "$1" up
		ip -n bench-$side route add "10.$2.$((3 - n)).0/24" via "10.$2.$n.2"
		ip -n "bench-$1" link set "$side" up
	done
}

set_up() {
	modprobe af_mynet
	add_netns bench-left bench-right
	router_between inet 1
	router_between mynet 2
	local side n=0
	for side in left right; do
		n=$((n + 1))
		ip -n bench-inet address add 10.1.$n.2/24 dev $side
		mynet -n bench-mynet dev attach $side
		mynet -n bench-mynet addr add 10.2.$n.2/24 dev $side
	done
	ip netns exec bench-inet sysctl -qw net.ipv4.ip_forward=1
	ip netns exec bench-mynet sysctl -qw net.mynet.ip_forward=1
}

through_mynet() {
	load "$@" -C bench-left -S bench-right -s 10.2.2.1
}

through_inet() {
	load "$@" -C bench-left -S bench-right -s 10.1.2.1
}

for size in 64 1400; do
	packets="udp -l $size -n 4000 -k per_s"
	figure "route-udp-$size" bar=1.0 a="through_mynet $packets" b="through_inet $packets"
done
figure route-udp-rr-usec bar=..1.0 better=lower a="through_mynet udp-rr -n 2000 -k usec" \
	b="through_inet udp-rr -n 2000 -k usec"
figure route-tcp bar=1.0 a="through_mynet tcp -n 2000 -k per_s" b="through_inet tcp -n 2000 -k per_s"
