# SPDX-License-Identifier: GPL-2.0
"""Sockets of either family that speak of their addresses as AF_INET does."""
import socket

AF_MYNET, SOL_MYNET, MYNET_INET_NAMES, MYNET_REUSEPORT = 18, 0x4d59, 1, 2


def sock(family, kind, proto=0):
    """A socket of "inet" or "mynet"."""
    if family == "inet":
        return socket.socket(socket.AF_INET, kind, proto)
    plain = socket.socket(AF_MYNET, kind, proto)
    plain.setsockopt(SOL_MYNET, MYNET_INET_NAMES, 1)
    # From here on it is a socket like any other; Python only has to believe it.
    return socket.socket(socket.AF_INET, kind, proto, fileno=plain.detach())
