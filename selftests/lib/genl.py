# SPDX-License-Identifier: GPL-2.0
"""Generic netlink."""
import socket
import struct

GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 3
CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME, CTRL_ATTR_MCAST_GROUPS = 1, 2, 7
CTRL_ATTR_MCAST_GRP_NAME, CTRL_ATTR_MCAST_GRP_ID = 1, 2
SOL_NETLINK, NETLINK_ADD_MEMBERSHIP = 270, 1
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP, NLM_F_MORE = 1, 4, 0x300, 0x700
NLMSG_ERROR, NLMSG_DONE = 2, 3


def attribute(kind, data):
    return struct.pack("=HH", 4 + len(data), kind & 0xffff) + data + b"\0" * (-len(data) % 4)


def attributes(data):
    """By number."""
    found = {}
    while data:
        size, kind = struct.unpack_from("=HH", data)
        found[kind & 0x3fff] = data[4:size]
        data = data[size + 3 & ~3:]
    return found


class Talk:
    """A conversation with the kernel. room: bytes that one read takes."""
    def __init__(self, room=1 << 17):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
        self.sock.bind((0, 0))
        self.sock.settimeout(60)
        self.room, self.sequence = room, 0

    def send(self, family, flags, command, data, version=1):
        self.sequence += 1
        body = struct.pack("=BBH", command, version, 0) + data
        self.sock.send(struct.pack("=IHHII", 16 + len(body), family, flags, self.sequence, 0) + body)

    def messages(self):
        """Type and content of all that comes to what was sent last, up to and with what closes it."""
        while True:
            data = self.sock.recv(self.room)
            while len(data) >= 16:
                size, kind, _, sequence, _ = struct.unpack_from("=IHHII", data)
                if sequence == self.sequence:
                    yield kind, data[16:size]
                    if kind in (NLMSG_ERROR, NLMSG_DONE):
                        return
                data = data[(size + 3) & ~3:]

    def answer(self):
        """The message that closes it, NLMSG_DONE after a dump, and the error in it, 0: none."""
        kind, data = list(self.messages())[-1]
        return kind, -struct.unpack_from("=i", data)[0]

    def family(self, name):
        """The family's number and those of its groups."""
        self.send(GENL_ID_CTRL, NLM_F_REQUEST | NLM_F_ACK, CTRL_CMD_GETFAMILY,
                  attribute(CTRL_ATTR_FAMILY_NAME, name.encode() + b"\0"))
        kind, data = next(messages := self.messages())
        if kind == NLMSG_ERROR:
            raise SystemExit(f"the kernel knows no family {name}")
        for _ in messages:
            pass
        known = attributes(data[4:])
        groups = [attributes(one) for one in attributes(known.get(CTRL_ATTR_MCAST_GROUPS, b"")).values()]
        return (struct.unpack("=H", known[CTRL_ATTR_FAMILY_ID])[0],
                {one[CTRL_ATTR_MCAST_GRP_NAME][:-1].decode(): struct.unpack("=I", one[CTRL_ATTR_MCAST_GRP_ID])[0]
                 for one in groups})

    def listen(self, group):
        self.sock.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group)
