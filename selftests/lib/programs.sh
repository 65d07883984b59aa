# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The library of tests of whole programs, on top of lib.sh and mynet.sh: three hosts, servers that stay, and
# data to carry.
#
#	. ../lib/programs.sh
#	three_hosts	$us (MYNET) 192.0.2.2 and 198.51.100.2, $peer (the kernel's IPv4) 192.0.2.1,
#			$other (MYNET) 198.51.100.1
#	on HOST CMD...	the program with its sockets on what the host has

PATH=${MYNET_PROGRAMS:-}:$PATH
tmp=$(mktemp -d)
defer rm -rf "$tmp"
pids=()
end_servers() {
	[ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2> /dev/null
	wait "${pids[@]}" 2> /dev/null
	pids=()
}
defer end_servers

needs() {	# needs PROGRAM...
	local program
	for program; do
		command -v "$program" > /dev/null || skip_all "there is no $program: scripts/programs get"
	done
}

three_hosts() {
	new_netns other
	# shellcheck disable=SC2154 # set by new_netns
	{
		two_hosts && cable "$us" veth2 "$other" veth3 &&
			mynet -n "$us" dev attach veth2 && mynet -n "$us" addr add 198.51.100.2/24 dev veth2 &&
			mynet -n "$other" dev attach veth3 &&
			mynet -n "$other" addr add 198.51.100.1/24 dev veth3 && many_errors "$other"
	} || { echo "Bail out! no hosts"; exit 1; }
	# Pairs: the server's host, its address, the client's host, what it is called.
	pairs=("$us 192.0.2.2 $peer from the kernel's IPv4 to MYNET"
		"$peer 192.0.2.1 $us from MYNET to the kernel's IPv4"
		"$us 198.51.100.2 $other from MYNET to MYNET")
}

# Not "ip netns exec" in a function: what is started in the background has to be the program.
on() {	# on HOST CMD...
	local host=$1
	shift
	if [ "$host" = "$peer" ]; then
		exec ip netns exec "$host" "$@"
	else
		exec mynet -n "$host" run "$@"
	fi
}

comes_up() {	# comes_up PID HOST PORT KIND: it listens, or has ended without
	wait_for 60 eval "listens $2 $3 $4 || ! kill -0 $1"
	listens "$2" "$3" "$4" || { cat "$tmp/served-$3"; false; }
}

# serve SENTENCE HOST PORT[/udp] CMD...: in the background, until the test ends; a case, that it serves
serve() {
	local sentence=$1 host=$2 port=${3%/*} kind=tcp
	[[ $3 != */udp ]] || kind=udp
	on "$host" "${@:4}" > "$tmp/served-$port" 2>&1 < /dev/null &
	pids+=($!)
	ok "$sentence" comes_up $! "$host" "$port" "$kind"
}

# for_pairs SENTENCE FUNCTION: a case for each pair; the function gets server, address, client.
for_pairs() {
	local pair server addr client name
	for pair in "${pairs[@]}"; do
		read -r server addr client name <<< "$pair"
		ok "$1 $name" "$2" "$server" "$addr" "$client"
	done
}

# Is the port one of the host's own family? A port on MYNET is not on the kernel's IPv4.
is_mynets() {	# is_mynets HOST PORT [tcp|udp]
	local hex
	hex=$(printf ':%04X ' "$2")
	grep -q "$hex" <(in_ns "$1" cat "/proc/net/mynet/${3:-tcp}") &&
		! grep -q "$hex" <(in_ns "$1" cat "/proc/net/${3:-tcp}" "/proc/net/${3:-tcp}6")
}
