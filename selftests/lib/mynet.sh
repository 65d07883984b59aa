# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The library of the family's shell tests, on top of lib.sh: the module, and two hosts on a
# cable, one of which is MYNET's.
#
#	. ../lib/lib.sh
#	. ../lib/mynet.sh
#	load_family
#	two_hosts		the namespaces $us (veth0, MYNET, 192.0.2.2/24) and $peer (veth1,
#				the kernel's IPv4, 192.0.2.1/24)

load_family() {
	modprobe af_mynet || { echo "Bail out! af_mynet cannot be loaded"; exit 1; }
	defer modprobe -r af_mynet
}

# A pair of veth devices, up, without any address.
cable() {	# cable NS-A DEV-A NS-B DEV-B
	ip -n "$1" link add "$2" type veth peer name "$4" netns "$3" &&
		ip -n "$1" link set "$2" up && ip -n "$3" link set "$4" up
}

two_hosts() {	# two_hosts [ATTACH-OPTION...]
	new_netns us peer
	# shellcheck disable=SC2154 # us and peer are set by new_netns
	cable "$us" veth0 "$peer" veth1 &&
		ip -n "$peer" addr add 192.0.2.1/24 dev veth1 &&
		mynet -n "$us" dev attach veth0 "$@" &&
		mynet -n "$us" addr add 192.0.2.2/24 dev veth0 &&
		many_errors "$us"
}

# For a test that plays the peer by hand: $us as above, and $peer, which has no stack that would answer.
by_hand() {
	new_netns us peer
	by_hand_between "$us" "$peer"
}

by_hand_between() {	# by_hand_between US PEER: the same in namespaces that are there
	bare_cable "$1" "$2" &&
		mynet -n "$1" dev attach veth0 &&
		mynet -n "$1" addr add 192.0.2.2/24 dev veth0 &&
		mynet -n "$1" neigh replace 192.0.2.1 dev veth0 lladdr "$(lladdr "$2" veth1)" &&
		many_errors "$1"
}

bare_cable() {	# bare_cable US PEER: a segment comes out as it is on the wire, with its checksum
	cable "$1" veth0 "$2" veth1 || return
	in_ns "$1" ethtool -K veth0 tso off gso off gro off tx off rx off > /dev/null &&
		in_ns "$2" ethtool -K veth1 gro off > /dev/null &&
		wait_for 10 in_ns "$1" grep -qx up /sys/class/net/veth0/operstate
}

own_history() {	# what "mynet stat" remembers is this test's alone
	XDG_RUNTIME_DIR=$(mktemp -d)
	export XDG_RUNTIME_DIR
	defer rm -rf "$XDG_RUNTIME_DIR"
}

many_errors() {	# many_errors NS: tests ask for more ICMP errors than one host gets in a while
	in_ns "$1" sysctl -qw net.mynet.icmp_ratelimit=0
}

lladdr() {	# lladdr NS DEV: its hardware address
	in_ns "$1" cat "/sys/class/net/$2/address"
}

# A counter of /proc/net/mynet, by line and name.
counter() {	# counter NS LINE NAME
	# shellcheck disable=SC2016 # of awk's
	in_ns "$1" awk -v line="$2:" -v name="$3" '
		$1 == line && !col { for (i = 2; i <= NF; i++) if ($i == name) col = i; next }
		$1 == line { print $col; found = 1; exit }
		END { if (!found) { print "no counter " line " " name; exit 1 } }' \
		/proc/net/mynet/snmp /proc/net/mynet/netstat /proc/net/mynet/drops
}

# counts N NS LINE NAME CMD...: the command makes the counter grow by N.
counts() {
	local n=$1 ns=$2 line=$3 name=$4 before after
	shift 4
	before=$(counter "$ns" "$line" "$name") || { echo "$before"; return 1; }
	"$@" || return
	after=$(counter "$ns" "$line" "$name")
	equals "$n" $((after - before))
}

refuses() {	# refuses WORDS CMD...: it fails, and the words are in what it says
	local words=$1 output
	shift
	if output=$("$@" 2>&1); then
		echo "was not refused: $*"
		return 1
	fi
	[[ $output == *"$words"* ]] || { echo "wanted '$words', got '$output'"; return 1; }
}

says() {	# says WORDS CMD...: it succeeds, and the words are in what it says
	local words=$1 output
	shift
	output=$("$@" 2>&1) || { echo "$output"; return 1; }
	[[ $output == *"$words"* ]] || { echo "wanted '$words', got '$output'"; return 1; }
}
