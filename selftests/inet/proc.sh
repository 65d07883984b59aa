#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The tables in /proc/net/mynet, beside the kernel's own for the very same routes.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
new_netns us them
# shellcheck disable=SC2154 # set by new_netns
both() {	# both WORDS: as ip has them, in the one namespace for MYNET, in the other for the kernel
	mynet -n "$us" "$@" && ip -n "$them" "$@"
}
for ns in "$us" "$them"; do
	ip -n "$ns" link add d0 type dummy && ip -n "$ns" link set d0 up
done
mynet -n "$us" dev attach d0
{
	both addr add 192.0.2.2/24 dev d0 && both addr add 10.0.0.1/8 dev d0 &&
	both route add default via 192.0.2.1 && both route add 198.51.100.0/24 via 192.0.2.9 metric 7 &&
	both route add 198.51.100.128/25 dev d0 window 30000 advmss 1200 &&
	both route add 203.0.113.7 via 192.0.2.1 && both route add unreachable 172.16.0.0/12 &&
	both route add blackhole 100.64.0.0/10 && both route add 198.51.100.0/24 tos 0x10 via 192.0.2.8 &&
	both route add 198.51.0.0/16 nexthop via 192.0.2.5 nexthop via 192.0.2.6
} || { echo "Bail out! no routes"; exit 1; }
proc() {
	in_ns "$us" cat "/proc/net/mynet/$1"
}
# A line for each prefix: its key, length, scope and type.
leaves() {
	awk '$1 == "|--" { key = $2 } $1 ~ /^\/[0-9]+$/ { print key $0 }' | sed 's/ \+/ /g' | sort -u
}
stat() {	# stat TABLE NAME: a figure of fib_triestat
	proc fib_triestat | awk -v table="$1:" -v name="$2" '
		/^[A-Z].*:$/ { on = $1 == table } on && index($0, name ":") { print $NF; exit }'
}
n() { mynet -n "$us" route show table "$1" | grep -vc '^	'; }

ok "route is what the kernel's own would be" equals "$(in_ns "$them" cat /proc/net/route)" "$(proc route)"
ok "fib_trie has the same prefixes" equals "$(in_ns "$them" cat /proc/net/fib_trie | leaves)" \
	"$(proc fib_trie | leaves)"
ok "... under nodes with bits, full and empty slots" eval "
	proc fib_trie | grep -Eq '^  \+-- [0-9.]+/[0-9]+ [0-9]+ [0-9]+ [0-9]+\$'"
ok "... table by table" equals "Main: Local:" "$(proc fib_trie | grep : | xargs)"
ok "fib_triestat counts the routes of main" equals "$(n main)" "$(stat Main Prefixes)"
ok "... and of local" equals "$(n local)" "$(stat Local Prefixes)"
ok "a table of its own is shown by its number" eval "
	mynet -n $us route add 10.99.0.0/16 dev d0 table 1000 && proc fib_trie | grep -qx 'Id 1000:'"
for i in {0..39}; do
	for j in {0..124}; do
		echo "route add 20.$i.$j.0/24 via 192.0.2.1"
	done
done | mynet -n "$us" -b -
ok "five thousand more are all shown" equals 5000 "$(proc route | grep -c "	00[0-9A-F]*14	")"
ok "... and drawn" equals 5000 "$(proc fib_trie | grep -c -- '|-- 20\.')"
ok "... and counted" equals "$(n main)" "$(stat Main Prefixes)"
ok "read in small pieces it is the same" equals "$(proc route | md5sum)" \
	"$(in_ns "$us" dd if=/proc/net/mynet/route bs=100 2> /dev/null | md5sum)"
ok "... the drawing too" equals "$(proc fib_trie | md5sum)" \
	"$(in_ns "$us" dd if=/proc/net/mynet/fib_trie bs=100 2> /dev/null | md5sum)"
ok "read from the middle on it is the end of it" equals "$(proc route | tail -c +12801 | md5sum)" \
	"$(in_ns "$us" dd if=/proc/net/mynet/route bs=128 skip=100 2> /dev/null | md5sum)"
ok "read while the routes go it ends" eval "
	(while proc route && proc fib_trie && proc fib_triestat; do :; done > /dev/null) & reader=\$!
	mynet -n $us route flush; kill \$reader; proc route | grep -qc d0"

# Neighbours and groups, of one cable, MYNET at the one end and the kernel at the other.
cable "$us" v0 "$them" v0
mynet -n "$us" dev attach v0
mynet -n "$us" addr add 10.77.0.1/24 dev v0
ip -n "$them" addr add 10.77.0.2/24 dev v0
mynet -n "$us" neigh add 10.77.0.9 dev v0 lladdr 02:00:00:00:00:09
ip -n "$them" neigh add 10.77.0.9 dev v0 lladdr 02:00:00:00:00:09
ok "arp is what the kernel's own would be" equals "$(in_ns "$them" grep -v '^10.77.0.1 ' /proc/net/arp | tr -s ' ')" "$(proc arp | grep -v '^10.77.0.2 ' | tr -s ' ')"
joins() {	# joins NS FAMILY OWN: a program there listens to two groups, until the test ends
	ip netns exec "$1" ../lib/udp.py "$2" member "$3" 239.1.1.1 239.1.1.2 10.9.9.9 > "/tmp/proc-$$" &
	defer kill $!
	wait_for 10 grep -q joined "/tmp/proc-$$"
}
defer rm -f "/tmp/proc-$$"
{
	joins "$us" mynet 10.77.0.1 && joins "$them" inet 10.77.0.2
} || { echo "Bail out! no groups"; exit 1; }
groups() {	# of v0: what each is, and how many want it
	awk 'NR == 1 { print } $3 == ":" { on = $2 == "v0" } on { print $2 == "v0" ? $2 " " $4 " " $5 : $1 " " $2 }' |
		sort
}
ok "igmp is what the kernel's own would be" equals "$(in_ns "$them" cat /proc/net/igmp | groups)" "$(proc igmp | groups)"
ok "... read in small pieces too" equals "$(proc igmp | md5sum)" \
	"$(in_ns "$us" dd if=/proc/net/mynet/igmp bs=20 2> /dev/null | md5sum)"
sources() {
	sed 's/^ *[0-9]* //'
}
ok "mcfilter is what the kernel's own would be" equals "$(in_ns "$them" cat /proc/net/mcfilter | sources)" \
	"$(proc mcfilter | sources)"
inet_sockets=$(in_ns "$them" ../lib/sockstat.py inet)
ok "sockstat counts sockets, TIME_WAIT and fragments as the kernel's own does" equals "$inet_sockets" \
	"$(in_ns "$us" ../lib/sockstat.py mynet)"
ok "... step by step" equals 14 "$(wc -l <<< "$inet_sockets")"
ok "a namespace goes while somebody reads" eval "
	(exec 3< <(in_ns $us cat /proc/net/mynet/fib_trie); ip netns del $us; cat <&3 > /dev/null)"
finish
