#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Attaching, detaching, moving and unloading while packets come as fast as they can.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts

rounds=${MYNET_ROUNDS:-5}
flood() {	# flood CMD...: with a flood of pings meanwhile
	local pids=() status size
	for size in 56 56 5000; do
		ip netns exec "$peer" ping -q -f -s "$size" -w 100 192.0.2.2 > /dev/null 2>&1 &
		pids+=($!)
	done
	"$@"
	status=$?
	kill "${pids[@]}"
	wait "${pids[@]}"
	return "$status"
}
pinged() { in_ns "$peer" ping -q -c 1 -W 1 192.0.2.2; }
attach() { mynet -n "$us" dev attach veth0 "$@" && mynet -n "$us" addr add 192.0.2.2/24 dev veth0; }

again_and_again() {
	local i
	for i in $(seq "$rounds"); do
		"$@" || { echo "round $i"; return 1; }
	done
}
reattach() { mynet -n "$us" dev detach veth0 && attach; }
readdress() { mynet -n "$us" addr del 192.0.2.2/24 dev veth0 && mynet -n "$us" addr add 192.0.2.2/24 dev veth0; }
forget() { mynet -n "$us" neigh flush; mynet -n "$us" neigh > /dev/null; }
bounce() { ip -n "$us" link set veth0 down && ip -n "$us" link set veth0 up; }
change_mac() { ip -n "$us" link set veth0 address "02:00:00:00:01:$(printf %02x $((RANDOM % 256)))"; }
other_modes() { mynet -n "$us" dev detach veth0 && attach mode native && reattach; }
move() {
	mynet -n "$us" dev detach veth0 && attach && ip -n "$us" link set veth0 netns "$third" &&
		ip -n "$third" link set veth0 netns "$us" && ip -n "$us" link set veth0 up && attach
}
reload() { modprobe -r af_mynet && modprobe af_mynet && attach; }

third=''
new_netns third
ok "it answers" wait_for 10 pinged
for what in reattach readdress forget bounce change_mac other_modes move reload; do
	ok "$what, again and again, under traffic" flood again_and_again "$what"
	ok "... and it answers" wait_for 10 pinged
done
ok "nothing is left when the device goes under traffic" flood ip -n "$peer" link del veth1
ok "the module goes" modprobe -r af_mynet
finish
