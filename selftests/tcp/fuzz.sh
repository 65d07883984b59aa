#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Segments that are nearly right, in every state: whatever they are, TCP goes on, and forgets them.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
by_hand || { echo "Bail out! no cable"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by by_hand
stay "$us"
seed=${MYNET_SEED:-1}
rounds=1 segments=300
[ "${MYNET_KERNEL:-}" != debug ] || segments=100
[ "${MYNET_SOAK:-}" != y ] || rounds=20 segments=1000
echo "# MYNET_SEED=$seed"

fuzz() {	# fuzz STATE
	local i
	for i in $(seq "$rounds"); do
		py "$us" segments "$peer" "$((seed + i))" "$segments" "$1" || return
	done
}
for state in LISTEN SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT1 FIN_WAIT2 CLOSING TIME_WAIT CLOSE_WAIT LAST_ACK; do
	ok "$((rounds * segments)) segments in $state" fuzz "$state"
done
ok "... and none left a socket behind" eval "wait_for 100 eval '! in_ns $us grep -q : <(tail -n +2 /proc/net/mynet/tcp)'" 
ok "the module goes when its sockets are gone" wait_for 30 modprobe -r af_mynet
finish
