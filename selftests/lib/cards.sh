# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For tests of the card: two cards, cabled, in two namespaces. Sourced, never run.
. ../lib/lib.sh

modprobe -q vftgmac100 || skip_all "no module vftgmac100 for this kernel"

nic=$PWD/nic
# shellcheck disable=SC2034 # for the test
seed=${MYNET_SEED:-1}

# two_cards: $A and $B are namespaces with a card each, na 192.0.2.1 and nb 192.0.2.2.
two_cards() {
	new_netns A B
	local ns
	for ns in "$A" "$B"; do	# no chatter of IPv6 in what is counted
		in_ns "$ns" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
			net.ipv6.conf.default.disable_ipv6=1 2> /dev/null
	done
	ip -n "$A" link add na type vftgmac100
	ip -n "$A" link add link na name nb netns "$B" type vftgmac100
	ip -n "$A" address add 192.0.2.1/24 dev na
	ip -n "$B" address add 192.0.2.2/24 dev nb
	ip -n "$A" link set na up
	ip -n "$B" link set nb up
	wait_for 20 carrier "$A" na || exit 1
	wait_for 20 carrier "$B" nb || exit 1
}

carrier() {	# carrier NETNS DEV
	ip -n "$1" link show "$2" | grep -q LOWER_UP
}

# The stack has heard of it too and forgotten its neighbours: it does within a second, and not
# at all when the carrier is back by then.
no_carrier() {	# no_carrier NETNS DEV
	ip -n "$1" link show "$2" | grep -q 'NO-CARRIER.* state [A-Z]*DOWN'
}

pings() {	# pings [COUNT]: A reaches B with every one of them
	local said
	said=$(in_ns "$A" ping -q -i 0.02 -c "${1:-5}" -w 20 192.0.2.2)
	[[ $said == *" 0% packet loss"* ]] || { echo "$said"; return 1; }
}

stat_of() {	# stat_of NETNS DEV NAME: a counter of ethtool -S
	in_ns "$1" ethtool -S "$2" | awk -v name="$3:" '$1 == name { print $2 }'
}

wire_of() {	# wire_of NETNS DEV NAME: what the wire says
	in_ns "$1" "$nic" show "$2" | awk -v name="$3" '$1 == name { print $2 }'
}

link_of() {	# link_of NETNS DEV COUNTER: of ip -s -s link, as json has it
	in_ns "$1" cat "/sys/class/net/$2/statistics/$3"
}

# background_load: TCP from A to B until the test ends or stop_load.
background_load() {
	defer kill_load
	in_ns "$B" iperf3 -s -D -I "/tmp/iperf3-$$.pid" > /dev/null
	wait_for 10 listens "$B" 5201 || exit 1
	in_ns "$A" sh -c 'iperf3 -c 192.0.2.2 -t 600 > /dev/null 2>&1 & echo $! > '"/tmp/load-$$.pid"
	wait_for 10 load_runs
}

load_runs() {	# frames flow
	local before
	before=$(stat_of "$B" nb hw_rx_frames)
	wait_for 10 received_since "$before"
}

received_since() {
	[ "$(stat_of "$B" nb hw_rx_frames)" -gt $(($1 + 20)) ]
}

# throughput [OPTION...]: of iperf3 from A to B for a second, bit/s received.
throughput() {
	in_ns "$B" iperf3 -s -1 -D -I "/tmp/iperf3-$$.pid" > /dev/null
	wait_for 10 listens "$B" 5201 || return 1
	in_ns "$A" iperf3 -J -t 1 -c 192.0.2.2 "$@" |
		jq '.end.sum_received.bits_per_second // .end.sum.bits_per_second | floor'
}

moves_data() {	# moves_data [OPTION...]: iperf3 gets something through
	above 100000 "$(throughput "$@")"
}

kill_load() {
	local file
	for file in "/tmp/load-$$.pid" "/tmp/iperf3-$$.pid"; do
		[ ! -s "$file" ] || kill "$(tr -d '\0' < "$file")" 2> /dev/null
		rm -f "$file"
	done
}
