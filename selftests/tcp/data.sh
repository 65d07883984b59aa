#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Data arrives whole and in order, whatever happens on the way: with the kernel's own TCP at the other end, in
# both roles, and with MYNET at both.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts

bytes=${MYNET_BYTES:-500000}
[ "${MYNET_KERNEL:-}" != debug ] || bytes=${MYNET_BYTES:-200000}
tmp=$(mktemp -d)
defer rm -rf "$tmp"

# stream FROM-NS FROM-KIND TO-NS TO-KIND ADDR [BYTES]; a kind is "mynet" or nothing
stream() {
	local status pid
	in_ns "$3" ../lib/stream.py ${4:+"$4"} listen 5000 > "$tmp/received" &
	pid=$!
	wait_for 20 listens "$3" 5000 || return
	in_ns "$1" ../lib/stream.py ${2:+"$2"} send "$5" 5000 "${6:-$bytes}" > "$tmp/sent"
	status=$?
	wait "$pid" || status=1
	[ "$status" -eq 0 ] && equals "$(cat "$tmp/sent")" "$(cat "$tmp/received")"
}

wire() {	# wire [NETEM...]: both ways
	local ns dev
	while read -r ns dev; do
		in_ns "$ns" tc qdisc del dev "$dev" root 2> /dev/null
		[ $# -eq 0 ] || in_ns "$ns" tc qdisc add dev "$dev" root netem limit 10000 "$@" || return
	done <<- EOF
		$us veth0
		$peer veth1
	EOF
}

offloads() {	# offloads on|off
	in_ns "$us" ethtool -K veth0 tso "$1" gso "$1" gro "$1" > /dev/null &&
		in_ns "$peer" ethtool -K veth1 tso "$1" gso "$1" gro "$1" > /dev/null
}

both_roles() {	# both_roles [BYTES]
	stream "$us" mynet "$peer" "" 192.0.2.1 "$@" && stream "$peer" "" "$us" mynet 192.0.2.2 "$@"
}

peer_without() {	# peer_without OPTION CMD...: the kernel's TCP does not offer it
	local option=$1 status
	shift
	in_ns "$peer" sysctl -qw "net.ipv4.tcp_$option=0"
	"$@"
	status=$?
	in_ns "$peer" sysctl -qw "net.ipv4.tcp_$option=1"
	return "$status"
}

ok "a stream goes to the kernel's TCP" stream "$us" mynet "$peer" "" 192.0.2.1
ok "a stream comes from the kernel's TCP" stream "$peer" "" "$us" mynet 192.0.2.2
ok "a stream goes round on the loopback device" stream "$us" mynet "$us" mynet 127.0.0.1
ok "... also to an address of another device" stream "$us" mynet "$us" mynet 192.0.2.2
ok "one byte is a stream" both_roles 1
ok "nothing is a stream" both_roles 0
for option in timestamps sack window_scaling; do
	ok "the peer knows no $option" peer_without $option both_roles
done
ok "on a wire that cuts and joins nothing" eval "offloads off && both_roles; status=\$?; offloads on; [ \$status -eq 0 ]"

while read -r fault; do
	# shellcheck disable=SC2086 # words on purpose
	ok "$fault: it arrives" eval "wire $fault && both_roles"
done << 'EOF'
loss 1%
delay 5ms loss 5%
delay 5ms loss 10%
delay 50ms
delay 50ms loss 1%
delay 10ms reorder 25% 50%
duplicate 20%
corrupt 2%
EOF
ok "loss without SACK" eval "wire delay 2ms loss 2% && peer_without sack both_roles 300000"
ok "loss without SACK and timestamps" eval "wire delay 2ms loss 2% &&
	peer_without sack peer_without timestamps both_roles 300000"
wire

for mtu in 576 9000; do
	ok "an mtu of $mtu" eval "ip -n $us link set veth0 mtu $mtu && ip -n $peer link set veth1 mtu $mtu &&
		both_roles 300000"
done
ip -n "$us" link set veth0 mtu 1500
ip -n "$peer" link set veth1 mtu 1500
ok "the window opens again after it was closed" eval "
	in_ns $us sysctl -qw net.mynet.tcp_rmem='4096 8192 8192' && both_roles 500000"
ok "no checksum was wrong here" equals 0 "$(counter "$us" MynetDrop TCP_HEADER)"
ok "the module goes when its sockets are gone" wait_for 10 modprobe -r af_mynet
finish
