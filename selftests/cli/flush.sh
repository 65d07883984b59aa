#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# "mynet route flush" takes what was added and nothing else.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no hosts"; exit 1; }
# shellcheck disable=SC2154 # set by two_hosts
r() { mynet -n "$us" route "$@"; }

before=$(r show table all)
flushed() { r flush table all && equals "$before" "$(r show table all)"; }
ok "a route to the same network by a router" eval "
	r append 192.0.2.0/24 via 192.0.2.1 && flushed"
ok "... one of another protocol" eval "r append 192.0.2.0/24 dev veth0 proto static && flushed"
ok "... of another scope" eval "r append 192.0.2.0/24 dev veth0 scope global && flushed"
ok "... with two next hops" eval "
	r append 192.0.2.0/24 nexthop via 192.0.2.1 nexthop dev veth0 && flushed"
ok "... in another table" eval "r add 192.0.2.0/24 dev veth0 table 77 && flushed"
finish
