#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The kernel's IPv4 asks for an echo and gets it, whatever the size.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts

peer_pings() {
	in_ns "$peer" ping -n -W 5 -i 0.01 -c 2 "$@" 192.0.2.2
}

ok "an echo request is answered" peer_pings
for size in 0 1 8 15 16 17 56 999 1471 1472; do
	ok "$size bytes are echoed" peer_pings -s $size
done
ok "a packet as large as the link carries is echoed with DF" peer_pings -M 'do' -s 1472
for size in 1473 1480 1481 2952 2953 4095 8192 16385 32768 40001 65506 65507; do
	ok "$size bytes are echoed in fragments" peer_pings -s $size
done
ok "a flood of a thousand is answered to the last" in_ns "$peer" ping -q -f -c 1000 -W 5 192.0.2.2
ok "an answer has the tos of its request" says "tos=0x28" py "$peer" ip veth1 wait=10 \
	dst="$(lladdr "$us" veth0)" saddr=192.0.2.1 daddr=192.0.2.2 echo=8 tos=0x28
ok "an answer starts with the namespace's ttl" eval "
	in_ns $us sysctl -qw net.mynet.ip_default_ttl=33 &&
	says 'ttl=33' in_ns $peer ping -c 1 -W 5 192.0.2.2"
ok "a broadcast echo is ignored, and that is counted" eval "
	counts 2 $us MynetDrop ICMP_IGNORED not in_ns $peer ping -b -c 2 -i 0.2 -W 1 192.0.2.255"
ok "... unless the administrator wants it" eval "
	in_ns $us sysctl -qw net.mynet.icmp_echo_ignore_broadcasts=0 &&
	says 'from 192.0.2.2' in_ns $peer ping -b -c 1 -W 5 192.0.2.255"
ok "all hosts hear 224.0.0.1" says 'from 192.0.2.2' \
	in_ns "$peer" ping -I veth1 -c 1 -W 5 224.0.0.1
ok "icmp_echo_ignore_all makes the host silent" eval "
	in_ns $us sysctl -qw net.mynet.icmp_echo_ignore_all=1 &&
	not in_ns $peer ping -c 1 -W 1 192.0.2.2 &&
	in_ns $us sysctl -qw net.mynet.icmp_echo_ignore_all=0 && peer_pings"
ok "a second address of the host answers" eval "
	mynet -n $us addr add 192.0.2.3/24 dev veth0 && in_ns $peer ping -c 1 -W 5 192.0.2.3"
ok "an address that went is silent" eval "
	mynet -n $us addr del 192.0.2.3/24 dev veth0 && not in_ns $peer ping -c 1 -W 1 192.0.2.3"
ok "the counters add up" eval "equals \"\$(counter $us Icmp InEchos)\" \
	\$((\$(counter $us Icmp OutEchoReps) + \$(counter $us MynetDrop ICMP_IGNORED)))"
finish
