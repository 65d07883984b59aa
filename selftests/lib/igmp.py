#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Speaks IGMP to a host by a device, and says what it answers.

igmp.py DEV wait=SECONDS [until=TEXT [times=N]] [query=VERSION,TENTHS,GROUP[,SOURCE...]] [report=VERSION,GROUP]
        [raw=HEX] [quiet] [run=COMMAND]

Runs the command, sends the message, then prints each IGMP message that comes in, one a line, until one
contains the text (N of them do), which is success, or the time is over, which is failure unless no text was asked
for. With quiet it is a failure if any comes. Version 3 reports are shown as "v3 TO_EX 232.1.1.1 10.0.0.1", a
record a line; others as "v2 report 232.1.1.1", "v2 leave 232.1.1.1". What violates the RFCs (checksum, TTL,
router alert, destination) is said on the same line.
"""
import socket
import struct
import subprocess
import sys
import time

from ip import checksum

RECORDS = {1: "IS_IN", 2: "IS_EX", 3: "TO_IN", 4: "TO_EX", 5: "ALLOW", 6: "BLOCK"}


def with_checksum(message):
    return message[:2] + struct.pack("!H", checksum(message)) + message[4:]


def message_of(opts):
    """(destination, IGMP message) to send, or None."""
    if "raw" in opts:
        return "224.0.0.1", bytes.fromhex(opts["raw"])
    if "report" in opts:
        version, group = opts["report"].split(",")
        kind = 0x12 if version == "1" else 0x16
        return group, with_checksum(struct.pack("!BBH4s", kind, 0, 0, socket.inet_aton(group)))
    if "query" not in opts:
        return None
    version, tenths, group, *sources = opts["query"].split(",")
    head = struct.pack("!BBH4s", 0x11, int(tenths), 0, socket.inet_aton(group))
    if version == "3":
        head += struct.pack("!BBH", 2, 125, len(sources))
        head += b"".join(socket.inet_aton(source) for source in sources)
    return "224.0.0.1" if group == "0.0.0.0" else group, with_checksum(head)


def send(sock, destination, message):
    group = socket.inet_aton(destination)
    ip = struct.pack("!BBHHHBBH4s4sI", 0x46, 0xc0, 24 + len(message), 1, 0, 1, 2, 0,
                     socket.inet_aton("192.0.2.1"), group, 0x94040000)
    ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
    mac = bytes([1, 0, 0x5e, group[1] & 0x7f, group[2], group[3]])
    sock.send(mac + sock.getsockname()[4] + b"\x08\0" + ip + message)


def complaints(ip, message, should):
    found = []
    if checksum(message):
        found.append("WRONG-CHECKSUM")
    if ip[8] != 1:
        found.append("WRONG-TTL")
    if ip[0] != 0x46 or ip[20:24] != b"\x94\x04\0\0":
        found.append("NO-ROUTER-ALERT")
    if socket.inet_ntoa(ip[16:20]) != should:
        found.append("WRONG-DESTINATION")
    return "".join(" " + word for word in found)


def describe(ip, message):
    """The lines for a message."""
    kind, group = message[0], socket.inet_ntoa(message[4:8])
    if kind in (0x12, 0x16):
        return ["v%d report %s%s" % (1 if kind == 0x12 else 2, group, complaints(ip, message, group))]
    if kind == 0x17:
        return ["v2 leave %s%s" % (group, complaints(ip, message, "224.0.0.2"))]
    if kind != 0x22:
        return ["type %#x" % kind]
    lines, at = [], 8
    for _ in range(struct.unpack("!H", message[6:8])[0]):
        kind, _, n, mca = struct.unpack("!BBH4s", message[at:at + 8])
        sources = sorted(socket.inet_ntoa(message[at + 8 + 4 * i:at + 12 + 4 * i])
                         for i in range(n))
        lines.append(" ".join(["v3", RECORDS.get(kind, "?"), socket.inet_ntoa(mca)] + sources) +
                     complaints(ip, message, "224.0.0.22"))
        at += 8 + 4 * n
    if at != len(message):
        lines.append("WRONG-LENGTH")
    return lines


def listen(sock, opts):
    end = time.monotonic() + float(opts["wait"])
    left = int(opts.get("times", 1))
    while time.monotonic() < end:
        sock.settimeout(max(end - time.monotonic(), 0.001))
        try:
            frame, whence = sock.recvfrom(70000)
        except socket.timeout:
            break
        if whence[2] == socket.PACKET_OUTGOING or frame[12:14] != b"\x08\0" or frame[23] != 2:
            continue
        ip = frame[14:]
        length = struct.unpack("!H", ip[2:4])[0]
        for line in describe(ip, ip[(ip[0] & 15) * 4:length]):
            print(line, flush=True)
            if "quiet" in opts:
                return 1
            if "until" in opts and opts["until"] in line + " ":
                left -= 1
                if not left:
                    return 0
    return 1 if "until" in opts else 0


def main(argv):
    opts = dict(word.split("=", 1) if "=" in word else (word, "") for word in argv[1:])
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    sock.bind((argv[0], 3))
    if "run" in opts:
        subprocess.run(opts["run"], shell=True, check=True, stdin=subprocess.DEVNULL)
    message = message_of(opts)
    if message:
        send(sock, *message)
    return listen(sock, opts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
