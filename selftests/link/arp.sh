#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# ARP: answers of MYNET, what it learns and what it does not.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts
stay "$peer"

arp() { py "$peer" arp veth1 "$@"; }
neigh() { mynet -n "$us" neigh "$@"; }
knob() { in_ns "$us" sysctl -qw "net.mynet.neigh.$1"; }
knows() { neigh | grep -q "^$1 .*lladdr $2"; }
drops() { local reason=$1; shift; counts 1 "$us" MynetDrop "$reason" "$@"; }
us_mac=$(lladdr "$us" veth0)
peer_mac=$(lladdr "$peer" veth1)
other=02:00:00:00:00:99

ok "a request for our address is answered" equals "reply $us_mac 192.0.2.2" \
	"$(arp sip=192.0.2.1 tip=192.0.2.2 wait=5)"
ok "the asker is known from then on, but not trusted" eval "mynet -n $us neigh |
	grep -qx '192.0.2.1 dev veth0 lladdr $peer_mac STALE'"
ok "a request for another's address is not" not arp sip=192.0.2.1 tip=192.0.2.3 wait=0.5
ok "... and its asker is not remembered" eval "
	py $peer arp veth1 sip=192.0.2.44 tip=192.0.2.3 &&
	! mynet -n $us neigh | grep 192.0.2.44"
ok "a probe (RFC 5227) of our address is answered" equals "reply $us_mac 192.0.2.2" \
	"$(arp tip=192.0.2.2 wait=5)"
ok "... and nobody is remembered for it" not eval "mynet -n $us neigh | grep '^0.0.0.0'"
ok "a unicast request is answered" equals "reply $us_mac 192.0.2.2" \
	"$(arp sip=192.0.2.1 tip=192.0.2.2 dst="$us_mac" wait=5)"
ok "a frame to another host is not looked at" drops LINK_OTHERHOST \
	arp sip=192.0.2.1 tip=192.0.2.2 dst=$other

ok "an unsolicited reply makes no entry" eval "
	py $peer arp veth1 op=2 sip=192.0.2.50 tip=192.0.2.2 dst=$us_mac &&
	! mynet -n $us neigh | grep 192.0.2.50"
ok "a gratuitous announcement makes none either" eval "
	py $peer arp veth1 sip=192.0.2.51 tip=192.0.2.51 &&
	! mynet -n $us neigh | grep 192.0.2.51"
ok "with arp_accept it does" eval "
	ip netns exec $us sysctl -qw net.mynet.neigh.arp_accept=1 &&
	py $peer arp veth1 sip=192.0.2.51 tip=192.0.2.51 &&
	mynet -n $us neigh | grep 192.0.2.51"
ok "an announcement changes what is known" eval "
	py $peer arp veth1 sha=$other sip=192.0.2.51 tip=192.0.2.51 &&
	mynet -n $us neigh | grep '192.0.2.51 .*$other'"

mynet -n "$us" neigh add 192.0.2.60 lladdr 02:00:00:00:00:60 dev veth0
arp sha=$other sip=192.0.2.60 tip=192.0.2.60
ok "what was set by hand is not changed by an announcement" knows 192.0.2.60 02:00:00:00:00:60

claims() { arp sha="$1" sip=192.0.2.45 tip=192.0.2.2; }
ok "locktime_ms keeps what is known from changing at once" eval "
	knob locktime_ms=60000 && claims $peer_mac && wait_for 5 knows 192.0.2.45 $peer_mac &&
	claims $other && arp tip=192.0.2.2 wait=5 && knows 192.0.2.45 $peer_mac"
ok "... without it the last one counts" eval "
	knob locktime_ms=0 && claims $other && wait_for 5 knows 192.0.2.45 $other"
knob locktime_ms=1000
ok "an answer is counted" counts 1 "$us" MynetLink ArpOutReplies arp sip=192.0.2.1 tip=192.0.2.2 wait=5
ok "... and one that comes" counts 1 "$us" MynetLink ArpInReplies \
	arp op=2 sip=192.0.2.1 tip=192.0.2.2 dst="$us_mac"

ok "a conflict is counted" counts 1 "$us" MynetLink ArpConflicts \
	arp sha=$other sip=192.0.2.2 tip=192.0.2.1
ip -n "$peer" link set veth1 promisc on
mynet -n "$us" addr add 192.0.2.7/24 dev veth0
defended() { equals "request $us_mac 192.0.2.7" "$(arp sha="$other" sip=192.0.2.7 tip=192.0.2.7 wait=5)"; }
ok "... and the address defended" counts 1 "$us" MynetLink ArpDefences defended
ok "... but not twice within ten seconds" not arp sha=$other sip=192.0.2.7 tip=192.0.2.7 wait=0.5

ok "a short packet has its reason" drops ARP_TRUNC arp sip=192.0.2.1 tip=192.0.2.2 cut=27
ok "a packet cut within its header too" drops ARP_TRUNC arp sip=192.0.2.1 tip=192.0.2.2 cut=3
ok "one about another protocol" drops ARP_BAD arp sip=192.0.2.1 tip=192.0.2.2 pro=0x86dd
ok "one about another kind of link" drops ARP_BAD arp sip=192.0.2.1 tip=192.0.2.2 hrd=32
ok "one with longer addresses" drops ARP_BAD arp sip=192.0.2.1 tip=192.0.2.2 hln=255 pln=255
ok "one that is neither request nor reply" drops ARP_BAD arp sip=192.0.2.1 tip=192.0.2.2 op=3
ok "one from a multicast address" drops ARP_ADDR arp sip=224.0.0.1 tip=192.0.2.2
ok "one about loopback" drops ARP_ADDR arp sip=192.0.2.1 tip=127.0.0.1
ok "one whose sender is a group" drops ARP_ADDR \
	arp sha=01:00:5e:00:00:01 from=$other sip=192.0.2.1 tip=192.0.2.2
ok "an EtherType of native mode has no way into inet mode" drops LINK_OTHERMODE \
	arp sip=192.0.2.1 tip=192.0.2.2 type=0x88b6

mynet -n "$us" addr add 198.51.100.1/32 dev lo
ok "an address of another device is answered for" equals "reply $us_mac 198.51.100.1" \
	"$(arp sip=192.0.2.1 tip=198.51.100.1 wait=5)"
knob arp_ignore=1
ok "... not with arp_ignore=1" not arp sip=192.0.2.1 tip=198.51.100.1 wait=0.5
knob arp_ignore=2
ok "with arp_ignore=2 only its own network is answered" eval "
	! py $peer arp veth1 sip=203.0.113.1 tip=192.0.2.2 wait=0.5 &&
	py $peer arp veth1 sip=192.0.2.1 tip=192.0.2.2 wait=5"
knob arp_ignore=8
ok "with arp_ignore=8 nothing is" not arp sip=192.0.2.1 tip=192.0.2.2 wait=0.5
knob arp_ignore=0

ok "a proxy entry is answered for" eval "mynet -n $us neigh add 192.0.2.77 proxy dev veth0 nud noarp &&
	py $peer arp veth1 sip=192.0.2.1 tip=192.0.2.77 wait=5"

announced() {
	counts 1 "$us" MynetLink ArpOutRequests mynet -n "$us" addr add 192.0.2.8/24 dev veth0 || return
	wait_for 20 grep -q "who-has 192.0.2.8 .*tell 192.0.2.8" "/tmp/arp-$$" || {
		kill "$monitor"
		cat "/tmp/arp-$$"*
		return 1
	}
}
ip netns exec "$peer" tcpdump -l --immediate-mode -nn -i veth1 "arp and src host 192.0.2.8" \
	> "/tmp/arp-$$" 2> "/tmp/arp-$$.err" &
monitor=$!
wait_for 10 grep -q listening "/tmp/arp-$$.err"
ok "a new address is announced" announced
kill "$monitor" 2> /dev/null
rm -f "/tmp/arp-$$"*
finish
