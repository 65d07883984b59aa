#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# "show" and "flush" of what is named and nothing else, by the words of ip.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
new_netns us peer
# shellcheck disable=SC2154 # us and peer are set by new_netns
cable "$us" dev0 "$peer" far0
cable "$us" dev1 "$peer" far1
m() { mynet -n "$us" "$@"; }
m dev attach dev0
m dev attach dev1

# selects NAMES WORD...: "show" with these words has the first words of its lines so, sorted
selects() {
	local wanted=$1
	shift
	equals "$wanted" "$(m "$@" | awk '{ print $1 }' | sort | xargs)"
}
fill() {
	m addr add 192.0.2.2/24 dev dev0
	m addr add 192.0.2.3/24 dev dev0
	m addr add 198.51.100.2/24 dev dev1 label dev1:x
	m addr add 10.9.0.1/32 dev dev1 scope host valid_lft 4000 preferred_lft 4000
	m route add 203.0.113.0/25 via 192.0.2.1 proto static
	m route add 203.0.113.128/25 via 198.51.100.1
	m route add 203.0.112.0/20 dev dev1 scope link
	m route add default via 192.0.2.9
	m route add prohibit 172.16.0.0/12
}
fill

ok "routes by prefix" selects "203.0.113.0/25" route show 203.0.113.0/25
ok "... that is not there" selects "" route show 203.0.113.0/26
ok "... in a prefix" selects "203.0.112.0/20 203.0.113.0/25 203.0.113.128/25" route show root 203.0.112.0/20
ok "... around a prefix" selects "203.0.112.0/20 203.0.113.0/25 default" route show match 203.0.113.0/26
ok "... the default" selects "default" route show default
ok "... by device" selects "198.51.100.0/24 203.0.112.0/20 203.0.113.128/25" route show dev dev1
ok "... by gateway" selects "203.0.113.128/25" route show via 198.51.100.1
ok "... by protocol" selects "203.0.113.0/25" route show proto static
ok "... by scope" selects "192.0.2.0/24 198.51.100.0/24 203.0.112.0/20" route show scope link
ok "... by type" selects "prohibit" route show type prohibit
ok "... by source" selects "192.0.2.0/24" route show src 192.0.2.2
ok "... by several of them" selects "203.0.113.128/25" route show root 203.0.113.0/24 dev dev1
ok "... two prefixes are refused" refuses "not expected here" m route show 10.0.0.0/8 10.0.0.0/8
ok "a flush takes what is named" eval "
	m route flush root 203.0.113.0/24 proto static && selects '203.0.113.128/25' route show root 203.0.113.0/24"
ok "... of a gateway" eval "m route flush via 198.51.100.1 && selects '' route show root 203.0.113.0/24"
ok "... by device, but what its addresses brought" eval "
	m route flush dev dev1 && selects '198.51.100.0/24' route show dev dev1"
ok "... unless that is asked for" eval "m route flush dev dev1 proto kernel && selects '' route show dev dev1"
ok "... the rest stays" selects "192.0.2.0/24 default prohibit" route show

addresses() {	# addresses WANTED WORD...
	local wanted=$1
	shift
	equals "$wanted" "$(m addr "$@" | sed -n 's/^ *inet \([^/]*\).*/\1/p' | sort | xargs)"
}
ok "addresses by prefix" addresses "192.0.2.2 192.0.2.3" show to 192.0.2.0/25
ok "... by scope" addresses "10.9.0.1" show dev dev1 scope host
ok "... by label" addresses "198.51.100.2" show label 'dev1:*'
ok "... that are secondary" addresses "192.0.2.3" show secondary
ok "... that end" addresses "10.9.0.1" show dynamic
ok "... of devices that are up" eval "
	ip -n $us link set dev1 down && addresses '127.0.0.1 192.0.2.2 192.0.2.3' show up; e=\$?
	ip -n $us link set dev1 up; exit \$e"
ok "... which devices are up" selects "1: $(in_ns "$us" cat /sys/class/net/dev0/ifindex): $(in_ns "$us" cat /sys/class/net/dev1/ifindex):" \
	dev show up
ok "a flush takes those that are named" eval "
	m addr flush dev dev1 scope host && addresses '198.51.100.2' show dev dev1"
ok "... a primary and its secondaries" eval "m addr flush dev dev0 && addresses '' show dev dev0"
ok "... and of nothing it is refused" refuses '"dev DEV" is required' m addr flush

m neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev dev0 nud permanent
m neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev dev0 nud stale
m neigh add 198.51.100.1 lladdr 02:00:00:00:00:01 dev dev1 nud stale
m neigh add 198.51.100.77 dev dev1 proxy
ok "neighbours by state" selects "198.51.100.1" neigh show nud stale dev dev1
ok "... by address" selects "198.51.100.1" neigh show 198.51.100.1
ok "... by prefix" selects "198.51.100.1 198.51.100.77" neigh show to 198.51.100.0/24
ok "... that are answered for" selects "198.51.100.77" neigh show proxy
ok "one neighbour" says "198.51.100.1 dev dev1 lladdr 02:00:00:00:00:01 STALE" m neigh get 198.51.100.1 dev dev1
ok "... that is not there" refuses "No such neighbour" m neigh get 198.51.100.2 dev dev1
ok "... of which too little is said" refuses '"dev DEV" is required' m neigh get 198.51.100.1
m neigh add 198.51.100.5 lladdr 02:00:00:00:00:05 dev dev1 nud permanent
ok "a flush takes those of a state" eval "
	m neigh flush dev dev1 nud permanent && selects '' neigh show dev dev1 nud permanent &&
	selects '192.0.2.9 198.51.100.1' neigh show nud stale"
ok "... of an address" eval "m neigh flush 198.51.100.1 dev dev1 && selects '' neigh show 198.51.100.1"

m rule add from 10.0.0.0/8 table 100 priority 90
m rule add fwmark 7 table 101 priority 91
ok "rules by selector" selects "90:" rule show from 10.0.0.0/8
ok "... by table" selects "91:" rule show table 101
ok "... by mark" selects "91:" rule show fwmark 7
ok "a flush takes those that are named" eval "m rule flush table 101 && selects '0: 32766: 32767: 90:' rule show"
ok "... or all but the first" eval "m rule flush && selects '0:' rule show"
finish
