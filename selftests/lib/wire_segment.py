# SPDX-License-Identifier: GPL-2.0
"""Segments as they are on the wire, for those who play TCP by hand."""
import select
import socket
import struct
import time

import netns
from ip import checksum

SOL, SO_TIMESTAMPNS = socket.SOL_SOCKET, 35
US, PEER = "192.0.2.2", "192.0.2.1"


def pattern(first, last):
    return bytes(i * 7 + i // 251 & 0xff for i in range(first, last))


def build_options(words):
    out = b""
    if "mss" in words:
        out += struct.pack("!BBH", 2, 4, int(words["mss"]))
    if "sackok" in words:
        out += b"\4\2"
    if "ts" in words:
        out += struct.pack("!BBII", 8, 10, *[int(n) & 0xffffffff for n in words["ts"].split(",")])
    if "wscale" in words:
        out += struct.pack("!BBB", 3, 3, int(words["wscale"]))
    if "sack" in words:
        blocks = [edge for block in words["sack"].split(",") for edge in block.split("-")]
        out += struct.pack("!BB%dI" % len(blocks), 5, 2 + 4 * len(blocks), *map(int, blocks))
    out += bytes.fromhex(words.get("opts", ""))
    return out + b"\0" * (-len(out) % 4)


def parse_options(data):
    found, at = {}, 0
    while at < len(data) and data[at]:
        if data[at] == 1:
            at += 1
            continue
        kind, size = data[at], data[at + 1]
        body = data[at + 2:at + size]
        if kind == 2:
            found["mss"] = struct.unpack("!H", body)[0]
        elif kind == 3:
            found["wscale"] = body[0]
        elif kind == 4:
            found["sackok"] = True
        elif kind == 5:
            edges = struct.unpack("!%dI" % (len(body) // 4), body)
            found["sack"] = [tuple(edges[i:i + 2]) for i in range(0, len(edges), 2)]
        elif kind == 8:
            found["ts"] = struct.unpack("!II", body)
        at += size
    return found


class Segment:
    """One that came out; seq and ack as they are on the wire."""

    def __init__(self, ip, when):
        tcp = ip[(ip[0] & 15) * 4:struct.unpack("!H", ip[2:4])[0]]
        (self.sport, self.dport, self.seq, self.ack, off, self.flags, self.win, _,
         self.urg) = struct.unpack("!HHIIBBHHH", tcp[:20])
        self.opts = parse_options(tcp[20:(off >> 4) * 4])
        self.data = tcp[(off >> 4) * 4:]
        self.when = when
        self.ip, self.tcp = ip, tcp

    def good(self):
        """Whether its checksum is right."""
        return checksum(self.ip[12:20] + struct.pack("!HH", 6, len(self.tcp)) + self.tcp) == 0


def lladdr(dev):
    """The hardware address of a device; sysfs may show those of another namespace."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
        sock.bind((dev, 0))
        return sock.getsockname()[4]


class Wire:
    """The peer's end of the cable."""

    def __init__(self, peer):
        with netns.inside(peer):
            self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
        self.sock.setsockopt(SOL, SO_TIMESTAMPNS, 1)
        self.sock.setsockopt(SOL, 33, 1 << 23)		# SO_RCVBUFFORCE
        self.sock.bind(("veth1", 0x0800))
        self.head = lladdr("veth0") + self.sock.getsockname()[4] + b"\x08\0"
        self.played = 0
        self.echoes = 0

    def put(self, proto, data, ttl=64, source=PEER, target=US):
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(data), 0, 0x4000, ttl, proto, 0,
                           socket.inet_aton(source), socket.inet_aton(target))
        head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
        self.sock.send(self.head + head + data)

    def echo(self):
        """Sends an echo request: when its answer comes, all that was sent before is dealt with."""
        self.echoes += 1
        body = struct.pack("!BBHHH", 8, 0, 0, 4711, self.echoes & 0xffff)
        self.put(1, body[:2] + struct.pack("!H", checksum(body)) + body[4:])

    def get(self, until):
        """The next packet and when it came; None: none did."""
        left = until - time.monotonic()
        if not select.select([self.sock], [], [], max(left, 0))[0]:
            return None, 0
        data, control, _, _ = self.sock.recvmsg(70000, 64)
        sec, nsec = struct.unpack("=qq", control[0][2][:16])
        return data[14:], sec + nsec / 1e9
