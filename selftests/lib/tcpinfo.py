#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0
"""TCP_INFO at the end of a load, of either family, as FIELD VALUE lines.

tcpinfo.py inet|mynet serve PORT          reads one connection to its end after another; until killed
tcpinfo.py inet|mynet slow PORT SECONDS   the same, but leaves each alone for so long first
tcpinfo.py inet|mynet send ADDR PORT BYTES
tcpinfo.py inet|mynet drip ADDR PORT SECONDS     a byte now and then for so long
tcpinfo.py inet|mynet spread ADDR PORT           16 connections from one processor: "cpus N" is how many
                                          processors their segments came to
tcpinfo.py inet|mynet came SERVER CLIENT ADDR PORT PIN   16 connections from the namespace CLIENT, of
                                          the other family, to SERVER, by a program on processor PIN:
                                          "cpus N..." are the processors their segments came to
"""
import os
import socket
import struct
import sys
import time

import netns
from family import sock

# Places in struct tcp_info.
FIELDS = {
    "ca_state": ("B", 1), "rto": ("I", 8), "last_data_recv": ("I", 52), "rcv_ssthresh": ("I", 64),
    "advmss": ("I", 84), "reordering": ("I", 88), "rate_app_limited": ("B", 7),
    "snd_mss": ("I", 16), "rtt": ("I", 68), "snd_cwnd": ("I", 80), "delivery_rate": ("Q", 160),
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


def drip(family, addr, port, seconds):
    conn = sock(family, socket.SOCK_STREAM)
    conn.settimeout(60)
    conn.connect((addr, int(port)))
    end = time.monotonic() + float(seconds)
    while time.monotonic() < end:
        conn.sendall(b"x")
        time.sleep(0.05)  # waits for time itself: a stream that lives on
    conn.close()


def spread(family, addr, port):
    os.sched_setaffinity(0, {0})
    server = sock(family, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((addr, int(port)))
    server.listen(16)
    seen, kept = set(), []
    for _ in range(16):
        conn = sock(family, socket.SOCK_STREAM)
        conn.connect((addr, int(port)))
        other, _ = server.accept()
        for _ in range(4):
            conn.sendall(b"question")
            other.recv(100)
        seen.add(other.getsockopt(socket.SOL_SOCKET, socket.SO_INCOMING_CPU))
        kept += [conn, other]
    print("cpus", len(seen - {-1}))


def came(family, at, other, addr, port, pin):
    os.sched_setaffinity(0, {int(pin)})
    with netns.inside(at):
        server = sock(family, socket.SOCK_STREAM)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((addr, int(port)))
        server.listen(16)
    seen, kept = set(), []
    for _ in range(16):
        with netns.inside(other):
            conn = sock("inet" if family == "mynet" else "mynet", socket.SOCK_STREAM)
        conn.connect((addr, int(port)))
        child, _ = server.accept()
        for _ in range(3):
            conn.sendall(b"question")
            child.recv(100)
        seen.add(child.getsockopt(socket.SOL_SOCKET, socket.SO_INCOMING_CPU))
        kept += [conn, child]
    print("cpus", *sorted(seen))


globals()[sys.argv[2]](sys.argv[1], *sys.argv[3:])
