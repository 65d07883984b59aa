#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Sends IPv4 packets by a device, any that can be thought of, and says what comes back.

ip.py DEV [wait=SECONDS] PACKET [-- PACKET]...

PACKET is a list of NAME=VALUE: dst=MAC saddr=ADDR daddr=ADDR proto=1 ttl=64 tos=0 id=1 version=4
ihl=WORDS len=BYTES csum=0x.... (those three and csum: right unless given) options=HEX frag=OFFSET
(in bytes) mf df rf cut=BYTES (of the whole packet) pad=BYTES (behind it) and one payload:
  echo=BYTES         an ICMP echo request with so much data; part=FROM:TO takes a part of it
  echocsum=0x....    ... with this checksum
  icmp=TYPE,CODE,INFO,HEX   any ICMP message
  data=HEX           anything
With wait it prints "icmp TYPE CODE BYTES FROM tos=TOS info=SECOND-WORD options=HEX" for the first ICMP message that comes back, and
fails if there is none.
"""
import socket
import struct
import sys
import time


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def icmp(kind, code, info, data, check=None):
    head = struct.pack("!BBHI", kind, code, 0, info)
    if check is None:
        check = checksum(head + data)
    return struct.pack("!BBHI", kind, code, check, info) + data


def payload(opts):
    number = lambda name: int(opts[name], 0) if name in opts else None
    data = bytes.fromhex(opts.get("data", ""))
    if "echo" in opts:
        body = bytes(i % 251 for i in range(int(opts["echo"])))
        data = icmp(8, 0, 0x12340001, body, number("echocsum"))
    if "icmp" in opts:
        kind, code, info, quote = opts["icmp"].split(",")
        data = icmp(int(kind), int(code), int(info, 0), bytes.fromhex(quote))
    if "part" in opts:
        first, last = opts["part"].split(":")
        data = data[int(first):int(last) if last else None]
    return data


def packet(opts):
    number = lambda name, default: int(opts[name], 0) if name in opts else default
    options = bytes.fromhex(opts.get("options", ""))
    data = payload(opts)
    flags = number("frag", 0) // 8
    for name, bit in (("rf", 0x8000), ("df", 0x4000), ("mf", 0x2000)):
        if name in opts:
            flags |= bit
    ihl = number("ihl", 5 + len(options) // 4)
    length = number("len", 20 + len(options) + len(data))
    head = lambda check: struct.pack(
        "!BBHHHBBH4s4s", number("version", 4) << 4 | ihl, number("tos", 0), length,
        number("id", 1), flags, number("ttl", 64), number("proto", 1), check,
        socket.inet_aton(opts["saddr"]), socket.inet_aton(opts["daddr"])) + options
    whole = head(number("csum", checksum(head(0)))) + data
    return whole[:number("cut", 70000)] + bytes(number("pad", 0))


def answer(sock, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sock.settimeout(max(end - time.monotonic(), 0.001))
        try:
            frame, whence = sock.recvfrom(70000)
        except socket.timeout:
            break
        if whence[2] == socket.PACKET_OUTGOING or frame[12:14] != b"\x08\0" or frame[23] != 1:
            continue
        at = 14 + (frame[14] & 15) * 4
        print("icmp", frame[at], frame[at + 1], struct.unpack("!H", frame[16:18])[0],
              socket.inet_ntoa(frame[26:30]), "tos=%#x" % frame[15],
              "info=%#x" % struct.unpack("!I", frame[at + 4:at + 8])[0],
              "options=" + frame[34:at].hex())
        return 0
    return 1


def main(argv):
    dev, args = argv[0], argv[1:]
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    sock.bind((dev, 3))
    wait = None
    if args[0].startswith("wait="):
        wait = float(args.pop(0)[5:])
    packets = [[]]
    for arg in args:
        if arg == "--":
            packets.append([])
        else:
            packets[-1].append(arg)
    shared = {}
    for words in packets:
        opts = dict(shared)
        opts.update(word.split("=", 1) if "=" in word else (word, "") for word in words)
        # The first packet's words about addresses hold for the others.
        shared = {name: opts[name] for name in ("dst", "saddr", "daddr", "proto") if name in opts}
        sock.send(bytes.fromhex(opts["dst"].replace(":", "")) + sock.getsockname()[4] +
                  b"\x08\0" + packet(opts))
    return 0 if wait is None else answer(sock, wait)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
