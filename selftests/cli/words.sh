#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A command that lacks a word says which; one that cannot work says what would make it work.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no hosts"; exit 1; }
# shellcheck disable=SC2154 # set by two_hosts
m() { mynet -n "$us" "$@"; }

lacks() {	# lacks WORD COMMAND...
	ok "it is told that $1 is missing: ${*:2}" refuses "\"$1\" is required" m "${@:2}"
}
lacks "dev DEV" addr add 192.0.2.9/24
lacks "dev DEV" addr del 192.0.2.2/24
lacks ADDR addr add dev veth0
lacks "dev DEV" neigh add 192.0.2.9 lladdr 02:00:00:00:00:09
lacks ADDR neigh add
lacks GROUP maddr join
ok "what has to follow a word is told" refuses 'something is required after "dev"' m addr add 192.0.2.9/24 dev
ok "... also after an object's verb" refuses 'something is required after "attach"' m dev attach

ip -n "$us" link add loose type veth peer name other
for command in "addr add 192.0.2.9/24 dev loose" "route add 198.51.100.0/24 dev loose" \
	"neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev loose" "dev show loose"; do
	# shellcheck disable=SC2086 # words on purpose
	ok "the command that attaches is named: $command" refuses "mynet -n $us dev attach loose" m $command
done

for object in addr dev maddr neigh nic route rule; do
	ok "help is given behind a verb: $object" says "Usage: mynet" m $object show help
done
ok "... that would change something" says "Usage: mynet route" m route del help
ok "a word too many is refused" refuses "not expected here" m dev detach veth0 now
finish
