#!/usr/bin/python3 -BSE
# SPDX-License-Identifier: GPL-2.0
"""Packets of a transport that nobody has, from many addresses in turn, forged.

crowd.py DEV MAC ADDR HOSTS ROUNDS              from each of 10.1.0.1 and so on, so many times
"""
import socket
import struct
import sys


def checksum(head):
    total = sum(struct.unpack("!10H", head))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def packet(saddr, daddr):
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28, 1, 0, 64, 253, 0, saddr, daddr)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + b"12345678"


def main():
    dev, mac, addr, hosts, rounds = sys.argv[1:]
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
    where = (dev, 0x0800, 0, 0, bytes.fromhex(mac.replace(":", "")))
    daddr = socket.inet_aton(addr)
    crowd = [packet(struct.pack("!I", 0x0a010001 + i), daddr) for i in range(int(hosts))]
    for _ in range(int(rounds)):
        for one in crowd:
            wire.sendto(one, where)


main()
