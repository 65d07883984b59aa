#!/usr/bin/python3 -BSE
# SPDX-License-Identifier: GPL-2.0
"""Sends an ICMP echo request in a frame of any EtherType and waits for the reply.

echo.py DEV dst=MAC sip=ADDR tip=ADDR [type=0x88b5] [size=56] [wait=5] [count=1]

Prints "reply ADDR" once count replies have come, and fails if they have not. Asks and answers
no ARP; the EtherType and both IPv4 addresses must be those of the answer.
"""
import socket
import struct
import sys
import time


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def packet(sip, tip, size, number):
    body = bytes(i & 0xff for i in range(size))
    icmp = struct.pack("!BBHHH", 8, 0, 0, 0x4d59, number) + body
    icmp = icmp[:2] + struct.pack("!H", checksum(icmp)) + icmp[4:]
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(icmp), number, 0, 64, 1, 0) + sip + tip
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + icmp


def main(argv):
    dev = argv[0]
    opts = dict(arg.split("=", 1) for arg in argv[1:])
    kind = int(opts.get("type", "0x88b5"), 0)
    count = int(opts.get("count", "1"))
    sip, tip = socket.inet_aton(opts["sip"]), socket.inet_aton(opts["tip"])
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    sock.bind((dev, 3))
    head = bytes.fromhex(opts["dst"].replace(":", "")) + sock.getsockname()[4] + struct.pack("!H", kind)
    for number in range(count):
        sock.send(head + packet(sip, tip, int(opts.get("size", "56")), number))

    end = time.monotonic() + float(opts.get("wait", "5"))
    while time.monotonic() < end:
        sock.settimeout(max(end - time.monotonic(), 0.001))
        try:
            frame, whence = sock.recvfrom(65536)
        except socket.timeout:
            break
        if whence[2] == socket.PACKET_OUTGOING or struct.unpack("!H", frame[12:14])[0] != kind:
            continue
        if frame[26:30] == tip and frame[30:34] == sip and frame[23] == 1 and frame[34] == 0:
            count -= 1
            if not count:
                print("reply", socket.inet_ntoa(frame[26:30]))
                return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
