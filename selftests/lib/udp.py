#!/usr/bin/python3 -BSE
# SPDX-License-Identifier: GPL-2.0
"""Datagrams of either family, with nothing but Python's own sockets.

udp.py inet|mynet serve PORT                    echo until killed
udp.py inet|mynet bound PORT [COUNT]            succeeds once so many (1) sockets have the port
udp.py inet|mynet ask ADDR PORT SIZE...         each size comes back as it was sent
udp.py inet|mynet grow ADDR PORT SIZE           one datagram of two sends comes back
udp.py inet|mynet member OWN GROUP GROUP SOURCE listens to a group, and to what one source sends to another
udp.py inet|mynet hoard PORT                    takes what comes and reads nothing
udp.py inet|mynet pour ADDR PORT SIZE COUNT     so many of a size, answers or not
udp.py inet|mynet send ADDR PORT TEXT [broadcast] [confirm] [cut] [dev=DEV]   cut: it may be
udp.py inet|mynet hear ADDR PORT COUNT          that many sockets all hear one datagram
udp.py inet|mynet burst ADDR PORT SIZE COUNT    one send, many datagrams, all echoed
"""
import signal
import socket
import sys

import family as families

SOL_UDP, UDP_SEGMENT = 17, 103


def sock(family):
    return families.sock(family, socket.SOCK_DGRAM)


def serve(family, port):
    server = sock(family)
    server.bind(("0.0.0.0", int(port)))
    while True:
        data, whence = server.recvfrom(65536)
        server.sendto(data, whence)


def bound(family, port, count="1"):
    path = "/proc/net/udp" if family == "inet" else "/proc/net/mynet/udp"
    with open(path, encoding="ascii") as table:
        ports = [int(line.split()[1].split(":")[1], 16) for line in list(table)[1:]]
    return 0 if ports.count(int(port)) >= int(count) else 1


def pattern(size):
    return bytes((i * 7 + i // 251) & 0xff for i in range(size))


def ask(family, addr, port, *sizes):
    client = sock(family)
    client.settimeout(10)
    client.connect((addr, int(port)))
    for size in map(int, sizes):
        client.send(pattern(size))
        if client.recv(65536) != pattern(size):
            print(f"{size} bytes came back changed")
            return 1
    return 0


def member(family, own, group, other, source):
    ears = sock(family)
    own, group, other, source = map(socket.inet_aton, (own, group, other, source))
    ears.setsockopt(socket.SOL_IP, 35, group + own)		# IP_ADD_MEMBERSHIP
    ears.setsockopt(socket.SOL_IP, 39, other + own + source)	# IP_ADD_SOURCE_MEMBERSHIP
    print("joined", flush=True)
    signal.pause()


def hoard(family, port):
    server = sock(family)
    server.setsockopt(socket.SOL_SOCKET, 33, 0x3fffffff)	# SO_RCVBUFFORCE
    server.bind(("0.0.0.0", int(port)))
    signal.pause()


def pour(family, addr, port, size, count):
    client = sock(family)
    for _ in range(int(count)):
        client.sendto(bytes(int(size)), (addr, int(port)))
    return 0


def grow(family, addr, port, size):
    client = sock(family)
    client.settimeout(10)
    client.connect((addr, int(port)))
    data = pattern(int(size))
    client.send(data[:100], socket.MSG_MORE)
    client.send(data[100:])
    return 0 if client.recv(65536) == data else 1


def send(family, addr, port, text, *how):
    client = sock(family)
    flags = 0
    for word in how:
        if word == "cut":
            client.setsockopt(socket.SOL_IP, 10, 0)	# IP_MTU_DISCOVER, IP_PMTUDISC_DONT
        elif word == "confirm":
            flags = socket.MSG_CONFIRM
        elif word == "broadcast":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        elif word.startswith("dev="):
            client.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, word[4:].encode() + b"\0")
    client.sendto(text.encode(), flags, (addr, int(port)))
    return 0


def hear(family, addr, port, count):
    ears = [sock(family) for _ in range(int(count))]
    for ear in ears:
        ear.settimeout(10)
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if addr.startswith("239."):
            dev = [i for i, name in socket.if_nameindex() if name.startswith("veth")][0]
            ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                           socket.inet_aton(addr) + bytes(4) + dev.to_bytes(4, sys.byteorder))
    for ear in ears:
        ear.bind(("0.0.0.0", int(port)))
    for ear in ears:
        print(ear.recvfrom(100))
    return 0


def burst(family, addr, port, size, count):
    client = sock(family)
    client.settimeout(10)
    client.setsockopt(SOL_UDP, UDP_SEGMENT, int(size))
    client.connect((addr, int(port)))
    data = pattern(int(size) * int(count) - 1)
    client.send(data)
    back = [client.recv(65536) for _ in range(int(count))]
    return 0 if b"".join(back) == data else 1


sys.exit(globals()[sys.argv[2]](sys.argv[1], *sys.argv[3:]))
