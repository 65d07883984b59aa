# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# MYNET's routing table against the kernel's with 900,000 routes: finding, and putting in and taking out.

routes=900000 some=300000
devices=(d0 d1 d2 d3)

# Memory that holds nothing of a file's: large nodes are in no slab.
used_bytes() {
	awk '$1 == "MemTotal:" { n += $2 } /^(MemFree|Buffers|Cached):/ { n -= $2 } END { printf "%.0f\n", n * 1024 }' \
		/proc/meminfo
}

# The kernel's table and MYNET's, which stay for the look-ups.
fill() {	# fill FAMILY: prints bytes for each route
	local before
	before=$(used_bytes)
	# shellcheck disable=SC2154 # build is the harness's
	say "$1: $routes routes go in: $(ip netns exec bench-full "$build/tools/mynet-routes" -k "$1" \
		"$routes" "${devices[@]}")"
	echo $((($(used_bytes) - before) / routes))
}

declare -A bytes_of
bytes() {
	echo "${bytes_of[$1]}"
}

set_up() {
	local ns dev
	modprobe dummy numdummies=0
	insmod "$build/${MYNET_KERNEL:?}-bench-fib/mynet_bench.ko"
	add_netns bench-full bench-empty
	for ns in bench-full bench-empty; do
		for dev in "${devices[@]}"; do
			ip -n $ns link add "$dev" type dummy
			ip -n $ns link set "$dev" up
			mynet -n $ns dev attach "$dev"
		done
	done
	bytes_of[inet]=$(fill inet)
	bytes_of[mynet]=$(fill mynet)
}

tear_down() {
	rmmod mynet_bench
}

# look_up WHOSE: nanoseconds for each of a million look-ups.
look_up() {
	local run=/sys/module/mynet_bench/parameters/run
	ip netns exec bench-full sh -c "echo $1 1000000 7 > $run"
	awk '{ print $1 / 1000000 }' $run
}

# change FAMILY WHAT: nanoseconds for each route that is added (add_ns) or deleted (del_ns).
change() {
	ip netns exec bench-empty "$build/tools/mynet-routes" "$1" "$some" "${devices[@]}" | tr ' ' '\n' |
		awk -F= -v what="$2" -v n="$some" '$1 == what { print $2 / n }'
}

figure fib-lookup-ns bar=..1.1 better=lower a="look_up mynet" b="look_up inet"
figure fib-main-table-ns bar=- better=lower a="look_up mynet-main" b="look_up inet"
figure fib-bytes bar=- better=lower a="bytes mynet" b="bytes inet"
figure fib-add-ns bar=..1.2 better=lower a="change mynet add_ns" b="change inet add_ns"
figure fib-delete-ns bar=..1.2 better=lower a="change mynet del_ns" b="change inet del_ns"
