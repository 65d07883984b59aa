#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Streams over the cable of two virtual cards, the kernel's own TCP at the other end: whole, and with what may
# happen to a cable, a window and a peer for long. MYNET_SOAK=y makes it half a minute and a minute.
. ../lib/lib.sh
. ../lib/mynet.sh
modprobe -q vftgmac100 || skip_all "no module vftgmac100 for this kernel"
defer modprobe -r vftgmac100
load_family
two_cards() {
	new_netns us peer
	# shellcheck disable=SC2154 # us and peer are set by new_netns
	ip -n "$us" link add card0 type vftgmac100 &&
		ip -n "$us" link add link card0 name card1 netns "$peer" type vftgmac100 &&
		ip -n "$peer" addr add 192.0.2.1/24 dev card1 && ip -n "$peer" link set card1 up &&
		ip -n "$us" link set card0 up && mynet -n "$us" dev attach card0 &&
		mynet -n "$us" addr add 192.0.2.2/24 dev card0
}
two_cards || { echo "Bail out! no cards"; exit 1; }

pulled=2 closed=2
[ "${MYNET_SOAK:-}" != y ] || pulled=30 closed=60
bytes=4000000
[ "${MYNET_KERNEL:-}" != debug ] || bytes=1000000
tmp=$(mktemp -d)
defer rm -rf "$tmp"

up() { in_ns "$1" grep -qx up "/sys/class/net/$2/operstate"; }

to_peer=("$us" mynet "$peer" "" 192.0.2.1)
from_peer=("$peer" "" "$us" mynet 192.0.2.2)
# stream FROM-NS FROM-KIND TO-NS TO-KIND ADDR [SECONDS [COMMAND]]: see ../lib/stream.py
stream() {
	local pid status=0
	ip netns exec "$3" ../lib/stream.py ${4:+"$4"} listen 5000 "${6:-0}" > "$tmp/received" &
	pid=$!
	wait_for 20 listens "$3" 5000 || return
	in_ns "$1" ../lib/stream.py ${2:+"$2"} send "$5" 5000 "$bytes" ${7:+"${7/PID/$pid}"} > "$tmp/sent" \
		2> "$tmp/error" || status=$?
	wait "$pid" || status=1
	[ "$status" -eq 0 ] || { cat "$tmp/error"; return 1; }
	equals "$(cat "$tmp/sent")" "$(cat "$tmp/received")"
}

# waits for time itself: what is shown is that so long does not matter
pull="mynet -n $us nic uncable card0 && sleep $pulled && mynet -n $us nic cable card0 card1 netns $peer"
ok "both ends are up" eval "wait_for 20 up $us card0 && wait_for 20 up $peer card1"
ok "a stream goes to the kernel's TCP" stream "${to_peer[@]}"
ok "a stream comes from the kernel's TCP" stream "${from_peer[@]}"
ok "the cable is pulled for $pulled s while we send" stream "${to_peer[@]}" 0 "$pull"
ok "... while we receive" stream "${from_peer[@]}" 0 "$pull"
ok "the peer's window is closed for $closed s" stream "${to_peer[@]}" "$closed"
ok "... ours" stream "${from_peer[@]}" "$closed"
bytes=60000000	# half of it is more than fits into all buffers
ok "the peer's program is killed: we are told" eval "
	! stream ${to_peer[*]@Q} 0 'kill -9 PID' && grep -E 'Broken pipe|reset by peer' $tmp/error"
ok "ours is: the peer is told" eval "
	! stream ${from_peer[*]@Q} 0 'kill -9 PID' && grep -E 'Broken pipe|reset by peer' $tmp/error"
ok "the module goes when its sockets are gone" wait_for 30 modprobe -r af_mynet
finish
