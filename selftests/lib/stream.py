#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A stream of TCP, compared at its end.

stream.py [mynet] listen PORT [SECONDS]  takes one connection; prints how many bytes came and
                                         their digest; reads nothing for so long first
stream.py [mynet] send ADDR PORT BYTES [COMMAND]   sends so many; prints the same of them; a shell
                                         runs the command beside it when half of them are sent

It is the kernel's own TCP, or with "mynet" MYNET's.
"""
import hashlib
import socket
import subprocess
import sys
import time

from family import sock as open_sock

family = "mynet" if sys.argv[1] == "mynet" else "inet"
if family == "mynet":
    del sys.argv[1]
digest = hashlib.sha1()
count = 0
if sys.argv[1] == "listen":
    server = open_sock(family, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("", int(sys.argv[2])))
    server.listen()
    server.settimeout(60)
    sock, _ = server.accept()
    sock.settimeout(60)
    if sys.argv[3:]:
        time.sleep(float(sys.argv[3]))	# waits for time itself: the test says how long
    while True:
        data = sock.recv(1 << 20)
        if not data:
            break
        digest.update(data)
        count += len(data)
else:
    sock = open_sock(family, socket.SOCK_STREAM)
    sock.settimeout(60)
    sock.connect((sys.argv[2], int(sys.argv[3])))
    beside = None
    while count < int(sys.argv[4]):
        if sys.argv[5:] and not beside and count >= int(sys.argv[4]) // 2:
            beside = subprocess.Popen(sys.argv[5], shell=True)
        data = hashlib.sha1(str(count).encode()).digest() * 3000
        data = data[:int(sys.argv[4]) - count]
        sock.sendall(data)
        digest.update(data)
        count += len(data)
    sock.close()
    if beside and beside.wait():
        sys.exit("the command beside it failed")
print(count, digest.hexdigest())
