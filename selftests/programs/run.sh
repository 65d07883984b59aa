#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Programs that never heard of MYNET run on it: "mynet run". Their peers are programs on the kernel's own
# IPv4, and each other.
. ../lib/lib.sh
. ../lib/mynet.sh
load_family
two_hosts || { echo "Bail out! no two hosts"; exit 1; }
# shellcheck disable=SC2154 # us and peer are set by two_hosts

tmp=$(mktemp -d)
defer rm -rf "$tmp"
bytes=3000000
[ "${MYNET_KERNEL:-}" != debug ] || bytes=300000
mkdir "$tmp/www"
head -c $bytes /dev/urandom > "$tmp/www/file"
pids=()
defer eval "[ \${#pids[@]} -eq 0 ] || kill \"\${pids[@]}\""

on_mynet=(mynet -n "$us" run)
on_inet=(ip netns exec "$peer")

serve() {	# serve NS PORT CMD...: in the background, until the test ends
	"${@:3}" > "$tmp/served" 2>&1 &
	pids+=($!)
	wait_for 30 listens "$1" "$2" || { cat "$tmp/served"; return 1; }
}
fetched() {	# fetched ADDR PORT CMD...: the file by HTTP, whole
	"${@:3}" python3 -c "
import sys, urllib.request
sys.stdout.buffer.write(urllib.request.urlopen('http://$1:$2/file', timeout=60).read())" |
		cmp - "$tmp/www/file"
}
says_python() {	# says_python WORDS CODE...: of a Python on MYNET
	says "$1" "${on_mynet[@]}" python3 -c "$2"
}
says_python_with() {	# says_python_with OPTIONS WORDS CODE...
	# shellcheck disable=SC2086 # options
	says "$2" "${on_mynet[@]}" $1 python3 -c "$3"
}

serve "$us" 8000 "${on_mynet[@]}" python3 -m http.server -d "$tmp/www" 8000
serve "$peer" 8000 "${on_inet[@]}" python3 -m http.server -d "$tmp/www" 8000
ok "python's web server on MYNET, its client on the kernel's IPv4" fetched 192.0.2.2 8000 "${on_inet[@]}"
ok "... its client on MYNET" fetched 192.0.2.2 8000 "${on_mynet[@]}"
ok "... the server on the kernel's IPv4" fetched 192.0.2.1 8000 "${on_mynet[@]}"
ok "the server is MYNET's" eval "grep -q ':1F40 ' <(in_ns $us cat /proc/net/mynet/tcp) &&
	! grep -q ':1F40 ' <(in_ns $us cat /proc/net/tcp)"

# busybox is static
serve "$us" 8001 "${on_mynet[@]}" busybox httpd -f -p 8001 -h "$tmp/www"
serve "$peer" 8001 "${on_inet[@]}" busybox httpd -f -p 8001 -h "$tmp/www"
ok "a static web server on MYNET" fetched 192.0.2.2 8001 "${on_inet[@]}"
ok "a static client on MYNET" eval "${on_mynet[*]} busybox wget -q -O - http://192.0.2.1:8001/file | cmp - $tmp/www/file"
ok "... of a static server on MYNET" eval "
	${on_mynet[*]} busybox wget -q -O - http://192.0.2.2:8001/file | cmp - $tmp/www/file"

serve "$us" 5201 "${on_mynet[@]}" iperf3 -s -4
for how in "" -R "-u -b 2M"; do
	# shellcheck disable=SC2086 # options
	ok "iperf3 $how from the kernel's IPv4 to MYNET" "${on_inet[@]}" iperf3 -4 -c 192.0.2.2 $how -t 1
done
serve "$peer" 5202 "${on_inet[@]}" iperf3 -s -4 -p 5202
ok "iperf3 from MYNET to the kernel's IPv4" "${on_mynet[@]}" iperf3 -4 -c 192.0.2.1 -p 5202 -t 1

for how in --preload --trap; do
	on_mynet=(mynet -n "$us" run "$how")
	ok "$how: a socket says it is AF_INET" says_python "AF_INET" "
import socket
s = socket.socket(); s.bind(('192.0.2.2', 0)); s.listen(); print(s.family.name)
c = socket.create_connection(s.getsockname()); a, who = s.accept(); print(a.family.name, who[0])
assert a.getsockopt(0x4d59, 1) == 1"
	ok "$how: AF_INET6 is refused" says_python "not supported" "
import socket
try: socket.socket(socket.AF_INET6)
except OSError as e: print(e.strerror)"
	ok "$how: SO_REUSEPORT can be set" says_python "1" "
import socket
s = [socket.socket() for i in range(2)]
for t in s: t.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1); t.bind(('192.0.2.2', 4000)); t.listen()
print(s[1].getsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT))"
	ok "$how: flags of socket() count" says_python "True False" "
import fcntl, os, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
d = fcntl.fcntl(s, fcntl.F_GETFL) & os.O_NONBLOCK
print(bool(d) and bool(fcntl.fcntl(s, fcntl.F_GETFD) & 1), bool(fcntl.fcntl(socket.socket(), fcntl.F_GETFL) & os.O_NONBLOCK))"
	ok "$how: children and threads are on MYNET too" says_python "2" "
import os, socket, threading
n = []
def one(): n.append(socket.socket().getsockopt(0x4d59, 1))
t = threading.Thread(target=one); t.start(); t.join(); print(len(n) + 1 - os.waitstatus_to_exitcode(os.system(
    'python3 -c \"import socket; socket.socket().getsockopt(0x4d59, 1)\"')))"
	ok "$how: the exit status is the program's" eval "
	${on_mynet[*]} sh -c 'exit 7'; equals 7 \$?"
	ok "$how: protocols that MYNET has not are refused as by a kernel without them" says_python "[93, 94, 93]" "
import socket
def error(*what):
    try: socket.socket(socket.AF_INET, *what)
    except OSError as e: return e.errno
print([error(1, 132), error(5, 132), error(1, 262)])"
	ok "$how: other families are as they were" says_python "AF_UNIX" "
import socket; print(socket.socketpair()[0].family.name)"
done
ok "--trap: what goes on in the background is watched on" eval "
	${on_mynet[*]} sh -c '(until [ -e $tmp/go ]; do sleep 0.1; done
		python3 -c \"import socket; socket.socket().getsockopt(0x4d59, 1)\" && touch $tmp/gone) \
		> /dev/null 2>&1 &' && touch $tmp/go && wait_for 10 [ -e $tmp/gone ]"
ok "--trap: ... and nobody waits for the one who watches" eval "
	equals started \$(timeout 10 ${on_mynet[*]} sh -c 'timeout 30 tail -f /dev/null < /dev/null > /dev/null 2>&1 & echo started')"
ok "--trap: a caller in another network namespace gets its sockets there" says_python "1 Cannot assign" "
import os, sys
os.execvp('unshare', ['unshare', '-n', sys.executable, '-c', '''
import socket
s = socket.socket()
try: s.bind((\"192.0.2.2\", 0))
except OSError as e: print(s.getsockopt(0x4d59, 1), e.strerror)'''])"
ok "--trap: ... in a user namespace of its own too, raw ones as well" says_python "1 1" "
import os, sys
os.execvp('unshare', ['unshare', '-Urn', sys.executable, '-c', '''
import socket
print(socket.socket().getsockopt(0x4d59, 1), socket.socket(2, socket.SOCK_RAW, 1).getsockopt(0x4d59, 1))'''])"
trapped_as() {	# trapped_as GROUP: a ping socket of a program of that group and user
	mynet -n "$us" run --trap setpriv --reuid "$1" --regid "$1" --clear-groups /usr/bin/python3 -c '
import os, socket
ping = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)
print(os.fstat(ping.fileno()).st_uid)'
}
in_ns "$us" sysctl -qw net.mynet.ping_group_range='1000 1000'
ok "--trap: a ping socket is judged by its program's group" says 1000 trapped_as 1000
ok "--trap: ... and refused for it" refuses "Permission denied" trapped_as 1001
ok "--trap: capabilities of a user namespace of its own are none here" says_python "not permitted" "
import os, sys
os.execvp('unshare', ['unshare', '-Ur', sys.executable, '-c', '''
import socket
try: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1); print(1)
except OSError as e: print(e.strerror)'''])"
ok "--trap: a signal reaches the program" eval "
	${on_mynet[*]} sh -c 'trap \"exit 9\" TERM; touch $tmp/ready; while :; do sleep 0.1; done' & runner=\$!
	wait_for 10 [ -e $tmp/ready ] && kill \$runner; wait \$runner; equals 9 \$?"
if command -v cc > /dev/null; then
	cat > "$tmp/early.c" <<-EOF
	#include <sys/socket.h>
	__attribute__((constructor)) static void early(void) { socket(AF_INET, SOCK_DGRAM, 0); }
	EOF
	cc -shared -fPIC -o "$tmp/early.so" "$tmp/early.c"
	ok "--preload: a library opens a socket before the program begins" \
		env LD_PRELOAD="$tmp/early.so" mynet -n "$us" run --preload true
else
	skip "--preload: a library opens a socket before the program begins" "there is no compiler"
fi
on_mynet=(mynet -n "$us" run --preload)
ok "--preload: SO_DOMAIN says AF_INET" says_python "2 2" "
import socket
s = socket.socket(); s.bind(('192.0.2.2', 0)); s.listen(); c = socket.create_connection(s.getsockname())
print(s.getsockopt(socket.SOL_SOCKET, 39), s.accept()[0].getsockopt(socket.SOL_SOCKET, 39))"
ok "--preload: ... of its own sockets alone" says_python "18 1" "
import socket
print(socket.socket(18, 1).getsockopt(socket.SOL_SOCKET, 39), socket.socketpair()[0].getsockopt(socket.SOL_SOCKET, 39))"
printf '192.0.2.1 peer.test\n::1 six.test\n' > "$tmp/hosts"
named() {	# named NAME: what getaddrinfo() finds for the families that this host has
	unshare -m sh -c "mount --bind $tmp/hosts /etc/hosts && exec \"\$@\"" sh "${on_mynet[@]}" python3 -c "
import socket
print(*[a[4][0] for a in socket.getaddrinfo('$1', 80, 0, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG)])"
}
ip -n "$us" -4 addr flush dev lo
ok "--preload: names have addresses where the kernel's own IPv4 has none" says 192.0.2.1 named peer.test
ok "--preload: ... digits of IPv6 are told" says ::1 named ::1
on_mynet=(mynet -n "$us" run)
ok "a port can be left to the kernel's IPv4" eval "
	! mynet -n $us run --inet-ports 8000 python3 -c 'import socket; socket.create_connection((\"192.0.2.1\", 8000), 2)'"
for send in "sendto(b'', (" "sendmsg([b''], [], 0, ("; do
	ok "... also by ${send%%(*}()" says_python_with "--inet-ports 53,0x50" "False" "
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try: s.${send}'192.0.2.1', 80))
except OSError: pass
try: s.getsockopt(0x4d59, 1); print(True)
except OSError: print(False)"
done
for ports in 70000 "53," http 53:54 0 "$(seq -s, 17)"; do
	ok "... but not $ports" refuses "port" mynet -n "$us" run --inet-ports "$ports" true
done
printf '#!/bin/sh\nexec busybox true\n' > "$tmp/script"
printf 'no program\n' > "$tmp/text"
chmod +x "$tmp/script" "$tmp/text"
ok "a script runs" "${on_mynet[@]}" "$tmp/script"
ok "what is no program is refused" refuses "no program" "${on_mynet[@]}" "$tmp/text"
ok "what is not there is refused" refuses "Cannot find" "${on_mynet[@]}" no-such-program
as_nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
chmod 755 "$tmp"
cp "$(command -v busybox)" "$tmp/able"
for how in "" --preload --trap; do
	chmod 4755 "$tmp/able"
	# shellcheck disable=SC2086 # none, or one
	ok "a set-uid program is refused $how" refuses "would lose" as_nobody mynet run $how "$tmp/able" true
	chmod 755 "$tmp/able"
	# shellcheck disable=SC2016 # of Python's
	python3 -c '
import os, struct, sys
os.setxattr(sys.argv[1], "security.capability", struct.pack("<5I", 0x02000001, 1 << 13, 0, 0, 0))' "$tmp/able"
	# shellcheck disable=SC2086 # none, or one
	ok "... so is one whose file has capabilities" refuses "would lose" as_nobody mynet run $how "$tmp/able" true
done
ok "nothing is refused" refuses "Usage: mynet" "${on_mynet[@]}"
ok "an unknown option is refused" refuses "Usage: mynet" "${on_mynet[@]}" --what
ok "help is given" says "Usage: mynet" "${on_mynet[@]}" --help
kill "${pids[@]}"
wait "${pids[@]}" 2> /dev/null
pids=()
ok "nothing is left on MYNET when they have ended" wait_for 20 eval "
	[ \$(in_ns $us cat /proc/net/mynet/tcp /proc/net/mynet/udp | grep -c ' 0A \| 07 ') -eq 0 ]"
finish
