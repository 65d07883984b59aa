#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# TCP by hand: each file of wire/ says which segments go in and which have to come out. ../lib/wire.py
# tells the language, Documentation/tcp-rfc.rst which rule is shown where.
#	wire.sh [NAME...]	these alone
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
by_hand || { echo "Bail out! no cable"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by by_hand
# Only where a scenario is about them do timers fire before its next line: nothing depends on speed.
in_ns "$us" sysctl -qw net.mynet.tcp_rto_min_us=60000000 net.mynet.tcp_early_retrans=0 net.mynet.mtu_expires=3
stay "$us"

scenarios=$(cd ../lib && pwd -P)/../tcp/wire
names=("$@")

named_are_there() {
	local name missing=0
	while read -r name; do
		[ -e "$scenarios/${name#wire/}.wire" ] || { echo "$name is not there"; missing=1; }
	done < <(grep -oE 'wire/[a-z0-9-]+' "$scenarios/../../../Documentation/tcp-rfc.rst")
	return "$missing"
}

if [ $# -eq 0 ]; then
	files=("$scenarios"/*.wire)
	names=("${files[@]##*/}")
	names=("${names[@]%.wire}")
	ok "every scenario that the table of rules names is there" named_are_there
fi
for name in "${names[@]}"; do
	ok "$name: $(sed -n '2s/^# //p' "$scenarios/$name.wire")" py "$us" wire "$peer" "$scenarios/$name.wire"
done
ok "the module goes when its sockets are gone" wait_for 30 modprobe -r af_mynet
finish
