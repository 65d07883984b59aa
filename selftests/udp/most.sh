#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A queue that may grow beyond what an int can count: what it holds stays countable, and all of it is
# given back. Two gigabytes of copies that share their data cost little memory.
. ../lib/lib.sh
. ../lib/mynet.sh
modprobe -a sch_ingress cls_matchall act_mirred dummy 2> /dev/null || skip_all "no mirrors in this kernel"
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts
ip -n "$us" link set veth0 mtu 65000 && ip -n "$peer" link set veth1 mtu 65000

# Each packet that is sent by d0 leaves by the cable thirty times.
mirrors=()
for _ in {1..30}; do
	mirrors+=(action mirred egress mirror dev veth1)
done
{
	ip -n "$peer" link add d0 mtu 65000 type dummy && ip -n "$peer" link set d0 up &&
	ip -n "$peer" addr add 198.51.100.1/24 dev d0 &&
	ip -n "$peer" neigh add 198.51.100.2 dev d0 lladdr "$(lladdr "$us" veth0)" nud permanent &&
	tc -n "$peer" qdisc add dev d0 clsact &&
	tc -n "$peer" filter add dev d0 egress matchall "${mirrors[@]}" &&
	mynet -n "$us" addr add 198.51.100.2/24 dev veth0
} || skip_all "no mirrors in this kernel"

# The limit of all sockets together is another one; pages.
limits=$(sysctl -n net.mynet.udp_mem)
defer sysctl -qw "net.mynet.udp_mem=$limits"
sysctl -qw net.mynet.udp_mem="2000000 2000000 2000000"
held() {	# pages that all sockets of UDP hold
	awk '$1 == "MYNET-UDP" { print $4 }' /proc/net/protocols
}
before=$(held)
given_back() {	# but for what each CPU keeps at hand
	[ "$(held)" -le $((before + 1000)) ]
}
ip netns exec "$us" ../lib/udp.py mynet hoard 7000 > "/tmp/most-$$" &
reader=$!
defer rm -f "/tmp/most-$$"
ok "a socket may ask for two gigabytes" wait_for 10 in_ns "$us" ../lib/udp.py mynet bound 7000
ok "more than that is sent to it" in_ns "$peer" ../lib/udp.py inet pour 198.51.100.2 7000 60000 1250
ok "a gigabyte of it is kept" eval "[ \$(held) -gt 200000 ] && [ \$(held) -lt 300000 ]"
ok "the rest is dropped with a name" eval "[ \$(counter $us MynetDrop SOCK_FULL) -gt 1000 ]"
kill "$reader"
wait "$reader" 2> /dev/null
ok "what was held is given back when the socket is closed" wait_for 20 given_back
finish
