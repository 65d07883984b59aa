#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The unit tests that need the kernel around them: loading mynet_kunit.ko runs them, and here
# each case of each suite is a case.
. ../lib/lib.sh

modprobe -n -q mynet_kunit || skip_all "this kernel has no KUnit; the debug kernel has"

modprobe mynet_kunit || { echo "mynet_kunit does not load"; exit 1; }
defer modprobe -r mynet_kunit

report=$(cat /sys/kernel/debug/kunit/mynet_*/results)

says() {	# says STATUS WHAT: prints it and has that status
	printf '%s\n' "$2"
	return "$1"
}

suite=
while IFS= read -r line; do
	case $line in
	*"# Subtest: mynet_"*) suite=${line##*: } ;;
	"    ok "* | "    not ok "*)
		sentence=${line#*ok * }
		sentence=${sentence#- }
		sentence="$suite: ${sentence//_/ }"
		case $line in
		*"# SKIP"*) skip "${sentence%% # SKIP*}" "${line##*# SKIP }" ;;
		"    ok "*) ok "$sentence" true ;;
		*) ok "$sentence" says 1 "$(printf '%s\n' "$report" | grep -F -B 12 -- "$line")" ;;
		esac
		;;
	esac
done <<< "$report"
finish
