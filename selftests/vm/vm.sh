#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The machine that tests run in is what they may count on.
# shellcheck disable=SC2154 # new_netns sets the variables it is given
. ../lib/lib.sh

ok "two processors are up" equals 2 "$(nproc)"
ok "the kernel under test is the one that was asked for" test -d "/lib/modules/$(uname -r)/extra"
ok "modprobe finds both modules" modprobe -n -a af_mynet vftgmac100
ok "the family's module loads and unloads" eval "modprobe af_mynet && modprobe -r af_mynet"
ok "the card's module loads and unloads" eval "modprobe vftgmac100 && modprobe -r vftgmac100"
ok "debugfs and tracefs are mounted" test -e /sys/kernel/tracing/trace -a -d /sys/kernel/debug
ok "the host's files cannot be changed from here" not test -w /host
new_netns alice bob
ok "two namespaces talk over veth" eval "
	ip link add veth-a netns $alice type veth peer name veth-b netns $bob &&
	ip -n $alice addr add 192.0.2.1/24 dev veth-a && ip -n $alice link set veth-a up &&
	ip -n $bob addr add 192.0.2.2/24 dev veth-b && ip -n $bob link set veth-b up &&
	ip netns exec $alice ping -c 1 -w 5 192.0.2.2"
finish
