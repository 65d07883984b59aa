#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0
"""Sends segments that are nearly right to MYNET's TCP in each of its states.

segments.py PEER-NS SEED COUNT [STATE...]    COUNT segments in each state, with the ends of wire.py. Meanwhile the
program reads and writes now and then. Afterwards MYNET has to answer an echo request. The same seed sends the
same segments, as far as MYNET answers the same.
"""
import random
import socket
import struct
import sys
import time

import wire
from ip import checksum

PACE = 64	# segments between two things that the program does


def syn_received(scenario):
    scenario.program.listen()
    scenario.put({"mss": 1460, "sackok": "", "wscale": 7, "ts": ""}, ["S", "0"])
    scenario.expect({}, ["SA", "0"])


def established(scenario):
    scenario.open(["mss=1460"], {"mss": 1460, "sackok": "", "wscale": 7, "ts": ""})


def shut(scenario):
    scenario.program.shutdown()
    scenario.expect({}, ["FA", "1"])


def close_wait(scenario):
    established(scenario)
    scenario.put({"ack": 1}, ["FA", "1"])


def last_ack(scenario):
    close_wait(scenario)
    scenario.state("CLOSE_WAIT", {})
    scenario.program.shutdown()


def fin_wait1(scenario):
    established(scenario)
    shut(scenario)


def fin_wait2(scenario):
    fin_wait1(scenario)
    scenario.put({"ack": 2}, ["A", "1"])


def closing(scenario):
    fin_wait1(scenario)
    scenario.put({"ack": 1}, ["FA", "1"])


def time_wait(scenario):
    fin_wait2(scenario)
    scenario.put({"ack": 2}, ["FA", "1"])


STATES = {
    "LISTEN": lambda scenario: scenario.program.listen(), "SYN_SENT": lambda scenario: scenario.program.connect(),
    "SYN_RECV": syn_received, "ESTABLISHED": established, "CLOSE_WAIT": close_wait, "LAST_ACK": last_ack,
    "FIN_WAIT1": fin_wait1, "FIN_WAIT2": fin_wait2, "CLOSING": closing, "TIME_WAIT": time_wait,
}

STEPS = (0, 0, 0, 0, 1, -1, 1448, -1448, 65535, -65536, 1 << 20, 1 << 31, None)	# None: any number

# Right ones, broken ones and unknown ones. Each is made when it is chosen: that is half of what a segment costs.
OPTIONS = [lambda _, data=data: data for data in (
    b"\1", b"\2\4\5\xb4", b"\2\4\0\1", b"\3\3\7", b"\3\3\xff", b"\4\2", b"\2\1",
    b"\5\2", b"\xfe\6abcd", b"\x13\x12" + bytes(16),
)] + [
    lambda by: struct.pack("!BBII", 8, 10, by.rand.getrandbits(32), by.echo),
    lambda by: struct.pack("!BBIIII", 5, 18, *(by.near(by.ack) for _ in range(4))),
    lambda by: struct.pack("!BBII", 5, 10, by.near(by.ack), by.near(by.ack)),
    lambda by: by.rand.randbytes(by.rand.randrange(8)),
]


def answers(scenario):
    begun = time.monotonic()
    scenario.drain()
    if time.monotonic() - begun >= wire.PATIENCE:
        raise wire.Wrong("no answer to an echo request")


class Segments:
    def __init__(self, scenario, seed):
        self.scenario = scenario
        self.rand = random.Random(seed)
        self.seq, self.ack, self.echo = wire.BASE + 1, 0, 0

    def chance(self, n):
        return self.rand.random() * n < 1

    def near(self, number):
        """Mostly what fits, or nearly."""
        step = self.rand.choice(STEPS)
        return number + (self.rand.getrandbits(32) if step is None else step) & 0xffffffff

    def listen(self):
        """Follows MYNET by what came out since."""
        while True:
            packet, _ = self.scenario.wire.get(0)
            if not packet:
                return
            if packet[9] == 6:
                seg = wire.Segment(packet, 0)
                if seg.sport == self.scenario.lport and not seg.flags & 4:
                    self.ack = seg.seq + len(seg.data) + (seg.flags & 3 != 0) & 0xffffffff
                    self.seq = seg.ack if seg.flags & 16 else self.seq
                    self.echo = seg.opts.get("ts", (0,))[0]

    def options(self):
        data = b"".join(self.rand.choice(OPTIONS)(self) for _ in range(self.rand.randrange(4)))[:40]
        return data + b"\0" * (-len(data) % 4)

    def segment(self):
        rand, scenario = self.rand, self.scenario
        flags = rand.choice((16, 16, 16, 24, 17, 2, 18, 4, 20, 48, 0, 41, rand.randrange(256)))
        if flags & 4 and not self.chance(50):	# or the connection would not last
            flags &= ~4
        opts = self.options()
        data = rand.randbytes(rand.choice((0, 0, 0, 1, 1, 100, 1460 - len(opts))))
        doff = 5 + len(opts) // 4 if not self.chance(20) else rand.randrange(16)
        tcp = struct.pack("!HHIIBBHHH", scenario.rport + (rand.randrange(100) if self.chance(20) else 0),
                          scenario.lport, self.near(self.seq), self.near(self.ack),
                          doff << 4 | rand.randrange(16), flags, rand.choice((0, 1, 500, 65535)), 0,
                          rand.choice((0, 1, 10, 65535))) + opts + data
        if self.chance(50):
            tcp = tcp[:rand.randrange(len(tcp))]
        check = checksum(socket.inet_aton(wire.PEER) + socket.inet_aton(wire.US) +
                         struct.pack("!HH", 6, len(tcp)) + tcp) if not self.chance(50) else 1
        return tcp[:16] + struct.pack("!H", check) + tcp[18:] if len(tcp) >= 18 else tcp

    def program(self):
        """Reads or writes, if there is a connection that takes it."""
        try:
            if self.chance(2):
                self.scenario.program.now.sock.recv(self.rand.randrange(1, 65536))
            else:
                self.scenario.program.now.sock.send(bytes(self.rand.randrange(1, 3000)), socket.MSG_NOSIGNAL)
        except OSError:
            pass

    def throw(self, count):
        for number in range(count):
            if number % PACE == 0:
                self.listen()
                self.program()
            if self.chance(200):
                self.scenario.icmp([str(self.rand.choice((3, 4, 11, 12))), str(self.rand.randrange(6))],
                                   {"mtu": self.rand.choice((0, 68, 576, 1400)), "seq": self.rand.choice((0, 1, 5000))})
            else:
                self.scenario.wire.put(6, self.segment())


wires = {}	# by the peer's namespace: one program may be asked for many states


def main(args):
    peer, seed, count = args[0], int(args[1]), int(args[2])
    if peer not in wires:
        wires[peer] = wire.Wire(peer)
    for number, state in enumerate(args[3:] or STATES):
        scenario = wire.Scenario(wires[peer], wire.Host("mynet"))
        try:
            STATES[state](scenario)
            segments = Segments(scenario, seed * 100 + number)
            segments.listen()
            if state != "SYN_SENT" and state != "LISTEN":
                scenario.state(state, {})
            segments.throw(count)
            answers(scenario)
        except wire.Wrong as wrong:
            print("%s, seed %d: %s" % (state, seed, wrong))
            return 1
        finally:
            scenario.end()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
