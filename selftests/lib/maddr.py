#!/usr/bin/python3 -BSE
# SPDX-License-Identifier: GPL-2.0
"""Groups as a program sees them that has little room for a message.

maddr.py GROUP COUNT    with a socket that listens by 192.0.2.2 to so many sources of the group: prints
                        "GROUP on INDEX: N sources" for each group of each device
"""
import socket
import struct
import sys

import family
import genl

IP_ADD_SOURCE_MEMBERSHIP, ROOM = 39, 4096
MADDR_GET, IFINDEX, GROUP, SOURCES = 80, 1, 2, 4


def main(group, count):
    ear = family.sock("mynet", socket.SOCK_DGRAM)
    for i in range(int(count)):
        ear.setsockopt(socket.IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, struct.pack(
            "!4s4sI", socket.inet_aton(group), socket.inet_aton("192.0.2.2"), 0x0a000001 + i))
    talk = genl.Talk(ROOM)
    number, _ = talk.family("mynet")
    talk.send(number, genl.NLM_F_REQUEST | genl.NLM_F_DUMP, MADDR_GET, b"")
    for kind, data in talk.messages():
        if kind != number:
            break
        one = genl.attributes(data[4:])
        index, = struct.unpack("=I", one[IFINDEX])
        print(f"{socket.inet_ntoa(one[GROUP])} on {index}: {len(one[SOURCES]) // 4} sources")


main(*sys.argv[1:])
