#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Memory is short: each allocation of a call fails once. It says so and leaves nothing half done, or goes on without.
# Not of loading the module: 6.1 itself loses the name of a cache that it has no memory for.
. ../lib/lib.sh
. ../lib/mynet.sh
[ -e /proc/self/fail-nth ] || skip_all "this kernel injects no faults; the debug kernel does"
load_family
two_hosts || { echo "Bail out! no cable"; exit 1; }
# Also allocations that could wait, and single pages; without a report of each.
for what in failslab/{ignore-gfp-wait=N,verbose=0} fail_page_alloc/{ignore-gfp-wait=N,min-order=0,verbose=0}; do
	echo "${what#*=}" > "/sys/kernel/debug/${what%=*}"
done
stay "$us"
# Some of the thousands of a namespace are enough.
few=41
[ "${MYNET_SOAK:-}" != y ] || few=1
spec=${MYNET_TOP:?}/Documentation/netlink/specs/mynet.yaml
for dev in d0 d1; do
	ip -n "$us" link add $dev type dummy && ip -n "$us" link set $dev up
done
mynet -n "$us" dev attach d1 && mynet -n "$us" addr add 10.0.0.1/24 dev d1
in_ns "$us" sysctl -qw net.mynet.ping_group_range="0 0"
mynet -n "$us" route add 239.0.0.0/8 dev veth0

for act in tcp udp raw ping tcp-connect tcp-accept tcp-send tcp-stream tcp-more tcp-urgent tcp-sendfile \
	tcp-recv tcp-close tcp-shutdown udp-send udp-large udp-gso udp-options udp-cork udp-fragments udp-neighbour \
	ping-send raw-send group group-source ip-options; do
	ok "$act: each allocation may fail" py "$us" scarce mynet "$act"
done
for act in dev-attach addr-add neigh-add route-add rule-add maddr-join dev-show addr-show neigh-show route-show \
	rule-show maddr-show sock-show; do
	ok "$act: each allocation may fail" py "$us" scarce "$spec" "$act"
done
ok "a namespace: some may" py "$us" scarce mynet "every=$few" namespace
ok "no socket is left" eval "wait_for 100 eval '! in_ns $us grep -q : <(tail -n +2 /proc/net/mynet/tcp)'"
finish
