#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0
"""Opens and closes sockets, and says what sockstat says then.

sockstat.py inet|mynet    In a namespace of its own. A line for each step: what the step was, and by how much each
                          figure differs from the beginning's. Memory is told as "some" or "none": how much a packet
                          takes is not the same in both families.
"""
import os
import socket
import sys

import family as families
from ip import packet
from wire_calls import patient
from wire_host import TABLES, read

LO = "127.0.0.1"
SHOWN = [("TCP", "inuse"), ("TCP", "orphan"), ("TCP", "tw"), ("TCP", "alloc"), ("UDP", "inuse"), ("RAW", "inuse"),
         ("FRAG", "inuse"), ("FRAG", "memory")]


def figures(kind):
    found = {}
    for line in read(TABLES[kind] + "sockstat").splitlines():
        name, *words = line.split()
        found.update(((name[:-1], word), int(value)) for word, value in zip(words[::2], words[1::2]))
    return found


class Steps:
    def __init__(self, kind):
        self.kind = kind
        self.begin = figures(kind)
        print("lines " + " ".join(sorted({name for name, _ in self.begin} - {"UDPLITE"})))

    def grown(self):
        now = figures(self.kind)
        return [now[key] - self.begin[key] for key in SHOWN]

    def tell(self, step, **want):
        """Says the figures once these are there; what is not there in the end is seen by the caller."""
        names = {"_".join(key).lower(): place for place, key in enumerate(SHOWN)}
        grown = patient(self.grown, lambda grown: all(grown[names[name]] == value for name, value in want.items()))
        memory = "some" if grown.pop() else "none"
        print(step, *grown, memory)


def tcp(kind, steps):
    one, two, ear = (families.sock(kind, socket.SOCK_STREAM) for _ in range(3))
    steps.tell("three-tcp")
    ear.bind((LO, 700))
    steps.tell("bound")
    ear.listen(1)
    steps.tell("listening")
    one.connect((LO, 700))
    end, _ = ear.accept()
    steps.tell("connected", tcp_inuse=3)
    two.connect((LO, 700))
    other, _ = ear.accept()
    other.setblocking(False)
    try:
        while True:
            other.send(bytes(65536))
    except BlockingIOError:
        pass
    other.close()
    steps.tell("orphan", tcp_orphan=1)
    two.close()
    steps.tell("orphan-reset", tcp_orphan=0)
    one.close()
    end.close()
    steps.tell("time-wait", tcp_inuse=1, tcp_tw=1)
    ear.close()
    steps.tell("closed", tcp_inuse=0)


def main(kind):
    steps = Steps(kind)
    tcp(kind, steps)
    udp = families.sock(kind, socket.SOCK_DGRAM)
    steps.tell("udp")
    udp.bind((LO, 700))
    steps.tell("udp-bound")
    raw = families.sock(kind, socket.SOCK_RAW, socket.IPPROTO_RAW)
    steps.tell("raw")
    raw.sendto(packet({"saddr": LO, "daddr": LO, "proto": "17", "data": "00" * 16, "mf": ""}), (LO, 0))
    steps.tell("fragment", frag_inuse=1)
    udp.close()
    raw.close()
    steps.tell("all-closed", udp_inuse=0, raw_inuse=0)
    return 0


if __name__ == "__main__":
    os.environ.setdefault("MYNET_KERNEL", "")
    sys.exit(main(*sys.argv[1:]))
