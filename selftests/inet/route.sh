#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Routing tables: what goes in, what is found, what addresses and devices bring and take.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts
r() { mynet -n "$us" route "$@"; }

routes() {	# routes [TABLE]: how many there are
	r show table "${1:-main}" | wc -l
}
way() {		# way ADDR WORDS: route get says so
	says "$2" r get "$1"
}

ok "an address brings its network" says "192.0.2.0/24 dev veth0 proto kernel scope link src 192.0.2.2" r
ok "... itself" says "local 192.0.2.2 dev veth0" r show table local
ok "... and its broadcast address" says "broadcast 192.0.2.255 dev veth0" r show table local
ok "the loopback network is this host" way 127.1.2.3 "local 127.1.2.3 dev lo"
ok "no route is no way" refuses "Network is unreachable" r get 198.51.100.1
ok "a default route is added" r add default via 192.0.2.1
ok "... and taken" way 198.51.100.1 "via 192.0.2.1 dev veth0"
ok "a longer prefix goes before it" eval "
	r add 198.51.0.0/16 via 192.0.2.10 && way 198.51.100.1 'via 192.0.2.10'"
ok "a still longer one before that" eval "
	r add 198.51.100.0/24 via 192.0.2.11 && way 198.51.100.1 'via 192.0.2.11' &&
	way 198.51.101.1 'via 192.0.2.10'"
ok "one host goes before all" eval "
	r add 198.51.100.1 via 192.0.2.12 && way 198.51.100.1 'via 192.0.2.12' &&
	way 198.51.100.2 'via 192.0.2.11'"
ok "deleted, the next shorter one is back" eval "
	r del 198.51.100.1 && way 198.51.100.1 'via 192.0.2.11'"
ok "the smaller metric is tried first" eval "
	r add 203.0.113.0/24 via 192.0.2.20 metric 20 && r add 203.0.113.0/24 via 192.0.2.10 metric 10 &&
	r add 203.0.113.0/24 via 192.0.2.30 metric 30 && way 203.0.113.1 'via 192.0.2.10'"
ok "... when it goes the next one" eval "
	r del 203.0.113.0/24 metric 10 && way 203.0.113.1 'via 192.0.2.20'"
ok "a tos of its own goes before" eval "
	r add 203.0.113.0/24 tos 0x10 via 192.0.2.40 && says 'via 192.0.2.40' r get 203.0.113.1 tos 0x10 &&
	way 203.0.113.1 'via 192.0.2.20'"
ok "the same route twice is refused" refuses "there already" r add 198.51.0.0/16 via 192.0.2.10
ok "another one of the same rank too" refuses "there already" r add 198.51.0.0/16 via 192.0.2.13
ok "... but it may replace" eval "
	r replace 198.51.0.0/16 via 192.0.2.13 && way 198.51.1.1 'via 192.0.2.13'"
ok "... or come behind" eval "
	r append 198.51.0.0/16 via 192.0.2.14 && way 198.51.1.1 'via 192.0.2.13'"
ok "... or before" eval "
	r prepend 198.51.0.0/16 via 192.0.2.15 && way 198.51.1.1 'via 192.0.2.15'"
ok "changing what is not there is refused" refuses "No such route to change" \
	r change 100.64.0.0/10 via 192.0.2.1
ok "a gateway that is no neighbour is refused" refuses "out of reach" \
	r add 100.64.0.0/10 via 172.16.0.1 dev veth0
ok "... unless it is said to be on the link" eval "
	r add 100.64.0.0/10 via 172.16.0.1 dev veth0 onlink && way 100.64.1.1 'via 172.16.0.1'"
ok "this host as a gateway is refused" refuses "Gateway is this host" r add 100.65.0.0/16 via 192.0.2.2
ok "bits behind the prefix are refused" refuses "behind its prefix" r add 10.1.2.3/16 dev veth0
ok "a device that is not attached is refused" eval "
	ip -n $us link add free type dummy && refuses 'not attached' r add 10.0.0.0/8 dev free"
ok "a source that is not this host's is refused" refuses "not an address of this host" \
	r add 10.0.0.0/8 dev veth0 src 10.0.0.1
ok "deleting what is not there is refused" refuses "No such route" r del 100.70.0.0/16
because() {	# because WORDS WAY...: the explanation of the way
	says "$1" r get "${@:2}"
}
ok "the way is explained: rule, table, prefix" because \
	"rule 32766, table main, prefix 192.0.2.0/24, neighbour 192.0.2.77 not asked for yet" 192.0.2.77
ok "... an address of this host" because "rule 0, table local, prefix 192.0.2.2/32" 192.0.2.2
neighbour_is_known() {
	mynet -n "$us" neigh replace 192.0.2.1 lladdr 02:00:00:00:00:01 nud permanent dev veth0 &&
		r add 100.80.0.0/16 via 192.0.2.1 &&
		because "prefix 100.80.0.0/16, neighbour 192.0.2.1 lladdr 02:00:00:00:00:01 PERMANENT" \
			100.80.1.1 && mynet -n "$us" neigh del 192.0.2.1 dev veth0
}
ok "... who is next, and in what state" neighbour_is_known
other_table() {
	r add 100.81.0.0/16 via 192.0.2.1 table 77 &&
		mynet -n "$us" rule add to 100.81.0.0/16 table 77 priority 500 &&
		because "rule 500, table 77, prefix 100.81.0.0/16" 100.81.0.1 &&
		mynet -n "$us" -j route get 100.81.0.1 | python3 -c '
import json, sys
because = json.load(sys.stdin)[0]["because"]
assert because["rule"] == 500 and because["match"] == "100.81.0.0", because' &&
		mynet -n "$us" rule del to 100.81.0.0/16 table 77 priority 500 && r flush table 77
}
ok "... and by which rule" other_table
ok "blackhole: not sent, said as invalid" eval "
	r add blackhole 10.1.0.0/16 && refuses 'Invalid argument' r get 10.1.2.3"
ok "unreachable: no route to host" eval "
	r add unreachable 10.2.0.0/16 && refuses 'No route to host' r get 10.2.2.3"
ok "prohibit: permission denied" eval "
	r add prohibit 10.3.0.0/16 && refuses 'Permission denied' r get 10.3.2.3"
ok "throw: as if the table had nothing" eval "
	r add throw 10.4.0.0/16 && refuses 'Network is unreachable' r get 10.4.2.3"
ok "a route has its own MTU" eval "
	r add 10.5.0.0/16 via 192.0.2.1 mtu 1280 && way 10.5.0.1 'mtu 1280'"
ok "a preferred source is used" eval "
	mynet -n $us addr add 192.0.2.9/24 dev veth0 &&
	r add 10.6.0.0/16 via 192.0.2.1 src 192.0.2.9 && way 10.6.0.1 'src 192.0.2.9'"
ok "an address takes the routes that prefer it along" eval "
	mynet -n $us addr del 192.0.2.9/24 dev veth0 && way 10.6.0.1 'via 192.0.2.1 dev veth0 proto boot src 192.0.2.2'"
ok "routes stand in a table of their own" eval "
	r add 10.7.0.0/16 via 192.0.2.1 table 1000 && equals 1 \$(routes 1000) &&
	way 10.7.0.1 'via 192.0.2.1 dev veth0 proto boot src' &&
	refuses 'behind' r add 10.7.0.1/16 table 1000"
ok "JSON is JSON" eval "mynet -n $us -j route show table all | python3 -m json.tool"
ok "a flush leaves what the addresses brought" eval "r flush && equals 1 \$(routes)"
ok "a device that goes down takes its routes along" eval "
	r add default via 192.0.2.1 && ip -n $us link set veth0 down && equals 0 \$(routes)"
ok "... its addresses stay this host's" way 192.0.2.2 "local 192.0.2.2"
ok "... and are back with their networks when it is up" eval "
	ip -n $us link set veth0 up && equals 1 \$(routes) && way 192.0.2.77 'src 192.0.2.2'"
ok "a secondary address shares the network" eval "
	mynet -n $us addr add 192.0.2.3/24 dev veth0 && equals 1 \$(routes)"
ok "... and keeps it when the first one goes" eval "
	mynet -n $us addr del 192.0.2.2/24 dev veth0 && way 192.0.2.77 'src 192.0.2.3'"
ok "two networks of two have no broadcast address" eval "
	mynet -n $us addr add 10.9.0.0/31 dev veth0 && not eval \"r show table local | grep 'broadcast 10.9'\""
for i in {0..39}; do
	for j in {0..249}; do
		echo "route add 20.$i.$j.0/24 via 192.0.2.1"
	done
done > "/tmp/routes-$$"
defer rm "/tmp/routes-$$"
ok "what is not understood is not left out" eval "
	refuses 'not expected' r flush 20.0.0.0/8 nonsense && refuses 'not expected' r show 20.0.0.0/8 nonsense"
ok "ten thousand routes go in" mynet -n "$us" -b "/tmp/routes-$$"
ok "... all are shown" equals 10002 "$(routes)"
ok "... and found" way 20.39.249.9 "via 192.0.2.1"
ok "... and gone with their device" eval "
	mynet -n $us dev detach veth0 && equals 0 \$(routes) && not r get 20.39.249.9"
finish
