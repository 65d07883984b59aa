#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Programs that a host runs for itself: busybox's DHCP client and server, arping, ping and traceroute.
. ../lib/lib.sh
. ../lib/mynet.sh
. ../lib/programs.sh
needs traceroute ping
load_family
three_hosts

# --- ping, arping and traceroute: $us stands between the other two ---
in_ns "$us" sysctl -qw net.mynet.ip_forward=1
ip -n "$peer" route add default via 192.0.2.2
mynet -n "$other" route add default via 198.51.100.2

pings() {
	(on "$3" ping -c 2 -i 0.2 -W 20 "$2") && (on "$3" ping -c 1 -s 4000 -W 20 "$2") &&
		(on "$3" busybox ping -c 1 -W 20 "$2")
}
hops() {	# hops CLIENT ADDR HOP... -- OPTION...: the way there
	local client=$1 addr=$2 wanted=()
	shift 2
	while [ "$1" != -- ]; do wanted+=("$1"); shift; done
	shift
	equals "${wanted[*]}" "$(on "$client" traceroute -4 -n -q 1 -w 20 "$@" "$addr" 2>&1 |
		awk 'NR > 1 { printf "%s%s", (NR > 2 ? " " : ""), $2 }')"
}

for_pairs "ping" pings
ok "arping has its answer on a device of MYNET" in_ns "$us" busybox arping -c 1 -w 30 -I veth0 192.0.2.1
for how in "" -I "-T -p 9"; do
	# shellcheck disable=SC2086 # options
	{
		ok "traceroute $how from MYNET over MYNET to the kernel's IPv4" \
			hops "$other" 192.0.2.1 198.51.100.2 192.0.2.1 -- $how
		ok "... from the kernel's IPv4 to MYNET" \
			hops "$peer" 198.51.100.1 192.0.2.2 198.51.100.1 -- $how
		ok "... from MYNET to its neighbour" hops "$other" 198.51.100.2 198.51.100.2 -- $how
	}
done

# --- DHCP ---
cat > "$tmp/mynet-script" << 'END'
#!/bin/sh
case $1 in
deconfig)
	mynet addr flush dev "$interface" ;;
bound | renew)
	mynet addr add "$ip/$mask" dev "$interface" && mynet route replace default via "$router" ;;
esac
END
cat > "$tmp/inet-script" << 'END'
#!/bin/sh
case $1 in
deconfig)
	ip -4 addr flush dev "$interface" ;;
bound | renew)
	ip addr add "$ip/$mask" dev "$interface" && ip route replace default via "$router" ;;
esac
END
chmod +x "$tmp"/*-script
declare -A device=(["$us 192.0.2.2"]=veth0 ["$us 198.51.100.2"]=veth2 ["$peer 192.0.2.1"]=veth1)
declare -A number=(["$us"]=77 ["$peer"]=78 ["$other"]=79)
declare -A client_device=(["$us"]=veth0 ["$peer"]=veth1 ["$other"]=veth3)
dhcp() {	# dhcp SERVER ADDR CLIENT: an address, a default route, and a ping to show it
	local lease=${2%.*}.${number[$3]} dev=${client_device[$3]} addr=(mynet) server
	[ "$3" != "$peer" ] || addr=(ip -4)
	: > "$tmp/leases"
	cat > "$tmp/udhcpd.conf" <<-END
	start $lease
	end $lease
	interface ${device[$1 $2]}
	lease_file $tmp/leases
	pidfile $tmp/udhcpd-pid
	option subnet 255.255.255.0
	option router $2
	END
	on "$1" busybox udhcpd -f "$tmp/udhcpd.conf" > "$tmp/udhcpd" 2>&1 &
	server=$!
	if [ "$3" = "$peer" ]; then
		(on "$3" busybox udhcpc -f -q -n -t 20 -T 2 -i "$dev" -s "$tmp/inet-script")
	else
		(on "$3" busybox udhcpc -f -q -n -t 20 -T 2 -i "$dev" -s "$tmp/mynet-script")
	fi &&
		says "$lease/24" "${addr[0]}" -n "$3" addr show dev "$dev" &&
		says "default via $2" "${addr[0]}" -n "$3" route show &&
		(on "$3" ping -c 1 -W 20 "$2")
	local status=$?
	kill "$server"
	wait "$server"
	as_before "$3" "$dev"
	cat "$tmp/udhcpd"
	return "$status"
}
as_before() {	# as_before CLIENT DEV: the address it had before it asked for one
	if [ "$1" = "$peer" ]; then
		ip -n "$1" -4 addr flush dev "$2" && ip -n "$1" addr add 192.0.2.1/24 dev "$2"
	else
		mynet -n "$1" addr flush dev "$2"
		[ "$1" != "$us" ] || mynet -n "$1" addr add 192.0.2.2/24 dev "$2"
	fi
}
for_pairs "udhcpc has an address of udhcpd" dhcp
finish
