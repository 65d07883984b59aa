# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The library of every shell test: cases in TAP, namespaces, waiting for facts, cleaning up.
#
#	. ../lib/lib.sh
#	ok "the sentence" command args...              passes if the command succeeds
#	skip_all "why"                                 nothing of this file can run here
#	finish                                         last line of every test

set -u
tap_count=0
tap_failed=0

# The command runs in a subshell: a case leaves nothing behind but its verdict.
ok() {	# ok SENTENCE CMD...: one case; what the command prints is shown if it fails
	local sentence=$1 output
	shift
	tap_count=$((tap_count + 1))
	if output=$("$@" 2>&1); then
		echo "ok $tap_count - $sentence"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_count - $sentence"
		printf '%s\n' "$output" | sed 's/^/# /'
	fi
}

not() {	# not CMD...: succeeds if the command fails
	! "$@"
}

equals() {	# equals WANTED GOT
	[ "$1" = "$2" ] || { echo "wanted '$1', got '$2'"; return 1; }
}

above() {	# above LEAST GOT
	[ "$2" -gt "$1" ] || { echo "wanted more than $1, got $2"; return 1; }
}

skip() {	# skip SENTENCE WHY: one case that cannot run here
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

full() {	# full SENTENCE CMD...: one case that takes long, for FULL=y alone
	if [ "${FULL:-}" = y ]; then
		ok "$@"
	else
		skip "$1" "takes long; FULL=y runs it"
	fi
}

skip_all() {
	echo "1..0 # SKIP $*"
	exit 4
}

# defer CMD...: run when the test ends, last deferred first.
deferred=()
defer() {
	deferred=("$(printf '%q ' "$@")" ${deferred[@]+"${deferred[@]}"})
}
run_deferred() {
	local status=$? command
	for command in ${deferred[@]+"${deferred[@]}"}; do
		eval "$command" > /dev/null 2>&1
	done
	exit $status
}
trap run_deferred EXIT
trap 'exit 130' INT TERM

# new_netns NAME...: namespaces of this test alone; $NAME holds the real name, "in_ns $NAME CMD" runs there.
new_netns() {
	local name
	for name; do
		printf -v "$name" '%s' "$name-$$"
		ip netns add "$name-$$" || { echo "cannot make namespace $name"; exit 1; }
		defer ip netns del "$name-$$"
		ip -n "$name-$$" link set lo up
	done
}

in_ns() {
	local ns=$1
	shift
	ip netns exec "$ns" "$@"
}

# listens NS|- PORT [tcp|udp]: somebody does, of any family; - is the namespace we are in.
listens() {
	local cmd=(in_ns "$1") kind=${3:-tcp} state=0A
	[ "$1" != - ] || cmd=()
	[ "$kind" = tcp ] || state=07
	"${cmd[@]}" cat "/proc/net/$kind" "/proc/net/${kind}6" "/proc/net/mynet/$kind" 2> /dev/null |
		grep -qE "$(printf ':%04X (00000000)+:0000 %s' "$2" $state)"
}

# stay NS: a Python stays in the namespace for py() until the test ends.
declare -A stays_in stays_out
stay() {
	local dir in out
	dir=$(mktemp -d) || return
	mkfifo "$dir/in" "$dir/out" || return
	ip netns exec "$1" ../lib/resident.py < "$dir/in" > "$dir/out" &
	defer kill $!
	defer rm -r "$dir"
	exec {in}<> "$dir/in" {out}<> "$dir/out"
	stays_in[$1]=$in stays_out[$1]=$out
}

py() {	# py NS SCRIPT ARG...: runs ../lib/SCRIPT.py in the namespace, in the Python that stays if one does
	local ns=$1 line
	shift
	[ -n "${stays_in[$ns]:-}" ] || { in_ns "$ns" "../lib/$1.py" "${@:2}"; return; }
	printf '%s\n' "${*@Q}" >&"${stays_in[$ns]}"
	while IFS= read -r -t 300 line <&"${stays_out[$ns]}"; do
		[[ $line != $'\x04'* ]] || return "${line:1}"
		printf '%s\n' "$line"
	done
	echo "no answer to: $*"
	return 1
}

# Seconds of a test are those of an idle machine and a stock kernel; nothing waits longer than it
# has to, but a debug kernel takes seconds to start a program when the host is busy.
patience=3
[ "${MYNET_KERNEL:-}" != debug ] || patience=12

# wait_for SECONDS CMD...: until the command succeeds; the only way a test waits.
wait_for() {
	local end=$((${EPOCHREALTIME/./} / 1000 + $1 * patience * 1000))
	shift
	until "$@" > /dev/null 2>&1; do
		[ $((${EPOCHREALTIME/./} / 1000)) -lt $end ] || { echo "waited too long for: $*"; return 1; }
		read -r -t 0.02 <> <(:) || true
	done
}

finish() {
	[ $tap_count -gt 0 ] || { echo "no case ran"; exit 1; }
	echo "1..$tap_count"
	[ $tap_failed -eq 0 ]
	exit
}
