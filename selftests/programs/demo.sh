#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What make demo shows works, each part of it.
. ../lib/lib.sh
. ../lib/mynet.sh
. ../lib/programs.sh
needs nginx curl tcpdump traceroute

demonstration() {
	"$(dirname "$(readlink -f "$0")")/../../scripts/demo-guest" > "$tmp/said" 2>&1 < /dev/null ||
		{ cat "$tmp/said"; false; }
}
summary() {
	sed -n '/What you have seen/,$s/^  \(yes\|NO\)\t//p' "$tmp/said"
}

ok "the demonstration comes to its end" demonstration
while read -r sentence; do
	ok "it shows $sentence" grep -q "yes	$sentence" "$tmp/said"
done < <(summary)
ok "... all of it" equals 9 "$(summary | wc -l)"
finish
