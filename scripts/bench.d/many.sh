# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Many connections of MYNET's TCP against as many of the kernel's: all sending, and all idle. And one that
# loses packets on a long way. One veth pair, which both stacks use, and for
# the long way a router.

idle=50000

set_up() {
	modprobe af_mynet
	add_netns bench-a bench-b bench-r
	local side n=0
	ip -n bench-a link add veth0 type veth peer name veth0 netns bench-b
	for side in a b; do
		n=$((n + 1))
		ip netns exec bench-$side sysctl -qw net.ipv4.tcp_congestion_control=cubic
		ip -n bench-$side address add 10.0.1.$n/24 dev veth0
		ip -n bench-$side link set veth0 up
		mynet -n bench-$side dev attach veth0 mode native force
		mynet -n bench-$side addr add 10.0.2.$n/24 dev veth0
	done
	long_way inet 3 ip address route
	long_way mynet 4 mynet addr route
}

# long_way FAMILY NET COMMAND ADDR ROUTE: a network of a router of the kernel's, whose links lose frames, 10 ms each way. What the
# router sends is cut to segments, so that each is lost alone.
long_way() {
	local side n=0 dev=$1
	for side in a b; do
		n=$((n + 1))
		ip -n bench-$side link add "$dev" type veth peer name "$dev-$side" netns bench-r
		ip netns exec bench-$side ethtool -K "$dev" tso off gro off > /dev/null
		ip netns exec bench-r ethtool -K "$dev-$side" tso off gro off > /dev/null
		ip -n bench-r address add "10.$2.$n.254/24" dev "$dev-$side"
		ip -n bench-r link set "$dev-$side" up
		ip -n bench-$side link set "$dev" up
		[ "$dev" = inet ] || mynet -n bench-$side dev attach "$dev"
		"$3" -n bench-$side "$4" add "10.$2.$n.$n/24" dev "$dev"
		"$3" -n bench-$side "$5" add "10.$2.0.0/16" via "10.$2.$n.254"
		tc -n bench-r qdisc add dev "$dev-$side" root netem delay 10ms loss 1% limit 10000
	done
	ip netns exec bench-r sysctl -qw net.ipv4.ip_forward=1
}

# shellcheck disable=SC2154 # build is the harness's
many() {	# many FAMILY ARG...
	"$build/tools/mynet-many" "${@:2}" -f "$1"
}

mynet_veth() {
	many mynet "$@" -C bench-a -S bench-b -s 10.0.2.2
}

inet_veth() {
	many inet "$@" -C bench-a -S bench-b -s 10.0.1.2
}

mynet_idle() {
	many mynet "$@" -C bench-a -S bench-a -c 127.0.1.1
}

inet_idle() {
	many inet "$@" -C bench-a -S bench-a -c 127.0.1.1
}

mynet_lossy() {
	load tcp -n 200 -w 20 -k bytes_per_s -f mynet -C bench-a -S bench-b -s 10.4.2.2
}

inet_lossy() {
	load tcp -n 200 -w 20 -k bytes_per_s -f inet -C bench-a -S bench-b -s 10.3.2.2
}

figure tcp-64-streams bar=1.0 a="mynet_veth streams" b="inet_veth streams"
# Jain's index itself: of one would be perfect.
figure tcp-64-fairness bar=0.95 a="mynet_veth fairness" b="echo 1"
figure tcp-loss bar=0.95..1.2 a=mynet_lossy b=inet_lossy
figure tcp-idle-bytes bar=..1.0 better=lower a="mynet_idle memory -n $idle" b="inet_idle memory -n $idle"
figure tcp-idle-rr bar=0.95 a="mynet_idle beside -n $idle" b="mynet_idle beside -n 0"
