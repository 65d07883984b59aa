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

IP_ADD_SOURCE_MEMBERSHIP, NETLINK_GENERIC, ROOM = 39, 16, 4096
GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 16, 3, 1, 2
NLM_F_REQUEST, NLM_F_DUMP, NLMSG_ERROR, NLMSG_DONE = 1, 0x300, 2, 3
MADDR_GET, IFINDEX, GROUP, SOURCES = 80, 1, 2, 4


def ask(sock, kind, flags, command, data=b""):
    """Sends it; returns the attributes of each answer."""
    sock.send(struct.pack("=IHHIIBBH", 20 + len(data), kind, flags, 1, 0, command, 1, 0) + data)
    answers = []
    while True:
        block = sock.recv(ROOM)
        while block:
            size, what = struct.unpack_from("=IH", block)
            if what in (NLMSG_ERROR, NLMSG_DONE):
                return answers
            answers.append(attributes(block[20:size]))
            block = block[size + 3 & ~3:]
        if not flags & NLM_F_DUMP:
            return answers


def attributes(data):
    found = {}
    while data:
        size, kind = struct.unpack_from("=HH", data)
        found[kind] = data[4:size]
        data = data[size + 3 & ~3:]
    return found


def main(group, count):
    ear = family.sock("mynet", socket.SOCK_DGRAM)
    for i in range(int(count)):
        ear.setsockopt(socket.IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, struct.pack(
            "!4s4sI", socket.inet_aton(group), socket.inet_aton("192.0.2.2"), 0x0a000001 + i))
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
    sock.settimeout(10)
    name = struct.pack("=HH8s", 10, CTRL_ATTR_FAMILY_NAME, b"mynet\0")
    known = ask(sock, GENL_ID_CTRL, NLM_F_REQUEST, CTRL_CMD_GETFAMILY, name)
    number, = struct.unpack("=H", known[0][CTRL_ATTR_FAMILY_ID])
    for one in ask(sock, number, NLM_F_REQUEST | NLM_F_DUMP, MADDR_GET):
        index, = struct.unpack("=I", one[IFINDEX])
        print(f"{socket.inet_ntoa(one[GROUP])} on {index}: {len(one[SOURCES]) // 4} sources")


main(*sys.argv[1:])
