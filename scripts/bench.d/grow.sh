# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The cost of an operation of the control plane when there are many objects of its kind, beside the kernel's.

# grow FAMILY KIND COUNT WHAT: nanoseconds, see mynet-grow; in a namespace and on a device of its own.
grow() {
	local ns=bench-grow
	ip netns add $ns
	ip netns exec $ns sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
	ip -n $ns link set lo up
	ip -n $ns link add d0 type dummy
	ip -n $ns link set d0 up
	[ "$1" = inet ] || mynet -n $ns dev attach d0
	[ "$2" != neigh ] || allow_neighbours "$1" $ns
	# shellcheck disable=SC2154 # build is the harness's
	ip netns exec $ns "$build/tools/mynet-grow" "$1" "$2" "$3" d0 | tr ' ' '\n' | sed -n "s/^$4=//p"
	ip netns del $ns
}

# The kernel's limits are those of all namespaces and can be set in the first one only.
allow_neighbours() {
	local limit=net.ipv4.neigh.default.gc_thresh
	if [ "$1" = inet ]; then
		sysctl -qw ${limit}3=1000000 ${limit}2=1000000 ${limit}1=1000000
	else
		limit=net.mynet.neigh.gc_thresh
		ip netns exec "$2" sysctl -qw ${limit}3=1000000 ${limit}2=1000000 ${limit}1=1000000
	fi
}

set_up() {
	modprobe dummy numdummies=0
}

# A kind whose every addition looks at all that are there, with INET too, is not filled with 100,000.
for kind in addr:100000 net:10000 route:100000 metric:100000 table:10000 rule:10000 neigh:10000; do
	for count in 1000 "${kind#*:}"; do
		for what in add delete dump end; do
			figure "grow-${kind%:*}-$count-$what" bar=..2.0 better=lower \
				a="grow mynet ${kind%:*} $count $what" b="grow inet ${kind%:*} $count $what"
		done
	done
done
