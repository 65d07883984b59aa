#!/usr/bin/python3 -BSE
# SPDX-License-Identifier: GPL-2.0
"""Raw and ping sockets of either family, with nothing but Python's own sockets.

raw.py inet|mynet serve PROTO                   every packet of that protocol goes back, until killed
raw.py inet|mynet ready raw|icmp NUMBER         succeeds once somebody has such a socket
raw.py inet|mynet ask PROTO ADDR SIZE...        each size comes back as it was sent
raw.py inet|mynet whole PROTO SRC ADDR          the same with a header of its own
raw.py inet|mynet echo ADDR SIZE...             echo requests by a raw socket
raw.py inet|mynet ping ADDR SIZE...             echo requests by a ping socket
raw.py inet|mynet alert PROTO N [DEV]           N packets for others that have the router alert: prints
                                                length and destination of each
raw.py inet|mynet dead ADDR                     a ping socket hears that nobody is there
"""
import errno
import socket
import struct
import sys

from family import sock
from ip import checksum

IP_ROUTER_ALERT, IP_RECVERR, MSG_ERRQUEUE = 5, 11, 0x2000


def pattern(size):
    return bytes((i * 7 + i // 251) & 0xff for i in range(size))


def payload(packet):
    return packet[(packet[0] & 15) * 4:]


def serve(family, proto):
    server = sock(family, socket.SOCK_RAW, int(proto))
    while True:
        data, whence = server.recvfrom(65536)
        server.sendto(payload(data), whence)


def ready(family, kind, number):
    path = "/proc/net/" + ("" if family == "inet" else "mynet/") + kind
    with open(path, encoding="ascii") as table:
        numbers = [int(line.split()[1].split(":")[1], 16) for line in list(table)[1:]]
    return 0 if int(number) in numbers else 1


def ask(family, proto, addr, *sizes):
    client = sock(family, socket.SOCK_RAW, int(proto))
    client.settimeout(10)
    client.connect((addr, 0))
    for size in map(int, sizes):
        client.send(pattern(size))
        if payload(client.recv(65536)) != pattern(size):
            print(f"{size} bytes came back changed")
            return 1
    return 0


def whole(family, proto, src, addr):
    ear = sock(family, socket.SOCK_RAW, int(proto))
    ear.settimeout(10)
    mouth = sock(family, socket.SOCK_RAW, socket.IPPROTO_RAW)
    data = pattern(100)
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 0, 0, 0, 64, int(proto), 0,
                       socket.inet_aton(src), socket.inet_aton(addr))
    mouth.sendto(head + data, (addr, 0))
    return 0 if payload(ear.recv(65536)) == data else 1


def message(kind, ident, data):
    head = struct.pack("!BBHHH", kind, 0, 0, ident, 1)
    return struct.pack("!BBHHH", kind, 0, checksum(head + data), ident, 1) + data


def echo(family, addr, *sizes):
    client = sock(family, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    client.setsockopt(255, 1, struct.pack("=I", 0xffffffff & ~1))
    client.settimeout(10)
    for size in map(int, sizes):
        client.sendto(message(8, 77, pattern(size)), (addr, 0))
        if payload(client.recv(65536)) != message(0, 77, pattern(size)):
            print(f"{size} bytes came back changed")
            return 1
    return 0


def ping(family, addr, *sizes):
    client = sock(family, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)
    client.settimeout(10)
    client.bind(("0.0.0.0", 0))
    ident = client.getsockname()[1]
    for size in map(int, sizes):
        client.sendto(message(8, 1, pattern(size)), (addr, 0))
        data, whence = client.recvfrom(65536)
        if data != message(0, ident, pattern(size)) or whence != (addr, 0):
            print(f"{size} bytes came back changed", whence)
            return 1
    return 0


def alert(family, proto, count, dev=None):
    router = sock(family, socket.SOCK_RAW, int(proto))
    router.settimeout(30)
    if dev:
        router.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, dev.encode())
    router.setsockopt(socket.IPPROTO_IP, IP_ROUTER_ALERT, 1)
    print("asked", flush=True)
    for _ in range(int(count)):
        packet = router.recv(65536)
        print(len(packet), socket.inet_ntoa(packet[16:20]), flush=True)
    return 0


def dead(family, addr):
    client = sock(family, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)
    client.settimeout(20)
    client.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
    client.sendto(message(8, 1, b""), (addr, 0))
    try:
        client.recv(100)
    except OSError as error:
        if error.errno != errno.EHOSTUNREACH:
            raise
    quoted, control, _, whither = client.recvmsg(100, 200, MSG_ERRQUEUE)
    number = struct.unpack("=I", control[0][2][:4])[0]
    return 0 if number == errno.EHOSTUNREACH and quoted[0] == 8 and whither[0] == addr else 1


sys.exit(globals()[sys.argv[2]](sys.argv[1], *sys.argv[3:]))
