# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The virtual FTGMAC100 against veth that moves MTU frames one by one, too (no TSO, no GSO).

set_up() {
	add_netns bench-a bench-b
	ip -n bench-a link add nic-a type vftgmac100
	ip -n bench-a link add link nic-a name nic-b netns bench-b type vftgmac100
	ip -n bench-a link add veth0 type veth peer name veth0 netns bench-b
	local side n=0
	for side in a b; do
		n=$((n + 1))
		ip -n bench-$side address add 10.0.1.$n/24 dev nic-$side
		ip -n bench-$side address add 10.0.2.$n/24 dev veth0
		ip netns exec bench-$side ethtool -K veth0 tso off gso off
		ip -n bench-$side link set nic-$side up
		ip -n bench-$side link set veth0 up
	done
	for side in a b; do
		until ip -n bench-$side link show nic-$side | grep -q LOWER_UP; do
			read -r -t 0.02 <> <(:) || true
		done
	done
}

over_nic() {
	load "$@" -C bench-a -S bench-b -s 10.0.1.2
}

over_veth() {
	load "$@" -C bench-a -S bench-b -s 10.0.2.2
}

counter() {	# counter NAME: of the receiving card
	ip netns exec bench-b ethtool -S nic-b | awk -v name="$1:" '$1 == name { print $2 }'
}

# Received frames for each interrupt, while a load runs.
frames_per_interrupt() {
	local irqs frames
	irqs=$(counter interrupts)
	frames=$(counter hw_rx_frames)
	over_nic "$@" > /dev/null
	awk -v frames=$(($(counter hw_rx_frames) - frames)) -v irqs=$(($(counter interrupts) - irqs)) \
		'BEGIN { printf "%.2f\n", frames / irqs }'
}

one() {
	echo 1
}

for size in 64 1400; do
	packets="udp -l $size -n 4000 -k per_s"
	figure "nic-udp-$size" bar=0.7 a="over_nic $packets" b="over_veth $packets"
done
stream="tcp -n 2000 -k per_s"
figure nic-tcp bar=0.7 a="over_nic $stream" b="over_veth $stream"
figure nic-udp-rr-usec bar=..1.5 better=lower a="over_nic udp-rr -n 2000 -k usec" \
	b="over_veth udp-rr -n 2000 -k usec"
figure nic-frames-per-irq-udp bar=16 a="frames_per_interrupt udp -l 64 -n 20000 -k per_s" b=one
figure nic-frames-per-irq-tcp bar=16 a="frames_per_interrupt tcp -n 4000 -k per_s" b=one
