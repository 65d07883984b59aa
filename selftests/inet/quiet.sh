#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A healthy host has no drops: what ordinary programs do, ended in order, leaves none behind.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts

# On one processor no packet overtakes another.
taskset -p -c 0 $$ > /dev/null

drops() {	# of our host: NAME=N of each that is not 0
	# shellcheck disable=SC2016 # of awk's
	in_ns "$us" awk 'NR % 2 { split($0, name); next }
		{ for (i = 2; i <= NF; i++) if ($i) print name[i] "=" $i }' /proc/net/mynet/drops
}
# Segments that either host sent again: on a processor that others keep busy a timer fires before the answer is there.
again() {
	counter "$us" Tcp RetransSegs
	in_ns "$peer" nstat -asz TcpRetransSegs | awk '/Retrans/ { print $2 }'
}
quiet() {	# quiet CMD...: it succeeds, and nothing is dropped but a segment sent again without need
	local before sent late='^$'
	before=$(drops) sent=$(again)
	"$@" || { echo "failed: $*"; return 1; }
	[ "$sent" = "$(again)" ] || late='^TCP_(DUP|WINDOW|CLOSED|TIME_WAIT)='
	equals "$(grep -Ev "$late" <<< "$before")" "$(drops | grep -Ev "$late")"
}
# A stream of so many bytes from one family to the other, which both end in order.
stream() {	# stream NS FAMILY BYTES NS FAMILY ADDR PORT [SECONDS]: nothing is read for so long
	local from=() to=()
	[ "$2" = inet ] || from=("$2")
	[ "$5" = inet ] || to=("$5")
	ip netns exec "$4" timeout 60 ../lib/stream.py "${to[@]}" listen "$7" "${@:8}" > "/tmp/quiet-$$" &
	local server=$!
	wait_for 10 listens "$4" "$7" || return
	in_ns "$1" ../lib/stream.py "${from[@]}" send "$6" "$7" "$3" > "/tmp/quiet-$$.sent" && wait "$server" &&
		equals "$(cat "/tmp/quiet-$$.sent")" "$(cat "/tmp/quiet-$$")"
}
defer rm -f "/tmp/quiet-$$" "/tmp/quiet-$$.sent"
probes() {	# probes COUNTER CMD...: the peer's own counter says that it sent probes meanwhile
	local before
	before=$(sent_probes "$1")
	"${@:2}" && above "$before" "$(sent_probes "$1")"
}
sent_probes() { in_ns "$peer" nstat -asz "TcpExt$1" | awk -v name="TcpExt$1" '$1 == name { print $2 }'; }
idle() {	# idle PORT: the peer's connection to us, whose keepalive probes go each second
	ip netns exec "$us" timeout 60 ../lib/stream.py mynet listen "$1" > /dev/null &
	local server=$!
	wait_for 10 listens "$us" "$1" && in_ns "$peer" /usr/bin/python3 -c "
import socket, time
with socket.create_connection(('192.0.2.2', $1)) as sock:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option in socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL:
        sock.setsockopt(socket.IPPROTO_TCP, option, 1)
    time.sleep(3)	# waits for time itself: probes go each second" && wait "$server"
}
echoes() {	# echoes NS FAMILY ADDR NS FAMILY PORT
	ip netns exec "$4" timeout 60 ../lib/udp.py "$5" serve "$6" > /dev/null 2>&1 &
	local server=$!
	wait_for 10 in_ns "$4" ../lib/udp.py "$5" bound "$6" &&
		in_ns "$1" ../lib/udp.py "$2" ask "$3" "$6" 1 1000 4000 60000
	local status=$?
	kill "$server"
	return "$status"
}

ok "ping to us" quiet in_ns "$peer" ping -n -q -c 3 -i 0.2 -W 5 192.0.2.2
ok "ping from us" quiet in_ns "$us" mynet run ping -n -q -c 3 -i 0.2 -W 5 192.0.2.1
ok "ping to ourselves" quiet in_ns "$us" mynet run ping -n -q -c 3 -i 0.2 -W 5 192.0.2.2
ok "datagrams to us" quiet echoes "$peer" inet 192.0.2.2 "$us" mynet 7001
ok "datagrams from us" quiet echoes "$us" mynet 192.0.2.1 "$peer" inet 7002
ok "datagrams to ourselves" quiet echoes "$us" mynet 192.0.2.2 "$us" mynet 7003
ok "a stream to us" quiet stream "$peer" inet 300000 "$us" mynet 192.0.2.2 7101
ok "... whose reader is late: the peer probes the closed window" probes TCPWinProbe \
	quiet stream "$peer" inet 2000000 "$us" mynet 192.0.2.2 7104 2
ok "... which is idle: the peer probes the connection" probes TCPKeepAlive quiet idle 7105
ok "a stream from us" quiet stream "$us" mynet 300000 "$peer" inet 192.0.2.1 7102
ok "a stream to ourselves" quiet stream "$us" mynet 300000 "$us" mynet 192.0.2.2 7103
ip netns exec "$us" mynet run python3 -m http.server -d /usr/share/doc/bash 7200 > /dev/null 2>&1 &
defer kill $!
ok "a server of web pages starts" wait_for 20 listens "$us" 7200
ok "pages of it" quiet eval "
	for i in 1 2 3; do
		in_ns $peer curl -s -S -o /dev/null -m 20 http://192.0.2.2:7200/ || exit
	done"
finish
