#!/usr/bin/python3 -BSE
# SPDX-License-Identifier: GPL-2.0
"""Says who answers packets that live for ever more hops: traceroute.

trace.py udp|icmp ADDR [SECONDS]: a line "HOP ADDR" for each, the last one is ADDR itself; fails if
it is not reached within 16 hops. "*" is a hop that is silent for so long.
"""
import socket
import struct
import sys
import time

PORT = 33434


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def probe(kind, addr, ttl, listener):
    if kind == "udp":
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
            sock.sendto(b"hop", (addr, PORT + ttl))
        return
    listener.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
    head = struct.pack("!BBHHH", 8, 0, 0, 0x4d59, ttl)
    listener.sendto(struct.pack("!BBHHH", 8, 0, checksum(head), 0x4d59, ttl), (addr, 0))


def about(kind, ttl, icmp):
    """Is the message an answer to this very probe?"""
    if icmp[0] == 0:
        return kind == "icmp" and icmp[4:8] == struct.pack("!HH", 0x4d59, ttl)
    if icmp[0] not in (3, 11):
        return False
    quoted = icmp[8 + (icmp[8] & 15) * 4:]
    if kind == "udp":
        return quoted[2:4] == struct.pack("!H", PORT + ttl)
    return quoted[4:8] == struct.pack("!HH", 0x4d59, ttl)


def answer(kind, ttl, listener, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        listener.settimeout(max(end - time.monotonic(), 0.001))
        try:
            packet, whence = listener.recvfrom(2000)
        except socket.timeout:
            break
        icmp = packet[(packet[0] & 15) * 4:]
        if about(kind, ttl, icmp):
            return whence[0], icmp[0] != 11
    return "*", False


def main():
    kind, addr = sys.argv[1:3]
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 5
    listener = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    for ttl in range(1, 17):
        probe(kind, addr, ttl, listener)
        whence, reached = answer(kind, ttl, listener, seconds)
        print(ttl, whence)
        if reached:
            return 0 if whence == addr else 1
    return 1


sys.exit(main())
