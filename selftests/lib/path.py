#!/usr/bin/python3 -BSE
# SPDX-License-Identifier: GPL-2.0
"""Sockets of ours on a path that a router called narrow; the router is us, by a device of the peer.

path.py PEER-NS ping DADDR MTU     a ping socket's request was larger than that: prints the MTU known then
path.py PEER-NS df DADDR MTU       the same about an answer of the kernel's: prints "df" if a datagram that
                                   is sent then is not to be cut, else "cut"
path.py PEER-NS ages DADDR MTU     the same about a socket that is connected: prints the MTU that it has
                                   once it is not that any more
"""
import socket
import struct
import sys
import time

import family
import netns
from ip import icmp, packet

IP_MTU = 14
US, ROUTER = "192.0.2.2", "192.0.2.1"


class Router:
    def __init__(self, namespace):
        with netns.inside(namespace):
            self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
            self.sock.bind(("veth1", 0x0800))
        self.sock.settimeout(10)
        self.mac = netns.lladdr("veth0")

    def narrow(self, mtu, daddr, message):
        """Says that @message, of ours to @daddr, was too large."""
        quoted = packet({"saddr": US, "daddr": daddr, "data": message.hex()})
        error = icmp(3, 4, mtu, quoted)
        whole = packet({"saddr": ROUTER, "daddr": US, "data": error.hex()})
        self.sock.sendto(whole, ("veth1", 0x0800, 0, 0, self.mac))

    def sees(self, daddr, proto):
        """The next packet of that protocol to @daddr."""
        while True:
            data = self.sock.recv(65536)
            if data[9] == proto and socket.inet_ntoa(data[16:20]) == daddr:
                return data


def udp(daddr):
    sock = family.sock("mynet", socket.SOCK_DGRAM)
    sock.connect((daddr, 9))
    return sock


def mtu_of(sock, wanted, seconds):
    """The answer after sending, once it is @wanted or after so long."""
    end = time.monotonic() + seconds
    while True:
        sock.send(b"x")
        mtu = sock.getsockopt(socket.IPPROTO_IP, IP_MTU)
        if mtu == wanted or time.monotonic() > end:
            return mtu
        time.sleep(0.02)  # waits for time itself: what was learnt grows old


def reply():
    return icmp(0, 0, 0x12340001, b"x" * 56)


def ping(router, daddr, mtu):
    client = family.sock("mynet", socket.SOCK_DGRAM, socket.IPPROTO_ICMP)
    client.sendto(icmp(8, 0, 1, b"x" * 56), (daddr, 0))
    router.narrow(mtu, daddr, router.sees(daddr, 1)[20:])
    return mtu_of(udp(daddr), mtu, 5)


def df(router, daddr, mtu):
    router.narrow(mtu, daddr, reply())
    sock = udp(daddr)
    mtu_of(sock, max(mtu, 552), 5)
    sock = udp(daddr)
    sock.send(b"y")
    while True:
        data = router.sees(daddr, 17)
        if data[20:22] == struct.pack("!H", sock.getsockname()[1]):
            return "df" if data[6] & 0x40 else "cut"


def ages(router, daddr, mtu):
    sock = udp(daddr)
    router.narrow(mtu, daddr, reply())
    if mtu_of(sock, mtu, 5) != mtu:
        return "not believed"
    return mtu_of(sock, 1500, 10)


print(globals()[sys.argv[2]](Router(sys.argv[1]), sys.argv[3], int(sys.argv[4])))
