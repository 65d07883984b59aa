#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Packets that are wrong are dropped for the right reason; those that only look odd are not.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts
stay "$peer"
mac=$(lladdr "$us" veth0)
ok "the peer is known" in_ns "$peer" ping -c 1 -W 5 192.0.2.2

# send [wait=S] WORDS...: one packet from the peer, an echo request unless said otherwise.
send() {
	local wait=()
	case $1 in wait=*) wait=("$1"); shift ;; esac
	py "$peer" ip veth1 "${wait[@]}" dst="$mac" saddr=192.0.2.1 daddr=192.0.2.2 "$@"
}
# drops REASON WORDS...: it is dropped, for this reason, and nothing else is.
drops() {
	local reason=$1
	shift
	counts 1 "$us" MynetDrop "$reason" send "$@"
}
answers() {
	says "icmp $1" send wait=5 "${@:2}"
}
points_at() {	# points_at OFFSET WORDS...: it is dropped for its options, and its sender told where
	counts 1 "$us" MynetDrop IP_OPTIONS \
		says " info=$(printf '0x%x' $(($1 << 24))) " send wait=5 "${@:2}"
}

ok "a right packet is answered" answers "0 0 84" echo=56
ok "a packet with padding behind it is answered without" answers "0 0 29" echo=1 pad=25
ok "too short for a header: dropped" drops IP_TRUNC echo=0 cut=19
ok "version 5: dropped" drops IP_HEADER echo=8 version=5
ok "version 0: dropped" drops IP_HEADER echo=8 version=0
ok "header of four words: dropped" drops IP_HEADER echo=8 ihl=4
ok "header longer than the packet: dropped" drops IP_TRUNC echo=8 ihl=15
ok "total length below the header: dropped" drops IP_HEADER echo=8 len=19
ok "total length beyond the packet: dropped" drops IP_TRUNC echo=8 len=400
ok "wrong header checksum: dropped" drops IP_CSUM echo=8 csum=0x1234
ok "... and counted as INET counts it" counts 1 "$us" Ip InHdrErrors send echo=8 csum=0x1234
ok "from a multicast address: dropped" drops IP_MARTIAN_SRC echo=8 saddr=224.1.2.3
ok "from the broadcast address: dropped" drops IP_MARTIAN_SRC echo=8 saddr=255.255.255.255
ok "from network zero: dropped" drops IP_MARTIAN_SRC echo=8 saddr=0.1.2.3
ok "from loopback: dropped" drops IP_MARTIAN_SRC echo=8 saddr=127.0.0.1
ok "from this host's own address: dropped" drops IP_MARTIAN_SRC echo=8 saddr=192.0.2.2
ok "to loopback: dropped" drops IP_MARTIAN_DST echo=8 daddr=127.0.0.1
ok "to network zero: dropped" drops IP_MARTIAN_DST echo=8 daddr=0.0.0.0
ok "to another host, by a host that is no router: dropped" drops IP_NOT_HERE echo=8 daddr=198.51.100.1
ok "to one host but sent to all on the link: dropped" drops IP_LINK_GROUP echo=8 dst=ff:ff:ff:ff:ff:ff
ok "to a group that nobody joined: dropped" drops IP_GROUP echo=8 dst=01:00:5e:01:02:03 daddr=224.1.2.3
ok "for a transport that is not there: dropped" drops IP_NO_PROTO proto=253 data=0102030405060708
ok "... and its sender is told" answers "3 2" proto=253 data=0102030405060708
ok "... but not if it was sent to all" not send wait=0.5 proto=253 data=01020304 \
	dst=ff:ff:ff:ff:ff:ff daddr=192.0.2.255
ok "... nor for a fragment that is not the first" not send wait=0.5 proto=253 data=0102030405060708 frag=8
ok "ICMP too short: dropped" drops ICMP_TRUNC data=08000000
ok "ICMP with a wrong checksum: dropped" drops ICMP_CSUM echo=56 echocsum=0x1111
ok "ICMP of an unknown type: dropped" drops ICMP_TYPE icmp=77,0,0,00
ok "ICMP error that quotes too little: dropped" drops ICMP_TRUNC icmp=3,3,0,4500001c
ok "ICMP error about a transport that is not there: dropped" drops ICMP_UNCLAIMED \
	icmp=3,3,0,4500001c0000000040fd000001020304050607080000000000000000
ok "an ICMP error never causes another" not send wait=0.5 icmp=3,2,0,4500001c00000000fd110000c0000202c00002010000000000000000
ok "an echo reply that nobody asked for: dropped" drops ICMP_UNCLAIMED icmp=0,0,0,00
ok "a timestamp request is answered" answers "14 0 40" icmp=13,0,0x12340001,000000010000000000000000
ok "a packet with options is answered" answers "0 0 84" echo=56 options=01010101
ok "a record route goes on in the answer" says "192.0.2.1
	192.0.2.2
	192.0.2.2
	192.0.2.1" in_ns "$peer" ping -n -R -c 1 -W 5 192.0.2.2
ok "... one that is full stays as it is" answers "0 0 36 192.0.2.2 tos=0x0 info=0x12340001 options=0707080a00000100" \
	echo=0 options=0707080a00000100
ok "a timestamp is written in the answer" says "192.0.2.2" in_ns "$peer" ping -n -T tsandaddr -c 1 -W 5 192.0.2.2
ok "... one for somebody else is not" says "options=440c05030a00000100000000" send wait=5 echo=0 options=440c05030a00000100000000
ok "... one that is full counts" says "options=4408091000000000" send wait=5 echo=0 options=4408090000000000
ok "... until it can count no more" points_at 23 echo=0 options=440809f000000000
ok "a source route is refused" drops IP_SOURCE_ROUTE echo=0 options=830704c000020100
ok "... a strict one too" drops IP_SOURCE_ROUTE echo=0 options=890704c000020100
ok "an option without length: dropped" drops IP_OPTIONS echo=0 options=01010107
ok "an option of length one: its sender is told where" points_at 21 echo=0 options=07010400
ok "an option beyond the header: its sender is told where" points_at 21 echo=0 options=07080400
ok "a record route that points to itself: its sender is told where" points_at 22 echo=0 options=0707030000000000
ok "two record routes: its sender is told where" points_at 27 echo=0 options=07070800000000070708000000000000
ok "a timestamp of an unknown kind: its sender is told where" points_at 23 echo=0 options=4408050200000000
ok "a router alert does no harm" answers "0 0 28" echo=0 options=94040000
ok "the reserved flag does not matter" answers "0 0 84" echo=56 rf
ok "ttl 1 is enough to arrive" answers "0 0 84" echo=56 ttl=1
ok "rp_filter: an answer would leave elsewhere" eval "
	in_ns $us sysctl -qw net.mynet.conf.veth0.rp_filter=1 &&
	drops IP_RPFILTER echo=8 saddr=203.0.113.9"
ok "rp_filter: the peer itself passes" answers "0 0 84" echo=56
ok "rp_filter is counted as INET counts it" counts 1 "$us" IpExt IPReversePathFilter \
	send echo=8 saddr=203.0.113.9
ok "errors to one host are limited" eval "
	in_ns $us sysctl -qw net.mynet.icmp_ratelimit=60000 && before=\$(counter $us Icmp OutDestUnreachs)
	for i in {1..30}; do echo proto=253 data=0\$((i % 10)); done | sed '2,\$i--' > /tmp/errors-$$
	send \$(cat /tmp/errors-$$) && rm /tmp/errors-$$ &&
	sent=\$((\$(counter $us Icmp OutDestUnreachs) - before)) && echo \$sent sent &&
	[ \$sent -ge 4 ] && [ \$sent -le 12 ] &&
	equals \$((30 - sent)) \$(counter $us Icmp OutRateLimitHost)"
ok "... and a crowd that takes turns is no way round it" eval "
	mynet -n $us route add 10.0.0.0/8 via 192.0.2.1 &&
	in_ns $us sysctl -qw net.mynet.icmp_msgs_burst=100000 net.mynet.icmp_msgs_per_sec=100000 &&
	before=\$(counter $us Icmp OutRateLimitHost) &&
	in_ns $peer ../lib/crowd.py veth1 $mac 192.0.2.2 2000 6 &&
	wait_for 5 eval '[ \$(counter $us Icmp OutRateLimitHost) -ge '\$((before + 3000))' ]'"
# Identifications of the packets that this host sends to a peer, a while apart: the counter must have gone on by
# more than their number, at least once.
idents() {
	local seen=()
	in_ns "$peer" tcpdump -n -v -l -i veth1 -Q in -c 12 src 192.0.2.2 and udp > "/tmp/ids-$$" 2> "/tmp/ids-$$.err" &
	local dump=$!
	wait_for 10 grep -q "listening on" "/tmp/ids-$$.err" || return
	for _ in {1..12}; do
		in_ns "$us" ../lib/udp.py mynet send 192.0.2.1 9 hello cut || return
	done
	wait "$dump"
	mapfile -t seen < <(sed -n 's/.* id \([0-9]*\),.*/\1/p' "/tmp/ids-$$")
	echo "${seen[*]}"
	[ ${#seen[@]} -eq 12 ] && [ $(((seen[11] - seen[0]) & 0xffff)) -gt 11 ]
}
defer rm -f "/tmp/ids-$$" "/tmp/ids-$$.err"
ok "identifications do not count this host's packets" idents
# Forged packets use up the burst; how many errors then come back must not tell how many they were.
errors_of_burst() {
	local before after
	for _ in 1 2 3 4 5 6; do
		in_ns "$us" sysctl -qw net.mynet.icmp_msgs_burst=0 net.mynet.icmp_msgs_per_sec=100000 &&
			in_ns "$peer" ../lib/crowd.py veth1 "$mac" 192.0.2.2 1 1 &&
			in_ns "$us" sysctl -qw net.mynet.icmp_msgs_burst=50 &&
			in_ns "$peer" ../lib/crowd.py veth1 "$mac" 192.0.2.2 1 1 &&
			in_ns "$us" sysctl -qw net.mynet.icmp_msgs_per_sec=0 || return
		before=$(counter "$us" Icmp OutDestUnreachs)
		in_ns "$peer" ../lib/crowd.py veth1 "$mac" 192.0.2.2 1 200 || return
		after=$(counter "$us" Icmp OutDestUnreachs)
		echo $((after - before))
	done
}
in_ns "$us" sysctl -qw net.mynet.icmp_ratelimit=0
ok "the errors of a burst tell nobody how many it was" eval "
	errors_of_burst > /tmp/burst-$$; sort -u /tmp/burst-$$; [ \$(sort -u /tmp/burst-$$ | wc -l) -ge 2 ]"
ok "errors are limited" eval "
	in_ns $us sysctl -qw net.mynet.icmp_msgs_burst=1 net.mynet.icmp_msgs_per_sec=1 &&
	send proto=253 data=01 -- proto=253 data=02 -- proto=253 data=03 -- proto=253 data=04 &&
	[ \$(counter $us Icmp OutRateLimitGlobal) -ge 2 ]"
finish
