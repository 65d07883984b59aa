#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# "mynet doctor": each thing that can be wrong is made wrong, and told with the command that mends it.
. ../lib/lib.sh
. ../lib/mynet.sh
modprobe -r af_mynet 2> /dev/null

release=$(uname -r)
work=$(mktemp -d)
defer rm -rf "$work"

finds() {	# finds WORDS COMMAND: a finding with these words, and this command to mend it
	local output status=0
	output=$(mynet "${ns[@]}" doctor) || status=$?
	echo "$output"
	equals 2 "$status" && grep -A 1 "^finding.*$1" <<< "$output" | grep -qF "# $2"
}
approves() {	# approves WORDS
	mynet "${ns[@]}" doctor | tee /dev/stderr | grep -q "^ok.*$1"
}
# with FILE TEXT CMD...: FILE is TEXT meanwhile
with() {
	local file=$1 status
	printf '%b' "$2" > "$work/file"
	shift 2
	mount --bind "$work/file" "$file" || return
	"$@"
	status=$?
	umount "$file"
	return "$status"
}
not_loaded() {
	! grep -q '^af_mynet ' /proc/modules
}

ns=()
ok "the module is not loaded: found" finds "not loaded" "modprobe af_mynet"
ok "... and looking did not load it" not_loaded
ok "the module is installed: approved" approves "is installed"
ok "the module is not installed: found" with "/lib/modules/$release/modules.dep" "" \
	finds "not installed" "make install"
ok "nobody else takes the number: approved" approves "family number 18"
ok "somebody else takes the number: found" with "/lib/modules/$release/modules.alias" \
	"alias net-pf-18 af_ash\\n" finds "module af_ash takes" "echo blacklist af_ash"
ok "no headers, and no module: found" eval "
	[ ! -e /lib/modules/$release/build/Makefile ] && with /lib/modules/$release/modules.dep '' \
		finds 'has no headers' 'apt-get install linux-headers'"
ok "no headers, but the module: approved" approves "not here, nor needed"
echo 'install af_mynet /bin/false' > /etc/modprobe.d/mynet-doctor-test.conf
defer rm -f /etc/modprobe.d/mynet-doctor-test.conf
for how in --preload --trap; do
	ok "a program is not run where the kernel has no MYNET $how" \
		refuses "does not know MYNET" mynet run $how true
done
rm /etc/modprobe.d/mynet-doctor-test.conf
ok "no signature is needed: approved" approves "need no signature"
ok "signed modules only: found" with /sys/module/module/parameters/sig_enforce "Y\\n" \
	finds "signed modules only" "kmodsign"

load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # set by two_hosts
ns=(-n "$us")
ok "the module is loaded: approved" approves "is loaded"
ok "nobody holds it: told" approves "nobody holds the module"
mynet -n "$us" run python3 -c '
import signal, socket
s = socket.socket(); t = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); signal.pause()' &
holder=$!
defer kill "$holder"
ok "a program holds it: told, with its number" wait_for 20 approves "the module is held by python3 ($holder)"
ok "... in every namespace" eval "ns=() && approves 'the module is held by python3 ($holder)'"
kill "$holder"; wait "$holder" 2> /dev/null
if [ -e /sys/module/af_mynet/srcversion ]; then
	ok "another module is loaded than is installed: found" with /sys/module/af_mynet/srcversion "0123\\n" \
		finds "another one than the installed" "modprobe -r af_mynet"
else
	skip "another module is loaded than is installed: found" "this kernel's modules have no srcversion"
fi
ok "an attached device that is MYNET's alone: approved" approves "veth0 is attached"
ok "an address of the kernel's on it: found" eval "
	ip -n $us address add 192.0.2.77/24 dev veth0 &&
	finds 'kernel.s IPv4 has 192.0.2.77' 'ip -n $us -4 address flush dev veth0'"
ok "... and gone by that command" eval "
	ip -n $us -4 address flush dev veth0 && approves 'veth0 is attached'"
ok "a neighbour of the kernel's on it: found" eval "
	ip -n $us neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev veth0 &&
	finds 'knows 1 neighbours' 'ip -n $us -4 neighbour flush dev veth0'"
ok "no device is attached: found" eval "
	mynet -n $us dev detach veth0 && finds 'no device is attached' 'mynet -n $us dev attach DEV && mynet -n $us addr'"
silent() {	# silent WORDS: no finding has them
	! mynet "${ns[@]}" doctor | tee /dev/stderr | grep -q "$1"
}
ok "... unlike one that has EtherTypes of its own" eval "
	mynet -n $us dev attach veth0 mode native && silent 'no device is attached'; e=\$?
	mynet -n $us dev detach veth0; exit \$e"
ok "JSON" eval "
	mynet -j -n $us doctor | jq -e '[.[] | select(.verdict == \"finding\")] | all(.command != null) and length > 0'"
ok "help is given" says "Usage: mynet doctor" mynet doctor help
finish
