#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The commands about devices, addresses and neighbours: who may, what is refused, in what words.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts

on() { mynet -n "$us" "$@"; }
# As somebody without any right over the namespace.
nobody() { in_ns "$us" setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all "$@"; }

ok "everybody may look" eval "nobody mynet dev && nobody mynet addr && nobody mynet neigh"
ok "but not attach" refuses "Operation not permitted" nobody mynet dev attach veth0
ok "nor add an address" refuses "Operation not permitted" nobody mynet addr add 192.0.2.9/24 dev veth0
ok "nor add a neighbour" refuses "Operation not permitted" \
	nobody mynet neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev veth0
ok "the owner of a user namespace may do all that in it" unshare -rn sh -c "
	ip link set lo up && ip link add v0 type veth peer name v1 &&
	mynet dev attach v0 && mynet addr add 192.0.2.2/24 dev v0"
ok "... and sees nothing of other namespaces" eval "! unshare -rn mynet addr | grep 192.0.2"

ok "an address twice" refuses "already on this device" on addr add 192.0.2.2/24 dev veth0
ok "an address that is not there" refuses "not on this device" on addr del 192.0.2.3 dev veth0
ok "... or has another length" refuses "not on this device" on addr del 192.0.2.2/25 dev veth0
ok "a broadcast address" refuses "broadcast address of its network" on addr add 10.0.0.255/24 dev veth0
ok "a group" refuses "No host can have" on addr add 224.0.0.1/24 dev veth0
ok "a device that is not attached" refuses "not attached" eval "
	ip -n $us link add d0 type dummy && mynet -n $us addr add 10.0.0.1/8 dev d0"
ok "no device at all" refuses "\"dev DEV\" is required" on addr add 10.0.0.1/8
ok "a prefix that is none" refuses "inet prefix is expected" on addr add 10.0.0/8 dev veth0
ok "... too long" refuses "not a prefix length" on addr add 10.0.0.1/33 dev veth0
ok "an object that is none" refuses 'Object "lnik" is unknown' on lnik
ok "a command that is none" refuses 'Command "bad" is unknown' on addr bad

ok "broadcast is the last of the network" says "10.1.2.3/16 brd 10.1.255.255 scope global veth0" \
	eval "mynet -n $us addr add 10.1.2.3/16 dev veth0 && mynet -n $us addr"
ok "a /31 has none" says "10.2.0.0/31 scope global" \
	eval "mynet -n $us addr add 10.2.0.0/31 dev veth0 && mynet -n $us addr"
ok "a /32 has none" says "10.3.0.1/32 scope link" \
	eval "mynet -n $us addr add 10.3.0.1 dev veth0 scope link && mynet -n $us addr"
ok "another one can be given" says "10.4.0.1/16 brd 10.4.0.255" \
	eval "mynet -n $us addr add 10.4.0.1/16 broadcast 10.4.0.255 dev veth0 && mynet -n $us addr"
ok "... and then there are two, which need not be asked for" counts 0 "$us" MynetLink ArpOutRequests eval "
	in_ns $us ../lib/udp.py mynet send 10.4.0.255 9 hello broadcast &&
	in_ns $us ../lib/udp.py mynet send 10.4.255.255 9 hello broadcast"
ok "a label too" says "scope global veth0:1" \
	eval "mynet -n $us addr add 10.5.0.1/16 label veth0:1 dev veth0 && mynet -n $us addr"
ok "the second of a network is secondary" says "10.1.2.4/16 brd 10.1.255.255 scope global secondary" \
	eval "mynet -n $us addr add 10.1.2.4/16 dev veth0 && mynet -n $us addr"
ok "when the first goes it takes its place" eval "mynet -n $us addr del 10.1.2.3/16 dev veth0 &&
	mynet -n $us addr | grep -q '10.1.2.4/16 brd 10.1.255.255 scope global veth0'"
ok "addresses as JSON" eval "mynet -n $us -j addr show dev veth0 |
	jq -e '.[0].addr_info | map(select(.local == \"10.4.0.1\"))[0] | .prefixlen == 16 and .broadcast == \"10.4.0.255\"'"
ok "words may be short" on a s dev veth0
ok "flush leaves no address" eval "mynet -n $us addr flush dev veth0 && [ -z \"\$(mynet -n $us addr show veth0)\" ]"

ok "a neighbour by hand" says "10.9.0.1 dev veth0 lladdr 02:00:00:00:00:09 PERMANENT" \
	eval "mynet -n $us neigh add 10.9.0.1 lladdr 02:00:00:00:00:09 dev veth0 && mynet -n $us neigh"
ok "twice it is not added" refuses "Neighbour exists" on neigh add 10.9.0.1 lladdr 02:00:00:00:00:10 dev veth0
ok "but replaced" says "lladdr 02:00:00:00:00:10 STALE" eval "
	mynet -n $us neigh replace 10.9.0.1 lladdr 02:00:00:00:00:10 nud stale dev veth0 && mynet -n $us neigh"
ok "what is not there is not changed" refuses "No such neighbour" \
	on neigh change 10.9.0.2 lladdr 02:00:00:00:00:10 dev veth0
ok "... nor deleted" refuses "No such neighbour" on neigh del 10.9.0.2 dev veth0
ok "without an address there is none" refuses "link address is needed" on neigh add 10.9.0.2 dev veth0
ok "a state that cannot be asked for" refuses "cannot be put into this state" \
	on neigh add 10.9.0.2 lladdr 02:00:00:00:00:10 nud failed dev veth0
ok "loopback has no neighbours" refuses "no link addresses" \
	on neigh add 127.0.0.2 lladdr 02:00:00:00:00:10 dev lo
ok "a hardware address that is none" refuses "invalid lladdr" on neigh add 10.9.0.2 lladdr 02:00:00 dev veth0
ok "a neighbour is deleted" eval "mynet -n $us neigh del 10.9.0.1 dev veth0 && ! mynet -n $us neigh | grep 10.9.0.1"

many() {
	for i in $(seq 0 3); do for j in $(seq 1 250); do
		echo "neigh add 10.9.$i.$j lladdr 02:00:00:00:$i:09 dev veth0"
	done; done | in_ns "$us" mynet -b - && equals 1000 "$(on neigh | grep -c PERMANENT)"
}
ok "a dump of a thousand is complete" many
ok "there is a last one" refuses "No room" eval "for i in \$(seq 1 100); do
	echo neigh add 10.9.9.\$i lladdr 02:00:00:00:00:09 dev veth0; done | mynet -n $us -b -"
ok "a knob of one namespace is not another's" eval "
	ip netns exec $us sysctl -qw net.mynet.neigh.gc_thresh3=5 &&
	[ \$(ip netns exec $peer sysctl -n net.mynet.neigh.gc_thresh3) = 1024 ]"
ok "a knob has its limits" not in_ns "$us" sysctl -qw net.mynet.neigh.arp_announce=3
finish
