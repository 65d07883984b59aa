#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# mynet ss: what it shows, how it chooses, and how it ends sockets.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
new_netns us
# shellcheck disable=SC2154 # us is set by new_netns
in_ns "$us" sysctl -qw net.mynet.ping_group_range="0 65535"

# One program that has all the sockets, asked by line.
coproc HOLD { exec ip netns exec "$us" ../lib/hold.py; }
defer kill "$HOLD_PID"
exec {to}>&"${HOLD[1]}" {from}<&"${HOLD[0]}"
hold() {
	local answer
	printf '%s\n' "$*" >&"$to"
	read -r -t 120 answer <&"$from" && echo "$answer"
}
did() { [ "$(hold "$@")" = ok ]; }

ss() { mynet -n "$us" ss "$@"; }
lines() { ss -H "$@" | wc -l; }

listener=$(hold open tcp)
did reuse "$listener" && did bind "$listener" 127.0.0.1 8080 && did listen "$listener" 77
client=$(hold open tcp)
did connect "$client" 127.0.0.1 8080
server=$(hold accept "$listener")
waiting=$(hold open tcp)
did connect "$waiting" 127.0.0.1 8080
udp=$(hold open udp)
did bind "$udp" 0.0.0.0 5353
udp2=$(hold open udp)
did bind "$udp2" 127.0.0.1 6000 && did connect "$udp2" 127.0.0.1 5353
raw=$(hold open raw)
ping=$(hold open ping)
did bind "$ping" 127.0.0.1 4711
hold send "$udp2" hello > /dev/null
hold send "$client" twelve_bytes > /dev/null

same_as_proc() {
	in_ns "$us" ../lib/socks.py proc > "/tmp/proc-$$" && mynet -n "$us" -j ss -ae > "/tmp/json-$$" &&
		../lib/socks.py json < "/tmp/json-$$" | diff "/tmp/proc-$$" -
}
defer rm -f "/tmp/proc-$$" "/tmp/json-$$"

ok "every socket is shown, as /proc has it" wait_for 5 same_as_proc
ok "... nine of them" equals 9 "$(lines -a)"
ok "JSON is JSON, pretty or not" eval "mynet -n $us -j -p ss -aeimop | python3 -m json.tool"
ok "without options those that have a peer" equals 5 "$(lines)"
ok "-l: those that listen" equals 4 "$(lines -l)"
ok "-t -u -w --ping choose" equals "5 2 1 1" \
	"$(lines -at) $(lines -au) $(lines -aw) $(lines -a --ping)"
ok "options may stand among the other words" equals "$(ss -Htn state listening sport = :8080)" \
	"$(ss state listening -H sport = :8080 -tn)"
ok "-A does too" equals 3 "$(lines -a -A udp,raw)"
ok "the columns are those of ss" says "Netid State  Recv-Q Send-Q Local Address:Port" ss -a
ok "a listener's backlog is what may wait, and what does" says "LISTEN 1      77" ss -tln
ok "ports have names, unless -n" eval "says '0.0.0.0:mdns' ss -ul && says '0.0.0.0:5353' ss -uln"
ok "-p names the program, its pid and descriptor" \
	says 'users:(("hold.py",pid='"$(hold pid)"',fd=' ss -tlnp
ok "-m tells of memory" says "skmem:(r" ss -um
ok "-i tells of TCP" eval "says 'cubic' ss -ti && says 'cwnd:10' ss -ti && says 'bytes_sent:12' ss -ti"
ok "-e tells of inode and cookie" says "ino:" ss -te
ok "-O is one line each" equals 4 "$(ss -HtiO | wc -l)"
ok "-s counts" says "TCP:   5 (estab 4, listen 1, syn-recv 0, timewait 0)" ss -s
ok "others may look, but not end" eval "
	in_ns $us setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all mynet ss -a &&
	refuses 'Operation not permitted' in_ns $us setpriv --reuid 65534 --regid 65534 \
		--clear-groups --bounding-set -all mynet ss -K -t"
marks() {	# what ss tells of the mark, to the administrator and to others
	did mark "$udp" 77 && says "fwmark:0x4d" ss -uae &&
		says ":5353" in_ns "$us" setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all \
			mynet ss -uaen &&
		not says "fwmark" in_ns "$us" setpriv --reuid 65534 --regid 65534 --clear-groups \
			--bounding-set -all mynet ss -uae
}
ok "... nor do others learn what marks packets get" marks
ok "... and see nothing of other namespaces" equals 0 "$(mynet ss -Ha | grep -c 8080)"

ok "state chooses" equals "1 4 8 0" "$(lines state listening) $(lines -t state established) \
$(lines state all exclude listening) $(lines state time-wait)"
ok "sport and dport" equals "3 2" "$(lines -a sport = :8080) $(lines -at dport = :8080)"
ok "comparisons" equals "2 2 0 3 5" "$(lines -at sport '>=' :8081) $(lines -at sport '!=' :8080) \
$(lines -at sport lt :8080) $(lines -at sport '<=' :8080) $(lines -at sport gt :8079)"
ok "src and dst, with prefix and port" equals "2 5 0" \
	"$(lines -at dst 127.0.0.1:8080) $(lines -at src 127.0.0.0/8) $(lines -at src 10.0.0.0/8)"
ok "and, or, not, parentheses" equals "2 3 3" \
	"$(lines -at '( sport = :8080 and dport > :1023 )') \
$(lines -at 'not ( sport = :8080 && dst 127.0.0.1 )') $(lines -a 'sport = :5353 or dport = :8080')"
bound_to_device() {
	equals 0 "$(lines -a dev = lo)" && did device "$udp" lo &&
		says '0.0.0.0%lo:5353' ss -uan dev = lo
}
ok "device" bound_to_device
ok "an expression that is none" refuses "expression is expected" ss -t spotr = :80
ok "... not whole" refuses "is missing" ss -t '( sport = :80'
ok "... with an operator that is none" refuses "comparison is expected" ss -t sport :80
ok "an option that is none" refuses "is unknown" ss -x

end_client() {
	local port
	port=$(ss -HtneO dport = :8080 | grep "ino:$(hold inode "$client") " | sed 's/.*127.0.0.1:\([0-9]*\) .*127.*/\1/')
	ss -K -t dport = :8080 sport = ":$port" && equals ECONNABORTED "$(hold recv "$client")" &&
		equals 1 "$(lines -t dport = :8080)"
}
end_udp() {
	ss -K -u sport = :6000 && equals ECONNABORTED "$(hold recv "$udp2")" && equals "0 2" "$(lines -u) $(lines -au)"
}
end_other() {	# end_other NUMBER OPTION
	ss -K -a "$2" && equals ECONNABORTED "$(hold recv "$1")"
}
none_left() { [ "$(lines -t)" = 0 ]; }
end_listener() {
	ss -K -tl && equals 0 "$(lines -tl)" && equals EINVAL "$(hold accept "$listener")" &&
		wait_for 5 none_left
}
ok "a connection that is ended tells its program" end_client
ok "... and the other end, after what it had sent" equals "'twelve_bytes' ECONNRESET" \
	"$(hold recv "$server") $(hold recv "$server")"
ok "UDP, which has no peer any more" end_udp
ok "raw" end_other "$raw" -w
ok "ping" end_other "$ping" --ping
ok "a listener, with what waits for it" end_listener
listen_again() { did listen "$listener" 5 && equals 1 "$(lines -tl)"; }
ok "... which may listen again" listen_again
finish
