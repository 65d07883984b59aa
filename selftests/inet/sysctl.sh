#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/sysctl.rst names every knob there is and no other, with its default and its range.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
new_netns us
document=$(dirname "$(readlink -f "$0")")/../../Documentation/sysctl.rst

# Each knob in the document: its name below net/mynet, default and range, with "|" between.
documented() {
	awk -F '  +' '
		/^Devices$/ { under = "conf/default/" }
		/^Neighbours$/ { under = "neigh/" }
		/^The example of a hook$/ { under = "hook_example/" }
		/^TCP$/ { under = "" }
		/^``/ { name = $1; gsub("`", "", name); print under name "|" $2 "|" $3 }' "$document"
}

there() {	# there CMD...: the names that the command sees
	"$@" find /proc/sys/net/mynet -type f -printf '%P\n' | grep -v '^conf/lo/' | sort
}

# inside FUNCTION: in the namespace, all of it in one process, for there are many knobs.
# shellcheck disable=SC2154 # us is set by new_netns
inside() { in_ns "$us" bash -c "$(declare -f; declare -p document shared); $1"; }
read_knob() {
	local value
	value=$(< "/proc/sys/net/mynet/$1") && echo "${value//$'\t'/ }"
}
write_knob() { echo "$2" 2> /dev/null > "/proc/sys/net/mynet/$1"; }

same_names() {
	diff <(documented | cut -d'|' -f1 | sort) <(there env)
}
# Knobs of the first namespace only.
shared='tcp_mem|tcp_max_orphans|udp_mem|udp_rmem_min|udp_wmem_min'
same_names_here() {
	diff <(documented | cut -d'|' -f1 | grep -vxE "$shared" | sort) \
		<(there in_ns "$us")
}

same_defaults() {
	local name value range bad=0
	while IFS='|' read -r name value range; do
		[[ ! $name =~ ^($shared)$ ]] || continue
		[ "$value" != "(none)" ] || value=
		equals "$value" "$(read_knob "$name")" || { echo "... of $name ($range)"; bad=1; }
	done < <(documented)
	return "$bad"
}

# The last values of the range go in, those beyond do not.
in_range() {	# in_range NAME DEFAULT LOW HIGH
	write_knob "$1" "$3" && write_knob "$1" "$4" && equals "$4" "$(read_knob "$1")" &&
		not write_knob "$1" $(($3 - 1)) && not write_knob "$1" $(($4 + 1)) &&
		equals "$4" "$(read_knob "$1")" && write_knob "$1" "$2"
}
same_ranges() {
	local name value range bad=0
	while IFS='|' read -r name value range; do
		[[ $range == *..* && ! $name =~ ^($shared)$ ]] || continue
		in_range "$name" "$value" "${range%..*}" "$([ "${range#*..}" ] && echo "${range#*..}" ||
			echo 2147483647)" || { echo "... of $name"; bad=1; }
	done < <(documented)
	return "$bad"
}

ok "the document names each knob of the first namespace, and no other" same_names
ok "... and of others" same_names_here
ok "the defaults are those of the document" inside same_defaults
ok "a value in the range is taken, one beyond it is refused" inside same_ranges
ok "nobody but the administrator writes" eval "
	! in_ns $us setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all \
		sysctl -qw net.mynet.ip_default_ttl=3 && equals 64 \"\$(inside 'read_knob ip_default_ttl')\""
finish
