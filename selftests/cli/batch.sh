#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Commands from a file: each line is a command of its own.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no hosts"; exit 1; }
own_history

# shellcheck disable=SC2154 # set by two_hosts
batch() {	# batch [OPTION...] LINES
	printf '%b' "${*: -1}" | mynet -n "$us" "${@:1:$#-1}" -b -
}
forced() {	# forced [OPTION...] LINES: what fails is gone over
	batch -force "$@" || true
}
lines() {	# lines N WORDS CMD...: so many lines have them
	equals "$1" "$("${@:3}" 2>&1 | tee /dev/stderr | grep -c -- "$2")"
}
ports=$(seq -f "sport = :%g or" -s ' ' 40)
ok "a long line is taken whole" batch "ss -a ${ports% or}\\n"
ok "... one that is too long is refused" refuses "Too many words" batch "route show $(seq -s ' ' 600)\\n"

ok "a line that is wrong is told" refuses "Command failed -:2" batch "addr show\\naddr add 1.2.3 dev veth0\\n"
ok "... and is the last one" lines 0 "192.0.2.2" batch "what\\naddr show\\n"
ok "... but for -force" says "192.0.2.2" forced "what\\naddr show\\n"
ok "... which tells each" lines 2 "Command failed -:[13]" forced "what\\naddr show\\naddr add\\n"
ok "... and ends with its status" eval "batch -force 'what\\naddr show\\n'; equals 1 \$?"
ok "... also when the kernel was asked already" says "192.0.2.2" forced "addr show\\nnic show\\naddr show\\n"

ok "options of a line are that line's: stat's" eval "
	batch 'stat reset\\nstat all absolute IcmpIn*\\n' > $XDG_RUNTIME_DIR/one && [ -s $XDG_RUNTIME_DIR/one ] &&
	batch 'stat reset\\nstat all absolute IcmpIn*\\nstat\\n' | diff $XDG_RUNTIME_DIR/one -"
ok "... its pattern too" says TcpInSegs batch "stat all IcmpIn*\\nstat all\\n"
ok "... ss -j" says "Netid" batch "ss -a -j\\nss -a\\n"
mynet -n "$us" run python3 -c '
import signal, socket
s = socket.socket(); s.bind(("192.0.2.2", 4000)); s.listen(); signal.pause()' &
holder=$!
defer kill "$holder"
ok "... what ss -p found" eval "
	wait_for 30 says python mynet -n $us ss -lp && lines 0 'python.*python' batch 'ss -lp\\nss -lp\\n'"
ok "... what the doctor found" lines 2 "veth0 is attached" forced "doctor\\ndoctor\\n"
finish
