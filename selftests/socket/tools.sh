#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The tools that people trace with can find the family's events, and listen to them.
. ../lib/lib.sh

modprobe af_mynet || exit 1

perf_lists_both() {
	local list
	list=$(perf list 'mynet:*' 2>&1)
	echo "$list"
	grep -q mynet:mynet_hop <<< "$list" && grep -q mynet:mynet_drop <<< "$list"
}

# The fields are resolved when the program is compiled: a wrong name would not get as far as END.
bpftrace_knows_the_fields() {
	local output
	output=$(bpftrace -e '
		tracepoint:mynet:mynet_hop {
			printf("%s %d %d %d %d\n", args->dev, args->hop, args->len, args->protocol, args->netns);
			@t[args->skbaddr] = nsecs;
		}
		tracepoint:mynet:mynet_drop { @[ksym(args->caller), args->reason] = count(); }
		BEGIN { exit(); }
		END { printf("listened\n"); }' 2>&1)
	grep -q listened <<< "$output" || { echo "$output"; return 1; }
}

if command -v perf > /dev/null && perf --version > /dev/null 2>&1; then
	ok "perf lists both events" perf_lists_both
	ok "perf can listen to them, and filter by a field" \
		perf stat -a -e mynet:mynet_drop -e mynet:mynet_hop --filter 'hop == 4 && len > 1000' true
else
	skip "perf can listen to the events" "perf is not installed"
fi

if ! command -v bpftrace > /dev/null; then
	skip "bpftrace knows the fields of the events" "bpftrace is not installed"
elif ! [ -e /sys/kernel/btf/vmlinux ]; then
	skip "bpftrace knows the fields of the events" "this kernel has no BTF"
else
	ok "bpftrace knows the fields of the events" bpftrace_knows_the_fields
fi
finish
