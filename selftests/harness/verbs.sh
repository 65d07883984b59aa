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
		here usr/share/man/man8/mynet.8 644 && here usr/share/bash-completion/completions/mynet 644 &&
		here usr/share/man/man7/mynet.7 644 && here usr/include/linux/mynet.h 644
}
# The example of the manual page is a whole program.
example_compiles() {
	sed -n '/^\.EX$/,/^\.EE$/p' "$work/usr/share/man/man7/mynet.7" | sed '1d;$d' > "$work/example.c"
	grep -q accept "$work/example.c" &&
		cc -Wall -Wextra -Werror -idirafter "$work/usr/include" -o "$work/example" "$work/example.c" &&
		refused "is the module loaded" "$work/example"
	local status=$?
	rm -f "$work/example" "$work/example.c"
	return "$status"
}
uninstalled() {
	touch "$work/usr/share/man/man8/of-others.8"
	DESTDIR=$work PREFIX=/usr "$top/scripts/install" -u 6.1 > "$work.log" 2>&1 || { tail -n 20 "$work.log"; return 1; }
	equals ./usr/share/man/man8/of-others.8 "$(cd "$work" && find . -not -type d)" &&
		equals share "$(cd "$work/usr" && find . -mindepth 1 -maxdepth 1 -not -empty -printf '%P\n')"
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
ok "... and the example of the manual page compiles" example_compiles
ok "what was installed goes again, and nothing else" uninstalled
ok "make builds the command too" eval "make -n -C $top all | grep -q -- '-C tools'"
finish
