#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The show of make demo works, each part of it.
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

# A tool that shows nothing and says that all is well is not believed.
mkdir "$tmp/mute"
cat > "$tmp/mute/mynet" <<-EOT
#!/bin/sh
case "\$1 \$2" in
"ss "* | "stat "* | "neigh show" | "route get" | "addr show") exit 0 ;;
esac
exec $(command -v mynet) "\$@"
EOT
chmod 755 "$tmp/mute/mynet"
disbelieved() {
	! PATH=$tmp/mute:$PATH demonstration > /dev/null && grep -q "NO	addresses and routes" "$tmp/said" &&
		grep -q "NO	sockets, routes, neighbours and counters" "$tmp/said"
}
ok "a tool that shows nothing does not pass" disbelieved
finish
