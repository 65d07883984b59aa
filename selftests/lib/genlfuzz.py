#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Messages of generic netlink that are nearly right.

genlfuzz.py SPEC SEED COUNT: sends COUNT messages to the family, all of its commands. They are
made by what the YAML says of it, so that much of it passes the policy, and then changed.
Prints how often each answer came: "done", "data", or an error. Each message has to be answered. The same
seed makes the same messages.
"""
import collections
import os
import random
import socket
import struct
import sys

import yaml

from genl import NLM_F_ACK, NLM_F_DUMP, NLM_F_MORE, NLM_F_REQUEST, NLMSG_DONE, Talk, attribute

NUMBERS = (0, 1, 2, 3, 7, 8, 24, 31, 32, 33, 254, 255, 256, 1000, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1,
           2**63, 2**64 - 1)
ADDRESSES = [socket.inet_aton(a) for a in (
    "0.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.0", "10.1.0.0", "127.0.0.1", "224.0.0.1", "232.1.1.1",
    "239.255.0.1", "255.255.255.255", "240.0.0.1", "169.254.0.1")]
SIZES = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "s32": 4, "s64": 8, "flag": 0}


class Spec:
    """Attribute sets by name; of a command its set, what it is asked with, and how; the commands' numbers."""
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            spec = yaml.safe_load(file)
        self.name, self.sets, self.commands, self.numbers = spec["name"], {}, {}, {}
        for one in spec["attribute-sets"]:
            number, known = 0, {}
            for attr in one["attributes"]:
                number = attr.get("value", number + 1)
                known[attr["name"]] = (number, attr)
            self.sets[one["name"]] = known
        number = 0
        for operation in spec["operations"]["list"]:
            number = operation.get("value", number + 1)
            self.numbers[operation["name"]] = number
            ways = [way for way in ("do", "dump") if way in operation]
            if not ways:
                continue
            asked = [name for way in ways for name in
                     (operation[way].get("request") or {}).get("attributes", [])]
            self.commands[number] = (operation["attribute-set"], asked,
                                     ways[0] if len(ways) == 1 else "both")


class Fuzz:
    def __init__(self, spec, seed):
        self.spec = spec
        self.rand = random.Random(seed)
        self.devices = [index for index, _ in socket.if_nameindex()]
        self.names = [name for _, name in socket.if_nameindex()]

    def chance(self, n):
        return self.rand.randrange(n) == 0

    def value(self, name, attr, depth):
        rand, kind = self.rand, attr["type"]
        if self.chance(80):
            return rand.randbytes(rand.randrange(40))
        if "nested-attributes" in attr and depth < 4:
            inner = b"".join(self.attributes(attr["nested-attributes"], depth + 1)
                             for _ in range(rand.choice((1, 1, 2, 3))))
            if kind != "nest":
                inner = b"".join(attribute(i + 1, self.attributes(attr["nested-attributes"], depth + 1))
                                 for i in range(rand.choice((0, 1, 1, 2, 3, 17))))
            return inner
        if kind in ("string", "binary"):
            return rand.choice((rand.choice(self.names).encode() + b"\0", b"\2" + rand.randbytes(5),
                                b"\2" + bytes(5), rand.randbytes(rand.randrange(70))))
        size = SIZES.get(kind, 4)
        if "ifindex" in name:
            return struct.pack("=I", rand.choice(self.devices * 3 + [rand.choice((0, 2**31, 99999))]))
        if attr.get("display-hint") == "ipv4":
            return rand.choice(ADDRESSES) if not self.chance(10) else rand.randbytes(4)
        number = rand.choice(NUMBERS) if self.chance(4) else rand.choice((0, 1, 1, 2, 3, 4, 8, 16, 24, 32, 64, 254))
        return (number % (1 << 8 * size)).to_bytes(size, sys.byteorder if not self.chance(20) else "big")

    def attributes(self, name, depth=0, asked=None):
        known = [one for one in self.spec.sets[name].items() if not asked or one[0] in asked]
        likely = self.rand.choice((0.3, 0.6, 0.9, 1))
        chosen = [one for one in known if self.rand.random() < likely]
        if self.chance(20):
            chosen += chosen[:2]
        if self.chance(20):
            self.rand.shuffle(chosen)
        data = b"".join(attribute(number | (0x8000 if "nested-attributes" in attr else 0),
                                  self.value(key, attr, depth)) for key, (number, attr) in chosen)
        if self.chance(40):
            data += attribute(self.rand.randrange(1 << 16), self.rand.randbytes(self.rand.randrange(20)))
        return data

    def message(self):
        """A command, flags, and the rest with some bytes changed."""
        rand = self.rand
        command = rand.choice(list(self.spec.commands)) if not self.chance(50) else rand.randrange(256)
        name, asked, how = self.spec.commands.get(command) or (rand.choice(list(self.spec.sets)), None, "both")
        if self.chance(50):
            name, asked = rand.choice(list(self.spec.sets)), None
        data = bytearray(self.attributes(name, 0, asked if not self.chance(10) else None))
        for _ in range(rand.choice((0, 0, 0, 0, 0, 0, 0, 1, 2, 8))):
            if data:
                data[rand.randrange(len(data))] = rand.choice((0, 1, 4, 8, 127, 128, 255, rand.randrange(256)))
        if self.chance(40):
            del data[rand.randrange(len(data) + 1):]
        flags = NLM_F_DUMP if how == "dump" or how == "both" and self.chance(3) else 0
        if self.chance(20):
            flags = rand.choice((0, NLM_F_DUMP, NLM_F_MORE, rand.randrange(1 << 16)))
        return command, flags | NLM_F_REQUEST, bytes(data)


def main():
    path, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    fuzz, talk, told = Fuzz(Spec(path), seed), Talk(), collections.Counter()
    number, _ = talk.family(fuzz.spec.name)
    for i in range(count):
        command, flags, data = fuzz.message()
        # Without the flag a success would be silent; a dump always tells its end.
        talk.send(number, flags | (0 if flags & NLM_F_DUMP == NLM_F_DUMP else NLM_F_ACK), command, data,
                  1 if i % 50 else fuzz.rand.randrange(256))
        try:
            kind, code = talk.answer()
            told[os.strerror(code) if code else "data" if kind == NLMSG_DONE else "done"] += 1
        except TimeoutError:
            raise SystemExit(f"no answer to message {i}: command {command}, flags {flags:#x}, "
                             f"{data.hex()}") from None
    print(" ".join(f"{what.replace(' ', '-')}={n}" for what, n in told.most_common()))


if __name__ == "__main__":
    main()
