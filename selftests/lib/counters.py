#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0
"""Causes things on a host of AF_INET and on one of PF_MYNET, and looks at what each counts.

counters.py inet:US:PEER mynet:US:PEER [NAME...]    cables as those of wire.py. A line for each situation: "ok|wrong
                        NAME", its sentence, what was wrong, with tabs between.

A situation says what both count: "Ip InReceives=1", ">0" for some; what stands behind "|" is PF_MYNET's alone, as is
a line of /proc that begins with Mynet. Whatever else both have in /proc has to grow by the same amount, unless the situation
says which counters differ, and why.
"""
import ctypes
import errno
import os
import re
import socket
import struct
import subprocess
import sys
import time

import family
import netns
from ip import checksum, packet
from wire_calls import PATIENCE, compare, patient
from wire_host import KNOBS, TABLES, read, write
from wire_segment import PEER, US, lladdr

SITUATIONS = []
LIBC = ctypes.CDLL(None, use_errno=True)
FILTER, FORCE = 26, 33		# SO_ATTACH_FILTER, SO_RCVBUFFORCE
ALL = b"\xff" * 6


def situation(sentence, counts, differ=""):
    """Declares one. differ: what need not be the same, with the reason in a comment beside it."""
    def keep(play):
        SITUATIONS.append((play.__name__.replace("_", "-"), sentence, counts, differ, play))
        return play
    return keep


def counters(kind):
    found = {}
    for name in ("snmp", "netstat") + (("drops",) if kind == "mynet" else ()):
        lines = [line.split() for line in read(TABLES[kind] + name).splitlines()]
        for names, values in zip(lines[::2], lines[1::2]):
            found.update((names[0][:-1] + " " + n, int(v)) for n, v in zip(names[1:], values[1:]))
    return found


class Host:
    """The host that is judged, and a peer without a stack."""

    def __init__(self, cable):
        self.kind, self.us, self.peer = cable.split(":")
        with netns.inside(self.peer):
            self.wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            self.wire.bind(("veth1", 0))
        with open("/run/netns/" + self.us, "rb") as there:
            netns.enter(there)
        self.mac = lladdr("veth0")
        self.undo, self.open = [], []
        self.before = counters(self.kind)

    def begin(self):
        """Forgets what was counted before: that was preparation."""
        self.before = counters(self.kind)

    def grown(self):
        now = counters(self.kind)
        return {name: now[name] - self.before[name] for name in now if name in self.before}

    def put(self, dst=None, **words):
        """A packet comes in; the words are those of ip.py."""
        opts = dict({"saddr": PEER, "daddr": US}, **{name: str(value) for name, value in words.items()})
        self.wire.send((dst or self.mac) + self.wire.getsockname()[4] + b"\x08\0" + packet(opts))

    def put_udp(self, port, size=8, length=None, check=None, cut=None, **words):
        """A datagram from port 9 comes in."""
        source, target = words.get("saddr", PEER), words.get("daddr", US)
        head = struct.pack("!HHHH", 9, port, 8 + size if length is None else length, 0)
        if check is None:
            check = checksum(socket.inet_aton(source) + socket.inet_aton(target) +
                             struct.pack("!HH", 17, 8 + size) + head + bytes(size))
        data = head[:6] + struct.pack("!H", check) + bytes(size)
        self.put(proto=17, data=data[:cut].hex(), **words)

    def sock(self, kind=socket.SOCK_DGRAM, proto=0, bound=None):
        sock = family.sock(self.kind, kind, proto)
        self.open.append(sock)
        if bound is not None:
            sock.bind(("0.0.0.0", bound))
        return sock

    def sysctl(self, name, value):
        path = KNOBS[self.kind] + name
        self.undo.append((write, path, read(path)))
        write(path, str(value))

    def machine_sysctl(self, name, value):
        """A knob that is the whole machine's."""
        def put(value):
            with netns.away(), open("/proc/1/ns/net", "rb") as first:
                netns.enter(first)
                write(KNOBS[self.kind] + name, value)
        with netns.away(), open("/proc/1/ns/net", "rb") as first:
            netns.enter(first)
            self.undo.append((put, read(KNOBS[self.kind] + name)))
        put(value)

    def tool(self, *words):
        subprocess.run(["ip" if self.kind == "inet" else "mynet", *words], check=True)

    def route(self, *words):
        self.tool("route", "add", *words)
        self.undo.append((self.tool, "route", "del", *words[:words.index("mtu") if "mtu" in words else None]))

    def router(self):
        self.sysctl("ip_forward", 1)
        self.sysctl("conf/veth0/send_redirects", 0)
        if self.kind == "inet":
            self.sysctl("conf/all/send_redirects", 0)

    def end(self):
        for sock in self.open:
            sock.close()
        for call, *args in reversed(self.undo):
            call(*args)
        self.undo, self.open = [], []


def wanted(counts, kind):
    """Names, signs and numbers that are asked of this kind."""
    if kind == "inet":
        counts = counts.partition("|")[0]
    return [want for want in re.findall(r"(\w+ \w+)([=<>])(\d+)", counts)
            if kind == "mynet" or not want[0].startswith("Mynet")]


def is_met(host, counts):
    grown = host.grown()
    return [f"{name} grew by {grown.get(name)}, not {sign}{number}" for name, sign, number in wanted(counts, host.kind)
            if not compare(grown.get(name, 0), sign.strip("=") + number)]


def play_one(cable, counts, play):
    """The counters of one kind after a situation, and what of them is wrong."""
    host = Host(cable)
    try:
        play(host)
        wrong = patient(lambda: is_met(host, counts), lambda wrong: not wrong)
        grown = host.grown()
        time.sleep(0.02)	# waits for time itself: that nothing more is counted
        while host.grown() != grown:
            grown = host.grown()
    except OSError as error:
        wrong, grown = [repr(error)], {}
    finally:
        host.end()
    return grown, [host.kind + ": " + what for what in wrong]


def play_both(cables, name, sentence, counts, differ, play):
    grown, wrong = {}, []
    for cable in cables:
        kind = cable.split(":")[0]
        grown[kind], faults = play_one(cable, counts, play)
        wrong += faults
    if not wrong and len(grown) == 2:
        inet, mynet = grown["inet"], grown["mynet"]
        wrong = [f"{name}: inet {inet[name]}, mynet {mynet[name]}" for name in sorted(inet)
                 if name in mynet and inet[name] != mynet[name] and name not in differ and differ != "*"]
    print(f"{'wrong' if wrong else 'ok'} {name}\t{sentence}\t{'; '.join(wrong)}", flush=True)


# --- packets that come in ---------------------------------------------------------------------------


@situation("an echo request and its answer", """Ip InReceives=1 Ip InDelivers=1 Ip OutRequests=1 Icmp InMsgs=1
           Icmp InEchos=1 Icmp OutMsgs=1 Icmp OutEchoReps=1 IpExt InOctets=84 IpExt OutOctets=84
           MynetLink InOctets=84 MynetLink OutOctets=84""")
def echo(host):
    host.put(echo=56)


@situation("a packet shorter than it says", "IpExt InTruncatedPkts=1 MynetDrop IP_TRUNC=1")
def truncated(host):
    host.put(echo=8, len=400)


@situation("a packet shorter than a header", "Ip InHdrErrors=1 MynetDrop IP_TRUNC=1")
def no_header(host):
    host.put(echo=0, cut=19)


@situation("a packet with a wrong header checksum", """IpExt InCsumErrors=1 Ip InHdrErrors=1
           MynetDrop IP_CSUM=1""")
def header_checksum(host):
    host.put(echo=8, csum=0x1234)


@situation("a packet for another host", "Ip InAddrErrors=1 MynetDrop IP_NOT_HERE=1")
def not_here(host):
    host.put(echo=8, daddr="198.51.100.1")


@situation("a packet for everyone", "IpExt InBcastPkts=1 IpExt InBcastOctets=28 MynetDrop ICMP_IGNORED=1",
           "Icmp InErrors")	# INET counts what it is set to ignore as wrong
def broadcast(host):
    host.put(echo=0, dst=ALL, daddr="192.0.2.255")


@situation("a packet for a group", "IpExt InMcastPkts=1 IpExt InMcastOctets=28 MynetDrop ICMP_IGNORED=1",
           "Icmp InErrors")	# INET counts what it is set to ignore as wrong
def group(host):
    host.put(echo=0, dst=b"\1\0\x5e\0\0\1", daddr="224.0.0.1")


@situation("a packet whose hops are over", "Ip InHdrErrors=1 Icmp OutTimeExcds=1 Icmp OutMsgs=1 MynetDrop IP_TTL=1")
def no_hop(host):
    host.router()
    host.route("198.51.100.0/24", "via", PEER)
    host.begin()
    host.put(echo=8, daddr="198.51.100.1", ttl=1)


@situation("a packet that goes on", "Ip ForwDatagrams=1 Ip InReceives=1 IpExt OutOctets>35",
           "Ip OutRequests IpExt OutOctets")	# INET before 6.6 counts it as one of its own as well
def forwarded(host):
    host.router()
    host.route("198.51.100.0/24", "via", PEER)
    host.begin()
    host.put(echo=8, daddr="198.51.100.1")


@situation("a packet that is too large to go on whole", """Ip FragFails=1 Icmp OutDestUnreachs=1
           MynetDrop IP_TOO_BIG=1""")
def too_big(host):
    host.router()
    host.route("198.51.100.0/24", "via", PEER, "mtu", "600")
    host.begin()
    host.put(echo=1000, daddr="198.51.100.1", df="")


@situation("a router without a route for a packet", """IpExt InNoRoutes=1 Icmp OutDestUnreachs=1
           MynetDrop IP_NO_ROUTE=1""")
def no_route(host):
    host.router()
    host.begin()
    host.put(echo=8, daddr="203.0.113.1")


@situation("a router whose route says unreachable", "Icmp OutDestUnreachs=1 MynetDrop IP_UNREACHABLE=1")
def unreachable(host):
    host.router()
    host.route("unreachable", "198.51.100.0/24")
    host.begin()
    host.put(echo=8, saddr="192.0.2.51", daddr="198.51.100.1")	# INET has a limit for each sender


@situation("a router whose route says prohibited", "Icmp OutDestUnreachs=1 MynetDrop IP_PROHIBITED=1")
def prohibited(host):
    host.router()
    host.route("prohibit", "198.51.100.0/24")
    host.begin()
    host.put(echo=8, saddr="192.0.2.52", daddr="198.51.100.1")


@situation("a packet for a group that nobody joined", "IpExt InMcastPkts=0 MynetDrop IP_GROUP=1")
def group_foreign(host):
    host.put(echo=0, dst=b"\1\0\x5e\1\2\3", daddr="224.1.2.3")


@situation("a packet from an address that nobody can have", "MynetDrop IP_MARTIAN_SRC=1 | Ip InAddrErrors=1",
           "Ip InAddrErrors")	# RFC 4293 wants it counted, INET does not
def martian(host):
    host.put(echo=0, saddr="127.0.0.1")


@situation("a packet with padding behind it", "Ip InReceives=1 IpExt InOctets=46")
def padding(host):
    host.put(echo=0, pad=18)


# --- messages ----------------------------------------------------------------------------------------


@situation("an ICMP message with a wrong checksum", """Icmp InMsgs=1 Icmp InErrors=1 Icmp InCsumErrors=1
           MynetDrop ICMP_CSUM=1""")
def icmp_checksum(host):
    host.put(echo=8, echocsum=0x1111)


@situation("an ICMP message that is too short", "Icmp InMsgs=1 Icmp InErrors=1 MynetDrop ICMP_TRUNC=1")
def icmp_short(host):
    host.put(data="0800f7ff")


@situation("an error that quotes too little", "Icmp InErrors=1 Icmp InDestUnreachs=1 MynetDrop ICMP_TRUNC=1")
def icmp_quote(host):
    host.put(icmp="3,3,0,4500001c")


@situation("an echo reply that nobody asked for", "Icmp InEchoReps=1 MynetDrop ICMP_UNCLAIMED=1")
def echo_reply(host):
    host.put(icmp="0,0,0,00")


@situation("a timestamp request and its answer", "Icmp InTimestamps=1 Icmp OutMsgs=1 | Icmp OutTimestampReps=1",
           "Icmp OutTimestampReps Icmp OutEchoReps")	# INET 6.1 counts each answer as one to an echo request
def timestamp(host):
    host.put(icmp="13,0,0x12340001,000000010000000000000000")


def quote(proto, dport=7):
    """The quote of a packet that this host could have sent."""
    return (struct.pack("!BBHHHBBH4s4s", 0x45, 0, 36, 0, 0, 64, proto, 0, socket.inet_aton(US),
                        socket.inet_aton(PEER)) + struct.pack("!HHHH", 4711, dport, 16, 0)).hex()


@situation("an error about a datagram of no socket", "Icmp InTimeExcds=1 Icmp InErrors=1")
def time_exceeded(host):
    host.put(icmp="11,0,0," + quote(17))


@situation("an error about a segment of no connection", "Icmp InParmProbs=1 Icmp InErrors=1")
def parameter(host):
    host.put(icmp="12,0,0x14000000," + quote(6))


@situation("options that are wrong", "Ip InHdrErrors=1 Icmp OutParmProbs=1 MynetDrop IP_OPTIONS=1")
def wrong_options(host):
    host.put(echo=0, options="07010400")


# --- datagrams ---------------------------------------------------------------------------------------


@situation("a datagram that is read", "Udp InDatagrams=1 Ip InDelivers=1")
def datagram(host):
    sock = host.sock(bound=700)
    host.put_udp(700)
    sock.recv(100)


@situation("a datagram that is sent", "Udp OutDatagrams=1 Ip OutRequests=1 IpExt OutOctets=33")
def datagram_sent(host):
    host.sock().sendto(b"hello", (PEER, 9))


@situation("a datagram to everyone", "IpExt OutBcastPkts=1 IpExt OutBcastOctets=33")
def datagram_to_all(host):
    sock = host.sock()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    sock.sendto(b"hello", ("192.0.2.255", 9))


@situation("a datagram to a group", "IpExt OutMcastPkts=1 IpExt OutMcastOctets=33")
def datagram_to_group(host):
    sock = host.sock()
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(US))
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
    sock.sendto(b"hello", ("232.1.1.1", 9))


@situation("a datagram to a group by a device that is down", "Ip OutNoRoutes=1 Ip OutRequests=0 MynetDrop LINK_DOWN=0")
def group_down(host):
    subprocess.run(["ip", "link", "add", "down0", "type", "dummy"], check=True)
    host.undo.append((subprocess.run, ["ip", "link", "del", "down0"]))
    if host.kind == "mynet":
        host.tool("dev", "attach", "down0")
    sock = host.sock()
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
                    struct.pack("=4s4si", bytes(4), bytes(4), socket.if_nametoindex("down0")))
    host.begin()
    try:
        sock.sendto(b"hello", ("232.1.1.1", 9))
    except OSError as error:
        if error.errno != errno.ENETUNREACH:
            raise


@situation("a datagram to a group from the address of a device that is down", "MynetDrop LINK_DOWN=1", "*")
def group_down_source(host):
    """AF_INET leaves it to the device."""
    subprocess.run(["ip", "link", "add", "down0", "type", "dummy"], check=True)
    host.undo.append((subprocess.run, ["ip", "link", "del", "down0"]))
    if host.kind == "mynet":
        host.tool("dev", "attach", "down0")
    host.tool("addr", "add", "198.18.0.1/24", "dev", "down0")
    sock = host.sock()
    sock.bind(("198.18.0.1", 0))
    try:
        sock.sendto(b"hello", ("232.1.1.1", 9))
    except OSError:
        pass


@situation("a datagram that has no way", "Ip OutNoRoutes=1")
def datagram_no_route(host):
    try:
        host.sock().sendto(b"hello", ("203.0.113.1", 9))
    except OSError:
        pass


@situation("a datagram whose way is none when it is flushed", "Udp OutDatagrams=0 MynetDrop SOCK_REFUSED=1", "*")
def datagram_refused(host):
    """The whole of INET's is refused before; its counters are another situation's."""
    sock = host.sock()
    sock.setsockopt(socket.IPPROTO_IP, 10, 2)		# IP_MTU_DISCOVER, IP_PMTUDISC_DO
    try:
        sock.sendto(bytes(3000), (PEER, 9))
    except OSError:
        pass


@situation("a datagram for a port that nobody has", """Udp NoPorts=1 Icmp OutDestUnreachs=1
           MynetDrop UDP_NO_PORT=1""")
def no_port(host):
    host.put_udp(700)


@situation("a datagram with a wrong checksum", "Udp InErrors=1 Udp InCsumErrors=1 MynetDrop UDP_CSUM=1")
def udp_checksum(host):
    host.sock(bound=700)
    host.put_udp(700, check=0x1234)


@situation("a datagram shorter than its header says", "Udp InErrors=1 MynetDrop UDP_BAD=1")
def udp_short(host):
    host.sock(bound=700)
    host.put_udp(700, length=100)


@situation("a datagram for everyone, and nobody has the port", "Udp IgnoredMulti=1 MynetDrop UDP_GROUP=1")
def udp_nobody(host):
    host.put_udp(700, dst=ALL, daddr="192.0.2.255")


@situation("a datagram that finds the queue full", "Udp InErrors>0 Udp RcvbufErrors>0 MynetDrop SOCK_FULL>0", "*")
def udp_full(host):
    """How many find room depends on what a packet takes in memory."""
    sock = host.sock(bound=700)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    for _ in range(20):
        host.put_udp(700, 1000)


@situation("a datagram that the socket's filter refuses", "Udp InErrors=1 MynetDrop SOCK_FILTER=1")
def udp_filter(host):
    sock = host.sock(bound=700)
    program = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0))
    sock.setsockopt(socket.SOL_SOCKET, FILTER, struct.pack("HL", 1, ctypes.addressof(program)))
    host.put_udp(700)


@situation("a datagram that cannot be copied to the program", "Udp InErrors=1 Udp InDatagrams=0 MynetDrop SOCK_COPY=1")
def udp_copy(host):
    sock = host.sock(bound=700)
    host.put_udp(700)
    patient(lambda: host.grown()["Ip InDelivers"], lambda n: n)
    LIBC.recv(sock.fileno(), ctypes.c_void_p(1), ctypes.c_size_t(100), 0)


@situation("a datagram when all sockets together have too much", "Udp InErrors>0 Udp MemErrors>0 MynetDrop SOCK_MEMORY>0",
           "*")
def udp_memory(host):
    """How many find room depends on what a packet takes in memory."""
    sock = host.sock(bound=700)
    sock.setsockopt(socket.SOL_SOCKET, FORCE, 8 << 20)
    host.machine_sysctl("udp_mem", "0 0 0")
    host.machine_sysctl("udp_rmem_min", "1")
    for _ in range(1500):	# each processor keeps a megabyte to itself
        host.put_udp(700, 1400)


# --- segments ----------------------------------------------------------------------------------------


@situation("a segment shorter than a header", "Tcp InSegs=1 MynetDrop TCP_TRUNC=1 | Tcp InErrs=1",
           "Tcp InErrs")	# RFC 1213 wants it counted, INET does not
def segment_short(host):
    host.put(proto=6, data="00" * 10)


@situation("a segment of no connection", "Tcp InSegs=1 Tcp OutSegs=1 Tcp OutRsts=1 MynetDrop TCP_NO_SOCKET=1")
def segment_of_none(host):
    head = struct.pack("!HHIIBBHHH", 9, 700, 1, 2, 0x50, 0x10, 1000, 0, 0)
    check = checksum(socket.inet_aton(PEER) + socket.inet_aton(US) + struct.pack("!HH", 6, 20) + head)
    host.put(proto=6, data=(head[:16] + struct.pack("!H", check) + head[18:]).hex())


# --- knobs, and what PF_MYNET alone counts ---------------------------------------------------------------


@situation("accept_local lets in what came from an address of this host's own", "Icmp InEchos=1 Ip InAddrErrors=0")
def accept_local(host):
    host.sysctl("conf/veth0/accept_local", 1)
    host.begin()
    host.put(echo=0, saddr=US)


@situation("a socket comes and goes", "MynetExt SockCreated=1 MynetExt SockDestroyed=1")
def socket_life(host):
    host.sock().close()


@situation("a header of the program's own that cannot be", "Ip OutDiscards=1 Ip OutRequests=0 MynetDrop SOCK_REFUSED=1")
def wrong_header(host):
    try:
        host.sock(socket.SOCK_RAW, socket.IPPROTO_RAW).sendto(b"\x41" + bytes(39), (PEER, 0))
    except OSError:
        pass


@situation("a neighbour that does not answer", "MynetDrop IP_HOST_SILENT>0", "*")
def silent_neighbour(host):
    """AF_INET would ask for seconds, and has no counter for it."""
    if host.kind == "inet":
        return
    host.sysctl("neigh/retrans_ms", 10)
    host.sysctl("neigh/bcast_probes", 1)
    host.sock().sendto(b"hello", ("192.0.2.78", 9))


@situation("fragments of which the first could not be sent",
           "| Ip FragFails=1 MynetDrop NEIGH_TABLE_FULL=1 MynetDrop IP_FRAG_TX>0", "*")
def fragment_lost(host):
    """AF_INET's table of neighbours is the machine's."""
    if host.kind == "inet":
        return
    host.sysctl("neigh/gc_thresh3", 0)
    try:
        host.sock().sendto(bytes(3000), ("192.0.2.79", 9))
    except OSError:
        pass


@situation("streams when all of them together have too much", "TcpExt TCPMemoryPressures>0 TcpExt TCPRcvCoalesce>0", "*")
def stream_memory(host):
    """How much it is depends on what a packet takes in memory."""
    host.machine_sysctl("tcp_mem", "1 2 1000000")
    ear = host.sock(socket.SOCK_STREAM, bound=700)
    ear.listen(8)
    for _ in range(8):	# each processor keeps a megabyte to itself
        sock = host.sock(socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, 32, 4 << 20)		# SO_SNDBUFFORCE
        sock.connect(("127.0.0.1", 700))
        host.open.append(ear.accept()[0])
        sock.setblocking(False)
        try:
            while True:
                sock.send(bytes(1 << 20))
        except BlockingIOError:
            pass


# --- fragments ---------------------------------------------------------------------------------------


@situation("fragments that become a packet", "Ip ReasmReqds=2 Ip ReasmOKs=1 Ip InDelivers=1 Icmp InEchos=1")
def fragments(host):
    host.put(echo=40, part="0:16", mf="", id=1)
    host.put(echo=40, part="16:", frag=16, id=1)


@situation("a fragment that overlaps another", "Ip ReasmReqds=2 Ip ReasmFails=1 MynetDrop FRAG_SPOILED=2")
def overlap(host):
    host.put(echo=40, part="0:16", mf="", id=2)
    host.put(echo=40, part="8:24", frag=8, mf="", id=2)


@situation("fragments that are too long together", "Ip ReasmFails=1 MynetDrop FRAG_TOO_LONG>1")
def fragments_too_long(host):
    """The first header has options, so that the end of the last one is still below the limit."""
    for at in range(0, 64000, 1280):
        host.put(data="00" * 1280, frag=at, mf="", id=3, proto=253, **({} if at else {"options": "01" * 40}))
    host.put(data="00" * 1472, frag=64000, mf="", id=3, proto=253)
    host.put(data="00" * 40, frag=65472, id=3, proto=253)


# --- last, because this neighbour fails some seconds later ------------------------------------------------------


@situation("a datagram that finds no room to be sent", "Udp SndbufErrors=1", "*")
def udp_send_full(host):
    """Datagrams wait for a neighbour that never answers; how many fit depends on what a packet takes in memory."""
    sock = host.sock()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
    for _ in range(20):
        try:
            sock.sendto(bytes(1000), socket.MSG_DONTWAIT, ("192.0.2.77", 9))
        except BlockingIOError:
            break


def main(args):
    cables = [arg for arg in args if ":" in arg]
    names = args[len(cables):]
    os.environ.setdefault("MYNET_KERNEL", "")
    for name, *rest in SITUATIONS:
        if not names or name in names:
            play_both(cables, name, *rest)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
