#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# mynet monitor: each kind of event is shown once, as the object's own "show" has it.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
new_netns us peer
# shellcheck disable=SC2154 # us and peer are set by new_netns
cable "$us" veth0 "$peer" veth1
dir=$(mktemp -d)
defer rm -r "$dir"

on() { mynet -n "$us" "$@"; }

# listen NAME WORD...: a monitor that writes into a file of that name
listen() {
	local name=$1
	shift
	ip netns exec "$us" mynet "$@" > "$dir/$name" 2>&1 &
	defer kill $!
	monitors+=("$!")
}
monitors=()
# In /proc/net/netlink protocol 16 is generic netlink, and groups are a mask in hex.
listening() {
	# shellcheck disable=SC2016 # of awk's
	in_ns "$us" awk '$2 == 16 && $4 != "00000000"' /proc/net/netlink | wc -l
}
are_listening() { [ "$(listening)" -ge "$1" ]; }
listen all monitor
listen json -j monitor
listen label monitor label
listen routes monitor route
listen some monitor dev rule
listen stamped -t monitor addr
ok "six of them listen" wait_for 10 are_listening 6

# has NAME LINE: a line that begins like that
has() { grep -qE -- "^$2" "$dir/$1" || { cat "$dir/$1"; return 1; }; }
shown() { wait_for 10 has "$@"; }

on dev attach veth0
ok "a device is attached" shown all "[0-9]+: veth0: mode inet"
on addr add 192.0.2.2/24 dev veth0
ok "an address comes" shown all " +inet 192.0.2.2/24 brd 192.0.2.255 scope global veth0"
ok "... with routes" shown all "192.0.2.0/24 dev veth0"
ok "... in other tables than main with their names" shown all "local 192.0.2.2 dev veth0 table local"
on route add 198.51.100.0/24 via 192.0.2.1
ok "a route comes" shown all "198.51.100.0/24 via 192.0.2.1 dev veth0"
on route del 198.51.100.0/24
ok "... and goes" shown all "Deleted 198.51.100.0/24 via 192.0.2.1 dev veth0"
on rule add from 10.0.0.0/8 table 100 priority 99
ok "a rule comes" shown all "99:"
on rule del from 10.0.0.0/8 table 100 priority 99
ok "... and goes" shown all "Deleted 99:"
on neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev veth0
ok "a neighbour comes" shown all "192.0.2.9 dev veth0 lladdr 02:00:00:00:00:09 PERMANENT"
on neigh del 192.0.2.9 dev veth0
ok "... and goes" shown all "Deleted 192.0.2.9 dev veth0"
on addr del 192.0.2.2/24 dev veth0
ok "an address goes" shown all "Deleted [0-9]+: veth0:$"
on dev detach veth0
ok "a device is detached" shown all "Deleted [0-9]+: veth0: mode inet"

ok "label says what each is about" eval "
	shown label '\[ROUTE\]198.51.100.0/24' && shown label '\[NEIGH\]192.0.2.9'"
ok "one kind of event alone" eval "
	shown routes 198.51.100.0/24 && ! grep -E 'inet|lladdr|mode' $dir/routes"
ok "two kinds" eval "shown some '[0-9]+: veth0:' && shown some 99: && ! grep -E 'inet 192|via|lladdr' $dir/some"
ok "-t: with the time" eval "grep -E '^\[20[0-9-]+T[0-9:]+\.[0-9]{6}\] ' $dir/stamped"

finished() {	# the monitors end when they are told to, and what was written is whole
	kill "${monitors[@]}"
	wait "${monitors[@]}" 2> /dev/null
	python3 - "$dir/json" <<-'EOF'
	import json, sys
	kinds = set()
	for line in open(sys.argv[1], encoding="utf-8"):
	    event, = json.loads(line)
	    assert event["what"], line
	    kinds.add(("deleted" in event, next(iter(event["what"][0]))))
	assert len(kinds) >= 8, kinds
	EOF
}
ok "JSON: a document on each line" finished
ok "a kind that is none is refused" refuses 'Argument "nothing" is unknown' on monitor nothing
finish
