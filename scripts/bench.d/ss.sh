# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Fifty thousand sockets, half UDP, half listening TCP: what "mynet ss" takes to show them, against "ss" for
# as many of the kernel's.

sockets=50000

set_up() {
	modprobe -a af_mynet udp_diag tcp_diag
	add_netns bench-inet bench-mynet
	hold inet
	hold mynet
}

hold() {	# hold FAMILY: in a namespace of its own, until the benchmark ends
	# shellcheck disable=SC2154,SC2034 # build is the harness's, held keeps a pipe open
	exec {held}> >(exec "$build/tools/mynet-hold" "$1" "bench-$1" $sockets > "$work/$1")
	until grep -qs ready "$work/$1"; do
		sleep 0.1	# waits for time itself: a loop would take the one processor
	done
}

work=$(mktemp -d)
tear_down() {
	rm -rf "$work"
}

listing() {	# listing CMD...: milliseconds to show all of them
	local began=${EPOCHREALTIME/./} shown
	shown=$("$@" | wc -l)
	echo $(((${EPOCHREALTIME/./} - began) / 1000))
	[ "$shown" -ge $sockets ]
}

inet_ss() {
	listing ip netns exec bench-inet ss -Htuan "$@"
}

mynet_ss() {
	listing mynet -n bench-mynet ss -Htuan "$@"
}

figure ss-ms bar=..1.2 better=lower a=mynet_ss b=inet_ss
figure ss-details-ms bar=..1.2 better=lower a="mynet_ss -eimo" b="inet_ss -eimo"
