# SPDX-License-Identifier: GPL-2.0
"""Other network namespaces, from one program."""
import contextlib
import ctypes
import os

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


def leave():
    """For a fresh namespace."""
    if LIBC.unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")


@contextlib.contextmanager
def away():
    """Comes back to this namespace, whichever one is in meanwhile."""
    with open("/proc/self/ns/net", "rb") as here:
        try:
            yield
        finally:
            enter(here)


@contextlib.contextmanager
def inside(name):
    """In one that "ip netns" made. A socket made there stays there."""
    with away(), open("/run/netns/" + name, "rb") as there:
        enter(there)
        yield


def enter(file):
    if LIBC.setns(file.fileno(), CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def lladdr(dev):
    """A device's hardware address."""
    with open(f"/sys/class/net/{dev}/address", encoding="ascii") as file:
        return bytes.fromhex(file.read().strip().replace(":", ""))
