#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Interrupts are Linux interrupts, and coalescing and NAPI change how many there are.
. ../lib/cards.sh
two_cards
pings 2 > /dev/null

irqs() {	# interrupts of B's card, over all CPUs
	awk '$NF == "nb" { n = 0; for (i = 2; i <= NF - 3; i++) n += $i; print n }' /proc/interrupts
}

# per_frame OPTION...: B's interrupts per thousand received frames of a UDP load
per_frame() {
	local irq frames
	in_ns "$B" ethtool -C nb "$@" > /dev/null 2>&1
	irq=$(irqs)
	frames=$(stat_of "$B" nb hw_rx_frames)
	throughput -u -b 0 -l 64 > /dev/null || return 1
	echo $((($(irqs) - irq) * 1000 / ($(stat_of "$B" nb hw_rx_frames) - frames + 1)))
}

coalescing() {
	local none some
	none=$(per_frame adaptive-rx off rx-usecs 0 rx-frames 0)
	some=$(per_frame adaptive-rx off rx-usecs 1000 rx-frames 0)
	echo "interrupts per 1000 frames: $none without, $some with rx-usecs 1000"
	above $((some * 2)) "$none"
}

frames_threshold() {
	local seven
	seven=$(per_frame adaptive-rx off rx-usecs 1000 rx-frames 7)
	echo "interrupts per 1000 frames with rx-frames 7: $seven"
	above "$seven" 200
}

napi_or_not() {
	local old new
	in_ns "$B" ethtool --set-priv-flags nb napi off
	old=$(per_frame adaptive-rx on)
	in_ns "$B" ethtool --set-priv-flags nb napi on
	new=$(per_frame adaptive-rx on)
	echo "interrupts per 1000 frames: old-fashioned $old, NAPI $new"
	above $((new * 4)) "$old"
}

affinity() {
	local irq cpu before
	irq=$(awk '$NF == "nb" { sub(":", "", $1); print $1 }' /proc/interrupts)
	for cpu in 0 1; do
		echo "$cpu" > "/proc/irq/$irq/smp_affinity_list" || return 1
		before=$(awk -v c=$((cpu + 2)) '$NF == "nb" { print $c }' /proc/interrupts)
		pings 10 || return 1
		above $((before + 5)) "$(awk -v c=$((cpu + 2)) '$NF == "nb" { print $c }' /proc/interrupts)" ||
			return 1
	done
	echo 0-1 > "/proc/irq/$irq/smp_affinity_list"
}

# Cards of the test before may still be dying with their namespaces.
wait_for 30 eval "[ \$(grep -c ' nb$' /proc/interrupts) -eq 1 ]" || exit 1
ok "/proc/interrupts has the card's line" eval "[ -n \"\$(irqs)\" ]"
if [ "$(nproc)" -gt 1 ]; then
	ok "smp_affinity moves it from CPU to CPU" affinity
else
	skip "smp_affinity moves it from CPU to CPU" "one CPU"
fi
ok "rx-usecs makes fewer interrupts" coalescing
if [ "${MYNET_KERNEL:-}" = debug ]; then
	why="frames are further apart on a debug kernel than a card waits: none gather"
	skip "rx-frames bounds how many frames wait" "$why"
	skip "the old-fashioned mode interrupts far more often than NAPI" "$why"
else
	ok "rx-frames bounds how many frames wait" frames_threshold
	ok "the old-fashioned mode interrupts far more often than NAPI" napi_or_not
fi
finish
