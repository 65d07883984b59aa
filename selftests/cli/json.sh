#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A script that reads "ip -j" reads "mynet -j": two hosts are given the same with ip and with mynet, and
# both tell it alike. So do the short forms of the text.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
new_netns us peer
# shellcheck disable=SC2154 # us and peer are set by new_netns
cable "$us" dev0 "$peer" dev0
mynet -n "$us" dev attach dev0
wait_for 10 eval "in_ns $us grep -qx up /sys/class/net/dev0/operstate &&
	in_ns $peer grep -qx up /sys/class/net/dev0/operstate"

both() {	# both WORD...: with ip on the peer, with mynet here
	ip -n "$peer" "$@" && mynet -n "$us" "$@"
}
# alike FILTER OPTION... WORD...: what jq makes of both is the same
alike() {
	local filter=$1 theirs ours
	shift
	theirs=$(ip -4 -n "$peer" -j "$@" | jq -cS "$filter") || return
	ours=$(mynet -n "$us" -j "$@" | jq -cS "$filter") || return
	[ "${theirs:-[]}" != "[]" ] || { echo "nothing to compare"; return 1; }
	equals "$theirs" "$ours"
}
# The device alone: asked for one family, as alike() does, ip leaves out the link.
same_device() {
	local filter='.[0] | {ifname, mtu, operstate, flags, link_type, broadcast}'
	equals "$(ip -n "$peer" -j addr show dev dev0 | jq -cS "$filter")" \
		"$(mynet -n "$us" -j addr show dev dev0 | jq -cS "$filter")"
}
# same_lines WORD...: the text is the same
same_lines() {
	equals "$(ip -4 -n "$peer" "$@" | plain)" "$(mynet -n "$us" "$@" | plain)"
}
# Without the number of a device, what it hangs on, and blanks that only fill.
plain() { sed -e 's/^[0-9]*: //' -e 's/@[^ ]*//' -e 's/  */ /g' -e 's/ $//'; }

both addr add 192.0.2.2/24 broadcast 192.0.2.255 dev dev0
both addr add 192.0.2.3/24 broadcast 192.0.2.255 dev dev0
both addr add 10.7.0.3/24 broadcast 10.7.0.255 dev dev0 scope link
both addr add 203.0.113.1/32 dev dev0 valid_lft 5000 preferred_lft 4000
both route add 198.51.100.0/24 via 192.0.2.1 proto static metric 20 mtu 1400 advmss 1300
both route add 198.51.102.0/24 via 192.0.2.1 proto static mtu lock 1400 window 30000 rtt 100ms ssthresh 9 \
	cwnd lock 20 advmss 1300 reordering 5 hoplimit 33 initcwnd 20 rto_min 50ms initrwnd 30 quickack 1 \
	congctl lock reno
both route add 198.51.101.7 dev dev0 src 192.0.2.2
both route add default via 192.0.2.1 onlink dev dev0
both route add unreachable 10.0.0.0/8
both route add 172.16.0.0/12 nexthop via 192.0.2.1 weight 1 nexthop via 192.0.2.9 weight 3
both neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev dev0 nud permanent
both neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev dev0 nud stale
both rule add from 10.0.0.0/8 to 192.0.2.7 fwmark 0x10/0xff table 100 priority 99
both rule add iif dev0 ipproto tcp dport 80-90 sport 5 uidrange 3-4 blackhole priority 98
both rule add not from 10.9.0.0/16 tos 0x04 table 77 priority 97

ok "addresses, in their device" alike 'map(select(.ifname == "dev0"))[0].addr_info |
	map(if .dynamic then del(.valid_life_time, .preferred_life_time) else . end) | sort_by(.local)' addr show
ok "... one that ends" eval "mynet -n $us -j addr show dev dev0 | jq -e '
	.[0].addr_info[] | select(.dynamic) | .valid_life_time > 4000 and .preferred_life_time < 4001'"
ok "... and what the device is" same_device
ok "routes" alike 'sort_by(.dst)' route show
ok "... of a table" alike 'map(select(.dst | startswith("10.7.") or startswith("203."))) | sort_by(.dst)' \
	route show table local
ok "... and what they say of paths as text" same_lines route show 198.51.102.0/24
ok "... congestion control that is not there is refused" eval "
	mynet -n $us route add 198.51.103.0/24 via 192.0.2.1 congctl nosuch 2>&1 | grep -q 'No congestion control has this name'"
ok "... in detail" alike 'map(select(.dst != "172.16.0.0/12") | {type, dst, scope, protocol, flags}) | sort_by(.dst)' -d route show
ok "the way to an address" alike 'map({dst, gateway, dev, prefsrc, flags})' route get 198.51.100.9
ok "neighbours" alike 'sort_by(.dst)' neigh show
ok "... and their numbers" alike 'map(keys - ["refcnt"]) | sort' -s neigh show
ok "rules" alike . rule show
ok "devices" eval "mynet -n $us -j -s dev show dev0 | jq -e '
	.[0] | .mtu == 1500 and .operstate == \"UP\" and (.address | length == 17) and .stats64.tx.packets > 0'"
ok "... as text" eval "mynet -n $us -s dev show dev0 | grep -q 'mtu 1500 state UP link/ether' &&
	mynet -n $us -s dev show dev0 | grep -q 'RX: bytes [0-9]* packets [0-9]'"
both addr del 203.0.113.1/32 dev dev0
ok "groups, in their device" eval "mynet -n $us maddr join 239.1.1.1 dev dev0 && mynet -n $us -j maddr show dev dev0 |
	jq -e '.[0] | .ifname == \"dev0\" and any(.maddr[]; .family == \"inet\" and .address == \"239.1.1.1\")'"

ok "-o: an address has one line, as ip's" same_lines -o addr show dev dev0 to 192.0.2.0/24
ok "... a route with several ways too" eval "mynet -n $us -o route show 172.16.0.0/12 |
	grep -qE '172.16.0.0/12 .*nexthop via 192.0.2.1 .*nexthop via 192.0.2.9 '; equals 1 \
	\$(mynet -n $us -o route show 172.16.0.0/12 | wc -l)"
ok "-br: devices with their addresses, as ip's" same_lines -br addr show dev dev0 to 192.0.2.0/24
ok "... neighbours" same_lines -br neigh show nud permanent
ok "... devices" eval "mynet -n $us -br dev show dev0 | grep -qE '^dev0 +UP +[0-9a-f:]{17} <'"
ok "-V: a version" says "mynet" mynet -V
finish
