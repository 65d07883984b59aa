#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A device becomes MYNET's and ceases to be, and the kernel's IPv4 with it.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family

new_netns us peer
cable "$us" veth0 "$peer" veth1
ip -n "$peer" addr add 192.0.2.1/24 dev veth1
dev() { mynet -n "$us" dev "$@"; }

pinged() { in_ns "$peer" ping -q -c 1 -W 2 192.0.2.2; }
forget_us() { ip -n "$peer" neigh flush all; }
kernel_received() { in_ns "$us" nstat -asz "$1" | awk -v name="$1" '$1 == name { print $2 }'; }

ok "loopback is attached in native mode from the start" says "lo: mode native" dev
ok "it has 127.0.0.1" says "inet 127.0.0.1/8 scope host lo" mynet -n "$us" addr show lo
ok "it cannot be detached" refuses "stays attached" dev detach lo
ok "a device attaches in inet mode" eval "mynet -n $us dev attach veth0 && mynet -n $us dev |
	grep -qw 'veth0: mode inet'"
ok "twice it does not" refuses "attached already" dev attach veth0
ok "it detaches" eval "mynet -n $us dev detach veth0 && ! mynet -n $us dev | grep veth0"
ok "twice it does not" refuses "not attached" dev detach veth0
ok "it attaches in native mode" eval "mynet -n $us dev attach veth0 mode native &&
	mynet -n $us dev show veth0 | grep -qw 'veth0: mode native'"
ok "... and detaches" dev detach veth0
ok "a device that is not there is named" refuses 'Cannot find device "veth9"' dev attach veth9
ok "JSON says the same" eval "mynet -n $us -j dev | jq -e '.[0] |
	[.ifindex, .ifname, .mode] == [1, \"lo\", \"native\"]'"

ip -n "$us" link add br0 type bridge
ip -n "$us" link set veth0 master br0
ok "a bridge port is refused" refuses "port of a bridge" dev attach veth0
ip -n "$us" link set veth0 nomaster
ip -n "$us" link add mv0 link veth0 type macvlan
ok "a device whose packets another takes is refused" refuses "Another user takes" dev attach veth0
ip -n "$us" link del mv0
if ip -n "$us" link add ipip9 type ipip local 192.0.2.9 remote 192.0.2.8; then
	ok "a device of another kind is refused" refuses "Only Ethernet" dev attach ipip9
	ip -n "$us" link del ipip9
else
	skip "a device of another kind is refused" "this kernel makes none"
fi
ip -n "$us" addr add 192.0.2.2/24 dev veth0
ok "a device with kernel addresses is refused" refuses "has IPv4 addresses" dev attach veth0
ok "in native mode it is not" eval "mynet -n $us dev attach veth0 mode native && mynet -n $us dev detach veth0"
ok "the kernel answers while nobody claims the device" pinged
ok "force attaches it all the same" dev attach veth0 force

before=$(kernel_received IpInReceives)
forget_us
ok "the kernel hears nothing on a claimed device" not pinged
ok "... not one packet" equals "$before" "$(kernel_received IpInReceives)"
ok "no bridge gets a claimed device" not ip -n "$us" link set veth0 master br0

ip netns exec "$us" tcpdump -l --immediate-mode -nn -i veth0 arp > "/tmp/attach-$$" 2> "/tmp/attach-$$.err" &
monitor=$!
wait_for 10 grep -q listening "/tmp/attach-$$.err"
forget_us
pinged > /dev/null
ok "tcpdump on a claimed device still sees ARP" \
	wait_for 20 grep -q "who-has 192.0.2.2" "/tmp/attach-$$"
kill "$monitor"
rm -f "/tmp/attach-$$"*

mynet -n "$us" dev detach veth0
forget_us
ok "after detaching, the kernel answers again" pinged

modprobe tun
ip -n "$us" tuntap add tun0 mode tun
ok "a device without link header attaches" dev attach tun0
ok "... but not in native mode" refuses "no EtherTypes" eval "mynet -n $us dev detach tun0 &&
	mynet -n $us dev attach tun0 mode native"
ok "a port that is claimed by its EtherTypes only can be both" eval "
	ip -n $us addr flush dev veth0 && mynet -n $us dev attach veth0 mode native"
ok "the module goes although a device is attached" modprobe -r af_mynet
ok "... and comes back" modprobe af_mynet
ok "... with nothing attached but loopback" equals 1 "$(mynet -n "$us" dev | wc -l)"
finish
