#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# UDP across a cable: the kernel's own at the other end, both ways, any size; and programs that
# never heard of MYNET.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts

# An echo server of either family, which answers until it is told "stop".
server() {	# server NS FAMILY PORT
	ip netns exec "$1" ../lib/udp.py "$2" serve "$3" > /dev/null 2>&1 &
	defer kill $!
	wait_for 10 in_ns "$1" ../lib/udp.py "$2" bound "$3"
}

ask() {		# ask NS FAMILY ADDR PORT SIZE...: echoes of these sizes come back
	in_ns "$1" ../lib/udp.py "$2" ask "$3" "$4" "${@:5}"
}

server "$peer" inet 7000
server "$us" mynet 7001
server "$us" mynet 7002

sizes="0 1 2 7 8 9 1471 1472 1473 1480 2952 2953 4096 9000 16384 32768 65507"
# shellcheck disable=SC2086 # words on purpose
ok "the kernel echoes our datagrams of every size" ask "$us" mynet 192.0.2.1 7000 $sizes
# shellcheck disable=SC2086
ok "we echo the kernel's datagrams of every size" ask "$peer" inet 192.0.2.2 7001 $sizes
# shellcheck disable=SC2086
ok "we echo our own, by our address on the cable" ask "$us" mynet 192.0.2.2 7002 $sizes
ok "a large datagram is cut to fragments without a copy" eval "
	counts 1 $us MynetExt FragUncopied counts 3 $us Ip FragCreates ask $us mynet 192.0.2.1 7000 4096"
ok "... one that grew by pieces is copied" eval "
	counts 0 $us MynetExt FragUncopied counts 1 $us Ip FragOKs in_ns $us ../lib/udp.py mynet grow 192.0.2.1 7000 4096"
ok "... and many at once are whole too" ask "$us" mynet 192.0.2.1 7000 9000 9000 20000 65000 1480 1473 65507
ok "the kernel hears that our port is closed" refuses refused ask "$peer" inet 192.0.2.2 9 5
ok "we hear that the kernel's port is closed" refuses refused ask "$us" mynet 192.0.2.1 9 5
ok "a wrong checksum is dropped and counted" counts 1 "$us" Udp InCsumErrors \
	py "$peer" ip veth1 dst="$(lladdr "$us" veth0)" saddr=192.0.2.1 \
	daddr=192.0.2.2 proto=17 data=1b581b59000c1234abcdabcd
ok "a datagram longer than its packet is dropped" counts 1 "$us" MynetDrop UDP_BAD \
	py "$peer" ip veth1 dst="$(lladdr "$us" veth0)" saddr=192.0.2.1 \
	daddr=192.0.2.2 proto=17 data=1b581b59001c0000abcdabcd

ok "a broadcast needs leave" refuses "ermission" \
	in_ns "$us" ../lib/udp.py mynet send 192.0.2.255 7000 hello
heard() {	# heard NS FAMILY WHERE SENDER-NS SENDER-FAMILY DEV [EARS]: two sockets (or EARS) all get it
	local ns=$1 family=$2 where=$3 ears=${7:-2}
	ip netns exec "$ns" timeout 20 ../lib/udp.py "$family" hear "$where" 7100 "$ears" &
	local listener=$!
	wait_for 10 in_ns "$ns" ../lib/udp.py "$family" bound 7100 "$ears" &&
		in_ns "$4" ../lib/udp.py "$5" send "$where" 7100 hello broadcast dev="$6"
	wait "$listener"
}
ok "our broadcast reaches every socket of the kernel's port" \
	heard "$peer" inet 192.0.2.255 "$us" mynet veth0
ok "the kernel's broadcast reaches every socket of our port" \
	heard "$us" mynet 192.0.2.255 "$peer" inet veth1
ok "our multicast reaches every member there" heard "$peer" inet 239.1.2.3 "$us" mynet veth0
ok "the kernel's multicast reaches every member here" heard "$us" mynet 239.1.2.3 "$peer" inet veth1

# As INET has it: what a socket of a device sends leaves by that, route or not.
in_ns "$peer" ip addr add 203.0.113.1/32 dev veth1
mynet -n "$us" addr add 203.0.113.2/32 dev veth0
ok "there is no route to a stranger" refuses "unreachable" \
	in_ns "$us" ../lib/udp.py mynet send 203.0.113.1 7100 hello
ok "... which a socket of ours that names its device does not need" \
	heard "$peer" inet 203.0.113.1 "$us" mynet veth0 1
ok "... nor does one of the kernel's" heard "$us" mynet 203.0.113.2 "$peer" inet veth1 1
ok "... and route get says why" says "no route, taken to be on the link" \
	mynet -n "$us" route get 203.0.113.1 oif veth0

ok "datagrams of one send cross the cable one by one" \
	in_ns "$us" ../lib/udp.py mynet burst 192.0.2.1 7000 1000 20

# The last portion of such a datagram is shorter than a header.
modprobe tun
whole() {	# whole FAMILY [gro]
	ip netns add "tap-$$" && in_ns "tap-$$" ../lib/tap.py "$1" 3993 1000 "${@:2}"
	local status=$?
	ip netns del "tap-$$"
	return "$status"
}
for family in inet mynet; do
	ok "what a tap wants cut where it leaves is one datagram here: $family" whole $family
	ok "... also to a socket that takes many in one: $family" whole $family gro
done

ok "a socket of ours is in /proc/net/mynet/udp" eval "
	in_ns $us awk '\$2 == \"00000000:1B59\"' /proc/net/mynet/udp | grep -q . "
finish
