#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Groups: joined, told by IGMP, heard, left.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts
stay "$peer"
in_ns "$peer" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 2> /dev/null
in_ns "$us" sysctl -qw net.mynet.icmp_echo_ignore_broadcasts=0
ok "the peer is known" in_ns "$peer" ping -c 1 -W 5 192.0.2.2
m="mynet -n $us maddr"
m() {
	mynet -n "$us" maddr "$@"
}
G=232.1.2.3

hears() {	# hears TEXT WORDS...: IGMP of that text within five seconds, all of it right
	local output
	output=$(py "$peer" igmp veth1 wait=5 "until=$1 " "${@:2}") ||
		{ echo "wanted '$1', got '$output'"; return 1; }
	! grep -E 'WRONG|NO-' <<< "$output"
}
silent() {	# silent SECONDS WORDS...
	py "$peer" igmp veth1 "wait=$1" quiet "${@:2}"
}
reached() {	# reached [SOURCE]: what SOURCE sends to the group is answered
	in_ns "$peer" ping -n -c 1 -W 2 -I veth1 ${1:+-I "$1"} "$G"
}
drops() {
	counts "$1" "$us" MynetDrop "$2" "${@:3}"
}
now_quiet() {	# what was begun is said to its end
	wait_for 10 silent 1.2
}

ok "nobody listens: the packet is dropped" drops 1 IP_GROUP not reached
ok "all hosts are a group that everybody is in" in_ns "$peer" ping -n -c 1 -W 2 -I veth1 224.0.0.1
ok "joining is told twice" hears "v3 TO_EX $G" times=2 run="$m join $G dev veth0"
ok "... and shown" says "$G dev veth0 users 1 igmp 3" m show dev veth0
ok "the card lets its frames in" says 01:00:5e:01:02:03 ip -n "$us" maddr show dev veth0
ok "packets to the group come in" reached
ok "joining twice is refused" refuses "joined already" m join $G dev veth0
ok "what is no group is refused" refuses "Address is no group" m join 10.1.1.1 dev veth0
now_quiet
ok "a general query is answered" hears "v3 IS_EX $G" query=3,1,0.0.0.0
ok "... without the group of all hosts" not hears "v3 IS_EX 224.0.0.1" wait=1 query=3,1,0.0.0.0
ok "a query for the group is answered" hears "v3 IS_EX $G" query=3,1,$G
ok "... and both are counted" eval "
	counts 1 $us MynetIgmp InMsgs hears 'v3 IS_EX $G' query=3,1,$G &&
	counts 1 $us MynetIgmp InQueries hears 'v3 IS_EX $G' query=3,1,$G &&
	counts 1 $us MynetIgmp OutReports hears 'v3 IS_EX $G' query=3,1,$G"
ok "a query for a source is answered" hears "v3 IS_IN $G 10.1.1.1" query=3,1,$G,10.1.1.1
ok "a query for another group is not" silent 0.5 query=3,1,232.9.9.9
ok "leaving is told" hears "v3 TO_IN $G" run="$m leave $G"
ok "packets to the group do not come in any more" drops 1 IP_GROUP not reached
ok "the card does not let its frames in" not says 01:00:5e:01:02:03 ip -n "$us" maddr show dev veth0
ok "leaving twice is refused" refuses "not joined" m leave $G
ok "what was left is forgotten when it has been told" eval "now_quiet && silent 0.5 query=3,1,$G"

ip -n "$peer" addr add 192.0.2.11/24 dev veth1
ip -n "$peer" addr add 192.0.2.12/24 dev veth1
ok "one source: told" hears "v3 ALLOW $G 192.0.2.11" run="$m join $G dev veth0 from 192.0.2.11"
ok "... heard" reached 192.0.2.11
ok "... and no other one" drops 1 IP_GROUP not reached 192.0.2.12
now_quiet
ok "a query is answered with it" hears "v3 IS_IN $G 192.0.2.11" query=3,1,0.0.0.0
ok "a query for it and another one is answered with it alone" hears "v3 IS_IN $G 192.0.2.11" \
	query=3,1,$G,192.0.2.11,192.0.2.12
ok "a query for another source is not answered" silent 0.5 query=3,1,$G,192.0.2.12
ok "another source is allowed" hears "v3 ALLOW $G 192.0.2.12" \
	run="$m join $G dev veth0 from 192.0.2.11 192.0.2.12"
ok "... and the first one blocked" hears "v3 BLOCK $G 192.0.2.11" \
	run="$m join $G dev veth0 from 192.0.2.12"
ok "now it is the other one that is heard" eval "reached 192.0.2.12 && ! reached 192.0.2.11"
ok "all but one" hears "v3 TO_EX $G 192.0.2.11" run="$m join $G dev veth0 except 192.0.2.11"
ok "... are heard" eval "reached 192.0.2.12 && ! reached 192.0.2.11"
ok "only one again" hears "v3 TO_IN $G 192.0.2.12" run="$m join $G dev veth0 from 192.0.2.12"
ok "leaving a source is told" hears "v3 BLOCK $G 192.0.2.12" run="$m leave $G"
now_quiet

ok "many sources fill more than one message" eval "
	in_ns $us sysctl -qw net.mynet.igmp_max_msf=1000 && ip -n $us link set veth0 mtu 300 &&
	hears 'v3 ALLOW $G 10.0.0.100 ' wait=1 run='$m join $G dev veth0 from \$(seq -f 10.0.0.%.0f -s\" \" 200)' ;
	[ \$(py $peer igmp veth1 wait=1 query=3,1,$G | grep -o '10\.0\.0\.[0-9]*' | sort -u | wc -l) -eq 200 ]"
ok "... and a list of those not wanted ends" eval "
	$m join $G dev veth0 except \$(seq -f 10.0.0.%.0f -s' ' 200) && now_quiet &&
	[ \$(py $peer igmp veth1 wait=1 query=3,1,$G | grep -c IS_EX) -eq 1 ]"
ip -n "$us" link set veth0 mtu 1500
in_ns "$us" sysctl -qw net.mynet.igmp_max_msf=1100
crowd=$(in_ns "$us" ../lib/maddr.py 232.7.7.7 1100 2>&1)
ok "a group of more sources than a message holds is shown with those that fit" eval "
	grep -E '^232.7.7.7 on .*: (9..|10..) sources' <<< '$crowd'"
ok "... and the others are shown as well" eval "grep '^$G on .*: 200 sources' <<< '$crowd'"
ok "more sources than allowed are refused" refuses "igmp_max_msf" eval "
	in_ns $us sysctl -qw net.mynet.igmp_max_msf=2; $m join $G dev veth0 from 10.0.0.1 10.0.0.2 10.0.0.3"
ok "more groups than allowed are refused" refuses "igmp_max_memberships" eval "
	in_ns $us sysctl -qw net.mynet.igmp_max_memberships=1; $m join 232.5.5.5 dev veth0"
in_ns "$us" sysctl -qw net.mynet.igmp_max_memberships=20
m leave $G; now_quiet

ok "a querier of version 2: version 2 is spoken" hears "v2 report $G" \
	run="$m join $G dev veth0; $m join 232.1.2.4 dev veth0" query=2,1,0.0.0.0
ok "... and shown" says "igmp 2 reporter" m show
ok "a query of version 2 for the group" hears "v2 report $G" query=2,1,$G
ok "one report is enough: another's keeps ours back" silent 1 query=2,5,$G report=2,$G
ok "... and is counted" counts 1 "$us" MynetIgmp InReports py "$peer" igmp veth1 wait=0 report=2,$G
ok "... and then we do not say that we leave" eval "
	py $peer igmp veth1 wait=0 report=2,$G && silent 1 run='$m leave $G'"
ok "else we do" counts 1 "$us" MynetIgmp OutLeaves hears "v2 leave 232.1.2.4" run="$m leave 232.1.2.4"
ok "joining in version 2" hears "v2 report $G" run="$m join $G dev veth0"
ok "a querier of version 1: version 1 is spoken" eval "
	py $peer igmp veth1 wait=0 query=1,0,0.0.0.0 &&
	hears 'v1 report 232.1.2.5' run='$m join 232.1.2.5 dev veth0'"
ok "... and leaving is not told" not hears leave wait=1 run="$m leave $G"

ok "a query that is too short is dropped" drops 1 IGMP_TRUNC silent 0.1 raw=110064
ok "a query that is between two versions is dropped" drops 1 IGMP_TRUNC silent 0.1 raw=1101eefe0000000000
ok "a wrong checksum is dropped" drops 1 IGMP_CSUM silent 0.1 raw=1101000000000000
ok "... and counted as an error" counts 1 "$us" MynetIgmp InErrors silent 0.1 raw=1101000000000000
ok "an unknown type is dropped" drops 1 IGMP_TYPE silent 0.1 raw=770088ff00000000

ok "a device that comes up tells its groups again" eval "
	$m join $G dev veth0 && ip -n $us link set veth0 down && ip -n $us link set veth0 up &&
	wait_for 5 in_ns $peer ping -c 1 -W 1 192.0.2.2 && reached"
ok "detached with a group joined" eval "mynet -n $us dev detach veth0 && $m show | not grep $G"
ok "attached again: what was joined before can be left" eval "
	mynet -n $us dev attach veth0 && mynet -n $us addr add 192.0.2.2/24 dev veth0 && $m leave $G"
ok "... and joined" eval "$m join $G dev veth0 && reached"
ok "groups on the loopback device say nothing" m join $G dev lo
ok "deleted with groups joined" ip netns del "$us"
finish
