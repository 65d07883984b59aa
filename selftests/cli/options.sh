#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The options that every object has, as ip has them.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no hosts"; exit 1; }
# shellcheck disable=SC2154 # set by two_hosts
{
	mynet() { command mynet -n "$us" "$@"; }
	escape=$'\e'
}
coloured() { mynet "$@" | grep -q "$escape"; }
plain() { mynet "$@" > "$out" && [ -s "$out" ] && ! grep -q "$escape" "$out"; }
out=$(mktemp)
defer rm -f "$out"
json() { mynet -j "$@" | jq -e . > /dev/null; }
without_colour() { sed "s/$escape\[[0-9]*m//g"; }
same_words() { equals "$(mynet "$@")" "$(mynet -c "$@" | without_colour)"; }

mynet maddr join 239.1.1.1 dev veth0
mynet neigh add 192.0.2.44 lladdr 02:00:00:00:00:44 dev veth0 nud permanent
for object in addr dev maddr neigh route; do
	ok "$object in colour" coloured -c $object show
	ok "... says the same" same_words $object show
	ok "... not unasked" plain $object show
	ok "... and not as JSON" eval "json $object show && ! coloured -c -j $object show"
done
ok "-c=auto has no colour in a file" plain -c=auto route show
ok "... but on a terminal" eval "script -qec 'mynet -n $us -c=auto route show' /dev/null | grep -q '$escape'"
ok "-color=never has none" plain -color=never route show
ok "a colour of another name is refused" refuses "always, auto or never" mynet -c=blue route show
ok "a route tells its type and scope with -d" eval "
	mynet -d route show | grep -q '^unicast 192.0.2.0/24 dev veth0 .*scope link'"
mynet route add 198.51.100.0/24 via 192.0.2.1
ok "... also the usual ones" eval "
	mynet -d route show | grep -q '^unicast 198.51.100.0/24 via 192.0.2.1 .*scope global'"
ok "a device tells its knobs with -d" eval "mynet -d dev show veth0 | grep -qE ' rp_filter [0-9]'"
ok "... as JSON" equals "$(in_ns "$us" cat /proc/sys/net/mynet/conf/veth0/rp_filter)" \
	"$(mynet -d -j dev show veth0 | jq -r '.[0].knobs.rp_filter')"
finish
