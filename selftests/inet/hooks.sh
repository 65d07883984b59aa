#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The five places where hooks are asked, by the example of a hook: what passes each, and what it drops.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
far='' other=''
new_netns far other
# shellcheck disable=SC2154 # us and peer are set by two_hosts
cable "$us" veth2 "$far" veth3
mynet -n "$us" dev attach veth2
mynet -n "$us" addr add 198.51.100.2/24 dev veth2
ip -n "$far" addr add 198.51.100.1/24 dev veth3
ip -n "$far" route add default via 198.51.100.2
ip -n "$peer" route add default via 192.0.2.2
in_ns "$us" sysctl -qw net.mynet.ip_forward=1

hook() { in_ns "$us" sysctl -qw "net.mynet.hook_example.$1"; }
pings() { in_ns "$peer" ping -n -q -c 1 -W 5 "$@"; }
seen() {	# seen POINTS N CMD...: at these points the hook is asked about so many packets
	hook points="$1" && counts "$2" "$us" IpExt HookExample "${@:3}"
}
dropped() {	# dropped POINTS TO: it drops there what has the TOS, and nothing else
	hook points="$1" && counts 1 "$us" MynetDrop HOOK not in_ns "$peer" ping -n -q -c 1 -W 1 -Q 0x28 "$2" &&
		counts 0 "$us" MynetDrop HOOK pings -Q 0x30 "$2"
}

pings 192.0.2.2 > /dev/null && pings 198.51.100.1 > /dev/null	# neighbours are known from now on
ok "nobody is asked unless somebody registers" seen 0 0 pings 192.0.2.2
ok "what comes in passes PRE_ROUTING" seen 1 1 pings 192.0.2.2
ok "what is for this host passes LOCAL_IN" seen 2 1 pings 192.0.2.2
ok "... whole, however it came" seen 2 1 pings -s 4000 192.0.2.2
ok "... and not FORWARD" seen 4 0 pings 192.0.2.2
ok "what this host says passes LOCAL_OUT" seen 8 1 pings 192.0.2.2
ok "... and POST_ROUTING" seen 16 1 pings 192.0.2.2
ok "what is for another host passes PRE_ROUTING, there and back" seen 1 2 pings 198.51.100.1
ok "... FORWARD" seen 4 2 pings 198.51.100.1
ok "... and POST_ROUTING" seen 16 2 pings 198.51.100.1
ok "... not LOCAL_IN or LOCAL_OUT" seen 10 0 pings 198.51.100.1
ok "all at once" seen 31 4 pings 192.0.2.2

hook drop_tos=0x28
ok "what a hook drops at PRE_ROUTING is gone" dropped 1 192.0.2.2
ok "... at LOCAL_IN" dropped 2 192.0.2.2
ok "... at FORWARD" dropped 4 198.51.100.1
ok "... at LOCAL_OUT" dropped 8 192.0.2.2
ok "... at POST_ROUTING" dropped 16 198.51.100.1
ok "a point that is none is refused" not hook points=32
ok "another namespace's packets are its own" eval "
	hook points=0 &&
	in_ns $other sysctl -qw net.mynet.hook_example.points=31 net.mynet.hook_example.drop_tos=0x28 &&
	counts 0 $us IpExt HookExample in_ns $peer ping -n -q -c 1 -W 5 -Q 0x28 192.0.2.2"
ok "a namespace goes with its hooks under traffic" eval "
	hook points=31
	ip netns exec $peer ping -q -f -w 60 192.0.2.2 > /dev/null & flood=\$!
	wait_for 10 eval '[ \$(counter $us IpExt HookExample) -gt 200 ]' &&
	ip netns del $us; gone=\$?; kill \$flood; exit \$gone"
finish
