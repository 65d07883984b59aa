# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The harness against itself: the same load on both sides, so that its own noise shows.

same=0.9..1.1
# shellcheck disable=SC2154 # set by scripts/bench-guest
[ "$mode" != icount ] || same=0.99..1.01

for command in "udp -n 4000" "udp-rr -n 1000" "tcp -n 500" "tcp-rr -n 1000"; do
	figure "self-${command%% *}" bar=$same a="load $command -k per_s" b="load $command -k per_s"
done
