#!/usr/bin/python3 -BSE
# SPDX-License-Identifier: GPL-2.0
"""Sends one ARP packet by a device, any that can be thought of, and says what comes back.

arp.py DEV [op=1] [sha=MAC] [sip=ADDR] [tha=MAC] [tip=ADDR] [dst=MAC] [hrd=1] [pro=0x800]
       [hln=6] [pln=4] [type=0x806] [cut=BYTES] [wait=SECONDS] [from=MAC]

With wait it prints "reply MAC ADDR" or "request MAC ADDR" for the first ARP packet of that
EtherType that comes back from another host, and fails if there is none.
"""
import socket
import struct
import sys
import time


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def main(argv):
    dev = argv[0]
    opts = dict(arg.split("=", 1) for arg in argv[1:])
    number = lambda name, default: int(opts.get(name, default), 0)
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    sock.bind((dev, 3))
    own = sock.getsockname()[4]
    kind = number("type", "0x806")
    sha = mac(opts["sha"]) if "sha" in opts else own
    packet = struct.pack("!HHBBH", number("hrd", "1"), number("pro", "0x800"),
                         number("hln", "6"), number("pln", "4"), number("op", "1"))
    packet += sha + socket.inet_aton(opts.get("sip", "0.0.0.0"))
    packet += mac(opts.get("tha", "00:00:00:00:00:00")) + socket.inet_aton(opts.get("tip", "0.0.0.0"))
    packet = packet[:number("cut", "100")]
    source = mac(opts["from"]) if "from" in opts else sha
    sock.send(mac(opts.get("dst", "ff:ff:ff:ff:ff:ff")) + source + struct.pack("!H", kind) + packet)

    end = time.monotonic() + float(opts.get("wait", "0"))
    while time.monotonic() < end:
        sock.settimeout(max(end - time.monotonic(), 0.001))
        try:
            frame, whence = sock.recvfrom(2048)
        except socket.timeout:
            break
        if whence[2] == socket.PACKET_OUTGOING or struct.unpack("!H", frame[12:14])[0] != kind:
            continue
        op = struct.unpack("!H", frame[20:22])[0]
        print({1: "request", 2: "reply"}.get(op, op), frame[22:28].hex(":"), socket.inet_ntoa(frame[28:32]))
        return 0
    return 1 if "wait" in opts else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
