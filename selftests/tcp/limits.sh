#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Many streams, and an end to something: orphans, listeners of one port, a namespace that goes with what it has.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
new_netns us
# shellcheck disable=SC2154 # us is set by new_netns
ip -n "$us" link set lo up
ulimit -n 4096
limits() { in_ns "$us" ../lib/limits.py "$@"; }

for family in inet mynet; do
	tree=/proc/sys/net/mynet
	[ $family = mynet ] || tree=/proc/sys/net/ipv4
	most=$(cat $tree/tcp_max_orphans)
	defer eval "echo $most > $tree/tcp_max_orphans"
	ok "$family: orphans are left to finish" test "$(limits $family orphans 100)" -le 50
	echo 0 > $tree/tcp_max_orphans
	ok "... but not more than there may be" test "$(limits $family orphans 300)" -ge 100
	echo "$most" > $tree/tcp_max_orphans
done
# The count of orphans is off by what each processor keeps to itself.
echo 400 > /proc/sys/net/mynet/tcp_max_orphans
ok "a namespace leaves to others as many as it has" test "$(limits mynet orphans 380)" -ge 60
echo "$most" > /proc/sys/net/mynet/tcp_max_orphans
ok "... and counted" test "$(counter "$us" TcpExt TCPAbortOnMemory)" -ge 100

for family in inet mynet; do
	read -r -a got <<< "$(limits $family group 4 128)"
	echo "# $family: ${got[*]}"
	ok "$family: four listeners of a port share what comes" eval "
		[ ${got[0]} -gt 10 ] && [ ${got[1]} -gt 10 ] && [ ${got[2]} -gt 10 ] && [ ${got[3]} -gt 10 ]"
	ok "... who goes resets what it has not accepted" equals "${got[0]}" "${got[4]}"
	ok "... and the others get all that comes then" equals 128 $((got[5] + got[6] + got[7]))
done

# Not by in_ns, which has another /sys.
cgroup=/sys/fs/cgroup/limits
if echo +memory 2> /dev/null > /sys/fs/cgroup/cgroup.subtree_control && mkdir $cgroup; then
	defer rmdir $cgroup
	for family in inet mynet; do
		ok "$family: the server's cgroup pays for what it does not read" \
			test "$(nsenter --net=/run/netns/"$us" ../lib/limits.py $family charged 100 $cgroup)" \
				-ge 1638400
	done
fi

limits mynet waits 500
ok "five hundred connections are in TIME_WAIT" test 500 -le \
	"$(in_ns "$us" grep -cE '^ +[0-9]+: [^ ]+ [^ ]+ 06 ' /proc/net/mynet/tcp)"
ip netns del "$us"
ok "their namespace goes, and nothing of them is left" wait_for 20 modprobe -r af_mynet
finish
