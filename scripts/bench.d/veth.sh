# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The kernel's UDP over a veth pair between two namespaces against the same over loopback.

set_up() {
	add_netns bench-a bench-b
	ip -n bench-a link add veth0 type veth peer name veth0 netns bench-b
	ip -n bench-a address add 10.0.0.1/24 dev veth0
	ip -n bench-b address add 10.0.0.2/24 dev veth0
	ip -n bench-a link set veth0 up
	ip -n bench-b link set veth0 up
}

over_veth() {
	load "$@" -C bench-a -S bench-b -s 10.0.0.2
}

over_loopback() {
	load "$@" -C bench-a -S bench-a -s 127.0.0.1
}

for size in 64 1400; do
	packets="udp -l $size -n 4000 -k per_s"
	figure "udp-$size-veth-lo" a="over_veth $packets" b="over_loopback $packets"
done
figure udp-rr-usec-veth-lo better=lower a="over_veth udp-rr -n 1000 -k usec" \
	b="over_loopback udp-rr -n 1000 -k usec"
