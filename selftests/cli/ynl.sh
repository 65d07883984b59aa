#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The kernel tree's own netlink client speaks to the family with nothing but our specification.
. ../lib/lib.sh
. ../lib/mynet.sh
cli=${MYNET_YNL:-}/tools/net/ynl/pyynl/cli.py
[ -e "$cli" ] || skip_all "the kernel's netlink client is not in the cache: scripts/ynl get"
load_family
two_hosts || { echo "Bail out! no hosts"; exit 1; }
specs=$(dirname "$(readlink -f "$0")")/../../Documentation/netlink/specs
spec=$specs/mynet.yaml

ynl() {	# ynl OPTION...: what it answers, as JSON
	# shellcheck disable=SC2154 # us is set by two_hosts
	in_ns "$us" python3 -B "$cli" --no-schema --spec "$spec" --output-json "$@"
}
index=$(in_ns "$us" cat /sys/class/net/veth0/ifindex)
shows() {	# shows FILTER OPTION...: jq's filter finds it
	local filter=$1 answer
	shift
	answer=$(ynl "$@") || return
	jq -e "$filter" <<< "$answer" > /dev/null || { echo "$answer"; false; }
}
is_refused() {	# is_refused WORDS OPTION...
	refuses "$1" ynl "${@:2}"
}

ok "it asks for a device" shows ".ifindex == $index and .name == \"veth0\" and .mode == \"inet\"" \
	--do dev-get --json "{\"ifindex\": $index}"
ok "... for all" shows "map(.name) | contains([\"lo\", \"veth0\"])" --dump dev-get
ok "... for addresses" shows "any(.local == \"192.0.2.2\" and .prefixlen == 24)" --dump addr-get
ok "it adds an address" ynl --do addr-add \
	--json "{\"ifindex\": $index, \"local\": \"198.51.100.1\", \"prefixlen\": 24}"
ok "... which mynet shows" says "198.51.100.1/24" mynet -n "$us" addr show dev veth0
ok "it adds a route" ynl --do route-add \
	--json '{"dst": "203.0.113.0", "prefixlen": 24, "gateway": "192.0.2.1"}'
ok "... and asks for the way" shows '.gateway == "192.0.2.1" and .match == "203.0.113.0"' \
	--do route-get --json '{"dst": "203.0.113.9"}'
ok "... and for all routes" shows 'any(.dst == "203.0.113.0" and .prefixlen == 24)' --dump route-get
ok "it takes it away" ynl --do route-del --json '{"dst": "203.0.113.0", "prefixlen": 24}'
ok "it hears why something is refused" is_refused "No such route" \
	--do route-del --json '{"dst": "203.0.113.0", "prefixlen": 24}'
ok "... and which attribute is wrong" is_refused "bad-attr" \
	--do addr-add --json "{\"ifindex\": 4711, \"local\": \"198.51.100.1\", \"prefixlen\": 24}"
ok "it adds a neighbour" ynl --do neigh-add \
	--json "{\"ifindex\": $index, \"dst\": \"192.0.2.77\", \"lladdr\": \"02:00:00:00:00:77\", \"state\": 128}"
ok "... and shows it" shows 'any(.dst == "192.0.2.77" and .lladdr == "02:00:00:00:00:77")' --dump neigh-get
ok "it shows rules" shows 'length == 3' --dump rule-get

listen() {
	ip netns exec "$us" python3 -B "$cli" --no-schema --spec "$spec" --output-json \
		--subscribe events --duration 8 > "$heard" 2>&1 &
	listener=$!
}
heard=$(mktemp)
defer rm -f "$heard"
hears() {
	listen
	wait_for 10 eval "
		mynet -n $us addr add 198.51.100.9/32 dev veth0; mynet -n $us addr del 198.51.100.9/32 dev veth0
		grep -q addr-ntf $heard || ! kill -0 $listener 2> /dev/null"
	wait "$listener"
	grep -q '198.51.100.9' "$heard" || { cat "$heard"; false; }
}
ok "it hears of changes" hears

cards() {	# cards: from here on it speaks to the family of the cards
	modprobe vftgmac100 && defer modprobe -r vftgmac100 || return
	ip -n "$us" link add card0 type vftgmac100 && ip -n "$us" link add card1 type vftgmac100 || return
	spec=$specs/vftgmac100.yaml
	card0=$(in_ns "$us" cat /sys/class/net/card0/ifindex)
	card1=$(in_ns "$us" cat /sys/class/net/card1/ifindex)
}
if cards; then
	ok "it asks for a card" shows '.ifname == "card0" and .loss == 0' --do get --json "{\"ifindex\": $card0}"
	ok "... for all" shows 'map(.ifname) | contains(["card0", "card1"])' --dump get
	ok "it plugs a cable in" ynl --do plug --json "{\"ifindex\": $card0, \"peer-ifindex\": $card1}"
	ok "... which mynet shows" says "cable card1" mynet -n "$us" nic show card0
	ok "it sets faults" ynl --do set --json "{\"ifindex\": $card0, \"loss\": 1000, \"delay\": 20, \"seed\": 7}"
	ok "... which it shows" shows '.loss == 1000 and .delay == 20 and .seed == 7' \
		--do get --json "{\"ifindex\": $card0}"
	ok "it breaks a chip" ynl --do fail --json "{\"ifindex\": $card0, \"fail\": \"hang\"}"
	ok "it hears why a cable cannot be plugged in" is_refused "there is a cable" \
		--do plug --json "{\"ifindex\": $card0, \"peer-ifindex\": $card1}"
	ok "it pulls it" ynl --do pull --json "{\"ifindex\": $card0}"
else
	skip "the cards' family" "no vftgmac100"
fi
finish
