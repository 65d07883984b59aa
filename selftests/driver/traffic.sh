#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Frames pass between two cabled cards, whole and visible at both ends.
. ../lib/cards.sh
two_cards

captured() {	# captured FILE: packets in it, one a line, without time
	tcpdump -nn -t -x -r "$1" 2> /dev/null
}

both_see_the_same() {
	local a=/tmp/a-$$.pcap b=/tmp/b-$$.pcap pids=()
	ip netns exec "$A" tcpdump -U -i na -w "$a" icmp > /dev/null 2> /tmp/ta-$$ & pids+=($!)
	ip netns exec "$B" tcpdump -U -i nb -w "$b" icmp > /dev/null 2> /tmp/tb-$$ & pids+=($!)
	wait_for 10 grep -q listening /tmp/ta-$$ && wait_for 10 grep -q listening /tmp/tb-$$ || return 1
	in_ns "$A" ping -q -c 5 -i 0.02 -s 1200 192.0.2.2
	wait_for 10 eval "[ \$(tcpdump -r $a 2> /dev/null | wc -l) -eq 10 ]"
	wait_for 10 eval "[ \$(tcpdump -r $b 2> /dev/null | wc -l) -eq 10 ]"
	kill "${pids[@]}"
	wait "${pids[@]}" 2> /dev/null
	[ "$(captured "$a" | wc -l)" -gt 500 ] && [ "$(captured "$a")" = "$(captured "$b")" ]
}

vlan_ping() {
	ip -n "$A" link add link na name v5 type vlan id 5
	ip -n "$B" link add link nb name v5 type vlan id 5
	ip -n "$A" address add 198.51.100.1/24 dev v5
	ip -n "$B" address add 198.51.100.2/24 dev v5
	ip -n "$A" link set v5 up
	ip -n "$B" link set v5 up
	in_ns "$A" ping -q -c 5 -i 0.02 -w 20 198.51.100.2 | grep " 0% packet loss"
}

no_errors() {
	local ns dev
	for ns in "$A na" "$B nb"; do
		read -r ns dev <<< "$ns"
		equals "0 0 0" "$(stat_of "$ns" "$dev" rx_csum_errors) $(stat_of "$ns" "$dev" \
			hw_rx_crc_errors) $(stat_of "$ns" "$dev" ahb_errors)" || return 1
	done
}

plain() {	# without what the MAC offloads
	in_ns "$A" ethtool -K na tx off rx off sg off txvlan off rxvlan off
	in_ns "$B" ethtool -K nb tx off rx off sg off txvlan off rxvlan off
}

all_sizes() {	# every length around the places where the chip does something else
	local size
	for size in 0 1 17 18 19 45 46 47 150 151 163 164 165 1471 1472; do
		in_ns "$A" ping -q -c 1 -w 10 -p "$(printf %02x $((size % 256)))" -s "$size" 192.0.2.2 ||
			{ echo "size $size"; return 1; }
	done
}

ok "ping gets every answer" pings 20
ok "frames of every length arrive whole" all_sizes
ok "TCP flows" moves_data
ok "TCP flows in the other direction" moves_data -R
ok "UDP flows" moves_data -u -b 20M
ok "tcpdump at both ends sees the same bytes" both_see_the_same
ok "a VLAN on both cards" vlan_ping
ok "nothing was damaged on the way" no_errors
ok "the card says who made it" eval "in_ns $A ethtool -i na | grep -q '^driver: vftgmac100'"
ok "the registers can be dumped" eval "in_ns $A ethtool -d na | grep -q 0x0180"
ok "the permanent address is the one it woke up with" equals \
	"$(in_ns "$A" ethtool -P na | sed 's/.*: //')" "$(in_ns "$A" cat /sys/class/net/na/address)"
ok "offloads can be switched off" plain
ok "ping gets every answer without offloads" all_sizes
ok "TCP flows without offloads" moves_data
ok "the VLAN works without offloads" in_ns "$A" ping -q -c 3 -i 0.02 -w 20 198.51.100.2
ok "nothing was damaged on the way then" no_errors
finish
