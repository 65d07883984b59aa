#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# TCP by hand: each file of wire/ says which segments go in and which have to come out. It is played
# against the kernel's AF_INET and against PF_MYNET. ../lib/wire.py tells the language,
# Documentation/tcp-rfc.rst which rule is shown where.
#	wire.sh [-f KIND] [NAME...]	these alone, against inet or mynet alone
. ../lib/lib.sh
. ../lib/mynet.sh
kinds="inet mynet"
[ "${1:-}" != -f ] || { kinds=$2; shift 2; }
load_family

# Only where a scenario is about them do timers fire before its next line: nothing depends on speed.
# tcp_tso_win_divisor: a packet never waits for its window to open further, which TCP judges by the
# round trip that it measured.
mynet_cable() {	# mynet_cable US PEER
	by_hand_between "$1" "$2" &&
		in_ns "$1" sysctl -qw net.mynet.tcp_rto_min_us=60000000 net.mynet.tcp_early_retrans=0 \
			net.mynet.tcp_tso_win_divisor=255 net.mynet.mtu_expires=3
}

# The kernel's TCP goes without what MYNET's does not have yet (Documentation/tcp.rst).
inet_cable() {	# inet_cable US PEER
	bare_cable "$1" "$2" &&
		ip -n "$1" addr add 192.0.2.2/24 dev veth0 &&
		ip -n "$1" neigh replace 192.0.2.1 dev veth0 lladdr "$(lladdr "$2" veth1)" nud permanent &&
		ip -n "$1" route replace 192.0.2.0/24 dev veth0 src 192.0.2.2 rto_min 60s &&
		in_ns "$1" sysctl -qew net.ipv4.tcp_early_retrans=0 \
			net.ipv4.tcp_tso_win_divisor=255 net.ipv4.route.mtu_expires=3 \
			net.ipv4.tcp_frto=0 net.ipv4.tcp_ecn=0 net.ipv4.tcp_syncookies=0 net.ipv4.tcp_fastopen=0 \
			net.ipv4.tcp_no_metrics_save=1 net.ipv4.icmp_ratelimit=0 \
			net.ipv4.tcp_syn_linear_timeouts=0 \
			net.ipv4.tcp_rmem="4096 131072 6291456" net.ipv4.tcp_wmem="4096 16384 4194304"
}

cables=()
for kind in $kinds; do
	for n in 1 2 3; do
		new_netns "us_$kind$n" "peer_$kind$n"
		declare -n us=us_$kind$n peer=peer_$kind$n
		"${kind}_cable" "$us" "$peer" || { echo "Bail out! no cable"; exit 1; }
		cables+=("$kind:$us:$peer")
		declare +n us peer
	done
done

scenarios=$(cd ../lib && pwd -P)/../tcp/wire
names=("$@")

# One connection of each family is in TIME_WAIT meanwhile. It takes a minute, and so does the rest.
begin_waits() {
	local kind
	new_netns waits
	# shellcheck disable=SC2154 # set by new_netns
	for kind in $kinds; do
		in_ns "$waits" ../lib/limits.py "$kind" waits 1
	done
}

waited() {	# waited KIND: it is over, and counted
	local netstat=/proc/net/netstat
	[ "$1" = inet ] || netstat=/proc/net/mynet/netstat
	# shellcheck disable=SC2016 # of awk's
	in_ns "$waits" awk '$1 == "TcpExt:" && !col { for (i = 2; i <= NF; i++) if ($i == "TW") col = i; next }
		$1 == "TcpExt:" { exit $col != 1 }' "$netstat"
}

named_are_there() {
	local name missing=0
	while read -r name; do
		[ -e "$scenarios/${name#wire/}.wire" ] || { echo "$name is not there"; missing=1; }
	done < <(grep -oE 'wire/[a-z0-9-]+' "$scenarios/../../../Documentation/tcp-rfc.rst")
	return "$missing"
}

was_right() {	# was_right WORD: what the player found wrong comes after it
	[ "$1" = ok ] || { echo "$2"; return 1; }
}

if [ $# -eq 0 ]; then
	begin_waits
	files=("$scenarios"/*.wire)
	ok "every scenario that the table of rules names is there" named_are_there
else
	files=("${names[@]/#/$scenarios/}")
	files=("${files[@]/%/.wire}")
fi
while IFS=$'\t' read -r verdict sentence wrong; do
	read -r verdict kind name <<< "$verdict"
	ok "$name on $kind: $sentence" was_right "$verdict" "$wrong"
done < <(../lib/wire.py "${cables[@]}" -- "${files[@]}")
wait $!
status=$?
[ $# -gt 0 ] || for kind in $kinds; do
	ok "$kind: a connection ends its TIME_WAIT, and is counted" wait_for 60 waited "$kind"
done
ok "all were played" eval "[ $status -eq 0 ] || [ $status -eq 3 ]"
../lib/wire.py differences "${files[@]}" | sed 's/^/# differs: /'
ok "the module goes when its sockets are gone" wait_for 30 modprobe -r af_mynet
finish
