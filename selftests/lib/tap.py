#!/usr/bin/python3 -BSE
# SPDX-License-Identifier: GPL-2.0
"""A datagram that comes by a tap in one piece, to be cut only where it leaves (UFO).

tap.py inet|mynet SIZE PORTION [gro]    in the namespace it runs in: makes tap0, which has 192.0.2.129/25,
                                        writes a datagram of so many bytes that is to be cut by PORTION, and
                                        reads it; gro: by a socket with UDP_GRO
"""
import fcntl
import os
import socket
import struct
import subprocess
import sys

import family as families
from ip import checksum

TUNSETIFF, TUNSETOFFLOAD, IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x400454ca, 0x400454d0, 2, 0x1000, 0x4000
GSO_UDP, SOL_UDP, UDP_GRO = 3, 17, 104
OURS, THEIRS, PORT = "192.0.2.129", "192.0.2.130", 7200


def run(*words):
    subprocess.run(words, check=True)


def tap(family):
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", b"tap0", IFF_TAP | IFF_NO_PI | IFF_VNET_HDR))
    run("ip", "link", "set", "tap0", "address", "02:00:00:00:00:01", "up")
    if family == "inet":
        run("ip", "addr", "add", OURS + "/25", "dev", "tap0")
    else:
        run("mynet", "dev", "attach", "tap0")
        run("mynet", "addr", "add", OURS + "/25", "dev", "tap0")
    return fd


def frame(data, portion):
    ends = socket.inet_aton(THEIRS) + socket.inet_aton(OURS)
    udp = struct.pack("!HHHH", 7201, PORT, 8 + len(data), 0) + data
    check = checksum(ends + struct.pack("!HH", 17, len(udp)) + udp) or 0xffff
    udp = udp[:6] + struct.pack("!H", check) + udp[8:]
    head = lambda check: struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, check) + ends
    vnet = struct.pack("=BBHHHH", 0, GSO_UDP, 42, portion, 0, 0)
    ether = bytes.fromhex("020000000001" "020000000002" "0800")
    return vnet + ether + head(checksum(head(0))) + udp


def main(family, size, portion, gro=None):
    data = bytes(i * 7 + i // 251 & 0xff for i in range(int(size)))
    fd = tap(family)
    reader = families.sock(family, socket.SOCK_DGRAM)
    reader.settimeout(10)
    reader.bind((OURS, PORT))
    if gro:
        reader.setsockopt(SOL_UDP, UDP_GRO, 1)
    os.write(fd, frame(data, int(portion)))
    got, control, _, whence = reader.recvmsg(65536, 256)
    if got != data or whence != (THEIRS, 7201) or control:
        print(f"{len(got)} bytes of {len(data)} from {whence}, {control}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
