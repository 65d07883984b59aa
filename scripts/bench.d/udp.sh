# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# MYNET's UDP against the kernel's, over a veth pair that both share and over the loopback device.

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
	done
}

dgram() {
	# shellcheck disable=SC2154 # build is the harness's
	"$build/tools/mynet-dgram" "$@"
}

mynet_veth() {
	"$@" -f mynet -C bench-a -S bench-b -s 10.0.2.2
}

inet_veth() {
	"$@" -f inet -C bench-a -S bench-b -s 10.0.1.2
}

mynet_lo() {
	"$@" -f mynet -C bench-a -S bench-a
}

inet_lo() {
	"$@" -f inet -C bench-a -S bench-a
}

# both NAME BAR WAY TEST...: the same load on both stacks
both() {
	figure "$1" bar="$2" a="mynet_$3 ${*:4}" b="inet_$3 ${*:4}"
}

for way in veth lo; do
	both udp-rr-$way 1.1 $way load udp-rr -n 2000 -k per_s
	both udp-send-$way 1.1 $way dgram send
	both udp-recv-$way 1.1 $way dgram recv
	both udp-gso-$way 1.0 $way dgram gso -b 16 -n 320
	both udp-gso-gro-$way 1.0 $way dgram gso-gro -b 16 -n 320
	both udp-connect-$way 1.0 $way dgram connect -b 1 -n 2000
done
figure udp-socket-bytes bar=..1.0 better=lower a="mynet_lo dgram memory -n 20000" \
	b="inet_lo dgram memory -n 20000"
# The cost of a look-up among other sockets: a thousand, a hundred thousand.
for others in 1000 100000; do
	figure udp-send-among-$others bar=0.9..1.1 a="mynet_lo dgram send -n 40000 -o $others" \
		b="mynet_lo dgram send -n 40000"
done
