#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# scripts/vm keeps its promises: exit status, output, time limit, two machines on a cable, and
# nothing left behind when it is interrupted.
. ../lib/lib.sh

top=$(realpath "$(dirname "$(realpath "$0")")/../..")
vm=$top/scripts/vm

ends_with() {	# ends_with STATUS CMD...
	local wanted=$1 status=0
	shift
	"$@" || status=$?
	equals "$wanted" "$status"
}

prints() {	# prints TEXT CMD...
	local wanted=$1
	shift
	equals "$wanted" "$("$@")"
}

mentions() {	# mentions TEXT CMD...: somewhere in output or errors
	local wanted=$1 output
	shift
	output=$("$@" 2>&1)
	[[ $output == *"$wanted"* ]] || { printf '%s\n' "$output" "(without '$wanted')"; return 1; }
}

# Starts CMD, interrupts it as Ctrl-C does as soon as FACT is true, and waits for its end.
interrupt_when() {	# interrupt_when FACT CMD...
	local fact=$1 pid
	shift
	# setsid: a process group of its own, as a terminal gives to a foreground command
	setsid bash -c 'trap - INT; exec "$@"' sh "$@" > /dev/null 2>&1 < /dev/null &
	pid=$!
	wait_for 60 eval "$fact" || { kill -TERM -- -"$pid"; return 1; }
	kill -TERM -- -"$pid"
	wait "$pid"
	wait_for 10 gone "$pid" || { echo "processes are left:"; ps -o stat,pid,args -g "$pid"; return 1; }
}

gone() {	# gone SESSION: nobody of it lives; the dead may still wait for their burial by init
	! pgrep -s "$1" -r D,R,S,T > /dev/null
}

fetch_interrupted() {
	local cache
	cache=$(mktemp -d)
	XDG_CACHE_HOME=$cache interrupt_when "ls -d $cache/mynet/kernels/.partial.*" "$top/scripts/kernel" get 6.1
	equals "" "$(find "$cache/mynet/kernels" -mindepth 1 ! -name '.lock-*')" && rm -rf "$cache"
}

machine_interrupted() {
	local before after
	before=$(find "$top/build/vm" -maxdepth 1 -name '.partial.*' | sort)
	# waits for time itself: nothing else must end it but the interrupt
	interrupt_when "pgrep -f 'interrupt-me-$$'" "$vm" run "sleep 1000 # interrupt-me-$$" || return
	after=$(find "$top/build/vm" -maxdepth 1 -name '.partial.*' | sort)
	equals "$before" "$after"
}

ok "the command's exit status is the run's" ends_with 7 "$vm" run 'exit 7'
ok "the command's output is the run's, byte for byte" prints $'one\ttwo\nthree' \
	"$vm" run 'printf "one\ttwo\nthree\n"'
ok "a time limit ends a machine that hangs" ends_with 124 "$vm" -t 15 run 'while :; do :; done'
ok "the last lines of the log are shown then" mentions "time limit of 15 s" "$vm" -t 15 run 'while :; do :; done'
ok "a machine that dies is a failure" ends_with 125 "$vm" run 'echo c > /proc/sysrq-trigger'
# shellcheck disable=SC2016 # expanded in the machines
for model in virtio-net-pci e1000e; do
	ok "two machines reach each other over $model" ends_with 0 "$vm" -t 400 -n $model pair \
		'ip link set eth0 up; ip addr add 192.0.2.1/24 dev eth0
		until ping -q -c 1 -W 1 192.0.2.2; do busybox usleep 20000; done; touch $MYNET_VM_SHARED/done' \
		'ip link set eth0 up; ip addr add 192.0.2.2/24 dev eth0
		until [ -e $MYNET_VM_SHARED/done ]; do busybox usleep 20000; done'
done
ok "no security module looks at packets" ends_with 0 \
	"$vm" run '! grep -E "selinux|apparmor|smack|tomoyo" /sys/kernel/security/lsm'
# shellcheck disable=SC2016 # of the machine
ok "... but Debian's do if that is asked for, and nothing is measured then" mentions "not fit to measure" \
	"$vm" -s debian run "$top/scripts/bench-guest icount 1 $top/scripts/bench.d self"
in_shell() {	# in_shell LINES: typed in a shell of a machine
	printf '%b' "$1" | "$vm" -t 200 shell 2>&1
}
ok "a shell has the manual page" mentions "devices, addresses, routes" in_shell 'man mynet | cat\nexit\n'
ok "... and the completion" mentions "_mynet mynet" in_shell 'complete -p mynet\nexit\n'
# This kernel takes minutes to build, which no other part of a whole run needs.
if "$top/scripts/kernel" show um > /dev/null 2>&1; then
	ok "the kernel as a program: the command's exit status is the run's" ends_with 7 "$vm" -k um run 'exit 7'
	ok "the kernel as a program: the output is the run's" prints $'one\ttwo' "$vm" -k um run 'printf "one\ttwo\n"'
	ok "the kernel as a program: a time limit ends it" ends_with 124 "$vm" -k um -t 15 run 'while :; do :; done'
	ok "the kernel as a program: one that ends too early is a failure" ends_with 125 "$vm" -k um run 'busybox poweroff -f'
	ok "the kernel as a program: what its log reports is a failure" ends_with 125 "$vm" -k um run 'echo "BUG: planted" > /dev/kmsg'
	ok "the kernel as a program knows no pair" mentions "knows no pair" "$vm" -k um pair true true
else
	skip "the kernel as a program keeps these promises too" "it is not in the cache: scripts/kernel get um"
fi
ok "an unknown kernel is refused in one sentence" mentions "no kernel is called '5.4'" "$vm" -k 5.4 run true
ok "an interrupted machine leaves nothing behind" machine_interrupted
ok "an interrupted fetch leaves nothing behind" fetch_interrupted
finish
