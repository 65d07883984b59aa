#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Native mode: MYNET and the kernel's IPv4 on the same device at the same time, each with its own
# EtherTypes and neither in the other's way.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts mode native
stay "$peer"
ip -n "$us" addr add 198.51.100.2/24 dev veth0
ip -n "$peer" addr add 198.51.100.1/24 dev veth1

us_mac=$(lladdr "$us" veth0)
arp() { py "$peer" arp veth1 "$@"; }
echo_() { py "$peer" echo veth1 dst="$us_mac" sip=192.0.2.1 tip=192.0.2.2 "$@"; }
kernel() { in_ns "$peer" ping -q -c 1 -W 5 198.51.100.2; }

ok "the kernel's IPv4 works as ever" kernel
ok "MYNET answers ARP of its own EtherType" equals "reply $us_mac 192.0.2.2" \
	"$(arp type=0x88b6 sip=192.0.2.1 tip=192.0.2.2 wait=5)"
ok "... and not the kernel's" not arp sip=192.0.2.1 tip=192.0.2.2 wait=0.5
ok "the kernel does not answer MYNET's" not arp type=0x88b6 sip=198.51.100.1 tip=198.51.100.2 wait=0.5
ok "MYNET answers an echo in its own EtherType" echo_
ok "... of the largest size of a frame" echo_ size=1472
ok "... and none in the kernel's" not echo_ type=0x800 wait=0.5
ok "what the kernel knows of neighbours is not what MYNET knows" eval "
	! mynet -n $us neigh | grep 198.51 && ! ip -n $us neigh | grep 192.0.2"

ok "both at once, a hundred times each" eval "
	ip netns exec $peer ping -q -f -c 100 -W 5 198.51.100.2 & pings=\$!
	py $peer echo veth1 dst=$us_mac sip=192.0.2.1 tip=192.0.2.2 count=100 wait=20 &&
	wait \$pings"

far=''
new_netns far
cable "$us" veth2 "$far" veth3
mynet -n "$us" dev attach veth2
mynet -n "$us" addr add 203.0.113.2/24 dev veth2
ip -n "$far" addr add 203.0.113.1/24 dev veth3
ok "another device in inet mode beside it" in_ns "$far" ping -q -c 1 -W 5 203.0.113.2
ok "detached, the kernel goes on and MYNET does not" eval "mynet -n $us dev detach veth0 &&
	kernel && ! echo_ wait=0.5"
finish
