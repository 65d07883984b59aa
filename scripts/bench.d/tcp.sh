# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# MYNET's TCP against the kernel's over the same devices: a veth pair that both share, for MYNET is
# there in native mode, the loopback device, and two cables between virtual cards, one for each.

set_up() {
	modprobe af_mynet
	add_netns bench-a bench-b
	ip -n bench-a link add veth0 type veth peer name veth0 netns bench-b
	local side n=0 card
	# A card of its own for each: MYNET has its one alone, as it would a real one.
	for card in inet mynet; do
		ip -n bench-a link add $card-a type vftgmac100
		ip -n bench-a link add link $card-a name $card-b netns bench-b type vftgmac100
	done
	for side in a b; do
		n=$((n + 1))
		ip -n bench-$side address add 10.0.1.$n/24 dev veth0
		ip -n bench-$side address add 10.0.3.$n/24 dev inet-$side
		ip -n bench-$side link set veth0 up
		mynet -n bench-$side dev attach veth0 mode native force
		mynet -n bench-$side addr add 10.0.2.$n/24 dev veth0
		mynet -n bench-$side dev attach mynet-$side
		mynet -n bench-$side addr add 10.0.4.$n/24 dev mynet-$side
		for card in inet mynet; do
			ip -n bench-$side link set $card-$side up
		done
		ip netns exec bench-$side sysctl -qw net.ipv4.tcp_congestion_control=cubic
	done
	for side in a b; do
		for card in inet mynet; do
			until ip -n bench-$side link show $card-$side | grep -q LOWER_UP; do
				read -r -t 0.02 <> <(:) || true
			done
		done
	done
}

mynet_veth() {
	load "$@" -f mynet -C bench-a -S bench-b -s 10.0.2.2
}

inet_veth() {
	load "$@" -f inet -C bench-a -S bench-b -s 10.0.1.2
}

mynet_cable() {
	load "$@" -f mynet -C bench-a -S bench-b -s 10.0.4.2
}

inet_cable() {
	load "$@" -f inet -C bench-a -S bench-b -s 10.0.3.2
}

mynet_lo() {
	load "$@" -f mynet -C bench-a -S bench-a -s 127.0.0.1
}

inet_lo() {
	load "$@" -f inet -C bench-a -S bench-a -s 127.0.0.1
}

# both NAME BAR WAY TEST...: the same load on both stacks
both() {
	figure "$1" bar="$2" a="mynet_$3 ${*:4}" b="inet_$3 ${*:4}"
}

for way in veth lo; do
	both tcp-stream-$way 1.0 $way tcp -n 2000 -k bytes_per_s
	both tcp-rr-$way 1.1 $way tcp-rr -n 2000 -k per_s
	both tcp-crr-$way 1.1 $way tcp-crr -n 300 -k per_s
done
both tcp-stream-cable 1.0 cable tcp -n 300 -w 100 -k bytes_per_s
