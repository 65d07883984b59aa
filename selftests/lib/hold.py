#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Holds sockets of MYNET, and does with them what it reads, a line at a time; answers with a line.

open udp|tcp|raw|ping    a socket; answers with its number. Raw ones are of protocol 253
bind N ADDR PORT | connect N ADDR PORT | listen N BACKLOG | reuse N
accept N                 answers with the number of the connection
send N TEXT | recv N     recv answers with what came; "" is the end
close N | device N DEV | mark N MARK | nonblock N
flood ADDR PORT COUNT    so many connections to a listener here, both ends held
inode N | pid            of the socket, of this program
What fails answers with the name of the error.
"""
import errno
import os
import resource
import socket
import sys

import family

KINDS = {"udp": (socket.SOCK_DGRAM, 0), "tcp": (socket.SOCK_STREAM, 0),
         "raw": (socket.SOCK_RAW, 253), "ping": (socket.SOCK_DGRAM, socket.IPPROTO_ICMP)}
held = []


def fresh(kind):
    sock = family.sock("mynet", *KINDS[kind])
    sock.settimeout(60)
    return sock


def keep(sock):
    held.append(sock)
    return len(held) - 1


def flood(addr, port, count):
    server = fresh("tcp")
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((addr, port))
    server.listen(1024)
    held.append(server)
    for _ in range(count):
        sock = fresh("tcp")
        sock.connect((addr, port))
        held.append(sock)
        held.append(server.accept()[0])


def do(verb, *args):
    if verb == "open":
        return keep(fresh(args[0]))
    if verb == "flood":
        return flood(args[0], int(args[1]), int(args[2]))
    if verb == "pid":
        return os.getpid()
    sock = held[int(args[0])]
    if verb in ("bind", "connect"):
        getattr(sock, verb)((args[1], int(args[2])))
    elif verb == "listen":
        sock.listen(int(args[1]))
    elif verb == "reuse":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    elif verb == "device":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, args[1].encode())
    elif verb == "mark":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, int(args[1]))
    elif verb == "accept":
        return keep(sock.accept()[0])
    elif verb == "send":
        return sock.send(args[1].encode())
    elif verb == "recv":
        return repr(sock.recv(4096).decode())
    elif verb == "inode":
        return os.fstat(sock.fileno()).st_ino
    elif verb == "close":
        sock.close()
    elif verb == "nonblock":
        sock.setblocking(False)
    else:
        return "what?"
    return None


_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
for line in sys.stdin:
    try:
        answer = do(*line.split())
        print("ok" if answer is None else answer, flush=True)
    except socket.timeout:
        print("timeout", flush=True)
    except OSError as error:
        print(errno.errorcode.get(error.errno, error.errno), flush=True)
