#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Memory that the root of a user namespace makes grow is charged to its memory cgroup: there it ends, and nowhere
# else.
. ../lib/lib.sh
. ../lib/mynet.sh
root=/sys/fs/cgroup
grep -qw memory $root/cgroup.controllers 2> /dev/null || skip_all "this kernel has no memory cgroups (or not of version 2)"
[ -z "${MYNET_TOP:-}" ] || PATH=$MYNET_TOP/build/tools:$PATH
load_family
echo +memory > $root/cgroup.subtree_control
cage=$root/mynet-$$
mkdir $cage || { echo "Bail out! no cgroup"; exit 1; }
defer rmdir $cage
echo 32M > $cage/memory.max
[ ! -e $cage/memory.swap.max ] || echo 0 > $cage/memory.swap.max

# caged CMD...: in the cgroup, as root of namespaces of its own, with a device that is attached.
caged() {
	sh -c 'echo $$ > '"$cage"'/cgroup.procs; exec unshare -rn sh -c "ip link add d0 type dummy &&
		ip link set d0 up && mynet dev attach d0 && exec \"\$@\"" sh "$@"' sh "$@"
}
kills() { awk '$1 == "oom_kill" { print $2 }' "$cage/memory.events"; }
# Either the kernel has no memory for it and says so, or it kills who asked.
ends() {	# ends CMD...
	local before output
	before=$(kills)
	if output=$(caged "$@" 2>&1); then
		echo "was not stopped: $output"
		return 1
	fi
	[ "$(kills)" -gt "$before" ] || [[ $output == *"Cannot allocate memory"* || $output == *"buffer space"* ]] ||
		{ echo "ended otherwise: $output"; return 1; }
}
small() { [ "$(cat "$cage/memory.current")" -lt $((8 << 20)) ]; }

ok "a few of each fit" eval "
	for kind in addr net route metric table rule neigh; do caged mynet-grow mynet \$kind 100 d0 || exit 1; done"
for kind in route table addr; do
	ok "$kind: without end there are none" ends mynet-grow mynet $kind 600000 d0
	ok "... and the memory comes back" wait_for 20 small
done
ok "others live on" eval "two_hosts && in_ns \$peer ping -q -c 2 -i 0.2 -W 5 192.0.2.2"
finish
