#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Completion for bash: objects, commands, devices.
. ../lib/lib.sh
. "$(dirname "$(readlink -f "$0")")/../../tools/completion/mynet.sh"

new_netns us

completes() {	# completes WANTED WORD...: the last word becomes one of these
	local wanted=$1
	shift
	COMP_WORDS=(mynet "$@") COMP_CWORD=$#
	_mynet
	equals "$wanted" "${COMPREPLY[*]}"
}

ok "an object" completes "monitor" mo
ok "... after options" completes "neighbour" -j -n blue ne
ok "a command" completes "attach" dev at
ok "... of an abbreviated object" completes "del" addr d
ok "a device" completes "lo" dev attach lo
# shellcheck disable=SC2154 # us is set by new_netns
ok "a namespace" completes "$us" -n "$us"
ip -n "$us" link add blue0 type veth peer name blue1
ok "... has devices of its own" completes "blue0" -n "$us" dev attach blue0
ok "... which others do not see" completes "" dev attach blue
ok "a word behind" completes "mode" dev attach lo mo
ok "its values" completes "inet native" dev attach lo mode ""
ok "states of ss" completes "syn-sent syn-recv" ss state syn-
ok "nothing for nonsense" completes "" nonsense ""
finish
