#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A database in memory: redis-server with its benchmark, and with a server that follows it.
. ../lib/lib.sh
. ../lib/mynet.sh
. ../lib/programs.sh
needs redis-server redis-cli redis-benchmark
load_family
three_hosts

requests=500
[ "${MYNET_KERNEL:-}" != debug ] || requests=50

database() {	# database SENTENCE HOST PORT [OPTION...]
	serve "$1" "$2" "$3" redis-server --port "$3" --save '' --appendonly no --protected-mode no \
		--repl-diskless-sync-delay 0 --dir "$tmp" "${@:4}"
}
# Each command by itself, then sixteen in a row.
bench() {
	local row
	for row in 1 16; do
		(on "$3" redis-benchmark -h "$2" -q -n "$requests" -c 20 -P "$row" -t ping_mbulk,set,get,lpush,lrange_100) ||
			return
	done
}
# A value that is larger than any buffer on the way.
large_value() {
	head -c 3000000 /dev/urandom > "$tmp/value"
	equals OK "$(on "$3" redis-cli -h "$2" -x set large < "$tmp/value")" &&
		(on "$3" redis-cli -h "$2" --raw get large) | head -c 3000000 | cmp - "$tmp/value"
}
told_of_all() {
	local told=0
	coproc SUBSCRIBER { on "$3" redis-cli -h "$2" subscribe news; }
	until [ "$told" = subscribe ]; do
		read -r -t 60 told <&"${SUBSCRIBER[0]}" || return
	done
	(on "$3" redis-cli -h "$2" publish news today) || return
	until [ "$told" = today ]; do
		read -r -t 60 told <&"${SUBSCRIBER[0]}" || return
	done
	kill "$SUBSCRIBER_PID"
}
follows() {	# follows LEADER ADDR FOLLOWER: what the leader has, the follower comes to have
	(on "$1" redis-cli set followed "$2") && (on "$3" redis-cli -p 6380 replicaof "$2" 6379) &&
		wait_for 30 follower_has "$3" "$2" &&
		(on "$1" redis-cli set followed later) && wait_for 30 follower_has "$3" later &&
		(on "$3" redis-cli -p 6380 replicaof no one)
}
follower_has() {
	[ "$(on "$1" redis-cli -p 6380 get followed)" = "$2" ]
}

database "redis-server runs on MYNET" "$us" 6379
database "... and on the kernel's IPv4" "$peer" 6379
for host in "$us" "$peer" "$other"; do
	database "... and one that will follow" "$host" 6380
done
ok "each is where it is thought to be" eval "is_mynets $us 6379 && ! is_mynets $peer 6379"
for_pairs "redis-benchmark runs" bench
for_pairs "a large value comes back whole" large_value
for_pairs "a subscriber is told" told_of_all
for_pairs "a server follows" follows
finish
