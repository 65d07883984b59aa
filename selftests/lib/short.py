#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0
"""Memory is short for packets that arrive: the n-th allocation that cannot wait fails, n = 1, 2, 3 ...

short.py US PEER    the namespaces of by_hand. A line for each kind of packet: "ok|wrong NAME", what was wrong,
                    with a tab between; then what was counted in all, "counted NAME NUMBER".

A packet that is not answered then has to be in a counter, and the same packet has to be answered once there
is memory again. A tap shares each packet, so that whoever writes into one has to copy it first.
"""
import socket
import struct
import sys
import time

import netns
from ip import packet
from wire_segment import PEER, US, lladdr

FAIL = "/sys/kernel/debug/failslab/"
MOST = 24		# allocations for one packet at most, those of the taps included
COUNTED = ("Icmp OutErrors", "Ip InDiscards", "Ip OutDiscards", "MynetLink OutPkts", "MynetLink ArpOutReplies",
           "MynetLink ArpOutRequests")
UNCOUNTED = ("asked",)		# an ARP packet that was never made; AF_INET counts none either


def write(name, value):
    with open(FAIL + name, "w", encoding="ascii") as file:
        file.write(str(value))


def fired():
    with open(FAIL + "times", encoding="ascii") as file:
        return file.read().strip() == "0"


def counters():
    found = {}
    for name in ("snmp", "netstat", "drops"):
        with open("/proc/net/mynet/" + name, encoding="ascii") as file:
            lines = [line.split() for line in file]
        for names, values in zip(lines[::2], lines[1::2]):
            for column, value in zip(names[1:], values[1:]):
                if name == "drops" or names[0][:-1] + " " + column in COUNTED:
                    found[column] = found.get(column, 0) + int(value)
    return found


class Cable:
    """The peer's end of the cable, and a tap on the host's."""

    def __init__(self, us, peer):
        with netns.inside(peer):
            self.wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
            self.wire.bind(("veth1", 3))
        with open("/run/netns/" + us, "rb") as there:
            netns.enter(there)
        self.tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.tap.bind(("veth0", 3))
        self.mac, self.own = lladdr("veth0"), self.wire.getsockname()[4]

    def put(self, frames):
        for kind, body in frames:
            self.wire.send(self.mac + self.own + struct.pack("!H", kind) + body)

    def answered(self, right, seconds):
        """True if a frame comes that is the answer."""
        end = time.monotonic() + seconds
        while True:
            self.wire.settimeout(max(end - time.monotonic(), 0.0001))
            try:
                frame, whence = self.wire.recvfrom(70000)
            except (socket.timeout, BlockingIOError):
                return False
            if whence[2] != socket.PACKET_OUTGOING and right(struct.unpack("!H", frame[12:14])[0], frame[14:]):
                return True

    def calm(self):
        """Forgets the frames that have come."""
        self.answered(lambda *frame: False, 0)
        self.tap.setblocking(False)
        try:
            while self.tap.recv(70000):
                pass
        except BlockingIOError:
            pass


def ip(**words):
    return 0x0800, packet(dict({"saddr": PEER, "daddr": US}, **words))


def icmp(kind, code=0):
    return lambda proto, body: proto == 0x0800 and body[9] == 1 and body[(body[0] & 15) * 4:][:2] == bytes((kind, code))


def arp(op):
    return lambda proto, body: proto == 0x0806 and body[7] == op


def request(cable):
    return 0x0806, (b"\0\1\10\0\6\4\0\1" + cable.own + socket.inet_aton(PEER) + bytes(6) + socket.inet_aton(US))


KINDS = {
    "echo": (lambda cable: [ip(echo="56")], icmp(0)),
    "timestamp": (lambda cable: [ip(icmp="13,0,0," + "00" * 12)], icmp(14)),
    "recorded": (lambda cable: [ip(echo="56", options="0707040000000000")], icmp(0)),
    "fragments": (lambda cable: [ip(echo="56", part="0:32", mf="", id="7"),
                                 ip(echo="56", part="32:", frag="32", id="7")], icmp(0)),
    "port": (lambda cable: [ip(proto="17", data="0009001100080000")], icmp(3, 3)),
    "forwarded": (lambda cable: [ip(echo="56", daddr="198.51.100.1")], icmp(8)),
    "expired": (lambda cable: [ip(echo="56", daddr="198.51.100.1", ttl="1")], icmp(11)),
    "asked": (lambda cable: [request(cable)], arp(2)),
}


def play(cable, name):
    """None, or what was wrong."""
    build, right = KINDS[name]
    frames = build(cable)
    for number in range(1, MOST + 1):
        before = counters()
        cable.calm()
        write("interval", number)
        write("times", 1)
        cable.put(frames)
        answered = cable.answered(right, 0)
        hit = fired()
        write("times", 0)
        if not hit:
            return None if number > 1 else "no allocation failed"
        # The answer may be lost at a tap, which is not the host's fault: it went out.
        if not answered and name not in UNCOUNTED and counters() == before:
            return "allocation %d: neither answered nor counted" % number
        cable.put(frames)
        if not cable.answered(right, 10):
            return "allocation %d: not answered when there was memory again" % number
    return None


def main(us, peer):
    cable = Cable(us, peer)
    for setting in ("ignore-gfp-wait=Y", "verbose=0", "task-filter=N", "cache-filter=N", "space=0", "times=0",
                    "probability=100"):
        write(*setting.split("="))
    before = counters()
    for name in KINDS:
        wrong = play(cable, name)
        print("wrong" if wrong else "ok", name, "\t", wrong or "")
    write("probability", 0)
    now = counters()
    for name in now:
        if now[name] > before.get(name, 0):
            print("counted", name, now[name] - before.get(name, 0))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
