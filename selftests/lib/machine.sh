#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Runs in one of two machines on a cable (pair/streams.sh): machine.sh 1|2 mynet|inet BYTES. A stream goes from 1
# to 2, then one from 2 to 1; what was sent and received is told in files that both machines see.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/mynet.sh"
self=$1 kind=$2 bytes=$3
other=$((3 - self))
family=$kind
[ "$kind" = mynet ] || family=''
shared=$MYNET_VM_SHARED
stream=$(dirname "$0")/stream.py

receive() {
	local pid
	"$stream" ${family:+"$family"} listen 5000 > "$shared/heard-$self" &
	pid=$!
	wait_for 60 listens - 5000 && touch "$shared/listens-$self" && wait "$pid" &&
		echo "received-by-$self $(cat "$shared/heard-$self")" > "$shared/received-$self.digest"
}
transmit() {
	wait_for 60 test -e "$shared/listens-$other" &&
		echo "sent-by-$self $("$stream" ${family:+"$family"} send "192.0.2.$other" 5000 "$bytes")" > \
			"$shared/sent-$self.digest"
}

ip link set eth0 up
wait_for 60 grep -qx up /sys/class/net/eth0/operstate || exit
if [ "$kind" = mynet ]; then
	load_family
	mynet dev attach eth0 && mynet addr add "192.0.2.$self/24" dev eth0 || exit
else
	ip addr add "192.0.2.$self/24" dev eth0 || exit
fi
if [ "$self" = 1 ]; then
	transmit && receive
else
	receive && transmit
fi || exit
# Each waits until the other has ended listening.
touch "$shared/done-$self"
wait_for 60 test -e "$shared/done-$other"
