#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0
"""Lets the allocations of a call fail, one after the other.

scarce.py mynet|inet|SPEC [every=N] ACT...

Of each act everything is prepared, and the first allocation fails that its call makes (the kernel's fault
injection, fail-nth). Then, with everything fresh, the second, until a call makes no more; with every=N only each
Nth, from any on. A call that fails says that memory is short and leaves nothing half done: made again it succeeds, and what it
made works. A call that goes on without is as good. Prints how often it was which. The acts of control need the
YAML instead of the family, a device d0 that is not attached and one d1 that is and has 10.0.0.1/24.
"""
import contextlib
import errno
import itertools
import os
import random
import socket
import struct
import sys
import tempfile

import family as families
import genl
import netns

# Answers that say it. The core's: ENFILE for a socket that has no inode, EAFNOSUPPORT for one of INET's in a new
# namespace. EAGAIN: a stream that was told not to wait for memory.
SHORT = (errno.ENOMEM, errno.ENOBUFS, errno.ENFILE, errno.EAFNOSUPPORT, errno.EAGAIN)
HERE, THERE = "127.0.0.1", "192.0.2.1"


class Wrong(Exception):
    pass


class Fault:
    """The fault injection of this thread."""

    def __init__(self):
        self.file = os.open("/proc/thread-self/fail-nth", os.O_RDWR)

    def during(self, call, nth):
        """The result of the call or what it raised, and whether an allocation failed."""
        result = failure = None
        os.pwrite(self.file, b"%d" % nth, 0)
        try:
            result = call()
        except OSError as error:
            failure = error
        hit = os.pread(self.file, 16, 0).strip() == b"0"
        os.pwrite(self.file, b"0", 0)
        return result, failure, hit


# --- sockets ------------------------------------------------------------------------------------

def pattern(size):
    return bytes(i % 251 for i in range(size))


class Sockets:
    def __init__(self, family):
        self.family = family

    def sock(self, kind, proto=0, bound=True):
        sock = families.sock(self.family, kind, proto)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@qq", 60, 0))
        if bound:
            sock.bind((HERE, 0))
        return sock

    def stream(self, bound=False):
        return self.sock(socket.SOCK_STREAM, 0, bound)

    def datagram(self, bound=True):
        return self.sock(socket.SOCK_DGRAM, 0, bound)

    def listener(self, room=0):
        sock = self.stream(True)
        if room:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        sock.listen(8)
        return sock

    def connected(self, room=0):
        server, client = self.listener(room), self.stream()
        client.connect(server.getsockname())
        return client, accepted(server)


def accepted(server):
    sock = server.accept()[0]
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@qq", 60, 0))
    return sock


def hear(sock):
    data = b""
    while part := sock.recv(1 << 20):
        data += part
    return data


def talk(one, other):
    """Both ways to the end."""
    for sender, receiver in ((one, other), (other, one)):
        sender.sendall(pattern(5000))
        sender.shutdown(socket.SHUT_WR)
        if hear(receiver) != pattern(5000):
            raise Wrong("other data came than was sent")


def datagrams_come(sender, receiver):
    """The datagram that was to be sent may have been lost; the next is not."""
    sender.sendto(b"last", receiver.getsockname())
    while receiver.recv(70000) != b"last":
        pass


def opening(kind, proto=0):
    def act(make):
        yield lambda: socket.socket(families.AF_MYNET if make.family == "mynet" else socket.AF_INET, kind, proto)
    return act


def tcp_connect(make):
    server, client = make.listener(), make.stream()
    yield lambda: client.connect(server.getsockname())
    talk(client, accepted(server))


def tcp_accept(make):
    server, client = make.listener(), make.stream()
    client.connect(server.getsockname())
    conn, _ = yield server.accept
    talk(conn, client)


def tcp_send(size, flags=0):
    def act(make):
        client, server = make.connected()
        data = pattern(size)
        sent = yield lambda: client.send(data, flags | socket.MSG_DONTWAIT)
        client.send(b"last")
        client.shutdown(socket.SHUT_WR)
        if hear(server) != (data[:sent - 1] if flags & socket.MSG_OOB else data[:sent]) + b"last":
            raise Wrong("other data came than was sent")
    return act


def tcp_sendfile(make):
    client, server = make.connected()
    with tempfile.TemporaryFile() as file:
        file.write(pattern(50000))
        file.flush()
        sent = yield lambda: os.sendfile(client.fileno(), file.fileno(), 0, 50000)
        client.shutdown(socket.SHUT_WR)
        if hear(server) != pattern(50000)[:sent]:
            raise Wrong("other data came than was sent")


def tcp_recv(make):
    """A reader of a window that is closed: what says that it is open again may fail."""
    client, server = make.connected(8192)
    client.setblocking(False)
    sent = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            sent += client.send(pattern(10000))
    client.setblocking(True)
    client.shutdown(socket.SHUT_WR)
    data = yield lambda: server.recv(1 << 20)
    if len(data) + len(hear(server)) != sent:
        raise Wrong("other data came than was sent")


def tcp_end(how):
    """The other end hears of it, whatever fails."""
    def act(make):
        client, server = make.connected()
        client.send(pattern(100))
        yield lambda: how(client)
        if hear(server) != pattern(100):
            raise Wrong("other data came than was sent")
    return act


def dgram_send(size, *cmsg):
    def act(make):
        sender, receiver = make.datagram(), make.datagram()
        yield lambda: sender.sendmsg([pattern(size)], cmsg, 0, receiver.getsockname())
        datagrams_come(sender, receiver)
    return act


def udp_cork(make):
    sender, receiver = make.datagram(), make.datagram()
    sender.connect(receiver.getsockname())
    sender.send(pattern(1000), socket.MSG_MORE)
    yield lambda: sender.send(pattern(60000), socket.MSG_MORE)
    with contextlib.suppress(OSError):
        sender.send(b"", 0)
    datagrams_come(sender, receiver)


def udp_away(size, hosts):
    """By the device, in fragments if it must be."""
    def act(make):
        sock, host = make.datagram(False), next(hosts)
        yield lambda: sock.sendto(pattern(size), (host, 9))
    return act


def ping_send(make):
    sock = make.sock(socket.SOCK_DGRAM, socket.IPPROTO_ICMP, False)
    request = struct.pack("!BBHHH", 8, 0, 0, 1, 1)
    yield lambda: sock.sendto(request, (HERE, 0))
    sock.sendto(request + b"last", (HERE, 0))
    while not sock.recv(100).endswith(b"last"):
        pass


def raw_send(make):
    sender, receiver = (make.sock(socket.SOCK_RAW, 253) for _ in range(2))
    yield lambda: sender.sendto(pattern(3000), (HERE, 0))
    sender.sendto(b"last", (HERE, 0))
    while not receiver.recv(4000).endswith(b"last"):
        pass


def group(option, *words):
    def act(make):
        sock = make.datagram(False)
        value = b"".join(socket.inet_aton(word) for word in words)
        yield lambda: sock.setsockopt(socket.IPPROTO_IP, option, value)
        if option == socket.IP_ADD_MEMBERSHIP:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_DROP_MEMBERSHIP, value)
    return act


def ip_options(make):
    sender, receiver = make.datagram(), make.datagram()
    yield lambda: sender.setsockopt(socket.IPPROTO_IP, socket.IP_OPTIONS, b"\7\7\4\0\0\0\0\0")
    datagrams_come(sender, receiver)


def namespace(_):
    """A namespace, and out of it again."""
    with netns.away():
        yield netns.leave


# The kernel's pktgen, which is asked before the family, says so when it has no memory.
namespace.foreign = (errno.ENODEV, errno.EINVAL)

SOCKETS = {
    "tcp": opening(socket.SOCK_STREAM), "udp": opening(socket.SOCK_DGRAM), "raw": opening(socket.SOCK_RAW, 253),
    "ping": opening(socket.SOCK_DGRAM, socket.IPPROTO_ICMP),
    "tcp-connect": tcp_connect, "tcp-accept": tcp_accept,
    "tcp-send": tcp_send(100), "tcp-stream": tcp_send(60000), "tcp-more": tcp_send(3000, socket.MSG_MORE),
    "tcp-urgent": tcp_send(10, socket.MSG_OOB), "tcp-sendfile": tcp_sendfile, "tcp-recv": tcp_recv,
    "tcp-close": tcp_end(socket.socket.close),
    "tcp-shutdown": tcp_end(lambda sock: sock.shutdown(socket.SHUT_WR)),
    "udp-send": dgram_send(100), "udp-large": dgram_send(60000),
    "udp-gso": dgram_send(20000, (17, 103, struct.pack("=H", 1000))),	# UDP_SEGMENT
    "udp-options": dgram_send(100, (0, 7, b"\7\7\4\0\0\0\0\0")),	# IP_RETOPTS
    "udp-cork": udp_cork, "udp-fragments": udp_away(8000, itertools.repeat(THERE)),
    "udp-neighbour": udp_away(10, itertools.cycle(f"192.0.2.{i}" for i in range(3, 253))),
    "ping-send": ping_send, "raw-send": raw_send,
    "group": group(socket.IP_ADD_MEMBERSHIP, "239.1.2.3", HERE),
    "group-source": group(39, "239.1.2.3", HERE, "10.9.8.7"), "ip-options": ip_options,
    "namespace": namespace,
}


# --- control ------------------------------------------------------------------------------------

class Control:
    """Commands of the family by the names of its YAML, and who listens to its events."""

    def __init__(self, path):
        from genlfuzz import SIZES, Spec	# needs YAML, which sockets do not
        self.sizes, self.spec, self.talk, self.ear = SIZES, Spec(path), genl.Talk(), genl.Talk()
        self.number, groups = self.talk.family(self.spec.name)
        self.ear.listen(groups["events"])
        self.ear.sock.setblocking(False)

    def attributes(self, name, values):
        known, data = self.spec.sets[name], b""
        for key, value in values.items():
            number, attr = known[key.replace("_", "-")]
            if isinstance(value, int):
                value = value.to_bytes(self.sizes[attr["type"]], sys.byteorder)
            data += genl.attribute(number, value)
        return data

    def command(self, name, **values):
        number = self.spec.numbers[name]
        flags = genl.NLM_F_DUMP if name.endswith("-get") else genl.NLM_F_ACK
        self.talk.send(self.number, genl.NLM_F_REQUEST | flags, number,
                       self.attributes(self.spec.commands[number][0], values))
        _, code = self.talk.answer()
        if code:
            raise OSError(code, os.strerror(code))

    def told(self):
        """Commands of the events since, and "lost" if one was."""
        heard = set()
        while True:
            try:
                heard.add(self.ear.sock.recv(65536)[16])
            except BlockingIOError:
                return heard
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    raise
                heard.add("lost")


def making(thing, add, take, **values):
    """A command that makes something, and its opposite."""
    def act(control):
        said = {key: socket.if_nametoindex(value) if key == "ifindex" else value for key, value in values.items()}
        wanted = control.spec.commands[control.spec.numbers[f"{thing}-{take}"]][1]
        event = control.spec.numbers.get(f"{thing}-ntf")

        def undo():
            control.command(f"{thing}-{take}", **{key: value for key, value in said.items()
                                                   if key.replace("_", "-") in wanted})

        def call():
            control.told()
            try:
                control.command(f"{thing}-{add}", **said)
            except OSError as error:
                if error.errno == errno.ENOBUFS:	# of the answer: who knows what was done
                    with contextlib.suppress(OSError):
                        undo()
                raise
        yield call
        if event and not control.told() & {event, "lost"}:
            raise Wrong("who listens was not told, nor that he missed something")
        undo()
    return act


def showing(thing):
    def act(control):
        yield lambda: control.command(thing + "-get")
    return act


ADDRESS = socket.inet_aton
CONTROL = {
    "dev-attach": making("dev", "attach", "detach", ifindex="d0"),
    "addr-add": making("addr", "add", "del", ifindex="d1", local=ADDRESS("10.0.1.1"), prefixlen=24),
    "neigh-add": making("neigh", "add", "del", ifindex="d1", dst=ADDRESS("10.0.0.9"), lladdr=b"\2\0\0\0\0\1",
                        state=0x80),
    "route-add": making("route", "add", "del", dst=ADDRESS("10.5.0.0"), prefixlen=16, type=1,
                        gateway=ADDRESS("10.0.0.2"), mtu=1000),
    "rule-add": making("rule", "add", "del", priority=77, type=1, table=100, src=ADDRESS("10.0.0.0"), src_len=8),
    "maddr-join": making("maddr", "join", "leave", ifindex="d1", group=ADDRESS("239.9.9.9")),
    **{thing + "-show": showing(thing) for thing in ("dev", "addr", "neigh", "route", "rule", "maddr", "sock")},
}


def each(act, make, step):
    """How often an allocation failed and the call with it, and how often only the allocation."""
    fault, refused, borne, nth = Fault(), 0, 0, random.randrange(step) + 1
    while True:
        stage = act(make)
        call = next(stage)
        result, failure, hit = fault.during(call, nth)
        if failure and (not hit or failure.errno not in SHORT + getattr(act, "foreign", ())):
            raise Wrong(f"with allocation {nth} it fails with {failure!r}")
        try:
            if failure:
                result = call()
            stage.send(result)
        except StopIteration:
            pass
        except (OSError, Wrong) as error:
            raise Wrong(f"after {'failure' if failure else 'loss'} of allocation {nth}: {error!r}") from error
        if not hit:
            return refused, borne
        refused, borne, nth = refused + bool(failure), borne + (not failure), nth + step


def main(args):
    step = 1
    if args[1].startswith("every="):
        step = int(args.pop(1)[6:])
    known, make = (SOCKETS, Sockets(args[0])) if args[0] in ("inet", "mynet") else (CONTROL, Control(args[0]))
    for name in args[1:] or known:
        try:
            refused, borne = each(known[name], make, step)
        except Wrong as wrong:
            print(f"{name}: {wrong}")
            return 1
        print(f"# {name}: {refused} refused, {borne} borne")
        if not refused + borne:
            print(f"{name}: nothing failed")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
