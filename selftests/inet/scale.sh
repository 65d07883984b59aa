#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Many addresses, routes and tables: what is shared, what is left behind, and what a device takes with it. The
# judge is the kernel's IPv4 with the same addresses.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
new_netns us them
# shellcheck disable=SC2154 # set by new_netns
for ns in "$us" "$them"; do
	ip -n "$ns" link add d0 type dummy && ip -n "$ns" link set d0 up
done
in_ns "$them" sysctl -qw net.ipv4.conf.all.promote_secondaries=1
mynet -n "$us" dev attach d0
both() { mynet -n "$us" "$@" && ip -n "$them" "$@"; }
r() { mynet -n "$us" route "$@"; }
lines() { sed 's/ *$//; s/  */ /g; s/ proto boot//' | sort; }
same() {	# same: both have the same routes of addresses
	equals "$(ip -n "$them" route show table "$1" | lines)" "$(r show table "$1" | lines)"
}
# shellcheck disable=SC2016 # of awk's
tables() { in_ns "$us" awk '/^Id / && $2 != "253:" { n++ } END { print n + 0 }' /proc/net/mynet/fib_triestat; }	# of users

ok "loopback has the broadcast address of its network" same local
ok "a secondary address is sent from the primary one" eval "
	both addr add 10.0.0.1/8 dev d0 && both addr add 10.0.0.2/8 dev d0 && both addr add 10.0.0.3/8 dev d0 &&
	same local && r show table local | grep -q '10.0.0.2 .*src 10.0.0.1'"
ok "addresses of a network share one broadcast route" \
	equals 1 "$(r show table local | grep -c 'broadcast 10.255.255.255')"
ok "... and a broadcast address of its own is its own" eval "
	both addr add 10.0.0.4/8 broadcast 10.9.9.9 dev d0 && same local &&
	both addr add 10.0.0.5/8 broadcast 10.9.9.9 dev d0 && same local &&
	both addr del 10.0.0.4/8 dev d0 && same local && both addr del 10.0.0.5/8 dev d0 && same local"
ok "a second network is a second primary" eval "
	both addr add 172.16.0.1/16 dev d0 && both addr add 172.16.0.2/16 dev d0 &&
	both addr add 10.0.0.6/8 dev d0 && same local && same main"
ok "the oldest secondary takes the primary's place" eval "
	both addr del 10.0.0.1/8 dev d0 && same local && same main"
ok "... of the other network too" eval "both addr del 172.16.0.1/16 dev d0 && same local && same main"
ok "... and the primary ones come first" equals "10.0.0.2 172.16.0.2 10.0.0.3 10.0.0.6" \
	"$(mynet -n "$us" -j addr show dev d0 | jq -r '[.. | .local? // empty] | join(" ")')"
ok "a route goes with the address that it names, and only then" eval "
	both route add 20.0.0.0/8 dev d0 src 10.0.0.3 && both addr del 10.0.0.2/8 dev d0 && same main &&
	r | grep -q 20.0.0.0/8 && both addr del 10.0.0.3/8 dev d0 && same main && not eval 'r | grep -q 20.0.0.0/8'"
ok "a device that goes down and up has them again" eval "
	for ns in $us $them; do ip -n \$ns link set d0 down; done && same local && same main &&
	for ns in $us $them; do ip -n \$ns link set d0 up; done && same local && same main"

ok "a refused route leaves no table behind" eval "
	for i in {1000..1100}; do echo route add 10.99.0.0/16 dev nosuch table \$i; done | mynet -n $us -f -b -
	r add 10.99.0.0/16 via 99.9.9.9 table 77; equals 0 \$(tables)"
ok "... nor does one that is deleted" eval "
	r add 10.99.0.0/16 dev d0 table 77 && equals 1 \$(tables) && r del 10.99.0.0/16 table 77 && equals 0 \$(tables)"
ok "... and one that is flushed" eval "
	r add 10.99.0.0/16 dev d0 table 77 && ip -n $us link set d0 down && equals 0 \$(tables) &&
	ip -n $us link set d0 up"
ok "a rule keeps its table" eval "
	mynet -n $us rule add from 1.2.3.4 table 78 && equals 1 \$(tables) &&
	r add 10.99.0.0/16 dev d0 table 78 && mynet -n $us rule del from 1.2.3.4 table 78 && equals 1 \$(tables) &&
	r del 10.99.0.0/16 table 78 && equals 0 \$(tables)"

metrics() { for i in {1..2000}; do echo "route $1 unreachable 11.0.0.0/8 metric $i"; done | mynet -n "$us" -b -; }
ok "two thousand routes of one prefix" eval "metrics add && equals 2000 \$(r | grep -c 11.0.0.0/8)"
ok "... one goes from the middle" eval "r del 11.0.0.0/8 metric 1000 && equals 1999 \$(r | grep -c 11.0.0.0/8)"
ok "... the one that was first too, and the next is found" eval "
	r del 11.0.0.0/8 metric 1 && equals 1998 \$(r | grep -c 11.0.0.0/8) &&
	r add 11.0.0.0/8 dev d0 && r get 11.1.1.1 | grep -q 'dev d0' && r del 11.0.0.0/8 metric 0 &&
	not r get 11.1.1.1"
ok "... as /proc shows them" equals 1998 "$(in_ns "$us" grep -c '0000000B' /proc/net/mynet/route)"
ok "... read in small pieces too" equals "$(in_ns "$us" cat /proc/net/mynet/route | md5sum)" \
	"$(in_ns "$us" dd if=/proc/net/mynet/route bs=500 2> /dev/null | md5sum)"

ms() { echo $((${EPOCHREALTIME/./} / 1000)); }
# Bounds are for a busy machine; before routes were shared the same took minutes.
within() {	# within SECONDS CMD...
	local begun
	begun=$(ms)
	"${@:2}" || return
	[ $(($(ms) - begun)) -le $(($1 * patience * 1000)) ] || { echo "took $(($(ms) - begun)) ms"; return 1; }
}
many() { for i in {1..2000}; do echo "$1"; done | awk '{ gsub("%", NR); print }' | mynet -n "$us" -b -; }
ok "tables of two thousand are shown at once" eval "
	many 'route add 10.99.0.0/16 dev d0 table 10%' && equals 2000 \$(tables) &&
	within 2 r show table all > /dev/null && within 2 tables"
ok "... and read in small pieces" equals "$(in_ns "$us" cat /proc/net/mynet/fib_triestat | md5sum)" \
	"$(in_ns "$us" dd if=/proc/net/mynet/fib_triestat bs=1000 2> /dev/null | md5sum)"
ok "a device of two thousand addresses is detached at once" eval "
	for i in {0..7}; do for j in {1..250}; do echo addr add 10.1.\$i.\$j/8 dev d0; done; done | mynet -n $us -b - &&
	within 2 mynet -n $us dev detach d0"
ok "... with all tables" equals 0 "$(tables)"
finish
