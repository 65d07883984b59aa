#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# How much of a stream waits in the queue of a device: enough to keep it busy, and the rest with its
# socket. The qdisc here cuts packets to segments, as is done for a device that cannot.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts
# So much that it goes on for seconds when the command has begun.
bytes=200000000
[ "${MYNET_KERNEL:-}" != debug ] || bytes=40000000
tmp=$(mktemp -d)
defer rm -rf "$tmp"

cat > "$tmp/watch" <<'EOF'
# watch DEV: the most that waits there, when it is slow all of a sudden
tc qdisc add dev "$1" root tbf rate 50mbit burst 3000 limit 20mb || exit 1
most=0
for _ in $(seq 10); do
	now=$(tc -s -j qdisc show dev "$1" | grep -o '"backlog":[0-9]*' | cut -d: -f2)
	[ "${now:-0}" -le "$most" ] || most=$now
	sleep 0.05	# waits for time itself: what is there in between is looked for
done
tc qdisc del dev "$1" root
echo "$most"
EOF

# waiting FROM-NS FROM-KIND DEV TO-NS TO-KIND ADDR: a stream whose device becomes slow half-way
waiting() {
	in_ns "$4" ../lib/stream.py ${5:+"$5"} listen 5000 > "$tmp/received" &
	wait_for 10 listens "$4" 5000
	in_ns "$1" ../lib/stream.py ${2:+"$2"} send "$6" 5000 $bytes "bash $tmp/watch $3 > $tmp/most" \
		> "$tmp/sent" || return
	wait $!
	equals "$(cat "$tmp/sent")" "$(cat "$tmp/received")" >&2 || return
	cat "$tmp/most"
}

inet=$(waiting "$peer" "" veth1 "$us" mynet 192.0.2.2)
mynet=$(waiting "$us" mynet veth0 "$peer" "" 192.0.2.1)
echo "# the most that waited: INET $inet bytes, MYNET $mynet"
ok "a slow device has something to do" test "${inet:-0}" -gt 10000 -a "${mynet:-0}" -gt 10000
# Two packets of 64 KiB may always wait, and it depends on the moment whether one of INET's is less.
[ "${inet:-0}" -ge 262144 ] || inet=262144
ok "... and no longer queue than of INET's stream" test "${mynet:-0}" -le $((2 * inet))
finish
