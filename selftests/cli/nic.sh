#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# mynet nic: cables and faults of the virtual network card.
. ../lib/lib.sh
. ../lib/mynet.sh

modprobe vftgmac100 || skip_all "no vftgmac100"
defer modprobe -r vftgmac100
new_netns us peer
# shellcheck disable=SC2154 # us and peer are set by new_netns
ip -n "$us" link add card0 type vftgmac100 && ip -n "$us" link add card1 type vftgmac100 &&
	ip -n "$peer" link add card2 type vftgmac100 || exit 1

nic() { mynet -n "$us" nic "$@"; }
field() {	# field DEV EXPRESSION: of its JSON
	mynet -n "$us" -s -j nic show "$1" | python3 -c "
import json, sys
print(json.load(sys.stdin)[0]$2)"
}

ok "cards are shown" equals 2 "$(nic | wc -l)"
ok "one alone" says "card1: link down no cable" nic show card1
ok "JSON is JSON, pretty or not" eval "mynet -n $us -j -p -s nic | python3 -m json.tool"
ok "a cable" eval "nic cable card0 card1 && says 'card0: link' nic && says 'cable card1' nic show card0"
ok "a second one is refused" refuses "there is a cable in one of them already" nic cable card0 card1
ok "it is pulled" eval "nic uncable card0 && says 'no cable' nic show card1"
ok "twice is refused" refuses "there is no cable" nic uncable card0
ok "a cable to another namespace" eval "nic cable card0 card2 netns $peer && says netnsid nic show card0"
ok "... brings the link up" eval "
	ip -n $us link set card0 up && ip -n $peer link set card2 up &&
	wait_for 20 says 'link up' mynet -n $us nic show card0"
ok "faults in percent, times with units" eval "
	nic set card0 loss 0.5% duplicate 2 corrupt 100 delay 3ms jitter 20us pace on seed 42 &&
	says 'loss 0.5% duplicate 2% corrupt 100% delay 3ms jitter 20us pace on seed 42' nic show card0"
ok "... in JSON in parts per million and microseconds" equals "5000 3000 42" \
	"$(field card0 '["loss"]') $(field card0 '["delay"]') $(field card0 '["seed"]')"
ok "clean takes them away, not the pace" eval "
	nic set card0 clean pace off && ! nic show card0 | grep -E 'loss|delay|pace|corrupt'"
ok "what is lost is counted" eval "
	nic set card0 loss 100 && ip -n $us addr add 192.0.2.1/24 dev card0 &&
	! in_ns $us ping -c 2 -i 0.2 -W 1 192.0.2.2 > /dev/null &&
	[ \"\$(field card0 '[\"wire\"][\"loss\"]')\" -gt 0 ]"
ok "a chance above a hundred is refused" refuses "not a percentage" nic set card0 loss 101
ok "a time that is none is refused" refuses "not a time" nic set card0 delay 3parsecs
ok "... one without a unit" refuses "its unit is us, ms or s" nic set card0 delay 5
ok "... but for none at all" nic set card0 delay 0
ok "... one that is too long" refuses "out of range" nic set card0 delay 11s
ok "a word that is none is refused" refuses "not known to nic set" nic set card0 lsos 3
ok "a device of another driver is refused" refuses "no such vftgmac100 card" nic show lo
ok "a broken chip" nic fail card0 hang
ok "who is nobody may look, but not set" eval "
	in_ns $us setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all mynet nic &&
	refuses 'Operation not permitted' in_ns $us setpriv --reuid 65534 --regid 65534 \
		--clear-groups --bounding-set -all mynet nic set card0 loss 1"
finish
