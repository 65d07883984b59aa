#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Programs that carry what they are given: an asyncio echo in Python, socat, nc, ssh and sockperf.
. ../lib/lib.sh
. ../lib/mynet.sh
. ../lib/programs.sh
needs socat nc ssh sshd ssh-keygen sockperf
load_family
three_hosts

bytes=1000000 clients=20
[ "${MYNET_KERNEL:-}" != debug ] || bytes=100000 clients=5
head -c "$bytes" /dev/urandom > "$tmp/data"
head -c 1000 /dev/urandom > "$tmp/datagram"

# --- asyncio ---
echo_client() {
	(on "$3" ../lib/asyncecho.py "$2" 7000 "$clients")
}
for host in "$us" "$peer"; do
	serve "an echo in asyncio serves" "$host" 7000 ../lib/asyncecho.py 7000
done
for_pairs "$clients clients of asyncio at once" echo_client

# --- socat and nc ---
socat_stream() {
	(on "$3" socat -t 60 - "TCP4:$2:7001" < "$tmp/data") | cmp - "$tmp/data"
}
socat_datagram() {
	(on "$3" socat -t 60 - "UDP4:$2:7001,readbytes=1000" < "$tmp/datagram") | cmp - "$tmp/datagram"
}
for host in "$us" "$peer"; do
	serve "socat serves streams" "$host" 7001 socat TCP4-LISTEN:7001,fork,reuseaddr EXEC:cat
	serve "... and datagrams" "$host" 7001/udp socat UDP4-RECVFROM:7001,fork EXEC:cat
done
for_pairs "socat has its stream back" socat_stream
for_pairs "... and its datagram" socat_datagram

nc_stream() {	# one connection each: a server of its own
	local server
	on "$1" nc -4 -l 7002 > "$tmp/nc" &
	server=$!
	wait_for 30 listens "$1" 7002 && (on "$3" nc -4 -N "$2" 7002 < "$tmp/data") && wait "$server" &&
		cmp "$tmp/nc" "$tmp/data"
}
for_pairs "nc carries a file" nc_stream

# --- ssh ---
ssh-keygen -q -t ed25519 -N '' -f "$tmp/host-key"
ssh-keygen -q -t ed25519 -N '' -f "$tmp/key"
# sshd wants an account and a folder of its own. Both are seen by it alone.
cp /etc/passwd "$tmp/passwd"
grep -q '^sshd:' /etc/passwd || echo 'sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin' >> "$tmp/passwd"
mkdir -p /run/sshd
cat > "$tmp/sshd_config" << END
HostKey $tmp/host-key
AuthorizedKeysFile $tmp/key.pub
StrictModes no
UsePAM no
PidFile none
PermitRootLogin yes
PrintMotd no
UseDNS no
END
cat > "$tmp/sshd" << END
#!/bin/sh
mount --bind $tmp/passwd /etc/passwd
exec $(command -v sshd) -D -e -4 -p 2222 -f $tmp/sshd_config
END
chmod +x "$tmp/sshd"
ssh_to() {	# ssh_to CLIENT ADDR [ARG...]: runs $remote there
	(on "$1" ssh -4 -p 2222 -i "$tmp/key" -o BatchMode=yes -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR "${@:3}" "root@$2" "$remote")
}
# A file there and back, and a port of the client's own, carried to where the server is.
ssh_there() {
	local client remote="cat; echo \$SSH_CONNECTION >&2"
	rm -f "$tmp/carried"
	ssh_to "$3" "$2" -L "7003:$2:7001" < <(cat "$tmp/data"; wait_for 60 [ -e "$tmp/carried" ]) \
		> "$tmp/back" 2> "$tmp/told" &
	client=$!
	wait_for 60 listens "$3" 7003 &&
		(on "$3" socat -t 60 - TCP4:127.0.0.1:7003 < "$tmp/data") > "$tmp/forwarded"
	touch "$tmp/carried"
	wait "$client" && cmp "$tmp/back" "$tmp/data" && cmp "$tmp/forwarded" "$tmp/data" &&
		says " $2 2222" cat "$tmp/told"
}
for host in "$us" "$peer"; do
	serve "sshd serves" "$host" 2222 "$tmp/sshd"
done
for_pairs "ssh carries a file there and back, and a port," ssh_there

# --- sockperf ---
ping_pong() {
	local how
	for how in "" --tcp; do
		# shellcheck disable=SC2086 # an option or none
		(on "$3" sockperf ping-pong -i "$2" -p 11111 -t 1 $how) > "$tmp/sockperf" 2>&1
		cat "$tmp/sockperf"
		grep -q 'dropped messages = 0; .*duplicated messages = 0; .*out-of-order messages = 0' "$tmp/sockperf" || return
	done
}
for host in "$us" "$peer"; do
	serve "sockperf serves datagrams" "$host" 11111/udp sockperf server -i 0.0.0.0 -p 11111
	serve "... and streams" "$host" 11111 sockperf server -i 0.0.0.0 -p 11111 --tcp
done
ok "each is where it is thought to be" eval "
	for port in 7000 7001 2222 11111; do is_mynets $us \$port && ! is_mynets $peer \$port || exit; done"
for_pairs "sockperf loses nothing" ping_pong
finish
