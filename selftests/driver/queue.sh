#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The way of a frame between dev_queue_xmit() and the wire: queueing discipline, byte queue limits, the
# transmit ring, completions; and the receive ring before a poll looks at it.
. ../lib/cards.sh
two_cards
pings 2 > /dev/null
# B drops what goes to this address without a word: all frames between the cards are A's.
know_sink() {
	ip -n "$A" neigh replace 192.0.2.9 lladdr "$(in_ns "$B" cat /sys/class/net/nb/address)" dev na
}
know_sink
bql=/sys/class/net/na/queues/tx-0/byte_queue_limits
stay "$A"

# slow: A's transmitter needs about a millisecond for a frame of 1,200 bytes.
slow() {
	in_ns "$A" ethtool -s na speed 10 duplex full autoneg off
	in_ns "$A" "$nic" set na paced 1
	wait_for 20 carrier "$A" na && wait_for 20 carrier "$B" nb
}

fast() {
	in_ns "$A" "$nic" set na paced 0
	wait_for 20 pings 1
}

burst() {	# burst COUNT: frames of 1,200 bytes, as fast as A can
	py "$A" burst 192.0.2.9 "$1" 1158
}

qdisc() {	# qdisc FIELD: of A's root queueing discipline
	ip netns exec "$A" tc -s -j qdisc show dev na root | jq ".[0].$1"
}

sent_all() {	# nothing waits in the queueing discipline or in the ring
	equals 0 "$(qdisc qlen)" && equals 0 "$(stat_of "$A" na tx_ring_used)"
}

drops_with() {	# drops_with TXQUEUELEN: of a burst of 300 frames
	ip -n "$A" link set na txqueuelen "$1"
	in_ns "$A" tc qdisc del dev na root
	in_ns "$A" tc qdisc add dev na root pfifo || return 1
	burst 300 > /dev/null
	wait_for 10 sent_all || return 1
	qdisc drops
}

txqueuelen() {
	local short long
	short=$(drops_with 20)
	long=$(drops_with 1000)
	echo "dropped of 300 frames: $short with txqueuelen 20, $long with 1000"
	above 100 "$short" && equals 0 "$long"
}

most_in_flight() {	# the most bytes that the card had at once, of a burst
	burst 800 > /dev/null
	in_ns "$A" bash -c "
		for ((i = most = 0; i < 50; i++)); do
			read -r now < $bql/inflight
			((now <= most)) || most=\$now
		done
		echo \$most"
	wait_for 10 sent_all
}

limits() {	# limits MIN MAX: of BQL; 0 and max are those of the beginning
	in_ns "$A" sh -c "echo $2 > $bql/limit_max; echo $1 > $bql/limit_min"
}

byte_queue_limits() {
	local tight wide
	limits 0 3000
	tight=$(most_in_flight)
	limits 100000 max
	wide=$(most_in_flight)
	limits 0 max
	echo "most bytes in the card: $tight with limit_max 3000, $wide with limit_min 100000"
	# A frame goes whenever the limit is not reached yet: one may stand over it.
	above "$tight" 4300 && above 10000 "$wide"
}

# Without byte queue limits the ring itself is what fills: the queue stops, and a bulk that was taken
# out of the queueing discipline goes back where it stops.
ring_full() {
	local stops requeues busy net_tx
	limits 1000000 max
	stops=$(stat_of "$A" na tx_stops) requeues=$(qdisc requeues) busy=$(stat_of "$A" na tx_busy)
	net_tx=$(softirqs NET_TX)
	burst 200 > /dev/null
	wait_for 10 sent_all || return 1
	limits 0 max
	stops=$(($(stat_of "$A" na tx_stops) - stops))
	requeues=$(($(qdisc requeues) - requeues))
	busy=$(($(stat_of "$A" na tx_busy) - busy))
	net_tx=$(($(softirqs NET_TX) - net_tx))
	echo "stopped $stops times, requeued $requeues times, refused $busy frames, $net_tx NET_TX softirqs"
	above 5 "$stops" && above 0 "$requeues" && equals 0 "$busy" && above 4 "$net_tx"
}

softirqs() {	# softirqs NAME: on all processors
	awk -v name="$1:" '$1 == name { for (i = 2; i <= NF; i++) n += $i; print n }' /proc/softirqs
}

# completions OPTION...: A's completion interrupts of a burst of 300 frames
completions() {
	local before
	in_ns "$A" ethtool -C na "$@" > /dev/null 2>&1
	before=$(stat_of "$A" na tx_interrupts)
	burst 300 > /dev/null
	wait_for 10 sent_all || return 1
	echo $(($(stat_of "$A" na tx_interrupts) - before))
}

tx_coalescing() {
	local each frames time
	each=$(completions tx-usecs 0 tx-frames 1)
	frames=$(completions tx-usecs 1200 tx-frames 2)
	time=$(completions tx-usecs 1200 tx-frames 64)
	in_ns "$A" ethtool -C na tx-usecs 655 tx-frames 32
	echo "completion interrupts of 300 frames: $each for each frame, $frames with tx-frames 2, $time with tx-usecs 1200"
	above 200 "$each" && above "$((frames + frames / 4))" "$each" && above "$time" "$((each - 20))"
}

rx_apart() {	# A's frames are B's receptions; B's completions are of frames that B sends, for ARP
	local sent tx rx
	sleep 0.2	# waits for time itself: the interrupt of B's last answer comes tx-usecs after it
	sent=$(in_ns "$B" cat /sys/class/net/nb/statistics/tx_packets)
	tx=$(stat_of "$B" nb tx_interrupts) rx=$(stat_of "$B" nb rx_interrupts)
	burst 100 > /dev/null
	wait_for 10 sent_all || return 1
	above $((rx + 4)) "$(stat_of "$B" nb rx_interrupts)" || return 1
	tx=$(($(stat_of "$B" nb tx_interrupts) - tx))
	sent=$(($(in_ns "$B" cat /sys/class/net/nb/statistics/tx_packets) - sent))
	echo "$tx completion interrupts, $sent frames sent"
	[ "$tx" -le "$sent" ] && above "$sent" 5
}

# The transmitter ignores its doorbell until the MAC is reset.
hung_ring() {
	in_ns "$A" "$nic" fail na hang
	burst 5 > /dev/null
	wait_for 5 eval "[ \"\$(stat_of $A na tx_ring_used)\" -ge 5 ]" || return 1
	ip -n "$A" link set na down
	ip -n "$A" link set na up
	wait_for 20 carrier "$A" na || return 1
	know_sink	# the device forgot it when it went down
	equals 0 "$(stat_of "$A" na tx_ring_used)"
}

# B's poll is a thread of the idle class, and busy programs have its processor: frames stay in the ring,
# and the polls after it spend their whole budget.
waiting_frames() {
	local thread hogs=() waited=0 now full
	full=$(stat_of "$B" nb napi_full_polls)
	in_ns "$B" sh -c 'echo 1 > /sys/class/net/nb/threaded' || return 1
	thread=$(pgrep -f '^\[?napi/nb-') || { echo "no thread polls nb"; return 1; }
	taskset -p -c 1 "$thread" > /dev/null
	chrt -i -p 0 "$thread"
	for _ in 1 2; do
		timeout 60 taskset -c 1 sh -c "echo >> /tmp/hogs-$$; while :; do :; done" &
		hogs+=($!)
	done
	defer rm -f "/tmp/hogs-$$"
	wait_for 10 eval "[ \"\$(wc -l < /tmp/hogs-$$)\" -eq 2 ]" || return 1
	for _ in 1 2 3 4 5; do
		burst 300 > /dev/null
		now=$(stat_of "$B" nb rx_ring_waiting)
		[ "$now" -le "$waited" ] || waited=$now
	done
	kill "${hogs[@]}"
	chrt -o -p 0 "$thread"
	wait_for 10 eval "[ \"\$(stat_of $B nb rx_ring_waiting)\" -eq 0 ]" || return 1
	in_ns "$B" sh -c 'echo 0 > /sys/class/net/nb/threaded'
	full=$(($(stat_of "$B" nb napi_full_polls) - full))
	echo "$waited frames waited, $full polls spent their budget"
	above 32 "$waited" && above 0 "$full"
}

in_ns "$A" ethtool -G na tx 16 > /dev/null	# so that the ring is full soon
in_ns "$A" tc qdisc replace dev na root pfifo limit 1000
slow || exit 1
ok "txqueuelen bounds what waits for the card" txqueuelen
ok "byte queue limits bound what the card has" byte_queue_limits
ok "a full ring stops the queue, its bulk goes back, NET_TX goes on" ring_full
ok "tx-frames and tx-usecs make fewer completion interrupts" tx_coalescing
fast || exit 1
ok "interrupts of reception and of completion are counted apart" rx_apart
ok "the transmit ring tells how full it is" hung_ring
if [ "$(nproc)" -gt 1 ]; then
	ok "the receive ring tells how full it is, and a poll that it spent its budget" waiting_frames
else
	skip "the receive ring tells how full it is, and a poll that it spent its budget" "one CPU"
fi
finish
