#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Sockets of MYNET, one a line and sorted: socks.py proc, as /proc/net/mynet has them; socks.py json,
as "mynet -j ss -ae" said on the standard input."""
import json
import socket
import struct
import sys

FILES = {"tcp": "tcp", "udp": "udp", "raw": "raw", "ping": "icmp"}
STATES = ["", "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "UNCONN",
          "CLOSE-WAIT", "LAST-ACK", "LISTEN", "CLOSING"]


def name(text):
    addr, port = text.split(":")
    return socket.inet_ntoa(struct.pack("=I", int(addr, 16))), int(port, 16)


def of_proc():
    for kind, file in FILES.items():
        with open(f"/proc/net/mynet/{file}", encoding="ascii") as f:
            next(f)
            for line in f:
                word = line.split()
                send, recv = (int(x, 16) for x in word[4].split(":"))
                state = STATES[int(word[3], 16)]
                yield (kind, state, *name(word[1]), *name(word[2]), recv,
                       "-" if state == "LISTEN" else send, int(word[7]), int(word[9]))


def of_json():
    for one in json.load(sys.stdin):
        yield (one["netid"], one["state"], one["local"], one["local_port"], one["peer"],
               one["peer_port"], one["recv_q"],
               "-" if one["state"] == "LISTEN" else one["send_q"], one.get("uid", 0),
               one.get("ino", 0))


for sock in sorted(map(str, of_proc() if sys.argv[1] == "proc" else of_json())):
    print(sock)
