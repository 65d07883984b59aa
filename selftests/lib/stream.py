#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A stream of the kernel's own TCP, compared at its end.

stream.py listen PORT            takes one connection; prints how many bytes came and their digest
stream.py send ADDR PORT BYTES   sends so many; prints the same of them
"""
import hashlib
import socket
import sys

digest = hashlib.sha1()
count = 0
if sys.argv[1] == "listen":
    server = socket.create_server(("", int(sys.argv[2])))
    server.settimeout(60)
    sock, _ = server.accept()
    sock.settimeout(60)
    while True:
        data = sock.recv(1 << 20)
        if not data:
            break
        digest.update(data)
        count += len(data)
else:
    sock = socket.create_connection((sys.argv[2], int(sys.argv[3])), timeout=60)
    while count < int(sys.argv[4]):
        data = hashlib.sha1(str(count).encode()).digest() * 3000
        data = data[:int(sys.argv[4]) - count]
        sock.sendall(data)
        digest.update(data)
        count += len(data)
    sock.close()
print(count, digest.hexdigest())
