#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Everything that can be set is set while traffic flows, and it goes on flowing.
. ../lib/cards.sh
two_cards
background_load

rings() {	# rings RX TX
	in_ns "$B" ethtool -G nb rx "$1" tx "$2" && load_runs &&
		in_ns "$A" ethtool -G na rx "$2" tx "$1" && load_runs
}

mtu() {
	ip -n "$B" link set nb mtu "$1" && ip -n "$A" link set na mtu "$1" && load_runs
}

both() {	# both ETHTOOL-OPTION ARGS...
	local option=$1
	shift
	in_ns "$A" ethtool "$option" na "$@" && in_ns "$B" ethtool "$option" nb "$@"
}

both_run() {
	both "$@" && load_runs
}

netlink_event() {	# netlink_event CMD...: ethtool's monitor sees it
	local pid log=/tmp/mon-$$
	ip netns exec "$B" ethtool --monitor > "$log" 2>&1 & pid=$!
	wait_for 10 eval "$* && grep -q nb $log"	# again until the monitor listens
	local status=$?
	kill "$pid"
	return "$status"
}

many_rings() {	# quickly, so that frames are in every stage when the queue stops
	local i
	for i in {1..25}; do
		in_ns "$B" ethtool -G nb tx $((256 << (i % 2))) && in_ns "$A" ethtool -G na tx \
			$((512 >> (i % 2))) || return 1
	done
	load_runs
}

toggle=512
ring_event() {
	toggle=$((toggle == 512 ? 256 : 512))
	in_ns "$B" ethtool -G nb rx "$toggle"
}

for size in 16 4096 64 1000; do
	ok "rings of $size descriptors" rings $size $size
done
ok "a size is rounded to a power of two" eval "in_ns $B ethtool -g nb | tail -n 5 | grep -q 1024"
ok "a ring of 8 is refused" not in_ns "$B" ethtool -G nb rx 8
ok "a ring of 8192 is refused" not in_ns "$B" ethtool -G nb rx 8192
ok "rings change fifty times in a row" many_rings
ok "back to 512 descriptors" rings 512 512
for bytes in 9000 576 4000 1500; do
	ok "an MTU of $bytes" mtu $bytes
done
ok "an MTU of 9001 is refused" not ip -n "$A" link set na mtu 9001
for feature in tx rx sg gso gro rxvlan txvlan; do
	ok "$feature off" both_run -K $feature off
	ok "$feature on" both_run -K $feature on
done
ok "rx-all on" both_run -K rx-all on
ok "rx-all off" both_run -K rx-all off
ok "the old-fashioned mode" both_run --set-priv-flags napi off
ok "NAPI again" both_run --set-priv-flags napi on
ok "fixed coalescing" both_run -C adaptive-rx off rx-usecs 100 rx-frames 4
ok "what was set is what is read, in the chip's steps" eval "
	in_ns $A ethtool -c na | grep -q '^rx-usecs: *82'"
ok "more frames than ITC can count are refused" not in_ns "$A" ethtool -C na rx-frames 8
ok "more time than ITC can wait is refused" not in_ns "$A" ethtool -C na rx-usecs 1300
ok "no coalescing" both_run -C rx-usecs 0 rx-frames 0 tx-usecs 0 tx-frames 0
ok "adaptive coalescing" both_run -C adaptive-rx on tx-usecs 655 tx-frames 32
ok "no copybreak" both_run --set-tunable rx-copybreak 0
ok "copybreak above every frame" both_run --set-tunable rx-copybreak 10000
ok "promiscuous" eval "ip -n $B link set nb promisc on && load_runs"
ok "another station address" eval "
	ip -n $B link set nb address 02:00:00:00:00:77 && ip -n $A neigh flush dev na && load_runs"
ok "the self-test passes and traffic goes on" eval "in_ns $B ethtool -t nb offline && load_runs"
ok "down and up" eval "
	ip -n $B link set nb down && ip -n $B link set nb up && wait_for 20 carrier $B nb && load_runs"
ok "a ring change is announced over netlink" netlink_event ring_event
ok "no DMA went wrong" eval "equals 0 \$(stat_of $B nb ahb_errors) && equals 0 \$(stat_of $A na ahb_errors)"
finish
