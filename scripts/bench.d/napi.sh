# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The card with NAPI against the same card in its old-fashioned mode, an interrupt for every frame.

set_up() {
	add_netns bench-a bench-b
	ip -n bench-a link add nic-a type vftgmac100
	ip -n bench-a link add link nic-a name nic-b netns bench-b type vftgmac100
	local side n=0
	for side in a b; do
		n=$((n + 1))
		ip -n bench-$side address add 10.0.1.$n/24 dev nic-$side
		ip -n bench-$side link set nic-$side up
	done
	for side in a b; do
		until ip -n bench-$side link show nic-$side | grep -q LOWER_UP; do
			read -r -t 0.02 <> <(:) || true
		done
	done
}

mode() {	# mode on|off CMD...: with NAPI in both cards, or without
	local side
	for side in a b; do
		ip netns exec bench-$side ethtool --set-priv-flags nic-$side napi "$1"
	done
	"${@:2}"
}

udp() {
	load udp -l 64 -n 20000 -k per_s -C bench-a -S bench-b -s 10.0.1.2
}

tcp() {
	load tcp -n 2000 -k per_s -C bench-a -S bench-b -s 10.0.1.2
}

frames() {
	ip netns exec bench-b ethtool -S nic-b | awk '$1 == "hw_rx_frames:" { print $2 }'
}

interrupts() {
	awk '$NF == "nic-b" { for (i = 2; i <= NF - 3; i++) n += $i } END { print n }' /proc/interrupts
}

softirqs() {	# NET_RX, over all processors
	awk '$1 == "NET_RX:" { for (i = 2; i <= NF; i++) n += $i } END { print n }' /proc/softirqs
}

# per_1000 COUNTER LOAD: how much it grows for a thousand frames that the load sends
per_1000() {
	local count sent
	count=$($1)
	sent=$(frames)
	"$2" > /dev/null
	awk -v count=$(($($1) - count)) -v sent=$(($(frames) - sent)) \
		'BEGIN { printf "%.2f\n", 1000 * count / sent }'
}

figure napi-udp-64 a="mode on udp" b="mode off udp"
figure napi-tcp a="mode on tcp" b="mode off tcp"
for load in udp tcp; do
	figure napi-interrupts-$load better=lower a="mode on per_1000 interrupts $load" \
		b="mode off per_1000 interrupts $load"
	figure napi-softirqs-$load better=lower a="mode on per_1000 softirqs $load" \
		b="mode off per_1000 softirqs $load"
done
