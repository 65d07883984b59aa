# SPDX-License-Identifier: GPL-2.0
"""The program's side of a wire scenario: calls on sockets, and what they have to give."""
import array
import errno
import fcntl
import os
import select
import socket
import struct
import termios
import time

import family
from missing import Page
from wire_host import info_of
from wire_segment import PEER, pattern

PATIENCE = 60 if os.environ.get("MYNET_KERNEL") == "debug" else 10
TCP, SOL, IP = socket.IPPROTO_TCP, socket.SOL_SOCKET, socket.IPPROTO_IP
OPTIONS = {
    "nodelay": (TCP, 1), "maxseg": (TCP, 2), "cork": (TCP, 3), "keepidle": (TCP, 4),
    "keepintvl": (TCP, 5), "keepcnt": (TCP, 6), "syncnt": (TCP, 7), "linger2": (TCP, 8),
    "defer_accept": (TCP, 9), "window_clamp": (TCP, 10), "quickack": (TCP, 12),
    "congestion": (TCP, 13), "user_timeout": (TCP, 18), "notsent_lowat": (TCP, 25),
    "save_syn": (TCP, 27), "inq": (TCP, 36), "thin_linear": (TCP, 16),
    "keepalive": (SOL, 9), "oobinline": (SOL, 10), "rcvbuf": (SOL, 8), "sndbuf": (SOL, 7), "sndbufforce": (SOL, 32),
    "rcvlowat": (SOL, 18), "linger": (SOL, 13), "reuseport": (SOL, 15), "reuseaddr": (SOL, 2),
    "error": (SOL, 4), "max_pacing_rate": (SOL, 47), "acceptconn": (SOL, 30), "ttl": (IP, 2),
    "tos": (IP, 1), "mtu_discover": (IP, 10), "recverr": (IP, 11), "mtu": (IP, 14), "minttl": (IP, 21),
}
IOCTLS = {"inq": termios.FIONREAD, "outq": 0x5411, "outqnsd": 0x894b, "atmark": 0x8905}
FLAGS = {"oob": socket.MSG_OOB, "peek": socket.MSG_PEEK, "more": socket.MSG_MORE,
         "dontwait": socket.MSG_DONTWAIT, "waitall": socket.MSG_WAITALL, "trunc": socket.MSG_TRUNC,
         "eor": 0x80, "errqueue": socket.MSG_ERRQUEUE, "dontroute": socket.MSG_DONTROUTE,
         "fastopen": 0x20000000, "confirm": 0x800}
POLL = {"in": select.POLLIN, "out": select.POLLOUT, "hup": select.POLLHUP, "err": select.POLLERR,
        "rdhup": select.POLLRDHUP, "pri": select.POLLPRI}
SHUT = {"rd": socket.SHUT_RD, "wr": socket.SHUT_WR, "rdwr": socket.SHUT_RDWR}


class Wrong(Exception):
    """An event of a scenario did not happen."""


def patient(look, want):
    """Looks until it is what is wanted, and gives what it is in the end."""
    end = time.monotonic() + PATIENCE
    while True:
        got = look()
        if want(got) or time.monotonic() > end:
            return got
        select.select([], [], [], 0.001)


def is_error(word):
    return word[0] == "E" and word.isupper()


def compare(value, want):
    """Whether it is N, >N, <N, or one of N|N."""
    if want[0] in "<>":
        return value < int(want[1:]) if want[0] == "<" else value > int(want[1:])
    return value in map(int, want.split("|"))


def name_of(error):
    name = errno.errorcode.get(error.errno, str(error.errno))
    return "EOPNOTSUPP" if name == "ENOTSUP" else name


class Unplayable(Exception):
    """This kernel has not what the rest of a scenario needs."""


class Connection:
    """A socket of the program, and how far its streams went."""

    def __init__(self):
        self.sock = None
        self.sent = self.read = 1
        self.watch = None


class Program:
    """The program: the lines of a scenario that are calls."""

    def __init__(self, host, lport, rport):
        self.host = host
        self.lport, self.rport = lport, rport
        self.listener = None
        self.connections = {"0": Connection()}
        self.now = self.connections["0"]
        self.accepted = []
        self.pending = []
        self.event = 0
        self.page = None

    # --- sockets --------------------------------------------------------------------

    def use(self, name):
        """The calls that follow are on another socket."""
        self.now = self.connections.setdefault(name, Connection())

    def socket(self, port=None):
        sock = self.host.socket()
        self.accepted.append(sock)
        sock.setblocking(False)
        sock.setsockopt(SOL, socket.SO_REUSEADDR, 1)
        for spec in self.pending:
            self.set(sock, *spec)
        self.pending = []
        sock.bind(("0.0.0.0", self.lport if port is None else port))
        return sock

    def refused(self, call, *errors):
        """The call fails with one of these; without any it must not fail."""
        try:
            call()
        except OSError as error:
            if name_of(error) not in errors:
                raise Wrong("the call fails with " + name_of(error)) from None
            return
        if errors:
            raise Wrong("the call does not fail")

    def attempt(self, call, *errors):
        """Calls until it does not say EAGAIN, or for ever too long."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return call()
            except BlockingIOError:
                if "EAGAIN" in errors:
                    return "EAGAIN"
                if time.monotonic() > end:
                    raise Wrong("nothing came for the program") from None
                select.select([], [], [], 0.001)
            except OSError as error:
                if name_of(error) in errors:
                    return name_of(error)
                raise Wrong("the call fails with " + name_of(error)) from None

    def listen(self, *spec):
        words = [word for word in spec if is_error(word)]
        count = [int(word) for word in spec if word.isdigit()]

        def call():
            if self.now.sock is None:
                self.now.sock = self.socket()
            self.now.sock.listen(*(count or [8]))
        self.refused(call, *words)
        if not words:
            self.listener = self.now.sock

    def unlisten(self):
        self.listener.close()

    def connect(self, *spec):
        came = sum(int(word[5:]) for word in spec if word.startswith("from="))
        errors = [word for word in spec if is_error(word)]
        if self.now.sock is None:
            self.now.sock = self.socket()
        self.event = time.time()
        usual = [] if "done" in spec else ["EINPROGRESS"]
        self.refused(lambda: self.now.sock.connect((PEER, self.rport + came)), *(errors or usual))

    def disconnect(self):
        """connect() to AF_UNSPEC: Python has no word for it."""
        import ctypes  # pylint: disable=import-outside-toplevel
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.connect(self.now.sock.fileno(), b"\0" * 16, 16):
            raise Wrong("the call fails with " + errno.errorcode[ctypes.get_errno()])

    def accept(self):
        sock = self.attempt(lambda: self.listener.accept()[0])
        sock.setblocking(False)
        if self.now.sock is not self.listener:
            self.now.sock = None
        self.accepted.append(sock)
        self.now.sock = sock
        self.now.sent = self.now.read = 1

    def noaccept(self, *errors):
        self.attempt(self.listener.accept, *(errors or ["EAGAIN"]))

    def close(self):
        self.event = time.time()
        self.now.sock.close()
        self.now.sock = None

    def shutdown(self, *spec):
        how = [SHUT[word] for word in spec if word in SHUT] or [socket.SHUT_WR]
        self.event = time.time()
        self.refused(lambda: self.now.sock.shutdown(*how), *[w for w in spec if is_error(w)])

    # --- data -----------------------------------------------------------------------

    def hold(self):
        """The socket is busy: send() waits for memory that is not there."""
        try:
            self.page = Page()
        except OSError:
            raise Unplayable from None
        self.page.send(self.now.sock)

    def release(self):
        self.page.give()
        self.page = None

    def send(self, *spec):
        flag = sum(FLAGS[word] for word in spec if word in FLAGS) | socket.MSG_NOSIGNAL
        expect = [int(word[1:]) for word in spec if word[0] == "="]
        errors = [word for word in spec if is_error(word)]
        sock = self.now.sock
        count = int(spec[0]) if spec[0].isdigit() else 1
        self.event = time.time()
        if errors:
            data = pattern(self.now.sent, self.now.sent + count)
            if self.attempt(lambda: sock.send(data, flag), *errors) not in errors:
                raise Wrong("the call does not fail")
            return
        while count:
            data = pattern(self.now.sent, self.now.sent + count)
            if "splice" in spec:
                done = self.attempt(lambda data=data: self.splice_in(data, "more" in spec))
            else:
                done = self.attempt(lambda data=data: sock.send(data, flag))
            self.now.sent += done
            count -= done
            if expect:
                if done != expect[0]:
                    raise Wrong("it took %d" % done)
                break

    def splice_in(self, data, more):
        out, into = os.pipe()
        try:
            data = data[:65536]
            os.write(into, data)
            return os.splice(out, self.now.sock.fileno(), len(data), flags=4 if more else 0)
        finally:
            os.close(out)
            os.close(into)

    def splice_out(self, count):
        out, into = os.pipe()
        try:
            done = os.splice(self.now.sock.fileno(), into, count, flags=2)
            return os.read(out, done) if done else b""
        finally:
            os.close(out)
            os.close(into)

    def recv_once(self, count, flag, spliced):
        return self.splice_out(count) if spliced else self.now.sock.recv(count, flag)

    def recv(self, *spec):
        flag = sum(FLAGS[word] for word in spec if word in FLAGS)
        expect = [int(word[1:]) for word in spec if word[0] == "="]
        errors = [word for word in spec if is_error(word)]
        spliced = "splice" in spec
        self.event = time.time()
        if errors:
            count = int(spec[0]) if spec[0].isdigit() else 1
            got = self.attempt(lambda: self.recv_once(count, flag, spliced), *errors)
            if got not in errors:
                raise Wrong("the call gives %r" % got)
            return
        if spec[0] == "eof":
            if self.attempt(lambda: self.recv_once(1, flag, spliced)):
                raise Wrong("no end of the stream")
            return
        self.recv_data(int(spec[0]), expect, flag, spliced)

    def recv_data(self, want, expect, flag, spliced):
        first = self.now.read
        while want:
            data = self.attempt(lambda: self.recv_once(want, flag, spliced))
            if not data:
                raise Wrong("the stream ended")
            if not flag & (socket.MSG_OOB | socket.MSG_TRUNC) and data != pattern(first, first + len(data)):
                raise Wrong("wrong data")
            first += len(data)
            want -= len(data)
            if expect:
                if len(data) != expect[0]:
                    raise Wrong("it gave %d" % len(data))
                break
        if not flag & (socket.MSG_PEEK | socket.MSG_OOB):
            self.now.read = first

    def skip(self, count):
        """So many bytes are not in the stream that is read."""
        self.now.read += int(count)

    # --- options and what is told -----------------------------------------------------

    def set(self, sock, name, value, *errors):
        if name == "linger":
            value = struct.pack("ii", 1, int(value))
        elif name == "congestion":
            value = value.encode()
        elif name == "max_pacing_rate":
            value = struct.pack("=I", int(value))
        else:
            value = int(value)
        option = OPTIONS[name]
        if name == "reuseport" and self.host.kind == "mynet":	# the core of 6.1 refuses its own
            option = (family.SOL_MYNET, family.MYNET_REUSEPORT)
        self.refused(lambda: sock.setsockopt(*option, value), *errors)

    def opt(self, *spec):
        if self.now.sock:
            self.event = time.time()
            self.set(self.now.sock, *spec)
        else:
            self.pending.append(spec)

    def optis(self, name, want):
        if is_error(want):
            self.refused(lambda: self.now.sock.getsockopt(*OPTIONS[name]), want)
            return
        value = self.now.sock.getsockopt(*OPTIONS[name])
        if not compare(value, want):
            raise Wrong("it is %d" % value)

    def ioctl(self, name, want):
        def look():
            value = array.array("i", [0])
            fcntl.ioctl(self.now.sock.fileno(), IOCTLS[name], value)
            return value[0]
        if is_error(want):
            self.refused(look, want)
            return
        value = patient(look, lambda value: compare(value, want))
        if not compare(value, want):
            raise Wrong("it is %d" % value)

    def info(self, name, want):
        value = info_of(self.now.sock, name)
        if not compare(value, want):
            raise Wrong("it is %d" % value)

    def poll(self, *spec):
        asked = select.poll()
        asked.register(self.now.sock, sum(POLL.values()))
        want = sum(POLL[name] for name in spec)
        got = patient(lambda: sum(event for _, event in asked.poll(0)), lambda got: got == want)
        if got != want:
            raise Wrong("they are " + " ".join(n for n, bit in POLL.items() if got & bit))

    def watch(self, *spec):
        """Events at edges are told from here on."""
        self.now.watch = select.epoll()
        self.now.watch.register(self.now.sock, sum(POLL[name] for name in spec) | select.EPOLLET)

    def edge(self, *spec):
        """Checks the edges that came since the last time, or that none did."""
        want = sum(POLL[name] for name in spec if name != "none")
        got = 0 if want else sum(event for _, event in self.now.watch.poll(0))
        if want:
            got = patient(lambda: sum(event for _, event in self.now.watch.poll(0)), lambda got: got)
        if got != want:
            raise Wrong("they are " + " ".join(n for n, bit in POLL.items() if got & bit))

    def end(self):
        """Resets what is left of the scenario."""
        if self.page:
            self.release()
        for sock in self.accepted:
            if sock.fileno() >= 0:
                sock.setsockopt(SOL, socket.SO_LINGER, struct.pack("ii", 1, 0))
                sock.close()
        for connection in self.connections.values():
            if connection.watch:
                connection.watch.close()
