# SPDX-License-Identifier: GPL-2.0
"""A call that waits in the middle, with all the locks it has: a page that it reads is not there yet."""
import ctypes
import fcntl
import mmap
import os
import select
import struct
import threading

USERFAULTFD, API, REGISTER, ZEROPAGE = 323, 0xc018aa3f, 0xc020aa00, 0xc020aa04
LIBC = ctypes.CDLL(None, use_errno=True)


class Page:
    """A page of memory that whoever touches it waits for, until it is given."""

    def __init__(self):
        self.fault = LIBC.syscall(USERFAULTFD, os.O_CLOEXEC | os.O_NONBLOCK)
        if self.fault < 0:
            raise OSError(ctypes.get_errno(), "userfaultfd")
        fcntl.ioctl(self.fault, API, struct.pack("=QQQ", 0xaa, 0, 0))
        self.memory = mmap.mmap(-1, mmap.PAGESIZE)
        self.address = ctypes.addressof(ctypes.c_char.from_buffer(self.memory))
        fcntl.ioctl(self.fault, REGISTER, struct.pack("=QQQQ", self.address, mmap.PAGESIZE, 1, 0))
        self.thread = None

    def send(self, sock):
        """Sends it by a socket, in a thread; comes back when that waits."""
        self.thread = threading.Thread(target=LIBC.send, args=(
            sock.fileno(), ctypes.c_void_p(self.address), ctypes.c_size_t(mmap.PAGESIZE), 0))
        self.thread.start()
        if not select.select([self.fault], [], [], 10)[0]:
            raise OSError("nobody touched the page")

    def give(self):
        fcntl.ioctl(self.fault, ZEROPAGE, struct.pack("=QQQq", self.address, mmap.PAGESIZE, 0, 0))
        self.thread.join()
        os.close(self.fault)
