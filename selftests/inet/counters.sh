#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Packets are counted as AF_INET counts them. ../lib/counters.py has the situations.
#	counters.sh [NAME...]		these alone
. ../lib/lib.sh
. ../lib/mynet.sh
load_family

inet_cable() {	# inet_cable US PEER: what INET has and MYNET has not is off
	bare_cable "$1" "$2" &&
		ip -n "$1" addr add 192.0.2.2/24 brd + dev veth0 &&
		ip -n "$1" neigh replace 192.0.2.1 dev veth0 lladdr "$(lladdr "$2" veth1)" nud permanent &&
		in_ns "$1" sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv4.icmp_msgs_per_sec=100000
}

cables=()
for kind in inet mynet; do
	new_netns "us_$kind" "peer_$kind"
	declare -n us=us_$kind peer=peer_$kind
	if [ $kind = inet ]; then inet_cable "$us" "$peer"; else by_hand_between "$us" "$peer"; fi ||
		{ echo "Bail out! no cable"; exit 1; }
	cables+=("$kind:$us:$peer")
	declare +n us peer
done

was_right() {	# was_right WORD: what was counted wrong comes after it
	[ "$1" = ok ] || { echo "$2"; return 1; }
}

while IFS=$'\t' read -r verdict sentence wrong; do
	read -r verdict name <<< "$verdict"
	ok "$name: $sentence" was_right "$verdict" "$wrong"
done < <(../lib/counters.py "${cables[@]}" "$@")
wait $!
ok "all were played" equals 0 $?
finish
