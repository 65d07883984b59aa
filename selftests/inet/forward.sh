#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A MYNET router between two hosts that have the kernel's IPv4.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
new_netns left router right
# shellcheck disable=SC2154 # set by new_netns
{
	cable "$left" l0 "$router" r0
	cable "$router" r1 "$right" h0
	ip -n "$left" addr add 10.0.1.1/24 dev l0
	ip -n "$left" route add default via 10.0.1.254
	ip -n "$right" addr add 10.0.2.1/24 dev h0
	ip -n "$right" route add default via 10.0.2.254
	for dev in r0 r1; do mynet -n "$router" dev attach $dev; done
	many_errors "$router"
	stay "$left"
	mynet -n "$router" addr add 10.0.1.254/24 dev r0
	mynet -n "$router" addr add 10.0.2.254/24 dev r1
} || { echo "Bail out! no three hosts"; exit 1; }
r="mynet -n $router route"
mac=$(lladdr "$router" r0)

# A machine where a byte costs ten times as much sends a tenth of the bytes.
unit=1000000
[ "${MYNET_KERNEL:-}" != debug ] || unit=100000

left_pings() {
	in_ns "$left" ping -n -c 1 -W 5 "$@"
}
send() {
	py "$left" ip l0 dst="$mac" saddr=10.0.1.1 daddr=10.0.2.1 "$@"
}
drops() {
	local reason=$1
	shift
	counts 1 "$router" MynetDrop "$reason" "$@"
}
# A stream of the kernel's own TCP from left to right, compared at its end.
stream() {	# stream BYTES
	local file="/tmp/stream-$$" listener sent
	in_ns "$right" ../lib/stream.py listen 5001 > "$file" &
	listener=$!
	wait_for 20 eval "in_ns $right ss -ltn | grep -q 5001" || return
	sent=$(in_ns "$left" ../lib/stream.py send 10.0.2.1 5001 "$1") || return
	wait "$listener"
	equals "$sent" "$(cat "$file")"
}
defer rm -f "/tmp/stream-$$"

ok "a host is no router unless it is told to be" drops IP_NOT_HERE not left_pings -W 1 10.0.2.1
ok "it is told to be" in_ns "$router" sysctl -qw net.mynet.ip_forward=1
ok "a ping goes through" left_pings 10.0.2.1
ok "... with one hop less to live" says "ttl=63" left_pings 10.0.2.1
ok "... and is counted as forwarded" counts 2 "$router" Ip ForwDatagrams left_pings 10.0.2.1
ok "large packets go through in fragments" left_pings -s 20000 10.0.2.1
ok "fragments are not glued together on the way" equals 0 "$(counter "$router" Ip ReasmReqds)"
ok "the router's far address answers" left_pings 10.0.2.254
ok "the router writes itself into a record route" says "10.0.1.1
	10.0.2.254
	10.0.2.1
	10.0.2.1
	10.0.1.254
	10.0.1.1" left_pings -R 10.0.2.1
ok "... and into timestamps" says "10.0.2.254" left_pings -T tsandaddr 10.0.2.1
ok "traceroute shows the router" says "From 10.0.1.254 icmp_seq=1 Time to live exceeded" \
	eval "in_ns $left ping -n -c 1 -t 1 -W 5 10.0.2.1 || true"
ok "... and then the host" left_pings -t 2 10.0.2.1
ok "a host that believes the other one on its link does not reach it" eval "
	ip -n $left route add 10.0.2.1 dev l0 && ! left_pings -W 1 10.0.2.1"
ok "... but when the router answers ARP for it" eval "
	in_ns $router sysctl -qw net.mynet.neigh.proxy_arp=1 && ip -n $left neigh flush dev l0 &&
	left_pings 10.0.2.1"
ok "... which it does not for hosts of the same link" eval "
	! in_ns $left ping -n -c 1 -W 1 10.0.1.77; not says lladdr ip -n $left neigh show 10.0.1.77"
ip -n "$left" route del 10.0.2.1 dev l0
in_ns "$router" sysctl -qw net.mynet.neigh.proxy_arp=0
ok "no hop left: dropped" drops IP_TTL send echo=8 ttl=1
ok "no hop at all: dropped" drops IP_TTL send echo=8 ttl=0
ok "no route: the sender is told" says "Net Unreachable" eval "left_pings 203.0.113.1 || true"
ok "no such host: the sender is told" says "Host Unreachable" eval "left_pings -W 10 10.0.2.99 || true"
ok "an unreachable route: the sender is told" eval "
	$r add unreachable 198.51.100.0/25 && says 'Host Unreachable' eval 'left_pings 198.51.100.1 || true'"
ok "a prohibited route: the sender is told" eval "
	$r add prohibit 198.51.100.128/25 && says 'filtered' eval 'left_pings 198.51.100.129 || true'"
ok "a blackhole is silent" eval "
	$r add blackhole 203.0.113.0/24 && drops IP_BLACKHOLE not left_pings -W 1 203.0.113.1"
ok "a packet to all on the link is not forwarded" drops IP_LINK_GROUP \
	send echo=8 dst=ff:ff:ff:ff:ff:ff
ok "a packet from loopback is not forwarded" drops IP_MARTIAN_SRC send echo=8 saddr=127.0.0.1
octets=$(counter "$router" IpExt OutOctets)
packets=$(counter "$router" Ip ForwDatagrams)
ok "TCP goes through" stream $((20 * unit))
ok "... in packets larger than the link's, untouched" eval "
	octets=\$((\$(counter $router IpExt OutOctets) - $octets))
	packets=\$((\$(counter $router Ip ForwDatagrams) - $packets))
	echo \$octets in \$packets; [ \$((octets / packets)) -gt 1500 ]"
ok "TCP without segmentation by the card goes through" eval "
	in_ns $left ethtool -K l0 tso off gso off > /dev/null && stream $((2 * unit))"
ok "TCP without any offload goes through" eval "
	for dev in r0 r1; do in_ns $router ethtool -K \$dev tso off gso off gro off tx off > /dev/null; done
	stream $((2 * unit))"
for dev in r0 r1; do
	in_ns "$router" ethtool -K $dev tso on gso on gro on tx on > /dev/null 2>&1
done
in_ns "$left" ethtool -K l0 tso on gso on > /dev/null 2>&1

ip -n "$router" link set r1 mtu 1000
ip -n "$right" link set h0 mtu 1000
ok "too large and not to be cut: the sender is told the MTU" says "mtu = 1000" \
	eval "in_ns $left ping -n -c 1 -W 5 -M do -s 1400 10.0.2.1 || true"
ok "... and dropped for that" drops IP_TOO_BIG send echo=1200 df
ok "too large and to be cut: it is cut" eval "
	in_ns $left ip route flush cache && left_pings -M dont -s 1400 10.0.2.1 &&
	[ \$(counter $router Ip FragCreates) -gt 0 ]"
ok "a fragment is cut again" left_pings -M dont -s 30000 10.0.2.1
ok "TCP finds the path's MTU" stream $((3 * unit))
ok "TCP segments of a sender that does not, in the kernel's GSO" eval "
	in_ns $left sysctl -qw net.ipv4.ip_no_pmtu_disc=1 && in_ns $left ip route flush cache &&
	stream $((3 * unit))"
ok "routes change under traffic" eval "
	in_ns $left ping -q -f -c 2000 -W 1 10.0.2.1 > /dev/null & flood=\$!
	for i in \$(seq 50); do
		$r add 10.0.2.0/25 via 10.0.2.1 && $r del 10.0.2.0/25 || exit 1
	done
	wait \$flood; left_pings 10.0.2.1"
for i in $(seq 0 9999); do
	echo "route add 20.$((i / 256 % 256)).$((i % 256)).0/24 via 10.0.2.1"
done | mynet -n "$router" -b - || echo "# the routes were not added"
routes() { mynet -n "$router" route | grep -c '^20\.'; }
ok "ten thousand routes are flushed under traffic" eval "
	ip netns exec $left ping -q -f -w 120 10.0.2.1 > /dev/null & flood=\$!
	equals 10000 \$(routes) && mynet -n $router route flush && equals 0 \$(routes) &&
	left_pings 10.0.2.1; flushed=\$?; kill \$flood; exit \$flushed"
ok "a router is deleted under traffic" eval "
	before=\$(counter $router Ip ForwDatagrams)
	ip netns exec $left ping -q -f -w 120 10.0.2.1 > /dev/null & flood=\$!
	wait_for 5 eval '[ \$(counter $router Ip ForwDatagrams) -gt \$((before + 20)) ]' &&
	ip netns del $router; gone=\$?; kill \$flood; exit \$gone"
finish
