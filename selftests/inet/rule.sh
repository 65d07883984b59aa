#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Policy rules: which tables are asked, and for what.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts
r() { mynet -n "$us" route "$@"; }
rule() { mynet -n "$us" rule "$@"; }
way() {		# way VIA WORDS...: route get says so
	says "via $1 " r get 198.51.100.1 "${@:2}"
}

as_user() {	# as_user UID TO [BY]: a datagram of a socket of that user
	in_ns "$us" python3 -B -c '
import os, socket, sys
sys.path.insert(0, "../lib")
import family
user, to, by = map(int, sys.argv[1:])
os.seteuid(user)
sock = family.sock("mynet", socket.SOCK_DGRAM)
sock.bind(("0.0.0.0", by))
sock.sendto(b"x", ("203.0.113.5", to))' "$1" "$2" "${3:-0}"
}

ok "there are the usual three" equals "0:	from all lookup local
32766:	from all lookup main
32767:	from all lookup default" "$(rule list)"
ok "three tables with a way each" eval "
	r add default via 192.0.2.9 && r add default via 192.0.2.10 table 100 &&
	r add default via 192.0.2.11 table 101"
ok "no rule names them: the main one" way 192.0.2.9
ok "by source" eval "
	rule add from 203.0.113.0/24 table 100 && way 192.0.2.10 from 203.0.113.7 && way 192.0.2.9"
ok "... it stands between local and main" says "32765:	from 203.0.113.0/24 lookup 100" rule list
ok "this host's own addresses come first" says "local 192.0.2.2" r get 192.0.2.2 from 203.0.113.7
ok "the same rule twice is refused" refuses "there already" rule add from 203.0.113.0/24 priority 32765 table 100
ok "by destination" eval "
	rule add to 198.51.100.0/24 table 101 priority 1000 && way 192.0.2.11"
ok "a smaller priority goes before" eval "
	rule add from 203.0.113.0/24 table 100 priority 900 && way 192.0.2.10 from 203.0.113.7 &&
	rule del priority 900 && way 192.0.2.11 from 203.0.113.7"
ok "a rule that is deleted is not asked" eval "rule del priority 1000 && way 192.0.2.9"
ok "by tos" eval "
	rule add tos 0x10 table 100 priority 1000 && way 192.0.2.10 tos 0x10 && way 192.0.2.9 &&
	rule del priority 1000"
ok "by mark and mask" eval "
	rule add fwmark 0x10/0xf0 table 100 priority 1000 && way 192.0.2.10 mark 0x1f &&
	way 192.0.2.9 mark 0x2f && rule del priority 1000"
ok "by the device it is bound to" eval "
	rule add oif veth0 table 100 priority 1000 && way 192.0.2.10 dev veth0 && way 192.0.2.9 &&
	rule del priority 1000"
ok "by the device it came by" eval "
	rule add iif veth0 table 100 priority 1000 && way 192.0.2.10 iif veth0 && way 192.0.2.9"
ok "... which may go and come back" eval "
	mynet -n $us dev detach veth0 && mynet -n $us dev attach veth0 &&
	mynet -n $us addr add 192.0.2.2/24 dev veth0 && r add default via 192.0.2.9 &&
	r add default via 192.0.2.10 table 100 && way 192.0.2.10 iif veth0 && rule del priority 1000"
ok "by protocol and ports" eval "
	rule add ipproto tcp dport 80-90 table 100 priority 1000 && way 192.0.2.10 ipproto tcp dport 80 &&
	way 192.0.2.10 ipproto tcp dport 90 && way 192.0.2.9 ipproto tcp dport 91 &&
	way 192.0.2.9 ipproto udp dport 80 && way 192.0.2.9 && rule del priority 1000"
ok "... by the port it comes from" eval "
	rule add sport 53 table 100 priority 1000 && way 192.0.2.10 ipproto udp sport 53 &&
	way 192.0.2.9 ipproto udp sport 54 && rule del sport 53 && way 192.0.2.9 ipproto udp sport 53"
ok "by user" eval "
	rule add uidrange 1000-1999 table 100 priority 1000 && way 192.0.2.10 uid 1000 && way 192.0.2.10 uid 1999 &&
	way 192.0.2.9 uid 2000 && way 192.0.2.9 && rule del priority 1000"
ok "ports the wrong way round are refused" refuses "smaller number comes first" rule add dport 9-8 table 100
ok "... also port 0" refuses "1 to 65535" rule add dport 0 table 100
ok "such rules are told as ip tells them" eval "
	rule add ipproto udp sport 5 dport 6-7 uidrange 8-9 table 100 priority 1000 &&
	says 'uidrange 8-9 ipproto udp sport 5 dport 6-7 lookup 100' rule list ipproto udp &&
	equals '' \"\$(rule list ipproto tcp)\" && rule flush dport 6-7 && ! rule list | grep 1000:"
ok "lo means this host's own" eval "
	rule add iif lo table 100 priority 1000 && way 192.0.2.10 && way 192.0.2.9 iif veth0 &&
	rule del priority 1000"
ok "not" eval "
	rule add not from 203.0.113.0/24 table 100 priority 1000 && way 192.0.2.10 &&
	rule del not from 203.0.113.0/24 && way 192.0.2.9"
ok "a table without an answer: the next one" eval "
	rule add table 77 priority 1000 && way 192.0.2.9 && rule del priority 1000"
ok "throw: the next one" eval "
	r add throw 198.51.100.0/24 table 77 && r add default via 192.0.2.12 table 77 &&
	rule add table 77 priority 1000 && way 192.0.2.9 &&
	says 'via 192.0.2.12' r get 198.51.101.1 && rule del priority 1000"
ok "unreachable" eval "
	rule add to 198.51.100.0/24 unreachable priority 1000 &&
	refuses 'No route to host' r get 198.51.100.1"
ok "prohibited" eval "
	rule del priority 1000 && rule add to 198.51.100.0/24 prohibit priority 1000 &&
	refuses 'Permission denied' r get 198.51.100.1"
ok "a blackhole" eval "
	rule del priority 1000 && rule add to 198.51.100.0/24 blackhole priority 1000 &&
	refuses 'Invalid argument' r get 198.51.100.1 && rule del priority 1000"
ok "what no rule has is refused" refuses "No such rule" rule del priority 1000
ok "a rule without a table is refused" refuses "names a table" rule add from 203.0.113.0/25
ok "bits behind the prefix are refused" refuses "behind its prefix" rule add from 203.0.113.1/24 table 100
ok "without the rule for the main table it is not asked" eval "
	rule del priority 32766 && refuses 'unreachable' r get 198.51.100.1 &&
	rule add priority 32766 table main && way 192.0.2.9"
ok "as JSON" equals '[0,32765,32766,32767]' "$(mynet -n "$us" -j rule | jq -c '[.[].priority]')"
r add 203.0.113.0/24 dev veth0
r add blackhole 203.0.113.0/24 table 99
ok "a socket is judged by its user" eval "
	rule add uidrange 65534-65534 table 99 priority 400 && as_user 0 4000 &&
	refuses 'Invalid argument' as_user 65534 4000; e=\$?; rule del priority 400; exit \$e"
ok "... by its protocol and the port it sends to" eval "
	rule add ipproto udp dport 4000-4001 table 99 priority 400 && as_user 0 4002 &&
	refuses 'Invalid argument' as_user 0 4001; e=\$?; rule del priority 400; exit \$e"
ok "... by its own port" eval "
	rule add sport 4003 table 99 priority 400 && as_user 0 4000 &&
	refuses 'Invalid argument' as_user 0 4000 4003; e=\$?; rule del priority 400; exit \$e"
r flush table 99
r del 203.0.113.0/24
to_us() {	# to_us PORT: a datagram from the peer
	in_ns "$peer" python3 -c "
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.2', $1))"
}
arrived() {	# arrived N: so many were dropped on their way in, when two came
	counts "$1" "$us" MynetDrop IP_NOT_HERE eval "to_us 4000; to_us 4001; in_ns $peer ping -c 1 -W 5 192.0.2.2"
}
# The table of local addresses is asked first, as long as it has the first rule.
ok "what comes in is judged by its ports" eval "
	rule add table local priority 5 && rule del priority 0 &&
	rule add iif veth0 ipproto udp dport 4000 blackhole priority 1 && arrived 1; e=\$?
	rule add table local priority 0; rule del priority 5; rule del priority 1; [ \$e = 0 ] && arrived 0"
ok "an answer goes by the rules too" eval "
	ip -n $peer addr add 203.0.113.5/24 dev veth1 &&
	rule add to 203.0.113.0/24 unreachable priority 500 && ! in_ns $peer ping -c 1 -W 1 -I 203.0.113.5 192.0.2.2 &&
	rule del priority 500 && r add 203.0.113.0/24 dev veth0 &&
	in_ns $peer ping -c 1 -W 5 -I 203.0.113.5 192.0.2.2"
ok "rules change under traffic" eval "
	in_ns $peer ping -q -f -c 1000 -W 1 192.0.2.2 > /dev/null & flood=\$!
	for i in \$(seq 30); do rule add table 100 priority 10 && rule del priority 10 || exit 1; done
	wait \$flood; in_ns $peer ping -c 1 -W 5 192.0.2.2"
ok "deleted with rules of its own" eval "rule add from 10.0.0.0/8 iif veth0 table 9 && ip netns del $us"
finish
