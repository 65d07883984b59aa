# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A file of commands: 10,000 routes by one "mynet -b", against one "ip -batch" for the kernel's own.

routes=10000
work=$(mktemp -d)

set_up() {
	modprobe dummy numdummies=0
	add_netns bench-batch
	ip -n bench-batch link add d0 type dummy
	ip -n bench-batch link set d0 up
	ip -n bench-batch address add 192.0.2.2/24 dev d0
	mynet -n bench-batch dev attach d0 force
	mynet -n bench-batch addr add 192.0.2.2/24 dev d0
	local what
	for what in add del; do
		# shellcheck disable=SC2154 # what
		awk -v n=$routes -v what=$what 'BEGIN {
			for (i = 0; i < n; i++)
				printf "route %s 10.%d.%d.0/24 via 192.0.2.1\n", what, i / 256, i % 256
		}' > "$work/$what"
	done
}

tear_down() {
	rm -rf "$work"
}

# Milliseconds for all of them; taking them out again is not counted.
batch() {	# batch CMD...: mynet -b or ip -batch
	local began=${EPOCHREALTIME/./} ended
	ip netns exec bench-batch "$@" "$work/add"
	ended=${EPOCHREALTIME/./}
	ip netns exec bench-batch "$@" "$work/del"
	echo $(((ended - began) / 1000))
}

figure batch-routes-ms bar=..1.0 better=lower a="batch mynet -b" b="batch ip -batch"
