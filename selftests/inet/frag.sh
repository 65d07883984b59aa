#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Fragments in every order, doubled, overlapping, incomplete.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts
stay "$peer"
mac=$(lladdr "$us" veth0)
ok "the peer is known" in_ns "$peer" ping -c 1 -W 5 192.0.2.2

# An echo request of 8 + 40 bytes in three pieces of 16.
first="echo=40 part=0:16 mf"
middle="echo=40 part=16:32 frag=16 mf"
last="echo=40 part=32: frag=32"
id=100

# send [wait=S] PIECE...: pieces of one packet, one after the other.
send() {
	local words=() piece
	id=$((id + 1))
	for piece; do
		case $piece in
		wait=*) words+=("$piece"); continue ;;
		esac
		[ ${#words[@]} -le 1 ] && [[ ${words[*]} != *=*\ * ]] || words+=(--)
		# shellcheck disable=SC2206 # words on purpose
		words+=(dst="$mac" saddr=192.0.2.1 daddr=192.0.2.2 id="${MYNET_FRAG_ID:-$id}" $piece)
	done
	py "$peer" ip veth1 "${words[@]}"
}
whole() {
	says "icmp 0 0 68" send wait=5 "$@"
}

ok "in order" whole "$first" "$middle" "$last"; id=$((id + 10))
ok "middle and last changed" whole "$first" "$last" "$middle"; id=$((id + 10))
ok "the first one second" whole "$middle" "$first" "$last"; id=$((id + 10))
ok "the first one last" whole "$middle" "$last" "$first"; id=$((id + 10))
ok "the last one first" whole "$last" "$first" "$middle"; id=$((id + 10))
ok "backwards" whole "$last" "$middle" "$first"; id=$((id + 10))
ok "the middle one twice" eval "
	counts 1 $us MynetDrop FRAG_DUP whole '$first' '$middle' '$middle' '$last'"; id=$((id + 10))
ok "every one twice" eval "
	counts 2 $us MynetDrop FRAG_DUP whole '$first' '$first' '$middle' '$middle' '$last'"; id=$((id + 10))
ok "an overlap spoils the packet" eval "
	counts 1 $us IpExt ReasmOverlaps \
	not send wait=0.5 '$first' 'echo=40 part=8:24 frag=8 mf' '$middle' '$last'"; id=$((id + 10))
ok "... with every piece that had come" counts 3 "$us" MynetDrop FRAG_SPOILED \
	send "$first" "$last" 'echo=40 part=8:24 frag=8 mf'; id=$((id + 10))
ok "a second end spoils the packet" eval "
	counts 3 $us MynetDrop FRAG_SPOILED \
	not send wait=0.5 '$first' '$last' 'echo=40 part=32:40 frag=32'"; id=$((id + 10))
ok "a piece behind the end spoils the packet" eval "
	counts 2 $us MynetDrop FRAG_SPOILED \
	not send wait=0.5 '$last' 'echo=40 part=16:32 frag=64 mf'"; id=$((id + 10))
ok "an empty fragment is dropped" counts 1 "$us" MynetDrop FRAG_BAD \
	send "data= frag=16 mf"; id=$((id + 10))
ok "one beyond 65535 bytes is dropped" counts 1 "$us" MynetDrop FRAG_BAD \
	send "echo=40 frag=65528"; id=$((id + 10))
ok "congestion seen by one fragment is seen in the packet" eval "
	whole '$first tos=2' '$middle tos=3' '$last tos=2'"; id=$((id + 10))
ok "a fragment that knows no congestion does not go with one that does" eval "
	counts 3 $us MynetDrop FRAG_ECN \
	not send wait=0.5 '$first tos=0' '$middle tos=3' '$last tos=0'"; id=$((id + 10))
ok "other identifications are other packets" not send wait=0.5 "$first" "$middle id=7" "$last"; id=$((id + 10))
ok "the sender is told of what stayed incomplete" eval "
	in_ns $us sysctl -qw net.mynet.ipfrag_time=1 &&
	says 'icmp 11 1' send wait=5 '$first' '$last'"; id=$((id + 10))
ok "... not if the first one is missing" not send wait=2 "$middle" "$last"; id=$((id + 10))
ok "every piece that waited has a name when it goes" eval "
	before=\$(counter $us MynetDrop FRAG_TIMEOUT) &&
	send '$first' '$last' && id=\$((id + 10)) && send '$middle' '$last' &&
	wait_for 5 eval '[ \$(counter $us MynetDrop FRAG_TIMEOUT) -ge '\$((before + 4))' ]' &&
	equals 4 \$((\$(counter $us MynetDrop FRAG_TIMEOUT) - before))"; id=$((id + 20))
ok "what waits too long is counted" eval "[ \$(counter $us Ip ReasmTimeout) -ge 2 ]"
ok "too much waiting: the next one is dropped" eval "
	in_ns $us sysctl -qw net.mynet.ipfrag_time=30 net.mynet.ipfrag_high_thresh=2000 &&
	for i in 1 2 3 4 5 6 7 8; do MYNET_FRAG_ID=\$((500 + i)) send '$first saddr=192.0.2.1'\$i; done
	[ \$(counter $us MynetDrop FRAG_MEMORY) -ge 1 ]"
ok "with a small memory large packets do not fit" eval "
	not in_ns $peer ping -c 1 -W 1 -s 20000 192.0.2.2"
ok "with the usual memory they do" eval "
	in_ns $us sysctl -qw net.mynet.ipfrag_high_thresh=4194304 &&
	in_ns $peer ping -c 1 -W 5 -s 20000 192.0.2.2"
ok "a smaller MTU: answers come in smaller pieces" eval "
	ip -n $us link set veth0 mtu 576 && ip -n $peer link set veth1 mtu 576 && in_ns $peer ping -c 3 -i 0.2 -W 5 -s 30000 192.0.2.2"
ok "a very small MTU" eval "
	ip -n $us link set veth0 mtu 128 && ip -n $peer link set veth1 mtu 128 && in_ns $peer ping -c 1 -W 5 -s 1000 192.0.2.2"
# Eight hundred first pieces of packets that nobody will complete. A busy machine takes seconds for them, and
# none of them may have been given up by then.
hoard() {
	local i words=()
	for i in {1..800}; do
		[ "$i" = 1 ] || words+=(--)
		words+=(dst="$mac" saddr=192.0.2.1 daddr=192.0.2.2 id="$((2000 + i))" echo=40 part=0:16 mf)
	done
	in_ns "$peer" ../lib/ip.py veth1 "${words[@]}"
}
ip -n "$us" link set veth0 mtu 1500
ip -n "$peer" link set veth1 mtu 1500
ip -n "$peer" addr add 192.0.2.9/24 dev veth1
in_ns "$us" sysctl -qw net.mynet.ipfrag_high_thresh=400000 net.mynet.ipfrag_time=20
ok "who has too much waiting gets no more" eval "
	before=\$(counter $us MynetDrop FRAG_SOURCE); hoard &&
	[ \$(counter $us MynetDrop FRAG_SOURCE) -gt \$before ] &&
	not in_ns $peer ping -n -c 1 -W 1 -s 8000 192.0.2.2"
ok "... and leaves room for others" counts 0 "$us" MynetDrop FRAG_MEMORY \
	in_ns "$peer" ping -n -c 3 -i 0.2 -W 5 -s 8000 -I 192.0.2.9 192.0.2.2
ok "... until what waits was given up" wait_for 60 in_ns "$peer" ping -n -c 1 -W 1 -s 8000 192.0.2.2
# A listener hears what each of the waiting pieces ended for.
traced=/sys/kernel/tracing/instances/frag-$$
gone() {
	mkdir "$traced" && echo 1 > "$traced/events/mynet/mynet_drop/enable" && send "$first" "$last" &&
		ip netns del "$us" && wait_for 10 eval "[ \$(grep -c FRAG_GONE $traced/trace) -ge 2 ]"
}
defer rmdir "$traced"
ok "deleted with fragments waiting, each piece has a name" gone
finish
