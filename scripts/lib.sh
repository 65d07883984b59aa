# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions and places that every script here shares: where things are, how to talk, how to leave nothing behind.
# Sourced, never run.
# shellcheck disable=SC2034 # read by the scripts that source this file

set -euo pipefail
shopt -s inherit_errexit 2>/dev/null || true

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mynet
build=$top/build

# Kernels that this project is built for and tested on. The first is the default.
stock_kernels=(6.1 6.12 7.2)

say() {
	printf '%s\n' "mynet: $*" >&2
}

die() {
	say "$*"
	exit 1
}

# run_quietly LOG WHAT CMD...: run a command into a log, tell that it is still at it (all the time
# on a terminal, else every minute), and show the log's end if it fails.
run_quietly() {
	local log=$1 what=$2 pid began=$SECONDS told=0 status=0
	shift 2
	mkdir -p "$(dirname "$log")"
	"$@" > "$log" 2>&1 < /dev/null &
	pid=$!
	while kill -0 "$pid" 2> /dev/null; do
		sleep 0.2	# waits for time itself: to look again
		if [ -t 2 ]; then
			printf '\rmynet: %s: %d s, %d steps \033[K' "$what" $((SECONDS - began)) \
				"$(wc -l < "$log")" >&2
		elif [ $(((SECONDS - began) / 60)) -gt $told ]; then
			told=$(((SECONDS - began) / 60))
			say "$what: $told min, $(wc -l < "$log") steps so far"
		fi
	done
	[ ! -t 2 ] || printf '\r\033[K' >&2
	wait "$pid" || status=$?
	[ "$status" -eq 0 ] && return
	tail -n 25 "$log" >&2
	die "$what failed; the whole log is in $log"
}

# as_root CMD...: run a command as root, with sudo when we are not.
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo > /dev/null; then
		sudo "$@"
	else
		die "this needs root for: $*. Run it as root or install sudo."
	fi
}

# need_space DIR MEBIBYTES WHAT: refuse early when a disk cannot hold what is coming.
need_space() {
	local free
	mkdir -p "$1" || die "cannot create $1: choose another place with XDG_CACHE_HOME"
	free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge "$2" ] ||
		die "$3 needs $2 MiB in $1, where $free MiB are free: make room or set XDG_CACHE_HOME"
}

# Scratch folders go away however the script ends; so do the jobs it started.
scratch_dirs=()
make_scratch() {	# make_scratch VAR PARENT
	local made
	mkdir -p "$2"
	made=$(mktemp -d "$2/.partial.XXXXXX")
	scratch_dirs+=("$made")
	printf -v "$1" '%s' "$made"
}

leave_nothing() {
	local status=$? job
	trap - EXIT
	trap '' INT TERM HUP	# a second signal must not end the cleaning up
	for job in $(jobs -p); do
		kill -- "-$job" 2> /dev/null || kill "$job" 2> /dev/null || true
	done
	wait 2> /dev/null || true
	[ ${#scratch_dirs[@]} -eq 0 ] || rm -rf "${scratch_dirs[@]}"
	exit "$status"
}
trap leave_nothing EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
