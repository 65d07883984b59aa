#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The chip without a driver: its unit tests, and a driver that has lost its mind (KUnit). The
# long version makes a million operations.
. ../lib/lib.sh

modprobe -n -q vftgmac100_kunit || skip_all "this kernel has no KUnit; the debug kernel has"

operations=20000
[ "${MYNET_SOAK:-}" != y ] || operations=1000000
seed=${MYNET_SEED:-$RANDOM}
echo "# seed $seed, $operations operations"
modprobe vftgmac100_kunit seed="$seed" ops=$operations || { echo "it does not load"; exit 1; }
defer modprobe -r vftgmac100_kunit

report=$(cat /sys/kernel/debug/kunit/vft_*/results)

says() {	# says STATUS WHAT: prints it and has that status
	printf '%s\n' "$2"
	return "$1"
}

while IFS= read -r line; do
	sentence=$(sed -E 's/^ *(not )?ok [0-9]+ (- )?//; s/_/ /g' <<< "$line")
	case $line in
	"    ok "*) ok "$sentence" true ;;
	"    not ok "*) ok "$sentence" says 1 "$(grep -F -B 12 -- "$line" <<< "$report")" ;;
	esac
done <<< "$report"
finish
