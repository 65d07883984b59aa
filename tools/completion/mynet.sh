# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Completion of "mynet" for bash: objects, their commands, and the words behind these. What can be
# known only on this machine (devices, namespaces, tables) is asked for.

# The words of each object, as its help has them; "|" ends the first place.
declare -gA _mynet_commands=(
	[address]='show add change replace del flush help'
	[dev]='show attach detach help'
	[doctor]='help'
	[maddress]='show join leave help'
	[monitor]='all label dev addr neigh route rule help'
	[neighbour]='show get add change replace del flush help'
	[nic]='show cable uncable set fail help'
	[route]='show add change replace prepend append del get flush help'
	[rule]='list add del flush help'
	[run]='--preload --trap --inet-ports'
	[ss]='-t -u -w --ping -a -l -n -p -e -o -m -i -s -H -O -K state exclude'
	[statistics]='show reset absolute all watch help'
)
declare -gA _mynet_words=(
	[address]='dev to broadcast scope label noprefixroute valid_lft preferred_lft up primary secondary
		permanent dynamic deprecated tentative'
	[dev]='mode force up'
	[maddress]='dev from except'
	[monitor]='dev addr neigh route rule'
	[neighbour]='dev to lladdr proxy nud'
	[nic]='netns loss duplicate reorder corrupt truncate overlong delay jitter pace seed clean hang bus'
	[route]='via dev src metric tos mtu scope proto table advmss window rtt initcwnd initrwnd
		rto_min quickack congctl hoplimit ssthresh cwnd reordering lock onlink nexthop
		weight default root match exact type from iif mark ipproto sport dport uid unicast local broadcast multicast
		blackhole unreachable prohibit throw'
	[rule]='not from to iif oif tos fwmark uidrange ipproto sport dport priority table blackhole unreachable prohibit'
	[ss]='-t -u -w --ping -a -l -n -p -e -o -m -i -s -H -O -K state exclude src dst sport dport dev
		fwmark and or not'
	[statistics]='absolute all watch'
)

# Devices of the namespace that -n names, as far as the user may look there.
_mynet_devices() {
	local path
	if [ -n "$_mynet_netns" ]; then
		ip -n "$_mynet_netns" -br link 2> /dev/null | sed 's/[@ ].*//'
		return
	fi
	for path in /sys/class/net/*/; do
		path=${path%/}
		echo "${path##*/}"
	done
}

_mynet_namespaces() {
	local path
	for path in /run/netns/*; do
		[ ! -e "$path" ] || echo "${path##*/}"
	done
}

# The object that a word stands for: the first that begins with it.
_mynet_object() {
	local object
	for object in address dev doctor maddress monitor neighbour nic route rule run ss statistics; do
		[[ $object == "$1"* ]] && echo "$object" && return
	done
}

# The words that may stand behind a word, whatever the object.
_mynet_behind() {
	case $1 in
	dev | iif | oif | attach | detach | cable | uncable | set | fail) _mynet_devices ;;
	netns | -n | -netns) _mynet_namespaces ;;
	mode) echo inet native ;;
	scope) echo global site link host ;;
	nud) echo permanent noarp reachable stale delay probe none incomplete failed all ;;
	ipproto) echo icmp igmp tcp udp dccp gre esp ah sctp udplite ;;
	proto) echo kernel boot static redirect ra zebra bird bgp isis ospf rip eigrp babel dhcp ;;
	table) echo main local default all ;;
	pace) echo on off ;;
	state | exclude) echo all connected synchronized bucket big established syn-sent syn-recv \
		fin-wait-1 fin-wait-2 time-wait closed close-wait last-ack listening closing ;;
	*) return 1 ;;
	esac
}

_mynet() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} at=1 object choice
	local _mynet_netns=''
	COMPREPLY=()
	# options of the program come first
	while [[ $at -lt $COMP_CWORD && ${COMP_WORDS[at]} == -* ]]; do
		case ${COMP_WORDS[at]} in
		-n*) at=$((at + 1)); [ "$at" -ge "$COMP_CWORD" ] || _mynet_netns=${COMP_WORDS[at]} ;;
		-ba*) at=$((at + 1)) ;;
		-b) at=$((at + 1)) ;;
		esac
		at=$((at + 1))
	done
	if [ "$at" -gt "$COMP_CWORD" ]; then
		choice=$(_mynet_behind "$before")
	elif [ "$at" -eq "$COMP_CWORD" ]; then
		choice="${!_mynet_commands[*]} help -n -j -p -s -d -t -c -b -br -o -V -force"
	else
		object=$(_mynet_object "${COMP_WORDS[at]}")
		[ -n "$object" ] || return 0
		if choice=$(_mynet_behind "$before") && [ "$((COMP_CWORD - at))" -gt 1 ]; then
			:
		elif [ "$((COMP_CWORD - at))" -eq 1 ]; then
			choice=${_mynet_commands[$object]}
		else
			choice=${_mynet_words[$object]:-}
		fi
	fi
	mapfile -t COMPREPLY < <(compgen -W "$choice" -- "$word")
}
complete -o default -F _mynet mynet
