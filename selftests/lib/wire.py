#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0
"""Plays TCP by hand against MYNET's: a scenario says which segments go in and which have to come out.

wire.py PEER-NS FILE    in the namespace of MYNET (veth0, 192.0.2.2); the peer (veth1, 192.0.2.1) has no
                        stack that would answer. Prints what was wrong and where.

A scenario is a line for each event; "#" begins a comment. Numbers are relative: the peer's sequence
numbers to its ISN, MYNET's to its own. An event that does not come fails; so does any other segment.

< FLAGS SEQ[:END] [WORD...]   a segment goes in. FLAGS are letters of FSRPAUEC, or -
> FLAGS SEQ[:END] [WORD...]   the next segment that comes out; * is any
  ack=N win=N urg=N mss=N wscale=N sackok ts[=VAL,ECR] sack=A-B,C-D    in both; a bare ts fills itself in,
                              ts=VAL,syn echoes the time of MYNET's SYN
  from=N                      another port of the peer's, so many above its first
  opts=HEX badsum doff=N ttl=N raddr=ADDR laddr=ADDR    in segments that go in
  nots nosack nodf win<N win>N after=SECONDS   of segments that come out: not there; at least so long after
                              the event before
quiet [SECONDS]               nothing comes out (for so long, or until what was sent is dealt with)
sleep SECONDS                 waits for time itself
icmp TYPE CODE [mtu=N] [seq=N] [short]   an ICMP error goes in, about a segment of MYNET's
xN EVENT                      so many times
open [active] [WORD...]       a handshake, with these options in the peer's SYN and window afterwards
listen [N], unlisten, connect, accept, noaccept, close, shutdown
send N [oob|more], recv N [oob|peek], recv eof; with an errno's name instead of N: it fails so
opt NAME VALUE                a socket option; before there is a socket: of the one to come
sysctl NAME VALUE             net.mynet.tcp_NAME for this scenario
state NAME                    of the connection, NONE: it is not there
info FIELD [<>]N              of TCP_INFO
count [LINE:]NAME [<>]N       a counter has grown by so much since the scenario began
poll WORD...                  these events, and none else of in out hup rdhup err pri
again                         the next SYN of MYNET's begins another connection of the same ports
"""
import errno
import os
import select
import socket
import struct
import sys
import time

import family
import netns
from ip import checksum

SO_TIMESTAMPNS, SIOCOUTQ = 35, 0x5411
US, PEER = "192.0.2.2", "192.0.2.1"
LETTERS = "FSRPAUEC"
PATIENCE = 60 if os.environ.get("MYNET_KERNEL") == "debug" else 10
BASE = 0xffff8000		# the peer's ISN: its numbers wrap

STATES = ["", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE",
          "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "SYN_RECV"]
INFO = ["rto", "ato", "snd_mss", "rcv_mss", "unacked", "sacked", "lost", "retrans", "fackets",
        "last_data_sent", "last_ack_sent", "last_data_recv", "last_ack_recv", "pmtu", "rcv_ssthresh",
        "rtt", "rttvar", "snd_ssthresh", "snd_cwnd", "advmss", "reordering"]
TCP, SOL = socket.IPPROTO_TCP, socket.SOL_SOCKET
OPTIONS = {
    "nodelay": (TCP, 1), "maxseg": (TCP, 2), "cork": (TCP, 3), "keepidle": (TCP, 4),
    "keepintvl": (TCP, 5), "keepcnt": (TCP, 6), "syncnt": (TCP, 7), "linger2": (TCP, 8),
    "defer_accept": (TCP, 9), "window_clamp": (TCP, 10), "quickack": (TCP, 12),
    "congestion": (TCP, 13), "user_timeout": (TCP, 18), "notsent_lowat": (TCP, 25),
    "keepalive": (SOL, 9), "oobinline": (SOL, 10), "rcvbuf": (SOL, 8), "sndbuf": (SOL, 7),
    "rcvlowat": (SOL, 18), "linger": (SOL, 13), "reuseport": (SOL, 15),
}
POLL = {"in": select.POLLIN, "out": select.POLLOUT, "hup": select.POLLHUP, "err": select.POLLERR,
        "rdhup": select.POLLRDHUP, "pri": select.POLLPRI}


class Wrong(Exception):
    pass


def pattern(first, last):
    return bytes(i * 7 + i // 251 & 0xff for i in range(first, last))


def build_options(words):
    out = b""
    if "mss" in words:
        out += struct.pack("!BBH", 2, 4, int(words["mss"]))
    if "sackok" in words:
        out += b"\4\2"
    if "ts" in words:
        out += struct.pack("!BBII", 8, 10, *[int(n) & 0xffffffff for n in words["ts"].split(",")])
    if "wscale" in words:
        out += struct.pack("!BBB", 3, 3, int(words["wscale"]))
    if "sack" in words:
        blocks = [edge for block in words["sack"].split(",") for edge in block.split("-")]
        out += struct.pack("!BB%dI" % len(blocks), 5, 2 + 4 * len(blocks), *map(int, blocks))
    out += bytes.fromhex(words.get("opts", ""))
    return out + b"\0" * (-len(out) % 4)


def parse_options(data):
    found, at = {}, 0
    while at < len(data) and data[at]:
        if data[at] == 1:
            at += 1
            continue
        kind, size = data[at], data[at + 1]
        body = data[at + 2:at + size]
        if kind == 2:
            found["mss"] = struct.unpack("!H", body)[0]
        elif kind == 3:
            found["wscale"] = body[0]
        elif kind == 4:
            found["sackok"] = True
        elif kind == 5:
            edges = struct.unpack("!%dI" % (len(body) // 4), body)
            found["sack"] = [tuple(edges[i:i + 2]) for i in range(0, len(edges), 2)]
        elif kind == 8:
            found["ts"] = struct.unpack("!II", body)
        at += size
    return found


class Segment:
    """One that came out; seq and ack as they are on the wire."""

    def __init__(self, ip, when):
        tcp = ip[(ip[0] & 15) * 4:struct.unpack("!H", ip[2:4])[0]]
        (self.sport, self.dport, self.seq, self.ack, off, self.flags, self.win, _,
         self.urg) = struct.unpack("!HHIIBBHHH", tcp[:20])
        self.opts = parse_options(tcp[20:(off >> 4) * 4])
        self.data = tcp[(off >> 4) * 4:]
        self.when = when
        self.ip, self.tcp = ip, tcp

    def good(self):
        """Whether its checksum is right."""
        return checksum(self.ip[12:20] + struct.pack("!HH", 6, len(self.tcp)) + self.tcp) == 0


class Wire:
    """The peer's end of the cable."""

    def __init__(self, peer):
        with netns.inside(peer):
            self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
        self.sock.setsockopt(SOL, SO_TIMESTAMPNS, 1)
        self.sock.setsockopt(SOL, 33, 1 << 23)		# SO_RCVBUFFORCE
        self.sock.bind(("veth1", 0x0800))
        self.head = netns.lladdr("veth0") + self.sock.getsockname()[4] + b"\x08\0"
        self.played = 0
        self.echoes = 0

    def put(self, proto, data, ttl=64, source=PEER, target=US):
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(data), 0, 0x4000, ttl, proto, 0,
                           socket.inet_aton(source), socket.inet_aton(target))
        head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
        self.sock.send(self.head + head + data)

    def echo(self):
        """What was sent before it is dealt with when its answer comes."""
        self.echoes += 1
        body = struct.pack("!BBHHH", 8, 0, 0, 4711, self.echoes & 0xffff)
        self.put(1, body[:2] + struct.pack("!H", checksum(body)) + body[4:])

    def get(self, until):
        """The next packet and when it came; None: none did."""
        left = until - time.monotonic()
        if not select.select([self.sock], [], [], max(left, 0))[0]:
            return None, 0
        data, control, _, _ = self.sock.recvmsg(70000, 64)
        sec, nsec = struct.unpack("=qq", control[0][2][:16])
        return data[14:], sec + nsec / 1e9


class Scenario:
    def __init__(self, wire):
        wire.played += 1
        self.wire = wire
        self.lport = 5000 + wire.played
        self.rport = 20000 + wire.played % 400 * 100
        self.iss = {}
        self.win = 65535
        self.auto_ts = False
        self.ts_heard = self.ts_syn = 0
        self.acked = None
        self.begun = time.time()
        self.event = self.begun
        self.listener = self.sock = None
        self.accepted = []
        self.pending = []
        self.knobs = []
        self.sent = self.read = 1
        self.counters = None

    # --- segments -------------------------------------------------------------------

    def put(self, words, spec):
        span, flags = spec[1], 0 if spec[0] == "-" else sum(1 << LETTERS.index(c) for c in spec[0])
        first, last = (map(int, span.split(":")) if ":" in span else (int(span), int(span)))
        came = int(words.get("from", 0))
        if "ts" in words or self.auto_ts and "nots" not in words and not flags & 4:
            if flags & 2:
                self.auto_ts = True
            words["ts"] = words.get("ts", "").replace("syn", str(self.ts_syn))
            if not words["ts"]:
                words["ts"] = "%d,%d" % (1000 + (time.time() - self.begun) * 1000,
                                         self.ts_heard if flags & 16 else 0)
        if "sack" in words:
            words["sack"] = ",".join("-".join(str(int(edge) + self.iss[came] & 0xffffffff)
                                              for edge in block.split("-"))
                                     for block in words["sack"].split(","))
        ack = 0
        if "ack" in words:
            ack = int(words["ack"]) + self.iss.get(came, 0) & 0xffffffff
        opts = build_options(words)
        doff = int(words.get("doff", 5 + len(opts) // 4))
        tcp = struct.pack("!HHIIBBHHH", self.rport + came, self.lport, BASE + first & 0xffffffff,
                          ack, doff << 4, flags, int(words.get("win", self.win)), 0,
                          int(words.get("urg", 0))) + opts + pattern(first, last)
        source, target = words.get("raddr", PEER), words.get("laddr", US)
        check = checksum(socket.inet_aton(source) + socket.inet_aton(target) +
                         struct.pack("!HH", 6, len(tcp)) + tcp)
        if "badsum" in words:
            check ^= 0x5555
        self.event = time.time()
        self.wire.put(6, tcp[:16] + struct.pack("!H", check) + tcp[18:], int(words.get("ttl", 64)),
                      source, target)

    def next(self, until):
        """The next segment of this scenario; None: time is over, or the echo came."""
        while True:
            packet, when = self.wire.get(until)
            if not packet:
                return None
            head = (packet[0] & 15) * 4
            if packet[9] == 1 and packet[head] == 0:
                if packet[head + 4:head + 8] == struct.pack("!HH", 4711, self.wire.echoes & 0xffff):
                    return None
                continue
            if packet[9] != 6:
                continue
            seg = Segment(packet, when)
            if seg.sport == self.lport and 0 <= seg.dport - self.rport < 100:
                return self.learn(seg)

    def learn(self, seg):
        came = seg.dport - self.rport
        if seg.flags & 2:
            self.iss[came] = seg.seq
        if seg.flags & 16 and not came:
            self.acked = seg.ack
        if "ts" in seg.opts:
            self.ts_heard = seg.opts["ts"][0]
            self.ts_syn = self.ts_heard if seg.flags & 2 else self.ts_syn
        return seg

    def show(self, seg):
        came = seg.dport - self.rport
        first = seg.seq - self.iss.get(came, 0) & 0xffffffff
        text = "> " + ("".join(c for i, c in enumerate(LETTERS) if seg.flags & 1 << i) or "-")
        text += " %d" % first + (":%d" % (first + len(seg.data)) if seg.data else "")
        text += " ack=%d win=%d" % (seg.ack - BASE & 0xffffffff if seg.flags & 16 else seg.ack, seg.win)
        if seg.flags & 32:
            text += " urg=%d" % seg.urg
        for name, value in seg.opts.items():
            if name == "sack":
                value = ",".join("%d-%d" % (a - BASE & 0xffffffff, b - BASE & 0xffffffff)
                                 for a, b in value)
            text += " %s" % name if value is True else " %s=%s" % (name, value)
        return text + (" from=%d" % came if came else "") + " after=%.3f" % (seg.when - self.event)

    def expect(self, words, spec):
        seg = self.next(time.monotonic() + PATIENCE)
        if not seg:
            raise Wrong("nothing came")
        came = seg.dport - self.rport
        wrong = []
        first = seg.seq - self.iss.get(came, 0) & 0xffffffff
        flags = "".join(c for i, c in enumerate(LETTERS) if seg.flags & 1 << i)
        if not seg.good():
            wrong.append("checksum")
        if spec[0] != "*" and set(flags) != set(spec[0].strip("-")):
            wrong.append("flags")
        if came != int(words.get("from", 0)):
            wrong.append("port")
        if spec[1] != "*":
            want, end = (map(int, spec[1].split(":")) if ":" in spec[1] else
                         (int(spec[1]), int(spec[1])))
            if first != want or len(seg.data) != end - want:
                wrong.append("seq")
        if seg.data and seg.data != pattern(first, first + len(seg.data)):
            wrong.append("data")
        have = {"ack": (seg.ack - BASE & 0xffffffff) if seg.flags & 16 else seg.ack, "win": seg.win,
                "urg": seg.urg if seg.flags & 32 else 0, "mss": seg.opts.get("mss"),
                "wscale": seg.opts.get("wscale")}
        for name, value in words.items():
            if name in have and int(value) != have[name]:
                wrong.append(name)
            elif name[:4] in ("win<", "win>"):
                bad = seg.win >= int(name[4:]) if name[3] == "<" else seg.win <= int(name[4:])
                wrong += [name] if bad else []
            elif name == "sackok" and "sackok" not in seg.opts:
                wrong.append(name)
            elif name == "ts" and "ts" not in seg.opts:
                wrong.append(name)
            elif name == "ts" and value and int(value.split(",")[1]) != seg.opts["ts"][1]:
                wrong.append("ts")
            elif name == "nodf":
                wrong += [name] if seg.ip[6] & 0x40 else []
            elif name[:2] == "no" and (name[2:] in seg.opts or name[2:] + "ok" in seg.opts):
                wrong.append(name)
            elif name == "sack":
                blocks = ",".join("%d-%d" % (a - BASE & 0xffffffff, b - BASE & 0xffffffff)
                                  for a, b in seg.opts.get("sack", []))
                wrong += ["sack"] if blocks != value else []
            elif name == "after" and seg.when - self.event < float(value):
                wrong.append(name)
        if wrong:
            raise Wrong(", ".join(wrong) + ": " + self.show(seg))
        self.event = seg.when

    def quiet(self, seconds):
        end = time.monotonic() + seconds
        seg = self.next(end) if seconds else None
        if not seg:
            self.wire.echo()
            seg = self.next(time.monotonic() + PATIENCE)
        if seg:
            raise Wrong("came: " + self.show(seg))

    def icmp(self, spec, words):
        size = 20 if "short" in words else 28
        quote = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 1500, 0, 0x4000, 64, 6, 0, socket.inet_aton(US),
                            socket.inet_aton(PEER))
        quote += struct.pack("!HHI", self.lport, self.rport,
                             int(words.get("seq", 0)) + self.iss.get(0, 0) & 0xffffffff)
        body = struct.pack("!BBHI", int(spec[0]), int(spec[1]), 0, int(words.get("mtu", 0)))
        body += quote[:size]
        self.wire.put(1, body[:2] + struct.pack("!H", checksum(body)) + body[4:])

    # --- the program ----------------------------------------------------------------

    def socket(self):
        sock = family.sock("mynet", socket.SOCK_STREAM)
        sock.setblocking(False)
        sock.setsockopt(SOL, socket.SO_REUSEADDR, 1)
        for name, value in self.pending:
            self.set(sock, name, value)
        self.pending = []
        sock.bind(("0.0.0.0", self.lport))
        return sock

    def set(self, sock, name, value):
        if name == "linger":
            value = struct.pack("ii", 1, int(value))
        elif name == "congestion":
            value = value.encode()
        else:
            value = int(value)
        sock.setsockopt(*OPTIONS[name], value)

    def attempt(self, what, *errors):
        """Calls until it does not say EAGAIN, or for ever too long."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return what()
            except BlockingIOError:
                if "EAGAIN" in errors:
                    return "EAGAIN"
                if time.monotonic() > end:
                    raise Wrong("nothing came for the program") from None
                select.select([], [], [], 0.001)
            except OSError as error:
                name = errno.errorcode[error.errno]
                if name in errors:
                    return name
                raise Wrong("the call fails with " + name) from None

    def start_listen(self, backlog):
        self.listener = self.sock = self.socket()
        self.sock.listen(backlog)

    def start_connect(self):
        self.sock = self.socket()
        try:
            self.sock.connect((PEER, self.rport))
        except BlockingIOError:
            pass
        self.event = time.time()

    def accept(self):
        def call():
            return self.listener.accept()[0]
        self.sock = self.attempt(call)
        self.sock.setblocking(False)
        self.accepted.append(self.sock)

    def open(self, spec, words):
        self.win = int(words.pop("win", self.win))
        syn = dict(words)
        if "active" in spec:
            del syn["active"]
            self.start_connect()
            self.expect({}, ["S", "0"])
            self.put(dict(syn, ack=1), ["SA", "0"])
            self.expect({"ack": 1}, ["A", "1"])
            return
        self.start_listen(8)
        self.put(syn, ["S", "0"])
        self.expect({"ack": 1}, ["SA", "0"])
        self.put({"ack": 1}, ["A", "1"])
        self.accept()

    def send(self, spec):
        flags = {"oob": socket.MSG_OOB, "more": socket.MSG_MORE}
        flag = sum(flags[name] for name in spec[1:]) | socket.MSG_NOSIGNAL
        self.event = time.time()
        if not spec[0].isdigit():
            if self.attempt(lambda: self.sock.send(b"x", flag), spec[0]) != spec[0]:
                raise Wrong("the call does not fail")
            return
        count = int(spec[0])
        while count:
            data = pattern(self.sent, self.sent + count)
            done = self.attempt(lambda data=data: self.sock.send(data, flag))
            self.sent += done
            count -= done

    def recv(self, spec):
        flags = {"oob": socket.MSG_OOB, "peek": socket.MSG_PEEK}
        flag = sum(flags[name] for name in spec[1:])
        self.event = time.time()
        if not spec[0].isdigit() and spec[0] != "eof":
            got = self.attempt(lambda: self.sock.recv(1, flag), spec[0])
            if got != spec[0]:
                raise Wrong("the call gives %r" % got)
            return
        want = 0 if spec[0] == "eof" else int(spec[0])
        if not want and self.attempt(lambda: self.sock.recv(1)):
            raise Wrong("no end of the stream")
        first = self.read
        while want:
            data = self.attempt(lambda: self.sock.recv(want, flag))
            if not data:
                raise Wrong("the stream ended")
            if "oob" not in spec:
                if data != pattern(first, first + len(data)):
                    raise Wrong("wrong data")
                first += len(data)
            want -= len(data)
        if "peek" not in spec and "oob" not in spec:
            self.read = first

    def skip(self, count):
        self.read += count

    def state(self, want):
        mine, theirs = "%04X" % self.lport, "%04X" % self.rport
        end = time.monotonic() + PATIENCE
        while True:
            state = "NONE"
            with open("/proc/net/mynet/tcp", encoding="ascii") as table:
                for line in list(table)[1:]:
                    fields = line.split()
                    if fields[1].endswith(mine) and fields[2].endswith(theirs):
                        state = STATES[int(fields[3], 16)]
            if state == want:
                return
            if time.monotonic() > end:
                raise Wrong("it is " + state)
            select.select([], [], [], 0.001)

    def info(self, name, want):
        info = self.sock.getsockopt(TCP, 11, 192)
        value = struct.unpack_from("=I", info, 8 + 4 * INFO.index(name))[0]
        if not self.compare(value, want):
            raise Wrong("it is %d" % value)

    def compare(self, value, want):
        number = int(want.lstrip("<>"))
        return {"<": value < number, ">": value > number}.get(want[0], value == number)

    def read_counters(self):
        found = {}
        for name in ("snmp", "netstat", "drops"):
            with open("/proc/net/mynet/" + name, encoding="ascii") as file:
                lines = [line.split() for line in file]
            for names, values in zip(lines[::2], lines[1::2]):
                found.update(zip(names[1:], map(int, values[1:])))
                found.update(zip((names[0] + n for n in names[1:]), map(int, values[1:])))
        return found

    def count(self, name, want):
        end = time.monotonic() + PATIENCE
        while True:
            grown = self.read_counters()[name] - self.counters[name]
            if self.compare(grown, want):
                return
            if time.monotonic() > end:
                raise Wrong("it grew by %d" % grown)
            select.select([], [], [], 0.001)

    def poll(self, spec):
        asked = select.poll()
        asked.register(self.sock, sum(POLL.values()))
        want = sum(POLL[name] for name in spec)
        end = time.monotonic() + PATIENCE
        while True:
            got = sum(event for _, event in asked.poll(0))
            if got == want:
                return
            if time.monotonic() > end:
                raise Wrong("they are " + " ".join(n for n, bit in POLL.items() if got & bit))
            select.select([], [], [], 0.001)

    def sysctl(self, name, value):
        path = "/proc/sys/net/mynet/tcp_" + name
        with open(path, encoding="ascii") as file:
            self.knobs.append((path, file.read()))
        with open(path, "w", encoding="ascii") as file:
            file.write(value)

    # --- lines ----------------------------------------------------------------------

    def play(self, line):
        verb, *spec = line.split()
        words = dict((w.split("=", 1) + [""])[:2] for w in spec)
        if verb[0] == "x" and verb[1:].isdigit():
            for _ in range(int(verb[1:])):
                self.play(line.split(None, 1)[1])
        elif verb == "<":
            self.put(words, spec)
        elif verb == ">":
            self.expect(words, spec)
        elif verb == "quiet":
            self.quiet(float(spec[0]) if spec else 0)
        elif verb == "sleep":
            time.sleep(float(spec[0]))	# waits for time itself: the scenario says so
        elif verb == "icmp":
            self.icmp(spec, words)
        elif verb == "open":
            self.open(spec, words)
        elif verb == "listen":
            self.start_listen(int(spec[0]) if spec else 8)
        elif verb == "unlisten":
            self.listener.close()
        elif verb == "connect":
            self.start_connect()
        elif verb == "noaccept":
            self.attempt(self.listener.accept, "EAGAIN")
        elif verb == "again":
            self.iss = {}
            self.auto_ts = False
            self.sent = self.read = 1
        elif verb == "opt":
            if self.sock:
                self.set(self.sock, *spec)
            else:
                self.pending.append(spec)
        elif verb == "close":
            self.event = time.time()
            self.sock.close()
            self.sock = None
        elif verb == "shutdown":
            self.event = time.time()
            self.sock.shutdown(socket.SHUT_WR)
        elif verb == "skip":
            self.skip(int(spec[0]))
        elif verb in ("send", "recv", "poll"):
            getattr(self, verb)(spec)
        elif verb in ("accept", "state", "info", "count", "sysctl"):
            getattr(self, verb)(*spec)
        else:
            raise Wrong("not understood")

    def run(self, path):
        self.counters = self.read_counters()
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        for number, line in enumerate(lines, 1):
            line = line.split("#")[0].strip()
            if not line:
                continue
            try:
                self.play(line)
            except Wrong as wrong:
                print("%s:%d: %s: %s" % (os.path.basename(path), number, line, wrong))
                return 1
        return 0

    def end(self):
        """Nothing of it may be left: what is, is reset."""
        for path, value in reversed(self.knobs):
            with open(path, "w", encoding="ascii") as file:
                file.write(value)
        for sock in self.accepted + [self.sock, self.listener]:
            if sock and sock.fileno() >= 0:
                sock.setsockopt(SOL, socket.SO_LINGER, struct.pack("ii", 1, 0))
                sock.close()
        self.drain()
        if self.acked is not None:
            self.put({}, ["R", str(self.acked - BASE & 0xffffffff)])
        self.drain()

    def drain(self):
        self.wire.echo()
        while self.next(time.monotonic() + PATIENCE):
            pass


wires = {}


def main(args):
    peer, path = args
    if peer not in wires:
        wires[peer] = Wire(peer)
    scenario = Scenario(wires[peer])
    try:
        return scenario.run(path)
    finally:
        scenario.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
