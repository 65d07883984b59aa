# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# MYNET's TCP against the kernel's over the same devices: a veth pair that both share, for MYNET is
# there in native mode, and the loopback device.

set_up() {
	modprobe af_mynet
	add_netns bench-a bench-b
	ip -n bench-a link add veth0 type veth peer name veth0 netns bench-b
	local side n=0
	for side in a b; do
		n=$((n + 1))
		ip -n bench-$side address add 10.0.1.$n/24 dev veth0
		ip -n bench-$side link set veth0 up
		mynet -n bench-$side dev attach veth0 mode native force
		mynet -n bench-$side addr add 10.0.2.$n/24 dev veth0
		ip netns exec bench-$side sysctl -qw net.ipv4.tcp_congestion_control=cubic
	done
}

tear_down() {
	ip netns del bench-a
	ip netns del bench-b
	modprobe -r af_mynet
}

mynet_veth() {
	load "$@" -f mynet -C bench-a -S bench-b -s 10.0.2.2
}

inet_veth() {
	load "$@" -f inet -C bench-a -S bench-b -s 10.0.1.2
}

mynet_lo() {
	load "$@" -f mynet -C bench-a -S bench-a -s 127.0.0.1
}

inet_lo() {
	load "$@" -f inet -C bench-a -S bench-a -s 127.0.0.1
}

for way in veth lo; do
	figure tcp-stream-$way bar=1.0 a="mynet_$way tcp -n 2000 -k bytes_per_s" \
		b="inet_$way tcp -n 2000 -k bytes_per_s"
	figure tcp-rr-$way bar=1.1 a="mynet_$way tcp-rr -n 2000 -k per_s" \
		b="inet_$way tcp-rr -n 2000 -k per_s"
done
