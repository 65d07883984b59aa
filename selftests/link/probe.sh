#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Asking whether an address is free before it is used (RFC 5227 2.1), and the knobs of one device.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts
stay "$peer"
a() { mynet -n "$us" addr "$@"; }
set_knob() { in_ns "$us" sysctl -qw "net.mynet.conf.$1"; }
has() { a show dev veth0 | grep -A 1 "inet $1/" | tr -d '\n' | grep -q "inet $1/.*${2:-}"; }
asked_about() { has "$1" tentative; }
used() { has "$1" && not asked_about "$1"; }
arp() { py "$peer" arp veth1 "$@"; }
lost() { counts 1 "$us" MynetLink ArpProbeConflicts "$@"; }
heard() { grep -c "$1" "/tmp/probe-$$"; }
other=02:00:00:00:00:99

ok "an address is used at once unless told otherwise" eval "a add 192.0.2.3/24 dev veth0 && used 192.0.2.3"
set_knob veth0.arp_probes=3
set_knob veth0.arp_probe_ms=100
ip netns exec "$peer" tcpdump -l --immediate-mode -nn -i veth1 arp > "/tmp/probe-$$" 2> "/tmp/probe-$$.err" &
monitor=$!
wait_for 10 grep -q listening "/tmp/probe-$$.err"
ok "told to ask, it asks as often as it was told" counts 3 "$us" MynetLink ArpProbes eval "
	a add 192.0.2.4/24 dev veth0 && wait_for 10 used 192.0.2.4"
ok "... and announces it twice" wait_for 10 eval "[ \$(heard 'who-has 192.0.2.4 .*tell 192.0.2.4,') -eq 2 ]"
ok "... having asked in nobody's name" equals 3 "$(heard 'who-has 192.0.2.4 .*tell 0.0.0.0,')"
kill "$monitor"
rm -f "/tmp/probe-$$"*
ok "what is used answers" in_ns "$peer" ping -n -c 1 -W 5 192.0.2.4
ok "one that another host has is not used" lost eval "
	a add 192.0.2.1/24 dev veth0 && wait_for 10 not has 192.0.2.1"

mynet -n "$us" monitor addr > "/tmp/probe-$$.events" &
monitor=$!
defer eval "kill $monitor; rm -f /tmp/probe-$$.events"
ip -n "$us" link add d9 type dummy
mynet -n "$us" dev attach d9
wait_for 20 eval "a add 203.0.113.9/24 dev d9; a del 203.0.113.9/24 dev d9; grep -q 203.0.113.9 /tmp/probe-$$.events"
set_knob veth0.arp_probe_ms=60000
ok "while it asks, the address is tentative" eval "a add 192.0.2.5/24 dev veth0 && asked_about 192.0.2.5"
ok "... which programs can read" eval "mynet -n $us -j addr |
	jq -e '.[].addr_info[] | select(.local == \"192.0.2.5\") | .tentative'"
ok "... it has no route" not eval "mynet -n $us route show table local | grep 192.0.2.5"
ok "... and who asks for it gets no answer" not arp sip=192.0.2.1 tip=192.0.2.5 wait=0.5
ok "... and cannot be added again" refuses "probed already" a add 192.0.2.5/24 dev veth0
ok "... but replaced" eval "a replace 192.0.2.5/25 dev veth0 && has 192.0.2.5 tentative && a | grep -q 192.0.2.5/25"
ok "... taken away as another one it is not" refuses "not on this device" a del 192.0.2.5/24 dev veth0
ok "who says he has it keeps it" lost eval "
	py $peer arp veth1 op=2 sha=$other sip=192.0.2.5 tip=192.0.2.1 && wait_for 5 not has 192.0.2.5"
ok "... and is named to whoever listens" wait_for 5 grep -q \
	"conflict 192.0.2.5 dev veth0 is claimed by $other" "/tmp/probe-$$.events"
ok "who asks about it as well keeps it" lost eval "
	a add 192.0.2.5/24 dev veth0 && py $peer arp veth1 sha=$other tip=192.0.2.5 &&
	wait_for 5 not has 192.0.2.5"
ok "who asks for it does not" eval "
	a add 192.0.2.5/24 dev veth0 && py $peer arp veth1 sha=$other sip=192.0.2.6 tip=192.0.2.5 &&
	in_ns $peer ping -n -c 1 -W 5 192.0.2.2 && asked_about 192.0.2.5"
ok "it can be taken away" eval "a del 192.0.2.5/24 dev veth0 && not has 192.0.2.5"
set_knob veth0.arp_probe_ms=100
ip -n "$us" link set veth0 down
ok "nothing is asked of a device that is down" counts 0 "$us" MynetLink ArpProbes eval "
	a add 192.0.2.6/24 dev veth0 valid_lft 1000 && asked_about 192.0.2.6"
ip -n "$us" link set veth0 up
ok "... but when it is up" wait_for 20 used 192.0.2.6
ok "... and then its time begins" has 192.0.2.6 "valid_lft \\(1000\\|9..\\)sec"

ok "a knob of one device is that device's" eval "
	set_knob veth0.arp_ignore=8 && ! py $peer arp veth1 sip=192.0.2.1 tip=192.0.2.2 wait=0.5 &&
	set_knob veth0.arp_ignore=0 && py $peer arp veth1 sip=192.0.2.1 tip=192.0.2.2 wait=5"
ok "those that come begin as the default says" eval "
	set_knob default.arp_probes=2 && ip -n $us link add d0 type dummy && mynet -n $us dev attach d0 &&
	equals 2 \$(in_ns $us cat /proc/sys/net/mynet/conf/d0/arp_probes)"
ok "with another name its knobs have that name" eval "
	ip -n $us link set d0 name d1 &&
	equals 2 \$(in_ns $us cat /proc/sys/net/mynet/conf/d1/arp_probes) &&
	in_ns $us test -e /proc/sys/net/mynet/conf/d1/forwarding &&
	not in_ns $us test -e /proc/sys/net/mynet/conf/d0"
ok "... another device can have the old one" eval "
	ip -n $us link add d0 type dummy && mynet -n $us dev attach d0"
set_knob veth0.arp_probe_ms=60000
ok "a device is detached while it asks" eval "
	a add 192.0.2.7/24 dev veth0 && mynet -n $us dev detach veth0 && mynet -n $us dev attach veth0"
ok "a namespace goes while it asks" eval "
	ip -n $us link set d1 up && a add 192.0.2.8/24 dev d1 && ip netns del $us"
finish
