#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Segments are dealt with on the processors that rps_cpus of the device's queue names, for a stream of
# PF_MYNET as for one of AF_INET.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts
[ "$(nproc)" -gt 1 ] || { echo "1..0 # SKIP one processor"; exit 4; }

steer() {	# steer NS DEV MASK
	ip netns exec "$1" sh -c "echo $3 > /sys/class/net/$2/queues/rx-0/rps_cpus"
}
# came KIND PIN: where what KIND gets from the other is dealt with
came() {
	if [ "$1" = mynet ]; then
		../lib/tcpinfo.py mynet came "$us" "$peer" 192.0.2.2 5000 "$2"
	else
		../lib/tcpinfo.py inet came "$peer" "$us" 192.0.2.1 5000 "$2"
	fi
}
both() {	# both MASK
	steer "$us" veth0 "$1" && steer "$peer" veth1 "$1"
}

ok "rps_cpus can be set" both 2
for kind in inet mynet; do
	ok "$kind: what was sent on one processor comes on the other" equals "cpus 1" "$(came $kind 0)"
done
both 1
for kind in inet mynet; do
	ok "$kind: ... and the other way round" equals "cpus 0" "$(came $kind 1)"
done
both 3
for kind in inet mynet; do
	ok "$kind: streams are spread over both" equals "cpus 0 1" "$(came $kind 0)"
done
both 0
for kind in inet mynet; do
	ok "$kind: without it the sender's processor does it" equals "cpus 0" "$(came $kind 0)"
done
finish
