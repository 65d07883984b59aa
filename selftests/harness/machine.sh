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

# A machine takes half a minute: each shows as much as it can.
says_and_ends() {	# says_and_ends TEXT STATUS CMD...: its output, byte for byte, and its exit status
	local output status=0
	output=$("${@:3}") || status=$?
	equals "$1" "$output" && equals "$2" "$status"
}
reach_each_other() {	# reach_each_other MODEL: two machines, each with this card
	# shellcheck disable=SC2016 # expanded in the machines
	ends_with 0 "$vm" -t 400 -n "$1" pair \
		'ip link set eth0 up; ip addr add 192.0.2.1/24 dev eth0
		until ping -q -c 1 -W 1 192.0.2.2; do busybox usleep 20000; done; touch $MYNET_VM_SHARED/done' \
		'ip link set eth0 up; ip addr add 192.0.2.2/24 dev eth0
		until [ -e $MYNET_VM_SHARED/done ]; do busybox usleep 20000; done'
}
hangs() {	# a machine that its time limit ends
	local output status=0
	output=$("$vm" -t 15 run 'while :; do :; done' 2>&1) || status=$?
	equals 124 "$status" || return
	[[ $output == *"time limit of 15 s"* ]] || { echo "the limit is not told: $output"; return 1; }
}

ok "the command's output is the run's, byte for byte, and so is its exit status" \
	says_and_ends $'one\ttwo\nthree' 7 "$vm" run 'printf "one\ttwo\nthree\n"; exit 7'
ok "a time limit ends a machine that hangs, and the last lines of the log are shown" hangs
ok "a machine that dies is a failure" ends_with 125 "$vm" run 'echo c > /proc/sysrq-trigger'
# The topic pair has two machines with virtio's card.
full "two machines reach each other over virtio-net-pci" reach_each_other virtio-net-pci
ok "two machines reach each other over e1000e" reach_each_other e1000e
ok "no security module looks at packets" ends_with 0 \
	"$vm" run '! grep -E "selinux|apparmor|smack|tomoyo" /sys/kernel/security/lsm'
# shellcheck disable=SC2016 # of the machine
full "... but Debian's do if that is asked for, and nothing is measured then" mentions "not fit to measure" \
	"$vm" -s debian run "$top/scripts/bench-guest icount 1 $top/scripts/bench.d self"
in_shell() {	# in_shell LINES: typed in a shell of a machine
	printf '%b' "$1" | "$vm" -t 200 shell 2>&1
}
shell_knows() {
	local output
	output=$(in_shell 'man mynet | cat\ncomplete -p mynet\nexit\n')
	[[ $output == *"devices, addresses, routes"* ]] || { echo "no manual page: $output"; return 1; }
	[[ $output == *"_mynet mynet"* ]] || { echo "no completion: $output"; return 1; }
}
ok "a shell has the manual page and the completion" shell_knows
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
