#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What a stream makes of its way: what the route says, that the neighbour is alive, which processor its
# segments come to. Of the kernel's TCP and of ours.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts

serve() {	# serve NS FAMILY PORT
	ip netns exec "$1" ../lib/tcpinfo.py "$2" serve "$3" > /dev/null 2>&1 &
	defer kill $!
	wait_for 20 eval "ip netns exec $1 cat /proc/net/tcp /proc/net/mynet/tcp |
		grep -q '$(printf ':%04X 00000000:0000 0A' "$3")'"
}
said=$(mktemp)
defer rm -f "$said"
mynet_sends() { in_ns "$us" ../lib/tcpinfo.py mynet send 192.0.2.1 7000 "$@" > "$said"; }
inet_sends() { in_ns "$peer" ../lib/tcpinfo.py inet send 192.0.2.2 7000 "$@" > "$said"; }
field() { awk -v name="$1" '$1 == name { print $2 }' "$said"; }
between() {	# between LOW FIELD HIGH
	local value
	value=$(field "$2")
	[ "$value" -ge "$1" ] && [ "$value" -le "$3" ] || { echo "$2 is $value"; cat "$said"; return 1; }
}
mynet_route() { mynet -n "$us" route replace 192.0.2.1/32 dev veth0 "$@"; }
inet_route() { ip -n "$peer" route replace 192.0.2.2/32 dev veth1 "$@"; }

serve "$peer" inet 7000
serve "$us" mynet 7000
for family in inet mynet; do
	ok "$family: a connection on a route that says nothing" ${family}_sends 0
	ok "... has the segment size of its device" between 1448 advmss 1448
	ok "... and the usual congestion window" between 10 snd_cwnd 10
	ok "... and was told nothing, since it began" between 0 last_data_recv 60000
	ok "... and nothing was out of order" between 3 reordering 3
	ok "$family: a route with metrics" ${family}_route advmss 1000 initcwnd 3 window 8000 rtt 500
	ok "... a connection on it" ${family}_sends 0
	ok "... offers its segment size" between 988 advmss 988
	ok "... begins with its congestion window" between 3 snd_cwnd 3
	ok "... offers no larger window" between 0 rcv_ssthresh 8000
	if [ "$family" = mynet ]; then
		# INET believes it from the second connection on.
		ok "... waits for answers as long as it says" between 1500000 rto 1600000
	fi
done
mynet -n "$us" route del 192.0.2.1/32 dev veth0

p=net.mynet.neigh
in_ns "$us" sysctl -qw $p.base_reachable_ms=600 $p.delay_first_probe_ms=100 $p.retrans_ms=200
ip -n "$peer" neigh replace 192.0.2.2 lladdr "$(lladdr "$us" veth0)" dev veth1 nud permanent
in_ns "$us" ../lib/tcpinfo.py mynet drip 192.0.2.1 7000 0.2
asked=$(counter "$us" MynetLink ArpOutRequests)
ok "a stream that gets on" in_ns "$us" ../lib/tcpinfo.py mynet drip 192.0.2.1 7000 4
# One request at most: for the first packet, before anything was heard.
ok "... does not ask for its neighbour again" test $(($(counter "$us" MynetLink ArpOutRequests) - asked)) -le 1

if [ "$(nproc)" -ge 2 ]; then
	ip -n "$us" link set lo up
	in_ns "$us" sh -c 'echo 3 > /sys/class/net/lo/queues/rx-0/rps_cpus'
	for family in inet mynet; do
		in_ns "$us" ../lib/tcpinfo.py $family spread 127.0.0.1 7100 > "$said"
		ok "$family: streams on the loopback device are spread over processors" between 2 cpus 64
	done
else
	skip "streams on the loopback device are spread over processors" "there is one processor"
fi
finish
