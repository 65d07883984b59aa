#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# News of routers about a path: too narrow, or not the nearest.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts
stay "$peer"
r() { mynet -n "$us" route "$@"; }
mac=$(lladdr "$us" veth0)
send() {
	py "$peer" ip veth1 dst="$mac" saddr=192.0.2.1 daddr=192.0.2.2 "$@"
}
hex() {		# hex ADDR: as eight digits
	# shellcheck disable=SC2046 # four words
	printf '%02x' $(tr . ' ' <<< "$1")
}
quote() {	# quote DST [SRC]: an echo reply that this host sent there
	echo "4500005400004000400100000$(hex "${2:-192.0.2.2}" | cut -c2-)$(hex "$1")0000000012340001" |
		sed "s/^\(.\{24\}\)./\1$(hex "${2:-192.0.2.2}" | cut -c1)/"
}
request() {	# request MTU DST: the same about an echo request
	send "icmp=3,4,$1,$(quote "$2" | sed 's/..\(.\{14\}\)$/08\1/')"
}
path() {	# path VERB ADDR MTU: of ../lib/path.py
	in_ns "$us" ../lib/path.py "$peer" "$@"
}
narrow() {	# narrow MTU DST [SRC]: a router says that the packet was too large
	send "icmp=3,4,$1,$(quote "${@:2}")"
}
redirect() {	# redirect GATEWAY DST [WORD...]
	send "icmp=5,1,0x$(hex "$1"),$(quote "$2")" "${@:3}"
}
sent_on() {	# sent_on SECONDS: a packet that goes back to where it came from; what is answered
	py "$peer" ip veth1 "wait=$1" dst="$mac" saddr=192.0.2.1 daddr=198.51.100.9 echo=8
}
way() {		# way ADDR WORDS
	wait_for 5 says "$2" r get "$1"
}
D=198.51.100.1

ok "the peer is known" in_ns "$peer" ping -c 1 -W 5 192.0.2.2
r add default via 192.0.2.1
ok "a path is as wide as its link" way $D "mtu 1500"
ok "a router says it is not: it is believed" eval "narrow 1300 $D && way $D 'mtu 1300'"
ok "... for a while" way $D "expires"
ok "... for that destination alone" way 198.51.100.2 "mtu 1500"
ok "what is larger than that is not believed" eval "narrow 1400 $D && way $D 'mtu 1300'"
ok "what is smaller is" eval "narrow 1280 $D && way $D 'mtu 1280'"
ok "what no path can be is not less than min_pmtu" eval "narrow 100 198.51.100.3 && way 198.51.100.3 'mtu lock 552'"
ok "... nor is an unknown MTU" eval "narrow 0 198.51.100.4 && way 198.51.100.4 'mtu lock 552'"
ok "about what this host has not sent: not believed" eval "
	narrow 1300 198.51.100.5 192.0.2.77 && way 198.51.100.5 'mtu 1500'"
ok "less than min_pmtu: what is sent there may be cut" says cut path df 198.51.100.12 400
ok "... but not where a path carries that much" says df path df 198.51.100.13 552
ok "a request that no program here sent: not believed" eval "
	counts 1 $us Icmp InDestUnreachs request 1300 198.51.100.14 && way 198.51.100.14 'mtu 1500'"
in_ns "$us" sysctl -qw net.mynet.ping_group_range="0 0"
ok "... a ping socket's: it is" says 1300 path ping 198.51.100.15 1300
ok "large answers go in smaller pieces" eval "
	ip -n $peer addr add $D/32 dev lo && before=\$(counter $us Ip FragCreates) &&
	in_ns $peer ping -c 1 -W 5 -M dont -s 1400 -I $D 192.0.2.2 &&
	[ \$(counter $us Ip FragCreates) -gt \$before ]"
ok "it is forgotten in time" eval "
	narrow 1200 198.51.100.6 && way 198.51.100.6 'mtu 1200' &&
	in_ns $us sysctl -qw net.mynet.mtu_expires=1 && narrow 1100 198.51.100.6 &&
	way 198.51.100.6 'mtu 1500'"
ok "... also by a socket that is connected" says 1500 path ages 198.51.100.16 1100
in_ns "$us" sysctl -qw net.mynet.mtu_expires=600
ok "it is forgotten with the route" eval "
	r add 198.51.100.64/26 via 192.0.2.10 && narrow 1300 198.51.100.65 && way 198.51.100.65 'mtu 1300' &&
	r del 198.51.100.64/26 && way 198.51.100.65 'mtu 1500'"
ok "a redirect by the gateway is followed" eval "redirect 192.0.2.9 198.51.100.7 && way 198.51.100.7 'via 192.0.2.9'"
ok "... and counted" eval "[ \$(counter $us Icmp InRedirects) -ge 1 ]"
ok "... for that destination alone" way 198.51.100.8 "via 192.0.2.1 "
ok "both can be known of one" eval "
	narrow 1300 198.51.100.7 && way 198.51.100.7 'mtu 1300' && way 198.51.100.7 'via 192.0.2.9'"
ok "by another one it is not" eval "
	counts 1 $us MynetDrop ICMP_IGNORED redirect 192.0.2.9 198.51.100.8 saddr=192.0.2.33 && way 198.51.100.8 'via 192.0.2.1 '"
ok "to another link it is not" eval "
	counts 1 $us MynetDrop ICMP_IGNORED redirect 10.1.1.1 198.51.100.8 && way 198.51.100.8 'via 192.0.2.1 '"
ok "to this host it is not" eval "
	counts 1 $us MynetDrop ICMP_IGNORED redirect 192.0.2.2 198.51.100.8"
ok "a host can be told not to follow" eval "
	in_ns $us sysctl -qw net.mynet.conf.veth0.accept_redirects=0 &&
	counts 1 $us MynetDrop ICMP_IGNORED redirect 192.0.2.9 198.51.100.8"
ok "a redirect that is too short is dropped" counts 1 "$us" MynetDrop ICMP_TRUNC send icmp=5,1,0xc0000209,4500
forge() {	# forge FROM TO: news that no socket vouches for, about so many hosts
	local i
	for ((i = $1; i <= $2; i++)); do narrow 1300 "198.51.101.$i" || return; done
}
ok "news that anybody can send have a quarter of the places, and the oldest is forgotten" eval "
	in_ns $us sysctl -qw net.mynet.max_paths=40 && forge 1 11 && way 198.51.101.11 'mtu 1300' &&
	way 198.51.101.2 'mtu 1300' && way 198.51.101.1 'mtu 1500'"
ok "... what a socket has vouched for stays" way 198.51.100.15 "mtu 1300"
ok "... none is kept if none may be" eval "
	in_ns $us sysctl -qw net.mynet.max_paths=0 && narrow 1200 198.51.100.24 &&
	counts 1 $us Icmp InDestUnreachs narrow 1200 198.51.100.24 && way 198.51.100.24 'mtu 1500' &&
	in_ns $us sysctl -qw net.mynet.max_paths=1024"
ok "down and up: all is forgotten" eval "
	ip -n $us link set veth0 down && ip -n $us link set veth0 up && r add default via 192.0.2.1 &&
	way $D 'mtu 1500'"
ok "a router tells of a nearer gateway" eval "
	in_ns $us sysctl -qw net.mynet.ip_forward=1 &&
	wait_for 5 in_ns $peer ping -c 1 -W 1 192.0.2.2 &&
	r add 198.51.100.9 via 192.0.2.50 && says 'info=0xc0000232' sent_on 5 &&
	[ \$(counter $us Icmp OutRedirects) -ge 1 ]"
ok "... unless it is told not to" eval "
	in_ns $us sysctl -qw net.mynet.conf.veth0.send_redirects=0 &&
	! sent_on 0.5"
ok "a router follows no redirect" eval "
	in_ns $us sysctl -qw net.mynet.conf.veth0.accept_redirects=1 &&
	counts 1 $us MynetDrop ICMP_IGNORED redirect 192.0.2.9 198.51.100.8"
ok "metrics of a route are kept and shown" eval "
	r add 203.0.113.0/24 via 192.0.2.1 mtu 1400 advmss 1200 window 30000 rtt 100 initcwnd 20 &&
	says 'mtu 1400 window 30000 rtt 100ms advmss 1200 initcwnd 20' r show &&
	says 'mtu 1400 window 30000 rtt 100ms advmss 1200 initcwnd 20' r get 203.0.113.1"
ok "deleted with paths learnt" eval "narrow 1300 $D; ip netns del $us"
finish
