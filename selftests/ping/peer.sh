#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Ping sockets across a cable: the kernel's IPv4 answers, and says what it cannot reach.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts

ping_socket() {	# ping_socket ARGS...
	in_ns "$us" ../lib/raw.py mynet "$@"
}

ok "without leave there are none" refuses "ermission" ping_socket ping 192.0.2.1 8
in_ns "$us" sysctl -qw net.mynet.ping_group_range="0 0"
ok "echoes of every size come back" ping_socket ping 192.0.2.1 0 1 56 1472 1473 8000 65507
ok "they come back from ourselves" ping_socket ping 192.0.2.2 0 1 56 1472 1473 8000 65507
ok "requests and replies are counted" counts 3 "$us" Icmp OutEchos ping_socket ping 192.0.2.1 1 2 3
ok "a host that does not answer is reported" ping_socket dead 192.0.2.77
ok "an answer that nobody waits for is dropped" counts 1 "$us" MynetDrop ICMP_UNCLAIMED \
	in_ns "$peer" ../lib/ip.py veth1 dst="$(lladdr "$us" veth0)" saddr=192.0.2.1 \
	daddr=192.0.2.2 icmp=0,0,0x00010001,
finish
