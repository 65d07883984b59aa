#!/usr/bin/python3 -BSE
# SPDX-License-Identifier: GPL-2.0
"""Many streams on the loopback device, of either family, that meet a limit.

limits.py inet|mynet orphans COUNT    programs leave with data that nobody reads; prints how many of
                                      these connections were reset
limits.py inet|mynet waits COUNT      connections end and leave COUNT in TIME_WAIT
limits.py inet|mynet group LISTENERS COUNT   listeners of one port share connections; the first goes, with
                                      what it has not accepted. Prints for each how many it got before,
                                      how many connections were reset, how many the others got then
limits.py inet|mynet charged COUNT CGROUP    a server in this cgroup has accepted connections with data that it
                                      does not read; prints the bytes that the cgroup pays for that
"""
import errno
import os
import select
import signal
import socket
import sys
import time

from family import MYNET_REUSEPORT, SOL_MYNET, sock

ADDR = ("127.0.0.1", 5000)


def listener(family, group=False):
    server = sock(family, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    if group and family == "mynet":
        server.setsockopt(SOL_MYNET, MYNET_REUSEPORT, 1)
    elif group:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    server.bind(ADDR)
    server.listen(1024)
    return server


def client(family):
    one = sock(family, socket.SOCK_STREAM)
    one.connect(ADDR)
    return one


def was_reset(one):
    one.settimeout(1)
    try:
        while one.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError as error:
        return error.errno == errno.ECONNRESET
    return False


def orphans(family, count):
    server = listener(family)
    ends = []
    for _ in range(int(count)):
        one = client(family)
        ends.append(server.accept()[0])
        one.setblocking(False)
        try:
            while True:
                one.send(bytes(16384))
        except BlockingIOError:
            one.close()
    print(sum(map(was_reset, ends)))


def waits(family, count):
    server = listener(family)
    for _ in range(int(count)):
        one = client(family)
        end = server.accept()[0]
        one.close()
        end.recv(1)
        end.close()


def accepted(server):
    server.setblocking(False)
    ends = []
    try:
        while True:
            ends.append(server.accept()[0])
    except BlockingIOError:
        return ends


def readable(socks, least):
    """The sockets on which something happened; at least so many, or what there is after five seconds."""
    until = time.monotonic() + 5
    while True:
        ready = select.select(socks, [], [], 0.1)[0]
        if len(ready) >= least or time.monotonic() > until:
            return ready


def group(family, listeners, count):
    first, *others = [listener(family, True) for _ in range(int(listeners))]
    clients = [client(family) for _ in range(int(count))]
    before = [accepted(other) for other in others]
    waiting = len(clients) - sum(map(len, before))
    first.close()
    reset = sum(map(was_reset, readable(clients, waiting)))
    clients += [client(family) for _ in range(int(count))]
    after = [accepted(other) for other in others]
    print(waiting, *map(len, before), reset, *map(len, after))


def serve(family, count, cgroup, told):
    with open(cgroup + "/cgroup.procs", "w", encoding="ascii") as procs:
        procs.write("0")
    server = sock(family, socket.SOCK_STREAM)
    server.bind(ADDR)
    server.listen(1024)
    os.write(told, b"x")
    ends = [server.accept()[0] for _ in range(count)]
    os.write(told, b"x")
    signal.pause()
    return ends


def sock_bytes(cgroup):
    with open(cgroup + "/memory.stat", encoding="ascii") as stat:
        return next(int(line.split()[1]) for line in stat if line.startswith("sock "))


def charged(family, count, cgroup):
    heard, told = os.pipe()
    child = os.fork()
    if not child:
        serve(family, int(count), cgroup, told)
    os.close(told)
    os.read(heard, 1)
    clients = [client(family) for _ in range(int(count))]
    for one in clients:
        one.setblocking(False)
        one.send(bytes(32768))
    os.read(heard, 1)
    # The kernel adds the shares of its processors up now and then.
    until, most = time.monotonic() + 6, 0
    while time.monotonic() < until and most < int(count) * 16384:
        most = max(most, sock_bytes(cgroup))
        select.select([], [], [], 0.1)
    print(most)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


globals()[sys.argv[2]](sys.argv[1], *sys.argv[3:])
