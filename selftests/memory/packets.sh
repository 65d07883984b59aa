#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Memory is short for a packet that arrives: each allocation for it fails once. The packet is answered all the same,
# or it is dropped and counted; the next one is answered.
. ../lib/lib.sh
. ../lib/mynet.sh
[ -e /sys/kernel/debug/failslab/ignore-gfp-wait ] ||
	skip_all "this kernel injects no faults; the debug kernel does"
load_family
by_hand || { echo "Bail out! no cable"; exit 1; }
in_ns "$us" sysctl -qw net.mynet.ip_forward=1 net.mynet.conf.veth0.send_redirects=0
mynet -n "$us" route add 198.51.100.0/24 via 192.0.2.1

said() {	# said WORD...: a line that begins so
	grep -q "^$*" <<< "$report" || { printf '%s\n' "$report"; return 1; }
}

report=$(../lib/short.py "$us" "$peer" 2>&1)
for kind in echo timestamp recorded fragments port forwarded expired asked; do
	ok "$kind: each allocation for it may fail" said ok "$kind"
done
for name in IP_NOMEM FRAG_MEMORY InDiscards OutErrors; do
	ok "$name is counted" said counted "$name"
done
finish
