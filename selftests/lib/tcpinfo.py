#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0
"""What TCP_INFO says at the end of a load, of either family, as FIELD VALUE lines.

tcpinfo.py inet|mynet serve PORT          reads one connection to its end after another; until killed
tcpinfo.py inet|mynet slow PORT SECONDS   the same, but leaves each alone for so long first
tcpinfo.py inet|mynet send ADDR PORT BYTES
"""
import socket
import struct
import sys
import time

from family import sock

# Places in struct tcp_info.
FIELDS = {
    "rate_app_limited": ("B", 7), "snd_mss": ("I", 16), "rtt": ("I", 68), "snd_cwnd": ("I", 80),
    "delivery_rate": ("Q", 160),
    "busy_time": ("Q", 168), "rwnd_limited": ("Q", 176), "sndbuf_limited": ("Q", 184),
    "delivered": ("I", 192), "bytes_sent": ("Q", 200), "dsack_dups": ("I", 216),
    "reord_seen": ("I", 220), "rcv_ooopack": ("I", 224), "snd_wnd": ("I", 228),
}


def serve(family, port, wait="0"):
    server = sock(family, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    server.bind(("0.0.0.0", int(port)))
    server.listen()
    while True:
        conn, _ = server.accept()
        time.sleep(float(wait))  # waits for time itself: a program that is slow to read
        while conn.recv(1 << 20):
            pass
        conn.close()


slow = serve


def send(family, addr, port, count):
    conn = sock(family, socket.SOCK_STREAM)
    conn.settimeout(60)
    conn.connect((addr, int(port)))
    conn.sendall(bytes(int(count)))
    info = conn.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 240)
    for name, (kind, place) in FIELDS.items():
        value, = struct.unpack_from(kind, info, place)
        print(name, value & 1 if name == "rate_app_limited" else value)
    conn.close()


globals()[sys.argv[2]](sys.argv[1], *sys.argv[3:])
