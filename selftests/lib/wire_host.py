# SPDX-License-Identifier: GPL-2.0
"""The host that a wire scenario plays against: the sockets, tables, counters and knobs of AF_INET
or of PF_MYNET, under the same names."""
import socket
import struct
import subprocess

import family

TABLES = {"inet": "/proc/net/", "mynet": "/proc/net/mynet/"}
KNOBS = {"inet": "/proc/sys/net/ipv4/", "mynet": "/proc/sys/net/mynet/"}
COUNTERS = {"inet": ["snmp", "netstat"], "mynet": ["snmp", "netstat", "drops"]}
STATES = ["", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE",
          "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "SYN_RECV"]

# struct tcp_info: the bytes before the numbers, the numbers, those of 64 bits, and what came later.
BYTES = ["state", "ca_state", "retransmits", "probes", "backoff", "options", "wscale", "limited"]
NUMBERS = ["rto", "ato", "snd_mss", "rcv_mss", "unacked", "sacked", "lost", "retrans", "fackets",
           "last_data_sent", "last_ack_sent", "last_data_recv", "last_ack_recv", "pmtu", "rcv_ssthresh",
           "rtt", "rttvar", "snd_ssthresh", "snd_cwnd", "advmss", "reordering", "rcv_rtt", "rcv_space",
           "total_retrans"]
LATER = [("pacing_rate", "Q"), ("max_pacing_rate", "Q"), ("bytes_acked", "Q"), ("bytes_received", "Q"),
         ("segs_out", "I"), ("segs_in", "I"), ("notsent_bytes", "I"), ("min_rtt", "I"),
         ("data_segs_in", "I"), ("data_segs_out", "I"), ("delivery_rate", "Q"), ("busy_time", "Q"),
         ("rwnd_limited", "Q"), ("sndbuf_limited", "Q"), ("delivered", "I"), ("delivered_ce", "I"),
         ("bytes_sent", "Q"), ("bytes_retrans", "Q"), ("dsack_dups", "I"), ("reord_seen", "I"),
         ("rcv_ooopack", "I"), ("snd_wnd", "I"), ("rcv_wnd", "I")]


def info_fields():
    """The place of each field of struct tcp_info."""
    fields = {name: (at, "B") for at, name in enumerate(BYTES)}
    fields.update((name, (8 + 4 * i, "I")) for i, name in enumerate(NUMBERS))
    at = 8 + 4 * len(NUMBERS)
    for name, form in LATER:
        fields[name] = (at, form)
        at += struct.calcsize("=" + form)
    return fields


INFO = info_fields()


def info_of(sock, name):
    """A field of TCP_INFO. Those that share a byte have names of their own."""
    data = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
    if name in ("snd_wscale", "rcv_wscale"):
        return data[6] & 15 if name[0] == "s" else data[6] >> 4
    at, form = INFO[name]
    return struct.unpack_from("=" + form, data, at)[0]


def write(path, value):
    with open(path, "w", encoding="ascii") as file:
        file.write(value)


def read(path):
    with open(path, encoding="ascii") as file:
        return file.read()


class Host:
    """The host of a scenario, from within its namespace. What was changed is in undo."""

    def __init__(self, kind):
        self.kind = kind
        self.undo = []

    def socket(self):
        return family.sock(self.kind, socket.SOCK_STREAM)

    def state(self, port, peer_port):
        """The state of the connection between these ports."""
        mine, theirs, state = "%04X" % port, "%04X" % peer_port, "NONE"
        for line in read(TABLES[self.kind] + "tcp").splitlines()[1:]:
            fields = line.split()
            if fields[1].endswith(mine) and fields[2].endswith(theirs):
                state = STATES[int(fields[3], 16)]
        return state

    def counters(self):
        found = {}
        for name in COUNTERS[self.kind]:
            lines = [line.split() for line in read(TABLES[self.kind] + name).splitlines()]
            for names, values in zip(lines[::2], lines[1::2]):
                found.update(zip(names[1:], map(int, values[1:])))
                found.update(zip((names[0] + n for n in names[1:]), map(int, values[1:])))
        return found

    def sysctl(self, name, value):
        if name == "rto_min_us" and self.kind == "inet":
            self.route("rto_min", "%dms" % (int(value) // 1000))	# the knob is there since 6.11
            return
        path = KNOBS[self.kind] + "tcp_" + name
        self.undo.append((write, path, read(path)))
        write(path, value)

    def route(self, *words):
        """The route to the peer gets these metrics beside the one that each has."""
        usual = () if "rto_min" in words else ("rto_min", "60s")
        if self.kind == "mynet":
            usual = ()
        self.replace_route(words + usual)
        self.undo.append((self.replace_route, ("rto_min", "60s") if self.kind == "inet" else ()))

    def replace_route(self, words):
        tool = ["ip"] if self.kind == "inet" else ["mynet"]
        subprocess.run(tool + ["route", "replace", "192.0.2.0/24", "dev", "veth0", "src", "192.0.2.2",
                               *words], check=True)

    def remember(self):
        self.undo.append((subprocess.run, ["ip", "tcp_metrics", "flush", "all"]))
        self.sysctl("no_metrics_save", "0")
        self.sysctl("no_ssthresh_metrics_save", "0")

    def device(self, *words):
        subprocess.run(["ip", "link", "set", "veth0", *words], check=True)

    def forget_path(self):
        """Forgets what routers said of the way to the peer. PF_MYNET's is gone after three seconds."""
        if self.kind == "inet":
            self.undo.append((write, KNOBS["inet"] + "route/flush", "1"))

    def restore(self):
        for call, *args in reversed(self.undo):
            call(*args)
        self.undo = []
