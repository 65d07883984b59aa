#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Faults of the wire are found by the receiver, counted, and repeat with their seed.
. ../lib/cards.sh
two_cards
ok "ping gets every answer before the faults" pings 5

fault() {	# fault NAME VALUE ...: from A to B
	in_ns "$A" "$nic" set na loss 0 dup 0 reorder 0 corrupt 0 truncate 0 overlong 0 delay 0 \
		jitter 0 paced 0 "$@"
}

# send N: frames of which nobody waits for an answer
send() {
	in_ns "$A" ping -q -f -W 1 -c "$1" 192.0.2.2 > /dev/null
	true
}

crc_counted() {
	local before wire
	before=$(link_of "$B" nb rx_crc_errors)
	wire=$(wire_of "$A" na corrupted)
	fault corrupt 500000 seed 7
	send 40
	fault
	equals $(($(wire_of "$A" na corrupted) - wire)) \
		$(($(link_of "$B" nb rx_crc_errors) - before)) || return 1
	above 0 $(($(link_of "$B" nb rx_crc_errors) - before))
}

runts_counted() {
	local before
	before=$(stat_of "$B" nb hw_rx_runts)
	fault truncate 1000000 seed "$seed"
	send 20
	fault
	above "$before" "$(stat_of "$B" nb hw_rx_runts)"
}

long_counted() {
	local before
	before=$(stat_of "$B" nb hw_rx_too_long)
	fault overlong 1000000 seed "$seed"
	send 10
	fault
	above $((before + 9)) "$(stat_of "$B" nb hw_rx_too_long)"
}

lost_pattern() {	# which of 60 answers are missing
	fault loss 300000 seed "$1"
	in_ns "$A" ping -n -i 0.01 -c 60 -W 1 192.0.2.2 | sed -n 's/.*icmp_seq=\([0-9]*\) ttl.*/\1/p' |
		tr '\n' ' '
	fault
}

# permanent NETNS DEV PEER-NETNS PEER-DEV ADDR: ARP has nothing to ask, and so no share in the chances.
permanent() {
	ip -n "$1" neigh replace "$5" dev "$2" nud permanent \
		lladdr "$(in_ns "$3" cat "/sys/class/net/$4/address")"
}

repeats() {
	local first second other
	permanent "$A" na "$B" nb 192.0.2.2
	permanent "$B" nb "$A" na 192.0.2.1
	first=$(lost_pattern 11)
	second=$(lost_pattern 11)
	other=$(lost_pattern 12)
	equals "$first" "$second" && above 20 "$(wc -w <<< "$first")" && [ "$first" != "$other" ]
}

duplicates() {
	fault dup 1000000
	in_ns "$A" ping -i 0.02 -c 5 192.0.2.2 | grep DUP
}

reorders() {	# frames that were sent in order arrive out of it
	local file=/tmp/re-$$.pcap pid
	fault reorder 200000 seed 3
	ip netns exec "$B" tcpdump -U --immediate-mode -c 60 -i nb -w "$file" "icmp[0] = 8" > /dev/null \
		2> /tmp/re-$$ & pid=$!
	wait_for 10 grep -q listening /tmp/re-$$ || return 1
	in_ns "$A" ping -q -l 60 -c 60 -i 0.002 192.0.2.2 > /dev/null
	wait_for 10 eval "! kill -0 $pid" || kill "$pid"
	wait "$pid"
	tcpdump -nn -r "$file" 2> /dev/null | sed -n 's/.*seq \([0-9]*\),.*/\1/p' > "$file.seq"
	fault
	echo "$(wc -l < "$file.seq") frames seen"
	above 0 "$(wire_of "$A" na reordered)" && ! sort -nc "$file.seq"
}

rtt_above() {	# rtt_above MILLISECONDS: of the fastest of five
	in_ns "$A" ping -i 0.05 -c 5 192.0.2.2 |
		awk -F'[/ ]' -v least="$1" '/^rtt/ { exit !($7 > least) }'
}

delays() {
	fault delay 30000
	rtt_above 29
}

paced() {
	fault paced 1
	in_ns "$A" ethtool -s na speed 10 duplex full autoneg off
	in_ns "$B" ethtool -s nb speed 10 duplex full autoneg off
	wait_for 20 eval "in_ns $A ethtool na | grep -q 'Speed: 10Mb/s'" || return 1
	wait_for 20 carrier "$A" na || return 1
	local rate
	rate=$(throughput -u -b 30M)
	in_ns "$A" ethtool -s na autoneg on
	in_ns "$B" ethtool -s nb autoneg on
	fault
	above 100000 "$rate" && above "$rate" 11000000
}

ok "a flipped bit is found by the FCS, counted and dropped" crc_counted
ok "cut frames are counted as runts" runts_counted
ok "long frames are counted and dropped" long_counted
ok "the same seed loses the same frames, another seed others" repeats
ok "a duplicated frame arrives twice" duplicates
ok "reordered frames are overtaken" reorders
ok "delay is added to the round trip" delays
ok "a paced 10 Mbit/s wire carries no more than that" paced
wait_for 20 carrier "$A" na
ok "ping gets every answer after the faults" eval "fault && pings 5"
finish
