#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Frames that are nearly right: whatever they are, the host goes on, and forgets them.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts
seed=${MYNET_SEED:-1}
rounds=2
[ "${MYNET_SOAK:-}" != y ] || rounds=50
mac=$(lladdr "$us" veth0)
echo "# MYNET_SEED=$seed"

round() {	# round NUMBER: two thousand frames
	in_ns "$peer" ../lib/fuzz.py veth1 "$mac" "$((seed + $1))" 2000
}
answers() {
	ip -n "$peer" neigh replace 192.0.2.2 lladdr "$mac" dev veth1
	mynet -n "$us" neigh flush dev veth0
	in_ns "$peer" ping -c 1 -W 5 192.0.2.2
}
fuzz() {
	local i
	for i in $(seq "$rounds"); do
		if ! { round "$i" && answers; }; then
			echo "seed $((seed + i))"
			return 1
		fi
	done
}

mynet -n "$us" maddr join 232.1.2.3 dev veth0
mynet -n "$us" route add default via 192.0.2.1
ok "a host" fuzz
seed=$((seed + rounds))
in_ns "$us" sysctl -qw net.mynet.ip_forward=1 net.mynet.icmp_echo_ignore_broadcasts=0
ok "a router" fuzz
seed=$((seed + rounds))
ok "a host whose address comes and goes" eval "
	round 1 & fuzzing=\$!
	for i in \$(seq 20); do
		mynet -n $us addr del 192.0.2.2/24 dev veth0 && mynet -n $us addr add 192.0.2.2/24 dev veth0 || exit 1
	done
	wait \$fuzzing; mynet -n $us route replace default via 192.0.2.1; answers"
ok "a device that is detached and attached" eval "
	round 2 & fuzzing=\$!
	for i in \$(seq 5); do
		mynet -n $us dev detach veth0 && mynet -n $us dev attach veth0 || exit 1
	done
	wait \$fuzzing; mynet -n $us addr add 192.0.2.2/24 dev veth0 && answers"
ok "deleted meanwhile" eval "round 3 & ip netns del $us; wait; true"
finish
