#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Addresses that are there for a time.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts
a() { mynet -n "$us" addr "$@"; }
has() {		# has ADDR [PATTERN]: it is there, and the two lines about it are like that
	a show dev veth0 | grep -A 1 "inet $1/" | tr -d '\n' | grep -q "inet $1/.*${2:-}"
}
sends_from() {	# sends_from ADDR
	says "src $1" mynet -n "$us" route get "${2:-192.0.2.77}"
}

ok "an address is there for ever unless told otherwise" has 192.0.2.2 "valid_lft forever preferred_lft forever"
ok "it can be there for a time" eval "
	a add 192.0.2.3/24 dev veth0 valid_lft 1000 preferred_lft 500 &&
	has 192.0.2.3 'valid_lft \\(1000\\|99.\\)sec preferred_lft \\(500\\|49.\\)sec'"
ok "... which programs can read" eval "mynet -n $us -j addr |
	jq -e '.[].addr_info[] | select(.local == \"192.0.2.3\") | .valid_life_time > 900 and .preferred_life_time <= 500'"
ok "a time of nothing is refused" refuses "at least one second" a add 192.0.2.9/24 dev veth0 valid_lft 0
ok "being preferred longer than valid is refused" refuses "longer than it is valid" \
	a add 192.0.2.9/24 dev veth0 valid_lft 10 preferred_lft 11
ok "a time that is none is refused" refuses "lifetime" a add 192.0.2.9/24 dev veth0 valid_lft soon
ok "its time can be changed" eval "
	a change 192.0.2.3/24 dev veth0 && has 192.0.2.3 'valid_lft forever preferred_lft forever'"
ok "that of another one cannot" refuses "not on this device" a change 192.0.2.9/24 dev veth0
ok "nor of one with another prefix" refuses "not on this device" a change 192.0.2.3/25 dev veth0
ok "replacing adds what is not there" eval "
	a replace 192.0.2.4/24 dev veth0 valid_lft 300 && has 192.0.2.4 'valid_lft \\(300\\|29.\\)sec'"
ok "... and changes what is" eval "
	a replace 192.0.2.4/24 dev veth0 valid_lft 60 && has 192.0.2.4 'valid_lft \\(60\\|5.\\)sec'"
ok "the first one of a network is sent from" sends_from 192.0.2.2
ok "... not if it is deprecated" eval "
	a change 192.0.2.2/24 dev veth0 preferred_lft 0 && has 192.0.2.2 deprecated &&
	sends_from 192.0.2.3"
ok "... nor to elsewhere" eval "
	mynet -n $us route add default via 192.0.2.1 && sends_from 192.0.2.3 203.0.113.1"
ok "it still answers" in_ns "$peer" ping -n -c 1 -W 5 192.0.2.2
ok "where all are deprecated one of them is sent from" eval "
	a change 192.0.2.3/24 dev veth0 preferred_lft 0 && a del 192.0.2.4/24 dev veth0 &&
	sends_from 192.0.2.2"
ok "preferred again it is sent from again" eval "
	a change 192.0.2.2/24 dev veth0 && not has 192.0.2.2 deprecated && sends_from 192.0.2.2"
a change 192.0.2.3/24 dev veth0
ok "it becomes deprecated by itself" eval "
	a change 192.0.2.2/24 dev veth0 valid_lft 1000 preferred_lft 1 && sends_from 192.0.2.2 &&
	wait_for 5 has 192.0.2.2 deprecated && sends_from 192.0.2.3"
ok "what was told to stay longer stays" eval "
	a change 192.0.2.2/24 dev veth0 valid_lft 1 && a change 192.0.2.2/24 dev veth0 valid_lft 1000"
ok "it goes by itself" counts 1 "$us" MynetLink AddrExpired eval "
	a add 198.51.100.1/24 dev veth0 valid_lft 1 && has 198.51.100.1 &&
	wait_for 5 not has 198.51.100.1"
ok "... the other one is still there" has 192.0.2.2
ok "... its routes are not" not eval "mynet -n $us route show table all | grep 198.51.100"
ok "the next one of its network takes its place" eval "
	a change 192.0.2.2/24 dev veth0 valid_lft 1 && wait_for 5 not has 192.0.2.2 &&
	not has 192.0.2.3 secondary && sends_from 192.0.2.3"
ok "a namespace goes with addresses that wait" eval "
	a add 192.0.2.5/24 dev veth0 valid_lft 1 && ip netns del $us"
finish
