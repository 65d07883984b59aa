#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Policy rules: which tables are asked, and for what.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts
r() { mynet -n "$us" route "$@"; }
rule() { mynet -n "$us" rule "$@"; }
way() {		# way VIA WORDS...: route get says so
	says "via $1 " r get 198.51.100.1 "${@:2}"
}

ok "there are the usual three" equals "0:	from all lookup local
32766:	from all lookup main
32767:	from all lookup default" "$(rule list)"
ok "three tables with a way each" eval "
	r add default via 192.0.2.9 && r add default via 192.0.2.10 table 100 &&
	r add default via 192.0.2.11 table 101"
ok "no rule names them: the main one" way 192.0.2.9
ok "by source" eval "
	rule add from 203.0.113.0/24 table 100 && way 192.0.2.10 from 203.0.113.7 && way 192.0.2.9"
ok "... it stands between local and main" says "32765:	from 203.0.113.0/24 lookup 100" rule list
ok "this host's own addresses come first" says "local 192.0.2.2" r get 192.0.2.2 from 203.0.113.7
ok "the same rule twice is refused" refuses "there already" rule add from 203.0.113.0/24 priority 32765 table 100
ok "by destination" eval "
	rule add to 198.51.100.0/24 table 101 priority 1000 && way 192.0.2.11"
ok "a smaller priority goes before" eval "
	rule add from 203.0.113.0/24 table 100 priority 900 && way 192.0.2.10 from 203.0.113.7 &&
	rule del priority 900 && way 192.0.2.11 from 203.0.113.7"
ok "a rule that is deleted is not asked" eval "rule del priority 1000 && way 192.0.2.9"
ok "by tos" eval "
	rule add tos 0x10 table 100 priority 1000 && way 192.0.2.10 tos 0x10 && way 192.0.2.9 &&
	rule del priority 1000"
ok "by mark and mask" eval "
	rule add fwmark 0x10/0xf0 table 100 priority 1000 && way 192.0.2.10 mark 0x1f &&
	way 192.0.2.9 mark 0x2f && rule del priority 1000"
ok "by the device it is bound to" eval "
	rule add oif veth0 table 100 priority 1000 && way 192.0.2.10 dev veth0 && way 192.0.2.9 &&
	rule del priority 1000"
ok "by the device it came by" eval "
	rule add iif veth0 table 100 priority 1000 && way 192.0.2.10 iif veth0 && way 192.0.2.9"
ok "... which may go and come back" eval "
	mynet -n $us dev detach veth0 && mynet -n $us dev attach veth0 &&
	mynet -n $us addr add 192.0.2.2/24 dev veth0 && r add default via 192.0.2.9 &&
	r add default via 192.0.2.10 table 100 && way 192.0.2.10 iif veth0 && rule del priority 1000"
ok "lo means this host's own" eval "
	rule add iif lo table 100 priority 1000 && way 192.0.2.10 && way 192.0.2.9 iif veth0 &&
	rule del priority 1000"
ok "not" eval "
	rule add not from 203.0.113.0/24 table 100 priority 1000 && way 192.0.2.10 &&
	rule del not from 203.0.113.0/24 && way 192.0.2.9"
ok "a table without an answer: the next one" eval "
	rule add table 77 priority 1000 && way 192.0.2.9 && rule del priority 1000"
ok "throw: the next one" eval "
	r add throw 198.51.100.0/24 table 77 && r add default via 192.0.2.12 table 77 &&
	rule add table 77 priority 1000 && way 192.0.2.9 &&
	says 'via 192.0.2.12' r get 198.51.101.1 && rule del priority 1000"
ok "unreachable" eval "
	rule add to 198.51.100.0/24 unreachable priority 1000 &&
	refuses 'No route to host' r get 198.51.100.1"
ok "prohibited" eval "
	rule del priority 1000 && rule add to 198.51.100.0/24 prohibit priority 1000 &&
	refuses 'Permission denied' r get 198.51.100.1"
ok "a blackhole" eval "
	rule del priority 1000 && rule add to 198.51.100.0/24 blackhole priority 1000 &&
	refuses 'Invalid argument' r get 198.51.100.1 && rule del priority 1000"
ok "what no rule has is refused" refuses "No such rule" rule del priority 1000
ok "a rule without a table is refused" refuses "names a table" rule add from 203.0.113.0/25
ok "bits behind the prefix are refused" refuses "behind its prefix" rule add from 203.0.113.1/24 table 100
ok "without the rule for the main table it is not asked" eval "
	rule del priority 32766 && refuses 'unreachable' r get 198.51.100.1 &&
	rule add priority 32766 table main && way 192.0.2.9"
ok "as JSON" equals '[0,32765,32766,32767]' "$(mynet -n "$us" -j rule | jq -c '[.[].priority]')"
ok "an answer goes by the rules too" eval "
	ip -n $peer addr add 203.0.113.5/24 dev veth1 &&
	rule add to 203.0.113.0/24 unreachable priority 500 && ! in_ns $peer ping -c 1 -W 1 -I 203.0.113.5 192.0.2.2 &&
	rule del priority 500 && r add 203.0.113.0/24 dev veth0 &&
	in_ns $peer ping -c 1 -W 5 -I 203.0.113.5 192.0.2.2"
ok "rules change under traffic" eval "
	in_ns $peer ping -q -f -c 1000 -W 1 192.0.2.2 > /dev/null & flood=\$!
	for i in \$(seq 30); do rule add table 100 priority 10 && rule del priority 10 || exit 1; done
	wait \$flood; in_ns $peer ping -c 1 -W 5 192.0.2.2"
ok "deleted with rules of its own" eval "rule add from 10.0.0.0/8 iif veth0 table 9 && ip netns del $us"
finish
