# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# sendfile() on MYNET's TCP against the kernel's, over one veth pair and the loopback device: pages go
# out without a copy.

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

mynet_side() {
	load -f mynet -k bytes_per_s "$@"
}

inet_side() {
	load -f inet -k bytes_per_s "$@"
}

figure sendfile-veth bar=1.0 \
	a="mynet_side sendfile -C bench-a -S bench-b -s 10.0.2.2 -n 2000" \
	b="inet_side sendfile -C bench-a -S bench-b -s 10.0.1.2 -n 2000"
figure sendfile-lo bar=1.0 \
	a="mynet_side sendfile -C bench-a -S bench-a -s 127.0.0.1 -n 2000" \
	b="inet_side sendfile -C bench-a -S bench-a -s 127.0.0.1 -n 2000"
# A web server's small file, the next one when it has arrived: its end waits for nothing. In a stream of
# such files the scheduler's choice who runs next moves either stack by a third.
figure sendfile-16k bar=1.0 \
	a="mynet_side sendfile-rr -C bench-a -S bench-b -s 10.0.2.2 -n 8000" \
	b="inet_side sendfile-rr -C bench-a -S bench-b -s 10.0.1.2 -n 8000"
