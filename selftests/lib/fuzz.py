#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Sends frames that are nearly right to a host by a device.

fuzz.py DEV MAC SEED COUNT: IPv4 with options, fragments, ICMP, IGMP and ARP, each with some bytes,
its length or its order changed; most checksums are right, so that they are looked into. The same seed
makes the same frames.
"""
import random
import socket
import struct
import sys

US, PEER = b"\xc0\0\2\2", b"\xc0\0\2\1"


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Fuzz:
    def __init__(self, seed):
        self.rand = random.Random(seed)

    def chance(self, n):
        return self.rand.randrange(n) == 0

    def some(self, most):
        return self.rand.randbytes(self.rand.randrange(most))

    def mutate(self, data):
        data = bytearray(data)
        for _ in range(self.rand.choice((0, 0, 1, 1, 2, 8))):
            if data:
                data[self.rand.randrange(len(data))] = self.rand.choice(
                    (0, 1, 4, 7, 8, 68, 127, 128, 255, self.rand.randrange(256)))
        if self.chance(8):
            data = data[:self.rand.randrange(len(data) + 1)]
        return bytes(data)

    def options(self):
        if not self.chance(4):
            return b""
        data = b"".join(self.rand.choice((
            b"\1", b"\7\7\4\0\0\0\0", b"\x44\x08\5\0\0\0\0\0", b"\x44\x0c\5\1" + bytes(8),
            b"\x94\4\0\0", b"\x83\7\4\xc0\0\2\1", b"\7\3\4")) for _ in range(self.rand.randrange(4)))
        data = self.mutate(data)[:40]
        return data + b"\0" * (-len(data) % 4)

    def quote(self):
        return self.ip(self.rand.choice((1, 2, 17, 6)), self.some(24), US, PEER)

    def icmp(self):
        kind = self.rand.choice((0, 3, 3, 4, 5, 5, 8, 8, 11, 12, 13, 14, 17, 77))
        info = self.rand.randbytes(4) if self.chance(2) else struct.pack(
            "!HH", 0, self.rand.choice((0, 67, 68, 576, 1300, 65535)))
        body = self.quote() if kind in (3, 4, 5, 11, 12) else self.some(64)
        data = bytes([kind, self.rand.randrange(6)]) + b"\0\0" + self.mutate(info + body)
        return data[:2] + struct.pack("!H", checksum(data)) + data[4:]

    def igmp(self):
        kind = self.rand.choice((0x11, 0x11, 0x11, 0x12, 0x16, 0x17, 0x22, 0x99))
        group = self.rand.choice((b"\0\0\0\0", b"\xe8\1\2\3", b"\xe0\0\0\1"))
        sources = self.rand.randrange(5)
        tail = struct.pack("!BBH", 2, 125, sources) + self.rand.randbytes(4 * sources)
        data = bytes([kind, self.rand.choice((0, 1, 100, 255))]) + b"\0\0" + group
        data = data[:4] + self.mutate(data[4:] + (tail if self.chance(2) else b""))
        return data[:2] + struct.pack("!H", checksum(data)) + data[4:]

    def ip(self, proto, data, saddr, daddr):
        options = self.options()
        flags = self.rand.choice((0, 0, 0, 0x4000, 0x2000, 0x2000, 1, 2, 0x2001, 0x1fff,
                                  self.rand.randrange(65536)))
        head = struct.pack("!BBHHHBBH4s4s", 0x45 + len(options) // 4, self.rand.choice((0, 1, 2, 3, 16)),
                           20 + len(options) + len(data), self.rand.randrange(4), flags,
                           self.rand.choice((0, 1, 2, 64, 255)), proto, 0, saddr, daddr) + options
        if self.chance(4):
            head = self.mutate(head)
        if len(head) >= 12:
            head = head[:10] + b"\0\0" + head[12:]
            head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
        return head + data

    def packet(self):
        daddr = self.rand.choice((US, US, US, b"\xff" * 4, b"\xc0\0\2\xff", b"\xe8\1\2\3", b"\xe0\0\0\1",
                                  b"\xc6\x33\x64\1", b"\x7f\0\0\1", self.rand.randbytes(4)))
        saddr = self.rand.choice((PEER, PEER, PEER, US, b"\0\0\0\0", self.rand.randbytes(4)))
        proto, data = self.rand.choice(((1, self.icmp), (1, self.icmp), (2, self.igmp),
                                        (17, lambda: self.some(600)), (6, lambda: self.some(60)),
                                        (253, lambda: self.some(30))))
        return daddr, self.ip(proto, data(), saddr, daddr)

    def arp(self):
        data = struct.pack("!HHBBH6s4s6s4s", 1, 0x800, 6, 4, self.rand.choice((1, 1, 2, 2, 3)),
                           b"\2\0\0\0\0" + bytes([self.rand.randrange(8)]),
                           self.rand.choice((PEER, US, b"\0\0\0\0", b"\xc0\0\2" + self.rand.randbytes(1))),
                           self.rand.randbytes(6), self.rand.choice((US, PEER, self.rand.randbytes(4))))
        return self.mutate(data)

    def frame(self, mac, own):
        if self.chance(6):
            return self.rand.choice((mac, b"\xff" * 6)) + own + b"\x08\x06" + self.arp()
        daddr, packet = self.packet()
        dst = mac
        if daddr[0] & 0xf0 == 0xe0:
            dst = bytes([1, 0, 0x5e, daddr[1] & 0x7f, daddr[2], daddr[3]])
        elif daddr[3] == 255 or self.chance(10):
            dst = b"\xff" * 6
        return dst + own + b"\x08\0" + packet


def main():
    dev, mac, seed, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.bind((dev, 0))
    fuzz = Fuzz(seed)
    for _ in range(count):
        try:
            sock.send(fuzz.frame(bytes.fromhex(mac.replace(":", "")), sock.getsockname()[4])[:1514])
        except OSError:
            pass        # larger than the device, or its queue is full


main()
