#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# One more listener of a port costs what it cost before there were thousands: not more than five times
# what it costs with a hundred, or INET with as many. Documentation/scaling.rst has the figures.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
command -v mynet-scale > /dev/null || skip_all "mynet-scale is not built: make tools"
n=3000
new_netns us

# flat KIND OPERATION: of what was measured
flat() {
	awk -v kind="$1" -v what="$2" -v n="$n" '
		$1 == kind && $2 == what && $3 == 100 { few = $5 }
		$1 == kind && $2 == what && $3 == n { inet = $4; many = $5 }
		END {
			most = 5 * (few > inet ? few : inet)
			printf "# %s %s: %s us, INET %s; with a hundred %s\n", kind, what, many, inet, few
			exit !(many > 0 && many <= most)
		}' <<< "$measured"
}

# shellcheck disable=SC2154 # us is set by new_netns
for kind in tcp-own-address tcp-group tcp-bound; do
	measured+=$(in_ns "$us" mynet-scale $kind 100 $n)$'\n'
done
ok "a listener with an address of its own costs the same" flat tcp-own-address make
ok "... and is reached at the same cost" flat tcp-own-address connect
ok "one more of a group of listeners costs the same" flat tcp-group make
ok "... and a connection to the group" flat tcp-group connect
ok "one more socket that shares a port costs the same" flat tcp-bound make
finish
