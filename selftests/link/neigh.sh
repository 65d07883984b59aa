#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Finding neighbours, noticing that they went or changed, and not remembering too many.
# The peer knows our address by hand, so that MYNET hears no ARP but what it asks for.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts

us_mac=$(lladdr "$us" veth0)
peer_mac=$(lladdr "$peer" veth1)
ip -n "$peer" neigh replace 192.0.2.2 lladdr "$us_mac" dev veth1 nud permanent
neigh() { mynet -n "$us" neigh "$@"; }
knob() { in_ns "$us" sysctl -qw "$@"; }
p=net.mynet.neigh
pinged() { in_ns "$peer" ping -q -c 1 -W 5 192.0.2.2 > /dev/null; }
ping_once() { in_ns "$peer" ping -q -c 1 -W 1 192.0.2.2; }
state() { neigh | awk '$1 == "192.0.2.1" { print $NF }'; }
is() { equals "$1" "$(state)"; }
count() { counter "$us" MynetLink "$1"; }

watch() {	# watch FILTER: what the peer hears from now on goes to $heard
	heard=$(mktemp)
	in_ns "$peer" tcpdump -l -nn -e -i veth1 "$1" > "$heard" 2> "$heard.err" &
	watcher=$!
	wait_for 10 grep -q listening "$heard.err"
}
watched() { kill "$watcher"; wait "$watcher" 2> /dev/null; }

asked=$(count ArpOutRequests)
ok "the first packet to a neighbour waits for its answer and goes" pinged
ok "... it is reachable then" is REACHABLE
ok "... for one request" equals 1 $(($(count ArpOutRequests) - asked))

knob $p.base_reachable_ms=10
ok "without confirmation it is stale when its time is over" eval "
	mynet -n $us neigh del 192.0.2.1 dev veth0 && pinged && wait_for 5 is STALE"
knob $p.delay_first_probe_ms=5000
ok "used again, it waits to be confirmed" eval "pinged && is DELAY"
neigh del 192.0.2.1 dev veth0

knob $p.delay_first_probe_ms=50 $p.retrans_ms=100
watch "arp[6:2] = 1 and ether src $us_mac"
pinged; wait_for 5 is STALE; pinged
ok "nobody confirms it: it is asked, and lives" wait_for 5 eval "is STALE || is REACHABLE"
watched
ok "... by a request to it alone" grep -q "> $peer_mac, .*who-has 192.0.2.1" "$heard"

pinged; wait_for 5 is STALE
ip -n "$peer" link set veth1 down
ip -n "$peer" link set veth1 address 02:00:00:00:00:31 up
ip -n "$peer" addr add 192.0.2.1/24 dev veth1 2> /dev/null
ip -n "$peer" neigh replace 192.0.2.2 lladdr "$us_mac" dev veth1 nud permanent
ok "a peer with a new card is found again" eval "wait_for 10 pinged &&
	mynet -n $us neigh | grep '192.0.2.1 .*02:00:00:00:00:31'"
neigh add 192.0.2.31 lladdr 02:00:00:00:00:77 nud stale dev veth0
ip -n "$peer" addr add 192.0.2.31/24 dev veth1
watch "arp[6:2] = 1 and ether src $us_mac"
knob $p.bcast_probes=20
ok "one whose known address is dead is asked for everywhere" wait_for 10 eval "
	ip netns exec $peer ping -q -c 1 -W 1 -I 192.0.2.31 192.0.2.2 &&
	mynet -n $us neigh | grep '192.0.2.31 .*02:00:00:00:00:31'"
watched
ok "... after the known address was asked in vain" eval "
	grep who-has.192.0.2.31 $heard | head -n 1 | grep -q '> 02:00:00:00:00:77' &&
	grep who-has.192.0.2.31 $heard | grep -q '> ff:ff:ff:ff:ff:ff'"

knob $p.bcast_probes=3
ip -n "$peer" link set veth1 arp off
ip -n "$peer" neigh replace 192.0.2.2 lladdr "$us_mac" dev veth1 nud permanent
neigh del 192.0.2.1 dev veth0
failed=$(count NeighFailed) asked=$(count ArpOutRequests)
ok "one that does not answer has failed" eval "! ping_once && wait_for 5 is FAILED"
ok "... after three requests" equals 3 $(($(count ArpOutRequests) - asked))
ok "... which is counted" equals 1 $(($(count NeighFailed) - failed))
neigh del 192.0.2.1 dev veth0
neigh add 192.0.2.1 lladdr "$peer_mac" dev veth0 nud stale
knob $p.base_reachable_ms=30000
asked=$(count ArpOutRequests)
ok "a program that hears from it says so with MSG_CONFIRM" eval "
	in_ns $us ../lib/udp.py mynet send 192.0.2.1 9 hello confirm && wait_for 5 is REACHABLE"
ok "... and it is not asked" equals 0 $(($(count ArpOutRequests) - asked))
neigh del 192.0.2.1 dev veth0
knob $p.base_reachable_ms=10

knob $p.unres_qlen_bytes=8192 $p.retrans_ms=600000
before=$(counter "$us" MynetDrop NEIGH_QUEUE_FULL)
in_ns "$peer" ping -q -f -c 50 -W 1 192.0.2.2 > /dev/null
ok "of too many that wait the oldest go" test "$(counter "$us" MynetDrop NEIGH_QUEUE_FULL)" -gt "$before"
before=$(counter "$us" MynetDrop NEIGH_GONE)
neigh del 192.0.2.1 dev veth0
ok "who waits for a neighbour that is deleted has that reason" \
	test "$(counter "$us" MynetDrop NEIGH_GONE)" -gt "$before"
knob $p.retrans_ms=1000
ip -n "$peer" link set veth1 arp on

flood_arp() {	# that many askers
	for i in $(seq 1 "$1"); do
		echo "neigh add 10.9.0.$i lladdr 02:00:00:00:00:09 nud stale dev veth0"
	done | mynet -n "$us" -b -
}
neigh flush
ok "stale ones that nobody uses are collected" eval "flood_arp 20 &&
	ip netns exec $us sysctl -qw $p.gc_thresh1=5 $p.gc_stale_ms=0 $p.gc_interval_ms=10 &&
	mynet -n $us neigh add 10.9.1.1 lladdr 02:00:00:00:00:09 nud stale dev veth0 &&
	wait_for 40 eval '[ \$(mynet -n $us neigh | wc -l) -le 5 ]'"
knob $p.gc_thresh3=10 $p.gc_thresh2=8 $p.gc_interval_ms=86400000
ok "when the table is full the oldest make room" eval "flood_arp 200 &&
	[ \$(mynet -n $us neigh | wc -l) -le 10 ] && mynet -n $us neigh | grep 10.9.0.200"
ok "... and packets still find their way" wait_for 10 pinged
knob $p.gc_thresh3=0
neigh flush
ok "without room for any, packets have that reason" eval "
	! ping_once && [ \$(counter $us MynetDrop NEIGH_TABLE_FULL) -gt 0 ]"
knob $p.gc_thresh3=1024
equal=$(($(count NeighMade) - $(count NeighEnded) - $(neigh | wc -l)))
ok "every entry that was made is there or has ended" equals 0 $equal
rm -f "$heard"*
finish
