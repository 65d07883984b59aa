#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The trace events, listened to from outside while the unit tests send packets past them.
. ../lib/lib.sh

modprobe -n -q mynet_kunit || skip_all "this kernel has no KUnit; the debug kernel has"

tracing=/sys/kernel/tracing/instances/mynet-$$
modprobe af_mynet || exit 1
mkdir $tracing || exit 1
defer rmdir $tracing
defer modprobe -r mynet_kunit
echo 1 > $tracing/events/mynet/enable
modprobe mynet_kunit
echo 0 > $tracing/events/mynet/enable
trace=$(cat $tracing/trace)

seen() {	# seen PATTERN: a line of the trace has it
	grep -qE -- "$1" <<< "$trace" || { echo "no line has: $1"; tail -n 20 <<< "$trace"; return 1; }
}

ok "a hop shows its name, no device, length and protocol" \
	seen 'mynet_hop: hop=DEV_IN dev= skbaddr=[0-9a-f]+ len=0 protocol=0x0000'
ok "every hop shows" equals 10 \
	"$(grep -o 'hop=[A-Z_]*' <<< "$trace" | sort -u | wc -l)"
ok "a drop shows its reason, its device and who dropped it" \
	seen 'mynet_drop: reason=SOCK_CLOSED dev=lo .*caller=drop_is_traced_with_device_reason_and_caller\+'
ok "a packet that a socket had not read shows as dropped by the socket's end" \
	seen 'mynet_drop: reason=SOCK_CLOSED dev= .*len=8 .*caller=mn_sock_destruct\+'
finish
