#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# "mynet stat" tells which counters grew, and by how much.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts
own_history

stat() {
	mynet -n "$us" stat "$@"
}
pinged() {	# pinged N: an answered ping, so often
	in_ns "$peer" ping -q -c "$1" -i 0.01 -W 5 192.0.2.2 > /dev/null
}
grown() {	# grown NAME: by how much
	stat "$1" | awk '{ print $2 }'
}

ok "the peer is known" pinged 1
ok "what grew is shown" eval "says 'IcmpInEchos ' stat && pinged 3 && equals 3 \$(grown IcmpInEchos)"
ok "... once" equals "" "$(stat IcmpInEchos)"
ok "what did not grow is shown on request" says "IcmpInEchos                          0" stat all IcmpInEchos
ok "values are shown on request" says "IcmpInEchos                          4" stat absolute
ok "only what matches is shown" eval "pinged 1; [ \$(stat 'Icmp*' | grep -vc ^Icmp) -eq 0 ]"
ok "another namespace has counters of its own" not says IcmpInEchos mynet -n "$peer" stat
ok "reset begins anew" eval "pinged 2; equals '' \"\$(stat reset)\" && equals '' \"\$(stat)\""
ok "... also when the history is older than the counters" eval "
	sed -i 's/[0-9]*\$/999999/' $XDG_RUNTIME_DIR/mynet-stat.*; says 'IcmpInEchos ' stat"
forgets() {	# forgets NAME: what was remembered of it is more than there is
	stat reset && pinged 2 && sed -i "s/^$1 .*/$1 7/" "$XDG_RUNTIME_DIR"/mynet-stat.*
}
ok "fewer connections than before are no new beginning" eval "
	forgets TcpCurrEstab && equals 2 \$(grown IcmpInEchos)"
ok "JSON" eval "pinged 1; mynet -j -n $us stat IcmpInEchos |
	jq -e '.[0] | .name == \"IcmpInEchos\" and .grown == 1 and .value == 10'"
ok "watching goes on" eval "
	timeout 30 mynet -n $us stat watch 1 IcmpInEchos > $XDG_RUNTIME_DIR/watched & watcher=\$!
	wait_for 10 eval 'pinged 1 && [ \$(wc -l < $XDG_RUNTIME_DIR/watched) -ge 3 ]'; e=\$?
	kill \$watcher; exit \$e"
ok "a second name of another file in its place is not written to" eval "
	echo precious > $XDG_RUNTIME_DIR/precious
	for file in $XDG_RUNTIME_DIR/mynet-stat.*; do ln -f $XDG_RUNTIME_DIR/precious \$file; done
	refuses 'not a file of yours' stat reset && equals precious \"\$(cat $XDG_RUNTIME_DIR/precious)\""
ok "... nor is a pipe waited for" eval "
	for file in $XDG_RUNTIME_DIR/mynet-stat.*; do rm \$file; mkfifo \$file; done
	refuses mynet-stat timeout 20 mynet -n $us stat reset"
ok "a link in its place is not followed" eval "
	for file in $XDG_RUNTIME_DIR/mynet-stat.*; do ln -sf $XDG_RUNTIME_DIR/elsewhere \$file; done
	refuses 'Cannot open' stat && [ ! -e $XDG_RUNTIME_DIR/elsewhere ]"
ok "a pattern that matches nothing is told" refuses "No counter is called \"Icmp\"" stat Icmp
ok "... also when it is to be watched" refuses "No counter is called" timeout 20 mynet -n "$us" stat watch abc
ok "... two patterns are one too many" refuses "not expected here" stat 'Icmp*' 'Udp*'
ok "watching without a pause is refused" refuses "at least a second" timeout 20 mynet -n "$us" stat watch 0
ok "help is given" says "Usage: mynet stat" stat help
finish
