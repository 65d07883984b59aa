#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Messages of generic netlink that are nearly right: each is answered, by nobody's rights is anything
# changed, and afterwards the family works.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
modprobe vftgmac100 || skip_all "no vftgmac100"
defer modprobe -r vftgmac100
new_netns us peer
# shellcheck disable=SC2154 # us and peer are set by new_netns
ip -n "$us" link add card0 type vftgmac100 && ip -n "$us" link add card1 type vftgmac100 || exit 1

seed=${MYNET_SEED:-1}
specs=${MYNET_TOP:?}/Documentation/netlink/specs
round=1000 rounds=1
[ "${MYNET_KERNEL:-}" != debug ] || round=200
[ "${MYNET_SOAK:-}" != y ] || round=10000 rounds=4
echo "# MYNET_SEED=$seed"

sends() {	# sends FAMILY COUNT CMD...: by this command, messages of the next seed
	local count=$2 family=$1
	shift 2
	"$@" ../lib/genlfuzz.py "$specs/$family.yaml" "$seed" "$count" || { echo "seed $seed"; return 1; }
}
works() {	# in a namespace like any other
	ip netns add "works-$$" && ip -n "works-$$" link set lo up &&
		ip -n "works-$$" link add d0 type dummy && ip -n "works-$$" link set d0 up &&
		mynet -n "works-$$" dev attach d0 && mynet -n "works-$$" addr add 192.0.2.2/24 dev d0 &&
		mynet -n "works-$$" route add 198.51.100.0/24 via 192.0.2.1 &&
		says "via 192.0.2.1" mynet -n "works-$$" route get 198.51.100.1
	local status=$?
	ip netns del "works-$$"
	return "$status"
}
many() {	# many FAMILY CMD...: all rounds, each with a seed of its own
	local i
	for ((i = 0; i < rounds; i++)); do
		sends "$1" "$round" "${@:2}" && works || return
		seed=$((seed + 1))
	done
}
state() {
	local object
	for object in dev addr neigh route rule maddr; do
		mynet -n "$us" "$object" show
	done
	mynet -n "$us" nic show
}
unchanged() {	# unchanged CMD...
	local before
	before=$(state)
	"$@" && equals "$before" "$(state)"
}
# Runs as the administrator of a namespace of his own, who is nobody outside.
of_a_user() {
	# shellcheck disable=SC2016 # for the inner shell
	many mynet unshare --user --map-root-user --net sh -c '
		ip link set lo up; ip link add d0 type dummy; ip link add d1 type dummy
		ip link set d0 up; ip link set d1 up; mynet dev attach d0; mynet addr add 10.0.0.1/24 dev d0
		exec "$@"' sh
}

for dev in d0 d1; do
	ip -n "$us" link add $dev type dummy && ip -n "$us" link set $dev up && mynet -n "$us" dev attach $dev
done
mynet -n "$us" addr add 10.0.0.1/24 dev d0
nobody=(ip netns exec "$us" setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all)
ok "of somebody without rights: nothing is changed" unchanged many mynet "${nobody[@]}"
seed=$((seed + rounds))
ok "... nor of the cards" unchanged many vftgmac100 "${nobody[@]}"
seed=$((seed + rounds))
ok "of the administrator" many mynet ip netns exec "$us"
seed=$((seed + rounds))
ok "... to the cards" many vftgmac100 ip netns exec "$us"
seed=$((seed + rounds))
ok "of a user in a namespace of his own" of_a_user
seed=$((seed + rounds))
ok "while devices come and go" eval "
	sends mynet $round ip netns exec $us & fuzzing=\$!
	while kill -0 \$fuzzing 2> /dev/null; do
		ip -n $us link add d2 type dummy; mynet -n $us dev attach d2; ip -n $us link del d2
	done
	wait \$fuzzing && works"
finish
