#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Namespaces and the module itself end with everything in them.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family

# A namespace with addresses, routes, neighbours asked for, fragments waiting and pings going on.
busy() {
	two_hosts || return
	# shellcheck disable=SC2154 # set by two_hosts
	mynet -n "$us" route add default via 192.0.2.1 &&
		mynet -n "$us" route add 10.0.0.0/8 via 192.0.2.99 &&
		in_ns "$us" sysctl -qw net.mynet.ip_forward=1 &&
		ip -n "$peer" route add default via 192.0.2.2 || return
	in_ns "$peer" ping -q -c 1 -W 5 192.0.2.2 || return
	in_ns "$peer" ping -q -f -c 100000 192.0.2.2 > /dev/null 2>&1 &
	in_ns "$peer" ping -q -f -s 5000 -c 100000 192.0.2.2 > /dev/null 2>&1 &
	in_ns "$peer" ping -q -f -c 100000 10.1.2.3 > /dev/null 2>&1 &
	py "$peer" ip veth1 dst="$(lladdr "$us" veth0)" saddr=192.0.2.1 \
		daddr=192.0.2.2 echo=100 part=0:64 mf
	wait_for 5 eval "[ \$(counter $us Ip ReasmOKs) -gt 10 ]"
}
quiet() {
	# shellcheck disable=SC2046 # numbers
	kill $(jobs -p) 2> /dev/null
	wait
	ip netns del "$peer"
	ip netns del "$us" 2> /dev/null
	true
}

ok "a namespace ends under traffic" eval "busy && ip netns del \$us; e=\$?; quiet; exit \$e"
ok "an attached device ends under traffic" eval "
	busy && ip -n \$us link del veth0; e=\$?; quiet; exit \$e"
ok "a device is detached under traffic" eval "
	busy && mynet -n \$us dev detach veth0; e=\$?; quiet; exit \$e"
ok "an address goes under traffic" eval "
	busy && mynet -n \$us addr del 192.0.2.2/24 dev veth0; e=\$?; quiet; exit \$e"
ok "the module goes under traffic" eval "
	busy && modprobe -r af_mynet; e=\$?; quiet; exit \$e"
ok "... and comes back" modprobe af_mynet
ok "... as often as one likes" eval "
	for i in 1 2 3 4 5; do modprobe -r af_mynet && modprobe af_mynet || exit 1; done"
ok "and works as before" eval "two_hosts && in_ns \$peer ping -c 2 -i 0.2 -W 5 192.0.2.2; e=\$?; quiet; exit \$e"
finish
