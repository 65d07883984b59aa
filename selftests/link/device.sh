#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Events of attached devices happen to MYNET in good order.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts
stay "$peer"

arp() { py "$peer" arp veth1 "$@"; }
answered() { arp sip=192.0.2.1 tip=192.0.2.2 wait=5; }
known() { mynet -n "$us" neigh | grep -c '^192'; }
attached() { mynet -n "$us" dev | grep -c veth; }
addresses() { mynet -n "$us" addr show dev "$1" | grep -c inet; }

answered > /dev/null
ok "neighbours of a device that goes down are forgotten" eval "
	[ \$(mynet -n $us neigh | grep -c ^192) = 1 ] &&
	ip -n $us link set veth0 down && [ \$(mynet -n $us neigh | grep -c ^192) = 0 ]"
ok "its addresses stay" equals 1 "$(addresses veth0)"
ip -n "$us" link set veth0 up
wait_for 5 in_ns "$us" grep -qx 1 /sys/class/net/veth0/carrier
ok "it answers again when it is up again" answered

mynet -n "$us" neigh add 192.0.2.60 lladdr 02:00:00:00:00:60 dev veth0
ip -n "$peer" link set veth1 down
ok "without carrier, neighbours are forgotten" wait_for 5 eval "! mynet -n $us neigh | grep '^192.0.2.1 '"
ok "... but what was set by hand stays" eval "mynet -n $us neigh | grep PERMANENT"
ip -n "$peer" link set veth1 up
# The carrier is back before the device sends again.
wait_for 5 in_ns "$us" grep -qx up /sys/class/net/veth0/operstate

ip netns exec "$peer" tcpdump -l --immediate-mode -nn -e -i veth1 "arp and ether src 02:00:00:00:00:02 and broadcast" \
	> "/tmp/device-$$" 2> "/tmp/device-$$.err" &
dump=$!
wait_for 10 grep -q listening "/tmp/device-$$.err"
ip -n "$us" link set veth0 address 02:00:00:00:00:02
ok "a new hardware address is announced" wait_for 5 grep -q \
	"02:00:00:00:00:02 > ff:ff.*who-has 192.0.2.2 .*tell 192.0.2.2" "/tmp/device-$$"
kill $dump
rm -f "/tmp/device-$$"*
ok "... and is what is answered" equals "reply 02:00:00:00:00:02 192.0.2.2" "$(answered)"

rename() {	# rename FROM TO: needs the device to be down
	ip -n "$us" link set "$1" down && ip -n "$us" link set "$1" name "$2" && ip -n "$us" link set "$2" up
}
rename veth0 cable0
ok "a new name changes nothing else" eval "mynet -n $us dev | grep -qw 'cable0: mode inet'"
rename cable0 veth0

elsewhere=''
new_netns elsewhere
ip -n "$us" link set veth0 netns "$elsewhere"
ok "a device that moves to another namespace is detached there" eval "! mynet -n $elsewhere dev | grep veth0"
ok "... and gone here" equals 0 "$(attached)"
ok "... with its addresses" eval "! mynet -n $us addr | grep 192.0.2"
ok "... and its neighbours" equals 0 "$(known)"
ip -n "$elsewhere" link set veth0 up
ip -n "$elsewhere" addr add 192.0.2.2/24 dev veth0
ip -n "$peer" neigh flush all
ok "the kernel there has it back" in_ns "$peer" ping -q -c 1 -W 5 192.0.2.2
ip -n "$elsewhere" addr flush dev veth0
ok "it attaches there" eval "mynet -n $elsewhere dev attach veth0 &&
	mynet -n $elsewhere addr add 192.0.2.2/24 dev veth0" && answered > /dev/null

ip -n "$peer" link del veth1
ok "a device that is deleted is gone" eval "! mynet -n $elsewhere dev | grep veth0"
ok "... with everything on it" eval "! mynet -n $elsewhere addr | grep 192 && ! mynet -n $elsewhere neigh | grep ."

fill() {
	cable "$elsewhere" veth0 "$peer" veth1
	mynet -n "$elsewhere" dev attach veth0
	for i in $(seq 1 50); do echo "addr add 10.9.$i.1/24 dev veth0"; done | mynet -n "$elsewhere" -b -
	for i in $(seq 1 50); do echo "neigh add 10.9.$i.2 lladdr 02:00:00:00:00:60 dev veth0"; done |
		mynet -n "$elsewhere" -b -
	[ "$(mynet -n "$elsewhere" addr | grep -c 'inet 10.9')" = 50 ] &&
		[ "$(mynet -n "$elsewhere" neigh | grep -c PERMANENT)" = 50 ]
}
ok "fifty addresses and neighbours" fill
ok "a namespace with all that in it is deleted" eval "ip netns del $elsewhere &&
	wait_for 20 eval '! ip -n $peer link show veth1'"

vlan() {
	cable "$us" veth0 "$peer" veth1 &&
		ip -n "$us" link add link veth0 name vlan7 type vlan id 7 &&
		ip -n "$peer" link add link veth1 name vlan7 type vlan id 7 &&
		ip -n "$us" link set vlan7 up && ip -n "$peer" link set vlan7 up &&
		ip -n "$peer" addr add 198.51.100.1/24 dev vlan7 &&
		mynet -n "$us" dev attach veth0 && mynet -n "$us" dev attach vlan7 &&
		mynet -n "$us" addr add 198.51.100.2/24 dev vlan7 &&
		[ "$(py "$peer" arp vlan7 sip=198.51.100.1 tip=198.51.100.2 wait=5)" = \
			"reply $(lladdr "$us" vlan7) 198.51.100.2" ]
}
ok "a VLAN and the device under it are both attached, and told apart" vlan
ok "... one request is heard once" counts 1 "$us" MynetLink ArpInRequests \
	py "$peer" arp vlan7 sip=198.51.100.1 tip=198.51.100.2 wait=5
ok "everything unloads" modprobe -r af_mynet
finish
