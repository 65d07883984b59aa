#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Thousands of sockets: a dump of many messages shows each once, while others come and go.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
new_netns us
# shellcheck disable=SC2154 # us is set by new_netns
count=5000
[ "${MYNET_KERNEL:-}" != debug ] || count=300
ulimit -n 20000

coproc HOLD { exec ip netns exec "$us" ../lib/hold.py; }
defer kill "$HOLD_PID"
echo "flood 127.0.0.1 8080 $count" >&"${HOLD[1]}"
read -r -t 500 answer <&"${HOLD[0]}"
ok "$count connections" equals ok "$answer"

ss() { mynet -n "$us" ss "$@"; }
lines() { ss -H "$@" | wc -l; }

ok "both ends are shown" equals $((2 * count)) "$(lines -tn)"
ok "... each once" equals $((2 * count)) "$(ss -Htne | sed 's/.* sk:\([0-9a-f]*\).*/\1/' | sort -u | wc -l)"
ok "... and the listener" equals $((2 * count + 1)) "$(lines -tna)"
ok "one end by its port" equals "$count" "$(lines -tn sport = :8080)"
ok "with all there is to tell" equals $((2 * count)) "$(ss -HtneimopO | grep -c 'users:.*skmem:.*cubic')"
ok "counted" says "TCP:   $((2 * count + 1)) (estab $((2 * count)), listen 1" ss -s

# Other sockets come and go in the slots that are shown.
ip netns exec "$us" ../lib/hold.py < <(while echo "flood 127.0.0.2 9090 1"; do :; done) > /dev/null &
defer kill $!
comes_and_goes() {
	local i
	for i in {1..5}; do
		equals "$count" "$(ss -Htn src 127.0.0.1:8080 | sort -u | wc -l)" || { echo "at dump $i"; return 1; }
	done
}
ok "none is missed while others come" comes_and_goes
none_left() { [ "$(lines -tn src 127.0.0.1:8080)" = 0 ]; }
end_all() { ss -K -tn dst 127.0.0.1:8080 sport '>=' :32768 > /dev/null && wait_for 60 none_left; }
ok "a range of ports is ended, and so are the other ends" end_all
finish
