#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0
"""burst.py ADDRESS COUNT SIZE: sends so many UDP datagrams at once.

The socket's buffer holds all of them: what waits waits in the queueing discipline and in the card.
"""
import socket
import sys


def main(args):
    address, count, size = args[0], int(args[1]), int(args[2])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, 32, 1 << 26)		# SO_SNDBUFFORCE
        sock.connect((address, 9))
        lost = 0
        for _ in range(count):
            try:
                sock.send(bytes(size))
            except ConnectionRefusedError:
                pass
            except OSError:	# ENOBUFS: the queueing discipline dropped it
                lost += 1
    print("%d of %d were refused" % (lost, count))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
