#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The verbs of make take what they need, build what they say, and refuse what is not there.
. ../lib/lib.sh

top=$(realpath "$(dirname "$(realpath "$0")")/../..")
work=$(mktemp -d)
defer rm -rf "$work"

fetches() {	# fetches WANTED TOPIC...: check would fetch these, of what not every topic needs
	local wanted=$1
	shift
	equals "$wanted" "$(KERNELS=stock "$top/scripts/check" -n "$@" | grep -v '^\(kernel\|emulator\) ' | xargs)"
}
refused() {	# refused WORDS CMD...
	local words=$1 output
	shift
	! output=$("$@" 2>&1) || { echo "was not refused"; return 1; }
	[[ $output == *"$words"* ]] || { echo "$output"; return 1; }
}
here() {	# here FILE MODE: it is below the folder with this mode
	equals "$2" "$(stat -c %a "$work/$1")"
}
installed() {
	DESTDIR=$work PREFIX=/usr "$top/scripts/install" 6.1 > "$work.log" 2>&1 || { tail -n 20 "$work.log"; return 1; }
	here "lib/modules/$release/extra/af_mynet.ko" 644 && here "lib/modules/$release/extra/vftgmac100.ko" 644 &&
		here usr/bin/mynet 755 && here usr/lib/mynet/libmynet-preload.so 644 &&
		here usr/share/man/man8/mynet.8 644 && here usr/share/bash-completion/completions/mynet 644
}
defer rm -f "$work.log"
release=$(eval "$("$top/scripts/kernel" show 6.1)"; echo "$release")

ok "a topic fetches no program that it does not run" fetches "" socket
ok "... nor does a unit test fetch a kernel" equals "" "$("$top/scripts/check" -n unit)"
ok "... a topic of programs does" fetches "programs get" programs
ok "... and the one that speaks by specifications" fetches "ynl get" cli
ok "a soak of what is not there is refused" refused "there is no topic 'nosuch'" env SEED=1 "$top/scripts/soak" nosuch
ok "the modules of one kernel, the command and its papers are installed" installed
ok "... of this kernel's build alone" equals "$release" "$(ls "$work/lib/modules")"
ok "... and the command finds its library" eval "
	$work/usr/bin/mynet run true 2>&1 | grep -q 'does not know MYNET'"
ok "make builds the command too" eval "make -n -C $top all | grep -q -- '-C tools'"
finish
